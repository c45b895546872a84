"""Lesson 22: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests

from course.detection import iou as all_pairs


def iou(a, b, cut=lambda side: max(side, 0), plus=0, union=lambda a, b, common: a + b - common, times=1):
    w, h = (cut(min(a[k + 2], b[k + 2]) - max(a[k], b[k]) + plus) for k in (0, 1))
    one, other = ((box[2] - box[0] + plus) * (box[3] - box[1] + plus) for box in (a, b))
    return times * w * h / union(one, other, w * h)


IOU_WRONG = [
    (functools.partial(iou, cut=lambda side: side), "negative side"),
    (functools.partial(iou, plus=1), "One was added"),
    (functools.partial(iou, union=lambda a, b, common: a + b), "stands in it twice"),
    (functools.partial(iou, union=lambda a, b, common: a + b, times=2), "Dice"),
    (functools.partial(iou, union=lambda a, b, common: min(a, b)), "one box alone"),
    (functools.partial(iou, union=lambda a, b, common: 1), "common area"),
    (lambda a, b: iou((a[0], a[2], a[1], a[3]), (b[0], b[2], b[1], b[3])), "x0, x1, y0, y1"),
]


LN2 = 0.6931471805599453


def doubling(first, second, one, two, days, volume=lambda mask, s: mask.sum() * s[0] * s[1] * s[2], log=np.log,
             top=LN2, quotient=lambda a, b: b / a):  # fmt: skip
    return days * top / log(quotient(volume(first, one), volume(second, two)))


DOUBLING_WRONG = [
    (functools.partial(doubling, volume=lambda mask, s: mask.sum()), "Voxels were compared"),
    (functools.partial(doubling, volume=lambda mask, s: mask.sum() * s[1] ** 3), "thickness"),
    (functools.partial(doubling, top=3 * LN2), "diameters"),
    (functools.partial(doubling, top=1), "ln 2 is missing"),
    (functools.partial(doubling, log=np.log10), "logarithm were mixed"),
    (functools.partial(doubling, quotient=lambda a, b: a / b), "upside down"),
    (lambda f, s, one, two, d: 1 / doubling(f, s, one, two, d), "rate of growth"),
    (lambda f, s, one, two, d: d / ((s.sum() * np.prod(two)) / (f.sum() * np.prod(one)) - 1), "straight"),
]


def suppress(boxes, scores, threshold, order=lambda s: np.argsort(-np.asarray(s), kind="stable"), rivals="kept"):
    kept, seen = [], []
    for k in order(scores):
        others = kept if rivals == "kept" else seen
        if all(all_pairs(boxes[[k]], boxes[[other]])[0, 0] <= threshold for other in others):
            kept.append(int(k))
        seen.append(k)
    return kept


SUPPRESS_WRONG = [
    (functools.partial(suppress, rivals="all"), "had been suppressed"),
    (functools.partial(suppress, order=lambda s: np.argsort(s, kind="stable")), "worst boxes"),
    (lambda b, s, t: sorted(suppress(b, s, t)), "in the order of the list. Give"),
    (functools.partial(suppress, order=lambda s: range(len(s))), "not looked at"),
    (lambda b, s, t: np.argsort(-s, kind="stable"), "Every box stayed"),
    (lambda b, s, t: [int(np.argmax(s))], "Only the best"),
    (lambda b, s, t: s[suppress(b, s, t)], "These are scores"),
]


def longest(mask, spacing):
    points = [(r * spacing[0], c * spacing[1]) for r, c in zip(*np.nonzero(mask), strict=True)]
    return max(((a - c) ** 2 + (b - d) ** 2) ** 0.5 for a, b in points for c, d in points)


def box(mask, spacing):
    rows, columns = np.nonzero(mask)
    return (rows.max() - rows.min()) * spacing[0], (columns.max() - columns.min()) * spacing[1]


LONGEST_WRONG = [
    (lambda mask, spacing: longest(mask, (1, 1)), "in pixels. Multiply"),
    (lambda mask, spacing: longest(mask, (1, 1)) * spacing[0], "then scaled"),
    (lambda mask, spacing: longest(mask, spacing[::-1]), "changed places"),
    (lambda mask, spacing: max(box(mask, spacing)), "longer side"),
    (lambda mask, spacing: np.hypot(*box(mask, spacing)), "diagonal of the box"),
    (lambda mask, spacing: 2 * np.sqrt(mask.sum() * spacing[0] * spacing[1] / np.pi), "same area"),
    (lambda mask, spacing: longest(mask, spacing) ** 2, "root is missing"),
]
RIGHT = {"22.1": iou, "22.2": doubling, "22.3": suppress, "22.4": longest}
WRONG = {"22.1": IOU_WRONG, "22.2": DOUBLING_WRONG, "22.3": SUPPRESS_WRONG, "22.4": LONGEST_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("22", RIGHT, WRONG)


@pytest.mark.parametrize(("number", "answer"), [
    ("22.1", lambda a, b: all_pairs([a], [b])), ("22.1", lambda a, b: np.float32(iou(a, b))),
    ("22.2", lambda f, s, one, two, d: d / np.log2((s.sum() * np.prod(two)) / (f.sum() * np.prod(one)))),
    ("22.3", lambda b, s, t: tuple(suppress(b, s, t))), ("22.4", lambda mask, spacing: [longest(mask, spacing)]),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
