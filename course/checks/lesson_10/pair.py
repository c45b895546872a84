"""What the checker of exercise 10.3 needs: steps of two alphas, and the ways in which they go wrong."""

import numpy as np

from course.checks.compare import Case, mistakes
from course.checks.lesson_10.kernel import RING, by_library


def cases():
    """Kernel tables with alphas on the way, and a pair (i, j) of which i asks for the higher intercept."""
    yield Case((np.outer(RING, RING) + 1) ** 2, np.array([1, -1, -1, 1]), np.zeros(4), 1.0, 0, 1, note="as on paper")
    for seed, C in enumerate([5.0, 0.05, 0.4]):  # mostly free steps, mostly stopped ones, some of both
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(8, 2)), rng.permutation([1, 1, 1, 1, -1, -1, -1, -1])
        K, alpha = by_library(x, x, 0.5), rng.uniform(0, min(C, 1), 8)
        alpha[rng.permutation(8)[:2]] = 0, C
        wanted = y - K @ (alpha * y)
        rise, fall = np.where(y > 0, alpha < C, alpha > 0), np.where(y > 0, alpha > 0, alpha < C)
        for label_i, label_j in ((1, -1), (1, 1), (-1, -1), (-1, 1)):
            i = int(np.argmax(np.where(rise & (y == label_i), wanted, -np.inf)))
            j = int(np.argmin(np.where(fall & (y == label_j), wanted, np.inf)))
            if rise[i] and fall[j] and wanted[i] > wanted[j]:
                yield Case(K, y, alpha, C, i, j)


def by_search(K, y, alpha, C, i, j):
    """The best point of D along the line that keeps sum alpha y, found by SciPy's bounded search."""
    from scipy.optimize import minimize_scalar

    direction = np.zeros(len(y))
    direction[i], direction[j] = y[i], -y[j]
    room = min(C - alpha[i] if y[i] > 0 else alpha[i], alpha[j] if y[j] > 0 else C - alpha[j])

    def loss(t):
        beta = (alpha + t * direction) * y
        return 0.5 * beta @ K @ beta - np.sum(alpha + t * direction)

    best = minimize_scalar(loss, bounds=(0, room), method="bounded", options={"xatol": 1e-12}).x
    return alpha + min((0, best, room), key=loss) * direction


def _step(ends=lambda up_i, up_j: (up_i, up_j), mixed=lambda y_i, y_j: -2, times=1, demand=lambda y, sums: y - sums,
          move=lambda y_i, y_j: (y_i, -y_j), change=lambda new, C: new, begin=np.copy):  # fmt: skip
    """Return a (mistaken) step.

    ends: whether i and j rise to C (else fall to 0) -> what is done, None where a room is left out. mixed: how often
    K_ij counts in the curvature. times: the length. demand: F. move: what t is multiplied with. change: what is done at
    the end. begin: makes the array that is changed.
    """
    def step(K, y, alpha, C, i, j):
        F = demand(y, K @ (alpha * y))
        up = zip((i, j), ends(y[i] > 0, y[j] < 0), strict=True)
        rooms = [C - alpha[k] if rises else alpha[k] for k, rises in up if rises is not None]
        t = min([times * (F[i] - F[j]) / (K[i, i] + K[j, j] + mixed(y[i], y[j]) * K[i, j]), *rooms])
        new = begin(alpha)
        for k, factor in zip((i, j), move(y[i], y[j]), strict=True):
            new[k] += t * factor
        return change(new, C)
    return step


MISTAKES = mistakes(
    ("An alpha left its box, 0 to C. The step is no longer than the room of i and the room of j.",
     _step(ends=lambda up_i, up_j: (None, None))),
    ("The two alphas were cut off one by one, so one moved farther than the other and sum alpha y is no longer 0. "
     "Shorten the step itself, min(t, room of i, room of j); then move both by it.",
     _step(ends=lambda up_i, up_j: (None, None), change=lambda new, C: np.clip(new, 0, C))),
    ("The labels are missing in the move: alpha[i] += t * y[i] and alpha[j] -= t * y[j]. Else sum alpha y changes.",
     _step(move=lambda y_i, y_j: (1, -1))),
    ("Only one alpha moved, and sum alpha y is no longer 0. What i gains j must give.",
     _step(move=lambda y_i, y_j: (y_i, 0)), _step(move=lambda y_i, y_j: (0, -y_j))),
    ("Both products moved up, so sum alpha y is no longer 0. What i gains j gives: alpha[j] -= t * y[j].",
     _step(move=lambda y_i, y_j: (y_i, y_j))),
    ("The curvature is K_ii + K_jj - 2 K_ij, with whatever labels. In yours the mixed term is missing, counts "
     "otherwise or has another sign.", *(_step(mixed=lambda y_i, y_j, k=k: k) for k in (0, 2, -1)),
     _step(mixed=lambda y_i, y_j: -2 * y_i * y_j)),
    ("The step goes the wrong way: i asks for the higher intercept, so F_i - F_j is positive, and alpha[i] moves by "
     "+ t y[i].", _step(times=-1), _step(move=lambda y_i, y_j: (-y_i, y_j))),
    ("The room was taken as C - alpha for both. An alpha that falls has the room alpha: its label says which way it "
     "goes.", _step(ends=lambda up_i, up_j: (True, True))),
    ("A room was measured to the wrong end of the box. If y is +1, alpha i rises to C and alpha j falls to 0; if y is "
     "-1, the other way round.", _step(ends=lambda up_i, up_j: (not up_i, not up_j)),
     _step(ends=lambda up_i, up_j: (not up_i, up_j)), _step(ends=lambda up_i, up_j: (up_i, not up_j))),
    ("Only one of the rooms shortens the step. Both do: min(t, room of i, room of j).",
     _step(ends=lambda up_i, up_j: (up_i, None)), _step(ends=lambda up_i, up_j: (None, up_j))),
    ("y is missing in F: the intercept that a patient asks for is y minus the sum.",
     _step(demand=lambda y, sums: -sums)),
    ("In F the sum is added. The intercept that a patient asks for is y minus the sum.",
     _step(demand=lambda y, sums: y + sums)),
    ("This is half the step: D rises by t (F_i - F_j) - t^2 curvature / 2, which is largest at t = (F_i - F_j) / "
     "curvature.", _step(times=0.5)),
    ("Nothing has moved. Did you change a copy and return the original?", lambda K, y, alpha, *more: alpha),
    ("The new alphas are whole numbers, and fractions are cut off: `alpha.copy()` is an array of floats.",
     _step(begin=lambda alpha: alpha.astype(int))),
)  # fmt: skip
