"""Checker of lesson 00."""

import numpy as np
from scipy.stats import percentileofscore

from course.checks.compare import Case, Mistake, against_reference
from course.checks.core import exercise


def _reference(picture, threshold):
    return percentileofscore(picture.ravel(), threshold, kind="strict") / 100


def _cases():
    rng = np.random.default_rng(0)
    small = np.array([[10, 50, 90], [50, 200, 30]], dtype=np.uint8)
    return [
        Case(small, 50, note="two pixels are exactly 50"),
        Case(small, 40),
        Case(small, 0, note="nothing is darker than black"),
        Case(small, 256, note="everything is darker than 256"),
        Case(np.array([[7]], dtype=np.uint8), 8, note="a single pixel"),
        Case(rng.integers(0, 256, (5, 7), dtype=np.uint8), 128),
        Case(rng.integers(0, 256, (40, 30), dtype=np.uint8), 99),
        Case(rng.uniform(0, 255, (9, 4)), 77.5, note="grey values need not be whole numbers"),
    ]


@exercise("0.1")
def dark_share(answer):
    """Share of the pixels darker than a threshold: picture (h, w), threshold -> number from 0 to 1."""
    return against_reference(
        answer,
        reference=_reference,
        cases=_cases(),
        library="SciPy's percentileofscore",
        mistakes=[
            Mistake("Pixels exactly at the threshold were counted too. Darker than means <, not <=.",
                    wrong=lambda picture, threshold: (picture <= threshold).mean()),
            Mistake("These are the bright pixels. Dark means a small number: which way must the < point?",
                    wrong=lambda picture, threshold: (picture > threshold).mean()),
            Mistake("These are the bright pixels. Dark means a small number: which way must the < point?",
                    wrong=lambda picture, threshold: (picture >= threshold).mean()),
            Mistake("This is how many pixels are dark. The share is that count divided by the number of all pixels.",
                    wrong=lambda picture, threshold: (picture < threshold).sum()),
            Mistake("You divided by len(picture), the number of rows. All pixels together: picture.size.",
                    wrong=lambda picture, threshold: (picture < threshold).sum() / len(picture)),
            Mistake("This is a percentage. A share runs from 0 to 1: leave out the factor 100.",
                    wrong=lambda picture, threshold: 100 * (picture < threshold).mean()),
            Mistake("The threshold handed to your function is not used: 100 is written into the code.",
                    wrong=lambda picture, threshold: (picture < 100).mean()),
            Mistake("This is the table of True and False itself. Count its True entries and divide.",
                    wrong=lambda picture, threshold: picture < threshold),
            Mistake("This is the mean grey value of the dark pixels. Their share is asked: how many, of all.",
                    wrong=lambda picture, threshold: picture[picture < threshold].mean()),
        ],
    )  # fmt: skip
