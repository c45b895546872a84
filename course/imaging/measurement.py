"""Measuring nuclei: the ten features of Street, Wolberg and Mangasarian (1993), re-measured from pixels.

Radius and perimeter follow the published words; area is the polygon's; texture is the standard deviation, as in the
data file. Compactness is p^2 / (4 pi a) - 1: p^2 / a - 1, as the data's own description has it, cannot have given
the table's values.
Smoothness, concavity, concave points, symmetry and fractal dimension are our own definitions, not on the table's scale;
the means follow the table's, some weakly, and several standard errors not at all.
"""

import numpy as np

from course import CourseError

FEATURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry",
    "fractal dimension",
)  # fmt: skip
POINTS = 64  # points of a resampled contour


def measure(image, labels, pixel_size=1.0):
    """Return the thirty features of one picture, named as in scikit-learn's table: dict of str to float.

    image: uint8 (h, w) or (h, w, 3); labels: int (h, w), 0 = background; pixel_size: side of a pixel, any unit.
    Mean over the nuclei, standard error (standard deviation / sqrt(n)) and worst (mean of the three largest).
    """
    nuclei = measure_nuclei(image, labels, pixel_size)
    if len(nuclei["radius"]) < 3:
        raise CourseError(
            f"{len(nuclei['radius'])} nuclei found: 'worst' is the mean of three, so at least three are needed. "
            "Look at the segmentation."
        )
    largest = {name: np.sort(values)[-3:] for name, values in nuclei.items()}
    return (
        {f"mean {name}": float(values.mean()) for name, values in nuclei.items()}
        | {f"{name} error": float(v.std(ddof=1) / np.sqrt(len(v))) for name, v in nuclei.items()}
        | {f"worst {name}": float(values.mean()) for name, values in largest.items()}
    )


def measure_nuclei(image, labels, pixel_size=1.0):
    """Return the ten features of every nucleus: dict of name to float64 (n,), lengths in units of `pixel_size`."""
    image, labels = np.asarray(image), np.asarray(labels)
    if labels.shape != image.shape[:2]:
        raise CourseError(f"picture {image.shape} and labels {labels.shape} do not have the same height and width.")
    rows = [
        _features(contour * pixel_size) | {"texture": texture}
        for contour, texture in zip(*_contours_and_textures(image, labels), strict=True)
    ]
    return {name: np.array([row[name] for row in rows]) for name in FEATURES}


def _contours_and_textures(image, labels):
    """Sub-pixel contours [(POINTS, 2)] and grey-level spreads of all labelled nuclei."""
    from scipy import ndimage

    from course.imaging.segmentation import stain_density

    density = ndimage.gaussian_filter(stain_density(image), 0.5)
    grey = image if image.ndim == 2 else image @ np.array([0.2125, 0.7154, 0.0721])
    contours, textures = [], []
    for label, box in enumerate(ndimage.find_objects(labels), start=1):
        if box is None:
            continue
        window = tuple(slice(max(s.start - 4, 0), s.stop + 4) for s in box)
        contour = _contour(density[window], labels[window], label)
        if contour is not None:
            contours.append(contour)
            textures.append(_texture(grey[window], labels[window] == label))
    return contours, textures


def _contour(density, labels, label):
    """The sub-pixel line halfway between the nucleus's density and its surroundings': (POINTS, 2), or None."""
    from scipy import ndimage
    from skimage.measure import find_contours

    own = labels == label
    inside = ndimage.binary_erosion(own, iterations=2)
    around = ndimage.binary_dilation(own, iterations=3) & (labels == 0) & ~ndimage.binary_dilation(own)
    if own.sum() < 9 or not around.any():
        return None
    high = np.median(density[inside if inside.sum() >= 5 else own])
    low = np.median(density[around])
    height = (density - (high + low) / 2) / max(high - low, 1e-6)
    height = np.where(inside, np.maximum(height, 0.5), height)  # bright chromatin is no hole
    height = np.where(ndimage.binary_dilation(own, iterations=2) & ((labels == 0) | own), height, -0.5)
    height = np.pad(height, 1, constant_values=-0.5)
    lines = find_contours(height, 0.0)
    line = max(lines, key=len, default=None)
    return None if line is None or len(line) < 8 else _resampled(line[:-1] - 1)


