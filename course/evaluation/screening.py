"""Screening: of many molecules, few of them active, a few are tested. How many more are found than by lot?"""

import numpy as np

from course import CourseError
from course.evaluation.metrics import checked_labels, checked_scores


def enrichment(labels, scores, top):
    """Return the enrichment factor: share of active ones among the `top` best, over their share among all.

    labels, scores: (n,), 1 = active; top: how many are tested. By lot it is 1. Where scores tie at the border, each of
    the tied counts for its part of the places left.
    """
    labels, scores = checked_labels(labels), checked_scores(scores)
    if labels.shape != scores.shape or not 1 <= top <= len(labels) or not labels.any():
        raise CourseError(f"an enrichment needs as many labels as scores, one of them active, and top from 1 to their "
                          f"number, but there are {labels.shape}, {scores.shape}, {int(labels.sum())} and {top}.")
    border = np.sort(scores)[-top]
    above, tied = scores > border, scores == border
    found = labels[above].sum() + labels[tied].mean() * (top - above.sum())
    return float(found / top / labels.mean())
