"""Checkers of lesson 10: a kernel, scores from support vectors, one step of sequential minimal optimization."""

import numpy as np

from course.checks.compare import Case, Mistake, against_reference
from course.checks.core import exercise

LOOSE = {"rtol": 1e-6, "atol": 1e-8}


def _places(n, m, d, gamma, note=""):
    rng = np.random.default_rng(10 * n + m)
    return Case(rng.normal(size=(n, d)), rng.normal(size=(m, d)), gamma, note=note)


def _squared(X, Z):
    return ((X[:, None] - Z[None]) ** 2).sum(axis=2)


def _of_distance(function):
    return lambda X, Z, gamma: function(_squared(X, Z), gamma)


@exercise("10.1")
def rbf_kernel(answer):
    """RBF kernel of all pairs: X (n, d), Z (m, d), gamma -> (n, m)."""
    from sklearn.metrics import pairwise

    same = np.array([[1.0, 2.0], [0.0, -1.0]])
    cases = [
        Case(np.array([[0.0, 0.0], [1.0, 3.0]]), np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]]), 0.5,
             note="the second of X and the first of Z as on paper"),
        _places(4, 3, 2, 0.5), _places(3, 5, 4, 3.0, "more places in Z than in X"), _places(5, 2, 1, 0.1, "one column"),
        Case(same, same, 3.0, note="X and Z are the same: ones on the diagonal"),
        Case(np.array([[0.0, 0.0]]), np.array([[60.0, 80.0]]), 1.0, note="far apart: 0, and no warning"),
    ]  # fmt: skip
    return against_reference(answer, pairwise.rbf_kernel, cases, "scikit-learn's rbf_kernel", [
        Mistake("The sign is missing: this grows with the distance. Likeness falls with it: exp(-gamma ...).",
                wrong=_of_distance(lambda s, gamma: np.exp(gamma * s))),
        Mistake("This is the exponent alone. exp of it turns distances into likeness, from 0 to 1.",
                wrong=_of_distance(lambda s, gamma: -gamma * s)),
        Mistake("The distance is not squared. The kernel has the squared distance in its exponent.",
                wrong=_of_distance(lambda s, gamma: np.exp(-gamma * np.sqrt(s)))),
        Mistake("The differences are added up without being squared (as absolute values). The kernel has the squared "
                "distance in its exponent.",
                wrong=lambda X, Z, gamma: np.exp(-gamma * np.abs(X[:, None] - Z[None]).sum(axis=2))),
        Mistake("The differences are added up first and squared then. Square each, then add.",
                wrong=lambda X, Z, gamma: np.exp(-gamma * (X[:, None] - Z[None]).sum(axis=2) ** 2)),
        Mistake("gamma stands at 0.5, whatever is handed over.",
                wrong=_of_distance(lambda s, gamma: np.exp(-0.5 * s))),
        Mistake("There is a 2 too many: exp(-||x - z||^2 / (2 s^2)) is the same family, with gamma = 1 / (2 s^2). Here "
                "gamma itself is the factor.",
                wrong=_of_distance(lambda s, gamma: np.exp(-gamma * s / 2))),
        Mistake("gamma is squared too: mind the brackets.",
                wrong=_of_distance(lambda s, gamma: np.exp(-(gamma**2) * s))),
        Mistake("gamma was taken for a width: the exponent is divided by it. It is a factor: a large gamma is "
                "narrow.",
                wrong=_of_distance(lambda s, gamma: np.exp(-s / gamma))),
        Mistake("gamma was taken for a width: exp(-s / (2 gamma^2)). It is a factor, and a large gamma is narrow.",
                wrong=_of_distance(lambda s, gamma: np.exp(-s / (2 * gamma**2)))),
        Mistake("gamma is not used.", wrong=_of_distance(lambda s, gamma: np.exp(-s))),
        Mistake("The squares are averaged over the columns. Their sum is the squared distance.",
                wrong=lambda X, Z, gamma: np.exp(-gamma * _squared(X, Z) / X.shape[1])),
        Mistake("The table is turned: a row for each place in X, a column for each in Z.",
                wrong=lambda X, Z, gamma: pairwise.rbf_kernel(X, Z, gamma).T),
        Mistake("This is the kernel of X with itself. The columns belong to the places in Z.",
                wrong=lambda X, Z, gamma: pairwise.rbf_kernel(X, X, gamma)),
        Mistake("This is x.z, the linear kernel.", wrong=lambda X, Z, gamma: X @ Z.T),
    ], **LOOSE)  # fmt: skip


