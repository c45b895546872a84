"""What the checkers of exercises 8.1 and 8.2 need: steps written into arrays, and momentum.

The learner's code returns nothing and changes arrays. It is wrapped in a function that hands over copies and returns
those copies afterwards, so that it can be compared like any other.
"""

import functools
import inspect

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import fresh


class Arrays(tuple):
    """The arrays after the learner's step. `fault` says what else went wrong: "gradients", "replaced", "returned"."""

    fault = None


def after_one_step(answer):
    """Return stepped(params, grads, rate) -> Arrays."""

    def stepped(params, grads, learning_rate):
        return _arrays_after(lambda held, slopes: answer(held, slopes, learning_rate), params, [grads])

    return _dressed(stepped, answer)


def after_walk(optimizer):
    """Return walked(params, list of grads, rate, momentum) -> Arrays after one `update` for each grads."""

    def walked(params, many_grads, learning_rate, momentum):
        return _arrays_after(optimizer(learning_rate, momentum).update, params, many_grads)

    return _dressed(walked, optimizer.update)


def _dressed(wrapper, function):
    """Let errors be named by the learner's line, and the signature be the wrapper's."""
    if callable(function):
        wrapper.__signature__ = inspect.signature(wrapper)
        functools.update_wrapper(wrapper, function, assigned=("__name__",), updated=())
    return wrapper if callable(function) else function


def _arrays_after(update, params, many_grads):
    arrays = [array.copy() for array in params]
    held, returned, spoilt = list(arrays), None, False
    for grads in many_grads:
        slopes = fresh(grads)
        result = update(held, slopes)
        returned = result if returned is None else returned
        spoilt |= any((slope != grad).any() for slope, grad in zip(slopes, grads, strict=True))
    after = Arrays(arrays)
    still = all(np.array_equal(new, old) for new, old in zip(arrays, params, strict=True))
    if spoilt:
        after = Arrays()
        after.fault = "gradients"
    elif still and any(new is not old for new, old in zip(held, arrays, strict=False)):
        after.fault = "replaced"
    elif still and returned is not None:
        after.fault = "returned"
    elif still:
        after.fault = "nothing"
    return after


def _fault(name):
    return lambda result, expected, *inputs: getattr(result, "fault", None) == name


FAULTS = [
    Mistake("Your code changed the gradients. They belong to the layers: `g *= ...` writes into them; "
            "`learning_rate * g` makes a new array.", when=_fault("gradients")),
    Mistake("Your code puts new arrays into the list, and the network's own arrays stay as they were: the layers hold "
            "those. Write into them: `w -= ...` or `w[...] = ...`.", when=_fault("replaced")),
    Mistake("Your code returns new numbers, and the network's own arrays stay as they were. Write into them: "
            "`w -= ...` or `w[...] = ...`; nothing need be returned.", when=_fault("returned")),
    Mistake("The arrays have not changed. `w = w - ...` makes a new array and calls it w; the network's own array "
            "stays as it was. Write into it: `w -= ...` or `w[...] = ...`.", when=_fault("nothing")),
]  # fmt: skip


def _random(rng, shapes, scale=1.0, dtype=float):
    return [np.asarray(rng.normal(scale=scale, size=shape), dtype) for shape in shapes]


def step_cases():
    rng = np.random.default_rng(81)
    layers, alike = [(3, 3, 2, 4), (4,), (36, 1), (1,)], [(3,), (3,)]
    return [
        Case([np.array([1.0, 2.0])], [np.array([-2.0, 0.5])], 0.1, note="one array"),
        Case(_random(rng, alike), _random(rng, alike), 0.5, note="two arrays of one shape"),
        Case(_random(rng, layers), _random(rng, layers), 0.01, note="kernel and bias of two layers"),
        Case([np.array([[1.0]])], [np.array([[0.0]])], 0.3, note="slope 0: nothing may move"),
        Case(_random(rng, alike, dtype=np.float32), _random(rng, alike, dtype=np.float32), 0.25, note="float32"),
    ]


def walk_cases():
    rng = np.random.default_rng(82)
    layers, alike = [(3, 3, 2, 4), (4,), (36, 1), (1,)], [(3,), (3,)]
    return [
        Case([np.array([0.0])], [[np.array([1.0])]] * 3, 0.1, 0.9, note="slope 1, three steps"),
        Case(_random(rng, alike), [_random(rng, alike) for _ in range(4)], 0.5, 0.875, note="two arrays of one shape"),
        Case(_random(rng, layers), [_random(rng, layers) for _ in range(5)], 0.01, 0.5,
             note="kernel and bias of two layers"),
        Case(_random(rng, alike), [_random(rng, alike) for _ in range(2)], 0.25, 0.0, note="no momentum"),
        Case(_random(rng, alike, dtype=np.float32), [_random(rng, alike, dtype=np.float32) for _ in range(3)], 0.25,
             0.75, note="float32"),
    ]  # fmt: skip


def keras_step(params, grads, learning_rate):
    return keras_walk(params, [grads], learning_rate, 0.0)


def keras_walk(params, many_grads, learning_rate, momentum):
    from course.quiet_tensorflow import keras

    weights = [keras.Variable(array, dtype=array.dtype.name) for array in params]
    optimizer = keras.optimizers.SGD(learning_rate, momentum)
    for grads in many_grads:
        optimizer.apply([keras.ops.convert_to_tensor(grad) for grad in grads], weights)
    return tuple(keras.ops.convert_to_numpy(weight) for weight in weights)


