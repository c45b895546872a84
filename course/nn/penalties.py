"""Penalties on large weights, added to the loss: L1 and L2, with Keras's meaning of the factor (no 1/2 anywhere).

A layer takes one as `kernel_regularizer`. The penalty is on the kernel; the bias stays free. `Sequential` adds it to
every loss it reports, and its gradient to the kernel's, before the optimizer sees it.
"""

from numbers import Real

import numpy as np

from course import CourseError


class Penalty:
    """What both share: a factor of at least 0, `penalty(w) -> float` and `penalty.gradient(w)`, in the shape of w."""

    def __init__(self, factor=0.01):
        if not isinstance(factor, Real) or not 0 <= factor < np.inf:
            raise CourseError(f"the factor of a penalty must be a number, at least 0 and finite, but it is {factor!r}.")
        self.factor = float(factor)

    def __repr__(self):
        return f"{type(self).__name__}({self.factor:g})"


class L1(Penalty):
    """factor * sum of |w|: every weight is pulled towards 0 by the same force, however small it is."""

    def __call__(self, w):
        return self.factor * float(np.abs(w).sum())

    def gradient(self, w):
        """factor * sign(w), and 0 where w is 0."""
        return self.factor * np.sign(w)


class L2(Penalty):
    """factor * sum of w^2: the farther a weight is from 0, the stronger it is pulled."""

    def __call__(self, w):
        return self.factor * float(np.square(w).sum())

    def gradient(self, w):
        """2 * factor * w."""
        return 2 * self.factor * w


KINDS = {kind.__name__: kind for kind in (L1, L2)}


def penalty(value):
    """Return None or a penalty, given as such or as what `written` makes of it."""
    if value is None or isinstance(value, Penalty):
        return value
    if isinstance(value, (list, tuple)) and len(value) == 2 and value[0] in KINDS:
        return KINDS[value[0]](value[1])
    raise CourseError(f"kernel_regularizer must be None, or a penalty such as L2(0.01), but it is {value!r}.")


def written(value):
    """Return None or a penalty as plain values, such as ["L2", 0.01]."""
    return None if value is None else [type(value).__name__, value.factor]
