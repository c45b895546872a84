"""The runs behind lesson 08: its network, its two trainings and its test, from six seeds instead of one."""

import numpy as np

from course import CourseError
from course.data import cytology
from course.evaluation.metrics import auc
from course.nn import Adam, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Sequential
from course.reproduce import behaviour
from course.reproduce.store import Parts, save

SEEDS = (0, 1, 2, 3, 4, 5)
EPOCHS = {"plain": 20, "turned": 30}


def fingerprint():
    """What the runs depend on, as behaviour: the cells, and six seeded steps of the two trainings."""
    pictures, labels = {}, {}
    for name in ("train", "validation"):
        drawn, truth, _ = cytology.load(size=64, split=name)
        rows = np.concatenate([np.flatnonzero(truth == kind)[:6] for kind in (0, 1)])
        pictures[name], labels[name] = drawn[rows], truth[rows]
    sets = {name: as_input(pictures[name], labels[name]) for name in pictures}
    found = {"drawing": behaviour.drawing(64, fields=1), "runs": [list(SEEDS), EPOCHS]}
    for name, view in VIEWS.items():
        network = compiled(seed=0)
        losses = trained(network, sets, 2, view, seed=0, batch_size=4)
        scores = network.predict(sets["validation"][0])[:, 0]
        found[name] = {"losses": behaviour.numbers(losses), "scores": behaviour.numbers(scores)}
    return found


def main(only=None):
    """Train six times (some minutes); write results/lesson_08.json."""
    if only is not None:
        raise CourseError("lesson 08 has one run only; leave --only away.")
    parts, measured = Parts(8, report=lambda name: print(f"running: {name}", flush=True)), fingerprint()
    runs = [parts.get(f"seed {seed}", measured, lambda seed=seed: one_seed(seed)) for seed in SEEDS]
    print(f"wrote {save(8, measured, {'runs': runs})}")
    return 0


def one_seed(seed):
    """Train plainly and with turned pictures: {seed, plain and turned (val_loss of each epoch), auc (test, turned)}."""
    sets = {name: as_input(*cytology.load(size=64, split=name)[:2]) for name in ("train", "validation", "test")}
    run = {"seed": seed}
    for name, view in VIEWS.items():
        network = compiled(seed)
        run[name] = [round(loss, 4) for loss in trained(network, sets, EPOCHS[name], view, seed)]
    x, y = sets["test"]
    return run | {"auc": round(float(auc(y[:, 0].astype(int), network.predict(x)[:, 0])), 4)}


def as_input(pictures, labels):
    """Return pictures between -1 and 1 and labels (n, 1), float32."""
    return (pictures / 127.5 - 1).astype(np.float32), labels[:, None].astype(np.float32)


def compiled(seed):
    network = small_network(seed)
    network.compile(Adam(0.001), BinaryCrossentropy())
    return network


def small_network(seed=0):
    return Sequential([
        Conv2D(8, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(16, 3, activation="relu"), MaxPooling2D(2),
        Conv2D(32, 3, activation="relu"), MaxPooling2D(2),
        Flatten(), Dense(32, activation="relu"), Dense(1, activation="sigmoid"),
    ], seed=seed)


def turned(batch, rng):
    """Return pictures (n, h, w, c) in one of eight views, all alike: mirrored or not, by 0 to 3 quarter turns."""
    if rng.random() < 0.5:
        batch = batch[:, ::-1]
    return np.rot90(batch, rng.integers(4), axes=(1, 2))


VIEWS = {"plain": lambda batch, rng: batch, "turned": turned}


def trained(network, sets, epochs, view, seed, batch_size=32):
    """Train, leave the weights of least validation loss, and return the validation loss of every epoch."""
    rng, losses, (x, y) = np.random.default_rng(seed), [], sets["train"]
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start:start + batch_size]
            network.train_on_batch(view(x[rows], rng), y[rows])
        losses.append(network.evaluate(*sets["validation"]).loss)
        if losses[-1] == min(losses):
            weights = network.get_weights()
    network.set_weights(weights)
    return [float(loss) for loss in losses]
