"""Tables of the stored runs of lesson 19, and the scores of lessons 14 and 15 that it judges."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from course.data import cytology
from course.evaluation.calibration import temperature
from course.reproduce import tables
from course.reproduce.lesson_14 import folds_of
from course.reproduce.lesson_19 import FIELDS, MODELS, WAYS
from course.reproduce.store import result

EDGE = 1e-7  # a probability of exactly 0 or 1, which float32 gives, has no logit
PLAIN = "nothing"  # lesson 15's small network without a remedy


def network():
    """Return (labels (569,), risks (569,)): lesson 14's repaired network, every patient out of fold."""
    return cytology.table()[1], tables.out_of_fold()[tables.NETWORK][0]


def small_network(arm=PLAIN, seed=0):
    """Return (labels (569,), risks (569,)) of an arm of lesson 15's ablation, out of fold."""
    return cytology.table()[1], np.array(result(15)["ablation"][arm][seed]["scores"])


def fields():
    """Return (labels, risks, patients), each (2276,): four fields a patient, out of fold by patient."""
    patients = np.repeat(np.arange(cytology.N_CASES), FIELDS)
    return cytology.table()[1][patients], np.array(result(19)["scores"]), patients


def logits(risks):
    """Return ln(p / (1 - p)) of risks (n,), those of exactly 0 or 1 taken for EDGE and 1 - EDGE."""
    return logit(np.clip(risks, EDGE, 1 - EDGE))


def cooled(labels, risks):
    """Return (risks divided by a temperature (n,), the temperatures), each learnt on the other folds' patients."""
    z, found, learnt = logits(risks), np.empty(len(labels)), []
    for inner, outer in folds_of(labels):
        learnt.append(temperature(labels[inner], z[inner]))
        found[outer] = expit(z[outer] / learnt[-1])
    return found, np.array(learnt)


def as_risks():
    """Return {model: risks (569,)} of lesson 14's models, all out of fold.

    Scores that are no probabilities become risks by a logistic regression of one column, learnt on the other folds.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    labels, found = cytology.table()[1], {}
    for name, (scores, cut) in tables.out_of_fold().items():
        found[name] = scores.copy()
        for inner, outer in folds_of(labels) if cut == 0 else ():
            model = make_pipeline(StandardScaler(), LogisticRegression()).fit(scores[inner, None], labels[inner])
            found[name][outer] = model.predict_proba(scores[outer, None])[:, 1]
    return found


def leak(kind="true"):
    """Return the AUC of each model by pictures and by patients, mean of five splits; kind: "true" or "lot".

    Rows: fields a patient and model. Last columns: by picture less by patient, lowest, mean and highest of the splits.
    """
    rows = {}
    for count, models in result(19)["split"][kind].items():
        for name in MODELS:
            picture, patient = (np.array(models[name][way]) for way in WAYS)
            gap = picture - patient
            rows[f"{count} fields", name] = [picture.mean(), patient.mean(), gap.min(), gap.mean(), gap.max()]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*WAYS, "lowest gap", "mean gap", "highest gap"])


def coverage(*names):
    """Return one row a case and method: the share of simulated studies whose 95 % interval enclosed the truth.

    names: the cases to show; all, without any.
    """
    stored = result(19)["coverage"]
    rows = {(case, method): share for case in names or stored for method, share in stored[case].items()}
    return pd.Series(rows, name="encloses").to_frame()
