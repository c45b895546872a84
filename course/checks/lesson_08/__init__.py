"""Checkers of lesson 08: training. Cases, references and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference, require
from course.checks.core import exercise
from course.checks.lesson_08 import adam, epochs, steps

TOLERANCE = {"rtol": 1e-5, "atol": 1e-7}  # Keras rounds its rates to float32


@exercise("8.1")
def sgd(answer):
    """One step of SGD, in place: params and grads, lists of arrays, and a rate; returns nothing."""
    sentence = against_reference(steps.after_steps(answer), steps.keras_steps, steps.step_cases(),
                                 "keras.optimizers.SGD", steps.STEP_MISTAKES, **TOLERANCE)
    return f"{sentence} Your steps are written into the very arrays that the network holds."


@exercise("8.2")
def train(answer):
    """The loop over epochs and batches: calls step(x_batch, y_batch), returns each epoch's mean loss per picture."""
    sentence = against_reference(epochs.looped(answer), epochs.by_numpy, epochs.cases(), "NumPy's weighted average",
                                 epochs.MISTAKES)
    epochs.require_generator(answer)
    return f"{sentence} Every epoch shows every picture once, with its own label and in a new order."


@exercise("8.3")
def momentum(answer):
    """A class Momentum(learning_rate, momentum) with update(params, grads), in place, a velocity for each array."""
    require(callable(answer), "Hand over the class itself, without brackets: `check(\"8.3\", Momentum)`.")
    steps.require_own_memory(answer)
    return against_reference(steps.after_walk(answer), steps.keras_walk, steps.walk_cases(),
                             "keras.optimizers.SGD with momentum", steps.WALK_MISTAKES, **TOLERANCE)


@exercise("8.4")
def adam_step(answer):
    """One step of Adam in Keras's form: (w, g, m, s, t, rate, beta_1, beta_2, epsilon) -> new (w, m, s)."""
    return against_reference(answer, adam.by_keras, adam.cases(), "keras.optimizers.Adam", adam.MISTAKES,
                             rtol=1e-6, atol=1e-8)
