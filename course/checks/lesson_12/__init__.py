"""Checkers of lesson 12: counts, rates at a threshold, folds without a leak, a choice without the exam."""

import numpy as np

from course.checks.compare import Case, Mistake, against_reference
from course.checks.core import NotYet, call, exercise


def _patients(n, seed, share=0.4):
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < share).astype(int)
    truth[:2] = 0, 1
    return truth, rng


def _decided():
    yield Case(np.array([1, 1, 0, 0, 0, 1]), np.array([1, 0, 0, 1, 0, 1]), note="as on paper, six of the ten")
    for n, seed in ((12, 1), (40, 2), (7, 3)):
        truth, rng = _patients(n, seed)
        yield Case(truth, np.where(rng.random(n) < 0.25, 1 - truth, truth))
    yield Case(np.array([1, 1, 0, 0, 0]), np.array([0, 0, 0, 0, 0]), note="nobody called malignant")


def _counts(truth, decided):
    from sklearn.metrics import confusion_matrix

    tn, fp, fn, tp = confusion_matrix(truth, decided, labels=[0, 1]).ravel().tolist()
    return tp, fp, fn, tn


def _ordered(*order):
    return lambda truth, decided: tuple(_counts(truth, decided)[k] for k in order)


@exercise("12.1")
def counts(answer):
    """Confusion counts: truth (n,), decided (n,), both 0 or 1 -> (tp, fp, fn, tn)."""
    return against_reference(answer, _counts, list(_decided()), "scikit-learn's confusion_matrix", [
        Mistake("False alarms and missed tumours are exchanged. fp: called malignant, is benign; fn: called benign, is "
                "malignant.", wrong=_ordered(0, 2, 1, 3)),
        Mistake("The order is tp, fp, fn, tn.", wrong=_ordered(0, 3, 1, 2)),
        Mistake("The order is tp, fp, fn, tn, not tp, tn, fn, fp.", wrong=_ordered(0, 3, 2, 1)),
        Mistake("This is scikit-learn's order, tn, fp, fn, tp. Here true positives come first.",
                wrong=_ordered(3, 1, 2, 0)),
        Mistake("The two classes are exchanged. Malignant = 1 is the one that counts as positive.",
                wrong=_ordered(3, 2, 1, 0)),
        Mistake("Shares came back. The counts were asked.",
                wrong=lambda truth, decided: tuple(n / len(truth) for n in _counts(truth, decided))),
        Mistake("The four numbers add up to more than there are patients: some are counted twice.",
                when=lambda result, expected, truth, decided: np.sum(result) > len(truth)),
    ])  # fmt: skip


def _scored():
    yield Case(np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]),
               np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.2, 0.7, 0.5, 0.1, 0.3, 0.2]), 0.5,
               note="one of each kind stands exactly at the threshold")
    for n, seed, threshold in ((15, 4, 0.5), (40, 5, 0.3), (9, 6, 0.8)):
        truth, rng = _patients(n, seed)
        yield Case(truth, np.clip(0.35 + 0.3 * truth + 0.25 * rng.normal(size=n), 0, 1).round(1), threshold)
    yield Case(np.array([1, 0, 1]), np.array([0.4, 0.3, 0.2]), 0.9, note="nobody reaches the threshold")


def _shares(truth, called):
    """(sensitivity, specificity) of decisions."""
    return np.mean(called[truth == 1]), np.mean(~called[truth == 0])


def _hits(truth, called):
    """Numbers of malignant ones called malignant and of benign ones called benign."""
    return np.array([np.sum(called & (truth == 1)), np.sum(~called & (truth == 0))])


def _rates(change):
    """Mistaken rates: change(truth, called, sensitivity, specificity) -> the two numbers that come back instead."""
    def wrong(truth, scores, threshold):
        called = scores >= threshold
        return change(truth, called, *_shares(truth, called))
    return wrong


