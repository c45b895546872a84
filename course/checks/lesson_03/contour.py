"""What the checker of exercise 3.4 needs: the compactness of a closed contour."""

import numpy as np

from course.checks.compare import Case, Mistake


def cases():
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ellipse = np.stack([30 + 9 * np.sin(turn), 45 + 5 * np.cos(turn)], 1)
    wavy = (12 + 2 * np.cos(5 * turn))[:, None] * np.stack([np.sin(turn), np.cos(turn)], 1)
    hexagon = np.stack([np.sin(turn[::10]), np.cos(turn[::10])], 1)
    dented = np.array([[0, 0], [0, 8], [8, 8], [8, 5], [3, 4], [8, 3], [8, 0]], float)
    return [
        Case(np.array([[0, 0], [0, 4], [3, 0]], float), note="a triangle with sides 3, 4 and 5"),
        Case(np.array([[2, 2], [2, 6], [6, 6], [6, 2]], float), note="a square"),
        Case(np.array([[2, 2], [6, 2], [6, 6], [2, 6]]), note="the same square the other way round, whole numbers"),
        Case(hexagon, note="six points"),
        Case(ellipse, note="an ellipse, not at the corner of the picture"),
        Case(ellipse[::-1] * 2, note="the same, twice as large, the other way round"),
        Case(wavy, note="five dents"),
        Case(dented, note="one deep dent"),
    ]


def measured(contour):
    """Perimeter and area, independently of the page's formula: SciPy's convex hull, less the triangles of dents."""
    from scipy.spatial import ConvexHull, distance

    contour = np.asarray(contour, float)
    hull = ConvexHull(contour)
    perimeter = np.trace(distance.cdist(contour, np.roll(contour, -1, 0)))
    return perimeter, hull.volume - _dents(contour, np.sort(hull.vertices))


def _dents(contour, corners):
    """Area between the hull and the contour: for each gap between corners, what a fan of triangles covers."""
    total = 0.0
    for start, stop in zip(corners, np.roll(corners, -1), strict=True):
        count = (stop - start) % len(contour)
        pocket = contour[(start + np.arange(count + 1)) % len(contour)] - contour[start]
        fan = [np.linalg.det([pocket[k], pocket[k + 1]]) / 2 for k in range(1, count)]
        total += abs(sum(fan))
    return total


def by_library(contour):
    perimeter, area = measured(contour)
    return perimeter**2 / (4 * np.pi * area) - 1


def _of(rule):
    return lambda contour: rule(*measured(contour))


def _off_the_end(contour):
    return [contour[k + 1] for k in range(len(contour))]


def _with_perimeter(steps):
    """The right formula with another perimeter, made of the steps (n, 2) from point to point."""

    def compactness(contour):
        contour = np.asarray(contour, float)
        return steps(np.roll(contour, -1, 0) - contour) ** 2 / (4 * np.pi * measured(contour)[1]) - 1

    return compactness


def _with_area(area):
    return lambda contour: measured(contour)[0] ** 2 / (4 * np.pi * area(np.asarray(contour, float))) - 1


def _signed(contour):
    after = np.roll(contour, -1, 0)
    return np.sum(contour[:, 0] * after[:, 1] - contour[:, 1] * after[:, 0]) / 2


def _signed_open(contour):
    return np.sum(contour[:-1, 0] * contour[1:, 1] - contour[:-1, 1] * contour[1:, 0]) / 2


def _lengths(steps):
    return np.linalg.norm(steps, axis=1)


def _products(contour):
    after = np.roll(contour, -1, 0)
    return contour[:, 0] * after[:, 1] - contour[:, 1] * after[:, 0]


def _rolled_flat(contour):
    after = np.roll(contour, -1)
    area = abs(np.sum(contour[:, 0] * after[:, 1] - contour[:, 1] * after[:, 0])) / 2
    return _lengths(after - contour).sum() ** 2 / (4 * np.pi * area) - 1


def _by_radius(contour):
    contour = np.asarray(contour, float)
    r = np.linalg.norm(contour - contour.mean(0), axis=1).mean()
    return measured(contour)[0] / (2 * np.pi * r) - 1


