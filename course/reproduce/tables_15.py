"""Tables of the stored runs of lesson 15, computed from their scores when they are read."""

import numpy as np
import pandas as pd

from course.data import cytology
from course.evaluation import intervals, metrics
from course.reproduce import tables
from course.reproduce.arms_15 import NOTHING, losses
from course.reproduce.store import result


def gap():
    """Return one row a number of patients, means of five seeds at the end of training.

    Columns: training and validation loss, AUC and accuracy, and the lowest and highest validation AUC of the seeds.
    """
    rows = {}
    for patients, five in result(15)["gap"].items():
        train, judged = (np.array([run[part] for run in five])[:, :, -1] for part in ("train", "validation"))
        rows[int(patients)] = [*train.mean(axis=0), *judged.mean(axis=0), judged[:, 1].min(), judged[:, 1].max()]
    names = [f"{part} {name}" for part in ("training", "validation") for name in ("loss", "AUC", "accuracy")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*names, "lowest AUC", "highest AUC"])


def curves(patients, measure=0):
    """Return (training, validation): one row a seed, one column a stretch of steps; measure 0 loss, 1 AUC, 2 accuracy.
    """
    five = result(15)["gap"][str(patients)]
    return tuple(np.array([run[part] for run in five])[:, measure] for part in ("train", "validation"))


def scores():
    """Return {arm: out-of-fold scores (5, 569)}, one row a seed."""
    return {arm: np.array([run["scores"] for run in runs]) for arm, runs in result(15)["ablation"].items()}


def seeds(arm):
    """Return the five runs of an arm: one row a seed; training AUC (mean of the folds), and measures out of fold."""
    labels, rows = cytology.table()[1], []
    for run in result(15)["ablation"][arm]:
        p = np.array(run["scores"])
        called = p >= 0.5
        rows.append([np.mean(run["train"], axis=1)[1], losses(labels, p).mean(), metrics.auc(labels, p),
                     metrics.accuracy(labels, called), metrics.sensitivity(labels, called),
                     metrics.specificity(labels, called)])
    columns = ["training AUC", "loss", "AUC", "accuracy", "sensitivity", "specificity"]
    return pd.DataFrame(rows, columns=columns, index=[run["seed"] for run in result(15)["ablation"][arm]])


def ablation():
    """Return one row an arm, judged out of fold on all 569 patients, shares at the threshold 0.5.

    Columns: means of the five seeds; "lowest", "highest": AUC of single seeds. Then a comparison on the same patients:
    each patient's score is the mean of her five seeds' scores, "averaged" the AUC of that, "minus nothing" that AUC
    minus the plain network's, with DeLong's paired 95 % interval ("from", "to"). It speaks of other patients, not of
    other seeds.
    """
    labels, scored, rows = cytology.table()[1], scores(), {}
    for arm, five in scored.items():
        found = seeds(arm)
        difference = [np.nan] * 3 if arm == NOTHING else minus(five.mean(axis=0), scored[NOTHING].mean(axis=0), labels)
        averaged = metrics.auc(labels, five.mean(axis=0))
        rows[arm] = [*found.mean(), found["AUC"].min(), found["AUC"].max(), averaged, *difference]
    columns = [*seeds(NOTHING).columns, "lowest", "highest", "averaged", "minus nothing", "from", "to"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def minus(a, b, labels):
    """Return the AUC of scores a minus that of scores b, both (n,), with DeLong's paired interval: (3,)."""
    return tuple(intervals.delong_difference(labels, a, b)[0])


def by_seed(arm):
    """Return the AUC of an arm minus that of "nothing", seed by seed, each with its paired interval: one row a seed."""
    labels, scored = cytology.table()[1], scores()
    rows = [minus(*pair, labels) for pair in zip(scored[arm], scored[NOTHING], strict=True)]
    return pd.DataFrame(rows, columns=["minus nothing", "from", "to"])


def beside(arm=NOTHING):
    """Return what every picture model must stand beside, on the same folds: one row a model, at its own cut.

    Columns: AUC, accuracy, sensitivity, specificity, and the AUC minus that of an arm's averaged scores, with its
    interval as in `ablation`.
    """
    labels, averaged = cytology.table()[1], scores()[arm].mean(axis=0)
    rows = {tables.MAJORITY: [np.nan, np.mean(labels == 0), 0.0, 1.0] + [np.nan] * 3}
    for name in ("mean brightness", "total nuclear area", "SVM on the ten measured features"):
        values, cut = tables.out_of_fold()[name]
        found = tables.measures(labels, values, cut)
        measured = [found[key][0] for key in ("auc", "accuracy", "sensitivity", "specificity")]
        rows[name] = [*measured, *minus(values, averaged, labels)]
    columns = ["AUC", "accuracy", "sensitivity", "specificity", f"minus {arm}", "from", "to"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
