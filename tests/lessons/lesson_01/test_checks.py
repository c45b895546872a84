"""Lesson 01's checkers: right answers in several styles, untouched stubs, and every classic mistake with its reason."""

from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from PIL import Image

from lesson_01.test_numbers import BLANK_WRONG, RECTANGLES, WINDOW_WRONG, ct_picture


def refused(picture, box):
    x, y, width, height = box
    return (min(x, y) < 0 or min(width, height) < 1 or x + width > picture.shape[1] or y + height > picture.shape[0])


def crop(picture, box, check=True):
    x, y, width, height = box
    if check and refused(picture, box):
        raise ValueError("outside")
    return picture[y:y + height, x:x + width]


def slices(rows, columns):
    def answer(picture, box):
        if refused(picture, box):
            raise ValueError("outside")
        return picture[slice(*rows(*box)), slice(*columns(*box))]
    return answer


def twice(picture, box):
    x, y, width, height = box
    return picture[y:y + height][x:x + width]


def refuses_the_edge(picture, box):
    x, y, width, height = box
    if x + width >= picture.shape[1] or y + height >= picture.shape[0]:
        raise ValueError("outside")
    return crop(picture, box)


def checks_only(test):
    def answer(picture, box):
        if test(picture, *box):
            raise ValueError("outside")
        return crop(picture, box, check=False)
    return answer


def row_by_row(picture, box):
    if refused(picture, box):
        raise ValueError("outside")
    x, y, width, height = box
    return np.array([picture[row][x:x + width] for row in range(y, y + height)])


def by_pillow(picture, box):
    if refused(picture, box):
        raise ValueError("outside")
    x, y, width, height = box
    return np.asarray(Image.fromarray(picture).crop((x, y, x + width, y + height)))


CROP_WRONG = [
    (slices(lambda x, y, w, h: (x, x + w), lambda x, y, w, h: (y, y + h)), "mixed up: x and the width"),
    (slices(lambda x, y, w, h: (x, x + h), lambda x, y, w, h: (y, y + w)), "mixed up: x and the width"),
    (slices(lambda x, y, w, h: (y, y + w), lambda x, y, w, h: (x, x + h)), "mixed up: x and the width"),
    (slices(lambda x, y, w, h: (y, y + h + 1), lambda x, y, w, h: (x, x + w + 1)), "A slice ends *before*"),
    (slices(lambda x, y, w, h: (y, y + h - 1), lambda x, y, w, h: (x, x + w - 1)), "A slice ends *before*"),
    (slices(lambda x, y, w, h: (y, h), lambda x, y, w, h: (x, w)), "sizes, not places"),
    (slices(lambda x, y, w, h: (x, w), lambda x, y, w, h: (y, h)), "sizes, not places"),
    (twice, "Two pairs of brackets"),
    (slices(lambda x, y, w, h: (y, y + h), lambda x, y, w, h: (0, w)), "Not all of the box is used"),
    (slices(lambda x, y, w, h: (0, h), lambda x, y, w, h: (0, w)), "Not all of the box is used"),
    (slices(lambda x, y, w, h: (y, y + h), lambda x, y, w, h: (None,)), "Not all of the box is used"),
    (slices(lambda x, y, w, h: (None,), lambda x, y, w, h: (x, x + w)), "Not all of the box is used"),
    (lambda picture, box: crop(picture, box).T if picture.ndim == 2 else crop(picture, box), "lies on its side"),
    (lambda picture, box: crop(picture, box) if picture.ndim == 2 else crop(picture[..., 0], box), "One channel"),
    (refuses_the_edge, "A box that fits was refused"),
    (checks_only(lambda p, x, y, w, h: x + w > p.shape[0]), "A box that fits was refused"),
    (lambda picture, box: crop(picture, box, check=False), "hangs over the edge must be refused"),
    (checks_only(lambda p, x, y, w, h: x + w > p.shape[1]), "hangs over the edge must be refused"),
    (checks_only(lambda p, x, y, w, h: x + w > p.shape[1] or y + h > p.shape[0]), "begins before the picture"),
    (checks_only(lambda p, x, y, w, h: x + w > p.shape[1] or y + h > p.shape[0] or x < 0 or y < 0), "without a pixel"),
    (lambda picture, box: ValueError("outside") if refused(picture, box) else crop(picture, box), "not `return`"),
    (lambda picture, box: picture.no_such(), "in line "),
    (lambda picture, box: print(end=""), "`return` missing"),
]
CROP_WRONG += [
    (checks_only(lambda p, x, y, w, h: p[y:y + h, x:x + w].shape[:2] != (h, w)), "begins before the picture"),
    (checks_only(lambda p, x, y, w, h: p[y:y + h, x:x + w].shape[:2] != (h, w) or min(x, y) < 0), "without a pixel"),
    (checks_only(lambda p, x, y, w, h: min(x, y) < 0 or min(w, h) < 1 or x + w > p.shape[-1] or y + h > p.shape[0]),
     "Your code stopped with ValueError: outside"),
    (checks_only(lambda p, x, y, w, h: min(x, y) < 0 or min(w, h) < 1 or (p.ndim == 2 and refused(p, (x, y, w, h)))),
     "edge of a colour picture"),
    (lambda picture, box: print(crop(picture, box), end=""), "`return` missing"),
    (lambda picture, box: crop(picture, box).astype(np.uint8), "was expected"),
    (lambda picture, box: crop(picture, box)[::-1], "turned round"),
    (lambda picture, box: picture[box[1]:box[1] + box[3], box[0]:box[0] + box[2], 0], "too many indices"),
    (lambda picture, box: crop(*(picture, box), check=True) if refused(picture, box) is False else [].pop(),
     "Nothing in your code did"),
]
CROP_RIGHT = [
    lambda picture, box: crop(picture, box).copy(),
    lambda picture, box: crop(picture, box).tolist(),
    row_by_row,
    by_pillow,
    lambda picture, box: crop(picture, box).astype(float),
]


