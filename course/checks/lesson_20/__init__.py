"""Checkers of lesson 20: a map by occlusion, Grad-CAM behind a pooled head, the pointing game, a map with its grid."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_20 import cam, hiding, pointing, resizing


@exercise("20.1")
def occlusion_map(answer):
    """Falls of a score: score(picture) -> number, picture (h, w), patch, stride, fill -> (rows, columns)."""
    return against_reference(answer, hiding.by_library, hiding.cases(), "SciPy's correlate2d", hiding.MISTAKES,
                             rtol=1e-5, atol=1e-7)  # fmt: skip


@exercise("20.2")
def grad_cam_by_hand(answer):
    """Grad-CAM of a pooled head: maps (h, w, k), u (k,), v (k,), b -> (weights (k,), heat (h, w))."""
    return against_reference(answer, cam.by_differences, cam.cases(), "slopes of the logit by central differences",
                             cam.MISTAKES, rtol=1e-4, atol=1e-7)  # fmt: skip


@exercise("20.3")
def pointing_game(answer):
    """Pointing game: list of heats (h, w), list of masks (h, w) -> (share of hits, chance)."""
    return against_reference(answer, pointing.by_library, pointing.cases(), "SciPy's maximum_position",
                             pointing.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("20.4")
def enlarged(answer):
    """A row of cells at the pixels: values (m,), n -> (n,)."""
    return against_reference(answer, resizing.by_library, resizing.cases(), "scikit-image's resize",
                             resizing.MISTAKES, rtol=1e-5, atol=1e-7)  # fmt: skip
