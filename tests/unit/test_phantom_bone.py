"""The drawn wrist: what is measured from the picture is what was asked."""

import numpy as np
import pytest
from scipy import ndimage

from course import CourseError
from course.data.phantom_bone import draw
from course.imaging.fractures import gap_and_step


def measured(radiograph):
    """Return (gap, step) in mm from the picture alone: of both pieces the lowest edge, and how far they reach."""
    pieces, n = ndimage.label(ndimage.gaussian_filter(radiograph.picture.astype(float), 1) > 100)
    assert n == 2
    along = np.array([np.sin(np.deg2rad(20)), np.cos(np.deg2rad(20))])
    across = np.array([-along[1], along[0]])
    found = {}
    for k in (1, 2):
        places = (np.argwhere(pieces == k) + 0.5) * radiograph.spacing
        columns = np.round(places @ along)  # strips of a millimetre, at a right angle to the surface
        surface = np.median([(places[columns == c] @ across).min() for c in np.unique(columns)[3:-3]])
        found[columns.mean()] = places @ along, surface
    main, piece = (found[key] for key in sorted(found))
    return piece[0].min() - main[0].max(), piece[1] - main[1]


@pytest.mark.parametrize(("gap", "step", "spacing"), [
    (2.0, 1.0, (0.2, 0.2)), (3.0, -2.0, (0.15, 0.15)), (1.5, 0.0, (0.1, 0.2)), (4.0, 2.5, (0.2, 0.1)),
])  # fmt: skip
def test_what_was_drawn_is_measured(gap, step, spacing):
    found = measured(draw(gap, step, spacing))
    assert found == pytest.approx((gap, step), abs=0.45)


@pytest.mark.parametrize(("gap", "step"), [(0.0, 0.0), (2.0, 1.0), (5.0, -4.0)])
def test_the_truth_in_pixels_is_the_truth_in_millimetres(gap, step):
    for spacing in ((0.2, 0.2), (0.1, 0.4)):
        truth = draw(gap, step, spacing).truth
        assert gap_and_step(truth["main"], truth["piece"][0], spacing) == pytest.approx((gap, step), abs=1e-9)
        assert (truth["gap"], truth["step"]) == (gap, step)


@pytest.mark.parametrize(("surface", "corner", "spacing", "words"), [
    (np.zeros((2, 2)), np.ones(2), (1, 1), "same point"),
    (np.eye(2), np.ones(3), (1, 1), "are needed"),
    (np.eye(2), np.ones(2), (1, 0), "lengths above 0"),
])  # fmt: skip
def test_what_cannot_be_measured_is_refused(surface, corner, spacing, words):
    with pytest.raises(CourseError, match=words):
        gap_and_step(surface, corner, spacing)


def test_size_follows_the_spacing_and_the_seed_only_the_noise():
    assert draw(spacing=(0.2, 0.4)).picture.shape == (240, 110)
    assert (draw(seed=1).picture == draw(seed=1).picture).all()
    assert np.abs(draw(seed=1).picture.astype(int) - draw(seed=2).picture).mean() < 6


@pytest.mark.parametrize("asked", [{"gap": -1}, {"step": 9}, {"spacing": (0, 0.2)}, {"spacing": (0.2, 4)}])
def test_what_cannot_be_drawn_is_refused(asked):
    with pytest.raises(CourseError, match=r"takes a gap|spacing"):
        draw(**asked)
