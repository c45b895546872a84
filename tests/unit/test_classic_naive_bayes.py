"""Gaussian naive Bayes against scikit-learn's, and where products and squares of large numbers go wrong."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import load_breast_cancer, make_blobs, make_moons
from sklearn.naive_bayes import GaussianNB

from course.classic import GaussianNaiveBayes

SEEDS = range(20)


def wdbc(seed):
    """400 patients drawn from the Wisconsin table, as measured; malignant = 1."""
    X, y = load_breast_cancer(return_X_y=True)
    some = np.random.default_rng(seed).permutation(len(y))[:400]
    return X[some], 1 - y[some]


def blobs(seed):
    return make_blobs(300, 5, centers=4, cluster_std=4, random_state=seed)


def far_blobs(seed):
    X, y = blobs(seed)
    return X + 1e3 * np.random.default_rng(seed).normal(size=5), y


def moons(seed):
    return make_moons(300, noise=0.25, random_state=seed)


@pytest.mark.parametrize("data", [wdbc, blobs, far_blobs, moons])
def test_agrees_with_gaussian_nb(data):
    for seed in SEEDS:
        X, y = data(seed)
        ours, theirs = GaussianNaiveBayes().fit(X, y), GaussianNB().fit(X, y)
        new = np.vstack([X, 2 * X - X.mean(axis=0)])
        assert ours.predict_log_proba(new) == pytest.approx(theirs.predict_log_proba(new), rel=1e-9, abs=1e-9)
        assert ours.predict_proba(new) == pytest.approx(theirs.predict_proba(new), abs=1e-9)
        assert np.array_equal(ours.predict(new), theirs.predict(new))


def test_many_pixels_and_blocks():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, size=(1300, 784)).astype(float), rng.integers(0, 10, 1300)
    X[y == 3, :50] = 0  # pixels that are constant within one class only
    ours, theirs = GaussianNaiveBayes().fit(X, y), GaussianNB().fit(X, y)
    assert ours.predict_log_proba(X) == pytest.approx(theirs.predict_log_proba(X), rel=1e-9, abs=1e-9)


def test_joint_is_prior_times_densities():
    X, y = make_blobs(50, 2, centers=2, random_state=0)
    model = GaussianNaiveBayes().fit(X, y)
    densities = norm.logpdf(X[:, np.newaxis], model.theta_, np.sqrt(model.var_)).sum(axis=2)
    assert model.predict_joint_log_proba(X) == pytest.approx(np.log(model.class_prior_) + densities, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_scaling_every_feature_changes_nothing(seed):
    X, y = wdbc(seed)
    once, scaled = GaussianNaiveBayes().fit(X, y), GaussianNaiveBayes().fit(100 * X, y)
    assert scaled.predict_log_proba(100 * X) == pytest.approx(once.predict_log_proba(X), rel=1e-9, abs=1e-9)


def test_scaling_one_feature_changes_the_smoothing_of_all():
    X, y = wdbc(0)
    one = X.copy()
    one[:, 3] *= 1e4
    once, scaled = GaussianNaiveBayes().fit(X, y), GaussianNaiveBayes().fit(one, y)
    assert np.abs(scaled.predict_log_proba(one) - once.predict_log_proba(X)).max() > 1e-3


@pytest.mark.parametrize("value", [0.0, 7.0, 1e6])
def test_a_constant_feature_changes_nothing(value):
    X, y = wdbc(0)
    padded = np.column_stack([X, np.full(len(X), value)])
    once, with_constant = GaussianNaiveBayes().fit(X, y), GaussianNaiveBayes().fit(padded, y)
    assert with_constant.predict_log_proba(padded) == pytest.approx(once.predict_log_proba(X), rel=1e-9, abs=1e-9)


def test_samples_far_from_every_class_do_not_underflow():
    X, y = wdbc(0)
    model = GaussianNaiveBayes().fit(X, y)
    far = model.predict_log_proba(X + 1000 * X.std(axis=0))
    assert np.isfinite(far).all()
    assert np.exp(far).sum(axis=1) == pytest.approx(1)


def test_given_priors():
    X, y = wdbc(0)
    for priors in ([0.5, 0.5], (0.995, 0.005)):
        ours, theirs = GaussianNaiveBayes(priors=priors).fit(X, y), GaussianNB(priors=priors).fit(X, y)
        assert ours.predict_log_proba(X) == pytest.approx(theirs.predict_log_proba(X), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("priors", "message"),
    [
        ([0.5, 0.4], "sum of the priors should be 1"),
        ([1.5, -0.5], "Priors must be positive"),
        ([1.0, 0.0], "Priors must be positive"),
        ([0.2, 0.3, 0.5], "Number of priors must match number of classes"),
    ],
)
def test_impossible_priors(priors, message):
    with pytest.raises(ValueError, match=message):
        GaussianNaiveBayes(priors=priors).fit([[0.0], [1.0], [2.0]], [0, 1, 1])


def test_impossible_smoothing():
    X, y = [[0.0, 1.0], [0.0, 2.0], [0.0, 4.0], [1.0, 3.0]], [0, 0, 1, 1]
    with pytest.raises(ValueError, match="var_smoothing"):
        GaussianNaiveBayes(var_smoothing=-1.0).fit(X, y)
    with pytest.raises(ValueError, match="constant within a class"):
        GaussianNaiveBayes(var_smoothing=0.0).fit(X, y)
    with pytest.raises(ValueError, match="constant within a class"):
        GaussianNaiveBayes().fit(np.ones((4, 2)), y)
