"""Tables of the stored run of lesson 24, computed from its scores when they are read."""

import functools

import numpy as np
import pandas as pd

from course.evaluation import metrics, within_folds
from course.evaluation.screening import enrichment
from course.reproduce.lesson_24 import (
    ANGLES,
    BITS,
    DEALINGS,
    KERNEL,
    PICTURE,
    SPLITS,
    SVM,
    TURNED,
    VOTE,
    data,
    fold_of,
    scaffold_names,
)
from course.reproduce.store import result

ATOMS = "number of atoms"  # a baseline: larger molecules score higher
THRESHOLDS = {VOTE: 0.5, SVM: 0.0, KERNEL: 0.0, PICTURE: 0.5}


def active():
    """Return 1 for each active molecule of the table: (1017,)."""
    return data()[1]


def scores(method, split):
    """Return a method's scores out of fold, in the first dealing: (1017,)."""
    if method == ATOMS:
        return np.array([mol.GetNumHeavyAtoms() for mol in data()[0].mols], float)
    stored = result(24)["pictures"][split] if method == PICTURE else result(24)["bits"][split][method]
    return np.array(stored["scores"])


def groups(split):
    """Return what is drawn in a bootstrap: molecules, or whole scaffolds: (1017,)."""
    return np.arange(len(active())) if split == "random" else np.array(scaffold_names())


@functools.cache
def methods():
    """Return one row a method: AUC in both splits and their difference with its interval, whole scaffolds drawn."""
    rows = {}
    for name in (ATOMS, VOTE, SVM, KERNEL, PICTURE):
        pair = [(scores(name, split), fold_of(split)) for split in SPLITS]
        gap = within_folds.difference(active(), *pair, groups("scaffold"))
        rows[name] = [*(within_folds.auc(active(), *one) for one in pair), *gap]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*SPLITS, "gap", "from", "to"])


def decisions(split):
    """Return one row a method: accuracy, sensitivity, specificity at the threshold fixed beforehand, in one split."""
    rows = {"majority: inactive": np.zeros(len(active()), int)}
    rows |= {name: (scores(name, split) >= cut).astype(int) for name, cut in THRESHOLDS.items()}
    measures = {"accuracy": metrics.accuracy, "sensitivity": metrics.sensitivity, "specificity": metrics.specificity}
    return pd.DataFrame({name: {way: of(active(), row) for way, row in rows.items()} for name, of in measures.items()})


def against(one, other, split):
    """Return AUC(one) - AUC(other) of two methods in one split: Interval, paired, molecules or scaffolds drawn."""
    pair = [(scores(name, split), fold_of(split)) for name in (one, other)]
    return within_folds.difference(active(), *pair, groups(split))


def dealings():
    """Return one row a fingerprint method: least and greatest AUC of the five dealings in each split."""
    rows = {name: [edge(result(24)["bits"][split][name]["aucs"]) for split in SPLITS for edge in (min, max)]
            for name in BITS}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"{split}, {word} of {DEALINGS}" for split in SPLITS
                                                                 for word in ("least", "most")])  # fmt: skip


def nearest(split):
    """Return each molecule's similarity to the most similar one that was trained on: (1017,)."""
    return np.array(result(24)["bits"][split]["nearest"])


def turned():
    """Return one row an angle: AUC of both picture networks, upright and trained on turned drawings."""
    stored = result(24)["turning"]
    return pd.DataFrame({name: stored[name]["aucs"] for name in (PICTURE, TURNED)}, index=list(ANGLES))


def changed(network=PICTURE):
    """Return at how many of the 11 other angles a network's verdict differs from that upright: (1017,)."""
    return np.array(result(24)["turning"][network]["changed"])


def side_effect():
    """Return one row a method for the made-up side effect, random split: accuracy, sensitivity, AUC."""
    harmful, fold = data()[2], fold_of("random")
    rows = {}
    for name, said, cut in (("majority: harmless", np.zeros(len(harmful)), 1),
                            (KERNEL, np.array(result(24)["bits"]["harmful"]), 0.0),
                            (PICTURE, np.array(result(24)["pictures"]["random"]["harmful"]), 0.5)):
        calls = (said >= cut).astype(int)
        rows[name] = [metrics.accuracy(harmful, calls), metrics.sensitivity(harmful, calls),
                      within_folds.auc(harmful, said, fold)]  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "sensitivity", "AUC"])


def screening(split, share=0.05, draws=200, seed=0):
    """Return one row a method: enrichment among the best 5 %, mean and spread over draws, where actives are rare.

    All inactive molecules stay, and of the active ones so many, by lot, that they are a `share` of all.
    """
    rng, yes, no = np.random.default_rng(seed), *(np.flatnonzero(active() == kind) for kind in (1, 0))
    few = round(share * len(no) / (1 - share))
    rows = [np.concatenate([no, rng.choice(yes, few, replace=False)]) for _ in range(draws)]
    found = {}
    for name in (ATOMS, VOTE, KERNEL, PICTURE):
        place = within_fold_rank(scores(name, split), fold_of(split))
        values = [enrichment(active()[some], place[some], few) for some in rows]
        found[name] = [np.mean(values), *np.quantile(values, [0.025, 0.975])]
    return pd.DataFrame.from_dict(found, orient="index", columns=["enrichment", "from", "to"])


def within_fold_rank(values, fold):
    """Return each score's rank within its fold, 0 to 1, so that folds with models of their own can be put together."""
    ranks = np.empty(len(values))
    for number in np.unique(fold):
        rows = fold == number
        ranks[rows] = pd.Series(values[rows]).rank(pct=True)
    return ranks


def logp_correlation():
    """Return the correlation of what is said of logP, out of fold, with Crippen's: mean of the folds, random split."""
    logp, fold = data()[3], fold_of("random")
    stored = {"ridge on bits": result(24)["bits"]["logP"], PICTURE: result(24)["pictures"]["random"]["logP"]}
    return pd.Series({name: np.mean([np.corrcoef(logp[fold == k], np.array(said)[fold == k])[0, 1] for k in set(fold)])
                      for name, said in stored.items()})  # fmt: skip
