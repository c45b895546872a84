"""What the checker of exercise 6.4 needs: the number of weights of a network of blocks.

The network: for each number in `filters` a 3 x 3 convolution (valid) and a 2 x 2 max pooling; then Flatten, a dense
layer of `hidden` neurons, and a dense layer of one.
"""

import functools

from course.checks.compare import Case, mistakes


def cases():
    return [
        Case((12, 12, 3), [4], 5),
        Case((11, 9, 3), [4], 2, note="odd sides: pooling drops the last row and column"),
        Case((8, 20, 1), [6], 1, note="one channel, one hidden neuron"),
        Case((30, 46, 1), [3, 5], 4, note="two blocks"),
        Case((40, 33, 4), [7, 2, 6], 3, note="three blocks"),
        Case((5, 4, 3), [], 6, note="no block: the picture goes into the dense layers"),
        Case((150, 150, 3), [32, 64, 128, 128], 512, note="the classic network"),
    ]


def by_keras(shape, filters, hidden):
    return _counted(shape, tuple(filters), hidden)


@functools.cache
def _counted(shape, filters, hidden):
    from course.quiet_tensorflow import keras

    layers = keras.layers
    blocks = [layer for count in filters for layer in (layers.Conv2D(count, 3), layers.MaxPooling2D(2))]
    dense = [layers.Flatten(), layers.Dense(hidden), layers.Dense(1)]
    return keras.Sequential([keras.Input(shape), *blocks, *dense]).count_params()


def _count(shape, filters, hidden, side=lambda n: (n - 2) // 2, conv=lambda c, d, *places: 9 * c * d, conv_bias=1,
           flat=lambda h, w, c: h * w * c, dense_bias=1, last=1, last_bias=1):  # fmt: skip
    """Count as asked, but with one part replaced: that is the mistake."""
    (h, w, c), total, colours = shape, 0, shape[2]
    for d in filters:
        total += conv(c, d, h, w, colours) + conv_bias * d
        h, w, c = side(h), side(w), d
    return total + flat(h, w, c) * hidden + dense_bias * hidden + last * hidden + last_bias


def _by(**part):
    return functools.partial(_count, **part)


MISTAKES = mistakes(
    ("The biases are missing: one for each kernel, and one for each neuron.",
     _by(conv_bias=0, dense_bias=0, last_bias=0)),
    ("The biases of the convolutions are missing: one for each kernel.", _by(conv_bias=0)),
    ("hidden + 1 weights are missing. Either the last neuron is left out (a weight for each hidden neuron, and a "
     "bias), or the biases of both dense layers: by chance they are as many.", _by(last=0, last_bias=0)),
    ("The bias of the last neuron is missing.", _by(last_bias=0)),
    ("The biases of the hidden neurons are missing: one for each.", _by(dense_bias=0)),
    ("A kernel looks at all channels: 9 weights for *each* channel that goes in, not 9 in all.",
     _by(conv=lambda c, d, *places: 9 * d)),
    ("The channels that go into a convolution are the maps of the block before, not the colours of the picture.",
     _by(conv=lambda c, d, h, w, colours: 9 * colours * d)),
    ("The bias is counted for each channel that goes in. Each kernel has one bias, whatever it looks at.",
     _by(conv=lambda c, d, *places: (9 * c + c) * d, conv_bias=0)),
    ("The weights of a kernel are counted anew at every place. They are the same weights everywhere.",
     _by(conv=lambda c, d, h, w, colours: (9 * c * d + d) * (h - 2) * (w - 2), conv_bias=0)),
    ("Pooling is left out: it halves both sides, so Flatten hands on a quarter of the numbers.",
     _by(side=lambda n: n - 2)),
    ("The convolutions shrink the picture too: 3 x 3 without padding takes 2 away before the side is halved.",
     _by(side=lambda n: n // 2)),
    ("The side is halved before the convolution takes 2 away. The convolution comes first.",
     _by(side=lambda n: n // 2 - 2)),
    ("An odd last row is rounded up. Pooling drops it: // rounds down.", _by(side=lambda n: (n - 1) // 2)),
    ("/ leaves halves of pixels. Pooling drops an odd last row: // rounds down.", _by(side=lambda n: (n - 2) / 2)),
    ("Only the channels go into the dense layer. Flatten hands on every number of every map: h * w * c.",
     _by(flat=lambda h, w, c: c)),
    ("The channels are forgotten at Flatten: each map hands on h * w numbers.", _by(flat=lambda h, w, c: h * w)),
)  # fmt: skip
