"""Tables of the stored run of lesson 25, computed from its scores when they are read."""

import numpy as np
import pandas as pd

from course.data import cytology
from course.evaluation import intervals, metrics
from course.reproduce.lesson_25 import STAINS, WAYS
from course.reproduce.store import result


def scores(way, stain):
    """Return probabilities (569,), out of fold, of all patients in one hospital's stain."""
    return np.array(result(25)["federated"][way][stain])


def ways():
    """Return one row a way of training: AUC out of fold, of the same patients in each hospital's stain."""
    truth = cytology.table()[1]
    rows = {way: [metrics.auc(truth, scores(way, stain)) for stain in STAINS] for way in WAYS}
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"stain {stain}" for stain in STAINS])


def against(one, other):
    """Return AUC of one way minus that of another in each stain, with DeLong's paired interval.

    It speaks of other patients, not of other seeds or folds.
    """
    truth = cytology.table()[1]
    rows = {stain: intervals.delong_difference(truth, scores(one, stain), scores(other, stain))[0] for stain in STAINS}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["gap", "from", "to"])


def taught_wrong(ways, repeats=3):
    """Return mean AUC, and sensitivity and specificity at 0.5, of a classifier whose training labels are partly wrong.

    ways: pairs (share, "by lot" or "missed"). By lot: that share of all training labels is turned. Missed: that share
    of the malignant ones is called benign. Logistic regression on the table's thirty columns, five folds; the labels
    that judge are right.
    """
    rows, labels = cytology.table()
    x, found = np.array([list(row.values()) for row in rows]), {}
    for share, kind in ways:
        several = [_out_of_fold(x, labels, share, kind == "missed", seed) for seed in range(repeats)]
        found[f"{share:.0%} {kind if share else 'wrong'}"] = np.mean(
            [[metrics.auc(labels, one), metrics.sensitivity(labels, one >= 0.5),
              metrics.specificity(labels, one >= 0.5)] for one in several], axis=0)  # fmt: skip
    return pd.DataFrame.from_dict(found, orient="index", columns=["AUC", "sensitivity", "specificity"])


def _out_of_fold(x, labels, share, missed, seed):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    rng, found = np.random.default_rng(seed), np.empty(len(labels))
    for train, out in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, labels):
        wrong = (rng.random(len(train)) < share) & ((labels[train] == 1) | (not missed))
        found[out] = model.fit(x[train], labels[train] ^ wrong).predict_proba(x[out])[:, 1]
    return found


def halves():
    """Return three masks (569,): malignant with nuclei below their median radius, the other malignant, benign."""
    rows, labels = cytology.table()
    radius = np.array([row["mean radius"] for row in rows])
    small = (labels == 1) & (radius < np.median(radius[labels == 1]))
    return small, (labels == 1) & ~small, labels == 0