def _trained(K, y, C):
    from sklearn.svm import SVC

    return SVC(C=C, kernel="precomputed", tol=1e-10).fit(K, y)


def _machines():
    """Solved duals of new places and training points, with some alphas at C."""
    ring = np.array([-3.0, -1.0, 1.0, 3.0])
    K, new = ((np.outer(z, ring) + 1) ** 2 for z in (ring, np.array([0.0, 2.0, 5.0])))
    yield Case(new, K, np.array([1, -1, -1, 1]), np.full(4, 1 / 64), 1.0, note="the four patients, at 0, 2 and 5")
    settings = [(14, 1.0, 0.5), (25, 0.3, 1.0), (20, 5.0, 2.0), (30, 1.0, 0.2), (31, 0.2, 0.1)]
    for seed, (n, C, gamma) in enumerate(settings):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(n, 2))
        y = np.where(x[:, 0] + 0.7 * rng.normal(size=n) > 0.3, 1, -1)
        K, new = (np.exp(-gamma * _squared(z, x)) for z in (x, rng.normal(size=(6, 2))))
        svm, alpha = _trained(K, y, C), np.zeros(n)
        alpha[svm.support_] = np.abs(svm.dual_coef_[0])
        alpha[alpha > C * (1 - 1e-9)] = C
        yield Case(new, K, y, alpha, C)


def _intercept(K, y, alpha, among):
    return np.mean((y - K @ (alpha * y))[among])


def _scored(among):
    """Scores with the intercept averaged over the training points that among(y, alpha, C) marks."""
    return lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + _intercept(K, y, alpha, among(y, alpha, C))


def _first_supporter(y, alpha, C):
    return [np.flatnonzero(alpha)[0]]


@exercise("10.2")
def scores(answer):
    """Scores from a solved dual: K_new (m, n), K (n, n), y, alpha (n,), C -> (m,), intercept from the free vectors."""
    def by_library(K_new, K, y, alpha, C):
        return _trained(K, y, C).decision_function(K_new)

    right = _scored(lambda y, alpha, C: (alpha > 0) & (alpha < C))
    return against_reference(answer, by_library, list(_machines()), "scikit-learn's SVC.decision_function", [
        Mistake("The intercept was read from a vector at its bound, alpha = C. Such a point may lie anywhere "
                "inside the margin or beyond it, and tells only a limit. Points with 0 < alpha < C lie exactly on "
                "their margin.",
                wrong=_scored(_first_supporter)),
        Mistake("The intercept is the mean over all support vectors, those at the bound included. Only points with "
                "0 < alpha < C lie exactly on their margin.",
                wrong=_scored(lambda y, alpha, C: alpha > 0)),
        Mistake("The intercept was read from vectors at the bound, alpha = C: they lie inside the margin. Take those "
                "with 0 < alpha < C.",
                wrong=_scored(lambda y, alpha, C: alpha == C)),
        Mistake("The intercept is the mean over all points. Those with alpha = 0 lie beyond their margin and name "
                "none.",
                wrong=_scored(lambda y, alpha, C: alpha >= 0)),
        Mistake("Points with alpha = 0 were asked for the intercept too. They lie beyond their margin and name none.",
                wrong=_scored(lambda y, alpha, C: alpha < C)),
        Mistake("The labels are missing in the sum for the new places: alpha times y there too.",
                wrong=lambda K_new, K, y, alpha, C: K_new @ alpha + _intercept(K, y, alpha, (alpha > 0) & (alpha < C))),
        Mistake("The labels are missing in the sum for the intercept: alpha times y there too.",
                wrong=lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + np.mean(
                    (y - K @ alpha)[(alpha > 0) & (alpha < C)])),
        Mistake("The intercepts are added up. Each is an answer to the same question: take their mean, or one of them.",
                wrong=lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + np.sum(
                    (y - K @ (alpha * y))[(alpha > 0) & (alpha < C)])),
        Mistake("The intercept is missing.", wrong=lambda K_new, K, y, alpha, C: K_new @ (alpha * y)),
        Mistake("Inside the intercept the sum is subtracted: b = y minus the sum.",
                wrong=lambda K_new, K, y, alpha, C: K_new @ (alpha * y) + np.mean(
                    (y + K @ (alpha * y))[(alpha > 0) & (alpha < C)])),
        Mistake("The intercept is subtracted. It is added: score = sum + b.",
                wrong=lambda *a: 2 * a[0] @ (a[3] * a[2]) - right(*a)),
        Mistake("The labels are missing: each alpha pulls towards the side of its own label, alpha times y.",
                wrong=lambda K_new, K, y, alpha, C: K_new @ alpha + np.mean(
                    (y - K @ alpha)[(alpha > 0) & (alpha < C)])),
        Mistake("These are the decisions. The scores were asked, before their sign is taken.",
                wrong=lambda *a: np.sign(right(*a))),
        Mistake("These are the scores of the training points. The first table, K_new, belongs to the new places.",
                wrong=lambda K_new, K, y, alpha, C: right(K, K, y, alpha, C)),
    ], rtol=1e-5, atol=1e-6)  # fmt: skip


