"""The stored notebooks are what the sources give."""

from types import SimpleNamespace

import pytest
from harness import LESSONS, NAMES
from open_exercises import pairs

from course import lessons
from course.commands import build
from course.lessons import PLACEHOLDER


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_notebooks_agree_with_their_source(lesson):
    problems = lessons.drift(lesson)
    assert not problems, "\n".join([*problems, f"run: course build {lesson.number}"])


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_the_editions_differ_in_the_exercises_alone(lesson):
    """So that what `make test` runs of the learner's edition is its open exercises: see open_exercises.py."""
    for learner, solved in pairs(lesson):
        assert learner.id == solved.id and learner.cell_type == solved.cell_type
        measured = "nbval-ignore-output" in learner.metadata.get("tags", [])
        if learner.cell_type == "code" and learner.source == solved.source and not measured:
            assert learner.outputs == solved.outputs, learner.source
        elif learner.source != solved.source:
            assert PLACEHOLDER in learner.source


def test_every_notebook_has_a_source():
    assert not lessons.orphans()


def test_the_command_says_the_same(capsys):
    status = build.run(SimpleNamespace(pages=[], check=True, force=False))
    assert status == 0, capsys.readouterr().out
