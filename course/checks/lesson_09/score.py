"""What the checkers of exercises 9.1 to 9.3 need: scores and decisions, hinges, and the objective P."""

import numpy as np

from course.checks.compare import Case, mistakes

SIX = np.array([[3, 2], [2, 0], [1, 2], [-3, 0], [-2, -2], [0, 0]], float)
SIX_Y = np.array([1, 1, 1, -1, -1, -1])


def _drawn(seed, n, d, *more, b=0.7, note=""):
    rng = np.random.default_rng(seed)
    return Case(rng.normal(size=d), b, rng.normal(size=(n, d)), *more, note=note)


def decision_cases():
    line = np.array([1.0, 0.5])
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, note="a line with a small w: scores between -1 and 1 count too"),
        Case(line, -1.0, SIX, note="line 3"),
        Case(line, -1.0, np.array([[1, 0], [2, -2], [2, -1], [2, -1]]), note="the first two have the score 0"),
        _drawn(91, 13, 5, note="five measurements, 13 patients"),
        _drawn(92, 3, 3, b=-0.4, note="as many patients as measurements"),
        _drawn(93, 7, 1, b=-0.2, note="one measurement"),
        _drawn(94, 1, 30, b=9.0, note="one patient"),
        Case(np.zeros(2), -0.5, SIX, note="w = 0: b alone decides"),
        Case(np.array([1e-12, -1e-12]), 0.0, SIX, note="tiny scores: the side counts, not the size"),
    ]


def decided_by_library(w, b, X):
    from sklearn.svm import LinearSVC

    model = LinearSVC()
    model.coef_, model.intercept_, model.classes_ = np.array([w]), np.array([b]), np.array([0, 1])
    model.n_features_in_ = len(w)
    return model.predict(X)


def _rule(change):
    return lambda w, b, X: change(X @ w + b)


DECISION_MISTAKES = mistakes(
    ("These are the scores. The decision is only on which side of 0 a score lies: 1 where it is positive, else 0.",
     _rule(lambda s: s)),
    ("These are -1 and +1, as the machine counts inside. The course's labels were asked: 0 benign, 1 malignant.",
     _rule(lambda s: np.where(s > 0, 1, -1)), _rule(lambda s: np.where(s >= 0, 1, -1))),
    ("`np.sign` gives -1, 0 and +1. The course's labels were asked: 1 where the score is positive, else 0.",
     _rule(np.sign)),
    ("A score of exactly 0 is not positive: here it is decided as benign, 0. Use > instead of >=. (A matter of "
     "agreement; scikit-learn's is >.)", _rule(lambda s: s >= 0)),
    ("The labels are the other way round: in this course 1 is malignant, and its scores are positive. (In "
     "scikit-learn's own copy of the table 0 is malignant.)", _rule(lambda s: s <= 0), _rule(lambda s: s < 0)),
    ("The limit is 0, not 0.5: a score is no probability.", _rule(lambda s: s > 0.5), _rule(lambda s: s >= 0.5)),
    ("The limit is 0, not 1. At 1 lies the edge of the strip; the line, where the decision changes, is where the score "
     "is 0.", _rule(lambda s: s > 1), _rule(lambda s: s >= 1)),
    ("The scores are compared with their own mean or median. The limit is 0, whoever else is in the table.",
     _rule(lambda s: s > np.median(s)), _rule(lambda s: s > s.mean()), _rule(lambda s: s >= np.median(s))),
    ("b is missing: the line would always go through the average patient, where all measurements are 0.",
     lambda w, b, X: X @ w > 0),
    ("b is subtracted. The score is w . x + b.", lambda w, b, X: X @ w - b > 0),
    ("`argmax` gives one number: which patient has the highest score. Each patient needs a decision of her own.",
     _rule(np.argmax)),
    ("Everybody is benign. (`argmax` over one column of scores is always 0.) Compare each score with 0.",
     _rule(np.zeros_like)),
)  # fmt: skip


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
    labels = (SIX_Y > 0).astype(int)
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, labels, note="line 4 of the page"),
        Case(np.array([1.0, -0.5]), 0.5, SIX, labels, note="a bad line"),
        Case(np.zeros(2), 0.0, SIX, labels, note="w = 0, b = 0: every hinge is 1"),
        _drawn(92, 13, 5, np.arange(13) % 3 // 2, note="five measurements"),
        _drawn(93, 4, 4, np.array([0, 1, 1, 0]), b=-0.4, note="as many patients as measurements"),
        _drawn(94, 9, 3, np.zeros(9, int), b=-0.4, note="all benign"),
        _drawn(95, 8, 3, np.ones(8, int), b=-0.4, note="all malignant"),
        _drawn(96, 1, 1, np.array([1]), b=0.3, note="one patient"),
        Case(np.array([1.0, 0.5]), -1.0, SIX, labels, note="line 3: all at least at the edge"),
    ]


