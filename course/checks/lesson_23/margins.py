"""What the checker of exercise 23.1 needs: masks on uneven grids, classic mistakes."""

import numpy as np
from scipy import ndimage

from course.checks.compare import Case, mistakes


def cases():
    line = np.zeros(9, bool)
    line[[0, 6]] = True
    knight = np.zeros((5, 7), bool)
    knight[2, 3] = True
    wide, odd = np.zeros((4, 9), bool), np.zeros((7, 5, 6), bool)
    wide[1, 2:6] = wide[3, 8] = True
    odd[1:4, 2:4, 1], odd[6, 0, 5] = True, True
    scan = np.zeros((9, 8, 4), bool)
    scan[2:5, 3:6, 1:3] = True
    filled = np.zeros((6, 7), bool)
    filled[1:5, 1:6] = True
    return [
        Case(knight, np.array([4.0, 3.0]), 5.0, note="one voxel; the corner places are exactly 5 mm away"),
        Case(line, np.array([2.0]), 3.0, note="one axis, two voxels, one at the border"),
        Case(wide, np.array([3.0, 1.0]), 2.5, note="a thick axis first"),
        Case(scan, np.array([1.0, 1.5, 4.0]), 4.2, note="slices far apart"),
        Case(odd, np.array([2.5, 1.0, 0.5]), 2.75, note="two bodies"),
        Case(filled, np.array([0.5, 2.0]), 0.0, note="no margin: the body itself"),
    ]


def by_library(mask, spacing, mm):
    return ndimage.distance_transform_edt(~mask, sampling=spacing) <= mm


def apart(mask, spacing, length=lambda steps: np.sqrt((steps**2).sum(axis=-1))):
    """Return for each voxel the smallest length(steps to a marked voxel, mm an axis): of the mask's shape."""
    places, marked = (np.argwhere(one) * np.asarray(spacing, float) for one in (np.ones_like(mask), mask))
    return length(places[:, None] - marked).min(axis=1).reshape(mask.shape)


def _grown(steps, connectivity=1):
    """Return the mask grown by whole voxels: steps(spacing, mm) times."""
    def answer(mask, spacing, mm):
        times = int(steps(np.asarray(spacing), mm))
        if times < 1:
            return mask.copy()
        return ndimage.binary_dilation(mask, ndimage.generate_binary_structure(mask.ndim, connectivity), times)
    return answer


def _box(mask, spacing, mm):
    return apart(mask, spacing, lambda steps: np.abs(steps).max(axis=-1)) <= mm


def _diamond(mask, spacing, mm):
    return apart(mask, spacing, lambda steps: np.abs(steps).sum(axis=-1)) <= mm


def _from_middle(mask, spacing, mm):
    steps = (np.stack(np.indices(mask.shape), axis=-1) - np.argwhere(mask).mean(axis=0)) * spacing
    return np.linalg.norm(steps, axis=-1) <= mm


def _inside(mask, spacing, mm):
    return mask & (apart(~mask, spacing) <= mm)


def _each_axis(mask, spacing, mm):
    grown = mask.copy()
    for axis, one in enumerate(spacing):
        size = [1] * mask.ndim
        size[axis] = 2 * int(mm // one) + 1
        grown |= ndimage.binary_dilation(mask, np.ones(size, bool))
    return grown


WHOLE = [(round_, pick, c) for round_ in (np.ceil, np.floor, np.round) for pick in (np.min, np.max, np.mean)
         for c in (1, 3)]  # fmt: skip
MISTAKES = mistakes(
    ("The spacing is not used: `mm` was taken for a number of voxels.",
     lambda mask, spacing, mm: apart(mask, np.ones(mask.ndim)) <= mm),
    ("The spacing is used in the wrong order: spacing[0] belongs to the first axis.",
     lambda mask, spacing, mm: apart(mask, np.asarray(spacing)[::-1]) <= mm),
    ("One spacing is used for all axes. Each axis has its own.",
     *(lambda mask, spacing, mm, k=k: apart(mask, np.full(mask.ndim, spacing[k])) <= mm for k in (0, -1)),
     lambda mask, spacing, mm: apart(mask, np.full(mask.ndim, np.mean(spacing))) <= mm),
    ("Steps are divided by the spacing. A step of one voxel is spacing mm long: multiply.",
     lambda mask, spacing, mm: apart(mask, 1 / np.asarray(spacing)) <= mm),
    ("This margin is a box: `mm` along each axis by itself. The straight distance is the root of the sum of squares.",
     _box),
    ("Steps along the axes are added up. The straight distance is the root of the sum of their squares.", _diamond),
    ("The margin runs along the axes alone. It has every direction.", _each_axis),
    ("The mask was grown by whole voxels. Measure in millimetres: with a spacing of 4 and a margin of 5, neither one "
     "voxel nor two is right.",
     _grown(lambda spacing, mm: mm), *(_grown(lambda s, mm, r=r, p=p: r(mm / p(s)), c) for r, p, c in WHOLE)),
    ("Distances are measured inside the body, to the outside. A margin lies around it: from each voxel to the nearest "
     "one of the body.", _inside, lambda mask, spacing, mm: apart(~mask, spacing) <= mm),
    ("The body itself is missing. A knife must not go there either.",
     lambda mask, spacing, mm: by_library(mask, spacing, mm) & ~mask),
    ("A place exactly `mm` away belongs to the margin: <=, not <.",
     lambda mask, spacing, mm: apart(mask, spacing) < mm),
    ("This is what lies OUTSIDE the margin.", lambda mask, spacing, mm: ~by_library(mask, spacing, mm)),
    ("These are the distances. Which of them are at most `mm`?", lambda mask, spacing, mm: apart(mask, spacing)),
    ("Squared distances are compared with `mm`. Take the root, or square `mm`.",
     lambda mask, spacing, mm: apart(mask, spacing) ** 2 <= mm),
    ("Distances are measured from the middle of the mask. Measure from its nearest voxel.", _from_middle),
    ("The largest distance to the body was taken. Take the smallest: to its nearest voxel.",
     lambda mask, spacing, mm: -apart(mask, spacing, lambda steps: -np.sqrt((steps**2).sum(axis=-1))) <= mm),
    ("The mask came back as it went in.", lambda mask, spacing, mm: mask),
)  # fmt: skip
