"""Molecules as sets of neighbourhoods: Morgan fingerprints, Tanimoto similarity, scaffolds and splits by them."""

import numpy as np

from course import CourseError
from course.data.molecules import chemistry


def fingerprints(mols, radius=2, size=2048):
    """Return Morgan fingerprints: uint8 (n, size) of 0 and 1.

    Each atom's surroundings out to `radius` bonds are numbered, and the numbers folded onto `size` bits. Radius 2 is
    what the literature calls ECFP4, after the diameter. (Rogers and Hahn, J. Chem. Inf. Model. 50 (2010) 742-754.)
    """
    chemistry()
    from rdkit.Chem import rdFingerprintGenerator

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=radius, fpSize=size)
    return np.array([generator.GetFingerprintAsNumPy(mol) for mol in mols], np.uint8).reshape(len(mols), size)


def tanimoto(one, other):
    """Return the Tanimoto similarity of each row of `one` (n, d) with each of `other` (m, d), 0/1: float64 (n, m).

    c / (a + b - c), c the bits that both have, a and b those of each: Jaccard's index. Two without any bit get 0, as
    in RDKit.
    """
    one, other = (np.atleast_2d(np.asarray(bits, np.float32)) for bits in (one, other))
    if one.shape[1] != other.shape[1]:
        raise CourseError(f"fingerprints of {one.shape[1]} and {other.shape[1]} bits cannot be compared.")
    if max(one.max(initial=0), other.max(initial=0)) > 1:
        raise CourseError("Tanimoto compares bits, 0 or 1, and here are counts. Take fingerprints > 0.")
    common = (one @ other.T).astype(float)
    either = one.sum(axis=1)[:, None] + other.sum(axis=1)[None] - common
    return common / np.maximum(either, 1)


def vote(similarity, active, k=5):
    """Return the share of active ones among the k most similar, weighted by similarity: (n,), 0 to 1.

    similarity: (n, m), of n molecules to be judged with m known ones; active: (m,) of 0 and 1. Of equally similar ones
    the first in the list counts. Where all k have similarity 0 the share is that of all known ones.
    """
    similarity, active = np.asarray(similarity, float), np.asarray(active, float)
    if similarity.ndim != 2 or similarity.shape[1] != len(active) or not 1 <= k <= len(active):
        raise CourseError(f"similarity must be (n, {len(active)}) and k between 1 and {len(active)}, but they are "
                          f"{similarity.shape} and {k}.")
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    weight = np.take_along_axis(similarity, nearest, axis=1)
    total = weight.sum(axis=1)
    return np.where(total > 0, (weight * active[nearest]).sum(axis=1) / np.where(total > 0, total, 1), active.mean())


def scaffolds(mols):
    """Return each molecule's Bemis-Murcko scaffold as SMILES: rings and what links them. "" for one without rings.

    (Bemis and Murcko, J. Med. Chem. 39 (1996) 2887-2893.)
    """
    chemistry()
    from rdkit.Chem.Scaffolds import MurckoScaffold

    return [MurckoScaffold.MurckoScaffoldSmiles(mol=mol) for mol in mols]


def groups(names):
    """Return the number of each name's group, 0, 1, ... in order of first appearance: int (n,)."""
    seen = {}
    return np.array([seen.setdefault(name, len(seen)) for name in names])


def folds(names, count, seed):
    """Return each molecule's fold, 0 to count - 1, no group divided: int (n,).

    names: the group of each molecule, such as its scaffold; np.arange(n) deals single molecules. The groups are
    shuffled, then, the largest first, each goes to the fold that has fewest molecules.
    """
    group = groups(names)
    sizes = np.bincount(group)
    if not 2 <= count <= len(sizes):
        raise CourseError(f"{len(sizes)} groups cannot be dealt to {count} folds: give 2 to {len(sizes)}.")
    order = np.random.default_rng(seed).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    held, fold = np.zeros(count, int), np.empty(len(sizes), int)
    for one in order:
        fold[one] = held.argmin()
        held[fold[one]] += sizes[one]
    return fold[group]


def scaffold_split(names, share):
    """Return the rows to train on, sorted int (m,): whole groups, the largest first, while they fit into share * n.

    A group that would not fit is left for the test, and the next smaller one is tried; of equally large ones the first
    in the list comes first.
    """
    group = groups(names)
    sizes, taken, room = np.bincount(group), [], share * len(group)
    for one in np.argsort(-sizes, kind="stable"):
        if sizes[one] <= room + 1e-9:
            taken.append(one)
            room -= sizes[one]
    return np.flatnonzero(np.isin(group, taken))
