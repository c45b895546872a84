"""What lesson 22 says in words must be true of its fields, its chests and its panels."""

import numpy as np
import pytest

from course.imaging.volumes import doubling_time, volume
from course.reproduce import detection_22
from course.widgets import lesson_22 as widgets


def test_no_field_teaches_and_judges():
    assert not set(detection_22.TAUGHT) & set(detection_22.JUDGED) and len(detection_22.JUDGED) == 80
    assert len(detection_22.found(widgets.SHOWN[-1])[0].lesions) == 0


def test_the_judge_gains_and_the_captions_numbers():
    gain, low, high = detection_22.gain(resamples=300)
    assert gain > 0.2 and 0.1 < low < gain < high
    curve = detection_22.curves()["classifier"]
    points = [curve.at(threshold) for threshold in widgets.STATES]
    assert points[0][0] > 0.8 and 5 < points[0][1] < 6 and points[1][0] > 0.5 and points[1][1] < 1
    assert 0.15 < points[2][0] < 0.25 and points[2][1] < 0.1


def test_numbers_worked_by_hand():
    assert doubling_time(100, 200, 90) == pytest.approx(90) and doubling_time(100, 400, 90) == pytest.approx(45)
    assert doubling_time(6**3, 7**3, 90) == pytest.approx(135, abs=0.5)
    assert doubling_time(200, 300, 60) == pytest.approx(102.6, abs=0.05)


def test_small_nodules_in_thick_slices_are_measured_worst():
    table = detection_22.volume_errors()
    assert (table.loc["20 mm"] < 0.04).all() and 0.3 < table.loc["4 mm", "5 mm slices"] < 0.5
    assert table.loc["4 mm", "5 mm slices"] == table.to_numpy().max()
    worst = detection_22.ratios(4, 5.0)
    assert (table.loc["20 mm"] < 0.03).all() and worst.mean() < 0.8 and worst.min() == 0 and worst.max() > 1


def test_three_states_of_the_nodule():
    errors = [volume(*widgets.measured(*state)[1:]) / widgets.ball(state[0]) - 1
              for state in ((14, 0.625), (6, 1.25), (6, 5.0))]
    assert abs(errors[0]) < 0.03
    seen = widgets.measured(6, 5.0)[1].any(axis=(1, 2)).sum()
    assert seen in (1, 2)


def test_panels_draw_every_corner():
    fields = {widgets.froc_panel(field, threshold).tobytes() for field in widgets.SHOWN
              for threshold in (widgets.THRESHOLDS[0], widgets.THRESHOLDS[-1])}
    assert len(fields) == 2 * len(widgets.SHOWN)
    nodules = {widgets.nodule_panel(diameter, thickness).tobytes() for diameter in widgets.DIAMETERS
               for thickness in widgets.THICKNESSES}
    assert len(nodules) == len(widgets.DIAMETERS) * len(widgets.THICKNESSES)


def test_every_lesion_has_a_candidate_nearly_always():
    curve = detection_22.curves()["strength"]
    assert np.isfinite(curve.lesions).mean() > 0.95
