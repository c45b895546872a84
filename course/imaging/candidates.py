"""Candidates for lesions: bright spots of several sizes, and what a classifier may ask about each."""

import numpy as np

SIGMAS = (3.0, 4.2, 5.9)  # pixels; a disc of radius r answers most at r / sqrt(2)
REACH = 17  # pixels about a spot that are looked at: twice the largest radius
NAMES = ("strength", "size", "roundness", "contrast", "grain", "brightness")


def candidates(picture, least=3.0):
    """Return (centres (n, 2) as x, y; radii (n,); features (n, 6), by NAMES) of the bright spots of a grey picture.

    Spots are local maxima, at each of three sizes, of minus sigma^2 times the Laplacian of Gaussian (Lindeberg, 1998),
    of at least `least` grey levels. strength: that value. roundness: the smaller of both curvatures over the larger, 1
    for a disc, near 0 for a vessel. contrast: mean within the radius minus that of the ring about it. grain: spread
    within.
    """
    from scipy.ndimage import gaussian_filter, gaussian_laplace, maximum_filter

    grey = np.asarray(picture, float)
    answer = np.stack([-(sigma**2) * gaussian_laplace(grey, sigma) for sigma in SIGMAS])
    peak = (answer == maximum_filter(answer, size=(1, 7, 7))) & (answer >= least)
    scale, row, column = np.nonzero(peak)
    radii = np.sqrt(2) * np.array(SIGMAS)[scale]
    smooth = {sigma: _curvatures(gaussian_filter(grey, sigma)) for sigma in SIGMAS}
    features = np.empty((len(row), len(NAMES)))
    for k in range(len(row)):
        small, large = (curvature[row[k], column[k]] for curvature in smooth[SIGMAS[scale[k]]])
        top, left = (max(0, place - REACH) for place in (row[k], column[k]))
        window = grey[top : row[k] + REACH + 1, left : column[k] + REACH + 1]
        rows, columns = np.ogrid[: window.shape[0], : window.shape[1]]
        distance = np.hypot(rows - (row[k] - top), columns - (column[k] - left))
        inside, ring = window[distance <= radii[k]], window[(distance > 1.3 * radii[k]) & (distance <= 2 * radii[k])]
        features[k] = (answer[scale[k], row[k], column[k]], radii[k], np.clip(small / max(large, 1e-9), 0, 1),
                       inside.mean() - ring.mean(), inside.std(), inside.mean())
    return np.column_stack([column, row]).astype(float), radii, features


def _curvatures(smooth):
    """The smaller and the larger of minus the second derivatives' eigenvalues at each pixel."""
    down, along = np.gradient(smooth)
    (a, b), (_, c) = np.gradient(down), np.gradient(along)
    middle, half = -(a + c) / 2, np.hypot((a - c) / 2, b)
    return middle - half, middle + half


def boxes_of(centres, radii):
    """Return boxes (n, 4), x0, y0, x1, y1, about circles: centres (n, 2) as x, y, radii (n,)."""
    centres, radii = np.asarray(centres, float).reshape(-1, 2), np.asarray(radii, float)
    return np.column_stack([centres - radii[:, None], centres + radii[:, None]])
