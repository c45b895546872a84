"""What the checker of exercise 11.2 needs: shares, means and variances of two classes.

Shapes: x (n, d) measurements, y (n,) labels 0 = benign and 1 = malignant.
"""

import numpy as np
from sklearn.naive_bayes import GaussianNB

from course.checks.compare import Case, mistakes


def cases():
    def drawn(n, d, seed, far=0.0, note=""):
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
        return Case(rng.normal(5 + far, 2, size=(n, d)) + 3 * y[:, None], y, note=note)

    return [
        Case(np.array([[1.0, 5.0, 0.0], [3.0, 5.5, 2.0], [7.0, 1.0, 4.0], [9.0, 4.0, 3.0]]), np.array([0, 0, 1, 1])),
        drawn(7, 1, 112, note="one measurement"), drawn(11, 3, 113), drawn(10, 2, 115),
        drawn(5, 5, 114, note="as many patients as measurements"),
        Case(np.array([[4, 1], [6, 1], [5, 9]]), np.array([1, 1, 0]), note="one patient of a class: variance 0"),
        Case(np.array([[2.0, 2.0], [2.0, 8.0]]), np.array([1, 0]), note="one patient of each"),
        drawn(9, 2, 116, far=1e3, note="far from 0"),
    ]  # fmt: skip


def by_scikit_learn(x, y):
    """GaussianNB's estimates without smoothing (which it needs where a variance is 0)."""
    model = GaussianNB(var_smoothing=0).fit(x, y)
    return model.class_prior_, model.theta_, model.var_


def _with(share=lambda groups, n: [len(g) / n for g in groups], centre=np.mean, spread=np.var,
          back=lambda shares, means, variances: (shares, means, variances)):  # fmt: skip
    """Return a (mistaken) way to learn: share(groups, n), centre and spread (group, axis=0), and what is returned."""
    def learn(x, y):
        groups = [x[y == 0], x[y == 1]]
        parts = share(groups, len(y)), [centre(g, axis=0) for g in groups], [spread(g, axis=0) for g in groups]
        return back(*map(np.array, parts))
    return learn


def _pooled(x, y):
    return _with(spread=lambda group, axis: x.var(axis))(x, y)


def _of_all(x, y):
    return _with(spread=lambda group, axis: group.var(axis) * len(group) / len(y))(x, y)


MISTAKES = mistakes(
    ("The variances are divided by n - 1 (ddof=1). This model, and the library, divide by n: the mean of the squared "
     "distances.", _with(spread=lambda g, axis: g.var(axis, ddof=1))),
    ("These are standard deviations. The variance is their square.", _with(spread=np.std)),
    ("These are standard deviations, and divided by n - 1. The variance is the mean of the squared distances.",
     _with(spread=lambda g, axis: g.std(axis, ddof=1))),
    ("Means and variances are exchanged: return shares, means, variances.",
     _with(back=lambda shares, means, variances: (shares, variances, means))),
    ("Only one share came back. Return both, benign first; they add up to 1.",
     *(_with(back=lambda shares, means, variances, k=k: (shares[k], means, variances)) for k in (0, 1))),
    ("Means and variances are turned: a row for each class, a column for each measurement, (2, d).",
     _with(back=lambda shares, means, variances: (shares, means.T, variances.T))),
    ("The variances are those of all patients together. Each class has its own: within the class.", _pooled),
    ("The variance is measured from 0, not from the mean of the class.",
     _with(spread=lambda g, axis: (g**2).mean(axis))),
    ("The squared distances are added up, not averaged: divide by the number of patients of the class.",
     _with(spread=lambda g, axis: g.var(axis) * len(g))),
    ("The sum of squares is divided by the number of all patients, not of the class.", _of_all),
    ("The distances are averaged without their square: this is the mean absolute distance.",
     _with(spread=lambda g, axis: np.abs(g - g.mean(axis)).mean(axis))),
    ("The prior is forgotten: the shares are a half each, whatever was counted.",
     _with(share=lambda groups, n: [0.5, 0.5])),
    ("The shares are counts. Divide by the number of all patients.",
     _with(share=lambda groups, n: [len(g) for g in groups])),
    ("The classes are turned round: benign, 0, comes first. (In scikit-learn's own table 0 is malignant; in the "
     "course's it is not.)", _with(back=lambda *parts: tuple(part[::-1] for part in parts))),
    ("The shares are turned round: benign, 0, comes first.",
     _with(back=lambda shares, means, variances: (shares[::-1], means, variances))),
    ("These are medians. The normal curve is fitted with means.", _with(centre=np.median)),
    ("All measurements are thrown together: the mean must run over the patients only, axis=0.",
     _with(centre=lambda g, axis: g.mean(), spread=lambda g, axis: g.var())),
    ("The mean runs over the measurements of each patient. It must run over the patients: axis=0.",
     _with(centre=lambda g, axis: g.mean(axis=1), spread=lambda g, axis: g.var(axis=1))),
)  # fmt: skip
