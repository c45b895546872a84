"""Agreement of readers against statsmodels, scikit-learn, worked examples, and simulation."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from course import CourseError
from course.evaluation import agreement


def readers(seed, n=200, kinds=4, copied=0.6):
    rng = np.random.default_rng(seed)
    one = rng.integers(0, kinds, n)
    return one, np.where(rng.random(n) < copied, one, rng.integers(0, kinds, n))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohen_is_scikit_learns(seed, weights):
    one, other = readers(seed)
    found = agreement.cohen(agreement.table(one, other)[0], weights)
    assert found.estimate == pytest.approx(cohen_kappa_score(one, other, weights=weights), abs=1e-12)
    assert found.low < found.estimate < found.high


def test_the_table_keeps_rows_for_the_first_reader_and_every_category():
    counts, names = agreement.table(["b", "b", "m"], ["b", "n", "b"])
    assert names.tolist() == ["b", "m", "n"] and counts.tolist() == [[1, 0, 1], [1, 0, 0], [0, 0, 0]]


def test_the_paradox_of_prevalence():
    even, rare = (agreement.cohen([[a, 5], [5, d]]) for a, d in ((45, 45), (2, 88)))
    assert even.estimate == pytest.approx(0.80) and rare.estimate == pytest.approx((0.9 - 0.8698) / 0.1302)


@pytest.mark.parametrize("seed", range(3))
def test_fleiss_is_statsmodels(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, (60, 1))
    judged = np.where(rng.random((60, 5)) < 0.7, truth, rng.integers(0, 3, (60, 5)))
    found = agreement.fleiss(judged)
    assert found.estimate == pytest.approx(fleiss_kappa(aggregate_raters(judged)[0]), abs=1e-12)
    assert found.low < found.estimate < found.high


def test_intervals_of_cohen_hold_the_truth_as_often_as_they_say():
    rng, held = np.random.default_rng(0), 0
    # two readers, sensitivity 0.85 and specificity 0.9 each, 40 % malignant
    p = np.array([[0.4 * 0.85**2 + 0.6 * 0.1**2, 0.4 * 0.85 * 0.15 + 0.6 * 0.1 * 0.9], [0, 0]])
    p[1] = p[0, 1], 0.4 * 0.15**2 + 0.6 * 0.9**2
    true = (np.trace(p) - p.sum(axis=0) @ p.sum(axis=1)) / (1 - p.sum(axis=0) @ p.sum(axis=1))
    for _ in range(600):
        found = agreement.cohen(rng.multinomial(120, p.ravel()).reshape(2, 2))
        held += found.low <= true <= found.high
    assert 0.925 < held / 600 < 0.975


@pytest.mark.parametrize(("call", "words"), [
    (lambda: agreement.table([1, 0], [1]), "same cases"), (lambda: agreement.table([], []), "at least one"),
    (lambda: agreement.cohen([[7, 0], [0, 0]]), "0 / 0"), (lambda: agreement.cohen([[1, 2, 3]]), "square"),
    (lambda: agreement.cohen([[1, 2], [3, 4]], "cubic"), "weights"),
    (lambda: agreement.fleiss([[1, 1], [1, 1]]), "0 / 0"), (lambda: agreement.fleiss([[1], [0]]), "two or more"),
])  # fmt: skip
def test_what_says_nothing_is_refused(call, words):
    with pytest.raises(CourseError, match=words):
        call()
