"""Checker of lesson 00."""

import numpy as np
from scipy.stats import percentileofscore

from course.checks.compare import Case, against_reference, mistakes
from course.checks.core import exercise

PATCH = np.array([[203, 198, 121, 97], [199, 88, 64, 91], [201, 100, 79, 180]], np.uint8)  # as on the page
TABLE = [  # the reason, and the wrong ways that it explains; p is the picture, t the threshold
    ("Pixels exactly at the threshold were counted too. Darker than means <, not <=.", lambda p, t: (p <= t).mean()),
    ("These are the bright pixels. Dark means a small number: which way must the < point?",
     lambda p, t: (p > t).mean(), lambda p, t: (p >= t).mean()),
    ("This is how many pixels are dark. The share is that count divided by the number of all pixels.",
     lambda p, t: (p < t).sum()),
    ("You divided by len(picture), the number of rows. All pixels together: picture.size.",
     lambda p, t: (p < t).sum() / len(p)),
    ("You divided by the number of columns. All pixels together: picture.size.",
     lambda p, t: (p < t).sum() / len(p[0])),
    ("You divided by 12, the number of pixels in patch. Other pictures have other sizes: picture.size.",
     lambda p, t: (p < t).sum() / 12),
    ("The threshold handed to your function is not used: 100 is written into the code.", lambda p, t: (p < 100).mean()),
    ("This is the table of True and False itself. Count its True entries and divide.", lambda p, t: p < t),
    ("This is the mean grey value of the dark pixels. Their share is asked: how many, of all.",
     lambda p, t: p[p < t].mean()),
    ("The share is rounded. Return it as the division gives it; round only what you print.",
     *(lambda p, t, digits=digits: np.round((p < t).mean(), digits) for digits in range(1, 7))),
    ("This compares dark with light pixels. A share is dark pixels divided by all pixels, dark ones included.",
     lambda p, t: (p < t).sum() / (p >= t).sum()),
    ("Unsigned numbers cannot fall below 0: in a uint8 picture, 10 - 50 gives 216. Compare without subtracting: "
     "picture < threshold.", lambda p, t: (p - t < 0).mean(), lambda p, t: (t - p > 0).mean()),
    ("The threshold has lost what stands behind its point. Compare with the number as it is handed in.",
     lambda p, t: (p < int(t)).mean()),
    ("The picture was turned into whole numbers, or into uint8, before it was compared. Take its numbers as they are.",
     lambda p, t: (p.astype(int) < t).mean(), lambda p, t: (p.astype(np.uint8) < t).mean()),
    ("Python's own sum(...) adds up the rows and leaves one number for each column. To count the whole table, use its "
     "method: (picture < threshold).sum().",
     lambda p, t: sum(p < t), lambda p, t: sum(p < t) / p.size, lambda p, t: sum(p < t) / len(p)),
    ("The last row was not counted. range(n) ends before n by itself.", lambda p, t: (p[:-1] < t).sum() / p.size),
    ("The last column was not counted. range(n) ends before n by itself.",
     lambda p, t: (p[:, :-1] < t).sum() / p.size),
    ("Brackets are missing: here .sum() or .mean() belongs to the threshold. Put the whole comparison into brackets: "
     "(picture < threshold).sum().", lambda p, t: p < t.sum(), lambda p, t: p < t.mean()),
    ("`patch`, a variable of the page, was counted instead of the picture handed in. Use `picture` in the function.",
     lambda p, t: np.less(PATCH, t).mean(), lambda p, t: np.less(PATCH, t).sum() / p.size),
    ("5 of the 12 pixels in `patch` are dark; in other pictures it is another share. Use `picture` and `threshold`, no "
     "number and no variable of the page.", lambda p, t: 5 / 12, lambda p, t: 5 / p.size),
    ("The result is the same for every picture and threshold. Was a number of the page used?",
     *(lambda p, t, fixed=fixed: fixed for fixed in (0, 1, 5, 12))),
]  # fmt: skip


def _cases():
    rng = np.random.default_rng(0)
    small = np.array([[10, 50, 90], [50, 200, 30]], np.uint8)
    return [
        Case(small, 50, note="two pixels are exactly 50"),
        Case(small, 40),
        Case(small, 60),
        Case(small, 50.5, note="a threshold need not be a whole number"),
        Case(small, 0, note="nothing is darker than black"),
        Case(small, 256, note="everything is darker than 256"),
        Case(np.array([[7]], np.uint8), 8, note="a single pixel"),
        Case(np.array([[3, 9, 250]], np.uint8), 200, note="one row"),
        Case(np.array([[3], [9], [90], [250]], np.uint8), 5, note="one column"),
        Case(rng.integers(0, 256, (5, 7), dtype=np.uint8), 128),
        Case(rng.integers(0, 256, (40, 30), dtype=np.uint8), 99),
        Case(np.array([[77.2, 77.9, 3.5], [78.1, 90, 77.5]]), 77.5, note="nor need grey values"),
        Case(rng.integers(-1000, 2000, (6, 6), dtype=np.int16), -200, note="16 bits, and numbers below 0"),
    ]


@exercise("0.1")
def dark_share(answer):
    """Share of the pixels darker than a threshold: picture (h, w), threshold -> number from 0 to 1."""
    return against_reference(
        answer, lambda picture, threshold: percentileofscore(picture.ravel(), threshold, kind="strict") / 100, _cases(),
        "SciPy's percentileofscore", mistakes(*TABLE))
