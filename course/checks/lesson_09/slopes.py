"""What the checker of exercise 9.4 needs: slopes of P as SciPy measures them, and which answers are valid at a kink."""

import numpy as np

from course.checks.compare import Case, Mistake, describe, find_difference
from course.checks.core import NotYet, call
from course.checks.lesson_09.score import SIX, SIX_Y, objective_by_library


def as_pair(result):
    """Return (by w, by b) with by b as a number where it came as an array of one."""
    if isinstance(result, (tuple, list)) and len(result) == 2 and np.shape(result[1]) == (1,):
        return result[0], np.asarray(result[1])[0]
    return result


def by_measuring(w, b, X, y, C):
    """Measure the slopes with SciPy; P itself is half of w . w plus C times scikit-learn's hinges."""
    from scipy.optimize import approx_fprime

    def value(place):
        return objective_by_library(place[:-1], place[-1], X, y, C)

    measured = approx_fprime(np.append(w, float(b)), value, 1e-7)
    return measured[:-1], measured[-1]


def cases():
    rng = np.random.default_rng(94)
    y = rng.choice([-1, 1], 13)
    return [
        Case(np.array([0.5, -0.5]), 0.55, SIX, SIX_Y, 0.25, note="the six, a bad line"),
        Case(np.array([1.1, 0.6]), 0.25, SIX, SIX_Y, 2.0, note="the six, a good line: one patient pulls"),
        Case(np.array([0.1, 0.05]), 0.3, SIX, SIX_Y, 0.5, note="all six pull"),
        Case(rng.normal(size=5), 0.7, rng.normal(size=(13, 5)), y, 0.3, note="five measurements, 13 patients"),
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
        by_w, by_b = call(answer, *case.args)
        came = np.append(np.asarray(by_w, float).ravel(), np.asarray(by_b, float).ravel())
        margins = y * (X @ w + b)
        pulls = -C * y[:, None] * np.column_stack([X, np.ones(len(X))])
        base = np.append(w, 0.0) + pulls[margins < 1].sum(axis=0)
        shares = lsq_linear(pulls[margins == 1].T, came - base, (0, 1), tol=1e-12)
        if find_difference(base + pulls[margins == 1].T @ shares.x, came, 1e-5, 1e-6) is not None:
            raise NotYet(
                "Away from the kinks all is right; at a kink (y times the score exactly 1) a patient may pull fully, "
                "not at all, or by any share between, but your answer is none of these.",
                [("went in", case.named(answer)), ("came out", describe((by_w, by_b)))],
            )


def _slopes(pulls, by_w=lambda w, b, X, pull: w - X.T @ pull, by_b=lambda b, pull: -pull.sum()):
    """A mistaken sub-gradient: pulls(margins, y, C) -> pull (n,), and how it is collected."""

    def slopes(w, b, X, y, C):
        pull = pulls(y * (X @ w + b), y, C)
        return by_w(w, b, X, pull), by_b(b, pull)

    return slopes


def right_pull(margins, y, C):
    return C * y * (margins < 1)


def _unsigned(by_w, by_b):
    def slopes(w, b, X, y, C):
        signed, plain = (right_pull(y * (X @ w + b), of, C) for of in (y, np.ones(len(y))))
        return w - X.T @ (plain if by_w else signed), -(plain if by_b else signed).sum()
    return slopes


def _averaged(w, b, X, y, C):
    pull = right_pull(y * (X @ w + b), y, C) / len(y)
    return w - X.T @ pull, -pull.sum()


def _step_taken(w, b, X, y, C):
    pull = right_pull(y * (X @ w + b), y, C)
    return w - (w - X.T @ pull), b + pull.sum()


MISTAKES = [
    Mistake("The regulariser's slope is missing: 1/2 ||w||^2 has the slope w, so by w it is w minus the pulls.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: -X.T @ pull)),
    Mistake("The intercept is regularised: b itself stands in the slope by b. P holds no b^2.",
            wrong=_slopes(right_pull, by_b=lambda b, pull: b - pull.sum())),
    Mistake("The regulariser is counted once for every patient: n w instead of w. ||w||^2 is a sum over features, "
            "outside the sum over patients.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: len(X) * w - X.T @ pull)),
    Mistake("The hinge's slope is counted once for each feature: it is d times too large. The hinge is a sum over "
            "patients, outside the sum over features.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: w - len(w) * X.T @ pull)),
    Mistake("The hinge's slopes by w and by b are counted once for each feature: they are d times too large. The hinge "
            "is a sum over patients alone.",
            wrong=lambda w, b, X, y, C: _slopes(right_pull)(w, b, X, y, C * len(w))),
    Mistake("1/2 ||w||^2 has the slope w, not 2 w: the half cancels the 2.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: 2 * w - X.T @ pull)),
    Mistake("1/2 ||w||^2 has the slope w, not half of it: the square brings a 2, which cancels the half.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: 0.5 * w - X.T @ pull)),
    Mistake("The sign of the hinge's slope is turned: 1 - y s falls when y s rises, so its slope is -y x.",
            wrong=_slopes(lambda m, y, C: -right_pull(m, y, C))),
    Mistake("The sign of everything is turned: this is the direction of the step downhill. The slopes were asked, and "
            "the step goes against them.",
            wrong=_slopes(lambda m, y, C: -right_pull(m, y, C), lambda w, b, X, pull: -w - X.T @ pull)),
    Mistake("The sign of the hinge's slope by w is turned: 1 - y s falls when y s rises, so its slope is -y x.",
            wrong=_slopes(right_pull, lambda w, b, X, pull: w + X.T @ pull)),
    Mistake("y is missing in the slope by w: it says to which side a patient pulls.",
            wrong=_unsigned(by_w=True, by_b=False)),
    Mistake("y is missing in the slope by b: it says to which side a patient pulls.",
            wrong=_unsigned(by_w=False, by_b=True)),
    Mistake("C stands at w too; it multiplies the pulls alone.",
            wrong=lambda w, b, X, y, C: (C * w - X.T @ right_pull(y * (X @ w + b), y, C),
                                         -right_pull(y * (X @ w + b), y, C).sum())),
    Mistake("The sign of the slope by b is turned.", wrong=_slopes(right_pull, by_b=lambda b, pull: pull.sum())),
    Mistake("The slope by b is missing (0). b moves the line to and fro: -C times the sum of y over those who pull.",
            wrong=_slopes(right_pull, by_b=lambda b, pull: 0.0)),
    Mistake("All patients pull, whether clear of the strip or not. Only where y times the score is below 1 has the "
            "hinge a slope.", wrong=_slopes(lambda m, y, C: C * y)),
    Mistake("The wrong patients pull: yours are those who are clear of the strip (y times the score above 1).",
            wrong=_slopes(lambda m, y, C: C * y * (m > 1))),
    Mistake("The score itself is compared with 1. It is y times the score that must reach 1: a benign tumour wants a "
            "score of -1 or less.", wrong=_slopes(lambda m, y, C: C * y * (y * m < 1))),
    Mistake("Only patients on the wrong side of the line pull in your answer (y times the score below 0). Those inside "
            "the strip pull too: below 1.", wrong=_slopes(lambda m, y, C: C * y * (m < 0))),
    Mistake("The pull of each patient is multiplied by her hinge. That is the slope of a squared hinge, but for a 2; "
            "here every patient who pulls does so with the same force.",
            wrong=_slopes(lambda m, y, C: C * y * np.maximum(0, 1 - m))),
    Mistake("y is missing in the pull: it says to which side a patient pulls.",
            wrong=_slopes(lambda m, y, C: C * (m < 1))),
    Mistake("C is missing: each pull is worth C.", wrong=_slopes(lambda m, y, C: right_pull(m, y, 1))),
    Mistake("C is missing in the slope by b.",
            wrong=lambda w, b, X, y, C: (_slopes(right_pull)(w, b, X, y, C)[0],
                                         -right_pull(y * (X @ w + b), y, 1).sum())),
    Mistake("C stands at the wrong term: it multiplies the pulls, not w.",
            wrong=lambda w, b, X, y, C: (C * w - X.T @ right_pull(y * (X @ w + b), y, 1),
                                         -right_pull(y * (X @ w + b), y, 1).sum())),
    Mistake("The mean of the pulls was taken. P adds the hinges up, so their slopes are added up too.",
            wrong=_averaged),
    Mistake("Labels 0 and 1 stand in the slopes. Here y comes as -1 and +1: use it as it is.",
            wrong=lambda w, b, X, y, C: _slopes(right_pull)(w, b, X, (y + 1) // 2, C)),
    Mistake("b is missing in the score: w . x + b.",
            wrong=lambda w, b, X, y, C: _slopes(right_pull)(w, 0.0, X, y, C)),
    Mistake("These are the weights after a step. The slopes were asked; steps come afterwards.", wrong=_step_taken),
    Mistake("The two came in another order: first the slopes by w, then the slope by b.",
            wrong=lambda *inputs: _slopes(right_pull)(*inputs)[::-1]),
]  # fmt: skip
