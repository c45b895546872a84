"""What the checker of exercise 4.2 needs: the map of one grey picture and one kernel."""

import re

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import convolve2d, correlate2d

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet, call


def cases():
    rng = np.random.default_rng(42)
    page = np.array([[0, 0, 7, 8, 8], [0, 1, 8, 9, 8], [1, 2, 9, 8, 9], [0, 7, 8, 9, 8]])
    edge = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    grey = rng.integers(0, 256, (6, 7), dtype=np.uint8)
    return [
        Case(page, edge, note="whole numbers, as on the page"),
        Case(rng.normal(size=(5, 7)), rng.normal(size=(3, 3))),
        Case(rng.normal(size=(7, 4)), rng.normal(size=(2, 3)), note="a kernel that is not square"),
        Case(rng.normal(size=(4, 9)), rng.normal(size=(3, 1)), note="a kernel of one column"),
        Case(rng.normal(size=(3, 4)), rng.normal(size=(1, 1)), note="a kernel of one number"),
        Case(rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), note="the kernel fits exactly once"),
        Case(grey, edge, note="a uint8 picture"),
        Case(grey, np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=np.uint8), note="picture and kernel uint8"),
        Case(grey, rng.normal(size=(3, 3)), note="a uint8 picture, a kernel with fractions"),
        Case(page, np.full((3, 3), 1 / 9), note="whole numbers, a kernel with fractions"),
    ]


def as_float(function):
    """Wrap a function of arrays so that it computes in float64."""
    return lambda *arrays: function(*(array.astype(float) for array in arrays))


@as_float
def reference(image, kernel):
    return correlate2d(image, kernel, mode="valid")


def _windows(image, kernel):
    return sliding_window_view(image, kernel.shape)


def _stored_as(kind_of, image, kernel):
    return reference(image, kernel).astype(np.int64).astype(kind_of)


def _own_type(image, kernel):
    return _stored_as(image.dtype, image, kernel) if image.dtype.kind in "iu" else reference(image, kernel)


def _whole(image, kernel):
    return _stored_as(np.int64, image, kernel)


def _last_left_empty(image, kernel):
    out = reference(image, kernel)
    out[-1], out[:, -1] = 0, 0
    return out


def _only(full, place):
    out = np.zeros_like(full)
    out[place] = full[place]
    return out


def _refuses_equal(image, kernel):
    if any(k >= n for n, k in zip(image.shape, kernel.shape, strict=True)):
        raise ValueError("as the learner's code refuses")
    return reference(image, kernel)


def _at_each(image, kernel, answer):
    (h, w), (kh, kw) = image.shape, kernel.shape
    return np.array([[answer(image[i:i + kh, j:j + kw]) for j in range(w - kw + 1)] for i in range(h - kh + 1)])


class Stops(Exception):
    """A matrix product that does not fit. No learner's error is of this kind, so none is taken for this mistake."""


def _by_numbers(product):
    """Return the map of summed matrix products; it is told by its numbers alone, not by an error."""
    def wrong(image, kernel):
        try:
            return _at_each(image.astype(float), kernel, lambda window: np.sum(product(window, kernel)))
        except ValueError as error:
            raise Stops from error
    return wrong


def _always_three(image, kernel):
    return sum(kernel[u, v] * image[u:len(image) - 2 + u, v:image.shape[1] - 2 + v].astype(float)
               for u in range(3) for v in range(3))  # fmt: skip


def _flat(result, expected, *inputs):
    return np.shape(result) == (expected.size,) and expected.shape[0] > 1 and np.allclose(result, expected.ravel())


