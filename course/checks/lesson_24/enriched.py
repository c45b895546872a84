"""What the checker of exercise 24.4 needs: rare actives with scores, enrichment by pandas, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    first = Case(np.array([0, 1, 0, 0, 0, 1, 0, 0, 0, 0]), np.array([0.2, 0.9, 0.8, 0.1, 0.3, 0.4, 0.5, 0.0, 0.7, 0.6]),
                 2, note="ten molecules, two of them active")  # fmt: skip
    every = [first]
    for seed, (n, actives, top) in enumerate([(40, 3, 4), (60, 9, 12), (25, 5, 1), (100, 5, 30)]):
        rng = np.random.default_rng(seed)
        active = (rng.permutation(n) < actives).astype(int)
        scores = (rng.permutation(n) / n - 0.4 + 0.45 * active).round(6)
        every.append(Case(active, scores + np.arange(n) * 1e-9, top))
    return [*every, Case(first.args[0], -first.args[1], 3, note="no active one among the best"),
            Case(first.args[0], first.args[1], 10, note="all are tested: by chance")]


def by_library(active, scores, top):
    import pandas as pd

    best = pd.Series(scores).nlargest(top).index
    return float(np.asarray(active)[best].mean() / np.mean(active))


def wrong(quotient, order=lambda scores: np.argsort(-scores)):
    """Another quotient of: actives among the best, top, all actives, n; or another order."""
    def answer(active, scores, top):
        found = active[order(scores)[:top]].sum()
        return float(quotient(found, top, active.sum(), len(active)))
    return answer


def factor(found, top, actives, n):
    return found / top / (actives / n)


MISTAKES = mistakes(
    ("The lowest scores were taken. The best come first.", wrong(factor, np.argsort)),
    ("The first of the list were taken. Sort by score.", wrong(factor, lambda scores: np.arange(len(scores)))),
    ("This is the share of active ones among the best. Divide it by the share among all.",
     wrong(lambda found, top, actives, n: found / top)),
    ("This is the share of all active ones that were found. Asked is how many times more there are among the best than "
     "among as many by lot.", wrong(lambda found, top, actives, n: found / actives)),
    ("This is the number of active ones among the best.", wrong(lambda found, top, actives, n: found)),
    ("Divided by the share of active ones among the REST. Divide by the share among all.",
     wrong(lambda found, top, actives, n: found / top / max((actives - found) / max(n - top, 1), 1e-12))),
    ("Divided by the number of active ones, not by their share.",
     wrong(lambda found, top, actives, n: found / top / actives)),
    ("This is an accuracy, all among the best called active. Where active ones are rare it tells nearly nothing.",
     wrong(lambda found, top, actives, n: (found + n - top - (actives - found)) / n)),
    ("The quotient was taken by odds, active to inactive. Both parts are shares.",
     wrong(lambda found, top, actives, n: found / max(top - found, 1e-12) / (actives / (n - actives)))),
)  # fmt: skip
