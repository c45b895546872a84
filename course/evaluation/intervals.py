"""How sure is a measured result? 95 % intervals for shares, for the AUC, and for any statistic.

A test set is a sample: other patients would have given another figure. Each function returns an
`Interval(estimate, low, high)`; a method that meets its promise encloses the true value in 95 of 100 such studies.
Labels and scores are as in `course.evaluation.metrics`: benign = 0, malignant = 1 = positive.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from course import CourseError
from course.evaluation.metrics import checked_labels, checked_scores, share_below, split_by_class


class Interval(NamedTuple):
    """An estimate with the lower and upper end of its interval, all in the estimate's own unit."""

    estimate: float
    low: float
    high: float


def wilson(successes, n, level=0.95):
    """Return Wilson's score interval for a share, such as 38 of 42 cancers found.

    It keeps its promise for small n and for shares near 0 or 1, where p +- 1.96 standard errors does not: 42 of 42
    found does not mean that none will ever be missed. (Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.)
    """
    whole = float(n).is_integer() and float(successes).is_integer()  # False for NaN and infinity too
    if not whole or not 0 <= successes <= n or n < 1:
        raise CourseError(f"a share needs whole numbers 0 <= successes <= n and n >= 1, not {successes} of {n}.")
    z = _normal_quantile(level)
    p = successes / n
    centre = p + z**2 / (2 * n)
    spread = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    width = 1 + z**2 / n
    # at 0 of n and n of n the ends are 0 and 1 exactly; rounding alone would miss them
    low = 0.0 if successes == 0 else (centre - spread) / width
    high = 1.0 if successes == n else (centre + spread) / width
    return Interval(float(p), float(low), float(high))


def bootstrap(statistic, labels, scores, groups=None, n_resamples=2000, level=0.95, seed=0):
    """Return the percentile bootstrap interval of `statistic(labels, scores) -> number`.

    The study is repeated `n_resamples` times by drawing from its own pictures with replacement. `groups`, shape (n,),
    names the patient of each picture: whole patients are drawn, since pictures of one patient resemble each other and
    count for less than as many patients. Benign and malignant are drawn separately, so their numbers stay as they were;
    patients with pictures of both kinds are drawn among themselves. The same seed gives the same interval.
    (Efron and Tibshirani, An Introduction to the Bootstrap, 1993.)
    """
    labels, scores = checked_labels(labels), checked_scores(scores)
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    if not len(labels) == len(scores) == len(groups):
        raise CourseError(f"labels, scores and groups must be equally many, but there are {len(labels)}, "
                          f"{len(scores)} and {len(groups)}.")
    if n_resamples < 1:
        raise CourseError(f"n_resamples must be at least 1, but it is {n_resamples}.")
    tail = (1 - _checked_level(level)) / 2
    rng = np.random.default_rng(seed)
    strata = _groups_by_class(labels, groups)
    values = np.empty(n_resamples)
    for repeat in range(n_resamples):
        drawn = [members[i] for members in strata for i in rng.integers(len(members), size=len(members))]
        rows = np.concatenate(drawn)
        values[repeat] = statistic(labels[rows], scores[rows])
    if not np.isfinite(values).all():
        raise CourseError("the statistic is not a finite number on some resamples, so it has no bootstrap interval.")
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(statistic(labels, scores)), float(low), float(high))


def delong(labels, scores, level=0.95):
    """Return the AUC with DeLong's interval, formed on the logit scale so that it stays inside 0 to 1.

    Needs two pictures of each class. At an AUC of exactly 1 (or 0) DeLong's variance is 0, which would claim certainty;
    there the interval is Wilson's for k of k, k being the size of the smaller class: that many pairs of one malignant
    and one benign picture share no picture and are all in order.
    (DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845.)
    """
    z = _normal_quantile(level)
    (area,), covariance, (malignant, benign) = _delong_covariance(labels, [scores])
    if area in (0.0, 1.0):
        pairs = min(malignant, benign)
        return Interval(area, *wilson(int(area) * pairs, pairs, level)[1:])
    spread = z * np.sqrt(covariance[0, 0]) / (area * (1 - area))
    return Interval(area, float(expit(logit(area) - spread)), float(expit(logit(area) + spread)))


def delong_difference(labels, scores_a, scores_b, level=0.95):
    """Return (Interval of AUC(a) - AUC(b), p-value) for two models that scored the same pictures.

    The pairing matters: two models stumble over the same hard pictures, so their difference is known better than
    either AUC. The p-value is two-sided, for "no difference in the AUC".
    """
    z = _normal_quantile(level)
    areas, covariance, _ = _delong_covariance(labels, [scores_a, scores_b])
    difference = areas[0] - areas[1]
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    if variance < 1e-15:  # exact zero up to rounding: the smallest real variance is about 1 / n**3
        if abs(difference) > 1e-12:
            raise CourseError("every picture shows the same difference between the two models, so its variance cannot "
                              "be estimated: report the two AUC values with their own intervals.")
        return Interval(0.0, 0.0, 0.0), 1.0
    error = np.sqrt(variance)
    low, high = max(difference - z * error, -1.0), min(difference + z * error, 1.0)
    p_value = 2 * ndtr(-abs(difference) / error)
    return Interval(difference, float(low), float(high)), float(p_value)


def _delong_covariance(labels, models):
    """Return (AUC per model, covariance matrix of these AUCs, (number malignant, number benign)).

    For a malignant picture V10 is the share of benign ones that it beats, for a benign picture V01 the share of
    malignant ones that beat it; the AUC is the mean of either. cov = cov(V10) / m + cov(V01) / n.
    """
    v10, v01 = [], []
    for scores in models:
        malignant, benign = split_by_class(labels, scores)
        v10.append(share_below(malignant, benign))
        v01.append(1 - share_below(benign, malignant))
    if min(len(malignant), len(benign)) < 2:
        raise CourseError(f"DeLong's interval needs two pictures of each class, but there are {len(malignant)} "
                          f"malignant and {len(benign)} benign.")
    covariance = np.atleast_2d(np.cov(v10)) / len(malignant) + np.atleast_2d(np.cov(v01)) / len(benign)
    return [float(np.mean(values)) for values in v10], covariance, (len(malignant), len(benign))


def _groups_by_class(labels, groups):
    """Return one list per kind of group (benign only, malignant only, both), each of the groups' row numbers."""
    strata = {}
    order = np.argsort(groups, kind="stable")
    starts = np.unique(groups[order], return_index=True)[1][1:]
    for rows in np.split(order, starts):
        strata.setdefault((labels[rows].min(), labels[rows].max()), []).append(rows)
    return [strata[kind] for kind in sorted(strata)]


def _normal_quantile(level):
    """1.96 for a level of 0.95."""
    return float(ndtri((1 + _checked_level(level)) / 2))


def _checked_level(level):
    if not 0 < level < 1:
        raise CourseError(f"the level of an interval must lie between 0 and 1, such as 0.95, but it is {level}.")
    return level
