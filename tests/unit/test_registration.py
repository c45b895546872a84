"""Landmarks laid on landmarks: against SciPy, against simulation, and on input that no motion fits."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from course import CourseError
from course.imaging.registration import expected_fre, expected_tre, located, moved, rigid, rms, rms_distance, trials

CLOUDS = [
    np.random.default_rng(n).normal(scale=scale, size=(n, 3)) + far
    for n, scale, far in [(3, 50, 0), (4, 60, 900), (6, 5, -40), (12, 80, [300, -120, 900])]
]


def theatre(points, seed):
    """Return the points turned and shifted, and the true motion."""
    rng = np.random.default_rng(seed)
    turn, shift = Rotation.random(rng=rng).as_matrix(), rng.normal(scale=300, size=3)
    return moved(points, turn, shift), (turn, shift)


@pytest.mark.parametrize("points", CLOUDS, ids=len)
@pytest.mark.parametrize("fle", [0, 1.0, 25.0])
def test_the_motion_is_scipys(points, fle):
    target, _ = theatre(points, len(points))
    target = located(target, fle, np.random.default_rng(1))
    rotation, translation = rigid(points, target)
    theirs, _ = Rotation.align_vectors(target - target.mean(axis=0), points - points.mean(axis=0))
    assert np.abs(rotation - theirs.as_matrix()).max() <= 1e-10
    assert np.allclose(moved(points.mean(axis=0), rotation, translation), target.mean(axis=0), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_a_known_motion_is_found_and_points_in_one_plane_suffice():
    flat = np.array([[0, 0, 0], [60, 0, 0], [0, 40, 0], [60, 40, 0.0]])
    for points in [*CLOUDS, flat]:
        target, (turn, shift) = theatre(points, 7)
        rotation, translation = rigid(points, target)
        assert np.allclose(rotation, turn, atol=1e-9) and np.allclose(translation, shift, atol=1e-7)
        assert rms_distance(moved(points, rotation, translation), target) < 1e-9


def test_a_mirror_image_is_never_turned_into_a_mirror():
    points = CLOUDS[2]
    rotation, translation = rigid(points, points * [1, 1, -1])
    assert np.linalg.det(rotation) == pytest.approx(1)
    assert rms_distance(moved(points, rotation, translation), points * [1, 1, -1]) > 0.1


@pytest.mark.parametrize(("n", "target"), [(4, [20, -30, -70]), (6, [0, 0, 0]), (10, [20, -30, -70])])
def test_expected_errors_are_those_of_simulation(n, target):
    points = np.random.default_rng(n).normal(scale=60, size=(n, 3))
    fre, tre = trials(points, target, 1.0, 4000, seed=n)
    assert rms(fre) ** 2 == pytest.approx(expected_fre(n, 1) ** 2, rel=0.05)
    assert rms(tre)[0] ** 2 == pytest.approx(expected_tre(points, target, 1) ** 2, rel=0.05)


def test_trials_do_not_depend_on_the_true_motion():
    points, rng = CLOUDS[3], np.random.default_rng(0)
    there, camera = theatre(points, 3)
    seen = located(there, 2.0, rng)
    still = moved(seen - camera[1], camera[0].T, 0)
    for one in (seen, still):
        assert rms_distance(moved(one, *rigid(one, points)), points) == pytest.approx(
            rms_distance(moved(seen, *rigid(seen, points)), points))
    fre, tre = trials(points, CLOUDS[0], [0.0, 1.0], 2, seed=1)
    assert fre[0] < 1e-9 < fre[1] and tre.shape == (2, 3)


def test_six_points_on_the_axes_by_hand():
    cross = 60 * np.vstack([np.eye(3), -np.eye(3)])
    assert expected_tre(cross, [0, 0, 0], 1) == pytest.approx(np.sqrt(1 / 6))
    assert expected_tre(cross, [0, 60, 0], 1) == pytest.approx(np.sqrt(1 / 3))
    shifted = cross + np.array([100, -20, 7])
    assert expected_tre(shifted, [100, 40, 7], 2) == pytest.approx(2 * np.sqrt(1 / 3))


@pytest.mark.parametrize(("source", "target", "words"), [
    (CLOUDS[0][:2], CLOUDS[0][:2], "too few"),
    (CLOUDS[0], CLOUDS[1], "source has 3 points and target 4"),
    (np.outer(np.arange(5), [1, 2, 3.0]), CLOUDS[2][:5], "on one line"),
    (np.ones((4, 3)), CLOUDS[1], "on one line"),
    (CLOUDS[1], np.where(np.arange(4)[:, None] == 2, np.nan, CLOUDS[1]), "point 2 of target"),
    (CLOUDS[1][:, :2], CLOUDS[1][:, :2], "rows of three coordinates"),
])  # fmt: skip
def test_points_that_fix_no_motion_are_refused(source, target, words):
    with pytest.raises(CourseError, match=words):
        rigid(source, target)


def test_bad_targets_and_numbers_are_refused():
    with pytest.raises(CourseError, match="three finite numbers"):
        expected_tre(CLOUDS[1], [1, 2], 1)
    with pytest.raises(CourseError, match="do not fix"):
        expected_fre(2, 1)
