"""What lesson 23 says in words must be true of its scene, its panels and its simulations."""

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from course.data import brain
from course.imaging import registration
from course.imaging.fractures import gap_and_step
from course.imaging.paths import clearance, spacing, to_mm, to_voxels
from course.widgets import lesson_23 as plan
from course.widgets import lesson_23_landmarks as marks


def test_numbers_on_paper():
    head, thick = brain.load(), brain.load(every=3)
    assert to_mm(head.affine, [130, 133, 104]).tolist() == [32, -1, 32] == brain.TARGET.tolist()
    assert to_voxels(thick.affine, brain.TARGET)[2] == pytest.approx(104 / 3)
    quiz = np.array([[0.5, 0, 0, -60], [0, 0.5, 0, -80], [0, 0, 4, -20], [0, 0, 0, 1]])
    assert to_mm(quiz, [120, 160, 10]).tolist() == [0, 0, 20]
    a, b = np.array([[0, 0], [6, 0], [0, 3.0]]), np.array([[10, 5], [10, 11], [7, 5.0]])
    assert a.mean(axis=0).tolist() == [2, 1] and b.mean(axis=0).tolist() == [9, 7]
    (ax, ay), (bx, by) = (a - [2, 1]).T, (b - [9, 7]).T
    assert (ax * by - ay * bx).tolist() == [5, 17, 8] and (ax * bx + ay * by).tolist() == [0, 0, 0]
    flat = [np.column_stack([one, np.zeros(3)]) for one in (a, b)]
    rotation, translation = registration.rigid(*flat)
    assert np.allclose(rotation, [[0, -1, 0], [1, 0, 0], [0, 0, 1]]) and np.allclose(translation, [10, 5, 0])
    cross = 60 * np.vstack([np.eye(3), -np.eye(3)])
    assert [round(registration.expected_tre(cross, [0, y, 0], 1), 2) for y in (0, 60, 120)] == [0.41, 0.58, 0.91]
    assert gap_and_step([[10, 10], [10, 50]], [5, 60], [0.5, 0.5]) == (5, 2.5)
    assert round(1000 / 950, 2) == 1.05


def test_the_scene_is_as_described():
    head, masks, gaps = plan.scene()
    widest = to_mm(head.affine, np.argwhere(masks["tumour"])).std(axis=0)
    assert (widest < 10).all()
    at_tumour = [float(gaps[name][masks["tumour"]].min()) for name in plan.FORBIDDEN]
    assert at_tumour[1] < 5 < at_tumour[0], "the tract's border of 5 mm reaches the tumour, the vessels' does not"
    assert brain.distance_to("tract", brain.TARGET) == pytest.approx(13.4, abs=0.05)
    for name, diameter in (("vessels", 3), ("tract", 7)):
        assert {2 * radius for _, _, radius in brain.THINGS[name]} == {diameter}


def test_a_forgotten_spacing_forbids_too_much():
    thick = brain.part(brain.load(every=3), plan.LOW, plan.HIGH)
    there = brain.mask("vessels", thick) | brain.mask("tract", thick)
    true = distance_transform_edt(~there, sampling=spacing(thick.affine))
    called = distance_transform_edt(~there) <= 5
    assert true[called].max() == 15 and called.sum() > 1.5 * (true <= 5).sum()


def test_what_the_path_panel_shows():
    def least(turn, height):
        _, gaps = plan.planned(turn, height)
        return min(values.min() for values in gaps.values())

    scores = {(turn, height): least(turn, height) for turn in range(-60, 91, 5) for height in range(0, 81, 5)}
    assert max(scores.values()) < 14
    assert scores[40, 40] < 0.5 and 4.5 < scores[0, 75] < 6 and 11.5 < scores[0, 40] < 12.5
    along = [scores[0, height] for height in range(0, 81, 5)]
    assert 30 <= 5 * int(np.argmax(along)) <= 45 and along[0] < 4 and along[-1] < 5
    assert sum(score > 10 for score in scores.values()) > 10
    head, _, gaps = plan.scene()
    both = np.minimum(gaps["vessels"], gaps["tract"])
    entry = brain.surface(head, plan.direction(40, 40))
    assert clearance(both, head.affine, entry, brain.TARGET)[0] == pytest.approx(scores[40, 40], abs=0.1)


def test_the_panels_are_pictures_and_leave_nothing_behind():
    for panel, first, others in (
        (plan.plan_panel, (0, 40, 3), [(5, 40, 3), (0, 45, 3), (0, 40, 4)]),
        (marks.landmark_panel, (3, 5, 0), [(4, 5, 0), (3, 6, 0), (3, 5, 1), ("all", 5, 0)]),
    ):
        picture = panel(*first)
        assert picture.dtype == np.uint8 and picture.ndim == 3
        for values in others:
            assert (panel(*values) != picture).any(), values
        assert (panel(*first) == picture).all()
    assert "a second" in plan.frame_rate(0, 40, 3) and "25" in plan.frame_rate(0, 40, 3)


