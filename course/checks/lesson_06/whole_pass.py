"""What the checker of exercise 6.5 needs: blocks of conv -> ReLU -> max pooling, then flatten -> dense -> softmax.

Shapes: x (n, h, w, c); blocks, a list of pairs kernel (kh, kw, c, d) and bias (d,); weights (m, k) and bias (k,),
m = rows columns d behind the last block; shares (n, k).
"""

import numpy as np

from course.checks.compare import Case, Mistake
from course.nn import avg_pool2d, conv2d, max_pool2d, relu, sigmoid, softmax


def _random(n, h, w, *kernels, classes=2, scale=0.3, note="", dtype=float):
    rng = np.random.default_rng(68)
    x = rng.normal(size=(n, h, w, kernels[0][2])).astype(dtype)
    blocks = [(rng.normal(size=kernel).astype(dtype), rng.normal(size=kernel[3]).astype(dtype)) for kernel in kernels]
    for kh, kw, *_ in kernels:
        h, w = (h - kh + 1) // 2, (w - kw + 1) // 2
    weights, bias = (rng.normal(size=shape).astype(dtype) for shape in ((h * w * kernels[-1][3], classes), (classes,)))
    return Case(x, blocks, scale * weights, bias, note=note)


def cases():
    return [
        _random(3, 9, 8, (3, 3, 3, 4), note="three colour pictures, one block"),
        _random(2, 14, 12, (3, 3, 3, 4), (3, 3, 4, 2), note="two blocks"),
        _random(1, 8, 8, (3, 3, 3, 2), note="one picture"),
        _random(4, 7, 10, (3, 3, 1, 3), note="grey pictures; the maps have an odd side"),
        _random(2, 10, 7, (5, 2, 3, 1), note="kernels that are not square, one map"),
        _random(2, 6, 6, (3, 3, 2, 3), classes=3, note="three classes"),
        _random(5, 4, 4, (3, 3, 3, 2), note="after pooling one place is left"),
        _random(2, 24, 23, (3, 3, 1, 2), (3, 3, 2, 3), (2, 2, 3, 2), note="three blocks"),
        _random(3, 8, 9, (3, 3, 3, 4), scale=500, note="large weights, so large scores"),
        _random(2, 8, 8, (3, 3, 3, 4), dtype=np.float32, note="float32"),
    ]


def by_keras(x, blocks, weights, bias):
    from course.quiet_tensorflow import keras

    ops, maps = keras.ops, x.astype(float)
    for kernel, kernel_bias in blocks:
        maps = ops.conv(maps, kernel.astype(float), padding="valid", data_format="channels_last") + kernel_bias
        maps = ops.max_pool(ops.relu(maps), 2, 2, padding="valid", data_format="channels_last")
    scores = ops.matmul(ops.reshape(maps, (len(x), -1)), weights.astype(float)) + bias
    return ops.convert_to_numpy(ops.softmax(scores, axis=-1))


def _pass(x, blocks, weights, bias, conv=conv2d, bend=relu, pool=max_pool2d, flat=lambda maps: maps, line=True,
          end=softmax, add=1, dense_add=1):  # fmt: skip
    """Pass as asked, but with one part replaced: that is the mistake."""
    maps = x.astype(float)
    for kernel, kernel_bias in blocks:
        maps = pool(bend(conv(maps, kernel.astype(float)) + add * kernel_bias))
    maps = flat(maps)
    return end((maps.reshape(len(maps), -1) if line else maps) @ weights + dense_add * bias)


def _by(reason, **part):
    return Mistake(reason, lambda *inputs: _pass(*inputs, **part))


def _of(reason, change=lambda *inputs: inputs, after=lambda shares: shares):
    return Mistake(reason, lambda *inputs: after(_pass(*change(*inputs))))


