"""What the checker of exercise 9.4 needs: slopes of P as SciPy measures them, and which answers are valid at a kink."""

import numpy as np

from course.checks.compare import Case, mistakes, require
from course.checks.core import call
from course.checks.differences import agree
from course.checks.lesson_09.score import MINUS_B, NO_B, SIX, SIX_Y, objective_by_library


def by_measuring(w, b, X, y, C):
    """Measure the slopes with SciPy; P itself is half of w . w plus C times scikit-learn's hinges."""
    from scipy.optimize import approx_fprime

    measured = approx_fprime(np.append(w, float(b)), lambda at: objective_by_library(at[:-1], at[-1], X, y, C), 1e-7)
    return measured[:-1], measured[-1]


def cases():
    rng = np.random.default_rng(94)
    y = rng.choice([-1, 1], 13)
    return [
        Case(np.array([0.5, -0.5]), 0.55, SIX, SIX_Y, 0.25, note="the six, a bad line"),
        Case(np.array([1.1, 0.6]), 0.25, SIX, SIX_Y, 2.0, note="the six, a good line: one patient pulls"),
        Case(np.array([0.1, 0.05]), 0.3, SIX, SIX_Y, 0.5, note="all six pull"),
        Case(rng.normal(size=5), 0.7, rng.normal(size=(13, 5)), y, 0.3, note="five measurements, 13 patients"),
        Case(rng.normal(size=4), -0.6, rng.normal(size=(4, 4)), y[:4] * 1.0, 1.5, note="four patients and columns"),
        Case(rng.normal(size=3), -3.4, rng.normal(size=(9, 3)), np.ones(9, int), 3.0, note="all malignant"),
        Case(np.array([2.0, 1.0]), -2.25, SIX, SIX_Y, 1.5, note="nobody pulls: only the regulariser"),
        Case(np.array([1.5]), 0.3, np.array([[-0.4]]), np.array([1]), 1.5, note="one patient, one measurement"),
    ]


def kinks():
    return [
        Case(np.array([1.0, 0.5]), -1.0, SIX, SIX_Y, 1.0, note="line 3: patients 2, 3 and 6 stand exactly at the edge"),
        Case(np.array([0.0, 0.0]), 1.0, SIX, SIX_Y, 0.5, note="w = 0, b = 1: all malignant ones at the edge"),
        Case(np.array([2.0, 0.0]), -1.0, SIX, SIX_Y, 0.25, note="line 1: patients 3 and 6 at the edge"),
    ]


def require_valid_at_kinks(answer):
    """At y (w . x + b) = 1 any share of a patient's pull from none to all is a valid sub-gradient."""
    from scipy.optimize import lsq_linear

    for case in kinks():
        w, b, X, y, C = case.args
        came = np.concatenate([np.ravel(part).astype(float) for part in call(answer, *case.args)])
        margins = y * (X @ w + b)
        pulls = -C * y[:, None] * np.column_stack([X, np.ones(len(X))])
        base, at = np.append(w, 0.0) + pulls[margins < 1].sum(axis=0), pulls[margins == 1].T
        valid = came.shape == base.shape and agree(
            base + at @ lsq_linear(at, came - base, (0, 1), tol=1e-12).x, came, 1e-5, 1e-6)
        require(valid, "Away from the kinks all is right; at a kink (y times the score exactly 1) a patient may pull "
                "fully, not at all, or by any share between, but your answer is none of these.",
                went_in=list(case.args), came_out=came)


def _slopes(pull=lambda m, y, C: C * y * (m < 1), by_w=lambda w, X, p, C: w - X.T @ p,
            by_b=lambda b, p, C: -p.sum(), of_b=1):  # fmt: skip
    """Return a (mistaken) sub-gradient: pull(margins, y, C) of each patient, how pulls are collected, of_b times b."""
    def slopes(w, b, X, y, C):
        p = pull(y * (X @ w + of_b * b), y, C)
        return by_w(w, X, p, C), by_b(b, p, C)
    return slopes


