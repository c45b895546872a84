"""Lesson 12: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from sklearn.metrics import confusion_matrix

from course.checks import check


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
    (lambda truth, decided: [np.uint8(n % 256) for n in counts(truth, decided)], "a uint8 holds 0 to 255"),
    (lambda truth, decided: tuple(confusion_matrix(truth, decided).T[::-1, ::-1].ravel()), "4 values were expected"),
    (lambda truth, decided: (*counts(truth, decided)[:3], len(truth)), "more than there are patients"),
]


def with_totals():
    """Counts on from call to call."""
    totals = np.zeros(4, int)

    def counting(truth, decided):
        totals[:] += counts(truth, decided)
        return tuple(totals)

    return counting


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
    (lambda *a: rates(*a)[::-1], "the last stands first"),
    (lambda *a: (rates(*a)[0], 1 - rates(*a)[1]), "The second number is the false positive rate"),
    (lambda *a: (1 - rates(*a)[0], rates(*a)[1]), "share that is missed"),
    (lambda *a: (1 - rates(*a)[0], 1 - rates(*a)[1]), "Each value is 1 minus the right one"),
    (lambda truth, scores, t: (np.mean(scores[truth == 1] > t), np.mean(scores[truth == 0] < t)), "belongs to neither"),
    (called(lambda truth, c: (truth[c].mean(), 1 - truth[~c].mean())), "the predictive values"),
    (called(lambda truth, c: ((truth * c).mean(), ((1 - truth) * ~c).mean())), "divided by all patients"),
    (called(lambda truth, c: ((truth * c).sum(), ((1 - truth) * ~c).sum())), "These are counts"),
    (lambda truth, scores, threshold: rates(truth, scores, 0.5), "threshold that was handed over is not used"),
    (lambda *a: rates(*a)[0], "2 values were expected"),
    (lambda truth, scores, threshold: rates(truth, scores, threshold or 0.5), "A threshold of 0 is taken for none"),
    (lambda truth, scores, threshold: rates(truth, scores.clip(0, 1), threshold), "of 2: The value is"),
    (lambda truth, scores, threshold: rates(truth, scores.astype(int), threshold), "of 2: The value is"),
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


def standardised(train=("rest", "rest"), test=("rest", "rest"), numbers=np.unique):
    """Each part by the mean and deviation of the named patients; None leaves one of them out."""
    def answer(X, y, folds, fit):
        scores = np.zeros(len(y))
        for k in numbers(folds):
            of = {"rest": X[folds != k], "fold": X[folds == k], "all": X}
            mean, test_mean = (of[by[0]].mean(axis=0) if by[0] else 0 for by in (train, test))
            deviation, test_deviation = (of[by[1]].std(axis=0) if by[1] else 1 for by in (train, test))
            score = fit((of["rest"] - mean) / deviation, y[folds != k])
            scores[folds == k] = score((of["fold"] - test_mean) / test_deviation)
        return scores
    return answer


def centred_before(X, y, folds, fit):
    X = X - X.mean(axis=0)
    return standardised((None, "rest"), (None, "rest"))(X, y, folds, fit)


def trained_on_all_scaled_by_rest(X, y, folds, fit):
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        z = (X - X[folds != k].mean(axis=0)) / X[folds != k].std(axis=0)
        scores[folds == k] = fit(z, y)(z[folds == k])
    return scores


def in_place(X, y, folds, fit):
    """Into a copy of the table's own type: whole numbers stay whole."""
    scores = np.zeros(len(y))
    for k in np.unique(folds):
        train, test, z = folds != k, folds == k, X.copy()
        z[:] = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
        scores[test] = fit(z[train], y[train])(z[test])
    return scores


