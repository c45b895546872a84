"""Right and wrong answers for exercises 3.3 and 3.4 of lesson 03; the other exercises' tests import the wrong ones."""

from fractions import Fraction

import numpy as np
import pytest
from harness import assert_status
from skimage.measure import find_contours

from course.checks.lesson_03 import contour as contours


def perimeter(contour):
    return np.linalg.norm(np.roll(contour, -1, axis=0) - contour, axis=1).sum()


def area(contour):
    y, x = contour.T
    return abs(np.sum(y * np.roll(x, -1) - x * np.roll(y, -1))) / 2


def made(rule, p=perimeter, a=area):
    return lambda contour: rule(p(contour), a(contour))


def ratio(p, a):
    return p**2 / (4 * np.pi * a) - 1


right_compactness = made(ratio)


def signed(contour):
    y, x = contour.T
    return np.sum(y * np.roll(x, -1) - x * np.roll(y, -1)) / 2


def open_area(contour):
    y, x = contour.T
    return abs(np.sum(y[:-1] * x[1:] - x[:-1] * y[1:])) / 2


def absolute_products(contour):
    y, x = contour.T
    return np.sum(np.abs(y * np.roll(x, -1) - x * np.roll(y, -1))) / 2


def by_radius(contour):
    r = np.linalg.norm(contour - contour.mean(axis=0), axis=1).mean()
    return perimeter(contour) / (2 * np.pi * r) - 1


def steps(contour):
    return np.diff(contour, axis=0, append=contour[:1])


def rolled_flat(contour):
    after = np.roll(contour, -1)
    a = abs(np.sum(contour[:, 0] * after[:, 1] - contour[:, 1] * after[:, 0])) / 2
    return ratio(np.linalg.norm(after - contour, axis=1).sum(), a)


COMPACTNESS_WRONG = [
    (made(lambda p, a: p**2 / a - 1), "as the description has it"),
    (made(lambda p, a: p**2 / (4 * np.pi * a)), "one too large"),
    (made(lambda p, a: 4 * np.pi * a / p**2), "Upside down"),
    (made(lambda p, a: 1 - 4 * np.pi * a / p**2), "Upside down"),
    (made(lambda p, a: p**2 / 4 * np.pi * a - 1), "Mind the brackets"),
    (made(lambda p, a: p**2 / (4 * np.pi) * a - 1), "Mind the brackets"),
    (made(lambda p, a: p / (4 * np.pi * a) - 1), "Mind the brackets"),
    (made(lambda p, a: p**2 / (2 * np.pi * a) - 1), "4 pi was asked"),
    (made(lambda p, a: p**2 / (np.pi * a) - 1), "4 pi was asked"),
    (made(lambda p, a: p**2 / (4 * a) - 1), "4 pi was asked"),
    (made(lambda p, a: p**2 / (16 * a) - 1), "4 pi was asked"),
    (made(lambda p, a: p**2 / (4 * np.pi * a - 1)), "Mind the brackets"),
    (made(lambda p, a: np.sqrt(p**2 / (4 * np.pi * a)) - 1), "another scale than the table's"),
    (made(lambda p, a: p**2 / a - 4 * np.pi), "another scale than the table's"),
    (made(ratio, p=lambda c: np.linalg.norm(np.diff(c, axis=0), axis=1).sum()), "not closed"),
    (made(ratio, p=len), "sum of the pieces' lengths"),
    (made(ratio, p=lambda c: np.abs(steps(c)).sum()), "sum of the pieces' lengths"),
    (made(ratio, p=lambda c: (steps(c) ** 2).sum()), "sum of the pieces' lengths"),
    (made(ratio, p=lambda c: np.linalg.norm(steps(c))), "sum of the pieces' lengths"),
    (lambda c: sum(np.hypot(*(c[k + 1] - c[k])) for k in range(len(c))), "ran past the end"),
    (rolled_flat, "np.roll without `axis=0`"),
    (made(ratio, a=signed), "Take its absolute value"),
    (made(ratio, a=lambda c: -signed(c)), "Take its absolute value"),
    (made(ratio, a=lambda c: 2 * area(c)), "not the one of the text"),
    (made(ratio, a=open_area), "not the one of the text"),
    (made(ratio, a=absolute_products), "not the one of the text"),
    (by_radius, "was expected"),
    (made(ratio, a=lambda c: np.prod(np.ptp(c, axis=0))), "was expected"),
    (perimeter, "This is the perimeter"),
    (area, "This is the area"),
    (made(lambda p, a: p / 0 if p < 0 else {}["p"]), "KeyError"),
    (lambda contour: None if len(contour) else 0, "Is a `return` missing"),
]


