"""Is a predicted risk of 5 % borne out by 5 in 100? Brier score, calibration curve and line, temperature, other priors.

Conventions as in `course.evaluation.metrics`: benign = 0, malignant = 1; `probabilities` (n,) are risks of malignancy.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from course import CourseError
from course.evaluation.intervals import wilson
from course.evaluation.metrics import checked_labels, checked_scores

EPS = 1e-12  # a logit needs a probability inside 0 to 1


class Curve(NamedTuple):
    """A calibration curve, one entry a bin, from the lowest risk to the highest."""

    predicted: np.ndarray  # the mean predicted risk
    observed: np.ndarray  # the share that is malignant
    count: np.ndarray  # how many patients
    low: np.ndarray  # the ends of Wilson's interval of `observed`; each patient has one picture
    high: np.ndarray


class Parts(NamedTuple):
    """The parts of a Brier score: reliability - resolution + uncertainty + within."""

    reliability: float  # how far the said risk of a group is from its share of malignant, squared: 0 is calibrated
    resolution: float  # how far the groups' shares are from the share of all, squared: large is good
    uncertainty: float  # prevalence * (1 - prevalence): the Brier score of who says the prevalence of everybody
    within: float  # what is lost by taking the patients of a group together; 0 where all have one risk


def brier(labels, probabilities, weights=None):
    """Return the mean of (p - y)^2, weighted if weights (n,) are given: 0 is perfect.

    Who predicts the prevalence pi for everybody has pi (1 - pi). (Brier, Monthly Weather Review 78 (1950) 1-3.)
    """
    labels, probabilities = checked_risks(labels, probabilities)
    if weights is not None and (np.shape(weights) != labels.shape or np.min(weights) < 0 or not np.sum(weights) > 0):
        raise CourseError(f"a Brier score needs one weight for each of {len(labels)} labels, none below 0, not all 0.")
    return float(np.average((probabilities - labels) ** 2, weights=weights))


def brier_parts(labels, probabilities, bins=None):
    """Return the Parts of the Brier score, in groups of one risk each or, with `bins`, those of `calibration_curve`.

    With few patients in a group chance alone makes reliability and resolution larger: compare with the same bins only.
    (Murphy, J. Appl. Meteorol. 12 (1973) 595-600; within: Stephenson and others, Weather Forecast. 23 (2008) 752-757.)
    """
    labels, probabilities = checked_risks(labels, probabilities)
    place = np.unique(probabilities, return_inverse=True)[1] if bins is None else _bins(probabilities, bins)
    count = np.bincount(place)
    said, true = (np.bincount(place, values) / np.maximum(count, 1) for values in (probabilities, labels))
    share, n = labels.mean(), len(labels)
    off, deviation = probabilities - said[place], labels - true[place]
    return Parts(float(count @ (said - true) ** 2 / n), float(count @ np.where(count, true - share, 0) ** 2 / n),
                 float(share * (1 - share)), float(np.mean(off**2) - 2 * np.mean(off * deviation)))


def calibration_error(labels, probabilities, bins=10):
    """Return the mean gap between said and true in groups of equally many patients, "expected calibration error".

    Never 0, not even for true risks: the gap that chance makes in each group has no sign. With 156 patients and ten
    groups it is several hundredths. (Naeini and others, AAAI 2015; Roelofs and others, AISTATS 2022, on the bias.)
    """
    curve = calibration_curve(labels, probabilities, bins)
    return float(np.average(np.abs(curve.predicted - curve.observed), weights=curve.count))


def calibration_curve(labels, probabilities, bins=10):
    """Return the Curve of `bins` groups of equally many patients, sorted by predicted risk; fewer if risks tie.

    Equal risks stay in one group, as in scikit-learn's calibration_curve with strategy="quantile".
    """
    labels, probabilities = checked_risks(labels, probabilities)
    place = _bins(probabilities, bins)
    count = np.bincount(place)
    kept = count > 0
    predicted, found = (np.bincount(place, values)[kept] for values in (probabilities, labels))
    count = count[kept]
    ends = np.array([wilson(k, n) for k, n in zip(found, count, strict=True)])
    return Curve(predicted / count, found / count, count, *ends.T[1:])


def _bins(probabilities, bins):
    """Return the number of each patient's group (n,), of equally many patients; equal risks in one group."""
    if bins < 1:
        raise CourseError(f"a calibration curve needs at least one bin, but bins is {bins}.")
    return np.searchsorted(np.percentile(probabilities, 100 * np.linspace(0, 1, bins + 1)[1:-1]), probabilities)


