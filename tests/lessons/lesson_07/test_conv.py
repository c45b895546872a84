"""Classic mistakes with a convolution's gradients (7.4 and 7.5); the stubs are tested in test_checks_lesson_07."""

import numpy as np
import pytest
from harness import assert_status
from scipy.signal import convolve, correlate

from course.nn import conv2d, conv2d_gradients


def met(grad, x, turn=lambda part: part):
    """Loops over the kernel: what kernel[u, v] met, times what came of it."""
    (rows, columns, d), (h, w, c) = grad.shape, x.shape
    out = np.zeros((h - rows + 1, w - columns + 1, c, d))
    for u, v, ch, f in np.ndindex(out.shape):
        out[u, v, ch, f] = np.sum(turn(x[u:u + rows, v:v + columns, ch]) * grad[..., f])
    return out


def place_by_place(grad, x):
    (rows, columns, _), (h, w, _) = grad.shape, x.shape
    kh, kw = h - rows + 1, w - columns + 1
    return sum(x[i:i + kh, j:j + kw, :, None] * grad[i, j] for i in range(rows) for j in range(columns)) * 1.0


def by_scipy(slide):
    def gradient(grad, x):
        maps = [[slide(x[..., c].astype(float), grad[..., f].astype(float), mode="valid") for f in range(grad.shape[2])]
                for c in range(x.shape[2])]
        return np.transpose(maps, (2, 3, 0, 1))
    return gradient


def kernel_of_course(grad, x):
    size = [n - places + 1 for n, places in zip(x.shape[:2], grad.shape[:2], strict=True)]
    return conv2d_gradients(grad[None].astype(float), x[None].astype(float),
                            np.zeros((*size, x.shape[2], grad.shape[2])))[1]  # fmt: skip


def one_place(which):
    def gradient(grad, x):
        (rows, columns, _), (h, w, _) = grad.shape, x.shape
        i, j = (0, 0) if which == "first" else (rows - 1, columns - 1)
        return x[i:i + h - rows + 1, j:j + w - columns + 1, :, None] * 1.0 * grad[i, j]
    return gradient


KERNEL_WRONG = [
    (by_scipy(convolve), "grad is laid on turned"),
    (lambda grad, x: met(grad, x)[::-1, ::-1], "upside down and back to front"),
    (lambda grad, x: met(grad, x).swapaxes(2, 3), "Channels and maps are swapped"),
    (lambda grad, x: met(grad, x).transpose(1, 0, 2, 3), "Rows and columns of the kernel are swapped"),
    (lambda grad, x: met(grad, x) / grad[..., 0].size, "mean over the places"),
    (lambda grad, x: met(np.ones(grad.shape), x), "The gradient is not used"),
    (lambda grad, x: met(grad, np.repeat(x[..., :1], x.shape[2], axis=2)), "Only the first channel"),
    (lambda grad, x: met(np.repeat(grad[..., :1], grad.shape[2], axis=2), x), "first map's gradient"),
    (lambda grad, x: met(np.repeat(grad.sum(axis=2, keepdims=True), grad.shape[2], axis=2), x), "All maps were added"),
    (lambda grad, x: met(grad, np.repeat(x.astype(float).sum(axis=2, keepdims=True), x.shape[2], axis=2)),
     "All channels of x were added up"),
    (one_place("last"), "Only one place is counted, the last"),
    (one_place("first"), "Only one place is counted, the first"),
    (lambda grad, x: np.zeros((*x.shape, grad.shape[2])), "The shape is"),
    (lambda grad, x: np.zeros((*grad.shape[:2], x.shape[2], grad.shape[2])), "The shape is"),
    (lambda grad, x: met(grad, x)[:-1, :-1], "The last row and the last column of the kernel are missing"),
    (lambda grad, x: met(grad[None], x), "ValueError"),
    (lambda grad, x: met(grad.astype(x.dtype), x), "differ"),
    (lambda grad, x: met(grad, x.astype(np.int8)), "differ"),
    (lambda grad, x: met(grad, x)[..., 0], "was expected"),
    (lambda grad, x: print(end=""), "`return` missing"),
]


def full(grad, kernel):
    return slid(grad, kernel[::-1, ::-1].swapaxes(2, 3))


def slid(grad, kernel, padding=None):
    rows, columns = padding or (kernel.shape[0] - 1, kernel.shape[1] - 1)
    return conv2d(np.pad(grad.astype(float), ((rows, rows), (columns, columns), (0, 0)))[None], kernel)[0]


def handed_back(grad, kernel):
    """Every place hands its gradient back, through the kernel, to the pixels it had seen."""
    (rows, columns, d), (kh, kw, c, _) = grad.shape, kernel.shape
    out = np.zeros((rows + kh - 1, columns + kw - 1, c))
    for i, j, f in np.ndindex(rows, columns, d):
        out[i:i + kh, j:j + kw] += grad[i, j, f] * kernel[..., f]
    return out


