"""Lesson 02's checkers: right answers in several styles, untouched stubs, and every classic mistake with its reason."""

import functools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from sklearn.preprocessing import StandardScaler

from lesson_02.test_pictures import RGB_WRONG, TRAINING_WRONG, good_batch, good_rgb

FOUR = [-1, -1 / 3, -1 / 3, 5 / 3]
CENTRED = np.array([-3, -1, -1, 5])
FOUR_WRONG = [
    (CENTRED, "now divide by the deviation"),
    (CENTRED / 9, "variance"),
    (CENTRED / np.sqrt(12), "n - 1"),
    (CENTRED / 6, "sum"),
    (CENTRED / 2.5, "mean distance"),
    (CENTRED / 8, "the range"),
    ([0, 0.25, 0.25, 1], "0 ... 1"),
    ([1 / 255, 3 / 255, 3 / 255, 9 / 255], "255"),
    ([1 / 9, 1 / 3, 1 / 3, 1], "largest"),
    ([1 / 3, 1, 1, 3], "before it the mean"),
    ([-2 / 3, 0, 0, 2], "median"),
    ([1, 0.33, 0.33, -1.67], "signs"),
    ([-1, -0.33, -0.33], "shape"),
    ("-1, -0.33", "this is a str"),
]


def good(train, new):
    mean, deviation = (f(train, axis=(0, 1, 2), dtype=float) for f in (np.mean, np.std))
    constant = train.min(axis=(0, 1, 2)) == train.max(axis=(0, 1, 2))
    return (new - mean) / np.where(constant, 1, deviation)


def by_channel(train, new):
    out = np.zeros(new.shape, "float32")
    for channel in range(train.shape[-1]):
        values = train[..., channel].astype(float)
        deviation = values.std()
        out[..., channel] = (new[..., channel] - values.mean()) / (deviation if np.ptp(values) > 0 else 1)
    return out


def by_threshold(least):
    def answer(train, new):
        d = std(train, new)
        return (new - mean(train, new)) / np.where(d < least, 1, d)
    return answer


def by_scaler(train, new):
    c = train.shape[-1]
    scaler = StandardScaler().fit(train.reshape(-1, c).astype(float))
    return scaler.transform(new.reshape(-1, c).astype(float)).reshape(new.shape)


def using(mean, deviation, safe=True):
    """Standardise with mean(train, new) and deviation(train, new); a deviation of 0 becomes 1 if safe."""
    def wrong(train, new):
        d = deviation(train, new)
        with np.errstate(all="ignore"):
            return (new - mean(train, new)) / (np.where(d == 0, 1, d) if safe else d)
    return wrong


def over(pick, function, **how):
    return lambda train, new: function(pick(train, new).astype(float), keepdims=True, **how)


def pooled(train, new):
    c = train.shape[-1]
    return np.concatenate([train.reshape(-1, c), new.reshape(-1, c)]).reshape(1, -1, 1, c)


ALL = {"axis": (0, 1, 2)}
mean = over(lambda t, n: t, np.mean, **ALL)
std = over(lambda t, n: t, np.std, **ALL)


def own(axis):
    return using(over(lambda t, n: n, np.mean, axis=axis), over(lambda t, n: n, np.std, axis=axis))


def zero_for_constant(train, new):
    with np.errstate(all="ignore"):
        return np.nan_to_num((new - mean(train, new)) / std(train, new), posinf=0, neginf=0)


def skipping_constant(train, new):
    out = np.zeros(new.shape)
    d = std(train, new).ravel()
    for channel in np.flatnonzero(d > 0):
        out[..., channel] = good(train, new)[..., channel]
    return out


def in_float32(train, new):
    train = train.astype("float32")
    d = train.std(axis=(0, 1, 2))
    return (new - train.mean(axis=(0, 1, 2))) / np.where(d == 0, 1, d)


