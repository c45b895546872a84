"""Intervals for several pictures a patient: pictures of one patient resemble each other, and count for less.

Where each patient has one picture these are the intervals of `course.evaluation.intervals`. Patients are taken as a
sample; `patients` (n,) names the patient of each picture.
"""

import numpy as np
from scipy.special import expit, logit

from course import CourseError
from course.evaluation.intervals import Interval, _normal_quantile, _placements, _wilson
from course.evaluation.metrics import checked_labels


def share(right, patients, level=0.95):
    """Return Wilson's interval for a share of pictures, such as malignant pictures found.

    right: (n,) True or False. The number of trials is the effective one: as many pictures, each of another patient, as
    would have this share's variance between patients. (Rao and Scott, Biometrics 48 (1992) 577-585.) Never fewer
    than (sum of m)^2 / sum of m^2, m being a patient's number of pictures, as if a patient's pictures were all alike;
    that number is taken where the share is 0 or 1, since nothing shows then how alike they are.
    """
    right, patients = np.asarray(right, float), np.asarray(patients)
    if right.ndim != 1 or right.shape != patients.shape or not len(right):
        raise CourseError(f"a share needs one patient for each picture, at least one, but there are {patients.shape} "
                          f"and {right.shape}.")
    _, place = np.unique(patients, return_inverse=True)
    pictures, found = np.bincount(place), np.bincount(place, right)
    p, n, k = right.mean(), len(right), len(pictures)
    fewest = n**2 / np.sum(pictures**2)
    variance = np.sum((found - p * pictures) ** 2) / n**2 * k / max(k - 1, 1)
    trials = fewest if variance == 0 else np.clip(p * (1 - p) / variance, fewest, n)
    return _wilson(p, trials, level)


def auc(labels, scores, patients, level=0.95):
    """Return the AUC with an interval on the logit scale, of any number of pictures a patient, also of both kinds.

    DeLong's variance with the sums over a patient's pictures in place of single pictures. (Obuchowski, Biometrics 53
    (1997) 567-578.) Where it is 0, Wilson's interval for as many trials as patients of the rarer kind.
    """
    labels, patients = checked_labels(labels), np.asarray(patients)
    if labels.shape != patients.shape:
        raise CourseError(f"there must be one patient for each picture, but there are {patients.shape} and "
                          f"{labels.shape}.")
    v10, v01 = _placements(labels, scores)
    area = float(v10.mean())
    _, place = np.unique(patients, return_inverse=True)
    kinds = (labels == 1, v10), (labels == 0, v01)
    sums = [np.bincount(place[rows], values - area, minlength=place.max() + 1) / len(values) for rows, values in kinds]
    having = [np.bincount(place[rows], minlength=place.max() + 1) > 0 for rows, _ in kinds]
    if min(map(np.sum, having)) < 2:
        raise CourseError("an interval for the AUC needs two patients of each kind.")
    several = place.max() + 1
    variance = sum(_growth(kind.sum()) * np.sum(part**2) for kind, part in zip(having, sums, strict=True))
    variance += 2 * _growth(several) * np.sum(sums[0] * sums[1])
    if variance <= 0 or not 0 < area < 1:
        return _wilson(area, int(min(map(np.sum, having))), level)
    spread = _normal_quantile(level) * np.sqrt(variance) / (area * (1 - area))
    return Interval(area, float(expit(logit(area) - spread)), float(expit(logit(area) + spread)))


def _growth(n):
    """n / (n - 1): the variance of n values around a mean that was taken from them."""
    return n / (n - 1)
