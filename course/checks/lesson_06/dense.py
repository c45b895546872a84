"""What the checker of exercise 6.1 needs: a dense layer on rows of numbers.

Shapes: x (n, m), n rows of m numbers; weights (m, k), from input i to neuron j; bias (k,).
"""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet, refused


def _random(n, m, k, note="", seed=61):
    rng = np.random.default_rng(seed)
    return Case(rng.normal(size=(n, m)), rng.normal(size=(m, k)), rng.normal(size=k), note=note)


def cases():
    rng = np.random.default_rng(62)
    grey, small = rng.integers(100, 256, (2, 4), dtype=np.uint8), rng.integers(1, 9, (4, 3), dtype=np.uint8)
    single = [rng.normal(size=shape).astype(np.float32) for shape in ((3, 7), (7, 2), (2,))]
    return [
        _random(3, 3, 3, note="as many rows as inputs as neurons: here a mix-up raises no error"),
        _random(4, 5, 3),
        _random(3, 4, 3, note="as many rows as neurons"),
        _random(1, 4, 2, note="one row"),
        _random(5, 3, 1, note="one neuron"),
        _random(2, 1, 4, note="one input"),
        _random(2, 50, 1, note="fifty inputs"),
        Case(*single, note="float32"),
        Case(grey, small, np.array([1, 0, 2]), note="pixels and weights uint8"),
    ]


def by_keras(x, weights, bias):
    from course.quiet_tensorflow import keras

    layer = keras.layers.Dense(weights.shape[1], dtype="float64")
    layer.build(x.shape)
    layer.set_weights([weights, bias])
    return keras.ops.convert_to_numpy(layer(x.astype(float)))


class Stops(Exception):
    """A mistaken answer that stops here. No learner's error is of this kind, so none is taken for this mistake."""


def mistake(reason, wrong):
    """Return the Mistake, told by its numbers alone: where it stops with an error, it counts for nothing.

    The first case has equal numbers of everything, so that a mix-up of axes gives numbers there.
    """
    def told_by_numbers(*inputs):
        try:
            return wrong(*inputs)
        except ValueError as error:
            raise Stops from error
    return Mistake(reason, wrong=told_by_numbers)


def _plain(x, weights, bias):
    return x.astype(float) @ weights + bias


def _first_row_for_all(x, weights, bias):
    return np.repeat(_plain(x[:1], weights, bias), len(x), axis=0)


STRETCHED = "The bias does not fit the neurons, and no error came: NumPy stretched it (broadcasting). "
MISFITS = [
    (Case(np.ones((2, 3)), np.ones((2, 3)), np.ones(2), note="weights (k, m): the wrong way round"),
     "These weights lie the wrong way round, (k, m) instead of (m, k), and were accepted. Turned weights are silently "
     "wrong as soon as k = m: do not turn them back, raise a ValueError with both shapes."),
    (Case(np.ones((2, 3)), np.ones((3, 4)), np.ones(1), note="one bias for four neurons"),
     STRETCHED + "One number was given to four neurons. Compare bias.shape with (k,), and raise a ValueError."),
    (Case(np.ones((1, 3)), np.ones((3, 4)), np.ones((4, 1)), note="the bias is a column"),
     STRETCHED + "A bias that is a column makes four rows of one picture. Compare bias.shape with (k,), and raise a "
     "ValueError."),
]

MISTAKES = [
    mistake("The weights are transposed. weights[i, j] leads from input i to neuron j, so a row of x meets a column of "
            "weights: x @ weights. With as many inputs as neurons no error tells you.",
            wrong=lambda x, weights, bias: x.astype(float) @ weights.T + bias),
    mistake("x is transposed: its columns are taken for rows. Each row of x is one picture.",
            wrong=lambda x, weights, bias: x.astype(float).T @ weights + bias),
    mistake("The result is turned: each picture must keep its row, and each neuron has a column.",
            wrong=lambda x, weights, bias: _plain(x, weights, bias).T),
    mistake("The bias is added down the rows: picture 0 gets bias[0], picture 1 gets bias[1]. Each *neuron* has its "
            "bias, so it belongs to the columns: + bias.",
            wrong=lambda x, weights, bias: x.astype(float) @ weights + bias[:, None]),
    mistake("The bias is missing.", wrong=lambda x, weights, bias: x.astype(float) @ weights),
    mistake("The bias is subtracted. Add it.", wrong=lambda x, weights, bias: x.astype(float) @ weights - bias),
    mistake("Every neuron gets the sum of all biases. Each has its own: + bias.",
            wrong=lambda x, weights, bias: x.astype(float) @ weights + bias.sum()),
    mistake("The bias is added to every product, before the sum. It is added once, after it.",
            wrong=lambda x, weights, bias: x.astype(float) @ weights + len(weights) * bias),
    mistake("This multiplies number by number (*). Each neuron adds up the products of a whole row: @.",
            wrong=lambda x, weights, bias: x.astype(float) * weights + bias),
    mistake("This is the mean of the products. Their sum was asked.",
            wrong=lambda x, weights, bias: x.astype(float) @ weights / len(weights) + bias),
    mistake("Negative answers have become 0. No activation was asked here; it comes later.",
            wrong=lambda x, weights, bias: np.maximum(_plain(x, weights, bias), 0)),
    mistake("Only the first row of x is used. Each row is a picture of its own.", wrong=_first_row_for_all),
    Mistake("Only one picture came back. There should be one row for each row of x: does `return` stand inside the "
            "loop?",
            when=lambda result, expected, x, weights, bias:
                np.shape(result) in (expected.shape[1:], (1, *expected.shape[1:])) != expected.shape),
    Mistake("The numbers stand in one flat line. Each picture needs a row of its own: shape (n, k).",
            when=lambda result, expected, *inputs: np.shape(result) == (expected.size,) and len(expected) > 1),
    mistake("The products are made in the pixels' number type, and whole numbers wrap around: in uint8, 200 * 2 gives "
            "144. Floats first: x.astype(float).",
            wrong=lambda x, weights, bias: x @ weights + bias),
]  # fmt: skip


def explained(problem, answer):
    """Return the NotYet, with a better reason where the learner's code refused what fits."""
    if not (problem.reason.startswith("Your code stopped") and refused(answer, problem.error)):
        return problem
    m, k = problem.case.args[1].shape
    reason = (f"These fit: x has {m} columns, weights {m} rows, and the bias as many numbers as weights has columns, "
              f"{k}. Your code refused them. Compare x.shape[1] with weights.shape[0], and bias.shape with "
              "(weights.shape[1],).")
    return NotYet(reason, [*problem.details, ("came out", problem.reason)], problem.error, problem.case)
