"""A pigmented spot in numbers: skin tone, axes of asymmetry, and the score of the dermoscopic ABCD rule."""

import numpy as np

from course import CourseError

RANGES = {"asymmetry": (0, 2), "border": (0, 8), "colours": (1, 6), "structures": (1, 5)}
WEIGHTS = {"asymmetry": 1.3, "border": 0.1, "colours": 0.5, "structures": 0.5}


def dermoscopy_score(asymmetry, border, colours, structures):
    """Return the total dermoscopy score, 1.0 to 8.9: 1.3 A + 0.1 B + 0.5 C + 0.5 D (Stolz and others, 1994).

    asymmetry: 0 to 2 axes. border: 0 to 8 segments that end abruptly. colours: 1 to 6. structures: 1 to 5 kinds seen
    with a dermatoscope; not a diameter.
    """
    given = dict(zip(RANGES, (asymmetry, border, colours, structures), strict=True))
    for name, (low, high) in RANGES.items():
        if given[name] not in range(low, high + 1):
            raise CourseError(f"{name} = {given[name]!r}: the rule counts whole numbers from {low} to {high}.")
    return float(sum(WEIGHTS[name] * given[name] for name in RANGES))


def typology_angle(picture, where):
    """Return the individual typology angle of skin, degrees: arctan((L* - 50) / b*) of the mean colour.

    picture: uint8 RGB (rows, columns, 3). where: bool (rows, columns), the skin. Above 55 very light, 41 light, 28
    intermediate, 10 tan, -30 brown, below it dark (Chardon and others, 1991; Del Bino and Bernerd, 2013).
    """
    from skimage.color import rgb2lab

    picture, where = np.asarray(picture), np.asarray(where, bool)
    if picture.dtype != np.uint8 or picture.shape != (*where.shape, 3) or not where.any():
        raise CourseError(f"a uint8 RGB picture and a mask of its skin are needed, not {picture.dtype} of "
                          f"{picture.shape} and {where.shape} with {int(where.sum())} pixels.")
    lightness, _, b = rgb2lab(picture[where].mean(axis=0) / 255)
    return float(np.degrees(np.arctan2(lightness - 50, b)))


def asymmetry(mask, tolerance=0.1):
    """Return (axes, misfits): how many of two axes at right angles, 0 to 2, the outline is not symmetric about.

    mask: bool (rows, columns). misfits (2,): area that does not fall on itself when folded, over the body's area, for
    the pair of axes through the centroid whose sum is least; an axis counts above `tolerance`. For colours and
    structures, which the ABCD rule looks at too, it says nothing.
    """
    from scipy.ndimage import map_coordinates

    mask = np.asarray(mask, bool)
    if mask.ndim != 2 or not mask.any():
        raise CourseError(f"a mask (rows, columns) with at least one pixel is needed, but this is {mask.shape}.")
    points = np.argwhere(mask).astype(float)
    centre = points.mean(axis=0)
    away = points - centre
    angles = np.radians(np.arange(0, 180, 5))
    fold = []
    for angle in angles:
        along = np.array([np.sin(angle), np.cos(angle)])
        mirrored = centre + 2 * np.outer(away @ along, along) - away
        fold.append(2 * (1 - map_coordinates(mask.astype(float), mirrored.T, order=1).mean()))
    fold = np.array(fold)
    pairs = fold + np.roll(fold, -len(angles) // 2)
    best = int(pairs[: len(angles) // 2].argmin())
    misfits = np.array([fold[best], fold[best + len(angles) // 2]])
    return int((misfits > tolerance).sum()), misfits
