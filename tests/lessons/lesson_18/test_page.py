"""What lesson 18 says in words must be true of the stored runs and of its panel."""

import numpy as np
import pytest

from course.evaluation.calibration import correct_prior
from course.reproduce import tables_18
from course.reproduce.lesson_18 import CUTS, REMEDIES, leaking, simulate, train
from course.reproduce.store import result
from course.widgets.lesson_18 import SHARES, counted, precision, prevalence_panel, rates

TABLES = {name: tables_18.patients(name) for name in ("ten features", "four features")}
SHARE = 19 / 376


def test_no_remedy_ranks_better_than_nothing_on_average():
    for name, table in TABLES.items():
        gaps = tables_18.against_nothing("AUC", name)
        assert gaps["mean"].between(-0.02, 0).all() and (gaps["lots above"] < CUTS / 2).all()
        assert (gaps["lowest"] <= gaps["mean"]).all() and (gaps["highest"] >= gaps["mean"]).all()
        assert (table["AUC"] <= table.loc["nothing", "AUC"]).all()
    assert tables_18.against_nothing("AUC")["mean"].idxmax() == "clusters"
    assert (tables_18.against_nothing("AUC")["highest"] > 0).any()
    gained = {name: tables_18.against_nothing("average precision", name)["mean"] for name in TABLES}
    assert -0.02 < gained["ten features"]["clusters"] < 0 < gained["four features"]["clusters"] < 0.02
    assert all((gaps.drop("clusters") < 0).all() for gaps in gained.values())


def test_a_moved_threshold_decides_like_the_remedies():
    rows = tables_18.moved_threshold()
    moved = rows.loc["nothing, cut at the share"]
    assert rows.loc["nothing, cut at 0.5", "sensitivity"] < 0.7
    for remedy in ("oversampling", "SMOTE", "class weights"):
        row = rows.loc[f"{remedy}, cut at 0.5"]
        assert row["sensitivity"] < moved["sensitivity"] and abs(row["specificity"] - moved["specificity"]) < 0.03
    under, clusters = (rows.loc[f"{remedy}, cut at 0.5"] for remedy in ("undersampling", "clusters"))
    assert abs(under["sensitivity"] - moved["sensitivity"]) < 0.02 and under["specificity"] < moved["specificity"]
    assert clusters["sensitivity"] == rows["sensitivity"].max() and clusters["specificity"] == rows["specificity"].min()
    chosen = TABLES["ten features"]
    assert chosen["sensitivity, chosen cut"].between(0.87, 0.92).all()
    assert chosen["specificity, chosen cut"].between(0.88, 0.91).all()
    more, fewer_alarms = (tables_18.against_nothing(f"{rate}, chosen cut")["mean"] for rate in
                          ("sensitivity", "specificity"))
    assert list(more.index[more > 0]) == ["clusters"] and fewer_alarms["clusters"] < 0
    assert more["clusters"] < 0.01 and fewer_alarms["clusters"] > -0.01


def test_each_remedy_inflates_risks_and_the_correction_mends_all_but_clusters():
    table = TABLES["ten features"]
    times = table["mean risk"] / SHARE
    assert times["nothing"] == pytest.approx(1, abs=0.05)
    assert times[["SMOTE", "oversampling", "class weights", "undersampling"]].between(2, 4).all()
    assert times["clusters"] > 7 and table.loc["clusters", "corrected mean risk"] > 2 * SHARE
    others = table.drop(["nothing", "clusters"])
    assert others["corrected mean risk"].between(0.8 * SHARE, 1.2 * SHARE).all()
    assert (table["Brier"].drop("nothing") > SHARE * (1 - SHARE)).all()
    assert table["corrected Brier"].drop("nothing").between(table.loc["nothing", "Brier"], 0.035).all()


def test_twins_are_recognised_in_noise():
    leak = result(18)["leak"]
    assert min(leak["before"]) > 0.85 and 0.45 < np.mean(leak["inside"]) < 0.55
    assert [leaking(0, True), leaking(0, False)] == [pytest.approx(leak[name][0]) for name in ("before", "inside")]


