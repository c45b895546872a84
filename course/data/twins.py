"""Pictures that are nearly the same, gathered into groups that must stay on one side of any split."""

import numpy as np

from course.data.copies import fingerprint

# Correlation of two small pictures from which on they are twins. Looser than `copies.ALIKE`: a pair too many costs
# little here, one too few is a leak. Of BreastMNIST's pairs all 15 between 0.97 and 0.98 show one scene each, looked at
# one by one; of the 9 between 0.96 and 0.97 one does not. A mirrored or cut copy is not found.
RULE = 0.97


def groups(prints, alike=RULE):
    """Return the number of its group for each picture: int (n,). Whoever is a twin of a twin belongs to the group.

    prints: (n, 256), a `course.data.copies.fingerprint` of each picture.
    """
    from scipy.sparse.csgraph import connected_components

    prints = np.asarray(prints)
    return connected_components(prints @ prints.T > alike, directed=False)[1]


def prints_of(images):
    """Return the fingerprints of grey pictures, uint8 (n, height, width): float32 (n, 256)."""
    return np.stack([fingerprint(np.repeat(image[..., None], 3, axis=2)) for image in images])


def summary(prints, labels, splits, alike):
    """Return how many twins there are: counts for one correlation, as a dict.

    pairs, pairs across splits, groups of two and more, pictures in them, the largest, groups that hold both labels,
    test pictures with a twin in training, and with one in training or validation.
    """
    near = np.triu(prints @ prints.T > alike, 1)
    number = groups(prints, alike)
    size = np.bincount(number)
    one, other = np.nonzero(near)
    test = {name: {int(a) for pair in zip(one, other, strict=True) for a, b in (pair, pair[::-1])
                   if splits[a] == "test" and splits[b] in seen}
            for name, seen in {"train": ("train",), "train or validation": ("train", "validation")}.items()}
    mixed = [len(set(labels[number == group])) > 1 for group in np.flatnonzero(size > 1)]
    return {"alike": alike, "pairs": len(one), "pairs across splits": int(np.sum(splits[one] != splits[other])),
            "groups": int(np.sum(size > 1)), "pictures in groups": int(size[size > 1].sum()),
            "largest": int(size.max()), "groups with both labels": int(np.sum(mixed)),
            **{f"test pictures with a twin in {name}": len(found) for name, found in test.items()}}
