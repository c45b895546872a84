"""Lesson 13's exercises about costs: answers right and wrong, and the references that they are compared with."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from course.checks.lesson_13 import macs as counting
from course.checks.lesson_13 import torch as torches
from course.timing.costs import blocks, costs


def count_macs(shape, layers, places=None, size=None, pooled=None, conv=None, dense=None, flat=None, kept=False):
    """Right, unless one part is replaced."""
    macs = []
    for kind, *settings in layers:
        macs.append(0)
        if kind == "conv":
            (h, w, c), (d, k, s) = shape, settings
            shape = (*((size or (lambda n, k, s: (n - k) // s + 1))(n, k, s) for n in (h, w)), c if kept else d)
            macs[-1] = (places or (lambda old, new: new[0] * new[1]))((h, w), shape) * (
                conv or (lambda k, c, d: k * k * c * d))(k, c, d)
        elif kind == "pool":
            shape = (*((pooled or (lambda n, p: n // p))(n, settings[0]) for n in shape[:2]), shape[2])
        elif kind == "flatten":
            shape = ((flat or (lambda h, w, c: h * w * c))(*shape),)
        else:
            macs[-1], shape = (dense or (lambda m, k: m * k))(shape[0], settings[0]), (settings[0],)
    return macs


def macs_with(**part):
    return lambda shape, layers: count_macs(shape, layers, **part)


def pooling_counted(shape, layers):
    counts = count_macs(shape, layers)
    for place, (row, layer) in enumerate(zip(costs(shape, layers), layers, strict=True)):
        if layer[0] == "pool":
            counts[place] = int(np.prod(row.shape)) * layer[1] ** 2
    return counts


def biased(k, c, d):
    return (k * k * c + 1) * d


MACS_WRONG = [
    (macs_with(places=lambda old, new: old[0] * old[1]), "every place of its *input*"),
    (macs_with(size=lambda n, k, s: (n - 1) // s + 1), "The maps keep their size"),
    (macs_with(size=lambda n, k, s: n - k + 1), "The stride is forgotten"),
    (macs_with(size=lambda n, k, s: (n - k + 1) // s), "first divide, then add 1"),
    (macs_with(size=lambda n, k, s: (n - k) // s), "The 1 is forgotten"),
    (macs_with(pooled=lambda n, p: n), "Pooling is forgotten"),
    (macs_with(pooled=lambda n, p: n // 2), "Pooling always halves"),
    (macs_with(conv=lambda k, c, d: k * k * d * d), "stands in for the input's channels"),
    (macs_with(kept=True), "as many channels as the picture has"),
    (macs_with(flat=lambda h, w, c: h * w), "The channels are forgotten."),
    (lambda shape, layers: count_macs(shape, layers)[-1:], "This is the last of what was asked"),
    (macs_with(pooled=lambda n, p: (n + p - 1) // p), "// rounds down"),
    (macs_with(places=lambda old, new: new[0] ** 2), "Is the map square?"),
    (macs_with(places=lambda old, new: new[1] ** 2), "Is the map square?"),
    (lambda shape, layers: count_macs((shape[0], shape[0], shape[2]), layers), "Is the map square?"),
    (lambda shape, layers: count_macs((shape[1], shape[1], shape[2]), layers), "Is the map square?"),
    (macs_with(conv=biased, dense=lambda m, k: (m + 1) * k), "The additions of the biases are counted"),
    (macs_with(dense=lambda m, k: (m + 1) * k), "The additions of the dense layers' biases"),
    (macs_with(conv=biased), "The additions of the convolutions' biases"),
    (macs_with(conv=lambda k, c, d: k * k * d), "input's channels are forgotten"),
    (macs_with(conv=lambda k, c, d: k * k * c), "kernels' number is forgotten"),
    (macs_with(conv=lambda k, c, d: k * c * d), "has k * k numbers"),
    (macs_with(places=lambda old, new: 1), "These are the convolutions' weights"),
    (lambda shape, layers: [row.weights for row in costs(shape, layers)], "These are the numbers of weights"),
    (lambda shape, layers: [2 * n for n in count_macs(shape, layers)], "twice the number"),
    (pooling_counted, "counted with its comparisons"),
    (lambda shape, layers: sum(count_macs(shape, layers)), "This is the sum of what was asked"),
    (lambda shape, layers: [sum(count_macs(shape, layers)[:i + 1]) for i in range(len(layers))], "running totals"),
    (lambda shape, layers: [n for n in count_macs(shape, layers) if n], "Some layers are missing"),
    (lambda shape, layers: [float(n) for n in count_macs(shape, layers)], "whole numbers"),
    (lambda shape, layers: shape.no_such, "in line "),
]  # fmt: skip


def predict_seconds(macs, numbers, rate, bandwidth):
    arithmetic, memory = np.array(macs) / rate, np.array(numbers) / bandwidth
    seconds = np.maximum(arithmetic, memory)
    return seconds, int(seconds.argmax()), memory > arithmetic


def time_with(each, pick=np.argmax):
    def wrong(macs, numbers, rate, bandwidth):
        seconds = each(np.array(macs, float), np.array(numbers, float), rate, bandwidth)
        return seconds, int(pick(seconds)), predict_seconds(macs, numbers, rate, bandwidth)[2]
    return wrong


def with_place(place):
    def wrong(*inputs):
        seconds, right, waits = predict_seconds(*inputs)
        return seconds, place(seconds, right, inputs), waits
    return wrong


def slowest(which):
    return with_place(lambda seconds, right, inputs: int(np.argmax(inputs[which])))


def waiting(third):
    return lambda *inputs: (*predict_seconds(*inputs)[:2], third(predict_seconds(*inputs)[2], *inputs))


TIME_WRONG = [
    (time_with(lambda m, q, r, b: m / r), "Only the multiply-adds"),
    (time_with(lambda m, q, r, b: q / b), "Only the moving"),
    (time_with(lambda m, q, r, b: m / r + q / b), "The two times are added"),
    (time_with(lambda m, q, r, b: np.minimum(m / r, q / b)), "The quicker of the two"),
    (time_with(lambda m, q, r, b: np.maximum(m / b, q / r)), "speeds have changed places"),
    (time_with(lambda m, q, r, b: np.maximum(m * r, q * b)), "multiplies by the speed"),
    (time_with(lambda m, q, r, b: np.maximum(2 * m / r, q / b)), "counted as two operations"),
    (time_with(lambda m, q, r, b: np.maximum(r / np.maximum(m, 1), b / q)), "upside down"),
    (slowest(0), "the most multiply-adds. The most work"),
    (slowest(1), "moves the most numbers"),
    (with_place(lambda seconds, right, inputs: int(seconds.argmin())), "quickest layer"),
    (with_place(lambda seconds, right, inputs: right + 1), "count the layers from 0"),
    (with_place(lambda seconds, right, inputs: seconds.max()), "by its place in the list"),
    (lambda *inputs: [predict_seconds(*inputs)[k] for k in (1, 0, 2)], "The two have changed places"),
    (lambda *inputs: predict_seconds(*inputs)[0], "Three values are wanted"),
    (lambda *inputs: predict_seconds(*inputs)[:2], "the third is missing"),
    (waiting(lambda waits, *inputs: ~waits), "True and False have changed places"),
    (lambda macs, numbers, rate, bandwidth: (*predict_seconds(macs, numbers, rate, bandwidth)[:2], [
        b / bandwidth >= a / rate for a, b in zip(macs, numbers, strict=True)]), "neither takes longer"),
    (waiting(lambda waits, macs, numbers, *speeds: np.greater(numbers, macs)), "the third compares amounts"),
    (waiting(lambda waits, *inputs: bool(waits.any())), "the third is a single value"),
    (waiting(lambda waits, *inputs: np.where(waits, "memory", "arithmetic")), "the third has words"),
    (lambda macs, numbers, rate, bandwidth: macs.no_such, "in line "),
]  # fmt: skip


def test_paper_counts_what_keras_counts():
    for case in counting.cases():
        assert [row.macs for row in costs(*case.args)] == counting.by_keras(*case.args)


def test_weights_are_those_of_keras():
    from course.timing.network import PLANS, keras_model

    for plan in PLANS.values():
        rows = costs((plan.size, plan.size, 3), blocks(plan.filters, plan.hidden))
        assert [row.weights for row in rows] == [layer.count_params() for layer in keras_model(plan).layers]


def test_maps_too_small_are_refused():
    with pytest.raises(ValueError, match="smaller than the 3 x 3 window"):
        costs((32, 32, 3), blocks((4, 8, 16, 32), 32))
    with pytest.raises(ValueError, match="smaller than the 2 x 2 window"):
        costs((4, 3, 3), [("conv", 4, 3, 1), ("pool", 2)])
    with pytest.raises(ValueError, match="unknown layer"):
        costs((8, 8, 3), [("norm",)])


@pytest.mark.parametrize("case", torches.cases(), ids=lambda case: case.note or "plain")
def test_translated_weights_give_the_answers_of_the_originals(case):
    """PyTorch's own definitions, written with SciPy map by map, against Keras with the translated weights."""
    from course.quiet_tensorflow import keras

    kernel, bias, dense, dense_bias, (h, w) = case.args
    (_, c, kh, kw), rng = kernel.shape, np.random.default_rng(0)
    picture = rng.normal(size=(c, h + kh - 1, w + kw - 1))
    maps = np.array([sum(correlate2d(plane, k, mode="valid") for plane, k in zip(picture, one, strict=True)) + b
                     for one, b in zip(kernel, bias, strict=True)])
    wanted = dense @ maps.ravel() + dense_bias
    layers = keras.layers
    model = keras.Sequential([keras.Input((*picture.shape[1:], c), dtype="float64"),
                              layers.Conv2D(len(kernel), (kh, kw), dtype="float64"), layers.Flatten(dtype="float64"),
                              layers.Dense(len(dense), dtype="float64")])
    model.set_weights(torches.index_by_index(*case.args))
    found = model(keras.ops.convert_to_tensor(picture.transpose(1, 2, 0)[None]))[0]  # predict would cut to float32
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