@exercise("12.3")
def rates_at(answer):
    """Rates at a threshold: truth (n,), scores (n,), threshold -> (sensitivity, specificity)."""
    from sklearn.metrics import recall_score

    def reference(truth, scores, threshold):
        decided = (scores >= threshold).astype(int)
        return recall_score(truth, decided), recall_score(truth, decided, pos_label=0)

    return against_reference(answer, reference, list(_scored()), "scikit-learn's recall_score of either class", [
        Mistake("A score exactly at the threshold counts as malignant here: >= finds it, and only those below (<) are "
                "left in peace.", wrong=lambda truth, scores, threshold: _shares(truth, scores > threshold)),
        Mistake("A score exactly at the threshold is counted twice, as called malignant and as called benign: >= for "
                "the one, < for the other.",
                wrong=lambda truth, scores, threshold: (np.mean(scores[truth == 1] >= threshold),
                                                        np.mean(scores[truth == 0] <= threshold))),
        Mistake("The two are exchanged. Sensitivity comes first.",
                wrong=_rates(lambda truth, called, found, peace: (peace, found))),
        Mistake("The second number is the false positive rate, 1 - specificity: the share of benign ones alarmed.",
                wrong=_rates(lambda truth, called, found, peace: (found, 1 - peace))),
        Mistake("A score exactly at the threshold belongs to neither in your answer. Here it counts as malignant: >=.",
                wrong=lambda truth, scores, threshold: (np.mean(scores[truth == 1] > threshold),
                                                        np.mean(scores[truth == 0] < threshold))),
        Mistake("Both numbers are the shares that went wrong, missed and alarmed. The shares that went right were "
                "asked.", wrong=_rates(lambda truth, called, found, peace: (1 - found, 1 - peace))),
        Mistake("The first number is the share that is missed, 1 - sensitivity.",
                wrong=_rates(lambda truth, called, found, peace: (1 - found, peace))),
        Mistake("These are shares of those *called* malignant and *called* benign (the predictive values). Sensitivity "
                "looks at all malignant ones, called or not; specificity at all benign ones.",
                wrong=_rates(lambda truth, called, *_: (np.mean(truth[called] == 1), np.mean(truth[~called] == 0)))),
        Mistake("Both are divided by all patients. Divide by the malignant ones, and by the benign ones.",
                wrong=_rates(lambda truth, called, *_: tuple(_hits(truth, called) / len(truth)))),
        Mistake("These are counts. Shares were asked.",
                wrong=_rates(lambda truth, called, *_: tuple(_hits(truth, called)))),
        Mistake("The threshold that was handed over is not used; 0.5 is.",
                wrong=lambda truth, scores, threshold: _shares(truth, scores >= 0.5)),
    ])  # fmt: skip


def logistic(X, y):
    """Train on X (n, d), y (n,); return the function that gives scores of new patients."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.3, tol=1e-10, max_iter=5000).fit(X, y).decision_function


def _tables():
    for seed, (n, d, k) in enumerate([(30, 3, 5), (24, 2, 3), (33, 4, 10)]):
        rng = np.random.default_rng(seed)
        y = rng.permutation(np.arange(n) % 2)
        X = (rng.standard_t(3, size=(n, d)) + 0.8 * y[:, None]) * 10.0 ** rng.integers(-1, 3, d) + 5
        folds = rng.permutation(np.arange(n) % k)
        yield Case(X, y, folds, logistic, note=f"{k} folds of {n} patients")


def _by_fold(scale=lambda seen, new: (seen, new), train=lambda rest, test: rest):
    """Out-of-fold scores: scale(training rows, all rows) -> both standardised; train says whom the model sees."""
    def wrong(X, y, folds, fit):
        out = np.zeros(len(y))
        for fold in np.unique(folds):
            test = folds == fold
            rows = train(~test, test)
            mean, deviation = scale(X[rows], X[test])
            out[test] = fit((X[rows] - mean) / deviation, y[rows])((X[test] - mean) / deviation)
        return out
    return wrong


def _of(rows):
    return rows.mean(axis=0), rows.std(axis=0)


def _scaled_first(X, y, folds, fit):
    mean, deviation = _of(X)
    return _by_fold(lambda seen, new: (mean, deviation))(X, y, folds, fit)


def _test_by_its_own(X, y, folds, fit):
    out = np.zeros(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        (m, s), (m_test, s_test) = _of(X[~test]), _of(X[test])
        out[test] = fit((X[~test] - m) / s, y[~test])((X[test] - m_test) / s_test)
    return out


def _one_after_the_other(X, y, folds, fit):
    right = _by_fold(lambda seen, new: _of(seen))(X, y, folds, fit)
    return np.concatenate([right[folds == fold] for fold in np.unique(folds)])


@exercise("12.2")
def out_of_fold(answer):
    """Out-of-fold scores: X (n, d), y (n,), folds (n,), fit(X, y) -> score function; scaler inside -> scores (n,)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import PredefinedSplit, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def by_library(X, y, folds, fit):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, tol=1e-10, max_iter=5000))
        return cross_val_predict(model, X, y, cv=PredefinedSplit(folds), method="decision_function")

    return against_reference(answer, by_library, list(_tables()), "scikit-learn's cross_val_predict of a pipeline", [
        Mistake("The scaler saw everybody: mean and deviation come from all patients, those of the fold included. Take "
                "them from the training patients of each round, inside the loop.", wrong=_scaled_first),
        Mistake("The tested patients are standardised by their own mean and deviation. In practice one patient comes "
                "at a time and has none: use those of the training patients.", wrong=_test_by_its_own),
        Mistake("The deviation divides by n - 1 here, as pandas does. NumPy's std and scikit-learn divide by n.",
                wrong=_by_fold(lambda seen, new: (seen.mean(axis=0), seen.std(axis=0, ddof=1)))),
        Mistake("One mean and one deviation for the whole table: axis=0 gives one for each column.",
                wrong=_by_fold(lambda seen, new: (seen.mean(), seen.std()))),
        Mistake("The scores were cut to whole numbers: np.zeros_like(y) makes an array of y's type; "
                "np.zeros(len(y)) makes floats.",
                wrong=lambda *a: _by_fold(lambda seen, new: _of(seen))(*a).astype(int)),
        Mistake("Nothing is standardised.", wrong=_by_fold(lambda seen, new: (0, 1))),
        Mistake("The model was trained on all patients, so it knows those it is tested on. Leave the fold out: "
                "folds != k.",
                wrong=_by_fold(lambda seen, new: _of(seen), lambda rest, test: rest | test)),
        Mistake("The model was trained on the fold and tested on the same. Train on folds != k.",
                wrong=_by_fold(lambda seen, new: _of(seen), lambda rest, test: test)),
        Mistake("The scores stand fold after fold, not patient after patient. Write them to their places: "
                "scores[folds == k] = ...", wrong=_one_after_the_other),
    ], rtol=1e-4, atol=1e-4)  # fmt: skip


