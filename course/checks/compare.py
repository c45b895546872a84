"""Compare a learner's answer with an independent reference, and say in words what is different.

`against_reference` runs a function on several cases; `value_against` looks at one value. Both take classic mistakes: a
wrong implementation (or value) and the sentence to say when the learner's answer equals what it gives.
"""

import contextlib
import copy
import functools
import inspect
import itertools
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks.core import NotAttempted, NotYet, call, fresh, kind


class Case:
    """One set of inputs: `Case(image, 100)`, with words for what is special: `Case(image, 0, note="empty edge")`."""

    def __init__(self, *args, note="", **kwargs):
        self.args, self.kwargs, self.note, self.names = args, kwargs, note, ()

    def run(self, function):
        """Call `function` on copies of the inputs, so that no implementation can spoil the case for the next."""
        return function(*fresh(self.args), **fresh(self.kwargs))

    def named(self, function):
        """Return the same case; as text it names each input as `function` does."""
        case = copy.copy(self)
        case.names = _parameters(function)
        return case

    def __str__(self):
        names = [f"{name} = " for name in self.names] or [""] * len(self.args)
        parts = [name + describe(value) for name, value in zip(names, self.args, strict=False)]
        parts += [f"{name} = {describe(value)}" for name, value in self.kwargs.items()]
        return ",\n".join(parts) + (f"\n({self.note})" if self.note else "")


@dataclass(frozen=True)
class Mistake:
    """A classic mistake and the sentence that helps.

    wrong: the mistaken implementation, called like the learner's function (it may raise; then a learner's error of the
    same type is this mistake). when: instead, a test `when(result, expected, *inputs) -> bool`.
    """

    reason: str
    wrong: Callable | None = None
    when: Callable | None = None


def against_reference(answer, reference, cases, library, mistakes=(), rtol=1e-6, atol=1e-9):
    """Return the sentence for a right answer, or raise NotYet for the first case where `answer` differs.

    reference is called like the learner's function; `library` names it, such as "SciPy's correlate2d".
    """
    outcomes = [_outcome(answer, case, first=case is cases[0]) for case in cases]
    for case, (result, problem) in zip(cases, outcomes, strict=True):
        expected = case.run(reference)
        difference = problem.reason if problem else find_difference(result, expected, rtol, atol)
        if difference is None:
            continue
        reason = _likely_reason(case, result, problem, expected, mistakes, cases, outcomes) or difference
        details = [("went in", case.named(answer)), ("expected", describe(expected))]
        if not problem or reason is not difference:
            details.append(("came out", problem.reason if problem else describe(result)))
        if reason is not difference and not problem:
            details.append(("difference", difference))
        raise NotYet(reason, details, problem.error if problem else None, case)
    return f"All {len(cases)} cases agree with {library}."


def value_against(answer, expected, source, mistakes=(), rtol=1e-6, atol=1e-9):
    """Return the sentence for a right value, or raise NotYet. mistakes: pairs (wrong value, reason)."""
    difference = find_difference(answer, expected, rtol, atol)
    if difference is None:
        return f"It agrees with {source}."
    likely = (reason for wrong, reason in mistakes if find_difference(answer, wrong, rtol, atol) is None)
    raise NotYet(next(likely, difference), [("came out", describe(answer))])  # the expected value stays a riddle


def require(condition, reason, **details):
    """Raise NotYet(reason) unless `condition` holds. Keywords become details: `came_out=...` reads "came out"."""
    if not condition:
        raise NotYet(reason, [(name.replace("_", " "), describe(value)) for name, value in details.items()])


def adapted(answer, change):
    """Return the learner's function with `change` applied to each result, so that equal answers are judged alike."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def wrapped(*args, **kwargs):
        return change(answer(*args, **kwargs))

    return wrapped


def _parameters(function):
    """Return the names of the inputs of the learner's function; none where they cannot be told."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [] if any(one.kind is one.VAR_POSITIONAL for one in parameters) else [one.name for one in parameters]


def _outcome(answer, case, first):
    """Return (result, None), or (None, NotYet) when the learner's code stopped; an untouched stub passes through."""
    try:
        return call(answer, *case.args, **case.kwargs), None
    except NotAttempted:
        if first:
            raise
        return None, NotYet("Nothing came back for this case. Three dots of the stub are still in your code.")
    except NotYet as problem:
        return None, problem


