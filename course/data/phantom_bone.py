"""A drawn radiograph of a broken wrist: the far end of the radius, split into the joint, with gap and step known.

Not a photograph, and no anatomy: a shaft that widens, a straight joint surface, one fracture line, a denser rim,
overlying soft parts as a smooth veil, blur and noise. One piece stays (the main piece), the other is moved along the
joint surface by `gap` and across it, into the bone, by `step`.
"""

from typing import Any, NamedTuple

import numpy as np

from course import CourseError

FIELD = (48.0, 44.0)  # height and width of the picture, mm
TILT = 20.0  # degrees between the joint surface and the horizontal: our choice
SPLIT = 0.45  # where the fracture meets the joint surface, as a share of its length from the left
LEFT = np.array([[0.0, 14.0], [14.0, 13.5], [25.0, 9.5], [30.0, 8.0]])  # left border of the whole bone, (y, x) mm
WIDE = 29.0  # mm from the left to the right end of the joint surface, sideways
LOWEST = LEFT[-1] + WIDE * np.array([np.tan(np.deg2rad(TILT)), 1])  # the right end
RIGHT = np.array([[0.0, 28.0], [16.0, 28.5], [30.0, 32.0], LOWEST])  # right border, (y, x) mm; y runs down


class Radiograph(NamedTuple):
    """picture: uint8 (rows, columns), bone bright; spacing: mm from row to row and from column to column.

    truth: {"gap": mm, "step": mm, "main": (2, 2), "piece": (2, 2)}: of each piece the two ends of its joint surface,
    (row, column) in pixels with fractions, main: outer end, end at the fracture; piece: end at the fracture, outer end.
    """

    picture: Any
    spacing: tuple
    truth: dict


def draw(gap=2.0, step=1.0, spacing=(0.2, 0.2), seed=0):
    """Return a Radiograph of a break with this gap and step, mm.

    gap: 0 to 5, between the ends of the joint surface, measured along it. step: -4 to 4, across it; above 0 the piece
    stands deeper in the bone. spacing: mm a row and a column, 0.05 to 1. seed: of the noise.
    """
    if not (0 <= gap <= 5 and -4 <= step <= 4):
        raise CourseError(f"gap {gap} mm and step {step} mm: draw takes a gap of 0 to 5 and a step of -4 to 4.")
    if not all(0.05 <= one <= 1 for one in spacing):
        raise CourseError(f"the spacing is {tuple(spacing)} mm; take 0.05 to 1 for rows and for columns.")
    shape = [round(side / one) for side, one in zip(FIELD, spacing, strict=True)]
    places = np.stack(np.meshgrid(*((np.arange(n) + 0.5) * one for n, one in zip(shape, spacing, strict=True)),
                                  indexing="ij"), axis=-1)  # fmt: skip
    along, deeper = directions()
    shift = gap * along + step * deeper
    left, right, split = surface_ends()  # the fracture line leaves the surface at a right angle
    main = np.where((places - split) @ along < 0, _depth(places), -1.0)
    piece = np.where((places - split - shift) @ along > 0, _depth(places - shift), -1.0)
    ends = {"main": np.array([left, split]), "piece": np.array([split, right]) + shift}
    truth = {"gap": float(gap), "step": float(step)} | {
        name: places / np.array(spacing) - 0.5 for name, places in ends.items()}  # fmt: skip
    return Radiograph(_exposed(np.maximum(main, piece), places, spacing, seed), tuple(map(float, spacing)), truth)


def directions():
    """Return (along the joint surface to the right, across it into the bone): unit vectors (y, x)."""
    angle = np.deg2rad(TILT)
    along = np.array([np.sin(angle), np.cos(angle)])
    return along, np.array([-along[1], along[0]])


def surface_ends():
    """Return (left end, right end, place of the break) of the joint surface before the piece moves, (y, x) mm."""
    left, right = LEFT[-1], LOWEST
    return left, right, left + SPLIT * (right - left)


def _depth(places):
    """Return how deep places (..., 2) lie in the unbroken bone, mm from the nearest border; below 0 outside."""
    y, x = places[..., 0], places[..., 1]
    left, right = np.interp(y, *LEFT.T), np.interp(y, *RIGHT.T)
    _, deeper = directions()
    return np.minimum(np.minimum(x - left, right - x), (places - LEFT[-1]) @ deeper)


def _exposed(depth, places, spacing, seed):
    """Return the picture of bone whose depth below the border is known: a dense rim, a spongy middle, a veil, noise."""
    from scipy.ndimage import gaussian_filter

    rim = np.exp(-np.maximum(depth, 0) / 1.2)
    bone = np.where(depth > 0, 0.62 + 0.3 * rim, 0.0)
    veil = 0.16 + 0.05 * np.cos(places[..., 1] / 14)
    sharp = np.where(depth > 0, bone, veil)
    blurred = gaussian_filter(sharp, [0.25 / one for one in spacing])
    noise = np.random.default_rng(seed).normal(scale=0.015, size=depth.shape)
    return np.clip(np.rint(255 * (blurred + noise)), 0, 255).astype(np.uint8)