def test_what_the_landmark_panel_shows():
    def errors(*slip):
        _, fre, targets = marks.slipped(*slip)
        return fre, *(registration.rms_distance(*pair) for pair in targets.values())

    fre, tumour, back = errors(3, 12, 0)
    assert fre > 4 and tumour < 2 and back < 1
    fre, _, back = errors(3, 0, 12)
    true, shown = marks.slipped(3, 0, 12)[2]["back of the head"]
    assert fre > 4 and 7.5 < back < 8.5 and abs(true - shown)[2] > 0.9 * back, "mostly up or down"
    assert errors("all", 12, 0) == pytest.approx((0, 12, 12))
    one_each = [errors(k, *by) for k in range(1, 6) for by in ((12, 0), (0, 12))]
    assert all(3.5 < fre < 5 for fre, _, _ in one_each), "the FRE hardly changes"
    assert max(back for _, _, back in one_each) > 8 * min(back for _, _, back in one_each)


def test_far_targets_are_worse_and_small_fre_tells_nothing():
    fre, tre = registration.trials(brain.MARKERS, [brain.TARGET, marks.BACK, [0, 70, 30]], 1.0, 2500, seed=11)
    expected = [registration.expected_tre(brain.MARKERS, one, 1) for one in (brain.TARGET, marks.BACK, [0, 70, 30])]
    assert registration.rms(tre) == pytest.approx(expected, rel=0.05)
    assert expected[1] / expected[0] == pytest.approx(2, abs=0.2)
    assert abs(np.corrcoef(fre, tre[:, 0])[0, 1]) < 0.08
    first, *_, last = np.array_split(np.argsort(fre), 4)
    assert registration.rms(tre[first, 0]) / registration.rms(tre[last, 0]) == pytest.approx(1, abs=0.12)
    levels = np.random.default_rng(12).uniform(0.5, 3, 2500)
    fre, tre = registration.trials(brain.MARKERS, brain.TARGET, levels, 2500, seed=12)
    assert np.corrcoef(fre, tre[:, 0])[0, 1] > 0.4
    middle = brain.MARKERS.mean(axis=0)
    assert registration.expected_tre(brain.MARKERS, [middle[0], middle[1], 32], 1) < 0.5


def test_more_landmarks_raise_the_fre_and_lower_the_tre():
    angles = [2 * np.pi * np.arange(n) / n for n in (3, 4, 6, 10, 20)]
    rings = [80 * np.column_stack([np.cos(one), np.sin(one), 0 * one]) for one in angles]
    fre = [registration.expected_fre(len(ring), 1) for ring in rings]
    tre = [registration.expected_tre(ring, [0, 0, -40], 1) for ring in rings]
    assert (np.diff(fre) > 0).all() and fre[-1] < 1 and (np.diff(tre) < 0).all()


def test_the_quiet_slip_does_more_harm():
    found = {}
    for slipped, by in ((1, [8, 0, 0]), (5, [0, 0, 8])):
        seen = registration.located(brain.MARKERS, 1.0, np.random.default_rng(4))
        seen[slipped - 1] += by
        motion = registration.rigid(seen, brain.MARKERS)
        apart = np.linalg.norm(registration.moved(seen, *motion) - brain.MARKERS, axis=1)
        without = [registration.rms_distance(registration.moved(seen[rest], *registration.rigid(
            seen[rest], brain.MARKERS[rest])), brain.MARKERS[rest]) for rest in ~np.eye(5, dtype=bool)]
        found[slipped] = apart, np.argmin(without) + 1, registration.rms_distance(
            registration.moved(brain.TARGET, *motion), brain.TARGET)  # fmt: skip
    assert found[1][0].argmax() == 0 and found[1][0].max() > 2 * np.sort(found[1][0])[-2]
    assert found[5][0].max() < 2.2 and np.ptp(found[5][0]) < 1, "all residuals look alike"
    assert found[1][1] == 1 and found[5][1] == 5
    assert found[5][2] > 3 * found[1][2]


def test_mirrors_fit_better_and_show_the_target_on_the_other_side():
    plate = np.array([[-40, -25, 0.5], [40, -25, -0.5], [40, 25, 0.5], [-40, 25, -0.5]])
    rng, deep, rows = np.random.default_rng(21), np.array([0, 0, -60.0]), []
    for _ in range(600):
        seen = registration.located(plate, 1.5, rng)
        a, b = seen.mean(axis=0), plate.mean(axis=0)
        U, _, Vt = np.linalg.svd((seen - a).T @ (plate - b))
        mirror = Vt.T @ U.T
        if np.linalg.det(mirror) < 0:
            motions = (mirror, b - mirror @ a), registration.rigid(seen, plate)
            rows.append([[registration.rms_distance(registration.moved(seen, *one), plate),
                          registration.rms_distance(registration.moved(deep, *one), deep)] for one in motions])
    rows = np.array(rows)
    assert 0.08 < len(rows) / 600 < 0.2
    assert (rows[:, 0, 0] <= rows[:, 1, 0]).all()
    assert registration.rms(rows[:, 0, 1]) == pytest.approx(120, abs=1) and registration.rms(rows[:, 1, 1]) < 3


def test_readers_of_a_pixel_miss_by_tenths_of_a_millimetre():
    from course.data.phantom_bone import draw

    wrist, rng = draw(gap=2.0, step=1.5), np.random.default_rng(9)
    main, corner = wrist.truth["main"], wrist.truth["piece"][0]
    slips = rng.normal(size=(400, 3, 2))
    found = np.array([gap_and_step(main + one[:2], corner + one[2], wrist.spacing) for one in slips])
    assert found.mean(axis=0) == pytest.approx([2.0, 1.5], abs=0.06)
    assert ((found.std(axis=0) > 0.2) & (found.std(axis=0) < 0.5)).all()
