"""What the checker of exercise 9.5 needs: columns standardised by means and deviations of the training patients."""

import numpy as np

from course.checks.compare import Case, Mistake


def cases():
    rng = np.random.default_rng(95)
    return [
        Case(np.array([[2.0], [6.0]]), np.array([[7.0]]), note="as on paper"),
        Case(np.array([[1.0, 100.0], [3.0, 500.0], [2.0, 300.0]]), np.array([[2.0, 700.0], [5.0, 300.0]])),
        Case(rng.normal(5, 3, (12, 4)) * [1, 10, 100, 0.01], rng.normal(6, 2, (5, 4)) * [1, 10, 100, 0.01]),
        Case(rng.normal(size=(9, 3)), rng.normal(1, 2, (1, 3)), note="one new patient"),
        Case(rng.integers(0, 9, (7, 2)), rng.integers(0, 9, (4, 2)), note="whole numbers"),
    ]


def by_library(train, new):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(new)


def _by(of_train, of_new=None):
    """Mistaken: of_train, of_new (train, new) -> (mean, deviation) for either part; one rule serves both by default."""
    def wrong(train, new):
        parts = ((train, of_train), (new, of_new or of_train))
        return tuple((part - rule(train, new)[0]) / rule(train, new)[1] for part, rule in parts)
    return wrong


def _right(train, new):
    return train.mean(axis=0), train.std(axis=0)


def _of_new(train, new):
    return new.mean(axis=0), new.std(axis=0)


def _of_both(train, new):
    return _right(np.concatenate([train, new]), None)


MISTAKES = [
    Mistake("The new patients are standardised by their own means. One patient alone would be her own mean, and a "
            "whole group that is different would look average: use the numbers of `train`.",
            wrong=_by(_right, _of_new)),
    Mistake("The means come from all patients, the new ones included. These have not come yet: from `train` alone.",
            wrong=_by(_of_both)),
    Mistake("Means and deviations come from the new patients. The machine learns from `train`.", wrong=_by(_of_new)),
    Mistake("The new patients came back as they were. They need the same shift and scale. (Was `train` overwritten "
            "before its mean was taken for them?)",
            wrong=_by(_right, lambda train, new: (0, 1))),
    Mistake("One mean and one deviation for the whole table: axis=0 gives one for each column.",
            wrong=_by(lambda train, new: (train.mean(), train.std()))),
    Mistake("Means and deviations of the patients (axis=1): a patient's size and smoothness have no mean together. "
            "Take those of the columns, axis=0.",
            wrong=_by(lambda train, new: (train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True)),
                      lambda train, new: (new.mean(axis=1, keepdims=True), new.std(axis=1, keepdims=True)))),
    Mistake("The deviation divides by n - 1 here, as pandas does. np.std divides by n.",
            wrong=_by(lambda train, new: (train.mean(axis=0), train.std(axis=0, ddof=1)))),
    Mistake("The columns are divided by the variance. Its root, the standard deviation, has their unit.",
            wrong=_by(lambda train, new: (train.mean(axis=0), train.var(axis=0)))),
    Mistake("The means are subtracted, but nothing is divided: units still count.",
            wrong=_by(lambda train, new: (train.mean(axis=0), 1))),
    Mistake("The columns are divided, but the means are not subtracted.",
            wrong=_by(lambda train, new: (0, train.std(axis=0)))),
    Mistake("The columns go from 0 to 1 now. That is another scaling, by smallest and largest value; one odd patient "
            "decides it.", wrong=_by(lambda train, new: (train.min(axis=0), np.ptp(train, axis=0)))),
    Mistake("Mind the brackets: `train - mean / deviation` divides the mean alone.",
            wrong=lambda train, new: tuple(part - train.mean(axis=0) / train.std(axis=0) for part in (train, new))),
    Mistake("The two came in another order: first train, then new.",
            wrong=lambda train, new: by_library(train, new)[::-1]),
]  # fmt: skip
