"""What lesson 00 says in words about its six patients must be true of them."""

import numpy as np
import pytest
from harness import lesson_cells

from course.data.cytology import draw, draw_mask, table
from course.widgets.lesson_00 import MARK, dark_share, grey_of, mark_dark

CASES = {"A": 149, "B": 186, "C": 100, "D": 391, "E": 446, "F": 324}


@pytest.fixture(scope="module")
def greys():
    return {letter: grey_of(draw(case)) for letter, case in CASES.items()}


def test_the_lesson_shows_these_cases():
    assert str(CASES).replace("'", '"') in "\n".join(cell.source for cell in lesson_cells("00").code)


def test_two_malignant_patients_stand_at_the_end_and_one_among_the_benign(greys):
    labels = {letter: table()[1][case] for letter, case in CASES.items()}
    order = sorted(greys, key=lambda letter: dark_share(greys[letter], 140))
    assert {labels[letter] for letter in order[-2:]} == {1}
    assert [labels[letter] for letter in order[:4]].count(1) == 1
    assert labels["C"] == 1
    assert order.index("C") < max(order.index(letter) for letter in "ADF")


def test_no_threshold_fits_both_c_and_f(greys):
    def overlap(letter, threshold):
        mask, marked = draw_mask(CASES[letter]) > 0, greys[letter] < threshold
        return 2 * (mask & marked).sum() / (mask.sum() + marked.sum())

    thresholds = range(0, 256, 5)
    best = {letter: max(overlap(letter, t) for t in thresholds) for letter in "CF"}
    together = max(min(overlap("C", t), overlap("F", t)) for t in thresholds)
    assert min(best.values()) > 0.9
    assert together < min(best.values()) - 0.03


def test_the_three_tries_on_patient_a_are_too_low_good_and_too_high(greys):
    mask = draw_mask(CASES["A"]) > 0
    holes = {t: 1 - (greys["A"][mask] < t).mean() for t in (110, 140, 180)}
    spill = {t: (greys["A"][~mask] < t).mean() for t in (110, 140, 180)}
    assert holes[110] > 0.4 > holes[140]
    assert spill[140] < 0.02 < spill[180]


def test_marking_paints_only_dark_pixels_and_keeps_the_picture():
    picture = np.array([[[10, 10, 10], [200, 200, 200]]], np.uint8)
    before = picture.copy()
    shown = mark_dark(picture, 100)
    np.testing.assert_array_equal(picture, before)
    assert shown.shape == (1, 8, 3)
    assert tuple(shown[0, 6]) == MARK
    assert tuple(shown[0, 7]) == (200, 200, 200)
