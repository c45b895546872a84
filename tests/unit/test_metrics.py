"""The measures of a diagnosis against scikit-learn, and on input that has no answer."""

import numpy as np
import pytest
from sklearn import metrics as reference

from course import CourseError
from course.evaluation.metrics import (
    Counts,
    accuracy,
    auc,
    confusion_counts,
    halfway_below,
    predictive_values,
    roc_curve,
    sensitivity,
    specificity,
    threshold_for_sensitivity,
)


def study(seed, n=60, decimals=None):
    """Labels of both classes and scores that overlap; rounded scores have many ties."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    scores = rng.normal(size=n) + labels
    return labels, scores if decimals is None else scores.round(decimals)


STUDIES = [study(seed, n, decimals) for seed in range(5) for n in (5, 60) for decimals in (None, 1, 0)]


@pytest.mark.parametrize(("labels", "scores"), STUDIES)
def test_agrees_with_scikit_learn(labels, scores):
    decisions = scores >= 0.5
    tn, fp, fn, tp = reference.confusion_matrix(labels, decisions).ravel()
    assert confusion_counts(labels, decisions) == Counts(tp, fp, fn, tn)
    assert accuracy(labels, decisions) == pytest.approx(reference.accuracy_score(labels, decisions), abs=1e-12)
    assert sensitivity(labels, decisions) == pytest.approx(reference.recall_score(labels, decisions), abs=1e-12)
    benign_found = reference.recall_score(labels, decisions, pos_label=0)
    assert specificity(labels, decisions) == pytest.approx(benign_found, abs=1e-12)
    assert auc(labels, scores) == pytest.approx(reference.roc_auc_score(labels, scores), abs=1e-12)
    for ours, theirs in zip(
        roc_curve(labels, scores), reference.roc_curve(labels, scores, drop_intermediate=False), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_malignant_is_the_positive_class():
    labels, decisions = [1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0]
    assert confusion_counts(labels, decisions) == Counts(tp=2, fp=1, fn=1, tn=3)
    assert sensitivity(labels, decisions) == 2 / 3
    assert specificity(labels, decisions) == 3 / 4


def test_auc_at_its_ends_and_with_ties():
    assert auc([0, 0, 1, 1], [1, 2, 3, 4]) == 1
    assert auc([1, 1, 0, 0], [1, 2, 3, 4]) == 0
    assert auc([0, 1, 0, 1], [7, 7, 7, 7]) == 0.5
    assert auc([0, 1, 1], [1, 1, 2]) == 0.75


def test_logits_of_any_size_give_the_same_auc_as_their_ranks():
    labels, scores = study(3)
    assert auc(labels, scores * 1e300) == auc(labels, scores)


@pytest.mark.parametrize(("labels", "scores"), STUDIES)
@pytest.mark.parametrize("target", [1e-9, 0.3, 0.55, 0.9, 1.0])
def test_threshold_is_the_largest_that_reaches_the_target(labels, scores, target):
    threshold = threshold_for_sensitivity(labels, scores, target)
    assert sensitivity(labels, scores >= threshold) >= target
    larger = [candidate for candidate in scores if candidate > threshold]
    assert all(sensitivity(labels, scores >= candidate) < target for candidate in larger)


@pytest.mark.parametrize("k", range(1, 101))
def test_threshold_is_not_fooled_by_rounding(k):
    scores = np.arange(100, 0, -1)  # all malignant; k hundredths are reached by exactly k pictures
    assert threshold_for_sensitivity(np.ones(100), scores, k / 100) == scores[k - 1]


@pytest.mark.parametrize(("labels", "scores"), STUDIES)
@pytest.mark.parametrize("target", [0.3, 0.95, 1.0])
def test_halfway_decides_every_score_alike_and_lies_on_none(labels, scores, target):
    chosen = threshold_for_sensitivity(labels, scores, target)
    between = halfway_below(scores, chosen, lowest=-100)
    assert ((scores >= between) == (scores >= chosen)).all()
    assert np.abs(scores - between).min() > 1e-7


def test_halfway_does_not_split_what_a_last_digit_tells_apart():
    scores = [0.9, 0.5, 0.5 - 1e-8, 0.5 - 2e-8, 0.3]
    assert halfway_below(scores, 0.5) == pytest.approx(0.4, abs=1e-6)
    assert halfway_below([0.5, 0.9], 0.5) == 0.25  # no score is lower: half-way to the lowest probability
    assert halfway_below([1e-9, 1e-12], 1e-9) == pytest.approx(5.005e-10)  # small probabilities are told apart too
    assert halfway_below([0.0, 0.2], 0.0) == 0


def test_float32_scores_keep_the_promise_when_compared():
    labels, scores = study(1)
    scores = scores.astype(np.float32)
    assert sensitivity(labels, scores >= threshold_for_sensitivity(labels, scores, 1.0)) == 1


def test_columns_as_keras_returns_them_are_welcome():
    labels, scores = study(2)
    assert auc(labels.reshape(-1, 1), scores.reshape(-1, 1)) == auc(labels, scores)
    assert accuracy(labels == 1, scores > 0) == accuracy(labels.astype(np.float32), (scores > 0).astype(np.uint8))


@pytest.mark.parametrize(
    ("measure", "labels", "values", "sentence"),
    [
        (sensitivity, [0, 0], [0, 1], "at least one malignant picture"),
        (specificity, [1, 1], [0, 1], "at least one benign picture"),
        (auc, [0, 0], [0.1, 0.2], "at least one malignant picture"),
        (auc, [1, 1], [0.1, 0.2], "at least one benign picture"),
        (roc_curve, [1, 1], [0.1, 0.2], "at least one benign picture"),
        (auc, [0, 1], [0.1, np.nan], "number 1 .* is nan"),
        (auc, [0, 1], [np.inf, 0.2], "number 0 .* is inf"),
        (auc, [0, 1, 1], [0.1, 0.2], "as many scores as labels, but there are 2 and 3"),
        (accuracy, [0, 1, 1], [0, 1], "as many decisions as labels, but there are 2 and 3"),
        (auc, [], [], "no labels"),
        (accuracy, [0, 1], [0.2, 0.7], "decisions must be 0 .* Compare the scores with a threshold first"),
        (accuracy, [-1, 1], [0, 1], "labels must be 0 .* one of them is -1"),
        (accuracy, [0, np.nan], [0, 1], "labels must be 0 .* one of them is nan"),
        (accuracy, ["benign", "malignant"], [0, 1], "labels must be numbers"),
        (auc, [[0, 1], [1, 0]], [0.1, 0.2], r"shape \(n,\)"),
        (auc, [0, 1], ["a", "b"], "scores must be numbers"),
    ],
)
def test_input_without_an_answer_is_refused_with_a_sentence(measure, labels, values, sentence):
    with pytest.raises(CourseError, match=sentence):
        measure(labels, values)


@pytest.mark.parametrize("target", [0, -0.1, 1.01, np.nan])
def test_impossible_targets_are_refused(target):
    with pytest.raises(CourseError, match="sensitivity to reach"):
        threshold_for_sensitivity([0, 1], [0.1, 0.2], target)


@pytest.mark.parametrize("prevalence", [0.005, 0.05, 0.37, 0.9])
def test_predictive_values_are_shares_of_a_counted_crowd(prevalence):
    """A million people counted: of those called malignant, how many are?"""
    ill = round(1e6 * prevalence)
    tp, fp = round(0.9 * ill), round(0.2 * (1_000_000 - ill))
    fn, tn = ill - tp, 1_000_000 - ill - fp
    ppv, npv = predictive_values(0.9, 0.8, prevalence)
    assert ppv == pytest.approx(tp / (tp + fp), abs=1e-5) and npv == pytest.approx(tn / (tn + fn), abs=1e-5)


def test_predictive_values_where_nobody_is_called_so_and_of_no_share():
    ppv, npv = predictive_values(0, 1, 0.3)
    assert np.isnan(ppv) and npv == pytest.approx(0.7)
    assert predictive_values(1, 0, 0.3)[0] == pytest.approx(0.3)
    with pytest.raises(CourseError, match="prevalence is a share"):
        predictive_values(0.9, 0.8, 37)
