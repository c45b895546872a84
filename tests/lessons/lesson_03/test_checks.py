"""Checkers of lesson 03, thresholds and labels: right answers in several styles, and each classic mistake's reason."""

import functools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from skimage.measure import label, regionprops

from course.checks.lesson_03.threshold import by_library
from lesson_03.test_contour import COMPACTNESS_WRONG, SUMMARY_WRONG, right_compactness, right_summary

NOTHING = (lambda *inputs: None if inputs else 0, "Is a `return` missing")


def cut_by(rule, above=np.greater, empty=0.0):
    """A between-class variance: rule(w0, m0, w1, m1) of shares and means."""

    def between(values, cut):
        nuclear = above(values, cut)
        below, over = values[~nuclear], values[nuclear]
        if empty is not None and (below.size == 0 or over.size == 0):
            return empty
        return rule(below.size / values.size, np.mean(below), over.size / values.size, np.mean(over))

    return between


right_between = cut_by(lambda w0, m0, w1, m1: w0 * w1 * (m0 - m1) ** 2)


def within(values, cut):
    total = 0.0
    for part in (values[values <= cut], values[values > cut]):
        if part.size:
            total += part.size / values.size * part.var()
    return total


def unweighted_within(values, cut):
    return sum(part.var() for part in (values[values <= cut], values[values > cut]) if part.size)


def otsu_by(score, best=np.argmax, levels=lambda v: np.arange(int(v.min()), int(v.max()) + 1), give=None):
    def otsu(values):
        cuts = levels(values)
        found = best([round(float(score(values, cut)), 9) for cut in cuts])
        return int(cuts[found]) if give is None else give(found, cuts, values)

    return otsu


right_otsu = otsu_by(right_between)


def last_of_the_best(numbers):
    return len(numbers) - 1 - int(np.argmax(numbers[::-1]))


def greedy(values):
    best, cut = -1.0, None
    for level in range(int(values.min()), int(values.max()) + 1):
        number = right_between(values, level)
        if number >= best - 1e-9:
            best, cut = number, level
    return cut


def nan_search(values):
    levels = range(65536 if values.max() > 255 else 256)
    careless = cut_by(lambda w0, m0, w1, m1: w0 * w1 * (m0 - m1) ** 2, empty=np.nan)
    return int(np.argmax([careless(values, level) for level in levels]))


def otsu_by_wrapped_range(values):
    best, best_cut = -1.0, None
    for cut in range(values.min(), values.max() + values.dtype.type(1)):
        if right_between(values, cut) > best + 1e-9:
            best, best_cut = right_between(values, cut), cut
    return best_cut


def otsu_without_a_start(values):
    for cut in range(int(values.min()), int(values.max())):
        if cut == values.min() or right_between(values, cut) > right_between(values, best_cut) + 1e-9:  # noqa: F821
            best_cut = cut
    return best_cut


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("answer", "words"), [
    (lambda v: max(range(v.min(), v.max() + 1), key=lambda level: right_between(v, level)), "255 + 1 = 0"),
    (lambda v: otsu_by_wrapped_range(v) or -1, "255 + 1 = 0"),
    (lambda v: right_otsu(v) if np.ptp(v) else -1, "If your starting value came back"),
    (otsu_without_a_start, "UnboundLocalError"),
])  # fmt: skip
def test_a_search_that_had_no_level_to_try_is_told_why(answer, words):
    assert_status("3.1", answer, "not yet", words)


apart = cut_by(lambda w0, m0, w1, m1: (m0 - m1) ** 2)
OTSU_WRONG = [
    (greedy, "last of several"),
    (lambda v: right_otsu(v) + 1, "one too large"),
    (lambda v: right_otsu(v) - 1, "one too small"),
    (otsu_by(right_between, best=np.argmin), "smallest variance between"),
    (otsu_by(unweighted_within, best=np.argmin), "shares are left out"),
    (otsu_by(apart), "shares are left out"),
    (nan_search, "NaN for the largest"),
    (lambda v: max(right_between(v, level) for level in np.unique(v)), "Asked is the level itself"),
    (lambda v: int(np.flatnonzero(np.unique(v) == right_otsu(v))[0]), "Asked is the level itself"),
    (lambda v: right_otsu(v) - int(v.min()), "Asked is the level itself"),
    (lambda v: right_otsu(v) if np.ptp(v) else 0, "If your starting value came back"),
    (lambda v: right_otsu(v) if np.ptp(v) else None, "If your starting value came back"),
    (lambda v: max(range(int(v.min()), int(v.max())), key=lambda level: right_between(v, level)),
     "All pixels are equal here, and the loop never ran"),
    (otsu_by(right_between, levels=lambda v: np.arange(256)), "Not all levels were tried"),
    (lambda v: v.mean(), "a middle of the pixels"),
    (np.median, "a middle of the pixels"),
    (lambda v: (int(v.min()) + int(v.max())) / 2, "a middle of the pixels"),
    (lambda v: v > right_otsu(v), "Asked is the cut"),
    (otsu_by_wrapped_range, "255 + 1 = 0"),
    (lambda v: v.no_such_method(), "AttributeError"),
    NOTHING,
]


