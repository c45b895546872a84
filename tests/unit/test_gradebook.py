"""`course progress`: what is read from notebooks, of one learner and of a class, and files that cannot be read."""

import csv
import json

import pytest

from course import CourseError, gradebook
from course.__main__ import main
from course.lab import ROOT

PAGE = "04_convolution.ipynb"


def cell(number, text=None, source="answer", html=False):
    outputs = [] if text is None else [{"output_type": "execute_result", "data": {
        "text/plain": [f"Exercise {number}: {text}\n", "  went in: x"], **({"text/html": "<b>x</b>"} if html else {})}}]
    return {"cell_type": "code", "source": [f"# Exercise {number} - some title\n", source], "outputs": outputs}


def write(folder, *cells, name=PAGE):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")


@pytest.fixture
def pages():
    return gradebook.exercises()


def test_the_course_has_its_exercises_in_order(pages):
    numbers = list(pages)
    assert numbers[0] == "0.1" and "4.2" in pages and pages["4.2"][0].startswith("04_convolution")
    assert numbers == sorted(numbers, key=lambda number: tuple(map(int, number.split("."))))


def test_the_solved_course_is_right_and_the_learners_edition_not_attempted(pages):
    for folder, status in (("solutions", "right"), ("notebooks", "not attempted")):
        (learner,) = gradebook.read(ROOT / folder, pages)
        assert {answer.status for answer in learner.answers.values()} == {status} and not learner.problems


def test_each_word_of_a_checker_is_told_from_the_others(tmp_path, pages):
    write(tmp_path, cell("4.1", "right. All 6 cases agree.", html=True), cell("4.2", "not attempted. Replace it."),
          cell("4.3", "not yet. The kernel is turned: leave it. It was asked plain."), cell("4.4"))
    (learner,) = gradebook.read(tmp_path, pages)
    found = {number: learner.answers[number] for number in ("4.1", "4.2", "4.3", "4.4", "5.1")}
    assert [answer.status for answer in found.values()] == ["right", "not attempted", "not yet", "not run", "not run"]
    assert found["4.3"].reason == "The kernel is turned: leave it."
    assert gradebook.following(learner, pages) == "0.1"
    assert gradebook.counts(learner, pages)["04_convolution"][0] == 1


def test_the_last_word_of_a_cell_counts_and_another_exercises_word_does_not(tmp_path, pages):
    twice = cell("4.1", "not yet. No.")
    twice["outputs"] += cell("4.1", "right. Yes.")["outputs"] + cell("4.2", "right. Yes.")["outputs"]
    write(tmp_path, twice)
    (learner,) = gradebook.read(tmp_path, pages)
    assert learner.answers["4.1"].status == "right" and learner.answers["4.2"].status == "not run"


def test_the_better_of_two_copies_counts(tmp_path, pages):
    write(tmp_path, cell("4.1", "right. Yes."))
    write(tmp_path, cell("4.1", "not yet. No."), name="04_convolution_newer.ipynb")
    (learner,) = gradebook.read(tmp_path, pages)
    assert learner.answers["4.1"].status == "right"


def test_files_that_cannot_be_read_are_told_and_the_rest_goes_on(tmp_path, pages, monkeypatch):
    write(tmp_path, cell("4.1", "right. Yes."))
    for name, content in (("05_pooling.ipynb", b""), ("06_forward_pass.ipynb", b"{cut"), ("07_x.ipynb", b"[1]"),
                          ("08_y.ipynb", b'{"cells": [3]}'), ("09_z.ipynb", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "10_large.ipynb").write_text(" " * 3000)
    monkeypatch.setattr(gradebook, "LARGEST", 2000)
    (learner,) = gradebook.read(tmp_path, pages)
    assert learner.answers["4.1"].status == "right" and len(learner.problems) == 6
    assert "is empty" in learner.problems[0] and "Clear its outputs" in learner.problems[-1]


@pytest.fixture
def a_class(tmp_path):
    for name, words in (("=Ann", "right. Yes."), ("Bo", "not yet. Flipped: turn it. Once more."),
                        ("Cy", "not yet. Flipped: turn it.")):  # fmt: skip
        write(tmp_path / name, cell("4.1", words), cell("4.2", "right. Yes."))
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_a_class_has_a_row_each_and_the_hardest_exercise_first(a_class, pages, capsys):
    learners = gradebook.read(a_class, pages)
    assert [learner.name for learner in learners] == ["=Ann", "Bo", "Cy"]
    number, _, right, tried, reason = gradebook.difficulty(learners, pages)[0]
    assert (number, right, tried, reason) == ("4.1", 1, 3, "Flipped: turn it.")
    table, page = a_class / "marks.csv", a_class / "marks.html"
    assert main(["progress", str(a_class), "--csv", str(table), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert "1 right of   3" in said and "Bo" in said
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert len(rows) == 3 * len(pages) and rows[0]["learner"] == "'=Ann"
    assert "class='not-yet' title='Flipped: turn it.'" in page.read_text(encoding="utf-8")


def test_names_are_no_html(tmp_path, pages):
    write(tmp_path / "<b>x", cell("4.1", "not yet. <script>: no."))
    from course.commands.progress import page

    text = page(gradebook.read(tmp_path, pages), pages)
    assert "<script>" not in text and "<b>x" not in text and "&lt;b&gt;x" in text


@pytest.mark.parametrize(("words", "said"), [
    (["nowhere"], "no folder"), (["empty"], "no notebook of the course"),
    (["one", "--csv", "marks.txt"], "ends in .csv"), (["one", "--html", "one"], "ends in .html"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_before_anything_is_read(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    write(tmp_path / "one", cell("4.1", "right. Yes."))
    assert main(["progress", *words]) == 2 and said in capsys.readouterr().err


def test_a_learners_own_table(tmp_path, capsys):
    write(tmp_path, cell("4.1", "not yet. Flipped: turn it."))
    assert main(["progress", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "0 of" in said and "4.1" in said and "not yet. Flipped:" in said and "Next: exercise 0.1" in said


def test_a_course_without_notebooks_says_so(tmp_path):
    with pytest.raises(CourseError, match="course build"):
        gradebook.exercises(tmp_path)
