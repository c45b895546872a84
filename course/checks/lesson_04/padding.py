"""What the checker of exercise 4.3 needs: maps that keep the picture's size, and ways to pad wrongly."""

import numpy as np
from scipy.signal import correlate2d

from course.checks.compare import Case, Mistake
from course.checks.lesson_04.map import as_float
from course.checks.lesson_04.map import reference as reference_valid


def cases():
    rng = np.random.default_rng(43)
    grey = rng.integers(0, 256, (5, 6), dtype=np.uint8)
    return [
        Case(1 + np.arange(12.0).reshape(3, 4), np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        Case(rng.normal(size=(6, 5)), rng.normal(size=(3, 3))),
        Case(rng.normal(size=(7, 8)), rng.normal(size=(5, 5))),
        Case(rng.normal(size=(6, 6)), rng.normal(size=(3, 5)), note="a kernel that is not square"),
        Case(rng.normal(size=(5, 4)), rng.normal(size=(1, 3)), note="a kernel of one row: nothing to add above"),
        Case(rng.normal(size=(4, 4)), rng.normal(size=(1, 1)), note="a kernel of one number"),
        Case(rng.normal(size=(4, 3)), rng.normal(size=(5, 5)), note="the kernel is larger than the picture"),
        Case(grey, rng.normal(size=(3, 3)), note="a uint8 picture"),
    ]


@as_float
def reference(image, kernel):
    return correlate2d(image, kernel, mode="same")


def _padded(sides, **how):
    """Return a correlate_same that adds sides(half) = (before, after) along both axes, in the way of np.pad."""
    def correlate_same(image, kernel):
        around = [sides(k // 2) for k in kernel.shape]
        return correlate2d(np.pad(image.astype(float), around, **how), kernel, mode="valid")
    return correlate_same


def _zeros_around_the_map(image, kernel):
    return np.pad(reference_valid(image, kernel), [(k // 2, k // 2) for k in kernel.shape])


def _margins(image, rows, columns):
    return np.pad(image.astype(float), ((rows, rows), (columns, columns)))


def _by_rows_alone(image, kernel):
    half = len(kernel) // 2
    return correlate2d(_margins(image, half, half), kernel, mode="valid")


MISTAKES = [
    Mistake("Nothing was added around the picture: this is the smaller map of the window that stays inside.",
            wrong=reference_valid),
    Mistake("The zeros stand around the map, not around the picture. The numbers at the border should be computed "
            "too, from the pixels that are there: pad first.",
            wrong=_zeros_around_the_map),
    Mistake("Your kernel is flipped: turned by half a turn before it is laid on.",
            wrong=as_float(lambda image, kernel: correlate2d(image, kernel[::-1, ::-1], mode="same"))),
    Mistake("All zeros stand below and to the right, so the map is shifted up and to the left. Half of them belong on "
            "either side.",
            wrong=_padded(lambda half: (0, 2 * half))),
    Mistake("All zeros stand above and to the left, so the map is shifted down and to the right. Half of them belong "
            "on either side.",
            wrong=_padded(lambda half: (2 * half, 0))),
    Mistake("The border was filled by repeating the outermost pixels. Zeros were asked: np.pad's own way.",
            wrong=_padded(lambda half: (half, half), mode="edge")),
    Mistake("The border was filled with a mirror image of the picture. Zeros were asked: np.pad's own way.",
            wrong=_padded(lambda half: (half, half), mode="reflect")),
    Mistake("The border was filled with a mirror image of the picture. Zeros were asked: np.pad's own way.",
            wrong=_padded(lambda half: (half, half), mode="symmetric")),
    Mistake("The border was filled with ones. Zeros were asked: np.pad's own way.",
            wrong=_padded(lambda half: (half, half), constant_values=1)),
    Mistake("Too many zeros: k - 1 on either side. The map then grows; to keep its size, (k - 1) / 2 on either side "
            "are enough.",
            wrong=_padded(lambda half: (2 * half, 2 * half))),
    Mistake("Too many zeros: k on either side. (k - 1) / 2 on either side keep the size.",
            wrong=_padded(lambda half: (2 * half + 1, 2 * half + 1))),
    Mistake("One zero is added on either side, whatever the kernel. A kernel of side k needs (k - 1) / 2.",
            wrong=_padded(lambda half: (1, 1))),
    Mistake("The height of the kernel decides about the columns too. Rows need (kh - 1) / 2 zeros, columns "
            "(kw - 1) / 2.",
            wrong=_by_rows_alone),
    Mistake("The zeros for rows and for columns are swapped: ((rows, rows), (columns, columns)).",
            wrong=lambda image, kernel:
                correlate2d(_margins(image, kernel.shape[1] // 2, len(kernel) // 2), kernel, mode="valid")),
    Mistake("The map keeps the picture's number type: whole numbers, which wrap around in uint8. Compute with floats.",
            wrong=lambda image, kernel: reference(image, kernel).astype(np.int64).astype(image.dtype)
            if image.dtype == np.uint8 else reference(image, kernel)),
]  # fmt: skip
