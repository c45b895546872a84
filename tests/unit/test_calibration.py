"""Calibration measures against scikit-learn, and priors put right."""

import numpy as np
import pytest
from scipy.special import expit, logit

from course import CourseError
from course.evaluation import calibration


def drawn(n=4000, seed=0, shift=0.0, stretch=1.0):
    """Truths drawn from known risks, and what a model says that is off by a line in the logit."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=n) - 1
    return (rng.random(n) < expit(true)).astype(int), expit(stretch * true + shift)


def test_brier_and_curve_agree_with_scikit_learn():
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss

    y, p = drawn()
    weights = np.where(y == 1, 3.0, 0.5)
    assert calibration.brier(y, p) == pytest.approx(brier_score_loss(y, p))
    assert calibration.brier(y, p, weights) == pytest.approx(brier_score_loss(y, p, sample_weight=weights))
    for bins in (1, 4, 10):
        ours, (observed, predicted) = (calibration.calibration_curve(y, p, bins),
                                       calibration_curve(y, p, n_bins=bins, strategy="quantile"))
        np.testing.assert_allclose(ours.observed, observed)
        np.testing.assert_allclose(ours.predicted, predicted)
        assert ours.count.sum() == len(y)


def test_a_curve_of_one_risk_has_one_bin():
    curve = calibration.calibration_curve([0, 1, 0, 0], [0.25] * 4)
    assert (curve.predicted.tolist(), curve.observed.tolist(), curve.count.tolist()) == ([0.25], [0.25], [4])


@pytest.mark.parametrize("change", [lambda p: p.round(1), lambda p: np.clip(1.4 * p - 0.2, 0, 1)])
def test_a_curve_of_tied_risks_is_that_of_scikit_learn(change):
    from sklearn.calibration import calibration_curve

    y, p = drawn(300, stretch=3.0)
    for bins in (2, 5, 10):
        ours = calibration.calibration_curve(y, change(p), bins)
        observed, predicted = calibration_curve(y, change(p), n_bins=bins, strategy="quantile")
        np.testing.assert_allclose(ours.observed, observed)
        np.testing.assert_allclose(ours.predicted, predicted)


@pytest.mark.parametrize(("shift", "stretch"), [(0, 1), (1.5, 1), (0, 2), (-0.5, 0.5)])
def test_the_line_is_that_of_an_unpenalised_logistic_regression(shift, stretch):
    from sklearn.linear_model import LogisticRegression

    y, p = drawn(shift=shift, stretch=stretch)
    slope, intercept = calibration.calibration_line(y, p)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit(p)[:, None], y)
    assert (slope, intercept) == (pytest.approx(model.coef_[0, 0], abs=1e-4),
                                  pytest.approx(model.intercept_[0], abs=1e-4))
    assert slope == pytest.approx(1 / stretch, abs=0.1 / stretch)


def test_no_line_where_the_classes_are_separated_or_risks_are_equal():
    for y, p in (([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]), ([0, 1, 0, 1], [0.5] * 4), ([1] * 4, [0.1, 0.3, 0.5, 0.9])):
        with pytest.raises(CourseError, match="classes that overlap"):
            calibration.calibration_line(y, p)


def test_a_corrected_prior_is_one_step_of_the_logit_and_can_be_undone():
    p = np.array([[0.0, 0.1], [0.5, 1.0]])
    new = calibration.correct_prior(p, 0.5, 0.05)
    np.testing.assert_allclose(new[1, 0], 0.05)
    np.testing.assert_allclose(logit(new[0, 1]), logit(0.1) - np.log(19))
    np.testing.assert_allclose(calibration.correct_prior(new, 0.05, 0.5), p)
    assert calibration.correct_prior(0.9, 0.5, 0.05) == pytest.approx(9 / 28)


def test_a_share_without_labels_is_found():
    rng = np.random.default_rng(0)
    truth = rng.random(20_000) < 0.1
    findings = rng.normal(size=20_000) + 2 * truth
    said = expit(2 * findings - 2)  # right where half are malignant
    assert calibration.estimate_prior(said, 0.5) == pytest.approx(truth.mean(), abs=0.01)


@pytest.mark.parametrize("bad", [
    lambda: calibration.brier([0, 1], [0.5, 1.5]), lambda: calibration.brier([0, 1], [0.5]),
    lambda: calibration.correct_prior(0.5, 0, 0.1), lambda: calibration.correct_prior(0.5, 0.5, 1),
    lambda: calibration.calibration_curve([0, 1], [0.1, 0.2], 0), lambda: calibration.estimate_prior([], 0.5),
    lambda: calibration.brier([0, 1], [0.5, 0.5], [1, 2, 3]), lambda: calibration.brier([0, 1], [0.5, 0.5], [0, 0]),
    lambda: calibration.correct_prior([-0.1, 0.5], 0.5, 0.1), lambda: calibration.correct_prior([np.nan], 0.5, 0.1),
])  # fmt: skip
def test_bad_input_is_refused_with_a_sentence(bad):
    with pytest.raises(CourseError, match=r"\w+ .*\."):
        bad()
