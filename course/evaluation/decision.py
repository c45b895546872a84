"""Is a model worth using? Net benefit, in the currency of cancers found, and the decision curve.

A threshold here is a risk t from which on a patient would rather be treated (a biopsy) than not: she takes (1 - t) / t
needless biopsies for one cancer found. So risks must be calibrated for the place where they are used.
(Vickers and Elkin, Med. Decis. Making 26 (2006) 565-574; Vickers, Van Calster and Steyerberg, Diagn. Progn. Res. 3
(2019) 18.) Conventions as in `course.evaluation.metrics`.
"""

from typing import NamedTuple

import numpy as np

from course import CourseError
from course.evaluation.calibration import checked_risks
from course.evaluation.metrics import checked_labels


class DecisionCurve(NamedTuple):
    """Net benefit at each threshold, each of shape (k,)."""

    thresholds: np.ndarray
    model: np.ndarray
    treat_all: np.ndarray
    treat_none: np.ndarray  # 0


def net_benefit(labels, probabilities, threshold):
    """Return TP / n - FP / n * t / (1 - t) of "treat from a risk of t on": cancers found a patient, less the price.

    labels (n,), probabilities (n,): calibrated risks; threshold t: 0 <= t < 1.
    """
    labels, probabilities = checked_risks(labels, probabilities)
    price = _price(threshold)
    treated = probabilities >= threshold
    return float(np.mean(treated & (labels == 1)) - price * np.mean(treated & (labels == 0)))


def net_benefit_of_all(labels, threshold):
    """Return the net benefit of treating everybody; that of treating nobody is 0."""
    share = checked_labels(labels).mean()
    return float(share - (1 - share) * _price(threshold))


def decision_curve(labels, probabilities, thresholds):
    """Return the DecisionCurve of a model beside treating everybody and nobody, at the thresholds (k,)."""
    thresholds = np.asarray(thresholds, float)
    return DecisionCurve(thresholds, np.array([net_benefit(labels, probabilities, t) for t in thresholds]),
                         np.array([net_benefit_of_all(labels, t) for t in thresholds]), np.zeros(len(thresholds)))


def _price(threshold):
    """How many cancers found one needless treatment costs."""
    if not 0 <= threshold < 1:
        raise CourseError(f"a threshold is a risk, at least 0 and below 1, but it is {threshold}.")
    return threshold / (1 - threshold)
