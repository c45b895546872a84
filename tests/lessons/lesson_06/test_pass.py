"""Classic mistakes of counting weights and of the whole pass (exercises 6.4 and 6.5)."""

import numpy as np
import pytest
from harness import assert_status

from course.nn import Conv2D, Dense, Flatten, MaxPooling2D, Sequential, avg_pool2d, conv2d, max_pool2d, relu, softmax
from course.nn import sigmoid as squeeze


def count(shape, filters, hidden):
    (h, w, c), total = shape, 0
    for d in filters:
        total += (9 * c + 1) * d
        h, w, c = (h - 2) // 2, (w - 2) // 2, d
    return total + (h * w * c + 1) * hidden + hidden + 1


def miscount(first="9 * c * d + d", h="(h - 2) // 2", w="(w - 2) // 2", flat="h * w * c", last="hidden + 1"):
    """Count with one part written otherwise."""
    def wrong(shape, filters, hidden):
        (rows, columns, c), colours, total = shape, shape[2], 0
        for d in filters:
            names = {"h": rows, "w": columns, "c": c, "d": d, "colours": colours}
            total += eval(first, {}, names)
            rows, columns, c = eval(h, {}, names), eval(w, {}, names), d
        names = {"h": rows, "w": columns, "c": c, "hidden": hidden}
        return total + eval(f"({flat}) * hidden", {}, names) + eval(last, {}, names) + hidden
    return wrong


def no_biases(shape, filters, hidden):
    return count(shape, filters, hidden) - sum(filters) - hidden - 1


def no_dense_biases(shape, filters, hidden):
    return count(shape, filters, hidden) - hidden - 1


COUNT_WRONG = [
    (no_biases, "one for each kernel, and"),
    (miscount(first="9 * c * d"), "biases of the convolutions are missing"),
    (no_dense_biases, "by chance they are as many"),
    (miscount(last="0"), "by chance they are as many"),
    (miscount(last="hidden"), "bias of the last neuron"),
    (lambda shape, filters, hidden: count(shape, filters, hidden) - hidden, "biases of the hidden neurons"),
    (miscount(first="9 * d + d"), "9 weights for *each* channel"),
    (miscount(first="9 * colours * d + d"), "not the colours of the picture"),
    (miscount(first="(9 * c + c) * d"), "counted for each channel"),
    (miscount(first="(9 * c * d + d) * (h - 2) * (w - 2)"), "anew at every place"),
    (miscount(h="h - 2", w="w - 2"), "Pooling is left out"),
    (miscount(h="h // 2", w="w // 2"), "convolutions shrink the picture too"),
    (miscount(h="h // 2 - 2", w="w // 2 - 2"), "convolution comes first"),
    (miscount(h="(h - 1) // 2", w="(w - 1) // 2"), "rounded up"),
    (miscount(h="(h - 2) / 2", w="(w - 2) / 2"), "leaves halves of pixels"),
    (miscount(flat="c"), "Only the channels go into the dense layer"),
    (miscount(flat="h * w"), "channels are forgotten at Flatten"),
    (lambda shape, filters, hidden: float(count(shape, filters, hidden)) + 0.5, "was expected"),
    (lambda shape, filters, hidden: print(end=""), "`return` missing"),
    (lambda shape, filters, hidden: shape[3], "in line "),
]  # fmt: skip


def maps_of(x, blocks, steps=lambda maps: max_pool2d(relu(maps)), conv=conv2d):
    for kernel, kernel_bias in blocks:
        x = steps(conv(x, kernel, kernel_bias))
    return x


def whole_pass(x, blocks, weights, bias):
    return softmax(maps_of(x, blocks).reshape(len(x), -1) @ weights + bias)


def scores_of(x, blocks, weights, bias):
    return maps_of(x, blocks).reshape(len(x), -1) @ weights + bias


def after(end):
    return lambda *inputs: end(scores_of(*inputs))


def with_maps(steps, order=None):
    """The pass with steps(conv maps) in place of ReLU and pooling, and flatten in another order."""
    def wrong(x, blocks, weights, bias):
        maps = maps_of(x, blocks, steps)
        flat = maps.transpose(order).reshape(len(x), -1) if order else maps.reshape(len(x), -1)
        return softmax(flat @ weights + bias)
    return wrong


def with_kernels(change):
    return lambda x, blocks, weights, bias: whole_pass(x, [change(*block) for block in blocks], weights, bias)


def pooled(maps):
    return max_pool2d(relu(maps))


