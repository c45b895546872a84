"""What every layer has.

`forward(x, training)` remembers what `backward(grad)` needs; `backward` takes the gradient of the loss by the layer's
output, stores those by its own weights in `grads` (in the order of `params`), and returns the one by its input; with
`input_gradient=False` it may leave that out. Shapes begin with the batch, as in Keras: (None, 150, 150, 3).
"""

import inspect

from course import CourseError
from course.nn.shapes import floats


class Layer:
    """A layer without weights that keeps the shape; the others say what is different."""

    seed = None
    built = False
    kernel_regularizer = None  # a penalty on the kernel, in layers that have one

    def __init__(self):
        self.params, self.grads = [], []

    def build(self, input_shape, dtype="float32"):
        """Make the weights for inputs of `input_shape`, whose first number is the batch (None: any)."""
        self.output_shape(input_shape)
        self.built = True

    def output_shape(self, input_shape):
        """Return the output's shape for inputs of `input_shape`, or raise a CourseError that says why there is none."""
        return tuple(input_shape)

    def ready(self, x):
        """Return `x` as the floats the layer computes with: float64 stays, all else becomes float32."""
        return floats(x, "the input")

    def every(self):
        """Return this layer and, of a block, all layers in it."""
        return [self]

    def arguments(self):
        """Return the constructor's arguments, with which the layer can be made again."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}


def nhwc(shape, what):
    """Return the shape of a batch of pictures as a tuple, or say that it is none."""
    if len(shape) != 4:
        raise CourseError(f"{what} reads pictures (n, height, width, channels), but the shape is {tuple(shape)}.")
    return tuple(shape)
