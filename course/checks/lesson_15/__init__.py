"""Checkers of lesson 15: an L2 penalty, dropout, early stopping, smoothed labels."""

from course.checks.compare import adapted, against_reference
from course.checks.core import exercise
from course.checks.lesson_15 import dropout, penalty, smoothing, stopping


@exercise("15.1")
def with_l2(answer):
    """L2 penalty: loss, kernel, bias, d_kernel, d_bias, factor -> (loss, d_kernel, d_bias); the bias stays free."""
    return against_reference(answer, penalty.by_differences, penalty.cases(),
                             "central differences of the penalised loss", penalty.MISTAKES, rtol=1e-5, atol=1e-6)


@exercise("15.2")
def my_dropout(answer):
    """Inverted dropout: x, rate, draws (uniform, in x's shape), training -> numbers of x's shape."""
    return against_reference(answer, dropout.by_layer, dropout.cases(), "course.nn's layer Dropout, given these draws",
                             dropout.MISTAKES, rtol=1e-5, atol=1e-7)


@exercise("15.3")
def stop_at(answer):
    """Early stopping: validation losses, patience -> (epoch kept, last epoch run), both counted from 1."""
    return against_reference(adapted(answer, stopping.pair), stopping.by_keras, stopping.cases(),
                             "keras.callbacks.EarlyStopping", stopping.MISTAKES)


@exercise("15.4")
def smoothed_loss(answer):
    """Cross-entropy with smoothed labels: y (n,) of 0 and 1, p (n,), amount -> the mean loss."""
    return against_reference(answer, smoothing.by_keras, smoothing.cases(),
                             "keras.losses.BinaryCrossentropy with label_smoothing", smoothing.MISTAKES,
                             rtol=1e-5, atol=1e-6)
