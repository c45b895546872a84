"""What the checkers of exercises 8.1 and 8.3 need: steps that are written into arrays, right ones and mistaken ones.

The learner's code returns nothing and changes arrays. It is wrapped in a function that hands over copies and returns
those copies afterwards, so that it can be compared like any other.
"""

import functools
import inspect
from types import SimpleNamespace

import numpy as np

from course.checks.compare import Case, Mistake, mistakes, require
from course.checks.core import fresh
from course.checks.running import unchanged


def dressed(wrapper, function):
    """Let errors be named by the learner's line, and the signature be the wrapper's."""
    if callable(function):
        wrapper.__signature__ = inspect.signature(wrapper)
        functools.update_wrapper(wrapper, function, assigned=("__name__",), updated=())
    return wrapper if callable(function) else function


def after_steps(answer):
    """Return stepped(params, grads, learning_rate, steps=1) -> the arrays after so many steps along the same slopes."""
    def stepped(params, grads, learning_rate, steps=1):
        *_, arrays = _walking(lambda held, slopes: answer(held, slopes, learning_rate), params, [grads] * steps)
        return tuple(arrays)
    return dressed(stepped, answer)


def after_walk(optimizer):
    """Return walked(params, list of grads, learning_rate, momentum) -> the arrays after an `update` for each grads."""
    def walked(params, many_grads, learning_rate, momentum):
        *_, arrays = _walking(_update(optimizer, learning_rate, momentum), params, many_grads)
        return tuple(arrays)
    return dressed(walked, getattr(optimizer, "update", optimizer))


def _update(optimizer, learning_rate, momentum):
    update = getattr(optimizer(learning_rate, momentum), "update", None)
    require(callable(update), "What you handed over makes an object without a method `update(self, params, grads)`.")
    return update


def _walking(update, params, many_grads):
    """Yield the arrays after each step. Raises NotYet where the code writes into anything but these arrays."""
    arrays = fresh(list(params))
    held = list(arrays)
    for grads in many_grads:
        slopes, before = fresh(list(grads)), fresh(arrays)
        returned = update(held, slopes)
        require(unchanged(slopes, list(grads)), "Your code changed the gradients. They belong to the layers: "
                "`g *= ...` writes into them; `learning_rate * g` makes a new array.")
        require(len(held) == len(arrays) and all(new is old for new, old in zip(held, arrays, strict=True)),
                "The list of arrays was changed: new arrays stand in it, or some are missing. The layers hold the old "
                "ones: write into those, `w -= ...` or `w[...] = ...`.")
        made = isinstance(returned, (list, tuple)) and not any(one is array for one in returned for array in arrays)
        require(not (made and unchanged(arrays, before) and any(map(np.any, slopes))), "Your code returns new numbers, "
                "and the network's own arrays stay as they were. Write into them: `w -= ...` or `w[...] = ...`.")
        yield arrays


def require_own_memory(optimizer):
    """Raise NotYet where a network does not walk with another in turn as it does alone, each with its own object."""
    rng = np.random.default_rng(80)
    one, other = ((_drawn(rng), [_drawn(rng) for _ in range(3)]) for _ in range(2))

    def end_of(*walks):
        *_, arrays = zip(*(_walking(_update(optimizer, 0.1, 0.9), *walk) for walk in walks), strict=True)
        return arrays[0]

    try:
        together, alone = end_of(one, other), end_of(one)
    except Exception:
        return  # it stops, or writes elsewhere: the cases tell that better
    require(all(map(np.allclose, together, alone)), "Two networks, each with an object of its own, come out otherwise "
            "together than alone: the objects share their velocities, or these do not begin at 0. Make them in self, "
            "from zeros, not in the class or outside.")


def _drawn(rng, shapes=((3,), (3,)), scale=1.0, dtype=float):
    return [np.asarray(rng.normal(scale=scale, size=shape), dtype) for shape in shapes]


def _networks(seed):
    """Return {what is special: a function that draws arrays}."""
    rng = np.random.default_rng(seed)
    return {"two arrays of one shape": lambda: _drawn(rng), "steep slopes": lambda: _drawn(rng, scale=30.0),
            "kernel and bias of two layers": lambda: _drawn(rng, [(3, 3, 2, 4), (4,), (36, 1), (1,)]),
            "float32": lambda: _drawn(rng, dtype=np.float32), "no momentum": lambda: _drawn(rng)}  # fmt: skip


def step_cases():
    return [
        Case([np.array([1.0, 2.0])], [np.array([-2.0, 0.5])], 0.1, note="one array"),
        *(Case(draw(), draw(), rate, steps=steps, note=note) for steps, rate in ((1, 0.5), (3, 2.0))
          for note, draw in _networks(81).items() if note != "no momentum"),
        Case([np.array([[1.0]])], [np.array([[0.0]])], 0.3, note="slope 0: nothing may move"),
    ]  # fmt: skip


def walk_cases():
    return [
        Case([np.array([0.0])], [[np.array([1.0])]] * 3, 0.1, 0.9, note="slope 1, three steps"),
        *(Case(draw(), [draw() for _ in range(4)], 0.5, 0.0 if note == "no momentum" else 0.75, note=note)
          for note, draw in _networks(82).items()),
    ]  # fmt: skip


def keras_steps(params, grads, learning_rate, steps=1):
    return keras_walk(params, [grads] * steps, learning_rate, 0.0)


