"""What the checker of exercise 3.1 needs: Otsu's threshold."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes
from course.checks.core import fresh

TEN = np.array([2, 7, 1, 3, 2, 6, 8, 1, 3, 7])


def _cells(seed, shape, share, low=60, high=200, spread=12):
    """A uint8 picture with a share of dark pixels on a bright ground, both with noise."""
    rng = np.random.default_rng(seed)
    dark = rng.random(shape) < share
    return np.clip(np.where(dark, low, high) + rng.normal(0, spread, shape), 0, 255).astype(np.uint8)


def cases():
    rng = np.random.default_rng(32)
    camera = np.concatenate([rng.normal(900, 250, 900), rng.normal(2600, 400, 420)]).clip(0, 4095).astype(np.uint16)
    return [
        Case(TEN, note="the ten pixels; 3, 4 and 5 part them alike"),
        Case(np.array([4, 4, 4, 4, 4, 4, 4, 5, 9]), note="few pixels above"),
        Case(np.array([1, 1, 2, 2, 3, 3, 3, 3]), note="the best cut is the last but one level"),
        Case(_cells(32, (40, 31), 0.4), note="a uint8 picture"),
        Case(_cells(33, (60, 60), 0.02, spread=18), note="few and small nuclei: 2 % of the pixels"),
        Case(_cells(34, (30, 30), 0.9, low=90, high=120), note="many dark pixels, close to the ground"),
        Case(rng.integers(0, 256, (15, 17), dtype=np.uint8), note="nothing but noise"),
        Case(camera.reshape(44, 30), note="a camera with 4,096 levels"),
        Case(_cells(35, (12, 1), 0.5).astype(np.int16) - 1000, note="levels below 0, one column"),
        Case(np.array([[5, 4, 4, 5, 5]]), note="two levels side by side, one row"),
        Case(np.array([0, 0, 0, 255, 255], np.uint8), note="two levels far apart"),
        Case(np.full((4, 4), 7, np.uint8), note="one level only"),
        Case(np.array([-3]), note="a single pixel"),
    ]


def by_library(values):
    from skimage.filters import threshold_otsu

    return threshold_otsu(fresh(values))


def _scores(values, cuts, rule):
    """Return rule(n0, m0, s0, n1, m1, s1) of each cut: size, mean, variance of both classes; 0 where one is empty."""
    ordered = np.sort(values, axis=None).astype(float) - float(values.min())
    n0 = np.searchsorted(ordered, np.asarray(cuts) - float(values.min()), side="right")
    first, second = (np.concatenate([[0], np.cumsum(ordered**power)]) for power in (1, 2))
    sides = []
    for n, sums, squares in ((n0, first[n0], second[n0]),
                             (ordered.size - n0, first[-1] - first[n0], second[-1] - second[n0])):
        sides += [n, sums / n, squares / n - (sums / n) ** 2]
    return np.round(np.nan_to_num(rule(*sides)), 6)


def _between(n0, m0, s0, n1, m1, s1):
    return n0 * n1 * (m0 - m1) ** 2 / (n0 + n1) ** 2


def _levels(values):
    return np.arange(int(values.min()), int(values.max()) + 1)


def _search(rule=_between, best=np.argmax, levels=_levels):
    def otsu(values):
        cuts = levels(values)
        return cuts[best(_scores(values, cuts, rule))]
    return otsu


WRAPPED = ("In uint8, values.max() + 1 is 255 + 1 = 0, and no level was tried. Write int(values.max()) + 1, and "
           "int(values.min()).")
TABLE = [  # the reason, and the wrong ways that it explains
    ("This parts the pixels as it should, but it is the last of several cuts that do so alike. Asked is the smallest: "
     "a new best must be larger (>), not equal (>=).",
     _search(best=lambda scores: np.flatnonzero(scores == scores.max())[-1])),
    ("The smallest variance between the classes was searched for; they should lie as far apart as possible.",
     _search(best=np.argmin)),
    ("The shares are left out, and a class of a few odd pixels wins at once. Each class counts with its share of the "
     "pixels.", _search(lambda n0, m0, s0, n1, m1, s1: (m0 - m1) ** 2),
     _search(lambda n0, m0, s0, n1, m1, s1: np.nan_to_num(s0) + np.nan_to_num(s1), np.argmin)),
    ("An empty class gave 0 / 0 = NaN, and np.argmax takes NaN for the largest number. Let such a cut count 0.",
     lambda v: 0 if v.min() > 0 or v.max() < 0 else v.max(), lambda v: v.max()),
    ("This is the largest between-class variance, or the place of the level counted from the smallest. Asked is the "
     "level itself.", lambda v: _scores(v, _levels(v), _between).max(),
     lambda v: np.flatnonzero(np.unique(v) == by_library(v))[0], lambda v: int(by_library(v)) - int(v.min())),
    ("Not all levels were tried. Pixels may lie below 0 and above 255: search from int(values.min()) up to "
     "int(values.max()); range(a, b) ends before b.",
     *(_search(levels=levels) for levels in [
         lambda v: np.arange(256), lambda v: np.arange(1, 256), lambda v: np.arange(max(0, v.min()), int(v.max()) + 1),
         lambda v: np.linspace(v.min(), v.max(), 256).astype(int),
         lambda v: np.arange(int(v.min()), max(int(v.max()) - 1, int(v.min()) + 1))])),
    (WRAPPED, lambda v: max(range(v.min(), v.max() + 1), key=lambda cut: _scores(v, [cut], _between)[0])),
    ("This is a middle of the pixels (mean, median, half-way between two), not the cut with the largest B.",
     np.mean, np.median, lambda v: (float(v.min()) + float(v.max())) / 2,
     lambda v: (v[v <= by_library(v)].mean() + v[v > by_library(v)].mean()) / 2),
    ("This is a mask. Asked is the cut, one number.", lambda v: v > by_library(v), lambda v: v <= by_library(v)),
    ("All pixels are equal here, and the loop never ran: give their level.",
     lambda v: max(range(int(v.min()), int(v.max())), key=lambda cut: _scores(v, [cut], _between)[0])),
]  # fmt: skip
MISTAKES = [
    *mistakes(*TABLE),
    Mistake(WRAPPED, when=lambda result, expected, values: values.dtype == np.uint8 and values.max() == 255
            and (result is None or (np.isscalar(result) and result in (0, -1)))),
    Mistake("All pixels are equal here, and their level is asked. If your starting value came back, since no cut has a "
            "B above 0: start below 0 (best = -1), and let the loop reach the largest level.",
            when=lambda result, expected, values: not np.ptp(values) and (result is None or np.isscalar(result))),
]  # fmt: skip
