"""A drawn chest in CT: two lungs with vessels, ribs, and nodules whose diameter and density are known.

It stands for no patient: lungs are ellipses, vessels straight, tissue even, noise white. It is for measuring what is
there, by somebody who knows what is there.
"""

from typing import NamedTuple

import numpy as np

from course import CourseError

AIR, LUNG, TISSUE, BONE, VESSEL = -1000, -850, 40, 700, 30  # Hounsfield units
SHAPE, SPACING = (64, 256, 256), (2.5, 1.25, 1.25)  # slices, rows, columns; mm


class Nodule(NamedTuple):
    """A ball: centre in mm from the middle of the first voxel (along slices, rows, columns), diameter mm, HU."""

    z: float
    y: float
    x: float
    diameter: float
    density: float = 30.0


def chest(nodules=(), shape=SHAPE, spacing=SPACING, noise=15.0, seed=0):
    """Return a chest, int16 (slices, rows, columns) in Hounsfield units. Same arguments, same chest.

    spacing: mm; a thick slice averages over its thickness, so that small balls fade (partial volume). noise: standard
    deviation, HU.
    """
    shape, steps = tuple(shape), np.asarray(spacing, float)
    if len(shape) != 3 or min(shape) < 8 or steps.shape != (3,) or not (steps > 0).all():
        raise CourseError(f"a chest has three sides of at least 8 voxels and three spacings above 0 mm, not {shape} "
                          f"and {steps.tolist()}.")
    rng = np.random.default_rng([23, seed])
    body, lungs = _outline(shape, steps)
    volume = np.broadcast_to(body, shape).copy()
    _vessels(volume, lungs, steps, rng)
    for nodule in nodules:
        _ball(volume, Nodule(*nodule), steps)
    volume += rng.normal(0, noise, shape).astype(np.float32)
    return np.clip(volume, -1024, 3071).round().astype(np.int16)


def lung(nodule, side=40.0, spacing=SPACING, noise=15.0, seed=0):
    """Return a block of lung `side` mm wide with one nodule in it, int16 (slices, rows, columns), Hounsfield units."""
    steps = np.asarray(spacing, float)
    shape = tuple(np.maximum(np.rint(side / steps).astype(int), 1))
    block = np.full(shape, LUNG, np.float32)
    _ball(block, Nodule(*nodule), steps)
    block += np.random.default_rng([24, seed]).normal(0, noise, shape).astype(np.float32)
    return block.round().astype(np.int16)


def _outline(shape, steps):
    """One slice of body, lungs and ribs, float32 (rows, columns), and where the lungs are."""
    height, width = (n * step for n, step in zip(shape[1:], steps[1:], strict=True))
    y, x = (np.arange(n)[:, None] * steps[1] if axis == 0 else np.arange(n)[None] * steps[2]
            for axis, n in enumerate(shape[1:]))
    y, x = (y - height / 2) / (height / 2), (x - width / 2) / (width / 2)

    def ellipse(cy, cx, ry, rx):
        return ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2

    slice_ = np.full(shape[1:], AIR, np.float32)
    whole = ellipse(0, 0, 0.75, 0.92)
    slice_[whole < 1] = TISSUE
    angle = np.arctan2(y, x * 0.8)
    slice_[(whole > 0.84) & (whole < 0.92) & (np.cos(12 * angle) > 0.5)] = BONE
    lungs = (ellipse(0, -0.42, 0.55, 0.33) < 1) | (ellipse(0, 0.42, 0.55, 0.33) < 1)
    slice_[lungs] = LUNG
    return slice_, lungs


def _vessels(volume, lungs, steps, rng, count=30):
    """Straight vessels, 1 to 3 mm thick, through the lungs."""
    places = np.argwhere(lungs)
    rows, columns = np.ogrid[: volume.shape[1], : volume.shape[2]]
    for _ in range(count):
        (y, x), (down, along) = places[rng.integers(len(places))], rng.uniform(-0.7, 0.7, 2)
        radius = rng.uniform(0.5, 1.5)
        for z in range(volume.shape[0]):
            a, b = y + down * z * steps[0] / steps[1], x + along * z * steps[0] / steps[2]
            low, high = (np.clip([a - 5, b - 5], 0, None).astype(int), np.array([a + 6, b + 6]).astype(int))
            window = np.s_[z, low[0] : max(high[0], low[0]), low[1] : max(high[1], low[1])]
            if volume[window].size:
                away = np.hypot((rows[window[1]] - a) * steps[1], (columns[:, window[2]] - b) * steps[2])
                cover = np.clip((radius - away) / steps[1] + 0.5, 0, 1) * lungs[window[1:]]
                volume[window] += cover * (VESSEL - volume[window])


def _ball(volume, nodule, steps):
    """Lay a ball in: each voxel by the share of its thickness that the ball covers."""
    centre, radius = np.array(nodule[:3]), nodule.diameter / 2
    low = np.maximum(np.floor((centre - radius) / steps - 1), 0).astype(int)
    high = np.minimum(np.ceil((centre + radius) / steps + 2), volume.shape).astype(int)
    last = (np.array(volume.shape) - 1) * steps
    if radius <= 0 or (low >= high).any() or (centre < 0).any() or (centre > last).any():
        raise CourseError(f"the nodule at {tuple(map(float, centre))} mm, {nodule.diameter} mm wide, does not lie in "
                          "the volume.")
    fine = 5  # points a side of a voxel
    inner = (np.arange(fine) + 0.5) / fine - 0.5
    points = [((np.arange(a, b)[:, None] + inner) * step - c) ** 2
              for a, b, step, c in zip(low, high, steps, centre, strict=True)]
    square = (points[0][:, :, None, None, None, None] + points[1][None, None, :, :, None, None]
              + points[2][None, None, None, None])
    cover = (square <= radius**2).mean(axis=(1, 3, 5)).astype(np.float32)
    window = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    volume[window] += cover * (nodule.density - volume[window])