def never_updated(values):
    best, cut = 0.0, int(values.min())
    for level in range(int(values.min()), int(values.max()) + 1):
        if right_between(values, level) > best:
            cut = level
    return cut


def above_the_gap(values):
    higher = values[values > right_otsu(values)]
    return higher.min() if higher.size else right_otsu(values)


def by_bincount(values):
    levels = np.arange(len(np.bincount(values.ravel())))
    return otsu_by(right_between, levels=lambda v: levels)(values)


def isodata(values):
    cut, before = values.mean(), None
    while cut != before:
        before, cut = cut, (values[values <= cut].mean() + values[values >= cut].mean()) / 2
    return int(cut)


def counted_twice(values):
    def between(cut):
        below, above = values[values <= cut], values[values >= cut]
        return below.size * above.size * (below.mean() - above.mean()) ** 2
    return max(range(int(values.min()), int(values.max()) + 1), key=between)


OTSU_WRONG += [
    (otsu_by(right_between, levels=lambda v: np.linspace(v.min(), v.max(), 256).astype(int)),
     "Not all levels were tried"),
    (otsu_by(right_between, levels=lambda v: np.linspace(v.min(), v.max(), 256)), "was expected"),
    (otsu_by(right_between, levels=lambda v: np.arange(max(0, v.min()), int(v.max()) + 1)),
     "Not all levels were tried"),
    (otsu_by(right_between, levels=lambda v: np.arange(int(v.min()), max(int(v.min()) + 1, int(v.max()) - 1))),
     "Not all levels were tried"),
    (lambda v: int(np.clip(right_otsu(v), 0, None)), "was expected"),
    (lambda v: otsu_by(right_between)(v.astype(np.uint8)), "was expected"),
    (by_bincount, "no negative elements"),
    (never_updated, "was expected"),
    (above_the_gap, "was expected"),
    (isodata, "was expected"),
    (counted_twice, "was expected"),
    (lambda v: v <= right_otsu(v), "Asked is the cut"),
    (lambda v: {"cut": right_otsu(v)}, "this is a dict"),
]


def radii_of(areas, rule):
    return lambda labels, size: rule(areas(labels).astype(float), size)


def areas(labels):
    return np.unique(labels[labels > 0], return_counts=True)[1]


def right_radii(labels, size):
    return np.sqrt(areas(labels) / np.pi) * size


def anew(labels, size):
    return np.array([r.equivalent_diameter_area / 2 * size for r in regionprops(label(labels > 0, connectivity=1))])


RADII_WRONG = [
    (lambda labels, size: np.sqrt(np.unique(labels, return_counts=True)[1][1:] / np.pi) * size, "threw away a nucleus"),
    (lambda labels, size: np.sqrt(np.unique(labels, return_counts=True)[1] / np.pi) * size, "label 0 is not one"),
    (lambda labels, size: np.sqrt(np.bincount(labels.ravel()) / np.pi) * size, "labels that no pixel has as nuclei"),
    (lambda labels, size: np.array([np.sqrt(np.sum(labels == k) / np.pi) * size for k in range(1, labels.max() + 1)]),
     "no nucleus, and a radius of 0"),
    (lambda labels, size: np.array([np.sqrt(np.sum(labels == k) / np.pi) * size for k in range(1, labels.max())]),
     "up to the last but one"),
    (lambda labels, size: np.array([np.sqrt(np.sum(labels == k) / np.pi) * size for k in range(labels.max())]),
     "up to the last but one"),
    (anew, "have become one"),
    (radii_of(areas, lambda a, p: 2 * np.sqrt(a / np.pi) * p), "twice the right one"),
    (radii_of(areas, lambda a, p: a * p**2), "These are areas"),
    (radii_of(areas, lambda a, p: a), "These are areas"),
    (radii_of(areas, lambda a, p: np.sqrt(a * p / np.pi)), "not used as a length"),
    (radii_of(areas, lambda a, p: np.sqrt(a / np.pi) * p**2), "not used as a length"),
    (radii_of(areas, lambda a, p: np.sqrt(a / np.pi) / p), "not used as a length"),
    (radii_of(areas, lambda a, p: np.sqrt(a / np.pi)), "not used as a length"),
    (radii_of(areas, lambda a, p: a / np.pi * p**2), "of both"),
    (radii_of(areas, lambda a, p: np.sqrt(a) / np.pi * p), "of both"),
    (radii_of(areas, lambda a, p: np.sqrt(a) / 2 * p), "side of a square"),
    (radii_of(areas, lambda a, p: a * p * p / (2 * np.pi)), "of both"),
    (radii_of(areas, lambda a, p: np.sort(np.sqrt(a / np.pi) * p)), "sorted"),
    (lambda labels, size: right_radii(labels, size).sum(), "one number for all"),
    (lambda labels, size: dict(enumerate(right_radii(labels, size))), "this is a dict"),
    (lambda labels, size: [float(region.none) for region in regionprops(labels)], "AttributeError"),
    NOTHING,
]


