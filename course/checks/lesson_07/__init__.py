"""Checkers of lesson 07: backpropagation. Cases and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_07 import conv, dense
from course.checks.lesson_07 import max as pooling

TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}  # float32 is welcome; a probability clipped at 1e-7 is, too
TAPE = "TensorFlow's GradientTape"


@exercise("7.1")
def bce_gradient(answer):
    """Gradient of the mean cross-entropy by the scores: z (n, 1), y (n, 1) of 0 and 1 -> float (n, 1)."""
    cases = dense.loss_cases()
    return against_reference(answer, dense.cross_entropy_by_tape, cases, TAPE, dense.LOSS_MISTAKES, **TOLERANCE)


@exercise("7.2")
def dense_backward(answer):
    """Gradients of y = x W + b: grad (n, o), x (n, i), W (i, o) -> by x (n, i), by W (i, o), by b (o,)."""
    return against_reference(
        answer, dense.dense_by_tape, dense.dense_cases(), TAPE, dense.DENSE_MISTAKES, **TOLERANCE)  # fmt: skip


@exercise("7.3")
def max_pool_backward(answer):
    """Gradient of max pooling, windows that touch: grad (h // k, w // k), x (h, w), k -> float (h, w).

    Equals in one window may share the gradient in any way that adds up to all of it.
    """
    judged = pooling.judged_by_shares(answer)
    sentence = against_reference(judged, pooling.by_tape, pooling.cases(), TAPE, pooling.MISTAKES, **TOLERANCE)
    return f"{sentence} Where pixels tie, any fair share counts as right, and full copies do not."


@exercise("7.4")
def conv_kernel_gradient(answer):
    """Gradient of a convolution by its kernel: grad (rows, columns, d), x (h, w, c) -> float (kh, kw, c, d)."""
    return against_reference(
        answer, conv.kernel_by_tape, conv.kernel_cases(), TAPE, conv.KERNEL_MISTAKES, **TOLERANCE)  # fmt: skip


@exercise("7.5")
def conv_input_gradient(answer):
    """Gradient of a convolution by its picture: grad (rows, columns, d), kernel (kh, kw, c, d) -> float (h, w, c)."""
    return against_reference(
        answer, conv.input_by_tape, conv.input_cases(), TAPE, conv.INPUT_MISTAKES, **TOLERANCE)  # fmt: skip
