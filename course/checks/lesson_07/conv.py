"""What the checkers of exercises 7.4 and 7.5 need: the gradients of a convolution by its kernel and by its picture.

Shapes: picture x (h, w, c), kernel (kh, kw, c, d), gradient by the maps (rows, columns, d), where rows = h - kh + 1
and columns = w - kw + 1.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks.compare import Case, mistakes
from course.checks.lesson_07 import dense
from course.nn import conv2d

SIZES = [  # h, w, kh, kw, c, d: c = d, 1 and 1, not square, one channel, one column or pixel, fits once, one row
    (5, 6, 3, 3, 2, 2), (4, 4, 3, 3, 1, 1), (6, 5, 3, 2, 3, 2), (5, 7, 2, 4, 1, 3), (7, 4, 3, 1, 2, 1),
    (4, 5, 1, 1, 3, 2), (3, 3, 3, 3, 2, 3), (1, 6, 1, 3, 2, 2),
]  # fmt: skip


def _random(seed):
    """Yield (grad, x, kernel, note) of each size."""
    rng = np.random.default_rng(seed)
    for h, w, kh, kw, c, d in SIZES:
        grad, x = rng.normal(size=(h - kh + 1, w - kw + 1, d)), rng.normal(size=(h, w, c))
        yield grad, x, rng.normal(size=(kh, kw, c, d)), f"{c} channels, {d} maps, a kernel of {kh} x {kw}"


def kernel_cases():
    rng = np.random.default_rng(75)
    grey = rng.integers(0, 256, (5, 4, 3), dtype=np.uint8)
    return [
        *(Case(grad, x, note=note) for grad, x, kernel, note in _random(74)),
        Case(rng.integers(1, 9, (3, 2, 2)), grey, note="a uint8 picture, a gradient of whole numbers"),
        Case(rng.normal(size=(3, 2, 2)), grey, note="a uint8 picture, a gradient with fractions"),
    ]


def input_cases():
    rng = np.random.default_rng(78)
    whole = rng.integers(-8, 9, (3, 3, 3, 2))
    return [
        *(Case(grad, kernel, note=note) for grad, x, kernel, note in _random(77)),
        Case(rng.integers(-8, 9, (3, 2, 2)), whole, note="whole numbers"),
        Case(rng.normal(size=(3, 2, 2)), whole, note="a kernel of whole numbers, a gradient with fractions"),
    ]


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


def _one_place(grad, x, i, j):
    """Return the part of the kernel's gradient that one place of the maps adds."""
    kh, kw = (n - places + 1 for n, places in zip(x.shape[:2], grad.shape[:2], strict=True))
    i, j = i % len(grad), j % grad.shape[1]
    return x[i:i + kh, j:j + kw, :, None] * 1.0 * grad[i, j]


def _all_alike(array, summed):
    """Return the array with its first channel, or with the sum of all, in place of each."""
    one = array.astype(float).sum(axis=2, keepdims=True) if summed else array[..., :1]
    return np.repeat(one, array.shape[2], axis=2)


KERNEL_MISTAKES = mistakes(
    ("grad is laid on turned by half a turn, as SciPy's convolve does. For the kernel's gradient nothing is turned: "
     "grad[i, j] meets x[i + u, j + v].", lambda grad, x: _by_kernel(grad[::-1, ::-1], x)),
    ("The gradient is upside down and back to front: the number for kernel[0, 0] stands in the last corner. For the "
     "kernel's gradient nothing is turned.", lambda grad, x: _by_kernel(grad, x)[::-1, ::-1]),
    ("Channels and maps are swapped: the third axis counts the channels of x, the fourth the maps.",
     lambda grad, x: _by_kernel(grad, x).swapaxes(2, 3)),
    ("Rows and columns of the kernel are swapped.", lambda grad, x: _by_kernel(grad, x).swapaxes(0, 1)),
    ("This is the mean over the places. The kernel is used at every place, and what it does there adds up.",
     lambda grad, x: _by_kernel(grad, x) / grad[..., 0].size),
    ("The gradient is not used: this is the sum of the pixels. Multiply each by what is wanted at its place.",
     lambda grad, x: _by_kernel(np.ones(grad.shape), x)),
    ("Only the first channel of x is read, for all channels of the kernel. Each met its own: x[..., c].",
     lambda grad, x: _by_kernel(grad, _all_alike(x, summed=False))),
    ("All channels of x were added up before they met grad. Each channel of the kernel met its own: x[..., c].",
     lambda grad, x: _by_kernel(grad, _all_alike(x, summed=True))),
    ("Every map got the first map's gradient. Kernel f made map f: grad[..., f].",
     lambda grad, x: _by_kernel(_all_alike(grad, summed=False), x)),
    ("All maps were added up before they met the picture. Each kernel has a gradient of its own.",
     lambda grad, x: _by_kernel(_all_alike(grad, summed=True), x)),
    ("Only one place is counted, the last. The kernel is used at every place: +=.",
     lambda grad, x: _one_place(grad, x, -1, -1)),
    ("Only one place is counted, the first. The kernel is used at every place, and what it does there adds up.",
     lambda grad, x: _one_place(grad, x, 0, 0)),
    ("The last row and the last column of the kernel are missing: h - rows + 1, not h - rows.",
     lambda grad, x: _by_kernel(grad, x)[:-1, :-1]),
)  # fmt: skip


