"""Lesson 15's pages: what their text says in numbers, and what the stored runs say."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from course import CourseError
from course.data import cytology
from course.evaluation import metrics
from course.evaluation.intervals import delong_difference
from course.nn import L2, SGD, Adam
from course.reproduce import arms_15, lesson_15, tables_15
from course.reproduce.store import result
from course.widgets import lesson_15 as drawn


@pytest.mark.parametrize(("degree", "strength"), [(12, 1e-4), (5, 0.1), (15, 100)])
def test_the_polynomial_is_scikit_learns_ridge(degree, strength):
    x, y = drawn.measured_points(50, 3)
    new = np.linspace(-1, 1, 9)
    ridge = Ridge(alpha=strength, solver="svd").fit(x[:, None] ** np.arange(1, degree + 1), y)
    np.testing.assert_allclose(drawn.fit_polynomial(x, y, degree, strength)(new),
                               ridge.predict(new[:, None] ** np.arange(1, degree + 1)), atol=1e-8)


def test_what_is_said_of_the_three_polynomials_and_of_the_question():
    (train, wild), calm, many = (drawn.errors(*state) for state in ((20, 12, 0), (20, 12, 0.01), (200, 12, 0)))
    assert wild > 10 * train and calm[1] < 0.5 and many[1] < 0.4
    training, validation = np.array([drawn.errors(20, 12, strength) for strength in drawn.STRENGTHS]).T
    assert (np.diff(training) > 0).all(), "the training error only rises with the strength"
    lowest = validation.argmin()
    assert 0 < lowest < len(validation) - 1 and validation[-1] > 2 * validation[lowest]


def test_the_gap_as_the_page_tells_it():
    found = tables_15.gap()
    assert list(found.index) == [20, 60, 200, 398]
    assert (found["training AUC"] > 0.99).all() and (np.diff(found["validation AUC"]) > 0).all()
    assert found.loc[20, "validation AUC"] < 0.7 and found.loc[398, "validation AUC"] > 0.78
    train, judged = (runs.mean(axis=0) for runs in tables_15.curves(398, 0))
    assert judged.argmin() + 1 == 4 and judged[-1] > judged[0] and train[-1] < 0.05
    order = tables_15.curves(398, 1)[1].mean(axis=0)[3:]
    assert np.ptp(order) < 0.04, "from epoch 4 on the AUC hardly moves while the loss rises"
    assert found.loc[398, "validation accuracy"] - found.loc[60, "validation accuracy"] < 0.01
    few, many = (tables_15.curves(n, 1)[1][:, -1] for n in (60, 398))
    assert few.max() > many.min(), "the dots of 60 and 398 mix"
    spread = found["highest AUC"] - found["lowest AUC"]
    assert spread[20] > 2 * spread[398]


def test_the_scores_are_of_all_patients_and_the_tables_follow_from_them():
    labels, found = cytology.table()[1], tables_15.ablation()
    assert list(found.index) == list(arms_15.ARMS)
    for arm, five in tables_15.scores().items():
        assert five.shape == (5, 569) and ((five >= 0) & (five <= 1)).all()
        assert [run["seed"] for run in result(15)["ablation"][arm]] == list(lesson_15.SEEDS)
        areas = [metrics.auc(labels, one) for one in five]
        assert found.loc[arm, "AUC"] == pytest.approx(np.mean(areas))
        assert found.loc[arm, "averaged"] == pytest.approx(metrics.auc(labels, five.mean(axis=0)))
    assert (found["from"][1:] < found["minus nothing"][1:]).all() and np.isnan(found.loc["nothing", "from"])


def test_few_of_many_patients_and_batches_that_use_everybody():
    labels = cytology.table()[1]
    rows = np.flatnonzero(cytology.split_of_patients() == "train")
    few, many = (lesson_15.some_of(rows, labels, n, 0) for n in (20, 200))
    assert set(few) <= set(many) <= set(rows) and (len(few), len(many)) == (20, 200)
    assert abs(labels[few].mean() - labels[rows].mean()) < 0.03
    drawn_rows = np.concatenate(list(arms_15.batches(rows, 0, 25)))
    assert sorted(drawn_rows) == sorted(rows)


def test_stopping_keeps_the_best_epoch_within_the_patience(monkeypatch):
    losses = iter([0.7, 0.6, 0.62, 0.65, 0.61, 0.5, *[0.4] * 6])

    class Model:
        epoch = 0

        def get_weights(self):
            return self.epoch

    model = Model()
    monkeypatch.setattr(arms_15, "network", lambda arm: model)
    monkeypatch.setattr(arms_15, "restart", lambda *a: None)
    monkeypatch.setattr(arms_15, "train", lambda model, *a: setattr(model, "epoch", model.epoch + 1))
    monkeypatch.setattr(arms_15, "scores_of", lambda *a: None)
    monkeypatch.setattr(arms_15, "measured", lambda *a: [next(losses)])
    x = labels = np.zeros(4)
    _, kept = arms_15.fit(arms_15.Arm(), 0, x, labels, np.arange(3), np.arange(1))
    assert kept == {"last": (12, 12), "best": (2, 2)}


def test_by_hand_on_the_core_page():
    w = np.array([3.0, 1.0, -3.0])
    np.testing.assert_allclose(w - 0.5 * 2 * 0.1 * w, 0.9 * w)
    np.testing.assert_allclose(np.array([4, -2, 1, 3]) * [1, 0, 1, 1] / 0.75, [5.33, 0, 1.33, 4], atol=0.01)
    plain, smaller = (arms_15.build(arms_15.ARMS[name]).count_params() for name in ("nothing", "smaller network"))
    assert plain > 100 * 398 and 17 < plain / smaller < 23


@pytest.mark.parametrize("factor", ["0.1", None, [0.1, 0.2], -1, np.nan, np.inf])
def test_a_factor_that_is_no_sensible_number_is_refused(factor):
    with pytest.raises(CourseError, match="at least 0 and finite"):
        L2(factor)


def test_adam_hides_the_factor_and_decay_beside_it_does_not():
    ends = {}
    for factor in (0.0001, 0.1):
        for kind in (SGD, Adam):
            w = np.array([1.0])
            kind(0.1).update([w], [2 * factor * w])
            ends[kind, factor] = w[0]
    assert ends[SGD, 0.0001] == pytest.approx(1 - 2e-5) and ends[SGD, 0.1] == pytest.approx(0.98)
    assert ends[Adam, 0.0001] == pytest.approx(0.9, abs=0.005) and ends[Adam, 0.1] == pytest.approx(0.9, abs=1e-4)


def test_l2_in_adam_pulls_weights_with_small_slopes_more_and_decay_all_alike():
    signs, left = np.random.default_rng(1).choice([-1, 1], (300, 500)), {}
    for decoupled in (True, False):
        w, adam = np.ones((2, 500)), Adam(0.01)
        for sign in signs:
            slope = sign * np.array([[1.0], [0.01]])
            w -= 0.01 * 0.1 * w * decoupled
            adam.update([w], [slope + 0.1 * w * (not decoupled)])
        left[decoupled] = w.mean(axis=1)
    np.testing.assert_allclose(left[True], (1 - 0.001)**300, atol=0.03)
    np.testing.assert_allclose(left[False], [(1 - 0.001)**300, 0], atol=0.03)


def test_a_smoothed_label_is_met_by_less_than_certainty():
    p = np.linspace(0.5, 0.999, 500)
    assert p[np.argmin(-0.95 * np.log(p) - 0.05 * np.log(1 - p))] == pytest.approx(0.95, abs=0.002)


def test_the_ablation_as_the_page_reads_it():
    found = tables_15.ablation()
    remedies = found.drop(index="nothing")
    assert list(remedies.index[remedies["from"] > 0]) == ["augmentation", "dropout"]
    assert not (remedies["to"] < 0).any() and remedies["minus nothing"].idxmax() == "augmentation"
    assert remedies.loc["dropout", "from"] < 0.01
    assert (found.loc[["nothing", "L1", "L2"], "training AUC"] > 0.995).all()
    saved = 1 - found["loss"] / found.loc["nothing", "loss"]
    assert (saved[["smaller network", "early stopping", "all together"]].between(0.3, 0.55)).all()
    assert (remedies.loc[["L1", "L2"], "to"] < 0.02).all() and (saved[["L1", "L2"]].between(0.05, 0.12)).all()
    assert found["training AUC"].idxmin() == "all together"
    assert found.loc["all together", "training AUC"] - found.loc["all together", "AUC"] < 0.03
    gained = found.loc["nothing", "averaged"] - found.loc["nothing", "AUC"]
    single = remedies["AUC"] - found.loc["nothing", "AUC"]
    assert single.index[single > gained + 0.005].tolist() == ["augmentation"]
    assert (found["sensitivity"] < 2 / 3).all()


def test_the_stricter_level_and_the_seeds_as_the_deeper_page_reads_them():
    labels, scores = cytology.table()[1], {arm: five.mean(axis=0) for arm, five in tables_15.scores().items()}
    low = {arm: delong_difference(labels, scores[arm], scores["nothing"], level=1 - 0.05 / 7)[0].low
           for arm in scores if arm != "nothing"}
    assert [arm for arm, value in low.items() if value > 0] == ["augmentation"]
    assert (tables_15.by_seed("augmentation")["from"] > 0).all()
    for arm in ("smaller network", "dropout", "early stopping"):
        above = (tables_15.by_seed(arm)["from"] > 0).sum()
        assert above < 5, arm
    smaller = tables_15.by_seed("smaller network")
    assert (smaller["to"] < 0).any() and smaller["minus nothing"].max() > 0.02
    kept = [epoch for run in result(15)["ablation"]["early stopping"] for epoch in run["epochs"]]
    assert max(kept) - min(kept) >= 3
    sure = {arm: tables_15.scores()[arm][0] for arm in ("nothing", "augmentation")}
    told, found = (np.mean(values[sure["nothing"] > 0.95]) for values in (sure["nothing"], labels))
    assert told - found > 0.1


def test_measuring_is_ahead_of_the_best_row():
    found = tables_15.beside("augmentation")
    assert (found.loc[["total nuclear area", "SVM on the ten measured features"], "from"] > 0).all()
    assert found.loc["majority", "accuracy"] == pytest.approx(0.627, abs=0.001)
