"""What the checker of exercise 3.4 needs: the compactness of a closed contour."""

import numpy as np
from scipy.integrate import trapezoid
from scipy.spatial import distance

from course.checks.compare import Case, mistakes


def cases():
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ellipse = np.stack([30 + 9 * np.sin(turn), 45 + 5 * np.cos(turn)], 1)
    wavy = (12 + 2 * np.cos(5 * turn))[:, None] * np.stack([np.sin(turn), np.cos(turn)], 1)
    dented = np.array([[0, 0], [0, 8], [8, 8], [8, 5], [3, 4], [8, 3], [8, 0]], float)
    return [
        Case(np.array([[0, 0], [0, 4], [3, 0]], float), note="a triangle with sides 3, 4 and 5"),
        Case(np.array([[2, 2], [2, 6], [6, 6], [6, 2]], float), note="a square"),
        Case(np.array([[2, 2], [6, 2], [6, 6], [2, 6]]), note="the same square the other way round, whole numbers"),
        Case(np.stack([np.sin(turn[::10]), np.cos(turn[::10])], 1), note="six points"),
        Case(ellipse, note="an ellipse, not at the corner of the picture"),
        Case(ellipse[::-1] * 2, note="the same, twice as large, the other way round"),
        Case(wavy, note="five dents"),
        Case(dented, note="one deep dent"),
        Case(dented[::-1] * 0.01 - 1, note="the same, small, the other way round, left of 0"),
    ]


def perimeter(contour):
    return np.trace(distance.cdist(contour, np.roll(contour, -1, 0)))


def area(contour):
    y, x = np.vstack([contour, contour[:1]]).astype(float).T
    return abs(trapezoid(x, y))


def ratio(p, a):
    return p * p / (4 * np.pi * a) - 1


def by_library(contour):
    return ratio(perimeter(contour), area(contour))


def _with(rule=ratio, p=perimeter, a=area):
    """Compactness with one of its parts replaced by a mistaken one."""
    return lambda contour: rule(p(contour), a(contour))


def _steps(contour):
    return np.diff(contour, axis=0, append=contour[:1])


def _products(contour, after=lambda contour: np.roll(contour, -1, 0), sign=-1):
    (y, x), (y_next, x_next) = contour.T, after(contour).T
    return y * x_next + sign * y_next * x


def _flat(contour):
    return np.roll(contour, -1)


TABLE = [  # the reason, and the wrong ways that it explains
    ("An index ran past the end. After the last point comes point 0: use (k + 1) % n, or np.roll.",
     lambda contour: [contour[k + 1] for k in range(len(contour))]),
    ("This is p^2 / a - 1, as the description has it. A circle gets 11.57 by it: what must p^2 / a be divided by to "
     "make that 0?", _with(lambda p, a: p * p / a - 1)),
    ("Upside down: 4 pi a / p^2 is largest for a circle, and neither it nor 1 minus it ever passes 1. The formula has "
     "p^2 above.", _with(lambda p, a: 4 * np.pi * a / p**2), _with(lambda p, a: 1 - 4 * np.pi * a / p**2)),
    ("Mind the brackets and the square: in `p**2 / (4 * np.pi * a) - 1` 4, pi and a all stand below the line, and 1 "
     "does not.", *map(_with, [
         lambda p, a: p**2 / 4 * np.pi * a - 1, lambda p, a: p**2 / (4 * np.pi) * a - 1,
         lambda p, a: p**2 / (4 * np.pi * a - 1), lambda p, a: p / (4 * np.pi * a) - 1])),
    ("4 pi was asked: (2 pi r)^2 / (pi r^2). With 2 pi, pi, 4 or 16 in its place a circle does not get 0.",
     *(_with(lambda p, a, number=number: p * p / (number * a) - 1) for number in (2 * np.pi, np.pi, 4, 16))),
    ("This is 0 for a circle, but on another scale than the table's: no root is in it, and no p^2 / a - 4 pi. Divide "
     "p^2 / a by 4 pi, then take 1 away.",
     _with(lambda p, a: p / np.sqrt(4 * np.pi * a) - 1), _with(lambda p, a: p * p / a - 4 * np.pi)),
    ("The contour is not closed: the step from the last point back to the first is missing in the perimeter.",
     _with(p=lambda contour: np.linalg.norm(np.diff(contour, axis=0), axis=1).sum())),
    ("The perimeter is not the sum of the pieces' lengths. Each piece has its own by Pythagoras: a root for each "
     "(np.linalg.norm with `axis=1`), then the sum.",
     *(_with(p=lambda contour, way=way: way(_steps(contour)))
       for way in (len, np.linalg.norm, lambda steps: np.abs(steps).sum(), lambda steps: (steps**2).sum()))),
    ("np.roll without `axis=0` moves the numbers, not the points: rows and columns change places.",
     _with(p=lambda contour: np.linalg.norm(_flat(contour) - contour, axis=1).sum(),
           a=lambda contour: abs(_products(contour, _flat).sum()) / 2)),
    ("The area comes out negative when the points run one way round, and so does everything after it. Take its "
     "absolute value.", *(_with(a=lambda c, sign=sign: sign * _products(c).sum() / 2) for sign in (1, -1))),
    ("The area is not the one of the text: a half, of the absolute value, of the sum of all n products, the last point "
     "with the first included, each with a minus in it.",
     *(_with(a=way) for way in [
         lambda c: 2 * area(c), lambda c: abs(_products(c)[:-1].sum()) / 2, lambda c: np.abs(_products(c)).sum() / 2,
         lambda c: abs(_products(c, sign=1).sum()) / 2])),
    ("This is the perimeter.", perimeter), ("This is the area.", area),
]  # fmt: skip
MISTAKES = mistakes(*TABLE)
