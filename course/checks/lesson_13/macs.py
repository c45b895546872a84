"""What the checker of exercise 13.3 needs: multiply-adds of each layer, and a way to let Keras count them.

Where all inputs and all weights are 1 and there is no bias, each output *is* the number of products added up in it; the
sum of a layer's outputs is its number of multiply-adds. The layers' names and settings: see `course.timing.costs`.
"""

import functools

import numpy as np

from course.checks.compare import Case, mistakes

NET = (("conv", 8, 3, 1), ("pool", 2), ("conv", 16, 3, 1), ("pool", 2), ("flatten",), ("dense", 32), ("dense", 1))


def cases():
    return [
        Case((5, 5, 1), [("conv", 2, 3, 1)], note="one layer"),
        Case((8, 8, 3), [("conv", 4, 3, 1), ("pool", 2), ("flatten",), ("dense", 5)]),
        Case((17, 12, 3), list(NET), note="odd sides, and not square"),
        Case((20, 15, 2), [("conv", 3, 5, 2), ("conv", 4, 3, 1), ("flatten",), ("dense", 1)], note="a stride of 2"),
        Case((23, 23, 1), [("conv", 3, 1, 1), ("pool", 3), ("conv", 7, 3, 3)], note="pooling by 3, a stride of 3"),
        Case((9, 14, 2), [("pool", 4), ("conv", 5, 1, 2), ("conv", 2, 1, 3), ("pool", 1), ("flatten",), ("dense", 3)],
             note="pooling first, strides larger than the kernel, maps of one place"),
        Case((6, 4, 3), [("flatten",), ("dense", 10), ("dense", 2)], note="no convolution"),
        Case((64, 64, 3), [*NET[:4], ("conv", 32, 3, 1), *NET[3:]], note="lesson 08's network"),
    ]  # fmt: skip


def by_keras(shape, layers):
    """The sum of every layer's outputs when all its inputs and weights are 1; 0 for layers without weights."""
    return list(_counted(tuple(shape), tuple(layers)))


@functools.cache
def _counted(shape, layers):
    from course.quiet_tensorflow import keras

    counts, x = [], keras.ops.ones((1, *shape), dtype="float64")
    for kind, *settings in layers:
        x = _layer(keras.layers, kind, settings)(keras.ops.ones_like(x))
        counts.append(int(keras.ops.sum(x)) if kind in ("conv", "dense") else 0)
    return tuple(counts)


def _layer(kinds, kind, settings):
    ones = {"kernel_initializer": "ones", "use_bias": False, "dtype": "float64"}
    if kind == "conv":
        filters, size, strides = settings
        return kinds.Conv2D(filters, size, strides=strides, **ones)
    if kind == "dense":
        return kinds.Dense(settings[0], **ones)
    return kinds.MaxPooling2D(settings[0], dtype="float64") if kind == "pool" else kinds.Flatten(dtype="float64")


def _count(size=lambda n, k, s: (n - k) // s + 1, pool=lambda n, p: n // p, conv=lambda k, c, d: k * k * c * d,
           dense=lambda m, units: m * units, places=lambda old, new: new[0] * new[1], channels=lambda c, d: d,
           flat=lambda h, w, c: h * w * c, pooling=lambda h, w, c, p: 0, start=lambda shape: shape,
           then=lambda counts, layers: counts):  # fmt: skip
    """Count as asked, but with one part replaced: that is the mistake."""
    def counted(shape, layers):
        shape, counts = start(shape), []
        for kind, *settings in layers:
            count = 0
            if kind == "conv":
                (*old, c), (d, k, s) = shape, settings
                shape = (*(size(n, k, s) for n in old), channels(c, d))
                count = places(old, shape) * conv(k, c, d)
            elif kind == "pool":
                shape = (*(pool(n, *settings) for n in shape[:2]), shape[2])
                count = pooling(*shape, *settings)
            elif kind == "flatten":
                shape = (flat(*shape),)
            else:
                count, shape = dense(shape[0], *settings), settings
            counts.append(count)
        return then(counts, layers)
    return counted


