"""What the checkers of exercises 6.2 and 6.3 need: softmax of rows, and two outputs made one.

Shapes: scores (n, k), a row for each picture, a column for each class; weights (m, 2) and bias (2,).
"""

import numpy as np
from scipy import special

from course.checks.compare import Case, Mistake
from course.checks.lesson_06.dense import mistake


def cases():
    rng = np.random.default_rng(63)
    return [
        Case(rng.normal(size=(3, 3)), note="as many pictures as classes: here a mix-up raises no error"),
        Case(np.array([[2, 1, -1], [0, 0, 0]]), note="whole numbers"),
        Case(rng.normal(size=(4, 5))),
        Case(rng.normal(size=(1, 3)), note="one picture"),
        Case(rng.normal(size=(3, 1)), note="one class: the share is 1"),
        Case(np.array([[800.0, 790.0, 0.0], [1.0, 2.0, 3.0]]), note="large scores"),
        Case(np.array([[-800.0, -790.0], [-2000.0, -2001.0]]), note="far below 0"),
        Case(np.array([[1000.0, 999.0], [-1000.0, -1001.0]]), note="one row high, one row low"),
        Case(np.array([[3000.0, 0.0, 0.0]]), note="one score far above the others"),
        Case(np.array([[20000.0, 19999.0, 0.0]]), note="very large scores, too large for longdouble too"),
        Case(np.array([[100.0, 98.0], [0.0, 1.0]], np.float32), note="float32, where exp ends at 88"),
    ]


def by_scipy(scores):
    return special.softmax(scores.astype(float), axis=1)


def _naive(scores, axis=1):
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)


def _from(lowered):
    """Return softmax after the scores have been lowered by `lowered(scores)`."""
    return lambda scores: _naive(scores - lowered(scores))


def _clipped(limit):
    reason = ("The scores are clipped, so that 800 and 790 become the same number, and the sure answer a draw. Do not "
              "cut: lower all scores of a row by the same number, which changes no share.")
    return mistake(reason, wrong=lambda scores: _naive(np.clip(scores, -limit, limit)))


def _small_rows_lost(result, expected, scores):
    """Is there a row of NaN that would have come out right if nothing had been lowered?"""
    lost = np.isnan(result).all(axis=1)
    return lost.any() and np.isfinite(_naive(scores.astype(float))[lost]).all()


def _powers(scores):
    return np.exp(scores - scores.max(axis=1, keepdims=True))


def _no_keepdims_below(scores):
    return _powers(scores) / _powers(scores).sum(axis=1)


def _one_hot(scores):
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


AXIS = (
    "Wrong axis: the columns add up to 1, not the rows. Then a patient's probability depends on who else is in the "
    "batch. Each row is one picture, and its classes lie along axis=1."
)
FIXED = (
    "A fixed number fits one row only: rows of small scores become all zeros, and 0 / 0 is nan. Lower each row by a "
    "number of its own."
)
KEEP = "Without keepdims=True, {} one number a row lie along the columns: NumPy lines shapes up from the right. "
MISTAKES = [
    mistake("exp overflows: exp(800) is inf, and inf / inf is nan, not a number. Lower each row first, by a number "
            "that leaves its largest score at 0; the shares stay the same.",
            wrong=_naive),
    mistake("nan_to_num hides the overflow, it does not mend it: the shares of the surest picture become 0 and do not "
            "add up to 1. Lower each row before exp.",
            wrong=lambda scores: np.nan_to_num(_naive(scores))),
    mistake(AXIS, wrong=lambda scores: special.softmax(scores.astype(float), axis=0)),
    mistake(AXIS, wrong=lambda scores: _naive(scores, axis=0)),
    mistake(AXIS, wrong=lambda scores: _naive(scores - scores.max(axis=1, keepdims=True), axis=0)),
    mistake(AXIS, wrong=lambda scores: _naive(scores - scores.max(), axis=0)),
    mistake("Wrong axis: all shares of the whole batch add up to 1. Each row is one picture: axis=1.",
            wrong=lambda scores: special.softmax(scores.astype(float))),
    mistake("Wrong axis: all shares of the whole batch add up to 1 (and exp may overflow). Each row is one picture: "
            "axis=1.",
            wrong=lambda scores: np.exp(scores) / np.exp(scores).sum()),
    mistake("The sum runs over the whole table, so all shares of the batch together add up to 1. Each row has its own "
            "sum: axis=1, keepdims=True.",
            wrong=lambda scores: _powers(scores) / _powers(scores).sum()),
    mistake("longdouble only moves the limit: exp overflows for larger scores, and on many machines longdouble is "
            "float64. Lower each row by its largest score.",
            wrong=lambda scores: _naive(scores.astype(np.longdouble)).astype(float)),
    mistake(KEEP.format("the sums,") + "With as many pictures as classes no error tells you.",
            wrong=_no_keepdims_below),
    mistake(KEEP.format("the sums,") + "Besides, exp overflows for large scores.",
            wrong=lambda scores: np.exp(scores) / np.exp(scores).sum(axis=1)),
    mistake(KEEP.format("the largest scores,") + "So each column is lowered by a stranger's number.",
            wrong=_from(lambda scores: scores.max(axis=1))),
    mistake(KEEP.format("largest scores and sums,") + "With as many pictures as classes no error tells you.",
            wrong=lambda scores: (np.exp(scores - scores.max(axis=1))
                                  / np.exp(scores - scores.max(axis=1)).sum(axis=1))),
    mistake("All rows are lowered by the largest score of the whole batch. A row far below it becomes all zeros, and "
            "0 / 0 is nan. Each row needs its own largest score: axis=1.",
            wrong=_from(lambda scores: scores.max())),
    mistake("Each column is lowered by its own largest score. That moves the scores of a picture against each other. "
            "All scores of a *row* go down by the same number: axis=1.",
            wrong=_from(lambda scores: scores.max(axis=0))),
    mistake("Each row is lowered by its smallest score, so the largest stays as far above and exp still overflows. "
            "Take the largest.",
            wrong=_from(lambda scores: scores.min(axis=1, keepdims=True))),
    mistake("Each row is lowered by its mean. A score far above the mean still overflows. Take the largest.",
            wrong=_from(lambda scores: scores.mean(axis=1, keepdims=True))),
    *[mistake(FIXED, wrong=_from(lambda scores, number=number: number)) for number in
      (100, 200, 300, 400, 500, 600, 700, 709, 710, 720, 740, 750, 790, 800, 900, 1000, 2000, 3000, 20000)],
    *[_clipped(limit) for limit in (20, 30, 50, 80, 88, 100, 200, 300, 500, 600, 700, 709)],
    mistake("The scores are divided by the largest instead of lowered by it. That changes how far they lie apart.",
            wrong=lambda scores: _naive(scores / scores.max(axis=1, keepdims=True))),
    mistake("exp is missing: scores divided by their sum may be negative or divided by 0. First exp, then the shares.",
            wrong=lambda scores: scores / scores.sum(axis=1, keepdims=True)),
    mistake("This is the sigmoid of each score. The shares of a picture must add up to 1.",
            wrong=lambda scores: special.expit(scores.astype(float))),
    mistake("These are the logarithms of the shares. Return the shares.",
            wrong=lambda scores: special.log_softmax(scores.astype(float), axis=1)),
    mistake("The winner takes all: this is argmax. softmax gives the second its share.", wrong=_one_hot),
    mistake("The largest share is always 1. Divide by the sum of all powers of the row, and its shares add up to 1.",
            wrong=_powers),
    Mistake(FIXED, when=_small_rows_lost),
]  # fmt: skip


