"""Run a learner's code with care: on copies, with a word when it runs long, and nothing global left changed."""

import ast
import contextlib
import copy
import dis
import inspect
import io
import linecache
import os
import random
import sys
import textwrap
import threading
import warnings

import numpy as np

from course.checks.answers import NotAttempted, NotYet, kind, message_of

PATIENCE, LONGER = 10, 60  # seconds until a word is said: of a learner's code, of the checker (TensorFlow is slow)
SCREENFUL = 3000  # characters that a learner's code may print during one check
_HELP = {  # words of Python's or NumPy's message -> what they mostly mean
    "NoneType": ". Something here is None: methods that change an object in place (a list's `sort` or `append`, a "
    "model's `add`) give nothing back, so what they return cannot be stored or used further.",
    "truth value of an array": ". One yes or no was wanted, but here is a whole array of them. To join two comparisons "
    "write & or |, and put each in brackets: (a == 1) & (b == 1). A loop over a table gives whole rows: .ravel() "
    "makes one row of all numbers. Python's max and min compare single numbers; np.maximum(0, values) compares each.",
    "mismatch in its core dimension": ". In A @ B the last size of A must be the first of B. X.T is X on its side.",
    "does not have enough dimensions": ". A single number is multiplied with *, not with @.",
    "not associated with a value": ". The name got its value only inside a loop or an `if` that was not gone through "
    "here. Give it a first value before.",
    "could not be broadcast together": ". Arrays of different lengths meet. Shapes are compared from the last axis "
    "backwards, and each pair of lengths must be equal, or one of them 1.",
}


def is_untouched(answer):
    """Return True for None, `...`, a container of nothing else, and a function or class with nothing but the stub."""
    if answer is None or answer is Ellipsis:
        return True
    if isinstance(answer, (tuple, list, dict)) and len(answer):
        values = answer.values() if isinstance(answer, dict) else answer
        return all(value is None or value is Ellipsis for value in values)
    if inspect.isclass(answer):
        methods = [one for name, one in vars(answer).items() if inspect.isfunction(one) and name != "__init__"]
        return bool(methods) and all(map(_is_empty, methods))
    return inspect.isfunction(answer) and _is_empty(answer)


def _is_empty(function):
    """Return True when the body does nothing, and the three dots of the stub are (or may be) still in it."""
    quiet = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    instructions = list(dis.get_instructions(function))
    if any(instruction.opname not in quiet for instruction in instructions):
        return False
    returned = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    if any(value is not None and value is not Ellipsis for value in returned):
        return False
    tree = _source_tree(function)
    return Ellipsis in returned or tree is None or any(map(_is_dots, ast.walk(tree)))


def _is_dots(node):
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _source_tree(function):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


def still_has_dots(function):
    """Return True when a `...` of the stub is left as a value to be filled in, or as the last statement of a body."""
    tree = _source_tree(function)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return)) and _is_dots(node.value):
            return True
        body = getattr(node, "body", None)
        if isinstance(body, list) and any(isinstance(one, ast.Expr) and _is_dots(one.value) for one in body):
            last = body[-1]
            if isinstance(last, ast.Return) or (isinstance(last, ast.Expr) and _is_dots(last.value)):
                return True  # the dots end the body, or only a `return out` of the scaffold comes after them
    return False


class _Watch:
    """What is being waited for: said once, when it takes long."""

    def __init__(self):
        self.number, self.in_learners_code, self.stdout, self.timer = "", 0, None, None

    def start(self, number):
        """Begin to wait, unless COURSE_PATIENCE is 0: then nobody reads along, and outputs must not depend on time."""
        self.number, self.in_learners_code, self.stdout, self.timer = number, 0, sys.stdout, None
        if os.environ.get("COURSE_PATIENCE") != "0":
            self._wait(PATIENCE, PATIENCE)

    def _wait(self, seconds, waited):
        self.timer = threading.Timer(seconds, self._say, [waited])
        self.timer.daemon = True
        self.timer.start()

    def stop(self):
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _say(self, waited):
        if self.timer is None:  # stopped while this was about to be said
            return
        if not self.in_learners_code and waited < LONGER:
            self._wait(LONGER - waited, LONGER)
            return
        if self.in_learners_code:
            text = ("your code is still running. A `while` that never ends? To stop it press the square (Interrupt) in "
                    "the bar above the page, or in the editor's menu Kernel > Interrupt")
        else:
            text = "the checker is still at work (the first start of TensorFlow takes a while). Please wait"
        print(f"Exercise {self.number}: after {waited} seconds {text}.", file=self.stdout, flush=True)


_WATCH = _Watch()


class _Screenful(io.TextIOBase):
    """Passes on what is printed, up to one screenful, and counts the rest."""

    def __init__(self, target):
        self.target, self.left, self.dropped = target, SCREENFUL, 0

    def write(self, text):
        shown, self.left = text[:self.left], max(0, self.left - len(text))
        self.dropped += len(text) - len(shown)
        if shown:
            self.target.write(shown)
        return len(text)

    def flush(self):
        self.target.flush()


@contextlib.contextmanager
def undisturbed(number):
    """Leave random states, warnings and NumPy's error settings as they were; say when it takes long; cut prints."""
    python, numpy, keras = random.getstate(), np.random.get_state(), _keras_seed()  # noqa: NPY002
    screen = _Screenful(sys.stdout)
    _WATCH.start(number)
    try:
        with warnings.catch_warnings(), np.errstate(), contextlib.redirect_stdout(screen):
            yield
    finally:
        _WATCH.stop()
        if screen.dropped:
            print(f"\n... ({screen.dropped:,} more characters were printed by your code)")
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        _restore_keras_seed(keras)


