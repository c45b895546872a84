"""What lesson 21 says in words must be true of the stored runs; no picture of a patient may stand in an output."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from course.evaluation.intervals import Interval
from course.lab import ROOT
from course.reproduce import tables_21
from course.reproduce.store import result
from course.widgets import lesson_21 as widgets


def test_the_rule_of_the_text():
    table = tables_21.rules()
    assert table["largest"].loc[0.9] == 270 and table["largest"].loc[0.95:].max() <= 7
    assert (table["both labels"] > 0).all() and 430 < table["pictures"].loc[0.92] < 450
    assert table["pairs"].iloc[0] > 2000 and table["pairs"].iloc[-1] < 100
    assert table["pictures"].loc[0.96] - table["pictures"].loc[0.98] < 20
    twins = result(21)["twins"]
    assert sum(twins["kinds"].values()) == 780 and twins["kinds"]["normal"] == 133 and twins["sizes"][1] == 445
    assert twins["rule"] == 0.97


def test_memory_lost_most_of_its_lead_and_features_some():
    table = tables_21.leak()
    lead = table.loc["nearest", "apart"] - 0.5
    assert table.loc["nearest", "apart"] > 0.8 and table.loc["nearest", "gap"] > lead / 2
    assert (table["from"] > 0).all() and table.loc["frozen", "gap"] < table.loc["nearest", "gap"] / 3
    assert table["gap"].to_numpy() == pytest.approx((table["apart"] - table["together"]).to_numpy(), abs=1e-5)


def test_tables_hold_intervals_around_their_numbers():
    for table in (tables_21.folds(), tables_21.official()):
        assert ((table["low"] < table["AUC"]) & (table["AUC"] < table["high"])).all()
    for other in ("frozen", "fine-tuned"):
        gaps = tables_21.against(other)
        assert ((gaps["from"] <= gaps["gap"]) & (gaps["gap"] <= gaps["to"])).all() and other not in gaps.index
    counts = result(21)["official"]["pictures"]
    assert counts["all"] == [156, 42] and counts["no twin seen"][0] + counts["twin seen"][0] == 156
    assert counts["twin seen"][0] == tables_21.rules().loc[0.97, "test with twin"]


def test_what_the_page_says_of_the_folds():
    table, gaps, best = tables_21.folds()["AUC"], tables_21.against("frozen"), tables_21.against("fine-tuned")
    assert gaps.loc["fine-tuned", "from"] > 0 and gaps.loc["scratch", "from"] < 0 < gaps.loc["scratch", "to"]
    for name in ("fine-tuned and frozen", "all three"):
        assert best.loc[name, "from"] < 0 < best.loc[name, "to"]
    assert best.loc[["frozen", "scratch"], "to"].max() < 0 and table.between(0.88, 0.945).all()
    assert tables_21.folds()["sensitivity"].max() < 0.76


def test_what_the_page_says_of_the_official_test():
    table = tables_21.official()
    seeds = table[table.index.str.startswith("fine-tuned, seed")]
    assert len(seeds) == 5 and np.ptp(seeds["AUC"]) > 0.03 and seeds["AUC"].min() > 0.9
    mean = table.loc["fine-tuned, mean of seeds"]
    assert mean["no twin"] > mean["AUC"] and mean["high"] - mean["low"] > 0.08
    counts = result(21)["official"]["pictures"]
    assert counts["no twin seen"][1] == 32 and counts["twin seen"][1] == 10


def test_what_the_deeper_page_says_of_the_maps():
    table = tables_21.masks()
    assert (table["from"] > 0).all()
    sick, well = table.loc["malignant"], table.loc["benign"]
    assert sick["inside"] > 2 * sick["area"] and sick["others'"] > 1.5 * sick["area"] and sick["pointing"] < 0.65
    assert well["inside"] < 1.2 * well["area"] and well["without heat"] > 100


def test_scores_and_labels_of_the_ultrasound_are_not_stored():
    text = json.dumps({name: part for name, part in result(21).items() if name != "fingerprint"})
    assert '"scores"' not in text and '"labels"' not in text and len(text) < 12_000


def test_every_rule_is_drawn():
    pictures = {widgets.rules_panel(rule).tobytes() for rule in widgets.rules()}
    assert len(pictures) == len(widgets.rules()) == len(tables_21.rules())


def test_twins_are_shown_where_they_are_and_missed_in_a_figure_of_the_same_size(monkeypatch, tmp_path):
    from course.data import breastmnist

    there = widgets.twins_figure() if breastmnist.at_hand() else None
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    missing = widgets.twins_figure()
    assert "course data breastmnist" in missing.texts[0].get_text() and not missing.axes
    if there is not None:
        assert len(there.axes) == 8 and there.get_size_inches().tolist() == missing.get_size_inches().tolist()


@pytest.mark.parametrize("name", ["21_real_ultrasound", "21_real_ultrasound_deeper"])
@pytest.mark.parametrize("edition", ["notebooks", "solutions"])
def test_stored_figures_hold_lines_and_words_not_ultrasound(name, edition):
    """Drawings are mostly white; a picture of a breast fills its square with many greys."""
    cells = json.loads((ROOT / edition / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    stored = [output["data"]["image/png"] for cell in cells for output in cell.get("outputs", [])
              if "image/png" in output.get("data", {})]
    for one in stored:
        grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(one))).convert("L"))
        assert np.mean(grey > 250) > 0.75


def test_by_group_the_interval_keeps_its_promise_and_by_picture_it_does_not():
    held = tables_21.coverage()
    assert held["by picture"] < 0.9 and 0.92 < held["by group"] < 0.98


def test_maps_inside_masks_by_hand():
    from course.reproduce.folds_21 import _inside

    heat, mask = np.zeros((3, 4, 4), np.float32), np.zeros((3, 4, 4), bool)
    heat[0, 0, 0] = heat[1, 3, 3] = heat[2, 0, 1] = 1
    mask[0, 0, :2] = mask[1, 3, 2:] = mask[2, 0, :2] = True
    found = _inside(heat, mask, np.array([0, 1, 2]))
    assert (found["inside"], found["area"], found["pointing"]) == (1, 0.125, 1)
    assert found["others'"] == pytest.approx((0.5 + 0 + 0.5) / 3)
    assert isinstance(found["more"], Interval) and found["more"].estimate == pytest.approx(2 / 3)
    twins = _inside(heat, mask, np.array([0, 1, 0]))
    assert twins["others'"] == 0  # a twin's map is no other's
