"""The runs behind lesson 21: BreastMNIST's twins, what they are worth, and five folds that keep them together.

The labels are not the course's to store, so measures are kept, not scores: every one is computed here, from scores that
lie in .reproduce/ alone. The pictures must be there (COURSE_DATA, or the folder data).
"""

import functools

import numpy as np

from course.data import Split, twins
from course.evaluation import clustered, intervals
from course.reproduce import behaviour
from course.reproduce.store import exact, reproduce

FOLDS = 5
REPEATS = (0, 1, 2, 3, 4)  # of the quick comparison, each with folds of its own
RULES = (0.95, 0.97, 0.98, 0.99, 0.995)  # correlations; that of `twins.RULE` is used, the others show what hangs on it


def main(only=None):
    """Run everything (four hours on two quiet cores) or one part; write results/lesson_21.json."""
    return reproduce(21, {"twins": count_twins, "leak": leak, "folds": folds}, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    from course.reproduce.lesson_17 import frozen_behaviour

    return {"twins": _behaviour_of_twins(), "plan": [FOLDS, list(REPEATS), list(RULES)], "frozen": frozen_behaviour(),
            "networks": {name: _key(name) for name in networks()}}


@functools.cache
def _behaviour_of_twins():
    """How near two drawn fields are, and the rule."""
    from course.data import cytology

    prints = np.stack([twins.fingerprint(cytology.draw(case, 64)) for case in behaviour.CASES])
    return [twins.RULE, behaviour.numbers((prints @ prints.T).ravel())]


@functools.cache
def pictures(size=224):
    """All 780: (grey uint8 (780, size, size), labels, split of each, 'benign', 'malignant' or 'normal' of each)."""
    from course.data import breastmnist

    data, names = breastmnist.load(size), breastmnist.load_sources()
    split = np.concatenate([[name] * len(part.labels) for name, part in data.items()])
    kind = np.concatenate([[name.split(" ")[0] for name in names[one]] for one in data])
    return (np.concatenate([part.images for part in data.values()]),
            np.concatenate([part.labels for part in data.values()]), split, kind)


@functools.cache
def _prints():
    return twins.prints_of(pictures()[0])


def count_twins(parts):
    """The number of twins by each rule, and that of pictures of each kind."""
    _, labels, split, kind = pictures()
    return {"rules": [twins.summary(_prints(), labels, split, alike) for alike in RULES], "rule": twins.RULE,
            "kinds": {name: int(np.sum(kind == name)) for name in ("benign", "malignant", "normal")},
            "sizes": np.bincount(np.bincount(twins.groups(_prints()))).tolist()}


def folds_of(grouped, seed):
    """Return the fold of each picture, 0 to 4: stratified by label, and with twins together if `grouped`."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    labels = pictures()[1]
    cut = (StratifiedGroupKFold if grouped else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
    fold = np.empty(len(labels), int)
    for number, (_, rows) in enumerate(cut.split(labels, labels, twins.groups(_prints()) if grouped else None)):
        fold[rows] = number
    return fold


def leak(parts):
    """Quick classifiers out of fold, twins together or not: {classifier: {"apart" or "together": [AUC a repeat]}}.

    nearest: the label of the most similar picture of training, which a network that has learnt its pictures by heart
    resembles. frozen: logistic regression on the borrowed network's features.
    """
    from sklearn.metrics import roc_auc_score

    labels, found = pictures()[1], {}
    for name, scores in {"nearest": _nearest, "frozen": lambda fold: _frozen(parts, fold)}.items():
        found[name] = {way: [round(float(roc_auc_score(labels, scores(folds_of(grouped, seed)))), 6)
                             for seed in REPEATS] for way, grouped in (("apart", False), ("together", True))}
    return found


def _nearest(fold):
    """Out of fold: the label of the nearest picture, by correlation of small pictures, ordered by how near it is."""
    labels, near, scores = pictures()[1], _prints() @ _prints().T, np.empty(len(fold))
    for number in range(FOLDS):
        out, known = fold == number, fold != number
        closest = near[np.ix_(out, known)]
        best = closest.argmax(axis=1)
        sure = closest[np.arange(len(best)), best]
        scores[out] = np.where(labels[known][best] == 1, sure, -sure)
    return scores


def _features(parts):
    from course.reproduce.lesson_17 import frozen_behaviour, frozen_features

    grey = pictures()[0]
    return np.array(parts.get("features", {"frozen": frozen_behaviour()}, lambda: frozen_features(
        np.repeat(grey[..., None], 3, axis=-1)).astype(float).round(5).tolist()))


def _frozen(parts, fold):
    from course.reproduce.lesson_17 import classifier

    labels, features, scores = pictures()[1], _features(parts), np.empty(len(fold))
    for number in range(FOLDS):
        out = fold == number
        scores[out] = classifier().fit(features[~out], labels[~out]).decision_function(features[out])
    return scores


def networks():
    """Return {name: (recipe, side of its pictures)}: what is trained on every fold. The last epoch is kept."""
    from dataclasses import replace

    from course.reproduce.lesson_14 import ultrasound_recipe
    from course.reproduce.transfer_ultrasound import recipe

    return {"fine-tuned": (recipe(), 224), "scratch": (replace(ultrasound_recipe(), monitor="last"), 150)}


@functools.cache
def _key(name):
    recipe, _ = networks()[name]
    return {"recipe": behaviour.settings(recipe), "training": behaviour.training(recipe)}


def folds(parts):
    """Five folds over all 780, twins together: measures out of fold of each network, of the frozen features, of means.

    Intervals are by group of twins; differences are paired, by group, on the same pictures.
    """
    _, labels, _, kind = pictures()
    fold, group = folds_of(True, 0), twins.groups(_prints())
    scores = {name: _out_of_fold(parts, name, fold) for name in networks()}
    scores["frozen"] = _probability(_frozen(parts, fold))
    scores["fine-tuned and frozen"] = (scores["fine-tuned"] + scores["frozen"]) / 2
    scores["all three"] = np.mean([scores[name] for name in ("fine-tuned", "frozen", "scratch")], axis=0)
    lesion = kind != "normal"
    return {name: {"AUC": clustered.auc(labels, values, group),
                   "AUC, malignant against benign": clustered.auc(labels[lesion], values[lesion], group[lesion]),
                   "minus frozen": _difference(labels, values, scores["frozen"], group),
                   "sensitivity at 0.5": clustered.share(values[labels == 1] >= 0.5, group[labels == 1]),
                   "specificity at 0.5": clustered.share(values[labels == 0] < 0.5, group[labels == 0])}
            for name, values in scores.items()}


def _probability(logits):
    return 1 / (1 + np.exp(-logits))


def _difference(labels, one, other, group):
    """The difference of two AUCs, with the percentile interval of 2,000 draws of whole groups of twins."""
    both = np.stack([one, other])
    place = np.arange(len(labels))

    def gap(drawn_labels, rows):
        from course.evaluation.metrics import auc

        a, b = both[:, rows.astype(int)]
        return auc(drawn_labels, a) - auc(drawn_labels, b)

    return intervals.bootstrap(gap, labels, place, group)


def _out_of_fold(parts, name, fold):
    """The scores of one network on every picture, each from the training that has not seen its fold."""
    scores = np.empty(len(fold))
    for number in range(FOLDS):
        run = parts.get(f"{name}, fold {number}", {**_key(name), "folds": _behaviour_of_twins()},
                        lambda number=number: _trained(parts, name, fold == number, number))
        scores[fold == number] = run["scores"]
    return scores


def _trained(parts, name, out, number):
    """Train one network on all other folds; the few pictures that `fit` watches on the way decide nothing.

    Kept: scores of the pictures left out, and Grad-CAM's coarse maps of them, for malignant.
    """
    import shutil

    from course.models.explain import grad_cam
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    recipe, side = networks()[name]
    images, labels = np.repeat(_sized(side)[..., None], 3, axis=-1), pictures()[1]
    model = recipe.build(images.shape[1:], seed=number)
    train = Split(images[~out], labels[~out])
    watched = Split(*(np.concatenate([part[labels[~out] == kind][:10] for kind in (0, 1)]) for part in train))
    folder = parts.path(f"{name}, fold {number}", "_run")  # an interruption costs one epoch
    history = fit(model, train, watched, recipe, number, True, folder, discard_other=True)
    scores = predict_scores(model, images[out], recipe.flips)
    heat = grad_cam(model, images[out])
    shutil.rmtree(folder)
    return {"seconds": round(history.attrs["seconds"]), "scores": exact(scores),
            "maps": [exact(np.round(one.ravel(), 6)) for one in heat.values],
            "grid": [heat.rows.tolist(), heat.columns.tolist()]}


@functools.cache
def _sized(side):
    """The pictures at this many pixels a side, shrunk as `course data breastmnist` does."""
    from course.data import breastmnist

    grey = pictures()[0]
    return grey if side == grey.shape[1] else np.stack([breastmnist._resized(image, side) for image in grey])
