"""What the checker of exercise 2.4 needs: the variance of weighted noise."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    rng = np.random.default_rng(23)
    gauss = np.exp(-np.arange(-3, 4) ** 2 / 2)
    return [
        Case(2.0, np.full(3, 1 / 3), note="the average of three"),
        Case(3.0, np.full((2, 2), 1 / 4), note="the average of 2 x 2"),
        Case(5.0, gauss / gauss.sum(), note="a blur"),
        Case(4.0, np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16, note="a blur in two directions"),
        Case(0.5, np.array([1.0]), note="one number as it is"),
        Case(1.5, np.array([-1.0, 0, 1]), note="a difference: weights need not add up to 1"),
        Case(2, np.array([[-1, 2, -1]]), note="whole numbers, one row"),
        Case(2.5, rng.normal(size=(2, 5))),
        Case(1.2, rng.normal(size=(2, 3, 2)), note="three axes"),
        Case(0.7, rng.normal(size=(4, 1)), note="one column"),
        Case(0.0, np.full(4, 1 / 4), note="no noise"),
    ]


def by_covariance(alpha, weights):
    w = weights.ravel()
    return w @ (alpha**2 * np.eye(w.size)) @ w


TABLE = [  # the reason, and the wrong ways that it explains; a alpha, w weights
    ("alpha is a deviation: the variance of the noise is alpha squared.", lambda a, w: a * np.sum(w**2)),
    ("The weights have to be squared, one by one, before they are added up.",
     lambda a, w: a**2 * np.sum(w), lambda a, w: a**2 * np.sum(np.abs(w)), lambda a, w: a**2 * np.sum(w) ** 2),
    ("This divides by a number of weights, which is right only where all weights are 1 / n. Use the weights.",
     lambda a, w: a**2 / w.size, lambda a, w: a**2 / len(w), lambda a, w: a**2 / 4),
    ("This is the mean of the squares. The variances add up: take their sum.", lambda a, w: a**2 * np.mean(w**2)),
    ("This is the noise before anything is averaged. Use the weights.", lambda a, w: a**2),
    ("Python's `sum` adds the rows of a table and leaves a row. Use np.sum, which adds all.",
     lambda a, w: a**2 * sum(w**2), lambda a, w: sum((a * w) ** 2)),
    ("The weights came back, each by itself. Add them up to one number.", lambda a, w: a**2 * w**2),
    ("The value is rounded. Return it as it is.",
     *(lambda a, w, digits=digits: np.round(by_covariance(a, w), digits) for digits in range(1, 5))),
]  # fmt: skip
MISTAKES = [
    *mistakes(*TABLE),
    Mistake("The values are near the right ones and not equal. If noise was drawn and measured: do not draw it. The "
            "variance follows from alpha and the weights.",
            when=lambda result, expected, *inputs: abs(result - expected) <= 0.25 * expected),
]  # fmt: skip
