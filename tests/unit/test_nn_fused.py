"""The fused block gives what the plain layers give: forward, gradients, ties, odd maps, any kernel, any threads."""

import threading

import numpy as np
import pytest

from course.nn import SGD, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, ReLU, Sequential, fused
from course.nn.fused import Fused

PATTERNS = {
    "activation inside": lambda f, k, **more: [Conv2D(f, k, activation="relu", **more), MaxPooling2D()],
    "relu before pool": lambda f, k, **more: [Conv2D(f, k, **more), ReLU(), MaxPooling2D()],
    "relu after pool": lambda f, k, **more: [Conv2D(f, k, **more), MaxPooling2D((2, 2)), ReLU()],
}


def twins(layers, shape, dtype="float64", workers=1):
    both = [Sequential(layers(), seed=4, fused=fuse, workers=workers) for fuse in (True, False)]
    for network in both:
        network.build((None, *shape), dtype)
        rng = np.random.default_rng(0)
        for param in network.params:
            param += 0.1 * rng.standard_normal(param.shape)  # biases that are not zero
    assert isinstance(both[0].steps[0], Fused) and both[1].steps == both[1].layers
    return both


def assert_equal(layers, shape, dtype="float64", workers=1, n=3, x=None):
    quick, plain = twins(layers, shape, dtype, workers)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((n, *shape)).astype(dtype) if x is None else x
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    out, expected = quick.forward(x), plain.forward(x)
    assert out.dtype == dtype
    np.testing.assert_allclose(out, expected, rtol=0, atol=tolerance * max(1, np.abs(expected).max()))
    grad = rng.standard_normal(out.shape).astype(dtype)
    slopes = zip([quick.backward(grad), *quick.grads], [plain.backward(grad), *plain.grads], strict=True)
    for mine, other in slopes:
        assert mine.dtype == dtype and mine.shape == other.shape
        assert np.abs(mine - other).max() <= 10 * tolerance * np.abs(other).max()


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("kernel", [3, 1, 2, 5, (2, 3), (4, 1)])
@pytest.mark.parametrize("shape", [(12, 12, 3), (13, 10, 9), (11, 15, 8)])
def test_one_block_equals_three_layers(shape, kernel, pattern):
    assert_equal(lambda: PATTERNS[pattern](5, kernel), shape)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("workers", "n"), [(1, 4), (2, 1), (2, 5), (3, 5)])
def test_four_blocks_on_several_threads_equal_the_layers(workers, n, dtype):
    blocks = PATTERNS["activation inside"]

    def layers():
        return [*blocks(4, 3), *blocks(9, 3, use_bias=False), *blocks(11, 3), *blocks(3, 3), Flatten(), Dense(2)]

    assert_equal(layers, (47, 52, 3), dtype, workers, n)


@pytest.mark.parametrize("strip", [1, 20_000])
def test_the_height_of_the_strips_does_not_matter(strip, monkeypatch):
    monkeypatch.setattr(fused, "STRIP", strip)
    for shape in ((24, 21, 3), (25, 20, 9)):
        assert_equal(lambda: PATTERNS["activation inside"](5, 3), shape)


@pytest.mark.parametrize("channels", [3, 8])
def test_among_equals_the_same_one_gets_the_gradient(channels):
    whole = np.random.default_rng(0).integers(-1, 2, (2, 14, 15, channels)).astype(float)

    def layers():
        return PATTERNS["activation inside"](4, 1 if channels == 3 else 3, use_bias=False)

    quick, plain = twins(layers, whole.shape[1:])
    for network in (quick, plain):
        network.params[0][...] = np.random.default_rng(1).integers(-1, 2, network.params[0].shape)
    out = quick.forward(whole)
    np.testing.assert_array_equal(out, plain.forward(whole))
    grad = np.random.default_rng(2).integers(1, 9, out.shape).astype(float)
    np.testing.assert_array_equal(quick.backward(grad), plain.backward(grad))
    np.testing.assert_array_equal(quick.grads[0], plain.grads[0])


def test_batches_of_changing_size_and_shape_reuse_the_block_rightly():
    layers = PATTERNS["activation inside"](5, 3)
    step = Fused([layers[0]], workers=2)
    rng = np.random.default_rng(0)
    for n, height in ((5, 12), (2, 12), (7, 12), (3, 18)):
        x = rng.standard_normal((n, height, 12, 3)).astype(np.float32)
        expected = layers[1].forward(layers[0].forward(x))
        grad = rng.standard_normal(expected.shape).astype(np.float32)
        slope = layers[0].backward(layers[1].backward(grad))
        kernel_slope = layers[0].grads[0]
        np.testing.assert_allclose(step.forward(x), expected, atol=1e-5)
        np.testing.assert_allclose(step.backward(grad), slope, atol=1e-4)
        np.testing.assert_allclose(layers[0].grads[0], kernel_slope, rtol=1e-4, atol=1e-4)


def test_outputs_do_not_change_when_the_next_batch_comes():
    network, _ = twins(lambda: PATTERNS["activation inside"](5, 3), (12, 12, 3))
    first = network.forward(np.ones((2, 12, 12, 3)))
    kept = first.copy()
    network.forward(np.zeros((2, 12, 12, 3)))
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("layers", [
    lambda: [Conv2D(4, 3, padding="same", activation="relu"), MaxPooling2D()],
    lambda: [Conv2D(4, 3, strides=2, activation="relu"), MaxPooling2D()],
    lambda: [Conv2D(4, 3, activation="relu"), MaxPooling2D(3)],
    lambda: [Conv2D(4, 3, activation="relu"), MaxPooling2D(2, 1)],
    lambda: [Conv2D(4, 3, activation="relu"), MaxPooling2D(padding="same")],
    lambda: [Conv2D(4, 3, activation="sigmoid"), MaxPooling2D()],
    lambda: [Conv2D(4, 3), MaxPooling2D()],
    lambda: [Conv2D(4, 3), ReLU()],
    lambda: [Conv2D(4, 3, activation="relu")],
])
def test_other_patterns_stay_plain_layers(layers):
    network = Sequential(layers())
    network.build((None, 12, 12, 3))
    assert network.steps == network.layers


def test_an_error_in_a_thread_is_raised_and_threads_do_not_pile_up():
    network, _ = twins(lambda: [*PATTERNS["activation inside"](5, 3), Flatten(), Dense(1, activation="sigmoid")],
                       (12, 12, 3), workers=2)
    network.compile(SGD(), BinaryCrossentropy())
    x = np.ones((4, 12, 12, 3))
    network.train_on_batch(x, np.ones(4))
    before = threading.active_count()
    for _ in range(3):
        network.train_on_batch(x, np.ones(4))
    assert threading.active_count() == before
    with pytest.raises(ValueError, match="shape"):
        network.steps[0].backward(np.ones((4, 3, 3, 5)))
