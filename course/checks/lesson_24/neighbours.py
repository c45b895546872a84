"""What the checker of exercise 24.2 needs: similarities with twins, votes by scikit-learn, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    small = np.array([[1, 0.8, 0.5, 0.1], [0.8, 1, 0.4, 0.3], [0.5, 0.4, 1, 0.6], [0.1, 0.3, 0.6, 1]])
    every = [Case(small, np.array([1, 0, 1, 0]), 2, note="four molecules")]
    for seed, (n, k) in enumerate([(7, 3), (10, 1), (9, 5), (6, 4)]):
        rng = np.random.default_rng(seed)
        upper = np.triu(rng.permutation(np.linspace(0.1, 0.9, n * n)).reshape(n, n).round(3), 1)
        table, labels = upper + upper.T + np.eye(n), (rng.permutation(n) < n // 2).astype(int)
        one, other = int(np.argmax(labels)), int(np.argmin(labels))
        table[one, other] = table[other, one] = 1.0  # two molecules, one fingerprint, two labels
        every.append(Case(table, labels, k, note="two molecules with one fingerprint, one of them active"))
    return every


def by_library(similarity, active, k):
    from sklearn.neighbors import KNeighborsRegressor

    distance, found = 1 - similarity, []
    for own in range(len(active)):
        rest = np.arange(len(active)) != own
        model = KNeighborsRegressor(k, weights=lambda d: 1 - d, metric="precomputed", algorithm="brute")
        found.append(model.fit(distance[rest][:, rest], active[rest]).predict(distance[own, rest][None])[0])
    return np.array(found)


def wrong(take=lambda order, own, k: [j for j in order if j != own][:k], weigh=lambda s: s, divide=lambda w: w.sum(),
          descending=True):  # fmt: skip
    """The vote with something changed: who votes, with which weight, divided by what."""
    def answer(similarity, active, k):
        out = []
        for own, row in enumerate(similarity):
            order = np.argsort(-row if descending else row, kind="stable").tolist()
            chosen = take(order, own, k)
            weight = weigh(row[chosen])
            out.append((weight * active[chosen]).sum() / divide(weight))
        return np.array(out)
    return answer


MISTAKES = mistakes(
    ("Each molecule votes on itself: its own similarity is 1, so it comes first. Leave it out.",
     wrong(take=lambda order, own, k: order[:k]), wrong(take=lambda order, own, k: order[:k + 1])),
    ("The first of the sorted list was left out, as if it were always the molecule itself. A twin with similarity 1 "
     "can stand there: leave out the molecule by its number.", wrong(take=lambda order, own, k: order[1:k + 1])),
    ("The nearest was left out along with the molecule itself. Only the molecule itself goes.",
     wrong(take=lambda order, own, k: [j for j in order if j != own][1:k + 1]),
     wrong(take=lambda order, own, k: order[2:k + 2])),
    ("One neighbour too few votes.", wrong(take=lambda order, own, k: [j for j in order[:k] if j != own])),
    ("All votes count alike here. Weigh each by its similarity.", wrong(weigh=np.ones_like)),
    ("The weighted sum was divided by k. Divide by the sum of the weights, so that all active gives 1.",
     lambda similarity, active, k: wrong(divide=lambda w: k)(similarity, active, k)),
    ("The weighted sum was not divided by the sum of the weights.", wrong(divide=lambda w: 1)),
    ("The weights are distances, 1 - similarity: the nearest counts least.", wrong(weigh=lambda s: 1 - s + 1e-300)),
    ("The least similar vote. Sort with the most similar first.", wrong(descending=False)),
    ("All others vote. Take the k most similar.", wrong(take=lambda order, own, k: [j for j in order if j != own])),
    ("A verdict, 0 or 1, came out. The weighted share itself was asked.",
     lambda similarity, active, k: (wrong()(similarity, active, k) >= 0.5) * 1.0,
     lambda similarity, active, k: (wrong()(similarity, active, k) > 0.5) * 1.0),
)  # fmt: skip
