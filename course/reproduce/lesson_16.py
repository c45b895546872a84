"""The runs behind lesson 16: learning rates, batch sizes, bends; plain and residual; patches; a search and its price.

All networks are judged on the validation patients, from five seeds, at 48 pixels: half a minute a run.
Scores are stored; every measure is computed from them when it is read, by `course.reproduce.tables_16`.
"""

import functools

import numpy as np

from course.data import cytology
from course.reproduce import behaviour
from course.reproduce.lesson_14 import ten_and_area
from course.reproduce.lesson_15 import some_of
from course.reproduce.store import exact, reproduce

SEEDS = (0, 1, 2, 3, 4)
SIZE, EPOCHS, BATCH, RATE = 48, 12, 32, 1e-3  # size and epochs of lesson 15
RATES = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)  # five decades
BATCHES = (8, 128)  # beside BATCH
BENDS = ("tanh", "sigmoid", "gelu")  # beside "relu"
DEPTHS = {"plain, 6 layers": (6, False), "plain, 20 layers": (20, False), "residual, 20 layers": (20, True)}
PATIENTS = (60, 200, None)  # who train; None: all of them
GRID = {"rate": np.logspace(-4, 0, 25), "penalty": np.logspace(-6, -2, 9)}
FOLDS = 5


def main(only=None):
    """Run everything (an hour on two quiet cores) or one part; write results/lesson_16.json."""
    steps = {"settings": settings, "depth": depth, "patches": patches, "search": search}
    return reproduce(16, steps, fingerprint, only)


def networks():
    """Return {name: function that makes the network, not yet compiled}."""
    from course.models import variants

    shape = (SIZE, SIZE, 3)
    made = {"small": lambda: variants.small(shape), "transformer": lambda: variants.patch_transformer(shape)}
    made |= {f"small, {bend}": lambda b=bend: variants.small(shape, activation=b) for bend in BENDS}
    return made | {name: lambda d=layers, r=residual: variants.deep(shape, d, r)
                   for name, (layers, residual) in DEPTHS.items()}


def fingerprint():
    """What the stored result depends on, as behaviour."""
    plan = [list(SEEDS), SIZE, EPOCHS, BATCH, RATE, list(RATES), list(BATCHES), list(PATIENTS), FOLDS]
    return {"drawing": _drawing(), "measuring": behaviour.measuring(), "plan": [str(one) for one in plan],
            "grid": {name: behaviour.numbers(values) for name, values in GRID.items()},
            "networks": {name: _behaviour(name)["steps"] for name in networks()}}


@functools.cache
def _drawing():
    return behaviour.drawing(SIZE, fields=1)


@functools.cache
def _behaviour(name):
    """What one network's runs depend on: the pictures, and three seeded steps."""
    images, labels = _data()["train"]
    rows = np.concatenate([np.flatnonzero(labels == kind)[:6] for kind in (0, 1)])
    run = trained(name, images[rows], labels[rows], images[rows], labels[rows], seed=0, epochs=1, batch=4)
    return {"drawing": _drawing(), "steps": {
        "settings": [str(EPOCHS), str(BATCH), str(RATE)], "loss": behaviour.numbers(run["loss"]),
        "scores": behaviour.numbers(run["scores"]), "weights": run["weights"]}}


@functools.cache
def _data():
    """Return {split: (pictures uint8 (n, SIZE, SIZE, 3), labels (n,))} of the patients who train and who judge."""
    return {split: cytology.load(size=SIZE, split=split)[:2] for split in ("train", "validation")}


def trained(name, images, labels, val_images, val_labels, seed, epochs=EPOCHS, batch=BATCH, rate=RATE):
    """Train one network from `seed`; return {seed, weights (their number), loss, val_loss (an entry an epoch), scores}.

    No augmentation, and the last epoch is kept: what is compared is how well each learns, not how it is held back.
    """
    from course.models.training import make_repeatable, predict_scores
    from course.quiet_tensorflow import keras

    make_repeatable()
    keras.utils.set_random_seed(seed)
    model = networks()[name]()
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    history = model.fit(images, labels[:, None].astype("float32"), batch, epochs, verbose=0,
                        validation_data=(val_images, val_labels[:, None].astype("float32"))).history
    scores = predict_scores(model, val_images)
    keras.backend.clear_session()
    return {"seed": seed, "weights": model.count_params(),
            **{key: [float(f"{value:.4g}") for value in history[key]] for key in ("loss", "val_loss")},
            "scores": exact(scores)}


