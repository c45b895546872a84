"""Convolution as one matrix product over sliding windows, and its gradients.

    out[n, i, j, f] = bias[f] + sum over u, v, c of  kernel[u, v, c, f] * x[n, i * down + u, j * right + v, c]

This is what deep learning calls convolution and mathematics cross-correlation: the kernel is not turned round.
"""

import numpy as np

from course import CourseError
from course.nn import threads
from course.nn.shapes import checked_windows, crop, floats, offsets, pad, pair, shifted, windows


def conv2d(x, kernel, bias=None, strides=1, padding="valid"):
    """Slide a kernel over pictures; at each place, sum the products.

    Args:
        x: pictures (n, h, w, c), or one grey picture (h, w).
        kernel: (kh, kw, c, f) for f output channels, or (kh, kw) for one grey picture.
        bias: f numbers, or None.
        strides: pixels from one place to the next, one number or (down, right).
        padding: "valid" (no padding) or "same" (zeros around: ceil(h / down) by ceil(w / right) places).

    Returns:
        (n, rows, columns, f), or (rows, columns) for one grey picture. float64 if `x` or `kernel` is, else float32.

    Raises:
        CourseError: the shapes do not fit together; the message holds both.
    """
    x, kernel = floats(x, "the pictures"), floats(kernel, "the kernel")
    if x.ndim == 2 and kernel.ndim == 2:
        return conv2d(x[None, :, :, None], kernel[:, :, None, None], bias, strides, padding)[0, :, :, 0]
    strides = pair(strides, "strides")
    (rows, columns), around = _checked(x, kernel, strides, padding)
    *window, _, filters = kernel.shape

    view = windows(pad(x, around, 0), window, strides)
    matrix = kernel.reshape(-1, filters)  # a column holds one kernel, unrolled
    out = np.empty((len(x), rows, columns, filters), np.result_type(x, kernel))

    def convolve(n):  # one picture at a time: its windows stay in the processor's cache
        unrolled = view[n].reshape(rows * columns, -1)  # a row holds one window, unrolled
        np.matmul(unrolled, matrix, out=out[n].reshape(rows * columns, filters))

    threads.run(convolve, range(len(x)))
    if bias is not None:
        out += _checked_bias(bias, kernel)
    return out


def conv2d_gradients(grad, x, kernel, strides=1, padding="valid", input_gradient=True):
    """Return the gradients of the loss by `x`, `kernel` and bias, given `grad`, the one by conv2d's output.

    Shapes are those of `x` (n, h, w, c), `kernel` (kh, kw, c, f) and (f,). Every number of the kernel meets every
    window, so its gradient gathers from all of them; a pixel stands in several windows, so its gradient is scattered
    back from each. With `input_gradient=False` the first is not computed, and None.
    """
    x, kernel, grad = floats(x, "the pictures"), floats(kernel, "the kernel"), floats(grad, "the gradient")
    strides = pair(strides, "strides")
    sizes, around = _checked(x, kernel, strides, padding)
    *window, channels, filters = kernel.shape
    if grad.shape != (len(x), *sizes, filters):
        raise CourseError(f"the gradient's shape {grad.shape} is not the output's, {(len(x), *sizes, filters)}.")

    padded = pad(x, around, 0)
    matrix = kernel.reshape(-1, filters)
    view = windows(padded, window, strides)
    d_padded = np.zeros(padded.shape, np.result_type(grad, kernel)) if input_gradient else None

    def gather_and_scatter(pictures):
        d_matrix = np.zeros(matrix.shape, np.result_type(grad, x))
        for n in pictures:
            g = grad[n].reshape(-1, filters)
            d_matrix += view[n].reshape(len(g), -1).T @ g
            if input_gradient:
                d_windows = (g @ matrix.T).reshape(*sizes, *window, channels)
                for u, v in offsets(window):
                    shifted(d_padded[n:n + 1], (u, v), strides, sizes)[...] += d_windows[:, :, u, v]
        return d_matrix

    d_matrix = sum(threads.run(gather_and_scatter, threads.shares(len(x))))
    d_x = crop(d_padded, around) if input_gradient else None
    return d_x, d_matrix.reshape(kernel.shape), grad.sum(axis=(0, 1, 2))


def _checked(x, kernel, strides, padding):
    if x.ndim != 4 or kernel.ndim != 4:
        raise CourseError(f"pictures of shape {x.shape} and a kernel of shape {kernel.shape} do not go together: "
                          "give pictures (n, h, w, channels) and a kernel (kh, kw, channels, filters), "
                          "or one grey picture (h, w) and a kernel (kh, kw).")
    if x.shape[3] != kernel.shape[2]:
        raise CourseError(f"pictures of shape {x.shape} have {x.shape[3]} channels, but a kernel of shape "
                          f"{kernel.shape} reads {kernel.shape[2]}: the two must be equal.")
    return checked_windows(x.shape, kernel.shape[:2], strides, padding, "kernel")


def _checked_bias(bias, kernel):
    bias = np.asarray(bias, kernel.dtype)
    if bias.shape not in ((), (kernel.shape[3],)):
        raise CourseError(f"a bias of shape {bias.shape} does not go with a kernel of shape {kernel.shape}: "
                          f"one number a filter is needed, {kernel.shape[3]} in all.")
    return bias
