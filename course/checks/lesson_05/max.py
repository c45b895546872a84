"""What the checkers of exercises 5.1 and 5.3 need: the largest number of each window, with loops and folded.

Maps are (h, w) or (h, w, c); a window has `size` x `size` pixels and moves by `stride`, down and across.
"""

import functools

import numpy as np

from course.checks.compare import Case, Mistake, mistakes
from course.checks.ways import loop_mistakes
from course.nn import max_pool2d


def _with(value, picture, *places):
    picture = picture.copy()
    picture[places] = value
    return picture


def loop_cases():
    rng = np.random.default_rng(51)
    page = np.array([[1, 3, 2, 0, 4, 1], [5, 2, 1, 1, 0, 2], [0, 1, 7, 6, 3, 3], [2, 2, 8, 1, 9, 0]])
    sizes = [  # odd sides, windows that overlap or leave pixels between, that fit once, of one pixel, one row or column
        ((6, 8), 2, 2), ((5, 7), 2, 2), ((7, 9), 3, 2), ((8, 6), 3, 2), ((5, 6), 2, 1), ((5, 6), 2, 3), ((4, 4), 4, 4),
        ((3, 4), 1, 1), ((1, 7), 1, 3), ((7, 1), 1, 2)]  # fmt: skip
    far = -1e30 * (1 + rng.random((4, 4)))
    return [
        Case(page, 2, 2, note="whole numbers, as on the page"),
        *(Case(rng.normal(size=shape), size, stride) for shape, size, stride in sizes),
        Case(rng.normal(size=(4, 6)) - 9, 2, 2, note="every number is below -1"),
        Case(rng.normal(size=(4, 5)) - 1e6, 2, 2, note="every number is far below 0"),
        Case(_with(-np.inf, far, slice(2), slice(2)), 2, 2, note="far, far below 0; one window is -inf"),
        Case(rng.integers(0, 256, (5, 6), dtype=np.uint8), 2, 2, note="a uint8 picture"),
        Case(_with(np.nan, np.arange(16.0).reshape(4, 4), [0, 1, 3], [1, 2, 0]), 2, 2, note="three pixels are NaN"),
        Case(_with(np.nan, np.arange(15.0).reshape(3, 5), [0, 0, 1, 1], [0, 1, 0, 1]), 2, 2, note="a window of NaN"),
    ]


def fold_cases():
    rng = np.random.default_rng(52)
    sizes = [  # one channel, odd sides, one side that divides and one that does not, 3 of all, a window that fits once
        ((4, 6, 3), 2), ((6, 9, 1), 3), ((5, 7, 3), 2), ((7, 8, 4), 3), ((7, 9, 2), 3), ((9, 9, 3), 3), ((4, 4, 2), 4),
        ((3, 4, 2), 1), ((2, 6, 2), 2)]  # fmt: skip
    return [
        *(Case(rng.normal(size=shape), size) for shape, size in sizes),
        Case(rng.normal(size=(6, 5, 2)) - 9, 2, note="every number is below -1"),
        Case(rng.integers(0, 256, (5, 6, 3), dtype=np.uint8), 2, note="a uint8 picture"),
        Case(_with(np.nan, np.arange(32.0).reshape(4, 4, 2), [0, 3], [1, 2], [0, 1]), 2, note="two numbers are NaN"),
    ]


def by_keras(picture, size, stride=None):
    """Return Keras's max_pool in float64. It may lose NaN (tensorflow #2501) and -inf: windows of these keep them."""
    from course.quiet_tensorflow import keras

    def pooled(values):
        batch = keras.ops.convert_to_tensor(np.asarray(values, float).reshape(1, *picture.shape[:2], -1))
        maps = keras.ops.convert_to_numpy(keras.ops.max_pool(batch, size, strides=stride or size, padding="valid"))[0]
        return maps.reshape(*maps.shape[:2], *picture.shape[2:])

    missing, number = np.isnan(picture), picture > -np.inf
    maps = np.where(pooled(number) > 0, pooled(np.where(missing, -np.inf, picture)), -np.inf)
    return np.where(pooled(missing) > 0, np.nan, maps)


def largest(window):
    return window.max(axis=(0, 1))


def _slice(picture, y, x, down, across):
    return picture[y:y + down, x:x + across]


def _pixels(picture, y, x, down, across):
    """Read pixel by pixel: beyond the edge that is an IndexError, where a slice would be cut short."""
    return picture[np.ix_(range(y, y + down), range(x, x + across))]


def _inside(n, size, stride):
    return (n - size) // stride + 1


