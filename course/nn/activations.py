"""Activations: the bend between two layers, as functions and as layers. Without one, two dense layers would be one."""

import numpy as np

from course import CourseError
from course.nn.layer import Layer
from course.nn.shapes import floats


def relu(x):
    """Return max(x, 0), number by number. The type is kept."""
    return np.maximum(x, 0)


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), number by number; float64 stays float64, all else becomes float32.

    Only exp of a negative number is ever taken, so that nothing overflows: for x < 0 the equal exp(x) / (1 + exp(x)).
    """
    x = floats(x, "x")
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def softmax(x, axis=-1):
    """Return exp(x) / sum of exp(x) along `axis`: shares that add up to 1, in the type of x.

    Taking the largest x away first changes nothing, since top and bottom shrink alike, and keeps exp from overflowing.
    """
    x = floats(x, "x")
    if x.ndim == 0 or x.size == 0:
        raise CourseError(f"softmax shares out among at least one number, but the shape of x is {x.shape}.")
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def sigmoid_gradient(grad, p):
    """Return the gradient by x, given the one by p = sigmoid(x): the slope is p (1 - p)."""
    return grad * p * (1 - p)


def softmax_gradient(grad, p, axis=-1):
    """Return the gradient by x, given the one by p = softmax(x).

    dp_i / dx_j = p_i (1 if i = j else 0) - p_i p_j, so a push on all of p alike moves nothing.
    """
    return p * (grad - (grad * p).sum(axis=axis, keepdims=True))


class Activation(Layer):
    """A layer that bends every number; `scores` and `backward_scores` stand for what comes before the bend."""

    def scores(self, x, training=False):
        """Return what the activation is applied to: here, the input itself."""
        return self.ready(x)

    def backward_scores(self, grad, input_gradient=True):
        """Pass back a gradient that is already the one by `scores`."""
        return grad

    def forward(self, x, training=False):
        return self.scores(x)

    def backward(self, grad, input_gradient=True):
        return grad


class ReLU(Activation):
    """max(x, 0): the slope is 1 where x > 0 and 0 elsewhere."""

    def forward(self, x, training=False):
        self.out = relu(self.ready(x))
        return self.out

    def backward(self, grad, input_gradient=True):
        return grad * (self.out > 0)


class Sigmoid(Activation):
    """1 / (1 + exp(-x)): a probability from a score."""

    def forward(self, x, training=False):
        self.out = sigmoid(self.ready(x))
        return self.out

    def backward(self, grad, input_gradient=True):
        return sigmoid_gradient(grad, self.out)


class Softmax(Activation):
    """exp(x) / sum of exp(x) along `axis`: shares from scores."""

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def output_shape(self, input_shape):
        if input_shape[self.axis] == 1:
            raise CourseError(f"softmax over one number is always 1, and the shape is {tuple(input_shape)}: use "
                              "Sigmoid, or one output a class.")
        return tuple(input_shape)

    def forward(self, x, training=False):
        self.out = softmax(self.ready(x), self.axis)
        return self.out

    def backward(self, grad, input_gradient=True):
        return softmax_gradient(grad, self.out, self.axis)


ACTIVATIONS = {None: Activation, "linear": Activation, "relu": ReLU, "sigmoid": Sigmoid, "softmax": Softmax}