def _keras_seed():
    """Return the value of Keras's own global seed generator; None where there is none."""
    generator = _keras_generator()
    return None if generator is None else np.array(generator.state)


def _keras_generator():
    if "keras" not in sys.modules:
        return None
    from keras.src.backend.common import global_state

    return global_state.get_global_attribute("global_seed_generator")


def _restore_keras_seed(value):
    generator = _keras_generator()
    if generator is None:
        return
    if value is None:
        from keras.src.backend.common import global_state

        global_state.set_global_attribute("global_seed_generator", None)
    else:
        generator.state.assign(value)


def call(function, *args, **kwargs):
    """Run the learner's function on copies of the inputs and return its result.

    Raises NotAttempted when it gives nothing and dots of the stub are left, and NotYet when it cannot be called, raises
    (the line is named), is interrupted, or changes what it was given.
    """
    if not callable(function):
        raise NotYet(f"A function is needed here, but this is {kind(function)}. Hand over its name without brackets.")
    given, named = fresh(args), fresh(kwargs)
    _require_signature(function, given, named)
    _WATCH.in_learners_code += 1
    try:
        result = function(*given, **named)
    except (NotYet, NotAttempted):  # raised by a helper of the checker that looks at each result
        raise
    except KeyboardInterrupt as error:
        reason = f"Stopped by hand before your code had ended{_line_of(function, error)}."
        raise NotYet(reason, error=error) from None
    except (Exception, SystemExit, GeneratorExit) as error:
        if still_has_dots(function) and (isinstance(error, NameError) or "ellipsis" in message_of(error)):
            raise NotAttempted(f" ({stopped(function, error)})") from error
        raise NotYet(stopped(function, error), error=error) from error
    finally:
        _WATCH.in_learners_code -= 1
    if (result is None or result is Ellipsis) and still_has_dots(function):
        raise NotAttempted
    for now, before in zip([*given, *named.values()], [*args, *kwargs.values()], strict=True):
        if not unchanged(now, before):
            kinds = {list: "list", dict: "dictionary", np.ndarray: "array"}
            what = "table" if _is_table(before) else kinds.get(type(before), "object")
            raise NotYet(f"Your code changed the {what} it was given. The caller may still need it: work on a copy.")
    return fresh(result)


def fresh(value):
    """Return an independent copy of arrays, tables and plain containers; anything else (a model) is handed on."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        try:
            return type(value)(fresh(item) for item in value)
        except RecursionError:  # a list that contains itself
            return value
    if type(value) is dict:
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, np.random.Generator) or _is_table(value):
        return copy.deepcopy(value)
    return value


def _is_table(value):
    return type(value).__module__.split(".")[0] == "pandas" and hasattr(value, "equals")


def unchanged(after, before):
    """Return True when two nested containers of arrays, tables and plain values hold the same, in the same order."""
    if isinstance(before, np.ndarray):
        return after.shape == before.shape and after.dtype == before.dtype and after.tobytes() == before.tobytes()
    if isinstance(before, (list, tuple)):
        return len(after) == len(before) and all(map(unchanged, after, before))
    if isinstance(before, dict):
        return list(after) == list(before) and unchanged(list(after.values()), list(before.values()))
    if _is_table(before):
        return after.equals(before) and all(a.equals(b) for a, b in zip(after.axes, before.axes, strict=True))
    if isinstance(before, (bool, int, float, complex, str, bytes, np.generic)):
        return type(after) is type(before) and (after == before or (after != after and before != before))
    return True


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


def _own_code(function):
    return getattr(inspect.unwrap(function), "__code__", None)


def _line_of(function, error):
    """Return ', in line 3 of its cell: `x = y`', naming the deepest line of the learner's own code; or ''."""
    code = _own_code(function)
    own, spot, traceback = code.co_filename if code else None, None, error.__traceback__
    while traceback:
        filename = traceback.tb_frame.f_code.co_filename
        if filename == own or "ipykernel_" in filename:
            spot = filename, traceback.tb_lineno
        traceback = traceback.tb_next
    return "" if spot is None else f", in line {spot[1]} of its cell: `{linecache.getline(*spot).strip()}`"


def stopped(function, error):
    """Return 'Your code stopped with ValueError: text, in line 3 of its cell: `x = y`', with what that mostly means."""
    message = message_of(error)
    advice = "".join(text for words, text in _HELP.items() if words in message)
    if refused(function, error) and isinstance(error, ValueError):
        advice = ". Your own `raise` refused an input that is right."
    return f"Your code stopped with {message}{_line_of(function, error)}{advice}"


def refused(function, error):
    """Return True when the error was raised by a `raise` in the learner's own code, not by NumPy or Python."""
    code = _own_code(function)
    if code is None or not was_raised(error):
        return False
    last = _deepest(error).tb_frame.f_code.co_filename
    return last == code.co_filename or "ipykernel_" in last


def was_raised(error):
    """Return True when the error comes from a `raise` written in Python, and not from within Python or NumPy."""
    deepest = _deepest(error)
    if deepest is None:
        return False
    instructions = dis.get_instructions(deepest.tb_frame.f_code)
    return any(one.offset == deepest.tb_lasti and one.opname == "RAISE_VARARGS" for one in instructions)


def _deepest(error):
    traceback = getattr(error, "__traceback__", None)
    while traceback is not None and traceback.tb_next:
        traceback = traceback.tb_next
    return traceback
