"""What the checkers of exercises 4.4 and 4.5 need: pictures with channels, several kernels, strides.

Shapes: picture (h, w, c), kernel (kh, kw, c, d), map (h', w', d).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate

from course.checks.compare import Case, Mistake
from course.checks.lesson_04.map import UINT8, as_float


def _random(shape, kernel_shape, *stride, note="", seed=44):
    rng = np.random.default_rng(seed)
    return Case(rng.normal(size=shape), rng.normal(size=kernel_shape), *stride, note=note)


def cases():
    grey = np.random.default_rng(45).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return [
        _random((4, 5, 3), (3, 3, 3, 2), note="a colour picture, two kernels"),
        _random((5, 4, 3), (3, 3, 3, 3), note="three channels in, three out"),
        _random((6, 5, 1), (3, 3, 1, 4), note="one channel"),
        _random((7, 6, 3), (5, 5, 3, 1), note="one kernel: the last axis stays, with one map"),
        _random((5, 6, 4), (2, 3, 4, 3), note="four channels, kernels that are not square"),
        _random((3, 4, 2), (1, 1, 2, 2), note="1 x 1 kernels mix the channels of one pixel"),
        _random((3, 3, 5), (3, 3, 5, 2), note="the kernel fits exactly once"),
        Case(grey, np.random.default_rng(46).normal(size=(3, 3, 3, 2)), note="a uint8 picture"),
        Case(grey, np.arange(1, 55, dtype=np.uint8).reshape(3, 3, 3, 2), note="picture and kernel uint8"),
    ]


def fast_cases():
    rng = np.random.default_rng(47)
    single = [rng.normal(size=shape).astype(np.float32) for shape in ((9, 8, 3), (3, 3, 3, 4))]
    grey = rng.integers(0, 256, (6, 7, 3), dtype=np.uint8)
    return [
        _random((5, 6, 3), (3, 3, 3, 2), note="no stride given: 1"),
        _random((7, 7, 3), (3, 3, 3, 3), 2),
        _random((8, 9, 2), (2, 3, 2, 4), 3, note="the last pixels are left over"),
        _random((6, 5, 1), (3, 3, 1, 4), 1),
        _random((4, 5, 4), (1, 1, 4, 3), 2, note="1 x 1 kernels"),
        _random((5, 5, 3), (5, 5, 3, 1), 2, note="the kernel fits exactly once"),
        Case(*single, 1, note="float32"),
        Case(grey, rng.integers(0, 9, (3, 3, 3, 2), dtype=np.uint8), 2, note="picture and kernel uint8"),
    ]


MISFITS = [
    Case(np.ones((4, 5, 1)), np.ones((3, 3, 3, 2)), note="one channel; the kernel is made for three"),
    Case(np.ones((4, 5, 3)), np.ones((3, 3, 1, 2)), note="three channels; the kernel is made for one"),
]
STRETCHED = (
    "The picture's channels are not as many as the kernel's, and no error came: either NumPy repeated the single one "
    "to make the shapes fit (broadcasting), or channels were left out. Compare the two numbers first, and raise a "
    "ValueError with both shapes."
)


@as_float
def reference(picture, kernel):
    maps = [correlate(picture, one, mode="valid", method="direct")[..., 0] for one in np.moveaxis(kernel, -1, 0)]
    return np.stack(maps, axis=-1)


def by_keras(picture, kernel, stride=1):
    from course.quiet_tensorflow import keras

    batch, kernel = picture[None].astype(float), kernel.astype(float)
    conv = keras.ops.conv(batch, kernel, strides=stride, padding="valid", data_format="channels_last")
    return keras.ops.convert_to_numpy(conv)[0]


def _each_place(size, at_place):
    """Return at_place(i, j), an array or number, for every place: shape (rows, columns, ...)."""
    return np.array([[at_place(i, j) for j in range(size[1])] for i in range(size[0])])


def _plane_against_picture(plane_of):
    """Multiply a 2-D kernel with a patch (kh, kw, c): NumPy lines up its columns with the channels, or refuses."""
    def wrong(picture, kernel):
        (h, w, _), (kh, kw, _, filters) = picture.shape, kernel.shape
        return _each_place((h - kh + 1, w - kw + 1), lambda i, j: [
            np.sum(picture[i:i + kh, j:j + kw] * plane_of(kernel, f)) for f in range(filters)])
    return wrong


def _picture_against_all(picture, kernel):
    (h, w, _), (kh, kw, *_) = picture.shape, kernel.shape
    return _each_place((h - kh + 1, w - kw + 1), lambda i, j: np.sum(
        picture[i:i + kh, j:j + kw] * kernel, axis=(0, 1, 2)))


def _first_plane_for_all(picture, kernel):
    return reference(picture, np.repeat(kernel[:, :, :1], kernel.shape[2], axis=2))


def _in_and_out_swapped(picture, kernel):
    if picture.shape[2] != kernel.shape[3]:
        raise ValueError("as the learner's code stops, by NumPy's word or its own")
    return reference(picture, kernel.swapaxes(2, 3))


def _picture_type(picture, kernel):
    out = reference(picture, kernel)
    return out.astype(np.int64).astype(picture.dtype) if picture.dtype.kind in "iu" else out


def _products_in_own_type(picture, kernel, stride=1):
    windows = sliding_window_view(picture, kernel.shape[:2], axis=(0, 1))[::stride, ::stride].transpose(0, 1, 3, 4, 2)
    return (windows[..., None] * kernel).sum(axis=(2, 3, 4))


PRODUCTS = Mistake("The products are made in uint8, and " + UINT8 + ". Turn the picture into floats first: "
                   "picture.astype(float).", wrong=_products_in_own_type)  # fmt: skip
LINED_UP = (
    "Here a picture's patch (kh, kw, c) meets an array of other axes, and NumPy lines shapes up from the right: the "
    "kernel's columns are laid along the colours. Where the numbers happen to be equal, as with 3 x 3 and RGB, it "
    "computes nonsense without an error. One kernel has its own channels: kernel[..., f], shape (kh, kw, c)."
)
FLIPPED = "Your kernels are flipped: turned by half a turn before they are laid on."
MISTAKES = [
    Mistake(LINED_UP, wrong=_plane_against_picture(lambda kernel, f: kernel[:, :, 0, f])),
    Mistake(LINED_UP, wrong=_plane_against_picture(lambda kernel, f: kernel[..., f].sum(axis=2))),
    Mistake(LINED_UP, wrong=_plane_against_picture(lambda kernel, f: kernel[..., f].mean(axis=2))),
    Mistake(LINED_UP, wrong=_picture_against_all),
    Mistake("Every channel meets the weights of the first. Each has its own: kernel[:, :, ch, f] for channel ch.",
            wrong=_first_plane_for_all),
    Mistake("Only the first channel is read. The sum runs over all of them.",
            wrong=lambda picture, kernel: reference(picture[..., :1], kernel[:, :, :1])),
    Mistake("The channels stand side by side. One kernel gives one map: add its channels up.",
            when=lambda result, expected, picture, kernel:
                np.shape(result) in (expected.shape[:2] + kernel.shape[2:], expected.shape[:2] + kernel.shape[:1:-1])),
    Mistake("All kernels ended up in one map. Each kernel has a map of its own, side by side in the last axis.",
            when=lambda result, expected, picture, kernel:
                np.shape(result) == expected.shape[:2] and kernel.shape[3] > 1),
    Mistake("With one kernel the last axis got lost. Keep it, with length 1: the next layer counts on three axes.",
            when=lambda result, expected, picture, kernel:
                np.shape(result) == expected.shape[:2] and kernel.shape[3] == 1),
    Mistake("There is one map for each channel that goes in. There should be one for each kernel: the sum runs over "
            "the channels.",
            when=lambda result, expected, picture, kernel:
                np.shape(result) == (*expected.shape[:2], kernel.shape[2]) != expected.shape),
    Mistake("The maps stand in the first axis. Here, as in Keras, channels come last: shape (h', w', d).",
            when=lambda result, expected, *inputs:
                np.shape(result) == (expected.shape[2], *expected.shape[:2]) != expected.shape),
    Mistake(FLIPPED, wrong=lambda picture, kernel: reference(picture, kernel[::-1, ::-1])),
    Mistake(f"{FLIPPED} The channels are turned round too. That is what SciPy's convolve does.",
            wrong=lambda picture, kernel: reference(picture, kernel[::-1, ::-1, ::-1])),
    Mistake("Channels in and kernels are swapped: the third axis of the kernel counts channels in, the fourth kernels.",
            wrong=_in_and_out_swapped),
    Mistake("The channels are averaged. Their sum was asked.",
            wrong=lambda picture, kernel: reference(picture, kernel) / kernel.shape[2]),
    Mistake("The colours were averaged to grey first. Each channel has weights of its own.",
            wrong=lambda picture, kernel:
                reference(picture.mean(axis=2, keepdims=True), kernel.sum(axis=2, keepdims=True))),
    Mistake("Your map keeps the picture's number type, and " + UINT8 + ". Make it of floats: np.zeros(shape).",
            wrong=_picture_type),
    PRODUCTS,
    Mistake("All maps are alike: the sum ran over the kernels too. Each kernel has a sum of its own: kernel[..., f].",
            wrong=lambda picture, kernel: np.repeat(reference(picture, kernel).sum(axis=2, keepdims=True),
                                                    kernel.shape[3], axis=2)),
]  # fmt: skip


def _strided(down, across):
    """Return a mistaken fast_conv2d that takes every down(stride)-th row and across(stride)-th column."""
    return lambda picture, kernel, stride=1: reference(picture, kernel)[::down(stride), ::across(stride)]


def _unrolled(picture, kernel, stride, order, matrix):
    """Windows (rows, columns, c, kh, kw), transposed to `order`, in rows, times a matrix (kh kw c, d)."""
    view = sliding_window_view(picture, kernel.shape[:2], axis=(0, 1))[::stride, ::stride]
    return view.transpose(order).reshape(*view.shape[:2], -1) @ matrix


def _unmatched(picture, kernel, stride=1):
    matrix = kernel.reshape(-1, kernel.shape[3]).astype(float)
    return _unrolled(picture, kernel, stride, (0, 1, 2, 3, 4), matrix)


def _in_rows(picture, kernel, stride=1):
    return _unrolled(picture, kernel, stride, (0, 1, 3, 4, 2), kernel.reshape(kernel.shape[3], -1).T.astype(float))


def _wrapping(picture, kernel, stride=1):
    return _unrolled(picture, kernel, stride, (0, 1, 3, 4, 2), kernel.reshape(-1, kernel.shape[3]))


def _one_short(picture, kernel, stride=1):
    h, w = ((n - k) // stride for n, k in zip(picture.shape, kernel.shape[:2], strict=False))
    return by_keras(picture, kernel, stride)[:h, :w]


def _flat(result, expected, *inputs):
    rows = np.prod(expected.shape[:2], dtype=int)
    return np.shape(result) in ((rows, expected.shape[2]), (expected.size,)) != expected.shape


MISCOUNTED = (
    "There are not as many numbers as your `reshape` counts on. Along each side there are (n - k) // stride + 1 "
    "places, as in exercise 4.1; after the stride is taken, `windows.shape[:2]` tells them."
)
STRIDE = "stride moves the window down and across alike"
FAST_MISTAKES = [
    Mistake("Windows and kernels are unrolled in different orders. sliding_window_view gives (rows, columns, c, kh, "
            "kw), the kernel is (kh, kw, c, d): move the channels behind kh and kw before you reshape. The shapes fit "
            "either way, so no error tells you.",
            wrong=_unmatched),
    Mistake("The kernel's axes are mixed up: reshape(d, -1).T is not reshape(-1, d). The last axis counts the kernels, "
            "so unroll the others: kernel.reshape(-1, d).",
            wrong=_in_rows),
    Mistake("The stride is not used. Take every stride-th window.",
            wrong=_strided(lambda s: 1, lambda s: 1)),
    Mistake(f"Rows are skipped, columns are not: {STRIDE}.", wrong=_strided(lambda s: s, lambda s: 1)),
    Mistake(f"Columns are skipped, rows are not: {STRIDE}.", wrong=_strided(lambda s: 1, lambda s: s)),
    Mistake("The picture was thinned out before the windows were cut. The window steps over the full picture; its own "
            "pixels lie side by side.",
            wrong=lambda picture, kernel, stride=1: reference(picture[::stride, ::stride], kernel)),
    Mistake("Off by one: the last row and the last column of places are missing: (h - kh) // stride + 1.",
            wrong=_one_short),
    Mistake("The rows of the matrix product are not folded back into a map: reshape to (rows, columns, d).",
            when=_flat),
    Mistake(FLIPPED, wrong=lambda picture, kernel, stride=1: by_keras(picture, kernel[::-1, ::-1], stride)),
    Mistake("Channels in and kernels are swapped: the third axis of the kernel counts channels in, the fourth kernels.",
            wrong=lambda picture, kernel, stride=1: by_keras(picture, kernel.swapaxes(2, 3), stride)),
    Mistake("The matrix product is made in uint8, and " + UINT8 + ". Turn the picture into floats first.",
            wrong=_wrapping),
    PRODUCTS,
]  # fmt: skip
