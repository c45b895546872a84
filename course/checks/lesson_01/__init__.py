"""Checkers of lesson 01: pictures as arrays. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course.checks.compare import against_reference, require
from course.checks.core import call, exercise
from course.checks.lesson_01 import blank, colour
from course.checks.lesson_01 import crop as cut
from course.checks.lesson_01 import window as ct
from course.checks.refusal import require_refusal


@exercise("1.1")
def crop(answer):
    """Crop: picture (h, w[, 3]), box (x, y, width, height) -> the pixels in the box."""
    said = against_reference(answer, cut.by_pillow, cut.cases(), "Pillow's crop", cut.MISTAKES, rtol=0, atol=0)
    for case, reason in cut.refusals():
        require_refusal(answer, case, reason)
    return f"{said} Boxes that do not fit are refused."


@exercise("1.2")
def ct_picture(answer):
    """CT for the eye: stored (h, w), slope, intercept, level, width -> uint8 (h, w)."""
    library = "pydicom's apply_rescale and apply_windowing, to half a grey level"
    said = against_reference(answer, ct.by_pydicom, ct.cases(), library, ct.MISTAKES, rtol=0, atol=ct.HALF)
    for case in ct.cases():
        result = np.asarray(call(answer, *case.args))
        require(result.dtype == np.uint8, ct.NOT_BYTES, went_in=case.named(answer), came_out=result)
    for case, reason in ct.refusals():
        require_refusal(answer, case, reason)
    return f"{said} A width of 0 or less is refused."


@exercise("1.3")
def mean_colour(answer):
    """Mean colour: picture (h, w, 3) uint8, mask (h, w) uint8 of 0 and 255, order -> red, green, blue."""
    said = against_reference(
        answer, colour.by_scipy, colour.cases(), "SciPy's ndimage.mean", colour.MISTAKES, rtol=1e-4, atol=1e-4)
    for case, reason in colour.refusals():
        require_refusal(answer, case, reason)
    return f"{said} An empty mask is refused."


@exercise("1.4")
def rectangles(answer):
    """Blank the writing above the ultrasound picture: rectangles (top, left, bottom, right)."""
    return blank.judged(answer)