def _biased(k, c, d):
    return (k * k * c + 1) * d


def _dense_biased(m, units):
    return (m + 1) * units


MISTAKES = mistakes(
    ("Each kernel is laid on every place of its *input*. It has a place only where all of it fits: count the places of "
     "the output.", _count(places=lambda old, new: old[0] * old[1])),
    ("The maps keep their size here. Without padding a k x k kernel takes k - 1 rows and columns away, and the next "
     "layers see the smaller map.", _count(size=lambda n, k, s: -(-n // s))),
    ("The stride is forgotten: with strides s the kernel is laid on every s-th place only.",
     _count(size=lambda n, k, s: n - k + 1)),
    ("The size is (n - k) // s + 1: first divide, then add 1 for the first place.",
     _count(size=lambda n, k, s: (n - k + 1) // s)),
    ("The 1 is forgotten: (n - k) // s steps are walked from the first place, which counts too.",
     _count(size=lambda n, k, s: (n - k) // s)),
    ("Pooling is forgotten: it costs no multiply-adds, but the next layer sees fewer places.",
     _count(pool=lambda n, p: n)),
    ("Pooling always halves in your answer. Its window is in the list: divide the sides by that.",
     _count(pool=lambda n, p: n // 2)),
    ("Pooling drops what does not fill a window: // rounds down.", _count(pool=lambda n, p: -(-n // p))),
    ("Is the map square? Pictures need not be: height and width are worked out apart, and multiplied.",
     _count(places=lambda old, new: new[0] ** 2), _count(places=lambda old, new: new[1] ** 2),
     _count(start=lambda shape: (shape[0], *shape[::2])), _count(start=lambda shape: (shape[1], *shape[1:]))),
    ("The additions of the biases are counted. They are additions without a product; a multiply-add is one product "
     "added to a sum.", _count(conv=_biased, dense=_dense_biased)),
    ("The additions of the dense layers' biases are counted. They are no multiply-adds.", _count(dense=_dense_biased)),
    ("The additions of the convolutions' biases are counted. They are no multiply-adds.", _count(conv=_biased)),
    ("The input's channels are forgotten: a kernel reaches through all of them.",
     _count(conv=lambda k, c, d: k * k * d)),
    ("The kernels' number is forgotten: each of them makes a map of its own.", _count(conv=lambda k, c, d: k * k * c)),
    ("A kernel of side k has k * k numbers in every channel, not k.", _count(conv=lambda k, c, d: k * c * d)),
    ("The number of kernels stands in for the input's channels. Is the shape overwritten before its c is used?",
     _count(conv=lambda k, c, d: k * k * d * d)),
    ("Each layer is taken to see as many channels as the picture has. A convolution with d kernels hands on d maps.",
     _count(channels=lambda c, d: c)),
    ("Flatten hands on all numbers, height times width times channels. The channels are forgotten.",
     _count(flat=lambda h, w, c: h * w)),
    ("These are the convolutions' weights. Each weight is used again at every place of the output.",
     _count(places=lambda old, new: 1)),
    ("These are the numbers of weights, biases included. A convolution uses each of its weights at every place.",
     _count(places=lambda old, new: 1, conv=_biased, dense=_dense_biased)),
    ("This is twice the number: product and addition counted each (FLOPs). One multiply-add is both together.",
     _count(then=lambda counts, layers: [2 * count for count in counts])),
    ("Pooling is counted with its comparisons. It multiplies nothing: 0.",
     _count(pooling=lambda h, w, c, p: h * w * c * p * p)),
    ("These are running totals. One number for each layer alone was asked.",
     _count(then=lambda counts, layers: np.cumsum(counts).tolist())),
    ("Some layers are missing. Pooling and Flatten have their place in the list, with 0.",
     _count(then=lambda counts, layers: [count for count in counts if count])),
)  # fmt: skip
