"""Measuring a body in a volume: a mask of voxels with the spacing of its slices, rows and columns."""

import numpy as np

from course import CourseError


def measure_volume(mask, spacing):
    """Return the size of one body in a volume: {"volume": mm^3, "surface": mm^2, "diameter": mm}, floats.

    mask: bool (slices, rows, columns); spacing: mm from one slice, row and column to the next. The volume counts
    voxels. Surface and diameter (the longest straight line, Feret's) are those of the surface that marching cubes lay
    through the mask, smoothed by a voxel: within 5 % and 3 % of a ball's whose radius is 8 of the widest spacing.
    """
    from scipy.ndimage import gaussian_filter
    from scipy.spatial import ConvexHull
    from scipy.spatial.distance import pdist
    from skimage.measure import marching_cubes, mesh_surface_area

    mask = np.asarray(mask)
    if mask.ndim != 3 or mask.dtype != bool:
        raise CourseError(f"a mask is bool (slices, rows, columns), but this is {mask.dtype} of shape {mask.shape}.")
    spacing = _spacing(spacing, 3)
    if mask.sum() < 8:
        raise CourseError(f"the mask marks {mask.sum()} voxels: too few for a surface. Look at the segmentation.")
    soft = gaussian_filter(np.pad(mask, 3).astype(float), 1)
    corners, triangles, *_ = marching_cubes(soft, 0.5, spacing=tuple(spacing))
    return {
        "volume": volume(mask, spacing),
        "surface": float(mesh_surface_area(corners, triangles)),
        "diameter": float(pdist(corners[ConvexHull(corners).vertices]).max()),
    }


def volume(mask, spacing):
    """Return the volume of a mask, bool (slices, rows, columns), in mm^3: voxels times the three sides of one, mm."""
    return float(np.count_nonzero(mask) * np.prod(_spacing(spacing, 3)))


def doubling_time(first, second, days):
    """Return in how many days a volume doubles that grew from `first` to `second` (one unit) in `days`.

    days ln 2 / ln(second / first), as if growth were exponential; below 0 where it shrank (a halving time), infinite
    where it stayed. (Schwartz, Cancer 14 (1961) 1272.) Of diameters it is a third of what this gives for them.
    """
    if not (first > 0 and second > 0 and days > 0):
        raise CourseError(f"volumes and days must be above 0, but they are {first}, {second} and {days}.")
    return float("inf") if first == second else float(days * np.log(2) / np.log(second / first))


def in_plane_diameters(mask, spacing):
    """Return (longest, perpendicular) diameter of a mask, bool (rows, columns), in mm; spacing: mm a row, a column.

    Of the outline half-way between pixels inside and outside: its longest line, and the width at right angles to it.
    Those of a disc are right within a pixel and a half.
    """
    from scipy.spatial import ConvexHull
    from scipy.spatial.distance import pdist, squareform
    from skimage.measure import find_contours

    mask, steps = np.asarray(mask, bool), _spacing(spacing, 2)
    if mask.ndim != 2 or not mask.any():
        raise CourseError(f"a mask (rows, columns) with at least one pixel is needed, but this is {mask.shape}.")
    corners = np.concatenate(find_contours(np.pad(mask, 1).astype(float), 0.5)) * steps
    corners = corners[ConvexHull(corners).vertices]
    far = squareform(pdist(corners))
    one, other = np.unravel_index(far.argmax(), far.shape)
    along = (corners[other] - corners[one]) / far[one, other]
    across = corners @ np.array([-along[1], along[0]])
    return float(far[one, other]), float(np.ptp(across))


def _spacing(values, count):
    steps = np.asarray(values, float)
    if steps.shape != (count,) or not (np.isfinite(steps).all() and (steps > 0).all()):
        words = {2: "two lengths above 0, row and column", 3: "three lengths above 0, slice, row and column"}
        raise CourseError(f"spacing is {words[count]}, in mm, but it is {np.asarray(values).tolist()}.")
    return steps
