"""Places in a volume: voxels and millimetres, and straight paths scored by their distance to what must not be touched.

An affine (4, 4) carries voxel numbers (i, j, k) to millimetres (x, y, z): x to the right, y forward, z up.
"""

import numpy as np

from course import CourseError


def to_mm(affine, voxels):
    """Return where voxels (..., 3), numbers from 0, have their middles: (..., 3) mm."""
    return np.asarray(voxels, float) @ affine[:3, :3].T + affine[:3, 3]


def to_voxels(affine, places):
    """Return places (..., 3), mm, as voxel numbers: (..., 3), with fractions."""
    return to_mm(np.linalg.inv(affine), places)


def spacing(affine):
    """Return mm from one voxel to the next along each axis of the array: (3,)."""
    return np.linalg.norm(affine[:3, :3], axis=0)


def path(entry, target, step=0.5):
    """Return places (n, 3) on the straight way from entry to target, both included, at most `step` mm apart."""
    entry, target = np.asarray(entry, float), np.asarray(target, float)
    if not step > 0:
        raise CourseError(f"the step is {step} mm; take one above 0, such as half a voxel.")
    n = max(2, int(np.ceil(np.linalg.norm(target - entry) / step)) + 1)
    return np.linspace(entry, target, n)


def along(distances, affine, places):
    """Return a map of distances, mm, at places (n, 3), mm, between voxels by linear interpolation: (n,).

    distances: (i, j, k), for each voxel the distance to what must not be touched. Outside the map: NaN.
    """
    from scipy.ndimage import map_coordinates

    return map_coordinates(distances, to_voxels(affine, places).T, order=1, mode="constant", cval=np.nan,
                           output=float)  # fmt: skip


def clearance(distances, affine, entry, target, step=0.5):
    """Return (smallest distance on the straight path, mm; how far behind the entry it lies, mm)."""
    places = path(entry, target, step)
    values = along(distances, affine, places)
    if np.isnan(values).any():
        raise CourseError("the path leaves the volume. Are entry and target in millimetres, not voxels?")
    nearest = int(values.argmin())
    return float(values[nearest]), float(np.linalg.norm(places[nearest] - places[0]))
