"""What lesson 03 says in words must be true, and its panel must show what it says."""

import re

import numpy as np
import pytest
from harness import lesson_cells
from skimage.filters import threshold_otsu

from course.checks.lesson_03.threshold import TEN
from course.data.cytology import draw, draw_mask, table
from course.imaging.measurement import FEATURES
from course.imaging.segmentation import nuclear_threshold, segment_nuclei
from course.widgets import lesson_03 as widget
from course.widgets.lesson_03 import between_classes, dice, labels_at, outlined, smoothed

TEXT = " ".join(lesson_cells("03").text.split())


@pytest.fixture(scope="module")
def column():
    rows, _ = table()
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def state(case, threshold, smoothing=0.7, neck=0.13):
    """Count, Dice and area ratio that the panel shows."""
    labels = labels_at(smoothed(draw(case), smoothing), threshold, neck)
    true = draw_mask(case) > 0
    return labels.max(), dice(labels > 0, true), np.sum(labels > 0) / true.sum()


def test_the_ten_pixels():
    code = "\n".join(cell.source for cell in lesson_cells("03").code)
    shown = re.search(r"^ten = np.array\(\[(.*)\]\)$", code, re.M).group(1)
    assert [int(value) for value in shown.split(",")] == TEN.tolist()
    assert [round(between_classes(TEN, cut), 2) for cut in (1, 3, 4, 5)] == [2.25, 6.0, 6.0, 6.0]
    assert threshold_otsu(TEN) == 3
    assert max(range(10), key=lambda cut: between_classes(TEN, cut)) == 3


def test_the_speck_is_resisted_with_shares_only():
    speck = np.array([1, 1, 2, 2, 2, 3, 6, 7, 7, 12])
    cuts = (1, 2, 3, 6, 7)
    assert max(cuts, key=lambda t: between_classes(speck, t)) == 3
    assert max(cuts, key=lambda t: (speck[speck <= t].mean() - speck[speck > t].mean()) ** 2) == 7


def test_the_nuclei_of_patient_22_are_darker_in_each_channel():
    picture, nuclei = draw(22), draw_mask(22) > 0
    assert (picture[nuclei].mean(axis=0) < picture[~nuclei].mean(axis=0) - 50).all()


def test_the_hill_of_b_is_flat():
    red = draw(22)[..., 0]
    score = np.array([between_classes(red, cut) for cut in range(256)])
    near = np.flatnonzero(score >= 0.97 * score.max())
    assert (near[0], near[-1]) == (121, 151) and "from 121 to 151 $B$ stays within 3 %" in TEXT


def test_one_number_judges_validation_patients_as_told():
    from course.data.cytology import load, split_of_patients
    from course.evaluation.metrics import auc

    pictures, labels, _ = load(60)
    new = split_of_patients() == "validation"
    area = np.array([np.sum(segment_nuclei(picture) > 0) for picture in pictures[new]])
    darkness = -pictures[new].mean(axis=(1, 2, 3))
    assert new.sum() == 85 and np.mean(labels[new] == 0) > 0.6
    assert 0.55 < auc(labels[new], darkness) < 0.85 < 0.9 < auc(labels[new], area)


def test_the_hints_number_for_patient_22():
    assert f"The red channel of patient 22: {threshold_otsu(draw(22)[..., 0])}." in TEXT
    assert draw_mask(22).max() == 15 and table()[1][22] == 1


def test_patient_0_from_otsu_to_half_way():
    density = smoothed(draw(0))
    assert f"{threshold_otsu(density):.2f} {nuclear_threshold(density):.2f}" == "0.16 0.20"
    before, after = state(0, 0.16), state(0, 0.20)
    assert (before[0], after[0]) == (11, 14) and 0 < after[1] - before[1] < 0.06
    assert [state(0, cut)[0] < 15 for cut in (0.08, 0.4)] == [True, True] and state(0, 0.4)[0] == 2


def test_patient_239_is_repaired_by_the_threshold_and_only_counted_right_without_watershed():
    broken, lower, whole = state(239, 0.28), state(239, 0.20), state(239, 0.28, neck=0)
    assert broken[0] > 25 and lower[0] == whole[0] == 15
    assert whole[1] == pytest.approx(broken[1], abs=0.005) and 0.6 < whole[2] < 0.72
    assert lower[1] > 0.95 and abs(lower[2] - 1) < 0.03
    others = [state(239, 0.28, neck=neck)[0] for neck in (0.05, 0.2, 0.4, 0.6)]
    assert 15 not in others


def test_the_panel_and_its_outlines():
    shown = widget.explored(22, 0.18)
    assert shown.dtype == np.uint8 and shown.shape[2] == 3
    assert not np.array_equal(shown, widget.explored(22, 0.19))
    labels = np.zeros((4, 5), int)
    labels[1:3, 1:3], labels[1:3, 3] = 1, 2
    picture = outlined(np.full((4, 5, 3), 90, np.uint8), labels, times=3)
    assert (picture[3:9, 8] == 255).all() and (picture[3:9, 9] == 255).all()  # a line between nuclei that touch
    assert (picture[4, 4] == 90).all() and (picture[2, 4] == 0).all() and (picture[3, 4] == 255).all()


def test_what_the_table_proves(column):
    stored, p, a = column["mean compactness"], column["mean perimeter"], column["mean area"]
    assert (p**2 / a - 1).min() > 4 * np.pi - 1 > 11 > stored.max() and "$4\\pi - 1 = 11.57$" in TEXT
    candidate = p**2 / (4 * np.pi * a) - 1
    assert (stored > candidate).mean() > 0.95 and "for nearly all patients" in TEXT
    needed = {}
    for name in FEATURES:
        some = column[f"{name} error"] > 0
        above = (column[f"worst {name}"] - column[f"mean {name}"])[some]
        ratio = np.median(above / column[f"{name} error"][some])
        assert 5 < ratio < 6
        needed[name] = next(n for n in range(4, 200) if np.sqrt((n - 3) * (n - 1) / (3 * n)) >= ratio)
    assert (needed["radius"], needed["concavity"]) == (83, 111) == (min(needed.values()), max(needed.values()))
    simulated = np.random.default_rng(3).normal(size=(4000, 15))
    gaps = (np.sort(simulated)[:, -3:].mean(axis=1) - simulated.mean(axis=1)) / simulated.std(axis=1, ddof=1)
    assert 5 < gaps.mean() * np.sqrt(15) < 6  # "15 ordinary nuclei give what the table shows"
    assert stored.max() < 0.62  # pixel sides would give a disc more than any patient has


def test_three_giants_are_the_farthest_that_worst_can_lie_above_the_mean():
    for n in (10, 15, 83):
        values = np.r_[np.zeros(n - 3), np.ones(3)]
        above = (1 - values.mean()) / values.std(ddof=1)
        assert above == pytest.approx(np.sqrt((n - 3) * (n - 1) / (3 * n)))


def test_numbers_worked_on_paper():
    five = np.array([3, 9, 4, 8, 6])
    assert f"{five.std(ddof=1):.2f} {five.std(ddof=1) / np.sqrt(5):.2f}" == "2.55 1.14"
    assert f"{np.sqrt(52 / np.pi):.2f} {np.sqrt(13 / np.pi):.2f}" == "4.07 2.03"
    assert f"{144 / (24 * np.pi) - 1:.2f} {4 / np.pi - 1:.2f}" == "0.91 0.27"
    assert f"{np.log10(4):.2f}" == "0.60" and f"{8 / (2 * np.pi):.2f}" == "1.27"
    assert f"{0.3 * np.sqrt(15):.1f}" == "1.2"
