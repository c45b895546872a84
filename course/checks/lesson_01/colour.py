"""What the checker of exercise 1.3 needs: the mean colour inside a mask, in the order red, green, blue."""

import numpy as np
from scipy import ndimage

from course.checks.compare import Case, Mistake

PRODUCT = (
    "A product wrapped around. The mask holds 255, and in uint8 a pixel of 200 times 255 is not 51,000 but 56: only "
    "what is left after dividing by 256. Use the mask to choose pixels, picture[mask > 0], or make floats first."
)
SUM = (
    "A sum wrapped around: it was kept in uint8, where nothing is larger than 255. Python's own sum(...) and `+` stay "
    "in the type of the picture. Use .mean(axis=0) or .sum(axis=0) of the array, or make floats first."
)
ORDER = (
    "Red and blue have changed places. The answer is always red, green, blue. Where order is \"BGR\", channel 0 of the "
    "picture is blue and channel 2 is red."
)
OUTSIDE = "Pixels outside the mask were counted too. Only those where the mask is not 0 belong to the nucleus."
ALL_PIXELS = (
    "The sum runs over the mask, but it was divided by the number of all pixels. Divide by the number of pixels "
    "inside."
)


def cases():
    rng = np.random.default_rng(12)

    def one(h, w, low, high, share, order, note=""):
        picture = rng.integers(low, high, (h, w, 3), dtype=np.uint8)
        mask = np.where(rng.random((h, w)) < share, 255, 0).astype(np.uint8)
        return Case(picture, mask, order, note=note)

    pair = np.array([[[200, 100, 60], [180, 120, 61], [9, 9, 9]]], np.uint8)
    return [
        Case(pair, np.array([[255, 255, 0]], np.uint8), "RGB", note="three pixels, two of them inside"),
        Case(pair, np.array([[255, 255, 0]], np.uint8), "BGR", note="the same, stored in the order blue, green, red"),
        one(5, 7, 0, 256, 0.5, "RGB"),
        one(9, 4, 150, 256, 0.4, "BGR", "bright"),
        one(6, 6, 0, 40, 0.6, "RGB", "dark"),
        one(30, 41, 100, 256, 0.5, "RGB", "many bright pixels"),
        one(8, 5, 0, 256, 1.1, "BGR", "every pixel is inside"),
        Case(np.array([[[7, 8, 9], [255, 254, 253]]], np.uint8), np.array([[0, 255]], np.uint8), "RGB",
             note="a single pixel is inside"),
    ]  # fmt: skip


def refusals():
    picture = np.full((2, 3, 3), 120, np.uint8)
    reason = ("Nothing lies inside this mask, and there is no mean of nothing. NumPy answers NaN, which wanders on "
              "through every later step: raise a ValueError.")  # fmt: skip
    return [(Case(picture, np.zeros((2, 3), np.uint8), "RGB", note="the mask is empty"), reason)]


def by_scipy(picture, mask, order):
    means = np.array([ndimage.mean(picture[..., c].astype(float), labels=mask > 0, index=1) for c in range(3)])
    return means[::-1] if order == "BGR" else means


def _then_ordered(function):
    """Return a mistaken function of picture and mask (numbers per channel) that gets the order right."""
    def wrong(picture, mask, order):
        means = np.asarray(function(picture, mask))
        return means[::-1] if order == "BGR" else means
    return wrong


def _products(divide):
    return _then_ordered(lambda picture, mask: divide(picture * mask[..., np.newaxis], mask))


def _python_sum(picture, mask):
    return picture[mask > 0].sum(axis=0, dtype=np.uint8) / np.count_nonzero(mask)


