"""What the checker of exercise 16.3 needs: queries, keys and values, attention row by row, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    hand = Case(np.array([[1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([[10.0], [20.0]]),
                note="one query, two keys")  # fmt: skip
    every = [hand]
    for seed, (n, m, d, c) in enumerate([(3, 4, 2, 2), (2, 5, 3, 4), (4, 3, 9, 1), (3, 3, 3, 3)]):
        rng = np.random.default_rng(seed)
        every.append(Case(*(rng.normal(size=shape).round(2) for shape in ((n, d), (m, d), (m, c)))))
    rng = np.random.default_rng(9)
    return [*every, Case(40 * rng.normal(size=(2, 4)).round(1), 40 * rng.normal(size=(3, 4)).round(1),
                         rng.normal(size=(3, 2)).round(2), note="large scores: e to their power is beyond a float")]


def by_library(Q, K, V):
    from scipy.special import softmax

    return np.stack([softmax([np.dot(q, k) / np.sqrt(len(q)) for k in K]) @ V for q in Q])


def wrong(scale=lambda Q, K, V: np.sqrt(Q.shape[1]), axis=1, shift=True, share=None, mix=lambda W, Q, K, V: W @ V):
    """Attention with something changed: what scores are divided by, the softmax's axis, how shares are made, mixed."""
    def answer(Q, K, V):
        scores = Q @ K.T / scale(Q, K, V)
        if share:
            return mix(share(scores), Q, K, V)
        weights = np.exp(scores - scores.max(axis=axis, keepdims=True) if shift else scores)
        return mix(weights / weights.sum(axis=axis, keepdims=True), Q, K, V)
    return answer


MISTAKES = mistakes(
    ("The softmax runs down the columns. Each *query* shares out 1 among the keys, so each row must add up to 1: "
     "axis=1 (or -1).", wrong(axis=0), wrong(axis=0, shift=False)),
    ("The softmax runs over the whole table. Each row must add up to 1.", wrong(axis=None), wrong(axis=None,
                                                                                                shift=False)),
    ("The scores are not divided by the root of d, the length of a key.", wrong(lambda *given: 1),
     wrong(lambda *given: 1, shift=False)),
    ("The scores are divided by d, not by its square root.", wrong(lambda Q, K, V: Q.shape[1])),
    ("The scores are multiplied by the root of d. Divide.", wrong(lambda Q, K, V: 1 / np.sqrt(Q.shape[1]))),
    ("The scores are divided by the root of the number of keys. d is the length of one key: K.shape[1].",
     wrong(lambda Q, K, V: np.sqrt(len(K)))),
    ("The scores are divided by the root of the number of queries. d is the length of a query: Q.shape[1].",
     wrong(lambda Q, K, V: np.sqrt(len(Q)))),
    ("The scores are divided by the root of the length of a value. d is the length of a key: K.shape[1].",
     wrong(lambda Q, K, V: np.sqrt(V.shape[1]))),
    ("Right, but for large scores: e to their power is infinite. Take each row's largest score off first; the shares "
     "stay the same.", wrong(shift=False)),
    ("The largest score of the whole table is taken off: a row far below it becomes all 0. Take off each row's own "
     "largest.", wrong(share=lambda scores: (e := np.exp(scores - scores.max())) / e.sum(axis=1, keepdims=True))),
    ("There is no softmax: the scores themselves mix the values.", wrong(share=lambda scores: scores)),
    ("The scores were divided by their sums. They may be below 0; take e to their power first.",
     wrong(share=lambda scores: scores / scores.sum(axis=1, keepdims=True))),
    ("A sigmoid was taken of each score by itself. The shares of a row must add up to 1: softmax.",
     wrong(share=lambda scores: 1 / (1 + np.exp(-scores)))),
    ("These are the shares. Mix the values with them: shares @ V.", wrong(mix=lambda W, Q, K, V: W)),
    ("The keys were mixed. The shares mix the values, V.", wrong(mix=lambda W, Q, K, V: W @ K)),
    ("Each query looks at its best key alone. Mix all values by their shares.",
     lambda Q, K, V: V[(Q @ K.T).argmax(axis=1)]),
)  # fmt: skip
