"""What the checker of exercise 12.2 needs: patients in folds, a model in which each leak shows, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def ridge(X, y):
    """Train on X (n, d), y (n,); return the function that gives scores of new patients.

    Its line goes through the origin and its weights are held small: another mean or deviation gives other scores.
    """
    X, signs = np.asarray(X), 2 * np.asarray(y) - 1
    weights = np.linalg.solve(X.T @ X + 3 * np.eye(X.shape[1]), X.T @ signs)
    return lambda new: np.asarray(new) @ weights


def cases():
    every = []
    for seed, (n, d, numbers) in enumerate([
        (30, 3, range(5)), (25, 4, range(1, 6)), (24, 1, (12, 3, 7)), (33, 2, range(10)), (7, 2, (4, 1, 2, 6, 5, 3, 7)),
    ]):  # fmt: skip
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.arange(n) % 2)
        X = (rng.standard_t(3, size=(n, d)) + 0.8 * y[:, None]) * 10.0 ** rng.integers(-1, 3, d) + 5
        folds = np.resize(numbers, n)
        every.append(Case(X, y, rng.permutation(folds), ridge, note=f"{len(numbers)} folds of {n} patients"))
    whole = Case(rng.integers(0, 256, (14, 2)), np.arange(14) % 2, np.array([5] * 6 + [0] * 7 + [9]), ridge,
                 note="whole numbers, three folds one after the other, the last with one patient")  # fmt: skip
    return [*every, whole]


def by_library(X, y, folds, fit):
    from sklearn.linear_model import RidgeClassifier
    from sklearn.model_selection import PredefinedSplit, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), RidgeClassifier(alpha=3, fit_intercept=False))
    return cross_val_predict(model, X, y, cv=PredefinedSplit(folds), method="decision_function")


def _by_hand(trained="rest", seen=("rest", "rest"), new=None, axis=0, ddof=0, numbers=np.unique):
    """Out-of-fold scores with something changed.

    trained: whom the model sees; seen, new: of whom are the mean and the deviation that the training patients and the
    new ones are standardised by ("rest", "fold", "all", or None: left out); new=None: the same.
    """
    def wrong(X, y, folds, fit):
        scores = np.zeros(len(y))
        for k in numbers(folds):
            rows = {"rest": folds != k, "fold": folds == k, "all": np.full(len(y), True)}

            def standardised(who, by, rows=rows):
                mean = X[rows[by[0]]].mean(axis=axis) if by[0] else 0
                deviation = X[rows[by[1]]].std(axis=axis, ddof=ddof) if by[1] else 1
                return (X[rows[who]] - mean) / deviation

            score = fit(standardised(trained, seen), y[rows[trained]])
            scores[rows["fold"]] = score(standardised("fold", new or seen))
        return scores
    return wrong


def _fold_after_fold(X, y, folds, fit):
    return _by_hand()(X, y, folds, fit)[np.argsort(folds, kind="stable")]


MISTAKES = mistakes(
    ("The scaler saw everybody: mean, deviation or both come from all patients, those of the fold included. Take them "
     "from the training patients of each round, inside the loop.", *(
         _by_hand(seen=seen) for seen in (("all", "all"), ("all", "rest"), ("all", None), ("rest", "all"),
                                          (None, "all")))),
    ("The scaler saw the tested fold: mean, deviation or both come from it. Take them from the training patients, "
     "folds != k.", *(_by_hand(seen=seen) for seen in (("fold", "fold"), ("fold", "rest"), ("rest", "fold")))),
    ("The tested patients are standardised by their own mean and deviation. In practice one patient comes at a time "
     "and has none: use those of the training patients.", _by_hand(new=("fold", "fold"))),
    ("The training patients are standardised by their own numbers, the tested ones by those of all patients. Use one "
     "mean and one deviation for both.", _by_hand(new=("all", "all"))),
    ("The training patients are standardised, the tested ones are not. Both need it, by the same numbers.",
     _by_hand(new=(None, None))),
    ("The tested patients are standardised, the training ones are not. Both need it, by the same numbers.",
     _by_hand(seen=(None, None), new=("rest", "rest"))),
    ("Nothing is standardised.", _by_hand(seen=(None, None))),
    ("The mean is subtracted, but nothing is divided by the deviation.", _by_hand(seen=("rest", None))),
    ("All is divided by the deviation, but the mean is not subtracted.", _by_hand(seen=(None, "rest"))),
    ("The deviation divides by n - 1 here, as pandas does. NumPy's std and scikit-learn divide by n.",
     _by_hand(ddof=1)),
    ("One mean and one deviation for the whole table: axis=0 gives one for each column.", _by_hand(axis=None)),
    ("The model was trained on all patients, so it knows those it is tested on. Leave the fold out: folds != k.",
     _by_hand(trained="all"), _by_hand(trained="all", seen=("all", "all"))),
    ("The model was trained on the fold and tested on the same. Train on folds != k.",
     _by_hand(trained="fold"), _by_hand(trained="fold", seen=("fold", "fold"))),
    ("Only one fold was judged, all other scores are 0. Is `return` inside the loop?",
     _by_hand(numbers=lambda folds: np.unique(folds)[:1])),
    ("Some folds are never judged. They may have any numbers: `for k in np.unique(folds)`.",
     _by_hand(numbers=lambda folds: range(len(np.unique(folds)))), _by_hand(numbers=lambda folds: range(max(folds))),
     _by_hand(numbers=lambda folds: range(1, max(folds) + 1))),
    ("The scores stand fold after fold, not patient after patient. Write them to their places: "
     "scores[folds == k] = ...", _fold_after_fold),
)  # fmt: skip
