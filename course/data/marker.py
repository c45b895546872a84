"""A pen mark in the corner of a picture: nothing of the patient, and so the plainest of shortcuts.

Lesson 20 puts it on the pictures of one class. The ink filters the light as stain does (Beer and Lambert).
"""

import functools

import numpy as np

from course.data.nuclei import FIELD

INK = np.array([0.45, 0.12, 0.0])  # optical density of the ink in red, green, blue: our own choice, a blue pen
STROKES = (((20.0, 8.0), (32.0, 18.0)), ((32.0, 18.0), (8.0, 36.0)))  # (row, column) of their ends, table units: a tick
WIDTH, SOFT = 3.5, 1.5  # half the stroke's width, and how softly it ends, table units


def marked(pictures):
    """Return pictures, uint8 (..., size, size, 3), with the mark in their upper left corner; the input stays as it is.
    """
    through = 10 ** (-_ink(pictures.shape[-2])[..., None] * INK)
    return np.rint(pictures * through).astype(np.uint8)


def mask(size):
    """Return where the mark is: bool (size, size)."""
    return _ink(size) > 0.25


def box(size):
    """Return the upright rectangle that holds the mark: bool (size, size)."""
    inked = mask(size)
    return inked.any(axis=1)[:, None] & inked.any(axis=0)[None]


@functools.cache
def _ink(size):
    """How much ink lies on each pixel: (size, size), 0 to 1."""
    middles = (np.arange(size) + 0.5) * FIELD / size
    places = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1)
    apart = np.min([_distance(places, *map(np.array, stroke)) for stroke in STROKES], axis=0)
    soft = max(SOFT, FIELD / size / 2)  # a pixel cannot show less
    return np.clip(0.5 + (WIDTH - apart) / (2 * soft), 0, 1)


def _distance(places, start, end):
    """Return the distance of places (..., 2) to the line from start to end."""
    along = np.clip((places - start) @ (end - start) / ((end - start) ** 2).sum(), 0, 1)
    return np.linalg.norm(places - start - along[..., None] * (end - start), axis=-1)
