"""From a network's score to a probability that can be believed: one temperature, fitted on the validation pictures."""

import numpy as np
from scipy.special import expit, logit

from course import CourseError
from course.evaluation.calibration import temperature

FEWEST = 10  # validation pictures of each class: one number fitted on less says little
# A score of exactly 0 or 1, which single precision gives, has no logit. These ends lie beyond all other scores that it
# gives, also beyond the mean of four mirror images of which three are at the end, so that the order stays.
ENDS = 1e-45, 1 - 1e-8


def fit_calibration(labels, scores):
    """Return what model.json keeps: temperature (None where there is none), reason, pictures, share (of positives).

    labels, scores (n,): those of the validation pictures.
    """
    facts = {"temperature": None, "reason": "", "fitted_on": "validation", "pictures": len(labels),
             "share": round(float(np.mean(labels)), 6)}
    fewest = int(min(np.sum(labels), len(labels) - np.sum(labels)))
    if fewest < FEWEST:
        return {**facts, "reason": f"a temperature needs {FEWEST} validation pictures of each class, not {fewest}"}
    try:
        return {**facts, "temperature": temperature(labels, _logits(scores))}
    except CourseError as error:
        return {**facts, "reason": str(error)}


def calibrated(scores, calibration):
    """Return the probabilities that belong to scores (n,): their logits divided by the temperature.

    calibration: as `fit_calibration` returns it, or None. Without a temperature the scores come back as they are. The
    order of the pictures, and the side of 0.5 on which each lies, stay.
    """
    if not calibration or calibration["temperature"] is None:
        return np.asarray(scores, float)
    return expit(_logits(scores) / calibration["temperature"])


def problem_of(calibration):
    """Return what is wrong with this part of model.json, or None. A model of an earlier version has none."""
    if calibration is None:
        return None
    found = calibration.get("temperature", 0) if isinstance(calibration, dict) else 0
    share = calibration.get("share") if isinstance(calibration, dict) else None
    sound = found is None or (type(found) in (int, float) and np.isfinite(found) and found > 0)
    return None if sound and type(share) in (int, float) and 0 <= share <= 1 else f"its calibration is {calibration!r}"


def sentence(calibration, positive):
    """Return a sentence on whether the probabilities are calibrated, and for which share of the positive class."""
    if not calibration or calibration["temperature"] is None:
        why = f" ({calibration['reason'].rstrip('.')})" if calibration and calibration["reason"] else ""
        return (f"The probabilities are not calibrated{why}; they belong to the share of {positive} pictures in "
                "training.")
    return (f"The probabilities were rescaled by one number, the temperature {calibration['temperature']:.2f}, from "
            f"{calibration['pictures']} validation pictures, and belong to a place where {calibration['share']:.1%} of "
            f"the pictures are {positive}, as there.")


def _logits(scores):
    return logit(np.clip(np.asarray(scores, float), *ENDS))
