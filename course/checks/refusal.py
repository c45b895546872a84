"""Require that a learner's code refuses an input it cannot answer, by raising an error."""

import numpy as np

from course.checks.answers import NotYet, kind
from course.checks.differences import describe
from course.checks.running import call, refused

RETURNED = "Your code returns the error like any other value, so nobody is stopped. Write `raise`, not `return`."


def require_refusal(answer, case, reason, filled=None, errors=ValueError):
    """Raise NotYet unless the learner's code raises one of `errors` (ValueError, or what is derived from it).

    reason: what to say when nothing was raised; filled: what to say instead where an array with numbers comes back.
    """
    details = [("went in", case.named(answer)), ("expected", "a ValueError")]
    try:
        result = call(answer, *case.args, **case.kwargs)
    except NotYet as problem:
        if isinstance(problem.error, errors):
            return
        raise NotYet(_wrong_refusal(answer, problem), details, problem.error, case) from problem.error
    if isinstance(result, Exception):
        reason = RETURNED
    elif filled and result is not None and np.size(result):
        reason = filled
    empty = isinstance(result, np.ndarray) and not result.size
    raise NotYet(reason, [*details, ("came out", f"{kind(result)}: empty" if empty else describe(result))], case=case)


def _wrong_refusal(answer, problem):
    """Return the reason where the code stopped, but not with the error that was asked."""
    name = type(problem.error).__name__
    if problem.error is None or isinstance(problem.error, KeyboardInterrupt):
        return problem.reason
    if refused(answer, problem.error):
        article = "an" if name[0] in "AEIO" else "a"
        return (f"This input is refused, as it should be, but with {article} {name}. Raise ValueError, not {name}: "
                "it says that a value, and not the program, is wrong.")
    return ("This input is to be refused with a sentence, `raise ValueError('...')`, before anything is computed. "
            f"Nothing in your code did: {problem.reason[0].lower()}{problem.reason[1:]}")
