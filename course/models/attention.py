"""Scaled dot-product attention: each query takes a mean of the values, weighted by how well it fits their keys."""

import numpy as np

from course.nn.activations import softmax


def attention(queries, keys, values):
    """Return (mixed, shares): shares = softmax(Q K^T / sqrt(d)) over the keys, mixed = shares V.

    queries (n, d), keys (m, d), values (m, c); shares (n, m), each row adds up to 1; mixed (n, c).
    (Vaswani and others, NeurIPS 2017.)
    """
    shares = softmax(queries @ keys.T / np.sqrt(keys.shape[-1]))
    return shares @ values, shares
