"""The runs behind lesson 17: when does a borrowed network help? Drawn cells of few and many patients, real ultrasound.

Cells: trained on 10, 30, 100 and all 398 training patients, judged on the validation patients; nothing is chosen by
those. The ultrasound is in `course.reproduce.transfer_ultrasound`.
"""

import functools
from dataclasses import replace

import numpy as np

from course.data import Split, cytology
from course.reproduce import behaviour
from course.reproduce.store import exact, reproduce

SEEDS = (0, 1, 2, 3, 4)
PATIENTS = (10, 30, 100, 398)  # the last is all of them
SIDE, FULL = 96, 224  # pixels: of all networks trained on cells; of the second set of frozen features
# Epochs by number of patients: fewer pictures, more rounds. Tuning: of these, so many for the head alone.
SCRATCH_EPOCHS = {10: 60, 30: 50, 100: 30, 398: 15}
TUNED_EPOCHS = {10: (16, 4), 30: (10, 3), 100: (6, 2), 398: (3, 1)}
FROZEN_BLOCKS = 11  # of 16: the maps behind them are made once, so that tuning the rest takes seconds
VIEWS = 8  # quarter turns and mirror images, each a training picture of its own


def scratch_recipe(patients):
    """The repaired network of lesson 14, trained from random numbers; its last epoch is kept."""
    from course.models.training import RECIPES

    return replace(RECIPES["repaired"], epochs=SCRATCH_EPOCHS[patients], monitor="last")


def tuned_recipe(patients):
    """The borrowed network's last blocks on cells; what is kept is the mean of the last steps' weights."""
    from course.models.training import RECIPES

    epochs, head = TUNED_EPOCHS[patients]
    return replace(RECIPES["transfer"], epochs=epochs, head_epochs=head, batch_size=64, learning_rate=4e-4,
                   monitor="last", average=0.9, flips=False)


