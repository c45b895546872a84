"""L1 and L2 penalties: Keras's factor, the gradients of equal networks, biases that stay free, the fused block."""

import numpy as np
import pytest

from course import CourseError
from course.nn import L1, L2, SGD, Adam, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Sequential
from course.nn.fused import Fused
from course.quiet_tensorflow import keras, tf

RNG = np.random.default_rng(15)
X, Y = RNG.normal(size=(6, 12, 13, 3)), RNG.integers(0, 2, (6, 1))


class Ours:
    Conv2D, MaxPooling2D, Flatten, Dense = Conv2D, MaxPooling2D, Flatten, Dense


def layers(kind, regularizers):
    """A block that can be fused, a second one, two dense layers; the first dense one has no penalty."""
    return [kind.Conv2D(8, 3, activation="relu", kernel_regularizer=regularizers.L2(0.03)), kind.MaxPooling2D(),
            kind.Conv2D(4, (2, 3), kernel_regularizer=regularizers.L1(0.02)), kind.Flatten(),
            kind.Dense(5, activation="relu"),
            kind.Dense(1, activation="sigmoid", kernel_regularizer=regularizers.L2(0.5))]


class Regularizers:
    L1, L2 = L1, L2


def network(penalised=True, fused=True, dtype="float64", optimizer=None):
    made = layers(Ours, Regularizers)
    for layer in made:
        layer.kernel_regularizer = layer.kernel_regularizer if penalised else None
    found = Sequential(made, seed=3, fused=fused)
    found.build((None, *X.shape[1:]), dtype)
    found.compile(optimizer or SGD(0.1), BinaryCrossentropy())
    for param in found.params[1::2]:
        param[...] = np.random.default_rng(1).normal(size=param.shape)  # biases that a penalty would show
    return found


def twin(of):
    """The same network in Keras, with the same weights."""
    model = keras.Sequential([keras.Input(X.shape[1:]), *layers(keras.layers, keras.regularizers)])
    model.set_weights(of.get_weights())
    return model


@pytest.mark.parametrize(("ours", "theirs"), [(L1, keras.regularizers.L1), (L2, keras.regularizers.L2)])
def test_a_penalty_and_its_gradient_are_keras_s(ours, theirs):
    w = RNG.normal(size=(4, 3)).astype("float32")
    w[1, 1] = 0
    variable = tf.Variable(w)
    with tf.GradientTape() as tape:
        value = theirs(0.3)(variable)
    assert ours(0.3)(w) == pytest.approx(float(value), rel=1e-6)
    np.testing.assert_allclose(ours(0.3).gradient(w), tape.gradient(value, variable), rtol=1e-6)
    assert ours(0.3).gradient(w).dtype == np.float32 and ours(0.3).gradient(w)[1, 1] == 0


def test_by_hand():
    assert L2(0.1)(np.array([1.0, 2.0])) == pytest.approx(0.5)
    assert L1(0.1)(np.array([1.0, -2.0])) == pytest.approx(0.3)
    np.testing.assert_allclose(L2(0.1).gradient(np.array([1.0, -2.0])), [0.2, -0.4])
    np.testing.assert_allclose(L1(0.1).gradient(np.array([1.0, -2.0, 0.0])), [0.1, -0.1, 0.0])


@pytest.mark.parametrize("fused", [True, False])
def test_loss_and_gradients_equal_keras(fused):
    ours = network(fused=fused, dtype="float32")
    theirs = twin(ours)
    assert isinstance(ours.steps[0], Fused) == fused
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.binary_crossentropy(Y, theirs(X, training=True))) + sum(theirs.losses)
    p = ours.forward(X.astype("float32"), training=True)
    ours.backward(BinaryCrossentropy().gradient(Y, p))
    for mine, wanted in zip(ours.grads, tape.gradient(loss, theirs.trainable_variables), strict=True):
        assert np.abs(mine - wanted).max() <= 1e-4 * np.abs(wanted).max()
    assert ours.evaluate(X, Y).loss == pytest.approx(float(loss), rel=1e-5)


def test_gradients_equal_central_differences():
    net, h = network(), 1e-6
    net.backward(BinaryCrossentropy().gradient(Y, net.forward(X, training=True)))
    for param, grad in zip(net.params, [grad.copy() for grad in net.grads], strict=True):
        for place in list(np.ndindex(param.shape))[:: max(1, param.size // 5)]:
            sides, value = [], param[place]
            for step in (h, -h):
                param[place] = value + step
                sides.append(net.evaluate(X, Y).loss)
            param[place] = value
            assert grad[place] == pytest.approx((sides[0] - sides[1]) / (2 * h), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_three_steps_equal_keras(optimizer):
    ours = network(dtype="float32", optimizer={"SGD": SGD, "Adam": Adam}[optimizer](0.01))
    theirs = twin(ours)
    theirs.compile(getattr(keras.optimizers, optimizer)(0.01), "binary_crossentropy")
    for _ in range(3):
        mine, wanted = ours.train_on_batch(X.astype("float32"), Y), theirs.train_on_batch(X, Y)
        assert mine == pytest.approx(float(np.ravel(wanted)[0]), rel=1e-4)


def test_the_bias_stays_free_and_without_a_penalty_nothing_changes():
    both = [network(penalised) for penalised in (True, False)]
    for net in both:
        net.backward(BinaryCrossentropy().gradient(Y, net.forward(X)))
    with_, without = (net.grads for net in both)
    for k in (1, 3, 4, 5, 7):  # all biases, and the kernel of the layer without a penalty
        np.testing.assert_array_equal(with_[k], without[k])
    np.testing.assert_allclose(with_[0] - without[0], 2 * 0.03 * both[0].params[0], atol=1e-12)
    assert both[1].penalty == 0


def test_a_saved_network_keeps_its_penalties(tmp_path):
    net = network()
    net.save(tmp_path / "net.npz")
    again = Sequential.load(tmp_path / "net.npz")
    assert [repr(layer.kernel_regularizer) for layer in again.layers] == [
        repr(layer.kernel_regularizer) for layer in net.layers]
    assert again.penalty == pytest.approx(net.penalty)


@pytest.mark.parametrize("make", [lambda: L2(-1), lambda: L1(np.inf), lambda: Dense(1, kernel_regularizer=0.1),
                                  lambda: Conv2D(1, 3, kernel_regularizer="L2")])
def test_what_is_no_penalty_is_refused(make):
    with pytest.raises(CourseError, match="penalty"):
        make()
