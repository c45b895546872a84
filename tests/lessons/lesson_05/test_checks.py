"""Lesson 05's checkers: right answers in several styles, untouched stubs, and every classic mistake with its reason."""

import functools
import warnings
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from scipy.ndimage import maximum_filter

from course.checks import check
from course.nn import max_pool2d
from lesson_05.test_channels import FOLD_WRONG, cut_by_minus_nothing, every, fold, pooling
from lesson_05.test_field import FIELD_WRONG, field


def filled(start, better, picture, size, stride, dtype=float):
    """Fill a map that holds `start` everywhere with the better of what it holds and each pixel of the window."""
    (h, w), count = picture.shape, lambda n: (n - size) // stride + 1
    out = np.full((count(h), count(w)), start, dtype)
    for i, j in np.ndindex(out.shape):
        for value in picture[i * stride:i * stride + size, j * stride:j * stride + size].ravel():
            out[i, j] = better(out[i, j], value)
    return out


def starting_at(start):
    return lambda *inputs: filled(start, np.maximum, *inputs)


def with_greater_than(picture, size, stride):
    out = np.full(((len(picture) - size) // stride + 1, (picture.shape[1] - size) // stride + 1), -np.inf)
    for i, j in np.ndindex(out.shape):
        for u in range(size):
            for v in range(size):
                if picture[i * stride + u, j * stride + v] > out[i, j]:
                    out[i, j] = picture[i * stride + u, j * stride + v]
    return out


def from_the_first(picture, size, stride):
    def best(window):
        largest = window[0, 0]
        for value in window.ravel():
            if value > largest:
                largest = value
        return largest
    return pooling(best)(picture, size, stride)


def with_early_return(behind_the_row):
    def pool(picture, size, stride):
        out = np.zeros(good(picture, size, stride).shape)
        for i in range(len(out)):
            for j in range(out.shape[1]):
                out[i, j] = picture[i * stride:i * stride + size, j * stride:j * stride + size].max()
                if not behind_the_row:
                    return out
            return out
    return pool


def too_few_filled(picture, size, stride):
    out = np.zeros(good(picture, size, stride).shape)
    for i in range(len(out) - 1):
        for j in range(out.shape[1] - 1):
            out[i, j] = picture[i * stride:i * stride + size, j * stride:j * stride + size].max()
    return out


def runs_over(picture, size, stride):
    out = np.zeros((-(-len(picture) // stride), -(-picture.shape[1] // stride)))
    for i, j in np.ndindex(out.shape):
        out[i, j] = max(picture[i * stride + u, j * stride + v] for u in range(size) for v in range(size))
    return out


def in_whole_numbers(picture, size, stride):
    out = np.zeros(good(picture, size, stride).shape, int)
    for i, j in np.ndindex(out.shape):
        out[i, j] = np.max(picture[i * stride:i * stride + size, j * stride:j * stride + size])
    return out


def adds_to_the_picture(picture, size, stride):
    picture += 1
    return good(picture, size, stride)


def line(picture, size, stride):
    x = picture.ravel()
    return [x[i:i + size].max() for i in range(0, len(x) - size + 1, stride)]


good = pooling(np.max)


@pytest.mark.parametrize("start", [-1e6, -1e9])
def test_no_made_up_start_is_small_enough(start):
    assert_status("5.1", starting_at(start), "not yet", "No window gives less than a certain number")


def from_the_first_or_nan(picture, size, stride):
    return filled(-np.inf, lambda a, b: b if b > a or np.isnan(b) else a, picture.astype(float), size, stride)


MAX_WRONG = [
    (starting_at(0), "No window gives less than a certain number"),
    (starting_at(-1), "No window gives less than a certain number"),
    (starting_at(-1000), "No window gives less than a certain number"),
    (starting_at(np.finfo(float).min), "No window gives less than a certain number"),
    (starting_at(-1e300), "No window gives less than a certain number"),
    (pooling(np.max, rows=every), "hangs over the edge"),
    (pooling(np.max, rows=lambda h, size, stride: int(np.ceil((h - size) / stride)) + 1), "hangs over the edge"),
    (runs_over, "hangs over the edge"),
    (pooling(np.max, rows=lambda h, size, stride: h // stride), "hangs over the edge"),
    (pooling(np.max, rows=lambda h, size, stride: h // size), "h // size places"),
    (pooling(np.max, rows=lambda h, size, stride: (h - size) // stride), "Off by one"),
    (too_few_filled, "were never filled"),
    (lambda *inputs: good(*inputs).ravel().tolist(), "The numbers lie in one row"),
    (lambda *inputs: good(*inputs).ravel(), "The numbers lie in one row"),
    (lambda *inputs: good(*inputs).T, "The result lies on its side"),
    (with_greater_than, "A NaN"),
    (from_the_first, "A NaN"),
    (pooling(lambda window: max(window.ravel())), "A NaN"),
    (pooling(lambda window: max(max(row) for row in window)), "A NaN"),
    (lambda *inputs: filled(-np.inf, np.fmax, *inputs), "A NaN"),
    (pooling(np.nanmax), "A NaN"),
    (pooling(np.max, window=lambda size: (1, size)), "the pixels below never"),
    (lambda p, size, stride: max_pool2d(p, (1, size), (1, stride)), "the pixels below never"),
    (pooling(np.max, window=lambda size: (size, 1)), "the pixels beside never"),
    (lambda p, size, stride: max_pool2d(p, (size, 1), (stride, 1)), "the pixels beside never"),
    (pooling(lambda window: np.diagonal(window).max()), "only the window's diagonal"),
    (lambda *inputs: np.array(line(*inputs)), "unrolled into one line"),
    (line, "unrolled into one line"),
    (pooling(np.max, begin=lambda i, size, stride: i), "begins at i, not at i * stride"),
    (lambda p, size, stride: good(p, size, size), "moves by its own width"),
    (lambda p, size, stride: good(p, size, 1), "moves by one pixel"),
    (lambda p, size, stride: good(p, 2, stride), "2 x 2, whatever"),
    (lambda *inputs: filled(-10**9, max, *inputs, dtype=int), "was expected"),
    (in_whole_numbers, "fractions are lost"),
    (pooling(np.mean), "average of each window"),
    (pooling(np.min), "smallest number"),
    (pooling(lambda window: window.sum(dtype=float)), "sum of each window"),
    (pooling(lambda window: window[0, 0]), "first pixel"),
    (pooling(lambda window: window[-1, -1]), "last pixel"),
    (lambda *inputs: np.full(good(*inputs).shape, inputs[0].max()), "whole picture"),
    (lambda *inputs: np.max(inputs[0]), "One number came back"),
    (with_early_return(False), "Only the first place"),
    (with_early_return(True), "Only the first row"),
    (adds_to_the_picture, "changed the array"),
    (lambda *inputs: inputs[0].no_such(), "in line "),
    (lambda *inputs: print(end=""), "`return` missing"),
    (lambda *inputs: good(*inputs) + 1, "Each value is one too large"),
    (lambda picture: picture, "cannot be called with"),
]

ALL_WRONG = {"5.1": MAX_WRONG, "5.2": FIELD_WRONG, "5.3": FOLD_WRONG}
CASES = checker_cases("05", right={"5.1": good, "5.2": field, "5.3": fold}, wrong=ALL_WRONG)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers overflow, or meet a window of NaN
@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


def by_filter(picture, size, stride):
    """SciPy puts the window's middle on each pixel: begin where the first whole window is."""
    first = size // 2
    count = [(n - size) // stride + 1 for n in picture.shape]
    every = maximum_filter(picture.astype(float), size, mode="nearest")[first::stride, first::stride]
    return every[:count[0], :count[1]]


OTHER_WAYS = [
    ("5.1", starting_at(-np.inf)),
    ("5.1", max_pool2d),
    ("5.1", from_the_first_or_nan),
    ("5.1", lambda *inputs: good(*inputs).astype(np.float32)),
    ("5.3", lambda p, k: max_pool2d(p[None], k)[0]),
    ("5.3", lambda p, k: np.stack([good(p[..., c], k, k) for c in range(p.shape[2])], axis=-1)),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


class Fold:
    def __call__(self, picture, k):
        return fold(picture, k).tolist()


@pytest.mark.parametrize(("number", "answer"), [
    ("5.1", lambda *inputs: good(*inputs).tolist()),
    ("5.1", functools.partial(lambda best, *inputs: pooling(best)(*inputs), np.max)),
    ("5.2", lambda layers: np.array(field(layers))),
    ("5.2", lambda layers: tuple(map(Fraction, field(layers)))),
    ("5.3", Fold()),
    ("5.3", lambda p, k: np.lib.stride_tricks.sliding_window_view(p, (k, k), (0, 1))[::k, ::k].max(axis=(3, 4))),
])  # fmt: skip
def test_right_numbers_in_other_forms(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("5.1", lambda *inputs: good(*inputs).squeeze(), "over the channels"),
    ("5.3", lambda p, k: fold(p, k).squeeze(), "over the channels"),
    ("5.3", cut_by_minus_nothing, "does not divide"),
    ("5.3", lambda p, k: [max(window) for window in p], "A NaN"),
    ("5.2", lambda layers: field([layer[::-1] for layer in layers]), "last stands first"),
    ("5.1", lambda p, size, stride: p[99], "over the edge"),
    ("5.1", lambda p, size, stride: np.zeros((0, 3)).max(), "over the edge"),
])  # fmt: skip
def test_no_reason_that_is_not_true(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet" and false not in result.reason.split(", in line")[0]


def test_scipy_agrees_where_nothing_is_missing():
    picture = np.random.default_rng(5).normal(size=(9, 8))
    for size, stride in [(2, 2), (3, 2), (2, 3), (4, 4)]:
        np.testing.assert_array_equal(by_filter(picture, size, stride), good(picture, size, stride))


def test_python_s_own_maximum_keeps_or_loses_nan_by_its_place():
    assert max([1.0, float("nan")]) == 1.0 and np.isnan(max([float("nan"), 1.0]))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_reason_for_a_lost_nan_is_true_wherever_it_stands():
    reason = check("5.1", pooling(np.nanmax)).reason
    assert "lost unless it comes first" in reason and "np.max keeps it" in reason


@pytest.mark.parametrize("side", [0, 1])
def test_one_side_of_the_picture_counted_for_both(side):
    def pool(picture, size, stride):
        n = (picture.shape[side] - size) // stride + 1
        return np.array([[picture[i * stride:i * stride + size, j * stride:j * stride + size].max() for j in range(n)]
                         for i in range(n)])

    assert_status("5.1", pool, "not yet", "Rows are counted from the height")


def test_the_learner_s_own_line_is_named():
    def stops(picture, size, stride):
        return picture[99]

    result = check("5.1", stops)
    assert "IndexError" in repr(result) and "`return picture[99]`" in repr(result)


def test_each_classic_mistake_has_a_reason_of_its_own():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, wrong in ALL_WRONG.items():
            assert_reasons_differ(number, wrong)
