"""Sequential minimal optimization: the dual problem of the support vector machine, two coefficients at a time.

Write beta_t = alpha_t y_t. Then the dual problem is to maximise

D(beta) = sum_t y_t beta_t - 1/2 sum_st beta_s beta_t K(x_s, x_t)    with    sum_t beta_t = 0    and    beta_t

between 0 and C where y_t = +1, between -C and 0 where y_t = -1. One coefficient alone cannot move without breaking the
sum; a pair can, one rising by as much as the other falls. The slope of D along coefficient t is

F_t = y_t - sum_s beta_s K(x_s, x_t),

which is also the intercept that sample t asks for: with b = F_t it lies exactly on its margin. (Platt 1998; Keerthi et
al., Neural Computation 13 (2001) 637-649; Fan, Chen and Lin, Journal of Machine Learning Research 6 (2005) 1889-1918.)
"""

from functools import lru_cache

import numpy as np

TINY = 1e-12  # stands for a curvature that is not positive: two equal points, or a kernel that is no inner product


def optimise(row, diagonal, y, C, tol, max_iter, rows_kept=2):
    """Maximise D from beta = 0. Returns (beta (n,), F (n,), number of steps); `disagreement` tells if it has converged.

    row(i): K(x_i, x_t) for all t, shape (n,). diagonal: K(x_t, x_t), shape (n,). y: -1.0 or +1.0, shape (n,).
    tol: stop when no two samples disagree about the intercept by as much. rows_kept: how many rows to remember here.
    """

    @lru_cache(maxsize=rows_kept)
    def inverse_root_curvature(i):  # a division and a root are slow, and the same i comes again and again
        return 1 / np.sqrt(np.maximum(diagonal[i] + diagonal - 2 * row(i), TINY))

    beta, low, high = [0.0] * len(y), np.minimum(0, C * y).tolist(), np.maximum(0, C * y).tolist()
    rising = np.where(y > 0, y, -np.inf)  # F of the samples whose beta may rise, -inf for the others
    falling = np.where(y < 0, y, np.inf)  # F of the samples whose beta may fall, +inf for the others
    disagreement, gain, change = np.empty_like(y), np.empty_like(y), np.empty_like(y)  # used again in every step
    for steps in range(max_iter):
        i = int(rising.argmax())
        np.subtract(rising[i], falling, out=disagreement)
        # a free step with t raises D by disagreement^2 / (2 curvature), and where that is largest, so is its root:
        np.multiply(disagreement, inverse_root_curvature(i), out=gain)
        j = int(gain.argmax())
        if disagreement[j] < tol and disagreement.max() < tol:
            return np.array(beta), _merged(rising, falling), steps
        row_i, row_j = row(i), row(j)
        curvature = max(float(diagonal[i] + diagonal[j] - 2 * row_i[j]), TINY)
        room_i, room_j = high[i] - beta[i], beta[j] - low[j]
        step = min(float(disagreement[j]) / curvature, room_i, room_j)
        beta[i] = high[i] if step == room_i else beta[i] + step
        beta[j] = low[j] if step == room_j else beta[j] - step
        np.subtract(row_i, row_j, out=change)
        np.multiply(change, step, out=change)
        rising -= change
        falling -= change
        for t in (i, j):
            wanted = rising[t] if rising[t] > -np.inf else falling[t]
            rising[t] = wanted if beta[t] < high[t] else -np.inf
            falling[t] = wanted if beta[t] > low[t] else np.inf
    return np.array(beta), _merged(rising, falling), max_iter


def intercept(beta, F, y, C):
    """Return the intercept on which the samples agree, a number.

    Only free samples, 0 < alpha < C, lie exactly on their margins and name it; one at a bound gives a limit only.
    Without free samples any number between the limits is right: take the middle.
    """
    alpha = beta * y
    free = (alpha > 0) & (alpha < C)
    if free.any():
        return F[free].mean()
    lowest, highest = _limits(alpha, F, y, C)
    return (lowest + highest) / 2


def disagreement(beta, F, y, C):
    """Return by how much two samples still disagree about the intercept, a number; at the optimum at most 0."""
    lowest, highest = _limits(beta * y, F, y, C)
    return lowest - highest


def _limits(alpha, F, y, C):
    """The intercept is at least what any sample asks for whose beta may rise, at most what one that may fall does."""
    may_rise = np.where(y > 0, alpha < C, alpha > 0)
    may_fall = np.where(y > 0, alpha > 0, alpha < C)
    return F[may_rise].max(), F[may_fall].min()


def _merged(rising, falling):
    """F of every sample: each may at least either rise or fall."""
    return np.where(rising > -np.inf, rising, falling)
