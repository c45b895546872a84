"""What the checker of exercise 21.4 needs: groups, draws of them, the rows by pandas, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(np.array([0, 1, 1, 2]), np.array([1, 1, 2]), note="group 1 was drawn twice, group 0 not")]
    for seed, (n, groups) in enumerate([(9, 4), (14, 6), (6, 6), (11, 3)]):
        rng = np.random.default_rng(seed)
        group = np.concatenate([np.arange(groups), rng.integers(0, groups, n - groups)])
        group = rng.permutation(group)
        drawn = rng.integers(0, groups, groups)
        drawn[-1] = drawn[0]
        every.append(Case(group, drawn))
    return every


def by_library(group, drawn):
    import pandas as pd

    draws = pd.DataFrame({"group": drawn, "turn": np.arange(len(drawn))})
    rows = pd.DataFrame({"group": group, "row": np.arange(len(group))})
    return draws.merge(rows, on="group").sort_values(["turn", "row"])["row"].to_numpy()


def _listed(group, drawn, some=lambda rows: rows):
    return np.concatenate([some(np.flatnonzero(np.asarray(group) == one)) for one in drawn])


MISTAKES = mistakes(
    ("A group that was drawn twice stands here once. Drawing is with replacement: it counts twice.",
     lambda group, drawn: np.flatnonzero(np.isin(group, drawn)),
     lambda group, drawn: _listed(group, dict.fromkeys(drawn.tolist()))),
    ("Numbers of groups were taken for numbers of rows.", lambda group, drawn: drawn),
    ("One picture of each group was taken. All of them come along.",
     lambda group, drawn: _listed(group, drawn, lambda rows: rows[:1])),
    ("These are the groups of the rows, not the row numbers.",
     lambda group, drawn: group[_listed(group, drawn)]),
    ("The rows are right, but sorted. Let them stand in the order of the draw.",
     lambda group, drawn: np.sort(_listed(group, drawn))),
    ("These rows were NOT drawn.", lambda group, drawn: np.flatnonzero(~np.isin(group, drawn))),
)  # fmt: skip
