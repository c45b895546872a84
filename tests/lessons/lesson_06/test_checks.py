"""Lesson 06's checkers for layers (6.1 to 6.3), and the untouched stubs of all five exercises.

Classic mistakes of counting and of the whole pass are in test_pass.py.
"""

import functools
from fractions import Fraction

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from scipy import special

from course.checks import check
from course.nn import relu
from course.nn import softmax as stable
from lesson_06.test_pass import COUNT_WRONG, PASS_WRONG, count, whole_pass


def dense(x, weights, bias):
    if weights.shape[0] != x.shape[1] or bias.shape != (weights.shape[1],):
        raise ValueError(f"{x.shape}, {weights.shape}, {bias.shape}")
    return x.astype(float) @ weights + bias


def by_loops(x, weights, bias):
    if x.shape[1] != len(weights) or bias.shape != weights.shape[1:]:
        raise ValueError("shapes")
    out = np.zeros((len(x), weights.shape[1]))
    for n in range(len(x)):
        for j in range(weights.shape[1]):
            out[n, j] = bias[j]
            for i in range(len(weights)):
                out[n, j] += float(x[n, i]) * float(weights[i, j])
    return out


def turned_if_need_be(x, weights, bias):
    weights = weights if len(weights) == x.shape[1] else weights.T
    return dense(x, weights, bias)


def return_in_the_loop(x, weights, bias):
    for row in x.astype(float):
        return row @ weights + bias


def bias_each_time(x, weights, bias):
    return np.array([[sum(float(a) * w + b for a, w in zip(row, column, strict=True))
                      for column, b in zip(weights.T, bias, strict=True)] for row in x])  # fmt: skip


def judged_by_its_result(x, weights, bias):
    out = x.astype(float) @ weights + bias
    if weights.shape[0] != x.shape[1] or out.shape != (len(x), weights.shape[1]):
        raise ValueError("shapes")
    return out


def checks_the_wrong_axis(x, weights, bias):
    if len(x) != len(weights):
        raise ValueError("rows and inputs differ")
    return x.astype(float) @ weights + bias


def spoils(x, weights, bias):
    weights *= 2
    return x @ weights + bias


DENSE_WRONG = [
    (lambda x, weights, bias: x.astype(float) @ weights.T + bias, "The weights are transposed"),
    (lambda x, weights, bias: x.astype(float).T @ weights + bias, "x is transposed"),
    (lambda x, weights, bias: (x.astype(float) @ weights + bias).T, "The result lies on its side"),
    (lambda x, weights, bias: x.astype(float) @ weights + bias[:, None], "down the rows"),
    (lambda x, weights, bias: x.astype(float) @ weights, "bias is missing"),
    (lambda x, weights, bias: x.astype(float) @ weights - bias, "bias is subtracted"),
    (lambda x, weights, bias: x.astype(float) @ weights + np.sum(bias), "sum of all biases"),
    (bias_each_time, "added to every product"),
    (lambda x, weights, bias: x.astype(float) * weights + bias, "number by number"),
    (lambda x, weights, bias: x.astype(float) @ weights / x.shape[1] + bias, "mean of the products"),
    (lambda x, weights, bias: relu(dense(x, weights, bias)), "What is below 0 was cut to 0"),
    (lambda x, weights, bias: np.tile(dense(x[:1], weights, bias), (len(x), 1)), "Only the first row"),
    (return_in_the_loop, "Only one picture came back"),
    (lambda x, weights, bias: dense(x, weights, bias).ravel(), "The numbers lie in one row"),
    (lambda x, weights, bias: x @ weights + bias, "wrap around"),
    (turned_if_need_be, "were accepted"),
    (lambda x, weights, bias: x.astype(float) @ weights + bias, "A bias of another shape than (k,)"),
    (lambda x, weights, bias: dense(x, weights, bias if bias.shape != (1,) else bias.repeat(weights.shape[1]))
     if bias.ndim == 1 else x.astype(float) @ weights + bias, "A bias of another shape than (k,)"),
    (lambda x, weights, bias: dense(x, weights, bias) if bias.ndim == 1 else x.astype(float) @ weights + bias,
     "A bias of another shape than (k,)"),
    (lambda x, weights, bias: dense(x, weights, bias.reshape(-1)), "A bias of another shape than (k,)"),
    (judged_by_its_result, "A bias of another shape than (k,)"),
    (lambda x, weights, bias: dense(x, weights, bias) / len(x), "differ"),
    (lambda x, weights, bias: dense(x, weights.astype(x.dtype), bias), "differ"),
    (lambda x, weights, bias: dense(x, weights, bias).astype(x.dtype), "differ"),
    (checks_the_wrong_axis, "Your code refuses what fits"),
    (spoils, "changed the array it was given"),
    (lambda x, weights, bias: x.no_such(weights), "in line "),
    (lambda x, weights, bias: print(end=""), "`return` missing"),
    (lambda x, weights, bias: dense(x, weights, bias) + 1, "Each value is one too large"),
]  # fmt: skip


