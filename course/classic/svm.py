"""The support vector machine twice: the primal problem for a plane, the dual problem for kernels.

Labels y_i are -1 or +1 inside this module; C > 0 is the price of a unit of hinge, max(0, 1 - y (w . x + b)).

primal:  minimise over w, b       P(w, b) = 1/2 ||w||^2 + C sum_i max(0, 1 - y_i (w . x_i + b))
dual:    maximise over alpha      D(alpha) = sum_i alpha_i - 1/2 sum_ij alpha_i alpha_j y_i y_j K(x_i, x_j)
         subject to               0 <= alpha_i <= C   and   sum_i alpha_i y_i = 0

||w||^2 sums over features, the hinge over samples, and b is not regularised. D <= P always, with equality at the
optimum, so P - D tells how far from it an answer can be. (Cortes and Vapnik, Machine Learning 20 (1995) 273-297.)
"""

import warnings
from functools import lru_cache
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import gen_batches
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, check_scalar, validate_data

from course.classic import newton, smo

CACHE_BYTES = 400e6  # room for kernel rows while fitting: all of them up to about 5,000 samples
BLOCK_VALUES = 2**22  # kernel values computed at a time while predicting


def dual_objective(alpha, y, K):
    """Return D(alpha), a number. alpha (n,), y (n,) of -1 and +1, K (n, n) the kernel of each pair of samples."""
    return alpha.sum() - 0.5 * (alpha * y) @ K @ (alpha * y)


class _TwoClasses(ClassifierMixin, BaseEstimator):
    """What both machines share: labels of any two values, and the sign of the score as the decision."""

    def predict(self, X):
        """Return the decided labels, shape (n,): `classes_[1]` where the score is positive, else `classes_[0]`."""
        scores = self.decision_function(X)
        return self.classes_[(scores > 0).astype(int)]

    def _checked_data(self, X, y):
        """Return X float64 (n, d) and the labels as -1.0 for `classes_[0]`, +1.0 for `classes_[1]`."""
        check_scalar(self.C, "C", Real, min_val=0, include_boundaries="neither")
        if not np.isfinite(self.C):
            raise ValueError(f"C must be finite. Got {self.C!r} instead; 1e6 hardly allows a violation.")
        check_scalar(self.tol, "tol", Real, min_val=0, include_boundaries="neither")
        if np.isnan(self.tol):
            raise ValueError("tol must be a number > 0. Got nan instead.")
        check_scalar(self.max_iter, "max_iter", Integral, min_val=1)
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"The number of classes has to be greater than one; got {len(self.classes_)} class")
        if len(self.classes_) > 2:
            kind = type_of_target(y, input_name="y")
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        return X, 2.0 * codes - 1

    def _warn(self):
        message = f"{type(self).__name__} did not converge in {self.n_iter_} steps. Scale the features, or lower C."
        warnings.warn(message, ConvergenceWarning, stacklevel=3)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