def neighbours(k, X, y):
    """Train with the setting k; return the function that decides new patients by their k nearest."""
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(k).fit(X, y).predict


def _parts():
    for seed in (*range(6), 17, 28):  # in the last two, settings are equal on validation
        rng = np.random.default_rng(seed)
        parts = []
        for n in (24, 16, 15):
            y = rng.permutation(np.arange(n) % 2)
            parts.append((rng.normal(size=(n, 2)) + 0.9 * y[:, None], y))
        yield Case([1, 3, 5, 9], neighbours, *parts)


def _chosen(by, told, last=False):
    """Choose the setting by the share right on part `by`, tell that on part `told` (0, 1, 2); last: of equals."""
    def wrong(settings, fit, *parts):
        models = [fit(setting, *parts[0]) for setting in settings]
        shares = [[np.mean(model(X) == y) for X, y in parts] for model in models]
        on_part = np.array([share[by] for share in shares])
        best = int(np.flatnonzero(on_part == on_part.max())[-1 if last else 0])
        return settings[best], shares[best][told]
    return wrong


def _of_the_last(settings, fit, *parts):
    return _chosen(1, 2)(settings, fit, *parts)[0], _chosen(1, 2)(settings[-1:], fit, *parts)[1]


@exercise("12.4")
def choose_and_judge(answer):
    """Choose by validation, judge once by test: settings, fit, three parts (X, y) -> (setting, share right)."""
    cases = list(_parts())
    sentence = against_reference(answer, _chosen(1, 2), cases, "a choice by the validation part alone", [
        Mistake("The setting was chosen by the test part. What has chosen cannot judge: the share it gives is too "
                "good. Choose by validation.", wrong=_chosen(2, 2)),
        Mistake("The setting was chosen by the training part, which rewards learning by heart. Choose by validation.",
                wrong=_chosen(0, 2)),
        Mistake("Two settings are equal on validation, and this is the later one. The first was asked: >, not >=.",
                wrong=_chosen(1, 2, last=True)),
        Mistake("This is the share of the last model trained. Keep the decision function of the best.",
                wrong=_of_the_last),
        Mistake("The share is that of the validation part, which has chosen. Judge by test.", wrong=_chosen(1, 1)),
        Mistake("The share is that of the training part. Judge by test.", wrong=_chosen(1, 0)),
    ])  # fmt: skip
    _require_one_look(answer, cases[0])
    return sentence


def _require_one_look(answer, case):
    """The test part may be asked once, by the chosen model."""
    (settings, fit, *parts), looks = case.args, []

    def watched(setting, X, y):
        decide = fit(setting, X, y)
        def asked(new):
            if (np.asarray(new)[:, None] == parts[2][0]).all(axis=-1).any():  # some patient of the test part
                looks.append(setting)
            return decide(new)
        return asked

    call(answer, settings, watched, *parts)
    if len(looks) > 1:
        raise NotYet(f"The values are right, but the test part was asked {len(looks)} times, for settings {looks}. Ask "
                     "it once, when all is chosen: a number once seen is hard to forget.")
