"""`course train --model transfer`: two phases, what was not checked is said, and the saved model judges."""

import csv
import json

import numpy as np
import pytest
from blobs import write_blobs

from course.__main__ import main
from course.evaluation.intervals import wilson
from course.models.diagnoser import load


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(the folder of pictures, that of the model, what was printed): three epochs, the third of the second phase.

    Two pictures a patient; fitted pictures on disk, and kept.
    """
    data, out = write_blobs(tmp_path_factory.mktemp("cells")), tmp_path_factory.mktemp("model") / "out"
    paths = [path.relative_to(data).as_posix() for path in sorted(data.rglob("*.png"))]
    (data / "patients.csv").write_text("picture,patient\n" + "".join(
        f"{path},P{number // 2}\n" for number, path in enumerate(paths)))
    with pytest.MonkeyPatch.context() as patch:
        printed = []
        patch.setattr("builtins.print", lambda *words, **options: printed.append(" ".join(map(str, words))))
        options = ["--model", "transfer", "--epochs", "3", "--size", "48", "--out", str(out), "--prevalence", "0.01",
                   "--cache", str(out.parent / "cache"), "--keep-cache"]
        assert main(["train", str(data), *options]) == 0
    return data, out, "\n".join(printed)


def test_both_phases_stand_in_the_history(trained):
    _, out, printed = trained
    with open(out / "history.csv", newline="") as file:
        rates = [float(row["learning_rate"]) for row in csv.DictReader(file)]
    assert rates == pytest.approx([1e-3, 1e-3, 2e-4])
    assert "imagenet ((grey value - 127) / 128" in printed
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert facts["recipe"]["model"] == "transfer" and facts["size"] == 48 and not (out / "checkpoint.npz").exists()


def test_intervals_are_by_patient_and_shares_those_asked_for(trained):
    _, out, printed = trained
    assert "24 patients by patients.csv" in printed
    test = json.loads((out / "report.json").read_text(encoding="utf-8"))["test"]
    rule = test["at_threshold"]["sensitivity"]
    assert test["patients"] == 6 and [one["share"] for one in test["predictive"]] == [0.5, 0.01]
    assert rule["high"] - rule["low"] >= wilson(rule["right"], rule["of"]).high - wilson(rule["right"], rule["of"]).low
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "12 pictures of 6 patients" in html and "belong to one patient" not in html


def test_fitted_pictures_are_kept_where_asked(trained):
    _, out, printed = trained
    folder, = (out.parent / "cache").iterdir()
    assert f"in {folder}" in printed and {path.name for path in folder.iterdir()} == {
        "train.npy", "validation.npy", "test.npy"}
    assert np.load(folder / "train.npy", allow_pickle=False).shape == (24, 48, 48, 3)


def test_the_saved_model_is_read_in_safe_mode_and_judges(trained):
    data, out, _ = trained
    diagnoser = load(out)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    paths = [data / one["picture"] for one in report["test_scores"]]
    stored = [one["score"] for one in report["test_scores"]]
    assert np.allclose(diagnoser.predict_files(paths)["probability"], stored, atol=1e-5)


@pytest.mark.parametrize("words", [("transfer", "density"), ("classic", "imagenet"), ("repaired", "imagenet")])
def test_a_scaling_that_the_model_cannot_have_is_refused(tmp_path, capsys, words):
    model, scaling = words
    assert main(["train", str(tmp_path), "--model", model, "--scaling", scaling, "--out", str(tmp_path / "out")]) == 2
    assert f"--model {model} takes" in capsys.readouterr().err
