"""What the checker of exercise 13.3 needs: multiply-adds of each layer, and a way to let Keras count them.

Where all inputs and all weights are 1 and there is no bias, each output *is* the number of products added up in it; the
sum of a layer's outputs is its number of multiply-adds. The layers' names and settings: see `course.timing.costs`.
"""

import functools

import numpy as np

from course.checks.compare import Case, Mistake

NET = (("conv", 8, 3, 1), ("pool", 2), ("conv", 16, 3, 1), ("pool", 2), ("flatten",), ("dense", 32), ("dense", 1))


def cases():
    return [
        Case((5, 5, 1), [("conv", 2, 3, 1)], note="one layer"),
        Case((8, 8, 3), [("conv", 4, 3, 1), ("pool", 2), ("flatten",), ("dense", 5)]),
        Case((17, 12, 3), list(NET), note="odd sides, and not square"),
        Case((20, 15, 2), [("conv", 3, 5, 2), ("conv", 4, 3, 1), ("flatten",), ("dense", 1)], note="a stride of 2"),
        Case((23, 23, 1), [("conv", 3, 1, 1), ("pool", 3), ("conv", 7, 3, 3)], note="pooling by 3, a stride of 3"),
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
        layer = _layer(keras.layers, kind, settings)
        out = layer(keras.ops.ones_like(x))
        weighs = kind in ("conv", "dense")
        counts.append(int(keras.ops.convert_to_numpy(keras.ops.sum(out))) if weighs else 0)
        x = out
    return tuple(counts)


def _layer(kinds, kind, settings):
    ones = {"kernel_initializer": "ones", "use_bias": False, "dtype": "float64"}
    if kind == "conv":
        filters, size, strides = settings
        return kinds.Conv2D(filters, size, strides=strides, **ones)
    if kind == "dense":
        return kinds.Dense(settings[0], **ones)
    return kinds.MaxPooling2D(settings[0], dtype="float64") if kind == "pool" else kinds.Flatten(dtype="float64")


def _count(shape, layers, size=lambda n, k, s: (n - k) // s + 1, pool=lambda n, p: n // p, conv=None, dense=None,
           places=None):
    """Count as asked, but with one part replaced: that is the mistake. conv(k, c, d), dense(m, units)."""
    conv, dense = conv or (lambda k, c, d: k * k * c * d), dense or (lambda m, units: m * units)
    counts = []
    for kind, *settings in layers:
        count = 0
        if kind == "conv":
            (h, w, c), (d, k, s) = shape, settings
            shape = (size(h, k, s), size(w, k, s), d)
            count = (places(h, w, *shape[:2]) if places else shape[0] * shape[1]) * conv(k, c, d)
        elif kind == "pool":
            shape = (pool(shape[0], settings[0]), pool(shape[1], settings[0]), shape[2])
        elif kind == "flatten":
            shape = (int(np.prod(shape)),)
        else:
            count, shape = dense(shape[0], settings[0]), (settings[0],)
        counts.append(count)
    return counts


def _wrong(reason, **part):
    return Mistake(reason, wrong=functools.partial(_count, **part))


def _with_pooling(shape, layers):
    counts, sizes = _count(shape, layers), []
    for kind, *settings in layers:
        sizes.append(shape)
        if kind == "conv":
            shape = (*((n - settings[1]) // settings[2] + 1 for n in shape[:2]), settings[0])
        elif kind == "pool":
            shape = (shape[0] // settings[0], shape[1] // settings[0], shape[2])
    return [int(np.prod([n // layer[1] * layer[1] for n in size[:2]]) * size[2]) if layer[0] == "pool" else count
            for count, size, layer in zip(counts, sizes, layers, strict=True)]


def _total(shape, layers):
    return sum(_count(shape, layers))


def _running(shape, layers):
    return np.cumsum(_count(shape, layers)).tolist()


def _weighing_only(shape, layers):
    return [count for count, layer in zip(_count(shape, layers), layers, strict=True) if layer[0] in ("conv", "dense")]


SQUARE = "Is the map square? Pictures need not be: height and width are worked out apart, and multiplied."
MISTAKES = [
    _wrong("Each kernel is laid on every place of its *input*. It has a place only where all of it fits: count the "
           "places of the output.", places=lambda h, w, rows, columns: h * w),
    _wrong("The maps keep their size here. Without padding a k x k kernel takes k - 1 rows and columns away, and the "
           "next layers see the smaller map.", size=lambda n, k, s: -(-n // s)),
    _wrong("The stride is forgotten: with strides s the kernel is laid on every s-th place only.",
           size=lambda n, k, s: n - k + 1),
    _wrong("Pooling is forgotten: it costs no multiply-adds, but the next layer sees a map of half the side, a quarter "
           "of the places.", pool=lambda n, p: n),
    _wrong("Pooling drops what does not fill a window: // rounds down.", pool=lambda n, p: -(-n // p)),
    _wrong(SQUARE, places=lambda h, w, rows, columns: rows * rows),
    _wrong(SQUARE, places=lambda h, w, rows, columns: columns * columns),
    Mistake(SQUARE, wrong=lambda shape, layers: _count((shape[0], shape[0], *shape[2:]), layers)),
    Mistake(SQUARE, wrong=lambda shape, layers: _count((shape[1], shape[1], *shape[2:]), layers)),
    Mistake("The additions of the biases are counted. They are additions without a product; a multiply-add is one "
            "product added to a sum.", wrong=functools.partial(_count, conv=lambda k, c, d: (k * k * c + 1) * d,
                                                               dense=lambda m, units: (m + 1) * units)),
    _wrong("The additions of the dense layers' biases are counted. They are no multiply-adds.",
           dense=lambda m, units: (m + 1) * units),
    _wrong("The additions of the convolutions' biases are counted. They are no multiply-adds.",
           conv=lambda k, c, d: (k * k * c + 1) * d),
    _wrong("The input's channels are forgotten: a kernel reaches through all of them.", conv=lambda k, c, d: k * k * d),
    _wrong("The kernels' number is forgotten: each of them makes a map of its own.", conv=lambda k, c, d: k * k * c),
    _wrong("A kernel of side k has k * k numbers in every channel, not k.", conv=lambda k, c, d: k * c * d),
    _wrong("These are the convolutions' weights. Each weight is used again at every place of the output.",
           places=lambda h, w, rows, columns: 1),
    Mistake("These are the numbers of weights, biases included. A convolution uses each of its weights at every place.",
            wrong=functools.partial(_count, places=lambda *sizes: 1, conv=lambda k, c, d: (k * k * c + 1) * d,
                                    dense=lambda m, units: (m + 1) * units)),
    Mistake("This is twice the number: product and addition counted each (FLOPs). One multiply-add is both together.",
            wrong=lambda shape, layers: [2 * count for count in _count(shape, layers)]),
    Mistake("Pooling is counted with its comparisons. It multiplies nothing: 0.", wrong=_with_pooling),
    Mistake("One number came back, the sum. One for each layer was asked.", wrong=_total),
    Mistake("These are running totals. One number for each layer alone was asked.", wrong=_running),
    Mistake("Some layers are missing. Pooling and Flatten have their place in the list, with 0.", wrong=_weighing_only),
]  # fmt: skip
