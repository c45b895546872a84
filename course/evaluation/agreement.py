"""Do readers agree, beyond what chance would give? Cohen's kappa for two, Fleiss's for several, with intervals."""

import numpy as np

from course import CourseError
from course.evaluation.intervals import Interval, _normal_quantile


def table(one, other):
    """Return (counts (k, k), categories) of labels (n,) of any kind: rows the first reader's, columns the second's."""
    one, other = np.asarray(one), np.asarray(other)
    if one.ndim != 1 or one.shape != other.shape or not len(one):
        raise CourseError(f"two readers must have judged the same cases, at least one, but there are {one.shape} and "
                          f"{other.shape} judgements.")
    names, places = np.unique(np.concatenate([one, other]), return_inverse=True)
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, tuple(places.reshape(2, -1)), 1)
    return counts, names


def cohen(counts, weights=None, level=0.95):
    """Return Cohen's kappa of two readers' table (k, k) with its large-sample interval.

    kappa = (p_o - p_e) / (1 - p_e): observed agreement beyond that of the margins. weights: None, every disagreement
    counts alike; "linear" or "quadratic": by its distance, for categories in their order. (Cohen, Educ Psychol Meas 20
    (1960) 37; variance of Fleiss, Cohen and Everitt, Psychol Bull 72 (1969) 323, by statsmodels.) With few cases, or
    kappa near 1, the interval is rough. CourseError where only one category was ever used: kappa is 0 / 0 then.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    kinds = {None: {}, "linear": {"wt": "linear"}, "quadratic": {"wt": "quadratic"}}
    if weights not in kinds:
        raise CourseError(f'weights = {weights!r}: choose None, "linear" or "quadratic".')
    counts = np.asarray(counts, float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any() or not counts.sum():
        raise CourseError(f"a table of two readers is square, with counts from 0 on, but its shape is {counts.shape}.")
    if len(np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))) < 2:
        raise CourseError("both readers used one category for every case: kappa is 0 / 0 and says nothing.")
    found = cohens_kappa(counts, **kinds[weights])
    half = _normal_quantile(level) * np.sqrt(found.var_kappa)
    return Interval(float(found.kappa), float(max(-1, found.kappa - half)), float(min(1, found.kappa + half)))


def fleiss(judgements, level=0.95, n_resamples=2000, seed=0):
    """Return Fleiss's kappa of judgements (cases, readers), labels of any kind, every case judged by all readers.

    The interval is the bootstrap's, over cases: other cases, the same readers. (Fleiss, Psychol Bull 76 (1971) 378.)
    """
    judgements = np.asarray(judgements)
    if judgements.ndim != 2 or min(judgements.shape) < 2:
        raise CourseError(f"there must be two or more cases, each judged by two or more readers: {judgements.shape}.")
    names = np.unique(judgements)
    if len(names) < 2:
        raise CourseError("one and the same category was used for every case: kappa is 0 / 0, it says nothing.")
    counts = (judgements[..., None] == names).sum(axis=1)
    rng = np.random.default_rng(seed)
    rows = rng.integers(len(counts), size=(n_resamples, len(counts)))
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = _fleiss(counts[rows])
    tail = (1 - level) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Interval(float(_fleiss(counts)), float(low), float(high))


def _fleiss(counts):
    """Kappa of counts (..., cases, categories), the same number of readers in each case."""
    readers = counts[..., 0, :].sum(axis=-1)[..., None]
    agreed = (np.sum(counts**2, axis=-1) - readers) / (readers * (readers - 1))
    shares = counts.mean(axis=-2) / readers
    chance = np.sum(shares**2, axis=-1)
    return (agreed.mean(axis=-1) - chance) / (1 - chance)