def top(values, n=3):
    return np.sort(values)[-n:]


def sem(values):
    return np.std(values, ddof=1) / np.sqrt(len(values))


def three(mean=np.mean, error=sem, worst=lambda v: top(v).mean()):
    return lambda values: (mean(values), error(values), worst(values))


right_summary = three()

SUMMARY_WRONG = [
    (three(worst=np.max), "largest value alone; with"),
    (three(worst=lambda v: v[-3:].mean()), "last three values as they stand"),
    (three(worst=lambda v: v[:3].mean()), "first three values as they stand"),
    (three(worst=lambda v: np.sort(v)[:3].mean()), "three *smallest*"),
    (three(worst=lambda v: top(v).sum()), "sum of the three"),
    (three(worst=lambda v: np.sort(v)[-3]), "third largest value alone"),
    (three(worst=lambda v: np.median(top(v))), "median of the three largest"),
    (three(worst=lambda v: top(v, 2).mean()), "*two* largest"),
    (three(worst=lambda v: top(v, min(4, len(v))).mean()), "*four* largest"),
    (three(worst=lambda v: np.sort(v)[-3:-1].mean()), "stops before the last"),
    (three(worst=lambda v: v[np.argsort(np.abs(v - v.mean()))[-3:]].mean()), "farthest from the mean"),
    (three(worst=lambda v: v[np.argsort(np.abs(v))[-3:]].mean()), "without their signs"),
    (three(worst=top), "all three values"),
    (three(error=lambda v: np.std(v) / np.sqrt(len(v))), "unless it is told ddof=1."),
    (three(error=lambda v: np.std(v, ddof=1)), "*mean* is surer"),
    (three(error=np.std), "with n where n - 1 belongs (ddof=1)"),
    (three(error=lambda v: np.std(v, ddof=1) / len(v)), "divided by n;"),
    (three(error=lambda v: np.std(v, ddof=1) / np.sqrt(len(v) - 1)), "inside the standard deviation"),
    (three(error=lambda v: np.var(v, ddof=1) / len(v)), "the root of it is missing"),
    (three(error=lambda v: np.var(v, ddof=1)), "neither root"),
    (three(error=lambda v: 1.96 * sem(v)), "one standard error"),
    (three(mean=np.median), "'Mean' is the median"),
    (lambda v: tuple(np.round(right_summary(v), 2)), "round where they are printed"),
    (three(error=lambda v: np.std(v) / np.sqrt(len(v)), worst=np.max), "ddof=1. 'Worst' is the largest"),
    (three(error=lambda v: np.std(v, ddof=1), worst=np.max), "surer by sqrt(n). 'Worst' is the largest"),
    (three(error=np.std, worst=np.max), "by sqrt(n). 'Worst' is the largest"),
    (lambda v: (v.mean(), top(v).mean(), sem(v)), "in another order"),
    (lambda v: (sem(v), v.mean(), top(v).mean()), "in another order"),
    (lambda v: (v.sort(), (v.mean(), sem(v), v[-3:].mean()))[1], "changed the array"),
    (lambda v: (v.mean(), sem(v)), "3 values were expected"),
    (lambda v: {"mean": v.mean()}["error"], "KeyError"),
    (lambda v: None if len(v) else 0, "Is a `return` missing"),
]

