"""Activations, losses, optimizers and layers one by one, against Keras and central differences."""

import numpy as np
import pytest

from course import CourseError
from course.nn import (
    SGD,
    Adam,
    AveragePooling2D,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    ReLU,
    Sigmoid,
    Softmax,
    relu,
    sigmoid,
    softmax,
)
from course.quiet_tensorflow import keras, tf

LAYERS = {
    "conv": lambda: Conv2D(3, (2, 3), strides=(1, 2), padding="same", activation="relu"),
    "conv without bias": lambda: Conv2D(3, 2, use_bias=False),
    "max": lambda: MaxPooling2D((2, 3), 2),
    "average": lambda: AveragePooling2D(2, 1, "same"),
    "relu": ReLU, "sigmoid": Sigmoid, "softmax": Softmax, "softmax over rows": lambda: Softmax(axis=1),
    "flatten": Flatten, "dropout outside training": lambda: Dropout(0.5),
}


def slope_by_differences(function, array, h=1e-6):
    """The gradient of function() by `array`, and where the slopes to both sides agree: no ReLU or maximum switches."""
    slope, smooth = np.zeros(array.shape), np.zeros(array.shape, bool)
    middle = function()
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        up = function()
        array[place] = kept - h
        down = function()
        array[place] = kept
        slope[place] = (up - down) / (2 * h)
        smooth[place] = abs((up - middle) - (middle - down)) / h <= 1e-4
    return slope, smooth


