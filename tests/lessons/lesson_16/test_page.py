"""What lesson 16 says in words must be true of the stored runs, of its panels and of its numbers on paper."""

import numpy as np
import pytest

from course.models.attention import attention
from course.reproduce import tables_15, tables_16
from course.reproduce.lesson_16 import GRID, RATES, SEEDS
from course.widgets.lesson_16 import (
    TRIALS,
    best_of,
    grid_points,
    looking_panel,
    looks,
    patches_of,
    random_points,
    search_panel,
)


def holds_0(row):
    return row["from"] < 0 < row["to"]


def test_every_arm_has_five_seeds_and_85_patients():
    assert {tables_16.scores(arm).shape for arm in tables_16.runs()} == {(len(SEEDS), 85)}
    assert tables_16.BASE == "rate 0.001" and len(tables_16.arms("rate")) == len(RATES)


def test_the_rate_comes_first():
    table = tables_16.compared(tables_16.arms("rate"))
    assert table["training loss"].idxmin() == table["validation loss"].idxmin() == "rate 0.001"
    assert table.loc[["rate 1e-05", "rate 1"], "training loss"].min() > 0.4
    assert (table.loc[["rate 0.01", "rate 0.1"], "validation loss"] > 2 * table.loc["rate 0.001",
                                                                                     "validation loss"]).all()
    middle = table.iloc[1:5]
    assert middle["AUC"].max() - middle["AUC"].min() < 0.025 and middle["lowest"].min() > 0.84
    ends = table.iloc[[0, 5]]
    assert (ends["highest"] - ends["lowest"] > 0.2).all()
    medians = [np.median(tables_16.losses(arm, "val_loss")[:, -1]) for arm in tables_16.arms("rate")]
    assert np.argmin(medians) == 2 and min(medians[3:5]) > 0.85


def test_no_other_setting_is_clearly_better():
    table = tables_16.compared(tables_16.arms("batch", "tanh", "sigmoid", "gelu"))
    assert len(table) == 5 and all(holds_0(row) for _, row in table.iterrows())
    assert table[["from", "to"]].abs().max().max() < 0.04
    assert table["validation loss"].idxmax() == table["AUC"].idxmax() == "sigmoid"
    assert table["AUC"].max() - tables_16.compared([tables_16.BASE])["AUC"].iloc[0] < 0.02


def test_residual_layers_are_easier_to_train_and_that_is_all_that_is_shown():
    arms = tables_16.arms("plain", "residual")
    table = tables_16.compared(arms, base=arms[0])
    six, plain, residual = (tables_16.losses(arm).mean(axis=0) for arm in arms)
    assert (plain[2:] > six[2:]).all() and residual[-1] < plain[-1] / 10
    assert table["AUC"].idxmax() == arms[0] == table["validation loss"].idxmin()
    assert all(holds_0(table.loc[arm]) for arm in arms[1:])
    assert tables_16.weights(arms[1]) == tables_16.weights(arms[2])
    validation = tables_16.losses(arms[2], "val_loss").mean(axis=0)
    assert np.ptp(validation[3:]) < 0.02 and tables_16.losses(arms[1], "val_loss").mean(axis=0)[-1] > 0.65


def test_the_search_and_what_it_kept():
    loss, outer = tables_16.landscape(), tables_16.outer()
    assert np.ptp(loss[:22], axis=1).max() < 0.002, "the penalty changes nearly nothing"
    valley = (GRID["rate"] > 0.0099) & (GRID["rate"] < 0.5)
    assert loss[valley].max() - loss.min() < 0.02
    above = {name: np.array([best_of(loss, points(9, draw)) - loss.min() for draw in range(400)])
             for name, points in (("grid", grid_points), ("random", random_points))}
    for mean in (np.median, np.mean):
        assert 0.0005 < mean(above["grid"]) - mean(above["random"]) < 0.003
    assert above["random"].max() > 2 * above["grid"].max()
    assert abs(outer["promised"].mean() - outer["kept"].mean()) < 0.004 and outer["rate"].nunique() == 5
    assert np.ptp(outer["kept"]) > 0.05


def test_averaging_takes_the_seeds_quarrel():
    parts = tables_16.quarrels()
    assert parts["one seed"].to_numpy() == pytest.approx((parts["kept"] + parts["taken"]).to_numpy())
    assert (parts["taken"] < parts["one seed"] / 4).all()
    assert set(parts["taken"].nsmallest(3).index) == {"augmentation", "early stopping", "all together"}
    gains = tables_16.average_minus_seeds("nothing")
    assert (gains["average minus seed"] > 0).all() and (gains["from"] > 0).sum() == 4
    found = tables_16.best_seed("nothing")
    single = tables_15.seeds("nothing")["AUC"].mean()
    assert found["average"] > found["promised"] > found["kept"] and abs(found["kept"] - single) < 0.006


