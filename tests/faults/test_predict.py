"""`course predict`: what it prints, what it writes, and what it refuses."""

import csv

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
        "flips": "both",
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
