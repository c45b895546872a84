"""Layers with Keras's names and arguments, each with its output and its gradients; `layer.py` says how they are called.

Weights are made on first use, or by `build`; their type is then that of the first batch: float64, or else float32. A
network gives each of its layers a seed of its own. Layers that stand alone without a seed all draw from seed 0: two of
one shape start with equal kernels, and two Dropouts silence the same numbers.
"""

import numpy as np

from course import CourseError
from course.nn.activations import ACTIVATIONS
from course.nn.conv import conv2d, conv2d_gradients
from course.nn.layer import Layer, nhwc
from course.nn.penalties import penalty, written
from course.nn.pool import avg_pool2d, avg_pool2d_gradient, max_pool2d, max_pool2d_gradient
from course.nn.shapes import checked_windows, pair


class Weighted(Layer):
    """A layer with kernel, bias and activation. It adds `scores` = input times kernel plus bias, before the bend.

    kernel_regularizer: None, L1(factor) or L2(factor), which the network adds to its loss and gradients.
    """

    def __init__(self, activation=None, use_bias=True, seed=None, kernel_regularizer=None):
        super().__init__()
        if activation not in ACTIVATIONS:
            raise CourseError(f"activation must be one of {list(ACTIVATIONS)}, but it is {activation!r}.")
        self.activation, self.use_bias, self.seed = activation, use_bias, seed
        self.bend, self.kernel_regularizer = ACTIVATIONS[activation](), penalty(kernel_regularizer)

    def arguments(self):
        return super().arguments() | {"kernel_regularizer": written(self.kernel_regularizer)}

    def outputs(self, value, name):
        """Return how many outputs the layer has, at least 1, and 2 for softmax: alone, an output would always be 1."""
        count = pair(value, name)[0]
        if self.activation == "softmax" and count == 1:
            raise CourseError(f"softmax shares out among the outputs, so with {name} = 1 the answer is always 1: use "
                              'activation="sigmoid", or one output a class.')
        return count

    def make_weights(self, shape, dtype):
        """Make a kernel of `shape` and a bias of zeros.

        Uniform in +-sqrt(6 / (fan in + fan out)), so that neither signals nor gradients swell from layer to layer
        (Glorot and Bengio, AISTATS 2010; Keras's default).
        """
        *window, inputs, outputs = shape
        limit = np.sqrt(6 / (np.prod(window, dtype=int) * (inputs + outputs)))
        kernel = np.random.default_rng(self.seed or 0).uniform(-limit, limit, shape)
        self.params = [kernel.astype(dtype), np.zeros(outputs, dtype)][:1 + self.use_bias]
        self.grads = [np.zeros_like(param) for param in self.params]

    @property
    def kernel(self):
        """The weights that multiply."""
        return self.params[0]

    @property
    def bias(self):
        """The weights that add, one per output; None without them."""
        return self.params[1] if self.use_bias else None

    def ready(self, x):
        """Return `x` in the type of the weights, after making them if this is the first use."""
        x = super().ready(x)
        if not self.built:
            self.build(x.shape, x.dtype)
        return x.astype(self.kernel.dtype, copy=False)

    def forward(self, x, training=False):
        return self.bend.forward(self.scores(x, training), training)

    def backward(self, grad, input_gradient=True):
        return self.backward_scores(self.bend.backward(grad), input_gradient)


class Dense(Weighted):
    """y = x W + b: every output weighs every input. (n, inputs) -> (n, units)."""

    def __init__(self, units, activation=None, use_bias=True, seed=None, kernel_regularizer=None):
        super().__init__(activation, use_bias, seed, kernel_regularizer)
        self.units = self.outputs(units, "units")

    def build(self, input_shape, dtype="float32"):
        super().build(input_shape, dtype)
        self.make_weights((input_shape[1], self.units), dtype)

    def output_shape(self, input_shape):
        if len(input_shape) != 2:
            raise CourseError(f"a dense layer reads rows (n, inputs), but the shape is {tuple(input_shape)}: "
                              "put a Flatten layer before it.")
        if self.params and input_shape[1] != len(self.kernel):
            raise CourseError(f"inputs of shape {tuple(input_shape)} do not go with a dense kernel of shape "
                              f"{self.kernel.shape}: it was made for {len(self.kernel)} inputs.")
        return input_shape[0], self.units

    def scores(self, x, training=False):
        self.x = self.ready(x)
        self.output_shape(self.x.shape)
        out = self.x @ self.kernel
        return out + self.bias if self.use_bias else out

    def backward_scores(self, grad, input_gradient=True):
        self.grads = [self.x.T @ grad, grad.sum(axis=0)][:len(self.params)]
        return grad @ self.kernel.T if input_gradient else None


