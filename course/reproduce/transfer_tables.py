"""Tables of lesson 17, computed from the stored scores when they are read."""

import functools

import numpy as np
import pandas as pd

from course.evaluation.intervals import Interval
from course.reproduce.store import result
from course.reproduce.tables import labels_of

WAYS = {"scratch": "scratch", "frozen": "frozen features", "tuned": "fine-tuned",
        "frozen, 224 pixels": "frozen features, 224 pixels"}  # stored name: shown name
RESAMPLES = 2000


@functools.cache
def patients():
    """Return one row for each way and number of training patients, judged on the validation patients.

    Columns: patients, way, seeds, AUC (mean over the seeds), least and most of a seed, gain over scratch and its 95 %
    interval (from, to). Another study would have met other patients and other seeds, so both are drawn anew: the
    validation patients, benign and malignant apart, and the seeds; all ways are judged on the same draw.
    """
    stored = result(17)["cells"]["validation_scores"]
    rows = []
    for number in stored["scratch"]:
        base = _Aucs(stored["scratch"][number])
        for way, name in WAYS.items():
            found = _Aucs(stored[way][number])
            gain = Interval(np.nan, np.nan, np.nan) if way == "scratch" else _gain(found, base)
            plain = found.plain
            rows.append([int(number), name, len(plain), plain.mean(), plain.min(), plain.max(), *gain])
    return pd.DataFrame(rows, columns=["patients", "way", "seeds", "AUC", "least", "most", "gain", "from", "to"])


class _Aucs:
    """AUC of each seed: `plain` (seeds,), and `drawn` (RESAMPLES,), the mean over drawn seeds on drawn patients."""

    def __init__(self, scores):
        truth = labels_of("validation")
        scores, rng = np.array(scores), np.random.default_rng(0)  # the same draws for every way
        sick, well = scores[:, truth == 1], scores[:, truth == 0]
        order = (sick[:, :, None] > well[:, None]) + 0.5 * (sick[:, :, None] == well[:, None])
        self.plain = order.mean(axis=(1, 2))
        times = [rng.multinomial(n, np.full(n, 1 / n), RESAMPLES) / n for n in (*order.shape[1:], len(scores))]
        self.drawn = np.einsum("bi,sij,bj,bs->b", times[0], order, times[1], times[2], optimize=True)


def _gain(found, base):
    low, high = np.quantile(found.drawn - base.drawn, [0.025, 0.975])
    return Interval(found.plain.mean() - base.plain.mean(), float(low), float(high))


def ultrasound():
    """Return one row for each model judged on the official test pictures of BreastMNIST.

    Columns: AUC with its 95 % interval (low, high); accuracy, sensitivity and specificity at the threshold 0.5; AUC
    minus that of the frozen features and its interval (gain, from, to), paired on the same pictures.
    """
    stored = result(17)["ultrasound"]
    rows = {"majority": [np.nan] * 3 + [stored["majority"], 0.0, 1.0] + [np.nan] * 3,
            "mean brightness": [*stored["mean brightness"]] + [np.nan] * 6}
    models = {"frozen features": stored["frozen"],
              **{f"fine-tuned, seed {run['seed']}": run for run in stored["seeds"]}}
    if len(stored["seeds"]) > 1:
        models |= {f"mean of these {len(stored['seeds'])}": stored["ensemble"],
                   "the same and frozen features": stored["ensemble with frozen"]}
    for name, found in models.items():
        at = found["at 0.5"]
        rows[name] = [*at["auc"], *(at[key][0] for key in ("accuracy", "sensitivity", "specificity")),
                      *found.get("AUC minus frozen", [np.nan] * 3)]
    for run in result(14)["ultrasound"]:
        at = run["at 0.5"]
        rows[f"repaired network, 150 pixels, seed {run['seed']}"] = [
            *at["auc"], *(at[key][0] for key in ("accuracy", "sensitivity", "specificity")), *[np.nan] * 3]
    columns = ["AUC", "low", "high", "accuracy", "sensitivity", "specificity", "gain", "from", "to"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)
