"""Lesson 09's checkers for scores, hinges and the objective, and the untouched stubs of all exercises.

Classic mistakes with the sub-gradient are in test_slopes.py.
"""

import functools
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases

from course.checks import check
from course.classic.newton import primal_objective
from lesson_09.test_slopes import SLOPES_WRONG, subgradient

NOTHING = (lambda *inputs: print(end=""), "`return` missing")


def decided(rule):
    return lambda w, b, X: rule(X @ w + b)


right_decision = decided(lambda s: (s > 0).astype(int))

DECIDE_WRONG = [
    (decided(lambda s: s), "These are the scores"),
    (decided(lambda s: np.where(s > 0, 1, -1)), "These are -1 and +1"),
    (decided(np.sign), "`np.sign` gives"),
    (decided(lambda s: s >= 0), "exactly 0 is not positive"),
    (decided(lambda s: s <= 0), "The labels are the other way round"),
    (decided(lambda s: s < 0), "The labels are the other way round"),
    (decided(lambda s: s > 0.5), "not 0.5"),
    (decided(lambda s: s > 1), "edge of the strip"),
    (decided(np.argmax), "`argmax` gives one number"),
    (lambda w, b, X: np.argmax((X @ w + b)[:, np.newaxis], axis=1), "Everybody is benign"),
    (decided(lambda s: s >= 0.5), "not 0.5"),
    (decided(lambda s: s > 1e-9), "values differ"),
    (decided(lambda s: s > np.median(s)), "their own mean or median"),
    (decided(lambda s: s > s.mean()), "their own mean or median"),
    (decided(lambda s: np.where(s >= 0, 1, -1)), "These are -1 and +1"),
    (lambda w, b, X: X.T @ w + b > 0, "mismatch in its core dimension"),
    (lambda w, b, X: X @ w > 0, "b is missing"),
    (lambda w, b, X: X @ w - b > 0, "b is subtracted"),
    (lambda w, b, X: w @ X + b > 0, "ValueError"),
    NOTHING,
]


def hinged(rule, signs=lambda labels: 2 * labels - 1):
    return lambda w, b, X, labels: rule(signs(labels) * (X @ w + b))


right_hinge = hinged(lambda m: np.maximum(0, 1 - m))

HINGE_WRONG = [
    (hinged(lambda m: np.maximum(0, 1 - m), lambda labels: labels), "labels 0 and 1 stand in the product"),
    (hinged(lambda m: np.maximum(0, 1 - m), lambda labels: 1 - 2 * labels), "The sign is turned"),
    (hinged(lambda m: np.maximum(0, 1 + m)), "The sign is turned"),
    (hinged(lambda m: np.clip(1 - m, 0, 1)), "cut at 1 as well"),
    (hinged(lambda m: np.maximum(0, 1 - m).astype(int)), "The fractions are lost"),
    (hinged(lambda m: 1 - m), "The max is missing"),
    (hinged(lambda m: np.maximum(0, -m)), "perceptron"),
    (hinged(lambda m: np.maximum(0, 1 - m) ** 2), "the square of the right one"),
    (hinged(lambda m: m < 1), "how far"),
    (hinged(lambda m: np.maximum(0, 1 - m).sum()), "This is the sum of what was asked"),
    (hinged(lambda m: np.maximum(0, 1 - m).mean()), "This is the mean of what was asked"),
    (hinged(lambda m: np.max(1 - m)), "`np.maximum(0, values)`"),
    (hinged(lambda m: m), "This is y times the score"),
    (lambda w, b, X, labels: right_hinge(w, 0, X, labels), "b is missing"),
    (lambda w, b, X, labels: right_hinge(w, -b, X, labels), "b is subtracted"),
    (hinged(lambda m: max(0, 1 - m)), "np.maximum(0, values) compares each"),
    NOTHING,
]


def priced(rule):
    """A price made of w, b, the hinges and C."""
    return lambda w, b, X, y, C: rule(w, b, np.maximum(0, 1 - y * (X @ w + b)), C)


def by_feature(w, b, X, y, C):
    total = 0.0
    for j in range(len(w)):
        total += 0.5 * w[j] ** 2 + C * np.sum(np.maximum(0, 1 - y * (w[j] * X[:, j] + b)))
    return total


def in_the_feature_loop(w, b, X, y, C):
    total = 0.0
    for w_j in w:
        total += 0.5 * w_j**2
        for x, sign in zip(X, y, strict=True):
            total += C * max(0, 1 - sign * (x @ w + b))
    return total


def in_the_patient_loop(w, b, X, y, C):
    total = 0.0
    for x, sign in zip(X, y, strict=True):
        total += 0.5 * w @ w + C * max(0, 1 - sign * (x @ w + b))
    return total