def _hinges(hinge=lambda m: np.maximum(0, 1 - m), label=lambda y: y, of_b=1):
    """Return a (mistaken) way to the hinges: hinge(margins), label(y), of_b times b in the score."""
    return lambda w, b, X, y: hinge(label(y) * (X @ w + of_b * b))


TURNED = ("The sign is turned. Either 1 + y s stands where 1 - y s belongs, or the labels became -1 and +1 the wrong "
          "way round: 0 (benign) is -1.")  # fmt: skip
NO_MAX = "The max is missing: patients who are clear of the strip would earn money. Below 0 a hinge is cut to 0."
NO_B = "b is missing in the score: w . x + b."
MINUS_B = "b is subtracted. The score is w . x + b."
HINGE_MISTAKES = mistakes(
    ("The labels 0 and 1 stand in the product. For a benign tumour y is then 0, and the hinge is always 1, whatever "
     "the line. Turn them into -1 and +1 first: 2 * labels - 1.", _hinges()),
    (TURNED, _hinges(lambda m: np.maximum(0, 1 + m), _signs)),
    (NO_MAX, _hinges(lambda m: 1 - m, _signs)),
    ("The 1 is missing: this asks only for the right side of the line (the perceptron's loss). The hinge asks for y "
     "times the score to be at least 1: max(0, 1 - y s).", _hinges(lambda m: np.maximum(0, -m), _signs)),
    ("These are 0 and 1 for 'clear' and 'not clear'. The hinge says how far a patient is from being clear.",
     _hinges(lambda m: m < 1, _signs)),
    ("The hinge is cut at 1 as well. It has a lower end alone: the farther on the wrong side, the larger.",
     _hinges(lambda m: np.clip(1 - m, 0, 1), _signs)),
    ("`max` (or `np.max`) of all values gives one number. `np.maximum(0, values)` compares each value with 0.",
     _hinges(lambda m: np.max(1 - m), _signs)),
    (NO_B, _hinges(label=_signs, of_b=0)), (MINUS_B, _hinges(label=_signs, of_b=-1)),
    ("This is y times the score. The hinge is what it lacks to 1, and never below 0: max(0, 1 - y s).",
     _hinges(lambda m: m, _signs)),
)  # fmt: skip


def objective_by_library(w, b, X, y, C):
    from scipy.linalg import norm

    return norm(w) ** 2 / 2 + C * len(y) * weighted_hinge(y, X @ w + b, np.ones(len(y)))


def objective_cases():
    y = np.random.default_rng(93).choice([-1, 1], 13)
    return [
        Case(np.array([0.4, 0.2]), 0.2, SIX, SIX_Y, 0.1, note="line 4 of the page"),
        Case(np.array([0.4, 0.2]), 0.2, SIX, SIX_Y, 10.0, note="line 4, a high price"),
        Case(np.array([1.0, 0.5]), -1.0, SIX, SIX_Y, 0.1, note="line 3: no patient pays"),
        _drawn(93, 13, 5, y, 0.5, note="five measurements, 13 patients"),
        _drawn(94, 3, 3, np.array([1.0, -1.0, 1.0]), 2, note="as many patients as measurements"),
        _drawn(95, 9, 3, -np.ones(9), 3.0, b=-2.4, note="all benign"),
        Case(np.zeros(2), 0.0, SIX, SIX_Y, 2.0, note="w = 0, b = 0"),
        Case(np.array([1.5]), 0.3, np.array([[0.4]]), np.array([1]), 1.5, note="one patient, one measurement"),
    ]


def _P(price=lambda w, b, h, C: w @ w / 2 + C * h.sum(), **how):
    """Return a (mistaken) P: price(w, b, hinges (n,), C); how: as in _hinges."""
    return lambda w, b, X, y, C: price(w, b, _hinges(**how)(w, b, X, y), C)


