"""Boxes, suppression and FROC against loops and examples worked by hand."""

import numpy as np
import pytest

from course import CourseError
from course.data.phantom_ct import LUNG, Nodule, chest, lung
from course.data.phantom_field import CONTRAST, field
from course.detection import froc, iou, suppress
from course.imaging import volumes
from course.imaging.candidates import boxes_of, candidates


def boxes(seed, n):
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 20, (n, 2))
    return np.hstack([low, low + rng.integers(0, 12, (n, 2))]).astype(float)


@pytest.mark.parametrize("seed", range(4))
def test_iou_is_that_of_a_loop_over_pixels(seed):
    a, b = boxes(seed, 7), boxes(seed + 10, 5)

    def cells(box):
        return {(x, y) for x in range(int(box[0]), int(box[2])) for y in range(int(box[1]), int(box[3]))}

    expected = [[len(cells(p) & cells(q)) / max(len(cells(p) | cells(q)), 1) for q in b] for p in a]
    np.testing.assert_allclose(iou(a, b), expected, atol=1e-12)


def test_touching_boxes_and_no_boxes():
    assert iou([[0, 0, 2, 2]], [[2, 0, 4, 2]]).tolist() == [[0]] and iou([], [[0, 0, 1, 1]]).shape == (0, 1)
    assert suppress([], []).tolist() == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.7])
def test_suppression_is_that_of_a_loop(seed, threshold):
    some, scores = boxes(seed, 20), np.random.default_rng(seed).permutation(20) / 20
    kept = []
    for k in np.argsort(-scores, kind="stable"):
        if all(iou(some[[k]], some[[other]])[0, 0] <= threshold for other in kept):
            kept.append(k)
    assert suppress(some, scores, threshold).tolist() == kept


def test_froc_worked_by_hand():
    marks = [[(10, 10), (50, 50), (11, 9)], [(30, 30)], []]
    scores = [[0.9, 0.8, 0.7], [0.6], []]
    truth = [[(10, 10, 4), (80, 80, 4)], [(31, 29, 3)], []]
    found = froc(marks, scores, truth)
    assert found.at(0.5) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found.at(0.85) == (pytest.approx(1 / 3), 0) and found.at(2) == (0, 0)
    assert found.sensitivity(0) == pytest.approx(1 / 3) and found.sensitivity(1 / 3) == pytest.approx(2 / 3)
    thresholds, share, false = found.curve()
    assert thresholds.tolist() == [0.9, 0.8, 0.6]
    np.testing.assert_allclose(share, [1 / 3, 1 / 3, 2 / 3])
    np.testing.assert_allclose(false, [0, 1 / 3, 1 / 3])


@pytest.mark.parametrize("seed", range(3))
def test_pictures_drawn_anew_count_as_often_as_they_are_drawn(seed):
    rng = np.random.default_rng(seed)
    marks = [rng.uniform(0, 40, (rng.integers(0, 9), 2)) for _ in range(6)]
    scores = [rng.random(len(one)) for one in marks]
    truth = [rng.uniform(4, 36, (rng.integers(0, 4), 3)) for _ in marks]
    rows = rng.integers(6, size=6)
    one = froc(marks, scores, truth).drawn(rows)
    other = froc([marks[k] for k in rows], [scores[k] for k in rows], [truth[k] for k in rows])
    assert sorted(one.lesions) == sorted(other.lesions) and sorted(one.false) == sorted(other.false)
    for threshold in (0.2, 0.6):
        np.testing.assert_allclose(one.at(threshold), other.at(threshold))


