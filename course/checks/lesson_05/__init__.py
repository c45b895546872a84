"""Checkers of lesson 05: pooling. Cases and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference
from course.checks.core import NotYet, exercise
from course.checks.lesson_05 import field
from course.checks.lesson_05 import max as largest
from course.checks.lesson_05.windows import keras_max, with_the_edge_named

EXACT = {"rtol": 0, "atol": 0}  # whole numbers
SINGLE = {"rtol": 1e-5, "atol": 1e-5}  # float32 is welcome too
MAXIMUM = "Keras's ops.max_pool, and every NaN is still there"


@exercise("5.1")
def max_pool(answer):
    """Max pooling, two loops: picture (h, w), size, stride -> (rows, columns)."""
    return _pooled(answer, keras_max, largest.loop_cases(), MAXIMUM, largest.LOOP_MISTAKES)


@exercise("5.2")
def receptive_field(answer):
    """Receptive field: layers, pairs (window, stride) -> (side, step) in pixels."""
    library = "a count of the pixels that two neighbouring numbers are made of"
    return against_reference(answer, field.traced, field.cases(), library, field.MISTAKES, **EXACT)


@exercise("5.3")
def fold_max_pool(answer):
    """Max pooling without loops: picture (h, w, c), k -> (h // k, w // k, c)."""
    try:
        return _pooled(answer, largest.by_keras, largest.fold_cases(), MAXIMUM, largest.FOLD_MISTAKES)
    except NotYet as problem:
        if "cannot reshape" not in str(problem.error):
            raise
        reason = ("The picture does not divide into whole windows, and reshape can drop nothing: cut off what is left "
                  f"over at the end of both axes first. {problem.reason}")
        raise NotYet(reason, problem.details, problem.error) from problem.error


def _pooled(answer, reference, cases, library, mistakes):
    try:
        return against_reference(answer, reference, cases, library, mistakes, **SINGLE)
    except NotYet as problem:
        raise with_the_edge_named(problem) from problem.error