def _resampled(points):
    """The closed line at POINTS equal steps of arc length, freed of the pixel grid's jitter."""
    from scipy.ndimage import gaussian_filter1d

    closed = np.vstack([points, points[:1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, length[-1], POINTS, endpoint=False)
    even = np.stack([np.interp(at, length, closed[:, axis]) for axis in (0, 1)], 1)
    return gaussian_filter1d(even, 0.8 * POINTS / length[-1], axis=0, mode="wrap")


def _texture(grey, own):
    """Standard deviation of the grey levels inside the nucleus, without the rim that the edge's blur reaches."""
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(own)
    deep = depth > min(1.8, 0.5 * depth.max())
    return float(grey[deep].std())


def _features(points):
    """Nine shape features of one contour (n, 2).

    r is the distance from the centroid. Smoothness: sum over the points of |r - mean of both neighbours' r|, divided by
    the perimeter. A dent is how far a point lies inside the short chord over it, divided by the mean r. Concavity: mean
    dent, points outside their chord counting 0. Concave points: share of the points with a dent above 0.01.
    """
    after = np.roll(points, -1, 0)
    step = np.linalg.norm(after - points, axis=1)
    cross = points[:, 0] * after[:, 1] - points[:, 1] * after[:, 0]
    area = abs(cross.sum()) / 2
    centroid = ((points + after) * cross[:, None]).sum(0) / (3 * cross.sum())
    perimeter, r = step.sum(), np.linalg.norm(points - centroid, axis=1)
    dent = _dents(points, np.sign(cross.sum())) / r.mean()
    return {
        "radius": r.mean(),
        "perimeter": perimeter,
        "area": area,
        "smoothness": np.abs(r - (np.roll(r, 1) + np.roll(r, -1)) / 2).sum() / perimeter,
        "compactness": perimeter**2 / (4 * np.pi * area) - 1,
        "concavity": np.maximum(dent, 0).mean(),
        "concave points": np.mean(dent > 0.01),
        "symmetry": _asymmetry(points - centroid),
        "fractal dimension": _coastline(points),
    }


def _dents(points, orientation):
    """How far the contour lies inside the short chord (1/8 of the way round) over each of its points, (n,)."""
    reach = len(points) // 16
    start, end = np.roll(points, reach, 0), np.roll(points, -reach, 0)
    chord, offset = end - start, points - start
    cross = chord[:, 0] * offset[:, 1] - chord[:, 1] * offset[:, 0]
    return orientation * cross / np.maximum(np.linalg.norm(chord, axis=1), 1e-9)


def _asymmetry(points):
    """Sum of |left - right| over sum of (left + right), widths on either side of a line (points about the centroid).

    The line runs through the centroid and one end of the longest of the chords that join opposite points.
    """
    opposite = np.roll(points, len(points) // 2, 0)
    axis = points[np.argmax(np.linalg.norm(points - opposite, axis=1))]
    axis = axis / np.linalg.norm(axis)
    along, across = points @ axis, points @ np.array([-axis[1], axis[0]])
    sides = []
    at = np.linspace(along.min(), along.max(), 34)[1:-1]
    for side in (across > 0, across < 0):
        order = np.argsort(along[side])
        sides.append(np.interp(at, along[side][order], np.abs(across[side][order]), left=0, right=0))
    left, right = sides
    return np.abs(left - right).sum() / (left + right).sum()


def _coastline(points):
    """Fractal dimension - 1: minus the slope of log(perimeter) on log(ruler), rulers of 1, 2, 4 and 8 points."""
    lengths, rulers = [], []
    for skip in (1, 2, 4, 8):
        steps = np.linalg.norm(points[::skip] - np.roll(points[::skip], -1, 0), axis=1)
        lengths.append(steps.sum())
        rulers.append(steps.mean())
    return -np.polyfit(np.log(rulers), np.log(lengths), 1)[0]
