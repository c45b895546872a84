"""The runs behind lesson 14: five seeds of each variant, folds of the repaired network, baselines, real ultrasound.

Histories and scores are stored; every measure is computed from them when it is read, by `course.reproduce.tables`.
"""

import functools
import shutil
import time
from dataclasses import replace

import numpy as np

from course.data import Split, cytology
from course.evaluation import metrics
from course.files import atomic
from course.reproduce import behaviour
from course.reproduce.store import ROOT, exact, run_steps, save

SEEDS = (0, 1, 2, 3, 4)
FOLDS = 5
FIELDS = 4  # drawn of each patient who trains the repaired network; whoever judges is judged on the first
GRID = {"svc__C": [0.1, 1, 10, 100], "svc__gamma": [0.001, 0.01, 0.1, 1]}  # of which the baselines' SVM chooses
WEIGHTS = ROOT / "results" / "lesson_14_repaired.keras"


def recipes():
    """The variants of the table: name -> Recipe. The classic ones keep their last epoch, as tutorials do.

    The repaired network has FIELDS pictures of each patient, so it takes as many steps in fewer epochs.
    """
    from course.models.training import RECIPES, Recipe

    repaired = RECIPES["repaired"]
    printed = Recipe(model="classic", epochs=10, patience=None, monitor="last")
    return {
        "as printed": printed,
        "25 epochs": replace(printed, epochs=25),
        "learning rate 1e-4": replace(printed, learning_rate=1e-4),
        "standardised": replace(printed, scaling="standardise"),
        "usual augmentation": replace(printed, augmentation="usual"),
        "repaired": replace(repaired, epochs=repaired.epochs // FIELDS),
    }


def ultrasound_recipe():
    """The repaired network's recipe for ultrasound: no stain to take out, nothing turned upside down."""
    return replace(recipes()["repaired"], scaling="standardise", augmentation="ultrasound", flips="horizontal",
                   epochs=40)


def main(only=None):
    """Run everything (two hours on two quiet cores) or one part; write results/lesson_14.json."""
    steps = {"cells": cells, "folds": folds, "baselines": baselines, "ultrasound": ultrasound}
    done, parts = run_steps(14, steps, only)
    if only is None:
        with atomic(WEIGHTS) as temporary:
            shutil.copyfile(parts.path("weights", ".keras"), temporary)
        path = save(14, fingerprint(), done)
        print(f"written: {path} and {WEIGHTS.name}")
    return 0


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {
        "drawing": behaviour.drawing(fields=FIELDS),
        "measuring": behaviour.measuring(),
        "runs": [list(SEEDS), FOLDS, FIELDS],
        "grid": GRID,
        "training": _trainings(),
    }


def _trainings():
    """Each recipe's behaviour; one that differs from an earlier one in epochs and rates alone repeats no steps."""
    found, first = {}, {}
    for name, recipe in _all_recipes().items():
        steps = replace(recipe, epochs=1, learning_rate=1.0)
        if steps in first:
            found[name] = {**behaviour.settings(recipe), "otherwise": first[steps]}
        else:
            first[steps], found[name] = name, behaviour.training(recipe)
    return found


def _all_recipes():
    return recipes() | {"ultrasound": ultrasound_recipe()}


@functools.cache
def _behaviour(name):
    """The part of the fingerprint on which one recipe's runs depend."""
    return {"drawing": behaviour.drawing(fields=FIELDS), "training": behaviour.training(_all_recipes()[name])}


@functools.cache
def _cells():
    """All patients: pictures uint8 (569, FIELDS, 150, 150, 3) and labels (569,)."""
    images, labels, _ = cytology.load(fields=FIELDS)
    return images.reshape(-1, FIELDS, *images.shape[1:]), labels[::FIELDS]


def _splits(rows, fields):
    """Return {"train": Split, ...} of the patients in `rows`: `fields` pictures of those who train, else one."""
    images, labels = _cells()
    data = {name: Split(images[index, 0], labels[index]) for name, index in rows.items()}
    train = rows["train"]
    data["train"] = Split(images[train, :fields].reshape(-1, *images.shape[2:]), labels[train].repeat(fields))
    return data


def cells(parts):
    """Every variant, five seeds, on the fixed split: {variant: [run, ...]}."""
    split = cytology.split_of_patients()
    rows = {name: np.flatnonzero(split == name) for name in cytology.SPLITS}
    runs = {}
    for name, recipe in recipes().items():
        fields = FIELDS if recipe.model == "repaired" else 1
        data = _splits(rows, fields)
        runs[name] = [parts.get(f"{name}, seed {seed}", _behaviour(name),
                                lambda r=recipe, s=seed, d=data: _run(d, r, s, parts)) for seed in SEEDS]
    return runs


def _run(data, recipe, seed, parts=None):
    """Train once; return seed, seconds, history, and the scores of the validation and test pictures."""
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    start = time.perf_counter()
    model = recipe.build(data["train"].images.shape[1:], seed)
    history = fit(model, data["train"], data["validation"], recipe, seed)
    seconds = time.perf_counter() - start
    if parts is not None and recipe.model == "repaired" and seed == 0:
        model.save(parts.path("weights", ".keras"))
    scores = {name: predict_scores(model, data[name].images, recipe.flips) for name in ("validation", "test")}
    return {
        "seed": seed,
        "seconds": round(seconds),
        "history": {name: np.round(values, 4).tolist() for name, values in history.items()},
        **{f"{name}_scores": exact(values) for name, values in scores.items()},
    }


def folds_of(labels):
    """Return the five parts of all patients: a list of (row numbers to train on, row numbers to judge)."""
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels))


