"""The residual block: layers whose output is added to what went in."""

import numpy as np

from course import CourseError
from course.nn.layer import Layer


class Residual(Layer):
    """y = x + f(x), where f are `layers` in a row that keep the shape of x.

    With f = 0 the block changes nothing, so many of them can do no harm at the start. Going back, the gradient by x is
    dL/dy times (1 + f'(x)): whatever f does to it, the 1 passes it on unweakened (He, Zhang, Ren, Sun, CVPR 2016).
    """

    def __init__(self, layers, seed=None):
        self.layers, self.seed = list(layers), seed
        if not self.layers:
            raise CourseError("a residual block needs at least one layer.")

    def build(self, input_shape, dtype="float32"):
        super().build(input_shape, dtype)
        seeds = np.random.SeedSequence(self.seed or 0).generate_state(len(self.layers))
        for layer, seed in zip(self.layers, seeds, strict=True):
            layer.seed = int(seed) if layer.seed is None else layer.seed
            if not layer.built:
                layer.build(input_shape, dtype)
            input_shape = layer.output_shape(input_shape)

    @property
    def params(self):
        """The weights of the block's layers, in their order."""
        return [param for layer in self.layers for param in layer.params]

    @property
    def grads(self):
        """Their gradients."""
        return [grad for layer in self.layers for grad in layer.grads]

    def every(self):
        return [self, *(one for layer in self.layers for one in layer.every())]

    def output_shape(self, input_shape):
        shape = tuple(input_shape)
        for layer in self.layers:
            shape = layer.output_shape(shape)
        if shape[1:] != tuple(input_shape[1:]):
            raise CourseError(f"a residual block adds its input, of shape {tuple(input_shape)}, to what its layers "
                              f"make of it, but that has the shape {shape}: use padding=\"same\" and as many filters "
                              "as channels come in.")
        return shape

    def forward(self, x, training=False):
        x = self.ready(x)
        if not self.built:
            self.build(x.shape, x.dtype)
        y = x
        for layer in self.layers:
            y = layer.forward(y, training)
        if y.shape != x.shape:
            self.output_shape(x.shape)  # says which shapes do not go together
        return x + y

    def backward(self, grad, input_gradient=True):
        inside = grad
        for place, layer in reversed(list(enumerate(self.layers))):
            inside = layer.backward(inside, input_gradient or place > 0)
        return grad + inside if input_gradient else None
