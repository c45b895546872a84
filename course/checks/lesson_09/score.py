"""What the checkers of exercises 9.1 to 9.3 need: scores and decisions, hinges, and the objective P."""

import numpy as np

from course.checks.compare import Case, Mistake

SIX = np.array([[3, 2], [2, 0], [1, 2], [-3, 0], [-2, -2], [0, 0]], float)
SIX_Y = np.array([1, 1, 1, -1, -1, -1])


def decided_by_library(w, b, X):
    from sklearn.svm import LinearSVC

    model = LinearSVC()
    model.coef_, model.intercept_, model.classes_ = np.array([w]), np.array([b]), np.array([0, 1])
    model.n_features_in_ = len(w)
    return model.predict(X)


def decision_cases():
    rng = np.random.default_rng(91)
    line = np.array([1.0, 0.5])
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, note="a line with a small w: scores between -1 and 1 count too"),
        Case(line, -1.0, SIX, note="line 3"),
        Case(line, -1.0, np.array([[1.0, 0.0], [2.0, -2.0], [2.0, -1.0]]), note="the first two have the score 0"),
        Case(rng.normal(size=5), 0.7, rng.normal(size=(13, 5)), note="five measurements, 13 patients"),
        Case(rng.normal(size=1), -0.2, rng.normal(size=(7, 1)), note="one measurement"),
        Case(rng.normal(size=30), 3.0, rng.normal(size=(1, 30)), note="one patient"),
        Case(np.zeros(2), -0.5, SIX, note="w = 0: b alone decides"),
    ]


def _rule(change):
    return lambda w, b, X: change(X @ w + b)


DECISION_MISTAKES = [
    Mistake("These are the scores. The decision is only on which side of 0 a score lies: 1 where it is positive, "
            "else 0.", wrong=_rule(lambda s: s)),
    Mistake("These are -1 and +1, as the machine counts inside. The course's labels were asked: 0 benign, 1 malignant.",
            wrong=_rule(lambda s: np.where(s > 0, 1, -1))),
    Mistake("`np.sign` gives -1, 0 and +1. The course's labels were asked: 1 where the score is positive, else 0.",
            wrong=_rule(np.sign)),
    Mistake("A score of exactly 0 is not positive: here it is decided as benign, 0. Use > instead of >=. (Which of the "
            "two is a matter of agreement; scikit-learn's is >.)", wrong=_rule(lambda s: (s >= 0).astype(int))),
    Mistake("The labels are the other way round: in this course 1 is malignant, the positive class. (scikit-learn's "
            "own copy of the table counts 0 as malignant.)", wrong=_rule(lambda s: (s <= 0).astype(int))),
    Mistake("The labels are the other way round: in this course 1 is malignant, and its scores are positive.",
            wrong=_rule(lambda s: (s < 0).astype(int))),
    Mistake("The limit is 0, not 0.5: a score is no probability.", wrong=_rule(lambda s: (s > 0.5).astype(int))),
    Mistake("The limit is 0, not 0.5: a score is no probability.", wrong=_rule(lambda s: (s >= 0.5).astype(int))),
    Mistake("The limit is 0, not 1. At 1 lies the edge of the strip; the line itself, where the decision changes, is "
            "where the score is 0.", wrong=_rule(lambda s: (s > 1).astype(int))),
    Mistake("The limit is 0, not 1. At 1 lies the edge of the strip; the line itself is where the score is 0.",
            wrong=_rule(lambda s: (s >= 1).astype(int))),
    Mistake("b is missing: the line would always go through the average patient, where all measurements are 0.",
            wrong=lambda w, b, X: (X @ w > 0).astype(int)),
    Mistake("b is subtracted. The score is w . x + b.", wrong=lambda w, b, X: (X @ w - b > 0).astype(int)),
    Mistake("`argmax` gives one number: which patient has the highest score. Each patient needs a decision of her own, "
            "by the side of 0 on which her score lies.", wrong=lambda w, b, X: np.argmax(X @ w + b)),
    Mistake("`argmax` over a single column of scores is always 0: there is nothing to choose from. With one score a "
            "patient, compare it with 0.", wrong=lambda w, b, X: np.zeros(len(X), int)),
]  # fmt: skip


def _signs(labels):
    return 2.0 * np.asarray(labels) - 1


def weighted_hinge(y, scores, weights):
    """Return scikit-learn's weighted mean hinge. A pair that weighs nothing lets it see both labels, -1 and +1."""
    from sklearn.metrics import hinge_loss

    return hinge_loss([*y, -1, 1], [*scores, 0, 0], sample_weight=[*weights, 0, 0])


def hinges_by_library(w, b, X, labels):
    scores = X @ w + b
    return np.array([weighted_hinge(_signs(labels), scores, this) for this in np.eye(len(labels))])


