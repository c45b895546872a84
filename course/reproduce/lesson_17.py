"""The runs behind lesson 17: when does a borrowed network help? Drawn cells of few and many patients, real ultrasound.

Cells: trained on 10, 30, 100 and all 398 training patients, judged on the validation patients; nothing is chosen by
those. Ultrasound: BreastMNIST's official split, every choice made on its training and validation pictures. Its labels
are not the course's to store, so measures are kept, not scores.
"""

import functools
import time
from dataclasses import replace

import numpy as np

from course import CourseError
from course.data import Split, cytology
from course.evaluation import intervals, metrics
from course.reproduce import behaviour
from course.reproduce.store import Parts, exact, save

SEEDS = (0, 1, 2, 3, 4)
PATIENTS = (10, 30, 100, 398)  # the last is all of them
SIDE, FULL = 96, 224  # pixels: of the networks trained on cells; of frozen features and of ultrasound
# Epochs by number of patients: fewer pictures, more rounds. The borrowed network: of these, so many for the head alone.
SCRATCH_EPOCHS = {10: 150, 30: 100, 100: 60, 398: 30}
TUNED_EPOCHS = {10: (30, 10), 30: (20, 6), 100: (10, 3), 398: (6, 1)}
PENALTIES = tuple(10.0**k for k in range(-5, 1))  # C of the logistic regression, chosen inside the training pictures


def scratch_recipe(patients):
    """The repaired network of lesson 14, trained from random numbers; its last epoch is kept."""
    from course.models.training import RECIPES

    return replace(RECIPES["repaired"], epochs=SCRATCH_EPOCHS[patients], monitor="last")


def tuned_recipe(patients):
    """The borrowed network on cells; its last epoch is kept."""
    from course.models.training import RECIPES

    epochs, head = TUNED_EPOCHS[patients]
    return replace(RECIPES["transfer"], epochs=epochs, head_epochs=head, monitor="last", average=0.9)


def ultrasound_recipe():
    """The borrowed network on ultrasound: nothing turned upside down; the mean of the last steps' weights is kept."""
    from course.models.training import RECIPES

    return replace(RECIPES["transfer"], augmentation="ultrasound", flips="horizontal", monitor="last")


def main(only=None):
    """Run everything (90 minutes on two quiet cores) or one part; write results/lesson_17.json."""
    parts = Parts(17, report=lambda name: print(f"running: {name}", flush=True))
    steps = {"cells": cells, "ultrasound": ultrasound}
    if only is not None and only not in steps:
        raise CourseError(f"--only {only}: choose one of {', '.join(steps)}.")
    done = {name: step(parts) for name, step in steps.items() if only in (None, name)}
    if only is None:
        print(f"written: {save(17, fingerprint(), done)}")
    return 0


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {
        "drawing": _drawing(),
        "runs": [list(SEEDS), list(PATIENTS), [SIDE, FULL], list(PENALTIES)],
        "training patients": [training_patients(10, seed).tolist() for seed in SEEDS],
        "frozen": _frozen_behaviour(),
        "scratch": _behaviour("scratch"),
        "tuned": _behaviour("tuned"),
        "recipes": {f"{name}, {n} patients": behaviour.settings(recipe(n))
                    for name, recipe in (("scratch", scratch_recipe), ("tuned", tuned_recipe)) for n in PATIENTS},
        "ultrasound": _ultrasound_behaviour(),
    }


@functools.cache
def _drawing():
    return behaviour.drawing(SIDE, fields=1)


@functools.cache
def _frozen_behaviour():
    """What the borrowed network says of three drawn patients: every thirty-second of its 1,280 features."""
    images = np.stack([cytology.draw(case, SIDE) for case in behaviour.CASES])
    return [behaviour.numbers(row[::32]) for row in frozen_features(images)]


@functools.cache
def _behaviour(name):
    """First steps of a recipe for cells; the borrowed network's without the phase of the head alone."""
    if name == "scratch":
        return behaviour.training(replace(scratch_recipe(398), epochs=60))
    return behaviour.training(replace(tuned_recipe(398), head_epochs=0))


def _ultrasound_behaviour():
    images = np.stack([cytology.draw(case, 64) for case in behaviour.CASES])
    return {**behaviour.settings(ultrasound_recipe()), "augmented": behaviour.augmented("ultrasound", images)}


def _key(name, patients):
    """The part of the fingerprint on which one run on cells depends."""
    recipe = {"scratch": scratch_recipe, "tuned": tuned_recipe}[name](patients)
    return {"drawing": _drawing(), "settings": behaviour.settings(recipe), "steps": _behaviour(name)}


def frozen_features(images, batch=32):
    """Return what the borrowed network says of pictures uint8 (n, side, side, 3): float32 (n, 1280)."""
    from course.models.pretrained import efficientnet_lite0

    network = efficientnet_lite0(images.shape[1])
    return np.concatenate([np.asarray(network(images[k : k + batch].astype("float32"), training=False))
                           for k in range(0, len(images), batch)])


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


