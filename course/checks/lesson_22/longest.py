"""What the checker of exercise 22.4 needs: masks with spacings, longest distances by SciPy, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    bar = np.zeros((4, 7), bool)
    bar[1, 1:6] = True
    slope = np.eye(6, 9, dtype=bool) | np.eye(6, 9, 1, dtype=bool)
    every = [Case(bar, (2.0, 0.5), note="a bar along a row"), Case(bar.T, (2.0, 0.5), note="a bar down a column"),
             Case(slope, (0.7, 0.7), note="along a diagonal"), Case(slope, (1.25, 0.4)),
             Case(np.eye(1, 5, 2, dtype=bool), (1.5, 0.5), note="one pixel: 0")]
    for seed in range(2):
        rng = np.random.default_rng(seed)
        every.append(Case(rng.random((8, 11)) < 0.25, tuple(rng.uniform(0.4, 2, 2).round(2).tolist())))
    return every


def by_library(mask, spacing):
    from scipy.spatial.distance import pdist

    return float(pdist(np.argwhere(mask) * np.asarray(spacing, float)).max(initial=0))


def _box(mask, spacing):
    rows, columns = np.nonzero(mask)
    return np.array([np.ptp(rows), np.ptp(columns)]) * np.asarray(spacing, float)


MISTAKES = mistakes(
    ("This is in pixels. Multiply rows and columns by their spacing before any distance.",
     lambda mask, spacing: by_library(mask, (1, 1))),
    ("The longest line was sought in pixels and then scaled by one side. Scale first: rows and columns differ.",
     lambda mask, spacing: by_library(mask, (1, 1)) * spacing[0],
     lambda mask, spacing: by_library(mask, (1, 1)) * spacing[1],
     lambda mask, spacing: by_library(mask, (1, 1)) * np.mean(spacing)),
    ("Row and column spacing have changed places.", lambda mask, spacing: by_library(mask, spacing[::-1])),
    ("This is the longer side of the box about it. A slanting body is longer than its box is wide.",
     lambda mask, spacing: _box(mask, spacing).max()),
    ("This is the diagonal of the box about it: no two pixels of the body need to lie in its corners.",
     lambda mask, spacing: float(np.hypot(*_box(mask, spacing)))),
    ("This is the diameter of a disc of the same area. Asked was the longest line.",
     lambda mask, spacing: float(np.sqrt(4 * mask.sum() * np.prod(spacing) / np.pi))),
    ("This is the largest distance from the centre. The longest line runs from edge to edge.",
     lambda mask, spacing: float(np.linalg.norm((np.argwhere(mask) - np.argwhere(mask).mean(axis=0))
                                                * np.asarray(spacing), axis=1).max())),
    ("The root is missing: these are mm squared.", lambda mask, spacing: by_library(mask, spacing) ** 2),
)  # fmt: skip