class LinearSVM(_TwoClasses):
    """The plane with the widest soft margin, from the primal problem.

    Newton's method on a hinge whose kink is rounded off ever less (`course.classic.newton`); it stops when the dual
    problem proves that the primal value is nearly the lowest. Nothing is drawn at random.

    Parameters
    ----------
    C : price of a unit of hinge, > 0.
    tol : stop when (P - D) / P is proved to be at most this; below 1e-9 rounding errors forbid the proof.
    max_iter : Newton steps at most; after these a ConvergenceWarning.

    Attributes
    ----------
    coef_ (1, d) is w; intercept_ (1,) is b; classes_ (2,), the second the positive one; n_iter_ counts the steps;
    objective_ (n_iter_ + 1,) is P before the first and after every step (it may rise for a moment, since a step lowers
    the rounded loss), its last number that of the plane kept, the lowest; dual_objective_ is the highest D found (-inf:
    none).
    """

    def __init__(self, C=1.0, tol=1e-4, max_iter=1000):
        self.C = C
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X, y):
        """Find the plane for X (n, d) and the labels y (n,) of two values."""
        X, y = self._checked_data(X, y)
        centre = X.mean(axis=0)  # b is free, so moving the origin changes nothing but the rounding errors
        w, b, self.objective_, self.dual_objective_ = newton.minimise(
            X - centre, y, float(self.C), self.tol, self.max_iter
        )
        self.n_iter_ = len(self.objective_) - 1
        if self.objective_[-1] - self.dual_objective_ > self.tol * self.objective_[-1]:
            self._warn()
        self.coef_, self.intercept_ = w[np.newaxis], np.array([b - centre @ w])
        return self

    def decision_function(self, X):
        """Return the scores w . x + b, shape (n,): a score, not yet the decision."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return X @ self.coef_[0] + self.intercept_[0]


class KernelSVM(_TwoClasses):
    """The soft margin in the feature space of a kernel, from the dual problem.

    Sequential minimal optimization (`course.classic.smo`) moves two alphas at a time: of the samples that ask for the
    highest intercept and for a lower one, the pair whose step raises D most. When no two samples disagree about the
    intercept by `tol` or more, the KKT conditions hold.

    Parameters
    ----------
    C : upper bound of every alpha, > 0.
    kernel : "linear" x.z | "poly" (gamma x.z + coef0)^degree | "rbf" exp(-gamma ||x - z||^2).
    gamma : a number > 0, "scale" = 1 / (d * variance of all values of X), or "auto" = 1 / d.
    degree, coef0 : of the polynomial.
    tol : the largest disagreement about the intercept that is left. From 2 on nothing is learnt: at the start no two
        samples disagree by more, so no alpha moves and every score is 0.
    max_iter : steps at most; after these a ConvergenceWarning.

    Attributes
    ----------
    support_ (m,) numbers of the samples with alpha > 0; support_vectors_ (m, d); dual_coef_ (1, m) = alpha y;
    intercept_ (1,); classes_ (2,), the second the positive one; n_iter_; dual_objective_ is D; gamma_ the number used;
    center_ (d,) the origin that "linear" and "rbf" use inside: it cancels from the result but for rounding errors.
    """

    def __init__(self, C=1.0, kernel="rbf", gamma="scale", degree=3, coef0=0.0, tol=1e-4, max_iter=1_000_000):
        self.C = C
        self.kernel = kernel
        self.gamma = gamma
        self.degree = degree
        self.coef0 = coef0
        self.tol = tol
        self.max_iter = max_iter

    def fit(self, X, y):
        """Find the alphas for X (n, d) and the labels y (n,) of two values."""
        self._check_kernel()
        X, y = self._checked_data(X, y)
        self.gamma_ = self._gamma_number(X)
        self.center_ = np.zeros(X.shape[1]) if self.kernel == "poly" else X.mean(axis=0)
        row, diagonal, rows_kept = self._rows(X - self.center_)
        beta, F, self.n_iter_ = smo.optimise(row, diagonal, y, float(self.C), self.tol, self.max_iter, rows_kept)
        if smo.disagreement(beta, F, y, self.C) >= self.tol:
            self._warn()
        self.support_ = np.flatnonzero(beta)
        self.support_vectors_ = X[self.support_]
        self.dual_coef_ = beta[np.newaxis, self.support_]
        self.dual_objective_ = 0.5 * beta @ (y + F)  # since K beta = y - F
        self.intercept_ = np.array([smo.intercept(beta, F, y, self.C) - self._shift()])
        return self

    def decision_function(self, X):
        """Return the scores sum_s alpha_s y_s K(x_s, x) + b over the support vectors, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False) - self.center_
        supports, weights = self.support_vectors_ - self.center_, self.dual_coef_[0]
        squares = _squared_lengths(supports)
        scores = np.empty(len(X))
        for block in gen_batches(len(X), max(1, BLOCK_VALUES // max(1, len(weights)))):
            x = X[block]
            scores[block] = self._kernel(x @ supports.T, _squared_lengths(x)[:, np.newaxis], squares) @ weights
        return scores + self.intercept_[0] + self._shift()

    def _kernel(self, products, squares_x, squares_z):
        """All three kernels need only x . z, ||x||^2 and ||z||^2, since ||x - z||^2 = ||x||^2 - 2 x . z + ||z||^2."""
        if self.kernel == "linear":
            return products
        if self.kernel == "poly":
            return (self.gamma_ * products + self.coef0) ** self.degree
        distances = np.maximum(squares_x - 2 * products + squares_z, 0)
        return np.exp(-self.gamma_ * distances)

    def _rows(self, X):
        """Return row(i) = K(x_i, x_t) for all t, (n,); the diagonal K(x_t, x_t), (n,); and how many rows are kept."""
        squares = _squared_lengths(X)
        rows_kept = max(2, int(CACHE_BYTES / 2 / squares.nbytes))  # half of the room is for what `smo` makes of them

        @lru_cache(maxsize=rows_kept)
        def row(i):
            return self._kernel(X @ X[i], squares[i], squares)

        return row, self._kernel(squares, squares, squares), rows_kept

    def _shift(self):
        """What the intercept of a linear kernel changes by when the origin moves to `center_`: w . center."""
        return self.dual_coef_[0] @ (self.support_vectors_ @ self.center_) if self.kernel == "linear" else 0.0

    def _gamma_number(self, X):
        variance = X.var()
        named = {"scale": 1 / (X.shape[1] * variance) if variance > 0 else 1.0, "auto": 1 / X.shape[1]}
        return named[self.gamma] if isinstance(self.gamma, str) else float(self.gamma)

    def _check_kernel(self):
        if self.kernel not in ("linear", "poly", "rbf"):
            raise ValueError(f"kernel must be 'linear', 'poly' or 'rbf'. Got {self.kernel!r} instead.")
        if isinstance(self.gamma, str):
            if self.gamma not in ("scale", "auto"):
                raise ValueError(f"gamma must be 'scale', 'auto' or a number > 0. Got {self.gamma!r} instead.")
        else:
            check_scalar(self.gamma, "gamma", Real, min_val=0, include_boundaries="neither")
            if not np.isfinite(self.gamma):
                raise ValueError(f"gamma must be finite. Got {self.gamma!r} instead.")
        check_scalar(self.degree, "degree", Integral, min_val=0)
        check_scalar(self.coef0, "coef0", Real)
        if not np.isfinite(self.coef0):
            raise ValueError(f"coef0 must be finite. Got {self.coef0!r} instead.")


def _squared_lengths(X):
    """||x||^2 of each row, shape (n,)."""
    return np.einsum("ij,ij->i", X, X)
