"""Mistakes that can happen in any exercise: a right result in a wrong shape, order, type or scale.

Each is a sentence and a function of the right result. It is named only where it gives exactly what came out, in every
case. A lesson's own mistakes are asked first: they know why.
"""

import numpy as np


def _array(change):
    """Return the change for arrays of numbers; anything else it leaves alone."""

    def changed(expected):
        if isinstance(expected, (tuple, str)) or expected is None:
            raise TypeError
        return change(np.asarray(expected))

    return changed


def _each(change):
    """Return the change for each number: of an array, of a single value, of each value of a tuple."""

    def changed(expected):
        if isinstance(expected, tuple):
            return tuple(changed(one) for one in expected)
        return _array(change)(expected)

    return changed


def _turned(expected):
    """A tuple of two or more values, the last first."""
    if not isinstance(expected, tuple):
        raise TypeError
    return expected[::-1]


def _axes(*order):
    def moved(values):
        return np.transpose(values, order)

    return _array(moved)


def _over(function):
    def reduced(values):
        if values.ndim == 0:
            raise TypeError
        return function(values)

    return _array(reduced)


SHAPE = [
    ("The result lies on its side: rows and columns have changed places. Leave out the transpose, or add it.",
     _axes(1, 0)),
    ("The channels stand in the first axis. They belong into the last.", _axes(2, 0, 1)),
    ("Rows and columns have changed places.", _axes(1, 0, 2)),
    ("One axis of length 1 is too many. [0] or `squeeze` takes it off.", _array(lambda values: values[None])),
    ("One axis of length 1 is too many, the last. [..., 0] or `squeeze` takes it off.",
     _array(lambda values: values[..., None])),
    ("An axis of length 1 is missing. `[..., None]` adds one at the end, `[None]` in front.",
     _array(lambda values: np.squeeze(values))),
    ("The numbers lie in one row. Give them their shape back with `reshape`.", _array(np.ravel)),
]  # fmt: skip
ORDER = [
    ("The values are right and the order is turned round: the last stands first.", _turned),
    ("The values are right and their order is turned round: the last row (or number) stands first.",
     _array(lambda values: values[::-1])),
    ("The last axis runs backwards: left and right have changed places, or, of colours, red and blue.",
     _array(lambda values: values[..., ::-1])),
    ("Rows and columns both run backwards: the result is turned by half a turn.",
     _array(lambda values: values[::-1, ::-1])),
    ("The values are right, but sorted. They belong in the order in which they were asked.", _array(np.sort)),
]  # fmt: skip
KIND = [
    ("The fractions are lost: these are whole numbers. `np.zeros(shape)` makes an array of floats; int(...), // and "
     "an array of whole numbers cut fractions off.", _each(np.trunc)),
    ("The values are right but rounded.", _each(np.round)),
    ("The values are rounded down to whole numbers.", _each(np.floor)),
    ("The values are rounded up to whole numbers.", _each(np.ceil)),
    ("The values went round: a uint8 holds 0 to 255, and after 255 comes 0 again.",
     _each(lambda values: np.mod(np.trunc(values), 256))),
    ("The values are right up to 255; all above became 255, all below 0 became 0.",
     _each(lambda values: np.clip(values, 0, 255))),
    ("True and False came back. The numbers themselves were asked.", _each(lambda values: values != 0)),
]  # fmt: skip
SCALE = [
    ("The sign is turned: each value is the right one times -1.", _each(np.negative)),
    ("Each value is 1 minus the right one.", _each(lambda values: 1 - values)),
    ("Each value is one too large.", _each(lambda values: values + 1)),
    ("Each value is one too small.", _each(lambda values: values - 1)),
    ("Each value is twice the right one.", _each(lambda values: 2 * values)),
    ("Each value is half the right one.", _each(lambda values: values / 2)),
    ("Each value is 100 times the right one: a percentage, where a share was asked.", _each(lambda v: 100 * v)),
    ("Each value is the right one divided by 100.", _each(lambda values: values / 100)),
    ("Each value is 255 times the right one.", _each(lambda values: 255 * values)),
    ("Each value is the right one divided by 255.", _each(lambda values: values / 255)),
    ("Each value is the square of the right one.", _each(np.square)),
    ("Each value is the square root of the right one.", _each(lambda values: np.sqrt(values.astype(float)))),
    ("Each value is upside down: 1 divided by the right one.", _each(lambda values: 1 / values)),
    ("The signs are lost: these are the absolute values.", _each(np.abs)),
    ("What is below 0 was cut to 0.", _each(lambda values: np.maximum(values, 0))),
    ("Each value is the logarithm of the right one.", _each(lambda values: np.log(values))),
    ("Each value is e to the power of the right one.", _each(lambda values: np.exp(values))),
]  # fmt: skip
SUMMARY = [
    ("This is the sum of what was asked: the single values were asked.", _over(np.sum)),
    ("This is the mean of what was asked: the single values were asked.", _over(np.mean)),
    ("This is the largest of what was asked: all values were asked.", _over(np.max)),
    ("These are the sums over the first axis: the single values were asked.", _over(lambda values: values.sum(axis=0))),
    ("These are the sums over the last axis: the single values were asked.", _over(lambda values: values.sum(axis=-1))),
    ("These are the means over the first axis: the single values were asked.", _over(lambda v: v.mean(axis=0))),
    ("These are the means over the last axis: the single values were asked.", _over(lambda v: v.mean(axis=-1))),
    ("This is the first of what was asked; the others are missing.", _array(lambda values: values[0])),
    ("This is the last of what was asked; the others are missing.", _array(lambda values: values[-1])),
    ("The last value is missing. range(n) and slices end before their second number.",
     _array(lambda values: values[:-1])),
    ("The first value is missing.", _array(lambda values: values[1:])),
]  # fmt: skip
FAMILIES = [*SHAPE, *ORDER, *KIND, *SCALE, *SUMMARY]
