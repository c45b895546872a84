"""What the checker of exercise 8.4 needs: Adam as Keras steps, and the ways in which it goes wrong."""

import itertools
from types import SimpleNamespace

import numpy as np

from course.checks.compare import Case, mistakes

DEFAULTS = {"rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
ORDERS = list(itertools.permutations(range(3)))[1:]  # but the right one


def cases():
    """First steps, and steps on the way, where m and s already hold something."""
    rng = np.random.default_rng(83)

    def drawn(shape, t, *settings, size=1.0, note=""):
        w, g, m = rng.normal(size=(3, *shape)) * np.reshape([1, size, size], (3, *[1] * len(shape)))
        return Case(w, g, m / 3, size**2 * rng.uniform(0.1, 1, shape), t, *settings, note=note)

    zeros = np.zeros(2)
    return [
        Case(np.array([1.0, -1.0]), np.array([0.5, -2.0]), zeros, zeros, 1, 0.1, note="the first step"),
        drawn((3, 4), 2, note="step 2, rate and betas as they are"),
        drawn((3,), 3, 0.1, size=1e-7, note="tiny slopes: here epsilon counts"),
        Case(zeros + 3, zeros, zeros, zeros, 2, 0.1, note="all slopes 0"),
        drawn((4,), 41, 0.01, note="step 41"),
        drawn((2,), 5, 0.05, 0.5, 0.75, 1e-3, note="other settings"),
        drawn((1, 1), 7, 2.0, 0.99, 0.9, 0.1, note="one weight, shape (1, 1)"),
        drawn((5,), 20000, 0.3, note="late: hardly anything is left to correct"),
    ]  # fmt: skip


def by_keras(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """What keras.optimizers.Adam does at step t, when its two memories hold m and s."""
    from course.quiet_tensorflow import keras

    weight = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.Adam(rate, beta_1, beta_2, epsilon)
    optimizer.build([weight])
    memories = [next(v for v in optimizer.variables if name in v.path) for name in ("momentum", "velocity")]
    for variable, value in zip([optimizer.iterations, *memories], (t - 1, m, s), strict=True):
        variable.assign(value)
    optimizer.apply([keras.ops.convert_to_tensor(g)], [weight])
    return tuple(np.array(keras.ops.convert_to_numpy(v), float) for v in (weight, *memories))


def _right(a):
    return a.rate * np.sqrt(a.c2) / a.c1 * a.m / (a.root + a.eps)


def _mean(old, new, beta):
    return beta * old + (1 - beta) * new


def adam(length=_right, mean=_mean, square=np.square, late=False, back=lambda w, m, s, a: (w, m, s), **fixed):
    """Return a (mistaken) step. length(a): how far w moves; back: what is returned; fixed: t or settings taken so."""
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        given = {"t": t, "rate": rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        given |= {name: value(given) if callable(value) else value for name, value in fixed.items()}
        t, rate, b1, b2, eps = given.values()
        new = mean(m, g, b1), mean(s, square(g), b2)
        m, s = (m, s) if late else new
        a = SimpleNamespace(g=g, m=m, s=s, root=np.sqrt(s), t=t, rate=rate, b1=b1, b2=b2, eps=eps,
                            c1=1 - b1**t, c2=1 - b2**t)  # fmt: skip
        return back(w - length(a), *new, a)
    return step


def _shares(first, second):
    return adam(lambda a: a.rate * np.sqrt(1 - second(a.b2, a.t)) / (1 - first(a.b1, a.t)) * a.m / (a.root + a.eps))


MISTAKES = mistakes(
    ("The bias correction is missing: m and s started at 0, so the first steps are about 3 to 6 times too long. "
     "The rate becomes rate * sqrt(1 - beta_2**t) / (1 - beta_1**t).", adam(lambda a: a.rate * a.m / (a.root + a.eps))),
    ("Only the mean is corrected. The mean square started at 0 too: the factor sqrt(1 - beta_2**t) is missing.",
     adam(lambda a: a.rate / a.c1 * a.m / (a.root + a.eps))),
    ("Only the mean square is corrected. The mean started at 0 too: divide by 1 - beta_1**t.",
     adam(lambda a: a.rate * np.sqrt(a.c2) * a.m / (a.root + a.eps))),
    ("In the correction of the mean square the root is missing: sqrt(1 - beta_2**t).",
     adam(lambda a: a.rate * a.c2 / a.c1 * a.m / (a.root + a.eps))),
    ("The correction takes the first step's share at every step: raise the betas to the power t.", adam(t=1)),
    ("`beta * t` is not `beta**t`: the correction wants the power, not the product.",
     *(_shares(*both) for both in ((np.multiply, np.multiply), (np.power, np.multiply), (np.multiply, np.power)))),
    ("The correction is the wrong way up: its rate is rate * sqrt(1 - beta_2**t) / (1 - beta_1**t).",
     adam(lambda a: a.rate * a.c1 / np.sqrt(a.c2) * a.m / (a.root + a.eps))),
    ("Epsilon stands inside the correction, as in the paper's algorithm and in PyTorch. Keras adds it to sqrt(s) as it "
     "is, and corrects by the rate: tiny slopes show the difference.",
     adam(lambda a: a.rate * (a.m / a.c1) / (np.sqrt(a.s / a.c2) + a.eps))),
    ("Epsilon stands under the root. It is added after the root: sqrt(s) + epsilon.",
     adam(lambda a: a.rate * np.sqrt(a.c2) / a.c1 * a.m / np.sqrt(a.s + a.eps))),
    ("Epsilon is missing. Where all slopes are 0, this divides 0 by 0.", adam(epsilon=0.0)),
    ("The root is missing: the mean is divided by sqrt(s), the usual size of the slopes, not by s.",
     adam(lambda a: a.rate * np.sqrt(a.c2) / a.c1 * a.m / (a.s + a.eps))),
    ("The sign is turned: this step goes *with* the slope, uphill.", adam(lambda a: -_right(a))),
    ("The step goes along g, the newest slope. It goes along m, the mean: that is what m is kept for.",
     adam(lambda a: a.rate * np.sqrt(a.c2) / a.c1 * a.g / (a.root + a.eps))),
    ("This is momentum: without the division by sqrt(s) the steps depend on the slopes' size.",
     adam(lambda a: a.rate * a.m), adam(lambda a: a.rate / a.c1 * a.m)),
    ("The step uses m and s as they came in. Put the new slope into both first.", adam(late=True)),
    ("t is one too large: the first step has t = 1, and t counts itself; do not add 1.", adam(t=lambda a: a["t"] + 1)),
    ("t is one too small: at the first step t is already 1; do not subtract 1 (1 - beta**0 is 0).",
     adam(t=lambda a: a["t"] - 1)),
    ("The betas are swapped: beta_1 belongs to the mean, beta_2 to the mean square.",
     adam(lambda a: a.rate * np.sqrt(a.c2) / a.c1 * a.m / (a.root + a.eps),
          beta_1=lambda a: a["beta_2"], beta_2=lambda a: a["beta_1"])),
    ("The new slope goes in whole. In a running mean it has the share 1 - beta: beta * m + (1 - beta) * g.",
     adam(mean=lambda old, new, beta: beta * old + new)),
    ("The shares are swapped: a running mean keeps beta of the old and takes 1 - beta of the new.",
     adam(mean=lambda old, new, beta: (1 - beta) * old + beta * new)),
    ("s is the running mean of the *squares*: g**2 goes in, not g.", adam(square=lambda g: g)),
    ("s is the running mean of the squares, not of the sizes abs(g): g**2 goes in.", adam(square=np.abs)),
    ("The corrected mean and mean square come back, and would be corrected again in the next step. Return m and s as "
     "they are; the correction stands in the step alone.",
     *(adam(length, back=lambda w, m, s, a: (w, m / a.c1, s / a.c2)) for length in (
         _right, lambda a: a.rate * (a.m / a.c1) / (np.sqrt(a.s / a.c2) + a.eps)))),
    ("The three stand in another order: weights, mean, mean square.",
     *(adam(back=lambda w, m, s, a, p=p: tuple((w, m, s)[k] for k in p)) for p in ORDERS)),
    ("The step came back in place of the weights. Return w minus the step.",
     *(adam(back=lambda w, m, s, a, sign=sign: (sign * _right(a), m, s)) for sign in (1, -1))),
    *((f"Fixed in your code: {', '.join(names)}. Use what comes in.", adam(**{name: DEFAULTS[name] for name in names}))
      for n in range(1, 5) for names in itertools.combinations(DEFAULTS, n)),
)  # fmt: skip
