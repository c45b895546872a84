"""What the checkers of exercises 7.4 and 7.5 need: the gradients of a convolution by its kernel and by its picture.

Shapes: picture x (h, w, c), kernel (kh, kw, c, d), gradient by the maps (rows, columns, d), where rows = h - kh + 1
and columns = w - kw + 1.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course import CourseError
from course.checks.compare import Case, Mistake
from course.checks.core import NotYet
from course.checks.lesson_07 import dense
from course.nn import conv2d

SIZES = [  # h, w, kh, kw, c, d
    ((5, 6, 3, 3, 2, 2), "as many channels as maps"),
    ((4, 4, 3, 3, 1, 1), "one channel, one map"),
    ((6, 5, 3, 2, 3, 2), "a kernel that is not square"),
    ((5, 7, 2, 4, 1, 3), "one channel, three maps"),
    ((7, 4, 3, 1, 2, 1), "a kernel of one column"),
    ((4, 5, 1, 1, 3, 2), "a kernel of one pixel"),
    ((3, 3, 3, 3, 2, 3), "the kernel fits exactly once"),
]


def _random(seed):
    """Yield (grad, x, kernel, note) of each size."""
    rng = np.random.default_rng(seed)
    for (h, w, kh, kw, c, d), note in SIZES:
        grad, x = rng.normal(size=(h - kh + 1, w - kw + 1, d)), rng.normal(size=(h, w, c))
        yield grad, x, rng.normal(size=(kh, kw, c, d)), note


def kernel_cases():
    grey = np.random.default_rng(75).integers(0, 256, (5, 4, 3), dtype=np.uint8)
    whole = np.random.default_rng(76).integers(1, 9, (3, 2, 2))
    return [
        *(Case(grad, x, note=note) for grad, x, kernel, note in _random(74)),
        Case(whole, grey, note="a uint8 picture, a gradient of whole numbers"),
    ]


def input_cases():
    rng = np.random.default_rng(78)
    whole = Case(rng.integers(-8, 9, (3, 2, 2)), rng.integers(-8, 9, (3, 3, 3, 2)), note="whole numbers")
    return [*(Case(grad, kernel, note=note) for grad, x, kernel, note in _random(77)), whole]


def _by_tape(grad, x, kernel):
    def sum_of_pushes(tf, x, kernel):
        return tf.reduce_sum(tf.nn.conv2d(x[None], kernel, 1, "VALID")[0] * grad)

    return dense.by_tape(sum_of_pushes, x, kernel)


def kernel_by_tape(grad, x):
    kernel_size = [n - places + 1 for n, places in zip(x.shape[:2], grad.shape[:2], strict=True)]
    return _by_tape(grad, x, np.zeros((*kernel_size, x.shape[2], grad.shape[2])))[1]


def input_by_tape(grad, kernel):
    size = [places + k - 1 for places, k in zip(grad.shape[:2], kernel.shape[:2], strict=True)]
    return _by_tape(grad, np.zeros((*size, kernel.shape[2])), kernel)[0]


def _by_kernel(grad, x):
    """The right answer, quickly: what kernel[u, v] met, times what came of it."""
    view = sliding_window_view(x.astype(float), grad.shape[:2], axis=(0, 1))  # (kh, kw, c, rows, columns)
    return np.einsum("uvcij,ijd->uvcd", view, grad)


KERNEL_MISTAKES = [
    Mistake("grad is laid on turned by half a turn, as SciPy's convolve does. For the kernel's gradient nothing is "
            "turned: grad[i, j] meets x[i + u, j + v], as kernel[u, v] did at that place.",
            wrong=lambda grad, x: _by_kernel(grad[::-1, ::-1], x)),
    Mistake("The gradient is upside down and back to front: the number for kernel[0, 0] stands in the last corner. For "
            "the kernel's gradient nothing is turned.",
            wrong=lambda grad, x: _by_kernel(grad, x)[::-1, ::-1]),
    Mistake("Channels and maps are swapped: the third axis counts the channels of x, the fourth the maps.",
            wrong=lambda grad, x: _by_kernel(grad, x).swapaxes(2, 3)),
    Mistake("Rows and columns of the kernel are swapped.",
            wrong=lambda grad, x: _by_kernel(grad, x).swapaxes(0, 1)),
    Mistake("This is the mean over the places. The kernel is used at every place, and what it does there adds up.",
            wrong=lambda grad, x: _by_kernel(grad, x) / np.prod(grad.shape[:2])),
    Mistake("The gradient is not used: this is the sum of the pixels. Multiply each by what is wanted at its place.",
            wrong=lambda grad, x: _by_kernel(np.ones_like(grad), x)),
    Mistake("Only the first channel of x is read, for all channels of the kernel. Each met its own: x[..., c].",
            wrong=lambda grad, x: _by_kernel(grad, np.repeat(x[..., :1], x.shape[2], axis=2))),
    Mistake("All channels of x were added up before they met grad. Each channel of the kernel met its own: x[..., c].",
            wrong=lambda grad, x: _by_kernel(grad, x.astype(float) @ np.ones((x.shape[2], x.shape[2])))),
    Mistake("Every map got the first map's gradient. Kernel f made map f: grad[..., f].",
            wrong=lambda grad, x: _by_kernel(np.repeat(grad[..., :1], grad.shape[2], axis=2), x)),
    Mistake("All maps were added up before they met the picture. Each kernel has a gradient of its own.",
            wrong=lambda grad, x: _by_kernel(np.repeat(grad.sum(axis=2, keepdims=True), grad.shape[2], axis=2), x)),
    Mistake("Only one place is counted, the last. The kernel is used at every place: +=.",
            wrong=lambda grad, x: _by_kernel(grad[-1:, -1:], x[grad.shape[0] - 1:, grad.shape[1] - 1:])),
    Mistake("Only one place is counted, the first. The kernel is used at every place, and what it does there adds up.",
            wrong=lambda grad, x: _by_kernel(
                grad[:1, :1], x[:x.shape[0] - len(grad) + 1, :x.shape[1] - grad.shape[1] + 1])),
    Mistake("This has the picture's size. Wanted is the slope by each number of the kernel: h - rows + 1 rows of them.",
            when=lambda result, expected, grad, x: np.shape(result)[:2] == x.shape[:2] != expected.shape[:2]),
    Mistake("This has the maps' size. The kernel has h - rows + 1 rows and w - columns + 1 columns.",
            when=lambda result, expected, grad, x: np.shape(result)[:2] == grad.shape[:2] != expected.shape[:2]),
    Mistake("The last row and the last column of the kernel are missing: h - rows + 1, not h - rows.",
            when=lambda result, expected, grad, x:
                np.shape(result)[:2] == tuple(n - 1 for n in expected.shape[:2]) and np.ndim(result) == 4),
]  # fmt: skip


def _scattered(grad, kernel):
    """The right answer, quickly: every place hands its gradient back through the kernel to the pixels it had seen."""
    (rows, columns, _), (kh, kw, c, _) = grad.shape, kernel.shape
    out = np.zeros((rows + kh - 1, columns + kw - 1, c))
    for u, v in np.ndindex(kh, kw):
        out[u:u + rows, v:v + columns] += grad @ kernel[u, v].T
    return out


def _full(turn, swap=True):
    """Return a full correlation with the kernel turned by `turn`, its channels swapped or not (then it may not fit)."""
    def wrong(grad, kernel):
        kh, kw = kernel.shape[:2]
        padded = np.pad(grad, ((kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
        turned = turn(kernel.swapaxes(2, 3) if swap else kernel)
        return conv2d(padded[None].astype(float), turned)[0]
    return wrong


def _half_turn(kernel):
    return kernel[::-1, ::-1]


def _fewer_places(result, expected, grad, kernel):
    return np.shape(result)[:2] in (grad.shape[:2], tuple(
        n - k + 1 for n, k in zip(grad.shape, kernel.shape[:2], strict=False))) and grad.shape[:2] != expected.shape[:2]


SWAPPED = (
    "the kernel's channels are not swapped. Forward, its third axis reads the picture's channels; on the way back what "
    "goes in are the maps' gradients and what comes out are channels: kernel.swapaxes(2, 3)."
)
INPUT_MISTAKES = [
    Mistake("The kernel is not turned. Pixel i was met by weight u at the place i - u: as the place goes up, the "
            "weight goes down. So the kernel is laid on turned by half a turn, kernel[::-1, ::-1]. (A symmetric kernel "
            "would hide this.)",
            wrong=lambda grad, kernel: _full(lambda k: k)(grad, kernel)),
    Mistake("The kernel is turned as it should be, but " + SWAPPED, wrong=_full(_half_turn, swap=False)),
    Mistake("The kernel is not turned by half a turn, and " + SWAPPED, wrong=_full(lambda k: k, swap=False)),
    Mistake("The kernel is turned upside down only. Half a turn also swaps left and right: [::-1, ::-1].",
            wrong=_full(lambda k: k[::-1])),
    Mistake("The kernel is mirrored left and right only. Half a turn also swaps top and bottom: [::-1, ::-1].",
            wrong=_full(lambda k: k[:, ::-1])),
    Mistake("Rows and columns of the kernel are swapped. Half a turn is not a transpose: kernel[::-1, ::-1].",
            wrong=_full(lambda k: k.swapaxes(0, 1))),
    Mistake("The channels are turned round along with the rows and columns. They are swapped, not reversed.",
            wrong=_full(lambda k: k[::-1, ::-1, ::-1, ::-1])),
    Mistake("The channels that go out are reversed. Turn only rows and columns.",
            wrong=_full(lambda k: k[::-1, ::-1, :, ::-1])),
    Mistake("Each pixel keeps only what the last window gave it. A pixel lies in many windows: +=, not =.",
            wrong=lambda grad, kernel: _last_window(grad, kernel)),
    Mistake("This is the mean over the maps. What they hand back adds up.",
            wrong=lambda grad, kernel: _scattered(grad, kernel) / grad.shape[2]),
    Mistake("The picture was larger than the maps: each direction had k - 1 pixels more. Lay k - 1 zeros on every side "
            "of grad before you slide (SciPy calls that \"full\").",
            when=_fewer_places),
    Mistake("A batch of one came back. Take its picture out: [0].",
            when=lambda result, expected, grad, kernel: np.shape(result) == (1, *expected.shape)),
    Mistake("Rows and columns of padding are swapped, or alike: kh - 1 zeros above and below, kw - 1 left and right.",
            when=lambda result, expected, grad, kernel: np.ndim(result) == 3
                and sum(np.shape(result)[:2]) >= sum(expected.shape[:2]) and np.shape(result) != expected.shape
                and np.shape(result)[2] == expected.shape[2]),
]  # fmt: skip


def explained(problem):
    """Return the NotYet with a better reason where conv2d was handed a kernel with all four axes turned round."""
    case = next((detail for label, detail in problem.details if label == "went in"), None)
    if not isinstance(problem.error, CourseError) or case is None:
        return problem
    if f"kernel of shape {case.args[1].T.shape} " in str(problem.error):
        reason = ".T turns round all four axes of the kernel. Swap only the last two, kernel.swapaxes(2, 3)."
        return NotYet(f"{reason} {problem.reason}", problem.details, problem.error)
    return problem


def _last_window(grad, kernel):
    (rows, columns, _), (kh, kw, c, _) = grad.shape, kernel.shape
    out = np.zeros((rows + kh - 1, columns + kw - 1, c))
    for i, j in np.ndindex(rows, columns):
        out[i:i + kh, j:j + kw] = kernel @ grad[i, j]
    return out
