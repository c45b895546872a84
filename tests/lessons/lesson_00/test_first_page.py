"""What lesson 00 says in words about its six patients must be true of them."""

import numpy as np
import pytest
from harness import lesson_cells
from scipy.ndimage import binary_dilation
from skimage.filters import threshold_otsu

from course.data.cytology import draw, draw_mask, table
from course.widgets.lesson_00 import MARK, dark_share, grey_of, mark_dark

CASES = {"A": 149, "B": 186, "C": 100, "D": 391, "E": 446, "F": 324}


@pytest.fixture(scope="module")
def greys():
    return {letter: grey_of(draw(case)) for letter, case in CASES.items()}


def test_the_lesson_shows_these_cases():
    assert str(CASES).replace("'", '"') in "\n".join(cell.source for cell in lesson_cells("00").code)


def inside(letter):
    """Return the drawn nuclei of a patient: bool (h, w)."""
    return draw_mask(CASES[letter]) > 0


def around(letter):
    """Return halos and ground, without the blurred edge of the nuclei: bool (h, w)."""
    return ~binary_dilation(inside(letter), iterations=2)


def test_sizes_are_as_told_after_the_guess():
    sizes = {letter: np.sqrt(np.bincount(draw_mask(case).ravel())[1:]) for letter, case in CASES.items()}
    mean = {letter: size.mean() for letter, size in sizes.items()}
    uneven = {letter: size.std() / size.mean() for letter, size in sizes.items()}
    assert all(len(size) == 15 for size in sizes.values())
    assert mean["D"] * 1.3 < min(mean[letter] for letter in "ACF")
    assert max(mean[letter] for letter in "ACF") * 1.2 < min(mean["B"], mean["E"])
    assert uneven["D"] > 1.5 * max(value for letter, value in uneven.items() if letter != "D")
    concave = {letter: table()[0][case]["mean concave points"] for letter, case in CASES.items()}
    assert max(concave, key=concave.get) == "E"  # jagged


def test_otsu_marks_the_nuclei_and_c_still_stands_among_the_benign(greys):
    labels = {letter: table()[1][case] for letter, case in CASES.items()}
    thresholds = {letter: threshold_otsu(grey) for letter, grey in greys.items()}
    shares = {letter: dark_share(grey, thresholds[letter]) for letter, grey in greys.items()}
    for letter, grey in greys.items():  # the measurement is right
        marked = grey < thresholds[letter]
        assert marked[inside(letter)].mean() > 0.93
        assert marked[around(letter)].mean() < 0.005
        assert abs(shares[letter] - inside(letter).mean()) < 0.02
    order = sorted(shares, key=shares.get)
    assert {labels[letter] for letter in order[-2:]} == {1}
    assert labels["C"] == 1
    assert [labels[letter] for letter in order[:4]].count(1) == 1
    assert order.index("C") < max(order.index(letter) for letter in "ADF")
    assert abs(shares["C"] - shares["A"]) < 0.005  # "nearly the same share"
    assert min(shares["B"], shares["E"]) > shares["C"] + 0.04


def test_no_threshold_fits_both_c_and_f(greys):
    nuclei_of_c = inside("C")
    halos_of_f = around("F")
    assert (greys["F"][halos_of_f] < 150).mean() < 0.001  # nuclei only
    assert (greys["F"][halos_of_f] < 160).mean() > 0.005  # the halos begin to turn yellow
    assert (greys["C"][nuclei_of_c] < 150).mean() < 0.96  # holes
    assert (greys["C"][nuclei_of_c] < 170).mean() > 0.98  # full
    assert (greys["F"][halos_of_f] < 170).mean() > 0.05


def test_the_three_tries_on_patient_a_are_too_low_good_and_too_high(greys):
    grey, nuclei, rest = greys["A"], inside("A"), around("A")
    assert 0.2 < (grey[nuclei] < 110).mean() < 0.5  # patches
    assert (grey[nuclei] < 150).mean() > 0.97
    assert (grey[rest] < 150).mean() == 0
    left, right = np.split(rest & (grey < 200), 2, axis=1)
    assert left.mean() > 0.25 > 2 * right.mean()


def test_marking_paints_only_dark_pixels_and_keeps_the_picture():
    picture = np.array([[[10, 10, 10], [200, 200, 200]]], np.uint8)
    before = picture.copy()
    shown = mark_dark(picture, 100)
    np.testing.assert_array_equal(picture, before)
    assert shown.shape == (1, 8, 3)
    assert tuple(shown[0, 6]) == MARK
    assert tuple(shown[0, 7]) == (200, 200, 200)
