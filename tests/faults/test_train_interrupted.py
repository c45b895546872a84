"""`course train` cut off in every way, in a process of its own: nothing half-written, nothing lost, the same result.

The run that nobody disturbs is the command itself. Those that are cut off are forked from a process that has loaded
TensorFlow's code but not used it yet, since loading takes longer than all the training here.
"""

import csv
import json
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser

import numpy as np
import pytest
from blobs import MODEL, write_blobs

EPOCHS = 12


def words(data, out):
    return ["train", str(data), "--out", str(out), "--model", "repaired", "--epochs", str(EPOCHS), "--size", "48",
            "--seed", "3"]


@pytest.fixture(scope="module")
def start():
    """Return start(data, out, limit=None, options=()): `course train` in a forked process.

    limit: largest file it may write. options: further words, which count more than the usual ones.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["keras", "pandas", "course.models.report"])

    def start(data, out, limit=None, options=()):
        arguments = [*words(data, out), *options]
        process = context.Process(target=_train, args=(arguments, out.with_suffix(".errors"), limit))
        process.start()
        return process

    return start


def _train(arguments, errors, limit):
    from course.__main__ import main

    with open(errors, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, whatever started the tests
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    sys.exit(main(arguments))


def finish(process, out):
    """Wait for the end: exit status, and everything printed."""
    process.join(timeout=300)
    return process.exitcode, out.with_suffix(".errors").read_text()


def epochs_done(out):
    try:
        with np.load(out / "checkpoint.npz", allow_pickle=False) as stored:
            return len(json.loads(str(stored["history"])))
    except FileNotFoundError:
        return 0


def stop_after_next_epoch(process, out, how):
    """Send a signal as soon as one more epoch is on disk; return what `finish` does."""
    before = epochs_done(out)
    while process.is_alive() and epochs_done(out) <= before:
        time.sleep(0.005)
    os.kill(process.pid, how)
    return finish(process, out)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_blobs(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """A run that nobody disturbed: (its folder, what it printed)."""
    out = tmp_path_factory.mktemp("whole") / "model"
    run = subprocess.run([sys.executable, "-m", "course", *words(data, out)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return out, run.stdout


def test_outputs_of_a_whole_run(whole):
    out, printed = whole
    assert {path.name for path in out.iterdir()} == MODEL
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert facts["class_names"] == ["benign", "malignant"] and facts["positive_class"] == "malignant"
    assert facts["size"] == 48 and facts["seed"] == 3 and facts["threshold_rule"]["sensitivity"] == 0.95
    assert facts["data"]["counts"]["train"] == {"benign": 12, "malignant": 12}
    assert {"python", "tensorflow", "keras", "numpy", "course"} <= set(facts["versions"])
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    for split in ("validation", "test"):
        for rule in ("at_threshold", "at_half"):
            for measure in ("accuracy", "sensitivity", "specificity"):
                found = report[split][rule][measure]
                assert 0 <= found["low"] <= found["right"] / found["of"] <= found["high"] <= 1
    assert report["validation"]["at_threshold"]["sensitivity"]["estimate"] >= 0.95
    assert report["test"]["at_threshold"]["threshold"] == facts["threshold"]
    assert len(report["test_scores"]) == 12 and report["test"]["majority"] == 0.5
    assert "calling all alike: accuracy 0.50" in printed
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "accuracy of calling all alike" in html and "not calibrated" in html and "belong to one patient" in html
    assert "<th scope=\"row\">50.0 %</th>" in html and "<th scope=\"row\">0.50 %</th>" in html
    assert "needs 10 validation pictures of each class" in html and facts["calibration"]["temperature"] is None
    for split in ("validation", "test"):
        measured = report[split]
        assert measured["patients"] is None and measured["calibration"]["brier_of_share"] == 0.25
        assert [one["share"] for one in measured["predictive"]] == [0.5, 0.05, 0.005]
        assert len(measured["net_benefit"]["model"]) == len(measured["net_benefit"]["threshold"])
        assert sum(group["n"] for group in measured["calibration"]["curve"]) == measured["n"]
    with open(out / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == facts["epochs"] <= EPOCHS
    assert "not a medical device" in printed and "sensitivity" in printed


def test_report_stands_alone(whole):
    """Every picture is in the page, has a text beside it, and nothing is fetched."""
    found = []

    class Pictures(HTMLParser):
        def handle_starttag(self, tag, attributes):
            attributes = dict(attributes)
            assert tag not in ("script", "link", "iframe")
            if tag == "img":
                assert attributes["src"].startswith("data:image/png;base64,") and attributes["alt"]
                found.append(attributes["alt"])

    text = (whole[0] / "report.html").read_text(encoding="utf-8")
    Pictures().feed(text)
    assert len(found) >= 4 and "not a medical device" in text and "95 %" in text


def test_cut_off_three_times_and_still_the_same(data, whole, start, tmp_path):
    out = tmp_path / "model"
    status, errors = stop_after_next_epoch(start(data, out), out, signal.SIGINT)
    assert status == 130, errors
    assert "the same command goes on" in errors and "Traceback" not in errors
    assert {path.name for path in out.iterdir()} == {"checkpoint.npz"}
    after_interrupt = epochs_done(out)
    assert after_interrupt >= 1

    status, _ = stop_after_next_epoch(start(data, out), out, signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert after_interrupt < epochs_done(out) < EPOCHS
    assert not (out / "model.json").exists()

    kept = (out / "checkpoint.npz").read_bytes()
    status, errors = finish(start(data, out, limit=50_000), out)
    assert status == 2 and "cannot write" in errors and "checkpoint.npz" in errors and "Traceback" not in errors
    assert {path.name for path in out.iterdir()} == {"checkpoint.npz"}
    assert (out / "checkpoint.npz").read_bytes() == kept

    status, errors = finish(start(data, out), out)
    assert status == 0, errors
    assert {path.name for path in out.iterdir()} == MODEL
    for name in ("history.csv", "report.json", "model.json"):
        assert (out / name).read_bytes() == (whole[0] / name).read_bytes(), name


def test_the_stored_threshold_judges_each_picture_alike_alone_and_in_its_folder(data, whole):
    """Also the picture that set it: the threshold is no picture's own score."""
    from course.models.diagnoser import load

    diagnoser, paths = load(whole[0]), sorted((data / "validation").glob("*/*.png"))
    together = diagnoser.predict_files(paths)
    assert min(abs(together["probability"] - diagnoser.threshold)) > 1e-6
    assert [diagnoser.predict_files([path])["decision"][0] for path in paths] == list(together["decision"])
    malignant = [path.parent.name == "malignant" for path in paths]
    assert (together["decision"][malignant] == "malignant").mean() >= 0.95


def test_overwriting_in_two_sittings_keeps_the_old_model_until_the_new_one_is_complete(data, whole, start, tmp_path):
    out = tmp_path / "model"
    shutil.copytree(whole[0], out)
    old = {path.name: path.read_bytes() for path in out.iterdir()}
    anew = ("--overwrite", "--seed", "4")
    status, errors = stop_after_next_epoch(start(data, out, options=anew), out, signal.SIGTERM)
    assert status == 130 and "The finished model that was there is untouched" in errors, errors
    assert {path.name for path in out.iterdir()} == MODEL | {"checkpoint.npz"}
    assert all((out / name).read_bytes() == contents for name, contents in old.items())
    status, errors = finish(start(data, out, options=anew), out)
    assert status == 0, errors
    assert {path.name for path in out.iterdir()} == MODEL
    assert json.loads((out / "model.json").read_text(encoding="utf-8"))["seed"] == 4
