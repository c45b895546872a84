"""Nuclei with a patient's measurements: sizes, contours and places, before any colour.

All lengths are in the units of the Wisconsin table (pixels of its camera; we know of no published size in
micrometres). A contour is star-shaped: r(angle), sampled at `ANGLES` equal steps around the nucleus.
"""

import numpy as np

N_NUCLEI = 15  # in every field, both classes: a varying count would give the diagnosis away
FIELD = 300.0  # side of the field, table units
ANGLES = 128
HARMONICS = np.arange(3, 13)
_THETA = 2 * np.pi * np.arange(ANGLES) / ANGLES
_COS = np.cos(HARMONICS[:, None] * _THETA)
_SIN = np.sin(HARMONICS[:, None] * _THETA)
_RAY = np.stack([np.sin(_THETA), np.cos(_THETA)], -1)  # (row, column)
TOUCHING, FREE = 1.0, 6.0  # least gap between nuclei, table units: for those that touch, for the others
MOST_STRETCHED = 0.75  # log of the greatest ratio of a nucleus's axes, about 2 : 1
MARGIN = 2.0  # free space between a nucleus and the border, table units


def matched_values(mean, standard_error, worst, rng, least=0.4, n=N_NUCLEI):
    """Draw n positive values with exactly this mean and exactly this worst (the mean of the three largest).

    Their standard deviation (divisor n - 1) comes as near to standard_error * sqrt(n) as the best of 24 drawn shapes
    allows; it can never be below 0.5175 * (worst - mean) for n = 15. No value is below `least` * mean unless the mean
    of the smaller ones leaves no room, and the values vary by some 2 % where there is room. Shape (n,), float64, in
    random order.
    """
    worst = max(worst, mean)
    low_mean = (n * mean - 3 * worst) / (n - 3)
    least = min(least * mean, 0.9 * low_mean)
    wanted = max(standard_error * np.sqrt(n), 1e-9)
    between = (n - 3) * (low_mean - mean) ** 2 + 3 * (worst - mean) ** 2  # sum of squares that no choice can avoid
    inside = max(wanted**2 * (n - 1) - between, 0.0)
    skew = np.repeat([4.0, 1.0, 0.3], 8)[:, None]  # shapes to choose from: the last have a long tail of small nuclei
    low, top = -rng.gamma(skew, size=(24, n - 3)), rng.gamma(skew, size=(24, 3))
    low -= low.mean(1, keepdims=True)
    top -= top.mean(1, keepdims=True)
    scale = np.sqrt(inside / ((low**2).sum(1) + (top**2).sum(1)))
    scale = np.maximum(scale, 0.02 * mean)
    room = np.minimum(  # the largest scale that keeps the order (top three on top) and the least value
        (worst - low_mean) / np.maximum(low.max(1) - top.min(1), 1e-9), (low_mean - least) / -low.min(1)
    )
    scale = np.minimum(scale, room)
    spread = ((low**2).sum(1) + (top**2).sum(1)) * scale**2
    best = np.argmin(np.abs(spread - inside))
    values = np.concatenate([low_mean + scale[best] * low[best], worst + scale[best] * top[best]])
    return rng.permutation(values)


def contours(row, rng, n=N_NUCLEI):
    """Return r(angle) of the field's n nuclei about their centroids: shape (n, ANGLES), float64, table units.

    `row` maps feature names to one patient's values. Exact: mean and worst radius, the radius being the mean distance
    from the centroid to the contour, weighted by arc length. Tuned: compactness p^2 / (4 pi a) - 1 of every nucleus;
    concavity and smoothness only steer which harmonics carry it, since their published definitions are not exact.
    """
    radius = matched_values(row["mean radius"], row["radius error"], row["worst radius"], rng, n=n)
    wanted = matched_values(
        row["mean compactness"], row["compactness error"], row["worst compactness"], rng, least=0.2, n=n
    )
    stretch, waves = _irregularity(row, rng, n)
    scale = np.full(n, 0.5)
    for _ in range(6):  # compactness grows as the square of the irregularity: a fixed point in a few steps
        reached = _compactness(_outline(stretch, waves, scale))
        scale *= np.clip(np.sqrt(wanted / np.maximum(reached, 1e-9)), 0.5, 2.0)
        scale = np.minimum(scale, 0.33 / np.abs(_bumps(waves)).max(1))  # no nucleus folds
    r = _about_centroid(_outline(stretch, waves, scale))
    r *= (radius / radii(r))[:, None]
    turn = rng.integers(0, ANGLES, n)
    return r[np.arange(n)[:, None], (np.arange(ANGLES) + turn[:, None]) % ANGLES]


def _irregularity(row, rng, n):
    """How n nuclei depart from circles: elongations (n,) and waves (n, harmonics, 2), before scaling.

    More concavity, at the same compactness, puts more into dents (harmonics 3 to 5); more smoothness value, which in
    the table means a rougher contour, raises the harmonics from 6 on. Only elongation and dents are scaled afterwards.
    """
    dents = np.clip(row["mean concavity"] / max(row["mean compactness"], 1e-6), 0, 1.6) / 1.6
    rough = np.clip((row["mean smoothness"] - 0.05) / 0.11, 0.05, 1)
    weight = np.where(HARMONICS <= 5, (0.06 + 0.20 * dents) / (HARMONICS - 1), 0.05 * rough / (HARMONICS - 1))
    stretch = 0.25 + 0.35 * np.abs(rng.standard_normal(n))
    return stretch, rng.standard_normal((n, len(HARMONICS), 2)) * weight[:, None]