def test_simulated_patients_show_the_same_without_noise():
    raw, corrected = tables_18.simulated("raw"), tables_18.simulated("corrected")
    true, _ = tables_18.share_simulated()
    four = ["oversampling", "undersampling", "SMOTE", "class weights"]
    assert (raw.loc[four, "AUC"] - raw.loc["nothing", "AUC"]).abs().max() < 0.002
    assert raw.loc["nothing", "AUC"] - raw.loc["clusters", "AUC"] > 0.01
    assert raw.loc["nothing", "mean risk"] == pytest.approx(true, abs=0.002)
    assert raw.loc[four, "mean risk"].between(5 * true, 8 * true).all()
    assert corrected.loc[four, "mean risk"].between(0.9 * true, 1.1 * true).all()
    assert corrected.loc[four, "Brier"].to_numpy() == pytest.approx(raw.loc["nothing", "Brier"], abs=0.001)
    assert corrected.loc["clusters", "mean risk"] > 5 * true
    assert corrected.loc["SMOTE", "slope"] < 0.93 < 0.96 < corrected.drop(["SMOTE", "clusters"])["slope"].min()
    gap = (corrected - raw).drop("clusters")[["AUC", "slope"]]
    assert gap.abs().max().max() < 1e-3, "a step of the logit changes neither"
    predicted, observed = tables_18.curve("SMOTE", "raw")
    assert predicted[-1] > 0.8 and observed[-1] < 0.3
    assert raw.loc[four, "intercept"].to_numpy() == pytest.approx(np.log(1 / 19), abs=0.3)


def test_clusters_call_the_benign_of_other_clusters_malignant():
    X, y = simulate(4000, seed=0)
    says = np.array(train("clusters", X, y, seed=0).each(X[y == 0][:300]))
    assert says.mean() > 0.5 and says.min(axis=0).mean() < 0.2


def test_remedies_are_those_of_the_table():
    assert list(TABLES["ten features"].index) == list(REMEDIES)
    assert len(result(18)["patients"]["ten features"]["nothing"]["AUC"]) == CUTS


def test_the_panel_counts_women():
    for share in SHARES:
        for cut in (-2.0, 0.5, 4.0):
            tp, fp, fn, tn = counted(share, cut)
            assert tp + fp + fn + tn == pytest.approx(1000) and tp + fn == pytest.approx(1000 * share)
            assert precision(share, cut) == pytest.approx(tp / (tp + fp))
    cuts = np.linspace(-2, 4, 61)
    right = [sum(counted(0.05, cut)[i] for i in (0, 3)) for cut in cuts]
    assert rates(cuts[np.argmax(right)])[0] == pytest.approx(1 / 3, abs=0.03), "misses two of three"
    both = (rates(cuts)[0] > 0.5) & (precision(0.005, cuts) > 0.5)
    assert not both.any()
    assert [round(float(precision(share, 1.5)), 2) for share in (0.5, 0.05, 0.005)] == [0.91, 0.35, 0.05]


def test_each_control_moves_the_panel_and_leaves_nothing_behind():
    first = prevalence_panel(SHARES[0], -2.0)
    assert first.shape == (440, 800, 3) and first.dtype == np.uint8
    for share, cut in ((SHARES[1], -2.0), (SHARES[0], -1.9)):
        assert (prevalence_panel(share, cut) != first).any()
    last = prevalence_panel(SHARES[-1], 4.0)
    for share, cut in ((SHARES[-2], 4.0), (SHARES[-1], 3.9)):
        assert (prevalence_panel(share, cut) != last).any()
    assert (prevalence_panel(SHARES[0], -2.0) == first).all()


def test_numbers_on_paper():
    p, v, y = np.full(4, 0.2), np.array([1, 1, 1, 3]), np.array([0, 0, 0, 1])
    losses = -np.log(np.where(y == 1, p, 1 - p))
    assert losses.mean() == pytest.approx(0.570, abs=5e-4) and (v * losses).sum() / 6 == pytest.approx(0.916, abs=5e-4)
    assert (v * (p - y)).sum() / 6 == pytest.approx(-0.3)
    assert correct_prior(0.8, 0.5, 0.2) == pytest.approx(0.5) and correct_prior(0.9, 0.5, 0.05) == pytest.approx(9 / 28)
