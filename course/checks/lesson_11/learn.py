"""What the checker of exercise 11.2 needs: shares, means and variances of two classes.

Shapes: x (n, d) measurements, y (n,) labels 0 = benign and 1 = malignant.
"""

import numpy as np
from sklearn.naive_bayes import GaussianNB

from course.checks.compare import Case, Mistake


def cases():
    def random(n, d, seed, note=""):
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
        return Case(rng.normal(5, 2, size=(n, d)) + 3 * y[:, None], y, note=note)

    return [
        Case(np.array([[1.0, 5.0, 0.0], [3.0, 5.5, 2.0], [7.0, 1.0, 4.0], [9.0, 4.0, 3.0]]), np.array([0, 0, 1, 1])),
        random(7, 1, 112, "one measurement"),
        random(11, 3, 113),
        Case(np.array([[4, 1], [6, 1], [5, 9]]), np.array([1, 1, 0]), note="one patient of a class: variance 0"),
        random(10, 2, 115),
        Case(1e3 + random(9, 2, 116).args[0], random(9, 2, 116).args[1], note="far from 0"),
    ]


def by_scikit_learn(x, y):
    """GaussianNB's estimates without smoothing (which it needs where a variance is 0)."""
    model = GaussianNB(var_smoothing=0).fit(x, y)
    return model.class_prior_, model.theta_, model.var_


def _estimates(x, y, share=None, centre=np.mean, spread=np.var):
    groups = [x[y == k] for k in (0, 1)]
    shares = np.array([len(group) / len(y) for group in groups]) if share is None else share(groups)
    return (shares, np.array([centre(group, axis=0) for group in groups]),
            np.array([spread(group, axis=0) for group in groups]))  # fmt: skip


def _turned(result):
    return tuple(np.asarray(part)[::-1] for part in result)


def _pooled(x, y):
    shares, means, _ = _estimates(x, y)
    return shares, means, np.array([x.var(axis=0)] * 2)


def _across(x, y):
    """Means and variances along axis 1; where the classes differ in size these make no array, and nothing matches."""
    groups = [x[y == k] for k in (0, 1)]
    if len(groups[0]) != len(groups[1]):
        return None
    means, variances = (np.array([f(g, axis=1) for g in groups]) for f in (np.mean, np.var))
    return np.bincount(y) / len(y), means, variances


def _from_zero(group, axis):
    return (group**2).mean(axis=axis)


def _lost_axis(result, expected, *inputs):
    pairs = [(np.asarray(part), other) for part, other in zip(result, expected, strict=True)]
    same = all(a.size == b.size and np.allclose(a.ravel(), b.ravel()) for a, b in pairs)
    return same and any(a.shape != b.shape for a, b in pairs)


def _measurements_first(result, expected, x, y):
    means = np.asarray(result[1])
    return means.shape == expected[1].T.shape != expected[1].shape and np.allclose(means, expected[1].T)


def _one_share(result, expected, *inputs):
    return np.size(result[0]) == 1 and np.isclose(result[0], expected[0]).any()


def _exchanged(x, y):
    shares, means, variances = _estimates(x, y)
    return shares, variances, means


MISTAKES = [
    Mistake("The variances are divided by n - 1 (ddof=1). This model, and the library, divide by n: the mean of the "
            "squared distances.", wrong=lambda x, y: _estimates(x, y, spread=lambda g, axis: g.var(axis, ddof=1))),
    Mistake("These are standard deviations. The variance is their square.",
            wrong=lambda x, y: _estimates(x, y, spread=np.std)),
    Mistake("These are standard deviations, and divided by n - 1. The variance is the mean of the squared distances.",
            wrong=lambda x, y: _estimates(x, y, spread=lambda g, axis: g.std(axis, ddof=1))),
    Mistake("Means and variances are exchanged: return shares, means, variances.", wrong=_exchanged),
    Mistake("Only one share came back. Return both, benign first; they add up to 1.", when=_one_share),
    Mistake("Means and variances are turned: a row for each class, a column for each measurement, (2, d).",
            when=_measurements_first),
    Mistake("The variances are those of all patients together. Each class has its own: within the class.",
            wrong=_pooled),
    Mistake("The variance is measured from 0, not from the mean of the class.",
            wrong=lambda x, y: _estimates(x, y, spread=_from_zero)),
    Mistake("The squared distances are added up, not averaged: divide by the number of patients of the class.",
            wrong=lambda x, y: _estimates(x, y, spread=lambda g, axis: g.var(axis) * len(g))),
    Mistake("The sum of squares is divided by the number of all patients, not of the class.",
            wrong=lambda x, y: _estimates(x, y, spread=lambda g, axis: g.var(axis) * len(g) / len(y))),
    Mistake("The distances are averaged without their square: this is the mean absolute distance.",
            wrong=lambda x, y: _estimates(x, y, spread=lambda g, axis: np.abs(g - g.mean(axis)).mean(axis))),
    Mistake("The prior is forgotten: the shares are a half each, whatever was counted.",
            wrong=lambda x, y: _estimates(x, y, share=lambda groups: np.full(2, 0.5))),
    Mistake("The shares are counts. Divide by the number of all patients.",
            wrong=lambda x, y: _estimates(x, y, share=lambda groups: np.array([len(g) for g in groups]))),
    Mistake("The classes are turned round: benign, 0, comes first. (scikit-learn's own table has the labels the "
            "other way round; the course's has not.)", wrong=lambda x, y: _turned(_estimates(x, y))),
    Mistake("The shares are turned round: benign, 0, comes first.",
            wrong=lambda x, y: _estimates(x, y, share=lambda groups: np.bincount(y)[::-1] / len(y))),
    Mistake("These are medians. The normal curve is fitted with means.",
            wrong=lambda x, y: _estimates(x, y, centre=np.median)),
    Mistake("All measurements are thrown together: the mean must run over the patients only, axis=0.",
            wrong=lambda x, y: _estimates(x, y, centre=lambda g, axis: g.mean(), spread=lambda g, axis: g.var())),
    Mistake("The mean runs over the measurements of each patient. It must run over the patients: axis=0.",
            wrong=_across),
    Mistake("The numbers are right, the shapes are not: shares (2,), means (2, d), variances (2, d).",
            when=_lost_axis),
]  # fmt: skip
