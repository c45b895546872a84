"""The drawer's two shortcuts: off by default, and nothing but themselves when on."""

import numpy as np
import pytest

from course import CourseError
from course.data import cytology, marker


def test_off_by_default_and_the_rest_untouched():
    plain, marked = cytology.draw(12, 64), cytology.draw(12, 64, marker=True)
    changed = (plain != marked).any(axis=-1)
    assert (cytology.draw(12, 64, marker=False, nuclei=15) == plain).all()
    assert changed[marker.mask(64)].all() and not changed[20:].any() and not changed[:, 20:].any()
    assert (marked <= plain).all(), "ink takes light away"


def test_many_at_once_and_the_input_stays():
    pictures = np.stack([cytology.draw(case, 64) for case in (1, 2)])
    before = pictures.copy()
    assert (marker.marked(pictures)[1] == cytology.draw(2, 64, marker=True)).all() and (pictures == before).all()


@pytest.mark.parametrize("size", [48, 64, 150])
def test_the_mark_covers_the_same_share_at_any_size(size):
    assert 0.004 < marker.mask(size).mean() < 0.02


@pytest.mark.parametrize("count", [8, 15, 20, 25])
def test_other_numbers_of_nuclei(count):
    for case in (0, 12):
        labels = cytology.draw_mask(case, 96, nuclei=count)
        assert sorted(np.unique(labels)) == list(range(count + 1))
        assert cytology.draw(case, 96, nuclei=count).shape == (96, 96, 3)


@pytest.mark.parametrize("count", [7, 26, 15.0, "15"])
def test_a_number_that_is_none_is_refused(count):
    with pytest.raises(CourseError, match="nuclei = "):
        cytology.draw(0, nuclei=count)