@pytest.mark.parametrize("name", LAYERS)
def test_each_layers_gradients_equal_central_differences(name):
    rng = np.random.default_rng(3)
    layer, x = LAYERS[name](), rng.standard_normal((2, 5, 6, 2))
    out = layer.forward(x)
    assert out.dtype == np.float64
    assert out.shape == layer.output_shape(x.shape)
    grad = rng.standard_normal(out.shape)
    slopes = [layer.backward(grad), *layer.grads]
    for array, slope in zip([x, *layer.params], slopes, strict=True):
        expected, smooth = slope_by_differences(lambda: (grad * layer.forward(x)).sum(), array)
        assert smooth.mean() > 0.9
        np.testing.assert_allclose(slope[smooth], expected[smooth], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("activation", [None, "sigmoid", "softmax", "relu"])
def test_dense_gradients_equal_central_differences(activation):
    rng = np.random.default_rng(3)
    layer, x = Dense(3, activation), rng.standard_normal((4, 5))
    grad = rng.standard_normal(layer.forward(x).shape)
    for array, slope in zip([x, *layer.params], [layer.backward(grad), *layer.grads], strict=True):
        expected, smooth = slope_by_differences(lambda: (grad * layer.forward(x)).sum(), array)
        assert smooth.mean() > 0.9
        np.testing.assert_allclose(slope[smooth], expected[smooth], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", LAYERS)
def test_the_type_is_kept_and_whole_numbers_become_float32(name, dtype):
    x = np.random.default_rng(0).integers(0, 255, (2, 5, 6, 2), np.uint8)
    out = LAYERS[name]().forward(x.astype(dtype))
    assert out.dtype == dtype
    assert LAYERS[name]().forward(x).dtype == np.float32


def test_activations_equal_keras_and_survive_800():
    x = np.array([[-800, -30, -1, 0], [0.5, 3, 30, 800]])
    for dtype in (np.float32, np.float64):
        z = x.astype(dtype)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            ours = sigmoid(z), softmax(z), softmax(z, axis=0), relu(z)
        theirs = keras.ops.sigmoid(z), keras.ops.softmax(z), keras.ops.softmax(z, axis=0), keras.ops.relu(z)
        for mine, other in zip(ours, theirs, strict=True):
            assert mine.dtype == dtype
            np.testing.assert_allclose(mine, other.numpy(), rtol=1e-6, atol=1e-7)


def test_softmax_of_two_is_the_sigmoid_of_the_difference():
    z = np.random.default_rng(0).standard_normal((9, 2))
    np.testing.assert_allclose(softmax(z)[:, 1], sigmoid(z[:, 1] - z[:, 0]), rtol=1e-12)
    with pytest.raises(CourseError, match=r"\(0,\)"):
        softmax([])


@pytest.mark.parametrize("from_logits", [False, True])
@pytest.mark.parametrize("kind", ["binary", "categorical"])
def test_losses_and_slopes_equal_keras(kind, from_logits):
    rng = np.random.default_rng(0)
    ours, theirs = {"binary": (BinaryCrossentropy, keras.losses.BinaryCrossentropy),
                    "categorical": (CategoricalCrossentropy, keras.losses.CategoricalCrossentropy)}[kind]
    scores = rng.standard_normal((6, 4)).astype("float32")
    scores[0] *= 800 if from_logits else 1
    if kind == "binary":
        y, p = rng.integers(0, 2, (6, 4)).astype("float32"), sigmoid(scores)
        p[0, :2] = 0, 1
    else:
        y, p = np.eye(4, dtype="float32")[rng.integers(0, 4, 6)], 3 * softmax(scores)
    given = scores if from_logits else p
    given_ = tf.Variable(given)
    with tf.GradientTape() as tape:
        expected = theirs(from_logits=from_logits)(y, given_)
    loss = ours(from_logits)
    assert loss(y, given) == pytest.approx(float(expected), rel=1e-5)
    slope = tape.gradient(expected, given_).numpy()
    np.testing.assert_allclose(loss.gradient(y, given), slope, rtol=1e-4, atol=1e-6)
    assert loss.gradient(y, given).dtype == np.float32


def test_a_loss_is_a_mean_over_pictures():
    y, z = np.array([[1.0], [0.0]]), np.array([[0.3], [-2.0]])
    loss = BinaryCrossentropy(from_logits=True)
    np.testing.assert_allclose(loss.gradient(np.tile(y, (5, 1)), np.tile(z, (5, 1)))[:2], loss.gradient(y, z) / 5)
    assert loss(np.tile(y, (5, 1)), np.tile(z, (5, 1))) == pytest.approx(loss(y, z))


@pytest.mark.parametrize(("y", "p"), [((4,), (4, 1)), ((4, 1), (4, 2)), ((4, 2), (3, 2)), ((0, 1), (0, 1))])
def test_targets_that_do_not_fit_are_refused_with_both_shapes(y, p):
    for loss in (BinaryCrossentropy(), CategoricalCrossentropy()):
        with pytest.raises(CourseError) as error:
            loss(np.ones(y), np.ones(p))
        assert str(y) in str(error.value)
        assert str(p) in str(error.value) or y == p


OPTIMIZERS = {
    "sgd": (lambda: SGD(0.1), lambda: keras.optimizers.SGD(0.1)),
    "momentum": (lambda: SGD(0.1, 0.9), lambda: keras.optimizers.SGD(0.1, 0.9)),
    "adam": (lambda: Adam(0.1), lambda: keras.optimizers.Adam(0.1)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_equal_keras_from_the_first_step(name):
    rng = np.random.default_rng(0)
    starts = [rng.standard_normal(shape).astype("float32") for shape in ((3, 4), (40_000,), (2,))]
    params, ours = [start.copy() for start in starts], OPTIMIZERS[name][0]()
    variables, theirs = [tf.Variable(start) for start in starts], OPTIMIZERS[name][1]()
    for _ in range(10):
        grads = [rng.standard_normal(start.shape).astype("float32") * 10.0 ** rng.integers(-8, 3) for start in starts]
        grads = [grad.astype("float32") for grad in grads]
        ours.update(params, grads)
        theirs.apply(grads, variables)
        for mine, other in zip(params, variables, strict=True):
            assert mine.dtype == np.float32
            np.testing.assert_allclose(mine, other.numpy(), rtol=1e-5, atol=1e-5)


def test_the_first_step_of_adam_has_the_length_of_the_learning_rate():
    weights = np.zeros(3)
    Adam(0.01).update([weights], [np.array([1e3, -1.0, 1e-3])])
    np.testing.assert_allclose(weights, [-0.01, 0.01, -0.01], rtol=1e-2)


def test_optimizers_update_views_and_refuse_another_network():
    table = np.ones((4, 4))
    optimizer = SGD(1.0)
    optimizer.update([table[:, 1]], [np.ones(4)])
    assert (table[:, 1] == 0).all() and table.sum() == 12
    with pytest.raises(CourseError, match=r"\(4,\).*\(2, 2\)"):
        optimizer.update([np.ones((2, 2))], [np.ones((2, 2))])
    with pytest.raises(CourseError, match="differ"):
        SGD().update([np.ones(3)], [np.ones(2)])
    with pytest.raises(CourseError, match="other weights"):
        optimizer.update([table[:, 2]], [np.ones(4)])
    optimizer.update([table[:, 1]], [np.ones(4)])  # another view of the same place
    for make in (lambda: SGD(0), lambda: Adam(-1), lambda: SGD(0.1, 1.0), lambda: SGD(np.inf), lambda: SGD(np.nan),
                 lambda: Adam(beta_1=1), lambda: Adam(beta_2=np.nan), lambda: Adam(epsilon=0)):
        with pytest.raises(CourseError):
            make()


def test_dropout_silences_a_share_keeps_the_mean_and_passes_the_same_mask_back():
    layer, x = Dropout(0.25, seed=4), np.ones((100, 200), np.float32)
    out = layer.forward(x, training=True)
    assert out.dtype == np.float32
    assert (out == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert out.mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(layer.backward(x), out)
    assert (layer.forward(x, training=True) != out).any()
    assert (Dropout(0.25, seed=4).forward(x, training=True) == out).all()
    with pytest.raises(CourseError, match="rate"):
        Dropout(1)


def test_weights_come_from_the_seed_and_have_glorots_spread():
    one, same, other = (Conv2D(32, 3, seed=seed) for seed in (1, 1, 2))
    for layer in (one, same, other):
        layer.build((None, 8, 8, 16))
    assert (one.kernel == same.kernel).all() and (one.kernel != other.kernel).any()
    limit = np.sqrt(6 / (9 * (16 + 32)))
    assert 0.99 * limit < np.abs(one.kernel).max() <= limit
    assert one.kernel.dtype == np.float32 and not one.bias.any()


@pytest.mark.parametrize(("layer", "shape"), [
    (lambda: Dense(3), (2, 5, 5, 1)), (lambda: Conv2D(3, 3), (5, 5, 1)), (lambda: Conv2D(3, 6), (1, 5, 5, 1)),
    (lambda: MaxPooling2D(6), (1, 5, 5, 1)), (lambda: AveragePooling2D(), (5, 5)),
])
def test_a_layer_names_the_shape_it_cannot_work_with(layer, shape):
    for use in (lambda: layer().forward(np.ones(shape)), lambda: layer().build(shape)):
        with pytest.raises(CourseError) as error:
            use()
        assert str(shape) in str(error.value)


def test_a_dense_layer_names_both_shapes():
    layer = Dense(3)
    layer.forward(np.ones((2, 5)))
    with pytest.raises(CourseError, match=r"\(2, 6\).*\(5, 3\)"):
        layer.forward(np.ones((2, 6)))


def test_arguments_that_cannot_work_are_refused():
    for make in (lambda: Conv2D(0, 3), lambda: Conv2D(3, 0), lambda: Dense(2.5), lambda: Dense(3, "swish")):
        with pytest.raises(CourseError):
            make()
