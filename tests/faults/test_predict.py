"""`course predict`: what it prints, what it writes, and what it refuses."""

import csv
import errno
import os
import shutil
import sys

import pytest
from blobs import write_blobs
from PIL import Image

from course.__main__ import main


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_blobs(tmp_path_factory.mktemp("my data"))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """An untrained network, saved as a trained one is: how well it judges does not matter here."""
    from course.models.breast_cnn import repaired
    from course.models.diagnoser import Diagnoser, save

    folder = tmp_path_factory.mktemp("model")
    save(Diagnoser(repaired((48, 48, 3), seed=1), {
        "class_names": ["benign", "malignant"], "positive_class": "malignant", "size": 48, "threshold": 0.4,
        "flips": "both", "trained_on": {"shortest_side": 40, "longest_side": 60, "longest_shape": 1.2},
    }), folder)
    return folder


def test_pictures_and_folders(model, data, tmp_path, capsys):
    single = tmp_path / "Übung 图.png"
    Image.new("L", (60, 50), 128).save(single)
    table = tmp_path / "new folder" / "table.csv"
    assert main(["predict", str(model), str(single), str(data / "test" / "benign"), "--csv", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "Übung 图.png" in printed and "not a medical device" in printed and "at least 0.400" in printed
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7 and rows[0]["picture"] == str(single)
    for row in rows:
        assert row["decision"] == ("malignant" if float(row["probability"]) >= float(row["threshold"]) else "benign")


def test_all_bad_pictures_are_listed_and_nothing_written(model, data, tmp_path, capsys):
    good = data / "test" / "benign" / "picture 00.png"
    (tmp_path / "zero.png").write_bytes(b"")
    Image.new("RGBA", (8, 8), (0, 0, 0, 9)).save(tmp_path / "glass.png")
    table = tmp_path / "table.csv"
    paths = [good, tmp_path / "zero.png", tmp_path / "glass.png", tmp_path / "absent.png"]
    assert main(["predict", str(model), *map(str, paths), "--csv", str(table)]) == 2
    printed = capsys.readouterr()
    assert all(name in printed.err for name in ("zero.png", "glass.png", "absent.png", "3 of 4"))
    assert good.name not in printed.err and printed.out == "" and not table.exists()


# --csv


@pytest.fixture
def own(data, tmp_path):
    """A picture of one's own, which nothing may overwrite."""
    path = tmp_path / "mine.png"
    Image.open(data / "test" / "benign" / "picture 00.png").save(path)
    return path


def refused(capsys, *words):
    assert main(["predict", *map(str, words)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err
    return captured.err


def test_a_forgotten_table_name_does_not_cost_a_picture(model, own, data, capsys):
    before = own.read_bytes()
    assert "Was the name of the table left out" in refused(capsys, model, own, "--csv", own)
    for name in ("model.json", "model.keras", "table"):
        assert "name ends in .csv" in refused(capsys, model, own, "--csv", model / name)
    assert own.read_bytes() == before and {path.name for path in model.iterdir()} == {"model.json", "model.keras"}


def test_a_table_is_written_neither_over_an_input_nor_into_the_model(model, own, capsys):
    disguised = own.rename(own.with_suffix(".csv"))
    assert "one of the pictures to be judged" in refused(capsys, model, disguised, "--csv", disguised)
    assert "model's own folder" in refused(capsys, model, disguised, "--csv", model / "table.csv")
    assert not (model / "table.csv").exists()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes: Windows has others")
def test_a_table_replaces_plain_files_only(model, own, tmp_path, capsys):
    (tmp_path / "precious.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to("precious.csv")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, kind in (("link", "a link"), ("folder", "a folder"), ("pipe", "a device or pipe")):
        assert kind in refused(capsys, model, own, "--csv", tmp_path / f"{name}.csv")
    assert (tmp_path / "precious.csv").read_text() == "mine"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file systems there refuse such names")
def test_odd_names_in_terminal_and_table(model, own, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["=cmd|' !A0.png", "+1.png", "@sum.png", "a\rb.png", "c\nd.png", "e\x1b[31m\a.png", "f\u202egnp.png",
             os.fsdecode(b"g\xff.png"), "plain.png"]
    for name in names:
        shutil.copy(own, name)
    assert main(["predict", str(model), *names, "--csv", "t.csv"]) == 0
    printed = capsys.readouterr().out
    assert not set("\x1b\a\r\u202e") & set(printed) and len(printed.splitlines()) == 1 + len(names) + 3
    with open("t.csv", newline="", encoding="utf-8") as file:
        text = file.read()
    assert "\r" not in text
    cells = [row["picture"] for row in csv.DictReader(text.splitlines())]
    assert cells == ["'=cmd|' !A0.png", "'+1.png", "'@sum.png", r"a\rb.png", r"c\nd.png", r"e\x1b[31m\x07.png",
                     r"f\u202egnp.png", r"g\udcff.png", "plain.png"]


def test_a_name_with_a_dash_in_front(model, own, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own.rename("-dash.png")
    with pytest.raises(SystemExit) as ended:
        main(["predict", str(model), "-dash.png"])
    assert ended.value.code == 2 and "./-dash.png" in capsys.readouterr().err
    assert main(["predict", str(model), "./-dash.png"]) == 0


# what the pictures are like


def test_pictures_unlike_those_trained_on_get_a_remark(model, data, tmp_path, capsys):
    Image.new("L", (48 * 8, 48)).save(tmp_path / "eight side by side.png")
    Image.new("L", (1200, 1200)).save(tmp_path / "large.png")
    paths = [data / "test" / "benign" / "picture 00.png", *sorted(tmp_path.iterdir())]
    assert main(["predict", str(model), *map(str, paths), "--csv", str(tmp_path / "t.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("picture 00.png")
    assert lines[2].endswith("[384 x 48 pixels; trained on sides of 40 to 60, shapes up to 1.2 : 1]")
    assert "1200 x 1200 pixels" in lines[3] and "2 of 3 pictures are unlike those" in "\n".join(lines)
    with open(tmp_path / "t.csv", newline="", encoding="utf-8") as file:
        assert [bool(row["remark"]) for row in csv.DictReader(file)] == [False, True, True]


def test_the_same_picture_alone_and_in_a_folder(model, data):
    """The threshold set by each picture in turn, half-way to the next lower one: both ways the same decision."""
    from dataclasses import replace

    from course.evaluation.metrics import halfway_below
    from course.models.diagnoser import load

    paths = sorted((data / "validation").glob("*/*.png"))
    diagnoser = load(model)
    together = diagnoser.predict_files(paths)
    alone = [diagnoser.predict_files([path])["probability"][0] for path in paths]
    for threshold in together["probability"]:
        moved = replace(diagnoser, facts={**diagnoser.facts,
                                          "threshold": halfway_below(together["probability"], threshold)})
        assert [p >= moved.threshold for p in alone] == [p >= threshold for p in together["probability"]]


def test_many_bad_pictures_are_counted(model, tmp_path, capsys):
    for number in range(60):
        (tmp_path / f"{number}.png").write_bytes(b"")
    errors = refused(capsys, model, tmp_path)
    assert "60 of 60" in errors and "and 40 more" in errors and len(errors.splitlines()) == 22


def test_a_place_that_may_not_be_looked_at(model, own, capsys, monkeypatch):
    """Root may look everywhere, so the refusal is made here."""
    def forbidden(path, **options):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(type(own), "is_dir", forbidden)
    errors = refused(capsys, model, own)
    assert "cannot read" in errors and "permission to read it" in errors and "space" not in errors


def test_empty_folder(model, tmp_path, capsys):
    assert main(["predict", str(model), str(tmp_path)]) == 2
    assert "no pictures found" in capsys.readouterr().err


def test_table_that_cannot_be_written(model, data, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert main(["predict", str(model), str(data / "test" / "benign"), "--csv", str(tmp_path / "file" / "t.csv")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_folder_without_a_model(data, tmp_path, capsys):
    picture = data / "test" / "benign" / "picture 00.png"
    assert main(["predict", str(tmp_path), str(picture)]) == 2
    assert "no finished model" in capsys.readouterr().err