def _scattered(grad, kernel, keep=1):
    """Every place hands its gradient back through the kernel to the pixels it had seen; keep=0: the last one wins."""
    (rows, columns, _), (kh, kw, c, _) = grad.shape, kernel.shape
    out = np.zeros((rows + kh - 1, columns + kw - 1, c))
    for i, j in np.ndindex(rows, columns):
        out[i:i + kh, j:j + kw] = keep * out[i:i + kh, j:j + kw] + kernel @ grad[i, j]
    return out


def _slid(turn=lambda kernel: kernel[::-1, ::-1].swapaxes(2, 3), zeros=lambda kh, kw: (kh - 1, kw - 1), after=False,
          padding="valid"):  # fmt: skip
    """Return a correlation of grad, zeros(kh, kw) on its sides, and the turned kernel; after: of the turned one's."""
    def wrong(grad, kernel):
        turned = turn(kernel)
        rows, columns = zeros(*(turned if after else kernel).shape[:2])
        padded = np.pad(grad.astype(float), ((rows, rows), (columns, columns), (0, 0)))
        return conv2d(padded[None], turned, padding=padding)[0]
    return wrong


def _turned(turn):
    return [_slid(turn, after=after) for after in (False, True)]


SWAPPED = ("the kernel's channels are not swapped. On the way back what goes in are the maps' gradients and what comes "
           "out are channels: kernel.swapaxes(2, 3).")
HALF = "Half a turn swaps top and bottom and left and right: [::-1, ::-1]."
INPUT_MISTAKES = mistakes(
    ("In effect the kernel is not turned: either not at all, or twice, as where SciPy's convolve, which turns it "
     "itself, is handed a turned one. Turn it once: pixel i was met by weight u at the place i - u.",
     *_turned(lambda kernel: kernel.swapaxes(2, 3))),
    ("The kernel is turned as it should be, but " + SWAPPED, *_turned(lambda kernel: kernel[::-1, ::-1])),
    ("The kernel is not turned by half a turn, and " + SWAPPED, *_turned(lambda kernel: kernel)),
    (f"The kernel is turned upside down only. {HALF}", *_turned(lambda kernel: kernel[::-1].swapaxes(2, 3))),
    (f"The kernel is mirrored left and right only. {HALF}", *_turned(lambda kernel: kernel[:, ::-1].swapaxes(2, 3))),
    ("Rows and columns of the kernel are swapped. Half a turn is not a transpose: kernel[::-1, ::-1].",
     *_turned(lambda kernel: kernel.transpose(1, 0, 3, 2))),
    ("The channels are turned round along with the rows and columns. They are swapped, not reversed.",
     *_turned(lambda kernel: kernel[::-1, ::-1, ::-1, ::-1].swapaxes(2, 3)),
     *_turned(lambda kernel: kernel[::-1, ::-1, :, ::-1].swapaxes(2, 3)),
     *_turned(lambda kernel: kernel[::-1, ::-1, ::-1].swapaxes(2, 3))),
    (".T turns round all four axes of the kernel. Swap only the last two, kernel.swapaxes(2, 3).",
     *_turned(lambda kernel: kernel.T), *_turned(lambda kernel: kernel[::-1, ::-1].T)),
    ("Each pixel keeps only what the last window gave it. A pixel lies in many windows: +=, not =.",
     lambda grad, kernel: _scattered(grad, kernel, keep=0)),
    ("This is the mean over the maps. What they hand back adds up.",
     lambda grad, kernel: _scattered(grad, kernel) / grad.shape[2]),
    ("Each direction of the picture had k - 1 pixels more than the maps. Lay k - 1 zeros on every side of grad before "
     "you slide (SciPy calls that \"full\").",
     _slid(zeros=lambda kh, kw: (0, 0)), _slid(zeros=lambda kh, kw: (0, 0), padding="same")),
    ("k zeros lie on every side, one too many, and a frame of them comes out. k - 1 are enough.",
     _slid(zeros=lambda kh, kw: (kh, kw))),
    ("Rows and columns of padding are swapped, or alike: kh - 1 zeros above and below, kw - 1 left and right.",
     *(_slid(zeros=zeros) for zeros in (lambda kh, kw: (kw - 1, kh - 1), lambda kh, kw: (kh - 1, kh - 1),
                                        lambda kh, kw: (kw - 1, kw - 1), lambda kh, kw: (max(kh, kw) - 1,) * 2))),
)  # fmt: skip
