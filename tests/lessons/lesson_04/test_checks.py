"""Lesson 04's checkers for one grey picture (4.1 to 4.3), and the untouched stubs of all five exercises.

Classic mistakes with channels and strides are in test_channels.py.
"""

import functools
import math
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from scipy.signal import convolve2d, correlate2d

from course.checks import check
from course.nn import conv2d
from lesson_04.test_channels import CHANNELS_WRONG, FAST_WRONG, channels, fast


def size(n, k, p, s):
    return max(0, (n + 2 * p - k) // s + 1)


SIZE_WRONG = [
    (lambda n, k, p, s: max(0, (n + 2 * p - k) // s), "lead through n - k + 1 places."),
    (lambda n, k, p, s: (n + 2 * p - k) // s, "through n - k + 1 places. And a window larger"),
    (lambda n, k, p, s: (n + 2 * p - k) // s + 1, "wherever the window fits. And a window"),
    (lambda n, k, p, s: max(0, (n + 2 * p - k + 1) // s), "inside the division"),
    (lambda n, k, p, s: max(0, (n + p - k) // s + 1), "counted once"),
    (lambda n, k, p, s: max(0, (n - k) // s + 1), "padding is not used"),
    (lambda n, k, p, s: max(0, n + 2 * p - k + 1), "stride is not used"),
    (lambda n, k, p, s: max(0, int(np.ceil((n + 2 * p - k) / s)) + 1), "hangs over the edge"),
    (lambda n, k, p, s: max(0, (n + 2 * p - k) / s + 1), "/ leaves a fraction of a step, which is not made"),
    (lambda n, k, p, s: (n + 2 * p - k) / s + 1, "// rounds down. And a window larger"),
    (lambda n, k, p, s: max(0, round((n + 2 * p - k) / s) + 1), "nearest number"),
    (lambda n, k, p, s: max(0, int((n + 2 * p - k) / s) + 1), "int(...) cuts -1/2"),
    (lambda n, k, p, s: abs(n + 2 * p - k) // s + 1, "abs(...)"),
    (lambda n, k, p, s: 0 if n + 2 * p <= k else size(n, k, p, s), "exactly as long as its line fits once"),
    (lambda n, k, p, s: 0 if n < k else size(n, k, p, s), "asked of n alone"),
    (lambda n, k, p, s: np.ceil((n + 2 * p - k + 1) / max(s, 2)), "was expected"),
    (lambda n, k, p, s: print(end=""), "`return` missing"),
    (lambda n, k: n - k + 1, "cannot be called with"),
]


def loops(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError(f"{kernel.shape} does not fit into {image.shape}")
    out = np.zeros((h - kh + 1, w - kw + 1))
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            for u in range(kh):
                for v in range(kw):
                    out[i, j] += float(image[i + u, j + v]) * float(kernel[u, v])
    return out


def rows_of_kernel(line):
    """out_ij = sum over k of w_ik x_(j+k-i), with x one line of the picture and zeros outside it."""
    def formula(image, kernel):
        out = np.zeros((len(kernel), image.shape[1]))
        for i, j in np.ndindex(out.shape):
            x = line(image, i)
            out[i, j] = sum(kernel[i, k] * x[j + k - i] for k in range(kernel.shape[1]) if 0 <= j + k - i < len(x))
        return out
    return formula


def of_windows(at_window, dtype=float, fewer=0):
    """Two loops that store at_window(window, kernel) in a map of dtype; fewer: rows and columns that range forgets."""
    def correlate(image, kernel):
        (h, w), (kh, kw) = image.shape, kernel.shape
        out = np.zeros((h - kh + 1, w - kw + 1), image.dtype if dtype == "own" else dtype)
        for i in range(h - kh + 1 - fewer):
            for j in range(w - kw + 1 - fewer):
                out[i, j] = at_window(image[i:i + kh, j:j + kw], kernel)
        return out
    return correlate


def summed(window, kernel):
    return np.sum(window.astype(float) * kernel)


def off_by_one(image, kernel):
    return loops(image, kernel)[:-1, :-1]


def one_too_many(image, kernel):
    return np.pad(loops(image, kernel), ((0, 1), (0, 1)))


def as_large_as_the_picture(image, kernel):
    out = loops(image, kernel)
    return np.pad(out, [(0, n - m) for n, m in zip(image.shape, out.shape, strict=True)])


def runs_over_the_edge(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    return np.array([[summed(image[i:i + kh, j:j + kw], kernel) for j in range(w)] for i in range(h)])


def square_windows(side, map_too=False):
    """Windows of side(kernel) in both directions; the map too where map_too."""
    def correlate(image, kernel):
        (h, w), (kh, kw), k = image.shape, kernel.shape, side(kernel)
        out = np.zeros((h - k + 1, w - k + 1) if map_too else (h - kh + 1, w - kw + 1))
        for i, j in np.ndindex(out.shape):
            out[i, j] = np.sum(image[i:i + k, j:j + k].astype(float) * kernel)
        return out
    return correlate


@pytest.mark.parametrize("side", [len, lambda kernel: kernel.shape[1], lambda kernel: 3])
def test_a_square_window_is_named_and_no_matrix_product(side):
    for map_too in (False, True):
        reason = check("4.2", square_windows(side, map_too)).reason
        assert "Your window is square" in reason and "@" not in reason


def running_total(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        total = 0
        for u, v in np.ndindex(kernel.shape):
            total += image[i + u, j + v] * kernel[u, v]
        out[i, j] = total
    return out


def last_product(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        for u, v in np.ndindex(kernel.shape):
            out[i, j] = float(image[i + u, j + v]) * kernel[u, v]
    return out


def three_by_three(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i, j in np.ndindex(out.shape):
        for u in range(3):
            for v in range(3):
                out[i, j] += float(image[i + u, j + v]) * kernel[u, v]
    return out


def return_too_early(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = summed(image[i:i + kernel.shape[0], j:j + kernel.shape[1]], kernel)
        return out


def return_after_a_row(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = summed(image[i:i + kernel.shape[0], j:j + kernel.shape[1]], kernel)
        return out


def no_refusal(image, kernel):
    h, w = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    rows = [[summed(image[i:i + len(kernel), j:j + kernel.shape[1]], kernel) for j in range(w)] for i in range(h)]
    return np.array(rows)


def looks_at_rows_only(image, kernel):
    if len(kernel) > len(image):
        raise ValueError("too many rows")
    return np.zeros((len(image) - len(kernel) + 1, 0)) if kernel.shape[1] > image.shape[1] else loops(image, kernel)


def nothing_then(image, kernel):
    return None if len(kernel) > len(image) or kernel.shape[1] > image.shape[1] else loops(image, kernel)


def another_error(image, kernel):
    if len(kernel) > len(image) or kernel.shape[1] > image.shape[1]:
        raise KeyError("does not fit")
    return loops(image, kernel)


def refuses_equal(image, kernel):
    if len(kernel) >= len(image) or kernel.shape[1] >= image.shape[1]:
        raise ValueError("does not fit")
    return loops(image, kernel)


def returns_the_error(image, kernel):
    try:
        return loops(image, kernel)
    except ValueError as error:
        return error


def adds_to_the_picture(image, kernel):
    image += 1
    return loops(image, kernel)


def floats(function):
    return lambda image, kernel, **how: function(image.astype(float), kernel.astype(float), **how)


MAP_WRONG = [
    (lambda image, kernel: convolve2d(image.astype(float), kernel.astype(float), mode="valid"), "kernel is flipped"),
    (lambda image, kernel: loops(image, np.rot90(kernel, 2)), "kernel is flipped"),
    (lambda image, kernel: loops(image, kernel[::-1]), "upside down"),
    (lambda image, kernel: loops(image, kernel[:, ::-1]), "mirrored"),
    (lambda image, kernel: loops(image, kernel.T), "Rows and columns of the kernel are swapped"),
    (lambda image, kernel: loops(image, kernel).ravel().tolist(), "The numbers lie in one row"),
    (lambda image, kernel: loops(image, kernel).ravel(), "The numbers lie in one row"),
    (off_by_one, "last row and column of the map are missing"),
    (of_windows(summed, fewer=1), "were never filled"),
    (one_too_many, "one row and one column too many"),
    (as_large_as_the_picture, "has the picture's size"),
    (runs_over_the_edge, "has run over the picture's edge and got smaller"),
    (lambda image, kernel: loops(image, kernel).T, "The result lies on its side"),
    (of_windows(summed, dtype="own"), "keeps the picture's number type"),
    (of_windows(lambda window, kernel: np.sum(window * kernel)), "Products or sums are made in the picture's"),
    (running_total, "Products or sums are made in the picture's"),
    (of_windows(summed, dtype=int), "The fractions are lost"),
    (of_windows(lambda window, kernel: np.mean(window.astype(float) * kernel)), "mean of the products"),
    (of_windows(lambda window, kernel: np.sum(window)), "the kernel is not used"),
    (last_product, "Only the last product"),
    (three_by_three, "size 3 is written into the code"),
    (lambda image, kernel: correlate2d(image.astype(float), kernel), "hangs over the edge"),
    (rows_of_kernel(lambda image, i: image.ravel()), "is no 2-D convolution"),
    (rows_of_kernel(lambda image, i: image[0]), "is no 2-D convolution"),
    (rows_of_kernel(lambda image, i: image[i]), "is no 2-D convolution"),
    (no_refusal, "has no place to stand, and no error came"),
    (looks_at_rows_only, "has no place to stand, and no error came"),
    (floats(functools.partial(correlate2d, mode="valid")), "has no place to stand, and no error came"),
    (refuses_equal, "A kernel as large as the picture does fit"),
    (returns_the_error, "not `return`"),
    (nothing_then, "has no place to stand, and no error came"),
    (another_error, "Raise ValueError, not KeyError"),
    (lambda image, kernel: np.abs(loops(image, kernel)), "The signs are lost"),
    (lambda image, kernel: loops(image.astype(np.uint8), kernel), "values differ"),
    (lambda image, kernel: loops(image[:, ::-1], kernel[:, ::-1])[:, ::-1] * np.sign(image.sum()), "differ"),
    (lambda image, kernel: loops(image, kernel) if kernel.shape != (3, 3) else of_windows(
        lambda window, kernel: np.sum(window.astype(float) @ kernel))(image, kernel), "values differ"),
    (of_windows(lambda window, kernel: np.sum(window.astype(float) @ kernel)), "`@` is the matrix product"),
    (of_windows(lambda window, kernel: np.sum(kernel @ window)), "`@` is the matrix product"),
    (adds_to_the_picture, "changed the array it was given"),
    (lambda image, kernel: image.no_such(kernel), "in line "),
    (lambda image, kernel: print(end=""), "`return` missing"),
    (lambda image, kernel: np.sum(image * kernel[0, 0]), "One number came back"),
    (return_too_early, "Only the first place is filled"),
    (return_after_a_row, "Only the first row is filled"),
    (lambda image, kernel: loops(image, kernel) + 1, "Each value is one too large"),
]


def same(image, kernel):
    rows, columns = (side // 2 for side in kernel.shape)
    return conv2d(np.pad(image.astype(float), ((rows, rows), (columns, columns))), kernel)


def padded(*around, **how):
    return floats(lambda image, kernel: correlate2d(np.pad(image, around, **how), kernel, mode="valid"))


def by_half(make, **how):
    """Pad by make(half of the kernel's side) = (before, after) in both directions."""
    return floats(lambda image, kernel: correlate2d(
        np.pad(image, [make(side // 2) for side in kernel.shape], **how), kernel, mode="valid"))


def swapped(image, kernel):
    rows, columns = kernel.shape[1] // 2, kernel.shape[0] // 2
    return correlate2d(np.pad(image.astype(float), ((rows, rows), (columns, columns))), kernel, mode="valid")


def zeros_around_the_map(image, kernel):
    return np.pad(loops(image, kernel), [(side // 2,) * 2 for side in kernel.shape])


SAME_WRONG = [
    (loops, "Nothing was added around the picture"),
    (zeros_around_the_map, "zeros stand around the map"),
    (lambda image, kernel: same(image, kernel[::-1, ::-1]), "kernel is flipped"),
    (by_half(lambda half: (0, 2 * half)), "below and to the right"),
    (by_half(lambda half: (2 * half, 0)), "above and to the left"),
    (by_half(lambda half: (half, half), mode="edge"), "the outermost pixels, repeating them"),
    (by_half(lambda half: (half, half), mode="reflect"), "mirror image"),
    (by_half(lambda half: (half, half), mode="symmetric"), "mirror image"),
    (by_half(lambda half: (half, half), constant_values=1), "filled with ones"),
    (by_half(lambda half: (2 * half, 2 * half)), "Too many zeros, k - 1 or k"),
    (by_half(lambda half: (2 * half + 1, 2 * half + 1)), "Too many zeros, k - 1 or k"),
    (padded((1, 1), (1, 1)), "whatever the kernel"),
    (floats(lambda image, kernel: conv2d(np.pad(image, len(kernel) // 2), kernel)), "One side of the kernel decides"),
    (swapped, "zeros for rows and for columns are swapped"),
    (lambda image, kernel: same(image, kernel).astype(image.dtype), "keeps the picture's number type"),
    (lambda image, kernel: np.pad(image, 1), "The shape is"),
]

CASES = checker_cases(
    "04",
    right={"4.1": size, "4.2": loops, "4.3": same, "4.4": channels, "4.5": fast},
    wrong={"4.1": SIZE_WRONG, "4.2": MAP_WRONG, "4.3": SAME_WRONG, "4.4": CHANNELS_WRONG, "4.5": FAST_WRONG},
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers overflow
@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


OTHER_WAYS = [
    ("4.1", lambda n, k, p, s: max(0.0, np.floor((n + 2 * p - k) / s) + 1)),
    ("4.1", lambda n, k, p, s: np.array(size(n, k, p, s))),
    ("4.1", lambda n, k, p, s: [float(size(n, k, p, s))]),
    ("4.1", functools.partial(lambda least, n, k, p, s: Fraction(max(least, (n + 2 * p - k) // s + 1)), 0)),
    ("4.2", lambda image, kernel: loops(image, kernel).tolist()),
    ("4.1", lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s))),
    ("4.1", lambda n, k, p, s: max(0, math.floor((n + 2 * p - k) / s) + 1)),
    ("4.1", lambda n, k, p, s: np.int64(size(n, k, p, s))),
    ("4.2", lambda image, kernel: conv2d(image.astype(float), kernel)),
    ("4.2", lambda image, kernel: conv2d(image, kernel)),  # float32
    ("4.3", lambda image, kernel: correlate2d(image.astype(float), kernel, mode="same")),
    ("4.3", lambda image, kernel: conv2d(image, kernel, padding="same")),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


class Correlate:
    def __call__(self, image, kernel):
        return loops(image, kernel)


@pytest.mark.parametrize(("number", "answer"), [
    ("4.2", Correlate()),
    ("4.2", functools.partial(lambda kind, *inputs: kind(loops(*inputs)), np.float32)),
    ("4.3", lambda image, kernel: [list(map(float, row)) for row in same(image, kernel)]),
    ("4.3", lambda image, kernel: np.vectorize(Fraction)(same(image, kernel))),
    ("4.4", lambda picture, kernel: memoryview(channels(picture, kernel))),
    ("4.5", lambda picture, kernel, stride=1: np.asfortranarray(fast(picture, kernel, stride))),
])  # fmt: skip
def test_right_numbers_in_other_forms(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize(("number", "answer", "said", "false"), [
    ("4.1", lambda n, k, p, s: 0 if n + 2 * p <= k else size(n, k, p, s), "fits once", "Off by one"),
    ("4.4", lambda picture, kernel: channels(*picture.shape), "TypeError", "swapped"),
    ("4.4", lambda picture, kernel: (lambda h, w: h)(*picture.shape), "TypeError", "swapped"),
    ("4.5", lambda picture, kernel, stride=1: fast(picture, kernel).reshape(7, 8, 9), "cannot reshape", "swapped"),
    ("4.2", nothing_then, "no error came", "empty map"),
    ("4.3", lambda image, kernel: (lambda h, w, c: h)(*image.shape), "TypeError", "Nothing was added"),
])  # fmt: skip
def test_no_reason_that_is_not_true(number, answer, said, false):
    reason = check(number, answer).reason.split(", in line")[0]  # without the learner's own line
    assert said in reason and false not in reason


def test_a_word_about_shapes_fits_every_lesson():
    reason = check("4.2", lambda image, kernel: np.sum(image[:2] * kernel)).reason
    assert "from the last axis backwards" in reason and "patients" not in reason


def test_the_learner_s_own_line_is_named():
    def stops(image, kernel):
        return image[99]

    result = check("4.2", stops)
    assert "IndexError" in repr(result) and "`return image[99]`" in repr(result)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in (("4.1", SIZE_WRONG), ("4.2", MAP_WRONG), ("4.3", SAME_WRONG)):
        assert_reasons_differ(number, wrong)
