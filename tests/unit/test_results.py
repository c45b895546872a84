"""Stored results: made by the code as it stands, complete, and in agreement with what they say of themselves."""

import importlib
import json

import numpy as np
import pytest

from course import CourseError
from course.reproduce import store

STORED = sorted((store.ROOT / "results").glob("lesson_*.json"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_result_was_made_by_the_code_as_it_stands(path):
    number = int(path.stem[-2:])
    stored = json.loads(path.read_text(encoding="utf-8"))
    module = importlib.import_module(f"course.reproduce.lesson_{number:02d}")
    assert stored["source_hash"] == module.fingerprint(), f"{path.name} is stale. Remake it: {stored['command']}"
    assert {"python", "numpy", "tensorflow", "keras"} <= set(stored["versions"])


def test_lesson_14_has_all_its_runs():
    from course.reproduce import lesson_14

    stored = store.result(14)
    assert list(stored["cells"]) == list(lesson_14.recipes())
    assert all([run["seed"] for run in runs] == list(lesson_14.SEEDS) for runs in stored["cells"].values())
    assert len(stored["folds"]["scores"]) == 569
    assert [run["seed"] for run in stored["ultrasound"]] == [0, 1, 2]
    assert {run["n"] for run in stored["ultrasound"]} == {156}
    assert len(stored["baselines"]) >= 4


def test_measures_of_lesson_14_follow_from_its_scores():
    from sklearn.metrics import roc_auc_score

    from course.data.cytology import table

    folds, labels = store.result(14)["folds"], table()[1]
    scores = np.array(folds["scores"])
    assert folds["auc"][0] == pytest.approx(roc_auc_score(labels, scores), abs=1e-3)
    assert folds["accuracy"][0] == pytest.approx(np.mean((scores >= 0.5) == labels), abs=2e-3)


def test_shipped_weights_give_the_stored_scores():
    from course.data import cytology
    from course.models import augmentation  # noqa: F401  registers the layers
    from course.models.training import predict_scores
    from course.quiet_tensorflow import keras
    from course.reproduce.lesson_14 import WEIGHTS

    assert WEIGHTS.stat().st_size <= 5_000_000
    model = keras.saving.load_model(WEIGHTS, safe_mode=True)
    images, _, _ = cytology.load(split="test")
    stored = np.array(store.result(14)["cells"]["repaired"][0]["test_scores"])
    np.testing.assert_allclose(predict_scores(model, images, "both"), stored, atol=0.01)


def test_the_hash_sees_code_and_not_words(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    file = tmp_path / "a.py"
    file.write_text('def f(x):\n    """Old words."""\n    return x + 1\n\n\ndef g():\n    return 0\n')
    before, only_f = store.source_hash("a.py"), store.source_hash("a.py::f")
    file.write_text('def f(x):  # a remark\n    """New words."""\n    return (x + 1)\n\n\ndef g():\n    return 0\n')
    assert store.source_hash("a.py") == before
    file.write_text("def f(x):\n    return x + 1\n\n\ndef g():\n    return 1\n")
    assert store.source_hash("a.py") != before
    assert store.source_hash("a.py::f") == only_f


def test_finished_parts_are_not_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    made = []
    parts = store.Parts(99, report=lambda name: None)
    for key in ("a", "a", "b"):
        assert parts.get("part", [key], lambda key=key: made.append(key) or {"key": key}) == {"key": key}
    assert made == ["a", "b"]


def test_a_missing_result_names_the_command():
    with pytest.raises(CourseError, match="course reproduce 77"):
        store.result(77)


def test_what_lesson_14_says_of_its_runs():
    """Every sentence of the lesson that describes the stored runs; a new run that tells another story fails here."""
    from scipy.stats import spearmanr

    from course.data.cytology import table

    stored = store.result(14)
    runs, baselines, folds = stored["cells"], stored["baselines"], stored["folds"]
    auc = {name: np.median([run["auc"][0] for run in five]) for name, five in runs.items()}
    accuracy = {name: [run["accuracy"][0] for run in five] for name, five in runs.items()}
    sensitivity = {name: [run["sensitivity"][0] for run in five] for name, five in runs.items()}
    classic = [name for name in runs if name != "repaired"]
    majority = 54 / 86
    assert sensitivity["as printed"].count(0) == 1 and min(accuracy["as printed"]) == pytest.approx(majority, abs=1e-4)
    for short, long in zip(runs["as printed"], runs["25 epochs"], strict=True):
        slow = short["sensitivity"][0] == 0
        assert (long["auc"][0] > short["auc"][0]) == slow and (not slow or long["sensitivity"][0] > 0.5)
    losses = runs["25 epochs"][0]["history"]
    assert losses["loss"][-1] < 0.5 * losses["val_loss"][-1]
    assert auc["learning rate 1e-4"] == max(auc[name] for name in classic)
    assert np.ptp(accuracy["learning rate 1e-4"]) == min(np.ptp(accuracy[name]) for name in classic)
    assert auc["standardised"] < auc["as printed"]
    assert auc["usual augmentation"] >= auc["as printed"] - 0.02
    assert np.median(accuracy["usual augmentation"]) < np.median(accuracy["as printed"])
    usual = runs["usual augmentation"]
    assert any(run["sensitivity"][0] > 0.9 and run["specificity"][0] < 0.55 for run in usual)
    assert min(sensitivity["usual augmentation"]) < 0.1
    area = baselines["total nuclear area"]["auc"][0]
    assert area > max(run["auc"][0] for name in classic for run in runs[name])
    assert baselines["total nuclear area"]["auc"][2] < folds["auc"][0]  # beyond its interval
    assert folds["auc"][1] < baselines["the table's worst radius alone"]["auc"][0] < folds["auc"][2]  # "comes close"
    assert min(run["auc"][0] for run in runs["repaired"]) > max(auc[name] for name in classic)
    assert min(accuracy["repaired"]) > max(np.median(accuracy[name]) for name in classic)
    patients = table()[0]
    worst, texture = (np.array([row[name] for row in patients]) for name in ("worst radius", "mean texture"))
    scores = np.array(folds["scores"])
    truth = table()[1]
    for rows in (truth == 0, truth == 1):  # "more closely than chromatin, but chromatin is not ignored"
        size, grain = (spearmanr(scores[rows], values[rows]).statistic for values in (worst, texture))
        assert size > grain + 0.1 and grain > 0.1
    assert 1.55 < max(row["worst radius"] / row["mean radius"] for row in patients) < 1.6
    small = sensitivity["learning rate 1e-4"]
    assert min(small) < 0.5 and accuracy["learning rate 1e-4"][small.index(min(small))] > majority + 0.1
    steps = np.arange(0, 1.01, 0.02)
    missed = np.array([(scores[truth == 1] < step).sum() for step in steps])
    alarmed = np.array([(scores[truth == 0] >= step).sum() for step in steps])
    assert 0.35 < alarmed[missed <= 4][-1] / 357 < 0.5 and 0.35 < missed[alarmed == 0][0] / 212 < 0.5  # "nearly half"
    ten = baselines["SVM on the ten measured features"]
    assert folds["auc"][0] > baselines["mean brightness"]["auc"][2]  # beyond its interval
    assert folds["auc"][0] < baselines["SVM on the table's thirty columns"]["auc"][1]
    assert ten["auc"][0] >= folds["auc"][0]
