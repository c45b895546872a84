"""Paired decisions against statsmodels and a published example; net benefit, Brier parts, calibration error."""

import numpy as np
import pytest
from scipy.special import expit, logit
from statsmodels.stats.contingency_tables import mcnemar as theirs

from course import CourseError
from course.evaluation.calibration import brier, brier_parts, calibration_curve, calibration_error, temperature
from course.evaluation.decision import decision_curve, net_benefit, net_benefit_of_all
from course.evaluation.intervals import mcnemar, wilson
from course.evaluation.metrics import confusion_counts, predictive_values


def decided(both, only_a, only_b, neither):
    """Labels and two rows of decisions with these counts of right ones."""
    right_a = np.repeat([1, 1, 0, 0], [both, only_a, only_b, neither])
    right_b = np.repeat([1, 0, 1, 0], [both, only_a, only_b, neither])
    labels = np.arange(len(right_a)) % 2
    return labels, np.where(right_a, labels, 1 - labels), np.where(right_b, labels, 1 - labels)


@pytest.mark.parametrize("counts", [(60, 9, 3, 12), (5, 0, 6, 1), (80, 1, 1, 0), (30, 0, 0, 2), (1, 20, 5, 0)])
def test_mcnemar_agrees_with_statsmodels(counts):
    found = mcnemar(*decided(*counts))
    assert found[:4] == counts
    both, only_a, only_b, neither = counts
    expected = theirs([[both, only_a], [only_b, neither]], exact=True)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.difference.estimate == pytest.approx((only_a - only_b) / sum(counts))
    assert found.difference.low < found.difference.high
    turned = mcnemar(*(decided(*counts)[i] for i in (0, 2, 1))).difference
    np.testing.assert_allclose(turned, np.negative(found.difference)[[0, 2, 1]])


def test_the_paired_interval_is_that_of_the_published_formula():
    # children's airways before and after transplantation, 1, 1, 7, 12; half a child added to each count
    found = mcnemar(*decided(1, 1, 7, 12)).difference
    p = np.array([1.5, 1.5, 7.5, 12.5]) / 23
    gap, z = p[1] - p[2], 1.959964
    error = np.sqrt((p[1] + p[2] - gap**2) / 23)
    np.testing.assert_allclose(found, (-6 / 21, gap - z * error, gap + z * error), rtol=1e-6)


def test_net_benefit_by_hand_and_its_limits():
    labels, risks = np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.2, 0.5, 0.2, 0.1])
    assert net_benefit(labels, risks, 0.2) == pytest.approx(2 / 5 - 2 / 5 * 0.25)
    assert net_benefit(labels, risks, 0) == net_benefit_of_all(labels, 0) == pytest.approx(0.4)
    assert net_benefit_of_all(labels, 0.4) == pytest.approx(0), "worth nothing at the prevalence"
    assert net_benefit(labels, risks, 0.95) == 0
    curve = decision_curve(labels, risks, [0.1, 0.5])
    assert curve.model.tolist() == [net_benefit(labels, risks, t) for t in (0.1, 0.5)]
    assert curve.treat_all.tolist() == [net_benefit_of_all(labels, t) for t in (0.1, 0.5)]
    assert not curve.treat_none.any()


def test_net_benefit_from_sensitivity_and_specificity():
    rng = np.random.default_rng(0)
    labels, risks = rng.integers(2, size=300), rng.random(300)
    for t in (0.05, 0.3, 0.7):
        tp, fp, fn, tn = confusion_counts(labels, risks >= t)
        share = (tp + fn) / 300
        by_rates = tp / (tp + fn) * share - fp / (fp + tn) * (1 - share) * t / (1 - t)
        assert net_benefit(labels, risks, t) == pytest.approx(by_rates)
        ppv = predictive_values(tp / (tp + fn), tn / (fp + tn), share)[0]
        assert (net_benefit(labels, risks, t) > 0) == (ppv > t), "worth its price where the PPV exceeds the threshold"


def test_true_risks_have_the_highest_net_benefit():
    rng = np.random.default_rng(1)
    risks = expit(2 * rng.normal(size=100_000) - 1)
    labels = (rng.random(len(risks)) < risks).astype(int)
    for t in (0.1, 0.3, 0.6):
        best = net_benefit(labels, risks, t)
        assert best > max(0, net_benefit_of_all(labels, t))
        assert best > net_benefit(labels, expit(logit(risks) + 1), t) and best > net_benefit(labels, risks**2, t)


@pytest.mark.parametrize("threshold", [1, -0.1, np.nan, 1.5])
def test_a_threshold_is_a_risk_below_one(threshold):
    with pytest.raises(CourseError, match="threshold"):
        net_benefit([0, 1], [0.2, 0.8], threshold)


def test_the_parts_of_a_brier_score_add_up():
    rng = np.random.default_rng(2)
    for risks in (rng.integers(0, 11, 400) / 10, rng.random(400)):
        labels = (rng.random(400) < risks).astype(int)
        for bins in (None, 1, 5, 10):
            parts = brier_parts(labels, risks, bins)
            total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
            assert total == pytest.approx(brier(labels, risks), abs=1e-12)
            if bins is None:
                assert parts.within == pytest.approx(0, abs=1e-12)
    constant = brier_parts([1, 0, 0, 0], [0.25] * 4)
    np.testing.assert_allclose(constant, (0, 0, 0.1875, 0), atol=1e-15)


def test_the_curve_has_an_interval_in_each_group():
    rng = np.random.default_rng(3)
    risks = rng.random(200)
    curve = calibration_curve((rng.random(200) < risks).astype(int), risks, 5)
    for observed, count, low, high in zip(curve.observed, curve.count, curve.low, curve.high, strict=True):
        np.testing.assert_allclose((observed, low, high), wilson(round(observed * count), count))
    gap = np.abs(curve.predicted - curve.observed) @ curve.count / 200
    assert calibration_error((np.arange(200) < 0).astype(int), risks, 1) == pytest.approx(risks.mean())
    assert 0 < gap < 0.2


def test_the_calibration_error_of_true_risks_is_never_zero_and_falls_with_the_root_of_patients():
    rng, mean = np.random.default_rng(4), {}
    for n in (156, 2500):
        errors = []
        for _ in range(60):
            risks = expit(3 * rng.normal(size=n) - 1)
            errors.append(calibration_error((rng.random(n) < risks).astype(int), risks))
        assert min(errors) > 0
        mean[n] = np.mean(errors)
    assert mean[156] > 0.03 and mean[156] / mean[2500] == pytest.approx(4, rel=0.2)


def test_a_temperature_finds_what_logits_were_multiplied_by():
    rng = np.random.default_rng(5)
    true = 2 * rng.normal(size=20_000)
    labels = (rng.random(len(true)) < expit(true)).astype(int)
    for factor in (0.5, 1, 4):
        assert temperature(labels, factor * true) == pytest.approx(factor, rel=0.05)
    for logits in ([-2, -1, 1, 2], [2, 1, -1, -2]):
        with pytest.raises(CourseError):
            temperature([0, 0, 1, 1], logits)