def main(only=None):
    """Run everything (90 minutes on two quiet cores) or one part; write results/lesson_17.json."""
    from course.reproduce.transfer_ultrasound import ultrasound

    steps = {"cells": cells, "ultrasound": ultrasound}
    return reproduce(17, steps, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    from course.reproduce.transfer_ultrasound import PENALTIES, settings

    return {
        "drawing": _drawing(),
        "runs": [list(SEEDS), list(PATIENTS), [SIDE, FULL], list(PENALTIES)],
        "training patients": [training_patients(10, seed).tolist() for seed in SEEDS],
        "frozen": frozen_behaviour(),
        "scratch": first_steps("scratch"),
        "tuned": first_steps("tuned"),
        "whole": first_steps("whole"),
        "recipes": {f"{name}, {n} patients": behaviour.settings(recipe(n))
                    for name, recipe in (("scratch", scratch_recipe), ("tuned", tuned_recipe)) for n in PATIENTS},
        "ultrasound": settings(),
    }


@functools.cache
def _drawing():
    return behaviour.drawing(SIDE, fields=1)


@functools.cache
def frozen_behaviour():
    """What the borrowed network says of three drawn patients: every thirty-second of its 1,280 features."""
    images = np.stack([cytology.draw(case, SIDE) for case in behaviour.CASES])
    return [behaviour.numbers(row[::32]) for row in frozen_features(images)]


@functools.cache
def first_steps(name):
    """The first steps of training with some patients, as behaviour; of the borrowed network without the first phase."""
    if name == "scratch":
        return behaviour.training(replace(scratch_recipe(398), epochs=60))
    if name == "whole":
        return behaviour.training(replace(tuned_recipe(398), head_epochs=0))
    from course.models.training import fit, predict_scores

    cases = behaviour.first_of_each_class()
    maps, labels = maps_of(np.stack([cytology.draw(case, SIDE) for case in cases])), cytology.table()[1][cases]
    train, judged = _rows(maps[:, :6], labels[:6]), _rows(maps[:, 12:], labels[12:])
    model = last_blocks(maps.shape[2:], seed=0)
    history = fit(model, train, judged, replace(tuned_recipe(398), epochs=1, head_epochs=0), progress=False)
    return {"losses": behaviour.numbers(history.iloc[0][["loss", "val_loss"]]),
            "scores": behaviour.numbers(predict_scores(model, judged.images))}


def _key(name, patients):
    """The part of the fingerprint on which one run on cells depends."""
    recipe = {"scratch": scratch_recipe, "tuned": tuned_recipe}[name](patients)
    return {"drawing": _drawing(), "settings": behaviour.settings(recipe), "steps": first_steps(name)}


def frozen_features(images):
    """Return what the borrowed network says of pictures uint8 (n, side, side, 3): float32 (n, 1280)."""
    from course.models.pretrained import efficientnet_lite0

    return _in_batches(efficientnet_lite0(images.shape[1]), images)


def views(images):
    """Return the eight quarter turns and mirror images of square pictures: (8, n, side, side, channels)."""
    turned = [np.rot90(images, quarter, axes=(1, 2)) for quarter in range(4)]
    return np.stack([*turned, *(one[:, :, ::-1] for one in turned)])


def maps_of(images):
    """Return what the frozen blocks make of all views of pictures: float32 (8, n, side, side, channels)."""
    from course.models.pretrained import cut, efficientnet_lite0

    front, _ = cut(efficientnet_lite0(images.shape[1]), FROZEN_BLOCKS - 1)
    return np.stack([_in_batches(front, view) for view in views(images)])


def _in_batches(network, images, batch=32):
    return np.concatenate([np.asarray(network(images[k : k + batch].astype("float32"), training=False))
                           for k in range(0, len(images), batch)])


def last_blocks(shape, seed):
    """Return the borrowed network behind its frozen blocks, with a new head: maps (n, *shape) to scores (n, 1)."""
    from course.models.breast_cnn import with_head
    from course.models.pretrained import cut, efficientnet_lite0
    from course.quiet_tensorflow import keras

    keras.utils.set_random_seed(seed)
    maps, (_, back) = keras.Input(shape), cut(efficientnet_lite0(SIDE), FROZEN_BLOCKS - 1)
    return with_head(maps, back(maps), seed=seed)


def _rows(maps, labels):
    """Return a Split in which each view of each picture is a picture of its own. maps: (8, n, ...), labels (n,)."""
    return Split(maps.reshape(-1, *maps.shape[2:]), np.tile(labels, len(maps)))


def classifier():
    """Return the pipeline for frozen features: scaler and logistic regression, its penalty fixed."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))


def training_patients(patients, seed):
    """Return row numbers of so many training patients, benign and malignant as all are; a larger set holds a smaller.

    The seed chooses them; all three ways learn from the same.
    """
    labels = cytology.table()[1]
    pool = np.flatnonzero(cytology.split_of_patients() == "train")
    rng, rows = np.random.default_rng([17, seed]), []
    for label in (1, 0):
        those = rng.permutation(pool[labels[pool] == label])
        malignant = round(patients * np.mean(labels[pool]))
        rows.append(those[: malignant if label else patients - malignant])
    return np.concatenate(rows)


@functools.cache
def _cells(size):
    """All patients' first fields (569, size, size, 3) and labels (569,)."""
    return cytology.load(size)[:2]


def cells(parts, seeds=SEEDS):
    """Scores of the validation patients: {way: {patients: [scores of seed 0, 1, ...]}}, and seconds of training."""
    ways = {"scratch": {}, "frozen": {}, "frozen, 224 pixels": {}, "tuned": {}}
    seconds = {"scratch": {}, "tuned": {}}
    frozen = {"frozen": SIDE, "frozen, 224 pixels": FULL}
    for seed in seeds:
        for n in PATIENTS:
            for name, size in frozen.items():
                ways[name].setdefault(str(n), []).append(_frozen(parts, size, n, seed))
            for name in ("tuned", "scratch"):
                run = parts.get(f"{name}, {n} patients, seed {seed}", _key(name, n),
                                lambda name=name, n=n, seed=seed: _trained(name, n, seed))
                ways[name].setdefault(str(n), []).append(run["scores"])
                seconds[name].setdefault(str(n), []).append(run["seconds"])
    return {"validation_scores": ways, "seconds": seconds}


def _frozen(parts, size, patients, seed):
    features = np.array(parts.get(f"features of cells, {size} pixels", {"drawing": _drawing(), "size": size,
                                                                        "frozen": frozen_behaviour()},
                                  lambda: frozen_features(_cells(size)[0]).astype(float).round(6).tolist()))
    labels, rows = cytology.table()[1], training_patients(patients, seed)
    model = classifier().fit(features[rows], labels[rows])
    return exact(model.decision_function(features[_validation()]))


def _validation():
    return np.flatnonzero(cytology.split_of_patients() == "validation")


@functools.cache
def _maps():
    return maps_of(_cells(SIDE)[0])


def _trained(name, patients, seed):
    """Train once on cells; the few pictures that `fit` watches on the way decide nothing."""
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    images, labels = _cells(SIDE)
    rows, watched, judged = training_patients(patients, seed), training_patients(10, seed), _validation()
    if name == "tuned":
        recipe, maps = tuned_recipe(patients), _maps()
        model = last_blocks(maps.shape[2:], seed)
        train, watched = _rows(maps[:, rows], labels[rows]), _rows(maps[:1, watched], labels[watched])
    else:
        recipe = scratch_recipe(patients)
        model = recipe.build(images.shape[1:], seed)
        train, watched = Split(images[rows], labels[rows]), Split(images[watched], labels[watched])
    history = fit(model, train, watched, recipe, seed)
    if name == "tuned":
        scores = np.mean([predict_scores(model, view) for view in maps[:, judged]], axis=0)
    else:
        scores = predict_scores(model, images[judged], recipe.flips)
    return {"scores": exact(scores), "seconds": round(history.attrs["seconds"])}
