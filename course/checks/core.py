"""The three answers of a checker, the register of exercises, and the careful way to run a learner's code.

A checker lives in `course/checks/lesson_NN/__init__.py`, its cases and mistakes in the modules beside. It is decorated
with `@exercise("NN.k")`, takes the learner's answer and returns one sentence when the answer is right. When it is not,
it raises `NotYet` with the reason. Helpers that compare answers with a reference are in `course.checks.compare`.
"""

import ast
import copy
import dis
import importlib
import inspect
import linecache
import textwrap
from dataclasses import dataclass, field
from html import escape

import numpy as np

from course import CourseError

_EXERCISES = {}
_HELP = {  # words of Python's or NumPy's message -> what they mostly mean
    "NoneType": ". Something here is None: methods that change an object in place (a list's `sort` or `append`, a "
    "model's `add`) give nothing back, so what they return cannot be stored or used further.",
    "truth value of an array": ". One yes or no was wanted, but here is a whole array of them. To join two comparisons "
    "write & or |, and put each in brackets: (a == 1) & (b == 1). A loop over a table gives whole rows: .ravel() "
    "makes one row of all numbers. Python's max and min compare single numbers; np.maximum(0, values) compares each.",
    "mismatch in its core dimension": ". In A @ B the last size of A must be the first of B. X.T is X on its side.",
    "does not have enough dimensions": ". A single number is multiplied with *, not with @.",
    "could not be broadcast together": ". Arrays of different lengths meet. Shapes are compared from the last axis "
    "backwards, and each pair of lengths must be equal, or one of them 1.",
}
_SYMBOLS = {"not attempted": ("○", "#595959"), "not yet": ("↻", "#D55E00"), "right": ("✓", "#009E73")}


class NotAttempted(Exception):
    """The stub still stands as it was given."""


class NotYet(Exception):
    """The answer is not right. `details` are (label, text) pairs: what went in, was expected, came out.

    `case` is the Case in which it is not right, where there is one.
    """

    def __init__(self, reason, details=(), error=None, case=None):
        super().__init__(reason)
        self.reason, self.details, self.error, self.case = reason, tuple(details), error, case


@dataclass(frozen=True)
class Result:
    """What `check` says. `error` keeps the exception that the learner's code raised, if it raised one."""

    number: str
    status: str
    reason: str
    details: tuple = ()
    error: BaseException | None = field(default=None, compare=False)

    def __repr__(self):
        lines = [f"Exercise {self.number}: {self.status}. {self.reason}"]
        for label, text in self.details:
            lines.append(f"  {label + ':':<10} " + str(text).replace("\n", "\n" + " " * 13))
        return "\n".join(lines)

    def _repr_html_(self):
        symbol, colour = _SYMBOLS[self.status]
        rows = "".join(
            f"<tr><td style='text-align:left;vertical-align:top'>{escape(label)}</td>"
            f"<td style='text-align:left'><pre style='margin:0'>{escape(str(text))}</pre></td></tr>"
            for label, text in self.details
        )
        table = f"<table>{rows}</table>" if rows else ""
        return (
            f"<div style='border-left:4px solid {colour};padding:4px 10px'>{symbol} <b>Exercise {self.number}: "
            f"{self.status}.</b> {escape(self.reason)}{table}</div>"
        )


def exercise(number):
    """Register the decorated function as the checker of exercise `number`, a text such as "4.2"."""

    def register(checker):
        _EXERCISES[number] = checker
        return checker

    return register


def exercises(lesson):
    """Return {number: checker} of one lesson, importing the package `course.checks.lesson_NN` if need be."""
    name = f"course.checks.lesson_{int(lesson):02d}"
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return {number: checker for number, checker in _EXERCISES.items() if number.split(".")[0] == str(int(lesson))}


def check(number, answer):
    """Compare `answer` with the reference of exercise `number` and return a Result. Never raises for a wrong answer."""
    number = str(number)
    lesson = number.split(".")[0]
    known = exercises(lesson) if lesson.isdigit() else {}
    if number not in known:
        there = ", ".join(known) or "none with a checker"
        raise CourseError(f'there is no exercise "{number}". Exercises of this lesson: {there}. Check the number.')
    try:
        if is_untouched(answer):
            raise NotAttempted
        reason = known[number](answer)
        return Result(number, "right", reason)
    except NotAttempted as untouched:
        reason = "Replace the three dots by your code and run this cell again; nothing below depends on it."
        return Result(number, "not attempted", reason + str(untouched))
    except NotYet as problem:
        return Result(number, "not yet", problem.reason, problem.details, problem.error)
    except Exception as error:  # an answer of a kind nobody thought of must not stop the notebook
        reason = f"The checker could not use this answer ({kind(answer)}): {type(error).__name__}: {error}"
        return Result(number, "not yet", reason, (), error)


