"""Checkers of lesson 04: convolution. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course import CourseError
from course.checks.compare import against_reference
from course.checks.core import call, exercise, kind
from course.checks.lesson_04 import channels, fast, padding
from course.checks.lesson_04 import map as maps
from course.checks.lesson_04 import size as sizes
from course.checks.refusal import require_refusal

ERRORS = ValueError, CourseError  # the second where an answer calls course.nn
EXACT = {"rtol": 1e-9, "atol": 1e-9}
SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome too


@exercise("4.1")
def output_size(answer):
    """Places of a window along a line: pixels n, window k, padding p, stride s -> whole number, 0 if it cannot fit."""
    library = "the count of windows in NumPy's sliding_window_view"
    sentence = against_reference(answer, sizes.places, sizes.cases(), library, sizes.MISTAKES, **EXACT)
    size = call(answer, 5, 3, 0, 1)
    if np.asarray(size).dtype.kind in "iu":
        return sentence
    return f"{sentence} It came as {kind(size)}: range and np.zeros want a whole number, as // makes it of whole ones."


@exercise("4.2")
def correlate(answer):
    """Cross-correlation, two loops: image (h, w), kernel (kh, kw) -> float (h - kh + 1, w - kw + 1)."""
    library = "SciPy's correlate2d"
    sentence = against_reference(answer, maps.reference, maps.cases(), library, maps.MISTAKES, **SINGLE)
    for too_large in maps.TOO_LARGE:
        require_refusal(answer, too_large, maps.NO_PLACE, errors=ERRORS)
    return f"{sentence} A kernel that does not fit is refused."


@exercise("4.3")
def correlate_same(answer):
    """Padded cross-correlation, odd kernels: image (h, w), kernel (kh, kw) -> float (h, w)."""
    library = "SciPy's correlate2d(..., mode=\"same\")"
    return against_reference(answer, padding.reference, padding.cases(), library, padding.MISTAKES, **SINGLE)


@exercise("4.4")
def correlate_channels(answer):
    """Cross-correlation with channels: picture (h, w, c), kernel (kh, kw, c, d) -> float (h', w', d)."""
    library = "SciPy's correlate in three dimensions"
    sentence = against_reference(answer, channels.reference, channels.cases(), library, channels.MISTAKES, **SINGLE)
    for misfit in channels.MISFITS:
        require_refusal(answer, misfit, channels.MISFIT, errors=ERRORS)
    return f"{sentence} Other numbers of channels are refused."


@exercise("4.5")
def fast_conv2d(answer):
    """Cross-correlation with channels and stride: picture (h, w, c), kernel (kh, kw, c, d), stride -> (h', w', d)."""
    sentence = against_reference(answer, fast.by_keras, fast.cases(), "Keras's ops.conv", fast.MISTAKES, **SINGLE)
    return f"{sentence} How fast it is, the next box shows."
