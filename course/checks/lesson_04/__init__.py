"""Checkers of lesson 04: convolution. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course import CourseError
from course.checks.compare import against_reference, require
from course.checks.core import NotYet, call, exercise, kind
from course.checks.lesson_04 import channels, padding
from course.checks.lesson_04 import map as maps
from course.checks.lesson_04 import size as sizes
from course.checks.refusal import require_refusal

ERRORS = ValueError, CourseError  # the second where an answer calls course.nn
EXACT = {"rtol": 1e-9, "atol": 1e-9}  # sums of a few dozen products in float64, added up in any order
SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome too


@exercise("4.1")
def output_size(answer):
    """Places of a window along a line: pixels n, window k, padding p, stride s -> whole number, 0 if it cannot fit."""
    cases = sizes.cases()
    sentence = against_reference(
        answer, sizes.places, cases, "the count of windows in NumPy's sliding_window_view", sizes.MISTAKES, **EXACT
    )
    size = call(answer, *cases[0].args)
    whole = isinstance(size, (int, np.integer))
    require(whole, f"The value is right, but it is {kind(size)}. / always gives a float; // gives a whole number.",
            came_out=size)
    return sentence


@exercise("4.2")
def correlate(answer):
    """Cross-correlation, two loops: image (h, w), kernel (kh, kw) -> float (h - kh + 1, w - kw + 1)."""
    try:
        sentence = against_reference(
            answer, maps.reference, maps.cases(), "SciPy's correlate2d", maps.MISTAKES, **SINGLE
        )
    except NotYet as problem:
        raise maps.explained(problem, answer) from problem.error
    for too_large in maps.TOO_LARGE:
        require_refusal(answer, too_large, maps.EMPTY, filled=maps.SWAPPED, errors=ERRORS)
    return f"{sentence} A kernel that does not fit is refused."


@exercise("4.3")
def correlate_same(answer):
    """Padded cross-correlation, odd kernels: image (h, w), kernel (kh, kw) -> float (h, w)."""
    return against_reference(
        answer, padding.reference, padding.cases(), "SciPy's correlate2d(..., mode=\"same\")",
        padding.MISTAKES, **SINGLE,
    )  # fmt: skip


@exercise("4.4")
def correlate_channels(answer):
    """Cross-correlation with channels: picture (h, w, c), kernel (kh, kw, c, d) -> float (h', w', d)."""
    sentence = against_reference(
        answer, channels.reference, channels.cases(), "SciPy's correlate in three dimensions",
        channels.MISTAKES, **SINGLE,
    )  # fmt: skip
    for misfit in channels.MISFITS:
        require_refusal(answer, misfit, channels.STRETCHED, errors=ERRORS)
    return f"{sentence} Other numbers of channels are refused."


@exercise("4.5")
def fast_conv2d(answer):
    """Cross-correlation with channels and stride: picture (h, w, c), kernel (kh, kw, c, d), stride -> (h', w', d)."""
    try:
        sentence = against_reference(
            answer, channels.by_keras, channels.fast_cases(), "Keras's ops.conv", channels.FAST_MISTAKES, **SINGLE
        )
    except NotYet as problem:
        if "cannot reshape" not in str(problem.error):
            raise
        raise NotYet(f"{channels.MISCOUNTED} {problem.reason}", problem.details, problem.error) from problem.error
    return f"{sentence} How fast it is, the next box shows."
