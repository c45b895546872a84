"""Drawn spots on drawn skin: what was asked for is measured again in the picture and its mask."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from course import CourseError
from course.data.phantom_skin import PIGMENTS, PIXEL, TONES, skin_colour, spot
from course.imaging import dermoscopy
from course.imaging.volumes import in_plane_diameters


@pytest.mark.parametrize("tone", TONES.values())
def test_the_skin_has_its_tone(tone):
    one = spot(3, tone)
    skin = ~binary_dilation(one.mask, iterations=20)
    assert dermoscopy.typology_angle(one.picture, skin) == pytest.approx(tone, abs=2)


@pytest.mark.parametrize("asymmetry", [0, 1, 2])
@pytest.mark.parametrize("extent", [5.0, 8.0, 11.0])
def test_outline_and_extent_come_back(asymmetry, extent):
    for seed in range(3):
        mask = spot(seed, asymmetry=asymmetry, extent=extent).mask
        assert dermoscopy.asymmetry(mask)[0] == asymmetry
        assert in_plane_diameters(mask, (PIXEL, PIXEL))[0] == pytest.approx(extent, abs=2 * PIXEL)


@pytest.mark.parametrize("colours", range(1, 7))
@pytest.mark.parametrize("tone", [62.0, -10.0])
def test_colours_come_back_from_the_picture(colours, tone):
    one = spot(colours, tone, border=8, colours=colours)
    density = -np.log(np.maximum(one.picture[one.mask], 1) / 255 / skin_colour(tone))
    nearest = np.linalg.norm(density[:, None] - np.array(list(PIGMENTS.values())), axis=2).argmin(axis=1)
    share = np.bincount(nearest, minlength=6) / len(nearest)
    seen = {name for name, part in zip(PIGMENTS, share, strict=True) if part > 0.08}
    assert seen == set(one.pigments) and len(one.pigments) == colours
    areas = np.bincount(one.regions[one.mask])
    assert len(areas) == colours and np.ptp(areas) <= 1


@pytest.mark.parametrize("border", range(9))
def test_abrupt_segments_come_back_from_the_picture(border):
    one = spot(border, border=border, colours=1)
    step = np.hypot(*np.gradient(one.picture.mean(axis=2)))
    rim = binary_dilation(one.mask) & binary_dilation(~one.mask)
    steep = step[rim] > 0.5 * np.quantile(step, 0.999) if border else np.zeros(rim.sum(), bool)
    assert steep.mean() == pytest.approx(border / 8, abs=0.08)


def test_another_tone_is_the_same_spot_and_a_seed_always_the_same():
    one, other, again = spot(5, 55.0), spot(5, -40.0), spot(5, 55.0)
    assert np.array_equal(one.mask, other.mask) and one.pigments == other.pigments
    assert np.array_equal(one.picture, again.picture) and one.picture.mean() > other.picture.mean() + 50


@pytest.mark.parametrize(("counts", "score"), [((0, 0, 1, 1), 1.0), ((2, 8, 6, 5), 8.9), ((1, 3, 3, 4), 5.1)])
def test_the_score_worked_by_hand(counts, score):
    assert dermoscopy.dermoscopy_score(*counts) == pytest.approx(score)


def test_a_disc_is_symmetric_and_a_half_disc_about_one_axis():
    y, x = np.mgrid[-40:41, -40:41]
    disc = np.hypot(y, x) <= 30
    assert dermoscopy.asymmetry(disc)[0] == 0 and dermoscopy.asymmetry(disc & (x >= 0))[0] == 1


@pytest.mark.parametrize(("call", "words"), [
    (lambda: spot(0, tone=90), "tone"), (lambda: spot(0, asymmetry=3), "asymmetry"),
    (lambda: spot(0, border=True), "border"), (lambda: spot(0, extent=20), "extent"),
    (lambda: dermoscopy.dermoscopy_score(6, 0, 1, 1), "0 to 2"),
    (lambda: dermoscopy.asymmetry(np.zeros((3, 3), bool)), "at least one"),
    (lambda: dermoscopy.typology_angle(np.zeros((3, 3)), np.ones((3, 3))), "uint8"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(call, words):
    with pytest.raises(CourseError, match=words):
        call()
