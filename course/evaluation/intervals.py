"""How sure is a measured result? 95 % intervals for shares, for the AUC, for differences, and for any statistic.

A test set is a sample: other patients would have given another figure. Each function returns an
`Interval(estimate, low, high)`; a method that meets its promise encloses the true value in 95 of 100 such studies.
Labels and scores are as in `course.evaluation.metrics`: benign = 0, malignant = 1 = positive.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, expit, logit, ndtr, ndtri

from course import CourseError
from course.evaluation.metrics import checked_labels, checked_scores, confusion_counts, share_below, split_by_class


class Interval(NamedTuple):
    """An estimate with the lower and upper end of its interval, all in the estimate's own unit."""

    estimate: float
    low: float
    high: float


class Paired(NamedTuple):
    """Two sets of decisions on the same pictures: who was right where, and what follows."""

    both: int  # pictures that both decide rightly
    only_a: int
    only_b: int
    neither: int
    p_value: float  # two-sided, for "equally often right"
    difference: Interval  # share that a decides rightly less that of b


def wilson(successes, n, level=0.95):
    """Return Wilson's score interval for a share, such as 38 of 42 cancers found.

    On average over the possible shares it keeps its promise even for small n; close to 0 or 1 its coverage can dip to
    about 84 %. p +- 1.96 standard errors does far worse there: 42 of 42 found does not mean that none will ever be
    missed. (Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.)
    """
    whole = float(n).is_integer() and float(successes).is_integer()  # False for NaN and infinity too
    if not whole or not 0 <= successes <= n or n < 1:
        raise CourseError(f"a share needs whole numbers 0 <= successes <= n and n >= 1, not {successes} of {n}.")
    return _wilson(successes / n, n, level)


def _wilson(p, n, level):
    z = _normal_quantile(level)
    centre = p + z**2 / (2 * n)
    spread = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    width = 1 + z**2 / n
    # at 0 of n and n of n the ends are 0 and 1 exactly; rounding alone would miss them
    low = 0.0 if p == 0 else (centre - spread) / width
    high = 1.0 if p == 1 else (centre + spread) / width
    return Interval(float(p), float(low), float(high))


def mean(values, n_resamples=2000, level=0.95, seed=0):
    """Return the mean of `values` (n,), such as a difference for each patient, with its percentile bootstrap interval.

    The n values are drawn with replacement. The same seed gives the same interval.
    """
    values, tail = np.asarray(values, float), (1 - _checked_level(level)) / 2
    rows = np.random.default_rng(seed).integers(0, len(values), (n_resamples, len(values)))
    low, high = np.quantile(values[rows].mean(axis=1), [tail, 1 - tail])
    return Interval(float(values.mean()), float(low), float(high))


def bootstrap(statistic, labels, scores, groups=None, n_resamples=2000, level=0.95, seed=0,
              by_class=True):
    """Return the percentile bootstrap interval of `statistic(labels, scores) -> number`.

    The study is repeated `n_resamples` times by drawing from its own pictures with replacement. `groups`, shape (n,),
    names the patient of each picture: whole patients are drawn, since pictures of one patient resemble each other and
    count for less than as many patients. `by_class`: benign and malignant are drawn separately, so the numbers of
    benign and malignant patients stay as they were (those of pictures need not); patients with pictures of both kinds
    are drawn among themselves. For what depends on the prevalence, such as a net benefit, say by_class=False: then all
    are drawn together. The same seed gives the same interval.
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
    strata = _groups_by_class(labels if by_class else np.zeros(len(labels)), groups)
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

    Needs two pictures of each class. Where all pairs of a malignant and a benign picture come out alike - all in order,
    all the wrong way round, or all tied - DeLong's variance is 0, which would claim certainty. There the interval is
    Wilson's for k trials, k being the size of the smaller class: that many pairs share no picture, so the variance of
    an AUC is never more than AUC (1 - AUC) / k. A constant score thus gets 0.5 with a wide interval.
    (DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845.)
    """
    z = _normal_quantile(level)
    v10, v01 = _placements(labels, scores)
    area, variance = float(v10.mean()), _variance(v10, v01)
    if variance == 0:
        return _wilson(area, min(len(v10), len(v01)), level)
    spread = z * np.sqrt(variance) / (area * (1 - area))
    return Interval(area, float(expit(logit(area) - spread)), float(expit(logit(area) + spread)))


