"""What the checker of exercise 6.5 needs: blocks of conv -> ReLU -> max pooling, then flatten -> dense -> softmax.

Shapes: x (n, h, w, c); blocks, a list of pairs kernel (kh, kw, c, d) and bias (d,); weights (m, k) and dense_bias (k,),
m = rows columns d behind the last block; shares (n, k).
"""

import re

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet
from course.nn import avg_pool2d, conv2d, max_pool2d, relu, sigmoid, softmax


def _random(n, picture, *kernels, classes=2, scale=0.3, note="", dtype=float, seed=68):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, *picture, kernels[0][2])).astype(dtype)
    blocks = [(rng.normal(size=kernel).astype(dtype), rng.normal(size=kernel[3]).astype(dtype)) for kernel in kernels]
    inputs = int(np.prod(_places(picture, blocks))) * kernels[-1][3]
    weights, dense_bias = (rng.normal(size=shape).astype(dtype) for shape in ((inputs, classes), (classes,)))
    return Case(x, blocks, scale * weights, dense_bias, note=note)


def _places(picture, blocks):
    """Return (rows, columns) of the maps that the blocks make of a picture (h, w)."""
    h, w = picture
    for kernel, _ in blocks:
        h, w = (h - kernel.shape[0] + 1) // 2, (w - kernel.shape[1] + 1) // 2
    return h, w


def cases():
    return [
        _random(3, (9, 8), (3, 3, 3, 4), note="three colour pictures, one block"),
        _random(2, (14, 12), (3, 3, 3, 4), (3, 3, 4, 2), note="two blocks"),
        _random(1, (8, 8), (3, 3, 3, 2), note="one picture"),
        _random(4, (7, 10), (3, 3, 1, 3), note="grey pictures; the maps have an odd side"),
        _random(2, (10, 7), (5, 2, 3, 1), note="kernels that are not square, one map"),
        _random(2, (6, 6), (3, 3, 2, 3), classes=3, note="three classes"),
        _random(5, (4, 4), (3, 3, 3, 2), note="after pooling one place is left"),
        _random(2, (24, 23), (3, 3, 1, 2), (3, 3, 2, 3), (2, 2, 3, 2), note="three blocks"),
        _random(3, (8, 9), (3, 3, 3, 4), scale=500, note="large weights, so large scores"),
        _random(2, (8, 8), (3, 3, 3, 4), dtype=np.float32, note="float32"),
    ]


def by_keras(x, blocks, weights, dense_bias):
    from course.quiet_tensorflow import keras

    ops, maps = keras.ops, x.astype(float)
    for kernel, bias in blocks:
        maps = ops.conv(maps, kernel.astype(float), padding="valid", data_format="channels_last") + bias.astype(float)
        maps = ops.max_pool(ops.relu(maps), 2, 2, padding="valid", data_format="channels_last")
    flat = ops.reshape(maps, (len(x), -1))
    scores = ops.matmul(flat, weights.astype(float)) + dense_bias.astype(float)
    return ops.convert_to_numpy(ops.softmax(scores, axis=-1))


def _flatten(maps):
    return maps.reshape(len(maps), -1)


def _pass(x, blocks, weights, dense_bias, conv=conv2d, bend=relu, pool=max_pool2d, flat=_flatten, end=softmax,
          add=1, dense_add=1):
    """Pass as asked, but with one part replaced: that is the mistake."""
    maps = x.astype(float)
    for kernel, bias in blocks:
        maps = pool(bend(conv(maps, kernel.astype(float)) + add * bias))
    return end(flat(maps) @ weights + dense_add * dense_bias)


def _wrong(reason, **part):
    return Mistake(reason, wrong=lambda *inputs: _pass(*inputs, **part))


