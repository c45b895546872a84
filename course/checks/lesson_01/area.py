"""What the checker of exercise 1.3 needs: how many pixels are brighter than a threshold, and the area they cover."""

import numpy as np
from skimage.measure import regionprops

from course.checks.compare import Case, Mistake

UNIT = (
    "The count was multiplied by one length, so this is no area. A pixel is a small rectangle: its area is the spacing "
    "of the rows times that of the columns."
)


def cases():
    rng = np.random.default_rng(13)
    page = np.array([[10, 50, 90], [50, 200, 30]], np.uint8)
    return [
        Case(page, 40, (0.5, 3.0), note="a pixel is 0.5 high and 3 wide"),
        Case(page, 50, (0.107, 0.107), note="two pixels are exactly 50"),
        Case(page, 255, (1.0, 1.0), note="nothing is brighter than 255"),
        Case(page, 9, (0.7, 0.3), note="every pixel is brighter"),
        Case(rng.integers(0, 256, (31, 40), dtype=np.uint8), 60, (0.107, 0.2), note="more than 255 bright pixels"),
        Case(rng.integers(-1000, 1200, (9, 13), dtype=np.int16), -300, (0.66, 0.75), note="Hounsfield units"),
        Case(rng.normal(size=(7, 6)), 0.25, (3.0, 1.5), note="floats"),
        Case(np.array([[7]], np.uint8), 6, (4.0, 0.5), note="a single pixel"),
    ]


def by_skimage(picture, threshold, spacing):
    """Return (count, area) by regionprops, which takes the spacing of rows and columns."""
    regions = regionprops((picture > threshold).astype(np.uint8), spacing=spacing)
    return (int(regions[0].num_pixels), float(regions[0].area)) if regions else (0, 0.0)


def _counted(count, area=lambda n, spacing: n * spacing[0] * spacing[1]):
    """Return a mistaken answer: count(picture, threshold) -> n, then area(n, spacing)."""
    def wrong(picture, threshold, spacing):
        n = count(picture, threshold)
        return n, area(n, spacing)
    return wrong


def _right(picture, threshold):
    return np.count_nonzero(picture > threshold)


def _subtracted(picture, threshold):
    return np.count_nonzero(picture - threshold > 0)


def _only_count(result, expected, *inputs):
    return np.ndim(result) == 0 and result == expected[0]


def _pair(result):
    return isinstance(result, (tuple, list)) and len(result) == 2


MISTAKES = [
    Mistake("Pixels exactly at the threshold were counted too. Brighter than means >, not >=.",
            wrong=_counted(lambda picture, threshold: np.count_nonzero(picture >= threshold))),
    Mistake("These are the dark pixels. Brighter means a larger number: which way must the > point?",
            wrong=_counted(lambda picture, threshold: np.count_nonzero(picture < threshold))),
    Mistake("These are the dark pixels, and those exactly at the threshold. Brighter than means >.",
            wrong=_counted(lambda picture, threshold: np.count_nonzero(picture <= threshold))),
    Mistake("Unsigned numbers cannot fall below 0: in a uint8 picture, 10 - 50 gives 216, which is above 0. Compare "
            "without subtracting: picture > threshold.",
            wrong=_counted(_subtracted)),
    Mistake("The count wrapped around at 256: a sum was kept in uint8. Count True and False, not numbers of 8 bits: "
            "(picture > threshold).sum() or np.count_nonzero.",
            wrong=_counted(lambda picture, threshold: _right(picture, threshold) % 256)),
    Mistake(UNIT, wrong=_counted(_right, lambda n, spacing: n * spacing[0])),
    Mistake(UNIT, wrong=_counted(_right, lambda n, spacing: n * spacing[1])),
    Mistake("The spacing of the rows was squared. Pixels need not be square: rows times columns.",
            wrong=_counted(_right, lambda n, spacing: n * spacing[0] ** 2)),
    Mistake("The spacing of the columns was squared. Pixels need not be square: rows times columns.",
            wrong=_counted(_right, lambda n, spacing: n * spacing[1] ** 2)),
    Mistake("The two spacings were added. The area of a rectangle is a product.",
            wrong=_counted(_right, lambda n, spacing: n * (spacing[0] + spacing[1]))),
    Mistake("The count was divided by the area of a pixel. Each pixel *adds* that area: multiply.",
            wrong=_counted(_right, lambda n, spacing: n / (spacing[0] * spacing[1]))),
    Mistake("The count was squared too. Each pixel adds the same small area: count times area of a pixel.",
            wrong=_counted(_right, lambda n, spacing: (n * spacing[0]) * (n * spacing[1]))),
    Mistake("The second number is the count again: an area needs the spacing.",
            wrong=_counted(_right, lambda n, spacing: n)),
    Mistake("This is the area of a single pixel, whatever the count. Multiply it by the count.",
            wrong=_counted(_right, lambda n, spacing: spacing[0] * spacing[1])),
    Mistake("The first number is a share of all pixels. Their number is asked.",
            when=lambda result, expected, picture, *rest: _pair(result) and expected[0] > 0
            and np.isclose(result[0], expected[0] / picture.size) and expected[0] != picture.size),
    Mistake("The values of the bright pixels were added up. Count the pixels: each counts as one.",
            when=lambda result, expected, picture, threshold, spacing: _pair(result)
            and np.isclose(result[0], picture[picture > threshold].sum()) and result[0] != expected[0]),
    Mistake("Python's own sum(...) adds up the rows and leaves a number for each column. Count the whole table: "
            "(picture > threshold).sum().",
            when=lambda result, expected, picture, *rest: _pair(result) and picture.shape[1] > 1
            and np.shape(result[0]) == (picture.shape[1],)),
    Mistake("The order is turned round: first the count, then the area.",
            when=lambda result, expected, *inputs: _pair(result) and np.allclose(result, expected[::-1])
            and not np.allclose(result, expected)),
    Mistake("Only the count came back. Return both: count, area.", when=_only_count),
    Mistake("Only the area came back. Return both: count, area.",
            when=lambda result, expected, *inputs: np.ndim(result) == 0 and np.isclose(result, expected[1])),
    Mistake("The threshold handed to your function is not used.",
            wrong=_counted(lambda picture, threshold: np.count_nonzero(picture))),
    Mistake("The area is rounded. Return it as the product gives it; round only what you print.",
            when=lambda result, expected, *inputs: _pair(result) and result[0] == expected[0]
            and any(result[1] == round(expected[1], digits) for digits in range(3))),
]  # fmt: skip
