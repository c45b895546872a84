"""How good is a diagnosis? Counts, sensitivity, specificity, ROC curve and AUC.

Everywhere benign = 0 and malignant = 1, and malignant is the positive class. `labels` are the truth, `decisions` are
what was decided (0 or 1), `scores` rise with the suspicion of malignancy: a probability, a logit or a distance will do.
All of them are sequences of n numbers, shape (n,) or (n, 1). Bad input raises `CourseError` with one sentence.
"""

from typing import NamedTuple

import numpy as np

from course import CourseError


class Counts(NamedTuple):
    """The confusion matrix as four numbers of pictures; "true" means "rightly decided"."""

    tp: int  # malignant, called malignant
    fp: int  # benign, called malignant: a false alarm
    fn: int  # malignant, called benign: a missed cancer
    tn: int  # benign, called benign


def confusion_counts(labels, decisions):
    """Count right and wrong decisions of both kinds. Returns `Counts(tp, fp, fn, tn)`."""
    labels = checked_labels(labels)
    decisions = _zeros_and_ones(decisions, "decisions")
    _same_length(labels, decisions, "decisions")
    called, malignant = decisions == 1, labels == 1
    return Counts(
        tp=int(np.sum(called & malignant)),
        fp=int(np.sum(called & ~malignant)),
        fn=int(np.sum(~called & malignant)),
        tn=int(np.sum(~called & ~malignant)),
    )


def accuracy(labels, decisions):
    """Return the share of right decisions, (tp + tn) / n. The majority class alone can make it look good."""
    counts = confusion_counts(labels, decisions)
    return (counts.tp + counts.tn) / sum(counts)


def sensitivity(labels, decisions):
    """Return tp / (tp + fn), the share of malignant pictures that were found (also called recall)."""
    counts = confusion_counts(labels, decisions)
    if counts.tp + counts.fn == 0:
        raise CourseError("sensitivity needs at least one malignant picture (label 1), but every label is 0.")
    return counts.tp / (counts.tp + counts.fn)


def specificity(labels, decisions):
    """Return tn / (tn + fp), the share of benign pictures that were left in peace."""
    counts = confusion_counts(labels, decisions)
    if counts.tn + counts.fp == 0:
        raise CourseError("specificity needs at least one benign picture (label 0), but every label is 1.")
    return counts.tn / (counts.tn + counts.fp)


def predictive_values(sensitivity, specificity, prevalence):
    """Return (PPV, NPV) where a share `prevalence` of those examined has the disease, by Bayes' rule.

    PPV: the share of those called malignant who are; NPV: the share of those called benign who are. Both depend on who
    is examined, sensitivity and specificity much less; so those of a study hold for its own share only. All are shares
    between 0 and 1; a value is NaN where nobody is called so.
    """
    for name, share in (("sensitivity", sensitivity), ("specificity", specificity), ("prevalence", prevalence)):
        if not 0 <= share <= 1:
            raise CourseError(f"the {name} is a share between 0 and 1, but it is {share}.")
    found, alarmed = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
    missed, spared = prevalence - found, (1 - prevalence) - alarmed
    return (found / (found + alarmed) if found + alarmed > 0 else float("nan"),
            spared / (spared + missed) if spared + missed > 0 else float("nan"))


def auc(labels, scores):
    """Return the area under the ROC curve.

    It is the chance that a malignant picture, drawn at random, scores higher than a benign one; a tie counts one half.
    (Hanley and McNeil, Radiology 143 (1982) 29-36.)
    """
    return float(share_below(*split_by_class(labels, scores)).mean())


def roc_curve(labels, scores):
    """Return (fpr, tpr, thresholds): what every possible threshold would give, from the strictest to the loosest.

    `fpr` is 1 - specificity and `tpr` the sensitivity when a picture is called malignant if its score >= threshold.
    All three are float64 of one length: one entry per distinct score, after a first threshold of infinity at (0, 0).
    """
    malignant, benign = split_by_class(labels, scores)
    thresholds = np.unique(np.concatenate([malignant, benign]))[::-1]
    tpr = _share_at_least(malignant, thresholds)
    fpr = _share_at_least(benign, thresholds)
    return np.append(0.0, fpr), np.append(0.0, tpr), np.append(np.inf, thresholds)