def delong_difference(labels, scores_a, scores_b, level=0.95):
    """Return (Interval of AUC(a) - AUC(b), p-value) for two models that scored the same pictures.

    The pairing matters: two models stumble over the same hard pictures, so their difference is known better than if
    each had been tested on other pictures. The p-value is two-sided, for "no difference in the AUC".
    """
    z = _normal_quantile(level)
    (a10, a01), (b10, b01) = _placements(labels, scores_a), _placements(labels, scores_b)
    difference, variance = float(a10.mean() - b10.mean()), _variance(a10 - b10, a01 - b01)
    if variance < 0.1 / (len(a10) * len(a01)) ** 2:  # zero up to rounding: a single half-tied pair gives more
        if abs(difference) > 1e-12:
            raise CourseError("every picture shows the same difference between the two models, so its variance cannot "
                              "be estimated: report the two AUC values with their own intervals.")
        return Interval(0.0, 0.0, 0.0), 1.0
    error = np.sqrt(variance)
    low, high = max(difference - z * error, -1.0), min(difference + z * error, 1.0)
    p_value = 2 * ndtr(-abs(difference) / error)
    return Interval(difference, float(low), float(high)), float(p_value)


def mcnemar(labels, decisions_a, decisions_b, level=0.95):
    """Return Paired for two sets of decisions (0 or 1) on the same pictures: McNemar's exact test, and an interval.

    Only pictures on which the two differ tell one from the other; were both equally often right, each such picture
    would be a fair coin. The exact test is cautious: where both are alike it says otherwise in fewer than 5 of 100
    studies. The interval of the difference of the shares is Wald's with half a picture added to each of the four
    counts, which suits few pictures. Give the malignant pictures alone for a difference of sensitivities, the benign
    ones for that of specificities. Each patient has one picture.
    (McNemar, Psychometrika 12 (1947) 153-157; Agresti and Min, Stat. Med. 24 (2005) 729-740.)
    """
    z, labels = _normal_quantile(level), checked_labels(labels)
    for decisions in (decisions_a, decisions_b):
        confusion_counts(labels, decisions)  # says in words what is wrong with them
    a, b = (np.ravel(decisions) == labels for decisions in (decisions_a, decisions_b))
    n, only_a, only_b = len(labels), int(np.sum(a & ~b)), int(np.sum(b & ~a))
    p_value = min(1.0, 2 * bdtr(min(only_a, only_b), only_a + only_b, 0.5))
    centre = (only_a - only_b) / (n + 2)
    error = np.sqrt((only_a + only_b + 1) / (n + 2) - centre**2) / np.sqrt(n + 2)
    low, high = max(centre - z * error, -1.0), min(centre + z * error, 1.0)
    difference = Interval((only_a - only_b) / n, float(low), float(high))
    return Paired(int(np.sum(a & b)), only_a, only_b, int(np.sum(~a & ~b)), float(p_value), difference)


def _placements(labels, scores):
    """Return V10 (m,), for each malignant picture the share of benign ones it beats, and V01 (n,), for each benign one
    the share of malignant ones that beat it. The AUC is the mean of either.
    """
    malignant, benign = split_by_class(labels, scores)
    if min(len(malignant), len(benign)) < 2:
        raise CourseError(f"DeLong's interval needs two pictures of each class, but there are {len(malignant)} "
                          f"malignant and {len(benign)} benign.")
    return share_below(malignant, benign), 1 - share_below(benign, malignant)


def _variance(v10, v01):
    """DeLong's variance of an AUC or, from the differences of two models' V10 and V01, of a difference of AUCs."""
    return float(v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01))


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
