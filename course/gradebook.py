"""What learners' notebooks say of their exercises: read from the stored outputs, nothing is run.

A checker's last word stands in its cell's output: "Exercise 4.2: right. ...". Where a folder holds notebooks of the
course it is one learner's; where its subfolders do, each of them is one.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from course import CourseError
from course.files import explained, printable, shown
from course.lab import ROOT

STATUSES = ("right", "not yet", "not attempted", "not run")
LARGEST = 50_000_000  # bytes of a notebook that is still read
_PAGE = re.compile(r"(\d\d_\w+?)(_newer\d*)?\.ipynb$")
_EXERCISE = re.compile(r"^# Exercise (\d+\.\d+) - (.+)", re.MULTILINE)
_WORD = re.compile(r"Exercise (\d+\.\d+): (right|not yet|not attempted)\. ?(.*)")


class Answer(NamedTuple):
    """What a checker said last of one exercise; reason: its first sentence where it is not right."""

    status: str
    reason: str = ""


class Learner(NamedTuple):
    """answers: {exercise: Answer} of all exercises of the course; problems: a sentence for each file not read."""

    name: str
    answers: dict
    problems: list


def exercises(notebooks=None):
    """Return {exercise: (page, title)} of the whole course, in order, from its own notebooks."""
    found = {}
    for path in sorted(Path(notebooks or ROOT / "notebooks").glob("*.ipynb")):
        for number, title in _titles(_cells(path)).items():
            found[number] = path.stem, title
    if not found:
        raise CourseError("the course's own notebooks are missing, so nobody knows which exercises there are. "
                          "Build them with: course build")
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def _order(number):
    return tuple(map(int, number.split(".")))


def read(folder, known=None):
    """Return the Learners of a folder: one, if notebooks of the course lie in it, or one for each subfolder with any.

    Raises CourseError where there is neither. Files that cannot be read are told in `problems`; the rest goes on.
    """
    folder, known = Path(folder), known or exercises()
    with explained(folder, "read"):
        if not folder.is_dir():
            raise CourseError(f"{shown(folder)} is no folder. Give the folder with the notebooks, such as work.")
        if _pages(folder):
            return [_learner(folder.resolve().name, folder, known)]
        learners = [_learner(below.name, below, known) for below in sorted(folder.iterdir())
                    if below.is_dir() and not below.name.startswith(".") and _pages(below)]
    if not learners:
        raise CourseError(f"{shown(folder)} holds no notebook of the course, and no folder in it does. Their names "
                          "begin with two digits, such as 04_convolution.ipynb.")
    return learners


def _pages(folder):
    return sorted(path for path in folder.glob("*.ipynb") if _PAGE.search(path.name))


def _learner(name, folder, known):
    answers, problems = {}, []
    for path in _pages(folder):
        try:
            cells = _cells(path)
        except CourseError as error:
            problems.append(str(error))
            continue
        for number, answer in _answers(cells).items():
            if number in known and _better(answer, answers.get(number)):
                answers[number] = answer
    return Learner(name, {number: answers.get(number, Answer("not run")) for number in known}, problems)


def _better(answer, other):
    """Of two copies of a page the better answer counts: nobody loses what was right."""
    return other is None or STATUSES.index(answer.status) < STATUSES.index(other.status)


def _cells(path):
    """Return a notebook's code cells, or raise CourseError with one line that says what is wrong with the file."""
    with explained(path, "read"):
        if path.stat().st_size > LARGEST:
            raise CourseError(f"{shown(path)} has {path.stat().st_size / 1e6:,.0f} MB: not read. Clear its outputs.")
        text = path.read_bytes()
    try:
        cells = json.loads(text)["cells"]
        return [cell for cell in cells if cell["cell_type"] == "code" and isinstance(cell["outputs"], list)]
    except (ValueError, KeyError, TypeError, RecursionError):
        state = "is empty" if not text.strip() else "is no notebook, or is damaged"
        raise CourseError(f"{shown(path)} {state}: not read.") from None


def _titles(cells):
    return dict(found for cell in cells for found in _EXERCISE.findall(_text(cell.get("source", ""))))


def _answers(cells):
    """Return {exercise: Answer} of the exercise cells; one that was never run is "not run"."""
    found = {}
    for cell in cells:
        for number in _titles([cell]):
            said = [Answer(status, _first_sentence(reason)) for output in cell["outputs"] if isinstance(output, dict)
                    for named, status, reason in _WORD.findall(_said(output)) if named == number]
            found[number] = said[-1] if said else Answer("not run")
    return found


def _said(output):
    data = output.get("data")
    return _text(data.get("text/plain", "") if isinstance(data, dict) else output.get("text", ""))


def _text(value):
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _first_sentence(reason):
    return printable(re.split(r"(?<=[.?!]) ", reason.strip(), maxsplit=1)[0])[:200]


def counts(learner, pages):
    """Return {page: (right, exercises)} for one learner. pages: `exercises()`."""
    found = {}
    for number, (page, _) in pages.items():
        right, total = found.get(page, (0, 0))
        found[page] = right + (learner.answers[number].status == "right"), total + 1
    return found


def following(learner, pages):
    """Return the first exercise that is not right, or None when all are."""
    return next((number for number in pages if learner.answers[number].status != "right"), None)


def difficulty(learners, pages):
    """Return rows (exercise, title, right, tried, commonest reason), the hardest of those tried first.

    tried: right or not yet.
    """
    rows = []
    for number, (_, title) in pages.items():
        answers = [learner.answers[number] for learner in learners]
        right = sum(answer.status == "right" for answer in answers)
        missed = [answer.reason for answer in answers if answer.status == "not yet"]
        commonest = Counter(missed).most_common(1)
        rows.append((number, title, right, right + len(missed), commonest[0][0] if commonest else ""))
    return sorted((row for row in rows if row[3]), key=lambda row: (row[2] / row[3], _order(row[0])))
