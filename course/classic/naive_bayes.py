"""Gaussian naive Bayes: Bayes' rule, and the naive belief that the features of a class know nothing of each other.

P(y | x) = P(x | y) P(y) / P(x)   with   P(x | y) = prod_j N(x_j; mean_yj, variance_yj)

A product of thirty small densities underflows (0 x 0 = 0, and 0 / 0 is no answer), so everything here is a sum of logs:

log P(y | x) = log P(y) - 1/2 sum_j [log(2 pi variance_yj) + (x_j - mean_yj)^2 / variance_yj] - log P(x)
"""

from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import gen_batches
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, check_scalar, validate_data

BLOCK = 512  # samples handled at a time: 784 features of so many fit in a processor's cache
FAR = 1e4  # (mean / standard deviation)^2 above which expanding the square costs more digits than it is worth


class GaussianNaiveBayes(ClassifierMixin, BaseEstimator):
    """Naive Bayes with one normal curve for each class and feature; two classes or more.

    Parameters
    ----------
    priors : P(y) in the order of `classes_`, shape (k,), positive, sum 1; None: the shares seen in training.
    var_smoothing : this share of the largest variance of all features is added to every variance, so that a feature
        that is constant within a class divides by no zero. (So scaling *one* feature can change the answer of all.)

    Attributes
    ----------
    classes_ (k,) the labels, sorted; class_prior_ (k,); theta_ (k, d) means; var_ (k, d) variances, smoothing included;
    epsilon_ what was added to the variances; center_ (d,) the mean of all training samples.
    """

    def __init__(self, priors=None, var_smoothing=1e-9):
        self.priors = priors
        self.var_smoothing = var_smoothing

    def fit(self, X, y):
        """Learn means, variances (divisor n, not n - 1) and shares of each class from X (n, d) and labels y (n,)."""
        check_scalar(self.var_smoothing, "var_smoothing", Real, min_val=0)
        if not np.isfinite(self.var_smoothing):
            raise ValueError(f"var_smoothing must be finite. Got {self.var_smoothing!r} instead.")
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
        if len(self.classes_) < 2:
            raise ValueError(f"The number of classes has to be greater than one; got {len(self.classes_)} class")
        self.class_prior_ = counts / len(y) if self.priors is None else self._checked_priors()
        self.center_ = X.mean(axis=0)
        groups = [X[codes == k] for k in range(len(counts))]
        self.theta_ = np.array([group.mean(axis=0) for group in groups])
        variances = np.array([group.var(axis=0) for group in groups])
        self.epsilon_ = self.var_smoothing * X.var(axis=0).max()
        self.var_ = variances + self.epsilon_
        if not self.var_.all():
            raise ValueError("A feature is constant within a class, and var_smoothing adds nothing to its variance 0.")
        return self

    def predict_joint_log_proba(self, X):
        """Return log P(x, y) = log P(y) + log P(x | y), shape (n, k): what Bayes' rule divides by P(x).

        Written out, (x - mean)^2 / variance = x^2 / variance - 2 x mean / variance + mean^2 / variance, so that two
        matrix products serve all classes at once. The difference of large squares would lose digits: so x and mean are
        counted from the centre of the data, and the few means that are many standard deviations away from there (a
        pixel that is always black in one class) are subtracted before squaring after all.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        means, precisions = self.theta_ - self.center_, 1 / self.var_
        far = means**2 * precisions > FAR
        near_precisions = np.where(far, 0, precisions)
        linear, quadratic = (means * near_precisions).T.copy(), (-0.5 * near_precisions).T.copy()
        constants = np.log(self.class_prior_) - 0.5 * np.log(2 * np.pi * self.var_).sum(axis=1)
        constants -= 0.5 * (means**2 * near_precisions).sum(axis=1)
        result = np.empty((len(X), len(self.classes_)))
        for block in gen_batches(len(X), BLOCK):
            x = X[block] - self.center_
            result[block] = x @ linear + constants
            for k in np.flatnonzero(far.any(axis=1)):
                result[block, k] -= 0.5 * (x[:, far[k]] - means[k, far[k]]) ** 2 @ precisions[k, far[k]]
            result[block] += np.square(x, out=x) @ quadratic
        return result

    def predict_log_proba(self, X):
        """Return log P(y | x), shape (n, k)."""
        joint = self.predict_joint_log_proba(X)
        return joint - _log_sum_exp(joint)

    def predict_proba(self, X):
        """Return P(y | x), shape (n, k); each row sums to 1."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X):
        """Return the most probable label of each sample, shape (n,)."""
        joint = self.predict_joint_log_proba(X)  # first: it says what is wrong when nothing has been learnt yet
        return self.classes_[joint.argmax(axis=1)]

    def _checked_priors(self):
        priors = np.asarray(self.priors, dtype=np.float64)
        if priors.shape != self.classes_.shape:
            raise ValueError(f"Number of priors must match number of classes: got {priors.size} priors for "
                             f"{len(self.classes_)} classes.")  # fmt: skip
        if not (priors > 0).all():
            raise ValueError("Priors must be positive: a class that never comes needs no model.")
        if not np.isclose(priors.sum(), 1):
            raise ValueError(f"The sum of the priors should be 1, but it is {priors.sum():g}.")
        return priors


def _log_sum_exp(logs):
    """log sum_k exp(logs_k) of each row, shape (n, 1); the largest is taken out first, so that no exp overflows."""
    largest = logs.max(axis=1, keepdims=True)
    return largest + np.log(np.exp(logs - largest).sum(axis=1, keepdims=True))
