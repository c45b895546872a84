"""The stored notebooks are what the sources give."""

from types import SimpleNamespace

import pytest
from harness import LESSONS, NAMES

from course import lessons
from course.commands import build


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_notebooks_agree_with_their_source(lesson):
    problems = lessons.drift(lesson)
    assert not problems, "\n".join([*problems, f"run: course build {lesson.number}"])


def test_every_notebook_has_a_source():
    assert not lessons.orphans()


def test_the_command_says_the_same(capsys):
    status = build.run(SimpleNamespace(pages=[], check=True, force=False))
    assert status == 0, capsys.readouterr().out
