"""Does a 95 % interval enclose the truth in 95 of 100 studies? Simulated studies whose truth is known.

Scores are normal: a benign picture's has mean 0, a malignant one's a distance further up, both a standard deviation of
1. In the last case each patient has PICTURES pictures, which share nearly all that is chance.
"""

import numpy as np
from scipy.special import bdtr, ndtr, ndtri

from course.evaluation import clustered, intervals, metrics
from course.reproduce import behaviour

STUDIES, RESAMPLES = 1000, 400  # studies of a case; resamples of a bootstrap
PICTURES, ALIKE = 4, 0.95  # pictures a patient; the part of their variance that a patient's pictures share
CUT = 1.0  # of the clustered pictures, called malignant from this score on


def fingerprint():
    """What the stored coverage depends on: the ends of each interval for one study, few studies, the settings."""
    rng, labels, patients = np.random.default_rng(0), np.repeat([1, 0], 12), np.repeat(np.arange(12), 2)
    a, b = rng.normal(size=(2, 24)) + labels
    paired = intervals.mcnemar(labels, (a > 0).astype(int), (b > 0).astype(int))
    made = [intervals.wilson(38, 42), intervals.delong(labels, a), intervals.delong_difference(labels, a, b)[0],
            paired.difference, [paired.p_value], intervals.bootstrap(metrics.auc, labels, a, patients, 20),
            clustered.auc(labels, a, patients), clustered.share(a > 0, patients)]
    few = {name: behaviour.numbers(case(name, 2, 20).values()) for name in CASES}
    return {"intervals": [behaviour.numbers(one) for one in made], "studies": few,
            "settings": [STUDIES, RESAMPLES, PICTURES, ALIKE, CUT]}


def run(parts):
    """Return {case: {method: share of the studies whose interval enclosed the truth}}."""
    found = fingerprint()
    return {name: parts.get(f"coverage, {name}", {**found, "studies": found["studies"][name]},
                            lambda name=name: case(name, STUDIES, RESAMPLES)) for name in CASES}


def case(name, studies, resamples=RESAMPLES):
    """Return {method: share of intervals that enclosed the truth} of one of CASES."""
    work, *arguments = CASES[name]
    return {method: round(float(share), 4) for method, share in work(studies, resamples, *arguments).items()}


def shares(studies, resamples, n, p):
    """Exact, by adding up the binomial distribution: Wilson's interval, and p +- 1.96 standard errors."""
    k = np.arange(n + 1)
    likely = np.diff(bdtr(k, n, p), prepend=0)
    ends = np.array([intervals.wilson(one, n) for one in k])
    error = 1.959964 * np.sqrt(ends[:, 0] * (1 - ends[:, 0]) / n)
    return {"Wilson": likely @ enclosed(p, ends[:, 1], ends[:, 2]),
            "1.96 standard errors": likely @ enclosed(p, ends[:, 0] - error, ends[:, 0] + error)}


def areas(studies, resamples, malignant, benign, area, resampled=False):
    """The AUC of one picture a patient: DeLong's interval (of five times as many studies), the percentile bootstrap."""
    labels, apart = np.repeat([1, 0], [malignant, benign]), np.sqrt(2) * ndtri(area)
    hits = {"DeLong": []}
    for study in range(5 * studies):
        scores = np.random.default_rng(study).normal(size=len(labels)) + apart * labels
        hits["DeLong"].append(_hit(area, intervals.delong(labels, scores)))
        if resampled and study < studies:
            hits.setdefault("bootstrap", []).append(_hit(area, _drawn(labels, scores, None, resamples)))
    return _means(hits)


def differences(studies, resamples, malignant, benign, area_a, area_b, together=0.6):
    """Two models on the same pictures, their scores correlated: paired DeLong, and what ignores the pairing."""
    labels, hits = np.repeat([1, 0], [malignant, benign]), {"paired DeLong": [], "as if on other patients": []}
    for study in range(5 * studies):
        common, *own = np.random.default_rng(study).normal(size=(3, len(labels)))
        a, b = (np.sqrt(together) * common + np.sqrt(1 - together) * one + np.sqrt(2) * ndtri(area) * labels
                for one, area in zip(own, (area_a, area_b), strict=True))
        paired = intervals.delong_difference(labels, a, b)[0]
        hits["paired DeLong"].append(_hit(area_a - area_b, paired))
        spread = np.hypot(*(_half_width(labels, scores) for scores in (a, b)))
        hits["as if on other patients"].append(abs(paired.estimate - area_a + area_b) <= spread)
    return _means(hits)