def _pool(picture, size, stride=None, best=largest, count=_inside, begin=lambda i, stride: i * stride,
          sides=lambda size: (size, size), read=_slice, square=None, dtype=float):  # fmt: skip
    """Pool in loops as asked, but with one part replaced: that is the mistake."""
    stride, (down, across) = stride or size, sides(size)
    sizes = picture.shape[:2] if square is None else (picture.shape[square],) * 2
    out = np.zeros((*(max(0, count(n, size, stride)) for n in sizes), *picture.shape[2:]), dtype)
    for i, j in np.ndindex(out.shape[:2]):
        out[i, j] = best(read(picture, begin(i, stride), begin(j, stride), down, across))
    return out


def _by(**parts):
    return functools.partial(_pool, **parts)


def _both_ways(**parts):
    """Return the same mistake with slices, pixel by pixel, and pixel by pixel with Python's max."""
    return _by(**parts), _by(**parts, read=_pixels), _by(**parts, read=_pixels, best=lambda window: max(window.ravel()))


def _started_too_high(result, expected, *inputs):
    """Is all right but for windows below a certain number, which came out as that number?"""
    start = np.nanmin(result)
    raised = np.maximum(expected, start)
    return start > np.nanmin(expected) and np.shape(result) == raised.shape and np.allclose(
        result, raised, equal_nan=True)  # fmt: skip


