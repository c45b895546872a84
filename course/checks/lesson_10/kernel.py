"""What the checkers of exercises 10.1 and 10.2 need: an RBF kernel, and scores from a solved dual."""

import numpy as np

from course.checks.compare import Case, mistakes

RING = np.array([-3.0, -1.0, 1.0, 3.0])  # the four patients of the page


def _places(n, m, d, gamma, note=""):
    rng = np.random.default_rng(10 * n + m)
    return Case(rng.normal(size=(n, d)), rng.normal(size=(m, d)), gamma, note=note)


def cases():
    same = np.array([[1.0, 2.0], [0.0, -1.0]])
    return [
        Case(np.array([[0.0, 0.0], [1.0, 3.0]]), np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]]), 0.5,
             note="the second of X and the first of Z as on paper"),
        _places(4, 3, 2, 0.25), _places(3, 5, 4, 3.0, "more places in Z than in X"),
        _places(5, 2, 1, 0.1, "one column"), _places(3, 3, 3, 0.4, "as many in X as in Z, and as many columns"),
        _places(1, 4, 2, 2, "one place in X"), _places(4, 1, 3, 0.7, "one place in Z"),
        Case(np.array([[1, 2], [1, 2], [4, 0]]), np.array([[1, 2], [0, 3]]), 0.05, note="whole numbers, a place twice"),
        Case(same, same, 3.0, note="X and Z are the same: ones on the diagonal"),
        Case(np.array([[0.0, 0.0]]), np.array([[60.0, 80.0]]), 1.5, note="far apart: 0, and no warning"),
    ]  # fmt: skip


def by_library(X, Z, gamma):
    from sklearn.metrics.pairwise import rbf_kernel

    return rbf_kernel(X, Z, gamma)


def squared(X, Z):
    return ((X[:, None] - Z[None]) ** 2).sum(axis=2)


def _of(function):
    return lambda X, Z, gamma: function(squared(X, Z), gamma)


WIDTH = "gamma was taken for a width. It is a factor in the exponent: a large gamma is narrow."
MISTAKES = mistakes(
    ("The sign is missing: this grows with the distance. Likeness falls with it: exp(-gamma ...).",
     _of(lambda s, gamma: np.exp(gamma * s))),
    ("This is the exponent alone. exp of it turns distances into likeness, from 0 to 1.",
     _of(lambda s, gamma: -gamma * s)),
    ("The distance is not squared. The kernel has the squared distance in its exponent.",
     _of(lambda s, gamma: np.exp(-gamma * np.sqrt(s)))),
    ("The differences are added up without being squared (as absolute values). The kernel has the squared distance in "
     "its exponent.", lambda X, Z, gamma: np.exp(-gamma * np.abs(X[:, None] - Z[None]).sum(axis=2))),
    ("The differences are added up first and squared then. Square each, then add.",
     lambda X, Z, gamma: np.exp(-gamma * (X[:, None] - Z[None]).sum(axis=2) ** 2)),
    ("gamma stands at 0.5, whatever is handed over.", _of(lambda s, gamma: np.exp(-0.5 * s))),
    ("There is a 2 too many: exp(-||x - z||^2 / (2 s^2)) is the same family, with gamma = 1 / (2 s^2). Here gamma "
     "itself is the factor.", _of(lambda s, gamma: np.exp(-gamma * s / 2))),
    ("gamma is squared too: mind the brackets.", _of(lambda s, gamma: np.exp(-(gamma**2) * s))),
    (WIDTH, _of(lambda s, gamma: np.exp(-s / gamma)), _of(lambda s, gamma: np.exp(-s / (2 * gamma**2))),
     _of(lambda s, gamma: np.exp(-s / (2 * gamma)))),
    ("gamma is not used.", _of(lambda s, gamma: np.exp(-s))),
    ("The squares are averaged over the columns. Their sum is the squared distance.",
     lambda X, Z, gamma: np.exp(-gamma * squared(X, Z) / X.shape[1])),
    ("This is the kernel of X with itself. The columns belong to the places in Z.",
     lambda X, Z, gamma: by_library(X, X, gamma)),
    ("This is x.z, the linear kernel.", lambda X, Z, gamma: X @ Z.T),
)  # fmt: skip


