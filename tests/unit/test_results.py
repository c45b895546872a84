"""Stored results: made by the code as it stands, complete, and in agreement with what they say of themselves."""

import ast
import importlib
import json
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from course import CourseError
from course.data import cytology, nuclei, staining
from course.reproduce import behaviour, lesson_14, store, tables

STORED = sorted((store.ROOT / "results").glob("lesson_*.json"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_result_was_made_by_code_that_behaves_as_it_does_now(path):
    number = int(path.stem[-2:])
    stored = json.loads(path.read_text(encoding="utf-8"))
    now = importlib.import_module(f"course.reproduce.lesson_{number:02d}").fingerprint()
    changed = behaviour.differences(stored["fingerprint"], json.loads(json.dumps(now)))
    assert not changed, "\n".join([f"{path.name} is stale. Remake it: {stored['command']}", *changed[:9]])
    assert {"python", "numpy", "tensorflow", "keras"} <= set(stored["versions"])


@pytest.fixture(scope="module")
def recorded():
    return {path.stem: json.loads(path.read_text(encoding="utf-8"))["fingerprint"] for path in STORED}


def replaced(monkeypatch, owner, name, change):
    """Replace owner.name by change(the original)."""
    monkeypatch.setattr(owner, name, change(getattr(owner, name)))


def paler(original):
    return lambda rng: (slide := original(rng))._replace(nuclear=0.98 * slide.nuclear)


DRAWN_OTHERWISE = {
    "paler stain": (staining, "stain_slide", paler),
    "larger nuclei": (nuclei, "contours", lambda original: lambda *given: original(*given) * 1.01),
    "other draws": (cytology, "_random", lambda original: lambda size, key: original(size, (key[0] + 1, *key[1:]))),
    "a coarser texture": (staining, "_grain", lambda original: lambda rng, blur, n=40: original(rng, 1.3 * blur, n)),
}


@pytest.mark.parametrize("change", DRAWN_OTHERWISE)
def test_a_changed_drawing_makes_results_stale(monkeypatch, recorded, change):
    replaced(monkeypatch, *DRAWN_OTHERWISE[change])
    assert behaviour.differences(recorded["lesson_14"]["drawing"], behaviour.drawing(fields=4))
    assert behaviour.differences(recorded["lesson_08"]["drawing"], behaviour.drawing(64, fields=1))


def test_another_segmentation_makes_results_stale(monkeypatch, recorded):
    from course.imaging import segmentation

    replaced(monkeypatch, segmentation, "nuclear_threshold", lambda original: lambda density: 1.05 * original(density))
    assert behaviour.differences(recorded["lesson_14"]["measuring"], behaviour.measuring())


@pytest.mark.parametrize(("preset", "change"), [
    ("usual", {"rotation": 42}), ("usual", {"shear": 0.21}), ("usual", {"zoom": 0.22}), ("usual", {"shift": 0.21}),
    ("usual", {"horizontal_flip": False}), ("cells", {"quarter_turns": False}), ("cells", {"shift": 0.06}),
    ("cells", {"vertical_flip": False}), ("ultrasound", {"gain": 0.12}), ("ultrasound", {"contrast": 0.12}),
])  # fmt: skip
def test_a_changed_augmentation_makes_results_stale(monkeypatch, recorded, preset, change):
    from dataclasses import replace

    from course.models import augmentation

    variant = {"usual": "usual augmentation", "cells": "repaired", "ultrasound": "ultrasound"}[preset]
    images = np.stack([cytology.draw(case, 64) for case in behaviour.first_of_each_class()[:4]])
    stored = recorded["lesson_14"]["training"][variant]["augmented"]
    assert not behaviour.differences(stored, behaviour.augmented(preset, images))
    monkeypatch.setitem(augmentation.PRESETS, preset, replace(augmentation.PRESETS[preset], **change))
    assert behaviour.differences(stored, behaviour.augmented(preset, images))


def other_momentum(original):
    from course.quiet_tensorflow import keras

    def block(x, filters, kernel=3, strides=1):
        x = keras.layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False)(x)
        return keras.layers.Activation("relu")(keras.layers.BatchNormalization(momentum=0.95)(x))

    return block


def scaled_otherwise(original):
    from course.quiet_tensorflow import keras

    return lambda scaling: keras.layers.Rescaling(1 / 127.5) if scaling == "rescale" else original(scaling)


TRAINED_OTHERWISE = {
    "batch normalisation": ("repaired", "course.models.breast_cnn", "_block", other_momentum),
    "scaling": ("as printed", "course.models.breast_cnn", "_scale", scaled_otherwise),
    "order of the pictures": ("as printed", "course.models.training", "_train_epoch", lambda original: (
        lambda model, train, recipe, seed, epoch: original(model, train, recipe, seed, epoch + 1))),
    "the loss": ("as printed", "course.models.training", "_train_epoch", lambda original: (
        lambda model, train, *rest: original(model, train._replace(labels=0.9 * train.labels + 0.05), *rest))),
    "prediction over mirror images": ("repaired", "course.models.training", "predict_scores", lambda original: (
        lambda model, images, flips=False, batch_size=64: original(model, images, False, batch_size))),
}


@pytest.mark.parametrize("change", TRAINED_OTHERWISE)
def test_a_changed_network_or_training_makes_results_stale(monkeypatch, recorded, change):
    variant, module, name, mutated = TRAINED_OTHERWISE[change]
    replaced(monkeypatch, importlib.import_module(module), name, mutated)
    now = behaviour.training(lesson_14.recipes()[variant])
    assert behaviour.differences(recorded["lesson_14"]["training"][variant], json.loads(json.dumps(now)))


@pytest.mark.parametrize("change", [{"learning_rate": 2e-3}, {"epochs": 14}, {"batch_size": 8}, {"monitor": "val_auc"},
                                    {"warmup": 3}, {"flips": False}], ids=str)
def test_a_changed_recipe_makes_results_stale(recorded, change):
    from dataclasses import replace

    stored = recorded["lesson_14"]["training"]["repaired"]
    stored = {name: stored[name] for name in ("recipe", "rates")}
    recipe = lesson_14.recipes()["repaired"]
    assert not behaviour.differences(stored, behaviour.settings(recipe))
    assert behaviour.differences(stored, behaviour.settings(replace(recipe, **change)))


@pytest.mark.parametrize(("name", "value"), [("beta_1", 0.8), ("learning_rate", 0.0011)])
def test_a_changed_optimizer_makes_lesson_08_stale(monkeypatch, recorded, name, value):
    from course.reproduce import lesson_08

    def other(*args, **kwargs):
        optimizer = Adam(*args, **kwargs)
        setattr(optimizer, name, value)
        return optimizer

    Adam = lesson_08.Adam
    monkeypatch.setattr(lesson_08, "Adam", other)
    assert behaviour.differences(recorded["lesson_08"], json.loads(json.dumps(lesson_08.fingerprint())))


def test_moved_and_reworded_code_leaves_results_fresh(monkeypatch, recorded):
    """The painting, retyped: other layout, no comments, no docstrings, another module, other names for its helpers."""
    tree = ast.parse(Path(staining.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    text = ast.unparse(tree).replace("_illumination", "lamp").replace("_clouds", "uneven")
    moved = types.ModuleType("moved")
    sys.modules["moved"] = moved
    try:
        exec(compile(text, "moved.py", "exec"), vars(moved))
    finally:
        del sys.modules["moved"]
    assert staining.paint is not moved.paint
    monkeypatch.setattr(staining, "paint", moved.paint)
    assert not behaviour.differences(recorded["lesson_14"]["drawing"], behaviour.drawing(fields=4))


def test_what_another_processor_rounds_otherwise_is_no_difference():
    assert not behaviour.differences({"a": [1.0, 200.0], "b": "x"}, {"a": [1.0005, 200.1], "b": "x"})
    for other in ({"a": [1.002, 200.0], "b": "x"}, {"a": [1.0, 201.0], "b": "x"}, {"a": [1.0], "b": "x"},
                  {"a": [1.0, 200.0], "b": "y"}, {"a": [1.0, 200.0]}):
        assert behaviour.differences({"a": [1.0, 200.0], "b": "x"}, other)


def test_scores_are_stored_to_the_last_digit_and_arrays_on_one_line():
    scores = np.random.default_rng(0).random(50) ** 20
    assert (np.array(store.exact(scores), np.float32) == scores.astype(np.float32)).all()
    long = list(range(60))
    value = {"a": long, "b": {"c": [[1.5, 2], long], "d": "ä"}, "e": [], "f": {"x": [[1], {"y": 1}]}}
    text = store.compact(value)
    assert json.loads(text) == value and len(text.splitlines()) == 12
    assert '"f": {"x": [[1], {"y": 1}]}' in text.splitlines()[-2]
    assert max(len(path.read_text(encoding="utf-8").splitlines()) for path in STORED) < 1000


def test_lesson_14_has_all_its_runs():
    stored, labels = store.result(14), cytology.table()[1]
    assert list(stored["cells"]) == list(lesson_14.recipes())
    assert all([run["seed"] for run in runs] == list(lesson_14.SEEDS) for runs in stored["cells"].values())
    for split in ("validation", "test"):
        n = len(tables.labels_of(split))
        assert {len(run[f"{split}_scores"]) for runs in stored["cells"].values() for run in runs} == {n}
    assert {len(scores) for scores, _ in tables.out_of_fold().values()} == {len(labels)}
    assert [run["seed"] for run in stored["ultrasound"]] == [0, 1, 2]
    assert {run["at 0.5"]["n"] for run in stored["ultrasound"]} == {156}


def test_tables_of_lesson_14_agree_with_scikit_learn():
    from sklearn.metrics import accuracy_score, recall_score, roc_auc_score

    labels, scored, table = cytology.table()[1], tables.out_of_fold(), tables.comparison()
    network = roc_auc_score(labels, scored[tables.NETWORK][0])
    assert list(table.index) == [tables.MAJORITY, *scored]
    for name, (scores, cut) in scored.items():
        row, decided = table.loc[name], scores >= cut
        area = roc_auc_score(labels, scores)
        wanted = [accuracy_score(labels, decided), recall_score(labels, decided),
                  recall_score(labels, decided, pos_label=0), area]
        np.testing.assert_allclose(row[["accuracy", "sensitivity", "specificity", "AUC"]].astype(float), wanted)
        assert row["low"] < area < row["high"]
        if name != tables.NETWORK:
            assert row["network minus model"] == pytest.approx(network - area)
            assert row["from"] < row["network minus model"] < row["to"]
    assert table.loc[tables.MAJORITY, "accuracy"] == np.mean(labels == 0)
    assert table.loc[tables.MAJORITY, ["AUC", "low", "high"]].isna().all()


def test_the_folds_of_lesson_14_make_up_all_patients():
    labels, scores = cytology.table()[1], tables.out_of_fold()[tables.NETWORK][0]
    folds = tables.by_fold()
    assert folds["patients"].sum() == len(labels)
    positives = [labels[judged].sum() for _, judged in lesson_14.folds_of(labels)]
    assert np.dot(positives, folds["sensitivity"]) == pytest.approx(((scores >= 0.5) & (labels == 1)).sum())


def test_a_run_s_row_is_computed_from_its_scores():
    rows = tables.runs("validation")
    labels = tables.labels_of("validation")
    first = store.result(14)["cells"]["as printed"][0]
    assert rows.iloc[0]["accuracy"] == np.mean((np.array(first["validation_scores"]) >= 0.5) == labels)
    assert len(rows) == 30 and not rows[["AUC", "sensitivity"]].isna().any(axis=None)


def test_shipped_weights_give_the_stored_scores():
    from course.data import cytology
    from course.models import augmentation  # noqa: F401  registers the layers
    from course.models.training import predict_scores
    from course.quiet_tensorflow import keras

    assert lesson_14.WEIGHTS.stat().st_size <= 5_000_000
    model = keras.saving.load_model(lesson_14.WEIGHTS, safe_mode=True)
    images, _, _ = cytology.load(split="test")
    stored = np.array(store.result(14)["cells"]["repaired"][0]["test_scores"])
    np.testing.assert_allclose(predict_scores(model, images, "both"), stored, atol=0.01)


def test_finished_parts_are_not_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    made = []
    parts = store.Parts(99, report=lambda name: None)
    for key in ("a", "a", "b", "b"):
        assert parts.get("part", [key], lambda key=key: made.append(key) or {"key": key}) == {"key": key}
    assert made == ["a", "b"]


def test_damaged_results_are_named_and_damaged_parts_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "ROOT", tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "lesson_99.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match=r"lesson_99\.json is damaged .* course reproduce 99"):
        store.result(99)
    parts = store.Parts(99, report=lambda name: None)
    for contents in (b"", b"{", b"[]", b'{"part": 1}', b"\xff"):
        parts.folder.mkdir(parents=True, exist_ok=True)
        parts.path("one").write_bytes(contents)
        assert parts.get("one", {"f": 1}, lambda: 5) == 5
    assert parts.get("one", {"f": 1}, lambda: pytest.fail("made twice")) == 5


def test_a_missing_result_names_the_command():
    with pytest.raises(CourseError, match="course reproduce 77"):
        store.result(77)