def _pairs():
    """Kernel tables with alphas on the way, and a pair (i, j) of which i asks for the higher intercept."""
    ring = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    yield Case((ring @ ring.T + 1) ** 2, np.array([1, -1, -1, 1]), np.zeros(4), 1.0, 0, 1, note="as on paper")
    for seed, C in enumerate([5.0, 0.05, 0.4]):  # mostly free steps, mostly stopped ones, some of both
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(8, 2)), rng.permutation([1, 1, 1, 1, -1, -1, -1, -1])
        K, alpha = np.exp(-0.5 * _squared(x, x)), rng.uniform(0, min(C, 1), 8)
        alpha[rng.permutation(8)[:2]] = 0, C
        wanted = y - K @ (alpha * y)
        rise, fall = np.where(y > 0, alpha < C, alpha > 0), np.where(y > 0, alpha > 0, alpha < C)
        for label_i, label_j in ((1, -1), (1, 1), (-1, -1), (-1, 1)):
            i = int(np.argmax(np.where(rise & (y == label_i), wanted, -np.inf)))
            j = int(np.argmin(np.where(fall & (y == label_j), wanted, np.inf)))
            if rise[i] and fall[j] and wanted[i] > wanted[j]:
                yield Case(K, y, alpha, C, i, j)


def _by_search(K, y, alpha, C, i, j):
    """The best point of D along the line that keeps sum alpha y, found by SciPy's bounded search."""
    from scipy.optimize import minimize_scalar

    direction = np.zeros(len(y))
    direction[i], direction[j] = y[i], -y[j]
    room = min(C - alpha[i] if y[i] > 0 else alpha[i], alpha[j] if y[j] > 0 else C - alpha[j])

    def loss(t):
        beta = (alpha + t * direction) * y
        return 0.5 * beta @ K @ beta - np.sum(alpha + t * direction)

    best = minimize_scalar(loss, bounds=(0, room), method="bounded", options={"xatol": 1e-12}).x
    ends = min((0, best, room), key=loss)
    return alpha + ends * direction


def _free_step(K, F, i, j):
    return (F[i] - F[j]) / (K[i, i] + K[j, j] - 2 * K[i, j])


def _step(K, y, alpha, C, i, j, length=_free_step, ends=lambda up_i, up_j: (up_i, up_j), labels=True, both=True):
    """One step. ends: whether i and j should rise to C (else fall to 0) -> what is done; None leaves a room out."""
    directions = zip((i, j), ends(y[i] > 0, y[j] < 0), strict=True)
    rooms = [C - alpha[k] if up else alpha[k] for k, up in directions if up is not None]
    t = min([length(K, y - K @ (alpha * y), i, j), *rooms])
    out = alpha.copy()
    out[i] += t * (y[i] if labels else 1)
    if both:
        out[j] -= t * (y[j] if labels else 1)
    return out


def _wrongly(**how):
    return lambda *a: _step(*a, **how)


def _without_rooms(up_i, up_j):
    return None, None


def _without_y(K, y, alpha, C, i, j):
    return _step(K, y, alpha, C, i, j, length=lambda K, F, i, j: _free_step(K, F - y, i, j))


def _both_up(K, y, alpha, C, i, j):
    out = _step(K, y, alpha, C, i, j)
    out[j] = 2 * alpha[j] - out[j]
    return out


def _cut_one_by_one(K, y, alpha, C, i, j):
    return np.clip(_step(K, y, alpha, C, i, j, ends=_without_rooms), 0, C)


