"""What the checker of exercise 24.1 needs: lists of features, their similarity by SciPy, classic mistakes."""

from collections import Counter

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    every = [Case(["C", "O", "C-C"], ["C", "O", "C-O", "O-H"], note="all features once"),
             Case(["C", "C", "C", "O", "C-C", "C-C"], ["C", "C", "O", "O", "C-O"], note="features more than once"),
             Case(["N"], ["C", "O"], note="nothing in common")]  # fmt: skip
    for seed, (a, b) in enumerate([(9, 5), (4, 12), (7, 7)]):
        rng = np.random.default_rng(seed)
        every.append(Case(*([*rng.choice(list("abcdefgh"), n).tolist(), "x"] for n in (a, b))))
    same = ["C", "N", "C-N"]
    return [*every, Case(same, same[::-1], note="the same features"), Case([], ["C"], note="one is empty"),
            Case([], [], note="both are empty: 0, by agreement")]  # fmt: skip


def by_library(one, other):
    from scipy.spatial.distance import jaccard

    names = sorted({*one, *other})
    return 1 - float(jaccard([x in one for x in names], [x in other for x in names])) if names else 0.0


def wrong(divide, sets=True, common=lambda a, b: len(set(a) & set(b)), times=1):
    """The quotient with another divisor, of a, b and c, or on lists instead of sets; 0 where the divisor is 0."""
    def answer(one, other):
        c = common(one, other)
        a, b = (len(set(x)) if sets else len(x) for x in (one, other))
        return times * c / divide(a, b, c) if divide(a, b, c) else 0.0
    return answer


def unguarded(one, other):
    one, other = set(one), set(other)
    return len(one & other) / len(one | other)


def _together(one, other):
    return sum((Counter(one) & Counter(other)).values())


MISTAKES = [
    *mistakes(
        ("Two empty lists stop it: nothing can be divided by 0. Return 0 for them.", unguarded),
        ("This is Dice, twice what is common over both sizes added. Tanimoto divides by what is in either.",
         wrong(lambda a, b, c: a + b, times=2)),
        ("Repeats were counted: in a fingerprint a feature is there or not. Make a set of each list first.",
         wrong(lambda a, b, c: a + b - c, sets=False), wrong(lambda a, b, c: a + b - c, False, _together),
         wrong(lambda a, b, c: a + b - c, False, lambda a, b: sum(x in b for x in a)),
         wrong(lambda a, b, c: a + b - c, False, lambda a, b: sum(x in a for x in b))),
        ("The divisor counts what is common twice. Take it off once: a + b - c.", wrong(lambda a, b, c: a + b)),
        ("Divided by one of the two alone. Divide by all features that either has.",
         wrong(lambda a, b, c: a), wrong(lambda a, b, c: b), wrong(lambda a, b, c: min(a, b)),
         wrong(lambda a, b, c: max(a, b))),
        ("This is the cosine: the divisor is the root of a times b. Tanimoto divides by a + b - c.",
         wrong(lambda a, b, c: (a * b) ** 0.5)),
        ("This is how many features are common, not their share of all.", wrong(lambda a, b, c: 1)),
        ("This is the distance, 1 - similarity.", lambda one, other: 1 - by_library(one, other),
         lambda one, other: 1 - by_library(one, other) if one or other else 0.0),
    ),
    Mistake("Right, but for two empty lists: return 0 there, as RDKit does.",
            when=lambda result, expected, one, other: not one and not other),
]  # fmt: skip
