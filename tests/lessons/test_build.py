"""The builder: stubs and solutions, sources that cannot be built, and nothing left that differs from build to build."""

from types import SimpleNamespace

import nbformat
import pytest

from course import CourseError
from course.commands import build as command
from course.lessons import WIDGET_VIEW, build, compose, drift, edition_source, find_lessons, tidy

HEAD = "# %% [markdown]\n# # Try\n\n# %%\n"


def test_marks_become_stub_or_solution():
    function = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION"
    source = function + "\n\nsize = f(3)  # SOLUTION"
    assert edition_source(source, "notebooks") == (
        "def f(x):\n    ...  # your code here\n\nsize = ...  # your code here"
    )
    assert edition_source(source, "solutions") == "def f(x):\n    y = x\n    return y\n\nsize = f(3)"


@pytest.mark.parametrize("code", [
    "### begin solution\nx = 1\n### end solution\n", "### Begin Solution\nx = 1\n### End Solution\n",
    "##BEGIN SOLUTION\nx = 1\n##END SOLUTION\n", "x = 1  # solution\n", "x = 1  # Solution:\n", "x = 1 #SOLUTION\n",
    "### BEGIN SOLUTION\nx = 1\n### end solution\n", "### begin_solution\nx = 1\n", "f(1)  # SOLUTION\n",
])
def test_a_mark_that_is_not_understood_stops_the_build(lesson_from, code):
    """Or the answer would stand on the learner's page."""
    with pytest.raises(CourseError, match="a solution mark has no partner, or is not written as it must be"):
        compose(lesson_from(code), "notebooks")


def test_the_word_itself_may_be_used(lesson_from):
    code = "x = 1  # the solution of the dual problem\n# A solution ends here, as in the book.\n"
    assert compose(lesson_from(code), "notebooks").cells[1].source == code.strip()


def test_damaged_sources_and_notebooks_are_sentences(lesson_from, tmp_path):
    lesson = lesson_from("x = 1\n")
    arguments = SimpleNamespace(pages=["77"], check=False, force=False, text=True)
    for folder in ("notebooks", "solutions"):
        (tmp_path / folder).mkdir()
    for contents in ("", "{", "[]", '{"cells": 3}'):
        lesson.notebook("notebooks").write_text(contents, encoding="utf-8")
        with pytest.raises(CourseError, match=r"77_try\.ipynb cannot be read .* without --text"):
            command.run(arguments, tmp_path)
    lesson.path.write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match=r"77_try\.py is no UTF-8 text"):
        command.run(arguments, tmp_path)


@pytest.fixture
def lesson_from(tmp_path):
    (tmp_path / "lessons").mkdir()

    def write(code):
        (tmp_path / "lessons" / "77_try.py").write_text(HEAD + code, encoding="utf-8")
        return find_lessons(["77"], tmp_path)[0]

    return write


@pytest.mark.parametrize(("code", "words"), [
    ("### BEGIN SOLUTION\nx = 1\n", "a solution mark has no partner"),
    ("x = = 1\n", "invalid syntax in line 1 of the cell"),
    ("x = 1 / 0\n", "ZeroDivisionError"),
])  # fmt: skip
def test_a_lesson_that_cannot_be_built_writes_nothing(lesson_from, code, words):
    lesson = lesson_from(code)
    with pytest.raises(CourseError, match=words):
        build(lesson)
    assert not list(lesson.root.glob("*/*.ipynb"))


def test_a_second_build_gives_the_same_bytes_and_a_changed_source_is_noticed(lesson_from):
    lesson = lesson_from("print(1)\n\n# %% [markdown]\n# text\n\n# %% tags=[\"not-stored\"]\nprint(2)\n")
    build(lesson)
    first = lesson.notebook("solutions").read_bytes()
    assert drift(lesson) == []
    build(lesson)
    assert lesson.notebook("solutions").read_bytes() == first
    assert nbformat.reads(first.decode(), as_version=4).cells[3].outputs == []
    assert any("cell 1 differs" in problem for problem in drift(lesson_from("print(3)\n")))


def test_texts_alone_are_taken_over_without_a_run(lesson_from):
    lesson = lesson_from("print(1)\n\n# %% [markdown]\n# old\n")
    build(lesson)
    first = lesson.notebook("notebooks").read_text(encoding="utf-8")
    lesson_from("print(1)\n\n# %% [markdown]\n# new\n")
    arguments = SimpleNamespace(pages=["77"], check=False, force=False, text=True)
    command.run(arguments, lesson.root)
    assert drift(lesson) == []
    second = lesson.notebook("notebooks").read_text(encoding="utf-8")
    assert second.count("new") == 1 and '"1\\n"' in second and first != second
    lesson_from("print(2)\n\n# %% [markdown]\n# new\n")
    with pytest.raises(CourseError, match="code has changed"):
        command.run(arguments, lesson.root)
    assert lesson.notebook("notebooks").read_text(encoding="utf-8") == second


def test_tidy_leaves_no_live_widget_and_joins_streams():
    outputs = [nbformat.v4.new_output("stream", text=text) for text in ("a", "b")]
    outputs.append(nbformat.v4.new_output("display_data", {WIDGET_VIEW: {}, "text/plain": "caption"}))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=outputs, execution_count=9)])
    tidy(notebook)
    cell = notebook.cells[0]
    assert (cell.execution_count, cell.outputs[0].text, list(cell.outputs[1].data)) == (1, "ab", ["text/plain"])


def test_unknown_lessons_are_listed(tmp_path):
    with pytest.raises(CourseError, match="no lesson sources"):
        find_lessons(root=tmp_path)
    with pytest.raises(CourseError, match=r"There are: .*00"):
        find_lessons(["98"])