def folds(parts):
    """The repaired network judged on patients it never saw, all 569 of them: {seconds, scores out of fold}.

    Of each fold's training patients 15 % choose the epoch and are not trained on.
    """
    from sklearn.model_selection import train_test_split

    labels = _cells()[1]
    recipe, scores, seconds = recipes()["repaired"], np.empty(len(labels)), []
    for number, (inner, outer) in enumerate(folds_of(labels)):
        train, validation = train_test_split(inner, test_size=0.15, stratify=labels[inner], random_state=0)
        data = _splits({"train": train, "validation": validation, "test": outer}, FIELDS)
        run = parts.get(f"repaired, fold {number}", _behaviour("repaired"), lambda d=data: _run(d, recipe, 0))
        scores[outer] = run["test_scores"]
        seconds.append(run["seconds"])
    return {"seconds": seconds, "scores": exact(scores)}


def baselines(parts):
    """What every picture model must stand beside: {name: scores out of the same folds; 0 is the model's own cut}."""
    key = {"drawing": behaviour.drawing(), "measuring": behaviour.measuring(), "folds": FOLDS, "grid": GRID}
    return parts.get("baselines", key, _baselines)


def _baselines():
    from joblib import Parallel, delayed
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    images, labels = _cells()
    images = images[:, 0]
    measured = Parallel(2)(delayed(ten_and_area)(image) for image in images)
    ten, area = (np.array(values) for values in zip(*measured, strict=True))
    rows = cytology.table()[0]
    table, worst = np.array([list(row.values()) for row in rows]), np.array([row["worst radius"] for row in rows])
    logistic = make_pipeline(StandardScaler(), LogisticRegression())
    svm = GridSearchCV(make_pipeline(StandardScaler(), SVC()), GRID, scoring="roc_auc", cv=5)  # inside each fold
    trials = {
        "mean brightness": (logistic, images.mean((1, 2, 3))[:, None]),
        "total nuclear area": (logistic, area[:, None]),
        "SVM on the ten measured features": (svm, ten),
        "the table's worst radius alone": (logistic, worst[:, None]),
        "SVM on the table's thirty columns": (svm, table),
    }
    return {name: exact(cross_val_predict(model, x, labels, cv=folds_of(labels), method="decision_function"))
            for name, (model, x) in trials.items()}


def ten_and_area(image):
    """The ten mean features and the total nuclear area of a picture, in table units."""
    from course.imaging.measurement import FEATURES, measure
    from course.imaging.segmentation import segment_nuclei

    labels, pixel = segment_nuclei(image), cytology.pixel_size(len(image))
    features = measure(image, labels, pixel)
    return [features[f"mean {name}"] for name in FEATURES], (labels > 0).sum() * pixel**2


def ultrasound(parts):
    """The repaired network on BreastMNIST's official split, exported at 150 pixels: three seeds, measures of the test.

    Its labels are not the course's to store, so these runs alone keep measures: at 0.5, and at the threshold that
    finds 95 % of the malignant validation pictures.
    """
    recipe = ultrasound_recipe()
    return [parts.get(f"ultrasound, seed {seed}", _behaviour("ultrasound"), lambda s=seed: _ultrasound(recipe, s))
            for seed in SEEDS[:3]]


def _ultrasound(recipe, seed):
    from course.reproduce.tables import measures

    data = _ultrasound_splits()
    run = _run(data, recipe, seed)
    threshold = metrics.threshold_for_sensitivity(data["validation"].labels, np.array(run["validation_scores"]), 0.95)
    labels, scores = data["test"].labels, np.array(run["test_scores"])
    return {"seed": seed, "seconds": run["seconds"], "history": run["history"],
            "majority": float(np.mean(labels == 0)),
            "at 0.5": measures(labels, scores), "at threshold": measures(labels, scores, threshold)}


@functools.cache
def _ultrasound_splits():
    """Export the pictures as `course data breastmnist` does, read them back as `course train` does."""
    import tempfile
    from pathlib import Path

    from course.data import breastmnist
    from course.data.folders import scan

    with tempfile.TemporaryDirectory() as folder:
        breastmnist.export(Path(folder) / "ultrasound", size=150)
        return scan(Path(folder) / "ultrasound").load(150)
