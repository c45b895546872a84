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

    mask, spacing = np.asarray(mask), np.asarray(spacing, float)
    if mask.ndim != 3 or mask.dtype != bool:
        raise CourseError(f"a mask is bool (slices, rows, columns), but this is {mask.dtype} of shape {mask.shape}.")
    if spacing.shape != (3,) or not (np.isfinite(spacing).all() and (spacing > 0).all()):
        raise CourseError(f"spacing is three lengths above 0, slice, row and column, but it is {spacing.tolist()}.")
    if mask.sum() < 8:
        raise CourseError(f"the mask marks {mask.sum()} voxels: too few for a surface. Look at the segmentation.")
    soft = gaussian_filter(np.pad(mask, 3).astype(float), 1)
    corners, triangles, *_ = marching_cubes(soft, 0.5, spacing=tuple(spacing))
    return {
        "volume": float(mask.sum() * spacing.prod()),
        "surface": float(mesh_surface_area(corners, triangles)),
        "diameter": float(pdist(corners[ConvexHull(corners).vertices]).max()),
    }
