"""What convolution and pooling share: checked arguments, padding, and the windows a small rectangle slides over.

Pictures are NHWC: (n pictures, height, width, channels). Sizes are in pixels; a pair is (vertical, horizontal).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course import CourseError


def pair(value, name):
    """Return a size given as one whole number or as two, as (vertical, horizontal), both at least 1."""
    sizes = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(sizes) != 2 or not all(isinstance(size, (int, np.integer)) and size >= 1 for size in sizes):
        raise CourseError(f"{name} must be a whole number of at least 1, or two of them, but it is {value!r}.")
    return int(sizes[0]), int(sizes[1])


def output_size(n, window, stride, padding):
    """Return how many places a window of `window` pixels has along `n` pixels.

    "valid": (n - window) // stride + 1, the window never leaves the picture. "same": ceil(n / stride), whatever the
    window (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, arXiv:1603.07285).
    """
    if padding == "valid":
        return (n - window) // stride + 1
    return -(-n // stride)


def margins(n, window, stride, padding):
    """Return (pixels before, pixels after) to add along `n` pixels. An odd pixel goes after, as in Keras."""
    if padding == "valid":
        return 0, 0
    missing = max((output_size(n, window, stride, padding) - 1) * stride + window - n, 0)
    return missing // 2, missing - missing // 2


def checked_windows(shape, window, strides, padding, what):
    """Return ((rows, columns) of the output, ((top, bottom), (left, right)) margins) for pictures of NHWC `shape`."""
    if padding not in ("valid", "same"):
        raise CourseError(f'padding must be "valid" or "same", but it is {padding!r}.')
    if shape[0] == 0:
        raise CourseError(f"the batch is empty: its shape is {tuple(shape)}. Give at least one picture.")
    sizes = tuple(output_size(n, k, s, padding) for n, k, s in zip(shape[1:3], window, strides, strict=True))
    if min(sizes) < 1:
        raise CourseError(f"a {what} of shape {window} does not fit into pictures of shape {tuple(shape)}: "
                          f'use a smaller {what}, larger pictures, or padding="same".')
    return sizes, tuple(margins(n, k, s, padding) for n, k, s in zip(shape[1:3], window, strides, strict=True))


def pad(x, around, value):
    """Add ((top, bottom), (left, right)) rows and columns of `value` to pictures (n, h, w, c)."""
    if not np.any(around):
        return x
    return np.pad(x, ((0, 0), *around, (0, 0)), constant_values=value)


def crop(x, around):
    """Undo `pad`: a view without the margins."""
    (top, bottom), (left, right) = around
    return x[:, top:x.shape[1] - bottom, left:x.shape[2] - right]


def windows(x, window, strides):
    """Return every window of pictures (n, h, w, c): a view (n, rows, columns, kh, kw, c). Nothing is copied."""
    view = sliding_window_view(x, window, axis=(1, 2))  # (n, rows, columns, c, kh, kw)
    return np.moveaxis(view[:, ::strides[0], ::strides[1]], 3, -1)


def shifted(x, offset, strides, sizes):
    """Return the pixel at `offset` = (row, column) of every window: a view (n, rows, columns, c) of (n, h, w, c)."""
    (row, column), (down, right), (rows, columns) = offset, strides, sizes
    return x[:, row:row + (rows - 1) * down + 1:down, column:column + (columns - 1) * right + 1:right]


def offsets(window):
    """Return the places (row, column) inside a window, row by row."""
    return [(row, column) for row in range(window[0]) for column in range(window[1])]


def numbers(x, name):
    """Return `x` as an array of numbers, or say that it is none."""
    x = np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise CourseError(f"{name} must be numbers, but the type is {x.dtype}.")
    return x


def floats(x, name):
    """Return numbers as float64 if they are float64, else as float32: sums of whole numbers must not wrap around."""
    x = numbers(x, name)
    return x.astype(np.float64 if x.dtype == np.float64 else np.float32, copy=False)
