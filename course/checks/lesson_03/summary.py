"""What the checker of exercise 3.3 needs: mean, standard error and worst of the nuclei of one picture."""

import itertools

import numpy as np
from scipy import stats

from course.checks.compare import Case, Mistake


def cases():
    rng = np.random.default_rng(35)
    return [
        Case(np.array([3.0, 9.0, 4.0, 8.0, 6.0]), note="the largest are not at the end"),
        Case(rng.normal(12, 1.5, 15), note="fifteen nuclei"),
        Case(np.array([9, 7, 5, 4, 4, 4, 2]), note="whole numbers, the largest first"),
        Case(np.array([9.0, 9.0, 8.0, 3.0, 1.0]), note="two nuclei are equally large"),
        Case(np.array([4, 6, 9, 2, 6, 6]), note="three nuclei are equally large, and one is larger"),
        Case(rng.normal(0.1, 0.05, 30), note="thirty nuclei"),
        Case(np.array([5.0, 5.0, 5.0, 5.0]), note="all alike: no spread"),
        Case(np.array([2.0, 6.0, 1.0]), note="three nuclei: the worst are all of them"),
        Case(-rng.uniform(1, 5, 8), note="negative values: the largest are those nearest to 0"),
    ]


def by_scipy(values):
    """Mean, standard error by SciPy, and mean of the three largest by partition."""
    return float(np.mean(values)), float(stats.sem(values)), float(np.partition(values, len(values) - 3)[-3:].mean())


ERRORS = [  # the reason, and what was made of the error
    ("'Error' has n where n - 1 belongs: np.std takes n unless it is told ddof=1.",
     lambda v: np.std(v) / len(v) ** 0.5),
    ("'Error' is the standard deviation, how far the *nuclei* lie apart; their *mean* is surer by sqrt(n).",
     lambda v: np.std(v, ddof=1)),
    ("'Error' is the standard deviation, with n where n - 1 belongs (ddof=1), and not divided by sqrt(n).", np.std),
    ("'Error' is divided by n; the root of n is asked.", lambda v: np.std(v, ddof=1) / len(v)),
    ("'Error' is divided by sqrt(n - 1): n - 1 belongs inside the standard deviation (ddof=1), and sqrt(n) below it.",
     lambda v: np.std(v, ddof=1) / (len(v) - 1) ** 0.5),
    ("'Error' is a variance: the root of it is missing.", lambda v: np.var(v, ddof=1) / len(v)),
    ("'Error' is a variance: neither root nor division by sqrt(n) has been done.", lambda v: np.var(v, ddof=1)),
    ("'Error' is half the width of a 95 % interval; the table has one standard error.", lambda v: 1.96 * stats.sem(v)),
]
WORST = [  # the reason, and what was made of the worst
    ("'Worst' is the largest value alone; with the mean of *three* one bad nucleus does less harm.", np.max),
    ("'Worst' is made of the last three values as they stand; the nuclei come in no order.", lambda v: v[-3:].mean()),
    ("'Worst' is made of the first three values as they stand; sort first, take the largest.", lambda v: v[:3].mean()),
    ("'Worst' is made of the three *smallest*: a sorted row has its largest at the end.",
     lambda v: np.sort(v)[:3].mean()),
    ("'Worst' is the sum of the three largest; their mean is asked.", lambda v: np.sort(v)[-3:].sum()),
    ("'Worst' is the third largest value alone, not the mean of three.", lambda v: np.sort(v)[-3]),
    ("'Worst' is the median of the three largest; their mean is asked.", lambda v: np.median(np.sort(v)[-3:])),
    ("'Worst' is the mean of the *two* largest: a slice [-2:] holds two.", lambda v: np.sort(v)[-2:].mean()),
    ("'Worst' is the mean of the *four* largest: a slice [-4:] holds four.", lambda v: np.sort(v)[-4:].mean()),
    ("The slice [-3:-1] stops before the last value, and that is the largest.", lambda v: np.sort(v)[-3:-1].mean()),
    ("'Worst' counts equal values once only; each nucleus counts.", lambda v: np.unique(v)[-3:].mean()),
    ("'Worst' is made of more than three where values are equal.", lambda v: v[v >= np.sort(v)[-3]].mean()),
    ("'Worst' is made of the three values farthest from the mean, on either side; asked are the three largest.",
     lambda v: v[np.argsort(np.abs(v - v.mean()))][-3:].mean()),
    ("'Worst' is made of the three largest sizes without their signs.",
     lambda v: v[np.argsort(np.abs(v))][-3:].mean()),
    ("'Worst' is all three values, not their mean.", lambda v: np.sort(v)[-3:]),
]


def _slips():
    """Every mistake in one of the three, and in two at once."""
    mean, error, worst = (("", lambda v, k=k: by_scipy(v)[k]) for k in range(3))
    for three in itertools.product([mean, ("'Mean' is the median.", np.median)], [error, *ERRORS], [worst, *WORST]):
        reasons = [reason for reason, _ in three if reason]
        if 1 <= len(reasons) <= 2:
            yield Mistake(" ".join(reasons), lambda v, three=three: tuple(way(v) for _, way in three))


MISTAKES = [
    *_slips(),
    *(Mistake("The values are rounded. Hand them over as they are; round where they are printed.",
              lambda v, digits=digits: tuple(np.round(by_scipy(v), digits))) for digits in range(1, 5)),
    *(Mistake("The three values are right, but in another order. Asked are mean, error, worst.",
              lambda v, order=order: tuple(by_scipy(v)[k] for k in order))
      for order in itertools.permutations(range(3)) if order != (0, 1, 2)),
]  # fmt: skip
