"""Lesson 11's checkers: right answers in several styles, untouched stubs, and every classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from scipy import special
from scipy.stats import norm
from sklearn.naive_bayes import GaussianNB

from course.checks import check


def posterior(prior, likelihood):
    return prior * likelihood / np.sum(prior * likelihood)


def learn(x, y):
    groups = [x[y == k] for k in (0, 1)]
    return (np.array([np.mean(y == 0), np.mean(y == 1)]), np.array([g.mean(axis=0) for g in groups]),
            np.array([((g - g.mean(axis=0)) ** 2).mean(axis=0) for g in groups]))  # fmt: skip


def estimates(x, y, spread=np.var, shares=None):
    groups = [x[y == k] for k in (0, 1)]
    shares = np.array([len(g) / len(y) for g in groups]) if shares is None else shares
    return shares, np.array([g.mean(0) for g in groups]), np.array([spread(g, axis=0) for g in groups])


def log_likelihood(x, m, v):
    return (-0.5 * np.log(2 * np.pi * v) - (x[:, None] - m) ** 2 / (2 * v)).sum(axis=2)


def densities(x, m, v):
    return np.exp(-((x[:, None] - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)


def squares(x, m, v):
    return (-((x[:, None] - m) ** 2) / (2 * v)).sum(axis=2)


def by_class(x, m, v, column):
    """Columns of a loop over the classes; `column` gets the squared distances (n, d) and the variances (d,)."""
    return np.stack([column((x - a) ** 2, b) for a, b in zip(m, v, strict=True)], axis=1)


def with_share(p, old, new):
    malignant, benign = p * new / old, (1 - p) * (1 - new) / (1 - old)
    return malignant / (malignant + benign)


def loops(x, m, v):
    out = np.zeros((len(x), len(m)))
    for i in range(len(x)):
        for c in range(len(m)):
            for j in range(x.shape[1]):
                out[i, c] += -0.5 * np.log(2 * np.pi * v[c, j]) - 0.5 * (x[i, j] - m[c, j]) ** 2 / v[c, j]
    return out


def odds(p, old, new):
    return p / (1 - p) * (new / (1 - new)) / (old / (1 - old))


def weighted(p, malignant, benign):
    return p * malignant / (p * malignant + (1 - p) * benign)


def stops(prior, likelihood):
    return prior["malignant"]


BAYES_WRONG = [
    (lambda prior, likelihood: likelihood, "This is P(x | y)"),
    (lambda prior, likelihood: likelihood / likelihood.sum(), "The prior is forgotten"),
    (lambda prior, likelihood: prior * likelihood, "The denominator is forgotten"),
    (lambda prior, likelihood: prior, "Only the shares came back"),
    (lambda prior, likelihood: prior * likelihood / np.mean(prior * likelihood), "Divided by another number than P(x)"),
    (lambda prior, likelihood: prior * likelihood / likelihood.max(), "Divided by another number than P(x)"),
    (lambda prior, likelihood: prior * likelihood / (prior * likelihood + (1 - prior) * (1 - likelihood)),
     "1 - P(x | y) was taken"),
    (lambda prior, likelihood: special.softmax(prior * likelihood), "went through exp"),
    (lambda prior, likelihood: prior * likelihood / likelihood.sum(), "Divided by another number than P(x)"),
    (lambda prior, likelihood: prior * likelihood / np.max(prior * likelihood), "Divided by another number than P(x)"),
    (lambda prior, likelihood: likelihood / prior / np.sum(likelihood / prior), "instead of multiplied"),
    (lambda prior, likelihood: (prior + likelihood) / np.sum(prior + likelihood), "are added"),
    (lambda prior, likelihood: posterior(prior, likelihood)[-1], "This is the last of what was asked"),
    (lambda prior, likelihood: np.sum(prior * likelihood), "the denominator. Return"),
    (lambda prior, likelihood: np.argmax(prior * likelihood), "number of the most probable class"),
    (lambda prior, likelihood: 1 - posterior(prior, likelihood), "1 minus the right one"),
    (lambda prior, likelihood: np.sort(posterior(prior, likelihood)), "but sorted"),
    (lambda prior, likelihood: likelihood / (prior * likelihood), "Divided class by class"),
    (lambda prior, likelihood: posterior(prior[:2], likelihood[:2]), "The shape is"),
    (lambda prior, likelihood: posterior(prior, likelihood)[::-1], "order is turned round"),
    (lambda prior, likelihood: posterior(prior, likelihood) + 1e-6, "values differ"),
    (lambda prior, likelihood: posterior(prior, likelihood).round(2), "rounded"),
    (lambda prior, likelihood: 100 * posterior(prior, likelihood), "a percentage"),
    (lambda prior, likelihood: print(end=""), "`return` missing"),
    (stops, '`return prior["malignant"]`'),
]
LEARN_WRONG = [
    (lambda x, y: estimates(x, y, lambda g, axis: np.var(g, axis=axis, ddof=1)), "divided by n - 1"),
    (lambda x, y: estimates(x, y, np.std), "standard deviations"),
    (lambda x, y: (*learn(x, y)[:2], np.array([x.var(0), x.var(0)])), "those of all patients together"),
    (lambda x, y: estimates(x, y, lambda g, axis: (g**2).mean(axis)), "measured from 0"),
    (lambda x, y: estimates(x, y, lambda g, axis: ((g - g.mean(0)) ** 2).sum(axis)), "added up, not averaged"),
    (lambda x, y: estimates(x, y, lambda g, axis: ((g - g.mean(0)) ** 2).sum(axis) / len(y)), "number of all patients"),
    (lambda x, y: estimates(x, y, lambda g, axis: np.abs(g - g.mean(0)).mean(axis)), "without their square"),
    (lambda x, y: estimates(x, y, shares=np.array([0.5, 0.5])), "The prior is forgotten"),
    (lambda x, y: estimates(x, y, shares=np.bincount(y)), "The shares are counts"),
    (lambda x, y: learn(x, 1 - y), "The classes are turned round"),
    (lambda x, y: (learn(x, y)[0][::-1], *learn(x, y)[1:]), "The shares are turned round"),
    (lambda x, y: (learn(x, y)[0], np.array([np.median(x[y == k], axis=0) for k in (0, 1)]), learn(x, y)[2]),
     "These are medians"),
    (lambda x, y: (learn(x, y)[0], np.array([x[y == k].mean() for k in (0, 1)]),
                   np.array([x[y == k].var() for k in (0, 1)])), "thrown together"),
    (lambda x, y: (learn(x, y)[0], np.array([x[y == k].mean(axis=1) for k in (0, 1)]),
                   np.array([x[y == k].var(axis=1) for k in (0, 1)])), "runs over the measurements of each patient"),
    (lambda x, y: (learn(x, y)[0], *(np.array([s.ravel()]) for s in learn(x, y)[1:])), "`reshape` them"),
    (lambda x, y: estimates(x, y, lambda g, axis: np.std(g, axis=axis, ddof=1)), "standard deviations, and divided by"),
    (lambda x, y: (learn(x, y)[0], *learn(x, y)[:0:-1]), "Means and variances are exchanged"),
    (lambda x, y: (y.mean(), *learn(x, y)[1:]), "Only one share came back"),
    (lambda x, y: (learn(x, y)[0], learn(x, y)[1].T, learn(x, y)[2].T), "Means and variances are turned"),
    (lambda x, y: (1 - y.mean(), *learn(x, y)[1:]), "Only one share came back"),
    (lambda x, y: learn(x, y)[:2], "3 values were expected"),
    (lambda x, y: (lambda m: (m.class_prior_, m.theta_, m.var_))(GaussianNB().fit(x, y)), "values differ"),
]  # fmt: skip
DENSITY_WRONG = [
    (lambda x, m, v: np.log(densities(x, m, v).prod(axis=2)), "Product underflow"),
    (lambda x, m, v: np.log(densities(x, m, v)).sum(axis=2), "far away is 0 in the computer too"),
    (lambda x, m, v: np.log(densities(x, m, v).prod(axis=2) + 1e-300), "A floor hides"),
    (lambda x, m, v: np.log(np.maximum(densities(x, m, v).prod(axis=2), 1e-12)), "A floor hides"),
    (lambda x, m, v: np.log(densities(x, m, v) + 1e-9).sum(axis=2), "A floor hides"),
    (lambda x, m, v: np.log(densities(x, m, v).clip(1e-12)).sum(axis=2), "A floor hides"),
    (lambda x, m, v: np.log(densities(x, m, v) + 1e-5).sum(axis=2), "values differ"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * np.log(2 * np.pi * v), "stands outside the sum"),
    (lambda x, m, v: np.log(densities(x.astype(np.longdouble), m, v).prod(axis=2)),
     "far away is 0 in the computer too"),
    (lambda x, m, v: log_likelihood(x, m, v).sum(), "the sum of what was asked"),
    (lambda x, m, v: np.log(densities(x, m, v).sum(axis=2)), "logarithm of a sum"),
    (squares, "The term -1/2 log(2 pi v) is missing"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * x.shape[1] * np.log(2 * np.pi), "log(v) is missing"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * np.log(v).sum(axis=1), "log(2 pi) is missing"),
    (lambda x, m, v: squares(x, m, v) - np.log(2 * np.pi * v).sum(axis=1), "before log(2 pi v)"),
    (lambda x, m, v: 2 * squares(x, m, v) - 0.5 * np.log(2 * np.pi * v).sum(axis=1), "before the squared distance"),
    (lambda x, m, v: 2 * log_likelihood(x, m, v), "twice the right one"),
    (lambda x, m, v: squares(x, m, v) + 0.5 * np.log(2 * np.pi * v).sum(axis=1), "sign of log(2 pi v)"),
    (lambda x, m, v: -log_likelihood(x, m, v), "The sign is turned: each value"),
    (lambda x, m, v: -squares(x, m, v) - 0.5 * np.log(2 * np.pi * v).sum(axis=1), "farther must be less likely"),
    (lambda x, m, v: norm.logpdf(x[:, None], m, v).sum(axis=2), "variance is taken for the standard deviation"),
    (lambda x, m, v: log_likelihood(x, m, np.sqrt(v)), "standard deviation is taken for the variance"),
    (lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - (x[:, None] - m) / (2 * v)).sum(axis=2), "is not squared"),
    (lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - (x[:, None] - m) ** 2 / 2 * v).sum(axis=2), "from left to right"),
    (lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - ((x[:, None] - m) / (2 * v)) ** 2).sum(axis=2), "2 v is squared"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * np.log(2 * np.pi * v**2).sum(axis=1), "v is squared in the logarithm"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * (np.log(2 * np.pi) * v).sum(axis=1), "A bracket is misplaced"),
    (lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) * (x[:, None] - m) ** 2 / (2 * v)).sum(2), "terms are multiplied"),
    (lambda x, m, v: norm.logpdf(x[:, None], m, np.sqrt(v)).prod(axis=2), "log densities are multiplied"),
    (lambda x, m, v: norm.logpdf(x, m, np.sqrt(v)).sum(axis=1), "compared with one class only"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * x.shape[1] * np.log(2 * np.pi * v).sum(axis=1), "count d times"),
    (lambda x, m, v: by_class(x, m, v, lambda d, v: (-0.5 * np.log(2 * np.pi * v).sum() - d / (2 * v)).sum(axis=1)),
     "count d times"),
    (lambda x, m, v: -0.5 * np.log(2 * np.pi * v) + squares(x, m, v), "stands outside the sum"),
    (lambda x, m, v: by_class(x, m, v, lambda d, v: -0.5 * np.log(2 * np.pi * v) - (d / (2 * v)).sum(axis=1)),
     "stands outside the sum"),
    (lambda x, m, v: norm.logpdf(x - m, 0, np.sqrt(v)).sum(axis=1), "compared with one class only"),
    (lambda x, m, v: log_likelihood(x, m, v) / np.log(10), "np.log10 or np.log2"),
    (lambda x, m, v: log_likelihood(x, m, v) / np.log(2), "np.log10 or np.log2"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * np.log10(2 * np.pi * v).sum(axis=1), "np.log10 or np.log2"),
    (lambda x, m, v: log_likelihood(x, m, v) / x.shape[1], "averaged over the measurements"),
    (lambda x, m, v: np.exp(log_likelihood(x, m, v)), "the likelihood itself"),
    (lambda x, m, v: squares(x, m, v) - 0.5 * np.log(v).sum(axis=1) - 0.5 * np.log(2 * np.pi), "taken once"),
    (lambda x, m, v: log_likelihood(x, m, v).T, "lies on its side"),
    (lambda x, m, v: norm.logpdf(x[:, None], m, np.sqrt(v)).sum(axis=0), "runs over the patients"),
    (lambda x, m, v: norm.logpdf(x[:, None], m, np.sqrt(v)), "shape (n, k, d)"),
    (lambda x, m, v: log_likelihood(x, m, v).sum(axis=0), "sums over the first axis"),
    (lambda x, m, v: special.log_softmax(log_likelihood(x, m, v), axis=1), "Divided by P(x) already"),
    (lambda x, m, v: log_likelihood(x, m, v) + np.log(1 / len(m)), "A prior of 1/k"),
    (lambda x, m, v: log_likelihood(x, m, v)[:, 0], "Only the first class"),
    (lambda x, m, v: log_likelihood(x, m, v)[0], "the first of what was asked"),
]
WITHOUT_BRACKETS = [
    lambda p, old, new: (1 - p) * (1 - new) / 1 - old,
    lambda p, old, new: (1 - p) * 1 - new / 1 - old,
    lambda p, old, new: (1 - p) * (1 - new / 1 - old),
    lambda p, old, new: 1 - p * (1 - new) / (1 - old),
    lambda p, old, new: 1 - p * 1 - new / 1 - old,
]
MOVE_WRONG = [
    (lambda p, old, new: p, "it cancels"),
    (lambda p, old, new: weighted(p, new, 1 - new), "The old prior is still inside"),
    (lambda p, old, new: weighted(p, 1 / old, 1 / (1 - old)), "The prior is forgotten"),
    (lambda p, old, new: p * new / old, "This is p new / old"),
    (lambda p, old, new: p * new / old / (p * new / old + (1 - p * new / old)), "This is p new / old"),
    (lambda p, old, new: p * new / old / (p * new / old + (1 - p) * (1 - new / old)), "Python divides first"),
    *[(lambda p, old, new, benign=benign: p * new / old / (p * new / old + benign(p, old, new)), "brackets are missing")
      for benign in WITHOUT_BRACKETS],
    (lambda p, old, new: weighted(p, new / old, new / old), "it cancels"),
    (lambda p, old, new: weighted(p, new / old, 1), "The benign share is forgotten"),
    (lambda p, old, new: with_share(p, new, old), "Old and new are exchanged"),
    (lambda p, old, new: np.full_like(p, new), "the new share for everybody"),
    (lambda p, old, new: weighted(p, new / old, (1 - old) / (1 - new)), "upside down"),
    (odds, "These are odds"),
    (lambda p, old, new: p * (new / (1 - new)) / (old / (1 - old)), "onto the probability"),
    (lambda p, old, new: odds(p, old, new) / (1 + odds(p, old, new)), "divided by 0"),
    (lambda p, old, new: 1 - with_share(p, old, new), "1 minus the right one"),
    (lambda p, old, new: p + new - old, "the difference of the shares"),
    (lambda p, old, new: np.clip(p + new - old, 0, 1), "the difference of the shares"),
    (lambda p, old, new: with_share(p[0], old, new), "the first of what was asked"),
    (lambda p, old, new: np.minimum(1, p * new / old), "Clipping hides"),
]  # fmt: skip
RIGHT = {"11.1": posterior, "11.2": learn, "11.3": log_likelihood, "11.4": with_share}
WRONG = {"11.1": BAYES_WRONG, "11.2": LEARN_WRONG, "11.3": DENSITY_WRONG, "11.4": MOVE_WRONG}
OTHER_WAYS = [
    ("11.1", lambda prior, likelihood: list(posterior(prior, likelihood))),
    ("11.1", lambda prior, likelihood: posterior(prior, likelihood).astype(np.longdouble)),
    ("11.1", lambda prior, likelihood: posterior(prior, likelihood).astype(np.float32)),
    ("11.3", lambda x, m, v: log_likelihood(x, m, v).astype(np.float32)),
    ("11.4", lambda p, old, new: with_share(p, old, new).astype(np.float32)),
    ("11.2", lambda x, y: tuple(part.tolist() for part in learn(x, y))),
    ("11.2", functools.partial(learn)),
    ("11.3", lambda x, m, v: [[float(one) for one in row] for row in log_likelihood(x, m, v)]),
    ("11.4", lambda p, old, new: [float(with_share(q, old, new)) for q in p]),
    ("11.1", lambda prior, likelihood: np.array([a * b / (prior @ likelihood)
                                                 for a, b in zip(prior, likelihood, strict=True)])),
    ("11.1", lambda prior, likelihood: np.multiply(prior, likelihood) / np.dot(prior, likelihood)),
    ("11.2", estimates),
    ("11.2", lambda x, y: list(learn(x, y))),
    ("11.2", lambda x, y: estimates(x, y, lambda g, axis: (g**2).mean(axis) - g.mean(axis) ** 2)),
    ("11.2", lambda x, y: estimates(x.astype(float), y, lambda g, axis: ((g - g.mean(0)) ** 2).sum(0) / len(g))),
    ("11.3", loops),
    ("11.3", lambda x, m, v: norm.logpdf(x[:, None], m, np.sqrt(v)).sum(axis=-1)),
    ("11.3", lambda x, m, v: np.stack([(-0.5 * (np.log(2 * np.pi) + np.log(b) + (x - a) ** 2 / b)).sum(1)
                                       for a, b in zip(m, v, strict=True)], axis=1)),
    ("11.4", lambda p, old, new: p * new * (1 - old) / (p * new * (1 - old) + (1 - p) * (1 - new) * old)),
    ("11.4", lambda p, old, new: np.array([float(with_share(q, old, new)) for q in p])),
    ("11.4", lambda p, old, new: special.expit(special.logit(p) + special.logit(new) - special.logit(old))),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("11", RIGHT, WRONG))
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", WRONG)
def test_each_classic_mistake_has_a_reason_of_its_own(number):
    assert_reasons_differ(number, [row for row in WRONG[number] if row[1] not in ("values differ", "The shape is")])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "false"), [
    ("11.1", lambda prior, likelihood: np.sort(posterior(prior, likelihood)), "1 minus"),
    ("11.3", lambda x, m, v: np.log(densities(x, m, v) + 1e-9).sum(axis=2), "Take the logarithm of each density"),
    ("11.3", lambda x, m, v: np.log(densities(x, m, v) + 1e-5).sum(axis=2), "Take the logarithm of each density"),
])  # fmt: skip
def test_no_false_reason(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet"
    assert false not in result.reason


def test_another_error_is_not_taken_for_the_wrong_axis():
    def stops(x, y):
        return np.array([1.0, 2.0]) + np.array([1.0, 2.0, 3.0])

    assert_status("11.2", stops, "not yet", "could not be broadcast")


def test_an_error_at_large_inputs_is_not_taken_for_a_constant_outside_the_sum_or_one_class_only():
    def stops(x, m, v):
        return log_likelihood(x, m, v) if x.size < 100 else x + m.T

    assert_status("11.3", stops, "not yet", "could not be broadcast")


def test_inputs_must_not_be_changed():
    def spoils(prior, likelihood):
        prior *= likelihood
        return prior / prior.sum()

    assert_status("11.1", spoils, "not yet", "changed the array")
