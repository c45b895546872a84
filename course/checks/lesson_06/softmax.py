"""What the checkers of exercises 6.2 and 6.3 need: softmax of rows, and two outputs made one.

Shapes: scores (n, k), a row for each picture, a column for each class; weights (m, 2) and bias (2,).
"""

import numpy as np
from scipy import special

from course.checks.compare import Case, Mistake, mistakes


def cases():
    rng = np.random.default_rng(63)
    return [
        Case(rng.normal(size=(3, 3)), note="as many pictures as classes: here a mix-up raises no error"),
        Case(np.array([[2, 1, -1], [0, 0, 0]]), note="whole numbers"),
        *(Case(rng.normal(size=shape)) for shape in ((4, 5), (1, 3), (3, 1))),
        Case(np.array([[800.0, 790.0, 0.0], [1.0, 2.0, 3.0]]), note="large scores"),
        Case(np.array([[-800.0, -790.0], [-2000.0, -2001.0]]), note="far below 0"),
        Case(np.array([[1000.0, 999.0], [-1000.0, -1001.0]]), note="one row high, one row low"),
        Case(np.array([[3000.0, 0.0, 0.0]]), note="one score far above the others"),
        Case(np.array([[20000.0, 19999.0, 0.0]]), note="very large scores, too large for longdouble too"),
        Case(np.array([[100.0, 98.0], [0.0, 1.0]], np.float32), note="float32, where exp ends at 88"),
    ]


def by_scipy(scores):
    return special.softmax(scores.astype(float), axis=1)


def _shares(power=lambda scores: 0, total=lambda powers: powers.sum(axis=1, keepdims=True)):
    """Return softmax that lowers the scores by power(scores) and divides by total(powers)."""
    def wrong(scores):
        powers = np.exp(scores - power(scores))
        return powers / total(powers)
    return wrong


def _largest(scores):
    return scores.max(axis=1, keepdims=True)


def _rows_lost(result, expected, scores):
    """Are all rows right but those that hold a NaN?"""
    lost = np.isnan(result).any(axis=1)
    return result.shape == expected.shape and lost.any() and np.allclose(result[~lost], expected[~lost], 1e-5, 1e-5)


BY_ROW = [lambda scores: 0, _largest, np.max]
MISTAKES = [
    *mistakes(
        ("nan_to_num hides the overflow, it does not mend it: the shares of the surest picture become 0. Lower each "
         "row before exp.", lambda scores: np.nan_to_num(_shares()(scores))),
        ("Wrong axis: the columns add up to 1, not the rows, so a patient's probability depends on who else is in the "
         "batch. Each row is one picture, and its classes lie along axis=1.",
         *(_shares(low, lambda powers: powers.sum(axis=0)) for low in (*BY_ROW, lambda scores: scores.max(axis=0)))),
        ("All shares of the whole batch together add up to 1. Each row has its own sum: axis=1, keepdims=True.",
         *(_shares(low, np.sum) for low in BY_ROW)),
        ("Without keepdims=True, sums or largest scores, one number a row, lie along the columns: NumPy lines shapes "
         "up from the right. With as many pictures as classes no error tells you.",
         *(_shares(low, lambda powers: powers.sum(axis=1)) for low in (*BY_ROW, lambda scores: scores.max(axis=1))),
         _shares(lambda scores: scores.max(axis=1))),
        ("All rows are lowered by the largest score of the whole batch. A row far below it becomes all zeros, and 0 / "
         "0 is nan: each row needs its own largest score, axis=1.", _shares(np.max)),
        ("Each column is lowered by its own largest score, which moves the scores of a picture against each other. All "
         "scores of a *row* go down by the same number: axis=1.", _shares(lambda scores: scores.max(axis=0))),
        ("Each row is lowered by its smallest score, so exp still overflows for the largest. Take the largest.",
         _shares(lambda scores: scores.min(axis=1, keepdims=True))),
        ("Each row is lowered by its mean, and a score far above the mean still overflows. Take the largest.",
         _shares(lambda scores: scores.mean(axis=1, keepdims=True))),
        ("The scores are clipped, so that 800 and 790 become the same number, and the sure answer a draw. Lower all "
         "scores of a row by the same number, which changes no share.",
         *(lambda scores, limit=limit: _shares()(np.clip(scores, -limit, limit))
           for limit in (20, 30, 50, 80, 88, 100, 200, 300, 500, 600, 700, 709))),
        ("The scores are divided by the largest instead of lowered by it. That changes how far they lie apart.",
         lambda scores: _shares()(scores / _largest(scores))),
        ("exp is missing: scores divided by their sum may be negative, or divided by 0.",
         lambda scores: scores / scores.sum(axis=1, keepdims=True)),
        ("This is the sigmoid of each score. The shares of a picture must add up to 1.",
         lambda scores: special.expit(scores.astype(float))),
        ("These are the logarithms of the shares. Return the shares.",
         lambda scores: special.log_softmax(scores.astype(float), axis=1)),
        ("The winner takes all: this is argmax. softmax gives the second its share.",
         lambda scores: np.eye(scores.shape[1])[scores.argmax(axis=1)]),
        ("The powers of a row are not divided by their sum, so its shares do not add up to 1.",
         *(_shares(low, total) for low in BY_ROW for total in (
             lambda powers: 1, lambda powers: powers.max(axis=1, keepdims=True)))),
    ),
    Mistake("Rows of scores far from 0 become nan: exp(800) is inf, and inf / inf is nan; exp(-800) is 0, and 0 / 0 "
            "is nan too. Lower each row first, so that its largest score becomes 0.", when=_rows_lost),
]  # fmt: skip


