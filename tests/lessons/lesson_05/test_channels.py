"""Wrong and right pooling of pictures with channels, for exercise 5.3, and the loops of 5.1.

The checkers are tested in test_checks.py.
"""

import numpy as np

from course.nn import avg_pool2d, max_pool2d


def pooling(best, rows=lambda h, size, stride: (h - size) // stride + 1, begin=lambda i, size, stride: i * stride,
            window=lambda size: (size, size)):  # fmt: skip
    """Two loops; best(window) -> number or channels. rows: how many places; begin: where the i-th begins."""
    def pool(picture, size, stride):
        down, across = window(size)
        out = np.zeros([max(0, rows(n, size, stride)) for n in picture.shape])
        for i, j in np.ndindex(out.shape):
            y, x = begin(i, size, stride), begin(j, size, stride)
            out[i, j] = best(picture[y:y + down, x:x + across])
        return out
    return pool


def every(n, size, stride):
    """Count a place for each stride, whether the window fits or not."""
    return len(range(0, n, stride))


def cut(picture, k):
    return picture[:len(picture) // k * k, :picture.shape[1] // k * k]


def fold(picture, k):
    whole = cut(picture, k)
    h, w, c = whole.shape
    return whole.reshape(h // k, k, w // k, k, c).max(axis=(1, 3))


def folded_as(shape, axes, cut=cut):
    def wrong(picture, k):
        whole = cut(picture, k)
        h, w, c = whole.shape
        return whole.reshape(shape(h // k, w // k, k, c)).max(axis=axes)
    return wrong


def right_shape(rows, columns, k, c):
    return rows, k, columns, k, c


def padded(value):
    def wrong(picture, k):
        around = [(0, -n % k) for n in picture.shape[:2]]
        return fold(np.pad(picture.astype(float), [*around, (0, 0)], constant_values=value), k)
    return wrong


def of_front(picture, k):
    return fold(picture[len(picture) % k:, picture.shape[1] % k:], k)


def beyond_places(picture, k):
    whole = cut(picture, k)
    h, w, c = whole.shape
    return whole.reshape(k, h // k, k, w // k, c).max(axis=(0, 2))


def cut_by_minus_nothing(picture, k):
    h, w, c = picture.shape
    return picture[:-(h % k), :-(w % k)].reshape(h // k, k, w // k, k, c).max(axis=(1, 3))


FOLD_WRONG = [
    (lambda p, k: fold(p, k).max(axis=2), "over the channels"),
    (folded_as(right_shape, (1, 3, 4)), "over the channels"),
    (lambda p, k: fold(p, k).max(axis=2, keepdims=True), "over the channels"),
    (lambda p, k: np.repeat(fold(p, k).max(axis=2, keepdims=True), p.shape[2], axis=2), "over the channels"),
    (folded_as(lambda r, q, k, c: (r, q, k, k, c), (2, 3)), "cuts rows into pieces"),
    (beyond_places, "pixels that lie far apart"),
    (folded_as(right_shape, 1), "One axis of the window is still there"),
    (folded_as(right_shape, 3), "One axis of the window is still there"),
    (folded_as(right_shape, (0, 2)), "ran over places"),
    (folded_as(right_shape, (0, 1)), "ran over places"),
    (folded_as(right_shape, (2, 3)), "ran over places"),
    (folded_as(right_shape, (1, 3), cut=lambda picture, k: picture), "reshape can drop nothing"),
    (padded(-np.inf), "hangs over the edge"),
    (padded(0), "hangs over the edge"),
    (of_front, "first rows and columns were dropped"),
    (lambda p, k: p[:len(p) // k * k].reshape(len(p) // k, k, p.shape[1], -1).max(axis=1), "Only one direction"),
    (lambda p, k: max_pool2d(p[None], (1, k))[0], "Only one direction"),
    (lambda p, k: fold(p, k).ravel(), "The numbers lie in one row"),
    (lambda p, k: fold(p, k).reshape(-1, p.shape[2]), "in the right order: `reshape` them"),
    (lambda p, k: np.moveaxis(fold(p, k), 2, 0), "channels stand in the first axis"),
    (lambda p, k: p.max(axis=(0, 1)), "channel of the whole picture"),
    (lambda p, k: avg_pool2d(p[None].astype(float), k)[0], "average of each window"),
    (lambda p, k: cut(p, k)[::k, ::k], "first pixel"),
    (lambda p, k: fold(p, 2), "2 x 2, whatever the size"),
    (lambda p, k: np.maximum(fold(p, k), 0), "0 won against negative numbers"),
    (cut_by_minus_nothing, "picture[:-0] is empty"),
    (lambda p, k: fold(p, k).squeeze(), "An axis of length 1 is missing"),
    (lambda p, k: fold(np.nan_to_num(p), k), "A NaN"),
    (lambda p, k: fold(p.astype(int), k), "expected"),
    (lambda p, k: fold(p.astype(np.uint8), k), "differ"),
    (lambda p, k: np.nanmax(cut(p, k).reshape(len(p) // k, k, p.shape[1] // k, k, -1), axis=(1, 3)), "A NaN"),
]
