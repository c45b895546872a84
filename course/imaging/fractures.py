"""Measuring a broken joint surface in a radiograph: its gap and its step, in millimetres."""

import numpy as np

from course import CourseError


def gap_and_step(surface, corner, spacing):
    """Return (gap, step) in mm: the way from the main piece to the other one, along the joint surface and across it.

    surface (2, 2): (row, column) in pixels of the main piece's surface, its outer end, then its end at the fracture;
    corner (2,): where the other piece's surface begins; spacing (2,): mm a row and a column. The step is above 0 on
    the left of who walks from the outer end to the fracture: upwards, where the surface runs to the right.
    """
    surface, corner, spacing = (np.asarray(one, float) for one in (surface, corner, spacing))
    if surface.shape != (2, 2) or corner.shape != (2,) or spacing.shape != (2,):
        raise CourseError(f"surface (2, 2), corner (2,) and spacing (2,) are needed, not {surface.shape}, "
                          f"{corner.shape} and {spacing.shape}.")  # fmt: skip
    if not (np.isfinite(spacing).all() and (spacing > 0).all()):
        raise CourseError(f"the spacing is {spacing.tolist()} mm; rows and columns have lengths above 0.")
    outer, end = surface * spacing
    length = np.linalg.norm(end - outer)
    if not length > 0:
        raise CourseError("both ends of the surface are the same point, so it has no direction. Mark them apart.")
    along = (end - outer) / length
    way = corner * spacing - end
    return float(way @ along), float(way @ [-along[1], along[0]])