def keras_walk(params, many_grads, learning_rate, momentum):
    from course.quiet_tensorflow import keras

    weights = [keras.Variable(array, dtype=array.dtype.name) for array in params]
    optimizer = keras.optimizers.SGD(learning_rate, momentum)
    for grads in many_grads:
        optimizer.apply([keras.ops.convert_to_tensor(grad) for grad in grads], weights)
    return tuple(np.array(keras.ops.convert_to_numpy(weight)) for weight in weights)


def _walk(new=lambda a: a.beta * a.v - a.rate * a.g, move=lambda a: a.v, some=slice(None), pick=None,
          memory=lambda weights: [np.zeros_like(w) for w in weights], beta=None):  # fmt: skip
    """Return a (mistaken) walk. new(a): the next velocity; move(a): what is added to the weights; some: the arrays that
    move; pick: the one slope used for all; memory: the first velocities; beta: the momentum, whatever comes in.
    """
    def walked(params, many_grads, rate, momentum):
        weights = fresh(list(params))
        velocities = memory(weights)
        for grads in many_grads:
            for w, v, g in list(zip(weights, velocities, grads, strict=True))[some]:
                a = SimpleNamespace(w=w.copy(), v=v, old=v.copy(), g=g if pick is None else grads[pick], rate=rate,
                                    beta=momentum if beta is None else beta)  # fmt: skip
                v[...] = new(a)
                w += move(a)
        return tuple(weights)
    return walked


def _step(move=lambda a: -a.rate * a.g, **how):
    walk = _walk(lambda a: a.v, move, **how)
    return lambda params, grads, rate, steps=1: walk(params, [grads] * steps, rate, 0.0)


FIRST = "Only the first array has moved. Every layer's kernel and bias is in the list: go through all of them."
LAST = "Only the last array has moved. Is the line that writes inside the loop?"
ENDS = "One end of the list was left out: its first or its last array has not moved. Go through all of them."
PIECES = [(FIRST, slice(0, 1)), (LAST, slice(-1, None)), (ENDS, slice(1, None)), (ENDS, slice(0, -1))]
NOTHING = Mistake(
    "The arrays have not changed. If you wrote `w = w - ...`: that makes a new array and only calls it w. Write into "
    "the network's own: `w -= ...` or `w[...] = ...`.",
    when=lambda result, expected, params, *inputs, **settings: all(map(np.array_equal, result, params)))  # fmt: skip
STEP_MISTAKES = [NOTHING, *mistakes(
    ("The sign is turned: these steps go *with* the slope, uphill, and the loss grows. Subtract.",
     _step(lambda a: a.rate * a.g)),
    ("The learning rate is missing: the whole gradient was subtracted.", _step(lambda a: -a.g)),
    ("The gradient is divided by the learning rate; it is multiplied.", _step(lambda a: -a.g / a.rate)),
    ("The sign of the slope alone was used. A step of SGD is as long as the rate times the slope.",
     _step(lambda a: -a.rate * np.sign(a.g))),
    ("The weights were replaced by the step. The step is added to what they were.",
     _step(lambda a: -a.rate * a.g - a.w)),
    ("The gradient of one array was used for all. Each has its own, in the same order: zip(params, grads).",
     _step(pick=0), _step(pick=-1)),
    *((reason, _step(some=some)) for reason, some in PIECES),
)]  # fmt: skip
WALK_MISTAKES = [NOTHING, *mistakes(
    ("One velocity is shared between the arrays: what the first has stored pushes the second. Each array needs its own "
     "zeros: `[np.zeros_like(w) for w in params]`. (`[zeros] * n` is one array, n times.)",
     _walk(memory=lambda weights: [np.zeros_like(weights[0])] * len(weights))),
    ("Nothing is remembered: every step is as long as without momentum. Make the velocities only once, an array for "
     "each array of weights (`np.zeros_like(w)`), and write into them: `v *= ...`, not `v = ...`.",
     _walk(move=lambda a: -a.rate * a.g)),
    ("The velocities *are* the weights: what is written into one is written into the other. Begin with zeros: "
     "`[np.zeros_like(w) for w in params]`.", _walk(memory=lambda weights: weights)),
    ("The velocities hold whole numbers: fractions are cut off. `np.zeros_like(w)` makes zeros of the kind of w.",
     _walk(memory=lambda weights: [np.zeros(w.shape, int) for w in weights])),
    ("The sign is turned: the weights run uphill, *with* the slope. v = momentum v - rate g, and then w + v.",
     _walk(lambda a: a.beta * a.v + a.rate * a.g)),
    ("Rate and momentum are swapped: v = momentum v - rate g.", _walk(lambda a: a.rate * a.v - a.beta * a.g)),
    ("The slope is averaged, with a factor (1 - momentum), and the steps are shorter by it. Here the whole slope goes "
     "in: v = momentum v - rate g.", _walk(lambda a: a.beta * a.v - (1 - a.beta) * a.rate * a.g)),
    ("That is Nesterov's form, which looks one step ahead. Here the weight moves by the new velocity: w + v.",
     _walk(move=lambda a: a.beta * a.v - a.rate * a.g)),
    ("The weight moves by the old velocity. First the new velocity, then the step.", _walk(move=lambda a: a.old)),
    ("The rate stands twice: it is already inside the velocity, so the weight moves by v itself.",
     _walk(move=lambda a: a.rate * a.v)),
    ("The rate is missing: v = momentum v - rate g.", _walk(lambda a: a.beta * a.v - a.g)),
    ("The velocity never fades: the old one must be multiplied by the momentum.", _walk(lambda a: a.v - a.rate * a.g)),
    ("The momentum is 0.9 in your code, whatever comes in. Use self.momentum.", _walk(beta=0.9)),
    *((reason, _walk(some=some)) for reason, some in PIECES),
)]  # fmt: skip
