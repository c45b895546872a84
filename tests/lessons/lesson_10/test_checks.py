"""Lesson 10: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from scipy.spatial.distance import cdist

from course.checks import check


def rbf(X, Z, gamma):
    return np.exp(-gamma * ((X[:, None] - Z) ** 2).sum(axis=-1))


def distances(function):
    return lambda X, Z, gamma: function(cdist(X, Z, "sqeuclidean"), gamma)


KERNEL_WRONG = [
    (distances(lambda s, gamma: np.exp(gamma * s)), "grows with the distance"),
    (distances(lambda s, gamma: -gamma * s), "exponent alone"),
    (distances(lambda s, gamma: np.exp(-gamma * np.sqrt(s))), "not squared"),
    (lambda X, Z, gamma: np.exp(-gamma * cdist(X, Z, "cityblock")), "without being squared"),
    (lambda X, Z, gamma: np.exp(-gamma * np.subtract.outer(X.sum(1), Z.sum(1)) ** 2), "added up first"),
    (distances(lambda s, gamma: np.exp(-0.5 * s)), "whatever is handed over"),
    (distances(lambda s, gamma: np.exp(-gamma * s / 2)), "a 2 too many"),
    (distances(lambda s, gamma: np.exp(-((gamma * np.sqrt(s)) ** 2))), "gamma is squared too"),
    (lambda X, Z, gamma: np.exp(-gamma * ((X - Z) ** 2).sum(axis=1)), "Arrays of different lengths meet"),
    (distances(lambda s, gamma: np.exp(-s / gamma)), "taken for a width"),
    (distances(lambda s, gamma: np.exp(-s / (2 * gamma**2))), "taken for a width"),
    (distances(lambda s, gamma: np.exp(-s)), "gamma is not used"),
    (lambda X, Z, gamma: np.exp(-gamma * ((X[:, None] - Z) ** 2).mean(axis=-1)), "averaged over the columns"),
    (distances(lambda s, gamma: np.exp(-s / (2 * gamma))), "taken for a width"),
    (lambda X, Z, gamma: rbf(Z, X, gamma), "lies on its side"),
    (lambda X, Z, gamma: np.exp(-gamma * ((X[:, None] - Z) ** 2).sum(axis=1)), "The shape is"),
    (lambda X, Z, gamma: rbf(X, X, gamma), "kernel of X with itself"),
    (lambda X, Z, gamma: np.maximum(rbf(X, Z, gamma), 1e-8), "values differ"),
    (lambda X, Z, gamma: X @ Z.T, "linear kernel"),
    (lambda X, Z, gamma: print(end=""), "`return` missing"),
]


def intercept(K, y, alpha, among):
    return (y - K @ (alpha * y))[among].mean()


def scores(K_new, K, y, alpha, C):
    return K_new @ (alpha * y) + intercept(K, y, alpha, (alpha > 0) & (alpha < C))


def one_free_vector(K_new, K, y, alpha, C):
    free = next(t for t in range(len(y)) if 1e-6 * C < alpha[t] < C * (1 - 1e-6))
    b = y[free] - sum(alpha[s] * y[s] * K[s, free] for s in range(len(y)))
    return np.array([sum(alpha[s] * y[s] * row[s] for s in range(len(y))) + b for row in K_new])


def with_intercept(among):
    return lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + intercept(K, y, alpha, among(y, alpha, C))


SCORES_WRONG = [
    (with_intercept(lambda y, alpha, C: np.flatnonzero(alpha)[:1]), "read from one vector"),
    (with_intercept(lambda y, alpha, C: [np.argmax(alpha)]), "read from one vector"),
    (with_intercept(lambda y, alpha, C: (alpha > 0.1 * C) & (alpha < 0.9 * C)), "NaN (not a number)"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + (1 - y * (K @ (alpha * y)))[(alpha > 0) & (alpha < C)].mean(),
        "Yours is 1 - y sum"),
    (lambda *a: scores(*a) > 0, "These are the decisions"),
    (lambda *a: 2 * scores(*a), "twice the right one"),
    (with_intercept(lambda y, alpha, C: alpha > 0), "a mean over points that do not name it"),
    (with_intercept(lambda y, alpha, C: alpha == C), "a mean over points that do not name it"),
    (with_intercept(lambda y, alpha, C: alpha >= 0), "a mean over points that do not name it"),
    (with_intercept(lambda y, alpha, C: alpha < C), "a mean over points that do not name it"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y), "The intercept is missing"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y) - intercept(K, y, alpha, (alpha > 0) & (alpha < C)),
        "intercept is subtracted"),
    (lambda K_new, K, y, alpha, C: K_new @ alpha + (y - K @ alpha)[(alpha > 0) & (alpha < C)].mean(),
        "The labels are missing in the sum"),
    (lambda K_new, K, y, alpha, C: K_new @ alpha + intercept(K, y, alpha, (alpha > 0) & (alpha < C)),
        "The labels are missing in the sum"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + (y + K @ (alpha * y))[(alpha > 0) & (alpha < C)].mean(),
        "Inside the intercept"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + (y - K @ alpha)[(alpha > 0) & (alpha < C)].mean(),
        "The labels are missing in the sum"),
    (lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + (y - K @ (alpha * y))[(alpha > 0) & (alpha < C)].sum(),
        "The intercepts are added up"),
    (lambda *a: np.sign(scores(*a)), "These are the decisions"),
    (lambda K_new, K, y, alpha, C: scores(K, K, y, alpha, C), "scores of the training points"),
    (lambda *a: scores(*a)[:, None], "One axis of length 1 is too many, the last"),
]


def step(K, y, alpha, C, i, j, curvature=lambda K, i, j: K[i, i] + K[j, j] - 2 * K[i, j], times=1, cut=True):
    F = y - K @ (alpha * y)
    t = times * (F[i] - F[j]) / curvature(K, i, j)
    if cut:
        room_i = C - alpha[i] if y[i] == 1 else alpha[i]
        room_j = alpha[j] if y[j] == 1 else C - alpha[j]
        t = min(t, room_i, room_j)
    new = alpha.copy()
    new[i] += t * y[i]
    new[j] -= t * y[j]
    return new


def roomed(K, y, alpha, C, i, j, ends):
    F = y - K @ (alpha * y)
    room_i, other_i = (C - alpha[i], alpha[i])[::y[i]]
    room_j, other_j = (alpha[j], C - alpha[j])[::y[j]]
    rooms = {"C": [C - alpha[i], C - alpha[j]],
             "wrong": [other_i, other_j], "i wrong": [other_i, room_j], "j wrong": [room_i, other_j],
             "i only": [room_i], "j only": [room_j]}[ends]
    t = min((F[i] - F[j]) / (K[i, i] + K[j, j] - 2 * K[i, j]), *rooms)
    new = alpha.copy()
    new[i] += t * y[i]
    new[j] -= t * y[j]
    return new


def unlabelled(K, y, alpha, C, i, j):
    new, moved = alpha.copy(), step(K, y, alpha, C, i, j)
    t = abs(moved[i] - alpha[i])
    new[i] += t
    new[j] -= t
    return new


def both_up(K, y, alpha, C, i, j):
    new = step(K, y, alpha, C, i, j)
    return np.where(np.arange(len(y)) == j, 2 * alpha - new, new)


def without_y(K, y, alpha, C, i, j):
    F = -K @ (alpha * y)
    room_i, room_j = C - alpha[i] if y[i] > 0 else alpha[i], alpha[j] if y[j] > 0 else C - alpha[j]
    t, new = min((F[i] - F[j]) / (K[i, i] + K[j, j] - 2 * K[i, j]), room_i, room_j), alpha.copy()
    new[i] += t * y[i]
    new[j] -= t * y[j]
    return new


def only_one(K, y, alpha, C, i, j):
    new = step(K, y, alpha, C, i, j)
    new[j] = alpha[j]
    return new


def whole_numbers(K, y, alpha, C, i, j):
    new = np.zeros(len(alpha), int)
    new[:] = alpha
    t = abs(step(K, y, alpha, C, i, j)[i] - alpha[i])
    new[i] += t * y[i]
    new[j] -= t * y[j]
    return new


def in_place(K, y, alpha, C, i, j):
    alpha[:] = step(K, y, alpha, C, i, j)
    return alpha


STEP_WRONG = [
    (lambda *a: step(*a, cut=False), "left its box"),
    (lambda *a: np.clip(step(*a, cut=False), 0, a[3]), "cut off one by one"),
    (unlabelled, "labels are missing in the move"),
    (only_one, "Only one alpha moved"),
    (both_up, "Both products moved up"),
    (without_y, "y is missing in F"),
    (lambda *a: step(*a, curvature=lambda K, i, j: K[i, i] + K[j, j]), "In yours the mixed term"),
    (lambda *a: step(*a, curvature=lambda K, i, j: K[i, i] + K[j, j] + 2 * K[i, j]), "In yours the mixed term"),
    (lambda *a: step(*a, curvature=lambda K, i, j: K[i, i] + K[j, j] - K[i, j]), "In yours the mixed term"),
    (lambda *a: step(*a, curvature=lambda K, i, j: K[i, i] + K[j, j] - 2 * a[1][i] * a[1][j] * K[i, j]),
        "In yours the mixed term"),
    (lambda *a: step(*a, times=-1), "wrong way"),
    (lambda K, y, alpha, C, i, j: step(K, y, alpha, C, j, i), "left its box"),
    (whole_numbers, "The new alphas are whole numbers"),
    (lambda *a: step(*a).astype(int), "The fractions are lost"),
    (lambda *a: step(*a)[[a[4], a[5]]], "The shape is"),
    (lambda *a: step(*a, times=0.5), "half the step"),
    (lambda *a: roomed(*a, ends="C"), "C - alpha for both"),
    (lambda *a: roomed(*a, ends="wrong"), "measured to the wrong end of the box"),
    (lambda *a: roomed(*a, ends="i wrong"), "measured to the wrong end of the box"),
    (lambda *a: roomed(*a, ends="j wrong"), "measured to the wrong end of the box"),
    (lambda *a: roomed(*a, ends="i only"), "Only one of the rooms"),
    (lambda *a: roomed(*a, ends="j only"), "Only one of the rooms"),
    (lambda K, y, alpha, C, i, j: alpha.copy(), "Nothing has moved"),
    (in_place, "changed the array it was given"),
]
RIGHT = {"10.1": rbf, "10.2": scores, "10.3": step}
WRONG = {"10.1": KERNEL_WRONG, "10.2": SCORES_WRONG, "10.3": STEP_WRONG}


@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("10", RIGHT, WRONG))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer"), [
    ("10.1", distances(lambda s, gamma: np.exp(-gamma * s))), ("10.2", one_free_vector),
    ("10.1", lambda *a: rbf(*a).tolist()), ("10.1", functools.partial(rbf)),
    ("10.2", lambda *a: [float(one) for one in scores(*a)]), ("10.3", lambda *a: step(*a).tolist()),
    ("10.3", lambda K, y, alpha, C, i, j: step(K, y, alpha, C, int(i), int(j)).astype(np.longdouble)),
    ("10.1", lambda X, Z, gamma: np.array([[np.exp(-gamma * np.sum((x - z) ** 2)) for z in Z] for x in X])),
    ("10.1", lambda X, Z, gamma: np.exp(-gamma * np.maximum(
        (X**2).sum(1)[:, None] + (Z**2).sum(1) - 2 * X @ Z.T, 0))),
])
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in WRONG.items():
        assert_reasons_differ(number, [row for row in wrong if row[1] not in ("values differ", "The shape is")])


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("10.2", with_intercept(lambda y, alpha, C: (alpha > 0.1 * C) & (alpha < 0.9 * C)), "at the bound"),
    ("10.2", lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + (1 - y * (K @ (alpha * y)))[
        (alpha > 0) & (alpha < C)].mean(), "missing"),
    ("10.3", whole_numbers, "room"),
    ("10.3", whole_numbers, "Nothing has moved"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_false_reason(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet"
    assert false not in result.reason