def _likely_reason(case, result, problem, expected, mistakes, cases, outcomes):
    """Return the reason of the mistake that explains this case and, among those, the most other cases; or None."""
    best, best_count = None, 0
    for mistake in mistakes:
        if mistake.when is not None:
            count = int(problem is None and _applies(mistake.when, result, expected, case))
        else:
            same = [_same_mistake(mistake, c, *o) for c, o in zip(cases, outcomes, strict=True)]
            count = sum(same) if same[cases.index(case)] else 0
        if count > best_count:
            best, best_count = mistake.reason, count
    return best


@contextlib.contextmanager
def _no_warnings():
    """Our own wrong implementations may divide by zero; that is nothing the learner did."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _applies(when, result, expected, case):
    """Return True when the test of a mistake says so; a result that the test cannot take is not this mistake."""
    try:
        with _no_warnings():
            return bool(case.run(functools.partial(when, result, expected)))
    except Exception:
        return False


def _same_mistake(mistake, case, result, problem):
    try:
        with _no_warnings():
            wrong = case.run(mistake.wrong)
    except Exception as error:
        return problem is not None and type(problem.error) is type(error)
    return problem is None and find_difference(result, wrong, 1e-6, 1e-9) is None


def find_difference(result, expected, rtol=1e-6, atol=1e-9):
    """Return None when the two agree, else one sentence. Arrays must agree in shape and, within tolerance, in value."""
    if result is None:
        return "Nothing came back (None). Is a `return` missing?"
    if result is Ellipsis or callable(result):
        return f"A value was expected, but this is {kind(result)}."
    if isinstance(expected, (str, bool, np.bool_)) or expected is None:
        right_type = isinstance(result, (bool, np.bool_) if isinstance(expected, (bool, np.bool_)) else type(expected))
        return None if right_type and result == expected else f"{describe(expected)} was expected."
    if isinstance(expected, tuple):
        return _tuple_difference(result, expected, rtol, atol)
    if isinstance(expected, np.ndarray) and not isinstance(result, np.ndarray):
        return f"A NumPy array was expected, but this is {kind(result)}. `np.array(...)` makes one."
    return _array_difference(result, np.asarray(expected), rtol, atol)


def _tuple_difference(result, expected, rtol, atol):
    numbers = all(np.ndim(one) == 0 for one in expected)
    if numbers and isinstance(result, np.ndarray) and result.shape == (len(expected),):
        result = tuple(result)
    if not isinstance(result, (tuple, list)) or len(result) != len(expected):
        count = f" of {len(result)}" if isinstance(result, (tuple, list)) else ""
        return f"{len(expected)} values were expected, but this is {kind(result)}{count}."
    for position, (one, other) in enumerate(zip(result, expected, strict=True), start=1):
        difference = find_difference(one, other, rtol, atol)
        if difference:
            return f"Value {position} of {len(expected)}: {difference}"
    return None


def _array_difference(result, expected, rtol, atol):
    try:
        numbers = np.asarray(result)
        is_number = numbers.dtype.kind in "buif"
    except ValueError:  # rows of different lengths
        is_number = False
    if not is_number:
        return f"Numbers were expected, but this is {kind(result)}."
    if numbers.shape != expected.shape:
        if expected.shape == ():
            return f"One number was expected, but this is an array of shape {numbers.shape}."
        in_order = numbers.size == expected.size and np.allclose(numbers.ravel(), expected.ravel(), rtol, atol)
        hint = " The values are right and in the right order: `reshape` them." if in_order else ""
        return f"The shape is {numbers.shape}, but {expected.shape} was expected.{hint}"
    numbers, expected = numbers.astype(float), expected.astype(float)
    unexpected = np.isnan(numbers) & ~np.isnan(expected)
    if unexpected.any():
        return f"There is a NaN (not a number){_place(unexpected)}. Was something divided by zero?"
    with np.errstate(invalid="ignore"):
        wrong = ~np.isclose(numbers, expected, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    spot = tuple(np.argwhere(wrong)[0])
    share = f"{wrong.sum()} of {wrong.size} values differ; the first" if wrong.ndim else "The value"
    return f"{share}{_place(wrong)} is {numbers[spot]:g}, but {expected[spot]:g} was expected."


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
        items, comma = ", ".join(describe(item) for item in value), "," if len(value) == 1 else ""
        return f"[{items}]" if isinstance(value, list) else f"({items}{comma})"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    text = repr(value)
    return text if len(text) <= 200 and " at 0x" not in text else kind(value)


__all__ = ["Case", "Mistake", "adapted", "against_reference", "describe", "find_difference", "require", "value_against"]
