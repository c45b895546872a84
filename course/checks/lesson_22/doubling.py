"""What the checker of exercise 22.2 needs: masks of two scans, the doubling time by a root, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def _mask(shape, count, seed):
    mask = np.zeros(shape, bool)
    mask.flat[np.random.default_rng(seed).permutation(mask.size)[:count]] = True
    return mask


def cases():
    plan = [((4, 5, 6), 20, 40, (2.5, 1.0, 1.0), (2.5, 1.0, 1.0), 90), ((3, 6, 6), 30, 33, (5, 0.7, 0.7), (1, 0.7, 0.7),
             120), ((5, 5, 5), 12, 50, (1.25, 0.5, 0.8), (2.5, 0.9, 0.6), 45), ((6, 4, 4), 60, 40, (2.0, 0.8, 0.8),
             (2.0, 0.8, 0.8), 200), ((4, 4, 4), 10, 11, (3.0, 0.7, 0.9), (3.0, 0.75, 0.9), 365)]  # fmt: skip
    notes = ["the voxels doubled in 90 days", "two slice thicknesses", "", "it shrank", "slow"]
    return [Case(_mask(shape, a, 1), _mask(shape, b, 2), one, two, days, note=note)
            for (shape, a, b, one, two, days), note in zip(plan, notes, strict=True)]


def _volume(mask, spacing):
    return np.count_nonzero(mask) * float(np.prod(spacing))


def by_solver(first, second, spacing_first, spacing_second, days):
    """Solve first * 2 ** (days / t) = second for t."""
    from scipy.optimize import brentq

    ratio = _volume(second, spacing_second) / _volume(first, spacing_first)
    return 1 / brentq(lambda rate: 2 ** (days * rate) - ratio, -5 / days, 5 / days, xtol=1e-15, rtol=1e-14)


def wrong(volume=_volume, formula=lambda ratio, days: days * np.log(2) / np.log(ratio)):
    """The doubling time with another volume or formula."""
    return lambda first, second, one, two, days: formula(volume(second, two) / volume(first, one), days)


MISTAKES = mistakes(
    ("Voxels were compared, not volumes (one spacing for both scans comes to the same). Each scan's count needs its "
     "own spacing: the voxels may differ.",
     wrong(lambda mask, spacing: np.count_nonzero(mask))),
    ("The pixel's side was taken for the slice's thickness too. A voxel has three sides: slice, row, column.",
     wrong(lambda mask, spacing: np.count_nonzero(mask) * spacing[1] ** 3),
     wrong(lambda mask, spacing: np.count_nonzero(mask) * spacing[2] ** 3),
     wrong(lambda mask, spacing: np.count_nonzero(mask) * spacing[1] * spacing[2])),
    ("These are diameters' doublings: cube roots of the volumes were compared, which makes the time three times as "
     "long.", wrong(formula=lambda ratio, days: 3 * days * np.log(2) / np.log(ratio))),
    ("ln 2 is missing above.", wrong(formula=lambda ratio, days: days / np.log(ratio))),
    ("Two kinds of logarithm were mixed: ln 2 needs ln of the quotient.",
     wrong(formula=lambda ratio, days: days * np.log(2) / np.log10(ratio)),
     wrong(formula=lambda ratio, days: days * np.log10(2) / np.log(ratio))),
    ("The quotient is upside down: second over first. A growing nodule has a time above 0.",
     wrong(formula=lambda ratio, days: -days * np.log(2) / np.log(ratio))),
    ("This is the rate of growth. The doubling time is days ln 2 over ln of the quotient.",
     wrong(formula=lambda ratio, days: np.log(ratio) / days), wrong(formula=lambda ratio, days: np.log2(ratio) / days)),
    ("Growth was taken as straight: so much a day. It is exponential, the same factor in the same time.",
     wrong(formula=lambda ratio, days: days / (ratio - 1))),
)  # fmt: skip
