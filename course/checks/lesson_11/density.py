"""What the checker of exercise 11.3 needs: the log-likelihood of Gaussian naive Bayes.

Shapes: x (n, d) measurements; means and variances (k, d), a row for each class; the answer is (n, k).
"""

import numpy as np
from scipy.stats import norm

from course.checks.compare import Case, Mistake


def cases():
    def random(n, d, k, seed, note=""):
        rng = np.random.default_rng(seed)
        return Case(rng.normal(size=(n, d)), rng.normal(size=(k, d)), rng.uniform(0.3, 3, size=(k, d)), note=note)

    return [
        Case(np.array([[15.0], [9.0]]), np.array([[12.0], [17.0]]), np.array([[4.0], [9.0]]), note="one measurement"),
        random(3, 3, 2, 117, "as many patients as measurements"),
        random(1, 5, 2, 118, "one patient"),
        random(4, 3, 3, 119, "three classes"),
        random(2, 2, 2, 120, "as many patients as measurements and classes"),
        random(2, 784, 2, 121, "784 measurements: a small picture"),
        Case(np.array([[60.0, 0.0], [0.0, -80.0]]), np.zeros((2, 2)), np.ones((2, 2)), note="far from both classes"),
        Case(np.array([[3, 4], [5, 6]]), np.array([[3, 4], [1, 2]]), np.array([[1, 2], [3, 4]]), note="whole numbers"),
    ]


def by_scipy(x, means, variances):
    return norm.logpdf(x[:, None], means, np.sqrt(variances)).sum(axis=2)


def _terms(x, means, variances):
    """log density of every measurement of every patient under every class, (n, k, d)."""
    return norm.logpdf(x[:, None], means, np.sqrt(variances))


def _square(x, means, variances):
    return (x[:, None] - means) ** 2 / variances


def _log_of_sum(x, means, variances):
    return np.log(np.exp(_terms(x, means, variances)).sum(axis=2))


def _log_of_product(x, means, variances):
    return np.log(np.exp(_terms(x, means, variances)).prod(axis=2))


def _clipped_product(floor):
    return lambda *inputs: np.log(np.maximum(np.exp(_terms(*inputs)).prod(axis=2), floor))


def _added_floor(floor):
    return lambda *inputs: np.log(np.exp(_terms(*inputs)).prod(axis=2) + floor)


def _total(x, means, variances, constant):
    """Minus half the sum of squares, plus the given constant (k,) or (k, d) summed over measurements."""
    constant = constant.sum(axis=1) if constant.ndim == 2 else constant
    return -0.5 * _square(x, means, variances).sum(axis=2) + constant


def _constant_outside(x, means, variances):
    """The constant left out of the sum over measurements; nothing where the shapes do not fit, which is an error."""
    squares, constant = -0.5 * _square(x, means, variances).sum(axis=2), -0.5 * np.log(2 * np.pi * variances)
    return constant + squares if constant.shape[0] in (1, len(x)) and constant.shape[1] in (1, len(means)) else None


def _constant_outside_in_a_loop(x, means, variances):
    if x.shape[1] not in (1, len(x)):
        return None
    columns = [_square(x, m[None], v)[:, 0].sum(axis=1) for m, v in zip(means, variances, strict=True)]
    return np.stack([-0.5 * np.log(2 * np.pi * v) - 0.5 * s for s, v in zip(columns, variances, strict=True)], axis=1)


def _one_class_a_patient(x, means, variances):
    """Row against row; nothing where the shapes do not fit: another error must not be taken for this."""
    return norm.logpdf(x, means, np.sqrt(variances)).sum(axis=1) if len(x) in (1, len(means)) else None


def _posterior(x, means, variances):
    joint = by_scipy(x, means, variances)
    largest = joint.max(axis=1, keepdims=True)
    return joint - largest - np.log(np.exp(joint - largest).sum(axis=1, keepdims=True))


UNDERFLOW = ("Product underflow: so many small densities multiplied are 0 in the computer, and the logarithm of 0 is "
             "-inf. Take the logarithm of each density first, and add.")  # fmt: skip
FLOOR = "A floor under the product hides the underflow: all unlikely patients get the same number. Add logarithms."
FLOORS = (np.finfo(float).tiny, np.finfo(float).eps, 1e-300, 1e-100, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6)
OUTSIDE = ("The constant -1/2 log(2 pi v) stands outside the sum. It too has a value for each measurement, shape (d,) "
           "in a class: add it up along with the squares.")  # fmt: skip