def threshold_for_sensitivity(labels, scores, target):
    """Return the largest threshold t whose rule "malignant when score >= t" reaches the sensitivity `target`.

    `target` is a share, 0 < target <= 1. The answer is always the score of a malignant picture. Choose it on validation
    pictures; on other pictures the sensitivity will differ.
    """
    if not 0 < target <= 1:
        raise CourseError(f"the sensitivity to reach must lie above 0 and not above 1, but it is {target}.")
    malignant, _ = split_by_class(labels, scores, needs_benign=False)
    from_highest = np.sort(malignant)[::-1]
    shares = np.arange(1, len(from_highest) + 1) / len(from_highest)
    return float(from_highest[np.searchsorted(shares, target)])


def halfway_below(scores, threshold, lowest=0.0):
    """Return the middle between `threshold` and the next lower score: it decides every one of `scores` alike.

    A threshold that *is* a picture's score decides this picture by its last digit, and a network's last digit depends
    on how many pictures it is shown at once. Scores that differ by less than such a digit (a millionth) count as one
    here, and are decided like the higher. `lowest`: what to take where no score is lower; a probability is never below
    0. The threshold to use on other pictures; `threshold_for_sensitivity` gives the one that statistics speak of.
    """
    upper = threshold
    for lower in np.sort(np.unique(checked_scores(scores)))[::-1]:
        if lower >= upper:
            continue
        if upper - lower > 1e-6 * max(abs(upper), abs(lower)):
            return float(upper + lower) / 2
        upper = lower
    return float(upper + min(lowest, upper)) / 2


def share_below(values, others):
    """For each value, the share of `others` below it, ties counting half. Shapes (m,), (n,) -> (m,) float64."""
    others = np.sort(others)
    below = np.searchsorted(others, values, side="left")
    not_above = np.searchsorted(others, values, side="right")
    return (below + not_above) / (2 * len(others))


def split_by_class(labels, scores, needs_benign=True):
    """Return (malignant scores, benign scores), float64, after checking that there are some of each."""
    labels = checked_labels(labels)
    scores = checked_scores(scores)
    _same_length(labels, scores, "scores")
    malignant, benign = scores[labels == 1], scores[labels == 0]
    if len(malignant) == 0:
        raise CourseError("at least one malignant picture (label 1) is needed, but every label is 0.")
    if needs_benign and len(benign) == 0:
        raise CourseError("at least one benign picture (label 0) is needed, but every label is 1.")
    return malignant, benign


def checked_labels(labels):
    """Return the labels as int64 (n,), or say what is wrong with them."""
    return _zeros_and_ones(labels, "labels")


def checked_scores(scores):
    """Return the scores as float64 (n,), or say what is wrong with them."""
    scores = _column(scores, "scores").astype(np.float64)
    if not np.isfinite(scores).all():
        place = int(np.argmin(np.isfinite(scores)))
        raise CourseError(f"scores must be finite numbers, but number {place} (counted from 0) is {scores[place]}.")
    return scores


def _zeros_and_ones(values, name):
    values = _column(values, name)
    wrong = ~np.isin(values, (0, 1))
    if wrong.any():
        hint = " Compare the scores with a threshold first." if name == "decisions" else ""
        raise CourseError(f"{name} must be 0 (benign) or 1 (malignant), but one of them is {values[wrong][0]}.{hint}")
    return values.astype(np.int64)


def _column(values, name):
    values = np.asarray(values)
    if values.ndim == 2 and values.shape[1] == 1:  # what Keras returns for one sigmoid
        values = values[:, 0]
    if values.ndim != 1:
        raise CourseError(f"{name} must have the shape (n,) or (n, 1), but their shape is {values.shape}.")
    if len(values) == 0:
        raise CourseError(f"there are no {name}: at least one picture is needed.")
    if values.dtype.kind not in "biuf":
        raise CourseError(f"{name} must be numbers, but their type is {values.dtype}.")
    return values


def _same_length(labels, values, name):
    if len(labels) != len(values):
        raise CourseError(f"there must be as many {name} as labels, but there are {len(values)} and {len(labels)}.")


def _share_at_least(values, thresholds):
    values = np.sort(values)
    return 1 - np.searchsorted(values, thresholds, side="left") / len(values)
