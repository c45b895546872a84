"""The runs behind lesson 15: what more patients do, and what each remedy against overfitting does, one at a time.

Every arm trains the same small network on the same patients, in the same order, for the same number of steps; one thing
is changed. The pictures are drawn at 48 x 48 pixels, a third of lesson 14's side, so that a fit takes seconds.
"""

import functools
import time
from dataclasses import asdict, dataclass, replace

import numpy as np

from course import CourseError
from course.data import cytology
from course.evaluation import metrics
from course.reproduce import behaviour
from course.reproduce.lesson_14 import folds_of
from course.reproduce.store import Parts, exact, save

SIZE = 48  # pixels a side
SEEDS = (0, 1, 2, 3, 4)
PATIENTS = (20, 60, 200, 398)  # of the 398 training patients of lesson 14's split
EPOCHS, BATCH, RATE, PATIENCE = 12, 16, 2e-3, 3
NOTHING, STOPPING, ALL = "nothing", "early stopping", "all together"


@dataclass(frozen=True)
class Arm:
    """One row of the ablation.

    filters, units: size of the network.  augmentation: a preset of course.models.augmentation, or None.
    l1, l2: factors of keras.regularizers.L1L2, on every kernel.  dropout: rate, between the last map and `units`.
    best: keep the epoch of the lowest loss on the inner validation patients, PATIENCE epochs without gain ending it.
    """

    filters: tuple = (16, 32)
    units: int = 128
    augmentation: str | None = None
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    best: bool = False


# The factors are round numbers fixed before the first run; none was chosen by a result.
ARMS = {
    NOTHING: Arm(),
    "smaller network": Arm(filters=(8, 8), units=16),
    "augmentation": Arm(augmentation="cells"),
    "L1": Arm(l1=1e-4),
    "L2": Arm(l2=1e-3),
    "dropout": Arm(dropout=0.5),
    STOPPING: Arm(best=True),
    ALL: Arm((8, 8), 16, "cells", 1e-4, 1e-3, 0.5, best=True),
}


def build(arm):
    """Return the compiled Keras network of an arm: standardised pictures (n, 48, 48, 3) -> probability (n, 1)."""
    from course.models.augmentation import Augment, preset
    from course.quiet_tensorflow import keras

    layers, model = keras.layers, keras.Sequential([keras.Input((SIZE, SIZE, 3))])
    penalty = {"kernel_regularizer": keras.regularizers.L1L2(arm.l1, arm.l2)} if arm.l1 or arm.l2 else {}
    if arm.augmentation:
        model.add(Augment(seed=0, **asdict(preset(arm.augmentation))))
    for filters, side, strides in zip(arm.filters, (5, 3), (2, 1), strict=True):
        model.add(layers.Conv2D(filters, side, strides, activation="relu", **penalty))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    if arm.dropout:
        model.add(layers.Dropout(arm.dropout))
    model.add(layers.Dense(arm.units, activation="relu", **penalty))
    model.add(layers.Dense(1, activation="sigmoid", **penalty))
    model.compile(keras.optimizers.Adam(RATE), "binary_crossentropy")
    return model


def restart(model, arm, seed):
    """Give a network the weights that `seed` draws, and its optimizer an empty memory: as if it were new."""
    from course.quiet_tensorflow import keras

    keras.utils.set_random_seed(seed)
    model.set_weights(build(arm).get_weights())
    model.optimizer.build(model.trainable_variables)
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(np.zeros(variable.shape))
    for number, layer in enumerate(layer for layer in model.layers if hasattr(layer, "seed_generator")):
        layer.seed_generator.state.assign(np.random.SeedSequence([seed, number]).generate_state(2) >> 1)


def standardised(images, rows):
    """Return all pictures, uint8 to float32, so that the patients `rows` have mean 0, spread 1 a channel."""
    train = images[rows].astype(np.float32)
    return (images - train.mean((0, 1, 2))) / train.std((0, 1, 2))


