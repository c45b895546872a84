"""The runs behind lesson 19: fields of one patient on both sides of a split, and whether intervals keep their promise.

Pictures: FIELDS fields of every patient at 48 x 48 pixels, described by six numbers, the mean and the spread of each
channel. Models are classical and quick, so that each split can be drawn five times.
"""

import functools
import itertools

import numpy as np

from course.data import cytology
from course.evaluation import metrics
from course.reproduce import behaviour, coverage_19
from course.reproduce.lesson_14 import folds_of
from course.reproduce.store import exact, reproduce

SIZE, FIELDS, FOLDS = 48, 4, 5
SEEDS = (0, 1, 2, 3, 4)
MODELS = ("one neighbour", "random forest", "logistic regression")
WAYS = ("by picture", "by patient")


def main(only=None):
    """Run everything (a quarter of an hour of one core) or one part; write results/lesson_19.json."""
    steps = {"features": features, "split": split, "scores": scores, "coverage": coverage}
    return reproduce(19, steps, fingerprint, only)


@functools.cache
def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {"drawing": _drawing(), "models": _models(), "runs": [SIZE, FIELDS, FOLDS, list(SEEDS)],
            "coverage": coverage_19.fingerprint()}


def _drawing():
    fields = np.stack([cytology.draw(case, SIZE, field) for case in behaviour.CASES for field in range(FIELDS)])
    return [behaviour.numbers(row) for row in described(fields)]


def _models():
    """What each model scores in each way to split, on a few simulated patients."""
    rng = np.random.default_rng(0)
    patients = np.repeat(np.arange(20), 2)
    X, labels = rng.normal(size=(20, 3))[patients] + 0.1 * rng.normal(size=(40, 3)), np.arange(20)[patients] % 2
    return {f"{name}, {way}": behaviour.numbers(out_of_fold(name, X, labels, patients, way, 0)[:6])
            for name in MODELS for way in WAYS}


def described(images):
    """Return six numbers a picture: means and standard deviations of the channels; (n, h, w, 3) -> (n, 6)."""
    pixels = images.reshape(len(images), -1, 3).astype(float)
    return np.hstack([pixels.mean(axis=1), pixels.std(axis=1)]).round(1)


def features(parts):
    """Six numbers of every picture: a list of six columns, each (569 * FIELDS,); a patient's fields side by side."""
    key = {"drawing": _drawing(), "size": [SIZE, FIELDS]}
    return parts.get("features", key, lambda: [exact(column) for column in described(cytology.load(SIZE, FIELDS)[0]).T])


def pictures(columns, fields=FIELDS):
    """Return (X (n, 6), labels (n,), patients (n,)) of the first `fields` fields a patient, from stored columns."""
    patients, kept = np.repeat(np.arange(cytology.N_CASES), FIELDS), np.arange(cytology.N_CASES * FIELDS) % FIELDS
    rows = kept < fields
    return np.array(columns).T[rows], cytology.table()[1][patients[rows]], patients[rows]


def split(parts):
    """AUC out of fold, pictures split in two ways: {labels: {fields: {model: {way: [one a seed]}}}}.

    labels: "true", or "lot": given to the patients by lot, so that every honest judgement ends at one half.
    """
    columns, found = features(parts), {}
    for what in itertools.product(("true", "lot"), (2, FIELDS), MODELS, WAYS):
        kind, fields, name, way = what
        five = [_part(parts, columns, *what, seed) for seed in SEEDS]
        found.setdefault(kind, {}).setdefault(str(fields), {}).setdefault(name, {})[way] = five
    return found


def _part(parts, columns, *what):
    kind, fields, name, way, seed = what
    title = f"{kind}, {fields} fields, {name}, {way}, seed {seed}"
    return parts.get(title, _key(), lambda: _auc(columns, *what))


def _key():
    return {name: fingerprint()[name] for name in ("drawing", "models", "runs")}


def _auc(columns, kind, fields, name, way, seed):
    X, labels, patients = pictures(columns, fields)
    if kind == "lot":
        labels = np.random.default_rng(seed).permutation(cytology.table()[1])[patients]
    return round(metrics.auc(labels, out_of_fold(name, X, labels, patients, way, seed)), 4)


def out_of_fold(name, X, labels, patients, way, seed):
    """Return scores (n,): each picture's, from a model of the other folds; folds of pictures or of whole patients."""
    found = np.empty(len(labels))
    for inner, outer in folds(labels, patients, way, seed):
        found[outer] = model(name, seed).fit(X[inner], labels[inner]).predict_proba(X[outer])[:, 1]
    return found


def folds(labels, patients, way, seed):
    """Return FOLDS pairs (pictures that train, pictures that are judged), stratified; way: one of WAYS."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    if way == WAYS[0]:
        return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels))
    return list(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels, patients))


def model(name, seed=0):
    """Return an untrained classifier, one of MODELS, its scaler inside."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kinds = {"one neighbour": lambda: KNeighborsClassifier(1), "logistic regression": LogisticRegression,
             "random forest": lambda: RandomForestClassifier(100, random_state=seed)}
    return make_pipeline(StandardScaler(), kinds[name]())


def scores(parts):
    """Risks of the logistic regression for every picture, out of fold by patient, in lesson 14's folds: (2276,)."""
    return parts.get("scores", _key(), lambda: exact(_scores(features(parts))))


def _scores(columns):
    X, labels, patients = pictures(columns)
    found, truth = np.empty(len(labels)), cytology.table()[1]
    for inner, outer in folds_of(truth):
        train, judged = np.isin(patients, inner), np.isin(patients, outer)
        found[judged] = model("logistic regression").fit(X[train], labels[train]).predict_proba(X[judged])[:, 1]
    return found


def coverage(parts):
    """How often a 95 % interval encloses the truth: {case: {method: share of the studies}}, and how many studies."""
    return coverage_19.run(parts)
