"""What lesson 19 says in words must be true of the stored runs, of its panel, and of its intervals."""

import numpy as np
import pytest

from course.evaluation import intervals, metrics
from course.evaluation.calibration import brier, brier_parts, calibration_curve, calibration_error
from course.evaluation.decision import net_benefit, net_benefit_of_all
from course.reproduce import coverage_19, lesson_19, tables_19
from course.reproduce.store import result
from course.widgets.lesson_19 import CUTS, SHARES, counted, dashboard, rates, values

LABELS, RISKS = tables_19.network()


def test_an_alarm_means_what_the_prevalence_lets_it_mean():
    given = [metrics.sensitivity(LABELS, RISKS >= 0.1), metrics.specificity(LABELS, RISKS >= 0.1)]
    ppv = [metrics.predictive_values(*given, share)[0] for share in (0.37, 0.05, 0.005)]
    assert 0.65 < ppv[0] < 0.75 and 0.15 < ppv[1] < 0.2 and 0.018 < ppv[2] < 0.022
    assert LABELS.mean() == pytest.approx(0.37, abs=0.005)


def test_a_threshold_of_thirty_misses_its_wish_by_more_than_one_of_cross_validation():
    from sklearn.model_selection import StratifiedKFold

    rng, read = np.random.default_rng(0), []
    for _ in range(300):
        some = rng.permutation(len(LABELS)) < 85
        cut = metrics.threshold_for_sensitivity(LABELS[some], RISKS[some], 0.95)
        read.append([metrics.sensitivity(LABELS[who], RISKS[who] >= cut) for who in (some, ~some)])
    chosen, others = np.transpose(read)
    assert chosen.min() >= 0.95 and others.mean() < 0.95 and np.quantile(others, 0.05) < 0.88
    called, crossed = np.zeros(len(LABELS), bool), []
    for seed in range(50):
        for inner, outer in StratifiedKFold(5, shuffle=True, random_state=seed).split(RISKS, LABELS):
            called[outer] = RISKS[outer] >= metrics.threshold_for_sensitivity(LABELS[inner], RISKS[inner], 0.95)
        crossed.append(metrics.sensitivity(LABELS, called))
    assert others.mean() < np.mean(crossed) < 0.955 and min(crossed) > 0.92 > np.quantile(others, 0.05)


def test_pictures_taken_for_patients_halve_the_interval_and_break_the_promise():
    labels, scores, patients = tables_19.fields()
    widths = [np.subtract(*intervals.bootstrap(metrics.auc, labels, scores, groups, 200)[:0:-1])
              for groups in (None, patients)]
    assert 1.6 < widths[1] / widths[0] < 2.4
    found = result(19)["coverage"]["four pictures a patient, 42 and 114"]
    for name, share in found.items():
        assert 0.93 <= share <= 0.97 if "by patient" in name else 0.6 < share < 0.8, name


def test_intervals_keep_their_promise_where_the_page_says_so():
    stored = result(19)["coverage"]
    kept = [("share 0.95 of 212", "Wilson"), ("share 0.9 of 42", "Wilson"), ("share 0.98 of 20", "Wilson"),
            ("AUC 0.96, 212 and 357", "DeLong"),
            *(("AUC 0.9, 42 and 114", method) for method in ("DeLong", "bootstrap")),
            ("AUC 0.9, 10 and 50", "DeLong"), ("AUC 0.9 and 0.9, 42 and 114", "paired DeLong"),
            ("AUC 0.96 and 0.93, 212 and 357", "paired DeLong"), ("decisions on 42, alike", "paired interval"),
            ("decisions on 569, 0.03 apart", "paired interval")]  # fmt: skip
    for case, method in kept:
        assert 0.93 <= stored[case][method] <= 0.97, (case, method)
    assert stored["share 0.98 of 20"]["1.96 standard errors"] < 0.4
    assert stored["AUC 0.99, 10 and 50"]["bootstrap"] < 0.8 and stored["AUC 0.9, 10 and 50"]["bootstrap"] < 0.93
    assert 0.92 < stored["AUC 0.99, 42 and 114"]["DeLong"] < 0.93 < stored["AUC 0.99, 10 and 50"]["DeLong"] < 0.98
    assert stored["AUC 0.96 and 0.93, 212 and 357"]["as if on other patients"] > 0.98
    assert stored["decisions on 42, alike"]["McNemar says different"] < 0.05


def test_a_small_simulation_shows_the_same():
    areas = coverage_19.areas(40, 60, 42, 114, 0.9)
    assert 0.88 < areas["DeLong"] <= 1  # 200 studies: give or take 0.03
    clusters = coverage_19.clusters(60, 60, 42, 114, 0.9)
    assert clusters["AUC, DeLong over pictures"] < 0.85 < clusters["AUC, DeLong by patient"]


