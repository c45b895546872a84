"""Lesson 23: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests
from scipy import ndimage
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from scipy.spatial.transform import Rotation


def margin(mask, spacing, mm, metric="euclidean", of=lambda mask: mask, keep=lambda near, mask, mm: near <= mm):
    """A margin by all pairs of voxels; the keywords are what a mistake changes."""
    places, marked = np.argwhere(np.ones(mask.shape)) * spacing, np.argwhere(of(mask)) * spacing
    return keep(cdist(places, marked, metric).min(axis=1).reshape(mask.shape), mask, mm)


def dilated(mask, spacing, mm):
    return ndimage.binary_dilation(mask, iterations=max(1, int(np.ceil(mm / min(spacing))))) if mm else mask


INSIDE = "measured inside the body"
MARGIN_WRONG = [
    (lambda mask, spacing, mm: margin(mask, [1] * mask.ndim, mm), "spacing is not used"),
    (lambda mask, spacing, mm: margin(mask, list(spacing)[::-1], mm), "wrong order"),
    (lambda mask, spacing, mm: margin(mask, [spacing[0]] * mask.ndim, mm), "One spacing is used"),
    (functools.partial(margin, metric="chebyshev"), "a box"),
    (functools.partial(margin, metric="cityblock"), "added up"),
    (dilated, "grown by whole voxels"),
    (functools.partial(margin, of=lambda mask: ~mask, keep=lambda near, mask, mm: mask & (near <= mm)), INSIDE),
    (lambda mask, spacing, mm: ndimage.distance_transform_edt(mask, sampling=spacing) <= mm, INSIDE),
    (functools.partial(margin, keep=lambda near, mask, mm: (near <= mm) & (near > 0)), "body itself is missing"),
    (functools.partial(margin, keep=lambda near, mask, mm: near < mm), "<=, not <"),
    (functools.partial(margin, keep=lambda near, mask, mm: near > mm), "OUTSIDE"),
    (functools.partial(margin, keep=lambda near, mask, mm: near), "Which of them"),
    (functools.partial(margin, metric="sqeuclidean"), "Squared distances"),
    (lambda mask, spacing, mm: mask, "as it went in"),
]


def kabsch(source, target, means=np.mean, guarded=True, order=None, shift=None, other=None):
    """Kabsch with einsum; the keywords are what a mistake changes."""
    a, b = means(source, axis=0), means(target, axis=0)
    U, _, Vt = np.linalg.svd(np.einsum("ni,nj->ij", source - a, target - b))
    V = Vt.T.copy()
    if guarded and np.linalg.det(V) * np.linalg.det(U) < 0:
        V[:, other if other is not None else -1] *= -1
    R = order(U, V) if order else V @ U.T
    return R, shift(R, a, b) if shift else b - R @ a


def transposed(source, target):
    R, t = kabsch(source, target)
    return R.T, t


def affine_fit(source, target):
    ones = np.column_stack([source, np.ones(len(source))])
    fit = np.linalg.lstsq(ones, target, rcond=None)[0]
    return fit[:3].T, fit[3]


def tilted(source, target):
    """A guard that turns the sign of the whole matrix."""
    R, t = kabsch(source, target, guarded=False)
    return (R, t) if np.linalg.det(R) > 0 else (-R, target.mean(axis=0) + R @ source.mean(axis=0))


KABSCH_WRONG = [
    (functools.partial(kabsch, guarded=False), "a mirror"),
    (functools.partial(kabsch, other=0), "wrong column"),
    (tilted, "whole matrix"),
    (transposed, "transposed"),
    (lambda source, target: kabsch(target, source), "from target to source"),
    (functools.partial(kabsch, means=lambda points, axis: np.zeros(3)), "not centred"),
    (functools.partial(kabsch, means=lambda points, axis: points[0]), "first points"),
    (functools.partial(kabsch, shift=lambda R, a, b: b - a), "difference of the means"),
    (functools.partial(kabsch, shift=lambda R, a, b: b - a @ R), "backwards"),
    (functools.partial(kabsch, guarded=False, order=lambda U, V: V.T @ U.T), "V transposed"),
    (lambda source, target: kabsch(source, target)[::-1], "turned round"),
    (lambda source, target: kabsch(source, target)[0], "2 values were expected"),
    (lambda source, target: (np.eye(3), (target - source).mean(axis=0)), "only shifted"),
]


def fitzpatrick(points, target, fle, axes=None, off=None, root=np.sqrt, n=len, third=3, centre=True, ddof=0, one=1):
    """Fitzpatrick's formula, axis by axis, by cross products; the keywords are what a mistake changes."""
    middle = points.mean(axis=0)
    axes = np.linalg.eigh(np.cov(points.T))[1].T if axes is None else axes
    off = off or (lambda r, axis: np.sum(np.cross(r, axis) ** 2))
    parts = 0
    for axis in axes:
        f2 = sum(off(p - middle, axis) for p in points) / (len(points) - ddof)
        parts += off(target - (middle if centre else 0), axis) / f2
    return root(fle**2 / n(points) * (one + parts / third))


