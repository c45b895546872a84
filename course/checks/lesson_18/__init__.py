"""Checkers of lesson 18: a weighted loss and its gradient, copies inside a fold, another prior, a round of k-means."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_18 import clusters, copies, prior, weighted


@exercise("18.1")
def weighted_loss(answer):
    """Weighted cross-entropy: X (n, d), y (n,), w (d,), b, (weight benign, malignant) -> (loss, dw (d,), db)."""
    return against_reference(answer, weighted.by_library, weighted.cases(), "scikit-learn's log_loss with "
                             "sample_weight, and with its slope by central differences", weighted.MISTAKES,
                             rtol=1e-5, atol=1e-7)  # fmt: skip


@exercise("18.2")
def copied_inside(answer):
    """Scores out of fold with copies: X (n, d), y (n,), folds (n,), times, fit(X, y) -> score function -> (n,)."""
    return against_reference(answer, copies.by_library, copies.cases(), "scikit-learn's cross_val_predict of an "
                             "imbalanced-learn pipeline", copies.MISTAKES, rtol=1e-5, atol=1e-7)  # fmt: skip


@exercise("18.3")
def new_prior(answer):
    """Prior correction: p (any shape), trained, target -> probabilities where `target` of all are malignant."""
    return against_reference(answer, prior.by_logit, prior.cases(), "SciPy's logit, moved and turned back",
                             prior.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("18.4")
def one_round(answer):
    """One round of k-means: X (n, d), centres (k, d) -> (number of the nearest centre (n,), new centres (k, d))."""
    return against_reference(answer, clusters.by_library, clusters.cases(), "scikit-learn's KMeans after one round",
                             clusters.MISTAKES, rtol=1e-5, atol=1e-7)  # fmt: skip
