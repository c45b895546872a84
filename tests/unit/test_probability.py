"""Temperature, net benefit, and what a trained model says of its probabilities."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from sklearn.metrics import log_loss

from course import CourseError
from course.evaluation.calibration import calibration_line, temperature
from course.evaluation.decision import net_benefit, net_benefit_of_all
from course.models.probability import calibrated, fit_calibration, problem_of, sentence


def draws(seed, n=300, sharpness=1.0):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, n)
    return (rng.random(n) < expit(logits)).astype(int), logits * sharpness


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sharpness", [0.01, 0.3, 1, 8, 1000])
def test_temperature_has_the_least_cross_entropy(seed, sharpness):
    labels, logits = draws(seed, sharpness=sharpness)
    best = minimize_scalar(lambda log_t: log_loss(labels, expit(logits / np.exp(log_t))), method="bounded",
                           bounds=(np.log(sharpness) - 2, np.log(sharpness) + 2), options={"xatol": 1e-9})
    assert temperature(labels, logits) == pytest.approx(np.exp(best.x), rel=1e-4)


def test_temperature_undoes_a_known_sharpness():
    labels, logits = draws(3, n=40_000, sharpness=3.0)
    found = temperature(labels, logits)
    assert found == pytest.approx(3, rel=0.05)
    assert calibration_line(labels, expit(logits / found))[0] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("labels", "logits", "words"), [
    ([0, 0, 1, 1], [-3, -1, 2, 5], "needs mistakes"),
    ([0, 1, 1], [-1, 0, 2], "needs mistakes"),
    ([0, 0, 1, 1], [3, 1, -2, -5], "higher for malignant"),
    ([0, 0, 1, 1], [1, 2, 1, 2], "higher for malignant"),
    ([0, 1, 1], [1, 2], "as many logits"),
])
def test_where_there_is_no_temperature(labels, logits, words):
    with pytest.raises(CourseError, match=words):
        temperature(labels, logits)


def test_net_benefit_counted_by_hand():
    labels, scores = [1, 1, 0, 0, 0], [0.9, 0.2, 0.6, 0.3, 0.1]
    assert net_benefit(labels, scores, 0.5) == pytest.approx((1 - 1 * 1) / 5)
    assert net_benefit(labels, scores, 0.2) == pytest.approx((2 - 2 * 0.25) / 5)
    assert net_benefit_of_all(labels, 0.2) == pytest.approx((2 - 3 * 0.25) / 5) == pytest.approx(0.4 - 0.6 * 0.25)
    assert net_benefit(labels, scores, 0) == pytest.approx(0.4)
    for threshold in (1, -0.1, 1.5):
        with pytest.raises(CourseError, match="a threshold is a risk"):
            net_benefit(labels, scores, threshold)


def test_nobody_and_everybody_bound_a_calibrated_model():
    """Vickers and Elkin: deciding by true risks is never worse than treating all or none."""
    rng = np.random.default_rng(1)
    risks = rng.beta(1, 3, 200_000)
    labels = (rng.random(len(risks)) < risks).astype(int)
    for threshold in (0.05, 0.2, 0.5, 0.8):
        assert net_benefit(labels, risks, threshold) > max(0, net_benefit_of_all(labels, threshold)) - 1e-3


def test_calibration_keeps_order_and_the_side_of_one_half():
    labels, logits = draws(2, sharpness=3)
    facts, scores = fit_calibration(labels, expit(logits)), expit(logits)
    found = calibrated(scores, facts)
    assert (np.argsort(found, kind="stable") == np.argsort(scores, kind="stable")).all()
    assert ((found >= 0.5) == (scores >= 0.5)).all() and facts["temperature"] > 1.5
    np.testing.assert_allclose(logit(found) * facts["temperature"], logit(scores), rtol=1e-6, atol=1e-9)
    assert problem_of(facts) is None and "rescaled by one number" in sentence(facts, "malignant")


def test_scores_of_single_precision_have_finite_logits():
    labels, logits = draws(4, sharpness=40)
    scores = expit(logits).astype(np.float32)
    assert scores.max() == 1 and np.isfinite(fit_calibration(labels, scores)["temperature"])


def test_a_network_without_mistakes_stays_as_it_is():
    facts = fit_calibration(np.repeat([0, 1], 10), np.linspace(0.1, 0.9, 20))
    assert facts["temperature"] is None and (calibrated([0.3, 0.6], facts) == [0.3, 0.6]).all()
    assert "not calibrated (a temperature needs mistakes" in sentence(facts, "malignant")
    few = fit_calibration([0, 1, 0, 1], [0.1, 0.2, 0.7, 0.9])
    assert few["temperature"] is None and "needs 10 validation pictures of each class" in sentence(few, "malignant")
    assert "not calibrated;" in sentence(None, "malignant") and (calibrated([0.3], None) == [0.3]).all()


@pytest.mark.parametrize("wrong", [3, {}, {"temperature": 0, "share": 0.3}, {"temperature": "2", "share": 0.3},
                                   {"temperature": float("nan"), "share": 0.3}, {"temperature": 1.0, "share": 7}])
def test_a_calibration_that_is_none_is_named(wrong):
    assert "its calibration is" in problem_of(wrong)