SCALE_WRONG = [
    (own((0, 1, 2)), "come from the new pictures"),
    (lambda t, n: (n - t.mean(axis=3)) / t.std(axis=3), "they are the one axis that must stay"),
    (using(over(pooled, np.mean, **ALL), over(pooled, np.std, **ALL)), "training and new pictures together"),
    (own((1, 2)), "standardised by itself"),
    (own((1, 2, 3)), "standardised by itself"),
    (using(lambda t, n: t.mean(), lambda t, n: t.std()), "One mean and one deviation for all"),
    (using(over(lambda t, n: t, np.mean, axis=0), over(lambda t, n: t, np.std, axis=0)), "Each place, row, column"),
    (using(over(lambda t, n: t, np.mean, axis=(0, 1)), over(lambda t, n: t, np.std, axis=(0, 1))),
     "Each place, row, column"),
    (using(mean, lambda t, n: std(t, n) + 1e-2, safe=False), "a little too small"),
    (using(mean, over(lambda t, n: t, np.var, **ALL)), "`std`, not `var`"),
    (using(mean, over(lambda t, n: t, np.std, ddof=1, **ALL)), "ddof=1"),
    (using(mean, std, safe=False), "Ask whether its smallest"),
    (using(mean, lambda t, n: std(t, n) + 1e-7, safe=False), "tiny number was to keep"),
    (using(mean, lambda t, n: np.maximum(std(t, n), 1e-8), safe=False), "tiny number was to keep"),
    (by_threshold(1e-300), "Ask whether its smallest"),
    (by_threshold(0.5), "small, but not 0"),
    (zero_for_constant, "gives 0 for every picture"),
    (skipping_constant, "gives 0 for every picture"),
    (in_float32, "float32"),
    (lambda t, n: (n - mean(t, n).astype(n.dtype)) / np.where(std(t, n) == 0, 1, std(t, n)), "wraps around"),
    (using(mean, lambda t, n: np.ones(1)), "division by the deviation is missing"),
    (using(lambda t, n: 0, std), "mean is not subtracted"),
    (lambda t, n: n / 255, "Dividing by 255"),
    (using(over(lambda t, n: t, np.min, **ALL), over(lambda t, n: t, np.ptp, **ALL)), "smallest to largest"),
    (lambda t, n: good(t, t), "training pictures came back"),
    (lambda t, n: good(t, n).astype(int), "fractions are lost"),
    (lambda t, n: print(end=""), "`return` missing"),
]


def inverse(change):
    """Standardise with change(deviation)."""
    return lambda t, n: (n - mean(t, n)) / change(std(t, n))


SCALE_WRONG += [
    (by_threshold(1e-3), "small, but not 0"),
    (inverse(lambda d: np.where(d == 0, 1, d)), "Ask whether its smallest"),
    (inverse(lambda d: np.where(d == 0, 1e-9, d)), "tiny number was to keep"),
    (inverse(lambda d: np.sqrt(d**2 + 1e-5)), "tiny number was to keep"),
    (inverse(lambda d: np.round(d, 2)), "was expected"),
    (lambda t, n: (n - t.mean(axis=(1, 2, 3))) / t.std(axis=(1, 2, 3)), "they are the one axis that must stay"),
    (lambda t, n: (n - t.mean(axis=0)) / t.std(axis=0), "Each place, row, column"),
    (lambda t, n: good(t, n)[::-1], "turned round"),
    (lambda t, n: good(t, n).transpose(0, 2, 1, 3), "was expected"),
    (lambda t, n: good(t, np.maximum(n, 0)), "was expected"),
    (lambda t, n: (n - good(t, t).mean()) / 0.5, "was expected"),
    (lambda t, n: good(t, n)[99], "index 99 is out of bounds"),
    (lambda t, n: good(t, n).reshape(7, 7), "cannot reshape"),
]


def variance(alpha, weights):
    return alpha**2 * np.sum(weights**2)


def simulated(alpha, weights, count=2000):
    noise = alpha * np.random.default_rng(0).standard_normal((count, *weights.shape))
    return (noise * weights).sum(axis=tuple(range(1, noise.ndim))).var()


