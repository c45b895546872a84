"""What the checker of exercise 25.2 needs: two readers' labels, kappa by scikit-learn, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(["m", "m", "b", "b", "b"], ["m", "b", "b", "b", "b"], note="five cases")]
    for seed, (n, kinds, copied) in enumerate([(40, 2, 0.7), (60, 3, 0.5), (25, 4, 0.2), (30, 2, 0.0)]):
        rng = np.random.default_rng(seed)
        one = rng.choice(kinds, n, p=np.arange(1, kinds + 1) / sum(range(kinds + 1)))
        other = np.where(rng.random(n) < copied, one, rng.integers(0, kinds, n))
        every.append(Case(np.array(list("bmnx"))[one].tolist(), np.array(list("bmnx"))[other].tolist()))
    every.append(Case(["b", "b", "n", "b"], ["b", "m", "b", "b"], note="each uses a word the other does not"))
    return every


def by_library(one, other):
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(one, other))


def _shares(one, other):
    names = sorted({*one, *other})
    return tuple(np.array([list(row).count(name) / len(row) for name in names]) for row in (one, other))


def _agreed(one, other):
    return float(np.mean(np.array(one) == np.array(other)))


def wrong(chance, formula=lambda agreed, chance: (agreed - chance) / (1 - chance)):
    """Kappa with another chance agreement, of the two rows of shares, or another formula."""
    return lambda one, other: formula(_agreed(one, other), chance(*_shares(one, other)))


def by_margins(p, q):
    return p @ q


MISTAKES = mistakes(
    ("This is the agreement itself. Kappa takes away what chance alone would give.", _agreed),
    ("Chance was taken from the agreement, but the rest was not divided by 1 - chance: agreement of 1 must give 1.",
     wrong(by_margins, lambda agreed, chance: agreed - chance)),
    ("This is the agreement that chance alone would give.", wrong(by_margins, lambda agreed, chance: chance)),
    ("Chance was taken as 1 / number of words. It depends on how often each reader uses each word.",
     wrong(lambda p, q: 1 / len(p))),
    ("Chance was taken as one half. It depends on how often each reader uses each word.", wrong(lambda p, q: 0.5)),
    ("Chance was taken from both readers thrown together (that is Scott's pi). Take the product of each one's own "
     "share, word by word.", wrong(lambda p, q: ((p + q) / 2) @ ((p + q) / 2))),
    ("Chance was taken from the first reader alone: multiply by the second's shares.", wrong(lambda p, q: p @ p),
     wrong(lambda p, q: q @ q)),
    ("Agreement was divided by 1 - chance before chance was taken away.",
     wrong(by_margins, lambda agreed, chance: agreed / (1 - chance) - chance)),
    ("Divided by chance, not by 1 - chance.", wrong(by_margins, lambda agreed, chance: (agreed - chance) / chance)),
    ("Disagreement was counted where agreement was asked.",
     wrong(by_margins, lambda agreed, chance: (1 - agreed - chance) / (1 - chance))),
)  # fmt: skip
