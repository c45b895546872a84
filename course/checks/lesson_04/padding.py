"""What the checker of exercise 4.3 needs: maps that keep the picture's size, and ways to pad wrongly."""

import numpy as np
from scipy.signal import correlate2d

from course.checks.compare import Case, mistakes
from course.checks.ways import as_float, own_type
from course.nn import conv2d

SIZES = [  # picture, kernel: square and not, of one row, column or number, a picture of one row, one that is too small
    ((6, 5), (3, 3)), ((7, 8), (5, 5)), ((6, 6), (3, 5)), ((5, 4), (1, 3)), ((4, 6), (5, 1)), ((4, 4), (1, 1)),
    ((1, 6), (3, 3)), ((4, 3), (5, 5)),
]  # fmt: skip


def cases():
    rng = np.random.default_rng(43)
    grey = rng.integers(0, 256, (5, 6), dtype=np.uint8)
    return [
        Case(1 + np.arange(12.0).reshape(3, 4), np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        *(Case(rng.normal(size=size), rng.normal(size=kernel)) for size, kernel in SIZES),
        Case(grey, rng.normal(size=(3, 3)), note="a uint8 picture"),
        Case(grey.astype(int) - 128, rng.integers(-9, 9, (3, 3)), note="whole numbers"),
    ]


@as_float
def reference(image, kernel):
    return correlate2d(image, kernel, mode="same")


def _padded(around=lambda kh, kw: ((kh // 2, kh // 2), (kw // 2, kw // 2)), **how):
    """Return a correlate_same that adds around(kh, kw) = ((above, below), (left, right)), in the way of np.pad."""
    def wrong(image, kernel):
        return correlate2d(np.pad(image.astype(float), around(*kernel.shape), **how), kernel, mode="valid")
    return wrong


def _refusing(image, kernel):
    if any(k > n for n, k in zip(image.shape, kernel.shape, strict=True)):
        raise ValueError("as the learner's code of exercise 4.2 refuses")
    return correlate2d(image.astype(float), kernel, mode="valid")


def _around_the_map(valid):
    return lambda image, kernel: np.pad(valid(image, kernel), [(k // 2, k // 2) for k in kernel.shape])


VALID = _refusing, conv2d, _padded(lambda kh, kw: 0)
OTHER_FILL = "The border was filled with {}. Zeros were asked: np.pad's own way."
ONE_SIDE = "All zeros stand {}, so the map is shifted. Half of them belong on either side."
MISTAKES = mistakes(
    ("Nothing was added around the picture: this is the smaller map of the window that stays inside.", *VALID),
    ("The zeros stand around the map, not around the picture. Pad first.", *map(_around_the_map, VALID)),
    ("Your kernel is flipped: turned by half a turn before it is laid on.", lambda x, k: reference(x, k[::-1, ::-1])),
    (ONE_SIDE.format("below and to the right"), _padded(lambda kh, kw: ((0, kh - 1), (0, kw - 1)))),
    (ONE_SIDE.format("above and to the left"), _padded(lambda kh, kw: ((kh - 1, 0), (kw - 1, 0)))),
    (OTHER_FILL.format("the outermost pixels, repeating them"), _padded(mode="edge")),
    (OTHER_FILL.format("a mirror image of the picture"), _padded(mode="reflect"), _padded(mode="symmetric")),
    (OTHER_FILL.format("the other end of the picture"), _padded(mode="wrap")),
    (OTHER_FILL.format("ones"), _padded(constant_values=1)),
    ("Too many zeros, k - 1 or k on either side: (k - 1) / 2 on either side keep the size.",
     *(_padded(lambda kh, kw, less=less: ((kh - less,) * 2, (kw - less,) * 2)) for less in (0, 1))),
    ("One zero is added on either side, whatever the kernel. A kernel of side k needs (k - 1) / 2.",
     _padded(lambda kh, kw: 1)),
    ("One side of the kernel decides about both directions. Rows need (kh - 1) / 2 zeros, columns (kw - 1) / 2.",
     _padded(lambda kh, kw: kh // 2), _padded(lambda kh, kw: kw // 2)),
    ("The zeros for rows and for columns are swapped: ((rows, rows), (columns, columns)).",
     _padded(lambda kh, kw: ((kw // 2, kw // 2), (kh // 2, kh // 2)))),
    ("The map keeps the picture's number type: fractions are lost, uint8 wraps. Use floats.", own_type(reference)),
)  # fmt: skip
