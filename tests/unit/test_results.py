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
