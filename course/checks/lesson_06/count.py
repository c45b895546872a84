"""What the checker of exercise 6.4 needs: the number of weights of a network of blocks.

The network: for each number in `filters` a 3 x 3 convolution (valid) and a 2 x 2 max pooling; then Flatten, a dense
layer of `hidden` neurons, and a dense layer of one.
"""

import functools

from course.checks.compare import Case, Mistake


def cases():
    return [
        Case((12, 12, 3), (4,), 5),
        Case((11, 9, 3), (4,), 2, note="odd sides: pooling drops the last row and column"),
        Case((8, 20, 1), (6,), 1, note="one channel, one hidden neuron"),
        Case((30, 46, 1), (3, 5), 4, note="two blocks"),
        Case((40, 33, 4), (7, 2, 6), 3, note="three blocks"),
        Case((5, 4, 3), (), 6, note="no block: the picture goes into the dense layers"),
        Case((150, 150, 3), (32, 64, 128, 128), 512, note="the classic network"),
    ]


@functools.cache
def by_keras(shape, filters, hidden):
    from course.quiet_tensorflow import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input(shape)])
    for count in filters:
        model.add(layers.Conv2D(count, 3))
        model.add(layers.MaxPooling2D(2))
    for layer in (layers.Flatten(), layers.Dense(hidden), layers.Dense(1)):
        model.add(layer)
    return model.count_params()


def _halved(n):
    return (n - 2) // 2


def _count(shape, filters, hidden, side=_halved, conv_bias=1, dense_bias=1, last_bias=1, conv=None, flat=None,
           last=True):
    """Count as asked, but with one part replaced: that is the mistake."""
    (h, w, c), total, first = shape, 0, shape[2]
    for d in filters:
        total += conv(c, d, first, h, w) if conv else 9 * c * d + conv_bias * d
        h, w, c = side(h), side(w), d
    inputs = flat(h, w, c) if flat else h * w * c
    return total + inputs * hidden + dense_bias * hidden + (hidden + last_bias if last else 0)


def _wrong(**part):
    return functools.partial(_count, **part)


MISTAKES = [
    Mistake("The biases are missing: one for each kernel, and one for each neuron.",
            wrong=_wrong(conv_bias=0, dense_bias=0, last_bias=0)),
    Mistake("The biases of the convolutions are missing: one for each kernel.", wrong=_wrong(conv_bias=0)),
    Mistake("hidden + 1 weights are missing. Either the last neuron is left out (a weight for each hidden neuron, and "
            "a bias), or the biases of both dense layers (one for each neuron): by chance they are as many.",
            wrong=_wrong(last=False)),
    Mistake("The bias of the last neuron is missing.", wrong=_wrong(last_bias=0)),
    Mistake("The biases of the hidden neurons are missing: one for each.", wrong=_wrong(dense_bias=0)),
    Mistake("A kernel looks at all channels: 9 weights for *each* channel that goes in, not 9 in all.",
            wrong=_wrong(conv=lambda c, d, first, h, w: 9 * d + d)),
    Mistake("The channels that go into a convolution are the maps of the block before, not the colours of the picture.",
            wrong=_wrong(conv=lambda c, d, first, h, w: 9 * first * d + d)),
    Mistake("The bias is counted for each channel that goes in. Each kernel has one bias, whatever it looks at.",
            wrong=_wrong(conv=lambda c, d, first, h, w: (9 * c + c) * d)),
    Mistake("The weights of a kernel are counted anew at every place. They are the same weights everywhere.",
            wrong=_wrong(conv=lambda c, d, first, h, w: (9 * c * d + d) * (h - 2) * (w - 2))),
    Mistake("Pooling is left out: it halves both sides, so Flatten hands on a quarter of the numbers.",
            wrong=_wrong(side=lambda n: n - 2)),
    Mistake("The convolutions shrink the picture too: 3 x 3 without padding takes 2 away before the side is halved.",
            wrong=_wrong(side=lambda n: n // 2)),
    Mistake("The side is halved before the convolution takes 2 away. The convolution comes first.",
            wrong=_wrong(side=lambda n: n // 2 - 2)),
    Mistake("An odd last row is rounded up. Pooling drops it: // rounds down.",
            wrong=_wrong(side=lambda n: (n - 1) // 2)),
    Mistake("/ leaves halves of pixels. Pooling drops an odd last row: // rounds down.",
            wrong=_wrong(side=lambda n: (n - 2) / 2)),
    Mistake("Only the channels go into the dense layer. Flatten hands on every number of every map: h * w * c.",
            wrong=_wrong(flat=lambda h, w, c: c)),
    Mistake("The channels are forgotten at Flatten: it hands on h * w numbers of *each* map.",
            wrong=_wrong(flat=lambda h, w, c: h * w)),
]  # fmt: skip
