"""What the checker of exercise 4.5 needs: convolution as one matrix product, with strides.

Shapes: picture (h, w, c), kernel (kh, kw, c, d), windows (rows, columns, c, kh, kw), map (rows, columns, d).
"""

import functools
import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks.compare import Case, mistakes
from course.checks.lesson_04.channels import FLIPPED, PRODUCTS, SWAPPED

SIZES = [  # picture, kernel, stride: c = d too, 1 x 1, fits once, a stride larger than the window, one row
    ((5, 6, 3), (3, 3, 3, 2)), ((7, 7, 3), (3, 3, 3, 3), 2), ((8, 9, 2), (2, 3, 2, 4), 3), ((6, 5, 1), (3, 3, 1, 4), 1),
    ((4, 5, 4), (1, 1, 4, 3), 2), ((5, 5, 3), (5, 5, 3, 1), 2), ((1, 9, 2), (1, 2, 2, 2), 4),
]  # fmt: skip


def cases():
    rng = np.random.default_rng(47)
    grey = rng.integers(0, 256, (6, 7, 3), dtype=np.uint8)
    single = [rng.normal(size=shape).astype(np.float32) for shape in ((9, 8, 3), (3, 3, 3, 4))]
    return [
        *(Case(rng.normal(size=size), rng.normal(size=kernel), *stride) for size, kernel, *stride in SIZES),
        Case(*single, 1, note="float32"),
        Case(grey, rng.normal(size=(3, 3, 3, 2)), 1, note="a uint8 picture, a kernel with fractions"),
        Case(grey, rng.integers(0, 9, (3, 3, 3, 2), dtype=np.uint8), 2, note="picture and kernel uint8"),
    ]


def by_keras(picture, kernel, stride=1):
    from course.quiet_tensorflow import keras

    batch, kernel = picture[None].astype(float), kernel.astype(float)
    conv = keras.ops.conv(batch, kernel, strides=stride, padding="valid", data_format="channels_last")
    return keras.ops.convert_to_numpy(conv)[0]


def _unrolled(picture, kernel, stride=1, step=lambda s: (s, s), order=(0, 1, 3, 4, 2), dtype=float,
              matrix=lambda kernel: kernel.reshape(-1, kernel.shape[3]), count=None, early=True, inner=-1):  # fmt: skip
    """Unroll windows and kernels as asked, but with one part replaced. count(n, k, s): places, used early or late."""
    (kh, kw, c, d), (down, across) = kernel.shape, step(stride)
    view = sliding_window_view(picture.astype(dtype or picture.dtype), (kh, kw), axis=(0, 1))[::down, ::across]
    counted = true = view.shape[:2]
    if count:
        counted = [count(n, k, stride) for n, k in zip(picture.shape, (kh, kw), strict=False)]
    lines = view.transpose(order).reshape(np.prod(counted if early else true), inner if inner < 0 else kh * kw * c)
    return (lines @ matrix(kernel)).reshape(*counted, d)


def _with(**parts):
    return functools.partial(_unrolled, **parts)


def _of(change):
    """Return the right unrolling of change(picture, kernel, stride): other inputs."""
    return lambda picture, kernel, stride=1: _unrolled(*change(picture, kernel, stride))


COUNTS = [lambda n, k, s: n - k + 1, lambda n, k, s: n // s, lambda n, k, s: (n - k) // s]
ALIKE = "stride moves the window down and across alike."
MISTAKES = mistakes(
    ("Windows (rows, columns, c, kh, kw) and kernels (kh, kw, c, d) are unrolled in different orders. Move the "
     "channels behind kh and kw before you reshape.", _with(order=(0, 1, 2, 3, 4))),
    ("The kernel's axes are mixed up: reshape(d, -1).T is not reshape(-1, d).",
     _with(matrix=lambda k: k.reshape(k.shape[3], -1).T)),
    ("The stride is not used. Take every stride-th window.", _with(step=lambda s: (1, 1))),
    (f"Rows are skipped, columns are not: {ALIKE}", _with(step=lambda s: (s, 1))),
    (f"Columns are skipped, rows are not: {ALIKE}", _with(step=lambda s: (1, s))),
    ("The picture was thinned out before the windows were cut. The pixels of a window lie side by side.",
     _of(lambda x, k, s: (x[::s, ::s], k))),
    ("Off by one: the last row and column of places are missing: (h - kh) // stride + 1.", lambda x, k, s=1:
     _unrolled(x, k, s)[:(len(x) - len(k)) // s, :(x.shape[1] - k.shape[1]) // s]),
    ("There are not as many numbers as your `reshape` counts on. After the stride is taken, `windows.shape[:2]` "
     "tells the places.",
     *(_with(count=count, early=early, inner=inner)
       for count, early, inner in itertools.product(COUNTS, (True, False), (-1, 1)))),
    ("The rows of the matrix product are not folded back into a map: reshape to (rows, columns, d).",
     lambda *inputs: _unrolled(*inputs).reshape(-1, inputs[1].shape[3]), lambda *inputs: _unrolled(*inputs).ravel()),
    (FLIPPED, _of(lambda x, k, s: (x, k[::-1, ::-1], s))),
    (SWAPPED, _of(lambda x, k, s: (x, k.swapaxes(2, 3), s)),
     _with(matrix=lambda k: k.swapaxes(2, 3).reshape(-1, k.shape[2]))),
    (PRODUCTS, _with(dtype=None), lambda x, k, s=1: (sliding_window_view(x, k.shape[:2], (0, 1))[::s, ::s].transpose(
        0, 1, 3, 4, 2)[..., None] * k).sum(axis=(2, 3, 4))),
)  # fmt: skip
