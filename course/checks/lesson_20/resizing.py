"""What the checker of exercise 20.4 needs: rows of cells, a library's enlargement, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(np.array([0.0, 1.0]), 8, note="two cells over eight pixels")]
    for seed, (m, n) in enumerate([(3, 12), (4, 10), (5, 5), (6, 64), (2, 9)]):
        every.append(Case(np.random.default_rng(seed).random(m).round(2), n))
    return every


def by_library(values, n):
    from skimage.transform import resize

    return resize(np.asarray(values, float)[None], (1, n), order=1, mode="edge", anti_aliasing=False)[0]


def at(places):
    """The row interpolated at places(m, n) of its cells (n,)."""
    return lambda values, n: np.interp(places(len(values), n), np.arange(len(values)), values)


MISTAKES = mistakes(
    ("The ends are stretched: the first cell's MIDDLE was laid on the first pixel, and the last on the last. Each cell "
     "is n / m pixels wide, so the first middle lies half a cell inside.",
     at(lambda m, n: np.linspace(0, m - 1, n))),
    ("The map is moved by half a cell: the cells' edges were taken for their middles. The middle of cell i lies at "
     "(i + 0.5) n / m - 0.5.", at(lambda m, n: np.arange(n) * m / n)),
    ("The map is moved: pixel j has its middle at j + 0.5, cell i at (i + 0.5) n / m; one of the halves is missing.",
     at(lambda m, n: np.arange(n) * m / n - 0.5), at(lambda m, n: (np.arange(n) + 0.5) * m / n)),
    ("Each cell was repeated: blocks. Between two middles the value is to go from one to the other, in a line.",
     lambda values, n: np.asarray(values)[np.arange(n) * len(values) // n]),
    ("The nearest middle was taken. Between two middles the value goes from one to the other, in a line.",
     lambda values, n: np.asarray(values)[np.clip(np.rint((np.arange(n) + 0.5) * len(values) / n - 0.5).astype(int), 0,
                                                  len(values) - 1)]),
    ("Beyond the first and the last middle the line goes on. There the value of that middle stays.",
     lambda values, n: _going_on(np.asarray(values, float), (np.arange(n) + 0.5) * len(values) / n - 0.5)),
)  # fmt: skip


def _going_on(values, places):
    below = np.clip(np.floor(places).astype(int), 0, len(values) - 2)
    return values[below] + (places - below) * (values[below + 1] - values[below])