@exercise("10.3")
def smo_step(answer):
    """One SMO step: K (n, n), y, alpha (n,), C, i, j (i asks for the higher intercept) -> new alpha (n,)."""
    return against_reference(answer, _by_search, list(_pairs()), "SciPy's bounded search for the best step", [
        Mistake("An alpha left its box, 0 to C. The step is no longer than the room of i and the room of j.",
                wrong=_wrongly(ends=_without_rooms)),
        Mistake("The two alphas were cut off one by one, so one moved farther than the other and sum alpha y is no "
                "longer 0. Shorten the step itself, min(t, room of i, room of j); then move both by it.",
                wrong=_cut_one_by_one),
        Mistake("The labels are missing in the move: alpha[i] += t * y[i] and alpha[j] -= t * y[j]. Otherwise "
                "sum alpha y changes.",
                wrong=_wrongly(labels=False)),
        Mistake("Only one alpha moved, and sum alpha y is no longer 0. What i gains j must give.",
                wrong=_wrongly(both=False)),
        Mistake("The curvature is K_ii + K_jj - 2 K_ij: here the mixed term is missing.",
                wrong=_wrongly(length=lambda K, F, i, j: (F[i] - F[j]) / (K[i, i] + K[j, j]))),
        Mistake("The curvature is K_ii + K_jj - 2 K_ij: here the mixed term is added.",
                wrong=_wrongly(length=lambda K, F, i, j: (F[i] - F[j]) / (K[i, i] + K[j, j] + 2 * K[i, j]))),
        Mistake("A label product in the mixed term turns its sign where labels differ: K_ii + K_jj - 2 K_ij, without.",
                wrong=lambda K, y, *a: _step(K, y, *a, length=lambda K, F, i, j: (F[i] - F[j]) / (
                    K[i, i] + K[j, j] - 2 * y[i] * y[j] * K[i, j]))),
        Mistake("The mixed term counts twice: K_ii + K_jj - 2 K_ij.",
                wrong=_wrongly(length=lambda K, F, i, j: (F[i] - F[j]) / (K[i, i] + K[j, j] - K[i, j]))),
        Mistake("The step goes the wrong way: i asks for the higher intercept, so F_i - F_j is positive, and alpha[i] "
                "moves by + t y[i].",
                wrong=_wrongly(length=lambda K, F, i, j: (F[j] - F[i]) / (K[i, i] + K[j, j] - 2 * K[i, j]))),
        Mistake("The room was taken as C - alpha for both. An alpha that falls has the room alpha: its label says "
                "which way it goes.",
                wrong=_wrongly(ends=lambda up_i, up_j: (True, True))),
        Mistake("A room was measured to the wrong end of the box. If y is +1, alpha i rises to C and alpha j falls to "
                "0; if y is -1, the other way round.",
                wrong=_wrongly(ends=lambda up_i, up_j: (not up_i, not up_j))),
        Mistake("The room of i was measured to the wrong end of the box: C - alpha where y is +1, alpha where it is "
                "-1.",
                wrong=_wrongly(ends=lambda up_i, up_j: (not up_i, up_j))),
        Mistake("The room of j was measured to the wrong end of the box: alpha where y is +1, C - alpha where it is "
                "-1.",
                wrong=_wrongly(ends=lambda up_i, up_j: (up_i, not up_j))),
        Mistake("Only the room of i shortens the step. That of j does too.",
                wrong=_wrongly(ends=lambda up_i, up_j: (up_i, None))),
        Mistake("Only the room of j shortens the step. That of i does too.",
                wrong=_wrongly(ends=lambda up_i, up_j: (None, up_j))),
        Mistake("y is missing in F: the intercept that a patient asks for is y minus the sum.",
                wrong=_without_y),
        Mistake("Both products moved up, so sum alpha y is no longer 0. What i gains j gives: alpha[j] -= t * y[j].",
                wrong=_both_up),
        Mistake("This is half the step: D rises by t (F_i - F_j) - t^2 curvature / 2, which is largest at "
                "t = (F_i - F_j) / curvature.",
                wrong=_wrongly(length=lambda K, F, i, j: (F[i] - F[j]) / (K[i, i] + K[j, j] - 2 * K[i, j]) / 2)),
        Mistake("Nothing has moved. Did you change a copy and return the original?",
                wrong=lambda K, y, alpha, C, i, j: alpha),
    ], rtol=1e-5, atol=1e-7)  # fmt: skip