MISTAKES = [
    Mistake("An index ran past the end. After the last point comes point 0: use (k + 1) % n, or np.roll.",
            wrong=_off_the_end),
    Mistake("This is p^2 / a - 1, as the description has it. A circle gets 11.57 by it, and no patient's mean is above "
            "0.35. What must p^2 / a be divided by so that a circle gets 0?", wrong=_of(lambda p, a: p * p / a - 1)),
    Mistake("A circle gets 1 by this: take 1 away, so that it gets 0.",
            wrong=_of(lambda p, a: p * p / (4 * np.pi * a))),
    Mistake("Upside down: 4 pi a / p^2 is largest for a circle and falls with every dent. Asked is p^2 / (...) - 1.",
            wrong=_of(lambda p, a: 4 * np.pi * a / p**2)),
    Mistake("1 - 4 pi a / p^2 is 0 for a circle too, but it is another scale, which never reaches 1. The "
            "description's formula has p^2 above.", wrong=_of(lambda p, a: 1 - 4 * np.pi * a / p**2)),
    Mistake("Mind the brackets: `p**2 / 4 * np.pi * a` divides by 4 alone and multiplies by the rest. Write "
            "`p**2 / (4 * np.pi * a)`.", wrong=_of(lambda p, a: p**2 / 4 * np.pi * a - 1)),
    Mistake("Mind the brackets: `p**2 / (4 * np.pi) * a` multiplies by the area.",
            wrong=_of(lambda p, a: p**2 / (4 * np.pi) * a - 1)),
    Mistake("The perimeter is not squared; then the number changes with the size of the nucleus.",
            wrong=_of(lambda p, a: p / (4 * np.pi * a) - 1)),
    Mistake("2 pi stands where 4 pi should: a circle gets 1. (2 pi r)^2 / (pi r^2) = 4 pi.",
            wrong=_of(lambda p, a: p * p / (2 * np.pi * a) - 1)),
    Mistake("pi alone stands where 4 pi should: a circle gets 3. (2 pi r)^2 / (pi r^2) = 4 pi.",
            wrong=_of(lambda p, a: p * p / (np.pi * a) - 1)),
    Mistake("4 alone stands where 4 pi should: a circle gets 2.14, a disc is no square.",
            wrong=_of(lambda p, a: p * p / (4 * a) - 1)),
    Mistake("16 stands where 4 pi should: a *square* gets 0 by this. Asked is 0 for a circle.",
            wrong=_of(lambda p, a: p * p / (16 * a) - 1)),
    Mistake("The 1 was taken away below the line: p^2 / (4 pi a - 1). Divide first.",
            wrong=_of(lambda p, a: p * p / (4 * np.pi * a - 1))),
    Mistake("The root was taken: p / sqrt(4 pi a) - 1 is 0 for a circle too, but it is about half as large as the "
            "table's scale.", wrong=_of(lambda p, a: p / np.sqrt(4 * np.pi * a) - 1)),
    Mistake("This is what was missing to 4 pi, p^2 / a - 4 pi: 0 for a circle, but twelve times too large. Divide "
            "instead of taking away.", wrong=_of(lambda p, a: p * p / a - 4 * np.pi)),
    Mistake("The contour is not closed: the step from the last point back to the first is missing in the perimeter.",
            wrong=_with_perimeter(lambda steps: _lengths(steps[:-1]).sum())),
    Mistake("The *number of points* was taken for the perimeter. That is counting pixels; the way from point to point "
            "has a length.", wrong=_with_perimeter(len)),
    Mistake("The steps were measured along the pixel grid, |down| + |across|. The way from point to point is straight: "
            "Pythagoras.", wrong=_with_perimeter(lambda steps: np.abs(steps).sum())),
    Mistake("np.linalg.norm without `axis=1` takes one root of all squares together. Each piece has a length of its "
            "own.", wrong=_with_perimeter(lambda steps: np.sqrt((steps**2).sum()))),
    Mistake("np.roll without `axis=0` moves the numbers, not the points: rows and columns change places.",
            wrong=_rolled_flat),
    Mistake("The squares of the steps were added without the roots.",
            wrong=_with_perimeter(lambda steps: (steps**2).sum())),
    Mistake("The area comes out negative when the points run the other way round, and so does everything after it. "
            "Take its absolute value.", wrong=_with_area(_signed)),
    Mistake("The area comes out negative when the points run this way round. Take its absolute value.",
            wrong=_with_area(lambda contour: -_signed(contour))),
    Mistake("The half of the area's formula is missing.", wrong=_with_area(lambda contour: 2 * abs(_signed(contour)))),
    Mistake("The area misses the product of the last point with the first.",
            wrong=_with_area(lambda contour: abs(_signed_open(contour)))),
    Mistake("The absolute value was taken of each product. Products of both signs belong in the sum; take it at the "
            "end.", wrong=_with_area(lambda contour: np.sum(np.abs(_products(contour))) / 2)),
    Mistake("This is p / (2 pi r) - 1 with the mean radius: 0 for a circle too, but no area is in it.",
            wrong=_by_radius),
    Mistake("The area of the box round the contour was taken.",
            wrong=_with_area(lambda contour: np.prod(np.ptp(contour, axis=0)))),
    Mistake("This is the perimeter.", wrong=_of(lambda p, a: p)),
    Mistake("This is the area.", wrong=_of(lambda p, a: a)),
]  # fmt: skip
