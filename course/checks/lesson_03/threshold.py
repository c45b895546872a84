"""What the checker of exercise 3.1 needs: Otsu's threshold."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet, fresh

TEN = np.array([2, 7, 1, 3, 2, 6, 8, 1, 3, 7])


def _cells(seed, shape, share, low=60, high=200, spread=12):
    """A uint8 picture with a share of dark pixels on a bright ground, both with noise."""
    rng = np.random.default_rng(seed)
    dark = rng.random(shape) < share
    return np.clip(np.where(dark, low, high) + rng.normal(0, spread, shape), 0, 255).astype(np.uint8)


def by_variances(values, cut):
    """The whole variance minus what is left within the classes, weighted by their shares."""
    values = np.asarray(values, float).ravel()
    return np.var(values) - _within(values, cut)


def _classes(values, cut):
    values = np.asarray(values, float).ravel()
    return values[values <= cut], values[values > cut]


def _within(values, cut):
    values = np.asarray(values, float).ravel()
    return sum(len(part) / len(values) * part.var() for part in _classes(values, cut) if len(part))


def _between(values, cut, rule):
    """rule(n0, m0, n1, m1): sizes and means of the classes; 0 where one is empty."""
    below, above = _classes(values, cut)
    return rule(len(below), below.mean(), len(above), above.mean()) if len(below) and len(above) else 0.0


def _share(n0, n1):
    return n0 * n1 / (n0 + n1) ** 2


def _careless(values, cut):
    """The formula without a thought for an empty class: 0 / 0."""
    below, above = _classes(values, cut)
    return len(below) * len(above) / np.size(values) ** 2 * (np.mean(below) - np.mean(above)) ** 2


def otsu_cases():
    rng = np.random.default_rng(32)
    return [
        Case(TEN, note="the ten pixels; 3, 4 and 5 part them alike"),
        Case(np.array([4, 4, 4, 4, 4, 4, 4, 5, 9]), note="few pixels above"),
        Case(_cells(32, (40, 31), 0.4), note="a uint8 picture"),
        Case(_cells(33, (60, 60), 0.02, spread=18), note="few and small nuclei: 2 % of the pixels"),
        Case(_cells(34, (30, 30), 0.9, low=90, high=120), note="many dark pixels, close to the ground"),
        Case(rng.integers(0, 256, (15, 17), dtype=np.uint8), note="nothing but noise"),
        Case((1000 + 3 * _cells(35, (20, 20), 0.3).astype(int)).astype(np.uint16), note="a camera with more levels"),
        Case(np.array([0, 0, 0, 255, 255], np.uint8), note="two levels"),
        Case(np.full((4, 4), 7, np.uint8), note="one level only"),
    ]


def by_library(values):
    from skimage.filters import threshold_otsu

    return threshold_otsu(fresh(values))


def _search(score, best=max, last=False, levels=np.unique):
    """The cut with the best score; of equal ones the first, or the last."""

    def otsu(values):
        cuts = levels(values)
        numbers = [round(float(score(values, cut)), 9) for cut in cuts]
        found = [cut for cut, number in zip(cuts, numbers, strict=True) if number == best(numbers)]
        return found[-1 if last else 0]

    return otsu


def _spread_sum(values, cut):
    return sum(part.var() for part in _classes(values, cut) if len(part))


def _apart(values, cut):
    return _between(values, cut, lambda n0, m0, n1, m1: (m0 - m1) ** 2)


def _all_levels(values):
    return range(int(values.min()), int(values.max()) + 1)


def _nan_wins(values):
    below = values.ravel().min() - 1
    cuts = range(min(0, int(below)), max(256, int(values.max()) + 1))
    return cuts[int(np.argmax([_careless(values, cut) for cut in cuts]))]


def _one_bin_late(values):
    """Cumulated sums of both sides over the same bins: the bin of the cut is counted on both."""
    low = int(values.min())
    counts = np.bincount(values.ravel().astype(int) - low).astype(float)
    levels = low + np.arange(len(counts))
    n0, n1 = np.cumsum(counts), np.cumsum(counts[::-1])[::-1]
    m0, m1 = np.cumsum(counts * levels) / n0, np.cumsum((counts * levels)[::-1])[::-1] / n1
    return levels[np.argmax(n0 * n1 * (m0 - m1) ** 2)]


def _in_256_bins(values):
    counts, edges = np.histogram(values, 256)
    centres = (edges[1:] + edges[:-1]) / 2
    cuts = [_between(np.repeat(centres, counts), cut, lambda n0, m0, n1, m1: _share(n0, n1) * (m0 - m1) ** 2)
            for cut in centres[counts > 0]]
    return centres[counts > 0][int(np.argmax(cuts))]


def _class_middle(values):
    below, above = _classes(values, by_library(values))
    return (below.mean() + above.mean()) / 2 if len(above) else below.mean()


def _in_eight_bits(values):
    return _search(by_variances, levels=lambda v: range(256))(values)


def _may_wrap(values):
    return values.dtype == np.uint8 and values.max() == 255


WRAPPED = ("No level was tried, or hardly one: in uint8, values.max() + 1 is 255 + 1 = 0. Write int(values.max()) + 1, "
           "and int(values.min()).")
NEVER_RAN = "All pixels are equal, and your loop never ran: give their level."
OTSU_MISTAKES = [
    Mistake("This parts the pixels as it should, but it is the last of several cuts that do so alike. Asked is the "
            "smallest, as scikit-image gives it: a new best must be larger (>), not equal (>=).",
            wrong=_search(by_variances, last=True, levels=_all_levels)),
    Mistake("One level too high: with `values > cut` as nuclei, the cut is the highest level that still stays below.",
            wrong=lambda values: by_library(values) + 1),
    Mistake("One level too low: the cut itself belongs to the class below (values <= cut).",
            wrong=lambda values: by_library(values) - 1),
    Mistake("The level at the cut was counted in both classes, or neither: one side needs <=, the other >.",
            wrong=_one_bin_late),
    Mistake("The smallest variance between the classes was searched for; they should lie as far apart as possible: the "
            "largest.", wrong=_search(by_variances, best=min)),
    Mistake("The variances within the classes are added without weights. A class of a few equal pixels then wins at "
            "once: weigh each with its share of the pixels.", wrong=_search(_spread_sum, best=min)),
    Mistake("The means lie farthest apart here, but the shares are left out: a cut that splits off a few odd pixels "
            "wins.", wrong=_search(_apart)),
    Mistake("An empty class gave 0 / 0 = NaN, and np.argmax takes NaN for the largest number. Let such a cut count 0.",
            wrong=_nan_wins),
    Mistake("This is the largest between-class variance itself. Asked is the cut where it is reached.",
            wrong=lambda values: max(by_variances(values, cut) for cut in np.unique(values))),
    Mistake("This is the number of the level in the list of levels, not the level itself.",
            wrong=lambda values: np.flatnonzero(np.unique(values) == by_library(values))[0]),
    Mistake("The levels were counted from the smallest one: add it again.",
            wrong=lambda values: by_library(values) - values.min()),
    Mistake("All pixels are equal here, so that no cut has a B above 0, and your starting value came back. Start below "
            "0 (best = -1), or answer this case first.",
            wrong=lambda values: by_library(values) if np.ptp(values) else 0),
    Mistake("All pixels are equal here: your loop never ran, or it found no B above 0, and no cut was remembered. Give "
            "their level before the loop, or let it reach the largest level and start below 0 (best = -1).",
            when=lambda result, expected, values: result is None and not np.ptp(values)),
    Mistake(NEVER_RAN, when=lambda result, expected, values: np.ndim(result) == 0 and not np.ptp(values)),
    Mistake("Only the levels 0 to 255 were tried; this camera has more.", wrong=_in_eight_bits),
    Mistake("The levels were gathered in 256 bins and the middle of a bin came back. Whole numbers need no bins: each "
            "level is one.", wrong=_in_256_bins),
    Mistake("This is half-way between the means of Otsu's two classes. Asked is the cut itself.", wrong=_class_middle),
    Mistake("This is the mean of all pixels.", wrong=lambda values: values.mean()),
    Mistake("This is the median of all pixels: half of them would be nuclei.", wrong=lambda values: np.median(values)),
    Mistake("This is the middle between the darkest and the brightest pixel. One dead pixel of the camera would move "
            "it.", wrong=lambda values: (float(values.min()) + float(values.max())) / 2),
    Mistake(WRAPPED, when=lambda result, expected, values: _may_wrap(values) and (
            result is None or (np.ndim(result) == 0 and result <= values.min() and result != expected))),
    Mistake("This is a mask, or a value for each pixel. Asked is the cut, one number.",
            when=lambda result, expected, values: np.ndim(result) > 0),
]  # fmt: skip


def explained(problem):
    """Return the NotYet, with a better reason where the learner's code stopped since it had no level to try."""
    nothing = isinstance(problem.error, UnboundLocalError) or "empty" in str(problem.error)
    if not (nothing and problem.reason.startswith("Your code stopped")):
        return problem
    values, = problem.case.args
    reason = NEVER_RAN if not np.ptp(values) else WRAPPED if _may_wrap(values) else None
    return NotYet(f"{reason} {problem.reason}", problem.details, problem.error) if reason else problem
