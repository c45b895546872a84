"""Pooling: each window of a map is replaced by its largest number, or by its average. Channels never mix.

Padding ("same") adds nothing that could win or count: -infinity for the largest, and only real pixels are averaged.
"""

import numpy as np

from course import CourseError
from course.nn.shapes import checked_windows, crop, floats, numbers, offsets, pad, pair, shifted


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Return the largest number of each window. NaN wins against everything, so that it is not lost.

    Args:
        x: maps (n, h, w, c), or one map (h, w); any type of number, which is kept.
        pool_size: the window, one number or (kh, kw).
        strides: pixels from one window to the next; None: the window's size, so that windows touch but do not overlap.
        padding: "valid" (what is left over at the edge is dropped) or "same" (ceil(h / down) by ceil(w / right) windows
            for strides (down, right); the padding lies on both sides, an odd row below and an odd column right).

    Returns:
        (n, rows, columns, c), or (rows, columns) for one map.
    """
    x = numbers(x, "the maps")
    if x.ndim == 2:
        return max_pool2d(x[None, :, :, None], pool_size, strides, padding)[0, :, :, 0]
    window, strides, sizes, around = _checked(x, pool_size, strides, padding)
    return _largest(pad(x, around, _lowest(x.dtype)), window, strides, sizes)


def max_pool2d_gradient(grad, x, pool_size=2, strides=None, padding="valid"):
    """Return the gradient by `x` (n, h, w, c), given `grad` (n, rows, columns, c), the one by the output.

    The winner of each window gets all of it; among equals, the first (row by row) counts as the winner. In a window
    with a NaN the first NaN has won, so it gets the gradient.
    """
    x, grad = floats(x, "the maps"), floats(grad, "the gradient")
    window, strides, sizes, around = _checked(x, pool_size, strides, padding, grad)
    padded = pad(x, around, -np.inf)
    largest = _largest(padded, window, strides, sizes)
    d_padded = np.zeros(padded.shape, grad.dtype)
    waiting = np.ones(largest.shape, bool)  # windows whose winner is not yet found
    for offset in offsets(window):
        won = waiting & (shifted(padded, offset, strides, sizes) == largest)
        shifted(d_padded, offset, strides, sizes)[...] += np.where(won, grad, 0)
        waiting &= ~won
    if waiting.any():  # what equals nothing, not even itself, is NaN
        for offset in offsets(window):
            won = waiting & np.isnan(shifted(padded, offset, strides, sizes))
            shifted(d_padded, offset, strides, sizes)[...] += np.where(won, grad, 0)
            waiting &= ~won
    return crop(d_padded, around)


def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Return the average of each window; arguments as in `max_pool2d`. float64 stays float64, all else float32."""
    x = floats(x, "the maps")
    if x.ndim == 2:
        return avg_pool2d(x[None, :, :, None], pool_size, strides, padding)[0, :, :, 0]
    window, strides, sizes, around = _checked(x, pool_size, strides, padding)
    padded = pad(x, around, 0)
    total = sum(shifted(padded, offset, strides, sizes) for offset in offsets(window))
    return total / _pixels(x, window, strides, sizes, around)


def avg_pool2d_gradient(grad, x_shape, pool_size=2, strides=None, padding="valid"):
    """Return the gradient by the maps of shape `x_shape` (n, h, w, c): every pixel of a window gets an equal share."""
    grad = floats(grad, "the gradient")
    x = np.broadcast_to(grad.dtype.type(0), x_shape)
    window, strides, sizes, around = _checked(x, pool_size, strides, padding, grad)
    share = grad / _pixels(x, window, strides, sizes, around)
    d_padded = np.zeros_like(pad(x, around, 0))
    for offset in offsets(window):
        shifted(d_padded, offset, strides, sizes)[...] += share
    return crop(d_padded, around)


def _largest(padded, window, strides, sizes):
    first, *others = offsets(window)
    largest = shifted(padded, first, strides, sizes).copy()
    for offset in others:
        np.maximum(largest, shifted(padded, offset, strides, sizes), out=largest)
    return largest


def _pixels(x, window, strides, sizes, around):
    """Count the real pixels in each window: (1, rows, columns, 1), of x's type."""
    real = pad(np.ones((1, *x.shape[1:3], 1), x.dtype), around, 0)
    return sum(shifted(real, offset, strides, sizes) for offset in offsets(window))


def _lowest(dtype):
    if dtype.kind == "b":
        return False
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _checked(x, pool_size, strides, padding, grad=None):
    window = pair(pool_size, "pool_size")
    strides = window if strides is None else pair(strides, "strides")
    if x.ndim != 4:
        raise CourseError(f"pooling with a window of shape {window} needs maps (n, h, w, channels), or one map (h, w), "
                          f"but their shape is {x.shape}.")
    sizes, around = checked_windows(x.shape, window, strides, padding, "pooling window")
    if grad is not None and grad.shape != (len(x), *sizes, x.shape[3]):
        raise CourseError(f"the gradient's shape {grad.shape} is not the output's, {(len(x), *sizes, x.shape[3])}.")
    return window, strides, sizes, around
