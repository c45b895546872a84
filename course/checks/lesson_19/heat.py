"""What the checker of exercise 19.4 needs: logits that are too extreme or too mild, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = []
    for seed, (n, factor) in enumerate([(40, 3.0), (60, 1.0), (50, 0.4), (80, 6.0)]):
        rng = np.random.default_rng(seed)
        true = 1.5 * rng.normal(size=n)
        y = (rng.random(n) < 1 / (1 + np.exp(-true))).astype(int)
        candidates = rng.permutation(np.round(factor * np.geomspace(0.25, 4, 18), 2))
        every.append(Case(y, (factor * true).round(2), candidates, note=f"logits {factor:g} times the true ones"))
    return every


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_library(y, z, candidates):
    from sklearn.metrics import log_loss

    losses = [log_loss(y, sigmoid(z / T), labels=[0, 1]) for T in candidates]
    best = int(np.argmin(losses))
    return candidates[best], losses[best]


def entropy(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


def wrong(heat=lambda z, T: sigmoid(z / T), judge=entropy, report=entropy, choose=np.argmin):
    """The search with something changed: how a temperature enters; by what it is chosen; what is told of it."""
    def answer(y, z, candidates):
        risks = [heat(z, T) for T in candidates]
        best = int(choose([judge(y, p) for p in risks]))
        return candidates[best], report(y, risks[best])
    return answer


def _right(y, p):
    return -np.mean((p >= 0.5) == y)


def _squared(y, p):
    return np.mean((p - y) ** 2)


def _number(y, z, candidates):
    risks = [entropy(y, sigmoid(z / T)) for T in candidates]
    return int(np.argmin(risks)), min(risks)


MISTAKES = mistakes(
    ("The logits are multiplied by T. Divide: z / T.", wrong(lambda z, T: sigmoid(z * T))),
    ("The probability is divided by T, not the logit. First z / T, then the sigmoid.",
     wrong(lambda z, T: sigmoid(z) / T)),
    ("The temperature with the *largest* loss was chosen.", wrong(choose=np.argmax)),
    ("Chosen by accuracy, which no temperature changes: this is the first of the candidates.",
     wrong(judge=_right), wrong(judge=_right, report=lambda y, p: -_right(y, p))),
    ("T was chosen by the Brier score. The cross-entropy was asked.", wrong(judge=_squared),
     wrong(judge=_squared, report=_squared)),
    ("T is right. The second value is the Brier score; the cross-entropy was asked.", wrong(report=_squared)),
    ("T is right. The loss is that of the logits as they came, not at T.",
     lambda y, z, candidates: (by_library(y, z, candidates)[0], entropy(y, sigmoid(z)))),
    ("The first value is the place of the best candidate, not the candidate: candidates[place].", _number),
    ("The loss counts malignant patients alone. The benign ones add -log(1 - p).",
     wrong(judge=lambda y, p: -np.mean(y * np.log(p)), report=lambda y, p: -np.mean(y * np.log(p)))),
    ("T is right. The loss is a sum: take the mean.", wrong(report=lambda y, p: len(y) * entropy(y, p))),
    ("T is right. The loss lacks its minus.", wrong(report=lambda y, p: -entropy(y, p))),
)  # fmt: skip