def mean_colour(picture, mask, order):
    inside = picture[mask > 0]
    if len(inside) == 0:
        raise ValueError("empty")
    means = inside.mean(axis=0)
    return means[::-1] if order == "BGR" else means


def ordered(means):
    """Return an answer that gets all right but the means (a function of picture and mask)."""
    def answer(picture, mask, order):
        if not mask.any():
            raise ValueError("empty")
        found = np.asarray(means(picture, mask))
        return found[::-1] if order == "BGR" else found
    return answer


def added_up(picture, mask):
    return sum(picture[mask > 0]) / np.count_nonzero(mask)


def by_loop(picture, mask):
    total = np.zeros(3, np.uint8)
    for row, column in np.argwhere(mask):
        total = total + picture[row, column]
    return total / np.count_nonzero(mask)


def product(divide):
    return ordered(lambda picture, mask: divide(picture * mask[..., None], mask))


COLOUR_WRONG = [
    (product(lambda p, mask: p.sum((0, 1)) / mask.sum()), "A product wrapped around"),
    (product(lambda p, mask: p.sum((0, 1)) / (mask > 0).sum()), "A product wrapped around"),
    (product(lambda p, mask: (p / 255).sum((0, 1)) / (mask > 0).sum()), "A product wrapped around"),
    (product(lambda p, mask: p[mask > 0].mean(0)), "A product wrapped around"),
    (ordered(added_up), "A sum wrapped around"),
    (ordered(by_loop), "A sum wrapped around"),
    (lambda picture, mask, order: mean_colour(picture, mask, "RGB"), "Red and blue have changed"),
    (lambda picture, mask, order: mean_colour(picture, mask, "BGR"), "Red and blue have changed"),
    (lambda p, mask, order: mean_colour(p, mask, {"RGB": "BGR", "BGR": "RGB"}[order]), "Red and blue have changed"),
    (ordered(lambda p, mask: p.mean((0, 1))), "outside the mask were counted"),
    (ordered(lambda p, mask: p[mask == 0].mean(0) if (mask == 0).any() else p.mean((0, 1))), "lies outside the mask"),
    (ordered(lambda p, mask: p[mask > 0].sum(0) / mask.size), "number of all pixels"),
    (ordered(lambda p, mask: (p * (mask > 0)[..., None]).mean((0, 1))), "number of all pixels"),
    (ordered(lambda p, mask: p[mask > 0].sum(0)), "divided by their number"),
    (ordered(lambda p, mask: p[mask > 0].sum(0) / mask.sum()), "divided by mask.sum()"),
    (lambda p, mask, order: p[mask > 0].mean(), "One number came out"),
    (ordered(lambda p, mask: p[mask > 0]), "pixels themselves"),
    (ordered(lambda p, mask: p[mask > 0].mean(axis=1)), "ran along the channels"),
    (ordered(lambda p, mask: p[mask].mean(0)), "list of row numbers"),
    (ordered(lambda p, mask: p[mask == 1].mean(0)), "not 0 and 1"),
    (ordered(lambda p, mask: p[mask > 0].sum(0) // (mask > 0).sum()), "cut fractions off"),
    (ordered(lambda p, mask: p[mask > 0].mean(0).astype(np.uint8)), "cut fractions off"),
    (ordered(lambda p, mask: p[mask > 0].mean(0).round()), "right but rounded"),
    (ordered(lambda p, mask: p[mask > 0].mean(0) / 255), "divided by mask.sum()"),
    (ordered(lambda p, mask: np.median(p[mask > 0], axis=0)), "median"),
    (lambda p, mask, order: p[mask > 0].mean(0)[::-1 if order == "BGR" else 1], "no mean of nothing"),
    (lambda p, mask, order: mean_colour(p, mask, order) if mask.any() else np.zeros(3), "no mean of nothing"),
    (lambda p, mask, order: p.no_such(), "in line "),
]
COLOUR_WRONG += [
    (lambda p, mask, order: print(mean_colour(p, mask, order), end=""), "`return` missing"),
    (ordered(lambda p, mask: p[mask > 0][9]), "index 9 is out of bounds"),
    (ordered(lambda p, mask: p[mask > 0].mean(0, dtype=np.float16)), "was expected"),
    (lambda p, mask, order: mean_colour(p, mask, order).tolist()[0], "the first of what was asked"),
    (ordered(lambda p, mask: p[mask > 0].mean(0)[:, None]), "last. [..., 0] or `squeeze`"),
    (ordered(lambda p, mask: np.average(p[mask > 0], axis=0, weights=p[mask > 0].sum(1) + 1.0)[None][0]),
     "was expected"),
]
COLOUR_RIGHT = [
    ordered(lambda p, mask: [Fraction(int(p[..., c][mask == 255].sum()), int((mask > 0).sum())) for c in range(3)]),
    lambda p, mask, order: tuple(mean_colour(p, mask, order).tolist()),
    lambda p, mask, order: list(mean_colour(p, mask, order)),
    ordered(lambda p, mask: [np.mean(p[..., c][mask == 255]) for c in range(3)]),
    ordered(lambda p, mask: p.astype(np.float32)[mask.astype(bool)].mean(axis=0)),
    ordered(lambda p, mask: (p.astype(float) * mask[..., None]).sum((0, 1)) / mask.sum()),
    ordered(lambda p, mask: np.average(p.reshape(-1, 3), axis=0, weights=mask.ravel())),
    lambda p, mask, order: mean_colour(p if order == "RGB" else p[:, :, ::-1], mask, "RGB"),
]  # fmt: skip


ALL_WRONG = {"1.1": CROP_WRONG, "1.2": WINDOW_WRONG, "1.3": COLOUR_WRONG, "1.4": BLANK_WRONG}
ALL_RIGHT = {"1.1": crop, "1.2": ct_picture, "1.3": mean_colour, "1.4": RECTANGLES}
CASES = checker_cases("01", right=ALL_RIGHT, wrong=ALL_WRONG)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers overflow, divide by zero, or average nothing
@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer"), [("1.1", one) for one in CROP_RIGHT] + [
    ("1.3", one) for one in COLOUR_RIGHT])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", ALL_WRONG)
def test_every_mistake_has_its_own_reason(number):
    wrong = list({words: (answer, words) for answer, words in ALL_WRONG[number]}.values())
    assert_reasons_differ(number, wrong)
