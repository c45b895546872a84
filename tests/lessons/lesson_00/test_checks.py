"""Lesson 00's checker against the untouched stub, right answers and the classic mistakes."""

import functools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_status, checker_cases

from course.checks import check


def right(picture, threshold):
    return (picture < threshold).sum() / picture.size


def by_loops(picture, threshold):
    count = 0
    for row in picture:
        for value in row:
            if value < threshold:
                count += 1
    return count / (len(picture) * len(picture[0]))


def forgot_return(picture, threshold):
    share = (picture < threshold).mean()  # noqa: F841


def too_few_brackets(picture, threshold):
    return picture < threshold.sum() / picture.size


def one_if_a_row(picture, threshold):
    count = 0
    for row in picture:
        if row < threshold:
            count += 1
    return count / picture.size


def one_if_the_picture(picture, threshold):
    if picture < threshold:
        return 1


def forgot_the_threshold(picture):
    return (picture < 100).mean()


patch = np.array([[203, 198, 121, 97], [199, 88, 64, 91], [201, 100, 79, 180]], dtype=np.uint8)  # as on the page
dark = patch < 100


def spoils_the_picture(picture, threshold):
    picture[picture < threshold] = 1
    picture[picture != 1] = 0
    return picture.mean()


WRONG = [
    (lambda picture, threshold: (picture <= threshold).mean(), "<, not <="),
    (lambda picture, threshold: (picture > threshold).mean(), "bright pixels"),
    (lambda picture, threshold: (picture >= threshold).mean(), "bright pixels"),
    (lambda picture, threshold: (picture < threshold).sum(), "number of all pixels"),
    (lambda picture, threshold: (picture < threshold).sum() / len(picture), "picture.size"),
    (lambda picture, threshold: 100 * (picture < threshold).mean(), "a percentage, where a share was asked"),
    (lambda picture, threshold: (picture < 100).mean(), "not used"),
    (lambda picture, threshold: picture < threshold, "table of True and False"),
    (lambda picture, threshold: picture[picture < threshold].mean(), "mean grey value"),
    (forgot_return, "Is a `return` missing?"),
    (too_few_brackets, "Brackets are missing"),
    (lambda picture, threshold: picture < threshold.mean(), "Brackets are missing"),
    (one_if_a_row, "One yes or no was wanted"),
    (one_if_the_picture, "One yes or no was wanted"),
    (lambda picture, threshold: dark.sum() / picture.size, "no variable of the page"),
    (lambda picture, threshold: dark.mean(), "no variable of the page"),
    (lambda picture, threshold: (patch < threshold).mean(), "`patch`, a variable of the page"),
    (lambda picture, threshold: (patch < threshold).sum() / picture.size, "`patch`, a variable of the page"),
    (lambda picture, threshold: (picture < threshold).sum() / patch.size, "You divided by 12"),
    (lambda picture, threshold: (picture < threshold).sum() // picture.size, "cut fractions off"),
    (lambda picture, threshold: int((picture < threshold).mean()), "cut fractions off"),
    (lambda picture, threshold: round((picture < threshold).mean()), "right but rounded"),
    (lambda picture, threshold: round((picture < threshold).mean(), 2), "is rounded"),
    (lambda picture, threshold: round((picture < threshold).mean(), 4), "is rounded"),
    (lambda picture, threshold: picture.size / (picture < threshold).sum(), "upside down"),
    (lambda picture, threshold: (picture < threshold).sum() / (picture >= threshold).sum(), "with light pixels"),
    (lambda picture, threshold: (picture - threshold < 0).mean(), "10 - 50 gives 216"),
    (lambda picture, threshold: (picture - threshold < 0).sum() / picture.size, "10 - 50 gives 216"),
    (lambda picture, threshold: (threshold - picture > 0).mean(), "10 - 50 gives 216"),
    (lambda picture, threshold: sum(picture < threshold), "Python's own sum"),
    (lambda picture, threshold: sum(picture < threshold) / picture.size, "Python's own sum"),
    (spoils_the_picture, "changed the array it was given"),
    (lambda picture, threshold: 5 / 12, "no variable of the page"),
    (lambda picture, threshold: 0, "Was a number of the page used?"),
    (forgot_the_threshold, "cannot be called with"),
    (lambda: 0, "cannot be called with"),
    (lambda picture, threshold, size: 0, "cannot be called with"),
]



def without(rows, columns):
    def misses_the_last(picture, threshold):
        count = 0
        for row in range(len(picture) - rows):
            for column in range(len(picture[0]) - columns):
                count += picture[row, column] < threshold
        return count / picture.size
    return misses_the_last


WRONG += [
    (lambda picture, threshold: (picture < int(threshold)).mean(), "what stands behind its point"),
    (lambda picture, threshold: (picture.astype(int) < threshold).mean(), "turned into whole numbers"),
    (lambda picture, threshold: (picture.astype(np.uint8) < threshold).mean(), "turned into whole numbers"),
    (lambda picture, threshold: (picture < threshold).sum() / len(picture[0]), "number of columns"),
    (without(1, 0), "last row was not counted"),
    (without(0, 1), "last column was not counted"),
    (without(1, 1), "was expected"),
    (lambda picture, threshold: (picture < np.array(threshold).astype(np.uint8)).mean(), "was expected"),
    (lambda picture, threshold: (picture < round(threshold)).mean(), "was expected"),
    (lambda picture, threshold: (picture - picture.mean() < threshold).mean(), "was expected"),
    (lambda picture, threshold: (abs(picture) < threshold).mean(), "was expected"),
    (lambda picture, threshold: len(set(picture[picture < threshold])) / picture.size, "was expected"),
]

CASES = checker_cases("00", right={"0.1": right}, wrong={"0.1": WRONG})


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers divide by zero
@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


class Counting:
    def __init__(self, kind):
        self.kind = kind

    def __call__(self, picture, threshold):
        return self.kind(int((picture < threshold).sum())) / self.kind(picture.size)


@pytest.mark.parametrize("answer", [
    by_loops, lambda p, threshold: np.mean(p < threshold), Counting(Fraction), Counting(Decimal), Counting(np.float32),
    functools.partial(lambda most, p, threshold: np.mean(p < threshold) / most, 1),
    lambda p, threshold: [[np.mean(p < threshold)]],
])  # fmt: skip
def test_other_right_ways(answer):
    assert_status("0.1", answer, "right")


def test_inputs_are_named_and_python_s_own_message_is_kept():
    shown = repr(check("0.1", lambda picture, threshold: (picture <= threshold).mean()))
    assert "picture = [[" in shown and "threshold = 50" in shown
    shown = repr(check("0.1", too_few_brackets))
    assert "has no attribute 'sum'" in shown and "`return picture < threshold.sum() / picture.size`" in shown
    assert "too many positional arguments" in repr(check("0.1", forgot_the_threshold))


def test_an_answer_by_another_name_for_its_inputs_is_right():
    def of(image, limit):
        return np.count_nonzero(image < limit) / image.size

    assert_status("0.1", of, "right")
