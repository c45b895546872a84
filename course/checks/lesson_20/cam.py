"""What the checker of exercise 20.2 needs: maps and heads, slopes by differences, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    maps = np.zeros((2, 2, 2))
    maps[..., 0], maps[..., 1] = [[4, 0], [0, 0]], [[0, 1], [2, 1]]
    every = [Case(maps, np.array([2.0, -1.0]), np.array([0.0, 0.5]), 0.25, note="two maps of four cells")]
    for seed, (height, width, k) in enumerate([(3, 4, 3), (5, 2, 4), (4, 4, 1), (2, 6, 5)]):
        rng = np.random.default_rng(seed)
        every.append(Case(rng.random((height, width, k)).round(3) * 2, rng.normal(size=k).round(2),
                          rng.normal(size=k).round(2), round(rng.normal(), 2)))  # fmt: skip
    return every


def by_differences(maps, u, v, b):
    """Each cell is moved a little up and down; the logit answers. No ties of the maximum."""
    def logit(maps):
        return maps.mean(axis=(0, 1)) @ u + maps.max(axis=(0, 1)) @ v + b

    slopes, h = np.zeros(maps.shape), 1e-5
    for place in np.ndindex(*maps.shape):
        up, down = maps.astype(float), maps.astype(float)
        up[place] += h
        down[place] -= h
        slopes[place] = (logit(up) - logit(down)) / (2 * h)
    weights = slopes.mean(axis=(0, 1))
    return weights, np.maximum(maps @ weights, 0)


def wrong(weights=None, heat=None):
    """Grad-CAM with something changed: weights(u, v, z, p, maps), heat(maps, weights); the right way unless changed."""
    def answer(maps, u, v, b):
        z = maps.shape[0] * maps.shape[1]
        p = 1 / (1 + np.exp(-(maps.mean(axis=(0, 1)) @ u + maps.max(axis=(0, 1)) @ v + b)))
        a = weights(u, v, z, p, maps) if weights else (u + v) / z
        return a, heat(maps, a) if heat else np.maximum(maps @ a, 0)
    return answer


def _rescaled(maps, a):
    heat = np.maximum(maps @ a, 0)
    return heat / heat.max() if heat.max() > 0 else heat


MISTAKES = mistakes(
    ("These are the slopes of the probability: the factor p (1 - p) is too many. Take the logit's; near p = 0 or 1 the "
     "factor is next to nothing.", wrong(lambda u, v, z, p, maps: p * (1 - p) * (u + v) / z)),
    ("The heat has no ReLU: what speaks against the class stands below 0. np.maximum(..., 0).",
     wrong(heat=lambda maps, a: maps @ a)),
    ("The weights are right. In the heat, ReLU comes last, once, behind the sum; here each map, or its weight, was cut "
     "before.",
     wrong(heat=lambda maps, a: np.maximum(maps * a, 0).sum(axis=-1))),
    ("The ReLU was put on the weights. It belongs on the sum of the weighted maps.",
     wrong(lambda u, v, z, p, maps: np.maximum(u + v, 0) / z)),
    ("The weights are right, and the signs of the heat are lost: ReLU, not the absolute value.",
     wrong(heat=lambda maps, a: np.abs(maps @ a))),
    ("The slopes were added up, not averaged: divide by the number of cells.",
     wrong(lambda u, v, z, p, maps: u + v)),
    ("The maximum's part is missing: its slope is v at one cell and 0 at the others, so its mean is v / Z.",
     wrong(lambda u, v, z, p, maps: u / z)),
    ("The mean's part is missing: its slope is u / Z at each cell.", wrong(lambda u, v, z, p, maps: v / z)),
    ("The maximum's slope is v at ONE cell and 0 at the others: its mean over the cells is v / Z, not v.",
     wrong(lambda u, v, z, p, maps: u / z + v)),
    ("The mean's slope is u / Z at each cell, and so is its mean. Only the maximum's part was divided.",
     wrong(lambda u, v, z, p, maps: u + v / z)),
    ("One division by Z too many.", wrong(lambda u, v, z, p, maps: (u + v) / z**2)),
    ("These weights are the pooled maps times u and v: what each map adds to the logit. The slopes were asked.",
     wrong(lambda u, v, z, p, maps: maps.mean(axis=(0, 1)) * u + maps.max(axis=(0, 1)) * v)),
    ("The weights are right. The heat is the sum of the maps, unweighted.",
     wrong(heat=lambda maps, a: np.maximum(maps.sum(axis=-1), 0))),
    ("The weights are right. The heat is averaged over the maps: their weighted SUM was asked.",
     wrong(heat=lambda maps, a: np.maximum(maps @ a, 0) / maps.shape[-1])),
    ("The weights are right. The heat was divided by its largest value: leave it as it is.", wrong(heat=_rescaled)),
)  # fmt: skip
