"""Checkers of lesson 23: a margin in millimetres, landmarks on landmarks, the error at a target, a broken joint."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_23 import fracture, landmarks, margins, targets


@exercise("23.1")
def safety_margin(answer):
    """A margin: mask bool (any axes), spacing mm an axis, mm -> bool of the mask's shape."""
    return against_reference(answer, margins.by_library, margins.cases(), "SciPy's distance_transform_edt",
                             margins.MISTAKES)  # fmt: skip


@exercise("23.2")
def rigid_motion(answer):
    """Rigid motion: source (n, 3), target (n, 3), mm -> (rotation (3, 3), translation (3,))."""
    return against_reference(answer, landmarks.by_library, landmarks.cases(), "SciPy's Rotation.align_vectors",
                             landmarks.MISTAKES, rtol=1e-5, atol=1e-5)  # fmt: skip


@exercise("23.3")
def expected_error(answer):
    """Expected error at a target: points (n, 3), target (3,), fle mm -> mm."""
    return against_reference(answer, targets.by_inertia, targets.cases(), "the spread of small turns, by the inertia",
                             targets.MISTAKES, rtol=1e-5)  # fmt: skip


@exercise("23.4")
def gap_and_step(answer):
    """Gap and step: surface (2, 2), corner (2,), (row, column) in pixels, spacing mm -> (gap, step) mm."""
    return against_reference(answer, fracture.by_complex_numbers, fracture.cases(), "a turn by complex numbers",
                             fracture.MISTAKES, rtol=1e-5, atol=1e-7)  # fmt: skip