ONE_COLUMN = "One column is missing: return the shares of all classes, shape (n, k)."
ONE_PICTURE = "One picture came back for a whole batch: is a [0] left over?"
ORDER = "The numbers are flattened in another order, {}. The weights expect that of reshape(n, -1): place by place."
MISTAKES = [
    _by("ReLU is missing. Without it, only pooling stands between the two layers.", bend=lambda maps: maps),
    _by("Here is a sigmoid where ReLU should be, after the convolution.", bend=sigmoid),
    _by("The maps lost their sign: abs is not ReLU. Negative answers become 0.", bend=np.abs),
    _by("This is average pooling. The largest of each 2 x 2 square was asked.", pool=lambda maps: avg_pool2d(maps)),
    _by("The bias of the convolution is missing: one number for each map.", add=0),
    _by("The bias of the dense layer is missing: one number for each class.", dense_add=0),
    _by("Both biases are missing.", add=0, dense_add=0),
    _by("The kernels are flipped: turned by half a turn. The library's conv2d does not turn them.",
        conv=lambda x, kernel: conv2d(x, kernel[::-1, ::-1])),
    _by(ORDER.format("map after map"),
        flat=lambda maps: np.moveaxis(maps, 3, 1)),
    _by(ORDER.format("columns before rows"),
        flat=lambda maps: maps.swapaxes(1, 2)),
    _by(ORDER.format("column-major (order=\"F\")"), line=False,
        flat=lambda maps: maps.reshape((len(maps), -1), order="F")),
    _by("softmax is missing: these are the scores. They may be negative and do not add up to 1.",
        end=lambda scores: scores),
    _by("softmax runs along the wrong axis: over the pictures instead of the classes. A patient's probability must not "
        "depend on who else is in the batch: axis=1.", end=lambda scores: softmax(scores, axis=0)),
    _by("All shares of the batch add up to 1. Each picture has shares of its own: axis=1.",
        end=lambda scores: softmax(scores.ravel()).reshape(scores.shape)),
    _by("The end is a sigmoid of each score. softmax was asked: the shares of a picture add up to 1.", end=sigmoid),
    _by("softmax is applied twice. Once is enough.", end=lambda scores: softmax(softmax(scores))),
    _by("ReLU is applied to the scores too. A negative score is an answer like any other: no ReLU before softmax.",
        end=lambda scores: softmax(relu(scores))),
    _by("exp overflows for large scores, and nan comes out. Use the stable softmax.",
        end=lambda scores: np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)),
    _by("Class numbers came back (argmax). Return the shares.", end=lambda scores: scores.argmax(axis=1)),
    _by("Pooling is missing, so the dense layer is handed four times as many numbers.", pool=lambda maps: maps),
    _by("The pooling window moves by one pixel; it should move by two.", pool=lambda maps: max_pool2d(maps, strides=1)),
    _by("The convolution pads the picture; it should stay inside (\"valid\").",
        conv=lambda x, kernel: conv2d(x, kernel, padding="same")),
    _by("Pooling keeps the odd last row or column; here it is dropped.",
        pool=lambda maps: max_pool2d(maps, padding="same")),
    _by("The whole batch is flattened into one line. Each picture keeps its own row: reshape(n, -1).", line=False,
        flat=lambda maps: maps.reshape(-1)),
    _by("Flatten is missing: the dense layer is handed maps. Each picture becomes one row.", line=False),
    _of("The weights are transposed: they lead from input i to neuron j, flat @ weights.",
        lambda x, blocks, weights, bias: (x, blocks, weights.T, bias)),
    _of("Only the first block is passed. Each further one reads what the one before has made.",
        lambda x, blocks, *dense: (x, blocks[:1], *dense)),
    _of("Only the last block is passed. Each reads what the one before has made.",
        lambda x, blocks, *dense: (x, blocks[-1:], *dense)),
    _of(ONE_PICTURE, after=lambda shares: shares[0]), _of(ONE_PICTURE, after=lambda shares: shares[:1]),
    *(_of(ONE_COLUMN, after=lambda shares, which=which: shares[:, which])
      for which in (0, 1, -1, slice(1), slice(1, None))),
]  # fmt: skip
