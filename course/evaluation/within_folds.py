"""AUC out of fold, counting only pairs of one fold, and its differences by a bootstrap of whole groups.

Each fold has a model of its own. Where the folds hold unequal shares of positive cases, as folds of whole groups do,
the scores of the models are not on one scale, and pairs across folds compare models instead of cases. Labels and scores
are as in `course.evaluation.metrics`.
"""

import numpy as np

from course import CourseError
from course.evaluation.intervals import Interval
from course.evaluation.metrics import checked_labels, checked_scores


def auc(labels, scores, fold):
    """Return the chance that a positive case scores above a negative one of its fold; a tie counts one half.

    labels, scores, fold: (n,).
    """
    wins, pairs = _wins(labels, scores, fold)
    return float(wins.sum() / pairs.sum())


def interval(labels, scores, fold, groups=None, n_resamples=2000, level=0.95, seed=0):
    """Return the AUC as Interval; whole groups (n,), such as scaffolds, are drawn with replacement."""
    drawn = _drawn(_named(labels, groups), n_resamples, seed)
    return _percentiles(auc(labels, scores, fold), _resampled(labels, scores, fold, drawn), level)


def difference(labels, a, b, groups=None, n_resamples=2000, level=0.95, seed=0):
    """Return AUC(a) - AUC(b) as Interval for two ways of scoring the same cases.

    a, b: (scores (n,), fold (n,)); the folds may differ. Both are resampled with the same groups.
    """
    drawn = _drawn(_named(labels, groups), n_resamples, seed)
    values = _resampled(labels, *a, drawn) - _resampled(labels, *b, drawn)
    return _percentiles(auc(labels, *a) - auc(labels, *b), values, level)


def _wins(labels, scores, fold):
    """Return (wins, pairs), (positives, negatives) each: 1, 0.5 or 0, and whether the pair lies in one fold."""
    labels, scores, fold = checked_labels(labels), checked_scores(scores), np.asarray(fold)
    if not labels.shape == scores.shape == fold.shape:
        raise CourseError(f"labels, scores and folds must be equally many, but there are {labels.shape}, "
                          f"{scores.shape} and {fold.shape}.")  # fmt: skip
    yes, no = labels == 1, labels == 0
    pairs = (fold[yes][:, None] == fold[no]).astype(np.float32)
    if not pairs.any():
        raise CourseError("no fold holds a positive and a negative case: there is nothing to compare.")
    gap = scores[yes][:, None] - scores[no]
    return pairs * ((gap > 0) + 0.5 * (gap == 0)).astype(np.float32), pairs


def _named(labels, groups):
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    if len(groups) != len(labels):
        raise CourseError(f"each case needs a group, but there are {len(labels)} cases and {len(groups)} groups.")
    return np.unique(groups, return_inverse=True)[1]


def _drawn(group, n_resamples, seed):
    """Return how often each case was drawn in each resample: float32 (n_resamples, n)."""
    count = group.max() + 1
    chosen = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=n_resamples)
    return chosen[:, group].astype(np.float32)


def _resampled(labels, scores, fold, drawn):
    wins, pairs = _wins(labels, scores, fold)
    yes, no = (drawn[:, np.asarray(labels).ravel() == kind] for kind in (1, 0))
    return ((yes @ wins) * no).sum(axis=1) / ((yes @ pairs) * no).sum(axis=1)


def _percentiles(estimate, values, level):
    if not np.isfinite(values).all():
        raise CourseError("too few groups: in some resamples no fold holds a positive and a negative case.")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(estimate), float(low), float(high))
