"""What the checker of exercise 16.4 needs: losses of settings in inner and outer folds, an honest choice, mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    hand = Case(np.array([[0.30, 0.20], [0.10, 0.40]]), np.array([[0.25, 0.35], [0.30, 0.15]]),
                note="two folds, two settings")  # fmt: skip
    every = [hand]
    for seed, (folds, settings) in enumerate([(5, 4), (3, 7), (4, 4), (2, 6)]):
        rng = np.random.default_rng(seed)
        every.append(Case(*(rng.random((folds, settings)).round(3) for _ in range(2))))
    return every


def by_loop(inner, outer):
    promised, kept = [], []
    for mean, judged in zip(inner.tolist(), outer.tolist(), strict=True):
        best = mean.index(min(mean))
        promised.append(mean[best])
        kept.append(judged[best])
    return sum(promised) / len(promised), sum(kept) / len(kept)


def _one_for_all(by, inner, outer):
    best = by.mean(axis=0).argmin()
    return inner[:, best].mean(), outer[:, best].mean()


def _rows(inner, outer, best):
    rows = np.arange(len(inner))
    return inner[rows, best].mean(), outer[rows, best].mean()


MISTAKES = mistakes(
    ("Each fold's setting was chosen by the patients who judge it. That is tuned on the test: choose by `inner` alone.",
     lambda inner, outer: (inner.min(axis=1).mean(), outer.min(axis=1).mean()),
     lambda inner, outer: _rows(inner, outer, outer.argmin(axis=1))),
    ("One setting was chosen for all by the patients who judge. That is tuned on the test: choose by `inner` alone.",
     lambda inner, outer: _one_for_all(outer, inner, outer)),
    ("One setting was chosen for all folds, by the mean of `inner`. In it each patient who judges a fold has helped to "
     "choose for it, from the other folds. Choose in each fold for itself.",
     lambda inner, outer: _one_for_all(inner, inner, outer)),
    ("Losses are better when smaller: argmin, not argmax.", lambda inner, outer: _rows(inner, outer,
                                                                                     inner.argmax(axis=1))),
    ("What was kept is `outer` of the chosen settings; this is `inner` once more.",
     lambda inner, outer: (inner.min(axis=1).mean(),) * 2),
    ("The mean over all settings of `outer` was taken. Take the chosen setting's.",
     lambda inner, outer: (inner.min(axis=1).mean(), outer.mean())),
    ("The best fold of each setting was sought: that runs down the columns. A row is a fold: argmin(axis=1).",
     lambda inner, outer: (inner.min(axis=0).mean(), outer[inner.argmin(axis=0), np.arange(inner.shape[1])].mean())),
    ("This is the single best value. Choose in each fold, and take means over the folds.",
     lambda inner, outer: (inner.min(), outer[np.unravel_index(inner.argmin(), inner.shape)])),
)  # fmt: skip
