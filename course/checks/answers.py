"""What a checker can say, and the words for what a learner handed over."""

import inspect
from dataclasses import dataclass, field
from html import escape

import numpy as np

_SYMBOLS = {"not attempted": ("○", "#595959"), "not yet": ("↻", "#D55E00"), "right": ("✓", "#009E73")}
LONGEST_TEXT = 300  # characters of somebody else's message


class NotAttempted(Exception):
    """The stub still stands as it was given."""


class NotYet(Exception):
    """The answer is not right. `details` are (label, text) pairs: what went in, was expected, came out.

    `error` is the exception that the learner's code raised, `case` the Case in which it is not right, if there is one.
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


def kind(value):
    """Return what a value is, in words: 'a float32 array of shape (3, 4)', 'an int'."""
    if isinstance(value, np.ndarray):
        return f"{_article(value.dtype.name)} {value.dtype} array of shape {value.shape}"
    if inspect.isclass(value):
        return f"the class {value.__name__}"
    name = type(value).__name__
    return f"{_article(name)} {name}"


def _article(name):
    """Return "a" or "an": an int64, an object, an EagerTensor; but a uint8, which begins like "you"."""
    return "an" if name[0] in "aeioAEIO" else "a"


def shortened(text):
    """Return the text, or its beginning where it is too long to be read."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} ... ({len(text):,} characters in all)"


def message_of(error):
    """Return 'ValueError: its text', shortened; an exception that cannot even tell its text has none."""
    try:
        text = str(error)
    except Exception:
        text = ""
    return shortened(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def as_lines(found, wanted):
    """Return a list (or set, or array) of texts as one text, a line each, so that its order counts; else what it is.

    wanted: what to say where it is one text already.
    """
    if isinstance(found, str):
        raise NotYet(f"This is one text. {wanted}")
    if found is None or found is Ellipsis or not hasattr(found, "__iter__"):
        return found
    return "\n".join(map(str, sorted(found) if isinstance(found, (set, frozenset)) else found))