def _naive(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


MISTAKES = [
    _wrong("ReLU is missing. Without it, only pooling stands between the two layers: the network answers another "
           "question.", bend=lambda maps: maps),
    _wrong("Here is a sigmoid where ReLU should be, after the convolution.", bend=sigmoid),
    _wrong("The maps lost their sign: abs is not ReLU. Negative answers become 0.", bend=np.abs),
    _wrong("This is average pooling. The largest of each 2 x 2 square was asked.", pool=lambda maps: avg_pool2d(maps)),
    _wrong("The bias of the convolution is missing: one number for each map.", add=0),
    _wrong("The bias of the dense layer is missing: one number for each class.", dense_add=0),
    _wrong("Both biases are missing.", add=0, dense_add=0),
    _wrong("The kernels are flipped: turned by half a turn. The library's conv2d does not turn them.",
           conv=lambda x, kernel: conv2d(x, kernel[::-1, ::-1])),
    _wrong("The numbers are flattened in another order: map after map. The weights expect place after place, with the "
           "channels of a place side by side, as reshape(n, -1) gives them.",
           flat=lambda maps: _flatten(np.moveaxis(maps, 3, 1))),
    _wrong("The numbers are flattened in another order: columns before rows. reshape(n, -1) goes along the rows.",
           flat=lambda maps: _flatten(maps.swapaxes(1, 2))),
    _wrong("The numbers of each picture are flattened in another order: column-major (order=\"F\"), rows fastest and "
           "channels last. The weights expect reshape(n, -1) as it stands.",
           flat=lambda maps: maps.reshape((len(maps), -1), order="F")),
    _wrong("softmax is missing: these are the scores. They may be negative and do not add up to 1.",
           end=lambda scores: scores),
    _wrong("softmax runs along the wrong axis: over the pictures instead of the classes. A patient's probability must "
           "not depend on who else is in the batch: axis=1.", end=lambda scores: softmax(scores, axis=0)),
    _wrong("All shares of the batch add up to 1. Each picture has shares of its own: axis=1.",
           end=lambda scores: softmax(scores.ravel()).reshape(scores.shape)),
    _wrong("The end is a sigmoid of each score. softmax was asked: the shares of a picture add up to 1.", end=sigmoid),
    _wrong("softmax is applied twice. The second makes a sure answer unsure.",
           end=lambda scores: softmax(softmax(scores))),
    _wrong("ReLU is applied to the scores too. A negative score is an answer like any other: no ReLU before softmax.",
           end=lambda scores: softmax(relu(scores))),
    _wrong("exp overflows for large scores, and nan comes out. Use the stable softmax.", end=_naive),
    Mistake("Class numbers came back (argmax). Return the shares.",
            when=lambda result, expected, *inputs: np.shape(result) == (len(expected),)
            and np.asarray(result).dtype.kind in "iu"),
    Mistake("One picture came back for a whole batch: is a [0] left over?",
            when=lambda result, expected, *inputs:
                np.shape(result) in (expected.shape[1:], (1, *expected.shape[1:])) != expected.shape),
    Mistake("One column is missing: return the shares of all classes, shape (n, k).",
            when=lambda result, expected, *inputs: np.shape(result) in ((len(expected),), (len(expected), 1))),
]  # fmt: skip


def explained(problem):
    """Return the NotYet with a better reason where the dense layer was handed another number of inputs."""
    found = re.search(r"size (\d+) is different from (\d+)", str(problem.error))
    case = next((detail for label, detail in problem.details if label == "went in"), None)
    if not found or case is None:
        return problem
    given = {int(number) for number in found.groups()}
    for size, reason in _sizes(case):
        if size in given and case.args[2].shape[0] in given:
            return NotYet(f"{reason} {problem.reason}", problem.details, problem.error)
    return problem


def _sizes(case):
    """Return (number of inputs, reason) for the ways in which the dense layer is handed too many or too few."""
    x, blocks, weights, _ = case.args
    kernel = blocks[-1][0]
    (n, *_), (kh, kw, _, d) = x.shape, kernel.shape
    h, w = _places(x.shape[1:3], blocks[:-1])
    rows, columns, inputs = h - kh + 1, w - kw + 1, len(weights)
    first = _places(x.shape[1:3], blocks[:1])
    only_first = [] if len(blocks) == 1 else [
        (first[0] * first[1] * blocks[0][0].shape[3], "Only the first block is passed. Each further one reads what the "
         "one before has made.")]
    return [
        *only_first,
        (rows * columns * d, "Pooling is missing, so the dense layer is handed four times as many numbers, or more."),
        ((rows - 1) * (columns - 1) * d, "The pooling window moves by one pixel; it should move by two."),
        (h // 2 * (w // 2) * d, "The convolution pads the picture; it should stay inside (\"valid\")."),
        (-(-rows // 2) * -(-columns // 2) * d, "Pooling keeps the odd last row or column; here it is dropped."),
        (n * inputs, "The whole batch is flattened into one line. Each picture keeps its own row: reshape(n, -1)."),
        (d, "Flatten is missing: the dense layer is handed maps. Each picture becomes one row: reshape(n, -1)."),
        (weights.shape[1], "The weights are transposed: they lead from input i to neuron j, flat @ weights."),
    ]