def careless(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def padded(x, blocks, weights, bias):
    maps = maps_of(x, blocks, conv=lambda *inputs: conv2d(*inputs, padding="same"))
    return softmax(maps.reshape(len(x), -1) @ weights + bias)


def one_line(x, blocks, weights, bias):
    return softmax(maps_of(x, blocks).reshape(-1) @ weights + bias)


def no_flatten(x, blocks, weights, bias):
    return softmax(maps_of(x, blocks) @ weights + bias)


def odd_kept(maps):
    return max_pool2d(relu(maps), padding="same")


PASS_WRONG = [
    (with_maps(max_pool2d), "ReLU is missing"),
    (with_maps(lambda maps: max_pool2d(squeeze(maps))), "a sigmoid where ReLU should be"),
    (with_maps(lambda maps: max_pool2d(np.abs(maps))), "abs is not ReLU"),
    (with_maps(lambda maps: avg_pool2d(relu(maps))), "average pooling"),
    (with_kernels(lambda kernel, _: (kernel, None)), "bias of the convolution is missing"),
    (lambda x, blocks, weights, bias: whole_pass(x, blocks, weights, 0), "bias of the dense layer is missing"),
    (lambda x, blocks, weights, bias: whole_pass(x, [(kernel, None) for kernel, _ in blocks], weights, 0),
     "Both biases"),
    (with_kernels(lambda kernel, kernel_bias: (kernel[::-1, ::-1], kernel_bias)), "kernels are flipped"),
    (with_maps(pooled, order=(0, 3, 1, 2)), "map after map"),
    (with_maps(pooled, order=(0, 2, 1, 3)), "columns before rows"),
    (lambda x, blocks, weights, bias: softmax(
        maps_of(x, blocks).reshape((len(x), -1), order="F") @ weights + bias), "column-major"),
    (lambda *inputs: whole_pass(*inputs)[0], "is a [0] left over"),
    (lambda x, *rest: whole_pass(x[:1], *rest), "is a [0] left over"),
    (scores_of, "softmax is missing"),
    (after(lambda scores: softmax(scores, axis=0)), "wrong axis"),
    (after(lambda scores: softmax(scores.ravel()).reshape(scores.shape)), "All shares of the batch"),
    (after(squeeze), "sigmoid of each score"),
    (after(lambda scores: softmax(softmax(scores))), "softmax is applied twice"),
    (after(lambda scores: softmax(relu(scores))), "no ReLU before softmax"),
    (after(careless), "Use the stable softmax"),
    (after(lambda scores: softmax(scores)[:, 1]), "One column is missing"),
    (after(lambda scores: scores.argmax(axis=1)), "Class numbers came back"),
    (with_maps(relu), "Pooling is missing"),
    (with_maps(lambda maps: max_pool2d(relu(maps), strides=1)), "moves by one pixel"),
    (padded, "The convolution pads"),
    (one_line, "The whole batch is flattened"),
    (no_flatten, "Flatten is missing"),
    (with_maps(odd_kept), "keeps the odd last row"),
    (lambda x, blocks, weights, bias: whole_pass(x, blocks, weights.T, bias), "transposed"),
    (lambda x, blocks, weights, bias: whole_pass(x, blocks[:1], weights, bias), "first block"),
    (lambda x, *weights: x.no_such(), "in line "),
    (lambda x, *weights: whole_pass(x, *weights) + 1, "Each value is one too large"),
]  # fmt: skip


def by_the_course_s_layers(x, blocks, weights, bias):
    layers = [layer for kernel, _ in blocks
              for layer in (Conv2D(kernel.shape[3], kernel.shape[:2], activation="relu"), MaxPooling2D(2))]
    network = Sequential([*layers, Flatten(), Dense(weights.shape[1], activation="softmax")])
    network.build(x.shape, "float64")
    network.set_weights([*(array for block in blocks for array in block), weights, bias])
    return network.predict(x)


def one_by_one(x, *weights):
    return np.concatenate([whole_pass(picture[None], *weights) for picture in x])


def pooled_before_relu(x, blocks, weights, bias):
    return softmax(maps_of(x, blocks, lambda maps: relu(max_pool2d(maps))).reshape(len(x), -1) @ weights + bias)


@pytest.mark.parametrize("answer", [by_the_course_s_layers, one_by_one, pooled_before_relu])
def test_other_right_passes(answer):
    assert_status("6.5", answer, "right")


def test_other_right_counts():
    def by_building(shape, filters, hidden):
        blocks = [layer for d in filters for layer in (Conv2D(d, 3), MaxPooling2D(2))]
        network = Sequential([*blocks, Flatten(), Dense(hidden), Dense(1)])
        network.build((None, *shape))
        return sum(param.size for param in network.params)

    assert_status("6.4", by_building, "right")
    assert_status("6.4", lambda shape, filters, hidden: np.int64(count(shape, filters, hidden)), "right")
