"""Tables of the stored runs of lesson 20, computed from their logits when they are read."""

import numpy as np
import pandas as pd

from course.data import cytology, marker
from course.evaluation import intervals, metrics
from course.reproduce import tables
from course.reproduce.arms_20 import ARMS, MARKED, PLAIN, SIZE, WHERE, trained_on
from course.reproduce.store import result

BASELINES = ("mean brightness", "total nuclear area", "SVM on the ten measured features")


def labels():
    """Return the labels (85,) of the validation patients."""
    return tables.labels_of("validation")


def scores(arm, where, shortcut=None):
    """Return an arm's logits on the validation patients (5, 85), one row a seed; shortcut: its own where not given."""
    shortcut = shortcut or trained_on(arm)[0]
    return np.array([run["scores"][shortcut][where] for run in result(20)["arms"][arm]])


def seeds(arm, where, shortcut=None):
    """Return one row a seed: accuracy, AUC, sensitivity, specificity; shares at the probability 0.5 (logit 0)."""
    truth, rows = labels(), []
    for z in scores(arm, where, shortcut):
        called = z >= 0
        rows.append([metrics.accuracy(truth, called), metrics.auc(truth, z), metrics.sensitivity(truth, called),
                     metrics.specificity(truth, called)])
    return pd.DataFrame(rows, columns=["accuracy", "AUC", "sensitivity", "specificity"])


def moved(arm, shortcut=None):
    """Return one row a place of the shortcut: means of five seeds, and the lowest and highest accuracy of one."""
    rows = {}
    for where in WHERE:
        found = seeds(arm, where, shortcut)
        rows[where] = [*found.mean(), found["accuracy"].min(), found["accuracy"].max()]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*seeds(arm, "none", shortcut).columns, "lowest",
                                                                 "highest"])  # fmt: skip


def against_plain(arm, where="none"):
    """Return (AUC of an arm minus that of "plain", from, to), on pictures without a shortcut: DeLong's paired interval.

    Each patient's logit is the mean of her five seeds'. It speaks of other patients, not of other seeds.
    """
    return tuple(intervals.delong_difference(labels(), scores(arm, where).mean(axis=0),
                                             scores(PLAIN, "none").mean(axis=0))[0])  # fmt: skip


def beside():
    """Return the arms on pictures without shortcut beside the usual baselines (those out of fold, same 85 patients)."""
    truth, rows = labels(), {tables.MAJORITY: [np.mean(labels() == 0), np.nan, 0.0, 1.0]}
    judged = cytology.split_of_patients() == "validation"
    for name in BASELINES:
        values, cut = tables.out_of_fold()[name]
        found = tables.measures(truth, values[judged], cut)
        rows[name] = [found[key][0] for key in ("accuracy", "auc", "sensitivity", "specificity")]
    for arm in ARMS:
        rows[f"network, {arm}"] = list(seeds(arm, "none").mean())
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "AUC", "sensitivity", "specificity"])


def pointing(margin=0):
    """Return the pointing game on 32 malignant patients: one row an arm, map and mask.

    margin: pixels by which a mask is widened on all sides, for chance too. Columns: hits (mean of five seeds), chance,
    and their difference with a 95 % interval over the patients ("from", "to"): each patient's hits, the mean of her
    seeds, minus her own share of mask, on the same patients.
    """
    rows = []
    for arm in ARMS[:3]:
        runs = [run["pointing"] for run in result(20)["arms"][arm]]
        for name in runs[0]:
            places = np.rint([run[name] for run in runs]).astype(int)  # (seeds, patients, 2)
            for what, mask in _masks(arm, margin).items():
                hits = mask[np.arange(len(mask)), places[..., 0], places[..., 1]].mean(axis=0)
                share = mask.mean(axis=(1, 2))
                rows.append([arm, name, what, hits.mean(), share.mean(), *intervals.mean(hits - share)])
    return pd.DataFrame(rows, columns=["network", "map", "mask", "hits", "chance", "minus chance", "from", "to"])


def _hits(arm, name, what, margin=0):
    """Return whether each network's map is highest in the mask, of 32 malignant patients: bool (5, 32)."""
    mask = _masks(arm, margin)[what]
    places = np.rint([run["pointing"][name] for run in result(20)["arms"][arm]]).astype(int)
    return mask[np.arange(len(mask)), places[..., 0], places[..., 1]]


def hits_on_mark(margin=0):
    """Return the share of hits of Grad-CAM on the mark for each of the five "marked" networks, two decimals."""
    return [round(float(share), 2) for share in _hits(MARKED, "Grad-CAM", "mark", margin).mean(axis=1)]


def occlusion_minus_grad_cam():
    """Return (difference of the shares of hits on nuclei, from, to), "plain", means of five networks, by patient."""
    occlusion, cam = (_hits(PLAIN, name, "nuclei").mean(axis=0) for name in ("occlusion", "Grad-CAM"))
    return intervals.mean(occlusion - cam)


def sensitivity_lost(arm="more nuclei"):
    """Return an arm's sensitivity minus that of "plain", no shortcut in sight, with an interval by patient.

    Each patient's decisions at logit 0 are averaged over the five networks, on pictures of one number of nuclei.
    """
    shortcut = trained_on(arm)[0]
    sick = labels() == 1
    found = [(scores(one, "none", shortcut)[:, sick] >= 0).mean(axis=0) for one in (arm, PLAIN)]
    return intervals.mean(found[0] - found[1])


def missed_and_pointing(margin=4):
    """Return (malignant patients missed by the first plain network, of these those whose occlusion map is highest on a
    nucleus or within `margin` pixels, chance).
    """
    missed = scores(PLAIN, "none")[0][labels() == 1] < 0
    mask = _masks(PLAIN, margin)["nuclei"][missed]
    places = np.rint(result(20)["arms"][PLAIN][0]["pointing"]["occlusion"]).astype(int)[missed]
    hits = mask[np.arange(len(mask)), places[:, 0], places[:, 1]]
    return int(missed.sum()), int(hits.sum()), float(mask.mean())


def _masks(arm, margin):
    """Return {what: bool (32, 64, 64)}: nuclei, and where there is one the rectangle of the mark."""
    from scipy.ndimage import maximum_filter

    from course.reproduce.lesson_20 import masks

    found = {"nuclei": masks(arm)}
    if arm == MARKED:
        found["mark"] = np.repeat(marker.box(SIZE)[None], len(found["nuclei"]), axis=0)
    return {name: maximum_filter(mask, (1, 2 * margin + 1, 2 * margin + 1)) for name, mask in found.items()}
