"""Lesson 13's checkers against right answers, the untouched stub, and every classic mistake with its own reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_cases

from course.checks import check
from course.checks.lesson_13 import copy as copies
from course.quiet_tensorflow import tf
from course.timing.costs import costs
from lesson_13.test_costs import MACS_WRONG, TIME_WRONG, count_macs, macs_with, predict_seconds


def copy_weights(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        theirs.set_weights(ours.params)


def all_at_once(network, model):
    model.set_weights(network.get_weights())


def assigned(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if [w.shape for w in ours.params] != [tuple(w.shape) for w in theirs.weights]:
            raise ValueError(f"the shapes of {theirs.name} differ")
    for variable, weight in zip(model.weights, network.get_weights(), strict=True):
        variable.assign(weight)


def checked_first(network, model):
    """Asks for all shapes first, so that a model that does not fit stays whole."""
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if [w.shape for w in ours.params] != [w.shape for w in theirs.get_weights()]:
            raise ValueError(f"{theirs.name} does not fit")
    model.set_weights(network.get_weights())


def dots_above(network, model):
    """The stub's dots were left standing above."""
    ...
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        theirs.set_weights(ours.params)


def dots_below(network, model):
    """The stub's dots were left standing below."""
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        theirs.set_weights(ours.params)
    ...