def _each(rule):
    """Return a mistaken step: `rule(w, g, rate)` for every array."""
    return lambda params, grads, rate: tuple(rule(w, g, rate) for w, g in zip(params, grads, strict=True))


STEP_MISTAKES = [
    *FAULTS,
    Mistake("The sign is turned: these steps go *with* the slope, uphill, and the loss grows. Subtract.",
            wrong=_each(lambda w, g, rate: w + rate * g)),
    Mistake("The learning rate is missing: the whole gradient was subtracted.", wrong=_each(lambda w, g, rate: w - g)),
    Mistake("The gradient is divided by the learning rate; it is multiplied.",
            wrong=_each(lambda w, g, rate: w - g / rate)),
    Mistake("The sign of the slope alone was used. A step of SGD is as long as the rate times the slope.",
            wrong=_each(lambda w, g, rate: w - rate * np.sign(g))),
    Mistake("The weights were replaced by the step. The step is added to what they were.",
            wrong=_each(lambda w, g, rate: -rate * g)),
    Mistake("Only the first array has moved. Every layer's kernel and bias is in the list: go through all of them.",
            wrong=lambda params, grads, rate: (params[0] - rate * grads[0], *params[1:])),
    Mistake("Only the last array has moved. Is the line that writes inside the loop?",
            wrong=lambda params, grads, rate: (*params[:-1], params[-1] - rate * grads[-1])),
    Mistake("The gradient of one array was used for all. Each has its own, in the same order: zip(params, grads).",
            wrong=lambda params, grads, rate: tuple(w - rate * grads[0] for w in params)),
]  # fmt: skip


def walk(rule):
    """Return a (mistaken) walk: `rule(w, v, g, rate, momentum) -> (w, v)`, with a velocity for each array."""
    def walked(params, many_grads, rate, momentum):
        weights, velocities = list(params), [np.zeros_like(w) for w in params]
        for grads in many_grads:
            pairs = [rule(*parts, rate, momentum) for parts in zip(weights, velocities, grads, strict=True)]
            weights, velocities = map(list, zip(*pairs, strict=True))
        return tuple(weights)
    return walked


def _shared(params, many_grads, rate, momentum):
    weights, v = [w.copy() for w in params], np.zeros_like(params[0])
    for grads in many_grads:
        for w, g in zip(weights, grads, strict=True):
            v *= momentum
            v -= rate * g
            w += v
    return tuple(weights)


def _heavy(w, v, g, rate, momentum):
    v = momentum * v - rate * g
    return w + v, v


def _ahead(w, v, g, rate, momentum):
    v = momentum * v - rate * g
    return w + momentum * v - rate * g, v


def _averaged(w, v, g, rate, momentum):
    v = momentum * v + (1 - momentum) * g
    return w - rate * v, v


def _uphill(w, v, g, rate, momentum):
    v = momentum * v + rate * g
    return w + v, v


def _late(w, v, g, rate, momentum):
    return w + v, momentum * v - rate * g


def _rate_on_all(w, v, g, rate, momentum):
    v = momentum * v - rate * g
    return w + rate * v, v


def _no_friction(w, v, g, rate, momentum):
    return w + v - rate * g, v - rate * g


def _no_rate(w, v, g, rate, momentum):
    v = momentum * v - g
    return w + v, v


WALK_MISTAKES = [
    *FAULTS,
    Mistake("One velocity is shared between the arrays: what the first has stored pushes the second. Each array needs "
            "its own zeros, in its own shape: `[np.zeros_like(w) for w in params]`. (`[zeros] * n` is one array, n "
            "times.)", wrong=_shared),
    Mistake("Nothing is remembered: every step is as long as without momentum. Make the velocities only once, while "
            "`self.velocities` is None, and write the new ones back: `v *= ...`, not `v = ...`.",
            wrong=walk(lambda w, v, g, rate, momentum: (w - rate * g, v))),
    Mistake("The sign is turned: the velocity grows *with* the slope, and the weights run uphill.",
            wrong=walk(_uphill)),
    Mistake("The slope is averaged, with a factor (1 - momentum). That is another form: the same rate gives steps that "
            "are shorter by that factor. Here the whole slope goes in: v = momentum v - rate g.",
            wrong=walk(_averaged)),
    Mistake("That is Nesterov's form, which looks one step ahead. Here the weight moves by the new velocity: w + v.",
            wrong=walk(_ahead)),
    Mistake("The weight moves by the old velocity. First the new velocity, then the step.", wrong=walk(_late)),
    Mistake("The rate stands twice: it is already inside the velocity, so the weight moves by v itself.",
            wrong=walk(_rate_on_all)),
    Mistake("The rate is missing: v = momentum v - rate g.", wrong=walk(_no_rate)),
    Mistake("The velocity never fades: the old one must be multiplied by the momentum.", wrong=walk(_no_friction)),
    Mistake("Only the first array has moved. Every layer's kernel and bias is in the list: go through all of them.",
            wrong=lambda params, many_grads, rate, momentum: (
                walk(_heavy)(params[:1], [grads[:1] for grads in many_grads], rate, momentum) + tuple(params[1:]))),
]  # fmt: skip