WEIGHT_WRONG = [
    (lambda a, w: a * np.sqrt(np.sum(w**2)), "square root of the right one"),
    (lambda a, w: a * np.sum(w**2), "alpha is a deviation"),
    (lambda a, w: a**2 * np.sum(w), "have to be squared"),
    (lambda a, w: a**2 * np.sum(w) ** 2, "have to be squared"),
    (lambda a, w: a**2 / w.size, "divides by a number of weights"),
    (lambda a, w: a**2 / len(w), "divides by a number of weights"),
    (simulated, "do not draw it"),
    (lambda a, w: simulated(a, w, 200), "do not draw it"),
    (lambda a, w: round(variance(a, w), 2), "rounded"),
    (lambda a, w: a**2 / 4, "divides by a number of weights"),
    (lambda a, w: a**2 * np.mean(w**2), "mean of the squares"),
    (lambda a, w: a**2 * np.sum(np.abs(w)), "have to be squared"),
    (lambda a, w: a**2, "before anything is averaged"),
    (lambda a, w: a**2 * sum(w**2), "adds the rows"),
    (lambda a, w: a**2 * w**2, "each by itself"),
    (lambda a, w: print(end=""), "`return` missing"),
]

WEIGHT_WRONG += [
    (lambda a, w: variance(a, w) + 1, "one too large"),
    (lambda a, w: variance(a, np.abs(w).ravel()[:-1]), "was expected"),
    (lambda a, w: a**2 * np.trace(np.atleast_2d(w) @ np.atleast_2d(w).T)
     if len(w) > 1 else a**2 * w[0], "was expected"),
    (lambda a, w: a**2 * np.array([variance(1, w)] * 2), "array of shape (2,)"),
    (lambda a, w: a**2 * np.dot(w, w), "array of shape (2, 2)"),
]
FOUR_WRONG += [
    ([-1, ..., ..., 5 / 3], "dots are left"),
    ((-1, None, None, 5 / 3), "dots are left"),
    (1.67, "The shape is ()"),
    ([[-1, -1 / 3], [-1 / 3, 5 / 3]], "The shape is (2, 2)"),
    ([-1, -0.33, -0.33, "1.67"], "Numbers were expected"),
    ([5 / 3, -1 / 3, -1 / 3, -1], "differ"),
]

RIGHT = {"2.1": FOUR, "2.2": good, "2.3": good_rgb, "2.4": variance, "2.5": good_batch}
WRONG = {"2.1": FOUR_WRONG, "2.2": SCALE_WRONG, "2.3": RGB_WRONG, "2.4": WEIGHT_WRONG, "2.5": TRAINING_WRONG}
CHECKS = checker_cases("02", RIGHT, WRONG)


@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize("number", WRONG)
def test_reasons_differ(number):
    assert_reasons_differ(number, list({words: (answer, words) for answer, words in WRONG[number]}.values()))


def in_steps(alpha, weights):
    total = 0.0
    for weight in weights.ravel().tolist():
        total += (alpha * weight) ** 2
    return total


@pytest.mark.parametrize(("number", "answer"), [
    ("2.1", [Fraction(-1), Fraction(-1, 3), Fraction(-1, 3), Fraction(5, 3)]), ("2.1", [FOUR]),
    ("2.1", [Decimal("-1"), Decimal("-0.33"), Decimal("-0.33"), Decimal("1.67")]), ("2.1", np.float32([FOUR]).T),
    ("2.2", lambda t, n: good(t, n).tolist()), ("2.2", functools.partial(good)),
    ("2.4", lambda a, w: Fraction(float(variance(a, w)))), ("2.4", lambda a, w: [[variance(a, w)]]),
    ("2.1", np.array(FOUR)), ("2.1", tuple(FOUR)), ("2.1", [-1, -0.33, -0.33, 1.67]),
    ("2.2", by_channel), ("2.2", by_scaler), ("2.2", by_threshold(1e-9)),
    ("2.2", lambda t, n: good(t, n).astype("float32")),
    ("2.4", in_steps), ("2.4", lambda a, w: float(np.dot(w.ravel(), w.ravel())) * a * a),
    ("2.4", lambda a, w: np.array(a**2 * (w**2).sum())),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