def is_untouched(answer):
    """Return True for None, `...`, a container of nothing else, and a function or class whose body is only `...`."""
    if answer is None or answer is Ellipsis:
        return True
    if isinstance(answer, (tuple, list, dict)) and len(answer):
        values = answer.values() if isinstance(answer, dict) else answer
        return all(value is None or value is Ellipsis for value in values)
    if inspect.isclass(answer):
        return any(_is_empty(method) for method in vars(answer).values() if inspect.isfunction(method))
    return inspect.isfunction(answer) and _is_empty(answer)


def _is_empty(function):
    """Return True when the compiled body does nothing but return None or `...` (a docstring makes no difference)."""
    quiet = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    instructions = list(dis.get_instructions(function))
    if any(instruction.opname not in quiet for instruction in instructions):
        return False
    returned = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(value is None or value is Ellipsis for value in returned)


def still_has_dots(function):
    """Return True when a `...` of the stub is left in the source as a statement or as a value to be filled in."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    places = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)
    values = (getattr(node, "value", None) for node in ast.walk(tree) if isinstance(node, places))
    return any(isinstance(value, ast.Constant) and value.value is Ellipsis for value in values)


def call(function, *args, **kwargs):
    """Run the learner's function on copies of the inputs and return its result.

    Raises NotAttempted when it gives nothing and dots of the stub are left, and NotYet when it cannot be called, raises
    (the line is named) or changes what it was given.
    """
    if not callable(function):
        raise NotYet(f"A function is needed here, but this is {kind(function)}. Hand over its name without brackets.")
    given, named = fresh(args), fresh(kwargs)
    _require_signature(function, given, named)
    try:
        result = function(*given, **named)
    except Exception as error:
        if still_has_dots(function) and (isinstance(error, NameError) or "ellipsis" in str(error)):
            raise NotAttempted(f" ({_where(function, error)})") from error
        raise NotYet(_where(function, error), error=error) from error
    if (result is None or result is Ellipsis) and still_has_dots(function):
        raise NotAttempted
    if not (_unchanged(given, args) and _unchanged(list(named.values()), list(kwargs.values()))):
        raise NotYet("Your code changed the array it was given. The caller may still need it: work on a copy.")
    return fresh(result)


def fresh(value):
    """Return an independent copy of arrays and plain containers; anything else (a model, a file) is handed on."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(fresh(item) for item in value)
    if type(value) is dict:
        return {key: fresh(item) for key, item in value.items()}
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value


def _require_signature(function, args, kwargs):
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        name = getattr(function, "__name__", "your function")
        raise NotYet(f"{name}{signature} cannot be called with what this exercise hands over: {error}.") from error


def _where(function, error):
    """Return 'ValueError: text, in line 3 of the cell: `x = y`', naming the deepest line of the learner's own code."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    own = code.co_filename if code else None
    spot, traceback = None, error.__traceback__
    while traceback:
        filename = traceback.tb_frame.f_code.co_filename
        if filename == own or "ipykernel_" in filename:
            spot = filename, traceback.tb_lineno
        traceback = traceback.tb_next
    message = f"Your code stopped with {type(error).__name__}: {error}"
    if spot is not None:
        message += f", in line {spot[1]} of its cell: `{linecache.getline(*spot).strip()}`"
    return message + "".join(text for words, text in _HELP.items() if words in str(error))


def refused(function, error):
    """Return True when the error was raised by a `raise` in the learner's own code, not by NumPy or Python."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    traceback = error.__traceback__ if error is not None else None
    if code is None or traceback is None:
        return False
    while traceback.tb_next:
        traceback = traceback.tb_next
    last = traceback.tb_frame.f_code
    if last.co_filename != code.co_filename and "ipykernel_" not in last.co_filename:
        return False
    return any(one.offset == traceback.tb_lasti and one.opname == "RAISE_VARARGS" for one in dis.get_instructions(last))


def _unchanged(after, before):
    """Return True when two nested containers of arrays and plain values hold the same."""
    if isinstance(before, np.ndarray):
        return after.shape == before.shape and after.dtype == before.dtype and after.tobytes() == before.tobytes()
    if isinstance(before, (list, tuple)):
        return len(after) == len(before) and all(map(_unchanged, after, before))
    if isinstance(before, dict):
        return list(after) == list(before) and _unchanged(list(after.values()), list(before.values()))
    return True


def kind(value):
    """Return what a value is, in words: 'a float32 array of shape (3, 4)', 'an int'."""
    if isinstance(value, np.ndarray):
        return f"{_article(value.dtype.name)} {value.dtype} array of shape {value.shape}"
    if inspect.isclass(value):
        return f"the class {value.__name__}"
    name = type(value).__name__
    return f"{_article(name)} {name}"


def _article(name):
    """Return "a" or "an": an int64, an object; but a uint8, which begins like "you"."""
    return "an" if name[0] in "aeio" else "a"
