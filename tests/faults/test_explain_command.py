"""`course explain`: what it prints, what it writes, and what it refuses before any work."""

import os

import numpy as np
import pytest
from PIL import Image

from course.__main__ import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """An untrained network, saved as a trained one is."""
    from course.models.breast_cnn import repaired
    from course.models.diagnoser import Diagnoser, save

    folder = tmp_path_factory.mktemp("model")
    save(Diagnoser(repaired((48, 48, 3), seed=1), {
        "class_names": ["benign", "malignant $x^2$"], "positive_class": "malignant $x^2$", "size": 48,
        "threshold": 0.4, "flips": "both",
        "trained_on": {"shortest_side": 40, "longest_side": 60, "longest_shape": 1.2},
    }), folder)
    return folder


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "mein Bild 图.png"
    Image.fromarray(np.random.default_rng(0).integers(60, 250, (50, 56, 3), np.uint8)).save(path)
    return path


def refused(capsys, *words):
    assert main(["explain", *map(str, words)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err and len(captured.err.splitlines()) == 1
    return captured.err


@pytest.mark.parametrize("method", ["grad-cam", "occlusion"])
def test_a_figure_is_written_in_place_of_an_older_one(model, picture, tmp_path, capsys, method):
    out = tmp_path / "new folder" / "map.png"
    for _ in range(2):
        assert main(["explain", str(model), str(picture), "--out", str(out), "--method", method]) == 0
    printed = capsys.readouterr().out
    assert "shows where the score reacts, and proves nothing" in printed and "not a medical device" in printed
    assert "P(malignant $x^2$) = 0." in printed and "means little" not in printed
    with Image.open(out) as drawn:
        assert drawn.size == (800, 400) and len(np.unique(np.asarray(drawn).reshape(-1, 4), axis=0)) > 1000
    assert [path.name for path in out.parent.iterdir()] == ["map.png"]


def test_an_unlike_picture_is_remarked_on(model, tmp_path, capsys):
    Image.new("L", (600, 48), 90).save(tmp_path / "long.png")
    assert main(["explain", str(model), str(tmp_path / "long.png"), "--out", str(tmp_path / "map.png")]) == 0
    assert "600 x 48 pixels; trained on sides of 40 to 60" in capsys.readouterr().out


def test_outputs_that_would_do_harm_are_refused(model, picture, tmp_path, capsys):
    before = picture.read_bytes()
    assert "is the picture to be explained" in refused(capsys, model, picture, "--out", picture)
    assert "name of the file ends in .png" in refused(capsys, model, picture, "--out", tmp_path / "map.jpg")
    assert "model's own folder" in refused(capsys, model, picture, "--out", model / "map.png")
    (tmp_path / "folder.png").mkdir()
    assert "it is a folder" in refused(capsys, model, picture, "--out", tmp_path / "folder.png")
    (tmp_path / "file").write_text("mine")
    assert "cannot write" in refused(capsys, model, picture, "--out", tmp_path / "file" / "map.png")
    assert picture.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {picture.name, "folder.png", "file"}


@pytest.mark.skipif(os.name == "nt", reason="links: Windows has others")
def test_a_link_is_not_replaced(model, picture, tmp_path, capsys):
    (tmp_path / "precious.png").write_bytes(b"mine")
    (tmp_path / "link.png").symlink_to("precious.png")
    assert "it is a link" in refused(capsys, model, picture, "--out", tmp_path / "link.png")
    os.link(picture, tmp_path / "same.png")
    assert "is the picture to be explained" in refused(capsys, model, picture, "--out", tmp_path / "same.png")
    assert (tmp_path / "precious.png").read_bytes() == b"mine"


def test_bad_pictures_are_refused_before_the_model_is_read(tmp_path, capsys):
    absent, out = tmp_path / "no model", tmp_path / "map.png"
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("no picture")
    Image.new("RGBA", (8, 8), (0, 0, 0, 9)).save(tmp_path / "glass.png")
    for name, reason in (("empty.png", "is empty"), ("text.png", "not a picture"), ("glass.png", "see-through"),
                         ("absent.png", "does not exist"), (".", "is a folder: give one picture")):
        assert reason in refused(capsys, absent, tmp_path / name, "--out", out)
    assert not out.exists()


def test_models_that_cannot_be_used_leave_nothing(model, picture, tmp_path, capsys):
    out = tmp_path / "map.png"
    assert "holds no finished model" in refused(capsys, tmp_path / "absent", picture, "--out", out)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "model.json").write_bytes((model / "model.json").read_bytes())
    (broken / "model.keras").write_bytes((model / "model.keras").read_bytes()[:5000])
    assert "damaged or cut short" in refused(capsys, broken, picture, "--out", out)
    assert {path.name for path in tmp_path.iterdir()} == {picture.name, "broken"}


def test_out_is_asked_for(model, picture, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["explain", str(model), str(picture)])
    assert ended.value.code == 2 and "--out" in capsys.readouterr().err