def hinge_cases():
    rng = np.random.default_rng(92)
    labels = (SIX_Y > 0).astype(int)
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, labels, note="line 4 of the page"),
        Case(np.array([1.0, -0.5]), 0.5, SIX, labels, note="a bad line"),
        Case(np.zeros(2), 0.0, SIX, labels, note="w = 0, b = 0: every hinge is 1"),
        Case(rng.normal(size=5), 0.7, rng.normal(size=(13, 5)), rng.integers(0, 2, 13), note="five measurements"),
        Case(rng.normal(size=3), -0.4, rng.normal(size=(9, 3)), np.zeros(9, int), note="all benign"),
        Case(rng.normal(size=1), 0.3, rng.normal(size=(1, 1)), np.array([1]), note="one patient"),
        Case(np.array([1.0, 0.5]), -1.0, SIX, labels, note="line 3: all at least at the edge"),
    ]


def _hinge(change, signs=_signs):
    return lambda w, b, X, labels: change(signs(labels), X @ w + b)


HINGE_MISTAKES = [
    Mistake("The labels 0 and 1 stand in the product. For a benign tumour y is then 0, y times the score is 0, and the "
            "hinge is always 1, whatever the line. Turn the labels into -1 and +1 first: 2 * labels - 1.",
            wrong=_hinge(lambda y, s: np.maximum(0, 1 - y * s), np.asarray)),
    Mistake("-1 and +1 are the wrong way round: 0 (benign) must become -1, and 1 (malignant) +1.",
            wrong=_hinge(lambda y, s: np.maximum(0, 1 + y * s))),
    Mistake("The max is missing: patients who are clear of the strip would earn money. Below 0 the hinge is cut to 0.",
            wrong=_hinge(lambda y, s: 1 - y * s)),
    Mistake("The 1 is missing: this asks only for the right side of the line. The hinge asks for y times the score to "
            "be at least 1: max(0, 1 - y s). (Yours is the perceptron's loss.)",
            wrong=_hinge(lambda y, s: np.maximum(0, -y * s))),
    Mistake("The hinge is squared. Here the price grows in proportion: max(0, 1 - y s).",
            wrong=_hinge(lambda y, s: np.maximum(0, 1 - y * s) ** 2)),
    Mistake("These are 0 and 1 for 'clear' and 'not clear'. The hinge says how far a patient is from being clear.",
            wrong=_hinge(lambda y, s: (y * s < 1).astype(float))),
    Mistake("This is the sum over the patients. Each patient's own hinge was asked: shape (n,).",
            wrong=_hinge(lambda y, s: np.maximum(0, 1 - y * s).sum())),
    Mistake("This is the mean over the patients. Each patient's own hinge was asked: shape (n,).",
            wrong=_hinge(lambda y, s: np.maximum(0, 1 - y * s).mean())),
    Mistake("`max` (or `np.max`) of all values gives one number. `np.maximum(0, values)` compares each value with 0.",
            wrong=_hinge(lambda y, s: np.max(1 - y * s))),
    Mistake("b is missing in the score: w . x + b.",
            wrong=lambda w, b, X, labels: np.maximum(0, 1 - _signs(labels) * (X @ w))),
    Mistake("b is subtracted. The score is w . x + b.",
            wrong=lambda w, b, X, labels: np.maximum(0, 1 - _signs(labels) * (X @ w - b))),
    Mistake("This is y times the score. The hinge is what it lacks to 1, and never below 0: max(0, 1 - y s).",
            wrong=_hinge(lambda y, s: y * s)),
]  # fmt: skip


def objective_by_library(w, b, X, y, C):
    from scipy.linalg import norm

    return norm(w) ** 2 / 2 + C * len(y) * weighted_hinge(y, X @ w + b, np.ones(len(y)))


def objective_cases():
    rng = np.random.default_rng(93)
    y = rng.choice([-1, 1], 13)
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, SIX_Y, 0.1, note="line 4 of the page"),
        Case(np.array([1.0, 0.5]), -1.0, SIX, SIX_Y, 0.1, note="line 3: no patient pays"),
        Case(np.array([0.4, 0.2]), 0.2, SIX, SIX_Y, 10.0, note="line 4, a high price"),
        Case(rng.normal(size=5), 0.7, rng.normal(size=(13, 5)), y, 0.5, note="five measurements, 13 patients"),
        Case(rng.normal(size=3), -2.4, rng.normal(size=(9, 3)), -np.ones(9), 3.0, note="all benign"),
        Case(np.zeros(2), 0.0, SIX, SIX_Y, 2.0, note="w = 0, b = 0"),
        Case(np.array([1.5]), 0.3, np.array([[0.4]]), np.array([1]), 1.5, note="one patient, one measurement"),
    ]


def _P(change):
    """A mistaken P: change(w, b, hinges (n,), C)."""
    return lambda w, b, X, y, C: change(w, b, np.maximum(0, 1 - y * (X @ w + b)), C)