class Conv2D(Weighted):
    """Slide `filters` kernels over pictures: (n, h, w, c) -> (n, rows, columns, filters). See `conv2d`."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", activation=None, use_bias=True, seed=None,
                 kernel_regularizer=None):
        super().__init__(activation, use_bias, seed, kernel_regularizer)
        self.filters = self.outputs(filters, "filters")
        self.kernel_size, self.strides = pair(kernel_size, "kernel_size"), pair(strides, "strides")
        self.padding = padding

    def build(self, input_shape, dtype="float32"):
        super().build(input_shape, dtype)
        self.make_weights((*self.kernel_size, input_shape[3], self.filters), dtype)

    def output_shape(self, input_shape):
        shape = nhwc(input_shape, "convolution")
        sizes, _ = checked_windows(shape, self.kernel_size, self.strides, self.padding, "kernel")
        return shape[0], *sizes, self.filters

    def scores(self, x, training=False):
        self.x = self.ready(x)
        return conv2d(self.x, self.kernel, self.bias, self.strides, self.padding)

    def backward_scores(self, grad, input_gradient=True):
        dx, *grads = conv2d_gradients(grad, self.x, self.kernel, self.strides, self.padding, input_gradient)
        self.grads = grads[:len(self.params)]
        return dx


class Pooling(Layer):
    """What max and average pooling share."""

    def __init__(self, pool_size=2, strides=None, padding="valid"):
        super().__init__()
        self.pool_size = pair(pool_size, "pool_size")
        self.strides = self.pool_size if strides is None else pair(strides, "strides")
        self.padding = padding

    def ready(self, x):
        """Return `x` as floats, after checking that it is a batch of maps."""
        nhwc(np.shape(x), "pooling")
        return super().ready(x)

    def output_shape(self, input_shape):
        shape = nhwc(input_shape, "pooling")
        sizes, _ = checked_windows(shape, self.pool_size, self.strides, self.padding, "pooling window")
        return shape[0], *sizes, shape[3]


class MaxPooling2D(Pooling):
    """Keep the largest number of each window: (n, h, w, c) -> (n, rows, columns, c). See `max_pool2d`."""

    def forward(self, x, training=False):
        self.x = self.ready(x)
        return max_pool2d(self.x, self.pool_size, self.strides, self.padding)

    def backward(self, grad, input_gradient=True):
        return max_pool2d_gradient(grad, self.x, self.pool_size, self.strides, self.padding)


class AveragePooling2D(Pooling):
    """Average each window: (n, h, w, c) -> (n, rows, columns, c). See `avg_pool2d`."""

    def forward(self, x, training=False):
        x = self.ready(x)
        self.x_shape = x.shape
        return avg_pool2d(x, self.pool_size, self.strides, self.padding)

    def backward(self, grad, input_gradient=True):
        return avg_pool2d_gradient(grad, self.x_shape, self.pool_size, self.strides, self.padding)


class Flatten(Layer):
    """Write each picture's numbers in one row: (n, h, w, c) -> (n, h w c)."""

    def output_shape(self, input_shape):
        return input_shape[0], int(np.prod(input_shape[1:]))

    def forward(self, x, training=False):
        x = self.ready(x)
        self.x_shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad, input_gradient=True):
        return grad.reshape(self.x_shape)


class Dropout(Layer):
    """While training, silence each number with probability `rate` and scale the others up by 1 / (1 - rate).

    Outside training it does nothing (Srivastava et al., JMLR 15 (2014) 1929-1958).
    """

    def __init__(self, rate, seed=None):
        super().__init__()
        if not 0 <= rate < 1:
            raise CourseError(f"the dropout rate must be at least 0 and less than 1, but it is {rate!r}.")
        self.rate, self.seed = rate, seed
        self.factor, self.rng = 1, None

    def forward(self, x, training=False):
        x = self.ready(x)
        if not training:
            self.factor = 1
            return x
        self.rng = self.rng or np.random.default_rng(self.seed or 0)
        self.factor = (self.rng.random(x.shape) >= self.rate).astype(x.dtype) / (1 - self.rate)
        return x * self.factor

    def backward(self, grad, input_gradient=True):
        return grad * self.factor
