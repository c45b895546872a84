"""Optimizers: how the weights follow their gradients downhill. Each weight has a memory of its own.

`update(params, grads)` changes the arrays in `params` in place. One optimizer serves one network: what it remembers of
one network's slopes would push another's weights about, so a second one is refused, as in Keras.
"""

import numpy as np

from course import CourseError
from course.nn import threads

MANY = 8  # blocks from which on threads pay
BLOCK = 1 << 15  # numbers updated at a time: weights, gradients and memories of a block stay in the processor's cache


class Optimizer:
    """What both share: checks, the count of steps, and zeros to begin with."""

    memories = ()  # names of the arrays kept for each weight array

    def __init__(self, learning_rate):
        if not 0 < learning_rate < np.inf:
            raise CourseError(f"the learning rate must be greater than 0 and finite, but it is {learning_rate!r}.")
        self.learning_rate, self.iterations, self._served = learning_rate, 0, None
        for name in self.memories:
            setattr(self, name, None)

    def update(self, params, grads):
        """Take one step, block by block; large networks are updated by several threads.

        params: the same arrays (or views of the same places) at every step; grads: one gradient of each one's shape.
        Raises CourseError when the shapes differ, or the weights are others than those of the first step.
        """
        self._remember(params, grads)
        self.iterations += 1
        blocks = list(zip(params, grads, *(getattr(self, name) for name in self.memories), strict=True))
        pieces = [piece for arrays in blocks for piece in _pieces(arrays)]
        threads.run(lambda piece: self.step(*piece), pieces, None if len(pieces) > MANY else 1)

    def _remember(self, params, grads):
        shapes = [param.shape for param in params]
        if shapes != [grad.shape for grad in grads]:
            raise CourseError(f"weights of shapes {shapes} and gradients of shapes {[g.shape for g in grads]} differ.")
        for name in self.memories:
            if getattr(self, name) is None:
                setattr(self, name, [np.zeros_like(param) for param in params])
            kept = [memory.shape for memory in getattr(self, name)]
            if kept != shapes:
                raise CourseError(f"this optimizer has served weights of shapes {kept}, not {shapes}: "
                                  "make a new one for each network.")
        if self._served is None:
            self._served = list(params)  # kept, so that no other array can take their places in memory
        if [_place(param) for param in params] != [_place(param) for param in self._served]:
            raise CourseError("this optimizer has served other weights before, and remembers their slopes: make a new "
                              f"one for each network, such as {type(self).__name__}({self.learning_rate:g}). (Or were "
                              "the weights replaced by new arrays? They must be changed in place.)")


class SGD(Optimizer):
    """w <- w + v with the velocity v <- momentum v - learning_rate g; without momentum, w <- w - learning_rate g."""

    memories = ("velocity",)

    def __init__(self, learning_rate=0.01, momentum=0.0):
        super().__init__(learning_rate)
        if not 0 <= momentum < 1:
            raise CourseError(f"momentum must be at least 0 and less than 1, but it is {momentum!r}.")
        self.momentum = momentum

    def step(self, weights, gradient, velocity):
        """Update one block in place."""
        velocity *= self.momentum
        velocity -= self.learning_rate * gradient
        weights += velocity


class Adam(Optimizer):
    """Each gradient in units of its own usual size: its mean m over the root of its mean square v.

    So steps are about as long as `learning_rate` while the gradient keeps its sign and about its size, and shorter
    where it shrinks or changes its sign.

        m <- m + (1 - beta_1)(g - m)      v <- v + (1 - beta_2)(g^2 - v)      both start at zero, hence too small:
        w <- w - a m / (sqrt(v) + epsilon)      with a = learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) at step t

    Kingma and Ba, ICLR 2015, arXiv:1412.6980, section 2's last form, which is Keras's: epsilon stands outside the
    correction of v, and is 1e-7.
    """

    memories = ("mean", "square")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        super().__init__(learning_rate)
        if not (0 <= beta_1 < 1 and 0 <= beta_2 < 1 and 0 < epsilon < np.inf):
            raise CourseError("beta_1 and beta_2 must be at least 0 and less than 1, and epsilon greater than 0, but "
                              f"they are {beta_1!r}, {beta_2!r} and {epsilon!r}.")
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def step(self, weights, gradient, mean, square):
        """Update one block in place; `scratch` saves making a new array for every operation."""
        t = self.iterations
        rate = self.learning_rate * np.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        scratch = gradient - mean
        scratch *= 1 - self.beta_1
        mean += scratch
        np.multiply(gradient, gradient, out=scratch)
        scratch -= square
        scratch *= 1 - self.beta_2
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += self.epsilon
        np.divide(mean, scratch, out=scratch)
        scratch *= float(rate)
        weights -= scratch


def _place(array):
    """Where an array's numbers lie: equal for the same array and for views of the same place."""
    return array.__array_interface__["data"][0], array.strides


def _pieces(arrays):
    """Cut arrays of one shape into flat views of at most BLOCK numbers each; leave them whole if that would copy."""
    if not all(array.flags.c_contiguous for array in arrays):
        yield arrays
        return
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, BLOCK):
        yield [array[start:start + BLOCK] for array in flat]
