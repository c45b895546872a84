"""`course train` given bad input: exit 2, one message, nothing written. TensorFlow is not needed to find it."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from blobs import MODEL, write_blobs
from PIL import Image

from course.__main__ import build_parser, main
from course.commands.train import _description, _recipe, _told_where, quoted
from course.data import memory
from course.interruption import came, terminated_like_interrupted
from course.models import outputs
from course.models.outputs import prepare_out


@pytest.fixture
def data(tmp_path):
    return write_blobs(tmp_path / "cells")


def break_one_class(data):
    for split in ("train", "validation", "test"):
        for path in (data / split / "benign").iterdir():
            path.unlink()
        (data / split / "benign").rmdir()


def break_three_classes(data):
    for split in ("train", "validation", "test"):
        (data / split / "normal").mkdir()
        Image.new("L", (8, 8)).save(data / split / "normal" / "a.png")


def break_files(data):
    (data / "train" / "benign" / "zero.png").write_bytes(b"")
    (data / "test" / "benign" / "words.png").write_text("words")
    Image.fromarray(np.zeros((8, 8), np.uint16)).save(data / "validation" / "malignant" / "deep.png")


def break_missing_split(data):
    (data / "test").rename(data / "testing")


@pytest.mark.parametrize("spoil, words", [
    (break_one_class, ["1 class folders (malignant)"]),
    (break_three_classes, ["3 class folders (benign, malignant, normal)"]),
    (break_files, ["train/benign/zero.png", "test/benign/words.png", "validation/malignant/deep.png"]),
    (break_missing_split, ["test: this folder is missing"]),
])
def test_bad_folder(data, tmp_path, capsys, spoil, words):
    spoil(data)
    out = tmp_path / "out"
    assert main(["train", str(data), "--out", str(out)]) == 2
    printed = capsys.readouterr()
    assert all(word in printed.err for word in words)
    assert printed.err.startswith("course train: ") and not out.exists()


@pytest.mark.parametrize("make", [False, True])
def test_missing_and_empty_folder(tmp_path, capsys, make):
    folder = tmp_path / "nothing"
    if make:
        folder.mkdir()
    assert main(["train", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert ("missing" if make else "does not exist") in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [["--epochs", "0"], ["--epochs", "many"], ["--seed", "-1"], ["--size", "20"],
                                    ["--sensitivity", "95"], ["--sensitivity", "nan"], ["--batch-size", "0"],
                                    ["--model", "huge"], ["--size", "100000"], ["--batch-size", "1000000"],
                                    ["--epochs", "1e9"], ["--scaling", "stretch"]])
def test_bad_option(data, capsys, option):
    with pytest.raises(SystemExit) as caught:
        main(["train", str(data), *option])
    assert caught.value.code == 2 and option[0] in capsys.readouterr().err


def train(data, out, *options):
    return main(["train", str(data), "--out", str(out), *options])


def test_finished_model_is_not_overwritten_silently(data, tmp_path, capsys):
    out = tmp_path / "model"
    out.mkdir()
    for name in MODEL:
        (out / name).write_text(name)
    assert train(data, out) == 2
    assert "already holds a finished model" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in out.iterdir()} == {name: name for name in MODEL}


def test_a_model_is_not_written_among_the_pictures(data, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(data)
    for out in (data / "train" / "benign" / "model", data / "Test", "validation/../train/x"):
        assert main(["train", str(data), "--out", str(out)]) == 2
        assert "lies among the pictures" in capsys.readouterr().err
    assert sorted(os.listdir(data / "train")) == ["benign", "malignant"] and not (data / "train" / "x").exists()


def test_memory_that_may_not_be_enough_is_a_warning(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 1e9)
    assert outputs.memory_warning(500, 150, 32, "repaired") is None
    assert "about 25.5 GB of memory, and 1.0 GB are free" in outputs.memory_warning(10, 1024, 32, "classic")
    monkeypatch.setattr(memory, "available", lambda: None)
    assert outputs.memory_warning(10**9, 1024, 32, "classic") is None


def test_a_disk_that_is_too_small_is_noticed_before_drawing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**9, 10**9, 10**8))
    assert main(["data", "cytology", "--to", str(tmp_path / "a" / "cells"), "--fields", "100", "--size", "150"]) == 2
    assert "56,900 pictures of 150 x 150 pixels need 1.3 GB" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_second_training_into_the_same_folder(data, tmp_path, capsys):
    out = tmp_path / "out"
    holder = subprocess.Popen([sys.executable, "-c", "import sys, time\nfrom course.lock import alone_in\n"
                               "with alone_in(sys.argv[1]):\n    print(1, flush=True)\n    time.sleep(600)", str(out)],
                              stdout=subprocess.PIPE)
    try:
        holder.stdout.readline()
        (out / ".part-of the other").touch()
        assert train(data, out) == 2
        assert f"process {holder.pid}" in capsys.readouterr().err and (out / ".part-of the other").exists()
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.parametrize(("state", "words"), [
    ("nothing", "Stopped before the first epoch"), ("checkpoint", "Finished epochs are safe"),
    ("model", "the model is complete"), ("finished before", "The finished model that was there is untouched"),
])
def test_what_an_interruption_says_is_so(tmp_path, capsys, state, words):
    if state == "finished before":
        (tmp_path / "model.json").touch()
    with pytest.raises(KeyboardInterrupt), _told_where(tmp_path):
        if state in ("checkpoint", "model"):
            (tmp_path / {"checkpoint": "checkpoint.npz", "model": "model.json"}[state]).touch()
        raise KeyboardInterrupt
    told = capsys.readouterr().err
    assert words in told and ("are safe" in told) == (state == "checkpoint")


def test_the_finished_model_stays_until_the_new_one_is_complete(data, tmp_path, monkeypatch):
    from course.models import system

    out = tmp_path / "out"
    out.mkdir()
    for name in MODEL:
        (out / name).write_text(name)

    def stopped(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(system, "fit", stopped)
    assert train(data, out, "--size", "48", "--overwrite") == 130
    assert {path.name: path.read_text() for path in out.iterdir()} == {name: name for name in MODEL}


def test_what_cannot_be_written_is_found_before_training(data, tmp_path, monkeypatch):
    from course.data.folders import DataFolder
    from course.models import system

    def unwritable(*args):
        raise ValueError("this name breaks the figure")

    monkeypatch.setattr(system, "page", unwritable)
    monkeypatch.setattr(DataFolder, "load", lambda *args: pytest.fail("the pictures were loaded"))
    with pytest.raises(ValueError, match="breaks the figure"):
        train(data, tmp_path / "out")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file systems there refuse such names")
def test_odd_names_are_trained_on_and_reported(tmp_path, capsys):
    classes = "$^$", "=e\u202e"
    data = write_blobs(tmp_path / "d\x1b[31m", classes=classes, n=(8, 6, 6))
    picture = next((data / "test" / classes[1]).iterdir())
    picture.rename(picture.with_name("bad\r\nname.png"))
    out = tmp_path / "out"
    assert train(data, out, "--size", "48", "--epochs", "1", "--positive", classes[1]) == 0
    captured = capsys.readouterr()
    assert not set("\x1b\r\u202e") & set(captured.out + captured.err)
    assert "Scaling:      density" in captured.out and "Augmentation: cells (quarter turns" in captured.out
    assert "epochs: 1 of 1, loss" in captured.err
    report = (out / "report.html").read_text(encoding="utf-8")
    assert r"=e\u202e" in report and r"bad\r\nname.png" in report and r"d\x1b[31m" in report
    facts = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert facts["class_names"] == ["$^$", r"=e\u202e"]
    assert facts["trained_on"] == {"shortest_side": 48, "longest_side": 48, "longest_shape": 1.0}
    assert "date</th>" in report and "duration of training" in report and "import course.models.breast_cnn" in report
    assert main(["predict", str(out), *map(str, (data / "test").iterdir()), "--csv", str(tmp_path / "t.csv")]) == 0
    assert r"'=e\u202e" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_names_of_any_bytes_can_be_written(tmp_path):
    """A folder is not scanned with such names, but the texts hold them."""
    from course.data.folders import SPLITS, DataFolder
    from course.models.system import _rehearse
    from course.models.training import RECIPES

    root, classes = tmp_path / os.fsdecode(b"d\xff"), (os.fsdecode(b"caf\xe9"), "图")
    root.mkdir()
    files = {split: [root / split / name / f"{k}.png" for name in classes for k in range(2)] for split in SPLITS}
    for path in files["train"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8)).save(path)
    folder = DataFolder(root, classes, files, {split: np.array([0, 0, 1, 1]) for split in SPLITS})
    _rehearse(folder, {"recipe": RECIPES["classic"], "seed": 0, "size": 48, "sensitivity": 0.95})


@pytest.mark.parametrize("path, typed", [
    ("models/cells", "models/cells"), ("my models/cells", "'my models/cells'"), ("it's", "'it'\"'\"'s'"),
    ("-out", "./-out"), ("a\x1bb'c", r"$'a\x1bb\'c'"), (os.fsdecode(b"caf\xe9"), r"$'caf\xe9'"),
])
@pytest.mark.skipif(os.name == "nt", reason="quoting: Windows has its own")
def test_paths_can_be_typed_as_printed(path, typed):
    assert quoted(Path(path)) == typed
    if shutil.which("bash"):
        echoed = subprocess.run(["bash", "-c", f"printf %s {typed}"], capture_output=True).stdout
        assert os.path.normpath(os.fsdecode(echoed)) == path


def test_the_command_of_the_readme_is_the_lessons_network_for_ultrasound():
    """What README gives for ultrasound is what `course reproduce 14` runs."""
    from course.reproduce.lesson_14 import ultrasound_recipe

    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    (words,) = [line.split()[2:] for line in text.splitlines() if line.startswith("course train data/ultrasound")]
    parser, _ = build_parser("train")
    assert _recipe(parser.parse_args(words)) == ultrasound_recipe()


def test_predictions_average_over_no_mirror_image_that_training_has_not_shown():
    parser, _ = build_parser("train")
    for name, flips in (("none", False), ("usual", "horizontal"), ("cells", "both"), ("ultrasound", "horizontal")):
        assert _recipe(parser.parse_args(["x", "--augmentation", name])).flips == flips
    assert _recipe(parser.parse_args(["x"])).flips == "both"
    assert _recipe(parser.parse_args(["x", "--scaling", "standardise"])).scaling == "standardise"
    photographs = _recipe(parser.parse_args(["x", "--scaling", "standardise", "--augmentation", "none"]))
    assert "Not stained cells" not in _description(photographs)
    assert "Not stained cells" in _description(_recipe(parser.parse_args(["x"])))


def test_overwriting_removes_leftovers_only_before_training(tmp_path):
    for name in (*MODEL, "notes.txt", "checkpoint.npz", ".part-abc.npz"):
        (tmp_path / name).write_text(name)
    prepare_out(tmp_path, overwrite=True)
    assert {path.name for path in tmp_path.iterdir()} == {*MODEL, "notes.txt", "checkpoint.npz"}


def test_file_in_the_way_of_the_folder(data, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "model"):
        assert train(data, out) == 2
        assert "cannot write" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="read-only folder: root may write everywhere")
def test_read_only_folder(data, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    assert train(data, out) == 2
    assert "cannot write" in capsys.readouterr().err and list(out.iterdir()) == []


def test_full_disk(data, tmp_path, capsys, monkeypatch):
    """The first file that `course train` writes already shows that there is no room."""

    def no_room(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", no_room)
    out = tmp_path / "out"
    assert train(data, out) == 2
    assert "no space left on device" in capsys.readouterr().err and list(out.iterdir()) == []


def test_nothing_heavy_is_loaded_to_find_bad_input(tmp_path):
    code = ("import sys; from course.__main__ import main; "
            f"status = main(['train', {str(tmp_path)!r}]); sys.exit(100 if 'tensorflow' in sys.modules else status)")
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 2


def test_polite_end_request_cleans_up_as_an_interrupt():
    with pytest.raises(KeyboardInterrupt), terminated_like_interrupted():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL and came()


def test_an_interruption_that_a_library_turns_into_another_error_is_told_alike(tmp_path, capsys):
    with pytest.raises(ValueError, match="broken in the middle"), terminated_like_interrupted(), _told_where(tmp_path):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except KeyboardInterrupt:
            raise ValueError("broken in the middle") from None
    assert "Stopped before the first epoch was finished" in capsys.readouterr().err
    with pytest.raises(ValueError, match="a mistake"), terminated_like_interrupted(), _told_where(tmp_path):
        raise ValueError("a mistake")
    assert capsys.readouterr().err == ""
