"""What the checker of exercise 8.4 needs: Adam as Keras steps, and the ways in which it goes wrong."""

import contextlib
import inspect

import numpy as np

from course.checks.compare import Case, Mistake, require
from course.checks.core import fresh


def after_steps(answer):
    """Return walked(w, gradients, **settings) -> (w, m, s), calling `answer` with t = 1, 2, ... for each gradient."""
    if not callable(answer):
        return answer

    def walked(w, gradients, **settings):
        m, s = np.zeros_like(w), np.zeros_like(w)
        for t, g in enumerate(gradients, start=1):
            result = answer(*fresh((w, g, m, s)), t, **settings)
            if not isinstance(result, (tuple, list)) or len(result) != 3:
                return result
            w, m, s = result
        return w, m, s

    walked.__signature__ = inspect.signature(walked)
    walked.__wrapped__ = answer
    return walked


def require_new_arrays(answer):
    """Raise NotYet where the step writes into its inputs; whatever else is wrong is left for the comparison."""
    given = np.array([1.0, -1.0]), np.array([0.5, -2.0]), np.array([0.1, 0.2]), np.array([0.3, 0.1])
    held = fresh(given)
    with contextlib.suppress(Exception):
        answer(*held, 3)
    same = all(np.array_equal(now, before) for now, before in zip(held, given, strict=True))
    require(same, "Your code changed the arrays that it was given (`w -= ...`, `m *= ...`). Here new ones are asked "
                  "for: `m = beta_1 * m + ...`, and `return w - ..., m, s`.")  # fmt: skip


def cases():
    rng = np.random.default_rng(83)
    start = rng.normal(size=(3, 4))
    return [
        Case(np.array([1.0, -1.0]), [np.array([0.5, -2.0])], rate=0.1, note="the first step"),
        Case(start, list(rng.normal(size=(2, 3, 4))), note="two steps, rate and betas as they are"),
        Case(np.zeros(3), list(rng.normal(scale=1e-7, size=(3, 3))), rate=0.1, note="tiny slopes: here epsilon counts"),
        Case(np.zeros(2), [np.zeros(2)] * 2, rate=0.1, note="all slopes 0"),
        Case(start[0], list(rng.normal(size=(40, 4))), rate=0.01, note="forty steps"),
        Case(np.zeros(2), list(rng.normal(size=(5, 2))), rate=0.05, beta_1=0.5, beta_2=0.75, epsilon=1e-3,
             note="other settings"),
        Case(np.array([[2.0]]), [np.array([[1.0]]), np.array([[-3.0]])], rate=0.1, note="one weight, shape (1, 1)"),
    ]  # fmt: skip


def keras_walk(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """What keras.optimizers.Adam does: the weights, and its two memories."""
    from course.quiet_tensorflow import keras

    weight = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.Adam(rate, beta_1, beta_2, epsilon)
    optimizer.build([weight])
    for g in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g)], [weight])
    memories = {name: next(v for v in optimizer.variables if name in v.path) for name in ("momentum", "velocity")}
    values = (keras.ops.convert_to_numpy(v) for v in (weight, memories["momentum"], memories["velocity"]))
    return tuple(np.asarray(value, float) for value in values)


def _mean(old, new, beta):
    return beta * old + (1 - beta) * new


def _keras_move(m, s, t, rate, b1, b2, eps):
    return rate * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(s) + eps)