SUMMARY_WRONG += [
    (three(worst=lambda v: np.mean(sorted(set(v.tolist()))[-3:])), "counts equal values once"),
    (three(worst=lambda v: np.unique(v)[-3:].mean()), "counts equal values once"),
    (three(worst=lambda v: v[v >= np.sort(v)[-3]].mean()), "more than three where values are equal"),
    (three(mean=np.median, worst=np.max), "the median. 'Worst' is the largest"),
    (three(mean=lambda v: sorted(v)[len(v) // 2]), "Value 1 of 3"),
    (three(error=lambda v: np.std(v[:-1], ddof=1) / len(v) ** 0.5), "Value 2 of 3"),
    (lambda v: right_summary(v)[::-1], "in another order"),
    (lambda v: np.array(right_summary(v)).round(1), "round where they are printed"),
    (lambda v: right_summary(v)[0], "3 values were expected"),
]


def plus(contour):
    y, x = contour.T
    return abs(np.sum(y * np.roll(x, -1) + x * np.roll(y, -1))) / 2


COMPACTNESS_WRONG += [
    (made(ratio, a=plus), "not the one of the text"),
    (lambda c: right_compactness(c) if len(c) < 5 else c[99, 0], "index 99 is out of bounds"),
    (lambda c: right_compactness(c.astype(int)), "was expected"),
    (lambda c: right_compactness(c[::2] if len(c) > 20 else c), "was expected"),
    (lambda c: abs(right_compactness(np.abs(c))), "was expected"),
    (lambda c: 2 * right_compactness(c), "twice the right one"),
    (made(ratio, p=lambda c: np.linalg.norm(np.diff(c, axis=0), axis=0).sum()), "was expected"),
]


def compactness_by_loop(contour):
    p = a = 0.0
    for (y0, x0), (y1, x1) in zip(contour, [*contour[1:], contour[0]], strict=True):
        p += ((float(y1) - y0) ** 2 + (float(x1) - x0) ** 2) ** 0.5
        a += float(y0) * x1 - float(y1) * x0
    return p * p / (2 * np.pi * abs(a)) - 1


def compactness_in_complex_numbers(contour):
    z = contour[:, 0] + 1j * contour[:, 1]
    after = np.append(z[1:], z[0])
    return abs(after - z).sum() ** 2 / (2 * np.pi * abs((z.conj() * after).imag.sum())) - 1


def summary_by_loop(values):
    largest, n = sorted(values.tolist(), reverse=True)[:3], len(values)
    mean = sum(values.tolist()) / n
    variance = sum((value - mean) ** 2 for value in values.tolist()) / (n - 1)
    return [mean, (variance / n) ** 0.5, sum(largest) / 3]


OTHER_WAYS = [
    ("3.4", compactness_by_loop),
    ("3.4", compactness_in_complex_numbers),
    ("3.4", lambda c: perimeter(c) ** 2 / area(c) / 4 / np.pi - 1),
    ("3.4", lambda c: np.float64(right_compactness(np.vstack([c, c[:1]])))),
    ("3.3", summary_by_loop),
    ("3.3", lambda v: np.array(right_summary(v), np.float64)[None][0]),
    ("3.3", lambda v: [Fraction(float(one)) for one in right_summary(v)]),
    ("3.4", lambda c: [[right_compactness(c)]]),
    ("3.3", lambda v: np.array([v.mean(), sem(v), top(v).mean()]).tolist()),
    ("3.3", lambda v: (v.mean(), (v.var(ddof=1) / v.size) ** 0.5, -np.sort(-v)[:3].mean())),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


def test_the_reference_measures_known_shapes():
    square = np.array([[0, 0], [0, 4], [4, 4], [4, 0]])
    assert (contours.perimeter(square), contours.area(square)) == pytest.approx((16, 16))
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    star = np.where(np.arange(10) % 2, 2.0, 5.0)[:, None] * np.stack([np.sin(turn), np.cos(turn)], 1)
    edge = np.sqrt(25 + 4 - 20 * np.cos(np.pi / 5))
    assert (contours.perimeter(star), contours.area(star)) == pytest.approx((10 * edge, 5 * 10 * np.sin(np.pi / 5)))
    rows, columns = np.mgrid[:40, :40]
    line = find_contours(12 - np.hypot(rows - 20, columns - 20), 0)[0][:-1]
    assert abs(contours.by_library(line)) < 0.005
