"""Tables of the stored runs of lesson 16, computed from their scores when they are read."""

import numpy as np
import pandas as pd

from course.data import cytology
from course.evaluation import intervals, metrics
from course.reproduce import tables, tables_15
from course.reproduce.lesson_16 import GRID, RATE
from course.reproduce.store import result

BASE = f"rate {RATE:g}"  # batch of 32, "relu": what every other row differs from in one thing


def runs():
    """Return {arm: its five runs}: settings, depths and patches together."""
    stored = result(16)
    return {arm: five for step in ("settings", "depth", "patches") for arm, five in stored[step].items()}


def scores(arm):
    """Return the scores (5, 85) of an arm's five seeds for the validation patients."""
    return np.array([run["scores"] for run in runs()[arm]])


def losses(arm, which="loss"):
    """Return the loss (5, epochs) of an arm's seeds; which: "loss" while training, "val_loss" on validation patients.
    """
    return np.array([run[which] for run in runs()[arm]])


def compared(arms, base=BASE):
    """Return one row an arm, means of five seeds at the last epoch, judged on the 85 validation patients.

    "lowest", "highest": AUC of single seeds. Then each patient's scores are averaged over the seeds: "averaged" is the
    AUC of that, "minus base" that AUC minus the base arm's, with DeLong's paired 95 % interval ("from", "to"). It
    speaks of other patients, not of other seeds.
    """
    labels, reference = tables.labels_of("validation"), scores(base).mean(axis=0)
    rows = {}
    for arm in arms:
        five = scores(arm)
        single = [metrics.auc(labels, one) for one in five]
        rows[arm] = [losses(arm)[:, -1].mean(), losses(arm, "val_loss")[:, -1].mean(), np.mean(single), min(single),
                     max(single), metrics.auc(labels, five.mean(axis=0)),
                     *(minus(five.mean(axis=0), reference) if arm != base else [np.nan] * 3)]  # fmt: skip
    columns = ["training loss", "validation loss", "AUC", "lowest", "highest", "averaged", "minus base", "from", "to"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def sensitivities(arm):
    """Return the sensitivity of an arm's five seeds at the probability 0.5, two decimals: [5 numbers]."""
    labels = tables.labels_of("validation")
    return [round(float(metrics.sensitivity(labels, one >= 0.5)), 2) for one in scores(arm)]


def arms(*beginnings):
    """Return the names of the arms that begin with one of these words, in the order of the runs."""
    return [arm for arm in runs() if arm.startswith(beginnings)]


def minus(a, b):
    """Return the AUC of scores a minus that of scores b, validation patients, with DeLong's paired interval: (3,)."""
    return tuple(intervals.delong_difference(tables.labels_of("validation"), a, b)[0])


def weights(arm):
    """Return how many numbers a network of this arm holds."""
    return runs()[arm][0]["weights"]


def beside(arm=BASE):
    """Return what every picture model must stand beside, on the validation patients: one row a model.

    The measured ones are lesson 14's, out of fold: trained on some 455 patients, the networks here on 398. Columns:
    AUC, and the AUC minus that of the arm's averaged scores, with its interval.
    """
    judged, averaged = cytology.split_of_patients() == "validation", scores(arm).mean(axis=0)
    labels, rows = tables.labels_of("validation"), {tables.MAJORITY: [0.5] + [np.nan] * 3}
    for name in ("mean brightness", "total nuclear area", "SVM on the ten measured features"):
        values = tables.out_of_fold()[name][0][judged]
        rows[name] = [metrics.auc(labels, values), *minus(values, averaged)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["AUC", f"minus {arm}", "from", "to"])


def landscape():
    """Return the log loss (rates, penalties) of the small network on measured features, at every point of GRID."""
    return np.array(result(16)["search"]["loss"])


def outer():
    """Return one row an outer fold: the point chosen by the inner folds, the loss it promised and the loss it kept."""
    rows = [[GRID["rate"][one["best"][0]], GRID["penalty"][one["best"][1]], one["promised"], one["kept"]]
            for one in result(16)["search"]["outer"]]  # fmt: skip
    return pd.DataFrame(rows, columns=["rate", "penalty", "promised", "kept"])


def parts_of_error(probabilities, labels):
    """Return a Series: mean squared error of one seed, the part that averaging keeps, the part that it takes away.

    probabilities (seeds, n), labels (n,). one = kept + taken, exactly.
    """
    averaged = probabilities.mean(axis=0)
    return pd.Series({"one seed": np.mean((probabilities - labels) ** 2), "kept": np.mean((averaged - labels) ** 2),
                      "taken": np.mean((probabilities - averaged) ** 2)})  # fmt: skip


def quarrels():
    """Return parts_of_error of lesson 15's networks, out of fold on all patients: one row an arm."""
    labels = cytology.table()[1]
    return pd.DataFrame({arm: parts_of_error(five, labels) for arm, five in tables_15.scores().items()}).T


def average_minus_seeds(arm):
    """Return the AUC of the average of an arm of lesson 15 minus that of each seed, with its interval: a row a seed."""
    five, labels = tables_15.scores()[arm], cytology.table()[1]
    rows = [tables_15.minus(five.mean(axis=0), one, labels) for one in five]
    return pd.DataFrame(rows, columns=["average minus seed", "from", "to"])


def best_seed(arm, draws=200):
    """Return a Series of AUCs, means of draws: what the best seed promised and kept, the mean seed's, the average's.

    In each draw half of the patients (of each class) choose the seed of an arm of lesson 15 with the highest AUC; the
    others judge.
    """
    five, labels = tables_15.scores()[arm], cytology.table()[1]
    rng, found = np.random.default_rng(0), []
    for _ in range(draws):
        choose = np.zeros(len(labels), bool)
        for kind in (0, 1):
            rows = np.flatnonzero(labels == kind)
            choose[rng.permutation(rows)[:len(rows) // 2]] = True
        promised = [metrics.auc(labels[choose], one[choose]) for one in five]
        rest = ~choose
        several = [metrics.auc(labels[rest], one[rest]) for one in five]
        found.append([max(promised), several[int(np.argmax(promised))], np.mean(several),
                      metrics.auc(labels[rest], five.mean(axis=0)[rest])])
    return pd.Series(np.mean(found, axis=0), ["promised", "kept", "mean seed", "average"])


def transformer_minus_convolutions():
    """Return one row a number of training patients: AUC of the transformer minus that of the convolutions, as above."""
    rows = {n: minus(*(scores(f"{name}, {n} patients").mean(axis=0) for name in ("transformer", "small")))
            for n in ("60", "200", "all")}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["minus convolutions", "from", "to"])
