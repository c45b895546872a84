"""Tables of the stored runs of lesson 14, computed from their scores when they are read."""

import numpy as np
import pandas as pd

from course.data import cytology
from course.evaluation import intervals, metrics
from course.reproduce.store import result

NETWORK = "repaired network"
MAJORITY = "majority"


def measures(labels, scores, threshold=0.5):
    """Return {n, threshold, auc, accuracy, sensitivity, specificity}: each measure as (estimate, low, high).

    labels (n,), scores (n,). 95 % intervals: DeLong's for the AUC, Wilson's for the shares. All shares belong to one
    rule: "malignant when score >= threshold".
    """
    labels, scores = np.asarray(labels), np.asarray(scores)
    tp, fp, fn, tn = metrics.confusion_counts(labels, scores >= threshold)
    return {
        "n": len(labels),
        "threshold": float(threshold),
        "auc": tuple(intervals.delong(labels, scores)),
        "accuracy": tuple(intervals.wilson(tp + tn, len(labels))),
        "sensitivity": tuple(intervals.wilson(tp, tp + fn)),
        "specificity": tuple(intervals.wilson(tn, tn + fp)),
    }


def runs(split):
    """Return the five seeds of every variant on the validation or the test patients: one row a run.

    Columns: variant, seed, accuracy, AUC, sensitivity, specificity, all but the AUC at the threshold 0.5.
    """
    labels = labels_of(split)
    rows = []
    for variant, five in result(14)["cells"].items():
        for run in five:
            found = measures(labels, run[f"{split}_scores"])
            rows.append((variant, run["seed"], *(found[name][0] for name in
                                                 ("accuracy", "auc", "sensitivity", "specificity"))))
    return pd.DataFrame(rows, columns=["variant", "seed", "accuracy", "AUC", "sensitivity", "specificity"])


def labels_of(split):
    """Return the labels (n,) of "train", "validation" or "test", in the order of the stored scores."""
    return cytology.table()[1][cytology.split_of_patients() == split]


def out_of_fold():
    """Return {model: (scores (569,), its own cut)}: every patient scored by models that never saw her."""
    stored = result(14)
    baselines = {name: (np.array(scores), 0.0) for name, scores in stored["baselines"].items()}
    return baselines | {NETWORK: (np.array(stored["folds"]["scores"]), 0.5)}


def comparison():
    """Return one row a model, judged out of fold on all patients: measures at its own cut, AUC against the network's.

    Columns: accuracy, sensitivity, specificity, AUC with its interval (low, high), and "network minus model" with the
    95 % interval (from, to) of that difference on the same patients, by DeLong's paired formula. A majority has no AUC.
    Patients share training patients across folds, which no interval here takes into account: they are a little narrow.
    """
    labels, scored = cytology.table()[1], out_of_fold()
    share = float(np.mean(labels == 0))
    rows = {MAJORITY: [share, 0.0, 1.0] + [np.nan] * 6}
    for name, (scores, cut) in scored.items():
        found = measures(labels, scores, cut)
        gap = [np.nan] * 3 if name == NETWORK else intervals.delong_difference(labels, scored[NETWORK][0], scores)[0]
        rows[name] = [*(found[key][0] for key in ("accuracy", "sensitivity", "specificity")), *found["auc"], *gap]
    columns = ["accuracy", "sensitivity", "specificity", "AUC", "low", "high", "network minus model", "from", "to"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def by_fold():
    """Return the network's AUC, sensitivity and specificity at 0.5 in each fold: five networks, five scales."""
    from course.reproduce.lesson_14 import folds_of

    labels, (scores, cut) = cytology.table()[1], out_of_fold()[NETWORK]
    rows = []
    for _, judged in folds_of(labels):
        found = measures(labels[judged], scores[judged], cut)
        rows.append([len(judged), *(found[name][0] for name in ("auc", "sensitivity", "specificity"))])
    return pd.DataFrame(rows, columns=["patients", "AUC", "sensitivity", "specificity"])