TARGET_WRONG = [
    (lambda points, target, fle: fle * (1 - 2 / len(points)) ** 0.5, "AT the landmarks"),
    (functools.partial(fitzpatrick, root=lambda v: v), "Take the root"),
    (functools.partial(fitzpatrick, axes=np.eye(3)), "those of the coordinates"),
    (functools.partial(fitzpatrick, off=lambda r, axis: (r @ axis) ** 2), "FROM the axis"),
    (functools.partial(fitzpatrick, centre=False), "target is not centred"),
    (functools.partial(fitzpatrick, third=1), "third"),
    (functools.partial(fitzpatrick, one=0), "The 1 in the brackets"),
    (functools.partial(fitzpatrick, n=lambda points: 1), "divided by n"),
    (functools.partial(fitzpatrick, ddof=1), "not by n - 1"),
]


def broken(surface, corner, spacing, size=lambda s: s, norm=np.linalg.norm, start=1, sign=1):
    (y0, x0), (y1, x1) = np.asarray(surface, float) * size(np.asarray(spacing, float))
    long = norm([y1 - y0, x1 - x0])
    ay, ax = (y1 - y0) / long, (x1 - x0) / long
    dy, dx = (corner - surface[start]) * size(np.asarray(spacing, float))
    return dy * ay + dx * ax, sign * (-dy * ax + dx * ay)


def of_pixels(surface, corner, spacing):
    line = surface[1] - surface[0]
    line = line / np.hypot(*line)
    way = (corner - surface[1]) * spacing
    return way @ line, way @ [-line[1], line[0]]


FRACTURE_WRONG = [
    (functools.partial(broken, size=lambda s: np.ones(2)), "These are pixels"),
    (functools.partial(broken, size=lambda s: s[::-1]), "wrong order"),
    (functools.partial(broken, size=lambda s: s.mean()), "One spacing"),
    (of_pixels, "not square"),
    (functools.partial(broken, norm=lambda line: 1), "not of length 1"),
    (functools.partial(broken, start=0), "outer end"),
    (functools.partial(broken, sign=-1), "sign turned"),
    (lambda *given: (lambda gap, step: (gap, abs(step)))(*broken(*given)), "step's sign is lost"),
    (lambda surface, corner, spacing: ((corner - surface[1]) * spacing)[::-1] * [1, -1], "Columns and rows"),
    (lambda *given: (float(np.linalg.norm(broken(*given))), broken(*given)[1]), "whole distance"),
    (lambda *given: broken(*given)[::-1], "turned round"),
]
RIGHT = {"23.1": margin, "23.2": kabsch, "23.3": fitzpatrick, "23.4": broken}
WRONG = {"23.1": MARGIN_WRONG, "23.2": KABSCH_WRONG, "23.3": TARGET_WRONG, "23.4": FRACTURE_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("23", RIGHT, WRONG)


def by_tree(mask, spacing, mm):
    places = [[i * s for i, s in zip(index, spacing, strict=True)] for index in np.ndindex(*mask.shape)]
    near, _ = cKDTree(np.argwhere(mask) * spacing).query(places)
    return (near <= mm).reshape(mask.shape).tolist()


def by_quaternion(source, target):
    """Horn's way: the turn as the largest eigenvector of a 4 x 4 matrix; it cannot mirror."""
    a, b = source.mean(axis=0), target.mean(axis=0)
    S = (source - a).T @ (target - b)
    z = np.array([S[1, 2] - S[2, 1], S[2, 0] - S[0, 2], S[0, 1] - S[1, 0]])
    N = np.block([[np.trace(S), z], [z[:, None], S + S.T - np.trace(S) * np.eye(3)]])
    w, x, y, q = np.linalg.eigh(N)[1][:, -1]
    R = Rotation.from_quat([x, y, q, w]).as_matrix()
    return [R.tolist(), (b - R @ a).tolist()]


def by_difference(points, target, fle):
    """From the eigenvalues of the inertia, as lists of floats."""
    r = target - points.mean(axis=0)
    apart = points - points.mean(axis=0)
    moments, axes = np.linalg.eigh((apart**2).sum() * np.eye(3) - apart.T @ apart)
    parts = [(r @ r - (r @ axis) ** 2) / moment for axis, moment in zip(axes.T, moments, strict=True)]
    return np.array([fle * np.sqrt(1 / len(points) + sum(parts) / 3)])


@pytest.mark.parametrize(("number", "answer"), [
    ("23.1", by_tree),
    ("23.1", lambda mask, spacing, mm: margin(mask, spacing, mm).astype(int)),
    ("23.2", by_quaternion),
    ("23.2", lambda source, target: tuple(one.astype(np.float32) for one in kabsch(source, target))),
    ("23.3", by_difference),
    ("23.4", lambda *given: np.array(broken(*given), np.float32)),
])  # fmt: skip
def test_other_right_ways(number, answer):
    if number == "23.1" and answer is not by_tree:  # 0 and 1 are as good as False and True
        assert_status(number, answer, "right")
        return
    assert_status(number, answer, "right")


@pytest.mark.parametrize(("number", "answer"), [
    ("23.1", lambda mask, spacing, mm: margin(mask, spacing, mm * 1.1)),
    ("23.1", lambda mask, spacing, mm: margin(mask, np.roll(spacing, 1), mm)),
    ("23.2", functools.partial(kabsch, guarded=False, order=lambda U, V: U @ V.T)),
    ("23.3", lambda points, target, fle: fitzpatrick(points, target, fle, third=2)),
    ("23.4", lambda surface, corner, spacing: broken(surface, corner, spacing, sign=0)),
])  # fmt: skip
def test_mutants_are_not_right(number, answer):
    assert_status(number, answer, "not yet")
