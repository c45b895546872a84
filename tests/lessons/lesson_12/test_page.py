"""Lesson 12's page: what its text says in numbers."""

from functools import partial

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from course.data.cytology import table
from course.evaluation.intervals import wilson
from course.widgets.lesson_12 import DRAWS, LEAKS, folds_picture, judged, out_of_fold, small_network

TRUTH = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
SCORE = np.array([0.9, 0.8, 0.6, 0.3, 0.7, 0.4, 0.3, 0.2, 0.2, 0.1])


def test_ten_patients_on_paper():
    called = SCORE >= 0.5
    assert [np.sum((a == TRUTH) & (b == called)) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))] == [3, 1, 1, 5]
    assert 1 / (1 + np.exp(-1.5)) == pytest.approx(0.82, abs=0.005)
    pairs = SCORE[TRUTH == 1][:, None] - SCORE[TRUTH == 0]
    assert (np.sum(pairs < 0), np.sum(pairs == 0), pairs.size) == (3, 1, 24)
    assert roc_auc_score(TRUTH, SCORE) == pytest.approx(20.5 / 24)


def test_a_leak_by_choice_finds_disease_in_noise_and_the_scaler_s_hardly_any():
    shares = {(leak, columns): [judged(columns, leak, seed) for seed in range(DRAWS)]
              for leak in LEAKS for columns in (20, 50, 100, 200, 500, 1000, 2000)}
    for (leak, columns), found in shares.items():
        without = np.subtract(found, shares[LEAKS[0], columns])
        if leak == LEAKS[1]:
            assert np.abs(without).max() <= 0.05, "a patient or two, five at most"
            assert abs(without.mean()) < 0.015
        if leak == LEAKS[2] and columns >= 200:
            assert min(found) > 0.65 and np.mean(found) > 0.7
    assert np.mean(shares[LEAKS[2], 20]) - np.mean(shares[LEAKS[0], 20]) > 0.05
    assert 0.77 < np.mean(shares[LEAKS[2], 2000]) < 0.85
    assert abs(np.mean(shares[LEAKS[0], 2000]) - 0.5) < 0.05 and 0.3 < min(shares[LEAKS[0], 200]) < 0.5


def test_the_other_hospital_s_four_boxes_follow_from_what_was_published():
    tp, fp, fn, tn = 14, 9, 5, 28
    assert tp + fp + fn + tn == 56 and tp + tn == 42
    published = {"sensitivity": 0.737, "specificity": 0.757, "negative predictive value": 0.848}
    ours = {"sensitivity": tp / (tp + fn), "specificity": tn / (tn + fp), "negative predictive value": tn / (tn + fn)}
    assert ours == {name: pytest.approx(value, abs=0.0006) for name, value in published.items()}
    assert wilson(42, 56)[2] < wilson(569 - 13, 569)[1]


def test_the_svm_and_the_network_cannot_be_told_apart_and_naive_bayes_is_behind():
    from course.classic import GaussianNaiveBayes, LinearSVM

    rows, y = table()
    X, folds = np.array([list(row.values()) for row in rows]), np.arange(len(y)) % 10

    def by_network(X, y, hidden=8):
        network = small_network(X.shape[1], hidden)
        network.fit(X, y[:, None].astype(float), epochs=20)
        return lambda new: network.predict(new)[:, 0] - 0.5

    def by_bayes(X, y):
        model = GaussianNaiveBayes().fit(X, y)
        return lambda new: np.diff(model.predict_log_proba(new))[:, 0]

    fits = [lambda X, y: LinearSVM(C=0.1).fit(X, y).decision_function, by_network, partial(by_network, hidden=0),
            by_bayes]
    svm, network, neuron, bayes = (int(np.sum((out_of_fold(X, y, folds, fit) >= 0) != y)) for fit in fits)
    assert max(svm, network, neuron) - min(svm, network, neuron) <= 8 and svm < 22 and network < 24 and bayes > 28


def test_the_panel_draws_every_state():
    for leak in LEAKS:
        assert folds_picture(leak, 20).shape == folds_picture(leak, 2000).shape
