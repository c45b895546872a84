"""What the checker of exercise 5.3 needs: the average of each window, channel by channel."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.lesson_05.windows import BELOW, BESIDE, each_window, keras_pool, layout_mistakes, sizes, windows


def cases():
    rng = np.random.default_rng(53)
    bright = rng.integers(100, 256, (5, 6, 3), dtype=np.uint8)
    return [
        Case(np.arange(24.0).reshape(4, 6, 1), 2, 2, note="one channel"),
        Case(rng.normal(size=(6, 8, 3)), 2, 2),
        Case(rng.normal(size=(5, 7, 3)), 2, 2, note="odd sides: a row and a column are left over"),
        Case(rng.normal(size=(7, 9, 2)), 3, 2, note="windows overlap"),
        Case(rng.normal(size=(8, 6, 4)), 3, 2, note="windows overlap, and something is left over"),
        Case(rng.normal(size=(5, 6, 2)), 2, 3, note="pixels between the windows"),
        Case(rng.normal(size=(4, 4, 3)), 4, 4, note="the window fits exactly once"),
        Case(rng.normal(size=(3, 4, 2)), 1, 1, note="a window of one pixel"),
        Case(bright, 2, 2, note="a uint8 picture"),
    ]


def reference(picture, size, stride):
    return keras_pool("average", picture, size, stride)


def by_numpy(picture, size, stride):
    return windows(picture.astype(float), size, stride).mean(axis=(-2, -1))


def _all_channels(*inputs):
    pooled = by_numpy(*inputs)
    return np.broadcast_to(pooled.mean(axis=2, keepdims=True), pooled.shape)


def _own_type(picture, size, stride):
    pooled = by_numpy(picture, size, stride)
    return np.trunc(pooled) if picture.dtype.kind in "iu" else pooled


def _wrapping(picture, size, stride):
    view = windows(picture, size, stride)
    return view.sum(axis=(-2, -1), dtype=view.dtype) / size**2


def _median(picture, size, stride):
    return np.median(windows(picture.astype(float), size, stride), axis=(-2, -1))


OVER_CHANNELS = (
    "The average ran over the channels too, and all maps melted into one. Each channel is the answer to another "
    "question: average over the two axes of the window only. The result has shape (h', w', c)."
)
MISTAKES = [
    Mistake(OVER_CHANNELS, when=lambda result, expected, *inputs: np.shape(result) == expected.shape[:2]),
    Mistake(OVER_CHANNELS, wrong=_all_channels),
    Mistake(OVER_CHANNELS, wrong=lambda *inputs: by_numpy(*inputs).mean(axis=2, keepdims=True)),
    Mistake("This is the largest number of each window. The average was asked.",
            wrong=lambda *inputs: windows(inputs[0], *inputs[1:]).max(axis=(-2, -1))),
    Mistake("This is the sum of each window. Divide it by the number of pixels in the window.",
            wrong=lambda picture, size, stride: by_numpy(picture, size, stride) * size**2),
    Mistake("The sum is divided by 4, which is right for 2 x 2 windows only. A window has size * size pixels.",
            wrong=lambda picture, size, stride: by_numpy(picture, size, stride) * size**2 / 4),
    Mistake("The sum is divided by the window's side. A window has size * size pixels.",
            wrong=lambda picture, size, stride: by_numpy(picture, size, stride) * size),
    Mistake("The sum is divided by the channels too: by kh * kw * c. Each channel has size * size numbers of its own.",
            wrong=lambda picture, size, stride: by_numpy(picture, size, stride) / picture.shape[2]),
    Mistake("The sum is kept in the picture's number type, and whole numbers wrap around: in uint8, 200 + 200 gives "
            "144. Turn the picture into floats first.",
            wrong=_wrapping),
    Mistake("The fractions are lost: the map keeps the picture's number type, or // divides. Make it of floats.",
            wrong=_own_type),
    Mistake("The fractions are lost everywhere: // or whole numbers. Use / and floats.",
            wrong=lambda *inputs: np.floor(by_numpy(*inputs))),
    Mistake("This is the median of each window, its middle number. The average was asked.", wrong=_median),
    Mistake(BELOW, wrong=each_window(lambda window: window[0].mean(axis=0))),
    Mistake(BELOW, when=lambda result, expected, picture, size, stride:
            np.shape(result) == (len(picture), *expected.shape[1:]) != expected.shape),
    Mistake(BESIDE, wrong=each_window(lambda window: window[:, 0].mean(axis=0))),
    Mistake(BESIDE, when=lambda result, expected, picture, size, stride:
            np.shape(result) == (expected.shape[0], picture.shape[1], expected.shape[2]) != expected.shape),
    Mistake("The window begins at i, not at i * stride: the places are as many as they should be, but too close "
            "together.",
            wrong=each_window(lambda window: window.mean(axis=(0, 1)), corner=lambda i, stride: i)),
    Mistake("The average of the whole picture stands everywhere. Each place looks at its own window.",
            wrong=lambda picture, size, stride:
                np.ones((*sizes(picture, size, stride), 1)) * picture.mean(axis=(0, 1))),
    Mistake("The channels stand in the first axis. Here, as in Keras, they come last: shape (h', w', c).",
            when=lambda result, expected, *inputs:
                np.shape(result) == (expected.shape[2], *expected.shape[:2]) != expected.shape),
    *layout_mistakes(by_numpy),
]  # fmt: skip