ALL, FOLD, REST = ("all", "all"), ("fold", "fold"), ("rest", "rest")
SAW, TESTED = "The scaler saw everybody", "The scaler saw the tested fold"
FOLDS_WRONG = [
    *((standardised(by, by), SAW) for by in (ALL, ("all", "rest"), ("rest", "all"), ("all", None), (None, "all"))),
    (centred_before, SAW),
    *((standardised(by, by), TESTED) for by in (FOLD, ("fold", "rest"), ("rest", "fold"))),
    (standardised(REST, FOLD), "by their own mean and deviation"),
    (standardised(REST, ALL), "Use one mean and one deviation for both"),
    (standardised(REST, (None, None)), "the tested ones are not"),
    (standardised((None, None), REST), "the training ones are not"),
    (standardised((None, "rest"), (None, "rest")), "the mean is not subtracted"),
    (standardised(("rest", None), ("rest", None)), "nothing is divided by the deviation"),
    (standardised(numbers=lambda folds: range(len(np.unique(folds)))), "Some folds are never judged"),
    (standardised(numbers=lambda folds: range(1, folds.max() + 1)), "Some folds are never judged"),
    (standardised(numbers=lambda folds: range(folds.max())), "Some folds are never judged"),
    (standardised(numbers=lambda folds: range(10)), "at ["),
    (standardised(numbers=lambda folds: np.unique(folds)[:1]), "Is `return` inside the loop?"),
    (trained_on_all_scaled_by_rest, "trained on all patients"),
    (in_place, "values differ"),
    (lambda *a: out_of_fold(*a, scale=lambda X, rest, test: (X, X)), "The scaler saw everybody"),
    (lambda *a: out_of_fold(*a, scale=lambda X, rest, test: (X[rest], X[test])), "by their own mean and deviation"),
    (unscaled, "Nothing is standardised"),
    (lambda *a: by_deviation(*a, lambda rows: rows.std(axis=0, ddof=1)), "divides by n - 1"),
    (lambda *a: by_deviation(*a, np.std, np.mean), "for the whole table"),
    (lambda *a: out_of_fold(*a).astype(int), "The fractions are lost"),
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


def first_best_told(settings, fit, train, validation, test):
    """Asks the test part each time that a setting is better than those before."""
    best, highest, told = None, -1, None
    for setting in settings:
        decide = fit(setting, *train)
        share = np.mean(decide(validation[0]) == validation[1])
        if share > highest:
            best, highest, told = setting, share, np.mean(decide(test[0]) == test[1])
    return best, told


def trained_again(settings, fit, train, validation, test):
    best, _ = choose(settings, fit, train, validation, test)
    both = (np.concatenate(arrays) for arrays in zip(train, validation, strict=True))
    return best, np.mean(fit(best, *both)(test[0]) == test[1])


def trained_on(*names):
    def answer(settings, fit, train, validation, test):
        parts = {"train": train, "validation": validation, "test": test}
        seen = [np.concatenate(arrays) for arrays in zip(*(parts[name] for name in names), strict=True)]
        return choose(settings, lambda setting, X, y: fit(setting, *seen), train, validation, test)
    return answer


def worst(settings, fit, train, validation, test):
    best, _ = choose(settings, lambda *a: lambda X: 1 - fit(*a)(X), train, validation, test)
    return best, np.mean(fit(best, *train)(test[0]) == test[1])


def trained_on_more_for_nothing(settings, fit, train, validation, test):
    fit(settings[0], *validation)
    return choose(settings, fit, train, validation, test)


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
    (first_best_told, "the test part was asked 3 times"),
    (trained_again, "The chosen setting was trained once more"),
    (trained_on("train", "validation"), "so validation cannot choose"),
    (trained_on("validation"), "The models were trained on the validation part"),
    (trained_on("test"), "The models were trained on the test part"),
    (trained_on_more_for_nothing, "`fit` was handed other patients"),
    (worst, "The setting with the lowest share right"),
    (lambda settings, *a: choose(settings[:1], *a), "always the first setting"),
    (lambda settings, *a: choose(settings[-1:], *a), "always the last setting"),
    (lambda settings, *a: (settings.index(choose(settings, *a)[0]), choose(settings, *a)[1]), "place of the setting"),
    (lambda *a: (choose(*a)[0], 1 - choose(*a)[1]), "the share that is wrong"),
    (lambda *a: choose(*a)[::-1], "the last stands first"),
    (lambda settings, *a: choose(sorted(settings), *a), "Value 1 of 2"),
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


def test_a_count_that_goes_on_from_call_to_call_is_not_called_double():
    result = check("12.1", with_totals())
    assert result.status == "not yet"
    assert "each call counts anew" in result.reason
    assert "twice" not in result.reason


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("12.2", standardised(("rest", None), ("rest", None)), "Nothing is standardised"),
    ("12.4", lambda settings, *a: choose(settings[:1], *a), "learning by heart"),
    ("12.4", worst, "learning by heart"),
])
def test_nothing_false_is_said(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet"
    assert false not in result.reason


def one_by_one(settings, fit, train, validation, test):
    models = [fit(setting, *train) for setting in settings]
    shares = [np.mean([model(x[None])[0] == y for x, y in zip(*validation, strict=True)]) for model in models]
    best = int(np.argmax(shares))
    return settings[best], Fraction(sum(int(models[best](x[None])[0] == y) for x, y in zip(*test, strict=True)),
                                    len(test[1]))


class Folds:
    def __call__(self, X, y, folds, fit):
        return standardised(numbers=set)(X, y, folds, fit).astype(np.float32).tolist()


@pytest.mark.parametrize(("number", "answer"), [
    ("12.1", functools.partial(in_order(0, 1, 2, 3))),
    ("12.1", lambda truth, decided: np.array(counts(truth, decided), float)),
    ("12.2", Folds()),
    ("12.2", standardised(numbers=lambda folds: range(folds.max() + 1))),
    ("12.3", lambda truth, scores, t: [Fraction(float(rate)) for rate in rates(truth, scores, t)]),
    ("12.3", lambda truth, scores, t: np.array(rates(truth, scores, t), np.float64)[:, None].ravel()),
    ("12.4", one_by_one),
])
def test_unusual_right_forms(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in WRONG.items():
        assert_reasons_differ(number, wrong)
