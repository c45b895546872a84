"""Lesson 18: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests
from sklearn.metrics import log_loss
from sklearn.metrics.pairwise import euclidean_distances


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def weighted(X, y, w, b, weights, v=None, push=None, below=None):
    """A weighted loss and gradient, patient by patient; v, push, below: what a mistake puts in their place."""
    p = [sigmoid(float(np.dot(row, w)) + b) for row in X]
    each = [weights[label] for label in y] if v is None else v(y, weights)
    pushes = [one - label for one, label in zip(p, y, strict=True)]
    steps = np.multiply(each, pushes) if push is None else push(np.array(p), y, np.array(each))
    total = sum(each) if below is None else below(each)
    loss = sum(k * -np.log(one if label else 1 - one) for k, one, label in zip(each, p, y, strict=True))
    return loss / total, (np.asarray(X) * steps[:, None]).sum(axis=0) / total, steps.sum() / total


def unweighted_slope(X, y, w, b, weights):
    loss = log_loss(y, sigmoid(X @ w + b), sample_weight=np.take(weights, y), labels=[0, 1])
    push = sigmoid(X @ w + b) - y
    return loss, X.T @ push / len(y), push.mean()


def bias_forgotten(X, y, w, b, weights):
    loss, dw, _ = weighted(X, y, w, b, weights)
    return loss, dw, np.mean(sigmoid(X @ w + b) - y)


def class_means(X, y, w, b, weights):
    p, parts = sigmoid(X @ w + b), []
    for label in (0, 1):
        own = y == label
        loss = -np.log(p[own] if label else 1 - p[own]).mean()
        parts.append(np.array([loss, *(X[own] * (p - y)[own, None]).mean(axis=0), (p - y)[own].mean()]))
    both = (weights[0] * parts[0] + weights[1] * parts[1]) / sum(weights)
    return both[0], both[1:-1], both[-1]


WEIGHTED_WRONG = [
    (functools.partial(weighted, v=lambda y, weights: [weights[1 - k] for k in y]), "upside down"),
    (functools.partial(weighted, v=lambda y, weights: [1] * len(y)), "weights are not used"),
    (unweighted_slope, "its gradient is that of the loss without weights"),
    (functools.partial(weighted, below=len), "Divide by the sum of their weights"),
    (functools.partial(weighted, below=lambda each: 1), "These are sums"),
    (functools.partial(weighted, push=lambda p, y, v: v * (y - p)), "wrong sign"),
    (functools.partial(weighted, push=lambda p, y, v: v * (p - y) * p * (1 - p)), "factor p (1 - p)"),
    (functools.partial(weighted, push=lambda p, y, v: v * v * (p - y)), "squared"),
    (bias_forgotten, "slope of b has no weights"),
    (lambda *a: (weighted(*a)[0], unweighted_slope(*a)[1], weighted(*a)[2]), "slopes of w have no weights"),
    (lambda *a: (*weighted(*a)[:2], weighted(*a, below=lambda each: 1)[2]), "slope of b is a sum"),
    (class_means, "averaged by itself"),
    (lambda *a: weighted(*a)[:2], "3 values were expected"),
]


def copied(X, y, folds, times, fit, before=False, whom=1, again=0, seen=lambda rest, test: rest):
    """Scores out of fold with copies as a list of rows; the keywords are what a mistake changes."""
    scores = np.zeros(len(y))
    for k in set(folds.tolist()):
        rest, test = folds != k, folds == k
        rows = list(np.flatnonzero(seen(rest, test)))
        copying = range(len(y)) if before else list(rows)
        rows += [i for i in copying if y[i] == whom for _ in range(times - 1 + again)]
        scores[test] = fit(X[rows], y[rows])(X[test])
    return scores


def test_resampled(X, y, folds, times, fit):
    repeats = np.where(y == 1, times, 1)
    X, folds, labels = (np.repeat(one, repeats, axis=0) for one in (X, folds, y))
    scores = np.zeros(len(labels))
    for k in np.unique(folds):
        scores[folds == k] = fit(X[folds != k], labels[folds != k])(X[folds == k])
    return scores


test_resampled.__test__ = False
COPIED_WRONG = [
    (functools.partial(copied, before=True), "before the split"),
    (test_resampled, "tested patients were copied, too"),
    (functools.partial(copied, whom=0), "rare class rarer"),
    (functools.partial(copied, again=1), "`times` + 1 times"),
    (functools.partial(copied, seen=lambda rest, test: rest | test), "trained on all patients"),
    (functools.partial(copied, seen=lambda rest, test: test), "trained on the fold that is tested"),
    (lambda X, y, folds, times, fit: copied(X, y, folds, 1, fit), "Nobody was copied"),
    (lambda X, y, folds, times, fit: copied(X, y, np.arange(len(y)), times, fit), "values differ"),
]


def by_odds(p, trained, target):
    factor = target / (1 - target) * (1 - trained) / trained
    return np.vectorize(lambda one: 1.0 if one == 1 else (o := one / (1 - one) * factor) / (1 + o))(p)


PRIOR_WRONG = [
    (lambda p, trained, target: by_odds(p, target, trained), "upside down"),
    (lambda p, trained, target: p * target / trained, "do not add up to 1"),
    (lambda p, trained, target: p * target / (p * target + (1 - p) * (1 - target)), "takes it for 0.5"),
    (lambda p, trained, target: by_odds(p, p.mean(), target), "wrong set"),
    (lambda p, trained, target: p * target / trained / (p * target / trained + 1 - p), "ratio of the shares"),
    (lambda p, trained, target: p + target - trained, "difference of the shares"),
    (lambda p, trained, target: p, "came back as they went in"),
]


def moved(X, centres, pick=np.argmin, mean=np.mean, **keywords):
    number = pick(euclidean_distances(X, centres), axis=1)
    return number, np.array([mean(X[number == k], axis=0) for k in range(len(centres))])


def labelled_again(X, centres):
    new = moved(X, centres)[1]
    return moved(X, new)[0], new


CLUSTERS_WRONG = [
    (functools.partial(moved, pick=np.argmax), "farthest centre"),
    (lambda X, centres: (moved(X, centres)[0], centres), "the old ones"),
    (labelled_again, "further round"),
    (functools.partial(moved, mean=np.median), "medians"),
    (functools.partial(moved, mean=np.sum), "sums"),
]
RIGHT = {"18.1": weighted, "18.2": copied, "18.3": by_odds, "18.4": moved}
WRONG = {"18.1": WEIGHTED_WRONG, "18.2": COPIED_WRONG, "18.3": PRIOR_WRONG, "18.4": CLUSTERS_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("18", RIGHT, WRONG)


def by_library_copies(X, y, folds, times, fit):
    scores = [0.0] * len(y)
    for k in np.unique(folds):
        train = np.concatenate([np.flatnonzero(folds != k)] + (times - 1) * [np.flatnonzero((folds != k) & (y == 1))])
        for i, value in zip(np.flatnonzero(folds == k), fit(X[train], y[train])(X[folds == k]), strict=True):
            scores[i] = float(value)
    return scores


@pytest.mark.parametrize(("number", "answer"), [
    ("18.1", lambda X, y, w, b, weights: [np.float32(one) for one in weighted(X, y, w, b, weights)[:1]]
     + list(weighted(X, y, w, b, weights)[1:])),
    ("18.2", by_library_copies),
    ("18.3", lambda p, trained, target: np.where(p == 1, 1, by_odds(np.minimum(p, 1 - 1e-15), trained, target))),
    ("18.4", lambda X, centres: (moved(X, centres)[0].tolist(), moved(X, centres)[1].tolist())),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
