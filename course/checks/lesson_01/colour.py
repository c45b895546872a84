"""What the checker of exercise 1.3 needs: the mean colour inside a mask, in the order red, green, blue."""

import numpy as np
from scipy import ndimage

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(12)
    pair = np.array([[[200, 100, 60], [180, 120, 61], [9, 9, 9]]], np.uint8)
    single = np.array([[[7, 8, 9], [255, 254, 253]]], np.uint8)
    some = [Case(picture, np.array([mask], np.uint8), order, note=note) for picture, mask, order, note in [
        (pair, (255, 255, 0), "RGB", "three pixels, two of them inside"),
        (pair, (255, 255, 0), "BGR", "the same, stored in the order blue, green, red"),
        (single, (0, 255), "RGB", "a single pixel is inside"),
    ]]  # fmt: skip
    for *shape, low, high, share, order, note in [
        (5, 7, 0, 256, 0.5, "RGB", ""), (9, 4, 150, 256, 0.4, "BGR", "bright"), (6, 6, 0, 40, 0.6, "RGB", "dark"),
        (30, 41, 100, 256, 0.5, "RGB", "many bright pixels"), (8, 5, 0, 256, 1.1, "BGR", "every pixel is inside"),
        (12, 1, 0, 256, 0.6, "BGR", "one column"),
    ]:
        mask = np.where(rng.random(shape) < share, 255, 0).astype(np.uint8)
        some.append(Case(rng.integers(low, high, (*shape, 3), dtype=np.uint8), mask, order, note=note))
    return some


def refusals():
    picture = np.full((2, 3, 3), 120, np.uint8)
    reason = ("Nothing lies inside this mask, and there is no mean of nothing. NumPy answers NaN, which wanders on "
              "through every later step: raise a ValueError.")  # fmt: skip
    return [(Case(picture, np.zeros((2, 3), np.uint8), order), reason) for order in ("RGB", "BGR")]


def by_scipy(picture, mask, order):
    means = np.array([ndimage.mean(picture[..., c].astype(float), labels=mask > 0, index=1) for c in range(3)])
    return means[::-1] if order == "BGR" else means


def _ordered(function):
    """Return a mistaken function of picture and mask (numbers per channel) that gets the order right."""
    def wrong(picture, mask, order):
        means = np.asarray(function(picture, mask))
        return means[::-1] if order == "BGR" else means
    return wrong


TABLE = [  # the reason, and the wrong ways that it explains; p picture, m mask, n pixels inside
    ("A product wrapped around: the mask holds 255, and in uint8 200 times 255 is not 51,000 but 56. Use the mask to "
     "choose pixels, picture[mask > 0], or make floats first.",
     *(_ordered(lambda p, m, way=way: way(p * m[..., None], m, np.sum(m > 0))) for way in [
         lambda p, m, n: p.sum((0, 1)) / m.sum(), lambda p, m, n: p[m > 0].mean(0), lambda p, m, n: p.sum((0, 1)) / n,
         lambda p, m, n: p.sum((0, 1)) / 255 / n, lambda p, m, n: (p / 255).sum((0, 1)) / n])),
    ("A sum wrapped around: it was kept in uint8, where nothing is larger than 255. Python's own sum(...) and `+` stay "
     "in the type of the picture: use .mean(axis=0) or .sum(axis=0) of the array.",
     _ordered(lambda p, m: p[m > 0].sum(0, dtype=np.uint8) / np.sum(m > 0))),
    ("Red and blue have changed places. The answer is always red, green, blue; where order is \"BGR\", channel 0 of "
     "the picture is blue and channel 2 is red.",
     *(lambda p, m, order, change=change: by_scipy(p, m, change.get(order, order))
       for change in ({"BGR": "RGB"}, {"RGB": "BGR"}, {"RGB": "BGR", "BGR": "RGB"}))),
    ("Pixels outside the mask were counted too. Only those where the mask is not 0 belong to the nucleus.",
     _ordered(lambda p, m: p.mean((0, 1)))),
    ("This is the mean of what lies outside the mask. Inside is where the mask is not 0.",
     _ordered(lambda p, m: p[m == 0].mean(0)), _ordered(lambda p, m: p[m == 0 if (m == 0).any() else m > 0].mean(0))),
    ("The sum runs over the mask, but it was divided by the number of all pixels. Divide by that of those inside.",
     _ordered(lambda p, m: p[m > 0].sum(0) / m.size)),
    ("The sum over the pixels is there; it still has to be divided by their number.",
     _ordered(lambda p, m: p[m > 0].sum(0))),
    ("One number came out for all three channels. Take the mean over the pixels only, axis=0.",
     lambda p, m, order: p[m > 0].mean()),
    ("The mean ran along the channels: there is a number for each pixel. axis=0 are the pixels, axis=1 the channels.",
     _ordered(lambda p, m: p[m > 0].mean(1)), lambda p, m, order: p[m > 0].mean(1)),
    ("The mask was used as a list of row numbers: 255 is a row to NumPy, and there is no such row. Only an array of "
     "True and False chooses pixels: picture[mask > 0].", lambda p, m, order: p[m].mean(0)),
    ("The mask holds 0 and 255, not 0 and 1: no pixel is 1, and nothing is left to average. Ask for mask > 0.",
     lambda p, m, order: p[m == 1].mean(0)),
    ("The sum was divided by mask.sum(), which adds up 255 for each pixel inside. Their number is np.sum(mask > 0).",
     _ordered(lambda p, m: p[m > 0].sum(0) / m.sum())),
    ("These are the pixels themselves. Their mean is asked, channel by channel: .mean(axis=0).",
     _ordered(lambda p, m: p[m > 0]), lambda p, m, order: p[m > 0]),
    ("This is the median of each channel. The mean is asked.", _ordered(lambda p, m: np.median(p[m > 0], axis=0))),
]  # fmt: skip
MISTAKES = mistakes(*TABLE)
