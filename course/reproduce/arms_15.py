"""The small network of lesson 15 and its remedies: how each arm is built and trained.

Every arm trains on the same patients, in the same order, for the same number of steps; one thing is changed.
"""

import functools
from dataclasses import asdict, dataclass, replace

import numpy as np

from course.evaluation import metrics

SIZE = 48  # pixels a side
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
    from course.models.training import predict_scores

    return predict_scores(model, x, batch_size=128)


def losses(labels, p):
    """Return each patient's cross-entropy, in the shape of the probabilities p, without any penalty."""
    return -np.log(np.clip(np.where(labels == 1, p, 1 - p), 1e-7, 1))


def measured(labels, scores):
    """Return [mean cross-entropy, AUC, accuracy at 0.5], four decimals."""
    values = losses(labels, scores).mean(), metrics.auc(labels, scores), metrics.accuracy(labels, scores >= 0.5)
    return [round(float(value), 4) for value in values]


def train(model, x, labels, rows, seed, steps):
    """Take `steps` steps over the patients `rows`, in the order that `seed` draws."""
    for some in batches(rows, seed, steps):
        model.train_on_batch(x[some], labels[some, None].astype(np.float32))


def fit(arm, seed, x, labels, rows, inner):
    """Train on the patients `rows`; return (network, {"last": (epoch, weights), "best": (epoch, weights)}).

    "best" is what early stopping keeps: the lowest loss on the patients `inner` until PATIENCE epochs bring no lower.
    """
    model, best, lowest, waited = network(arm), None, np.inf, 0
    restart(model, arm, seed)
    for epoch in range(1, EPOCHS + 1):
        train(model, x, labels, rows, [seed, epoch], -(-len(rows) // BATCH))
        loss = measured(labels[inner], scores_of(model, x[inner]))[0]
        if waited < PATIENCE:
            waited = 0 if loss < lowest else waited + 1
            if waited == 0:
                lowest, best = loss, (epoch, model.get_weights())
    return model, {"last": (epoch, model.get_weights()), "best": best}


def network(arm):
    """Return the arm's network, built once: `restart` makes it new."""
    return _built(replace(arm, best=False))


@functools.cache
def _built(arm):
    return build(arm)
