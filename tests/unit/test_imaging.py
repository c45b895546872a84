"""Segmentation and measurement against shapes whose answer is known, and against the drawer's own masks."""

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from course import CourseError
from course.data import cytology, nuclei
from course.imaging.measurement import FEATURES, measure, measure_nuclei
from course.imaging.segmentation import (
    LEAST_CONTRAST,
    nuclear_threshold,
    segment_nuclei,
    smoothed,
    stain_density,
)


def discs(radii, size=200, semi=1.0):
    """Stained ellipses (semi-axes r and r * semi) on a bright slide, their density soft by a pixel; and the labels."""
    row, column = np.mgrid[:size, :size] + 0.0
    labels = np.zeros((size, size), np.int32)
    density = np.zeros((size, size))
    for k, r in enumerate(radii):
        y, x = 45 + 55 * (k // 3), 40 + 60 * (k % 3)
        q = np.hypot((row - y) / semi, column - x)
        density += 0.45 * np.clip(r - q + 0.5, 0, 1)
        labels[q < r] = k + 1
    return np.rint(230 * 10**-density).astype(np.uint8), labels


def test_circles_have_their_radius_area_and_no_compactness():
    image, labels = discs([8, 11, 14, 17, 20])
    found = measure_nuclei(image, labels, pixel_size=0.5)
    r = np.array([8, 11, 14, 17, 20]) * 0.5
    np.testing.assert_allclose(found["radius"], r, rtol=0.02)
    np.testing.assert_allclose(found["perimeter"], 2 * np.pi * r, rtol=0.02)
    np.testing.assert_allclose(found["area"], np.pi * r**2, rtol=0.03)
    assert np.all(np.abs(found["compactness"]) < 0.005)
    assert np.all(found["concave points"] == 0) and np.all(found["symmetry"] < 0.05)


def test_an_ellipse_has_the_compactness_of_an_ellipse():
    from scipy.special import ellipe

    a, b = 20.0, 10.0
    image, labels = discs([20], semi=0.5)
    perimeter = 4 * a * ellipe(1 - b**2 / a**2)
    found = measure_nuclei(image, labels)
    assert found["compactness"][0] == pytest.approx(perimeter**2 / (4 * np.pi * np.pi * a * b) - 1, abs=0.015)


def test_texture_is_the_spread_of_grey_inside():
    image, labels = discs([20, 20, 20])
    rng = np.random.default_rng(0)
    for label, spread in ((1, 0.01), (2, 10), (3, 25)):
        image[labels == label] = np.clip(rng.normal(90, spread, (labels == label).sum()), 0, 255)
    np.testing.assert_allclose(measure_nuclei(image, labels)["texture"], [0, 10, 25], atol=1.5)


def test_thirty_features_named_as_in_the_table():
    image, labels = discs([8, 11, 14, 17, 20])
    features = measure(image, labels)
    assert set(features) == set(cytology.patient(0)) and len(features) == 3 * len(FEATURES)
    each = measure_nuclei(image, labels)["area"]
    assert features["mean area"] == pytest.approx(each.mean())
    assert features["area error"] == pytest.approx(each.std(ddof=1) / np.sqrt(5))
    assert features["worst area"] == pytest.approx(np.sort(each)[-3:].mean())


def test_segmentation_against_the_drawers_masks():
    dice, counts = [], []
    for case in range(0, 569, 8):
        true, found = cytology.draw_mask(case) > 0, segment_nuclei(cytology.draw(case))
        counts.append(found.max())
        dice.append(2 * (true & (found > 0)).sum() / (true.sum() + (found > 0).sum()))
    within_one = np.mean(np.abs(np.array(counts) - 15) <= 1)
    print(f"Dice {np.mean(dice):.3f}, least {np.min(dice):.3f}; count within one {within_one:.3f}")
    assert np.mean(dice) >= 0.93
    assert within_one >= 0.90


def test_touching_nuclei_are_parted():
    row, column = np.mgrid[:150, :150]
    light = np.full((150, 150), 230, np.uint8)
    for x in (65, 86):  # radius 12, centres 21 apart: they overlap
        light[np.hypot(row - 75, column - x) < 12] = 70
    assert segment_nuclei(light).max() == 2


def test_larger_pictures_of_the_same_field_measure_the_same():
    for case in (3, 40):
        small, large = (
            measure(image, segment_nuclei(image), cytology.pixel_size(len(image)))
            for image in (cytology.draw(case), cytology.draw(case, size=300))
        )
        assert large["mean radius"] == pytest.approx(small["mean radius"], rel=0.03)
        r = nuclei.radii(cytology.geometry(case)[0])
        assert large["mean radius"] == pytest.approx(r.mean(), rel=0.03)


def test_uneven_light_is_flattened():
    slope = np.linspace(140, 250, 150)[None] * np.ones((150, 1))
    assert np.abs(stain_density(slope.astype(np.uint8))).max() < 0.02


@pytest.mark.parametrize(("shape", "dtype"), [((10, 10), np.float32), ((2, 10, 10, 3), np.uint8), ((10,), np.uint8)])
def test_wrong_pictures_are_explained(shape, dtype):
    with pytest.raises(CourseError, match="uint8"):
        segment_nuclei(np.zeros(shape, dtype))


def test_too_few_nuclei_are_explained():
    image, labels = discs([10, 12])
    with pytest.raises(CourseError, match="at least three"):
        measure(image, labels)


def test_labels_of_another_size_are_explained():
    image, labels = discs([10, 12, 14])
    with pytest.raises(CourseError, match="height and width"):
        measure(image, labels[:-1])


@pytest.mark.parametrize(("level", "noise"), [(255, 0), (0, 0), *((v, n) for v in (240, 120, 60) for n in (1, 2, 12))])
@pytest.mark.parametrize("shape", [(150, 150), (150, 150, 3)])
def test_an_empty_field_has_no_nuclei(level, noise, shape):
    empty = np.random.default_rng(0).normal(level, noise, shape).clip(0, 255).astype(np.uint8)
    labels = segment_nuclei(empty)
    assert labels.shape == shape[:2] and labels.dtype == np.int32 and not labels.any()


def test_every_drawn_field_has_twice_the_least_contrast():
    for case in range(0, 569, 8):
        density = smoothed(cytology.draw(case))
        nuclear = density > threshold_otsu(density)
        assert density[nuclear].mean() - density[~nuclear].mean() > 2 * LEAST_CONTRAST
        assert np.isfinite(nuclear_threshold(density))
        assert np.isfinite(nuclear_threshold(smoothed(cytology.draw(case), 3.0)))


def test_pale_nuclei_are_found_and_specks_of_the_grounds_noise_are_not():
    row, column = np.mgrid[:150, :150]
    disc = np.hypot(row - 75, column - 75) < 12
    for light, count in ((230, 0), (200, 0), (160, 1), (70, 1)):  # 0.01, 0.06, 0.16 and 0.5 of density
        field = np.where(disc, light, 235) + np.random.default_rng(0).normal(0, 2, disc.shape)
        assert segment_nuclei(field.clip(0, 255).astype(np.uint8)).max() == count
