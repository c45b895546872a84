"""The runs behind lesson 18: six ways to treat a rare class, on measured cells and on simulated patients.

Patients: all 357 benign, and 19 of the 212 malignant, drawn by lot; CUTS such lots, five folds each. A model is judged
by the benign patients of its fold and by every malignant patient who did not train it, those included that the lot left
out; classes are weighted as 19 to 357. Scores would fill megabytes: the measures of each cut are stored.
"""

import functools
from typing import NamedTuple

import numpy as np

from course.data import cytology
from course.evaluation import calibration, metrics
from course.reproduce import behaviour
from course.reproduce.lesson_14 import ten_and_area
from course.reproduce.store import exact, reproduce

CUTS, FOLDS, MALIGNANT = 20, 5, 19
REMEDIES = ("nothing", "oversampling", "undersampling", "SMOTE", "class weights", "clusters")
COLUMNS = {"ten features": tuple(range(10)), "four features": (1, 4, 8, 9)}  # four: neither size nor dents
SPECIFICITY = 0.9
SIMULATED = {"train": 20_000, "judge": 100_000, "features": 8, "share": 0.05, "seeds": 5}
BINS = 10


class Fitted(NamedTuple):
    """A trained remedy: two functions of X (n, d) that give risks (n,)."""

    risk: object  # as it comes
    corrected: object  # with the prior of all training patients put in
    each: object = None  # of clusters: the risks (k, n) of the k models


def main(only=None):
    """Run everything (some minutes of one core) or one part; write results/lesson_18.json."""
    steps = {"patients": patients, "simulated": simulated, "leak": leak}
    return reproduce(18, steps, fingerprint, only)


@functools.cache
def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {"drawing": behaviour.drawing(fields=1), "measuring": behaviour.measuring(), "remedies": _remedies(),
            "leak": [leaking(0, before) for before in (True, False)],
            "runs": [CUTS, FOLDS, MALIGNANT, SPECIFICITY, BINS],
            "columns": {name: list(columns) for name, columns in COLUMNS.items()}, "simulated": SIMULATED}


def _remedies():
    """What each remedy predicts for six simulated patients after 200 others."""
    X, y = simulate(400, 0, share=0.2)
    found = {}
    for name in REMEDIES:
        model = train(name, X[:200], y[:200], seed=0)
        found[name] = behaviour.numbers([*model.risk(X[200:206]), *model.corrected(X[200:206])])
    return found


def train(remedy, X, y, seed):
    """Train a logistic regression with one of REMEDIES; X (n, d), y (n,). Everything is learnt from these rows."""
    from imblearn.over_sampling import SMOTE, RandomOverSampler
    from imblearn.pipeline import make_pipeline
    from imblearn.under_sampling import RandomUnderSampler
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    if remedy == "clusters":
        return _clusters(X, y, seed)
    samplers = {"oversampling": RandomOverSampler, "undersampling": RandomUnderSampler, "SMOTE": SMOTE}
    sampler = samplers[remedy](random_state=seed) if remedy in samplers else "passthrough"
    logistic = LogisticRegression(class_weight="balanced" if remedy == "class weights" else None)
    model = make_pipeline(StandardScaler(), sampler, logistic).fit(X, y)
    share = y.mean()
    seen = share if remedy == "nothing" else 0.5  # the share of malignant patients as the loss saw it

    def risk(new):
        return model.predict_proba(new)[:, 1]

    return Fitted(risk, lambda new: calibration.correct_prior(risk(new), seen, share))


def _clusters(X, y, seed):
    """Cut the benign into as many clusters as there are benign for one malignant; a model for each; the mean risk."""
    from sklearn.cluster import KMeans
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler, share = StandardScaler().fit(X), y.mean()
    z = scaler.transform(X)
    number = round((y == 0).sum() / (y == 1).sum())
    cluster = KMeans(number, n_init=1, random_state=seed).fit_predict(z[y == 0])
    models, shares = [], []
    for k in range(number):
        rows = np.concatenate([np.flatnonzero(y == 0)[cluster == k], np.flatnonzero(y == 1)])
        models.append(LogisticRegression().fit(z[rows], y[rows]))
        shares.append(y[rows].mean())

    def risks(new):
        return [model.predict_proba(scaler.transform(new))[:, 1] for model in models]

    def corrected(new):
        each = zip(risks(new), shares, strict=True)
        return np.mean([calibration.correct_prior(risk, seen, share) for risk, seen in each], axis=0)

    return Fitted(lambda new: np.mean(risks(new), axis=0), corrected, risks)


def patients(parts):
    """Every remedy on the measured cells: {columns: {remedy: {measure: [one value a cut]}}}; features (10, 569)."""
    from joblib import Parallel, delayed

    key = {"drawing": behaviour.drawing(fields=1), "measuring": behaviour.measuring()}
    ten = parts.get("features", key, lambda: [exact(row) for row, _ in Parallel(2)(
        delayed(ten_and_area)(image) for image in cytology.load()[0])])
    X, y = np.array(ten), cytology.table()[1]
    key |= {name: fingerprint()[name] for name in ("remedies", "runs", "columns")}
    found = {}
    for name, columns in COLUMNS.items():
        cuts = [parts.get(f"{name}, cut {seed}", key, lambda c=columns, s=seed: one_cut(X[:, c], y, s))
                for seed in range(CUTS)]
        found[name] = {remedy: {measure: exact([cut[remedy][measure] for cut in cuts]) for measure in cuts[0][remedy]}
                       for remedy in REMEDIES}
    return found | {"features": [exact(column) for column in X.T]}


