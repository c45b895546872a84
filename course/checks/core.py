"""The register of exercises, and `check`.

A checker lives in `course/checks/lesson_NN/__init__.py`, its cases and mistakes in the modules beside. It is decorated
with `@exercise("NN.k")`, takes the learner's answer and returns one sentence when the answer is right. When it is not,
it raises `NotYet` with the reason. Helpers that compare answers with a reference are in `course.checks.compare`, those
that run a learner's code in `course.checks.running`.
"""

import importlib

from course import CourseError
from course.checks.answers import NotAttempted, NotYet, Result, kind, message_of
from course.checks.running import call, fresh, is_untouched, refused, undisturbed

_EXERCISES = {}


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
    with undisturbed(number):
        checker = _checker_of(number)
        try:
            return _judged(number, checker, answer)
        except KeyboardInterrupt:
            return Result(number, "not yet", "Stopped by hand before the checker had looked at all.")
        except (Exception, SystemExit, GeneratorExit) as error:  # nothing that nobody thought of stops the notebook
            reason = f"The checker could not use this answer ({kind(answer)}): {message_of(error)}"
            return Result(number, "not yet", reason, (), error)


def _checker_of(number):
    lesson = number.split(".")[0]
    try:
        known = exercises(lesson) if lesson.isdecimal() else {}
    except Exception as error:
        raise CourseError(f"the checkers could not start: {message_of(error)}. Was a name of NumPy or of the course "
                          "overwritten? Restart the kernel (menu Kernel) and run the page from above.") from error
    if number not in known:
        there = ", ".join(known) or "none with a checker"
        raise CourseError(f'there is no exercise "{number}". Exercises of this lesson: {there}. Check the number.')
    return known[number]


def _judged(number, checker, answer):
    try:
        if is_untouched(answer):
            raise NotAttempted
        return Result(number, "right", checker(answer))
    except NotAttempted as untouched:
        reason = "Replace the three dots by your code and run this cell again; nothing below depends on it."
        return Result(number, "not attempted", reason + str(untouched))
    except NotYet as problem:
        return Result(number, "not yet", problem.reason, problem.details, problem.error)


__all__ = [
    "NotAttempted", "NotYet", "Result", "call", "check", "exercise", "exercises", "fresh", "is_untouched", "kind",
    "refused",
]  # fmt: skip
