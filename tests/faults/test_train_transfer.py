"""`course train --model transfer`: two phases, what was not checked is said, and the saved model judges."""

import csv
import json

import numpy as np
import pytest
from blobs import write_blobs

from course.__main__ import main
from course.data.patients import UNCHECKED
from course.models.diagnoser import load


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(the folder of pictures, that of the model, what was printed): three epochs, the third of the second phase."""
    data, out = write_blobs(tmp_path_factory.mktemp("cells")), tmp_path_factory.mktemp("model") / "out"
    with pytest.MonkeyPatch.context() as patch:
        printed = []
        patch.setattr("builtins.print", lambda *words, **options: printed.append(" ".join(map(str, words))))
        options = ["--model", "transfer", "--epochs", "3", "--size", "48", "--out", str(out)]
        assert main(["train", str(data), *options]) == 0
    return data, out, "\n".join(printed)


def test_both_phases_stand_in_the_history_and_what_is_not_checked_is_said(trained):
    _, out, printed = trained
    with open(out / "history.csv", newline="") as file:
        rates = [float(row["learning_rate"]) for row in csv.DictReader(file)]
    assert rates == pytest.approx([1e-3, 1e-3, 2e-4])
    assert UNCHECKED in printed and "imagenet ((grey value - 127) / 128" in printed
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert facts["recipe"]["model"] == "transfer" and facts["size"] == 48 and not (out / "checkpoint.npz").exists()


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
