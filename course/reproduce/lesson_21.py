"""The runs behind lesson 21: BreastMNIST's twins, what they are worth, and five folds that keep them together.

Twins and quick classifiers are here, networks in `course.reproduce.folds_21`.

The labels are not the course's to store, so measures are kept, not scores: every one is computed here, from scores that
lie in .reproduce/ alone. The pictures must be there (COURSE_DATA, or the folder data).
"""

import functools

import numpy as np

from course.data import twins
from course.evaluation import intervals, metrics
from course.reproduce import behaviour
from course.reproduce.store import reproduce

FOLDS = 5
REPEATS = (0, 1, 2, 3, 4)  # of the quick comparison, each with folds of its own
RULES = (0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.999)  # one is used: what hangs on it?


def main(only=None):
    """Run everything (four hours on two quiet cores) or one part; write results/lesson_21.json."""
    from course.reproduce import folds_21

    steps = {"twins": count_twins, "leak": leak, "folds": folds_21.folds, "masks": folds_21.masks,
             "official": folds_21.official}
    return reproduce(21, steps, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    from course.reproduce import folds_21
    from course.reproduce.lesson_17 import frozen_behaviour

    return {"twins": behaviour_of_twins(), "plan": [FOLDS, list(REPEATS), list(RULES)], "frozen": frozen_behaviour(),
            "networks": {name: folds_21.key(name) for name in folds_21.networks()}}


@functools.cache
def behaviour_of_twins():
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
def prints():
    """The fingerprints of all pictures: (780, 256)."""
    return twins.prints_of(pictures()[0])


@functools.cache
def groups():
    """The number of its group of twins for each picture: (780,)."""
    return twins.groups(prints())


def count_twins(parts):
    """The number of twins by each rule, and that of pictures of each kind."""
    _, labels, split, kind = pictures()
    return {"rules": [twins.summary(prints(), labels, split, alike) for alike in RULES], "rule": twins.RULE,
            "kinds": {name: int(np.sum(kind == name)) for name in ("benign", "malignant", "normal")},
            "sizes": np.bincount(np.bincount(groups())).tolist()}


def folds_of(grouped, seed):
    """Return the fold of each picture, 0 to 4: stratified by label, and with twins together if `grouped`."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    labels = pictures()[1]
    cut = (StratifiedGroupKFold if grouped else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
    fold = np.empty(len(labels), int)
    for number, (_, rows) in enumerate(cut.split(labels, labels, groups() if grouped else None)):
        fold[rows] = number
    return fold


def leak(parts):
    """Quick classifiers out of fold, twins apart or together: {classifier: {"apart": [AUC a repeat], "together": ...}}.

    nearest: the label of the most similar picture of training, which a network that has learnt its pictures by heart
    resembles. frozen: logistic regression on the borrowed network's features. "gap": mean AUC apart minus together,
    with its interval on the same pictures, drawn by group of twins.
    """
    labels, found = pictures()[1], {}
    for name, way in {"nearest": _nearest, "frozen": lambda fold: frozen(parts, fold)}.items():
        scores = np.array([[way(folds_of(grouped, seed)) for seed in REPEATS] for grouped in (False, True)])
        apart, together = ([round(metrics.auc(labels, one), 6) for one in several] for several in scores)
        found[name] = {"apart": apart, "together": together, "gap": mean_gap(labels, scores, groups())}
    return found


def mean_gap(labels, scores, group):
    """The difference of the mean AUCs of two ways, scores (2, repeats, n), with its interval by group of twins.

    Percentiles of 2,000 draws of whole groups, both ways on the same pictures.
    """
    def gap(drawn_labels, rows):
        some = scores[:, :, rows.astype(int)]
        means = [np.mean([metrics.auc(drawn_labels, one) for one in several]) for several in some]
        return means[0] - means[1]

    return intervals.bootstrap(gap, labels, np.arange(len(labels)), group)


def _nearest(fold):
    """Out of fold: the label of the nearest picture, by correlation of small pictures, ordered by how near it is."""
    labels, near, scores = pictures()[1], prints() @ prints().T, np.empty(len(fold))
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


def frozen(parts, fold):
    """Out of fold: logistic regression on frozen features, its penalty fixed: logits (780,)."""
    from course.reproduce.lesson_17 import classifier

    labels, features, scores = pictures()[1], _features(parts), np.empty(len(fold))
    for number in range(FOLDS):
        out = fold == number
        scores[out] = classifier().fit(features[~out], labels[~out]).decision_function(features[out])
    return scores
