"""Lesson 00: mark what is darker than a threshold."""

import functools

import numpy as np

from course.data.cytology import draw

CASES = {"A": 149, "B": 186, "C": 100, "D": 391, "E": 446, "F": 324}  # letters of the page: rows of the table
MARK = (255, 205, 0)  # yellow: lighter than every stain, so the mark is seen without colour too


@functools.cache
def drawn_patients():
    """Return the page's six drawn fields: {letter: uint8 (h, w, 3)}."""
    return {letter: draw(case) for letter, case in CASES.items()}


def grey_of(picture):
    """Return the mean of the colour channels: uint8 (h, w, 3) -> float64 (h, w), 0 (black) to 255 (white)."""
    return picture.mean(axis=2)


def dark_share(grey, threshold):
    """Return the share of pixels darker than `threshold`, 0 to 1."""
    return float((grey < threshold).mean())


def mark_dark(picture, threshold):
    """Return uint8 (h, 2w + 4, 3): the picture, and beside it the same with every darker pixel painted yellow."""
    marked = picture.copy()
    marked[grey_of(picture) < threshold] = MARK
    gap = np.full((len(picture), 4, 3), 255, np.uint8)
    return np.hstack([picture, gap, marked])
