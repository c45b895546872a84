"""What the checker of exercise 18.4 needs: clouds of points, centres, one round of k-means, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(np.array([[0.0], [1.0], [4.0], [6.0]]), np.array([[0.0], [5.0]]), note="four numbers, two centres")]
    for seed, (n, d, k) in enumerate([(14, 2, 3), (30, 3, 2), (11, 2, 4), (25, 4, 3)]):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(n, d)) * np.arange(1, d + 1)
        every.append(Case(X, X[rng.choice(n, k, replace=False)] + 0.1))
    return [*every, Case(np.array([[0.0, 0], [2, 3], [9, 9]]), np.array([[1.0, 1]]), note="one centre")]


def by_library(X, centres):
    from sklearn.cluster import KMeans
    from sklearn.metrics import pairwise_distances_argmin

    fitted = KMeans(len(centres), init=centres, n_init=1, max_iter=1, algorithm="lloyd", tol=0).fit(X)
    return pairwise_distances_argmin(X, centres), fitted.cluster_centers_


def wrong(power=2, choose=np.argmin, mean=lambda rows: rows.mean(axis=0), again=False, kept=False, axis=-1):
    """One round with something changed: distance, choice, mean, or which of the centres go with which numbers."""
    def answer(X, centres):
        def nearest(to):
            return choose((np.abs(X[:, None] - to) ** power).sum(axis=axis), axis=1)

        number = nearest(centres)
        new = np.array([mean(X[number == k]) for k in range(len(centres))])
        return nearest(new) if again else number, centres if kept else new
    return answer


MISTAKES = mistakes(
    ("The numbers are of the farthest centre, not of the nearest: argmin.", wrong(choose=np.argmax)),
    ("The numbers are right, and the centres are the old ones. Each new centre is the mean of its points.",
     wrong(kept=True)),
    ("The centres are right. The numbers are those of a further round, by the new centres; the nearest of the old ones "
     "were asked.", wrong(again=True)),
    ("Distances are sums of absolute differences. Square the differences before they are added up.", wrong(power=1)),
    ("The differences were added up with their signs, so that far to one side counts as near. Square them.",
     lambda X, centres: _signed(X, centres)),
    ("The centres are medians. The mean was asked.", wrong(mean=lambda rows: np.median(rows, axis=0))),
    ("The centres are sums. Divide by the number of their points.", wrong(mean=lambda rows: rows.sum(axis=0))),
    ("Each new centre is one number in all its columns: the mean runs over everything. mean(axis=0) goes down the "
     "columns.", wrong(mean=lambda rows: np.full(rows.shape[1], rows.mean()))),
)  # fmt: skip


def _signed(X, centres):
    number = (X[:, None] - centres).sum(axis=-1).argmin(axis=1)
    return number, np.array([X[number == k].mean(axis=0) for k in range(len(centres))])