def where_there_are_weights(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if ours.params:
            theirs.set_weights(ours.params)


def as_many_as_it_takes(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        theirs.set_weights(ours.params[:len(theirs.get_weights())])


def kernel_and_bias_if_any(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        old, new = theirs.get_weights(), ours.params
        if bool(new) != bool(old) or [w.shape for w in new] != [w.shape for w in old[:len(new)]]:
            raise ValueError(theirs.name)
        theirs.set_weights(new + old[len(new):])


def longer_allowed(network, model):
    if len(model.layers) < len(network.layers):
        raise ValueError("too short")
    for ours, theirs in zip(network.layers, model.layers, strict=False):
        theirs.set_weights(ours.params)


def names_all(network, model):
    try:
        copy_weights(network, model)
    except ValueError as error:
        raise ValueError(f"one of {[layer.name for layer in model.layers]} does not fit") from error


def refuses_by_index(network, model):
    try:
        copy_weights(network, model)
    except ValueError as error:
        raise IndexError(str(error)) from error


def by_place(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if ours.params:
            theirs.set_weights([ours.params[0], ours.params[1]])


def kernel_and_bias(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if ours.params:
            theirs.kernel.assign(ours.params[0])
            theirs.bias.assign(ours.params[1])


def renamed(network, model):
    model = network  # noqa: F841  what a learner may write


def changed(change):
    """Copies `change(list of weights)`."""
    return lambda network, model: model.set_weights(change(network.get_weights()))


def kernels(change):
    return changed(lambda weights: [change(w) if w.ndim > 1 else w for w in weights])


def without_biases(network, model):
    for ours, theirs in zip(network.layers, model.layers, strict=True):
        if ours.params:
            theirs.set_weights([ours.params[0], *theirs.get_weights()[1:]])


def biases_alone(network, model):
    model.set_weights([a if a.ndim == 1 else b
                       for a, b in zip(network.get_weights(), model.get_weights(), strict=True)])


def backwards(network, model):
    ours = [layer for layer in network.layers if layer.params]
    theirs = [layer for layer in model.layers if layer.get_weights()]
    for layer in reversed(ours):
        fits = [other for other in theirs if [w.shape for w in other.get_weights()] == [w.shape for w in layer.params]]
        fits[0].set_weights(layer.params)
        theirs.remove(fits[0])


def only(kind):
    def copy(network, model):
        for ours, theirs in zip(network.layers, model.layers, strict=True):
            if type(ours).__name__ == kind:
                theirs.set_weights(ours.params)
    return copy


def first_only(network, model):
    model.layers[0].set_weights(network.layers[0].params)


def all_but_last(network, model):
    for ours, theirs in zip(network.layers[:-1], model.layers[:-1], strict=True):
        theirs.set_weights(ours.params)


def stops_early(network, model):
    for variable, weight in zip(model.weights, network.get_weights(), strict=False):
        variable.assign(weight)


def cut_to_fit(network, model):
    for variable, weight in zip(model.weights, network.get_weights(), strict=True):
        variable.assign(np.resize(weight, variable.shape))


def into_copies(network, model):
    for old, new in zip(model.get_weights(), network.get_weights(), strict=True):
        old[...] = new


def the_wrong_way(network, model):
    network.set_weights(model.get_weights())


COPY_WRONG = [
    (into_copies, "Nothing was copied"),
    (lambda network, model: network.get_weights(), "Nothing was copied"),
    (renamed, "Nothing was copied"),
    (all_at_once, "the error does not name the layer"),
    (kernel_and_bias, "A layer here has no bias"),
    (by_place, "A layer here has no bias"),
    (where_there_are_weights, "a convolution stands where the network has a pooling"),
    (as_many_as_it_takes, "a convolution has no bias, and the network's has"),
    (kernel_and_bias_if_any, "a convolution has a bias, and"),
    (longer_allowed, "it has one dense layer more"),
    (names_all, "the error names 7 layers. Name dense_f alone"),
    (refuses_by_index, "Raise ValueError, not IndexError"),
    (without_biases, "The biases were not copied"),
    (changed(lambda weights: [w if w.ndim > 1 else np.zeros_like(w) for w in weights]), "made 0 instead"),
    (biases_alone, "The kernels were not copied"),
    (kernels(lambda w: w.transpose(1, 0, 2, 3) if w.ndim == 4 and w.shape[0] == w.shape[1] else w), "are turned"),
    (kernels(lambda w: np.flip(w, (0, 1)) if w.ndim == 4 else w), "are flipped"),
    (kernels(lambda w: w.transpose(0, 1, 3, 2) if w.ndim == 4 and w.shape[2] == w.shape[3] else w),
     "Inputs and outputs of the convolutions' kernels"),
    (kernels(lambda w: w.T if w.ndim == 2 and w.shape[0] == w.shape[1] else w), "The square dense table is transposed"),
    (kernels(lambda w: w.T.reshape(w.shape)), "forced into shape by reshape"),
    (backwards, "The order is wrong"),
    (only("Conv2D"), "The dense layers were not copied"),
    (only("Dense"), "The convolutions were not copied"),
    (first_only, "Only the first layer"),
    (all_but_last, "The last layer was not copied"),
    (changed(lambda weights: [w.astype(np.float16) for w in weights]), "rounded on the way"),
    (stops_early, "zip stops at the shorter"),
    (cut_to_fit, "Do not cut, fill up or reshape"),
    (the_wrong_way, "The network that you copy from has changed"),
    (lambda network, model: model.no_such_method(), "in line "),
    (changed(lambda weights: [w + 1 for w in weights]), "Each value is one too large"),
]  # fmt: skip


def table(dense, maps, channels):
    h, w = maps
    return dense.reshape(len(dense), channels, h, w).transpose(2, 3, 1, 0).reshape(-1, len(dense))


def from_torch(kernel, bias, dense, dense_bias, maps):
    return kernel.transpose(2, 3, 1, 0), bias, table(dense, maps, len(kernel)), dense_bias


def with_einsum(kernel, bias, dense, dense_bias, maps):
    place = np.arange(dense.shape[1]).reshape(len(kernel), *maps)
    return [np.einsum("dchw->hwcd", kernel), bias, dense[:, np.moveaxis(place, 0, -1).ravel()].T, dense_bias]


def torch_with(kernel=None, dense=None):
    def wrong(k, bias, d, dense_bias, maps):
        right = from_torch(k, bias, d, dense_bias, maps)
        return (kernel(k) if kernel else right[0], bias, dense(d, maps, len(k)) if dense else right[2], dense_bias)
    return wrong


def cut(kernel):
    return kernel.reshape(*kernel.shape[2:], kernel.shape[1], kernel.shape[0])


TORCH_WRONG = [
    (torch_with(kernel=cut), "The kernel is only reshaped"),
    (lambda k, b, d, db, maps: (cut(k), b, d.reshape(d.shape[1], d.shape[0]), db), "Kernel and table are only"),
    (torch_with(kernel=lambda k: k.T), "The kernel is turned"),
    (torch_with(kernel=lambda k: k.transpose(2, 3, 0, 1)), "inputs and outputs have changed places"),
    (torch_with(kernel=lambda k: np.flip(k.transpose(2, 3, 1, 0), (0, 1))), "by half a turn"),
    (torch_with(kernel=lambda k: k), "The kernel is handed on as it came"),
    (torch_with(dense=lambda d, maps, c: d.T), "still stand map after map"),
    (torch_with(dense=lambda d, maps, c: table(d, maps, c).T), "The table is not transposed"),
    (torch_with(dense=lambda d, maps, c: d), "The table is handed on as it came"),
    (torch_with(dense=lambda d, maps, c: d.reshape(-1, *maps, c).transpose(3, 1, 2, 0).reshape(-1, len(d))),
     "the wrong way round"),
    (torch_with(dense=lambda d, maps, c: d.reshape(-1, c, *maps).T.reshape(-1, len(d))), "columns go before rows"),
    (lambda k, b, d, db, maps: from_torch(k, db, d, b, maps), "The biases have changed places"),
    (lambda k, b, d, db, maps: from_torch(k, np.zeros_like(b), d, np.zeros_like(db), maps), "The biases are missing"),
    (lambda k, b, d, db, maps: from_torch(k, b, d, db, maps)[::2], "Four arrays are wanted"),
    (lambda k, b, d, db, maps: from_torch(k[0, 0, 0, 0, 0], b, d, db, maps), "in line "),
]  # fmt: skip

CHECKS = checker_cases(
    "13",
    right={"13.1": copy_weights, "13.2": from_torch, "13.3": count_macs, "13.4": predict_seconds},
    wrong={"13.1": COPY_WRONG, "13.2": TORCH_WRONG, "13.3": MACS_WRONG, "13.4": TIME_WRONG},
)


judged = functools.cache(check)


@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    result = judged(number, answer)
    assert result.status == status, result
    assert words in result.reason, result


OTHER_WAYS = [
    ("13.1", checked_first),
    ("13.1", assigned),
    ("13.2", with_einsum),
    ("13.2", lambda k, b, d, db, maps: from_torch(k, b, d, db, maps[::-1])),  # only h times w counts
    ("13.3", lambda shape, layers: np.array([row.macs for row in costs(shape, layers)])),
    ("13.4", lambda macs, numbers, rate, bandwidth: (
        s := [max(a / rate, q / bandwidth) for a, q in zip(macs, numbers, strict=True)], s.index(max(s)),
        [int(a / rate < t) for a, t in zip(macs, s, strict=True)])),
    ("13.4", functools.partial(predict_seconds)),
    ("13.1", dots_above),
    ("13.1", dots_below),
    ("13.1", functools.partial(copy_weights)),
    ("13.2", lambda *inputs: [array.tolist() for array in from_torch(*inputs)]),
    ("13.2", lambda *inputs: tuple(tf.constant(array) for array in from_torch(*inputs))),
    ("13.3", lambda *inputs: [np.int64(n) for n in count_macs(*inputs)]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize(("number", "wrong"), [("13.1", COPY_WRONG), ("13.2", TORCH_WRONG), ("13.3", MACS_WRONG),
                                               ("13.4", TIME_WRONG)])  # fmt: skip
def test_each_classic_mistake_has_a_reason_of_its_own(number, wrong):
    reasons = {words: judged(number, answer).reason for answer, words in wrong}
    assert len(set(reasons.values())) == len(reasons)


def divided_in_place(macs, numbers, rate, bandwidth):
    for place in range(len(macs)):
        macs[place] /= rate
        numbers[place] /= bandwidth
    return predict_seconds(macs, numbers, 1, 1)


@pytest.mark.parametrize(("number", "answer", "words", "false"), [
    ("13.3", macs_with(conv=lambda k, c, d: k * k * d * d), "stands in for the input's channels", "FLOPs"),
    ("13.3", macs_with(pooled=lambda n, p: n // 2), "Pooling always halves", "keep their size"),
    ("13.4", divided_in_place, "changed the list", "speed"),
    ("13.4", lambda macs, numbers: None, "cannot be called with", "two("),
    ("13.1", where_there_are_weights, "Raise a ValueError", "stopped with"),
])  # fmt: skip
def test_nothing_false_is_said(number, answer, words, false):
    result = judged(number, answer)
    assert result.status == "not yet", result
    assert words in result.reason, result
    assert false not in result.reason, result


@pytest.mark.parametrize("case", copies.cases(), ids=str)
def test_equal_weights_give_equal_answers(case):
    network, model = case.args
    copy_weights(network, model)
    x = np.random.default_rng(7).random((3, *network.input_shape[1:]), dtype=np.float32)
    np.testing.assert_allclose(np.asarray(model(x)), network.predict(x), rtol=1e-3, atol=1e-3)
