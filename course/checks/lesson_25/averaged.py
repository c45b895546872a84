"""What the checker of exercise 25.3 needs: hospitals' weights, NumPy's average, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case([np.array([1.0, 0.0]), np.array([4.0, 3.0])], [20, 10], note="two hospitals")]
    for seed, (count, shape) in enumerate([(3, (4,)), (4, (2, 3)), (2, (3, 1, 2)), (5, (1,))]):
        rng = np.random.default_rng(seed)
        sizes = (rng.integers(1, 9, count) * 7).tolist()
        sizes[0] += 300
        every.append(Case([rng.normal(size=shape).round(3) for _ in range(count)], sizes))
    return [*every, Case([np.ones((2, 2)), -np.ones((2, 2))], [7, 7], note="two of one size")]


def by_library(weights, sizes):
    return np.average(np.stack(weights), axis=0, weights=sizes)


MISTAKES = mistakes(
    ("This is the plain mean: a hospital with ten patients counts like one with ten thousand. Weight by size.",
     lambda weights, sizes: np.mean(weights, axis=0)),
    ("The weighted sum was not divided by the number of all patients.",
     lambda weights, sizes: sum(n * w for n, w in zip(sizes, weights, strict=True))),
    ("The weighted sum was divided by the number of hospitals. Divide by that of all patients.",
     lambda weights, sizes: sum(n * w for n, w in zip(sizes, weights, strict=True)) / len(sizes)),
    ("The weights are upside down: the smallest hospital counts most.",
     lambda weights, sizes: by_library(weights, [1 / n for n in sizes])),
    ("The weights of the largest hospital were taken alone.",
     lambda weights, sizes: weights[int(np.argmax(sizes))]),
    ("Sizes count by their square here.", lambda weights, sizes: by_library(weights, [n * n for n in sizes])),
    ("One number came out: the mean must run over the hospitals, not over the entries of the weights.",
     lambda weights, sizes: by_library(weights, sizes).mean()),
)  # fmt: skip
