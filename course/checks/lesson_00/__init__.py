"""Checker of lesson 00."""

import re

import numpy as np
from scipy.stats import percentileofscore

from course.checks.compare import Case, Mistake, against_reference, find_difference
from course.checks.core import NotYet, call, exercise

ON_THE_PAGE = ("patch", "dark")  # variables of the lesson that stand ready when the learner writes the function
WRAPS = ("Unsigned numbers cannot fall below 0: in a uint8 picture, 10 - 50 gives 216. Compare without subtracting: "
         "picture < threshold.")  # fmt: skip
BRIGHT = "These are the bright pixels. Dark means a small number: which way must the < point?"
ROUNDED = "The share is rounded. Return it as the division gives it; round only what you print."
BUILTIN_SUM = ("Python's own sum(...) adds up the rows and leaves one number for each column. To count the whole "
               "table, use its method: (picture < threshold).sum().")  # fmt: skip


def _cases():
    rng = np.random.default_rng(0)
    small = np.array([[10, 50, 90], [50, 200, 30]], dtype=np.uint8)
    return [
        Case(small, 50, note="two pixels are exactly 50"),
        Case(small, 40),
        Case(small, 60),
        Case(small, 0, note="nothing is darker than black"),
        Case(small, 256, note="everything is darker than 256"),
        Case(np.array([[7]], dtype=np.uint8), 8, note="a single pixel"),
        Case(rng.integers(0, 256, (5, 7), dtype=np.uint8), 128),
        Case(rng.integers(0, 256, (40, 30), dtype=np.uint8), 99),
        Case(rng.uniform(0, 255, (9, 4)), 77.5, note="grey values need not be whole numbers"),
    ]


def _share(picture, threshold):
    return (picture < threshold).mean()


def _ratio(numerator, denominator):
    return np.float64(numerator) / np.float64(denominator)


MISTAKES = [
    Mistake("Pixels exactly at the threshold were counted too. Darker than means <, not <=.",
            wrong=lambda picture, threshold: (picture <= threshold).mean()),
    Mistake(BRIGHT, wrong=lambda picture, threshold: (picture > threshold).mean()),
    Mistake(BRIGHT, wrong=lambda picture, threshold: (picture >= threshold).mean()),
    Mistake("This is how many pixels are dark. The share is that count divided by the number of all pixels.",
            wrong=lambda picture, threshold: (picture < threshold).sum()),
    Mistake("You divided by len(picture), the number of rows. All pixels together: picture.size.",
            wrong=lambda picture, threshold: (picture < threshold).sum() / len(picture)),
    Mistake("You divided by 12, the number of pixels in patch. Other pictures have other sizes: picture.size.",
            wrong=lambda picture, threshold: (picture < threshold).sum() / 12),
    Mistake("This is a percentage. A share runs from 0 to 1: leave out the factor 100.",
            wrong=lambda picture, threshold: 100 * _share(picture, threshold)),
    Mistake("The threshold handed to your function is not used: 100 is written into the code.",
            wrong=lambda picture, threshold: (picture < 100).mean()),
    Mistake("This is the table of True and False itself. Count its True entries and divide.",
            wrong=lambda picture, threshold: picture < threshold),
    Mistake("This is the mean grey value of the dark pixels. Their share is asked: how many, of all.",
            wrong=lambda picture, threshold: picture[picture < threshold].mean()),
    Mistake("// divides and throws away what stands behind the point. Use a single /.",
            wrong=lambda picture, threshold: (picture < threshold).sum() // picture.size),
    *(Mistake(ROUNDED, wrong=lambda picture, threshold, digits=digits: np.round(_share(picture, threshold), digits))
      for digits in range(5)),
    Mistake("The division is upside down: all pixels by dark pixels. A share is dark pixels divided by all pixels.",
            wrong=lambda picture, threshold: _ratio(picture.size, (picture < threshold).sum())),
    Mistake("This compares dark with light pixels. A share is dark pixels divided by all pixels, dark ones included.",
            wrong=lambda picture, threshold: _ratio((picture < threshold).sum(), (picture >= threshold).sum())),
    Mistake(WRAPS, wrong=lambda picture, threshold: (picture - threshold < 0).mean()),
    Mistake(WRAPS, wrong=lambda picture, threshold: (threshold - picture > 0).mean()),
    Mistake(BUILTIN_SUM, wrong=lambda picture, threshold: sum(picture < threshold)),
    Mistake(BUILTIN_SUM, wrong=lambda picture, threshold: sum(picture < threshold) / picture.size),
    Mistake(BUILTIN_SUM, wrong=lambda picture, threshold: sum(picture < threshold) / len(picture)),
]  # fmt: skip

STOPPED = {  # words of Python's message -> the likely reason
    r"'(int|float)' object has no attribute '(sum|mean)'":
        "Brackets are missing: here .sum() or .mean() belongs to the threshold. Put the whole comparison into "
        "brackets: (picture < threshold).sum().",
    r"truth value of an array":
        "`if` needs one True or False, but a comparison of many pixels gives many. Compare the whole picture, "
        "picture < threshold, and count with .sum(); no `if` is needed.",
    r"cannot be called with what this exercise hands over":
        "Your function is handed two things, a picture and a threshold. Keep its first line: "
        "def dark_share(picture, threshold):",
}  # fmt: skip


@exercise("0.1")
def dark_share(answer):
    """Share of the pixels darker than a threshold: picture (h, w), threshold -> number from 0 to 1."""
    ignores = _ignores_the_picture(answer)
    try:
        return against_reference(
            answer,
            reference=lambda picture, threshold: percentileofscore(picture.ravel(), threshold, kind="strict") / 100,
            cases=_cases(),
            library="SciPy's percentileofscore",
            mistakes=[Mistake(_elsewhere(answer), when=lambda *_: True)] if ignores else MISTAKES,
        )
    except NotYet as problem:
        for words, reason in STOPPED.items():
            if re.search(words, problem.reason):
                raise NotYet(reason, [*problem.details, ("came out", problem.reason)], problem.error) from None
        raise


def _ignores_the_picture(answer):
    """Return True when a black, a grey and a white picture of one size give the same result.

    The grey values are floats: unsigned ones that wrap around can give the same result too, and are another mistake.
    """
    try:
        black, *others = [call(answer, np.full((3, 4), grey), 120) for grey in (0.0, 120.0, 255.0)]
    except Exception:
        return False  # against_reference says what is wrong
    return all(find_difference(other, black) is None for other in others)


def _elsewhere(answer):
    """Return the reason for a result that does not depend on the picture; a variable of the page is named if used."""
    used = [name for name in ON_THE_PAGE if name in getattr(getattr(answer, "__code__", None), "co_names", ())]
    guess = f"`{used[0]}` is a variable of the page." if used else "Was a number or a variable of the page used?"
    return f"The result does not depend on the picture handed in. {guess} Inside the function, use `picture`."