def lowered(by, axis=1):
    def wrong(scores):
        powers = np.exp(scores - by(scores))
        return powers / powers.sum(axis=axis, keepdims=True)
    return wrong


def nothing(scores):
    return 0


def largest(scores):
    return scores.max(axis=1, keepdims=True)


SOFTMAX_WRONG = [
    (lowered(nothing), "Rows of scores far from 0 become nan"),
    (lambda scores: np.nan_to_num(lowered(nothing)(scores)), "nan_to_num hides"),
    (lambda scores: special.softmax(scores, axis=0), "Wrong axis: the columns add up to 1"),
    (lowered(nothing, axis=0), "Wrong axis: the columns add up to 1"),
    (lowered(largest, axis=0), "Wrong axis: the columns add up to 1"),
    (lowered(lambda scores: scores.max(axis=0), axis=0), "Wrong axis: the columns add up to 1"),
    (lambda scores: special.softmax(scores), "All shares of the whole batch together"),
    (lambda scores: np.exp(scores) / np.sum(np.exp(scores)), "All shares of the whole batch together"),
    (lambda scores: np.exp(scores - largest(scores)) / np.exp(scores - largest(scores)).sum(axis=1),
     "Without keepdims=True, sums or largest scores"),
    (lambda scores: np.exp(scores) / np.exp(scores).sum(axis=1), "Without keepdims=True, sums or largest scores"),
    (lowered(lambda scores: scores.max(axis=1)), "Without keepdims=True, sums or largest scores"),
    (lowered(np.max), "largest score of the whole batch"),
    (lowered(lambda scores: scores.max(axis=0)), "Each column is lowered by its own largest"),
    (lowered(lambda scores: scores.min(axis=1, keepdims=True)), "by its smallest score"),
    (lowered(lambda scores: scores.mean(axis=1, keepdims=True)), "by its mean"),
    (lowered(lambda scores: 800), "Rows of scores far from 0 become nan"),
    (lowered(lambda scores: 700), "Rows of scores far from 0 become nan"),
    (lowered(lambda scores: 811), "Rows of scores far from 0 become nan"),
    (lambda scores: lowered(nothing)(np.clip(scores, -500, 500)), "The scores are clipped"),
    (lambda scores: lowered(nothing)(scores / largest(scores)), "divided by the largest instead"),
    (lambda scores: scores / scores.sum(axis=1, keepdims=True), "exp is missing"),
    (special.expit, "sigmoid of each score"),
    (lambda scores: special.log_softmax(scores, axis=1), "logarithms of the shares"),
    (lambda scores: np.eye(scores.shape[1])[scores.argmax(axis=1)], "winner takes all"),
    (lambda scores: np.exp(scores - largest(scores)), "are not divided by their sum"),
    (lambda scores: np.exp(scores - largest(scores)) / np.exp(scores - largest(scores)).max(axis=1, keepdims=True),
     "are not divided by their sum"),
    (lambda scores: np.exp(scores - largest(scores)) / np.exp(scores - largest(scores)).sum(),
     "All shares of the whole batch together"),
    (lambda scores: lowered(nothing)(scores.astype(np.longdouble)),
     "Rows of scores far from 0 become nan"),
    (lambda scores: np.exp(scores - np.maximum(largest(scores), 0)) / np.exp(
        scores - np.maximum(largest(scores), 0)).sum(axis=1, keepdims=True), "Rows of scores far from 0 become nan"),
    (lambda scores: stable(scores)[:, ::-1], "left and right"),
    (lambda scores: np.sort(stable(scores)), "sorted"),
    (lambda scores: scores[:, 5], "in line "),
]  # fmt: skip


def one(weights, bias):
    return weights[:, 1:] - weights[:, :1], bias[1:] - bias[:1]


ONE_WRONG = [
    (lambda weights, bias: (weights[:, :1] - weights[:, 1:], bias[:1] - bias[1:]), "wrong way round"),
    (lambda weights, bias: (weights[:, 1:], bias[1:]), "Only class 1 is used"),
    (lambda weights, bias: (weights.sum(axis=1, keepdims=True), bias.sum(keepdims=True)), "The two are added"),
    (lambda weights, bias: tuple(part / 2 for part in one(weights, bias)), "half the right one"),
    (lambda weights, bias: (one(weights, bias)[0], np.zeros(1)), "biases are forgotten"),
    (lambda weights, bias: (one(weights, bias)[0], bias[1:]), "bias of one class is taken as it is"),
    (lambda weights, bias: (weights[:, 1] - weights[:, 0], bias[1] - bias[0]), "the shapes are not"),
    (lambda weights, bias: weights[:, 1:] - weights[:, :1], "2 values were expected"),
    (lambda weights, bias: (one(weights, bias)[0], -one(weights, bias)[1]), "biases is the wrong way round"),
    (lambda weights, bias: one(weights, bias)[::-1], "the last stands first"),
    (lambda weights, bias: (one(weights, bias)[0], one(weights, bias)[1].astype(weights.dtype)), "Value 2 of 2"),
    (lambda weights, bias: one(weights, bias)[0].T, "2 values were expected"),
]

