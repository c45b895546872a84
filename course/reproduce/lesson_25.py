"""The run behind lesson 25: three drawn hospitals with stains of their own, alone, pooled, and federated.

Five folds: four train, dealt out to three hospitals; the fifth is judged, its patients drawn in each hospital's stain,
so that all ways of training are judged on the same 569 patients. Nothing is chosen by them.
"""

import functools

import numpy as np

from course.data import cytology
from course.reproduce import behaviour
from course.reproduce.arms_15 import BATCH, SIZE, Arm, network, restart, scores_of, train
from course.reproduce.lesson_14 import FOLDS, folds_of
from course.reproduce.store import reproduce

ARM, EPOCHS = Arm(augmentation="cells"), 48  # lesson 15's small network; without augmentation it overfits in 12
SHARES = {"A": 0.65, "B": 0.25, "C": 0.1}  # of the training patients
# What a hospital's laboratory does to the optical densities of red, green, blue: a strength, and a mixing of colours.
STAINS = {
    "A": (1.0, np.eye(3)),
    "B": (0.45, np.eye(3)),  # a pale stain
    "C": (1.0, np.array([[0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.7, 0.1, 0.2]])),  # another dye: red and blue exchanged
}
WAYS = ("A alone", "B alone", "C alone", "pooled", "federated", "federated, plain mean")


def main(only=None):
    """Run everything (about 10 minutes); write results/lesson_25.json."""
    return reproduce(25, {"federated": federated}, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return _behaviour()


@functools.cache
def _behaviour():
    cases = behaviour.first_of_each_class()
    images = np.stack([cytology.draw(case, SIZE) for case in cases])
    x = np.concatenate([scaled(stained(images[:4], name)) for name in STAINS])
    labels, model = np.tile(cytology.table()[1][cases[:4]], 3), network(ARM)
    restart(model, ARM, 0)
    train(model, x, labels, np.arange(12), [0, 1], 3)
    return {"plan": [SHARES, EPOCHS, BATCH, FOLDS, list(WAYS)], "drawing": behaviour.drawing(SIZE, fields=1),
            "stained": behaviour.numbers(x.mean(axis=(1, 2)).ravel()),
            "after": behaviour.numbers(scores_of(model, x)),
            "dealt": [rows[:5].tolist() for rows in hospitals(0).values()]}


def stained(images, hospital):
    """Return pictures, uint8 (n, h, w, 3), as a hospital's stain would show them: its change of optical densities."""
    strength, mixing = STAINS[hospital]
    density = -np.log10((images.astype(np.float32) + 1) / 256)
    return np.clip(256 * 10 ** -(strength * density @ mixing) - 1, 0, 255).round().astype(np.uint8)


def scaled(images):
    """Return pictures as the network takes them, -1 to 1: by fixed numbers, so that no hospital's mean leaks."""
    return images.astype(np.float32) / 127.5 - 1


@functools.cache
def fold_of_patients():
    """Return the fold of each patient, 0 to 4, as in lesson 14: (569,)."""
    fold = np.empty(len(cytology.table()[1]), int)
    for number, (_, out) in enumerate(folds_of(cytology.table()[1])):
        fold[out] = number
    return fold


@functools.cache
def hospitals(fold):
    """Return the training patients of each hospital, {name: row numbers}, malignant in the same share.

    fold: 0 to 4, the one whose patients are judged.
    """
    labels, rng = cytology.table()[1], np.random.default_rng([25, fold])
    dealt = {name: [] for name in SHARES}
    for label in (1, 0):
        rows = rng.permutation(np.flatnonzero((fold_of_patients() != fold) & (labels == label)))
        ends = np.rint(np.cumsum([*SHARES.values()]) * len(rows)).astype(int)
        for name, some in zip(SHARES, np.split(rows, ends[:-1]), strict=True):
            dealt[name].append(some)
    return {name: np.concatenate(parts) for name, parts in dealt.items()}


@functools.cache
def _pictures():
    """All patients in each stain, scaled: {hospital: float32 (569, 48, 48, 3)}, and labels."""
    images, labels, _ = cytology.load(SIZE)
    return {name: scaled(stained(images, name)) for name in STAINS}, labels


def federated(parts):
    """Probabilities out of fold, four digits: {way: {stain: scores (569,)}}."""
    fold, found = fold_of_patients(), {}
    for way in WAYS:
        found[way] = {stain: np.empty(len(fold)) for stain in STAINS}
        for number in range(FOLDS):
            run = parts.get(f"{way}, fold {number}", _behaviour(), lambda way=way, number=number: _run(way, number))
            for stain, scores in run.items():
                found[way][stain][fold == number] = scores
    return {way: {stain: scores.tolist() for stain, scores in stains.items()} for way, stains in found.items()}


def _run(way, fold):
    """Train in one way without a fold; return {stain: probabilities of its patients}."""
    x, labels = _pictures()
    model, own = network(ARM), {name: (x[name], rows) for name, rows in hospitals(fold).items()}
    restart(model, ARM, fold)
    if way.startswith("federated"):
        model.set_weights(_rounds(model, own, labels, fold, by_size="plain" not in way))
    else:
        pictures, rows = pooled(x, fold) if way == "pooled" else own[way[0]]
        for epoch in range(1, EPOCHS + 1):
            train(model, pictures, labels, rows, [fold, epoch], -(-len(rows) // BATCH))
    out = fold_of_patients() == fold
    return {stain: scores_of(model, x[stain][out]).round(4).tolist() for stain in STAINS}


def pooled(x, fold):
    """Return (pictures (569, ...), each training patient in the stain of her hospital; row numbers of all)."""
    pictures, dealt = x["A"].copy(), hospitals(fold)
    for name, rows in dealt.items():
        pictures[rows] = x[name][rows]
    return pictures, np.concatenate(list(dealt.values()))


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
            restart(model, ARM, 1000 * seed + epoch)  # for the augmentation's lot; the weights are the shared ones
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
