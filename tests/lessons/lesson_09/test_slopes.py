"""Lesson 09's checker for the sub-gradient: right in several styles, at kinks too, and each classic mistake."""

import numpy as np
import pytest
from harness import assert_status

from course.checks import check
from course.checks.lesson_09.slopes import cases, kinks


def subgradient(who=lambda m, s: m < 1, force=lambda m, y, C: C * y, w_part=1.0, sign=1.0, b_part=0.0):
    """The sub-gradient, with a place for many classic mistakes."""
    def slopes(w, b, X, y, C):
        scores = X @ w + b
        margins = y * scores
        pull = force(margins, y, C) * who(margins, scores)
        return w_part * w - sign * X.T @ pull, b_part * b - sign * np.sum(pull)
    return slopes


right = subgradient()


def changed(change):
    return lambda *inputs: change(*right(*inputs), *inputs)


def number_of_patients_times_w(w, b, X, y, C):
    by_w, by_b = np.zeros(len(w)), 0.0
    for x, sign in zip(X, y, strict=True):
        by_w += w
        if sign * (x @ w + b) < 1:
            by_w -= C * sign * x
            by_b -= C * sign
    return by_w, by_b


def at_kinks_twice(w, b, X, y, C):
    by_w, by_b = right(w, b, X, y, C)
    at = y * (X @ w + b) == 1
    return by_w - 2 * C * X[at].T @ y[at], by_b - 2 * C * y[at].sum()


SLOPES_WRONG = [
    (subgradient(w_part=0), "regulariser's slope is missing"),
    (subgradient(b_part=1), "The intercept is regularised"),
    (number_of_patients_times_w, "once for every patient"),
    (lambda w, b, X, y, C: (w + len(w) * (right(w, b, X, y, C)[0] - w), right(w, b, X, y, C)[1]),
     "once for each feature"),
    (lambda w, b, X, y, C: (w + len(w) * (right(w, b, X, y, C)[0] - w), len(w) * right(w, b, X, y, C)[1]),
     "once for each feature"),
    (subgradient(w_part=2), "not 2 w and not w / 2"),
    (subgradient(w_part=0.5), "not 2 w and not w / 2"),
    (subgradient(sign=-1), "sign of the hinge's slope is turned"),
    (changed(lambda by_w, by_b, w, *rest: (2 * w - by_w, by_b)), "slope by w is turned"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (w - C * X.T @ (y * (X @ w + b) < 1), by_b)),
     "y is missing in a slope"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (by_w, -C * np.sum(y * (X @ w + b) < 1))),
     "y is missing in a slope"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (by_w - w + C * w, by_b)), "C stands at w"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (w - X @ y[:len(w)], by_b)), "X.T is the table X on its side"),
    (changed(lambda by_w, by_b, *inputs: (-by_w, -by_b)), "The sign is turned: each value"),
    (changed(lambda by_w, by_b, *inputs: (by_w, -by_b)), "sign of the slope by b"),
    (changed(lambda by_w, by_b, *inputs: (by_w, 0.0)), "slope by b is missing"),
    (subgradient(who=lambda m, s: np.ones(len(m))), "All patients pull"),
    (subgradient(who=lambda m, s: m > 1), "The wrong patients pull"),
    (subgradient(who=lambda m, s: s < 1), "The score itself is compared"),
    (subgradient(who=lambda m, s: m < 0), "wrong side of the line"),
    (subgradient(who=lambda m, s: np.maximum(0, 1 - m)), "multiplied by her hinge"),
    (subgradient(force=lambda m, y, C: C), "y is missing in a slope"),
    (subgradient(force=lambda m, y, C: y), "C is missing in a slope"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (by_w, by_b / C)), "C is missing in a slope"),
    (lambda w, b, X, y, C: (C * w + (right(w, b, X, y, 1)[0] - w), right(w, b, X, y, 1)[1]), "C stands at w"),
    (subgradient(force=lambda m, y, C: C * y / len(y)), "The mean of the pulls"),
    (lambda w, b, X, y, C: right(w, b, X, (y > 0) * 1, C), "Labels 0 and 1"),
    (lambda w, b, X, y, C: right(w, 0, X, y, C), "b is missing"),
    (lambda w, b, X, y, C: right(w, -b, X, y, C), "b is subtracted"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (w + (by_w - w) / C, by_b)), "C is missing in a slope"),
    (changed(lambda by_w, by_b, w, b, X, y, C: (w - by_w, b - by_b)), "weights after a step"),
    (changed(lambda by_w, by_b, *inputs: (by_b, by_w)), "the order is turned round"),
    (changed(lambda by_w, by_b, *inputs: np.append(by_w, by_b)), "2 values were expected"),
    (changed(lambda by_w, by_b, *inputs: by_w), "2 values were expected, but this is a float64 array"),
    (at_kinks_twice, "none of these"),
    (changed(lambda by_w, by_b, *inputs: 1 / 0), "ZeroDivisionError"),
    (lambda *inputs: print(end=""), "`return` missing"),
]


def by_loop(w, b, X, y, C):
    by_w, by_b = w.copy(), 0.0
    for x, sign in zip(X, y, strict=True):
        if sign * (np.dot(w, x) + b) < 1:
            by_w -= C * sign * x
            by_b -= C * sign
    return by_w, by_b


def by_mask(w, b, X, y, C):
    inside = y * (X @ w + b) <= 1
    return w - C * (y[inside, None] * X[inside]).sum(axis=0), -C * y[inside].sum()


OTHER_WAYS = [
    by_loop,
    by_mask,
    subgradient(who=lambda m, s: m <= 1),
    subgradient(who=lambda m, s: np.where(m == 1, 0.3, m < 1)),
    changed(lambda by_w, by_b, *inputs: [by_w, np.array([by_b])]),
    changed(lambda by_w, by_b, *inputs: (by_w.tolist(), np.float32(by_b))),
]


@pytest.mark.parametrize("answer", OTHER_WAYS)
def test_other_right_ways(answer):
    assert_status("9.4", answer, "right")


def test_the_cases_stand_where_they_should():
    for case in cases():
        w, b, X, y, _ = case.args
        assert np.abs(y * (X @ w + b) - 1).min() > 1e-3, case.note  # no kink where slopes are measured
    for case in kinks():
        w, b, X, y, _ = case.args
        assert np.any(y * (X @ w + b) == 1), case.note


def test_a_line_that_stops_is_named():
    def stops(w, b, X, y, C):
        return w[99]

    assert "`return w[99]`" in check("9.4", stops).reason
