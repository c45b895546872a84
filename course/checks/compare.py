"""Compare a learner's answer with an independent reference, and say in words what is different.

`against_reference` runs a function on several cases; `value_against` looks at one value. Both take classic mistakes: a
wrong implementation (or value) and the sentence to say when the learner's answer equals what it gives.
"""

import contextlib
import copy
import functools
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.checks.answers import NotAttempted, NotYet
from course.checks.differences import agree, as_numbers, describe, find_difference
from course.checks.families import FAMILIES
from course.checks.running import call, fresh, refused, was_raised


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
    """A classic mistake and the sentence that helps. It is named only when it explains every case.

    wrong: the mistaken implementation, called like the learner's function; where it raises, a learner's error of the
    same type and message is this mistake (of her own `raise`: the same type). when: instead, a test
    `when(result, expected, *inputs) -> bool` that must hold in every case in which the answer is not right; a result
    may be None.
    """

    reason: str
    wrong: Callable | None = None
    when: Callable | None = None


@dataclass(frozen=True)
class _Outcome:
    """What the answer gave for one case: a result, or the NotYet that tells why there is none."""

    case: Case
    expected: object
    result: object
    problem: NotYet | None
    difference: str | None


def against_reference(answer, reference, cases, library, mistakes=(), rtol=1e-6, atol=1e-9):
    """Return the sentence for a right answer, or raise NotYet for the first case where `answer` differs.

    reference is called like the learner's function; `library` names it, such as "SciPy's correlate2d".
    """
    outcomes = [_outcome(answer, reference, case, rtol, atol, first=case is cases[0]) for case in cases]
    failed = [outcome for outcome in outcomes if outcome.difference]
    if not failed:
        _require_no_memory(answer, outcomes[0], rtol, atol)
        return f"All {len(cases)} cases agree with {library}."
    first = failed[0]
    reason = _reason_for_all(answer, outcomes, failed, mistakes, rtol, atol) or first.difference
    details = [("went in", first.case.named(answer)), ("expected", describe(first.expected))]
    if not first.problem or reason is not first.difference:
        details.append(("came out", first.problem.reason if first.problem else describe(first.result)))
    if reason is not first.difference and not first.problem:
        details.append(("difference", first.difference))
    raise NotYet(reason, details, first.problem.error if first.problem else None, first.case)


def value_against(answer, expected, source, mistakes=(), rtol=1e-6, atol=1e-9):
    """Return the sentence for a right value, or raise NotYet. mistakes: pairs (wrong value, reason)."""
    difference = find_difference(answer, expected, rtol, atol)
    if difference is None:
        return f"It agrees with {source}."
    likely = (reason for wrong, reason in mistakes if agree(answer, wrong, rtol, atol))
    raise NotYet(next(likely, difference), [("came out", describe(answer))])  # the expected value stays a riddle


def mistakes(*table):
    """Return the Mistakes of a table of rows (reason, wrong, wrong, ...)."""
    return [Mistake(reason, wrong) for reason, *wrongs in table for wrong in wrongs]


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


def _outcome(answer, reference, case, rtol, atol, first):
    """Run the answer on one case; an untouched stub passes through in the first one."""
    expected = case.run(reference)
    try:
        result = call(answer, *case.args, **case.kwargs)
    except NotAttempted:
        if first:
            raise
        result, problem = None, NotYet("Nothing came back for this case. Three dots of the stub are still there.")
    except NotYet as stopped:
        if isinstance(stopped.error, KeyboardInterrupt):
            raise
        result, problem = None, stopped
    else:
        problem = None
    difference = problem.reason if problem else find_difference(result, expected, rtol, atol)
    return _Outcome(case, expected, result, problem, difference)


def _require_no_memory(answer, outcome, rtol, atol):
    """The first case once more, after all others: an answer that remembers them gives another result now."""
    again = call(answer, *outcome.case.args, **outcome.case.kwargs)
    difference = find_difference(again, outcome.expected, rtol, atol)
    if difference:
        raise NotYet(
            "The first case, asked again after the others, gives another result: your code remembers something from "
            "call to call (a list as default value? a name outside the function?). Make it anew inside the function.",
            [("went in", outcome.case.named(answer)), ("expected", describe(outcome.expected)),
             ("came out", describe(again)), ("difference", difference)], case=outcome.case)  # fmt: skip


def _reason_for_all(answer, outcomes, failed, mistakes, rtol, atol):
    """Return the reason of the first mistake that explains every case, the lesson's own before the families; or None.

    Cases that failed are looked at first: most mistakes explain none of them, and need no other.
    """
    ordered = [*failed, *(outcome for outcome in outcomes if not outcome.difference)]
    near = {"rtol": max(rtol, 1e-6), "atol": max(atol, 1e-9)}
    for mistake in mistakes:
        if mistake.when is not None:
            explained = all(_applies(mistake.when, outcome) for outcome in failed)
        else:
            explained = all(_same(answer, functools.partial(outcome.case.run, mistake.wrong), outcome, near)
                            for outcome in ordered)
        if explained:
            return mistake.reason
    if any(outcome.problem for outcome in outcomes) or _wrong_numbers(failed) < 3:
        return None  # too little to tell one family from another
    if len(failed) > 2 and _always_the_same(outcomes):
        return "The same result comes out in every case, whatever went in. Is an input not used?"
    for reason, change in FAMILIES:
        if all(_same(answer, functools.partial(change, one.expected), one, near) for one in ordered):
            return reason
    return None


def _always_the_same(outcomes):
    """Return True when every result is equal, and what was expected is not."""
    first = outcomes[0]
    if any(as_numbers(one.result) is None for one in outcomes):
        return False
    return (all(agree(one.result, first.result) for one in outcomes)
            and not all(agree(one.expected, first.expected) for one in outcomes))


def _wrong_numbers(failed):
    """Return how many numbers were expected in the cases that failed."""
    return sum(len(one.expected) if isinstance(one.expected, tuple) else np.size(one.expected) for one in failed)


@contextlib.contextmanager
def _no_warnings():
    """Our own wrong implementations may divide by zero; that is nothing the learner did."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _applies(when, outcome):
    """Return True when the test of a mistake says so; a result that the test cannot take is not this mistake."""
    if outcome.problem:
        return False
    try:
        with _no_warnings():
            return bool(outcome.case.run(functools.partial(when, outcome.result, outcome.expected)))
    except Exception:
        return False


def _same(answer, mistaken, outcome, near):
    """Return True when mistaken() gives what the answer gave, or stops as it stopped.

    near: tolerances by which two wrong results are alike. Where the answer is wrong, a mistake must change something.
    """
    try:
        with _no_warnings():
            wrong = mistaken()
    except Exception as error:
        came = outcome.problem and outcome.problem.error
        if not came or type(came) is not type(error):
            return False
        return str(came) == str(error) or (refused(answer, came) and was_raised(error))
    if outcome.problem or (outcome.difference and agree(wrong, outcome.expected, rtol=0, atol=0)):
        return False
    return agree(outcome.result, wrong, **near)


__all__ = ["Case", "Mistake", "adapted", "against_reference", "describe", "find_difference", "mistakes", "require",
           "value_against"]  # fmt: skip
