"""What the checker of exercise 23.4 needs: corners of a broken joint surface, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    return [
        Case(np.array([[10.0, 10.0], [10.0, 50.0]]), np.array([5.0, 60.0]), np.array([0.5, 0.5]),
             note="a level surface, square pixels"),
        Case(np.array([[150.0, 39.5], [173.5, 104.25]]), np.array([172.0, 116.0]), np.array([0.2, 0.2])),
        Case(np.array([[80.0, 20.0], [110.0, 60.0]]), np.array([118.0, 66.0]), np.array([0.4, 0.15]),
             note="pixels higher than wide; the piece stands out"),
        Case(np.array([[60.0, 12.5], [41.0, 70.0]]), np.array([33.0, 75.0]), np.array([0.1, 0.25]),
             note="the surface rises; pixels wider than high"),
        Case(np.array([[20.0, 90.0], [28.0, 30.0]]), np.array([31.0, 22.0]), np.array([0.3, 0.2]),
             note="the piece lies to the left"),
        Case(np.array([[10.0, 10.0], [25.0, 50.0]]), np.array([25.0, 50.0]), np.array([0.2, 0.3]),
             note="no gap and no step"),
    ]


def by_complex_numbers(surface, corner, spacing):
    """To the right is 1, up is i: a division by the surface's direction turns it level."""
    outer, end, there = (complex(column * spacing[1], -row * spacing[0]) for row, column in (*surface, corner))
    turned = (there - end) * (end - outer).conjugate() / abs(end - outer)
    return turned.real, turned.imag


def wrong(scale=lambda spacing: spacing, begin=1, unit=np.linalg.norm, across=lambda y, x: (-x, y), pixels=False):
    """Gap and step with something changed: scale of the pixels, which end, length of the direction, across of it.

    pixels: the direction is taken from the pixels, the way to the corner in mm.
    """
    def answer(surface, corner, spacing):
        mm = scale(np.asarray(spacing, float))
        line = (surface[1] - surface[0]) * (1 if pixels else mm)
        line = line / unit(line)
        way = (corner - surface[begin]) * mm
        return float(way @ line), float(way @ across(*line))
    return answer


def _level(surface, corner, spacing):
    way = (corner - surface[1]) * spacing
    return float(way[1]), float(-way[0])


def _whole(surface, corner, spacing):
    gap, step = by_complex_numbers(surface, corner, spacing)
    return float(np.hypot(gap, step)), step


def _unsigned(surface, corner, spacing):
    return tuple(map(abs, by_complex_numbers(surface, corner, spacing)))


def _step_unsigned(surface, corner, spacing):
    gap, step = by_complex_numbers(surface, corner, spacing)
    return gap, abs(step)


def _upwards(surface, corner, spacing):
    gap, step = by_complex_numbers(surface, corner, spacing)
    return gap, step if surface[1, 1] > surface[0, 1] else -step


MISTAKES = mistakes(
    ("These are pixels. Multiply rows by spacing[0] and columns by spacing[1] before anything else.",
     wrong(scale=lambda spacing: 1.0)),
    ("The spacing is used in the wrong order: spacing[0] belongs to rows.", wrong(scale=lambda spacing: spacing[::-1])),
    ("One spacing is used for both directions. Rows have spacing[0], columns spacing[1].",
     wrong(scale=lambda spacing: spacing[0]), wrong(scale=lambda spacing: spacing[1]),
     wrong(scale=lambda spacing: spacing.mean())),
    ("Pixels are divided by the spacing. A pixel is spacing mm long: multiply.",
     wrong(scale=lambda spacing: 1 / spacing)),
    ("The direction of the surface is taken from pixels, which are not square. Turn the points into mm first.",
     wrong(pixels=True)),
    ("The direction is not of length 1: divide it by its length.", wrong(unit=lambda line: 1.0)),
    ("Measured from the outer end of the surface. Measure from its end at the fracture.", wrong(begin=0)),
    ("Columns and rows were taken for gap and step. The surface is tilted: measure along it and across it.", _level),
    ("The gap is the whole distance of the corners. Only its part along the surface was asked.", _whole),
    ("The step has its sign turned.", wrong(across=lambda y, x: (x, -y))),
    ("Where the surface runs to the left, the step's sign is turned. It is the part along (-x, y) of the direction (y, "
     "x), whichever way that points.", _upwards),
    ("The step's sign is lost: above 0 is on the left of who walks along the surface.", _step_unsigned),
    ("The signs are lost.", _unsigned),
    ("The step is the gap once more: the direction across is (-x, y) of the direction (y, x).",
     wrong(across=lambda y, x: (y, x))),
    ("The direction across is no right angle to the surface: of (y, x) it is (-x, y).",
     wrong(across=lambda y, x: (-y, x)), wrong(across=lambda y, x: (x, y)), wrong(across=lambda y, x: (y, -x))),
)  # fmt: skip
