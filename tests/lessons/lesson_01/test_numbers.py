"""Answers to exercises 1.2 and 1.4, right and wrong, for the tests of the checkers, and what the cases are like."""

import functools

import numpy as np
import pytest
from harness import assert_status
from pydicom.examples import get_path

from course.checks.lesson_01 import blank
from course.checks.lesson_01 import window as ct
from course.imaging.dicom import read
from course.widgets import lesson_01 as panels


def ct_picture(stored, slope, intercept, level, width):
    if width <= 0:
        raise ValueError("width")
    share = (stored.astype(float) * slope + intercept - (level - width / 2)) / width
    return np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)


def viewed(hounsfield=lambda x, a, b: a * x + b, share=lambda h, c, w: (h - c) / w + 0.5,
           last=lambda y: np.round(255 * np.clip(y, 0, 1)).astype(np.uint8), check=True):  # fmt: skip
    def answer(stored, slope, intercept, level, width):
        if check and width <= 0:
            raise ValueError("width")
        return last(share(hounsfield(stored.astype(float), slope, intercept), level, width))
    return answer


def stretched(values):
    return (values - values.min()) / (np.ptp(values) or 1)


def whole_numbers_only(stored, slope, intercept, level, width):
    low, high = level - width // 2, level + width // 2
    values = np.clip(stored.astype(np.int16) * np.int16(slope) + np.int16(intercept), int(low), int(high))
    return np.clip((values - np.int16(low)) * 255 // width, 0, 255).astype(np.uint8)


def unconverted(stored, slope, intercept, level, width):
    share = (stored * slope + intercept - (level - width / 2)) / width
    return np.round(255 * np.clip(share, 0, 1)).astype(np.uint8)


def to_bytes(scale, number):
    return lambda y: number(np.clip(y, 0, 1) * scale).astype(int).astype(np.uint8)


WINDOW_WRONG = [
    (unconverted, "have 16 bits"),
    (whole_numbers_only, "have 16 bits"),
    (viewed(lambda x, a, b: x), "laid on the stored numbers"),
    (viewed(lambda x, a, b: x + b), "Slope and intercept are not used"),
    (viewed(lambda x, a, b: a * x), "Slope and intercept are not used"),
    (viewed(lambda x, a, b: a * x - b), "Slope and intercept are not used"),
    (viewed(lambda x, a, b: a * (x + b)), "Slope and intercept are not used"),
    (viewed(share=lambda h, c, w: (h - (c - w)) / (2 * w)), "The level is its middle"),
    (viewed(share=lambda h, c, w: (h - c) / w), "The level is its middle"),
    (viewed(share=lambda h, c, w: (h - (c - w)) / w), "The level is its middle"),
    (viewed(share=lambda h, c, w: (h - (w - c / 2)) / c), "Level and width have changed"),
    (viewed(share=lambda h, c, w: ((c + w / 2) - h) / w), "Black and white have changed"),
    (viewed(share=lambda h, c, w: (h - h.min()) / (np.ptp(h) or 1)), "darkest pixel became black"),
    (viewed(share=lambda h, c, w: stretched(np.clip(h, c - w / 2, c + w / 2))), "darkest pixel became black"),
    (viewed(last=lambda y: np.clip(y, 0, 1)), "scale from 0 to 1"),
    (viewed(last=lambda y: np.clip(y, 0, 1).astype(np.uint8)), "scale from 0 to 1"),
    (viewed(share=lambda h, c, w: np.clip(h, c - w / 2, c + w / 2), last=lambda h: h), "Hounsfield units still"),
    (viewed(last=lambda y: (255 * np.clip(y, 0, 1)).astype(np.uint8)), "fractions were cut off"),
    (viewed(last=to_bytes(256, np.array)), "not by 256"),
    (viewed(last=to_bytes(256, np.round)), "not by 256"),
    (viewed(share=lambda h, c, w: (h - c + 0.5) / (w - 1) + 0.5), "DICOM's LINEAR"),
    (viewed(last=lambda y: np.round(255 * y).astype(int).astype(np.uint8)), "outside it is not"),
    (viewed(last=lambda y: np.round(255 * y.clip(0)).astype(int).astype(np.uint8)), "outside it is not"),
    (viewed(last=lambda y: 255 * np.clip(y, 0, 1)), "but not their type"),
    (viewed(last=lambda y: np.round(255 * np.clip(y, 0, 1)).astype(int)), "but not their type"),
    (lambda stored, *rest: ct_picture(stored.astype(np.int16), *rest), "have 16 bits"),
    (viewed(last=lambda y: np.ceil(255 * np.clip(y, 0, 1)).astype(np.uint8)), "rounded up"),
    (viewed(last=lambda y: np.minimum(255, 256 * np.clip(y, 0, 1)).astype(np.uint8)), "not by 256"),
    (viewed(check=False), "divides by 0"),
    (lambda *inputs: ct_picture(*inputs) if inputs[-1] else np.zeros(inputs[0].shape, np.uint8), "divides by 0"),
    (lambda *inputs: ct_picture(*inputs) if inputs[-1] > 0 else ValueError("width"), "not `return`"),
    (lambda *inputs: print(end=""), "`return` missing"),
]


def steps(stored, slope, intercept, level, width):
    """Refuses windows narrower than one unit."""
    if width < 1:
        raise ValueError("width")
    return ct_picture(stored, slope, intercept, level, width)


WINDOW_WRONG += [
    (viewed(share=lambda h, c, w: (h - (c - w // 2)) / w), "off the half of an odd width"),
    (viewed(lambda x, a, b: abs(a) * x + b), "Slope and intercept are not used"),
    (viewed(lambda x, a, b: int(a) * x + b), "Slope and intercept are not used"),
    (viewed(lambda x, a, b: a * x + abs(b)), "Slope and intercept are not used"),
    (viewed(last=to_bytes(256, np.floor)), "not by 256"),
    (steps, "Your code stopped with ValueError: width"),
    (viewed(last=lambda y: np.where((y < 0) | (y > 1), 0, np.round(255 * y)).astype(np.uint8)), "outside it is not"),
    (lambda *inputs: ct_picture(*inputs).T, "rows and columns have changed places"),
    (lambda *inputs: ct_picture(*inputs)[:, ::-1], "left and right have changed places"),
    (lambda *inputs: ct_picture(*inputs).tolist(), "but not their type"),
    (viewed(lambda x, a, b: np.clip(x, 0, None) * a + b), "was expected"),
    (viewed(share=lambda h, c, w: (np.round(h) - c) / w + 0.5), "was expected"),
]
WINDOW_RIGHT = [
    viewed(lambda x, a, b: np.vectorize(lambda one: one * a + b, otypes=[float])(x)),
    functools.partial(lambda kind, stored, *rest: ct_picture(stored.astype(kind), *rest), np.float32),
    viewed(share=lambda h, c, w: (np.minimum(np.maximum(h, c - w / 2), c + w / 2) - c + w / 2) / w),
    viewed(last=lambda y: (255 * np.clip(y, 0, 1) + 0.5).astype(np.uint8)),
    viewed(last=lambda y: np.rint(np.interp(y, [0, 1], [0, 255])).astype("uint8")),
    viewed(last=lambda y: np.where(y < 0, 0, np.where(y > 1, 255, np.round(255 * y))).astype(np.uint8)),
    lambda stored, a, b, c, w: ct_picture(stored.astype(np.int32), float(a), float(b), c, w),
]

RECTANGLES = [(0, 0, 53, 320)]
BLANK_WRONG = [
    ([(0, 0, 320, 53)], "row, column, row, column"),
    ([(10, 13, 75, 6)], "ends, not sizes"),
    ([(13, 10, 19, 85)], "The name is gone, but"),
    ([(0, 0, 53, 160)], "The name is gone, but"),
    ([(0, 0, 50, 320)], "The name is gone, but"),
    ([(r, c, r + 1, c + 1) for r, c in np.argwhere(read(get_path("rgb_color")).values.max(axis=2)[:51] > 60)],
        "hospital's name can still be read"),  # letter by letter: the grey fringe of each is left
    ([(0, 90, 53, 320)], "hospital's name can still be read"),
    ([(0, 0, 240, 320)], "of the scan itself are blanked"),
    ([(0, 0, 55, 320)], "End above it"),
    ([(0, 0, 53, 321)], "does not lie in the picture"),
    ([(-1, 0, 53, 320)], "does not lie in the picture"),
    ([(0, 0, 53)], "this is a list"),
    ([(0.0, 0, 53.5, 320)], "whole numbers"),
    ("0, 0, 53, 320", "list of rectangles is needed"),
    ([], "The list is empty"),
]
BLANK_RIGHT = [panels.ABOVE_THE_SCAN, (0, 0, 52, 320), (0, 0, 54, 320),
               [[11, 5, 52, 312]], ((0, 0, 54, 150), (0, 150, 54, 320)), np.array([[0, 0, 52, 320]])]


@pytest.mark.parametrize(("number", "answer"), [("1.2", one) for one in WINDOW_RIGHT] + [
    ("1.4", one) for one in BLANK_RIGHT])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


def test_references_agree_with_our_own():
    for case in ct.cases():
        assert np.abs(case.run(ct.by_pydicom) - case.run(ct_picture)).max() <= 0.501


def test_the_cases_tell_the_mistakes_apart():
    assert any(case.args[0].dtype == np.uint16 for case in ct.cases())
    first = ct.cases()[0].run(ct.by_pydicom)
    assert first.min() == 0 and first.max() == 255 and np.any((first > 0) & (first < 255))


def test_only_writing_lies_above_the_scan():
    written = blank.writing()
    rows = np.flatnonzero(written.any(axis=1))
    assert rows[0] == 11 and rows[-1] == 51 and written[blank.NAME].sum() > 100