WRAPPED = [
    lambda p, mask: p.sum(axis=(0, 1)) / mask.sum(),
    lambda p, mask: p.sum(axis=(0, 1)) / np.count_nonzero(mask),
    lambda p, mask: p.sum(axis=(0, 1)) / 255 / np.count_nonzero(mask),
    lambda p, mask: (p / 255).sum(axis=(0, 1)) / np.count_nonzero(mask),
    lambda p, mask: (p // 255).sum(axis=(0, 1)) / np.count_nonzero(mask),
    lambda p, mask: p[mask > 0].mean(axis=0),
    lambda p, mask: p[mask > 0].mean(axis=0) / 255,
    lambda p, mask: p.mean(axis=(0, 1)),
    lambda p, mask: p.mean(axis=(0, 1)) / 255,
]
MISTAKES = [
    *(Mistake(PRODUCT, wrong=_products(divide)) for divide in WRAPPED),
    Mistake(SUM, wrong=_then_ordered(_python_sum)),
    Mistake(SUM, wrong=_then_ordered(lambda picture, mask: _python_sum(picture, mask).astype(int))),
    Mistake(ORDER, wrong=lambda picture, mask, order: by_scipy(picture, mask, "RGB")),
    Mistake(ORDER, wrong=lambda picture, mask, order: by_scipy(picture, mask, "BGR")),
    Mistake(ORDER, wrong=lambda picture, mask, order: by_scipy(picture, mask, "RGB" if order == "BGR" else "BGR")),
    Mistake(OUTSIDE, wrong=_then_ordered(lambda picture, mask: picture.mean(axis=(0, 1)))),
    Mistake("This is the mean of what lies outside the mask. Inside is where the mask is not 0.",
            wrong=_then_ordered(lambda picture, mask: picture[mask == 0].mean(axis=0))),
    Mistake(ALL_PIXELS, wrong=_then_ordered(lambda picture, mask: picture[mask > 0].sum(axis=0) / mask.size)),
    Mistake("The sum over the pixels is there; it still has to be divided by their number.",
            wrong=_then_ordered(lambda picture, mask: picture[mask > 0].sum(axis=0))),
    Mistake("One number came out for all three channels. Take the mean over the pixels only, axis=0, and keep the "
            "channels apart.",
            when=lambda result, expected, *inputs: np.shape(result) == ()),
    Mistake("These are the pixels themselves. Their mean is asked, channel by channel: .mean(axis=0).",
            when=lambda result, expected, picture, mask, order: np.ndim(result) == 2 and np.shape(result)[1:] == (3,)
            and len(result) == np.count_nonzero(mask)),
    Mistake("The mean ran along the channels: there is a number for each pixel. axis=0 are the pixels, axis=1 the "
            "channels.",
            when=lambda result, expected, picture, mask, order: np.shape(result) == (np.count_nonzero(mask),)
            and np.shape(result) != (3,)),
    Mistake("The mask was used as a list of row numbers: 255 is a row to NumPy, and there is no such row. Only an "
            "array of True and False chooses pixels: picture[mask > 0].",
            wrong=lambda picture, mask, order: picture[mask].mean(axis=0)),
    Mistake("The mask holds 0 and 255, not 0 and 1: no pixel is 1, and nothing is left to average. Ask for mask > 0.",
            wrong=lambda picture, mask, order: picture[mask == 1].mean(axis=0)),
    Mistake("The result is rounded down. Keep the floats that the division gives: a mean of whole numbers is seldom a "
            "whole number.",
            wrong=lambda *inputs: np.floor(by_scipy(*inputs))),
    Mistake("The result is rounded. Keep the floats that the division gives; round only what you print.",
            wrong=lambda *inputs: np.round(by_scipy(*inputs))),
    Mistake("The result is 255 times too small. Either it was divided by 255, or by mask.sum(), which adds up 255 for "
            "each pixel inside; their number is np.sum(mask > 0).",
            wrong=lambda *inputs: by_scipy(*inputs) / 255),
    Mistake("This is the median of each channel. The mean is asked.",
            wrong=_then_ordered(lambda picture, mask: np.median(picture[mask > 0], axis=0))),
]  # fmt: skip