def batches(rows, seed, steps):
    """Yield `steps` batches of row numbers: `rows` in a new order each time they are used up."""
    orders = np.random.default_rng(seed)
    order = np.empty(0, int)
    for _ in range(steps):
        if len(order) == 0:
            order = orders.permutation(rows)
        yield order[:BATCH]
        order = order[BATCH:]


def scores_of(model, x):
    """Return the probabilities (n,) of standardised pictures; dropout and augmentation are off."""
    return np.concatenate([np.asarray(model(x[k : k + 128], training=False), np.float64)[:, 0]
                           for k in range(0, len(x), 128)])


def measured(labels, scores):
    """Return [cross-entropy without any penalty, AUC, accuracy at 0.5], four decimals."""
    p = np.clip(np.where(labels == 1, scores, 1 - scores), 1e-7, 1)
    values = -np.log(p).mean(), metrics.auc(labels, scores), metrics.accuracy(labels, scores >= 0.5)
    return [round(float(value), 4) for value in values]


def train(model, x, labels, rows, seed, steps):
    """Take `steps` steps over the patients `rows`, in the order that `seed` draws."""
    for some in batches(rows, seed, steps):
        model.train_on_batch(x[some], labels[some, None].astype(np.float32))


def fit(arm, seed, x, labels, rows, inner):
    """Train on the patients `rows`; return (network, {"last": (epoch, weights), "best": (epoch, weights)}).

    "best" is what early stopping keeps: the lowest loss on the patients `inner` until PATIENCE epochs bring no lower.
    """
    model, best, lowest, waited = _network(replace(arm, best=False)), None, np.inf, 0
    restart(model, arm, seed)
    for epoch in range(1, EPOCHS + 1):
        train(model, x, labels, rows, [seed, epoch], -(-len(rows) // BATCH))
        loss = measured(labels[inner], scores_of(model, x[inner]))[0]
        if waited < PATIENCE:
            waited = 0 if loss < lowest else waited + 1
            if waited == 0:
                lowest, best = loss, (epoch, model.get_weights())
    return model, {"last": (epoch, model.get_weights()), "best": best}


@functools.cache
def _network(arm):
    return build(arm)


@functools.cache
def _cells():
    """All patients: pictures uint8 (569, 48, 48, 3) and labels (569,)."""
    return cytology.load(SIZE)[:2]


def main(only=None):
    """Run everything (under an hour of one core) or one part; write results/lesson_15.json."""
    parts = Parts(15, report=lambda name: print(f"running: {name}", flush=True))
    steps = {"gap": gap, "ablation": ablation}
    if only is not None and only not in steps:
        raise CourseError(f"--only {only}: choose one of {', '.join(steps)}.")
    done = {name: step(parts) for name, step in steps.items() if only in (None, name)}
    if only is None:
        print(f"written: {save(15, fingerprint(), done)}")
    return 0


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {"gap": _behaviour(ARMS[NOTHING]), "patients": list(PATIENTS), "seeds": list(SEEDS),
            "arms": {name: _behaviour(arm) for name, arm in ARMS.items()}}


@functools.cache
def _behaviour(arm):
    """What an arm does: its settings, its layers, its output at seeded weights and after three seeded steps."""
    cases = behaviour.first_of_each_class()
    x = standardised(np.stack([cytology.draw(case, SIZE) for case in cases]), slice(12))
    labels, model = cytology.table()[1][cases], _network(replace(arm, best=False))
    restart(model, arm, 0)
    before = scores_of(model, x)
    train(model, x, labels, np.arange(12), [0, 1], 3)
    return {
        "arm": {name: str(value) for name, value in asdict(arm).items()},
        "training": [EPOCHS, BATCH, f"{RATE:g}", PATIENCE],
        "drawing": behaviour.drawing(SIZE, fields=1),
        "layers": [[type(layer).__name__, layer.count_params()] for layer in model.layers],
        "outputs": behaviour.numbers(before),
        "after": behaviour.numbers(scores_of(model, x)),
    }


def gap(parts):
    """The plain network on 20 to 398 patients, five seeds: {patients: [run, ...]}, judged on the 86 of validation."""
    return {str(n): [parts.get(f"gap, {n} patients, seed {seed}", _behaviour(ARMS[NOTHING]),
                               lambda n=n, seed=seed: _gap(n, seed)) for seed in SEEDS] for n in PATIENTS}


def _gap(n, seed):
    """Train on n patients, drawn by `seed`, for as many steps as all 398 take in EPOCHS; measure EPOCHS times.

    Returns {seed, seconds, train, validation: [[loss, AUC, accuracy], ...] after each stretch of steps}.
    """
    (images, labels), split = _cells(), cytology.split_of_patients()
    rows, judged = _some(np.flatnonzero(split == "train"), labels, n, seed), np.flatnonzero(split == "validation")
    x, model, arm = standardised(images, rows), _network(ARMS[NOTHING]), ARMS[NOTHING]
    restart(model, arm, seed)
    start, found = time.perf_counter(), {"train": [], "validation": []}
    for epoch in range(1, EPOCHS + 1):
        train(model, x, labels, rows, [seed, epoch], -(-max(PATIENTS) // BATCH))
        for name, some in (("train", rows), ("validation", judged)):
            found[name].append(measured(labels[some], scores_of(model, x[some])))
    return {"seed": seed, "seconds": round(time.perf_counter() - start, 1), **found}


def _some(rows, labels, n, seed):
    """Return n of the patients `rows`, the classes in their shares; with one seed, few are a part of many."""
    rng, parts = np.random.default_rng(seed), []
    malignant = round(n * labels[rows].mean())
    for kind, count in ((0, n - malignant), (1, malignant)):
        parts.append(rng.permutation(rows[labels[rows] == kind])[:count])
    return np.concatenate(parts)


def ablation(parts):
    """Every arm, five seeds, out of fold on all patients: {arm: [run, ...]}.

    Early stopping is the very training of "nothing", ended earlier: both come from one part.
    """
    runs = {name: [] for name in ARMS}
    for seed in SEEDS:
        for name, arm in ARMS.items():
            if name == STOPPING:
                continue
            run = parts.get(f"{name}, seed {seed}", _behaviour(arm), lambda arm=arm, seed=seed: _out_of_fold(arm, seed))
            runs[name].append(run["best" if arm.best else "last"])
            if name == NOTHING:
                runs[STOPPING].append(run["best"])
    return runs


def _out_of_fold(arm, seed):
    """Judge each patient by a network that never saw her: {"last": run, "best": run}, one for each rule which to keep.

    Of each fold's training patients 15 % stand aside in every arm; only "best" looks at them, to choose the epoch.
    A run: seed, seconds, of each fold the epoch kept and the training patients' [loss, AUC, accuracy], scores (569,).
    """
    from sklearn.model_selection import train_test_split

    images, labels = _cells()
    start, scores = time.perf_counter(), {keep: np.empty(len(labels)) for keep in ("last", "best")}
    runs = {keep: {"seed": seed, "epochs": [], "train": []} for keep in scores}
    for inside, outside in folds_of(labels):
        rows, inner = train_test_split(inside, test_size=0.15, stratify=labels[inside], random_state=0)
        x = standardised(images, rows)
        model, kept = fit(arm, seed, x, labels, rows, inner)
        for keep, (epoch, weights) in kept.items():
            model.set_weights(weights)
            runs[keep]["epochs"].append(epoch)
            runs[keep]["train"].append(measured(labels[rows], scores_of(model, x[rows])))
            scores[keep][outside] = scores_of(model, x[outside])
    seconds = round(time.perf_counter() - start, 1)
    return {keep: {**run, "seconds": seconds, "scores": exact(scores[keep])} for keep, run in runs.items()}