def test_what_measures_is_ahead_and_85_patients_do_not_prove_it():
    table = tables_16.beside()
    for name in ("total nuclear area", "SVM on the ten measured features"):
        assert table.loc[name, f"minus {tables_16.BASE}"] > 0 and holds_0(table.loc[name])


def test_the_transformer_is_behind_from_each_number_of_patients():
    gaps = tables_16.transformer_minus_convolutions()
    assert (gaps["to"] < 0).all() and gaps["minus convolutions"].iloc[-1] <= gaps["minus convolutions"].iloc[0]
    table = tables_16.compared(tables_16.arms("small, ", "transformer"), base="small, all patients")
    assert table.loc["transformer, all patients", "highest"] < table.loc["small, 60 patients", "lowest"]
    assert (table.filter(like="transformer", axis=0)["AUC"].max()
            < table.filter(like="small", axis=0)["AUC"].min() - 0.04)
    assert 0.7 < tables_16.weights("transformer, all patients") / tables_16.weights("small, all patients") < 1.3


def test_a_grid_repeats_its_rates_and_both_stay_inside():
    for trials in TRIALS:
        for draw in range(20):
            grid, chance = grid_points(trials, draw), random_points(trials, draw)
            assert grid.shape == chance.shape == (trials, 2) and len(set(grid[:, 0])) == round(trials**0.5)
            assert len({tuple(point) for point in grid.tolist()}) == trials
            for points in (grid, chance):
                assert (points >= 0).all() and (points < [len(values) for values in GRID.values()]).all()
    valley = [int(np.sum((GRID["rate"][sorted(set(grid_points(9, draw)[:, 0]))] > 0.009)
                         & (GRID["rate"][sorted(set(grid_points(9, draw)[:, 0]))] < 0.5))) for draw in (7, 5, 12)]
    assert valley == [1, 2, 2]


def test_shares_add_up_and_the_three_maps_are_as_told():
    for case in (0, 19):
        assert looks(case, 7, 3.0, 1.0).sum() == pytest.approx(1)
    assert looks(0, 14, 0, 0) == pytest.approx(np.full(36, 1 / 36))
    far, near = looks(0, 14, 2, 0), looks(0, 14, 2, 2)
    assert far.argmax() == near.argmax() == 14 and 0.2 < far[14] < 0.3 and 0.4 < near[14] < 0.5
    lower_right = np.add.outer(6 * np.arange(4, 6), np.arange(4, 6)).ravel()
    assert near[lower_right].sum() < far[lower_right].sum() / 4
    picture, rows = patches_of(0)
    assert picture.shape == (48, 48, 3) and rows.shape == (36, 5)
    query = rows * np.array([1, 1, 1, 0, 0])
    assert attention(2 * query[14:15], query, query)[1][0] == pytest.approx(far)


PANELS = {search_panel: ({"trials": 4, "lot": 0}, {"trials": 25, "lot": 19}, {"trials": 9, "lot": 1}),
          looking_panel: ({"patient": "malignant 0", "row": 1, "column": 1, "sharpness": 0.0, "places": 0.0},
                          {"patient": "benign 1", "row": 6, "column": 6, "sharpness": 4.0, "places": 2.0},
                          {"patient": "malignant 1", "row": 2, "column": 2, "sharpness": 0.5, "places": 0.25})}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)
def test_each_control_moves_the_panel_and_leaves_nothing_behind(panel):
    low, high, step = PANELS[panel]
    start = dict(low, sharpness=1.0) if "sharpness" in low else low
    first = panel(**start)
    assert first.dtype == np.uint8 and first.shape[0] <= 460 and first.shape[1] == 800
    for name in low:
        for values, other in ((start, step), (high, low)):
            assert (panel(**values) != panel(**{**values, name: other[name]})).any(), name
    assert (panel(**start) == first).all()


def test_numbers_on_paper():
    mixed, shares = attention(np.array([[1.0, 0]]), np.array([[2.0, 0], [0, 2]]), np.array([[10.0], [20]]))
    assert np.exp(2**0.5) == pytest.approx(4.113, abs=5e-4) and mixed[0, 0] == pytest.approx(11.96, abs=5e-3)
    assert shares.sum() == pytest.approx(1)
    assert pytest.approx(2.6, abs=0.01) == 1.1**10
    assert [12 * -(-398 // batch) for batch in (8, 32, 128)] == [600, 156, 48]
    p = np.array([[0.9], [0.6], [0.3]])
    assert tables_16.parts_of_error(p, np.array([1])).tolist() == pytest.approx([0.22, 0.16, 0.06])
