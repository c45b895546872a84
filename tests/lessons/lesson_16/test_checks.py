"""Lesson 16: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests
from scipy.special import expit, logit, softmax


def block(x, W1, W2, grad, bend=True, through=True, direct=True, added=True, refuse=True):
    """The block and its slope by einsum; the keywords are what a mistake leaves out."""
    z = np.einsum("nd,dh->nh", x, W1)
    on = z > 0
    f = np.einsum("nh,hd->nd", z * on if bend else z, W2)
    if refuse and f.shape != x.shape:
        raise ValueError("the two shapes differ")
    back = np.einsum("nd,hd->nh", grad, W2) * (on if bend and through is True else 1)
    return f + added * x, direct * grad + bool(through) * np.einsum("nh,dh->nd", back, W1)


def bent_sum(x, W1, W2, grad):
    y, _ = block(x, W1, W2, grad)
    return np.maximum(y, 0), block(x, W1, W2, grad * (y > 0))[1]


def no_transpose(x, W1, W2, grad):
    hidden = np.maximum(x @ W1, 0)
    return x + hidden @ W2, grad + ((grad @ W2) * (hidden > 0)) @ W1


BLOCK_WRONG = [
    (functools.partial(block, direct=0), "lacks the shortcut"),
    (functools.partial(block, through=0), "slope is grad alone"),
    (functools.partial(block, added=0), "y lacks x"),
    (functools.partial(block, added=0, direct=0), "plain layers"),
    (functools.partial(block, through=2), "bend is forgotten"),
    (functools.partial(block, bend=False), "bend is missing"),
    (bent_sum, "sum was bent"),
    (no_transpose, "transpose"),
    (lambda x, W1, W2, grad: (block(x, W1, W2, grad)[0], block(x, W1, W2, grad)[1] - grad + x), "x was added"),
    (lambda x, W1, W2, grad: (block(x, W1, W2, grad)[0], block(x, W1, W2, grad)[1] + grad), "shortcut twice"),
    (functools.partial(block, refuse=False), "without a word"),
    (lambda x, W1, W2, grad: block(x, W1, W2, grad)[1], "values were expected"),
]


def average(p, y, mean=np.mean, error=np.square):
    one = mean(p, axis=0)
    return one, error(one - y).mean(), error(p - one).mean()


def chosen(p, y):
    best = min(range(len(p)), key=lambda k: np.square(p[k] - y).mean())
    return p[best], np.square(p[best] - y).mean(), np.square(p - p[best]).mean()


def weighed(p, y):
    one = np.average(p, axis=0, weights=1 / np.square(p - y).mean(axis=1))
    return one, np.square(one - y).mean(), np.square(p - one).mean()


AVERAGE_WRONG = [
    (functools.partial(average, mean=lambda p, axis: (p >= 0.5).mean(axis=axis)), "votes"),
    (functools.partial(average, mean=lambda p, axis: expit(logit(p).mean(axis=axis))), "logits"),
    (functools.partial(average, mean=np.median), "medians"),
    (functools.partial(average, mean=np.sum), "not divided by the number of seeds"),
    (functools.partial(average, error=np.abs), "not squared"),
    (chosen, "best seed"),
    (weighed, "weighted by how well"),
    (lambda p, y: (average(p, y)[0], np.square(p - y).mean(), average(p, y)[2]), "mean error of the single seeds"),
    (lambda p, y: (*average(p, y)[:2], np.square(p - y).mean()), "far the seeds lie from the truth"),
    (lambda p, y: (*average(p, y)[:2], p.std(axis=0).mean()), "standard deviation"),
    (lambda p, y: (average(p, y)[0], average(p, y)[2], average(p, y)[1]), "changed places"),
    (lambda p, y: (p.mean(axis=1), *average(p, y)[1:]), "runs over the patients"),
]


def attend(Q, K, V, axis=-1, root=None, shares=softmax):
    root = np.sqrt(K.shape[-1]) if root is None else root(Q, K, V)
    return np.einsum("nm,mc->nc", shares(np.einsum("nd,md->nm", Q, K) / root, axis=axis), V)


def overflowing(scores, axis):
    with np.errstate(all="ignore"):
        return np.exp(scores) / np.exp(scores).sum(axis=axis, keepdims=True)


ATTEND_WRONG = [
    (functools.partial(attend, axis=0), "down the columns"),
    (functools.partial(attend, axis=None), "whole table"),
    (functools.partial(attend, root=lambda Q, K, V: 1), "not divided by the root"),
    (functools.partial(attend, root=lambda Q, K, V: K.shape[1]), "divided by d"),
    (functools.partial(attend, root=lambda Q, K, V: len(K) ** 0.5), "number of keys"),
    (functools.partial(attend, root=lambda Q, K, V: V.shape[1] ** 0.5), "length of a value"),
    (functools.partial(attend, shares=overflowing), "large scores"),
    (functools.partial(attend, shares=lambda scores, axis: scores), "no softmax"),
    (functools.partial(attend, shares=lambda scores, axis: expit(scores)), "sigmoid"),
    (lambda Q, K, V: softmax(Q @ K.T / K.shape[1] ** 0.5, axis=1), "These are the shares"),
    (lambda Q, K, V: attend(Q, K, K), "keys were mixed"),
]


def honestly(inner, outer):
    best = np.argmin(inner, axis=1)[:, None]
    return np.take_along_axis(inner, best, 1).mean(), np.take_along_axis(outer, best, 1).mean()


HONEST_WRONG = [
    (lambda inner, outer: (np.mean([min(row) for row in inner]), np.mean([min(row) for row in outer])),
     "by the patients who judge it"),
    (lambda inner, outer: (inner[:, k := outer.mean(axis=0).argmin()].mean(), outer[:, k].mean()),
     "One setting was chosen for all by the patients who judge"),
    (lambda inner, outer: (inner[:, k := inner.mean(axis=0).argmin()].mean(), outer[:, k].mean()),
     "for all folds, by the mean of `inner`"),
    (lambda inner, outer: honestly(-inner, outer)[::-1] and (inner.max(axis=1).mean(), honestly(-inner, outer)[1]),
     "argmin, not argmax"),
    (lambda inner, outer: (honestly(inner, outer)[0], honestly(inner, outer)[0]), "once more"),
    (lambda inner, outer: (honestly(inner, outer)[0], outer.mean()), "all settings"),
    (lambda inner, outer: honestly(inner.T, outer.T), "down the columns"),
]
RIGHT = {"16.1": block, "16.2": average, "16.3": attend, "16.4": honestly}
WRONG = {"16.1": BLOCK_WRONG, "16.2": AVERAGE_WRONG, "16.3": ATTEND_WRONG, "16.4": HONEST_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("16", RIGHT, WRONG)


def in_lists(x, W1, W2, grad):
    if W2.shape[1] != x.shape[1]:
        raise ValueError("no")
    y, dx = block(x.astype(np.float32), W1, W2, grad)
    return [y.tolist(), dx.tolist()]


def patient_by_patient(p, y):
    one = [sum(column) / len(column) for column in p.T.tolist()]
    kept = sum((a - b) ** 2 for a, b in zip(one, y, strict=True)) / len(y)
    return one, kept, np.square(p - y).mean() - kept


def query_by_query(Q, K, V):
    out = []
    for q in Q:
        scores = np.array([q @ k for k in K]) / len(q) ** 0.5
        out.append(np.exp(scores - scores.max()) @ V / np.exp(scores - scores.max()).sum())
    return out


@pytest.mark.parametrize(("number", "answer"), [
    ("16.1", in_lists), ("16.2", patient_by_patient), ("16.3", query_by_query),
    ("16.4", lambda inner, outer: np.mean([(a.min(), b[a.argmin()]) for a, b in zip(inner, outer, strict=True)], 0)),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
