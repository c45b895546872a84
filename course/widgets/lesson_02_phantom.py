"""A drawn ultrasound picture of a lesson's own: speckle, sound that fades with depth, a lesion and its shadow.

It is no simulation of sound and no patient's picture: it shows where up and down come from, and nothing else.
"""

import functools

import numpy as np

SIDE = 150  # pixels
MIDDLE, HALF_HEIGHT, HALF_WIDTH = (58, 75), 17, 25  # (row, column), pixels: lies along the skin, wider than tall
BEAM = 14  # pixels from the lesion's middle to either side: the beams that pass through it whole


@functools.cache
def phantom(seed=2):
    """Return the picture, uint8 (150, 150): the probe is at the top, brightness falls with depth."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[:SIDE, :SIDE]
    echoes = rng.standard_normal((2, SIDE, SIDE))  # of many small scatterers, which add up
    speckle = _smooth(np.hypot(*echoes), (0.6, 1.2))
    light = 150 * np.exp(-row / 140)  # what is left of the sound on its way down and back
    inside = lesion_mask()
    below = (row > MIDDLE[0]) & ~inside & (np.abs(column - MIDDLE[1]) < BEAM + 4)
    light = light * _smooth(np.where(inside, 0.3, np.where(below, 0.4, 1.0)), (1, 2))
    light = np.where(row < 6, 230, light)  # skin and probe
    return np.clip(light * (0.4 + 0.48 * speckle), 0, 255).astype(np.uint8)


def lesion_mask():
    """Return where the lesion was drawn: bool (150, 150)."""
    row, column = np.mgrid[:SIDE, :SIDE]
    return ((row - MIDDLE[0]) / HALF_HEIGHT) ** 2 + ((column - MIDDLE[1]) / HALF_WIDTH) ** 2 <= 1


def _smooth(x, deviations):
    from scipy import ndimage

    return ndimage.gaussian_filter(x, deviations)


def shape_and_shadow(picture, mask):
    """Return (height / width, brightness above, brightness below) of a lesion: mask bool (h, w).

    Height and width of the mask; brightness: mean grey value of the beams through the lesion's middle, between 4 and 24
    pixels above and below it. NaN where that lies outside the picture.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return np.nan, np.nan, np.nan
    left, right = (int(columns.mean()) + side for side in (-BEAM // 2, BEAM // 2 + 1))
    beams = picture[:, max(left, 0):right].astype(float)
    above, below = beams[max(rows[0] - 24, 0):max(rows[0] - 4, 0)], beams[rows[-1] + 5:rows[-1] + 25]
    return (len(rows) / len(columns), *(part.mean() if part.size else np.nan for part in (above, below)))


def phantom_words(moved, change):
    """Return lines of text: the phantom's shape and shadow before and after `moved(picture, **change)`."""
    before = shape_and_shadow(phantom(), lesion_mask())
    mask = moved(lesion_mask().astype(np.uint8), **{**change, "order": 0, "fill": "constant"}) > 0
    after = shape_and_shadow(moved(phantom(), **change), mask)
    lies = "taller than wide" if after[0] > 1 else "wider than tall"
    if abs(after[0] - 1) <= 0.03:
        lies = "about as tall as wide"
    where = "below" if after[2] < after[1] else "above"
    slant = abs(change.get("rotation", 0) - np.rad2deg(np.arctan(change.get("shear", 0))))  # degrees off the upright
    aside = f", but not straight {where}: it slants by {slant:.0f} degrees" if slant >= 5 else ""
    return [
        f"lesion, height / width: {before[0]:.2f} -> {after[0]:.2f}: {lies}",
        f"grey value above the lesion: {before[1]:.0f} -> {after[1]:.0f}",
        f"grey value below the lesion: {before[2]:.0f} -> {after[2]:.0f}",
        f"The darker side, the shadow, lies {where} the lesion{aside}.",
    ]
