"""What the checker of exercise 16.2 needs: probabilities of several seeds, their average, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    every = [Case(np.array([[0.9], [0.6], [0.3]]), np.array([1]), note="three seeds, one malignant patient")]
    for seed, (seeds, n) in enumerate([(5, 6), (2, 9), (4, 4), (3, 7)]):
        rng = np.random.default_rng(seed)
        y = rng.permutation((np.arange(n) % 3 == 0).astype(int))
        every.append(Case((0.15 + 0.2 * y + 0.5 * rng.random((seeds, n))).round(3), y))
    return [*every, Case(np.array([[0.2, 0.7, 0.4]]), np.array([0, 1, 1]), note="one seed: nothing to average")]


def by_library(p, y):
    from sklearn.metrics import brier_score_loss

    averaged = np.average(p, axis=0)
    kept = brier_score_loss(y, averaged, labels=[0, 1])
    return averaged, kept, np.mean([brier_score_loss(y, one, labels=[0, 1]) for one in p]) - kept


def wrong(mean=lambda p, y: p.mean(axis=0), kept=lambda p, y, one: np.mean((one - y) ** 2),
          taken=lambda p, y, one: np.mean((p - one) ** 2)):  # fmt: skip
    """The three results with something changed; the right way unless changed."""
    def answer(p, y):
        one = mean(p, y)
        return one, kept(p, y, one), taken(p, y, one)
    return answer


def _best(p, y):
    return p[np.argmin(((p - y) ** 2).mean(axis=1))]


def _by_auc(p, y):
    above = [np.mean(one[y == 1][:, None] > one[y == 0]) if 0 < y.sum() < len(y) else 0 for one in p]
    return p[np.argmax(above)]


def _weighted(p, y):
    return np.average(p, axis=0, weights=1 / ((p - y) ** 2).mean(axis=1))


def _logits(p, y):
    mean = np.log(p / (1 - p)).mean(axis=0)
    return 1 / (1 + np.exp(-mean))


MISTAKES = [
    Mistake("The average runs over the patients. Average over the seeds, the first axis, so that each patient keeps a "
            "number.", when=lambda result, expected, p, y: np.allclose(result[0], p.mean(axis=1))),
    *mistakes(
        ("One mean was taken over all seeds and all patients. Average over the seeds alone, axis=0, so that each "
         "patient keeps a number.", wrong(lambda p, y: p.mean())),
        ("The average runs over the patients. Average over the seeds, the first axis, so that each patient keeps a "
         "number.", wrong(lambda p, y: p.mean(axis=1))),
        ("These are votes: the share of seeds that say at least one half. How sure each seed is, is lost; average the "
         "probabilities.", wrong(lambda p, y: (p >= 0.5).mean(axis=0)), wrong(lambda p, y: (p > 0.5).mean(axis=0))),
        ("The logits were averaged, and turned back. That is another average; the probabilities were asked.",
         wrong(_logits)),
        ("These are medians of the seeds. The mean was asked.", wrong(lambda p, y: np.median(p, axis=0))),
        ("These are geometric means. The sum divided by the number of seeds was asked.",
         wrong(lambda p, y: np.exp(np.log(p).mean(axis=0)))),
        ("This is the best seed, chosen with the labels of the patients who judge: what it shows here is flattered. "
         "Average all, without looking at y.", wrong(_best), wrong(_by_auc)),
        ("The seeds were weighted by how well they do on the patients who judge. That uses their labels twice; all "
         "seeds count the same.", wrong(_weighted)),
        ("This is the first seed alone.", wrong(lambda p, y: p[0])),
        ("The sum was not divided by the number of seeds.", wrong(lambda p, y: p.sum(axis=0))),
        ("The average is right. The second result is the mean error of the single seeds; that of the average was "
         "asked.", wrong(kept=lambda p, y, one: np.mean((p - y) ** 2))),
        ("The average is right. The second and the third result have changed places.",
         lambda p, y: (wrong()(p, y)[0], *wrong()(p, y)[:0:-1])),
        ("The spread was divided by the number of seeds less one. Here the plain mean makes the sum come out.",
         wrong(taken=lambda p, y, one: np.var(p, axis=0, ddof=min(1, len(p) - 1)).mean()),
         wrong(taken=lambda p, y, one: np.var(p, axis=0, ddof=1).mean())),
        ("The spread is a standard deviation. The mean of the squares was asked.",
         wrong(taken=lambda p, y, one: p.std(axis=0).mean()),
         wrong(taken=lambda p, y, one: np.sqrt(np.mean((p - one) ** 2)))),
        ("The third result measures how far the seeds lie from the truth. Measure how far they lie from their average.",
         wrong(taken=lambda p, y, one: np.mean((p - y) ** 2))),
        ("The third result is the spread among patients. Measure how far the seeds lie from their average.",
         wrong(taken=lambda p, y, one: np.var(one)), wrong(taken=lambda p, y, one: np.var(p))),
        ("Errors are not squared.", wrong(kept=lambda p, y, one: np.mean(abs(one - y)),
                                          taken=lambda p, y, one: np.mean(abs(p - one)))),
        ("These are sums over the patients. The means were asked.",
         wrong(kept=lambda p, y, one: np.sum((one - y) ** 2), taken=lambda p, y, one: np.sum((p - one) ** 2))),
    ),
]  # fmt: skip
