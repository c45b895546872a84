"""Lesson 17 on real ultrasound: BreastMNIST at 224 pixels, official split, a borrowed network frozen and fine-tuned.

Every choice is made on training and validation pictures; each model sees the test pictures once. Their labels are not
the course's to store, so measures are kept, not scores.
"""

import functools
import shutil
from dataclasses import replace

import numpy as np

from course.data import Split, cytology
from course.evaluation import intervals, metrics
from course.reproduce import behaviour
from course.reproduce.lesson_17 import FULL, SEEDS, classifier, first_steps, frozen_behaviour, frozen_features
from course.reproduce.store import exact

PENALTIES = tuple(10.0**k for k in range(-5, 1))  # C of the logistic regression, chosen inside the training pictures


def recipe():
    """The borrowed network on ultrasound: nothing turned upside down; the mean of the last steps' weights is kept."""
    from course.models.training import RECIPES

    return replace(RECIPES["transfer"], augmentation="ultrasound", flips="horizontal", monitor="last")


def settings():
    """The recipe, and what its augmentation does, as behaviour."""
    images = np.stack([cytology.draw(case, 64) for case in behaviour.CASES])
    return {**behaviour.settings(recipe()), "augmented": behaviour.augmented("ultrasound", images)}


def ultrasound(parts, seeds=SEEDS):
    """Frozen and fine-tuned on BreastMNIST at 224 pixels: measures of the test pictures, opened once a model."""
    return summary(*runs(parts, seeds))


def runs(parts, seeds=SEEDS):
    """Return (frozen, [fine-tuned of seed 0, ...]): dicts with the scores of validation and test pictures."""
    key = {"settings": settings(), "steps": first_steps("whole")}
    frozen = parts.get("ultrasound, frozen", {"frozen": frozen_behaviour(), "penalties": list(PENALTIES)},
                       _frozen)
    return frozen, [parts.get(f"ultrasound, seed {seed}", key, lambda s=seed: _tuned(s, parts)) for seed in seeds]


def _frozen():
    """Logistic regression on frozen features and, for comparison, on the mean brightness alone."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    data = _splits()
    train, labels = frozen_features(data["train"].images), data["train"].labels
    search = GridSearchCV(classifier(), {"logisticregression__C": PENALTIES}, scoring="roc_auc", cv=5)
    search.fit(train, labels)
    mean = {split: part.images.mean((1, 2, 3))[:, None] / 255 for split, part in data.items()}
    plain = LogisticRegression().fit(mean["train"], labels)
    scores = {split: search.predict_proba(frozen_features(data[split].images))[:, 1]
              for split in ("validation", "test")}
    return {"C": search.best_params_["logisticregression__C"],
            **{f"{split}_scores": exact(values) for split, values in scores.items()},
            "brightness": exact(plain.predict_proba(mean["test"])[:, 1])}


def _tuned(seed, parts):
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    chosen, data = recipe(), _splits()
    model = chosen.build(data["train"].images.shape[1:], seed)
    folder = parts.path(f"ultrasound, seed {seed}", "_run")  # an interruption costs one epoch
    history = fit(model, data["train"], data["validation"], chosen, seed, True, folder, discard_other=True)
    scores = {name: predict_scores(model, data[name].images, chosen.flips) for name in ("validation", "test")}
    shutil.rmtree(folder)
    return {"seed": seed, "seconds": round(history.attrs["seconds"]),
            "history": {name: np.round(values, 4).tolist() for name, values in history.items()},
            **{f"{name}_scores": exact(values) for name, values in scores.items()}}


def summary(frozen, runs):
    """Return the measures that are stored of the ultrasound runs, and of the mean of their probabilities."""
    data = _splits()
    labels = {split: data[split].labels for split in ("validation", "test")}
    scores = {split: np.array([run[f"{split}_scores"] for run in runs]) for split in labels}
    alone = {split: np.array(frozen[f"{split}_scores"]) for split in labels}
    found = {"majority": float(np.mean(labels["test"] == 0)), "C": frozen["C"],
             "mean brightness": intervals.delong(labels["test"], np.array(frozen["brightness"])),
             "frozen": _measured(labels, alone),
             "seeds": [{"seed": run["seed"], "seconds": run["seconds"], "history": run["history"],
                        **_measured(labels, {split: scores[split][k] for split in labels}, alone)}
                       for k, run in enumerate(runs)]}
    if not runs:
        return found
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
def _splits():
    """The published splits at 224 pixels, each grey picture as three equal channels."""
    from course.data import breastmnist

    return {name: Split(np.repeat(images[..., None], 3, axis=-1), labels)
            for name, (images, labels) in breastmnist.load(FULL).items()}
