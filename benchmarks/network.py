"""One training step of the classic four-block network, 150 x 150 x 3: course.nn against Keras and PyTorch.

Same layers, same pictures, Adam, binary cross-entropy. Keras is compiled and at its defaults. With the name of a batch
size or more (`python benchmarks/network.py 32`), only these are measured.
"""

import sys
from itertools import pairwise

import numpy as np
from _paired import compare, serve, show

FILTERS, HIDDEN, SIZE = (32, 64, 128, 128), 512, 150


def data(batch):
    """Random pictures (batch, 150, 150, 3) in [0, 1) and labels (batch, 1), float32."""
    rng = np.random.default_rng(0)
    return (rng.random((batch, SIZE, SIZE, 3), dtype=np.float32),
            rng.integers(0, 2, (batch, 1)).astype(np.float32))


def layers(kind):
    """The layers of the classic network, of course.nn or of keras.layers."""
    blocks = [(kind.Conv2D(filters, 3, activation="relu"), kind.MaxPooling2D()) for filters in FILTERS]
    return [layer for block in blocks for layer in block] + [
        kind.Flatten(), kind.Dense(HIDDEN, activation="relu"), kind.Dense(1, activation="sigmoid")]


def numpy_step(batch, fused):
    """course.nn, on all cores."""
    from course import nn

    x, y = data(int(batch))
    network = nn.Sequential(layers(nn), fused=fused)
    network.compile(nn.Adam(), nn.BinaryCrossentropy())
    return lambda: network.train_on_batch(x, y)


def keras_step(batch):
    """Keras on TensorFlow, compiled, with its defaults."""
    from course.quiet_tensorflow import keras

    x, y = data(int(batch))
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), *layers(keras.layers)])
    model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy")
    return lambda: model.train_on_batch(x, y)


def torch_step(batch):
    """PyTorch, eager, as its tutorials write it."""
    import torch
    from torch import nn

    x, y = (torch.from_numpy(array) for array in data(int(batch)))
    x = x.permute(0, 3, 1, 2).contiguous()
    widths = (3, *FILTERS)
    blocks = [part for a, b in pairwise(widths)
              for part in (nn.Conv2d(a, b, 3), nn.ReLU(), nn.MaxPool2d(2))]
    model = nn.Sequential(*blocks, nn.Flatten(), nn.Linear(7 * 7 * FILTERS[-1], HIDDEN), nn.ReLU(),
                          nn.Linear(HIDDEN, 1))
    optimizer, loss = torch.optim.Adam(model.parameters(), eps=1e-7), nn.BCEWithLogitsLoss()

    def step():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


CANDIDATES = {
    "Keras": keras_step,
    "course.nn, fused block": lambda batch: numpy_step(batch, True),
    "course.nn, plain layers": lambda batch: numpy_step(batch, False),
    "PyTorch": torch_step,
}


def measure(batch, rounds=9):
    """Return rows {name, seconds, ratio, peak_mb} of one training step at this batch size; the ratio is to Keras's."""
    return compare(__file__, CANDIDATES, "Keras", (batch,), rounds)


def main():
    """Print one table for each batch size."""
    for batch in [int(text) for text in sys.argv[1:]] or [32, 8]:
        show(f"One training step, {batch} pictures of {SIZE} x {SIZE} x 3", measure(batch), "Keras")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--candidate"]:
        serve(CANDIDATES, sys.argv[2], sys.argv[3:])
    else:
        main()