def pairs():
    def random(m, seed, note=""):
        rng = np.random.default_rng(seed)
        return Case(rng.normal(size=(m, 2)), rng.normal(size=2), note=note)

    return [
        Case(np.array([[1, 3], [0, -2], [4, 4]]), np.array([1, 0]), note="whole numbers"),
        random(4, 64),
        random(2, 65, note="as many inputs as classes"),
        random(1, 66, note="one input"),
        random(12, 67),
    ]


def from_odds(weights, bias):
    """Read the weights off log(p / (1 - p)) with p from SciPy's softmax, at 0 and at 1 in each input."""
    points = np.vstack([np.zeros(len(weights)), np.eye(len(weights))])
    p = special.softmax(points @ weights + bias, axis=1)[:, 1]
    odds = special.logit(p)
    return (odds[1:] - odds[0])[:, None], odds[:1]


def _pair(of_weights, of_bias=None):
    of_bias = of_bias or of_weights
    return lambda weights, bias: (np.reshape(of_weights(weights.astype(float)), (-1, 1)),
                                  np.reshape(of_bias(bias.astype(float)), (1,)))


def _shape_lost(result, expected, *inputs):
    values = [np.ravel(part) for part in result]
    return all(np.allclose(a, np.ravel(b)) for a, b in zip(values, expected, strict=True))


PAIR_MISTAKES = [
    Mistake("The difference is the wrong way round: this gives the probability of class 0, benign. Class 1 less class "
            "0.",
            wrong=_pair(lambda a: a[..., 0] - a[..., 1])),
    Mistake("Only class 1 is used. Its score says nothing alone: what counts is how far it lies above the score of "
            "class 0.",
            wrong=_pair(lambda a: a[..., 1])),
    Mistake("The two are added. If both scores rise alike, no share changes: take the difference.",
            wrong=_pair(lambda a: a[..., 0] + a[..., 1])),
    Mistake("The difference is halved. sigmoid takes it whole.", wrong=_pair(lambda a: (a[..., 1] - a[..., 0]) / 2)),
    Mistake("The biases are forgotten: they are scores too, and their difference counts.",
            wrong=_pair(lambda a: a[..., 1] - a[..., 0], lambda b: 0.0)),
    Mistake("The bias of class 1 is taken as it is. Take the difference, as for the weights.",
            wrong=_pair(lambda a: a[..., 1] - a[..., 0], lambda b: b[1])),
    Mistake("The numbers are right, the shapes are not: weights (m, 1) and bias (1,), so that the layer is still a "
            "dense layer, with one neuron. A slice keeps the axis: weights[:, 1:] - weights[:, :1].",
            when=_shape_lost),
]  # fmt: skip