def last_one_wins(grad, kernel):
    (rows, columns, _), (kh, kw, c, _) = grad.shape, kernel.shape
    out = np.zeros((rows + kh - 1, columns + kw - 1, c))
    for i, j in np.ndindex(rows, columns):
        out[i:i + kh, j:j + kw] = kernel @ grad[i, j]
    return out


def by_scipy_full(grad, kernel):
    return np.stack([sum(convolve(grad[..., f].astype(float), kernel[..., c, f].astype(float))
                         for f in range(kernel.shape[3])) for c in range(kernel.shape[2])], axis=-1)  # fmt: skip


def unflipped_by_scipy(grad, kernel):
    return np.stack([sum(correlate(grad[..., f].astype(float), kernel[..., c, f].astype(float))
                         for f in range(kernel.shape[3])) for c in range(kernel.shape[2])], axis=-1)  # fmt: skip


def full_turn(kernel):
    return kernel[::-1, ::-1].swapaxes(2, 3)


def turned_twice(grad, kernel):
    """SciPy's convolve turns the kernel by itself."""
    return by_scipy_full(grad, kernel[::-1, ::-1])


def input_of_course(grad, kernel):
    size = [n + k - 1 for n, k in zip(grad.shape[:2], kernel.shape[:2], strict=True)]
    x = np.zeros((1, *size, kernel.shape[2]))
    return conv2d_gradients(grad[None].astype(float), x, kernel.astype(float))[0][0]


INPUT_WRONG = [
    (lambda grad, kernel: slid(grad, kernel.swapaxes(2, 3)), "In effect the kernel is not turned"),
    (unflipped_by_scipy, "In effect the kernel is not turned"),
    (lambda grad, kernel: slid(grad, kernel[::-1, ::-1]), "The kernel is turned as it should be, but"),
    (lambda grad, kernel: slid(grad, kernel), "The kernel is not turned by half a turn, and"),
    (lambda grad, kernel: slid(grad, kernel[::-1].swapaxes(2, 3)), "upside down only"),
    (lambda grad, kernel: slid(grad, kernel[:, ::-1].swapaxes(2, 3)), "mirrored left and right only"),
    (lambda grad, kernel: slid(grad, kernel.transpose(1, 0, 3, 2)), "Half a turn is not a transpose"),
    (lambda grad, kernel: slid(grad, kernel[::-1, ::-1, ::-1, ::-1].swapaxes(2, 3)), "turned round along with"),
    (last_one_wins, "keeps only what the last window gave"),
    (lambda grad, kernel: full(grad, kernel) / grad.shape[2], "mean over the maps"),
    (lambda grad, kernel: conv2d(grad[None].astype(float), kernel[::-1, ::-1].swapaxes(2, 3), padding="same")[0],
        "k - 1 zeros on every side"),
    (lambda grad, kernel: slid(grad, kernel[::-1, ::-1].swapaxes(2, 3), (0, 0)), "k - 1 zeros on every side"),
    (lambda grad, kernel: slid(grad, kernel[::-1, ::-1].swapaxes(2, 3),
                               (max(kernel.shape[:2]) - 1,) * 2), "padding are swapped, or alike"),
    (lambda grad, kernel: full(grad, kernel)[None], "One axis of length 1 is too many"),
    (lambda grad, kernel: slid(grad, kernel[::-1, ::-1].T), ".T turns round all four axes"),
    (lambda grad, kernel: slid(grad, kernel.T), ".T turns round all four axes"),
    (lambda grad, kernel: conv2d(grad, kernel[::-1, ::-1].swapaxes(2, 3))[0], "do not go together"),
    (turned_twice, "In effect the kernel is not turned"),
    (lambda grad, kernel: slid(grad, full_turn(kernel), kernel.shape[:2]), "k zeros lie on every side"),
    (lambda grad, kernel: full(grad.astype(int), kernel), "differ"),
    (lambda grad, kernel: full(grad, kernel).astype(kernel.dtype), "differ"),
    (lambda grad, kernel: full(grad, kernel)[::-1, ::-1], "turned by half a turn"),
    (lambda grad, kernel: grad[9], "IndexError"),
    (lambda grad, kernel: print(end=""), "`return` missing"),
]  # fmt: skip

OTHER_WAYS = [
    ("7.4", lambda grad, x: met(grad, x).tolist()), ("7.5", lambda grad, kernel: full(grad, kernel).astype(np.float32)),
    ("7.4", place_by_place), ("7.4", by_scipy(correlate)), ("7.4", kernel_of_course),
    ("7.5", handed_back), ("7.5", by_scipy_full), ("7.5", input_of_course),
]  # fmt: skip


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
