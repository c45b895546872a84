"""What the checker of exercise 8.1 needs, and what that of 8.3 shares with it: steps written into arrays.

The learner's code returns nothing and changes arrays. It is wrapped in a function that hands over copies and returns
those copies afterwards, so that it can be compared like any other.
"""

import functools
import inspect

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet, fresh


class Arrays(tuple):
    """The arrays after the learner's step. `fault` says what else went wrong: "gradients", "numbers", "replaced", ...

    With the first two there is nothing to compare: the tuple is empty.
    """

    fault = None


def after_one_step(answer):
    """Return stepped(params, grads, rate) -> Arrays."""

    def stepped(params, grads, learning_rate):
        return arrays_after(lambda held, slopes: answer(held, slopes, learning_rate), params, [grads])

    return dressed(stepped, answer)


def dressed(wrapper, function):
    """Let errors be named by the learner's line, and the signature be the wrapper's."""
    if callable(function):
        wrapper.__signature__ = inspect.signature(wrapper)
        functools.update_wrapper(wrapper, function, assigned=("__name__",), updated=())
    return wrapper if callable(function) else function


def arrays_after(update, params, many_grads):
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
        after = nothing("gradients")
    elif still and any(new is not old for new, old in zip(held, arrays, strict=False)):
        after.fault = "replaced"
    elif still and returned is not None:
        after.fault = "returned"
    elif still:
        after.fault = "nothing"
    return after


def nothing(fault):
    after = Arrays()
    after.fault = fault
    return after


def without_leftovers(problem):
    """Return the NotYet without the lines on what came out, where there was nothing to compare."""
    if problem.reason in UNCOMPARED:
        return NotYet(problem.reason, problem.details[:1])
    return problem


def _fault(name):
    return lambda result, expected, *inputs: getattr(result, "fault", None) == name


FAULTS = [
    Mistake("Your code changed the gradients. They belong to the layers: `g *= ...` writes into them; "
            "`learning_rate * g` makes a new array.", when=_fault("gradients")),
    Mistake("Your velocities are single numbers, and `v *= ...` on a number makes a new one: zip hands out a copy, and "
            "nothing is remembered. Make an array for each array of weights: `np.zeros_like(w)`.",
            when=_fault("numbers")),
    Mistake("Your code puts new arrays into the list, and the network's own arrays stay as they were: the layers hold "
            "those. Write into them: `w -= ...` or `w[...] = ...`.", when=_fault("replaced")),
    Mistake("Your code returns new numbers, and the network's own arrays stay as they were. Write into them: "
            "`w -= ...` or `w[...] = ...`; nothing need be returned.", when=_fault("returned")),
    Mistake("The arrays have not changed. `w = w - ...` makes a new array and calls it w; the network's own array "
            "stays as it was. Write into it: `w -= ...` or `w[...] = ...`.", when=_fault("nothing")),
]  # fmt: skip


UNCOMPARED = [mistake.reason for mistake in FAULTS[:2]]


def drawn(rng, shapes, scale=1.0, dtype=float):
    return [np.asarray(rng.normal(scale=scale, size=shape), dtype) for shape in shapes]


def step_cases():
    rng = np.random.default_rng(81)
    layers, alike = [(3, 3, 2, 4), (4,), (36, 1), (1,)], [(3,), (3,)]
    return [
        Case([np.array([1.0, 2.0])], [np.array([-2.0, 0.5])], 0.1, note="one array"),
        Case(drawn(rng, alike), drawn(rng, alike), 0.5, note="two arrays of one shape"),
        Case(drawn(rng, layers), drawn(rng, layers), 0.01, note="kernel and bias of two layers"),
        Case([np.array([[1.0]])], [np.array([[0.0]])], 0.3, note="slope 0: nothing may move"),
        Case(drawn(rng, alike, dtype=np.float32), drawn(rng, alike, dtype=np.float32), 0.25, note="float32"),
    ]


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
