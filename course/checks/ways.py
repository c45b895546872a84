"""Ways to go wrong that exercises of several lessons share, each made from a right implementation."""

import numpy as np

from course.checks.compare import Mistake, mistakes


def as_float(function):
    """Wrap a function so that it computes with arrays in float64."""
    return lambda *inputs: function(*(one.astype(float) if isinstance(one, np.ndarray) else one for one in inputs))


def both(function):
    """Return a mistaken function as it is, and computing in float64: learners forget that, or do not."""
    return function, as_float(function)


def sized(reason, wanted):
    """Return a Mistake of shape: wanted(expected shape, *inputs) is the shape that came, and not the right one."""
    return Mistake(reason, when=lambda result, expected, *inputs: result is not None and
                   np.shape(result) == tuple(wanted(expected.shape, *inputs)) != expected.shape)  # fmt: skip


def own_type(right):
    """Return `right`, stored in the picture's own number type."""
    def wrong(image, *others):
        out = right(image, *others)
        return out.astype(np.int64).astype(image.dtype) if image.dtype.kind in "iu" else out
    return wrong


def only(right, *place, fill=True):
    """Return `right` with nothing but out[place] filled or, with fill=False, with nothing there."""
    def wrong(*inputs):
        full = right(*inputs)
        mask = np.zeros(full.shape, bool)
        mask[place] = True
        return np.where(mask == fill, full, 0)
    return wrong


def loop_mistakes(right):
    """Return the mistakes of any two loops that fill a map."""
    return [
        sized("One number came back, not a map. Store each in its place, out[i, j] = ..., and return the whole map.",
              lambda *inputs: ()),
        *mistakes(
            ("The last row and column of the map were never filled. range(n) ends before n.",
             only(only(right, -1, fill=False), slice(None), -1, fill=False)),
            ("Only the first place is filled. Does `return` stand inside the loops? It belongs behind both.",
             only(right, 0, 0)),
            ("Only the first row is filled. Does `return` stand inside the loop over rows? It belongs behind both.",
             only(right, 0)),
        ),
    ]  # fmt: skip