def by_appearance(labels, size):
    found = dict.fromkeys(labels[labels > 0].tolist())
    return np.array([np.sqrt(np.sum(labels == number) / np.pi) * size for number in found])


RADII_WRONG += [
    (by_appearance, "order in which the nuclei appear"),
    (radii_of(areas, lambda a, p: 4 * np.sqrt(a / np.pi) * p), "was expected"),
    (radii_of(areas, lambda a, p: np.sqrt(a / 3.14) * p), "was expected"),
    (lambda labels, size: right_radii(labels, size)[::-1], "last row (or number) stands first"),
    (lambda labels, size: right_radii(label(labels), size), "was expected"),
    (lambda labels, size: right_radii(labels.astype(np.int8), size), "was expected"),
    (lambda labels, size: np.unique(right_radii(labels, size)), "was expected"),
    (lambda labels, size: right_radii(labels, int(size)), "was expected"),
    (lambda labels, size: [[1.0], [1.0, 2.0]], "this is a list"),
    (lambda labels, size: right_radii(labels, size)[99], "index 99 is out of bounds"),
]

WRONG = {"3.1": OTSU_WRONG, "3.2": RADII_WRONG, "3.3": SUMMARY_WRONG, "3.4": COMPACTNESS_WRONG}
CHECKS = checker_cases(
    "03",
    right={"3.1": right_otsu, "3.2": right_radii, "3.3": right_summary, "3.4": right_compactness},
    wrong=WRONG,
)  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


def otsu_vectorised(values):
    levels, counts = np.unique(values, return_counts=True)
    if len(levels) == 1:
        return levels[0]
    shares = counts / counts.sum()
    w0, s0 = np.cumsum(shares)[:-1], np.cumsum(shares * levels)[:-1]
    score = (shares @ levels * w0 - s0) ** 2 / (w0 * (1 - w0))
    return levels[np.argmax(score.round(9))]


def otsu_least_within(values):
    return min((within(values.ravel(), cut), cut) for cut in np.unique(values).tolist())[1]


OTHER_WAYS = [
    ("3.1", by_library),
    ("3.1", otsu_vectorised),
    ("3.1", otsu_least_within),
    ("3.1", otsu_by(right_between, levels=np.unique)),
    ("3.1", lambda v: [float(right_otsu(v))]),
    ("3.1", lambda v: Fraction(right_otsu(v))),
    ("3.1", functools.partial(lambda kind, v: kind(right_otsu(v)), np.int16)),
    ("3.2", lambda labels, size: tuple(right_radii(labels, size).astype(np.float32).tolist())),
    ("3.2", lambda labels, size: [Decimal(str(radius)) for radius in right_radii(labels, size)]),
    ("3.2", lambda labels, size: [np.sqrt(np.sum(labels == k) / np.pi) * size for k in np.unique(labels) if k]),
    ("3.2", lambda labels, size: (r.equivalent_diameter_area * size / 2 for r in regionprops(labels))),
    ("3.2", lambda labels, size: np.sqrt(areas(labels) * size * size / np.pi).astype(np.float64)),
    ("3.2", lambda labels, size: np.array([(r.area * size**2 / np.pi) ** 0.5 for r in regionprops(labels)])),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", list(WRONG))
def test_each_classic_mistake_has_a_reason_of_its_own(number):
    wrong = list({words: (answer, words) for answer, words in WRONG[number]}.values())
    assert_reasons_differ(number, wrong)