def test_the_small_network_boasts_and_a_temperature_mends_it_and_not_the_repaired_one():
    labels, small = tables_19.small_network()
    cooled, learnt = tables_19.cooled(labels, small)
    assert ((learnt > 4) & (learnt < 5.05)).all() and brier(labels, cooled) < brier(labels, small) - 0.02
    same, near = tables_19.cooled(LABELS, RISKS)
    assert ((near > 0.85) & (near < 1.15)).all() and brier(LABELS, same) >= brier(LABELS, RISKS) - 1e-4
    low = calibration_curve(labels, small, 8)
    assert low.predicted[0] < 0.01 and 0.08 < low.observed[0] < 0.15
    assert low.predicted[-1] > 0.99 > 0.95 > low.observed[-1]
    before, after = brier_parts(labels, small, 10), brier_parts(labels, cooled, 10)
    assert after.reliability < before.reliability / 4 and abs(after.resolution - before.resolution) < 0.005


def test_the_network_is_worth_it_at_ten_percent_and_not_shown_to_be_at_two():
    for t, wanted in ((0.02, False), (0.1, True), (0.3, True)):
        gain = intervals.bootstrap(lambda y, p, t=t: net_benefit(y, p, t) - net_benefit_of_all(y, t), LABELS, RISKS,
                                   n_resamples=300, by_class=False)
        assert (gain.low > 0) == wanted
    risks = tables_19.as_risks()
    for t in (0.2, 0.4, 0.6):
        worth = {name: net_benefit(LABELS, p, t) for name, p in risks.items()}
        assert worth["repaired network"] > worth["total nuclear area"] > worth["mean brightness"]
        assert abs(worth["repaired network"] - worth["SVM on the ten measured features"]) < 0.02


def test_pictures_of_one_patient_leak_most_into_models_with_memory():
    for kind in ("true", "lot"):
        table = tables_19.leak(kind)
        assert (table["lowest gap"] > 0).all() and (table["by patient"] < table["by picture"]).all()
        gap = table["mean gap"].to_numpy().reshape(2, 3)
        assert (gap[1] > gap[0]).all() and (gap[:, 2] < gap[:, :2].min(axis=1)).all()
    assert tables_19.leak("lot")["by patient"].between(0.47, 0.53).all()
    columns = result(19)["features"]
    again = lesson_19._auc(columns, "true", 4, "one neighbour", "by patient", 0)
    assert again == pytest.approx(result(19)["split"]["true"]["4"]["one neighbour"]["by patient"][0], abs=1e-3)


def test_patients_vary_more_than_seeds():
    areas = [intervals.delong(*tables_19.small_network("all together", seed)) for seed in range(5)]
    sampling = np.mean([(one.high - one.low) / 3.92 for one in areas])
    assert np.std([one.estimate for one in areas], ddof=1) < sampling


def test_true_risks_have_a_calibration_error():
    rng, errors = np.random.default_rng(0), []
    for _ in range(200):
        p = rng.choice(RISKS, 156)
        errors.append(calibration_error((rng.random(156) < p).astype(int), p))
    low, high = np.quantile(errors, [0.025, 0.975])
    assert min(errors) > 0.005 and 0.03 < np.mean(errors) < 0.05 and high > 3 * low
    assert low < calibration_error(LABELS[::3][:156], RISKS[::3][:156]) < high
    assert low < 0.035 < 0.045 < high, "the quiz's two numbers"


def test_the_panel_counts_women():
    for share in SHARES:
        for cut in (CUTS[0], 0.1, CUTS[-1]):
            women = counted(share, cut)
            assert sum(women) == pytest.approx(10_000) and sum(women[:2]) == pytest.approx(10_000 * share)
    assert [cut for cut in CUTS if values(0.005, cut)[0] > 0.5] == [0.9, 0.95]
    assert rates(0.9)[0].estimate < 0.65 and rates(0.95)[0].estimate > 0.55
    assert rates(0.95)[1].estimate == 1 > rates(0.95)[1].low
    assert max(cut for cut in CUTS if counted(0.37, cut)[1] < 300) == 0.2


def test_each_control_moves_the_panel_and_leaves_nothing_behind():
    first = dashboard(SHARES[0], CUTS[0])
    assert first.shape == (430, 800, 3) and first.dtype == np.uint8
    for share, cut in ((SHARES[1], CUTS[0]), (SHARES[0], CUTS[1])):
        assert (dashboard(share, cut) != first).any()
    last = dashboard(SHARES[-1], CUTS[-1])
    for share, cut in ((SHARES[-2], CUTS[-1]), (SHARES[-1], CUTS[-2])):
        assert (dashboard(share, cut) != last).any()
    assert (dashboard(SHARES[0], CUTS[0]) == first).all()


def test_numbers_on_paper():
    assert metrics.predictive_values(0.9, 0.8, 0.01) == (pytest.approx(9 / 207), pytest.approx(792 / 793))
    everybody = np.repeat([1, 0], [20, 80])
    assert [net_benefit_of_all(everybody, t) for t in (0.1, 0.2)] == [pytest.approx(0.2 - 0.8 / 9), pytest.approx(0)]
    p = 1 / (1 + np.exp(-np.array([4.0, 1.0])))
    losses = -np.log(p), -np.log(1 - p)
    np.testing.assert_allclose(losses, [[0.018, 0.313], [4.018, 1.313]], atol=5e-4)
    np.testing.assert_allclose(np.mean(losses, axis=0), [2.02, 0.81], atol=5e-3)