def _fold(shape, axes, cut=lambda n, k: n // k * k):
    """Return a fold that cuts to cut(n, k), reshapes to shape(rows, columns, k, c), and takes the maximum over axes."""
    def wrong(picture, k):
        h, w, c = picture.shape
        return picture[:cut(h, k), :cut(w, k)].reshape(shape(h // k, w // k, k, c)).max(axis=axes)
    return wrong


def _in_order(rows, columns, k, c):
    return rows, k, columns, k, c


def _over_the_edge(value):
    def wrong(picture, k):
        around = [(0, -n % k) for n in picture.shape[:2]]
        return _pool(np.pad(picture.astype(float), [*around, (0, 0)], constant_values=value), k)
    return wrong


NAN_LOST = (
    "A NaN (a number that could not be computed) vanished: to `>` and Python's max it is lost unless it comes first, "
    "to np.nanmax always. An error must stay visible: np.max keeps it.", _by(best=lambda w: np.nanmax(w, axis=(0, 1))))
BY_COMPARING = [  # Python's max compares with >, which is never true for NaN
    lambda window: max(window.ravel()), lambda window: max(-np.inf, *window.astype(float).ravel()),
    lambda window: max(max(row) for row in window)]  # fmt: skip
OVERRUN = ("The last window hangs over the edge, where a slice is cut short without a word. What is left over is "
           "dropped: ")
AVERAGE = ("This is the average of each window. The largest number was asked.",
           _by(best=lambda window: window.mean(axis=(0, 1))))
FIRST = ("This takes the first pixel of each window and does not look at the others.",
         _by(best=lambda window: window[0, 0]))
TWO = "The window is 2 x 2, whatever the size says. Windows come in other sizes."
ONE_DIRECTION = ("Your window has only one direction, and the pixels {} never compete. Two offsets are needed, u for "
                 "rows and v for columns: x[i*s + u, j*s + v].")
LOOP_MISTAKES = [
    *loop_mistakes(_pool),
    Mistake("No window gives less than a certain number (0, -1 ...), though its pixels are smaller: the maximum starts "
            "there. Start at -np.inf, or with a number of the window.", when=_started_too_high),
    *mistakes(
        (*NAN_LOST, *(_by(best=best) for best in BY_COMPARING)),
        (ONE_DIRECTION.format("below"), *_both_ways(sides=lambda size: (1, size)),
         lambda picture, size, stride: max_pool2d(picture, (1, size), (1, stride))),
        (ONE_DIRECTION.format("beside"), *_both_ways(sides=lambda size: (size, 1)),
         lambda picture, size, stride: max_pool2d(picture, (size, 1), (stride, 1))),
        ("One offset moves down and across at once, so only the window's diagonal is read. Rows and columns need an "
         "offset each: x[i*s + u, j*s + v].", _by(best=lambda window: np.diagonal(window).max())),
        ("The picture was unrolled into one line and pooled along it, where neighbours above and below are far apart. "
         "Keep rows and columns.",
         lambda picture, size, stride: max_pool2d(picture.reshape(1, -1), (1, size), (1, stride)).ravel()),
        (OVERRUN + "there are (h - size) // stride + 1 rows of places; h // stride only where they touch.",
         *(way for count in (lambda n, size, stride: -(-n // stride), lambda n, size, stride: n // stride,
                             lambda n, size, stride: -(-(n - size) // stride) + 1) for way in _both_ways(count=count))),
        ("This counts h // size places: the stride is not used. There are (h - size) // stride + 1.",
         *_both_ways(count=lambda n, size, stride: n // size)),
        ("Off by one: the last row and column of places are missing. (h - size) // stride counts the steps between.",
         _by(count=lambda n, size, stride: (n - size) // stride)),
        ("The pooled map has as many columns as rows, whatever the picture. Rows are counted from the height, columns "
         "from the width: h, w = picture.shape.", *_both_ways(square=0), *_both_ways(square=1)),
        ("The window begins at i, not at i * stride: the places are as many as they should be, but too close.",
         _by(begin=lambda i, stride: i)),
        ("The window moves by its own width, whatever the stride says. Places begin at i * stride.",
         lambda picture, size, stride: _pool(picture, size)),
        ("The window moves by one pixel, whatever the stride says. Places begin at i * stride.",
         lambda picture, size, stride: _pool(picture, size, 1)),
        (TWO, lambda picture, size, stride: _pool(picture, 2, stride)),
        ("The fractions are lost: the map is made of whole numbers. np.zeros(shape) makes floats.", _by(dtype=int)),
        AVERAGE, FIRST,
        ("This is the smallest number of each window. The largest was asked.", _by(best=np.min)),
        ("This is the sum of each window. The largest number was asked.", _by(best=lambda w: w.sum(dtype=float))),
        ("This takes the last pixel of each window: each overwrites those before. Keep the larger of the two.",
         _by(best=lambda window: window[-1, -1])),
        ("The largest number of the whole picture stands everywhere. Each place looks at its own window.",
         lambda picture, *how: np.full(_pool(picture, *how).shape, picture.max())),
    ),
]  # fmt: skip
FOLD_MISTAKES = mistakes(
    ("The maximum ran over the channels too, and all maps melted into one. Pool each channel by itself, over the two "
     "axes inside the window only: the result has shape (h', w', c).",
     lambda picture, k: _pool(picture, k).max(axis=2),
     lambda picture, k: _pool(picture, k).max(axis=2, keepdims=True),
     lambda picture, k: np.repeat(_pool(picture, k).max(axis=2, keepdims=True), picture.shape[2], axis=2)),
    ("The shape is right and the windows are not: reshape deals the numbers out row after row, so (h', w', k, k, c) "
     "cuts rows into pieces. Cut each axis where it stands: (h', k, w', k, c).",
     _fold(lambda rows, columns, k, c: (rows, columns, k, k, c), (2, 3))),
    ("Here pixels that lie far apart compete. In reshape the number of places comes first, then the place inside the "
     "window: (h', k, ...), not (k, h', ...).", _fold(lambda rows, columns, k, c: (k, rows, k, columns, c), (0, 2))),
    ("One axis of the window is still there: remove both, 1 and 3, with axis=(1, 3).",
     _fold(_in_order, 1), _fold(_in_order, 3)),
    ("The maximum ran over places. After reshape to (h', k, w', k, c) the two axes of the window are 1 and 3.",
     *(_fold(_in_order, axes) for axes in ((0, 2), (0, 1), (2, 3), (0, 3), (1, 2)))),
    ("The picture does not divide into whole windows, and reshape can drop nothing. Cut off what is left over at the "
     "end of both axes first.", _fold(_in_order, (1, 3), lambda n, k: n)),
    ("Where nothing is left over, h % k is 0, and picture[:-0] is empty. Cut to picture[:h // k * k] instead.",
     _fold(_in_order, (1, 3), lambda n, k: -(n % k))),
    (OVERRUN + "there are h // k rows and w // k columns.", _over_the_edge(-np.inf), _over_the_edge(0)),
    ("The first rows and columns were dropped. What is left over stands at the end: picture[:h // k * k].",
     lambda picture, k: _pool(picture[len(picture) % k:, picture.shape[1] % k:], k)),
    ("Only one direction was pooled: pixels beside, or below, each other never compete. The window has two.",
     lambda picture, k: max_pool2d(picture[None], (k, 1))[0], lambda picture, k: max_pool2d(picture[None], (1, k))[0]),
    ("This is one number for each channel of the whole picture. Each window has its own.",
     lambda picture, k: picture.max(axis=(0, 1))),
    ("What is not in the window was filled with 0, and 0 won against negative numbers. Drop what is left over.",
     lambda picture, k: np.maximum(_pool(picture, k), 0)),
    (TWO, lambda picture, k: _pool(picture, 2)),
    AVERAGE, FIRST, NAN_LOST,
)  # fmt: skip
