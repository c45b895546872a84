"""One training step of a whole network, pictures in, weights changed: course.nn against Keras and PyTorch.

Same layers, same pictures, Adam, binary cross-entropy. Keras is compiled and at its defaults. Two networks: the
classic one of lesson 14 and the small one of lesson 08.
"""

import sys
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from course.timing.paired import compare, serve, show

MODULE = "course.timing.network"


class Plan(NamedTuple):
    """Side of the square RGB pictures, kernels of each block (3 x 3, then 2 x 2 max pooling), hidden neurons."""

    size: int
    filters: tuple
    hidden: int


PLANS = {"classic": Plan(150, (32, 64, 128, 128), 512), "lesson 08": Plan(64, (8, 16, 32), 32)}


def data(batch, plan):
    """Random pictures (batch, size, size, 3) in [0, 1) and labels (batch, 1), float32."""
    rng = np.random.default_rng(0)
    return (rng.random((int(batch), plan.size, plan.size, 3), dtype=np.float32),
            rng.integers(0, 2, (int(batch), 1)).astype(np.float32))


def layers(kind, plan):
    """The layers of a network, of course.nn or of keras.layers."""
    blocks = [(kind.Conv2D(filters, 3, activation="relu"), kind.MaxPooling2D()) for filters in plan.filters]
    return [layer for block in blocks for layer in block] + [
        kind.Flatten(), kind.Dense(plan.hidden, activation="relu"), kind.Dense(1, activation="sigmoid")]


def numpy_step(batch, name, fused):
    """course.nn, on all cores."""
    from course import nn

    plan = PLANS[name]
    x, y = data(batch, plan)
    network = nn.Sequential(layers(nn, plan), fused=fused)
    network.compile(nn.Adam(), nn.BinaryCrossentropy())
    return lambda: network.train_on_batch(x, y)


def keras_model(plan):
    """The network in Keras, its weights drawn at random."""
    from course.quiet_tensorflow import keras

    made = layers(keras.layers, plan)
    for layer, name in zip(made, layer_names(plan), strict=True):
        layer.name = name
    return keras.Sequential([keras.Input((plan.size, plan.size, 3)), *made])


def layer_names(plan):
    """Return "conv a", "pool a", "conv b" and so on, with "_" for the space, as Keras wants it."""
    letters = "abcdefgh"[:len(plan.filters)]
    return [f"{kind}_{letter}" for letter in letters for kind in ("conv", "pool")] + ["flatten", "hidden", "last"]


def keras_step(batch, name):
    """Keras on TensorFlow, compiled, with its defaults."""
    from course.quiet_tensorflow import keras

    plan = PLANS[name]
    x, y = data(batch, plan)
    model = keras_model(plan)
    model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy")
    return lambda: model.train_on_batch(x, y)


def torch_step(batch, name):
    """PyTorch, eager, as its tutorials write it."""
    import torch
    from torch import nn

    plan = PLANS[name]
    x, y = (torch.from_numpy(array) for array in data(batch, plan))
    x = x.permute(0, 3, 1, 2).contiguous()
    blocks = [part for a, b in pairwise((3, *plan.filters))
              for part in (nn.Conv2d(a, b, 3), nn.ReLU(), nn.MaxPool2d(2))]
    model = nn.Sequential(*blocks, nn.Flatten(), nn.LazyLinear(plan.hidden), nn.ReLU(), nn.Linear(plan.hidden, 1))
    model(x)  # the lazy layer learns its number of inputs
    optimizer, loss = torch.optim.Adam(model.parameters(), eps=1e-7), nn.BCEWithLogitsLoss()

    def step():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


CANDIDATES = {
    "Keras": keras_step,
    "course.nn, fused block": lambda batch, name: numpy_step(batch, name, True),
    "course.nn, plain layers": lambda batch, name: numpy_step(batch, name, False),
    "PyTorch": torch_step,
}


def measure(batch, name="classic", rounds=9, candidates=tuple(CANDIDATES)):
    """Return rows {name, seconds, ratio, peak_mb} of one training step at this batch size; the ratio is to Keras's."""
    return compare(MODULE, candidates, "Keras", (batch, name), rounds)


def main():
    """Print the classic network's table for each batch size of the command line (else 32, 8), then lesson 08's."""
    batches = [int(text) for text in sys.argv[1:]]
    for batch in batches or [32, 8]:
        show(f"One training step, {batch} pictures of 150 x 150 x 3", measure(batch), "Keras")
    if not batches:
        show("One training step of lesson 08's network, 32 pictures of 64 x 64 x 3", measure(32, "lesson 08"), "Keras")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--candidate"]:
        serve(CANDIDATES, sys.argv[2], sys.argv[3:])
    else:
        main()
