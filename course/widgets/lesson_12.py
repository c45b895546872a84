"""Lesson 12: ten folds on columns of pure chance, and what a leak makes of them."""

import functools

import numpy as np
from PIL import Image, ImageDraw

from course.plots import COLOURS, font

PATIENTS, KEPT, FOLDS, DRAWS = 100, 10, 10, 10
LEAKS = ("none", "scaler sees all", "choice of columns sees all")
CELL, ROW, LEFT, TOP = 5, 20, 96, 28  # pixels: one patient, one round, room for labels, room for the heading


@functools.cache
def chance(columns, seed=0):
    """Patients without any finding: columns of random numbers (100, columns), random truths (100,), folds (100,)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(PATIENTS, columns)) * rng.uniform(1, 30, columns)
    return x, rng.permutation(np.arange(PATIENTS) % 2), rng.permutation(np.arange(PATIENTS) % FOLDS)


def best_columns(x, y):
    """Numbers of the columns that go most with the truth, by correlation: (KEPT,)."""
    centred, wanted = x - x.mean(axis=0), y - y.mean()
    return np.argsort(-np.abs(centred.T @ wanted) / np.linalg.norm(centred, axis=0))[:KEPT]


@functools.cache
def judged(columns, leak, seed=0):
    """Share of patients decided rightly by the nearer class mean, out of fold; on columns of chance."""
    x, y, folds = chance(columns, seed)
    right = np.zeros(PATIENTS, bool)
    for fold in range(FOLDS):
        test = folds == fold
        chosen = best_columns(x, y) if leak == LEAKS[2] else best_columns(x[~test], y[~test])
        seen = slice(None) if leak == LEAKS[1] else ~test
        mean, deviation = x[seen][:, chosen].mean(axis=0), x[seen][:, chosen].std(axis=0)
        z = (x[:, chosen] - mean) / deviation
        centres = [z[~test & (y == label)].mean(axis=0) for label in (0, 1)]
        distance = [((z[test] - centre) ** 2).sum(axis=1) for centre in centres]
        right[test] = (distance[1] < distance[0]) == y[test]
    return right.mean()


def folds_picture(leak, columns):
    """Draw the ten rounds, who is tested in each and was seen by the leaking step, and ten draws' share of right."""
    page = Image.new("RGB", (LEFT + PATIENTS * CELL + 8, TOP + FOLDS * ROW + 128), "white")
    pen, folds = ImageDraw.Draw(page), chance(columns)[2]
    pen.text((LEFT, 5), "100 patients; dark: tested in this round", "black", font(13))
    for fold in range(FOLDS):
        top = TOP + ROW * fold
        pen.text((4, top - 2), f"round {fold + 1}", "black", font(13))
        for patient in range(PATIENTS):
            tested = folds[patient] == fold
            box = (LEFT + patient * CELL, top, LEFT + (patient + 1) * CELL - 2, top + 14)
            pen.rectangle(box, fill=COLOURS["neutral"] if tested else "#dddddd")
            if leak != LEAKS[0] and tested:
                pen.line((box[0], top + 7, box[2], top + 7), fill=COLOURS["accent"], width=3)
    said = "no tested patient was seen before" if leak == LEAKS[0] else f"bar across: seen before the round ({leak})"
    pen.text((4, TOP + ROW * FOLDS + 2), said, "black", font(13))
    _scale(pen, TOP + ROW * FOLDS + 26, [judged(columns, leak, seed) for seed in range(DRAWS)], columns)
    return np.asarray(page)


def _scale(pen, top, shares, columns):
    """Draw each draw's share judged rightly as a dot between 0 and 100 %, equal ones stacked; and say their mean."""
    said = f"{columns} columns of chance, {KEPT} kept: {np.mean(shares):.0%} right, the mean of {DRAWS} draws"
    pen.text((4, top), said, "black", font(15))
    line, length = top + 66, PATIENTS * CELL
    pen.line((LEFT, line, LEFT + length, line), fill="black")
    for share in (0, 0.5, 1):
        x = LEFT + share * length
        pen.line((x, line - 9, x, line + 9), fill="black", width=2 if share == 0.5 else 1)
        pen.text((x, line + 11), f"{share:.0%}", "black", font(13), anchor=("la", "ma", "ra")[int(2 * share)])
    placed = []
    for share in sorted(shares):
        x = LEFT + share * length
        y = next(line - 9 * k for k in range(DRAWS) if all(abs(x - a) > 8 or line - 9 * k != b for a, b in placed))
        placed.append((x, y))
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=COLOURS["malignant"], outline="black")


def small_network(inputs, hidden=8, seed=0):
    """Lesson 08's parts, compiled: inputs numbers -> hidden ReLU neurons (0: no such layer) -> one probability."""
    from course.nn import Adam, BinaryCrossentropy, Dense, Sequential

    layers = [Dense(hidden, activation="relu")] if hidden else []
    network = Sequential([*layers, Dense(1, activation="sigmoid")], seed=seed)
    network.compile(Adam(0.01), BinaryCrossentropy())
    network.build((None, inputs), "float64")
    return network


def out_of_fold(X, y, folds, fit):
    """Scores (n,), each patient's from a model trained and standardised on the other folds, as exercise 12.2 asks."""
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        train, test = folds != k, folds == k
        mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
        scores[test] = fit((X[train] - mean) / deviation, y[train])((X[test] - mean) / deviation)
    return scores
