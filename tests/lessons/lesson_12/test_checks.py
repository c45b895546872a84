"""Lesson 12: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from sklearn.metrics import confusion_matrix


def counts(truth, decided):
    return tuple(int(np.sum((truth == a) & (decided == b))) for a, b in ((1, 1), (0, 1), (1, 0), (0, 0)))


def in_order(*order):
    return lambda truth, decided: tuple(counts(truth, decided)[k] for k in order)


COUNTS_WRONG = [
    (in_order(0, 2, 1, 3), "exchanged. fp: called malignant, is benign"),
    (lambda truth, decided: tuple(confusion_matrix(truth, decided, labels=[0, 1]).ravel()), "scikit-learn's order"),
    (in_order(3, 2, 1, 0), "two classes are exchanged"),
    (in_order(0, 3, 1, 2), "order is tp, fp, fn, tn."),
    (in_order(0, 3, 2, 1), "not tp, tn, fn, fp"),
    (lambda truth, decided: (np.sum(truth == 1 & decided == 1), 0, 0, 0), "put each in brackets"),
    (lambda truth, decided: tuple(np.array(counts(truth, decided)) / len(truth)), "Shares came back"),
    (lambda truth, decided: (np.sum(truth == 1), np.sum(decided == 1), np.sum(truth != decided), np.sum(truth == 0)),
        "more than there are patients"),
    (lambda truth, decided: counts(truth, decided)[:2], "4 values were expected"),
]


def rates(truth, scores, threshold):
    return np.mean(scores[truth == 1] >= threshold), np.mean(scores[truth == 0] < threshold)


def called(answer):
    """The answer as a function of truth and decisions (True: called malignant)."""
    return lambda truth, scores, threshold: answer(truth, scores >= threshold)


RATES_WRONG = [
    (lambda truth, scores, t: (np.mean(scores[truth == 1] > t), np.mean(scores[truth == 0] <= t)),
        "only those below (<) are left in peace"),
    (lambda truth, scores, threshold: (rates(truth, scores, threshold)[0], np.mean(scores[truth == 0] <= threshold)),
        "counted twice"),
    (lambda *a: rates(*a)[::-1], "The two are exchanged"),
    (lambda *a: (rates(*a)[0], 1 - rates(*a)[1]), "The second number is the false positive rate"),
    (lambda *a: (1 - rates(*a)[0], rates(*a)[1]), "share that is missed"),
    (lambda *a: (1 - rates(*a)[0], 1 - rates(*a)[1]), "went wrong, missed and alarmed"),
    (lambda truth, scores, t: (np.mean(scores[truth == 1] > t), np.mean(scores[truth == 0] < t)), "belongs to neither"),
    (called(lambda truth, c: (truth[c].mean(), 1 - truth[~c].mean())), "the predictive values"),
    (called(lambda truth, c: ((truth * c).mean(), ((1 - truth) * ~c).mean())), "divided by all patients"),
    (called(lambda truth, c: ((truth * c).sum(), ((1 - truth) * ~c).sum())), "These are counts"),
    (lambda truth, scores, threshold: rates(truth, scores, 0.5), "threshold that was handed over is not used"),
    (lambda *a: rates(*a)[0], "2 values were expected"),
    (lambda truth, scores, threshold: np.mean(scores >= threshold & truth == 1), "stopped with TypeError"),
]


def out_of_fold(X, y, folds, fit, train=lambda rest, test: rest, scale=lambda X, rest, test: (X[rest], X[rest])):
    scores = np.empty(len(y))
    for k in np.unique(folds):
        test = folds == k
        rows = train(~test, test)
        for_training, for_test = scale(X, rows, test)
        z = (X[rows] - for_training.mean(axis=0)) / for_training.std(axis=0)
        z_test = (X[test] - for_test.mean(axis=0)) / for_test.std(axis=0)
        scores[test] = fit(z, y[rows])(z_test)
    return scores


def unscaled(X, y, folds, fit):
    scores = np.empty(len(y))
    for k in np.unique(folds):
        scores[folds == k] = fit(X[folds != k], y[folds != k])(X[folds == k])
    return scores


def by_deviation(X, y, folds, fit, deviation, mean=lambda rows: rows.mean(axis=0)):
    scores = np.empty(len(y))
    for k in np.unique(folds):
        seen, test = X[folds != k], X[folds == k]
        score = fit((seen - mean(seen)) / deviation(seen), y[folds != k])
        scores[folds == k] = score((test - mean(seen)) / deviation(seen))
    return scores


def in_a_row(X, y, folds, fit):
    scores = out_of_fold(X, y, folds, fit)
    return np.concatenate([scores[folds == k] for k in np.unique(folds)])


FOLDS_WRONG = [
    (lambda *a: out_of_fold(*a, scale=lambda X, rest, test: (X, X)), "The scaler saw everybody"),
    (lambda *a: out_of_fold(*a, scale=lambda X, rest, test: (X[rest], X[test])), "by their own mean and deviation"),
    (unscaled, "Nothing is standardised"),
    (lambda *a: by_deviation(*a, lambda rows: rows.std(axis=0, ddof=1)), "divides by n - 1"),
    (lambda *a: by_deviation(*a, np.std, np.mean), "for the whole table"),
    (lambda *a: out_of_fold(*a).astype(int), "cut to whole numbers"),
    (lambda *a: out_of_fold(*a, train=lambda rest, test: rest | test), "trained on all patients"),
    (lambda *a: out_of_fold(*a, train=lambda rest, test: test), "trained on the fold"),
    (in_a_row, "fold after fold"),
]


def choose(settings, fit, train, validation, test, by="validation", told="test"):
    parts = {"train": train, "validation": validation, "test": test}

    def share(setting, name):
        return np.mean(fit(setting, *train)(parts[name][0]) == parts[name][1])

    best = max(settings, key=lambda setting: share(setting, by))
    return best, share(best, told)


def looks_often(settings, fit, train, validation, test, together=False):
    results = []
    for setting in settings:
        decide = fit(setting, *train)
        if together:
            decided = decide(np.concatenate([validation[0], test[0]]))
            n = len(validation[1])
            results.append([np.mean(decided[:n] == validation[1]), np.mean(decided[n:] == test[1])])
        else:
            results.append([np.mean(decide(X) == y) for X, y in (validation, test)])
    best = int(np.argmax([result[0] for result in results]))
    return settings[best], results[best][1]


CHOICE_WRONG = [
    (lambda *a: choose(*a, by="test"), "chosen by the test part. What"),
    (lambda *a: choose(*a, by="train"), "rewards learning by heart"),
    (lambda *a: choose(*a, told="validation"), "validation part, which has chosen"),
    (lambda *a: choose(*a, told="train"), "share is that of the training part"),
    (looks_often, "the test part was asked 4 times"),
    (lambda *a: looks_often(*a, together=True), "the test part was asked 4 times"),
    (lambda settings, *a: choose(settings[::-1], *a), "this is the later one"),
    (lambda settings, fit, *parts: (choose(settings, fit, *parts)[0], choose(settings[-1:], fit, *parts)[1]),
        "last model trained"),
]
RIGHT = {"12.1": counts, "12.3": rates, "12.2": out_of_fold, "12.4": choose}
WRONG = {"12.1": COUNTS_WRONG, "12.3": RATES_WRONG, "12.2": FOLDS_WRONG, "12.4": CHOICE_WRONG}


@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("12", RIGHT, WRONG))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer"), [
    ("12.1", lambda truth, decided: (sum(t and d for t, d in zip(truth, decided, strict=True)),
                                     sum(d and not t for t, d in zip(truth, decided, strict=True)),
                                     sum(t and not d for t, d in zip(truth, decided, strict=True)),
                                     sum(not t and not d for t, d in zip(truth, decided, strict=True)))),
    ("12.1", lambda truth, decided: [int(n) for n in confusion_matrix(truth, decided, labels=[1, 0]).T.ravel()]),
    ("12.3", called(lambda truth, c: [(c & (truth == 1)).sum() / (truth == 1).sum(),
                                      1 - (c & (truth == 0)).sum() / (truth == 0).sum()])),
    ("12.3", called(lambda truth, c: confusion_matrix(truth, c, normalize="true", labels=[1, 0]).diagonal().tolist())),
])
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in WRONG.items():
        assert_reasons_differ(number, wrong)
