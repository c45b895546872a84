"""What scikit-learn asks of an estimator: its own checks, its kind of message, any two labels, pipelines."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from course.classic import GaussianNaiveBayes, KernelSVM, LinearSVM

# scikit-learn's checks use data around 100, where a cubic kernel is about 10^12 and no SMO converges: few steps suffice
POLY = KernelSVM(kernel="poly", max_iter=2000)
MODELS = [LinearSVM(), KernelSVM(), KernelSVM(kernel="linear"), POLY, GaussianNaiveBayes()]
X, Y = make_blobs(60, 2, centers=2, random_state=0)
EXPECTED_FAILURES = {}  # check -> reason; none so far
NOT_FOR_US = {"check_array_api_input"}  # runs only where SCIPY_ARRAY_API is set; nothing here claims the array API

each_model = pytest.mark.parametrize("model", MODELS, ids=repr)


@each_model
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore:KernelSVM did not converge in 2000 steps")
def test_scikit_learns_own_checks(model):
    results = check_estimator(model, expected_failed_checks=EXPECTED_FAILURES)
    assert len(results) > 40
    assert {result["check_name"] for result in results if result["status"] != "passed"} <= NOT_FOR_US


@each_model
@pytest.mark.parametrize(
    ("samples", "labels", "message"),
    [
        (np.where(X[0, 0] == X, np.nan, X), Y, "contains NaN"),
        (np.where(X[0, 0] == X, np.inf, X), Y, "contains infinity"),
        (X, np.ones(60), "number of classes has to be greater than one; got 1 class"),
        (X, Y[:-1], "inconsistent numbers of samples"),
        ([["a", "b"], ["c", "d"]], [0, 1], "could not convert string to float"),
        (np.empty((0, 2)), [], "0 sample"),
        (np.empty((60, 0)), Y, "0 feature"),
        (X[:, 0], Y, "Expected 2D array, got 1D array"),
        (X, X[:, 0], "Unknown label type"),
    ],
    ids=["NaN", "infinity", "one class", "lengths", "strings", "no samples", "no features", "1-D", "real labels"],
)
def test_impossible_data(model, samples, labels, message):
    with pytest.raises(ValueError, match=message):
        clone(model).fit(samples, labels)


@each_model
def test_wrong_number_of_features(model):
    fitted = clone(model).fit(X, Y)
    with pytest.raises(ValueError, match=r"X has 3 features, but .* is expecting 2 features"):
        fitted.predict(np.zeros((1, 3)))


@each_model
def test_not_fitted(model):
    with pytest.raises(NotFittedError):
        clone(model).predict(X)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"C": 0}, ValueError, "C == 0, must be > 0"),
        ({"C": -1.0}, ValueError, "C == -1.0, must be > 0"),
        ({"C": float("inf")}, ValueError, "C must be finite"),
        ({"C": float("nan")}, ValueError, "C must be finite"),
        ({"C": "1"}, TypeError, "C must be an instance of"),
        ({"tol": 0}, ValueError, "tol == 0, must be > 0"),
        ({"max_iter": 0}, ValueError, "max_iter == 0, must be >= 1"),
    ],
)
def test_impossible_options_of_both_machines(options, error, message):
    for machine in (LinearSVM(**options), KernelSVM(**options)):
        with pytest.raises(error, match=message):
            machine.fit(X, Y)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kernel": "gauss"}, ValueError, "kernel must be 'linear', 'poly' or 'rbf'. Got 'gauss' instead"),
        ({"gamma": "wide"}, ValueError, "gamma must be 'scale', 'auto' or a number > 0. Got 'wide' instead"),
        ({"gamma": 0.0}, ValueError, "gamma == 0.0, must be > 0"),
        ({"gamma": np.nan}, ValueError, "gamma must be finite. Got nan instead"),
        ({"gamma": np.inf}, ValueError, "gamma must be finite. Got inf instead"),
        ({"coef0": np.nan}, ValueError, "coef0 must be finite. Got nan instead"),
        ({"tol": np.nan}, ValueError, "tol must be a number > 0. Got nan instead"),
        ({"degree": 2.5}, TypeError, "degree must be an instance of"),
        ({"coef0": "1"}, TypeError, "coef0 must be an instance of"),
    ],
)
def test_impossible_options_of_the_kernel(options, error, message):
    with pytest.raises(error, match=message):
        KernelSVM(**options).fit(X, Y)


@pytest.mark.parametrize("machine", [LinearSVM(), KernelSVM()])
def test_three_classes_are_refused(machine):
    with pytest.raises(ValueError, match=r"Only binary classification is supported\. The type of the target is mult"):
        machine.fit(X, np.arange(60) % 3)


@each_model
@pytest.mark.parametrize("labels", [(0, 1), (-1, 1), (3, 7), (False, True), ("benign", "malignant"), (2.0, 5.0)])
def test_any_two_labels(model, labels):
    names = np.array(labels)
    fitted = clone(model).fit(X, names[Y])
    assert np.array_equal(fitted.classes_, names)
    assert np.array_equal(fitted.predict(X), names[clone(model).fit(X, Y).predict(X)])
    assert fitted.predict(X).dtype == names.dtype


@pytest.mark.parametrize("machine", [LinearSVM(), KernelSVM()])
def test_swapped_labels_turn_the_score_round(machine):
    scores = clone(machine).fit(X, Y).decision_function(X)
    assert clone(machine).fit(X, 1 - Y).decision_function(X) == pytest.approx(-scores, abs=1e-3)
    assert scores[Y == 1].mean() > scores[Y == 0].mean()


def test_pipelines_and_grids():
    table, diagnosis = load_breast_cancer(return_X_y=True)
    for model, least in ((LinearSVM(C=0.1), 0.965), (KernelSVM(C=10, gamma=0.01), 0.97), (GaussianNaiveBayes(), 0.92)):
        scores = cross_val_score(make_pipeline(StandardScaler(), model), table, diagnosis, cv=10)
        assert scores.mean() >= least
    search = GridSearchCV(KernelSVM(), {"C": [0.1, 1], "gamma": ["scale", 0.1]}, cv=3).fit(X, Y)
    assert search.best_params_["C"] in (0.1, 1)


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("course.classic", ("tensorflow", "matplotlib", "sklearn.datasets", "sklearn.svm")),
        ("course", ("sklearn", "course.classic")),
    ],
)
def test_import_is_light(package, unwanted):
    code = f"import sys, {package}; print([name for name in {unwanted} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
