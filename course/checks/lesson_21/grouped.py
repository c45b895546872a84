"""What the checker of exercise 21.2 needs: pairs of twins, their groups by SciPy, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    every = [Case(5, [(0, 2), (2, 4)], note="a twin of a twin"),
             Case(6, [(5, 4), (4, 3), (3, 2), (2, 1), (1, 0)], note="a chain told from its end"),
             Case(4, [], note="no twins"), Case(7, [(6, 0), (1, 5), (0, 3), (3, 6)], note="two groups, one a ring")]
    for seed, (n, count) in enumerate([(12, 6), (15, 12), (9, 4)]):
        rng = np.random.default_rng(seed)
        pairs = [tuple(map(int, rng.choice(n, 2, replace=False))) for _ in range(count)]
        every.append(Case(n, [*pairs, pairs[0][::-1]]))
    return every


def by_library(n, pairs):
    number = _numbers(n, pairs)
    return np.array([np.flatnonzero(number == one).min() for one in number])


def _numbers(n, pairs):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.array(pairs, int).reshape(-1, 2).T
    return connected_components(coo_array((np.ones(ends.shape[1]), tuple(ends)), shape=(n, n)), directed=False)[1]


def _passes(times, both):
    """Walk over the pairs `times` times; the smaller number goes to the second, or to both."""
    def answer(n, pairs):
        group = list(range(n))
        for _ in range(times):
            for i, j in pairs:
                low = min(group[i], group[j])
                group[j] = low
                group[i] = low if both else group[i]
        return np.array(group)
    return answer


def _handed(turned):
    """Of each pair one gets the other's number, whichever is smaller."""
    def answer(n, pairs):
        group = list(range(n))
        for i, j in pairs:
            i, j = (j, i) if turned else (i, j)
            group[j] = group[i]
        return np.array(group)
    return answer


def _neighbours(n, pairs):
    return np.array([min([k, *(i for i, j in pairs if j == k), *(j for i, j in pairs if i == k)]) for k in range(n)])


def _alone(fill):
    def answer(n, pairs):
        seen = {k for pair in pairs for k in pair}
        return np.array([group if k in seen else fill for k, group in enumerate(by_library(n, pairs))])
    return answer


def _largest(n, pairs):
    number = _numbers(n, pairs)
    return np.array([np.flatnonzero(number == one).max() for one in number])


def _sizes(n, pairs):
    number = _numbers(n, pairs)
    return np.bincount(number)[number]


MISTAKES = [
    *mistakes(
        ("Only direct twins are gathered. Whoever is a twin of a twin belongs to the group: go on until nothing "
         "changes.", _neighbours, _passes(1, False)),
        ("One walk over the pairs is not enough: a number that changes late is not passed on. Repeat until nothing "
         "changes, or join whole groups at each pair.", _passes(1, True)),
        ("One of each pair is given the other's number; those who already share its old number keep it. Join whole "
         "groups.", _handed(False), _handed(True)),
        ("These are numbers of groups, 0, 1, 2, ... Asked was the smallest row number in each group.", _numbers),
        ("The largest row number of each group was taken. Take the smallest.", _largest),
        ("These are the groups' sizes. Asked was the smallest row number in each group.", _sizes),
        ("Who has no twin is a group of one: its own row number.", _alone(-1), _alone(0)),
    ),
    Mistake("Rows without a twin are missing. There is one number for each of the n pictures.",
            when=lambda result, expected, *inputs: result is not None and np.ndim(result) == 1
            and len(result) < len(expected)),
]  # fmt: skip
