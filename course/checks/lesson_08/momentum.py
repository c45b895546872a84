"""What the checker of exercise 8.3 needs: walks with momentum, right ones and mistaken ones."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.lesson_08.steps import FAULTS, arrays_after, drawn, dressed, nothing


def after_walk(optimizer):
    """Return walked(params, list of grads, rate, momentum) -> Arrays after one `update` for each grads."""

    def walked(params, many_grads, learning_rate, momentum):
        walker = optimizer(learning_rate, momentum)
        after = arrays_after(walker.update, params, many_grads)
        forgetful = walk(lambda w, v, g, rate, momentum: (w - rate * g, v))(params, many_grads, learning_rate, momentum)
        if momentum and _are_numbers(getattr(walker, "velocities", None)) and all(map(np.allclose, after, forgetful)):
            after = nothing("numbers")
        return after

    return dressed(walked, optimizer.update)


def _are_numbers(velocities):
    return isinstance(velocities, (list, tuple, np.ndarray)) and len(velocities) and all(
        np.ndim(velocity) == 0 for velocity in velocities)  # fmt: skip


def walk_cases():
    rng = np.random.default_rng(82)
    layers, alike = [(3, 3, 2, 4), (4,), (36, 1), (1,)], [(3,), (3,)]
    return [
        Case([np.array([0.0])], [[np.array([1.0])]] * 3, 0.1, 0.9, note="slope 1, three steps"),
        Case(drawn(rng, alike), [drawn(rng, alike) for _ in range(4)], 0.5, 0.875, note="two arrays of one shape"),
        Case(drawn(rng, layers), [drawn(rng, layers) for _ in range(5)], 0.01, 0.5,
             note="kernel and bias of two layers"),
        Case(drawn(rng, alike), [drawn(rng, alike) for _ in range(2)], 0.25, 0.0, note="no momentum"),
        Case(drawn(rng, alike, dtype=np.float32), [drawn(rng, alike, dtype=np.float32) for _ in range(3)], 0.25,
             0.75, note="float32"),
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


def _itself(w, v, g, rate, momentum):
    return 2 * (momentum * w - rate * g), v


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
    Mistake("The velocities *are* the weights: a list of the same arrays, so whatever is written into one is written "
            "into the other. Begin with zeros: `[np.zeros_like(w) for w in params]`.", wrong=walk(_itself)),
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