def one_cut(X, y, seed):
    """One lot of malignant patients, five folds: {remedy: {measure: mean over the folds}}."""
    from sklearn.model_selection import StratifiedKFold

    drawn = np.random.default_rng(seed).choice(np.flatnonzero(y == 1), MALIGNANT, replace=False)
    rows = np.concatenate([np.flatnonzero(y == 0), drawn])
    found = {remedy: [] for remedy in REMEDIES}
    for inner, outer in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(rows, y[rows]):
        training, benign = rows[inner], rows[outer][y[rows[outer]] == 0]
        judged = np.concatenate([benign, np.setdiff1d(np.flatnonzero(y == 1), training)])
        for remedy in REMEDIES:
            cut = threshold(remedy, X[training], y[training], seed)
            model = train(remedy, X[training], y[training], seed)
            found[remedy].append(judge(model, X[judged], y[judged], y[training].mean(), cut))
    return {remedy: {name: float(np.mean([fold[name] for fold in folds])) for name in folds[0]}
            for remedy, folds in found.items()}


def threshold(remedy, X, y, seed):
    """Return the cut that leaves SPECIFICITY of the benign training patients in peace, by folds among them."""
    from sklearn.model_selection import StratifiedKFold

    risks = np.empty(len(y))
    for inner, outer in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y):
        risks[outer] = train(remedy, X[inner], y[inner], seed).risk(X[outer])
    return np.quantile(risks[y == 0], SPECIFICITY)


def judge(model, X, y, share, cut):
    """Measure a model; classes are weighted so that a share `MALIGNANT in 376` of those judged is malignant."""
    from sklearn.metrics import average_precision_score

    prior = MALIGNANT / (MALIGNANT + (cytology.table()[1] == 0).sum())
    weights = np.where(y == 1, prior / (y == 1).sum(), (1 - prior) / (y == 0).sum())
    risk, corrected = model.risk(X), model.corrected(X)
    rates = {f"{one.__name__}, {name}": one(y, risk >= at) for one in (metrics.sensitivity, metrics.specificity)
             for name, at in (("cut 0.5", 0.5), ("cut at the share", share), ("chosen cut", cut))}
    return rates | {
        "AUC": metrics.auc(y, risk),
        "average precision": average_precision_score(y, risk, sample_weight=weights),
        "mean risk": float(weights @ risk), "Brier": calibration.brier(y, risk, weights),
        "corrected AUC": metrics.auc(y, corrected), "corrected mean risk": float(weights @ corrected),
        "corrected Brier": calibration.brier(y, corrected, weights),
    }


def simulate(n, seed, share=SIMULATED["share"], features=SIMULATED["features"]):
    """Draw n patients with a known truth: X (n, d) normal, P(malignant) logistic in X, `share` on average; X and y."""
    from scipy.optimize import brentq
    from scipy.special import expit

    slopes = np.linspace(0.2, 0.9, features)
    spread = np.random.default_rng(1234).normal(size=20_000) * np.linalg.norm(slopes)
    bias = brentq(lambda b: expit(b + spread).mean() - share, -20, 20)
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, features))
    return X, (rng.random(n) < expit(bias + X @ slopes)).astype(int)


def simulated(parts):
    """Every remedy on simulated patients, a seed at a time: {remedy: {"raw" or "corrected": {measure or curve}}}."""
    key = {name: fingerprint()[name] for name in ("remedies", "simulated", "runs")}
    seeds = range(SIMULATED["seeds"])
    return [parts.get(f"simulated, seed {seed}", key, lambda s=seed: _simulated(s)) for seed in seeds]


def _simulated(seed):
    X, y = simulate(SIMULATED["train"], seed)
    X_new, y_new = simulate(SIMULATED["judge"], 1000 + seed)
    found = {"share": float(y_new.mean())}
    for remedy in REMEDIES:
        model = train(remedy, X, y, seed)
        found[remedy] = {"raw": _measured(y_new, model.risk(X_new), 0.5 if remedy != "nothing" else y.mean()),
                         "corrected": _measured(y_new, model.corrected(X_new), y.mean())}
    return found


def _measured(y, risk, cut):
    slope, intercept = calibration.calibration_line(y, risk)
    curve = calibration.calibration_curve(y, risk, BINS)
    return {"AUC": metrics.auc(y, risk), "sensitivity": metrics.sensitivity(y, risk >= cut),
            "specificity": metrics.specificity(y, risk >= cut), "mean risk": float(risk.mean()),
            "Brier": calibration.brier(y, risk), "slope": slope, "intercept": intercept,
            "predicted": exact(curve.predicted), "observed": exact(curve.observed)}


def leak(parts):
    """AUC on pure noise, oversampled before the folds and inside: {"before" or "inside": [one value a seed]}."""
    return parts.get("leak", fingerprint()["leak"], lambda: {
        name: exact([leaking(seed, name == "before") for seed in range(CUTS)]) for name in ("before", "inside")})


def leaking(seed, before, patients=200, columns=20, malignant=20):
    """Cross-validate three neighbours on noise, oversampled before the folds or inside them; return the AUC."""
    from imblearn.over_sampling import RandomOverSampler
    from imblearn.pipeline import make_pipeline
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.neighbors import KNeighborsClassifier

    rng, sampler = np.random.default_rng(seed), RandomOverSampler(random_state=seed)
    X, y = rng.normal(size=(patients, columns)), np.arange(patients) < malignant
    neighbours = KNeighborsClassifier(3)
    if before:
        X, y = sampler.fit_resample(X, y)
    model = neighbours if before else make_pipeline(sampler, neighbours)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return metrics.auc(y, cross_val_predict(model, X, y, cv=folds, method="predict_proba")[:, 1])