def calibration_line(labels, probabilities, steps=100):
    """Return (slope, intercept) of logit P(malignant) = intercept + slope * logit p, by maximum likelihood.

    (1, 0) is calibrated. A slope below 1 says that risks are too extreme; where it is near 1, an intercept below 0 says
    that they are too high. (Away from 1 it says little of the mean: it is the logit of P where p is one half.)
    Newton's method; raises CourseError where the classes are separated by p, since no slope is steep enough then.
    (Cox, Biometrika 45 (1958) 562-565.)
    """
    labels, probabilities = checked_risks(labels, probabilities)
    design = np.stack([logit(np.clip(probabilities, EPS, 1 - EPS)), np.ones(len(labels))], axis=1)
    line = np.array([1.0, 0.0])
    loss = _cross_entropy(design @ line, labels)
    for _ in range(steps):
        risk = expit(design @ line)
        curvature = design.T @ (design * (risk * (1 - risk))[:, None])
        if np.linalg.cond(curvature) > 1e12:
            break
        step = np.linalg.solve(curvature, design.T @ (labels - risk))
        if np.abs(step).max() < 1e-9:
            return float(line[0]), float(line[1])
        while (new := _cross_entropy(design @ (line + step), labels)) > loss and np.abs(step).max() > 1e-9:
            step = step / 2  # a full step may go too far where risks are extreme
        line, loss = line + step, new
    raise CourseError("a calibration line needs both classes, different risks, and classes that overlap.")


def temperature(labels, logits):
    """Return the number T > 0 for which sigmoid(logits / T) has the least cross-entropy: T > 1 makes risks milder.

    labels, logits: (n,), of pictures that the network was not trained on. The order of the pictures stays, and on which
    side of one half each lies. Raises CourseError where every logit has its class's sign, since no T is small enough
    then, and where logits say nothing, or the opposite, of the classes.
    (Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks, ICML 2017.)
    """
    labels, logits = checked_labels(labels), checked_scores(logits)
    if len(labels) != len(logits):
        raise CourseError(f"there must be as many logits as labels, but there are {len(logits)} and {len(labels)}.")

    def slope(log_inverse):  # of the cross-entropy, by 1 / T
        return np.mean((expit(logits * np.exp(log_inverse)) - labels) * logits)

    if np.all(logits * (2 * labels - 1) >= 0):
        raise CourseError("a temperature needs mistakes: every picture is on its own side of one half, so no "
                          "probability is too sure.")
    if np.mean((0.5 - labels) * logits) >= 0:
        raise CourseError("a temperature needs logits that are higher for malignant pictures than for benign ones.")
    low, high = -1.0, 1.0
    while slope(low) > 0:
        low -= 5
    while slope(high) < 0:
        high += 5
    return float(np.exp(-brentq(slope, low, high, xtol=1e-12)))


def _cross_entropy(logits, labels):
    return float(np.mean(np.logaddexp(0, logits) - labels * logits))


def correct_prior(probabilities, trained, target):
    """Return the probabilities as they are where a share `target` is malignant, not the share `trained` of training.

    In odds p / (1 - p): the new odds are the old ones times the odds of `target`, divided by the odds of `trained`.
    Holds where the classes themselves look the same in both places. Probabilities of any shape, each in 0 to 1.
    (Saerens, Latinne and Decaestecker, Neural Computation 14 (2002) 21-41.)
    """
    probabilities = np.asarray(probabilities, float)
    if not np.all((probabilities >= 0) & (probabilities <= 1)):
        raise CourseError("a prior is corrected in probabilities, each between 0 and 1.")
    for name, share in (("trained", trained), ("target", target)):
        if not 0 < share < 1:
            raise CourseError(f"the share `{name}` must lie between 0 and 1, but it is {share}.")
    malignant = probabilities * target / trained
    return malignant / (malignant + (1 - probabilities) * (1 - target) / (1 - trained))


def estimate_prior(probabilities, trained, steps=1000, tolerance=1e-9):
    """Return the share of malignant patients among those predicted, of whom no label is known, by the EM algorithm.

    Begin with the share of training, correct the probabilities, take their mean as the new share, and again.
    (Saerens, Latinne and Decaestecker, Neural Computation 14 (2002) 21-41.)
    """
    if np.size(probabilities) == 0:
        raise CourseError("there are no probabilities: a share needs at least one patient.")
    share = trained
    for _ in range(steps):
        before, share = share, float(np.mean(correct_prior(probabilities, trained, share)))
        share = float(np.clip(share, EPS, 1 - EPS))
        if abs(share - before) < tolerance:
            break
    return share


def checked_risks(labels, probabilities):
    """Return labels int64 (n,) and probabilities float64 (n,), or say what is wrong with them."""
    labels, probabilities = checked_labels(labels), checked_scores(probabilities)
    if len(labels) != len(probabilities):
        raise CourseError(f"there must be as many probabilities as labels, but there are {len(probabilities)} and "
                          f"{len(labels)}.")
    if probabilities.min() < 0 or probabilities.max() > 1:
        raise CourseError("probabilities lie between 0 and 1. A score without bounds, such as a distance, is none.")
    return labels, probabilities
