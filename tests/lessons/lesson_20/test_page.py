"""What lesson 20 says in words must be true of the stored runs, of the stored networks and of its panel."""

import numpy as np
import pytest

from course.models.explain import grad_cam, logits, occlusion
from course.reproduce import tables_20
from course.reproduce.arms_20 import WEIGHTS, patients, pictures, trained
from course.reproduce.lesson_20 import SHOWN
from course.reproduce.store import result
from course.widgets.lesson_20 import FURTHEST, NETWORKS, PATCHES, falls, occlusion_panel, shown_picture


def test_the_stored_networks_are_small_and_give_the_stored_logits():
    assert WEIGHTS.stat().st_size < 300_000
    judged = patients()[2]
    for arm, where in (("plain", "none"), ("marked", "malignant")):
        found = logits(trained(arm), pictures("mark", where, judged[:20]))
        np.testing.assert_allclose(found, tables_20.scores(arm, where)[0, :20], atol=0.01)


def test_the_shortcut_and_what_is_left_when_it_moves():
    table, majority = tables_20.moved("marked"), tables_20.beside().loc["majority", "accuracy"]
    assert table.loc["malignant", ["lowest", "highest"]].tolist() == [1, 1]
    assert table.loc["none", "sensitivity"] < 0.15 and table.loc["none", "specificity"] > 0.98
    assert table.loc["none", "accuracy"] == pytest.approx(majority, abs=0.06)
    assert 0.45 < table.loc["by lot", "accuracy"] < 0.6 and table.loc["benign", "highest"] < 0.1
    assert table.loc["none", "AUC"] > 0.85 and table.loc["benign", "AUC"] < 0.05
    _, low, high = tables_20.against_plain("marked")
    assert -0.06 < low < 0 < high < 0.06
    plain = tables_20.moved("plain")["accuracy"]
    assert np.ptp(plain) < 0.02 and plain.min() > 0.82
    assert tables_20.beside().loc["total nuclear area", "accuracy"] >= tables_20.beside().iloc[4:]["accuracy"].max()


def test_marks_by_lot_teach_nothing_of_marks():
    table = tables_20.moved("marks by lot")
    assert np.ptp(table["accuracy"]) < 0.03 and table["accuracy"].min() > 0.82
    _, low, high = tables_20.against_plain("marks by lot")
    assert low < 0 < high


def test_more_nuclei_are_counted_too():
    trained_so, plain = tables_20.moved("more nuclei"), tables_20.moved("plain", "nuclei")
    assert trained_so.loc["malignant", "accuracy"] > plain.loc["malignant", "accuracy"]
    assert trained_so.loc["none", "sensitivity"] < plain.loc["none", "sensitivity"] - 0.05
    assert trained_so.loc["benign", "accuracy"] < plain.loc["benign", "accuracy"] < plain.loc["none", "accuracy"]


def test_the_pointing_game():
    strict, wide = (tables_20.pointing(margin).set_index(["network", "map", "mask"]) for margin in (0, 4))
    for method in ("Grad-CAM", "occlusion"):
        row = strict.loc["plain", method, "nuclei"]
        assert row["from"] > 0 and 0.3 < row["hits"] < 0.8
        assert strict.loc["more nuclei", method, "nuclei"]["from"] > 0
    assert strict.loc["plain", "occlusion", "nuclei"]["hits"] > strict.loc["plain", "Grad-CAM", "nuclei"]["hits"]
    assert strict.loc["marked", "occlusion", "mark"]["hits"] == 1
    assert strict.loc["marked", "Grad-CAM", "mark"]["hits"] < 0.4 < 0.5 < wide.loc["marked", "Grad-CAM", "mark"]["hits"]
    for method in ("Grad-CAM", "occlusion"):
        assert wide.loc["plain", method, "nuclei"][["hits", "chance"]].tolist() == [1, pytest.approx(0.62, abs=0.05)]


def test_the_maps_of_the_page():
    plain, marked, ticked = trained("plain"), trained("marked"), pictures("mark", "malignant", [119])
    for model, corner in ((plain, False), (marked, True)):
        heat = occlusion(lambda some, m=model: logits(m, some), ticked[0], 8, 4, np.median(ticked[0], axis=(0, 1)))
        assert (heat.values.argmax() == 0) == corner
        elsewhere = np.delete(heat.values.ravel(), [0, 1, 15, 16])
        assert not corner or elsewhere.max() < 0.15 * heat.values.max()
        cam = grad_cam(model, ticked).values[0]
        assert (max(np.unravel_index(cam.argmax(), cam.shape)) <= 2) == corner
    kernel = plain.get_weights()[-2]
    assert kernel.shape == (64, 1), "u and v of exercise 20.2"
    missed, pointing, chance = tables_20.missed_and_pointing()
    assert 3 <= missed == pointing and 0.5 < chance < 0.75


def test_the_panel():
    assert SHOWN == 119 and (shown_picture() == pictures("mark", "malignant", [119])[0]).all()
    heat = occlusion(lambda some: logits(trained("marked"), some), shown_picture(), 10, 18,
                     np.median(shown_picture(), axis=(0, 1)))
    np.testing.assert_allclose(falls("marked", 10).values[::9, ::9], heat.values, atol=0.02)
    marked, plain = falls("marked", 10).values, falls("plain", 10).values
    whole = result(20)["panel"]["marked"]
    assert marked[0, 0] > 10 and marked[22, 3] < 1 and marked[5, 10] < 1 and plain.min() < -0.1
    assert whole - np.delete(marked.ravel(), np.flatnonzero(marked.ravel() > 5)).max() > 0


def test_each_control_moves_the_panel_and_leaves_nothing_behind():
    first = occlusion_panel(NETWORKS[0], PATCHES[1], 24, 24)
    assert first.shape == (450, 800, 3) and first.dtype == np.uint8
    for others in ((NETWORKS[1], PATCHES[1], 24, 24), (NETWORKS[0], PATCHES[2], 24, 24),
                   (NETWORKS[0], PATCHES[1], 26, 24), (NETWORKS[0], PATCHES[1], 24, 22)):
        assert (occlusion_panel(*others) != first).any()
    for patch in PATCHES:
        occlusion_panel(NETWORKS[1], patch, FURTHEST, FURTHEST)
    assert (occlusion_panel(NETWORKS[0], PATCHES[1], 24, 24) == first).all()


def test_numbers_on_paper():
    from course.checks.lesson_20.cam import by_differences
    from course.checks.lesson_20.pointing import by_library

    weights, heat = by_differences(np.array([[[4.0, 1], [0, 3]]]), np.array([2.0, -1]), np.zeros(2), 0.0)
    np.testing.assert_allclose(weights, [1, -0.5], atol=1e-6)
    np.testing.assert_allclose(heat, [[3.5, 0]], atol=1e-6)
    heats = [np.array(rows) for rows in ([[1, 5, 2], [0, 3, 1]], [[4, 1, 0], [2, 2, 3]], [[0, 0, 1], [2, 0, 6]])]
    masks = [np.array(rows, bool) for rows in ([[0, 1, 0], [0, 1, 0]], [[0, 0, 1], [0, 1, 1]], [[1, 1, 1], [1, 0, 1]])]
    assert by_library(heats, masks) == pytest.approx((2 / 3, 10 / 18))
    p = 1 / (1 + np.exp(-np.array([0, 5, 13, 18], np.float32)))
    factor = p * (1 - p)
    assert factor[0] == 0.25 and factor[1] == pytest.approx(0.0066, abs=1e-4) and factor[3] == 0
