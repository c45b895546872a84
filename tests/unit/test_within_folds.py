"""AUC of pairs within a fold, its interval and differences; enrichment."""

import numpy as np
import pytest

from course import CourseError
from course.evaluation import intervals, metrics, within_folds
from course.evaluation.screening import enrichment


def study(seed, n=150, folds=4):
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.4).astype(int)
    return labels, (rng.normal(size=n) + labels).round(1), rng.integers(0, folds, n)


def test_one_fold_is_the_auc():
    labels, scores, _ = study(0)
    assert within_folds.auc(labels, scores, np.zeros(150)) == pytest.approx(metrics.auc(labels, scores))


def test_pairs_of_one_fold_by_a_loop():
    labels, scores, fold = study(1)
    won = [1 if scores[i] > scores[j] else 0.5 if scores[i] == scores[j] else 0
           for i in np.flatnonzero(labels == 1) for j in np.flatnonzero(labels == 0) if fold[i] == fold[j]]
    assert within_folds.auc(labels, scores, fold) == pytest.approx(np.mean(won))


def test_a_shift_of_one_folds_scores_changes_nothing():
    labels, scores, fold = study(2)
    moved = scores + 5 * (fold == 1)
    assert within_folds.auc(labels, moved, fold) == pytest.approx(within_folds.auc(labels, scores, fold))
    assert abs(metrics.auc(labels, moved) - metrics.auc(labels, scores)) > 0.05


def test_intervals_are_near_delongs_where_each_case_is_its_own_group():
    labels, a, _ = study(3, 400)
    b, fold = a + np.random.default_rng(1).normal(0, 0.7, 400), np.zeros(400)
    ours, theirs = within_folds.interval(labels, a, fold), intervals.delong(labels, a)
    assert np.allclose(ours, theirs, atol=0.012)
    ours = within_folds.difference(labels, (a, fold), (b, fold))
    assert np.allclose(ours, intervals.delong_difference(labels, a, b)[0], atol=0.012)


def test_groups_of_copies_widen_the_interval():
    labels, scores, fold = study(4, 60)
    copies = [np.repeat(one, 4) for one in (labels, scores, fold)]
    alone, groups = within_folds.interval(*copies), within_folds.interval(*copies, np.repeat(np.arange(60), 4))
    assert alone.estimate == pytest.approx(groups.estimate) and np.ptp(groups[1:]) > 1.5 * np.ptp(alone[1:])


@pytest.mark.parametrize(("call", "words"), [
    (lambda: within_folds.auc([1, 0], [1, 2], [0, 1]), "no fold"),
    (lambda: within_folds.auc([1, 0], [1, 2], [0]), "equally many"),
    (lambda: within_folds.interval([1, 0], [1, 2], [0, 0], [1]), "group"),
    (lambda: within_folds.interval([1, 0], [1, 2], [0, 0]), "too few groups"),
    (lambda: enrichment([0, 0], [1, 2], 1), "one of them active"),
    (lambda: enrichment([1, 0], [1, 2], 3), "top from 1"),
])  # fmt: skip
def test_what_is_refused(call, words):
    with np.errstate(invalid="ignore"), pytest.raises(CourseError, match=words):
        call()


def test_enrichment_on_paper():
    labels, scores = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0], [0.2, 0.9, 0.8, 0.1, 0.3, 0.4, 0.5, 0.0, 0.7, 0.6]
    assert enrichment(labels, scores, 2) == pytest.approx(2.5) and enrichment(labels, scores, 10) == pytest.approx(1)
    assert enrichment(labels, np.zeros(10), 3) == pytest.approx(1), "all tie: by lot"
