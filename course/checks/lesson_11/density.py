"""What the checker of exercise 11.3 needs: the log-likelihood of Gaussian naive Bayes.

Shapes: x (n, d) measurements; means and variances (k, d), a row for each class; the answer is (n, k).
"""

import numpy as np
from scipy import special
from scipy.stats import norm

from course.checks.compare import Case, mistakes


def cases():
    def drawn(n, d, k, seed, note=""):
        rng = np.random.default_rng(seed)
        return Case(rng.normal(size=(n, d)), rng.normal(size=(k, d)), rng.uniform(0.3, 3, size=(k, d)), note=note)

    return [
        Case(np.array([[15.0], [9.0]]), np.array([[12.0], [17.0]]), np.array([[4.0], [9.0]]), note="one measurement"),
        drawn(3, 3, 2, 117, "as many patients as measurements"),
        drawn(1, 5, 2, 118, "one patient"),
        drawn(4, 3, 3, 119, "three classes"),
        drawn(3, 2, 1, 122, "one class"),
        drawn(2, 2, 2, 120, "as many patients as measurements and classes"),
        drawn(2, 784, 2, 121, "784 measurements: a small picture"),
        Case(np.array([[200.0, 0.0], [0.0, -300.0]]), np.zeros((2, 2)), np.ones((2, 2)), note="far from both classes"),
        Case(np.array([[3, 4], [5, 6]]), np.array([[3, 4], [1, 2]]), np.array([[1, 2], [3, 4]]), note="whole numbers"),
    ]


def terms(x, means, variances):
    """log density of every measurement of every patient under every class, (n, k, d)."""
    return norm.logpdf(x[:, None], means, np.sqrt(variances))


def by_scipy(x, means, variances):
    return terms(x, means, variances).sum(axis=2)


def _square(e, v):
    return e**2 / (2 * v)


def _constant(v):
    return 0.5 * np.log(2 * np.pi * v)


def _with(square=_square, constant=_constant, join=lambda c, q: -c - q, total=lambda terms: terms.sum(axis=2)):
    """Return a (mistaken) sum: square(distance, v) and constant(v) of each measurement, how they join, the total."""
    return lambda x, m, v: total(join(constant(v), square(x[:, None] - m, v)))


def _from_densities(total):
    return lambda *inputs: total(np.exp(terms(*inputs)))


def _floored(floor):
    """A floor under the product, or under each density: as a smallest value, or added."""
    for lifted in (lambda p: np.maximum(p, floor), lambda p: p + floor):
        yield _from_densities(lambda p, lifted=lifted: np.log(lifted(p.prod(axis=2))))
        yield _from_densities(lambda p, lifted=lifted: np.log(lifted(p)).sum(axis=2))


def _constant_outside(in_loop, last):
    """The constant outside the sum over measurements, before or after the squares; whole tables or class by class."""
    def joined(constant, squares):
        return -squares - constant if last else -constant - squares

    def wrong(x, m, v):
        if in_loop:
            return np.stack([joined(_constant(b), _square(x - a, b).sum(axis=1)) for a, b in zip(m, v, strict=True)], 1)
        return joined(_constant(v), _square(x[:, None] - m, v).sum(axis=2))
    return wrong


