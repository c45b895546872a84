"""Checkers of lesson 27: references looked up in a catalogue, and how many pictures a study needs."""

from course.checks.compare import adapted, against_reference
from course.checks.core import exercise
from course.checks.lesson_27 import cited, needed


@exercise("27.1")
def verdicts(answer):
    """References against a catalogue: lists of (title, author, year) -> list of words."""
    return against_reference(adapted(answer, cited.as_text), cited.by_dictionary, cited.cases(),
                             "a dictionary of the catalogue", cited.MISTAKES)  # fmt: skip


@exercise("27.2")
def pictures_needed(answer):
    """How many pictures: sensitivity, half width, prevalence -> (positive, all)."""
    return against_reference(answer, needed.by_library, needed.cases(), "statsmodels's Wilson interval",
                             needed.MISTAKES)  # fmt: skip