MISTAKES = mistakes(
    ("The regulariser's slope is missing: 1/2 ||w||^2 has the slope w, so by w it is w minus the pulls.",
     _slopes(by_w=lambda w, X, p, C: -X.T @ p)),
    ("The intercept is regularised: b itself stands in the slope by b. P holds no b^2.",
     _slopes(by_b=lambda b, p, C: b - p.sum())),
    ("The regulariser is counted once for every patient: n w instead of w. ||w||^2 stands outside the sum over "
     "patients.", _slopes(by_w=lambda w, X, p, C: len(X) * w - X.T @ p)),
    ("The hinge's slope is counted once for each feature: it is d times too large. The hinge is a sum over patients, "
     "outside the sum over features.", _slopes(by_w=lambda w, X, p, C: w - len(w) * X.T @ p),
     lambda w, b, X, y, C: _slopes()(w, b, X, y, C * len(w))),
    ("1/2 ||w||^2 has the slope w, not 2 w and not w / 2: the square brings a 2, which cancels the half.",
     _slopes(by_w=lambda w, X, p, C: 2 * w - X.T @ p), _slopes(by_w=lambda w, X, p, C: w / 2 - X.T @ p)),
    ("The sign of the hinge's slope is turned: 1 - y s falls when y s rises, so its slope is -y x.",
     _slopes(lambda m, y, C: -C * y * (m < 1))),
    ("The sign of the hinge's slope by w is turned: 1 - y s falls when y s rises, so its slope is -y x.",
     _slopes(by_w=lambda w, X, p, C: w + X.T @ p)),
    ("The sign of the slope by b is turned.", _slopes(by_b=lambda b, p, C: p.sum())),
    ("y is missing in a slope, or in both: it says to which side a patient pulls.",
     _slopes(by_w=lambda w, X, p, C: w - X.T @ np.abs(p)), _slopes(by_b=lambda b, p, C: -np.abs(p).sum()),
     _slopes(lambda m, y, C: C * (m < 1))),
    ("C stands at w. It multiplies the pulls, and them alone.", _slopes(by_w=lambda w, X, p, C: C * w - X.T @ p),
     _slopes(by_w=lambda w, X, p, C: C * w - X.T @ p / C, by_b=lambda b, p, C: -p.sum() / C)),
    ("C is missing in a slope, or in both: each pull is worth C.", _slopes(lambda m, y, C: y * (m < 1)),
     _slopes(by_b=lambda b, p, C: -p.sum() / C), _slopes(by_w=lambda w, X, p, C: w - X.T @ p / C)),
    ("The slope by b is missing (0). b moves the line to and fro: -C times the sum of y over those who pull.",
     _slopes(by_b=lambda b, p, C: 0.0)),
    ("All patients pull, whether clear of the strip or not. Only where y times the score is below 1 has the hinge a "
     "slope.", _slopes(lambda m, y, C: C * y)),
    ("The wrong patients pull: yours are those who are clear of the strip (y times the score above 1).",
     _slopes(lambda m, y, C: C * y * (m > 1))),
    ("The score itself is compared with 1. It is y times the score that must reach 1: a benign tumour wants a score of "
     "-1 or less.", _slopes(lambda m, y, C: C * y * (y * m < 1))),
    ("Only patients on the wrong side of the line pull in your answer (y times the score below 0). Those inside the "
     "strip pull too: below 1.", _slopes(lambda m, y, C: C * y * (m < 0))),
    ("The pull of each patient is multiplied by her hinge, as in the slope of a squared hinge. Here every patient who "
     "pulls does so with the same force.", _slopes(lambda m, y, C: C * y * np.maximum(0, 1 - m))),
    ("The mean of the pulls was taken. P adds the hinges up, so their slopes are added up too.",
     _slopes(lambda m, y, C: C * y * (m < 1) / len(m))),
    ("Labels 0 and 1 stand in the slopes. Here y comes as -1 and +1: use it as it is.",
     _slopes(lambda m, y, C: C * (y > 0) * (m < 1))),
    (NO_B, _slopes(of_b=0)), (MINUS_B, _slopes(of_b=-1)),
    ("These are the weights after a step. The slopes were asked; steps come afterwards.",
     _slopes(by_w=lambda w, X, p, C: X.T @ p, by_b=lambda b, p, C: b + p.sum())),
)  # fmt: skip
