"""The runs behind lesson 15: what more patients do, and what each remedy against overfitting does, one at a time.

The pictures are drawn at 48 x 48 pixels, a third of lesson 14's side, so that a fit takes seconds.
"""

import functools
import time
from dataclasses import asdict

import numpy as np

from course.data import cytology
from course.reproduce import behaviour
from course.reproduce.arms_15 import (
    ARMS,
    BATCH,
    EPOCHS,
    NOTHING,
    PATIENCE,
    RATE,
    SIZE,
    STOPPING,
    fit,
    measured,
    network,
    restart,
    scores_of,
    standardised,
    train,
)
from course.reproduce.lesson_14 import folds_of
from course.reproduce.store import exact, reproduce

SEEDS = (0, 1, 2, 3, 4)
PATIENTS = (20, 60, 200, 398)  # of the 398 training patients of lesson 14's split


@functools.cache
def _cells():
    """All patients: pictures uint8 (569, 48, 48, 3) and labels (569,)."""
    return cytology.load(SIZE)[:2]


def main(only=None):
    """Run everything (under an hour of one core) or one part; write results/lesson_15.json."""
    steps = {"gap": gap, "ablation": ablation}
    return reproduce(15, steps, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {"gap": _behaviour(ARMS[NOTHING]), "patients": list(PATIENTS), "seeds": list(SEEDS),
            "arms": {name: _behaviour(arm) for name, arm in ARMS.items()}}


@functools.cache
def _behaviour(arm):
    """What an arm does: its settings, its layers, its output at seeded weights and after three seeded steps."""
    cases = behaviour.first_of_each_class()
    x = standardised(np.stack([cytology.draw(case, SIZE) for case in cases]), slice(12))
    labels, model = cytology.table()[1][cases], network(arm)
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
    """The plain network on 20 to 398 patients, five seeds: {patients: [run, ...]}, judged on those of validation.

    A run: seed, seconds, and of train and validation three rows: the losses, AUCs and accuracies of all stretches.
    """
    runs = {str(n): [parts.get(f"gap, {n} patients, seed {seed}", _behaviour(ARMS[NOTHING]),
                               lambda n=n, seed=seed: _gap(n, seed)) for seed in SEEDS] for n in PATIENTS}
    return {n: [_turned(run, "train", "validation") for run in five] for n, five in runs.items()}


def _turned(run, *names):
    """Return a run with these tables turned: a row a measure, so that they take few lines in the result."""
    return run | {name: np.transpose(run[name]).tolist() for name in names}


def _gap(n, seed):
    """Train on n patients, drawn by `seed`, for as many steps as all 398 take in EPOCHS; measure EPOCHS times.

    Returns {seed, seconds, train, validation: [[loss, AUC, accuracy], ...] after each stretch of steps}.
    """
    (images, labels), split = _cells(), cytology.split_of_patients()
    rows, judged = some_of(np.flatnonzero(split == "train"), labels, n, seed), np.flatnonzero(split == "validation")
    x, model, arm = standardised(images, rows), network(ARMS[NOTHING]), ARMS[NOTHING]
    restart(model, arm, seed)
    start, found = time.perf_counter(), {"train": [], "validation": []}
    for epoch in range(1, EPOCHS + 1):
        train(model, x, labels, rows, [seed, epoch], -(-max(PATIENTS) // BATCH))
        for name, some in (("train", rows), ("validation", judged)):
            found[name].append(measured(labels[some], scores_of(model, x[some])))
    return {"seed": seed, "seconds": round(time.perf_counter() - start, 1), **found}


def some_of(rows, labels, n, seed):
    """Return n of the patients `rows`, the classes in their shares; with one seed, few are a part of many."""
    rng, parts = np.random.default_rng(seed), []
    malignant = round(n * labels[rows].mean())
    for kind, count in ((0, n - malignant), (1, malignant)):
        parts.append(rng.permutation(rows[labels[rows] == kind])[:count])
    return np.concatenate(parts)


def ablation(parts):
    """Every arm, five seeds, out of fold on all patients: {arm: [run, ...]}, of train a row a measure.

    Early stopping is the very training of "nothing", ended earlier: both come from one part.
    """
    runs = {name: [] for name in ARMS}
    for seed in SEEDS:
        for name, arm in ARMS.items():
            if name == STOPPING:
                continue
            run = parts.get(f"{name}, seed {seed}", _behaviour(arm), lambda arm=arm, seed=seed: _out_of_fold(arm, seed))
            run = {keep: _turned(one, "train") for keep, one in run.items()}
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