def _by_feature(w, b, X, y, C):
    """The hinge inside the sum over features: each measurement alone is asked for the margin."""
    return sum(w[j] ** 2 / 2 + C * np.maximum(0, 1 - y * (X[:, j] * w[j] + b)).sum() for j in range(len(w)))


OBJECTIVE_MISTAKES = [
    Mistake("The regulariser 1/2 ||w||^2 is missing. Without it every line that tells all patients apart with room to "
            "spare costs 0, and nothing asks for a wide strip.", wrong=_P(lambda w, b, h, C: C * h.sum())),
    Mistake("The regulariser stands inside the sum over the patients, so it is counted n times: in effect the price is "
            "C / n. Once only: ||w||^2 is a sum over features.",
            wrong=_P(lambda w, b, h, C: (0.5 * w @ w + C * h).sum())),
    Mistake("The hinge stands inside the sum over the features, so it is counted once for each feature: in effect the "
            "price is C times the number of features. It is a sum over patients, once.",
            wrong=_P(lambda w, b, h, C: sum(0.5 * w_j**2 + C * h.sum() for w_j in w))),
    Mistake("The hinge stands inside the sum over the features: yours asks each measurement alone for the margin. "
            "First the whole score w . x + b of a patient, then her hinge.", wrong=_by_feature),
    Mistake("The intercept is regularised: b^2 stands in the price. Then the best line depends on where the "
            "measurements have their zero. Only w is regularised.",
            wrong=_P(lambda w, b, h, C: 0.5 * (w @ w + b**2) + C * h.sum())),
    Mistake("C stands at the wrong term: it is the price of the hinges, not of ||w||^2.",
            wrong=_P(lambda w, b, h, C: 0.5 * C * w @ w + h.sum())),
    Mistake("C stands at both terms; it is the price of the hinges alone.",
            wrong=_P(lambda w, b, h, C: C * (0.5 * w @ w + h.sum()))),
    Mistake("C is missing: the hinges' sum is multiplied by it.", wrong=_P(lambda w, b, h, C: 0.5 * w @ w + h.sum())),
    Mistake("The mean of the hinges was taken. In this P they are added up (with the mean, C = 1 would mean something "
            "else for every number of patients).", wrong=_P(lambda w, b, h, C: 0.5 * w @ w + C * h.mean())),
    Mistake("The half is missing: 1/2 ||w||^2.", wrong=_P(lambda w, b, h, C: w @ w + C * h.sum())),
    Mistake("The length of w is not squared: 1/2 ||w||^2 is half of w . w.",
            wrong=_P(lambda w, b, h, C: 0.5 * np.sqrt(w @ w) + C * h.sum())),
    Mistake("This is the square of the sum of w. ||w||^2 is the sum of the squares: square each weight first.",
            wrong=_P(lambda w, b, h, C: 0.5 * w.sum() ** 2 + C * h.sum())),
    Mistake("w * 2 doubles each weight, w ** 2 squares it.", wrong=_P(lambda w, b, h, C: w.sum() + C * h.sum())),
    Mistake("w @ w is the sum of the squares already; squared once more it is another number.",
            wrong=_P(lambda w, b, h, C: 0.5 * (w @ w) ** 2 + C * h.sum())),
    Mistake("This adds the absolute values |w_j|. ||w||^2 adds their squares.",
            wrong=_P(lambda w, b, h, C: 0.5 * np.abs(w).sum() + C * h.sum())),
    Mistake("The hinges are squared. Here the price grows in proportion.",
            wrong=_P(lambda w, b, h, C: 0.5 * w @ w + C * (h**2).sum())),
    Mistake("The sign in the hinge is turned: 1 - y times the score.",
            wrong=lambda w, b, X, y, C: 0.5 * w @ w + C * np.maximum(0, 1 + y * (X @ w + b)).sum()),
    Mistake("The max is missing: patients who are clear of the strip would lower P. Below 0 a hinge is cut to 0.",
            wrong=lambda w, b, X, y, C: 0.5 * w @ w + C * (1 - y * (X @ w + b)).sum()),
    Mistake("The labels are turned into -1 and +1 once more. Here y comes as -1 and +1 already.",
            wrong=lambda w, b, X, y, C: 0.5 * w @ w + C * np.maximum(0, 1 - (2 * y - 1) * (X @ w + b)).sum()),
    Mistake("Labels 0 and 1 stand in the hinge. Here y comes as -1 and +1: use it as it is.",
            wrong=lambda w, b, X, y, C: 0.5 * w @ w + C * np.maximum(0, 1 - (y > 0) * (X @ w + b)).sum()),
    Mistake("b is missing in the score: w . x + b.",
            wrong=lambda w, b, X, y, C: 0.5 * w @ w + C * np.maximum(0, 1 - y * (X @ w)).sum()),
    Mistake("One number was asked; this is one value for each patient. Add the hinges up before ||w||^2 joins them.",
            wrong=_P(lambda w, b, h, C: 0.5 * w @ w + C * h)),
]  # fmt: skip