def _bumps(waves):
    return waves[..., 0] @ _COS + waves[..., 1] @ _SIN


def _outline(stretch, waves, scale):
    """Polygons (15, ANGLES, 2): a wavy circle drawn out along one axis, `stretch` being the log of the axes' ratio."""
    coarse = (HARMONICS <= 5)[:, None]
    bumps = scale[:, None] * _bumps(waves * coarse) + _bumps(waves * ~coarse)
    points = (1 + bumps)[..., None] * _RAY
    half = np.exp(np.minimum(stretch * scale, MOST_STRETCHED) / 2)
    return points * np.stack([half, 1 / half], -1)[:, None]


def areas(r):
    """Area inside each contour r (n, ANGLES), shape (n,), from its polygon."""
    return _area(_points(r))


def perimeters(r):
    """Length of each contour r (n, ANGLES), shape (n,), from its polygon."""
    return _segments(_points(r)).sum(-1)


def compactness(r):
    """p^2 / (4 pi a) - 1 of each contour r (n, ANGLES), shape (n,): 0 for a circle."""
    return _compactness(_points(r))


def radii(r):
    """Mean distance from the centroid to the contour, weighted by arc length, shape (n,)."""
    points = _points(r)
    length = _segments(points)
    weight = length + np.roll(length, 1, -1)
    return (np.linalg.norm(points - _centroids(points)[:, None], axis=-1) * weight).sum(-1) / weight.sum(-1)


def _points(r):
    return r[..., None] * _RAY


def _cross(points):
    after = np.roll(points, -1, -2)
    return points[..., 0] * after[..., 1] - points[..., 1] * after[..., 0]


def _area(points):
    return np.abs(_cross(points).sum(-1)) / 2


def _segments(points):
    return np.linalg.norm(np.roll(points, -1, -2) - points, axis=-1)


def _compactness(points):
    return _segments(points).sum(-1) ** 2 / (4 * np.pi * _area(points)) - 1


def _centroids(points):
    cross = _cross(points)
    return ((points + np.roll(points, -1, -2)) * cross[..., None]).sum(-2) / (3 * cross.sum(-1))[:, None]


def _about_centroid(points):
    """Polygons as r(angle) about their centroids: (n, ANGLES)."""
    moved = points - _centroids(points)[:, None]
    angle = np.arctan2(moved[..., 0], moved[..., 1]) % (2 * np.pi)
    length = np.linalg.norm(moved, axis=-1)
    return np.stack([np.interp(_THETA, a, d, period=2 * np.pi) for a, d in zip(angle, length, strict=True)])


def places(r, rng):
    """Centres (n, 2) in table units, (row, column), so that no nuclei overlap and all lie inside the field.

    The Wisconsin operators chose regions where nuclei were easy to tell apart; so most lie free here too, while about
    one in six is put as near to a neighbour as the candidates allow. The largest are placed first.
    """
    reach = r.max(1)
    centres = np.zeros((len(r), 2))
    order = np.argsort(-reach)
    for k, i in enumerate(order):
        candidates = rng.uniform(reach[i] + MARGIN, FIELD - reach[i] - MARGIN, (60, 2))
        touching = rng.random() < 1 / 6
        if k == 0:
            centres[i] = candidates[0]
            continue
        gap = _gaps(r[i], candidates, r[order[:k]], centres[order[:k]])
        free = np.flatnonzero(gap >= (TOUCHING if touching else FREE))
        if len(free) == 0:
            centres[i] = candidates[np.argmax(gap)]
        else:
            centres[i] = candidates[free[np.argmin(gap[free])] if touching else free[0]]
    return _pushed_apart(r, centres, reach)


def _gaps(r, candidates, others, centres):
    """Smallest distance (m,) along the line of centres between a nucleus at m candidates and those already there."""
    apart = centres[None] - candidates[:, None]
    toward = np.round(np.arctan2(apart[..., 0], apart[..., 1]) * ANGLES / (2 * np.pi)).astype(int)
    near = r[toward % ANGLES]
    far = others[np.arange(len(others)), (toward + ANGLES // 2) % ANGLES]
    return (np.hypot(apart[..., 0], apart[..., 1]) - near - far).min(1)


def _pushed_apart(r, centres, reach, steps=400):
    """Move nuclei that come nearer than TOUCHING apart, a little at a time, and keep all inside the field."""
    low, high = (reach + MARGIN)[:, None], (FIELD - reach - MARGIN)[:, None]
    points = _points(r)
    for _ in range(steps):
        distance = np.linalg.norm(centres[None] - centres[:, None], axis=-1)
        i, j = np.nonzero(np.triu(distance < reach + reach[:, None] + TOUCHING, 1))
        apart = centres[j] - centres[i]
        overlap = np.maximum(_depth_in(r[j], points[i] - apart[:, None]), _depth_in(r[i], points[j] + apart[:, None]))
        overlap = np.maximum(overlap + TOUCHING, 0)
        if overlap.max(initial=0) <= TOUCHING / 2:
            break
        push = (0.5 * overlap / (distance[i, j] + 1e-9))[:, None] * apart
        np.add.at(centres, j, push)
        np.subtract.at(centres, i, push)
        centres = np.clip(centres, low, high)
    return centres


def _depth_in(r, points):
    """How deep the deepest of the points (m, p, 2) lies inside the contours r (m, ANGLES); negative outside."""
    angle = np.round(np.arctan2(points[..., 0], points[..., 1]) * ANGLES / (2 * np.pi)).astype(int) % ANGLES
    return (np.take_along_axis(r, angle, 1) - np.linalg.norm(points, axis=-1)).max(1, initial=-np.inf)
