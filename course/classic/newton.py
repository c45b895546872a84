"""The primal problem of the support vector machine, by Newton's method on a rounded hinge.

P(w, b) = 1/2 ||w||^2 + C sum_i max(0, 1 - y_i (w . x_i + b))        y_i = -1 or +1; b is not regularised

The hinge has a kink, and there sub-gradient descent zigzags. So round the kink off by a parabola of width mu: with
the violation v = 1 - y (w . x + b), the loss becomes v^2 / (2 mu) for 0 < v < mu, and v - mu / 2 beyond. That is
smooth, and Newton's method minimises it in a few steps, whatever the units of the features. Then mu shrinks until the
rounding no longer matters. How do we know? At the minimum alpha_i = C min(max(v_i / mu, 0), 1) meets the constraints
of the dual problem. Before the minimum their sum over the two classes may differ: the larger class is scaled down until
it does not. So the dual objective D(alpha) <= P always, and P - D bounds what is left to gain. (Chapelle, Neural
Computation 19 (2007) 1155-1178.)
"""

import numpy as np


def primal_objective(w, b, X, y, C):
    """Return P(w, b), a number. w (d,), b a number, X (n, d), y (n,) of -1 and +1."""
    return 0.5 * w @ w + C * np.maximum(0, 1 - y * (X @ w + b)).sum()


def primal_subgradient(w, b, X, y, C):
    """Return a sub-gradient of P: (by w (d,), by b a number). Only samples with y (w . x + b) < 1 pull."""
    pull = C * y * (y * (X @ w + b) < 1)
    return w - X.T @ pull, -pull.sum()


def minimise(X, y, C, tol, max_iter):
    """Minimise P. Returns (w (d,), b, history of P from w = 0 on, D); after `max_iter` steps P - D may be too large.

    The best is kept of both: history ends with P of the plane returned, the lowest found, and D is the highest found.

    X: (n, d) float64, best counted from its mean. y: (n,) of -1.0 and +1.0. tol: stop when (P - D) / P is at most this.
    """
    if X.shape[1] > len(X):  # more features than samples: w lies in the space of the samples, so work there
        basis, triangle = np.linalg.qr(X.T)
        w, b, history, dual = minimise(triangle.T, y, C, tol, max_iter)
        return basis @ w, b, history, dual
    design = np.column_stack([X, np.ones(len(X))])  # a column of ones, so that theta = (w, b) is one vector
    theta = np.zeros(design.shape[1])
    history, dual = [primal_objective(theta[:-1], theta[-1], X, y, C)], -np.inf
    best = history[0], theta
    for mu in 10.0 ** -np.arange(16):
        while len(history) <= max_iter:
            violation = 1 - y * (design @ theta)
            alpha = C * np.clip(violation / mu, 0, 1)
            gradient, step = _newton_step(theta, design, alpha * y, (violation > 0) & (violation < mu), C / mu)
            if -gradient @ step <= 1e-6 * tol * history[-1]:  # nothing left to gain at this mu
                dual = max(dual, _dual(alpha, X, y))
                break
            theta = theta + step * _step_length(theta, step, y * (design @ step), violation, mu, C)
            history.append(primal_objective(theta[:-1], theta[-1], X, y, C))
            best = min(best, (history[-1], theta), key=lambda place: place[0])
        if best[0] - dual <= tol * best[0]:
            break
    history[-1], theta = best
    return theta[:-1], theta[-1], np.array(history), dual


def _dual(alpha, X, y):
    """Return D of the alphas (n,), the class of the larger sum scaled down until sum alpha y = 0: then D <= P holds."""
    sums = np.array([alpha[y > 0].sum(), alpha[y < 0].sum()])
    scaled = alpha * np.where(y > 0, *(sums.min() / np.maximum(sums, np.finfo(float).tiny)))
    return scaled.sum() - 0.5 * np.sum((X.T @ (scaled * y)) ** 2)


def _newton_step(theta, design, pull, bent, curvature):
    """Return (gradient, step) of the rounded loss at theta = (w, b), both (d + 1,).

    pull: alpha y, (n,). bent: is the sample on the parabola? bool (n,). curvature: of the parabola, a number.
    """
    regularised = np.append(np.ones(len(theta) - 1), 0.0)  # w is, b is not
    gradient = regularised * theta - design.T @ pull
    regularised[-1] = 1e-8 * curvature  # b has no curvature where no sample is on the parabola
    # Hessian = root^T root; a triangle by QR keeps the digits that the product would lose, columns scaled to length 1
    root = np.vstack([np.diag(np.sqrt(regularised)), np.sqrt(curvature) * design[bent]])
    scale = 1 / np.linalg.norm(root, axis=0)
    triangle = np.linalg.qr(root * scale, mode="r")
    half = np.linalg.solve(triangle.T, scale * gradient)
    return gradient, -scale * np.linalg.solve(triangle, half)


def _step_length(theta, step, progress, violation, mu, C):
    """Where along the step the rounded loss stops falling. Its slope only rises, so halve the interval."""
    w, w_step = theta[:-1], step[:-1]

    def slope(t):
        return w_step @ (w + t * w_step) - C * np.clip((violation - t * progress) / mu, 0, 1) @ progress

    low, high = 0.0, 1.0
    while slope(high) < 0:
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2
