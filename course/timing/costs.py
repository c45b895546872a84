"""What a network costs, counted on paper: multiply-adds, weights and numbers moved, layer by layer.

Networks are described by a picture's shape (h, w, c) and a list of layers: ("conv", filters, kernel_size, strides),
("pool", size), ("flatten",), ("dense", units). Convolutions are square and "valid"; pooling drops what is left over.
"""

from typing import NamedTuple

import numpy as np


class Cost(NamedTuple):
    """One layer: its name, output shape, multiply-adds and numbers written for one picture, numbers of weights."""

    name: str
    shape: tuple
    macs: int
    weights: int
    numbers: int


def costs(shape, layers):
    """Return one Cost a layer. Numbers are those read and those written: input and output of one picture.

    A multiply-add (MAC) is one product added to a sum. Biases, activations and pooling's comparisons are none.
    """
    rows = []
    for kind, *settings in layers:
        before = shape
        macs, weights = 0, 0
        if kind == "conv":
            filters, size, strides = settings
            h, w, c = shape
            shape = ((h - size) // strides + 1, (w - size) // strides + 1, filters)
            weights = size * size * c * filters
            macs = shape[0] * shape[1] * weights
            weights += filters
        elif kind == "pool":
            size, (h, w, c) = settings[0], shape
            shape = (h // size, w // size, c)
        elif kind == "flatten":
            shape = (int(np.prod(shape)),)
        elif kind == "dense":
            macs, shape = shape[0] * settings[0], (settings[0],)
            weights = macs + settings[0]
        else:
            raise ValueError(f"unknown layer {kind!r}: conv, pool, flatten or dense")
        if min(shape) < 1:
            raise ValueError(f"maps of shape {before} are smaller than the {size} x {size} window of a {kind} layer")
        moved = 0 if kind == "flatten" else int(np.prod(before) + np.prod(shape))
        rows.append(Cost(kind, shape, macs, weights, moved))
    return rows


def blocks(filters, hidden, kernel_size=3):
    """Return the layers of a classic network: a block for each number in `filters`, then two dense layers."""
    layers = [layer for count in filters for layer in (("conv", count, kernel_size, 1), ("pool", 2))]
    return [*layers, ("flatten",), ("dense", hidden), ("dense", 1)]
