"""The small networks of lesson 20: what they are trained on, and how; pictures with their shortcuts moved."""

import functools

import numpy as np

from course.data import cytology, marker
from course.reproduce.store import ROOT

SIZE = 64  # pixels a side
FILTERS = (8, 16, 32)
EPOCHS, BATCH, RATE = 12, 16, 2e-3
MORE = 20  # nuclei where the shortcut is their number; 15 elsewhere
PLAIN, MARKED, COUNTED, MIXED = "plain", "marked", "more nuclei", "marks by lot"
ARMS = (PLAIN, MARKED, COUNTED, MIXED)
WHERE = ("malignant", "none", "by lot", "benign")  # which pictures carry a shortcut
WEIGHTS = ROOT / "results" / "lesson_20_networks.npz"  # of seed 0 of the first two arms, and what the panel shows


@functools.cache
def patients():
    """Return (labels (569,), rows of the training patients, rows of those of validation) of lesson 14's split."""
    split = cytology.split_of_patients()
    return cytology.table()[1], np.flatnonzero(split == "train"), np.flatnonzero(split == "validation")


def carriers(where):
    """Return which of all patients carry the shortcut: bool (569,). "by lot": half of each class, drawn once."""
    labels = patients()[0]
    if where == "by lot":
        lot = np.zeros(len(labels), bool)
        for kind in (0, 1):
            own = np.flatnonzero(labels == kind)
            lot[np.random.default_rng(20 + kind).permutation(own)[: len(own) // 2]] = True
        return lot
    return {"malignant": labels == 1, "none": labels == -1, "benign": labels == 0}[where]


def pictures(shortcut, where, rows):
    """Return the pictures of the patients `rows`, uint8 (n, 64, 64, 3): the shortcut "mark" or "nuclei" in `where`.
    """
    with_it = carriers(where)[rows]
    if shortcut == "nuclei":
        return np.stack([drawn(case, MORE if more else 15) for case, more in zip(rows, with_it, strict=True)])
    plain = np.stack([drawn(case, 15) for case in rows])
    return np.where(with_it[:, None, None, None], marker.marked(plain), plain)


@functools.cache
def drawn(case, count):
    """Return one patient's picture with so many nuclei."""
    return cytology.draw(int(case), SIZE, nuclei=count)


def trained_on(arm):
    """Return (shortcut, where) of an arm's training pictures."""
    return {PLAIN: ("mark", "none"), MARKED: ("mark", "malignant"), COUNTED: ("nuclei", "malignant"),
            MIXED: ("mark", "by lot")}[arm]


def network(seed):
    """Return the compiled network with the weights that `seed` draws; it takes uint8 pictures."""
    from course.models.variants import small
    from course.quiet_tensorflow import keras

    keras.utils.set_random_seed(seed)
    model = small((SIZE, SIZE, 3), FILTERS)
    model.compile(keras.optimizers.Adam(RATE), "binary_crossentropy")
    return model


def train(model, images, labels, seed, epochs=EPOCHS, steps=None):
    """Train in place, the rate falling along half a cosine; steps: at most so many in an epoch. Return the model."""
    for epoch in range(epochs):
        model.optimizer.learning_rate.assign(RATE * 0.5 * (1 + np.cos(np.pi * epoch / epochs)))
        order = np.random.default_rng([seed, epoch]).permutation(len(labels))
        for start in range(0, len(order), BATCH)[:steps]:
            some = order[start : start + BATCH]
            model.train_on_batch(images[some].astype(np.float32), labels[some, None].astype(np.float32))
    return model


@functools.cache
def stored():
    """Return the arrays of the stored file, {name: array}."""
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        return dict(kept)


@functools.cache
def trained(arm=PLAIN):
    """Return the stored network of seed 0 of an arm, "plain" or "marked"."""
    model = network(0)
    model.set_weights([stored()[f"{arm} {number}"] for number in range(len(model.get_weights()))])
    return model
