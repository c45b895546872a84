"""Lesson 10's page: what its text says in numbers."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from course.data.cytology import table
from course.widgets.lesson_10 import border_picture, moons, one_step

X = np.array([-3.0, -1.0, 1.0, 3.0])
Y = np.array([1, -1, -1, 1])
K = (np.outer(X, X) + 1) ** 2


def judged(gamma, C):
    """Support vectors, share right of its own points and of the others."""
    (x, y), (others, truth) = moons()
    svm = SVC(C=C, gamma=gamma).fit(x, y)
    return len(svm.support_), np.mean(svm.predict(x) == y), np.mean(svm.predict(others) == truth)


def test_the_four_patients_on_paper():
    phi = np.stack([X**2, np.sqrt(2) * X, np.ones(4)], axis=1)
    np.testing.assert_allclose(phi @ phi.T, K, atol=1e-12)
    assert np.sum(np.outer(Y, Y) * K) == 256 and 30 + 30 * 29 // 2 == 465
    alpha = np.full(4, 1 / 64)
    np.testing.assert_allclose(K @ (alpha * Y) - 1.25, X**2 / 4 - 1.25)
    assert alpha.sum() - 0.5 * (alpha * Y) @ K @ (alpha * Y) == 1 / 32
    first = one_step(K, Y, np.zeros(4), 1.0, 0, 1)
    np.testing.assert_allclose(first, [2 / 72, 2 / 72, 0, 0])
    np.testing.assert_allclose(one_step(K, Y, np.zeros(4), 0.01, 0, 1), [0.01, 0.01, 0, 0])
    assert np.exp(-0.5 * 5) == pytest.approx(0.08, abs=0.005)


def test_the_gap_between_the_problems_is_a_sum_of_terms_none_of_them_negative():
    rng, phi, C = np.random.default_rng(0), np.stack([X**2, np.sqrt(2) * X, np.ones(4)], axis=1), 0.7
    for _ in range(200):
        alpha = rng.uniform(0, C, 4)
        alpha[[1, 2]] *= alpha[[0, 3]].sum() / alpha[[1, 2]].sum()  # sum alpha y = 0
        alpha *= C / max(C, alpha.max())
        w, b = rng.normal(size=3), rng.normal()
        f = phi @ w + b
        hinge = np.maximum(0, 1 - Y * f)
        primal = 0.5 * w @ w + C * hinge.sum()
        dual = alpha.sum() - 0.5 * (alpha * Y) @ K @ (alpha * Y)
        brackets = C * hinge - alpha * (1 - Y * f)
        assert primal - dual == pytest.approx(0.5 * np.sum((w - (alpha * Y) @ phi) ** 2) + brackets.sum(), abs=1e-9)
        assert brackets.min() >= 0


def test_other_alphas_make_the_same_border():
    svm = SVC(C=1.0, kernel="poly", degree=2, gamma=1.0, coef0=1.0, tol=1e-10).fit(X[:, None], Y)
    new = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(svm.decision_function(new[:, None]), new**2 / 4 - 1.25, atol=1e-6)
    assert not np.allclose(np.abs(svm.dual_coef_[0]), 1 / 64) or len(svm.support_) < 4


def test_what_the_figure_and_the_panel_show():
    assert [tuple(round(100 * share) for share in judged(gamma, 1)[1:]) for gamma in (0.1, 1, 30)] == [
        (85, 84), (92, 90), (99, 87)]  # fmt: skip
    others = {gamma: judged(gamma, 1)[2] for gamma in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)}
    best = sorted(others, key=others.get)[-2:]
    assert sorted(best) == [3, 10] and all(round(100 * others[gamma]) == 92 for gamma in best)
    assert min(others, key=others.get) == 100 and judged(100, 1)[1] == 1
    supports = [judged(0.1, C)[0] for C in (0.01, 0.1, 1, 10, 100, 1000)]
    assert supports == sorted(supports, reverse=True) and (supports[0], supports[-1]) == (80, 22)


def test_leaving_out_a_support_vector_need_not_move_the_border():
    new = np.linspace(-4, 4, 9)
    assert 0.5 * np.sum(np.outer(Y, Y) * K) / 64**2 == 1 / 32  # no hinge: P, and D too
    for left in range(4):
        rest = np.arange(4) != left
        svm = SVC(C=1.0, kernel="poly", degree=2, gamma=1.0, coef0=1.0, tol=1e-10).fit(X[rest][:, None], Y[rest])
        same = np.allclose(svm.decision_function(new[:, None]), new**2 / 4 - 1.25, atol=1e-6)
        assert same == (left in (1, 2)), "only the inner two may go unnoticed"


def test_the_gap_closes_on_the_table():
    rows, malignant = table()
    columns = np.array([[row["mean radius"], row["mean texture"]] for row in rows])
    places, y = (columns - columns.mean(axis=0)) / columns.std(axis=0), np.where(malignant == 1, 1, -1)
    svm = SVC(C=1.0, gamma=0.5, tol=1e-10).fit(places, y)
    beta, kernel = np.zeros(len(y)), np.exp(-0.5 * ((places[:, None] - places) ** 2).sum(axis=2))
    beta[svm.support_] = svm.dual_coef_[0]
    dual = np.abs(beta).sum() - 0.5 * beta @ kernel @ beta
    hinge = np.maximum(0, 1 - y * (kernel @ beta + svm.intercept_[0])).sum()
    assert 0.5 * beta @ kernel @ beta + hinge - dual < 1e-7 * dual
    free = (np.abs(beta) > 0) & (np.abs(beta) < 1 - 1e-9)
    assert (len(svm.support_), free.sum()) == (156, 16)


def test_a_learnt_step_to_probability_saves_about_half_patient_by_patient():
    rows, malignant = table()
    thirty, labels = np.array([list(row.values()) for row in rows]), np.where(malignant == 1, 1, -1)
    share = np.mean(labels > 0)
    assert -share * np.log(share) - (1 - share) * np.log(1 - share) == pytest.approx(0.66, abs=0.005)
    learn, hold, y_learn, y_hold = train_test_split(thirty, labels, test_size=1 / 3, stratify=labels, random_state=0)
    for C in (0.1, 1, 100):
        machine = make_pipeline(StandardScaler(), SVC(C=C, gamma=0.03)).fit(learn, y_learn)
        raw = log_loss(y_hold, 1 / (1 + np.exp(-machine.decision_function(hold))))
        learnt = CalibratedClassifierCV(machine, ensemble=False).fit(learn, y_learn).predict_proba(hold)[:, 1]
        assert 0.35 < log_loss(y_hold, learnt) / raw < 0.6
        as_it_is = 1 / (1 + np.exp(-machine.decision_function(hold)))
        gain = np.log(np.where(y_hold > 0, learnt / as_it_is, (1 - learnt) / (1 - as_it_is)))
        assert gain.mean() > 3 * gain.std() / len(gain) ** 0.5, "the paired interval excludes 0 by far"


def test_the_panel_draws_at_both_ends():
    for pair in [(0.01, 0.01), (100, 1000), (0.01, 1000), (100, 0.01)]:
        picture = border_picture(*pair)
        assert picture.dtype == np.uint8 and picture.shape[2] == 3
