"""The run behind lesson 25: three drawn hospitals with stains of their own, alone, pooled, and federated.

The 398 training patients are dealt out to three hospitals; the 85 validation patients are drawn in each hospital's
stain, so that all ways of training are judged on the same patients. Nothing is chosen by them.
"""

import functools

import numpy as np

from course.data import cytology
from course.reproduce import behaviour
from course.reproduce.arms_15 import ARMS, BATCH, EPOCHS, NOTHING, SIZE, network, restart, scores_of, train
from course.reproduce.store import reproduce

SEEDS = (0, 1, 2, 3, 4)
PATIENTS = {"A": 260, "B": 100, "C": 38}  # who trains where: together all 398
# What a hospital's laboratory does to the optical densities of red, green, blue: a strength, and a mixing of colours.
STAINS = {
    "A": (1.0, np.eye(3)),
    "B": (0.45, np.eye(3)),  # a pale stain
    "C": (1.0, np.array([[0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.7, 0.1, 0.2]])),  # another dye: red and blue exchanged
}
WAYS = ("A alone", "B alone", "C alone", "pooled", "federated", "federated, plain mean")


def main(only=None):
    """Run everything (about 10 minutes of one core); write results/lesson_25.json."""
    return reproduce(25, {"federated": federated}, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return _behaviour() | {"seeds": list(SEEDS)}


@functools.cache
def _behaviour():
    cases = behaviour.first_of_each_class()
    images = np.stack([cytology.draw(case, SIZE) for case in cases])
    x = np.concatenate([scaled(stained(images[:4], name)) for name in STAINS])
    labels, model = np.tile(cytology.table()[1][cases[:4]], 3), network(ARMS[NOTHING])
    restart(model, ARMS[NOTHING], 0)
    train(model, x, labels, np.arange(12), [0, 1], 3)
    return {"plan": [PATIENTS, EPOCHS, BATCH, list(WAYS)], "drawing": behaviour.drawing(SIZE, fields=1),
            "stained": behaviour.numbers(x.mean(axis=(1, 2)).ravel()),
            "after": behaviour.numbers(scores_of(model, x)),
            "dealt": [rows[:5].tolist() for rows in hospitals().values()]}


def stained(images, hospital):
    """Return pictures, uint8 (n, h, w, 3), as a hospital's stain would show them: its change of optical densities."""
    strength, mixing = STAINS[hospital]
    density = -np.log10((images.astype(np.float32) + 1) / 256)
    return np.clip(256 * 10 ** -(strength * density @ mixing) - 1, 0, 255).round().astype(np.uint8)


def scaled(images):
    """Return pictures as the network takes them, -1 to 1: by fixed numbers, so that no hospital's mean leaks."""
    return images.astype(np.float32) / 127.5 - 1


@functools.cache
def hospitals():
    """Return the training patients of each hospital, {name: row numbers}, malignant in the same share."""
    labels, rng = cytology.table()[1], np.random.default_rng(25)
    pool = rng.permutation(np.flatnonzero(cytology.split_of_patients() == "train"))
    order = np.concatenate([pool[labels[pool] == label] for label in (1, 0)])  # each third, fifth, ... to one hospital
    share = np.cumsum([0, *PATIENTS.values()]) / len(order)
    place = np.empty(len(order))
    for label in (1, 0):
        some = np.flatnonzero(labels[order] == label)
        place[some] = (np.arange(len(some)) + 0.5) / len(some)
    return {name: order[(place >= low) & (place < high)]
            for name, low, high in zip(PATIENTS, share[:-1], share[1:], strict=True)}


def judged():
    """Return the row numbers of the validation patients, (85,)."""
    return np.flatnonzero(cytology.split_of_patients() == "validation")


@functools.cache
def _pictures():
    """All patients in each stain, scaled: {hospital: float32 (569, 48, 48, 3)}, and labels."""
    images, labels, _ = cytology.load(SIZE)
    return {name: scaled(stained(images, name)) for name in STAINS}, labels


def federated(parts):
    """Probabilities of the validation patients: {way: {stain: [scores of seed 0, 1, ...]}}, five digits."""
    runs = {way: [parts.get(f"{way}, seed {seed}", _behaviour(), lambda way=way, seed=seed: _run(way, seed))
                  for seed in SEEDS] for way in WAYS}
    return {way: {stain: [run[stain] for run in several] for stain in STAINS} for way, several in runs.items()}


def _run(way, seed):
    """Train in one way; return {stain: probabilities of the validation patients}."""
    x, labels = _pictures()
    model, own = network(ARMS[NOTHING]), {name: (x[name], rows) for name, rows in hospitals().items()}
    restart(model, ARMS[NOTHING], seed)
    if way.startswith("federated"):
        model.set_weights(_rounds(model, own, labels, seed, by_size="plain" not in way))
    else:
        if way == "pooled":
            pictures, rows = pooled(x)
        else:
            pictures, rows = own[way[0]]
        for epoch in range(1, EPOCHS + 1):
            train(model, pictures, labels, rows, [seed, epoch], -(-len(rows) // BATCH))
    return {stain: scores_of(model, x[stain][judged()]).round(5).tolist() for stain in STAINS}


def pooled(x):
    """Return (pictures (569, ...), each training patient in the stain of her hospital; row numbers of all)."""
    pictures = x["A"].copy()
    for name, rows in hospitals().items():
        pictures[rows] = x[name][rows]
    return pictures, np.concatenate(list(hospitals().values()))


def _rounds(model, own, labels, seed, by_size):
    """Federated averaging (McMahan and others, AISTATS 2017): each round every hospital trains one epoch at home.

    All begin from the same weights; what comes back is averaged, by the number of patients or plainly. An optimizer's
    memory stays at home and is begun anew in each round.
    """
    shared = model.get_weights()
    size = {name: len(rows) if by_size else 1 for name, (_, rows) in own.items()}
    for epoch in range(1, EPOCHS + 1):
        returned = {}
        for name, (pictures, rows) in own.items():
            restart(model, ARMS[NOTHING], seed)
            model.set_weights(shared)
            train(model, pictures, labels, rows, [seed, epoch], -(-len(rows) // BATCH))
            returned[name] = model.get_weights()
        shared = average(returned, size)
    return shared


def average(weights, size):
    """Return the mean of several lists of arrays, weighted by `size`: {name: list}, {name: number} -> list."""
    total = sum(size.values())
    return [sum(size[name] / total * weights[name][k] for name in weights)
            for k in range(len(next(iter(weights.values()))))]
