"""conv2d and its gradients against Keras, SciPy, tf.GradientTape and central differences, over grids of shapes."""

import itertools

import numpy as np
import pytest
from scipy.signal import correlate2d

from course import CourseError
from course.nn import conv2d, conv2d_gradients
from course.quiet_tensorflow import keras, tf

SHAPES = [(2, 9, 9, 3), (1, 7, 10, 1), (3, 5, 6, 4)]
KERNELS = [(3, 3), (1, 1), (2, 3), (4, 1)]
STRIDES = [1, 2, (1, 3), (3, 2)]
GRID = list(itertools.product(SHAPES, KERNELS, STRIDES, ("valid", "same")))


def case(shape, window, seed=0, dtype="float32", filters=5):
    """Random pictures, kernel and bias whose outputs are of size 1."""
    rng = np.random.default_rng([seed, *shape, *window])
    kernel = rng.standard_normal((*window, shape[3], filters)) / np.sqrt(np.prod(window) * shape[3])
    return (rng.standard_normal(shape).astype(dtype), kernel.astype(dtype),
            rng.standard_normal(filters).astype(dtype), rng)


def keras_conv(x, kernel, bias, strides, padding):
    return keras.ops.conv(x, kernel, strides, padding) + bias


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-12)])
def test_forward_equals_keras(dtype, tolerance):
    for number, (shape, window, strides, padding) in enumerate(GRID):
        x, kernel, bias, _ = case(shape, window, number, dtype)
        ours = conv2d(x, kernel, bias, strides, padding)
        theirs = keras_conv(x, kernel, bias, strides, padding).numpy()
        assert ours.dtype == dtype and ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance, err_msg=str(GRID[number]))


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-4), ("float64", 1e-11)])
def test_gradients_equal_the_tape(dtype, tolerance):
    for number, (shape, window, strides, padding) in enumerate(GRID):
        x, kernel, bias, rng = case(shape, window, number, dtype)
        x_, kernel_, bias_ = map(tf.Variable, (x, kernel, bias))
        with tf.GradientTape() as tape:
            out = keras_conv(x_, kernel_, bias_, strides, padding)
            grad = rng.standard_normal(out.shape).astype(dtype)
            loss = tf.reduce_sum(out * grad)
        theirs = tape.gradient(loss, [x_, kernel_, bias_])
        ours = conv2d_gradients(grad, x, kernel, strides, padding)
        for mine, other in zip(ours, theirs, strict=True):
            other = other.numpy()
            assert mine.dtype == dtype and mine.shape == other.shape
            assert np.abs(mine - other).max() <= tolerance * max(np.abs(other).max(), 1), GRID[number]


@pytest.mark.parametrize(("strides", "padding"), [(1, "valid"), ((2, 1), "same")])
def test_gradients_equal_central_differences(strides, padding):
    x, kernel, bias, rng = case((2, 5, 6, 2), (3, 2), dtype="float64", filters=3)
    grad = rng.standard_normal(conv2d(x, kernel, bias, strides, padding).shape)
    h = 1e-6
    for array, slope in zip((x, kernel, bias), conv2d_gradients(grad, x, kernel, strides, padding), strict=True):
        for place in np.ndindex(array.shape):
            middle = array[place]
            array[place] = middle + h
            up = (grad * conv2d(x, kernel, bias, strides, padding)).sum()
            array[place] = middle - h
            down = (grad * conv2d(x, kernel, bias, strides, padding)).sum()
            array[place] = middle
            assert abs((up - down) / (2 * h) - slope[place]) <= 1e-5 * max(1, abs(slope[place]))


def test_one_grey_picture_is_scipys_correlation_not_convolution():
    rng = np.random.default_rng(0)
    picture, kernel = rng.standard_normal((9, 12)), rng.standard_normal((3, 4))
    np.testing.assert_allclose(conv2d(picture, kernel), correlate2d(picture, kernel, mode="valid"), atol=1e-12)
    assert np.abs(conv2d(picture, kernel[::-1, ::-1]) - conv2d(picture, kernel)).max() > 0.1


def test_a_map_by_hand():
    picture = [[1, 2, 0], [0, 1, 3], [4, 0, 1]]
    assert conv2d(picture, [[1, 0], [0, -1]]).tolist() == [[0, -1], [0, 0]]
    assert conv2d(picture, [[1, 0], [0, -1]], bias=2.5).tolist() == [[2.5, 1.5], [2.5, 2.5]]


def test_whole_numbers_do_not_wrap_around():
    picture = np.full((1, 4, 4, 1), 200, np.uint8)
    out = conv2d(picture, np.ones((3, 3, 1, 1), np.uint8))
    assert out.dtype == np.float32 and (out == 1800).all()


def test_a_view_that_is_not_contiguous_gives_the_same():
    x, kernel, bias, _ = case((2, 8, 9, 3), (3, 3))
    flipped = x[:, ::-1, ::-1]
    np.testing.assert_array_equal(conv2d(flipped, kernel, bias), conv2d(flipped.copy(), kernel, bias))


@pytest.mark.parametrize(("x_shape", "kernel_shape", "needs"), [
    ((2, 8, 8, 3), (3, 3), ["(2, 8, 8, 3)", "(3, 3)"]),
    ((8, 8, 3), (3, 3), ["(8, 8, 3)", "(3, 3)"]),
    ((2, 8, 8, 3), (3, 3, 4, 5), ["(2, 8, 8, 3)", "(3, 3, 4, 5)"]),
    ((1, 2, 8, 3), (3, 3, 3, 5), ["(1, 2, 8, 3)", "(3, 3)"]),
    ((2, 2), (3, 3), ["(1, 2, 2, 1)", "(3, 3)"]),
    ((0, 8, 8, 3), (3, 3, 3, 5), ["(0, 8, 8, 3)", "empty"]),
])
def test_shapes_that_cannot_work_are_named(x_shape, kernel_shape, needs):
    with pytest.raises(CourseError) as error:
        conv2d(np.ones(x_shape), np.ones(kernel_shape))
    assert all(text in str(error.value) for text in needs)


@pytest.mark.parametrize("arguments", [
    {"strides": 0}, {"strides": (1, 2, 3)}, {"strides": 1.5}, {"padding": "full"}, {"bias": np.ones(4)},
])
def test_arguments_that_cannot_work_are_refused(arguments):
    with pytest.raises(CourseError, match=next(iter(arguments))):
        conv2d(np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 5)), **arguments)


def test_a_gradient_of_another_shape_is_refused():
    x, kernel, _, _ = case((2, 9, 9, 3), (3, 3))
    with pytest.raises(CourseError, match=r"\(2, 9, 9, 5\).*\(2, 7, 7, 5\)"):
        conv2d_gradients(np.ones((2, 9, 9, 5)), x, kernel)
