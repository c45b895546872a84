"""Checkers of lesson 22: overlap of two boxes, doubling time, suppression, a longest diameter."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_22 import doubling, longest, overlap, suppressing


@exercise("22.1")
def iou(answer):
    """Intersection over union of two boxes (x0, y0, x1, y1) -> number."""
    return against_reference(answer, overlap.by_pixels, overlap.cases(), "pixels counted on a fine grid",
                             overlap.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("22.2")
def doubling_time(answer):
    """Doubling time of two masks with their spacings: mask, mask, spacing, spacing, days -> days."""
    return against_reference(answer, doubling.by_solver, doubling.cases(), "SciPy's root of the growth equation",
                             doubling.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("22.3")
def suppress(answer):
    """Greedy non-maximum suppression: boxes (n, 4), scores (n,), threshold -> places kept, best first."""
    return against_reference(answer, suppressing.by_loop, suppressing.cases(), "pixels counted for all pairs",
                             suppressing.MISTAKES)  # fmt: skip


@exercise("22.4")
def longest_diameter(answer):
    """Longest distance between the centres of a mask's pixels: mask (rows, columns), spacing -> mm."""
    return against_reference(answer, longest.by_library, longest.cases(), "SciPy's pdist", longest.MISTAKES,
                             rtol=1e-6, atol=1e-9)  # fmt: skip
