"""What the checker of exercise 18.2 needs: patients in folds, a model that feels copies, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def near(X, y):
    """Train; return the function that scores new patients: how near they are to malignant ones, and to the mean.

    It feels every copy, through means and number, and a twin in training, whose distance is 0.
    """
    X, y = np.asarray(X, float), np.asarray(y)

    def score(new):
        new = np.asarray(new, float)
        apart = np.square(new[:, None] - X).sum(axis=-1)
        pull = (y / (0.01 + apart)).sum(axis=1) / (len(y) + 3)
        return pull + (new - X.mean(axis=0)).sum(axis=1) * y.mean()

    return score


def cases():
    every = []
    for seed, (n, d, k, times) in enumerate([(20, 2, 4, 3), (24, 1, 3, 2), (18, 3, 3, 6), (30, 2, 5, 1)]):
        rng = np.random.default_rng(seed)
        y = rng.permutation((np.arange(n) % 5 == 0).astype(int))
        folds = rng.permutation(np.arange(n) % k) + seed
        every.append(Case(rng.normal(size=(n, d)).round(2), y, folds, times, near, note=f"{k} folds"))
    y = np.array([1, 0, 0, 0, 0, 1, 0, 1])
    return [*every, Case(np.arange(16.0).reshape(8, 2), y, np.array([7, 7, 7, 2, 2, 2, 9, 9]), 4, near,
                         note="folds 2, 7 and 9")]  # fmt: skip


def by_library(X, y, folds, times, fit):
    from imblearn.pipeline import make_pipeline
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.model_selection import PredefinedSplit, cross_val_predict

    class Fitted(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            self.classes_, self.score_ = np.unique(y), fit(X, y)
            return self

        def decision_function(self, X):
            return self.score_(X)

        predict = decision_function

    return cross_val_predict(make_pipeline(_sampler(times), Fitted()), X, y, cv=PredefinedSplit(folds),
                             method="decision_function")  # fmt: skip


def _sampler(times):
    from imblearn import FunctionSampler

    def copied(X, y):
        rows = np.repeat(np.arange(len(y)), np.where(y == 1, times, 1))
        return X[rows], y[rows]

    return FunctionSampler(func=copied)


def by_hand(label=1, extra=0, trains=lambda train, test: train, copies=lambda train, test: train, of=None):
    """Scores out of fold with something changed; the right way unless changed.

    label: whom to copy (None: everybody); extra: added to `times`; trains, copies: of whom, and of whose copies, the
    model is made (masks); of: numbers of the folds that are judged.
    """
    def answer(X, y, folds, times, fit):
        scores = np.zeros(len(y))
        for k in np.unique(folds) if of is None else of(folds):
            train, test = folds != k, folds == k
            kept = trains(train, test)
            more = copies(train, test) & (np.ones(len(y), bool) if label is None else y == label)
            rows = np.concatenate([np.flatnonzero(kept), np.repeat(np.flatnonzero(more), times - 1 + extra)])
            if test.any():
                scores[test] = fit(X[rows], y[rows])(X[test])
        return scores
    return answer


def _fold_after_fold(X, y, folds, times, fit):
    scores = by_hand()(X, y, folds, times, fit)
    return np.concatenate([scores[folds == k] for k in np.unique(folds)])


def _everybody(train, test):
    return train | test


def _tested(train, test):
    return test


def _copied_rows(result, expected, X, y, folds, times, fit):
    return result is not None and np.shape(result) == (len(y) + (times - 1) * int(np.sum(y)),)


MISTAKES = [
    Mistake("There are more scores than patients: tested patients were copied, too. Each is judged once; copies are "
            "for training.", when=_copied_rows),
    *mistakes(
        ("The copies were made before the split: a tested malignant patient has twins among those who train. Make the "
         "copies in the round, of those who train.", by_hand(copies=_everybody)),
        ("The copies are of the tested patients. Copy the malignant ones of those who train.", by_hand(copies=_tested)),
        ("The benign patients were copied, which makes the rare class rarer. Copy where y == 1.", by_hand(label=0)),
        ("Everybody was copied, so the share of malignant patients is what it was. Copy where y == 1.",
         by_hand(label=None)),
        ("Nobody was copied.", lambda X, y, folds, times, fit: by_hand()(X, y, folds, 1, fit)),
        ("Each malignant patient is there `times` + 1 times: herself and `times` copies. She counts as one of the "
         "`times`.", by_hand(extra=1)),
        ("The models were trained on all patients, the tested ones included.",
         by_hand(trains=_everybody, copies=_everybody), by_hand(trains=_everybody)),
        ("The models were trained on the fold that is tested. Train on the others.",
         by_hand(trains=_tested, copies=_tested)),
        ("The scores stand fold after fold. They belong in the order of y: scores[test] = ...", _fold_after_fold),
        ("Some folds are never judged. Their numbers need not begin at 0: loop over np.unique(folds).",
         by_hand(of=lambda folds: range(len(np.unique(folds)))), by_hand(of=lambda folds: range(folds.max()))),
        ("Only the first fold is judged. Is `return` inside the loop?", by_hand(of=lambda folds: np.unique(folds)[:1])),
    ),
]  # fmt: skip
