"""The size of a body in a volume, against balls, whose volume, surface and diameter are known."""

import numpy as np
import pytest

from course import CourseError
from course.imaging.volumes import measure_volume


def ball(radius, spacing):
    axes = [np.arange(-int(radius / step) - 2, int(radius / step) + 3) * step for step in spacing]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    return z**2 + y**2 + x**2 <= radius**2


@pytest.mark.parametrize(("radius", "spacing"), [(8, (1, 1, 1)), (12, (1, 1, 1)), (20, (2.5, 0.7, 0.7))])
def test_a_ball(radius, spacing):
    size = measure_volume(ball(radius, spacing), spacing)
    assert size["volume"] == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.02)
    assert size["surface"] == pytest.approx(4 * np.pi * radius**2, rel=0.05)
    assert size["diameter"] == pytest.approx(2 * radius, rel=0.03)


def test_twice_the_spacing_is_eight_times_the_volume():
    one, two = (measure_volume(ball(8, (1, 1, 1)), (step,) * 3) for step in (1, 2))
    assert two["volume"] == pytest.approx(8 * one["volume"]) and two["surface"] == pytest.approx(4 * one["surface"])
    assert two["diameter"] == pytest.approx(2 * one["diameter"])


@pytest.mark.parametrize(("mask", "spacing", "words"), [
    (np.ones((4, 4), bool), (1, 1, 1), "slices, rows, columns"), (np.ones((4, 4, 4)), (1, 1, 1), "a mask is bool"),
    (np.zeros((9, 9, 9), bool), (1, 1, 1), "marks 0 voxels"), (np.ones((4, 4, 4), bool), (1, 1), "three lengths"),
    (np.ones((4, 4, 4), bool), (1, 0, 1), "three lengths"), (np.ones((4, 4, 4), bool), (1, np.nan, 1), "three lengths"),
])
def test_what_cannot_be_measured_is_refused(mask, spacing, words):
    with pytest.raises(CourseError, match=words):
        measure_volume(mask, spacing)
