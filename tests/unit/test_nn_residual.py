"""The residual block: gradients against central differences and Keras, training beside Keras, storage, bad shapes."""

import numpy as np
import pytest
from test_nn_layers import slope_by_differences

from course import CourseError
from course.nn import L2, SGD, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Residual, Sequential
from course.quiet_tensorflow import keras, tf


def block(filters):
    return Residual([Conv2D(filters, 3, padding="same", activation="relu"), Conv2D(filters, 3, padding="same")])


def test_gradients_equal_central_differences():
    rng = np.random.default_rng(3)
    layer, x = block(2), rng.standard_normal((2, 4, 5, 2))
    grad = rng.standard_normal(layer.forward(x).shape)
    slopes = [layer.backward(grad), *layer.grads]
    assert len(layer.params) == 4
    for array, slope in zip([x, *layer.params], slopes, strict=True):
        expected, smooth = slope_by_differences(lambda: (grad * layer.forward(x)).sum(), array)
        assert smooth.mean() > 0.9
        np.testing.assert_allclose(slope[smooth], expected[smooth], rtol=1e-5, atol=1e-5)


def test_a_block_whose_layers_give_nothing_passes_all_through():
    x = np.random.default_rng(0).standard_normal((2, 3, 3, 1))
    layer = block(1)
    layer.forward(x)
    for param in layer.params:
        param[...] = 0
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(2 * x), 2 * x)


@pytest.fixture
def twins():
    """The same network here and in Keras, with the same weights, and a batch: pictures (6, 12, 10, 3), targets."""
    ours = Sequential([Conv2D(4, 3, activation="relu"), MaxPooling2D(), block(4), block(4), Flatten(),
                       Dense(1, activation="sigmoid")], seed=5)
    ours.build((None, 12, 10, 3))
    layers = keras.layers
    pictures = keras.Input((12, 10, 3))
    x = layers.MaxPooling2D()(layers.Conv2D(4, 3, activation="relu")(pictures))
    for _ in range(2):
        inside = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
        x = layers.Add()([x, layers.Conv2D(4, 3, padding="same")(inside)])
    theirs = keras.Model(pictures, layers.Dense(1, activation="sigmoid")(layers.Flatten()(x)))
    theirs.set_weights(ours.get_weights())
    rng = np.random.default_rng(0)
    return ours, theirs, rng.random((6, 12, 10, 3), np.float32), rng.integers(0, 2, (6, 1)).astype(np.float32)


def test_output_and_gradients_equal_keras(twins):
    ours, theirs, x, y = twins
    ours.compile(SGD(0.1), BinaryCrossentropy())
    np.testing.assert_allclose(ours.predict(x), theirs(x), atol=1e-6)
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(y, theirs(x, training=True))
    expected = tape.gradient(loss, theirs.trainable_weights)
    before = ours.get_weights()
    assert abs(ours.train_on_batch(x, y) - float(loss)) < 1e-6
    for slope, wanted, was, now in zip(ours.grads, expected, before, ours.get_weights(), strict=True):
        wanted = wanted.numpy()
        assert np.abs(slope - wanted).max() <= 1e-4 * np.abs(wanted).max() + 1e-7
        np.testing.assert_allclose(now, was - 0.1 * slope, rtol=1e-5, atol=1e-7)


def test_a_saved_network_comes_back_with_its_blocks(twins, tmp_path):
    ours, _, x, _ = twins
    ours.save(tmp_path / "net.npz")
    again = Sequential.load(tmp_path / "net.npz")
    np.testing.assert_array_equal(again.predict(x), ours.predict(x))
    assert [type(layer) for layer in again.layers[2].layers] == [Conv2D, Conv2D]


def test_a_penalty_inside_of_a_block_is_in_the_loss_and_in_the_gradients(twins):
    def network(outer=None, inner=None):
        nested = Residual([Residual([Conv2D(4, 3, padding="same", kernel_regularizer=inner)])])
        block = Residual([Conv2D(4, 3, padding="same", kernel_regularizer=outer), nested])
        made = Sequential([Conv2D(4, 3), block, Flatten(), Dense(1, activation="sigmoid")], seed=5)
        made.compile(SGD(0.1), BinaryCrossentropy())
        return made

    _, _, x, y = twins
    plain, penalised = network(), network(L2(0.3), L2(0.2))
    plain.build(x.shape)
    kernels = plain.get_weights()[2::2][:2]
    loss, more = plain.train_on_batch(x, y), penalised.train_on_batch(x, y)
    penalty = sum(factor * (w**2).sum() for factor, w in zip((0.3, 0.2), kernels, strict=True))
    assert more - loss == pytest.approx(penalty, rel=1e-4)
    extra = [b - a for a, b in zip(plain.grads, penalised.grads, strict=True)]
    wanted = [0.0, 0.0, 0.6 * kernels[0], 0.0, 0.4 * kernels[1], 0.0, 0.0, 0.0]
    for found, expected in zip(extra, wanted, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_bad_blocks_are_refused_in_words():
    x = np.zeros((1, 5, 5, 2), np.float32)
    for layer in (Residual([Conv2D(3, 3, padding="same")]), Residual([Conv2D(2, 3)])):
        with pytest.raises(CourseError, match="adds its input, of shape"):
            layer.forward(x)
    with pytest.raises(CourseError, match="at least one layer"):
        Residual([])
    shared = Conv2D(2, 3, padding="same")
    with pytest.raises(CourseError, match="stands twice"):
        Sequential([Residual([shared]), Residual([shared])])
