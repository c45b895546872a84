"""Pooling and its gradients against Keras and tf.GradientTape, and where poolings usually go wrong."""

import itertools

import numpy as np
import pytest

from course import CourseError
from course.nn import avg_pool2d, avg_pool2d_gradient, max_pool2d, max_pool2d_gradient
from course.quiet_tensorflow import keras, tf

GRID = list(itertools.product(
    [(2, 8, 8, 3), (1, 7, 9, 1), (3, 5, 6, 2)], [2, 3, (2, 3), (3, 1)], [None, 1, 2, (3, 2)], ("valid", "same")))


def keras_pool(kind, x, window, strides, padding):
    pool = {"max": keras.ops.max_pool, "avg": keras.ops.average_pool}[kind]
    return pool(x, window, strides if strides is not None else window, padding)


def ours(kind, x, grad, window, strides, padding):
    if kind == "max":
        return (max_pool2d(x, window, strides, padding),
                lambda grad: max_pool2d_gradient(grad, x, window, strides, padding))
    return (avg_pool2d(x, window, strides, padding),
            lambda grad: avg_pool2d_gradient(grad, x.shape, window, strides, padding))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling_and_its_gradient_equal_keras(kind, dtype):
    for number, (shape, window, strides, padding) in enumerate(GRID):
        rng = np.random.default_rng(number)
        x = rng.standard_normal(shape).astype(dtype)
        x_ = tf.Variable(x)
        with tf.GradientTape() as tape:
            theirs = keras_pool(kind, x_, window, strides, padding)
            grad = rng.standard_normal(theirs.shape).astype(dtype)
            loss = tf.reduce_sum(theirs * grad)
        out, gradient = ours(kind, x, grad, window, strides, padding)
        assert out.dtype == dtype and gradient(grad).dtype == dtype
        np.testing.assert_allclose(out, theirs.numpy(), rtol=0, atol=0 if kind == "max" else 1e-6)
        np.testing.assert_allclose(gradient(grad), tape.gradient(loss, x_).numpy(), rtol=0, atol=1e-5)


def test_a_map_of_minus_ones_stays_so_through_padding():
    x = np.full((1, 5, 5, 2), -1, np.float32)
    for strides in (1, 2):
        assert (max_pool2d(x, 3, strides, "same") == -1).all()
        np.testing.assert_allclose(avg_pool2d(x, 3, strides, "same"), -1)
    assert (max_pool2d(x.astype(np.int8), 3, 1, "same") == -1).all()


def test_whole_numbers_keep_their_type_and_averages_do_not_wrap():
    x = np.array([[250, 255], [251, 252]], np.uint8)
    assert max_pool2d(x).dtype == np.uint8 and max_pool2d(x).item() == 255
    assert avg_pool2d(x).dtype == np.float32 and avg_pool2d(x).item() == 252


def test_the_edge_of_an_odd_map_is_dropped_or_kept():
    x = np.arange(15).reshape(3, 5)
    assert max_pool2d(x).tolist() == [[6, 8]]
    assert max_pool2d(x, padding="same").tolist() == [[6, 8, 9], [11, 13, 14]]
    assert avg_pool2d(x).tolist() == [[3, 5]]
    assert avg_pool2d(x, padding="same").tolist() == [[3, 5, 6.5], [10.5, 12.5, 14]]


def test_among_equals_one_gets_the_gradient_and_nothing_is_made_or_lost():
    x = np.array([[[3, 3, 1, 5], [3, 3, 5, 5]]], np.float32)[..., None]
    grad = np.array([[[10, 20]]], np.float32)[..., None]
    assert max_pool2d_gradient(grad, x)[0, ..., 0].tolist() == [[10, 0, 0, 20], [0, 0, 0, 0]]
    x_ = tf.Variable(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(keras.ops.max_pool(x_, 2, 2) * grad)
    np.testing.assert_array_equal(max_pool2d_gradient(grad, x), tape.gradient(loss, x_).numpy())


def test_windows_that_overlap_add_up():
    x = np.array([[0, 0, 0], [0, 9, 0], [0, 0, 0]], np.float64)[None, ..., None]
    grad = np.ones((1, 2, 2, 1))
    assert max_pool2d_gradient(grad, x, 2, 1)[0, 1, 1, 0] == 4
    assert avg_pool2d_gradient(grad, x.shape, 2, 1)[0, ..., 0].tolist() == [[.25, .5, .25], [.5, 1, .5], [.25, .5, .25]]


def test_nan_is_not_lost():
    x = np.array([[1, np.nan, 3, 4], [5, 6, 7, 8]])
    assert np.isnan(max_pool2d(x)).tolist() == [[True, False]]
    assert np.isnan(avg_pool2d(x)).tolist() == [[True, False]]


def test_channels_do_not_mix():
    x = np.zeros((1, 2, 2, 3), np.float32)
    x[..., 1] = 7
    assert max_pool2d(x).ravel().tolist() == [0, 7, 0]
    assert avg_pool2d(x).ravel().tolist() == [0, 7, 0]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(("shape", "window", "needs"), [
    ((1, 3, 3, 1), 4, ["(4, 4)", "(1, 3, 3, 1)"]), ((3, 3, 1), 2, ["(2, 2)", "(3, 3, 1)"]),
    ((0, 4, 4, 1), 2, ["(0, 4, 4, 1)"]), ((1, 4, 4, 1), 0, ["pool_size"]),
])
def test_shapes_that_cannot_work_are_named(pool, shape, window, needs):
    with pytest.raises(CourseError) as error:
        pool(np.ones(shape), window)
    assert all(text in str(error.value) for text in needs)


def test_a_window_with_nan_sends_its_gradient_to_the_first_nan():
    x = np.array([[1, np.nan, 3, 4], [np.nan, 2, 5, 0]])[None, ..., None]
    grad = np.array([[10.0, 20]])[None, ..., None]
    assert max_pool2d_gradient(grad, x)[0, ..., 0].tolist() == [[0, 10, 0, 0], [0, 0, 20, 0]]
    both = max_pool2d_gradient(np.ones((1, 1, 3, 1)), x, 2, 1)[0, ..., 0]
    assert both.sum() == 3 and both[0, 1] == 2  # nothing is lost where windows overlap
