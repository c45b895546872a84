"""What the checker of exercise 4.2 needs: the map of one grey picture and one kernel."""

import numpy as np
from scipy.signal import convolve2d, correlate2d

from course.checks.compare import Case, mistakes
from course.checks.ways import as_float, both, loop_mistakes, own_type, sized


def cases():
    rng = np.random.default_rng(42)
    page = np.array([[0, 0, 7, 8, 8], [0, 1, 8, 9, 8], [1, 2, 9, 8, 9], [0, 7, 8, 9, 8]])
    edge, soft = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.uint8)
    grey = rng.integers(0, 256, (6, 7), dtype=np.uint8)
    sizes = [((5, 7), (3, 3)), ((7, 4), (2, 3)), ((4, 9), (3, 1)), ((1, 6), (1, 4)), ((5, 5), (2, 2)), ((3, 4), (1, 1)),
             ((4, 3), (4, 3))]  # the last fits exactly once
    return [
        Case(page, edge, note="whole numbers, as on the page"),
        *(Case(rng.normal(size=size), rng.normal(size=kernel)) for size, kernel in sizes),
        Case(grey, edge, note="a uint8 picture"),
        Case(grey, soft, note="picture and kernel uint8"),
        Case(grey.astype(np.uint16) * 200, edge, note="a uint16 picture: many more than 256 levels"),
        Case(grey, rng.normal(size=(3, 3)), note="a uint8 picture, a kernel with fractions"),
        Case(page, np.full((3, 3), 1 / 9), note="whole numbers, a kernel with fractions"),
    ]


TOO_LARGE = [Case(np.ones(size), np.ones(kernel), note="the kernel does not fit") for size, kernel in [
    ((2, 5), (3, 3)), ((4, 3), (3, 4)), ((2, 2), (3, 3)), ((3, 1), (1, 3))]]  # fmt: skip
NO_PLACE = (
    "A kernel larger than the picture has no place to stand, and no error came. Compare the shapes first and raise a "
    "ValueError that names both: slices get shorter without a word, and SciPy lets picture and kernel change places."
)


@as_float
def reference(image, kernel):
    return correlate2d(image, kernel, mode="valid")


def _map(of_window=lambda window, kernel: np.sum(window * kernel), window=lambda kernel: kernel.shape,
         places=lambda n, k: n - k + 1, by_window=False):  # fmt: skip
    """Return a mistaken correlate: loops over places with one part replaced."""
    def wrong(image, kernel):
        down, across = window(kernel)
        sides = (down, across) if by_window else kernel.shape
        out = np.zeros([places(n, k) for n, k in zip(image.shape, sides, strict=True)])
        for i, j in np.ndindex(out.shape):
            out[i, j] = of_window(image[i:i + down, j:j + across], kernel)
        return out
    return wrong


def _rows_of_kernel(line):
    """out_ij = sum over k of w_ik x_(j+k-i), with x one line of the picture and zeros outside it."""
    def wrong(image, kernel):
        out = np.zeros((len(kernel), image.shape[1]))
        for i, j in np.ndindex(out.shape):
            x = line(image, i)
            out[i, j] = sum(kernel[i, k] * x[j + k - i] for k in range(kernel.shape[1]) if 0 <= j + k - i < len(x))
        return out
    return wrong


def _refuses_equal(image, kernel):
    if any(k >= n for n, k in zip(image.shape, kernel.shape, strict=True)):
        raise ValueError("as the learner's code refuses")
    return reference(image, kernel)


UINT8 = "whole numbers wrap around: in uint8, 200 * 2 gives 144"
MISTAKES = [
    *mistakes(
        ("A kernel as large as the picture does fit, in one place. Refuse it only where it is larger: >, not >=.",
         _refuses_equal),
        ("`@` is the matrix product: rows times columns. Here number goes with number: `*`, and then the sum.",
         *both(_map(lambda window, kernel: np.sum(window @ kernel))),
         *both(_map(lambda window, kernel: np.sum(kernel @ window)))),
        ("Your kernel is flipped: turned by half a turn before it is laid on. kernel[u, v] meets image[i + u, j + v].",
         as_float(lambda *inputs: convolve2d(*inputs, mode="valid"))),
        ("Your kernel is upside down: its last row meets the window's first.", lambda x, k: reference(x, k[::-1])),
        ("Your kernel is mirrored: its last column meets the window's first.", lambda x, k: reference(x, k[:, ::-1])),
        ("Rows and columns of the kernel are swapped, as by kernel[v, u].", lambda x, k: reference(x, k.T)),
        ("Off by one: the last row and column of the map are missing. There are h - kh + 1 places, not h - kh.",
         lambda image, kernel: reference(image, kernel)[:-1, :-1]),
        ("A window has run over the picture's edge and got smaller than the kernel. It has h - kh + 1 places down and "
         "w - kw + 1 across.", *both(_map(places=lambda n, k: n)), *both(_map(places=lambda n, k: n - k + 2))),
        ("Your window is square, whatever the kernel. Take both sides from the kernel: kh, kw = kernel.shape.",
         *(way for side in (len, lambda kernel: kernel.shape[1], lambda kernel: 3) for by_window in (False, True)
           for way in both(_map(window=lambda kernel, side=side: (side(kernel),) * 2, by_window=by_window)))),
        ("The size 3 is written into the code. Kernels come in other sizes: kernel.shape.",
         *both(_map(lambda window, kernel: sum(window[at] * kernel[at] for at in np.ndindex(3, 3)),
                    window=lambda kernel: (3, 3), by_window=True))),
        (f"Your map keeps the picture's number type: fractions are lost, and {UINT8}. np.zeros(shape) makes floats.",
         own_type(reference)),
        (f"Products or sums are made in the picture's number type, and {UINT8}. Floats first: image.astype(float).",
         _map(), _map(lambda window, kernel: (window * kernel).sum(dtype=np.result_type(window, kernel)))),
        ("This is the mean of the products. Their sum was asked.", lambda x, k: reference(x, k) / k.size),
        ("This is the sum of the window: the kernel is not used.", lambda x, k: reference(x, np.ones(k.shape))),
        ("Only the last product is left in each place. Each product has to be added to those before: +=.",
         *both(_map(lambda window, kernel: window[-1, -1] * kernel[-1, -1]))),
        ("This is SciPy's \"full\" map, with places where the window hangs over the edge. mode=\"valid\" stays inside.",
         as_float(correlate2d)),
        ("In your formula the row of the map picks a row of the kernel, which is no 2-D convolution. Every place uses "
         "the whole kernel: u and v are both summed, i and j move the window.",
         *(way for line in (lambda image, i: image.ravel(), lambda image, i: image[0], lambda image, i: image[i])
           for way in both(_rows_of_kernel(line)))),
    ),
    *loop_mistakes(reference),
    sized("The map has one row and one column too many, where the window would hang over the edge: h - kh + 1 places.",
          lambda right, *inputs: (n + 1 for n in right)),
    sized("The map has the picture's size. A window that stays inside has fewer places: h - kh + 1 and w - kw + 1.",
          lambda right, image, kernel: image.shape),
]  # fmt: skip
