"""Lesson 17's page: its numbers worked by hand, its tables and its panel."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from course.reproduce import lesson_17, transfer_tables
from course.reproduce.store import result
from course.reproduce.tables import labels_of
from course.widgets import lesson_17 as widgets


def test_training_patients_are_nested_stratified_and_of_the_training_split():
    from course.data import cytology

    pool, labels = set(np.flatnonzero(cytology.split_of_patients() == "train")), cytology.table()[1]
    for seed in lesson_17.SEEDS:
        sets = [set(lesson_17.training_patients(n, seed)) for n in lesson_17.PATIENTS]
        assert [len(rows) for rows in sets] == list(lesson_17.PATIENTS) and sets[-1] == pool
        assert all(small < large for small, large in itertools.pairwise(sets))
        assert [sum(labels[list(rows)]) for rows in sets[:2]] == [4, 11]
    assert lesson_17.training_patients(10, 0).tolist() != lesson_17.training_patients(10, 1).tolist()


def test_epochs_from_scratch_are_those_that_the_page_names():
    assert list(lesson_17.SCRATCH_EPOCHS) == list(lesson_17.PATIENTS) == [10, 30, 100, 398]
    assert (lesson_17.SCRATCH_EPOCHS[10], lesson_17.SCRATCH_EPOCHS[398]) == (60, 15)


def test_the_table_is_that_of_the_stored_scores():
    table = transfer_tables.patients().set_index(["way", "patients"])
    stored, truth = result(17)["cells"]["validation_scores"], labels_of("validation")
    for way, name in transfer_tables.WAYS.items():
        for n in lesson_17.PATIENTS:
            aucs = [roc_auc_score(truth, scores) for scores in stored[way][str(n)]]
            row = table.loc[name, n]
            assert row["AUC"] == pytest.approx(np.mean(aucs)) and row["seeds"] == len(aucs)
            assert (row["least"], row["most"]) == (pytest.approx(min(aucs)), pytest.approx(max(aucs)))
            if way != "scratch":
                assert row["gain"] == pytest.approx(row["AUC"] - table.loc["scratch", n]["AUC"])
                assert row["from"] <= row["gain"] <= row["to"]


def test_the_bootstrap_is_that_of_patients_and_seeds(monkeypatch):
    """With one seed it is the course's own bootstrap of a difference, but for chance."""
    from course.evaluation.intervals import delong_difference

    rng, truth = np.random.default_rng(0), labels_of("validation")
    one, two = truth + rng.normal(0, 1, len(truth)), truth + rng.normal(0, 2, len(truth))
    gain = transfer_tables._gain(transfer_tables._Aucs([one]), transfer_tables._Aucs([two]))
    gap = delong_difference(truth, one, two)[0]
    assert gain == pytest.approx(tuple(gap), abs=0.02)


def test_the_panel_draws_every_state():
    states = [(way, patients) for way in widgets.WAYS for patients in widgets.PATIENTS]
    pictures = {state: widgets.patients_panel(*state) for state in states}
    assert len({picture.tobytes() for picture in pictures.values()}) == len(states)
    assert (widgets.patients_panel(*states[0]) == pictures[states[0]]).all()


def test_numbers_worked_by_hand():
    from course.checks.lesson_17 import moving, trained

    assert (1 - 127) / 128 < -0.98 and pytest.approx(0.37, abs=0.01) == 0.99**100
    assert trained.reference([trained.STEM, trained.NORM, trained.HEAD], "all") == 2145
    assert moving.reference(np.array([2.0]), [np.full((1, 2, 2, 1), 12.0)], 0.9)[0] == pytest.approx(3)


def test_ultrasound_rows_name_what_was_run():
    table, seeds = transfer_tables.ultrasound(), result(17)["ultrasound"]["seeds"]
    assert sum(name.startswith("fine-tuned, seed") for name in table.index) == len(seeds) == 5
    fine = table[table.index.str.startswith("fine-tuned, seed")]
    assert (fine["from"] < 0).all() and (fine["to"] > 0).all() and np.ptp(fine["AUC"]) > 0.03
    assert table.loc["the same and frozen features", "from"] > 0
    assert table.loc["frozen features", "AUC"] > table.loc["mean brightness", "AUC"]
    assert "scores" not in str(result(17)["ultrasound"].keys())


def test_what_the_page_says_of_the_gains():
    gains = transfer_tables.patients().set_index(["way", "patients"])["gain"].drop("scratch")
    ends = transfer_tables.patients().set_index(["way", "patients"])
    assert gains["fine-tuned"].idxmax() == 10 and ends.loc[("fine-tuned", 10), "from"] > 0
    assert gains.xs(398, level="patients").max() < 0.01
    assert all(ends.loc[(way, 398), "from"] < 0 for way in widgets.WAYS)
