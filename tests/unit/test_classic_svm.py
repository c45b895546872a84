"""The support vector machines against scikit-learn's, against their own optimality conditions, and on hard ground."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, make_blobs, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.svm import LinearSVC as PenalisedIntercept

from course.classic import KernelSVM, LinearSVM, smo
from course.classic.newton import primal_objective, primal_subgradient
from course.classic.svm import dual_objective

SEEDS = range(20)


def wdbc(seed):
    """400 patients drawn from the Wisconsin table, standardised; malignant = 1."""
    X, y = load_breast_cancer(return_X_y=True)
    some = np.random.default_rng(seed).permutation(len(y))[:400]
    return StandardScaler().fit_transform(X[some]), 1 - y[some]


def blobs(seed):
    return make_blobs(300, 3, centers=2, cluster_std=4, random_state=seed)


def far_blobs(seed):
    X, y = blobs(seed)
    return X + 1e4 * np.random.default_rng(seed).normal(size=3), y


def moons(seed):
    return make_moons(300, noise=0.25, random_state=seed)


def signs(y):
    return 2.0 * y - 1


def primal(machine, X, y):
    return primal_objective(machine.coef_[0], machine.intercept_[0], X, signs(y), machine.C)


def dual(machine, gamma):
    """The dual objective of a fitted SVC, from its support vectors alone."""
    options = {"linear": {}, "rbf": {"gamma": gamma}, "poly": {"gamma": gamma, "coef0": machine.coef0, "degree": 3}}
    X, beta = machine.support_vectors_, machine.dual_coef_[0]
    K = pairwise_kernels(X, metric=machine.kernel, **options[machine.kernel])
    return dual_objective(np.abs(beta), np.sign(beta), K)


# KernelSVM ---------------------------------------------------------------------------------------------------------

KERNELS = [
    (wdbc, {}),
    (wdbc, {"C": 10, "gamma": 0.01}),
    (wdbc, {"kernel": "poly", "coef0": 1.0}),
    (wdbc, {"kernel": "linear"}),
    (blobs, {}),
    (blobs, {"C": 10}),
    (blobs, {"kernel": "linear"}),
    (far_blobs, {"gamma": 0.02}),
    (moons, {}),
    (moons, {"C": 10, "gamma": 0.5}),
    (moons, {"kernel": "poly", "coef0": 1.0}),
    (moons, {"kernel": "linear", "C": 0.1}),
]


@pytest.mark.parametrize(("data", "options"), KERNELS)
def test_kernel_machine_agrees_with_svc(data, options):
    for seed in SEEDS:
        X, y = data(seed)
        ours, theirs = KernelSVM(**options).fit(X, y), SVC(**options, tol=1e-10, max_iter=10_000_000).fit(X, y)
        assert ours.dual_objective_ == pytest.approx(dual(theirs, ours.gamma_), rel=1e-4)
        assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-3)
        new = np.vstack([X, X + 0.1 * X.std(axis=0), X[::-1] * 0.5 + X * 0.5])
        assert np.mean(ours.predict(new) == theirs.predict(new)) >= 0.995


@pytest.mark.parametrize("options", [options for data, options in KERNELS if data is wdbc])
def test_kernel_machine_meets_the_kkt_conditions(options):
    X, y = wdbc(0)
    machine = KernelSVM(tol=1e-6, **options).fit(X, y)
    alpha = np.zeros(len(y))
    alpha[machine.support_] = machine.dual_coef_[0] * signs(y)[machine.support_]
    assert alpha.min() >= 0 and alpha.max() <= machine.C
    assert alpha @ signs(y) == pytest.approx(0, abs=1e-9)
    margins = signs(y) * machine.decision_function(X)
    assert (margins[alpha == 0] >= 1 - 1e-5).all()
    assert (margins[alpha == machine.C] <= 1 + 1e-5).all()
    free = (alpha > 0) & (alpha < machine.C)
    assert free.any()
    assert margins[free] == pytest.approx(1, abs=1e-5)


def test_dual_objective_attribute_is_the_dual_objective():
    X, y = wdbc(0)
    for kernel in ("linear", "poly", "rbf"):
        machine = KernelSVM(kernel=kernel).fit(X, y)
        K = pairwise_kernels(X, metric=kernel, **({} if kernel == "linear" else {"gamma": machine.gamma_}),
                             **({"coef0": 0.0, "degree": 3} if kernel == "poly" else {}))  # fmt: skip
        alpha = np.zeros(len(y))
        alpha[machine.support_] = np.abs(machine.dual_coef_[0])
        assert machine.dual_objective_ == pytest.approx(dual_objective(alpha, signs(y), K), rel=1e-9)


def test_intercept_without_free_vectors_is_the_midpoint():
    X, y = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]]), np.array([0, 0, 1, 1, 1])
    ours, theirs = KernelSVM(C=1e-3, kernel="linear").fit(X, y), SVC(C=1e-3, kernel="linear", tol=1e-10).fit(X, y)
    assert (np.abs(ours.dual_coef_) == ours.C).all()  # every support vector is at its bound
    assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-6)
    F = np.array([0.5, -0.25])
    assert smo.intercept(np.array([1.0, -1.0]), F, np.array([1.0, -1.0]), C=1.0) == pytest.approx(0.125)
    y = np.array([1.0, -1.0])
    assert smo.intercept(np.array([0.5, -1.0]), F, y, C=1.0) == 0.5  # the free one alone, not the mean of both


def test_rows_forgotten_and_computed_again_change_nothing(monkeypatch):
    X, y = moons(0)
    kept = KernelSVM(C=10).fit(X, y)
    monkeypatch.setattr("course.classic.svm.CACHE_BYTES", 0)
    forgotten = KernelSVM(C=10).fit(X, y)
    assert np.array_equal(kept.dual_coef_, forgotten.dual_coef_)
    monkeypatch.setattr("course.classic.svm.BLOCK_VALUES", 1000)
    assert forgotten.decision_function(X) == pytest.approx(kept.decision_function(X), abs=1e-12)


def test_equal_points_with_different_labels():
    X, y = np.repeat(np.arange(4.0)[:, np.newaxis], 5, axis=0), np.tile([0, 1, 0, 1, 1], 4)
    for kernel in ("linear", "rbf"):
        ours, theirs = KernelSVM(kernel=kernel).fit(X, y), SVC(kernel=kernel, tol=1e-10).fit(X, y)
        assert ours.dual_objective_ == pytest.approx(dual(theirs, ours.gamma_), rel=1e-4)


def test_numbers_for_gamma():
    X, y = wdbc(0)
    assert KernelSVM(gamma="auto").fit(X, y).gamma_ == 1 / X.shape[1]
    assert KernelSVM(gamma="scale").fit(X, y).gamma_ == pytest.approx(1 / (X.shape[1] * X.var()))
    assert KernelSVM(gamma="scale").fit(np.ones((4, 2)), [0, 1, 0, 1]).gamma_ == 1


# LinearSVM ---------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Solver terminated early")  # tol=1e-10 is beyond float32 on a few of the blobs
@pytest.mark.parametrize("data", [wdbc, blobs, far_blobs, moons])
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_linear_machine_reaches_the_primal_value_of_svc(data, C):
    for seed in SEEDS:
        X, y = data(seed)
        # counted from the mean: the optimum is the same, and LIBSVM, whose kernel values are float32, can find it
        theirs = SVC(kernel="linear", C=C, tol=1e-10, max_iter=2_000_000).fit(X - X.mean(axis=0), y)
        ours = LinearSVM(C=C).fit(X, y)
        assert primal(ours, X, y) == pytest.approx(primal(theirs, X - X.mean(axis=0), y), rel=1e-3)
        assert ours.objective_[-1] == pytest.approx(primal(ours, X, y), rel=1e-6)
        assert ours.dual_objective_ <= primal(theirs, X - X.mean(axis=0), y) * (1 + 1e-9)  # a true lower bound


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_machine_on_badly_scaled_features(seed):
    X, y = wdbc(seed)
    X = X * 10.0 ** np.random.default_rng(seed).uniform(-2, 2, X.shape[1])
    theirs, ours = SVC(kernel="linear", C=0.01, tol=1e-10, max_iter=2_000_000), LinearSVM(C=0.01)
    assert theirs.fit(X, y).fit_status_ == 0
    assert primal(ours.fit(X, y), X, y) == pytest.approx(primal(theirs, X, y), rel=1e-3)
    hard = LinearSVM(C=10).fit(X, y)  # here LIBSVM needs many millions of steps; our own bound is the witness
    assert primal(hard, X, y) - hard.dual_objective_ <= 1.01e-4 * primal(hard, X, y)


def test_linear_machine_on_the_raw_table():
    X, y = load_breast_cancer(return_X_y=True)
    for C in (1e-3, 1.0, 1e3):
        machine = LinearSVM(C=C).fit(X, y)
        assert primal(machine, X, y) - machine.dual_objective_ <= 1.01e-4 * primal(machine, X, y)


def test_unregularised_intercept_is_the_difference_to_linear_svc():
    X, y = make_blobs(200, 2, centers=2, cluster_std=3, random_state=1)
    X = X + 20
    penalised = PenalisedIntercept(C=0.01, loss="hinge", tol=1e-8, max_iter=1_000_000, random_state=0).fit(X, y)
    free = LinearSVM(C=0.01).fit(X, y)
    assert primal(penalised, X, y) > 1.01 * primal(free, X, y)


def test_linear_machine_is_deterministic_and_keeps_its_history():
    X, y = wdbc(3)
    first, second = LinearSVM().fit(X, y), LinearSVM().fit(X, y)
    assert np.array_equal(first.coef_, second.coef_) and np.array_equal(first.intercept_, second.intercept_)
    assert len(first.objective_) == first.n_iter_ + 1
    assert first.objective_[0] == pytest.approx(len(y))  # w = 0, b = 0: the hinge of every sample is 1
    assert first.objective_[-1] < first.objective_[0] / 10


def test_more_features_than_samples():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3000)), rng.integers(0, 2, 40)
    ours, theirs = LinearSVM().fit(X, y), SVC(kernel="linear", tol=1e-10).fit(X, y)
    assert ours.coef_.shape == (1, 3000)
    assert primal(ours, X, y) == pytest.approx(primal(theirs, X, y), rel=1e-3)


@pytest.mark.parametrize("machine", [LinearSVM(), KernelSVM(kernel="linear"), KernelSVM(gamma=0.02)], ids=repr)
def test_moving_the_origin_changes_nothing(machine):
    X, y = blobs(0)
    X = np.round(X * 2**10) / 2**10  # numbers to which 2^20 can be added without rounding
    near, far = clone(machine).fit(X, y), clone(machine).fit(X + 2**20, y)
    assert far.decision_function(X + 2**20) == pytest.approx(near.decision_function(X), abs=1e-3)
    assert np.array_equal(far.predict(X + 2**20), near.predict(X))


def test_bound_holds_where_nothing_can_be_told_apart():
    X, y = np.zeros((4, 2)), [0, 1, 1, 1]  # best: w = 0, b = 1, and the one sample of the other class costs 2
    machine = LinearSVM().fit(X, y)
    assert machine.dual_objective_ <= 2 * (1 + 1e-6) and machine.objective_[-1] >= 2
    assert machine.objective_[-1] == pytest.approx(2, rel=1e-3)


def test_subgradient_is_the_slope_where_there_is_one():
    X, y = wdbc(0)
    rng = np.random.default_rng(0)
    w, b, C = rng.normal(size=30), 0.3, 2.0
    by_w, by_b = primal_subgradient(w, b, X, signs(y), C)
    h = 1e-6
    for k, along in enumerate(np.eye(30)):
        rise = primal_objective(w + h * along, b, X, signs(y), C) - primal_objective(w - h * along, b, X, signs(y), C)
        assert by_w[k] == pytest.approx(rise / (2 * h), rel=1e-6, abs=1e-5)
    rise = primal_objective(w, b + h, X, signs(y), C) - primal_objective(w, b - h, X, signs(y), C)
    assert by_b == pytest.approx(rise / (2 * h), rel=1e-6, abs=1e-5)


def test_both_machines_find_the_same_plane():
    X, y = wdbc(0)
    linear, kernel = LinearSVM(tol=1e-8).fit(X, y), KernelSVM(kernel="linear", tol=1e-8).fit(X, y)
    assert linear.objective_[-1] == pytest.approx(kernel.dual_objective_, rel=1e-6)  # strong duality
    assert linear.decision_function(X) == pytest.approx(kernel.decision_function(X), abs=1e-3)


@pytest.mark.parametrize("machine", [LinearSVM(max_iter=3), KernelSVM(max_iter=3)])
def test_too_few_steps_warn(machine):
    X, y = wdbc(0)
    with pytest.warns(ConvergenceWarning, match="did not converge in 3 steps"):
        machine.fit(X, y)
    assert machine.n_iter_ == 3
    assert machine.predict(X).shape == y.shape
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        machine.set_params(max_iter=10_000).fit(X, y)


def test_no_warning_at_the_optimum():
    """The dual value of a later, sharper rounding may be worse: the best one is the proof."""
    X = np.random.default_rng(0).normal(size=(20, 2))
    y = [0] * 15 + [1] * 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        machine = LinearSVM(C=0.1).fit(X, y)
    library = SVC(kernel="linear", C=0.1, tol=1e-10).fit(X, y)
    signs = 2.0 * np.array(y) - 1
    lowest = primal_objective(library.coef_[0], library.intercept_[0], X, signs, 0.1)
    assert machine.objective_[-1] == pytest.approx(lowest, rel=1e-4)
    assert machine.dual_objective_ <= lowest <= machine.objective_[-1] + 1e-9


@pytest.mark.parametrize("C", [0.01, 0.1, 1.0, 10.0])
def test_random_labels_converge_without_a_warning_and_are_bounded_from_below(C):
    for seed in range(30):
        rng = np.random.default_rng(seed)
        n, d = int(rng.integers(8, 60)), int(rng.integers(1, 6))
        X, y = rng.normal(size=(n, d)), np.r_[0, 1, rng.integers(0, 2, n - 2)]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            machine = LinearSVM(C=C).fit(X, y)
        plane = primal_objective(machine.coef_[0], machine.intercept_[0], X, 2.0 * y - 1, C)
        assert plane == pytest.approx(machine.objective_[-1], rel=1e-9)
        assert plane == pytest.approx(machine.objective_.min(), rel=1e-9)
        assert machine.dual_objective_ <= plane * (1 + 1e-12)


def test_a_tolerance_that_asks_for_nothing_learns_nothing():
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), [0, 0, 1, 1]
    machine = KernelSVM(tol=3).fit(X, y)
    assert len(machine.support_) == 0 and (machine.decision_function(X) == 0).all()
    assert machine.predict(X).tolist() == [0, 0, 0, 0]


def test_exactly_as_many_steps_as_are_needed_are_enough():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(40, 2)), rng.integers(0, 2, 40)
    needed = KernelSVM().fit(X, y).n_iter_
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert KernelSVM(max_iter=needed).fit(X, y).n_iter_ == needed
    with pytest.warns(ConvergenceWarning):
        KernelSVM(max_iter=needed - 1).fit(X, y)
