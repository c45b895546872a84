"""Tables of the stored runs of lesson 21, on real ultrasound. Scores and labels are not stored, measures are."""

import numpy as np
import pandas as pd

from course.reproduce.store import result

# Doerrich and others, Scientific Reports 15 (2025) 7669: (AUC, its deviation over three seeds, accuracy), networks
# trained end to end from ImageNet's weights, official test; of each network the size with the best AUC.
PUBLISHED = {"AlexNet, 128 pixels": (0.940, 0.014, 0.906), "VGG16, 128 pixels": (0.924, 0.007, 0.893),
             "DenseNet-121, 64 pixels": (0.906, 0.003, 0.859), "ResNet-18, 224 pixels": (0.899, 0.006, 0.872),
             "ViT-B/16, 224 pixels": (0.862, 0.003, 0.838)}
WAYS = ("apart", "together")


def rules():
    """Return one row a rule, by its correlation: pairs, groups, the largest, pictures in groups, test pictures seen."""
    table = pd.DataFrame(result(21)["twins"]["rules"]).set_index("alike")
    table = table.rename(columns={"pictures in groups": "pictures", "groups with both labels": "both labels",
                                  "test pictures with a twin in train or validation": "test with twin"})
    return table[["pairs", "groups", "largest", "pictures", "both labels", "test with twin"]]


def leak():
    """Return one row a classifier: mean AUC of five repeats, twins apart and together, and the gap with its interval.

    The interval is paired, drawn by group of twins.
    """
    rows = {}
    for name, found in result(21)["leak"].items():
        rows[name] = [*(np.mean(found[way]) for way in WAYS), *found["gap"]]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*WAYS, "gap", "from", "to"])


def folds():
    """Return one row a model, out of fold, twins together: AUC (low, high), that of lesions only, shares at 0.5.

    Intervals are by group of twins.
    """
    rows = {}
    for name, found in result(21)["folds"].items():
        rows[name] = [*found["AUC"], found["AUC, malignant against benign"][0],
                      found["sensitivity at 0.5"][0], found["specificity at 0.5"][0]]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["AUC", "low", "high", "lesions only", "sensitivity",
                                                                 "specificity"])


def against(other):
    """Return each model's AUC out of fold minus that of `other`, "frozen" or "fine-tuned": gap, from, to.

    Paired, on the same pictures, drawn by group of twins.
    """
    rows = {name: found[f"minus {other}"] for name, found in result(21)["folds"].items() if name != other}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["gap", "from", "to"])


def official():
    """Return one row a model of the official split: AUC on all test pictures (low, high), with no twin seen, seen.

    The last rows are lesson 14's runs from scratch, of which only the first is stored.
    """
    stored, rows = result(21)["official"], {}
    for name, found in stored.items():
        if name != "pictures":
            rows[name] = [*found["all"], *(found[which][0] for which in ("no twin seen", "twin seen",
                                                                        "malignant against benign"))]
    for run in result(14)["ultrasound"]:
        rows[f"scratch, seed {run['seed']}"] = [*run["at 0.5"]["auc"], *[np.nan] * 3]
    return pd.DataFrame.from_dict(rows, orient="index",
                                  columns=["AUC", "low", "high", "no twin", "twin seen", "lesions only"])


def masks():
    """Return one row a kind: share of Grad-CAM's heat inside the lesion beside what chance and other maps give."""
    return pd.DataFrame({kind: {name: value for name, value in found.items() if name != "more"}
                         | dict(zip(("more", "from", "to"), found["more"], strict=True))
                         for kind, found in result(21)["masks"].items()}).T


def coverage(studies=400, groups=150, shift=1.5):
    """Return how often two 95 % intervals of an AUC hold the truth: {"true AUC", "by picture", "by group"}.

    Invented studies: groups of one to four pictures, one label a group, 30 % malignant; scores are normal, `shift`
    higher where malignant, and three quarters of their variance belongs to the group.
    """
    from scipy.stats import norm

    from course.evaluation import clustered, intervals

    true, held = float(norm.cdf(shift / 2**0.5)), np.zeros(2)
    rng = np.random.default_rng(21)
    for _ in range(studies):
        sizes, kind = rng.integers(1, 5, groups), rng.random(groups) < 0.3
        group = np.repeat(np.arange(groups), sizes)
        scores = shift * kind[group] + 0.75**0.5 * rng.normal(size=groups)[group] + 0.5 * rng.normal(size=len(group))
        labels = kind[group].astype(int)
        found = intervals.delong(labels, scores), clustered.auc(labels, scores, group)
        held += [one.low <= true <= one.high for one in found]
    return {"true AUC": true, "by picture": float(held[0] / studies), "by group": float(held[1] / studies)}