MISTAKES = mistakes(
    ("Product underflow: so many small densities multiplied are 0 in the computer, and the logarithm of 0 is -inf. "
     "Take the logarithm of each density first, and add.", _from_densities(lambda p: np.log(p.prod(axis=2)))),
    ("A density of a measurement far away is 0 in the computer too, and its logarithm is -inf. Write the logarithm out "
     "on paper, so that no exp is left.", _from_densities(lambda p: np.log(p).sum(axis=2))),
    ("A floor hides that densities far away are 0 in the computer: all unlikely patients get the same number. Write "
     "the logarithm out on paper, so that no exp and no floor is left.",
     *(wrong for floor in (np.finfo(float).tiny, np.finfo(float).eps, 1e-300, 1e-100, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6)
       for wrong in _floored(floor))),
    ("This is the logarithm of a sum; wanted is the sum of the logarithms: the densities are multiplied, and the "
     "logarithm of a product is that sum.", _from_densities(lambda p: np.log(p.sum(axis=2)))),
    ("The term -1/2 log(2 pi v) is missing. Its log(v) differs from class to class, so without it the decision changes "
     "too: a wide curve is a low one.", _with(constant=np.zeros_like)),
    ("log(v) is missing: a wide curve must be lower than a narrow one. The term is -1/2 log(2 pi v).",
     _with(constant=lambda v: _constant(np.ones_like(v)))),
    ("log(2 pi) is missing. It cancels when classes are compared, but then this is no log density.",
     _with(constant=lambda v: 0.5 * np.log(v))),
    ("The factor 1/2 before log(2 pi v) is missing: the density has the *square root* of 2 pi v below.",
     _with(constant=lambda v: 2 * _constant(v))),
    ("The factor 1/2 before the squared distance is missing.", _with(square=lambda e, v: e**2 / v)),
    ("The sign of log(2 pi v) is turned round: it stands below the fraction line, so its logarithm counts minus.",
     _with(constant=lambda v: -_constant(v))),
    ("The sign of the squared distance is turned round: farther must be less likely.",
     _with(square=lambda e, v: -_square(e, v))),
    ("The variance is taken for the standard deviation. What goes in is v, already squared.",
     lambda x, m, v: by_scipy(x, m, v.astype(float) ** 2)),
    ("The standard deviation is taken for the variance: v stands in the formula without a square root.",
     lambda x, m, v: by_scipy(x, m, np.sqrt(v))),
    ("a / 2 * v is (a / 2) times v: Python reads from left to right. The variance stands below the fraction line: "
     "a / (2 * v).", _with(square=lambda e, v: e**2 / 2 * v)),
    ("2 v is squared too. Only the distance x - m is squared.", _with(square=lambda e, v: (e / (2 * v)) ** 2)),
    ("v is squared in the logarithm. What goes in is the variance, squared already.",
     _with(constant=lambda v: _constant(v**2))),
    ("A bracket is misplaced: v belongs inside the logarithm, log(2 pi v).",
     _with(constant=lambda v: 0.5 * np.log(2 * np.pi) * v)),
    ("The two terms are multiplied. They are factors of the density, so their logarithms are added.",
     _with(join=lambda c, q: -c * q), _with(join=lambda c, q: c * q)),
    ("The log densities are multiplied. Densities are multiplied; their logarithms are added.",
     _with(total=lambda terms: terms.prod(axis=2))),
    ("Each patient was compared with one class only, the one in the same row. Every patient needs every class: "
     "x[:, None, :] - means has shape (n, k, d).", lambda x, m, v: (-_constant(v) - _square(x - m, v)).sum(axis=1),
     lambda x, m, v: norm.logpdf(x, m, np.sqrt(v)).sum(axis=1)),
    ("The constants of a class are added up, and then once more for every measurement: with d measurements they count "
     "d times. Sum both terms together, or each by itself.", _with(constant=lambda v: _constant(v) * v.shape[1])),
    ("The constant -1/2 log(2 pi v) stands outside the sum. It too has a value for each measurement, shape (d,) in a "
     "class: add it up along with the squares.",
     *(_constant_outside(in_loop, last) for in_loop in (False, True) for last in (False, True))),
    ("The constant -1/2 log(2 pi) was taken once for each patient; every measurement has its own.",
     _with(constant=lambda v: 0.5 * np.log(v), total=lambda terms: terms.sum(axis=2) - 0.5 * np.log(2 * np.pi))),
    ("The distance is not squared.", _with(square=lambda e, v: e / (2 * v))),
    ("np.log10 or np.log2 stands where np.log should: the natural logarithm undoes exp.",
     *(lambda *inputs, base=base: by_scipy(*inputs) / np.log(base) for base in (2, 10)),
     *(_with(constant=lambda v, base=base: _constant(v) / np.log(base)) for base in (2, 10))),
    ("The log densities are averaged over the measurements. They must be added.",
     lambda *inputs: terms(*inputs).mean(axis=2)),
    ("This is the likelihood itself, which underflows to 0. Return its logarithm.",
     lambda *inputs: np.exp(by_scipy(*inputs))),
    ("The sum runs over the patients. Add up the measurements of *one* patient.",
     lambda *inputs: terms(*inputs).sum(axis=0)),
    ("These are the log densities of every measurement, shape (n, k, d). Add them up over the measurements.", terms),
    ("Divided by P(x) already: this is a posterior with equal shares. Asked is log P(x | y) alone.",
     lambda *inputs: special.log_softmax(by_scipy(*inputs), axis=1)),
    ("A prior of 1/k was added. Asked is log P(x | y); the prior comes later.",
     lambda x, m, v: by_scipy(x, m, v) - np.log(len(m))),
    ("Only the first class came back. Return a column for each class.", lambda *inputs: by_scipy(*inputs)[:, 0]),
)  # fmt: skip
