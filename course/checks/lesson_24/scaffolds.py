"""What the checker of exercise 24.3 needs: lists of scaffolds, a split by pandas, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def as_rows(found):
    """A learner's rows in rising order, from a list, a set or an array; anything else as it is."""
    if found is None or found is Ellipsis or isinstance(found, str) or not hasattr(found, "__iter__"):
        return found
    rows = np.array(list(found))
    return np.sort(rows) if rows.ndim == 1 and rows.dtype.kind in "iuf" else rows


def cases():
    every = [Case(list("ABABCABD"), 0.75, note="four scaffolds"),
             Case(["A", "B", "", "A", "", "C", "A", "", "A", "B"], 0.7, note='"": molecules without rings'),
             Case(list("AAABBCCDE"), 0.7, note="one scaffold does not fit, a smaller one does")]  # fmt: skip
    for seed, (n, kinds, share) in enumerate([(20, 6, 0.8), (15, 7, 0.6), (31, 5, 0.75), (24, 9, 0.5)]):
        rng = np.random.default_rng(seed)
        weights = np.arange(1, kinds + 1) / sum(range(kinds + 1))
        drawn = rng.choice(np.array(["", *"GHJKLMNP"][:kinds]), n - 1, p=rng.permutation(weights)).tolist()
        every.append(Case([*drawn, "ZZ"], share))
    return every


def by_library(scaffolds, share):
    import pandas as pd

    names = pd.Series(scaffolds)
    sizes = names.value_counts(sort=False)  # in order of first appearance
    room, taken = share * len(names), []
    for name, size in sizes.sort_values(ascending=False, kind="stable").items():
        if size <= room + 1e-9:
            taken.append(name)
            room -= size
    return np.flatnonzero(names.isin(taken))


def wrong(order=lambda sizes: sorted(sizes, key=lambda name: -sizes[name]), fits=lambda size, room: size <= room + 1e-9,
          stop=False, named=list, after=False):  # fmt: skip
    """The split with something changed: order of the groups, when one fits, whether the first that does not ends it."""
    def answer(scaffolds, share):
        scaffolds = named(scaffolds)
        sizes = {name: scaffolds.count(name) for name in scaffolds}
        room, taken = share * len(scaffolds), []
        for name in order(sizes):
            if fits(sizes[name], room):
                taken.append(name)
                room -= sizes[name]
            elif stop:
                break
        return [row for row, name in enumerate(scaffolds) if name in taken]
    return answer


def ringless_alone(scaffolds):
    return [name or f"alone {row}" for row, name in enumerate(scaffolds)]


def _divided(result, expected, scaffolds, share):
    rows = {int(row) for row in result}
    return bool({scaffolds[row] for row in rows} & {name for row, name in enumerate(scaffolds) if row not in rows})


MISTAKES = [
    *mistakes(
        ("These are the rows to test on. Asked are those to train on.",
         lambda scaffolds, share: [r for r in range(len(scaffolds)) if r not in set(wrong()(scaffolds, share))]),
        ("The first scaffold that did not fit ended it. Leave that one out and try the next smaller one.",
         wrong(stop=True)),
        ("The smallest scaffolds were taken first. Begin with the largest.",
         wrong(order=lambda sizes: sorted(sizes, key=lambda name: sizes[name]))),
        ("The scaffolds were taken in the order of the list. Begin with the largest.", wrong(order=list),
         wrong(order=list, stop=True)),
        ("The scaffolds were taken by their names. Begin with the largest.", wrong(order=sorted)),
        ("The training set grew beyond the share. Take a scaffold only if all its molecules still fit.",
         wrong(fits=lambda size, room: room > 1e-9)),
        ("A scaffold that fills the share exactly fits, too.", wrong(fits=lambda size, room: size < room - 1e-9)),
        ("Molecules without rings were taken one by one. They share one scaffold, the empty text, and stay together.",
         wrong(named=ringless_alone)),
        ("Molecules without rings were left out. The empty text is a scaffold like the others.",
         wrong(order=lambda sizes: sorted((name for name in sizes if name), key=lambda name: -sizes[name]))),
    ),
    Mistake("A scaffold stands in both sets: some of its molecules are trained on and others tested. Take whole ones.",
            when=lambda result, expected, *inputs: result is not None and _divided(result, expected, *inputs)),
]  # fmt: skip
