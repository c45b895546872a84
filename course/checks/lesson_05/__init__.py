"""Checkers of lesson 05: pooling. Cases and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_05 import field
from course.checks.lesson_05 import max as largest

SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome too
MAXIMUM = "Keras's ops.max_pool, and every NaN is still there"


@exercise("5.1")
def max_pool(answer):
    """Max pooling, two loops: picture (h, w), size, stride -> (rows, columns)."""
    return against_reference(
        answer, largest.by_keras, largest.loop_cases(), MAXIMUM, largest.LOOP_MISTAKES, **SINGLE
    )


@exercise("5.2")
def receptive_field(answer):
    """Receptive field: layers, pairs (window, stride) -> (side, step) in pixels."""
    library = "a count of the pixels that two neighbouring numbers are made of"
    return against_reference(answer, field.traced, field.cases(), library, field.MISTAKES, rtol=0, atol=0)


@exercise("5.3")
def fold_max_pool(answer):
    """Max pooling without loops: picture (h, w, c), k -> (h // k, w // k, c)."""
    return against_reference(
        answer, largest.by_keras, largest.fold_cases(), MAXIMUM, largest.FOLD_MISTAKES, **SINGLE
    )
