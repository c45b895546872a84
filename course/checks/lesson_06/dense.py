"""What the checker of exercise 6.1 needs: a dense layer on rows of numbers.

Shapes: x (n, m), n rows of m numbers; weights (m, k), from input i to neuron j; bias (k,).
"""

import numpy as np

from course.checks.compare import Case, mistakes
from course.checks.ways import both


def cases():
    rng = np.random.default_rng(61)
    grey, small = rng.integers(100, 256, (2, 4), dtype=np.uint8), rng.integers(1, 9, (4, 3), dtype=np.uint8)
    sizes = [(3, 3, 3), (4, 5, 3), (3, 4, 3), (1, 4, 2), (5, 3, 1), (2, 1, 4), (2, 50, 1), (1, 1, 1)]  # n, m, k
    single = [rng.normal(size=shape).astype(np.float32) for shape in ((3, 7), (7, 2), (2,))]
    return [
        *(Case(rng.normal(size=(n, m)), rng.normal(size=(m, k)), rng.normal(size=k)) for n, m, k in sizes),
        Case(*single, note="float32"),
        Case(grey, small, np.array([1, 0, 2]), note="pixels and weights uint8"),
        Case(grey, rng.normal(size=(4, 2)), rng.normal(size=2), note="pixels uint8, weights and bias with fractions"),
        Case(rng.normal(size=(2, 4)), small, np.array([1, 0, 2]), note="weights of whole numbers"),
    ]


def by_keras(x, weights, bias):
    from course.quiet_tensorflow import keras

    layer = keras.layers.Dense(weights.shape[1], dtype="float64")
    layer.build(x.shape)
    layer.set_weights([weights, bias])
    return keras.ops.convert_to_numpy(layer(x.astype(float)))


def _ones(x, weights, bias, note):
    return Case(np.ones(x), np.ones(weights), np.ones(bias), note=note)


BIAS = ("A bias of another shape than (k,) was accepted, and NumPy, left to itself, stretches such a bias. Compare "
        "bias.shape with (weights.shape[1],), and raise a ValueError.")
MISFITS = [
    (_ones((2, 3), (2, 3), 2, "weights (k, m): the wrong way round"),
     "These weights lie the wrong way round, (k, m) instead of (m, k), and were accepted: with k = m that would be "
     "silently wrong. Do not turn them back, raise a ValueError with both shapes."),
    *((_ones(*shapes, note), BIAS) for *shapes, note in [
        ((2, 3), (3, 4), 1, "one bias for four neurons"),
        ((1, 3), (3, 4), (4, 1), "the bias is a column"),
        ((4, 3), (3, 4), (4, 1), "the bias is a column; as many rows as neurons"),
        ((2, 3), (3, 1), 3, "three biases for one neuron")]),
]  # fmt: skip


def _refuses(condition):
    """Return a layer that refuses what fits."""
    def wrong(x, weights, bias):
        if condition(x, weights, bias):
            raise ValueError("as the learner's code refuses")
        return _plain(x, weights, bias)
    return wrong


def _plain(x, weights, bias):
    return x.astype(float) @ weights + bias


MISTAKES = mistakes(
    ("The weights are transposed: weights[i, j] leads from input i to neuron j, so a row of x meets a column of "
     "weights, x @ weights. With as many inputs as neurons no error tells you.",
     *both(lambda x, weights, bias: x @ weights.T + bias)),
    ("x is transposed: its columns are taken for rows. Each row of x is one picture.",
     *both(lambda x, weights, bias: x.T @ weights + bias)),
    ("The bias is added down the rows: picture 0 gets bias[0]. Each *neuron* has its bias, which belongs to a column.",
     *both(lambda x, weights, bias: x @ weights + bias[:, None])),
    ("The bias is missing.", *both(lambda x, weights, bias: x @ weights)),
    ("The bias is subtracted. Add it.", *both(lambda x, weights, bias: x @ weights - bias)),
    ("Every neuron gets the sum of all biases. Each has its own: + bias.",
     *both(lambda x, weights, bias: x @ weights + bias.sum())),
    ("The bias is added to every product, before the sum. It is added once, after it.",
     *both(lambda x, weights, bias: x @ weights + len(weights) * bias)),
    ("This multiplies number by number (*). Each neuron adds up the products of a whole row: @.",
     *both(lambda x, weights, bias: x * weights + bias)),
    ("This is the mean of the products. Their sum was asked.",
     *both(lambda x, weights, bias: x @ weights / len(weights) + bias)),
    ("Only the first row of x is used. Each row is a picture of its own.",
     lambda *inputs: np.repeat(_plain(*inputs)[:1], len(inputs[0]), axis=0)),
    ("Only one picture came back. There should be one row for each row of x: does `return` stand inside the loop?",
     lambda *inputs: _plain(*inputs)[0], lambda *inputs: _plain(*inputs)[:1]),
    ("Your code refuses what fits. Compare x.shape[1] with weights.shape[0], and bias.shape with (weights.shape[1],).",
     *map(_refuses, [lambda x, weights, bias: len(x) != len(weights),
                     lambda x, weights, bias: x.shape[1] != weights.shape[1],
                     lambda x, weights, bias: len(bias) != len(weights),
                     lambda x, weights, bias: len(bias) != len(x),
                     lambda x, weights, bias: x.shape != weights.shape])),
    ("The products are made in the pixels' number type, and whole numbers wrap around: in uint8, 200 * 2 gives 144. "
     "Floats first: x.astype(float).", lambda x, weights, bias: x @ weights + bias),
)  # fmt: skip
