"""What the checker of exercise 3.3 needs: mean, standard error and worst of the nuclei of one picture."""

import numpy as np

from course.checks.compare import Case, Mistake


def cases():
    rng = np.random.default_rng(35)
    return [
        Case(np.array([3.0, 9.0, 4.0, 8.0, 6.0]), note="the largest are not at the end"),
        Case(rng.normal(12, 1.5, 15), note="fifteen nuclei"),
        Case(np.array([9, 7, 5, 4, 4, 4, 2]), note="whole numbers, the largest first"),
        Case(rng.normal(0.1, 0.05, 30), note="thirty nuclei"),
        Case(np.array([5.0, 5.0, 5.0, 5.0]), note="all alike: no spread"),
        Case(np.array([2.0, 6.0, 1.0]), note="three nuclei: the worst are all of them"),
        Case(-rng.uniform(1, 5, 8), note="negative values: the largest are those nearest to 0"),
    ]


def by_scipy(values):
    """Mean, standard error by SciPy, and mean of the three largest by partition."""
    from scipy import stats

    return float(np.mean(values)), float(stats.sem(values)), float(np.partition(values, len(values) - 3)[-3:].mean())


def _mean(values):
    return by_scipy(values)[0]


def _error(values):
    return by_scipy(values)[1]


def _worst(values):
    return by_scipy(values)[2]


def _changed(mean=_mean, error=_error, worst=_worst):
    """The three numbers, one of them by another rule."""
    return lambda values: (mean(values), error(values), worst(values))


def _largest(values, n):
    return np.sort(values)[-n:]


def _farthest(values):
    return values[np.argsort(np.abs(values - values.mean()))][-3:].mean()


def _slip(reason, **rules):
    """One of the three values by another rule, the others right."""
    return Mistake(reason, wrong=_changed(**rules))


MAXIMUM = (
    "'Worst' is the largest value alone. The table has the mean of the *three* largest: one bad nucleus then does less "
    "harm."
)
MISTAKES = [
    _slip(MAXIMUM, worst=np.max),
    _slip("'Worst' is made of the last three values as they stand. Sort first: the nuclei come in no order.",
            worst=lambda v: v[-3:].mean()),
    _slip("'Worst' is made of the first three values as they stand. Sort first, and take the largest.",
            worst=lambda v: v[:3].mean()),
    _slip("'Worst' is made of the three *smallest*: a sorted row has its largest at the end.",
            worst=lambda v: np.sort(v)[:3].mean()),
    _slip("'Worst' is the sum of the three largest; their mean is asked.", worst=lambda v: 3 * _worst(v)),
    _slip("'Worst' is the third largest value alone, not the mean of three.", worst=lambda v: np.sort(v)[-3]),
    _slip("'Worst' is the median of the three largest; their mean is asked.",
            worst=lambda v: np.median(_largest(v, 3))),
    _slip("'Worst' is the mean of the *two* largest: a slice [-2:] holds two.",
            worst=lambda v: _largest(v, 2).mean()),
    _slip("'Worst' is the mean of the *four* largest: a slice [-4:] holds four.",
            worst=lambda v: _largest(v, min(4, len(v))).mean()),
    _slip("The slice [-3:-1] stops before the last value, and that is the largest.",
            worst=lambda v: np.sort(v)[-3:-1].mean()),
    _slip("'Worst' is made of the three values farthest from the mean, on either side. Asked are the three largest.",
            worst=_farthest),
    _slip("'Worst' is made of the three largest sizes without their signs.",
            worst=lambda v: v[np.argsort(np.abs(v))][-3:].mean()),
    _slip("'Worst' is all three values, not their mean.", worst=lambda v: _largest(v, 3)),
    _slip("'Error' divides by n where n - 1 belongs: np.std does so unless it is told ddof=1.",
            error=lambda v: np.std(v) / np.sqrt(len(v))),
    _slip("'Error' is the standard deviation: how far the *nuclei* lie apart. Divide by sqrt(n) for the uncertainty "
            "of their *mean*.", error=lambda v: np.std(v, ddof=1)),
    _slip("'Error' is the standard deviation, and with n where n - 1 belongs (ddof=1). Divide by sqrt(n) too.",
            error=np.std),
    _slip("'Error' is divided by n; the root of n is asked.", error=lambda v: np.std(v, ddof=1) / len(v)),
    _slip("'Error' is divided by sqrt(n - 1). n - 1 belongs inside the standard deviation (ddof=1), and sqrt(n) "
            "below it: not both.", error=lambda v: np.std(v, ddof=1) / np.sqrt(len(v) - 1)),
    _slip("'Error' is a variance: the root of it is missing.", error=lambda v: np.var(v, ddof=1) / len(v)),
    _slip("'Error' is a variance: neither root nor division by sqrt(n) has been done.",
            error=lambda v: np.var(v, ddof=1)),
    _slip("'Error' is half the width of a 95 % interval, about two standard errors. The table has one.",
            error=lambda v: 1.96 * _error(v)),
    _slip("'Mean' is the median.", mean=np.median),
    Mistake("The values are rounded. Hand them over as they are; round where they are printed.",
            wrong=lambda values: tuple(round(value, 2) for value in by_scipy(values))),
    Mistake("'Error' lacks n - 1 (ddof=1), and 'worst' is the largest value alone instead of the mean of three.",
            wrong=_changed(error=lambda v: np.std(v) / np.sqrt(len(v)), worst=np.max)),
    Mistake("'Error' is the standard deviation, still to be divided by sqrt(n); and 'worst' is the largest value alone "
            "instead of the mean of three.", wrong=_changed(error=lambda v: np.std(v, ddof=1), worst=np.max)),
    Mistake("The standard deviation stands where the error belongs, made with n instead of n - 1; and 'worst' is the "
            "largest value alone.", wrong=_changed(error=np.std, worst=np.max)),
    Mistake("The order is mean, error, worst; here worst comes second.",
            wrong=lambda values: (_mean(values), _worst(values), _error(values))),
    Mistake("The order is mean, error, worst; here the error comes first.",
            wrong=lambda values: (_error(values), _mean(values), _worst(values))),
]  # fmt: skip
