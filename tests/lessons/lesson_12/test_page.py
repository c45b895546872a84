"""Lesson 12's page: what its text says in numbers."""

from functools import partial

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

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
    assert wilson(42, 56)[2] < wilson(128, 128)[1], "away below at home"


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

    def svm(X, y):
        return LinearSVM(C=1.0).fit(X, y).decision_function

    fits = {"network": by_network, "neuron": partial(by_network, hidden=0), "bayes": by_bayes}
    for cut in (folds, np.random.default_rng(0).permutation(folds)):  # the second: the core page's
        right = {name: (out_of_fold(X, y, cut, fit) >= 0) == y for name, fit in fits.items()}
        theirs = (out_of_fold(X, y, cut, svm) >= 0) == y
        for name, ours in right.items():
            b, c = np.sum(theirs & ~ours), np.sum(ours & ~theirs)
            apart = abs(b - c) > 2 * (b + c) ** 0.5
            assert apart == (name == "bayes"), (name, b, c)
        assert np.sum(theirs) > np.sum(right["bayes"])


def test_choosing_inside_costs_a_few_patients_at_most():
    from course.classic import LinearSVM

    rows, y = table()
    X, prices = np.array([list(row.values()) for row in rows]), (0.001, 0.01, 0.1, 1)

    def by_svm(X, y, C):
        return LinearSVM(C=C).fit(X, y).decision_function

    def choosing(X, y):
        inner = np.arange(len(y)) % 3
        wrong = [np.sum((out_of_fold(X, y, inner, partial(by_svm, C=C)) >= 0) != y) for C in prices]
        return by_svm(X, y, prices[np.argmin(wrong)])

    folds = np.empty(len(y), int)
    for k, (_, test) in enumerate(StratifiedKFold(10, shuffle=True, random_state=0).split(X, y)):
        folds[test] = k
    best = min(np.sum((out_of_fold(X, y, folds, partial(by_svm, C=C)) >= 0) != y) for C in prices)
    assert 0 <= np.sum((out_of_fold(X, y, folds, choosing) >= 0) != y) - best <= 5


def test_no_dot_hides_another_and_the_picture_shows_the_folds_that_are_used():
    from PIL import ImageColor

    from course.plots import COLOURS
    from course.widgets.lesson_12 import CELL, LEFT, ROW, TOP, chance

    picture = folds_picture("none", 200)
    assert (picture == ImageColor.getrgb(COLOURS["malignant"])).all(axis=2).sum() > 10 * 30  # ten dots, 9 pixels wide
    dark = picture[TOP + 3 + ROW * np.arange(10)][:, LEFT + 1 + CELL * np.arange(100)]
    np.testing.assert_array_equal((dark != ImageColor.getrgb("#dddddd")).any(axis=2).argmax(axis=0), chance(200)[2])


def test_the_panel_draws_every_state():
    for leak in LEAKS:
        assert folds_picture(leak, 20).shape == folds_picture(leak, 2000).shape
