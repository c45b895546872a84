"""Lesson 08's network forward, weights the same for all: Python loops, course.nn, and Keras's ways to compute.

Keras runs eagerly (one layer after the other, called from Python), as a graph (`tf.function`; what `fit` and `predict`
do), as a graph compiled by XLA, and as a graph without oneDNN's operations. Pictures are copied to TensorFlow
beforehand.
"""

import json
import os
import subprocess
import sys

import numpy as np

from course.timing.network import PLANS, data, keras_model, layers
from course.timing.paired import compare, serve, show

MODULE, PLAN = "course.timing.forward", PLANS["lesson 08"]


def numpy_network():
    """course.nn's network, float32, weights from seed 0."""
    from course import nn

    network = nn.Sequential(layers(nn, PLAN), seed=0)
    network.build((None, PLAN.size, PLAN.size, 3))
    return network


def numpy_way(batch):
    """course.nn."""
    network, (x, _) = numpy_network(), data(batch, PLAN)
    return lambda: network.predict(x)


def loop(batch):
    """Loops of lessons 04 to 06 over places and kernels; NumPy adds up the products of one window."""
    weights, (x, _) = numpy_network().get_weights(), data(batch, PLAN)
    return lambda: np.array([_one_picture(picture, *weights) for picture in x])


def _one_picture(maps, *weights):
    *blocks, dense, dense_bias, last, last_bias = weights
    for kernel, bias in zip(blocks[::2], blocks[1::2], strict=True):
        maps = _pooled(np.maximum(_convolved(maps, kernel, bias), 0))
    hidden = np.maximum(maps.ravel() @ dense + dense_bias, 0)
    return 1 / (1 + np.exp(-(hidden @ last + last_bias)))


def _convolved(maps, kernel, bias):
    rows, columns = maps.shape[0] - 2, maps.shape[1] - 2
    out = np.empty((rows, columns, len(bias)), np.float32)
    for i in range(rows):
        for j in range(columns):
            for k in range(len(bias)):
                out[i, j, k] = (maps[i:i + 3, j:j + 3] * kernel[..., k]).sum() + bias[k]
    return out


def _pooled(maps):
    rows, columns = maps.shape[0] // 2, maps.shape[1] // 2
    out = np.empty((rows, columns, maps.shape[2]), np.float32)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = maps[2 * i:2 * i + 2, 2 * j:2 * j + 2].max(axis=(0, 1))
    return out


def keras_way(batch, mode="graph"):
    """Keras in one of its modes: "eager", "graph", "XLA"."""
    from course.quiet_tensorflow import tf

    x, run = tf.constant(data(batch, PLAN)[0]), in_mode(same_model(), mode)
    return lambda: run(x).numpy()


def same_model():
    """Keras's model with the weights of `numpy_network`."""
    model = keras_model(PLAN)
    model.set_weights(numpy_network().get_weights())
    return model


def in_mode(model, mode):
    """Return a function of a batch that calls the model in one of the modes "eager", "graph", "XLA"."""
    from course.quiet_tensorflow import tf

    def call(x):
        return model(x)

    return call if mode == "eager" else tf.function(call, jit_compile=mode == "XLA")


def without_onednn(batch):
    """Keras as a graph without oneDNN's own operations; products of matrices still use a piece of it.

    The variable must be set before TensorFlow is loaded.
    """
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    return keras_way(batch)


CANDIDATES = {
    "Keras, graph": keras_way,
    "Keras, eager": lambda batch: keras_way(batch, "eager"),
    "Keras, XLA": lambda batch: keras_way(batch, "XLA"),
    "Keras, no oneDNN operations": without_onednn,
    "course.nn": numpy_way,
    "Python loops": loop,
}


def measure(batch, rounds=9, candidates=tuple(CANDIDATES)):
    """Return rows {name, seconds, ratio, peak_mb} of one forward pass; the ratio is to Keras's graph."""
    return compare(MODULE, candidates, "Keras, graph", (batch,), rounds)


def answers(name, batch):
    """Return the probabilities (batch, 1) that a candidate, in a process of its own, gives."""
    command = [sys.executable, "-m", MODULE, "--answers", name, str(batch)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return np.array(json.loads(done.stdout), dtype=np.float32)


def main():
    """Print one table for a single picture and one, without the loops, for 32."""
    show("Forward, 1 picture of 64 x 64 x 3", measure(1), "Keras's graph")
    show("Forward, 32 pictures", measure(32, candidates=[name for name in CANDIDATES if name != "Python loops"]),
         "Keras's graph")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--candidate"]:
        serve(CANDIDATES, sys.argv[2], sys.argv[3:])
    elif sys.argv[1:2] == ["--answers"]:
        print(json.dumps(CANDIDATES[sys.argv[2]](sys.argv[3])().tolist()))
    else:
        main()
