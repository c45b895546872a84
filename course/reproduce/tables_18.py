"""Tables of the stored runs of lesson 18."""

import numpy as np
import pandas as pd

from course.reproduce.lesson_18 import REMEDIES, SIMULATED
from course.reproduce.store import result


def patients(columns="ten features"):
    """Return one row a remedy, each number the mean of all cuts: ranking, decisions at three cuts, probabilities.

    Columns: AUC, average precision, sensitivity and specificity at 0.5 and at the cut chosen in training, the mean
    risk and the Brier score before and after the prior correction.
    """
    stored = result(18)["patients"][columns]
    return pd.DataFrame({remedy: {name: np.mean(values) for name, values in stored[remedy].items()}
                         for remedy in REMEDIES}).T


def against_nothing(measure, columns="ten features"):
    """Return how much each remedy's `measure` differs from that of "nothing", lot by lot.

    Columns: mean; lowest and highest of the lots; in how many lots the remedy is above. The spread of the draw: the
    lots share all benign patients, so this is no confidence interval.
    """
    stored = result(18)["patients"][columns]
    rows = {}
    for remedy in REMEDIES[1:]:
        gap = np.subtract(stored[remedy][measure], stored["nothing"][measure])
        rows[remedy] = [gap.mean(), gap.min(), gap.max(), int(np.sum(gap > 0))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "lowest", "highest", "lots above"])


def moved_threshold(columns="ten features"):
    """Return sensitivity and specificity of "nothing" at the training share, and of the remedies at 0.5."""
    table = patients(columns)
    rows = {"nothing, cut at 0.5": ("nothing", "cut 0.5"), "nothing, cut at the share": ("nothing", "cut at the share")}
    rows |= {f"{remedy}, cut at 0.5": (remedy, "cut 0.5") for remedy in REMEDIES[1:]}
    return pd.DataFrame({name: {rate: table.loc[remedy, f"{rate}, {cut}"] for rate in ("sensitivity", "specificity")}
                         for name, (remedy, cut) in rows.items()}).T


def chosen_threshold(columns="ten features"):
    """Return each remedy's sensitivity and specificity at the cut chosen in training, and each less that of nothing.

    Last column: in how many lots the sensitivity is above nothing's.
    """
    rates = ("sensitivity", "specificity")
    table = patients(columns)[[f"{rate}, chosen cut" for rate in rates]].set_axis(rates, axis=1)
    gaps = {rate: against_nothing(f"{rate}, chosen cut", columns) for rate in rates}
    for rate in rates:
        table[f"{rate[:4]}. gap"] = gaps[rate]["mean"]
    table["lots above"] = gaps["sensitivity"]["lots above"]
    return table.fillna(0).astype({"lots above": int})


def simulated(kind="raw"):
    """Return one row a remedy on simulated patients, the mean of the seeds; kind: "raw" or "corrected"."""
    names = ("AUC", "mean risk", "Brier", "slope", "intercept")
    stored = result(18)["simulated"]
    return pd.DataFrame({remedy: {name: np.mean([seed[remedy][kind][name] for seed in stored]) for name in names}
                         for remedy in REMEDIES}).T


def curve(remedy, kind="raw"):
    """Return (predicted, observed), each (bins,), the mean over the seeds of a remedy's calibration curve."""
    seeds = [seed[remedy][kind] for seed in result(18)["simulated"]]
    return tuple(np.mean([seed[name] for seed in seeds], axis=0) for name in ("predicted", "observed"))


def share_simulated():
    """Return the true share of malignant patients among those judged, mean over the seeds, and the share meant."""
    return float(np.mean([seed["share"] for seed in result(18)["simulated"]])), SIMULATED["share"]
