"""Lesson 00's checker against the untouched stub, right answers and the classic mistakes."""

import numpy as np
import pytest
from harness import assert_status, checker_cases


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
    (lambda picture, threshold: 100 * (picture < threshold).mean(), "percentage"),
    (lambda picture, threshold: (picture < 100).mean(), "not used"),
    (lambda picture, threshold: picture < threshold, "table of True and False"),
    (lambda picture, threshold: picture[picture < threshold].mean(), "mean grey value"),
    (forgot_return, "Is a `return` missing?"),
    (too_few_brackets, "`return picture < threshold.sum() / picture.size`"),
    (spoils_the_picture, "changed the array it was given"),
    (lambda picture, threshold: 5 / 12, "The value is"),
    (lambda picture: 0, "cannot be called with"),
]

CASES = checker_cases("00", right={"0.1": right}, wrong={"0.1": WRONG})


@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize("answer", [by_loops, lambda p, threshold: np.mean(p < threshold)])
def test_other_right_ways(answer):
    assert_status("0.1", answer, "right")
