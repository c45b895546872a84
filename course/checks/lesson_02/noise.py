"""What the checker of exercise 2.4 needs: the variance of weighted noise."""

import numpy as np

from course.checks.compare import Case, Mistake, find_difference, require
from course.checks.core import NotYet, call


def weight_cases():
    rng = np.random.default_rng(23)
    gauss = np.exp(-np.arange(-3, 4) ** 2 / 2)
    return [
        Case(2.0, np.full(3, 1 / 3), note="the average of three"),
        Case(3.0, np.full((2, 2), 1 / 4), note="the average of 2 x 2"),
        Case(5.0, gauss / gauss.sum(), note="a blur"),
        Case(4.0, np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16, note="a blur in two directions"),
        Case(0.5, np.array([1.0]), note="one number as it is"),
        Case(1.5, np.array([-1.0, 0, 1]), note="a difference: weights need not add up to 1"),
        Case(2.5, rng.normal(size=(2, 5))),
        Case(0.0, np.full(4, 1 / 4), note="no noise"),
    ]


def by_covariance(alpha, weights):
    w = weights.ravel()
    return w @ (alpha**2 * np.eye(w.size)) @ w


WEIGHT_MISTAKES = [
    Mistake("This is the deviation. The variance, its square, is asked.",
            wrong=lambda alpha, weights: alpha * np.sqrt(np.sum(weights**2))),
    Mistake("alpha is a deviation: the variance of the noise is alpha squared.",
            wrong=lambda alpha, weights: alpha * np.sum(weights**2)),
    Mistake("The weights have to be squared, one by one, before they are added up.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(weights)),
    Mistake("The sum of the weights is squared here. Square first, then add: it is variances that add up.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(weights) ** 2),
    Mistake("This divides by the number of weights, which is right only where all weights are 1 / n. Use the weights.",
            wrong=lambda alpha, weights: alpha**2 / weights.size),
    Mistake("This divides by len(weights). That holds for equal weights in one row only: use the weights, all of them.",
            wrong=lambda alpha, weights: alpha**2 / len(weights)),
    Mistake("This is a quarter whatever the weights are: right for the average of four only.",
            wrong=lambda alpha, weights: alpha**2 / 4),
    Mistake("This is the mean of the squares. The variances add up: take their sum.",
            wrong=lambda alpha, weights: alpha**2 * np.mean(weights**2)),
    Mistake("Weights count squared, not by their size: the variance of w times x is w squared times that of x.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(np.abs(weights))),
    Mistake("This is the noise before anything is averaged. Use the weights.",
            wrong=lambda alpha, weights: alpha**2),
    Mistake("Python's `sum` adds the rows of a table and leaves a row. Use np.sum, which adds all.",
            when=lambda result, expected, alpha, weights: np.shape(result) == weights.shape[1:] != ()),
    Mistake("The weights came back, each by itself. Add them up to one number.",
            when=lambda result, expected, alpha, weights: np.shape(result) == weights.shape != (1,)),
]  # fmt: skip


def require_exact(answer):
    """Raise NotYet when all values are near the right ones and not exact: drawn at random, or rounded."""
    results, exact = [], []
    for case in weight_cases():
        expected = case.run(by_covariance)
        try:
            result = call(answer, *case.args)
        except NotYet:
            return
        if find_difference(result, expected, rtol=0.25, atol=0.005):
            return
        results.append(float(result))
        exact.append(find_difference(result, expected) is None)
    if all(exact):
        return
    require(not np.array_equal(results, np.round(results, 3)), "The value is rounded. Return it as it is.")
    raise NotYet("The values are near the right ones and not equal, as if noise had been drawn and measured. Compute "
                 "the variance from alpha and the weights; do not draw it.")
