"""Checkers of lesson 08: training. Cases, references and classic mistakes stand in the modules beside."""

import inspect

from course.checks.compare import against_reference, require
from course.checks.core import NotYet, exercise
from course.checks.lesson_08 import adam, epochs, steps
from course.checks.lesson_08 import momentum as walks

TOLERANCE = {"rtol": 1e-5, "atol": 1e-8}  # Keras rounds its rates to float32


def _compared(*arguments, **settings):
    try:
        return against_reference(*arguments, **settings)
    except NotYet as problem:
        raise steps.without_leftovers(problem) from None


@exercise("8.1")
def sgd(answer):
    """One step of SGD, in place: params and grads, lists of arrays, and a rate; returns nothing."""
    sentence = _compared(
        steps.after_one_step(answer), steps.keras_step, steps.step_cases(), "keras.optimizers.SGD",
        steps.STEP_MISTAKES, **TOLERANCE,
    )  # fmt: skip
    return f"{sentence} Your steps are written into the very arrays that the network holds."


@exercise("8.2")
def train(answer):
    """The loop over epochs and batches: calls step(x_batch, y_batch), returns each epoch's mean loss per picture."""
    return epochs.judged(answer)


@exercise("8.3")
def momentum(answer):
    """A class Momentum(learning_rate, momentum) with update(params, grads), in place, a velocity for each array."""
    require(inspect.isclass(answer), "Hand over the class itself, without brackets: `check(\"8.3\", Momentum)`.")
    require(
        inspect.isfunction(getattr(answer, "update", None)),
        f"The class {answer.__name__} has no method `update(self, params, grads)`.",
    )
    return _compared(
        walks.after_walk(answer), steps.keras_walk, walks.walk_cases(), "keras.optimizers.SGD with momentum",
        walks.WALK_MISTAKES, **TOLERANCE,
    )  # fmt: skip


@exercise("8.4")
def adam_step(answer):
    """One step of Adam in Keras's form: (w, g, m, s, t, rate, beta_1, beta_2, epsilon) -> new (w, m, s)."""
    adam.require_new_arrays(answer)
    return against_reference(
        adam.after_steps(answer), adam.keras_walk, adam.cases(), "keras.optimizers.Adam", adam.MISTAKES,
        rtol=1e-5, atol=1e-6,
    )  # fmt: skip