CASES = checker_cases(
    "06",
    right={"6.1": dense, "6.2": stable, "6.3": one, "6.4": count, "6.5": whole_pass},
    wrong={"6.1": DENSE_WRONG, "6.2": SOFTMAX_WRONG, "6.3": ONE_WRONG, "6.4": COUNT_WRONG, "6.5": PASS_WRONG},
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers overflow
@pytest.mark.parametrize(("number", "answer", "status", "words"), CASES)
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


class Softmax:
    def __call__(self, scores):
        return [[float(share) for share in row] for row in stable(scores.astype(float))]


def by_pairs(channels, shape, filters, hidden):
    kernels = sum((9 * c + 1) * d for c, d in zip(channels, filters, strict=False))
    h, w = shape[:2]
    for _ in filters:
        h, w = (h - 2) // 2, (w - 2) // 2
    return kernels + (h * w * channels[-1] + 1) * hidden + hidden + 1


OTHER_WAYS = [
    ("6.1", by_loops),
    ("6.1", lambda x, weights, bias: np.einsum("ni,ij->nj", x.astype(float), weights) + bias.reshape(weights.shape[1])
     if bias.ndim == 1 else [].index(1)),
    ("6.2", lambda scores: special.softmax(scores, axis=-1)),
    ("6.2", lambda scores: np.exp(scores - special.logsumexp(scores, axis=1)[:, None])),
    ("6.2", lambda scores: np.array([special.softmax(row) for row in scores])),
    ("6.2", lambda scores: stable(scores.astype(np.float32))),
    ("6.3", lambda weights, bias: (weights @ [[-1], [1]], bias @ [[-1], [1]])),
    ("6.3", lambda weights, bias: (np.diff(weights), np.diff(bias))),
    ("6.3", lambda weights, bias: [np.diff(weights), np.diff(bias)]),
    ("6.3", lambda weights, bias: [np.diff(weights).tolist(), np.diff(bias).tolist()]),
    ("6.1", lambda x, weights, bias: dense(x, weights, bias).tolist()),
    ("6.1", functools.partial(lambda kind, *inputs: dense(*inputs).astype(kind), np.float32)),
    ("6.2", Softmax()),
    ("6.4", lambda shape, filters, hidden: np.array(count(shape, filters, hidden))),
    ("6.4", lambda shape, filters, hidden: count(shape, filters, hidden) + 0.0),
    ("6.4", lambda shape, filters, hidden: [Fraction(count(shape, filters, hidden))]),
    ("6.4", lambda shape, filters, hidden: by_pairs(list.__add__([shape[2]], filters), shape, filters, hidden)),
    ("6.5", lambda *inputs: whole_pass(*inputs).tolist()),
]  # fmt: skip


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "false"), [
    ("6.1", lambda x, weights, bias: dense(x, weights, bias.reshape(-1)), "stretched it"),
    ("6.1", lambda x, weights, bias: dense(x, weights, bias) / len(x), "mean of the products"),
    ("6.2", lambda scores: np.exp(np.minimum(scores, 700)) / np.exp(np.minimum(scores, 700)).sum(1, keepdims=True),
     "fixed number"),
    ("6.4", lambda shape, filters, hidden: count(shape, filters, hidden) + 0.5, "//"),
    ("6.3", lambda weights, bias: (one(weights, bias)[0], bias[2:] - bias[:1]), "The numbers are right"),
    ("6.2", lambda scores: np.exp(scores)[0] / np.exp(scores).sum(), "Rows of scores far from 0"),
    ("6.5", lambda x, blocks, weights, bias: x.reshape(7, 7), "Flatten"),
])  # fmt: skip
def test_no_reason_that_is_not_true(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet" and false not in result.reason.split(", in line")[0]


def test_a_whole_float_is_right_with_a_word():
    assert "It came as a float" in check("6.4", lambda *inputs: float(count(*inputs))).reason


def test_the_report_names_the_inputs_as_the_page_does_and_the_library_that_agreed():
    assert "weights = " in repr(check("6.1", DENSE_WRONG[0][0]))
    assert "SciPy's softmax" in check("6.3", one).reason and "odds" not in check("6.3", one).reason


def test_the_learner_s_own_line_is_named():
    result = check("6.2", SOFTMAX_WRONG[-1][0])
    assert "IndexError" in repr(result) and "scores[:, 5]" in repr(result)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "wrong"), [("6.1", DENSE_WRONG), ("6.2", SOFTMAX_WRONG), ("6.3", ONE_WRONG),
                                               ("6.4", COUNT_WRONG), ("6.5", PASS_WRONG)])  # fmt: skip
def test_each_classic_mistake_has_a_reason_of_its_own(number, wrong):
    assert_reasons_differ(number, wrong)
