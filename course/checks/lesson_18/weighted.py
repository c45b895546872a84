"""What the checker of exercise 18.1 needs: patients, a loss in which they count unequally, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(np.array([[0.0], [1.0], [2.0], [1.0]]), np.array([0, 0, 0, 1]), np.array([1.0]), -2.0, (1, 3),
                  note="four patients, one of them malignant")]  # fmt: skip
    for seed, (n, d, weights) in enumerate([(12, 2, (1, 19)), (9, 3, (0.5, 4)), (25, 1, (2, 0.5)), (7, 2, (1, 1))]):
        rng = np.random.default_rng(seed)
        y = (np.arange(n) % 4 == 1).astype(int)
        every.append(Case(rng.normal(size=(n, d)), y, rng.normal(size=d), round(rng.normal(), 2), weights))
    return every


def by_library(X, y, w, b, weights):
    from sklearn.metrics import log_loss

    def loss(line):
        p = 1 / (1 + np.exp(-(X @ line[:-1] + line[-1])))
        return log_loss(y, p, sample_weight=np.asarray(weights, float)[y], labels=[0, 1])

    line, h = np.append(w, b).astype(float), 1e-5
    slopes = np.array([(loss(line + h * e) - loss(line - h * e)) / (2 * h) for e in np.eye(len(line))])
    return loss(line), slopes[:-1], slopes[-1]


def wrong(of_loss=None, of_slope=None, of_bias=None, total=np.sum, slope_total=None, slope=lambda p, y: p - y,
          each=lambda p, y: -(y * np.log(p) + (1 - y) * np.log(1 - p)), swap=False):  # fmt: skip
    """The loss and its gradient with something changed; the right way unless changed.

    of_loss, of_slope, of_bias: each patient's weight there, made from the right weights; total, slope_total: what the
    sums are divided by, made from the weights used; slope, each: of p and y; swap: the two classes' weights exchanged.
    """
    def answer(X, y, w, b, weights):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        right = np.asarray(weights, float)[1 - y if swap else y]
        first = of_loss(right) if of_loss else right
        second = of_slope(right) if of_slope else right
        third = of_bias(right) if of_bias else second
        parts = slope(p, y)
        below = slope_total or total
        return (np.sum(first * each(p, y)) / total(first), X.T @ (second * parts) / below(second),
                np.sum(third * parts) / below(third))  # fmt: skip
    return answer


def _class_by_class(X, y, w, b, weights):
    def of(label):
        rows = y == label
        return np.array([*np.hstack(wrong()(X[rows], y[rows], w, b, (1, 1)))])

    loss, *dw, db = (weights[0] * of(0) + weights[1] * of(1)) / sum(weights)
    return loss, np.array(dw), db


def _one(weights):
    return 1.0


MISTAKES = mistakes(
    ("The weights are upside down: the benign patients have the weight of the malignant. weights[0] is for y = 0.",
     wrong(swap=True)),
    ("The weights are not used: every patient counts the same.",
     wrong(np.ones_like, np.ones_like), lambda X, y, w, b, weights: wrong()(X, y, w, b, (1, 1))),
    ("The loss is right, and its gradient is that of the loss without weights. Each patient's p - y has her weight, "
     "too.", wrong(of_slope=np.ones_like)),
    ("The gradient is right, and the loss has no weights.", wrong(of_loss=np.ones_like, of_slope=lambda v: v)),
    ("Loss and slopes of w are right. The slope of b has no weights: it is the weighted mean of p - y.",
     wrong(of_bias=np.ones_like)),
    ("Loss and slope of b are right. The slopes of w have no weights: each p - y has her weight, too.",
     wrong(of_slope=np.ones_like, of_bias=lambda v: v)),
    ("Loss and slopes of w are right. The slope of b is a sum: divide it by the sum of the weights, too.",
     lambda *given: (*wrong()(*given)[:2], wrong(total=_one)(*given)[2])),
    ("The sums are divided by the number of patients. Divide by the sum of their weights.", wrong(total=len)),
    ("The loss is right. The gradient is divided by the number of patients, not by the sum of their weights.",
     wrong(slope_total=len)),
    ("The gradient is right. The loss is divided by the number of patients, not by the sum of their weights.",
     wrong(total=len, slope_total=np.sum)),
    ("These are sums. Divide by the sum of the weights.", wrong(total=_one)),
    ("The loss is right. The gradient is a sum: divide it by the sum of the weights, too.", wrong(slope_total=_one)),
    ("The loss is right, the gradient has the wrong sign: p - y, not y - p.", wrong(slope=lambda p, y: y - p)),
    ("The minus of the loss is missing.", wrong(each=lambda p, y: y * np.log(p) + (1 - y) * np.log(1 - p))),
    ("The loss counts malignant patients alone. The benign ones add -log(1 - p).", wrong(each=lambda p, y: -y *
                                                                                       np.log(p))),
    ("The gradient has a factor p (1 - p) too many: with this loss it falls out, and p - y is left.",
     wrong(slope=lambda p, y: (p - y) * p * (1 - p))),
    ("The weights are squared in the gradient: each p - y has its weight once.",
     wrong(of_slope=np.square, slope_total=lambda v: np.sum(np.sqrt(v)))),
    ("Each class was averaged by itself, and then weighted. Weigh each patient, and take one mean over all.",
     _class_by_class),
)  # fmt: skip