def _half_width(labels, scores):
    """1.96 standard errors of an AUC, from DeLong's variance."""
    return 1.959964 * np.sqrt(intervals._variance(*intervals._placements(labels, scores)))


def decisions(studies, resamples, n, only_a, only_b):
    """Paired decisions: how often the interval encloses the difference; how often the test calls equals different."""
    hits = {"paired interval": [], "McNemar says different": []}
    for study in range(5 * studies):
        kinds = np.random.default_rng(study).choice(3, size=n, p=[only_a, only_b, 1 - only_a - only_b])
        found = intervals.mcnemar(np.ones(n, int), (kinds != 1).astype(int), (kinds != 0).astype(int))
        hits["paired interval"].append(_hit(only_a - only_b, found.difference))
        hits["McNemar says different"].append(found.p_value < 0.05)
    return _means(hits)


def clusters(studies, resamples, malignant, benign, area):
    """Several pictures a patient: intervals that take pictures for patients, and intervals by patient."""
    apart = np.sqrt(2) * ndtri(area)
    found, patients = ndtr(apart - CUT), np.repeat(np.arange(malignant + benign), PICTURES)
    labels = (patients < malignant).astype(int)
    hits = {}
    for study in range(studies):
        rng = np.random.default_rng(study)
        chance = np.sqrt(ALIKE) * rng.normal(size=malignant + benign)[patients]
        scores = apart * labels + chance + np.sqrt(1 - ALIKE) * rng.normal(size=len(labels))
        called, own = scores[labels == 1] >= CUT, patients[labels == 1]
        made = {"AUC, DeLong over pictures": (area, intervals.delong(labels, scores)),
                "AUC, DeLong by patient": (area, clustered.auc(labels, scores, patients)),
                "sensitivity, Wilson over pictures": (found, intervals.wilson(called.sum(), len(called))),
                "sensitivity, Wilson by patient": (found, clustered.share(called, own))}
        if 2 * study < studies:  # the slow ones
            made |= {"AUC, bootstrap over pictures": (area, _drawn(labels, scores, None, resamples)),
                     "AUC, bootstrap by patient": (area, _drawn(labels, scores, patients, resamples))}
        for name, (truth, interval) in made.items():
            hits.setdefault(name, []).append(_hit(truth, interval))
    return _means(hits)


def _drawn(labels, scores, groups, resamples):
    return intervals.bootstrap(metrics.auc, labels, scores, groups, resamples)


def enclosed(truth, low, high):
    """Return True where the truth lies in low to high, ends included; arrays in, arrays out."""
    return (np.asarray(low) <= truth + 1e-12) & (truth - 1e-12 <= np.asarray(high))


def _hit(truth, interval):
    return bool(enclosed(truth, interval.low, interval.high))


def _means(hits):
    return {name: np.mean(values) for name, values in hits.items()}


CASES = {
    "share 0.95 of 212": (shares, 212, 0.95), "share 0.9 of 42": (shares, 42, 0.9),
    "share 0.98 of 20": (shares, 20, 0.98),
    "AUC 0.96, 212 and 357": (areas, 212, 357, 0.96), "AUC 0.9, 42 and 114": (areas, 42, 114, 0.9, True),
    "AUC 0.99, 42 and 114": (areas, 42, 114, 0.99), "AUC 0.9, 10 and 50": (areas, 10, 50, 0.9, True),
    "AUC 0.99, 10 and 50": (areas, 10, 50, 0.99, True),
    "AUC 0.9 and 0.9, 42 and 114": (differences, 42, 114, 0.9, 0.9),
    "AUC 0.96 and 0.93, 212 and 357": (differences, 212, 357, 0.96, 0.93),
    "decisions on 42, alike": (decisions, 42, 0.08, 0.08), "decisions on 569, 0.03 apart": (decisions, 569, 0.05, 0.02),
    "four pictures a patient, 42 and 114": (clusters, 42, 114, 0.9),
}
