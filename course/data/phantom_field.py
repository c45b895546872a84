"""A drawn field with lesions to find: round spots among vessels and grains, each lesion's place and size known.

It stands for no organ and no machine: edges are blurred circles, vessels are smooth curves of one width, and nothing
in it is hidden the way tissue hides a lesion. What can be learnt from it is how finding is counted.
"""

from typing import NamedTuple

import numpy as np

from course import CourseError

SIZE = 160  # pixels a side
RADII = (4.0, 9.0)  # pixels, of lesions
CONTRAST = (14.0, 44.0)  # grey levels above the background


class Field(NamedTuple):
    """picture: uint8 (160, 160). lesions (m, 3): x, y of the centre and radius, pixels."""

    picture: np.ndarray
    lesions: np.ndarray


def field(seed, lesions=None):
    """Draw one field, of one seed always the same. lesions: how many, 0 to 4; None: drawn, 0 in a third of fields."""
    if lesions is not None and lesions not in range(5):
        raise CourseError(f"lesions = {lesions!r}: give a whole number from 0 to 4.")
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng([22, seed])
    count = int(rng.choice([0, 0, 1, 1, 2, 3])) if lesions is None else lesions
    rows, columns = np.mgrid[:SIZE, :SIZE]
    grey = 90 + 18 * _unit(gaussian_filter(rng.normal(size=(SIZE, SIZE)), 14))
    for _ in range(rng.integers(4, 8)):
        grey += _vessel(rng, rows, columns)
    for _ in range(rng.integers(6, 14)):  # grains: as bright as a lesion, and too small
        y, x = rng.uniform(4, SIZE - 4, 2)
        grey += rng.uniform(20, 60) * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * rng.uniform(0.8, 1.6) ** 2))
    truth = _places(rng, count)
    for x, y, radius in truth:
        distance = np.hypot(rows - y, columns - x)
        grey += rng.uniform(*CONTRAST) / (1 + np.exp((distance - radius) / 0.8))
    grey += gaussian_filter(rng.normal(0, 14, (SIZE, SIZE)), 0.8)
    return Field(np.clip(grey, 0, 255).round().astype(np.uint8), truth)


def _unit(values):
    return (values - values.mean()) / values.std()


def _vessel(rng, rows, columns):
    """A bright, gently bent line across the field: its grey levels."""
    angle, offset = rng.uniform(0, np.pi), rng.uniform(-0.5, 0.5) * SIZE
    along = (columns - SIZE / 2) * np.cos(angle) + (rows - SIZE / 2) * np.sin(angle)
    across = -(columns - SIZE / 2) * np.sin(angle) + (rows - SIZE / 2) * np.cos(angle)
    bend = rng.uniform(4, 14) * np.sin(along / rng.uniform(18, 40) + rng.uniform(0, 2 * np.pi))
    return rng.uniform(18, 40) * np.exp(-((across - offset - bend) ** 2) / (2 * rng.uniform(1.5, 3.0) ** 2))


def _places(rng, count):
    """Centres and radii (count, 3) that do not touch each other or the border."""
    found = []
    while len(found) < count:
        radius = rng.uniform(*RADII)
        x, y = rng.uniform(radius + 3, SIZE - radius - 3, 2)
        if all(np.hypot(x - a, y - b) > radius + r + 4 for a, b, r in found):
            found.append((x, y, radius))
    return np.array(found).reshape(-1, 3)
