"""What the checkers of exercises 5.1 and 5.3 need: the largest number of each window, with loops and folded."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.lesson_05.windows import (
    BELOW,
    BESIDE,
    DIAGONAL,
    FLAT,
    IN_A_LINE,
    OVERRUN,
    each_window,
    keras_max,
    layout_mistakes,
    sizes,
    up,
    windows,
)


def _with_nan(picture, *places):
    picture = picture.copy()
    picture[places] = np.nan
    return picture


def loop_cases():
    rng = np.random.default_rng(51)
    page = np.array([[1, 3, 2, 0, 4, 1], [5, 2, 1, 1, 0, 2], [0, 1, 7, 6, 3, 3], [2, 2, 8, 1, 9, 0]])
    return [
        Case(page, 2, 2, note="whole numbers, as on the page"),
        Case(rng.normal(size=(6, 8)), 2, 2),
        Case(rng.normal(size=(5, 7)), 2, 2, note="odd sides: a row and a column are left over"),
        Case(rng.normal(size=(4, 6)) - 9, 2, 2, note="every number is below -1"),
        Case(rng.normal(size=(4, 5)) - 1e6, 2, 2, note="every number is far below 0"),
        Case(-1e30 * (1 + rng.random((4, 4))), 2, 2, note="every number is far, far below 0"),
        Case(rng.normal(size=(7, 9)), 3, 2, note="windows overlap"),
        Case(rng.normal(size=(8, 6)), 3, 2, note="windows overlap, and something is left over"),
        Case(rng.normal(size=(5, 6)), 2, 3, note="pixels between the windows"),
        Case(rng.normal(size=(4, 4)), 4, 4, note="the window fits exactly once"),
        Case(rng.normal(size=(3, 4)), 1, 1, note="a window of one pixel"),
        Case(rng.integers(0, 256, (5, 6), dtype=np.uint8), 2, 2, note="a uint8 picture"),
        Case(_with_nan(np.arange(16.0).reshape(4, 4), [0, 1, 3], [1, 2, 0]), 2, 2, note="three pixels are NaN"),
        Case(_with_nan(np.arange(15.0).reshape(3, 5), [0, 0, 1, 1], [0, 1, 0, 1]), 2, 2, note="a window of NaN"),
    ]


def by_numpy(picture, size, stride):
    return windows(picture.astype(float), size, stride).max(axis=(-2, -1))


def _starting_at(number):
    return lambda picture, size, stride: np.maximum(by_numpy(picture, size, stride), number)


def _only_along(rows, columns):
    """Pool windows of (size or 1) rows and columns, placed as the window of `size` x `size` would be."""
    return each_window(lambda window: window[:None if rows else 1, :None if columns else 1].max())


def _in_a_line(picture, size, stride):
    line = picture.astype(float).ravel()
    return np.array([line[start:start + size].max() for start in range(0, len(line) - size + 1, stride)])


def _last_left_empty(*inputs):
    out = by_numpy(*inputs)
    out[-1], out[:, -1] = 0, 0
    return out


LOSE_NAN = [  # Python's max compares with >, which is never true for NaN
    lambda window: max(window.astype(float).ravel()),
    lambda window: max(-np.inf, *window.astype(float).ravel()),
    lambda window: max(*map(max, window.astype(float))) if len(window) > 1 else window.max(),
    np.nanmax,
]
NAN_LOST = (
    "A NaN (a number that could not be computed) vanished: the window that holds it gives a number as if nothing had "
    "happened. Nothing is larger or smaller than NaN: to `>` and Python's max it is lost unless it comes first, to "
    "np.nanmax always. An error must stay visible: np.max keeps it."
)
LOOP_MISTAKES = [
    Mistake("The maximum starts at 0, so a window of negative numbers gives 0, which is not in it. Maps do hold "
            "negative numbers: start at -np.inf, or with a number of the window.",
            wrong=_starting_at(0)),
    Mistake("The maximum starts at -1, so a window of smaller numbers gives -1, which is not in it. Start at -np.inf, "
            "or with a number of the window.",
            wrong=_starting_at(-1)),
    Mistake("The maximum starts at a number that is larger than the whole window, and that number came out. There is "
            "no number small enough but -np.inf; or start with a number of the window.",
            when=lambda result, expected, *inputs:
                np.shape(result) == expected.shape and np.ptp(result) == 0 and np.all(result > expected)),
    *[Mistake(NAN_LOST, wrong=each_window(lose)) for lose in LOSE_NAN],
    Mistake(BELOW, wrong=_only_along(False, True)),
    Mistake(BELOW, when=lambda result, expected, picture, size, stride:
            np.shape(result) == (len(picture), expected.shape[1]) != expected.shape),
    Mistake(BESIDE, wrong=_only_along(True, False)),
    Mistake(BESIDE, when=lambda result, expected, picture, size, stride:
            np.shape(result) == (expected.shape[0], picture.shape[1]) != expected.shape),
    Mistake(DIAGONAL, wrong=each_window(lambda window: np.diagonal(window).max())),
    Mistake(IN_A_LINE, wrong=_in_a_line),
    Mistake("The last row and the last column of places were never filled. range(n) ends before n.",
            wrong=_last_left_empty),
    Mistake("The window begins at i, not at i * stride: the places are as many as they should be, but too close "
            "together.",
            wrong=each_window(np.max, corner=lambda i, stride: i)),
    Mistake("The fractions are lost: the map is made of whole numbers. np.zeros(shape) makes floats.",
            wrong=lambda *inputs: np.trunc(by_numpy(*inputs))),
    Mistake("This is the average of each window. The largest number was asked.",
            wrong=each_window(np.mean)),
    Mistake("This is the smallest number of each window. The largest was asked.",
            wrong=each_window(np.min)),
    Mistake("This is the sum of each window. The largest number was asked.",
            wrong=each_window(lambda window: window.sum(dtype=float))),
    Mistake("This takes the first pixel of each window and does not look at the others.",
            wrong=each_window(lambda window: window[0, 0])),
    Mistake("This takes the last pixel of each window: each one overwrites those before. Keep the larger of the two.",
            wrong=each_window(lambda window: window[-1, -1])),
    Mistake("The largest number of the whole picture stands everywhere. Each place looks at its own window.",
            wrong=lambda picture, size, stride: np.full(sizes(picture, size, stride), picture.max())),
    Mistake("The pooled map has as many columns as rows, but this picture is not square. Count the rows from the "
            "height and the columns from the width: h, w = picture.shape.",
            when=lambda result, expected, *inputs: np.shape(result) in [(n, n) for n in expected.shape]
            and len(set(expected.shape)) == 2),
    *layout_mistakes(by_numpy),
]  # fmt: skip


def fold_cases():
    rng = np.random.default_rng(52)
    return [
        Case(rng.normal(size=(4, 6, 3)), 2),
        Case(rng.normal(size=(6, 9, 1)), 3, note="one channel"),
        Case(rng.normal(size=(5, 7, 3)), 2, note="odd sides: a row and a column are left over"),
        Case(rng.normal(size=(7, 8, 4)), 3, note="one row and two columns are left over"),
        Case(rng.normal(size=(9, 9, 3)), 3, note="3 x 3 windows, 3 x 3 places, 3 channels"),
        Case(rng.normal(size=(4, 4, 2)), 4, note="the window fits exactly once"),
        Case(rng.normal(size=(3, 4, 2)), 1, note="a window of one pixel"),
        Case(rng.normal(size=(6, 5, 2)) - 9, 2, note="every number is below -1"),
        Case(rng.integers(0, 256, (5, 6, 3), dtype=np.uint8), 2, note="a uint8 picture"),
        Case(_with_nan(np.arange(32.0).reshape(4, 4, 2), [0, 3], [1, 2], [0, 1]), 2, note="two numbers are NaN"),
    ]


def folded(picture, size):
    return by_numpy(picture, size, size)


def by_keras(picture, size):
    return keras_max(picture, size, size)


def _cut(picture, size):
    h, w, _ = picture.shape
    return picture[:h // size * size, :w // size * size].astype(float)


def _fold(shape, axes):
    """Return a mistaken fold: reshape to shape(rows, columns, size, c), then the maximum over axes."""
    def wrong(picture, size):
        cut = _cut(picture, size)
        return cut.reshape(shape(len(cut) // size, cut.shape[1] // size, size, cut.shape[2])).max(axis=axes)
    return wrong


OVER_CHANNELS = (
    "The maximum ran over the channels too, and all maps melted into one. Each channel is the answer to another "
    "question: pool each by itself, over the two axes inside the window only. The result has shape (h', w', c)."
)
FOLD_MISTAKES = [
    Mistake(OVER_CHANNELS, when=lambda result, expected, *inputs: np.shape(result) == expected.shape[:2]),
    Mistake(OVER_CHANNELS, wrong=lambda picture, size: folded(picture, size).max(axis=2, keepdims=True)),
    Mistake(OVER_CHANNELS, wrong=lambda picture, size:
            np.broadcast_to(folded(picture, size).max(axis=2, keepdims=True), folded(picture, size).shape)),
    Mistake("The shape is right and the windows are not: reshape deals the numbers out row after row, so (h', w', k, "
            "k, c) cuts rows into pieces. Cut each axis where it stands: (h', k, w', k, c).",
            wrong=_fold(lambda rows, columns, size, c: (rows, columns, size, size, c), (2, 3))),
    Mistake("Here pixels that lie far apart compete. In reshape the number of places comes first, then the place "
            "inside the window: (h', k, ...), not (k, h', ...).",
            wrong=_fold(lambda rows, columns, size, c: (size, rows, size, columns, c), (0, 2))),
    Mistake("One axis of the window is still there: remove both, 1 and 3, with axis=(1, 3).",
            when=lambda result, expected, picture, size: np.shape(result) in (
                (*expected.shape[:2], size, expected.shape[2]), (expected.shape[0], size, *expected.shape[1:]))),
    Mistake("The maximum ran over the places and left the inside of the window. After reshape to (h', k, w', k, c) "
            "the two axes of the window are 1 and 3.",
            when=lambda result, expected, picture, size: np.shape(result) == (size, size, picture.shape[2])
            and np.array_equal(result, _fold(lambda r, q, k, c: (r, k, q, k, c), (0, 2))(picture, size))),
    Mistake("The maximum ran over one axis of the window and one of the places. After reshape to (h', k, w', k, c) "
            "the two axes of the window are 1 and 3.",
            when=lambda result, expected, picture, size: any(
                np.array_equal(result, _fold(lambda r, q, k, c: (r, k, q, k, c), axes)(picture, size))
                for axes in ((0, 1), (2, 3), (0, 3), (1, 2)))),
    Mistake(OVERRUN + "h // k rows and w // k columns.",
            when=lambda result, expected, picture, size:
                np.shape(result)[:2] == tuple(up(n, size) for n in picture.shape[:2]) != expected.shape[:2]),
    Mistake("The first rows and columns were dropped. What is left over stands at the end: picture[:h // k * k].",
            wrong=lambda picture, size: folded(picture[len(picture) % size:, picture.shape[1] % size:], size)),
    Mistake("Only the rows were pooled: pixels beside each other never compete. The window has two directions.",
            when=lambda result, expected, picture, size:
                np.shape(result) == (expected.shape[0], picture.shape[1], expected.shape[2]) != expected.shape),
    Mistake("Only the columns were pooled: pixels below each other never compete. The window has two directions.",
            when=lambda result, expected, picture, size:
                np.shape(result) == (len(picture), *expected.shape[1:]) != expected.shape),
    Mistake(FLAT, when=lambda result, expected, *inputs: expected.shape[0] > 1 and np.shape(result) in (
            (expected.size,), (expected.shape[0] * expected.shape[1], expected.shape[2])) and np.allclose(
            np.ravel(result), expected.ravel(), equal_nan=True)),
    Mistake("The channels stand in the first axis. Here, as in Keras, they come last: shape (h', w', c).",
            when=lambda result, expected, *inputs:
                np.shape(result) == (expected.shape[2], *expected.shape[:2]) != expected.shape),
    Mistake("This is one number for each channel of the whole picture. Each window has its own.",
            when=lambda result, expected, picture, size:
                np.shape(result) == (picture.shape[2],) and expected.shape[0] > 1),
    Mistake("This is the average of each window. The largest number was asked.",
            wrong=lambda picture, size: windows(picture.astype(float), size, size).mean(axis=(-2, -1))),
    Mistake("This takes the first pixel of each window and does not look at the others.",
            wrong=lambda picture, size: windows(picture, size, size)[..., 0, 0]),
    Mistake("The window is 2 x 2, whatever k says.", wrong=lambda picture, size: folded(picture, 2)),
    Mistake("What is not in the window was filled with 0, and 0 won against negative numbers. Drop what is left over.",
            wrong=lambda picture, size: np.maximum(folded(picture, size), 0)),
    Mistake(NAN_LOST, wrong=lambda picture, size: np.nanmax(windows(picture, size, size), axis=(-2, -1))),
]  # fmt: skip