def cells(parts):
    """Scores of the validation patients: {way: {patients: [scores of seed 0, 1, ...]}}, and seconds of training."""
    ways = {"scratch": {}, "frozen": {}, "frozen, 224 pixels": {}, "tuned": {}}
    seconds = {"scratch": {}, "tuned": {}}
    frozen = {"frozen": SIDE, "frozen, 224 pixels": FULL}
    for seed in SEEDS:
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
                                                                        "frozen": _frozen_behaviour()},
                                  lambda: frozen_features(_cells(size)[0]).astype(float).round(6).tolist()))
    labels, rows = cytology.table()[1], training_patients(patients, seed)
    model = classifier().fit(features[rows], labels[rows])
    return exact(model.decision_function(features[_validation()]))


def _validation():
    return np.flatnonzero(cytology.split_of_patients() == "validation")


def _trained(name, patients, seed):
    """Train once on cells; the few pictures that `fit` watches on the way decide nothing."""
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    recipe = {"scratch": scratch_recipe, "tuned": tuned_recipe}[name](patients)
    images, labels = _cells(SIDE)
    rows, judged = training_patients(patients, seed), _validation()
    start = time.perf_counter()
    model = recipe.build(images.shape[1:], seed)
    watched = training_patients(10, seed)
    fit(model, Split(images[rows], labels[rows]), Split(images[watched], labels[watched]), recipe, seed)
    seconds = round(time.perf_counter() - start)
    return {"scores": exact(predict_scores(model, images[judged], recipe.flips)), "seconds": seconds}


def ultrasound(parts):
    """Frozen and fine-tuned on BreastMNIST at 224 pixels: measures of the test pictures, opened once a model."""
    key = {"settings": _ultrasound_behaviour(), "steps": _behaviour("tuned")}
    frozen = parts.get("ultrasound, frozen", {"frozen": _frozen_behaviour(), "penalties": list(PENALTIES)},
                       _ultrasound_frozen)
    runs = [parts.get(f"ultrasound, seed {seed}", key, lambda s=seed: _ultrasound_tuned(s)) for seed in SEEDS]
    return summary(frozen, runs)


def _ultrasound_frozen():
    """Logistic regression on frozen features and, for comparison, on the mean brightness alone."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    data = _ultrasound_splits()
    train, labels = frozen_features(data["train"].images), data["train"].labels
    search = GridSearchCV(classifier(), {"logisticregression__C": PENALTIES}, scoring="roc_auc", cv=5).fit(train, labels)
    mean = {split: part.images.mean((1, 2, 3))[:, None] / 255 for split, part in data.items()}
    plain = LogisticRegression().fit(mean["train"], labels)
    scores = {split: search.predict_proba(frozen_features(data[split].images))[:, 1] for split in ("validation", "test")}
    return {"C": search.best_params_["logisticregression__C"],
            **{f"{split}_scores": exact(values) for split, values in scores.items()},
            "brightness": exact(plain.predict_proba(mean["test"])[:, 1])}


def _ultrasound_tuned(seed):
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    recipe, data = ultrasound_recipe(), _ultrasound_splits()
    start = time.perf_counter()
    model = recipe.build(data["train"].images.shape[1:], seed)
    history = fit(model, data["train"], data["validation"], recipe, seed)
    scores = {name: predict_scores(model, data[name].images, recipe.flips) for name in ("validation", "test")}
    return {"seed": seed, "seconds": round(time.perf_counter() - start),
            "history": {name: np.round(values, 4).tolist() for name, values in history.items()},
            **{f"{name}_scores": exact(values) for name, values in scores.items()}}


def summary(frozen, runs):
    """Return the measures that are stored of the ultrasound runs, and of the mean of their probabilities."""
    data = _ultrasound_splits()
    labels = {split: data[split].labels for split in ("validation", "test")}
    scores = {split: np.array([run[f"{split}_scores"] for run in runs]) for split in labels}
    alone = {split: np.array(frozen[f"{split}_scores"]) for split in labels}
    found = {"majority": float(np.mean(labels["test"] == 0)), "C": frozen["C"],
             "mean brightness": intervals.delong(labels["test"], np.array(frozen["brightness"])),
             "frozen": _measured(labels, alone),
             "seeds": [{"seed": run["seed"], "seconds": run["seconds"], "history": run["history"],
                        **_measured(labels, {split: scores[split][k] for split in labels}, alone)}
                       for k, run in enumerate(runs)]}
    mean = {split: scores[split].mean(axis=0) for split in labels}
    found["ensemble"] = _measured(labels, mean, alone)
    both = {split: (mean[split] + alone[split]) / 2 for split in labels}
    found["ensemble with frozen"] = _measured(labels, both, alone)
    return found


def _measured(labels, scores, other=None):
    """Measures at 0.5 and at the validation threshold for a sensitivity of 95 %; AUC minus that of `other`, paired."""
    from course.reproduce.tables import measures

    threshold = metrics.threshold_for_sensitivity(labels["validation"], scores["validation"], 0.95)
    found = {"validation AUC": metrics.auc(labels["validation"], scores["validation"]),
             "at 0.5": measures(labels["test"], scores["test"]),
             "at threshold": measures(labels["test"], scores["test"], threshold)}
    if other is not None:
        found["AUC minus frozen"] = intervals.delong_difference(labels["test"], scores["test"], other["test"])[0]
    return found


@functools.cache
def _ultrasound_splits():
    """The published splits at 224 pixels, each grey picture as three equal channels."""
    from course.data import breastmnist

    return {name: Split(np.repeat(images[..., None], 3, axis=-1), labels)
            for name, (images, labels) in breastmnist.load(FULL).items()}