@pytest.mark.parametrize(("call", "words"), [
    (lambda: iou([[0, 0, 1]], [[0, 0, 1, 1]]), "boxes"), (lambda: iou([[3, 0, 1, 1]], [[0, 0, 1, 1]]), "ends before"),
    (lambda: suppress([[0, 0, 1, 1]], [1, 2]), "as many scores"), (lambda: froc([], [], []), "same pictures"),
    (lambda: froc([[(1, 1)]], [[]], [[]]), "1 marks and 0 scores"), (lambda: field(0, 9), "0 to 4"),
    (lambda: chest(shape=(3, 9, 9)), "three sides"), (lambda: chest([(1, 2, 900, 5)]), "does not lie"),
    (lambda: volumes.doubling_time(0, 1, 2), "above 0"),
    (lambda: volumes.volume(np.ones((2, 2, 2)), (1, 1)), "spacing"),
    (lambda: volumes.in_plane_diameters(np.zeros((3, 3)), (1, 1)), "at least one"),
])  # fmt: skip
def test_what_cannot_be_done_is_said(call, words):
    with pytest.raises(CourseError, match=words):
        call()


def test_fields_repeat_and_their_lesions_are_where_they_say():
    drawn, again = field(1, 3), field(1, 3)
    assert np.array_equal(drawn.picture, again.picture) and np.array_equal(drawn.lesions, again.lesions)
    rows, columns, steps = *np.mgrid[: drawn.picture.shape[0], : drawn.picture.shape[1]], []
    for seed in range(12):
        drawn = field(seed, 3)
        for x, y, radius in drawn.lesions:
            away = np.hypot(rows - y, columns - x)
            inside, ring = (drawn.picture[(away > low) & (away <= high)].mean()
                            for low, high in ((-1, radius), (1.4 * radius, 1.9 * radius)))
            steps.append(inside - ring)
    assert len(steps) == 36 and 0.7 * np.mean(CONTRAST) < np.mean(steps) < np.mean(CONTRAST)  # soft edges


def test_a_disc_is_a_round_candidate_of_its_size_and_a_line_is_not_round():
    rows, columns = np.mgrid[:80, :80]
    disc = 80 + 60 * (np.hypot(rows - 40, columns - 30) <= 6)
    centres, radii, features = candidates(disc)
    best = features[:, 0].argmax()
    assert np.abs(centres[best] - (30, 40)).max() <= 1 and abs(radii[best] - 6) < 1.5 and features[best, 2] > 0.9
    line = 80 + 60 * (np.abs(columns - 40) <= 2)
    assert candidates(line)[2][:, 2].max() < 0.5
    np.testing.assert_allclose(boxes_of([(5, 7)], [2]), [[3, 5, 7, 9]])


@pytest.mark.parametrize("diameter", [8, 12, 20])
def test_a_ball_comes_back_with_its_volume(diameter):
    spacing = (1.0, 0.8, 0.8)
    block = lung(Nodule(20, 20.3, 19.9, diameter), spacing=spacing)
    found = volumes.volume(block > (LUNG + 30) / 2, spacing)
    assert found == pytest.approx(np.pi / 6 * diameter**3, rel=0.03)
    middle = (block > (LUNG + 30) / 2)[20]
    assert volumes.in_plane_diameters(middle, spacing[1:])[0] == pytest.approx(diameter, rel=0.07)


def test_a_disc_has_its_diameter_whatever_the_spacing():
    for spacing in ((1.0, 1.0), (2.0, 1.0), (0.5, 1.5)):
        y, x = np.mgrid[-60:61, -60:61]
        disc = np.hypot(y * spacing[0], x * spacing[1]) <= 24
        longest, across = volumes.in_plane_diameters(disc, spacing)
        assert 48 - 1.5 * max(spacing) < min(longest, across) <= longest < 48 + 1.5 * max(spacing)


def test_a_chest_has_lungs_bones_and_its_nodule():
    scan, spacing = chest([(80, 150, 90, 20)]), (2.5, 1.25, 1.25)
    assert scan.dtype == np.int16 and scan.shape == (64, 256, 256) and np.array_equal(scan, chest([(80, 150, 90, 20)]))
    assert (scan > 400).mean() > 0.003 and 0.15 < (np.abs(scan + 850) < 60).mean() < 0.5
    place = tuple(round(mm / step) for mm, step in zip((80, 150, 90), spacing, strict=True))
    assert abs(scan[place] - 30) < 80