def walk(move=_keras_move, mean=_mean, square=lambda g: g**2, order=(0, 1, 2), late=False, first=1, sign=-1):
    """Return a (mistaken) walk; `move` gives the length of the step, `mean` the running means."""
    def walked(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m, s = np.zeros_like(w), np.zeros_like(w)
        for t, g in enumerate(gradients, start=first):
            before = m, s
            m, s = mean(m, g, beta_1), mean(s, square(g), beta_2)
            used = before if late else (m, s)
            w = w + sign * move(*used, t, rate, beta_1, beta_2, epsilon)
        return tuple((w, m, s)[k] for k in order)
    return walked


def _stores_corrected(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m, s = _mean(m, g, beta_1) / (1 - beta_1**t), _mean(s, g**2, beta_2) / (1 - beta_2**t)
        w = w - rate * m / (np.sqrt(s) + epsilon)
    return w, m, s


def _returns_corrected(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    w, m, s = walk(_inside)(w, gradients[:1], rate, beta_1, beta_2, epsilon)
    return w, m / (1 - beta_1), s / (1 - beta_2)


def _inside(m, s, t, rate, b1, b2, eps):
    return rate * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + eps)


def _power(beta, t):
    return beta**t


def _product(beta, t):
    return beta * t


def _shares(first, second):
    """The step whose shares are 1 - first(beta_1, t) and 1 - second(beta_2, t)."""
    return walk(lambda m, s, t, rate, b1, b2, eps:
                rate * np.sqrt(1 - second(b2, t)) / (1 - first(b1, t)) * m / (np.sqrt(s) + eps))


PRODUCT = "`beta * t` is not `beta**t`: the correction wants the power, not the product."


def _fixed(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    return walk()(w, gradients, rate)


def _fixed_rate(w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    return walk()(w, gradients, 0.001, beta_1, beta_2, epsilon)


MISTAKES = [
    Mistake("The bias correction is missing: m and s started at 0, so the first steps are about 3 to 6 times too long. "
            "The rate becomes rate * sqrt(1 - beta_2**t) / (1 - beta_1**t).",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: rate * m / (np.sqrt(s) + eps))),
    Mistake("Only the mean is corrected. The mean square started at 0 too: the factor sqrt(1 - beta_2**t) is missing.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: rate * m / (1 - b1**t) / (np.sqrt(s) + eps))),
    Mistake("Only the mean square is corrected. The mean started at 0 too: divide by 1 - beta_1**t.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: rate * np.sqrt(1 - b2**t) * m / (np.sqrt(s) + eps))),
    Mistake("In the correction of the mean square the root is missing: sqrt(1 - beta_2**t).",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: rate * (1 - b2**t) / (1 - b1**t) * m / (np.sqrt(s) + eps))),
    Mistake("The correction takes the first step's share at every step: raise the betas to the power t.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: _keras_move(m, s, 1, rate, b1, b2, eps))),
    *(Mistake(PRODUCT, wrong=_shares(*both))
      for both in ((_product, _product), (_power, _product), (_product, _power))),
    Mistake("The correction is the wrong way up: its rate is rate * sqrt(1 - beta_2**t) / (1 - beta_1**t).",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps:
                       rate * (1 - b1**t) / np.sqrt(1 - b2**t) * m / (np.sqrt(s) + eps))),
    Mistake("Epsilon stands inside the correction, added to the corrected root: the form of the paper's algorithm and "
            "of PyTorch. Keras adds it to sqrt(s) as it is, and corrects by the rate. Tiny slopes show the difference.",
            wrong=walk(_inside)),
    Mistake("Epsilon stands under the root. It is added after the root: sqrt(s) + epsilon.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: _keras_move(m, s + eps, t, rate, b1, b2, 0))),
    Mistake("Epsilon is missing. Where all slopes are 0, this divides 0 by 0.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: _keras_move(m, s, t, rate, b1, b2, 0))),
    Mistake("The root is missing: the mean is divided by sqrt(s), the usual size of the slopes, not by s.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: _keras_move(m, s**2, t, rate, b1, b2, eps))),
    Mistake("The sign is turned: this step goes *with* the slope, uphill.", wrong=walk(sign=1)),
    Mistake("The step uses m and s as they came in. Put the new slope into both first.", wrong=walk(late=True)),
    Mistake("t is one too large: the first step has t = 1, and t counts itself; do not add 1.", wrong=walk(first=2)),
    Mistake("t is one too small: at the first step t is already 1; do not subtract 1 (1 - beta**0 is 0).",
            wrong=walk(first=0)),
    Mistake("The betas are swapped: beta_1 belongs to the mean, beta_2 to the mean square.",
            wrong=lambda w, gradients, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7:
            walk()(w, gradients, rate, beta_2, beta_1, epsilon)),
    Mistake("The new slope goes in whole. In a running mean it has the share 1 - beta: beta * m + (1 - beta) * g.",
            wrong=walk(mean=lambda old, new, beta: beta * old + new)),
    Mistake("The shares are swapped: a running mean keeps beta of the old and takes 1 - beta of the new.",
            wrong=walk(mean=lambda old, new, beta: (1 - beta) * old + beta * new)),
    Mistake("s is the running mean of the *squares*: g**2 goes in, not g.", wrong=walk(square=lambda g: g)),
    Mistake("s is the running mean of the squares, not of the sizes abs(g): g**2 goes in.",
            wrong=walk(square=np.abs)),
    Mistake("This is momentum: without the division by sqrt(s) the steps depend on the slopes' size.",
            wrong=walk(lambda m, s, t, rate, b1, b2, eps: rate * m)),
    Mistake("The corrected mean and mean square come back, and are corrected again in the next step. Return m and s as "
            "they are; the correction stands in the step alone.", wrong=_stores_corrected),
    Mistake("The corrected mean and mean square come back. Return m and s as they are; the correction stands in the "
            "step alone.", wrong=_returns_corrected),
    Mistake("The three stand in another order: weights, mean, mean square.", wrong=walk(order=(1, 2, 0))),
    Mistake("The three stand in another order: weights, mean, mean square.", wrong=walk(order=(0, 2, 1))),
    Mistake("The betas and epsilon are fixed in your code. Use those that come in.", wrong=_fixed),
    Mistake("The rate is fixed in your code. Use the one that comes in.", wrong=_fixed_rate),
]  # fmt: skip
