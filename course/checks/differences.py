"""Is a result what was expected, and if not, what is different, in one sentence?"""

import itertools
import numbers
from decimal import Decimal

import numpy as np

from course.checks.answers import kind, shortened

NOTHING = "Nothing came back (None). Is a `return` missing?"


def find_difference(result, expected, rtol=1e-6, atol=1e-9):
    """Return None when the two agree, else one sentence.

    Numbers may come in any type of any library (Fraction, float32, a tensor of one number), arrays as lists; their
    shapes must agree, but that a single number may stand in a shape of ones, and their values within tolerance.
    """
    if result is None:
        return NOTHING
    if result is Ellipsis or callable(result):
        return f"A value was expected, but this is {kind(result)}."
    if isinstance(expected, (str, bool, np.bool_)) or expected is None:
        right_type = isinstance(result, (bool, np.bool_) if isinstance(expected, (bool, np.bool_)) else type(expected))
        return None if right_type and result == expected else f"{describe(expected)} was expected."
    if isinstance(expected, tuple):
        return _tuple_difference(result, expected, rtol, atol)
    return _array_difference(result, np.asarray(expected), rtol, atol)


def agree(result, expected, rtol=1e-6, atol=1e-9):
    """Return True when find_difference finds none; None agrees with None."""
    return (result is None and expected is None) or find_difference(result, expected, rtol, atol) is None


def _tuple_difference(result, expected, rtol, atol):
    if all(np.ndim(one) == 0 for one in expected) and not isinstance(result, (tuple, list)):
        row = as_numbers(result)
        if row is not None and row.size == len(expected):
            result = tuple(row.ravel())
    if not isinstance(result, (tuple, list)) or len(result) != len(expected):
        count = f" of {len(result)}" if isinstance(result, (tuple, list)) else ""
        return f"{len(expected)} values were expected, but this is {kind(result)}{count}."
    for position, (one, other) in enumerate(zip(result, expected, strict=True), start=1):
        difference = find_difference(one, other, rtol, atol)
        if difference:
            return f"Value {position} of {len(expected)}: {difference}"
    return None


def as_numbers(value):
    """Return the value as an array of numbers (a masked entry is NaN), or None where it is none."""
    if isinstance(value, np.ma.MaskedArray):
        value = value.astype(float).filled(np.nan)
    try:
        array = np.asarray(value)
        if array.dtype == object and all(isinstance(one, (numbers.Real, Decimal)) for one in array.ravel()):
            array = array.astype(float)
    except (ValueError, TypeError, RecursionError, OverflowError):  # rows of different lengths, a list within itself
        return None
    return array if array.dtype.kind in "buif" else None


def _array_difference(result, expected, rtol, atol):
    values = as_numbers(result)
    if values is None:
        return f"Numbers were expected, but this is {kind(result)}."
    if values.shape != expected.shape:
        if expected.shape == () and values.size == 1:
            values = values.reshape(())
        elif isinstance(result, list) and values.size == expected.size == 0:  # a list cannot tell its other sizes
            values = values.reshape(expected.shape)
        else:
            return _shape_difference(values, expected, rtol, atol)
    values, expected = values.astype(float), expected.astype(float)
    unexpected = np.isnan(values) & ~np.isnan(expected)
    if unexpected.any():
        return f"There is a NaN (not a number){_place(unexpected)}. Was something divided by zero?"
    with np.errstate(invalid="ignore"):
        wrong = ~np.isclose(values, expected, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    spot = tuple(np.argwhere(wrong)[0])
    share = f"{wrong.sum()} of {wrong.size} values differ; the first" if wrong.ndim else "The value"
    came, wanted = _told_apart(values[spot], expected[spot])
    return f"{share}{_place(wrong)} is {came}, but {wanted} was expected."


def _shape_difference(values, expected, rtol, atol):
    if expected.shape == ():
        return f"One number was expected, but this is an array of shape {values.shape}."
    rows = values.ravel(), expected.ravel()
    in_order = values.size == expected.size and np.allclose(*rows, rtol, atol, equal_nan=True)
    hint = " The values are right and in the right order: `reshape` them." if in_order else ""
    return f"The shape is {values.shape}, but {expected.shape} was expected.{hint}"


def _told_apart(one, other):
    """Return both numbers with as many digits as it takes to see that they differ."""
    for digits in (6, 9, 12, 17):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _place(flags):
    """Return ' at [2, 0]' for the first True, '' for a single value."""
    return f" at {np.argwhere(flags)[0].tolist()}" if flags.ndim else ""


def describe(value, longest=30):
    """Return a value as text a learner can read: small arrays in full, large ones by shape, type and range."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.size <= longest:
            return np.array2string(value, precision=5, suppress_small=True, separator=", ") + f"  ({value.dtype})"
        if value.dtype.kind not in "buif":
            return kind(value)
        return f"{kind(value)}, values {value.min():g} to {value.max():g}"
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    if isinstance(value, (tuple, list)) and len(value) > 6:
        first = ", ".join(describe(item) for item in itertools.islice(value, 3))
        return f"{kind(value)} of {len(value)}: {first}, ..."
    if isinstance(value, (tuple, list)):
        if any(item is value for item in value):
            return f"{kind(value)} that contains itself"
        items, comma = ", ".join(describe(item) for item in value), "," if len(value) == 1 else ""
        return f"[{items}]" if isinstance(value, list) else f"({items}{comma})"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    try:
        text = repr(value)
    except Exception:
        return kind(value)
    return shortened(text) if " at 0x" not in text else kind(value)