MISTAKES = [
    Mistake(UNDERFLOW, wrong=_log_of_product),
    Mistake("A density of a measurement far away is 0 in the computer too, and its logarithm is -inf. Write the "
            "logarithm out on paper, so that no exp is left.",
            wrong=lambda *inputs: np.log(np.exp(_terms(*inputs))).sum(axis=2)),
    *[Mistake(FLOOR, wrong=make(floor)) for floor in FLOORS for make in (_clipped_product, _added_floor)],
    Mistake("This is the logarithm of a sum; wanted is the sum of the logarithms. The densities are multiplied, and "
            "the logarithm of a product is the sum of the logarithms.", wrong=_log_of_sum),
    Mistake("The term -1/2 log(2 pi v) is missing. Its log(v) differs from class to class, so without it the decision "
            "changes too: a wide curve is a low one.",
            wrong=lambda x, m, v: _total(x, m, v, np.zeros_like(v, float))),
    Mistake("log(v) is missing: a wide curve must be lower than a narrow one. The term is -1/2 log(2 pi v).",
            wrong=lambda x, m, v: _total(x, m, v, np.full(v.shape, -0.5 * np.log(2 * np.pi)))),
    Mistake("log(2 pi) is missing. It cancels when classes are compared, but then this is no log density.",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log(v))),
    Mistake("The factor 1/2 before log(2 pi v) is missing: the density has the *square root* of 2 pi v below.",
            wrong=lambda x, m, v: _total(x, m, v, -np.log(2 * np.pi * v))),
    Mistake("The factor 1/2 before the squared distance is missing.",
            wrong=lambda x, m, v: by_scipy(x, m, v) - 0.5 * _square(x, m, v).sum(axis=2)),
    Mistake("The factor 1/2 is missing altogether.", wrong=lambda x, m, v: 2 * by_scipy(x, m, v)),
    Mistake("The sign of log(2 pi v) is turned round: it stands below the fraction line, so its logarithm counts "
            "minus.", wrong=lambda x, m, v: _total(x, m, v, 0.5 * np.log(2 * np.pi * v))),
    Mistake("The sign is turned round: this is minus the log-likelihood.", wrong=lambda *i: -by_scipy(*i)),
    Mistake("The sign of the squared distance is turned round: farther must be less likely.",
            wrong=lambda x, m, v: by_scipy(x, m, v) + _square(x, m, v).sum(axis=2)),
    Mistake("The variance is taken for the standard deviation. What goes in is v, already squared.",
            wrong=lambda x, m, v: by_scipy(x, m, v.astype(float) ** 2)),
    Mistake("The standard deviation is taken for the variance: v stands in the formula without a square root.",
            wrong=lambda x, m, v: by_scipy(x, m, np.sqrt(v))),
    Mistake("a / 2 * v is (a / 2) times v: Python reads from left to right. The variance stands below the fraction "
            "line: a / (2 * v).",
            wrong=lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - (x[:, None] - m) ** 2 / 2 * v).sum(axis=2)),
    Mistake("2 v is squared too. Only the distance x - m is squared.",
            wrong=lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - ((x[:, None] - m) / (2 * v)) ** 2).sum(axis=2)),
    Mistake("v is squared in the logarithm. What goes in is the variance, squared already.",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log(2 * np.pi * v.astype(float) ** 2))),
    Mistake("A bracket is misplaced: v belongs inside the logarithm, log(2 pi v).",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log(2 * np.pi) * v)),
    Mistake("The two terms are multiplied. They are factors of the density, so their logarithms are added.",
            wrong=lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) * (x[:, None] - m) ** 2 / (2 * v)).sum(axis=2)),
    Mistake("The log densities are multiplied. Densities are multiplied; their logarithms are added.",
            wrong=lambda *i: _terms(*i).prod(axis=2)),
    Mistake("Each patient was compared with one class only, the one in the same row. Every patient needs every class: "
            "x[:, None, :] - means has shape (n, k, d).",
            wrong=_one_class_a_patient),
    Mistake("The constants of a class are added up, and then added once more for every measurement: with d "
            "measurements they count d times. Sum both terms together, or each by itself.",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log(2 * np.pi * v) * x.shape[1])),
    *[Mistake(OUTSIDE, wrong=wrong) for wrong in (_constant_outside, _constant_outside_in_a_loop)],
    Mistake("The distance is not squared.",
            wrong=lambda x, m, v: (-0.5 * np.log(2 * np.pi * v) - (x[:, None] - m) / (2 * v)).sum(axis=2)),
    Mistake("Logarithms to base 10 (np.log10). The natural logarithm, np.log, undoes exp.",
            wrong=lambda *i: by_scipy(*i) / np.log(10)),
    Mistake("Logarithms to base 2 (np.log2). The natural logarithm, np.log, undoes exp.",
            wrong=lambda *i: by_scipy(*i) / np.log(2)),
    Mistake("log10 for the constant, but the natural logarithm undoes exp: use np.log throughout.",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log10(2 * np.pi * v))),
    Mistake("The log densities are averaged over the measurements. They must be added.",
            wrong=lambda *i: _terms(*i).mean(axis=2)),
    Mistake("This is the likelihood itself, which underflows to 0. Return its logarithm.",
            wrong=lambda *i: np.exp(by_scipy(*i))),
    Mistake("The constant -1/2 log(2 pi) was taken once for each patient; every measurement has its own.",
            wrong=lambda x, m, v: _total(x, m, v, -0.5 * np.log(v)) - 0.5 * np.log(2 * np.pi)),
    Mistake("The result is turned round: rows are patients, columns are classes, shape (n, k).",
            wrong=lambda *i: by_scipy(*i).T),
    Mistake("The sum runs over the patients. Add up the measurements of *one* patient.",
            wrong=lambda *i: _terms(*i).sum(axis=0)),
    Mistake("These are the log densities of every measurement, shape (n, k, d). Add them up over the measurements.",
            wrong=_terms),
    Mistake("The log densities of all patients are thrown together.", wrong=lambda *i: _terms(*i).sum(axis=(0, 2))),
    Mistake("Divided by P(x) already: this is a posterior with equal shares. Asked is log P(x | y) alone.",
            wrong=_posterior),
    Mistake("A prior of 1/k was added. Asked is log P(x | y); the prior comes later.",
            wrong=lambda x, m, v: by_scipy(x, m, v) - np.log(len(m))),
    Mistake("Only the first class came back. Return a column for each class.",
            wrong=lambda *i: by_scipy(*i)[:, 0]),
    Mistake("Only the first patient came back. Return a row for each patient.", wrong=lambda *i: by_scipy(*i)[0]),
]  # fmt: skip