OBJECTIVE_WRONG = [
    (priced(lambda w, b, h, C: C * h.sum()), "regulariser 1/2 ||w||^2 is missing"),
    (in_the_patient_loop, "inside the sum over the patients"),
    (in_the_feature_loop, "counted once for each feature"),
    (by_feature, "each measurement alone"),
    (priced(lambda w, b, h, C: 0.5 * (w @ w + b * b) + C * h.sum()), "The intercept is regularised"),
    (priced(lambda w, b, h, C: C * 0.5 * w @ w + h.sum()), "C stands at the wrong term"),
    (priced(lambda w, b, h, C: C * (0.5 * w @ w + h.sum())), "C stands at both"),
    (priced(lambda w, b, h, C: 0.5 * w @ w + h.sum()), "C is missing"),
    (priced(lambda w, b, h, C: 0.5 * w @ w + C * h.mean()), "The mean of the hinges"),
    (priced(lambda w, b, h, C: w @ w + C * h.sum()), "The half is missing"),
    (priced(lambda w, b, h, C: 0.5 * np.linalg.norm(w) + C * h.sum()), "not squared"),
    (priced(lambda w, b, h, C: 0.5 * np.abs(w).sum() + C * h.sum()), "absolute values"),
    (priced(lambda w, b, h, C: 0.5 * w @ w + C * (h**2).sum()), "The hinges are squared"),
    (lambda w, b, X, y, C: 0.5 * w @ w + C * max(0, np.sum(1 - y * (X @ w + b))), "The max stands outside the sum"),
    (lambda w, b, X, y, C: 0.5 * w @ w + C * np.maximum(0, 1 - (X @ w + b)).sum(), "y is missing"),
    (lambda w, b, X, y, C: primal_objective(w, -b, X, y, C), "b is subtracted"),
    (priced(lambda w, b, h, C: 0.5 * w @ w + C * h), "one value for each patient"),
    (priced(lambda w, b, h, C: 0.5 * w.sum() ** 2 + C * h.sum()), "square of the sum"),
    (priced(lambda w, b, h, C: 0.5 * w**2 + C * h), "Arrays of different lengths"),
    (priced(lambda w, b, h, C: 0.5 * (w * 2).sum() + C * h.sum()), "w * 2 doubles"),
    (priced(lambda w, b, h, C: 0.5 * (w @ w) ** 2 + C * h.sum()), "once more it is another"),
    (lambda w, b, X, y, C: w @ w / 2 + C @ np.maximum(0, 1 - y * (X @ w + b)), "with *, not with @"),
    (lambda w, b, X, y, C: w @ w / 2 + C * max(0, 1 - y * (X @ w + b)), "np.maximum(0, values) compares each"),
    (lambda w, b, X, y, C: primal_objective(w, b, X, -y, C), "sign in the hinge is turned"),
    (lambda w, b, X, y, C: 0.5 * w @ w + C * np.sum(1 - y * (X @ w + b)), "The max is missing"),
    (lambda w, b, X, y, C: primal_objective(w, b, X, 2 * y - 1, C), "once more"),
    (lambda w, b, X, y, C: primal_objective(w, b, X, (y + 1) / 2, C), "Labels 0 and 1"),
    (lambda w, b, X, y, C: primal_objective(w, 0, X, y, C), "b is missing"),
    (priced(lambda w, b, h, C: C / 0), "ZeroDivisionError"),
    NOTHING,
]


WRONG = {"9.1": DECIDE_WRONG, "9.2": HINGE_WRONG, "9.3": OBJECTIVE_WRONG, "9.4": SLOPES_WRONG}
CHECKS = checker_cases(
    "09",
    right={"9.1": right_decision, "9.2": right_hinge, "9.3": primal_objective, "9.4": subgradient()},
    wrong=WRONG,
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


def hinge_by_loop(w, b, X, labels):
    hinges = []
    for x, label in zip(X, labels, strict=True):
        sign = 1 if label == 1 else -1
        hinges.append(max(0.0, 1 - sign * (float(x @ w) + b)))
    return np.array(hinges)


def objective_by_loop(w, b, X, y, C):
    price = 0.0
    for x, sign in zip(X, y, strict=True):
        price += max(0.0, 1 - sign * (sum(a * v for a, v in zip(w, x, strict=True)) + b))
    return sum(v * v for v in w) / 2 + C * price


class Decider:
    def __call__(self, w, b, X):
        return [bool(x @ w + b > 0) for x in X]


OTHER_WAYS = [
    ("9.1", Decider()),
    ("9.1", lambda w, b, X: [int(x @ w + b > 0) for x in X]),
    ("9.2", lambda w, b, X, labels: right_hinge(w, b, X, labels).tolist()),
    ("9.2", lambda w, b, X, labels: [Fraction(one) for one in right_hinge(w, b, X, labels)]),
    ("9.3", lambda *inputs: np.array([[primal_objective(*inputs)]])),
    ("9.3", functools.partial(primal_objective)),
    ("9.1", lambda w, b, X: X @ w + b > 0),
    ("9.1", lambda w, b, X: np.array([1.0 if x @ w > -b else 0.0 for x in X])),
    ("9.1", lambda w, b, X: np.where(np.sign(X @ w + b) == 1, 1, 0)),
    ("9.2", hinge_by_loop),
    ("9.2", lambda w, b, X, labels: np.clip(1 - np.where(labels, 1, -1) * (X @ w + b), 0, None)),
    ("9.3", objective_by_loop),
    ("9.3", lambda w, b, X, y, C: np.linalg.norm(w) ** 2 / 2 + C * np.clip(1 - y * (X @ w + b), 0, np.inf).sum()),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", list(WRONG))
def test_each_classic_mistake_has_a_reason_of_its_own(number):
    assert_reasons_differ(number, WRONG[number])


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("9.1", decided(lambda s: s > np.median(s)), "0.5"),
    ("9.2", hinged(lambda m: np.clip(1 - m, 0, 1)), "'clear'"),
    ("9.2", hinged(lambda m: np.maximum(0, 1 - m).astype(int)), "'clear'"),
    ("9.3", lambda w, b, X, y, C: 0.5 * w @ w + C * max(0, np.sum(1 - y * (X @ w + b))), "missing"),
])  # fmt: skip
def test_no_false_reason(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet"
    assert false not in result.reason
