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
    """Return one row a model, out of fold, twins together: AUC, minus frozen features, malignant against benign.

    "low", "high": of the AUC; "from", "to": of the difference, paired. All intervals are by group of twins.
    """
    rows = {}
    for name, found in result(21)["folds"].items():
        gap = found["minus frozen"] if name != "frozen" else [np.nan] * 3
        rows[name] = [*found["AUC"], *gap, found["AUC, malignant against benign"][0],
                      found["sensitivity at 0.5"][0], found["specificity at 0.5"][0]]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[
        "AUC", "low", "high", "gap", "from", "to", "lesions only", "sensitivity", "specificity"])  # fmt: skip


def official():
    """Return one row a model of the official split: AUC on all test pictures (low, high), with no twin seen, seen."""
    stored, rows = result(21)["official"], {}
    for name, found in stored.items():
        if name != "pictures":
            rows[name] = [*found["all"], *(found[which][0] for which in ("no twin seen", "twin seen",
                                                                        "malignant against benign"))]
    return pd.DataFrame.from_dict(rows, orient="index",
                                  columns=["AUC", "low", "high", "no twin", "twin seen", "lesions only"])


def masks():
    """Return one row a kind: share of Grad-CAM's heat inside the lesion beside what chance and other maps give."""
    return pd.DataFrame({kind: {name: value for name, value in found.items() if name != "more"}
                         | dict(zip(("more", "from", "to"), found["more"], strict=True))
                         for kind, found in result(21)["masks"].items()}).T