def pairs():
    rng = np.random.default_rng(64)
    return [
        Case(np.array([[1, 3], [0, -2], [4, 4]]), np.array([1, 0]), note="whole numbers"),
        Case(np.array([[1, 3], [0, -2]]), np.array([0.5, -0.25]), note="weights of whole numbers, bias with fractions"),
        *(Case(rng.normal(size=(m, 2)), rng.normal(size=2)) for m in (4, 2, 1, 12)),
    ]


def from_odds(weights, bias):
    """Read the weights off log(p / (1 - p)) with p from SciPy's softmax, at 0 and at 1 in each input."""
    points = np.vstack([np.zeros(len(weights)), np.eye(len(weights))])
    odds = special.logit(special.softmax(points @ weights + bias, axis=1)[:, 1])
    return (odds[1:] - odds[0])[:, None], odds[:1]


def _pair(of_weights, of_bias=None):
    """Return (of_weights(class 0, class 1), the same of the biases, or of_bias)."""
    return lambda weights, bias: (of_weights(weights[:, :1], weights[:, 1:]),
                                  (of_bias or of_weights)(bias[:1], bias[1:]))


def _less(zero, one):
    return one - zero


PAIR_MISTAKES = [
    *mistakes(
        ("The difference is the wrong way round: this gives the probability of class 0, benign. Class 1 less class 0.",
         _pair(lambda zero, one: zero - one)),
        ("Only class 1 is used. Its score says nothing alone: what counts is how far it lies above that of class 0.",
         _pair(lambda zero, one: one)),
        ("Only class 0 is used. What counts is how far the score of class 1 lies above it.",
         _pair(lambda zero, one: zero)),
        ("The two are added. If both scores rise alike, no share changes: take the difference.",
         _pair(lambda zero, one: zero + one)),
        ("The biases are forgotten: they are scores too, and their difference counts.",
         _pair(_less, lambda zero, one: 0 * one)),
        ("The bias of one class is taken as it is. Take the difference, as for the weights.",
         _pair(_less, lambda zero, one: one), _pair(_less, lambda zero, one: zero)),
        ("The difference of the biases is the wrong way round: class 1 less class 0, as for the weights.",
         _pair(_less, lambda zero, one: zero - one)),
    ),
    Mistake("The numbers are right, the shapes are not: weights (m, 1) and bias (1,), so that it is still a dense "
            "layer, with one neuron. A slice keeps the axis: weights[:, 1:] - weights[:, :1].",
            when=lambda result, expected, *inputs: all(
                np.size(one) == right.size and np.allclose(np.ravel(one), right.ravel())
                for one, right in zip(result, expected, strict=True))),
]  # fmt: skip