def _by_feature(w, b, X, y, C):
    return sum(w[j] ** 2 / 2 + C * np.maximum(0, 1 - y * (X[:, j] * w[j] + b)).sum() for j in range(len(w)))


OBJECTIVE_MISTAKES = mistakes(
    ("The regulariser 1/2 ||w||^2 is missing. Without it every line that tells all patients apart with room to spare "
     "costs 0, and nothing asks for a wide strip.", _P(lambda w, b, h, C: C * h.sum())),
    ("The regulariser stands inside the sum over the patients, so it is counted n times. Once only: ||w||^2 is a sum "
     "over features.", _P(lambda w, b, h, C: (w @ w / 2 + C * h).sum())),
    ("The hinge stands inside the sum over the features, so it is counted once for each feature. It is a sum over "
     "patients, once.", _P(lambda w, b, h, C: w @ w / 2 + C * h.sum() * len(w))),
    ("The hinge stands inside the sum over the features: yours asks each measurement alone for the margin. First the "
     "whole score w . x + b of a patient, then her hinge.", _by_feature),
    ("The intercept is regularised: b^2 stands in the price. Then the best line depends on where the measurements have "
     "their zero. Only w is regularised.", _P(lambda w, b, h, C: (w @ w + b**2) / 2 + C * h.sum())),
    ("C stands at the wrong term: it is the price of the hinges, not of ||w||^2.",
     _P(lambda w, b, h, C: C * w @ w / 2 + h.sum())),
    ("C stands at both terms; it is the price of the hinges alone.", _P(lambda w, b, h, C: C * (w @ w / 2 + h.sum()))),
    ("C is missing: the hinges' sum is multiplied by it.", _P(lambda w, b, h, C: w @ w / 2 + h.sum())),
    ("The mean of the hinges was taken. In this P they are added up.",
     _P(lambda w, b, h, C: w @ w / 2 + C * h.mean())),
    ("The half is missing: 1/2 ||w||^2.", _P(lambda w, b, h, C: w @ w + C * h.sum())),
    ("The length of w is not squared: 1/2 ||w||^2 is half of w . w.",
     _P(lambda w, b, h, C: np.sqrt(w @ w) / 2 + C * h.sum())),
    ("This is the square of the sum of w. ||w||^2 is the sum of the squares: square each weight first.",
     _P(lambda w, b, h, C: w.sum() ** 2 / 2 + C * h.sum())),
    ("w * 2 doubles each weight, w ** 2 squares it.", _P(lambda w, b, h, C: w.sum() + C * h.sum())),
    ("w @ w is the sum of the squares already; squared once more it is another number.",
     _P(lambda w, b, h, C: (w @ w) ** 2 / 2 + C * h.sum())),
    ("This adds the absolute values |w_j|. ||w||^2 adds their squares.",
     _P(lambda w, b, h, C: np.abs(w).sum() / 2 + C * h.sum())),
    ("The hinges are squared. Here the price grows in proportion.",
     _P(lambda w, b, h, C: w @ w / 2 + C * (h**2).sum())),
    ("The sign in the hinge is turned: 1 - y times the score.", _P(hinge=lambda m: np.maximum(0, 1 + m))),
    (NO_MAX, _P(hinge=lambda m: 1 - m)),
    ("The max stands outside the sum. Each patient's own hinge is cut at 0, then they are added up.",
     _P(lambda w, b, h, C: w @ w / 2 + C * max(0, h.sum()), hinge=lambda m: 1 - m)),
    ("The labels are turned into -1 and +1 once more. Here y comes as -1 and +1 already.", _P(label=_signs)),
    ("Labels 0 and 1 stand in the hinge. Here y comes as -1 and +1: use it as it is.", _P(label=lambda y: y > 0)),
    ("y is missing in the hinge: it says on which side a patient belongs.", _P(label=np.ones_like)),
    (NO_B, _P(of_b=0)), (MINUS_B, _P(of_b=-1)),
    ("One number was asked; this is one value for each patient. Add the hinges up before ||w||^2 joins them.",
     _P(lambda w, b, h, C: w @ w / 2 + C * h)),
)  # fmt: skip
