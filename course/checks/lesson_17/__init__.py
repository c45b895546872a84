"""Checkers of lesson 17: what a borrowed network wants to see, features without a leak, what training changes."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_17 import features, moving, scaling, trained


@exercise("17.1")
def prepared(answer):
    """Scale as the network was trained: picture uint8 (h, w) or (h, w, 3) -> batch of one (1, h, w, 3)."""
    return against_reference(answer, scaling.reference, scaling.cases(),
                             "scikit-image's gray2rgb and img_as_float, turned into Google's scale", scaling.MISTAKES,
                             rtol=0, atol=1e-5)


@exercise("17.2")
def probabilities(answer):
    """Features without a leak: train (n, d), labels (n,), new (m, d) -> probability of malignant (m,)."""
    return against_reference(answer, features.reference, features.cases(),
                             "SciPy's minimum of the same loss (within 0.002)", features.MISTAKES, rtol=0, atol=2e-3)


@exercise("17.3")
def count_trained(answer):
    """Count what is trained: rows (kind, shapes), phase "head" or "all" -> number of trained numbers."""
    return against_reference(answer, trained.reference, trained.cases(),
                             "Keras's own count of such layers (checked by the course's tests)", trained.MISTAKES)


@exercise("17.4")
def moving_mean(answer):
    """Moving mean after batches: mean (c,), batches, momentum -> mean (c,) afterwards."""
    return against_reference(answer, moving.reference, moving.cases(), "SciPy's lfilter over the batches' means",
                             moving.MISTAKES)