def _trained(K, y, C):
    from sklearn.svm import SVC

    return SVC(C=C, kernel="precomputed", tol=1e-10, random_state=0).fit(K, y)


def machines():
    """Solved duals of new places and training points: nobody at C, some, nearly all; as many new as old, or one."""
    K, new = ((np.outer(z, RING) + 1) ** 2 for z in (RING, np.array([0.0, 2.0, 5.0])))
    yield Case(new, K, np.array([1, -1, -1, 1]), np.full(4, 1 / 64), 1.0, note="the four patients, at 0, 2 and 5")
    settings = [(14, 6, 1.0, 0.5), (25, 25, 0.3, 1.0), (20, 1, 5.0, 2.0), (30, 6, 1.0, 0.2), (31, 4, 0.2, 0.1)]
    for seed, (n, m, C, gamma) in enumerate(settings):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(n, 2))
        y = np.where(x[:, 0] + 0.7 * rng.normal(size=n) > 0.3, 1, -1)
        K, new = (by_library(z, x, gamma) for z in (x, rng.normal(size=(m, 2))))
        svm, alpha = _trained(K, y, C), np.zeros(n)
        alpha[svm.support_] = np.abs(svm.dual_coef_[0])
        alpha[alpha > C * (1 - 1e-9)] = C
        yield Case(new, K, y, alpha, C)


def decided_by_library(K_new, K, y, alpha, C):
    return _trained(K, y, C).decision_function(K_new)


def _scored(among=lambda y, alpha, C: (alpha > 0) & (alpha < C), wanted=lambda K, y, alpha: y - K @ (alpha * y),
            over=np.mean, sums=lambda K_new, y, alpha: K_new @ (alpha * y), of_b=1):  # fmt: skip
    """Return (mistaken) scores: sums at the new places, plus the intercept `wanted`, over the points that are asked."""
    return lambda K_new, K, y, alpha, C: sums(K_new, y, alpha) + of_b * over(wanted(K, y, alpha)[among(y, alpha, C)])


SCORE_MISTAKES = mistakes(
    ("The intercept was read from one vector, and in some cases that is one at its bound, alpha = C. Such a point may "
     "lie anywhere inside the margin or beyond it; those with 0 < alpha < C lie exactly on their margin.",
     _scored(lambda y, alpha, C: np.flatnonzero(alpha)[:1]), _scored(lambda y, alpha, C: [np.argmax(alpha)])),
    ("The intercept is a mean over points that do not name it. Those at the bound, alpha = C, lie inside their margin, "
     "those with alpha = 0 beyond it; only points with 0 < alpha < C lie exactly on it.",
     _scored(lambda y, alpha, C: alpha > 0), _scored(lambda y, alpha, C: alpha == C),
     _scored(lambda y, alpha, C: alpha >= 0), _scored(lambda y, alpha, C: alpha < C)),
    ("The labels are missing in the sum for the new places, for the intercept, or in both: each alpha pulls towards "
     "the side of its own label, alpha times y.", _scored(sums=lambda K_new, y, alpha: K_new @ alpha),
     _scored(wanted=lambda K, y, alpha: y - K @ alpha),
     _scored(wanted=lambda K, y, alpha: y - K @ alpha, sums=lambda K_new, y, alpha: K_new @ alpha)),
    ("From y (sum + b) = 1 follows b = y - sum, for y = 1 and y = -1. Yours is 1 - y sum.",
     _scored(wanted=lambda K, y, alpha: 1 - y * (K @ (alpha * y)))),
    ("The intercepts are added up. Each is an answer to the same question: take their mean, or one of them.",
     _scored(over=np.sum)),
    ("The intercept is missing.", _scored(of_b=0)),
    ("Inside the intercept the sum is added. It is subtracted: b = y minus the sum.",
     _scored(wanted=lambda K, y, alpha: y + K @ (alpha * y))),
    ("The intercept is subtracted. It is added: score = sum + b.", _scored(of_b=-1)),
    ("These are the decisions. The scores were asked, before their sign is taken.",
     lambda *inputs: np.sign(_scored()(*inputs)), lambda *inputs: _scored()(*inputs) > 0),
    ("These are the scores of the training points. The first table, K_new, belongs to the new places.",
     lambda K_new, K, *more: _scored()(K, K, *more)),
)  # fmt: skip
