"""Convolution alone: the loop of lesson 04, course.nn, SciPy, Keras and PyTorch.

First one grey picture and one kernel, where loop and SciPy take part; then a layer of a network, forward only.
"""

import sys

import numpy as np

from course.timing.paired import compare, serve, show

SETTINGS = {"picture": ((1, 150, 150, 1), 1), "layer": ((8, 72, 72, 32), 64)}  # pictures (n, h, w, c), filters


def data(setting):
    """Random pictures (n, h, w, c) and a kernel (3, 3, c, filters), float32."""
    shape, filters = SETTINGS[setting]
    rng = np.random.default_rng(0)
    return rng.random(shape, dtype=np.float32), rng.random((3, 3, shape[3], filters), dtype=np.float32)


def loop(setting):
    """Two Python loops over the places of one grey picture, nine products each."""
    x, kernel = data(setting)
    picture, window = x[0, :, :, 0], kernel[:, :, 0, 0]

    def run():
        out = np.empty((picture.shape[0] - 2, picture.shape[1] - 2), np.float32)
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] = (picture[i:i + 3, j:j + 3] * window).sum()
        return out

    return run


def numpy_conv(setting):
    """course.nn.conv2d."""
    from course.nn import conv2d

    x, kernel = data(setting)
    return lambda: conv2d(x, kernel)


def scipy_conv(setting):
    """scipy.signal.correlate2d; knows one channel only."""
    from scipy.signal import correlate2d

    x, kernel = data(setting)
    return lambda: correlate2d(x[0, :, :, 0], kernel[:, :, 0, 0], mode="valid")


def keras_conv(setting):
    """keras.ops.conv, compiled by tf.function as in a model."""
    from course.quiet_tensorflow import keras, tf

    x, kernel = map(tf.constant, data(setting))
    run = tf.function(lambda: keras.ops.conv(x, kernel))
    return lambda: run().numpy()


def torch_conv(setting):
    """torch.nn.functional.conv2d."""
    import torch

    x, kernel = (torch.from_numpy(array) for array in data(setting))
    x, kernel = x.permute(0, 3, 1, 2).contiguous(), kernel.permute(3, 2, 0, 1).contiguous()
    return lambda: torch.nn.functional.conv2d(x, kernel)


def repeated(make, times):
    """The same candidate, `times` calls in a row: short work is timed in bulk."""
    def ready(setting):
        run = make(setting)
        return lambda: [run() for _ in range(times)]

    return ready


TIMES = 20
MAKERS = {"loop": loop, "course.nn.conv2d": numpy_conv, "SciPy": scipy_conv, "Keras": keras_conv,
          "PyTorch": torch_conv}
CANDIDATES = {name: repeated(make, TIMES) for name, make in MAKERS.items()}


def measure(setting, rounds=9):
    """Return rows {name, seconds, ratio, peak_mb} of one convolution; the ratio is to Keras's."""
    names = [name for name in MAKERS if setting == "picture" or name not in ("loop", "SciPy")]
    rows = compare("course.timing.convolution", names, "Keras", (setting,), rounds)
    return [row | {"seconds": row["seconds"] and row["seconds"] / TIMES} for row in rows]


def main():
    """Print one table for each setting."""
    for setting, (shape, filters) in SETTINGS.items():
        show(f"3 x 3 convolution of {shape} with {filters} filters", measure(setting), "Keras")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--candidate"]:
        serve(CANDIDATES, sys.argv[2], sys.argv[3:])
    else:
        main()