UINT8 = "whole numbers wrap around: in uint8, 200 * 2 gives 144"
MISTAKES = [
    Mistake("A kernel as large as the picture does fit: it has one place, and the map one number. Refuse it only where "
            "it is larger: > in your comparison, not >=.",
            wrong=_refuses_equal),
    Mistake("`@` is the matrix product: rows times columns. Here number goes with number: `*`, and then the sum.",
            wrong=_by_numbers(lambda window, kernel: window @ kernel)),
    Mistake("`@` is the matrix product: rows times columns. Here number goes with number: `*`, and then the sum.",
            wrong=_by_numbers(lambda window, kernel: kernel @ window)),
    Mistake("Your kernel is flipped: turned by half a turn before it is laid on. That is the mathematician's "
            "convolution; here kernel[u, v] meets image[i + u, j + v].",
            wrong=as_float(lambda image, kernel: convolve2d(image, kernel, mode="valid"))),
    Mistake("Your kernel is upside down: its last row meets the window's first.",
            wrong=lambda image, kernel: reference(image, kernel[::-1])),
    Mistake("Your kernel is mirrored: its last column meets the window's first.",
            wrong=lambda image, kernel: reference(image, kernel[:, ::-1])),
    Mistake("Rows and columns of the kernel are swapped: kernel[v, u] stands where kernel[u, v] should.",
            wrong=lambda image, kernel: reference(image, kernel.T)),
    Mistake("The numbers are right, but they stand in one flat list: which was beside or below which is lost, and no "
            "second layer could read it. Fill an array of shape (h - kh + 1, w - kw + 1).",
            when=_flat),
    Mistake("Off by one: the last row and the last column of the map are missing. range(n) ends before n, and there "
            "are h - kh + 1 places, not h - kh.",
            when=lambda result, expected, image, kernel:
                np.shape(result) == tuple(n - 1 for n in expected.shape) and np.size(result) > 0),
    Mistake("Off by one: the last row and the last column of the map were never filled. range(n) ends before n.",
            wrong=_last_left_empty),
    Mistake("The map is one row and one column too large: at the last place the window would hang over the edge. "
            "There are h - kh + 1 places.",
            when=lambda result, expected, image, kernel: np.shape(result) == tuple(n + 1 for n in expected.shape)),
    Mistake("The map has the size of the picture. A window that stays inside has fewer places: h - kh + 1 down and "
            "w - kw + 1 across.",
            when=lambda result, expected, image, kernel: np.shape(result) == image.shape != expected.shape),
    Mistake("The map is turned: its first number should count rows.",
            when=lambda result, expected, *inputs: np.shape(result) == expected.shape[::-1] != expected.shape),
    Mistake("Your map keeps the picture's number type, and " + UINT8 + " and -3 becomes 253; fractions are lost too. "
            "Make the map of floats: np.zeros(shape).",
            wrong=_own_type),
    Mistake("The products are made in the picture's number type, and " + UINT8 + ". Turn the picture into floats "
            "first: image.astype(float).",
            wrong=lambda image, kernel: (_windows(image, kernel) * kernel).sum(axis=(2, 3))),
    Mistake("The sum is kept in the picture's number type, and " + UINT8 + ". Turn the picture into floats first: "
            "image.astype(float).",
            wrong=lambda image, kernel: (_windows(image, kernel) * kernel).sum(
                axis=(2, 3), dtype=np.result_type(image, kernel))),
    Mistake("The fractions are lost: the map is made of whole numbers. np.zeros(shape) makes floats; leave out "
            "dtype=int and int(...).",
            wrong=_whole),
    Mistake("One number came back, not a map. Store each sum in its place, out[i, j] = ..., and return the whole map.",
            when=lambda result, expected, *inputs: result is not None and np.ndim(result) == 0),
    Mistake("Only the first place is filled. Does `return` stand inside the loops? It belongs behind both.",
            wrong=lambda image, kernel: _only(reference(image, kernel), (0, 0))),
    Mistake("Only the first row is filled. Does `return` stand inside the loop over rows? It belongs behind both.",
            wrong=lambda image, kernel: _only(reference(image, kernel), 0)),
    Mistake("This is the mean of the products. Their sum was asked.",
            wrong=lambda image, kernel: reference(image, kernel) / kernel.size),
    Mistake("This is the sum of the window: the kernel is not used.",
            wrong=as_float(lambda image, kernel: _windows(image, kernel).sum(axis=(2, 3)))),
    Mistake("Only the last product is left in each place. Each product has to be added to those before: +=.",
            wrong=as_float(lambda image, kernel: _windows(image, kernel)[..., -1, -1] * kernel[-1, -1])),
    Mistake("The size 3 is written into the code. Kernels come in other sizes: kernel.shape.",
            wrong=_always_three),
    Mistake("This is SciPy's \"full\" map, with places where the window hangs over the edge; it is larger than the "
            "picture. mode=\"valid\" stays inside.",
            wrong=as_float(lambda image, kernel: correlate2d(image, kernel))),
]  # fmt: skip

ROW_OF_KERNEL = (
    "In your formula the row of the map picks a row of the kernel, as in out_ij = sum over k of w_ik x_(j+k-i). That "
    "reads the picture along one line only and is no 2-D convolution: every place of the map uses the whole kernel, "
    "so u and v are both summed, and i and j both move the window."
)
EMPTY = (
    "A kernel larger than the picture has no place to stand, and here it gives an empty map without a word. Whatever "
    "comes after would compute with nothing. Raise a ValueError that names both shapes."
)
SWAPPED = (
    "The kernel is larger than the picture in both directions, and yet a map came out: SciPy's correlate2d lets the "
    "two change places when only that way fits. Compare the shapes first, and raise a ValueError that names both."
)
TOO_LARGE = [
    Case(np.ones((2, 5)), np.ones((3, 3)), note="the kernel has a row more than the picture"),
    Case(np.ones((4, 3)), np.ones((3, 4)), note="the kernel has a column more than the picture"),
    Case(np.ones((2, 2)), np.ones((3, 3)), note="the kernel is larger in both directions"),
]


def explained(problem, answer):
    """Return the NotYet with a better reason: the formula whose row index runs over the kernel; a window too far."""
    if _rows_pick_kernel_rows(answer):
        return NotYet(ROW_OF_KERNEL, problem.details, problem.error)
    text = str(problem.error)
    if "broadcast" in text and isinstance(problem.error, ValueError):
        square = _square_window(text, problem.case)
        if square:
            return NotYet(square, [*problem.details, ("came out", problem.reason)], problem.error)
        reason = ("Two arrays of different shapes met: a window that has run over the picture's edge, or a kernel of "
                  f"another size than expected. {problem.reason}")
        return NotYet(reason, problem.details, problem.error)
    return problem


def _square_window(text, case):
    """Return the reason where a square window met a kernel that is not square; None where the message says no such."""
    kh, kw = case.args[1].shape
    sides = {int(a) for a, b in re.findall(r"\((\d+),(\d+)\)", text) if a == b} & {kh, kw, 3}
    if kh == kw or not sides:
        return None
    side = sides.pop()
    return (f"This kernel has {kh} rows and {kw} columns; your window is {side} x {side}. Is one side taken for both "
            "directions, or a 3 written into the code? Take both sides from the kernel: kh, kw = kernel.shape.")


def _rows_pick_kernel_rows(answer):
    """Return True when row u of the kernel alone reaches row u of the map and no other."""
    for row in range(3):
        kernel = np.zeros((3, 3))
        kernel[row] = 1, 2, 4
        try:
            result = np.asarray(call(answer, 1 + np.arange(30.0).reshape(5, 6), kernel), float)
        except Exception:
            return False
        if result.ndim != 2 or np.flatnonzero(result.any(axis=1)).tolist() != [row]:
            return False
    return True
