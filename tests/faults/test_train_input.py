"""`course train` given bad input: exit 2, one message, nothing written. TensorFlow is not needed for any of it."""

import errno
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from blobs import write_blobs
from PIL import Image

from course.__main__ import main
from course.commands.train import _terminated_like_interrupted
from course.models.outputs import OUTPUTS, prepare_out


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
                                    ["--model", "huge"]])
def test_bad_option(data, capsys, option):
    with pytest.raises(SystemExit) as caught:
        main(["train", str(data), *option])
    assert caught.value.code == 2 and option[0] in capsys.readouterr().err


def train(data, out, *options):
    return main(["train", str(data), "--out", str(out), *options])


def test_finished_model_is_not_overwritten_silently(data, tmp_path, capsys):
    out = tmp_path / "model"
    out.mkdir()
    for name in OUTPUTS:
        (out / name).write_text(name)
    assert train(data, out) == 2
    assert "already holds a finished model" in capsys.readouterr().err
    assert {path.name: path.read_text() for path in out.iterdir()} == {name: name for name in OUTPUTS}


def test_overwriting_removes_the_old_model_and_leftovers_only(tmp_path):
    for name in (*OUTPUTS, "notes.txt", "checkpoint.npz", ".part-abc.npz"):
        (tmp_path / name).write_text(name)
    prepare_out(tmp_path, overwrite=True)
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "checkpoint.npz"}


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
    with pytest.raises(KeyboardInterrupt), _terminated_like_interrupted():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
