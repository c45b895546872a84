"""Laying one set of landmarks on another: the rigid motion, and how far off it is at the landmarks and elsewhere.

Points are rows (n, 3), in millimetres. A motion is (rotation (3, 3), translation (3,)), and carries a point x of the
source to R x + t: for rows, `source @ rotation.T + translation`.
"""

import numpy as np

from course import CourseError

FLAT = 1e-6  # second spread of a set of points, as a share of the first, below which they lie on one line


def rigid(source, target):
    """Return (rotation (3, 3), translation (3,)): the rigid motion that lays source on target with least squares.

    source, target: (n, 3) mm, row i of one belonging to row i of the other; three points or more, not on one line.
    target ~ source @ rotation.T + translation; the rotation never mirrors (its determinant is +1).
    Kabsch (Acta Crystallographica A 32, 1976, 922-923); by singular values, with the mirror guarded, Umeyama (IEEE
    Transactions on Pattern Analysis and Machine Intelligence 13, 1991, 376-380).
    Raises CourseError for too few points, unequal numbers, points on one line, NaN.
    """
    source, target = _landmarks(source, "source"), _landmarks(target, "target")
    if len(source) != len(target):
        raise CourseError(f"source has {len(source)} points and target {len(target)}: each needs its partner.")
    from_middle, to_middle = source.mean(axis=0), target.mean(axis=0)
    U, _, Vt = np.linalg.svd((source - from_middle).T @ (target - to_middle))
    mirror = np.sign(np.linalg.det(Vt.T @ U.T))
    rotation = Vt.T @ np.diag([1, 1, mirror]) @ U.T
    return rotation, to_middle - rotation @ from_middle


def moved(points, rotation, translation):
    """Return points (..., 3) carried along by a motion."""
    return np.asarray(points, float) @ np.asarray(rotation, float).T + translation


def rms_distance(points, others):
    """Return the root of the mean squared distance between partners, mm: of landmarks laid on theirs, the FRE.

    points, others: (n, 3), or one point (3,) each, whose distance it is then: at a target, the TRE.
    """
    apart = np.asarray(points, float) - np.asarray(others, float)
    return float(np.sqrt(np.mean(np.sum(apart**2, axis=-1))))


def located(points, fle, rng):
    """Return points (n, 3) as somebody finds them: each off by a random vector of root mean square length fle, mm.

    The errors are normal, equal in every direction, independent: fle / sqrt(3) in each coordinate.
    """
    points = np.asarray(points, float)
    return points + rng.normal(scale=fle / np.sqrt(3), size=points.shape)


def trials(points, targets, fle, n, seed):
    """Register n times landmarks found afresh, and return (FRE (n,), TRE (n, t)) in mm.

    points: (k, 3) mm, the true landmarks; targets: (t, 3) or (3,); fle: mm, one number or one for each trial. The true
    motion is to stay where one is: errors do not depend on it.
    """
    rng, targets = np.random.default_rng(seed), np.atleast_2d(np.asarray(targets, float))
    fre, tre = np.zeros(n), np.zeros((n, len(targets)))
    for row, one in enumerate(np.broadcast_to(fle, n)):
        seen = located(points, one, rng)
        motion = rigid(seen, points)
        fre[row] = rms_distance(moved(seen, *motion), points)
        tre[row] = np.linalg.norm(moved(targets, *motion) - targets, axis=1)
    return fre, tre


def left_out(seen, points):
    """Return the FRE of the other landmarks, mm, when each of `seen` (n, 3) in turn is left out: (n,)."""
    fre = []
    for rest in ~np.eye(len(seen), dtype=bool):
        fre.append(rms_distance(moved(seen[rest], *rigid(seen[rest], points[rest])), points[rest]))
    return np.array(fre)


def accused(points, place, slip, fle, n, seed):
    """Return how often the landmark at `place`, which slipped, is accused: (by the largest residual, by leaving out).

    points: (k, 3) mm; slip: (3,) mm; n registrations of landmarks found with an error of fle, mm. Left out is the
    landmark without which the others fit best.
    """
    rng, found = np.random.default_rng(seed), np.zeros(2)
    for _ in range(n):
        seen = located(points, fle, rng)
        seen[place] += slip
        residuals = np.linalg.norm(moved(seen, *rigid(seen, points)) - points, axis=1)
        found += residuals.argmax() == place, left_out(seen, points).argmin() == place
    return tuple(float(share) for share in found / n)


def rms(values):
    """Return the root of the mean square down the first axis."""
    return np.sqrt(np.mean(np.square(values), axis=0))


def expected_fre(n, fle):
    """Return the expected FRE of n landmarks, mm, root mean square: fle sqrt(1 - 2 / n), to first order in fle.

    As in Fitzpatrick, West and Maurer (IEEE Transactions on Medical Imaging 17, 1998, 694-702).
    """
    if n < 3:
        raise CourseError(f"{n} landmarks do not fix a motion. Take three or more.")
    return float(fle * np.sqrt(1 - 2 / n))


def expected_tre(points, target, fle):
    """Return the expected TRE at a target, mm, root mean square, for landmarks (n, 3) found with an error of fle, mm.

    TRE^2 = fle^2 / n (1 + 1/3 sum_k d_k^2 / f_k^2), k: the three principal axes of the landmarks, d_k: distance of the
    target from axis k, f_k: root mean square distance of the landmarks from it. To first order in fle (Fitzpatrick,
    West and Maurer, IEEE Transactions on Medical Imaging 17, 1998, 694-702). Errors: as for `rigid`.
    """
    points, target = _landmarks(points, "points"), np.asarray(target, float)
    if target.shape != (3,) or not np.isfinite(target).all():
        raise CourseError(f"a target is three finite numbers in mm, but this is {target.tolist()}.")
    centred = points - points.mean(axis=0)
    axes = np.linalg.svd(centred)[2]
    along, there = (centred @ axes.T) ** 2, ((target - points.mean(axis=0)) @ axes.T) ** 2
    f2 = (along.sum(axis=1, keepdims=True) - along).mean(axis=0)
    d2 = there.sum() - there
    return float(fle * np.sqrt((1 + np.mean(d2 / f2)) / len(points)))


def _landmarks(points, name):
    """Return the points as floats (n, 3), or say what is wrong with them."""
    points = np.asarray(points, float)
    if points.ndim != 2 or points.shape[1] != 3:
        raise CourseError(f"{name} must be rows of three coordinates, (n, 3) in mm, but has the shape {points.shape}.")
    if len(points) < 3:
        raise CourseError(f"{name} has {len(points)} points: too few to fix a motion. Take three or more.")
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise CourseError(f"point {row} of {name} is {points[row].tolist()}: measure it again, or leave out the pair.")
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[1] <= FLAT * spread[0]:
        raise CourseError(f"the points of {name} lie on one line: any turn about it fits. Add one beside it.")
    return points