def _five(parts, name, label, patients=None, **options):
    """Return the five runs of one arm, each kept as a part."""
    images, labels = _data()["train"]
    rows = np.arange(len(labels))
    if patients is not None:
        rows = some_of(rows, labels, patients, seed=0)
    return [parts.get(f"{label}, seed {seed}", {**_behaviour(name), "options": str((patients, options))},
                      lambda s=seed: trained(name, images[rows], labels[rows], *_data()["validation"], s, **options))
            for seed in SEEDS]


def settings(parts):
    """One setting changed at a time: {arm: five runs}."""
    runs = {f"rate {rate:g}": _five(parts, "small", f"rate {rate:g}", rate=rate) for rate in RATES}
    runs |= {f"batch {batch}": _five(parts, "small", f"batch {batch}", batch=batch) for batch in BATCHES}
    return runs | {bend: _five(parts, f"small, {bend}", bend) for bend in BENDS}


def depth(parts):
    """Plain layers and residual blocks: {arm: five runs}."""
    return {name: _five(parts, name, name) for name in DEPTHS}


def patches(parts):
    """A convolutional network and a patch transformer of about as many weights, from few and many patients."""
    runs = {f"{name}, {n or 'all'} patients": _five(parts, name, f"{name}, {n or 'all'} patients", n)
            for name in ("small", "transformer") for n in PATIENTS if (name, n) != ("small", None)}
    return runs | {"small, all patients": _five(parts, "small", f"rate {RATE:g}", rate=RATE)}  # once, for both tables


def search(parts):
    """A small network on ten measured features: its log loss at every point of a grid, and what choosing is worth.

    {loss: mean over inner folds of those who train (rates x penalties); outer: for each of five outer folds the best
    point by its inner folds, the log loss it promised and the one it kept on patients it never saw}.
    """
    key = {"drawing": behaviour.drawing(fields=1), "measuring": behaviour.measuring(), "folds": FOLDS,
           "grid": {name: behaviour.numbers(values) for name, values in GRID.items()}}
    return parts.get("search", key, _search)


def _search():
    from joblib import Parallel, delayed
    from sklearn.model_selection import StratifiedKFold

    images, labels, _ = cytology.load()
    ten = np.array([features for features, _ in Parallel(2)(delayed(ten_and_area)(image) for image in images)])
    train = np.flatnonzero(cytology.split_of_patients() == "train")
    loss = _grid_losses(ten[train], labels[train])
    outer = []
    for inside, outside in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(ten, labels):
        losses = _grid_losses(ten[inside], labels[inside])
        best = np.unravel_index(losses.argmin(), losses.shape)
        kept = _log_loss(ten[inside], labels[inside], ten[outside], labels[outside], *best)
        outer.append({"best": [int(k) for k in best], "promised": float(losses.min()), "kept": kept})
    return {"loss": [behaviour.numbers(row) for row in loss], "outer": outer}


def _grid_losses(x, y):
    """Return the log loss, a mean over five folds, at every point of the grid: (rates, penalties)."""
    from joblib import Parallel, delayed
    from sklearn.model_selection import StratifiedKFold

    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, y))
    points = list(np.ndindex(*(len(values) for values in GRID.values())))
    found = Parallel(2)(delayed(_mean_loss)(x, y, folds, *point) for point in points)
    return np.reshape(found, [len(values) for values in GRID.values()])


def _mean_loss(x, y, folds, rate, penalty):
    return float(np.mean([_log_loss(x[a], y[a], x[b], y[b], rate, penalty) for a, b in folds]))


def _log_loss(x, y, x_new, y_new, rate, penalty):
    """Return the log loss on new patients of sixteen neurons trained at one point of the grid."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    network = MLPClassifier((16,), solver="sgd", learning_rate_init=GRID["rate"][rate], alpha=GRID["penalty"][penalty],
                            max_iter=30, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = make_pipeline(StandardScaler(), network).fit(x, y)
    return float(log_loss(y_new, model.predict_proba(x_new)[:, 1], labels=[0, 1]))
