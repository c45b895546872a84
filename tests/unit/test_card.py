"""`course card`: what the files say, what a person states, what nobody states, and inputs that are refused."""

import json

import numpy as np
import pytest

from course.__main__ import main
from course.models import card
from course.models.report import measure


@pytest.fixture
def model_dir(tmp_path):
    rng = np.random.default_rng(0)
    labels = (rng.random(80) < 0.4).astype(int)
    report = {"warnings": ["2 pictures are alike"],
              "test": measure(labels, np.clip(labels * 0.4 + rng.random(80) * 0.6, 0, 1), 0.5, shares=(0.005,))}
    facts = {"caution": "For teaching.", "class_names": ["benign", "malignant"], "positive_class": "malignant",
             "size": 150, "scaling": "stain", "threshold": 0.41, "threshold_rule": {"sensitivity": 0.95}, "seed": 3,
             "recipe": {"model": "repaired", "augmentation": "cells", "batch_size": 32, "learning_rate": 0.001},
             "weights": 12345, "epochs": 15, "best_epoch": 11, "versions": {"keras": "3"},
             "data": {"folder": "cells", "digest": "ab" * 32, "counts": {"train": {"benign": 5, "<b>": 6}}}}
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text(json.dumps(facts))
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def test_a_card_says_what_the_files_say_and_what_nobody_stated(model_dir, tmp_path, capsys):
    plain, page = tmp_path / "card.md", tmp_path / "card.html"
    assert main(["card", str(model_dir), "--out", str(plain), "--out", str(page)]) == 0
    text = plain.read_text(encoding="utf-8")
    assert "12,345 trained weights" in text and "0.410" in text and "2 pictures are alike" in text
    assert text.count("not stated") == len(card.ASKED) and "where 0.5% are positive" in text
    assert "unknown number of patients" in text and "10 of 10 items" in capsys.readouterr().out
    assert "<b>" not in page.read_text(encoding="utf-8") and "&lt;b>" in text


def test_a_template_is_read_back_filled_in(model_dir, tmp_path):
    facts, out = tmp_path / "facts.toml", tmp_path / "card.md"
    assert main(["card", str(model_dir), "--template", str(facts)]) == 0
    filled = facts.read_text(encoding="utf-8").replace('not_for = ""', 'not_for = "children\\nand men"')
    facts.write_text(filled, encoding="utf-8")
    assert card.stated(facts)["not_for"] == "children\nand men"
    assert main(["card", str(model_dir), "--facts", str(facts), "--out", str(out)]) == 0
    assert "- children and men" in out.read_text(encoding="utf-8")
    assert out.read_text(encoding="utf-8").count("not stated") == len(card.ASKED) - 1
    assert main(["card", str(model_dir), "--template", str(facts)]) == 2  # filled in: not overwritten


@pytest.mark.parametrize(("toml", "said"), [
    ("not_for = [", "no TOML file"), ("other = 'x'", "unknown other"), ("contact = 3", "is no text"),
    ("\xff", "no TOML file"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(model_dir, tmp_path, capsys, toml, said):
    (tmp_path / "facts.toml").write_bytes(toml.encode("latin-1"))
    words = ["card", str(model_dir), "--facts", str(tmp_path / "facts.toml"), "--out", str(tmp_path / "card.md")]
    assert main(words) == 2 and said in capsys.readouterr().err and not (tmp_path / "card.md").exists()


def test_other_refusals(model_dir, tmp_path, capsys):
    for words, said in ((["--out", "card.pdf"], "ends in .md or .html"), ([], "say where")):
        assert main(["card", str(model_dir), *words]) == 2 and said in capsys.readouterr().err
    assert main(["card", str(tmp_path), "--out", str(tmp_path / "c.md")]) == 2
    assert "no finished model" in capsys.readouterr().err
    (model_dir / "report.json").write_text("{cut")
    assert main(["card", str(model_dir), "--out", str(tmp_path / "c.md")]) == 2
    assert "damaged" in capsys.readouterr().err
    (model_dir / "report.json").write_text("{}")
    assert main(["card", str(model_dir), "--out", str(tmp_path / "c.md")]) == 2
    assert "another version" in capsys.readouterr().err
