"""The same picture more than once: the very same, or saved anew in another size or quality.

A copy in another split makes the test easier than it looks, one in another class is a contradiction, and one beside it
counts as a second example that is none.
"""

from collections import defaultdict
from itertools import combinations

import numpy as np
from PIL import Image

from course.files import listed, shown

SIDE = 16  # of the small picture by which two are compared
ALIKE = 0.99  # correlation of the two small pictures from which on they are called nearly the same
BLOCK = 2048  # pictures compared at a time


def fingerprint(picture):
    """Return a picture (h, w, 3), uint8, as 256 numbers to compare with others: float32, length 1, or 0 if it is even.

    Grey, averaged to 16 x 16, its mean taken out and its contrast made one: so the product of two is their correlation,
    which neither another size nor another quality, brightness or contrast changes much.

    Measured: a copy in half, 3/4 or 1.5 times the size, as JPEG of quality 30 to 90, or both, correlates with its
    original by 0.998 or more, drawn cells with their fine grain as well as ultrasound; one made brighter until light
    parts are cut off, by 0.98. Two of the 569 drawn fields never correlate by more than 0.57. Of BreastMNIST's 780
    pictures 197 pairs do by more than 0.99, and the 12 of them nearest to the border all show one scene twice: 108 such
    pairs lie in different splits. A copy narrower by 2 % may stay below (0.94), a mirrored one does, and so may the
    copy of a picture that is itself hardly larger than 16 x 16.
    """
    small = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=3)
    numbers = np.asarray(small.convert("L"), np.float32).ravel()
    numbers -= numbers.mean()
    length = np.linalg.norm(numbers)
    return numbers / length if length > SIDE else np.zeros(SIDE**2, np.float32)  # less than one level: even


def same(hashes):
    """Return groups of keys with equal hashes, in the order of {key: hash}."""
    groups = defaultdict(list)
    for key, digest in hashes.items():
        groups[digest].append(key)
    return [group for group in groups.values() if len(group) > 1]


def similar(parts, hashes):
    """Return pairs (path, path) of pictures in different parts that are nearly, but not quite, the same.

    parts: {name: {path: fingerprint}}, such as the three splits. hashes: {path: hash of its pixels}.
    """
    found = []
    for one, other in combinations(parts.values(), 2):
        if not one or not other:
            continue
        paths, others, matrix = list(one), list(other), np.stack(list(other.values())).T
        for start in range(0, len(paths), BLOCK):
            block = np.stack([one[path] for path in paths[start:start + BLOCK]])
            found += [(paths[start + row], others[column]) for row, column in np.argwhere(block @ matrix > ALIKE)]
    return [(a, b) for a, b in found if hashes[a] != hashes[b]]


def warnings(repeated, similar):
    """Return sentences about copies. Paths are split/class/name; a group is told by the worst that it does."""
    kinds = {
        "The same picture lies in two classes, so one of its labels is wrong. Find out which, and remove the other": [],
        "The same picture appears in more than one split, so the test is easier than it looks. Remove all but one of "
        "each group": [],
        "The same picture appears more than once in one class of a split, and counts as often. Remove all but one of "
        "each group": [],
        "Pictures in different splits are nearly the same, such as one saved in another size or quality, or the next "
        "view of one scene: the test may be easier than it looks. Look at them": [list(pair) for pair in similar],
    }
    contradictions, leaks, repeats, _ = kinds.values()
    for group in repeated:
        splits, classes = ({path.parts[place] for path in group} for place in (0, 1))
        (contradictions if len(classes) > 1 else leaks if len(splits) > 1 else repeats).append(group)
    return [f"{sentence} ({len(groups):,} in all):\n"
            + listed([" = ".join(shown(path) for path in group) for group in groups])
            for sentence, groups in kinds.items() if groups]
