"""The builder: stubs and solutions, sources that cannot be built, and nothing left that differs from build to build."""

from types import SimpleNamespace

import nbformat
import pytest

from course import CourseError
from course.commands import build as command
from course.lessons import WIDGET_VIEW, build, drift, edition_source, find_lessons, tidy

HEAD = "# %% [markdown]\n# # Try\n\n# %%\n"


def test_marks_become_stub_or_solution():
    function = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION"
    source = function + "\n\nsize = f(3)  # SOLUTION"
    assert edition_source(source, "notebooks") == (
        "def f(x):\n    ...  # your code here\n\nsize = ...  # your code here"
    )
    assert edition_source(source, "solutions") == "def f(x):\n    y = x\n    return y\n\nsize = f(3)"


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
