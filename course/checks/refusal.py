"""Require that a learner's code refuses an input it cannot answer, by raising an error."""

import numpy as np

from course.checks.compare import describe
from course.checks.core import NotYet, call, kind

RETURNED = "Your code returns the error like any other value, so nobody is stopped. Write `raise`, not `return`."


def require_refusal(answer, case, reason, filled=None, errors=ValueError):
    """Raise NotYet unless the learner's code raises one of `errors` for the case.

    reason: what to say then; filled: what to say instead where an array with numbers comes back.
    """
    details = [("went in", case.named(answer)), ("expected", "a ValueError")]
    try:
        result = call(answer, *case.args)
    except NotYet as problem:
        if isinstance(problem.error, errors):
            return
        raise NotYet(f"{reason} {problem.reason}", details, problem.error) from problem.error
    if isinstance(result, Exception):
        reason = RETURNED
    elif filled and np.size(result):
        reason = filled
    empty = isinstance(result, np.ndarray) and not result.size
    raise NotYet(reason, [*details, ("came out", f"{kind(result)}: empty" if empty else describe(result))])
