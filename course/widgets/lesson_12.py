"""Lesson 12: ten folds on columns of pure chance, and what a leak makes of them."""

import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course.plots import COLOURS

PATIENTS, KEPT, FOLDS = 100, 10, 10
LEAKS = ("none", "scaler sees all", "choice of columns sees all")
CELL, LEFT, TOP = 5, 96, 26  # pixels: one patient, room for labels, room for the heading


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
    """Draw the ten rounds, who is tested in each, who was seen by the leaking step, and the share judged rightly."""
    _, _, folds = chance(columns)
    order = np.argsort(folds, kind="stable")
    page = Image.new("RGB", (LEFT + PATIENTS * CELL + 8, TOP + FOLDS * 20 + 52), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    pen.text((LEFT, 5), "100 patients; dark: tested in this round", "black", font)
    for fold in range(FOLDS):
        top = TOP + 20 * fold
        pen.text((4, top), f"round {fold + 1}", "black", font)
        for place, patient in enumerate(order):
            tested = folds[patient] == fold
            box = (LEFT + place * CELL, top, LEFT + (place + 1) * CELL - 2, top + 14)
            pen.rectangle(box, fill=COLOURS["neutral"] if tested else "#dddddd")
            if leak != LEAKS[0] and tested:
                pen.line((box[0], top + 7, box[2], top + 7), fill=COLOURS["accent"], width=3)
    bottom = TOP + 20 * FOLDS + 6
    said = "no tested patient was seen before" if leak == LEAKS[0] else f"bar across: seen before the round ({leak})"
    pen.text((4, bottom), said, "black", font)
    pen.text((4, bottom + 20), f"{columns} columns of chance, {KEPT} kept: {judged(columns, leak):.0%} right "
             "(the truth: 50%)", "black", ImageFont.load_default(15))
    return np.asarray(page)


def small_network(inputs, hidden=8, seed=0):
    """One hidden layer of lesson 08's parts, compiled: inputs numbers -> hidden ReLU neurons -> one probability."""
    from course.nn import Adam, BinaryCrossentropy, Dense, Sequential

    network = Sequential([Dense(hidden, activation="relu"), Dense(1, activation="sigmoid")], seed=seed)
    network.compile(Adam(0.01), BinaryCrossentropy())
    network.build((None, inputs), "float64")
    return network


def out_of_fold(X, y, folds, fit):
    """Scores (n,), each patient's from a model trained and standardised on the other folds, as exercise 12.3 asks."""
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        train, test = folds != k, folds == k
        mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
        scores[test] = fit((X[train] - mean) / deviation, y[train])((X[test] - mean) / deviation)
    return scores
