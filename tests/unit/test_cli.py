"""The command line: help, exit status, cheap imports, the doctor's verdicts, copies that are never overwritten."""

import errno
import importlib
import json
import os
import pkgutil
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import course
from course import CourseError, doctor, lab
from course.__main__ import COMMANDS, main
from course.work_copies import MEMORY, digest_of, without_answers
from course.work_index import write_index

ROOT = Path(__file__).resolve().parents[2]
PRESENT = [name for name in COMMANDS if (ROOT / "course" / "commands" / f"{name}.py").exists()]
GROUND_FLOOR = ("nn", "classic", "imaging", "data", "evaluation")
HEAVY = ("tensorflow", "keras", "matplotlib", "sklearn.datasets")


def python(*words, **options):
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120, **options)


# help and exit status


@pytest.mark.parametrize("command", PRESENT)
def test_help_explains_the_command(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"usage: course {command}" in text
    assert max(map(len, text.splitlines())) <= 120
    assert len(text.split("\n\n")[1]) > 20, "the docstring of the module is the explanation"


def test_help_lists_every_command(capsys):
    assert main([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {command}" in text for command in COMMANDS)
    assert "not a medical device" in text


@pytest.mark.parametrize("words", [["cure"], ["doctor", "--fast"], ["data"], ["data", "mri"], ["data", "cytology"],
                                   ["data", "breastmnist", "--to", "x", "--source-size", "99"], ["lab", "--port", "x"],
                                   ["lab", "--port", "99999"], ["lab", "--port", "0"],
                                   *(["data", "cytology", "--to", "x", *words] for words in (
                                       ["--fields", "0"], ["--fields", "-1"], ["--fields", "100000000"],
                                       ["--fields", "1" + "0" * 30], ["--fields", "²"], ["--size", "100000"],
                                       ["--size", "0"]))])
def test_wrong_words_end_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: course" in capsys.readouterr().err


def test_bad_input_ends_with_2_and_one_sentence(tmp_path, capsys):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").touch()
    assert main(["data", "cytology", "--to", str(tmp_path / "taken")]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("course data: ")
    assert captured.err.count("\n") == 1
    assert os.listdir(tmp_path / "taken") == ["thesis.txt"]


def test_an_interrupt_ends_with_130(monkeypatch, capsys):
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "report", stop)
    assert main(["doctor"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_an_interrupt_while_a_command_is_loaded_is_no_traceback(monkeypatch, capsys):
    def stop(name):
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", stop)
    assert main(["doctor"]) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals: Windows has others")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_a_library_turns_into_another_error(monkeypatch, capsys, number):
    """NumPy, interrupted while it is loaded, raises an ImportError."""
    def library():
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            raise ImportError("the core could not be imported") from None

    monkeypatch.setattr(doctor, "report", library)
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert main(["doctor"]) == 130
    assert "interrupted" in capsys.readouterr().err
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("error", "words"), [
    (PermissionError(errno.EACCES, "Permission denied", "data/\x1b[1m"), r"Permission denied: data/\x1b[1m"),
    (RuntimeError("Symlink loop from 'a'"), "Symlink loop from 'a' (RuntimeError; with COURSE_TRACEBACK=1"),
    (MemoryError(), "the memory is not enough"),
    (CourseError("name \a\r\u202e\nnext line"), "name \\x07\\r\\u202e\nnext line"),
])
def test_what_goes_wrong_outside_the_program_is_a_sentence(monkeypatch, capsys, error, words):
    def fail():
        raise error

    monkeypatch.delenv("COURSE_TRACEBACK", raising=False)
    monkeypatch.setattr(doctor, "report", fail)
    assert main(["doctor"]) == 2
    captured = capsys.readouterr().err
    assert captured.startswith("course doctor: ") and words in captured and "Traceback" not in captured
    monkeypatch.setenv("COURSE_TRACEBACK", "1")
    with pytest.raises(type(error)):
        main(["doctor"])


def test_a_mistake_in_the_program_is_not_hidden(monkeypatch):
    def unfinished():
        raise NotImplementedError

    for report, error in ((lambda: [][0], IndexError), (unfinished, NotImplementedError)):
        monkeypatch.setattr(doctor, "report", report)
        with pytest.raises(error):
            main(["doctor"])


def test_output_in_a_narrow_character_set(tmp_path):
    """A Windows terminal of western Europe has no Chinese letters; the sentence comes all the same."""
    done = python("-m", "course", "train", str(tmp_path / "画像"),
                  env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"})
    assert done.returncode == 2 and r"\u753b\u50cf does not exist" in done.stderr


def test_drawing_into_the_folder_one_is_in_is_refused_at_once(tmp_path, monkeypatch, capsys):
    from course.data import cytology

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cytology, "_write_one", lambda *args: pytest.fail("a picture was drawn"))
    assert main(["data", "cytology", "--to", "."]) == 2
    assert "the folder you are in" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals: Windows has others")
def test_a_command_that_is_told_to_end_tidies_up(tmp_path):
    """SIGTERM, as a batch queue or `kill` sends it, while pictures are drawn."""
    process = subprocess.Popen([sys.executable, "-m", "course", "data", "cytology", "--to", str(tmp_path / "cells"),
                                "--fields", "20"], stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(tmp_path.glob(".part-*/*/*/*.png")):
        time.sleep(0.05)
    process.terminate()
    _, errors = process.communicate()
    assert process.returncode == 130 and "interrupted" in errors and "Traceback" not in errors
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="links: Windows has others")
def test_a_link_that_leads_to_itself(tmp_path, capsys):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "data").mkdir()
    loop = str(tmp_path / "loop")
    for words in (["train", loop], ["train", str(tmp_path / "data"), "--out", loop], ["predict", loop, loop],
                  ["data", "cytology", "--to", loop]):
        assert main(words) == 2
        assert "loop" in capsys.readouterr().err or words[-1] == loop


def test_course_runs_as_a_module():
    done = python("-m", "course", "--version")
    assert (done.returncode, done.stdout) == (0, f"course {course.__version__}\n")


# cheap imports


def modules_of(package):
    folder = ROOT / "course" / package
    return [f"course.{package}"] + [f"course.{package}.{module.name}" for module in pkgutil.iter_modules([str(folder)])]


@pytest.mark.parametrize("package", GROUND_FLOOR)
def test_the_ground_floor_is_light(package):
    program = f"import importlib, json, sys\nfor name in {modules_of(package)}: importlib.import_module(name)\n" \
              f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = python("-c", program)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_importing_course_and_its_command_line_loads_no_science_at_all():
    done = python("-c", "import sys, course, course.__main__, course.files; print('numpy' in sys.modules)")
    assert done.stdout == "False\n", done.stderr


def test_the_ground_floor_does_not_know_the_upper_floors():
    upper = ("course.models", "course.plots", "course.checks", "course.widgets")
    names = [name for package in GROUND_FLOOR for name in modules_of(package)]
    done = python("-c", f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
                        f"print([name for name in sys.modules if name.startswith({upper})])")
    assert done.stdout == "[]\n", done.stderr


# doctor


def test_doctor_says_one_line_for_each_thing(capsys):
    ready = doctor.report()
    lines = capsys.readouterr().out.splitlines()
    findings, last = lines[:-2], lines[-1]
    assert [line[7:18].split()[0] for line in findings] == [
        "Python", "packages", "TensorFlow", "Jupyter", "memory", "disk", "writing", "cells", "ultrasound"]
    assert all(line.startswith(("OK ", "note ", "TO DO ")) for line in findings)
    assert last.startswith("Ready" if ready else "Not ready")


def test_doctor_ends_with_1_when_something_blocks(monkeypatch, capsys):
    good, bad = doctor.Finding(doctor.OK, "disk", "80 GB free"), doctor.Finding(doctor.TO_DO, "Python", "3.9: too old")
    monkeypatch.setattr(doctor, "examine", lambda: [good])
    assert main(["doctor"]) == 0
    monkeypatch.setattr(doctor, "examine", lambda: [good, bad])
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.endswith("Not ready: Python.\n")
    monkeypatch.setattr(doctor, "examine", lambda: [good, good._replace(status=doctor.NOTE)])
    assert main(["doctor"]) == 0


def lock(tmp_path, *lines):
    path = tmp_path / "requirements.lock"
    path.write_text("".join(f"{line} \\\n    --hash=sha256:00\n    # via course\n" for line in lines), encoding="utf-8")
    return path


def test_doctor_compares_packages_with_the_lock(tmp_path):
    from importlib.metadata import version

    numpy = f"numpy=={version('numpy')}"
    assert doctor.packages(lock(tmp_path, numpy)).status == doctor.OK
    assert doctor.packages(lock(tmp_path, numpy, "no-such-package==1 ; sys_platform == 'amiga'")).status == doctor.OK
    other = doctor.packages(lock(tmp_path, "numpy==0.1"))
    assert other.status == doctor.NOTE
    assert f"numpy {version('numpy')} (lock: 0.1)" in other.text
    missing = doctor.packages(lock(tmp_path, numpy, "no-such-package==1"))
    assert missing.status == doctor.TO_DO
    assert "no-such-package" in missing.text
    assert doctor.packages(tmp_path / "absent.lock").status == doctor.NOTE


def test_doctor_reads_every_entry_of_the_real_lock():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    versions = doctor.locked_versions(text)
    assert {"numpy", "jupyterlab", "keras", "setuptools"} <= versions.keys()
    assert ("tensorflow" in versions) != ("tensorflow-cpu" in versions)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [("raise ImportError('libfoo is missing')", "libfoo is missing"), ("import os; os.abort()", "AVX")],
)
def test_doctor_survives_a_broken_tensorflow(program, sentence):
    if "abort" in program and sys.platform == "win32":
        pytest.skip("a process that aborts has another exit status on Windows")
    finding = doctor.tensorflow(program)
    assert finding.status == doctor.TO_DO
    assert sentence in finding.text


def test_doctor_asks_for_room_and_for_permission(tmp_path, monkeypatch):
    assert doctor.writing(tmp_path).status == doctor.OK
    assert doctor.writing(tmp_path / "absent").status == doctor.TO_DO
    assert os.listdir(tmp_path) == []
    monkeypatch.setattr(doctor, "NEEDED_DISK", 1e9)
    assert doctor.disk(tmp_path).status == doctor.TO_DO
    monkeypatch.setattr(doctor, "NEEDED_MEMORY", 1e9)
    assert doctor.memory().status == doctor.NOTE


def test_doctor_finds_the_data(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert doctor.drawn_cells(tmp_path).status == doctor.NOTE
    assert "COURSE_DATA" in doctor.ultrasound().text
    draw_two(tmp_path)
    (tmp_path / "breastmnist_64.npz").touch()
    assert doctor.drawn_cells(tmp_path).status == doctor.OK
    assert doctor.ultrasound().text.startswith("64 pixels")


def draw_two(root):
    """Two drawn pictures with their manifest."""
    folder = root / "data" / "cytology"
    folder.mkdir(parents=True)
    (folder / "manifest.csv").write_text("path,split\na.png,train\nb.png,test\n", encoding="utf-8")
    for name in "ab":
        (folder / f"{name}.png").touch()


def test_a_manifest_without_its_pictures_is_not_taken_for_drawn_cells(tmp_path):
    draw_two(tmp_path)
    (tmp_path / "data" / "cytology" / "b.png").unlink()
    finding = doctor.drawn_cells(tmp_path)
    assert finding.status == doctor.TO_DO and "1 pictures of the 2" in finding.text
    (tmp_path / "data" / "cytology" / "manifest.csv").write_text("")
    assert doctor.drawn_cells(tmp_path).status == doctor.TO_DO
    with pytest.raises(CourseError, match="remove the folder"):
        lab.draw_pictures(tmp_path)


def test_doctor_survives_damaged_files_and_forbidden_folders(tmp_path, monkeypatch):
    def forbidden():
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "tensorflow", lambda: doctor.Finding(doctor.OK, "TensorFlow", ""))
    monkeypatch.setattr(doctor, "ultrasound", forbidden)
    for contents in (b"\xff\xfe", b"numpy what?\n", b"numpy\n"):
        (tmp_path / "requirements.lock").write_bytes(contents)
        found = {finding.subject: finding for finding in doctor.examine()}
        assert len(found) == 9 and "could not be examined" in found["packages"].text
        assert found["ultrasound"].status == doctor.NOTE and "Permission denied" in found["ultrasound"].text


# lab


@pytest.fixture
def house(tmp_path):
    """A small repository: two lessons, the pictures drawn."""
    root = tmp_path / "my course \N{GREEK SMALL LETTER ALPHA}"
    (root / "notebooks").mkdir(parents=True)
    draw_two(root)
    for name in ("00_start_here", "14_breast_cancer_cnn"):
        (root / "notebooks" / f"{name}.ipynb").write_text(f"{name}, first edition", encoding="utf-8")
    return root


def page(*cells, version="1"):
    """A notebook of the course: texts that begin with # are Markdown cells, others code with an output."""
    made = []
    for source in cells:
        if source.startswith("#") and not source.startswith("# Exercise"):
            made.append({"cell_type": "markdown", "id": f"cell-{len(made)}", "metadata": {},
                         "source": source.splitlines(keepends=True)})
        else:
            output = {"output_type": "stream", "name": "stdout", "text": f"output of {source}"}
            made.append({"cell_type": "code", "metadata": {}, "source": source.splitlines(keepends=True),
                         "outputs": [output], "execution_count": 1})
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5,
                       "metadata": {"course": {"source_sha256": version}}})


def lesson(house, name, text):
    (house / "notebooks" / f"{name}.ipynb").write_text(text, encoding="utf-8")


def copy(house, name):
    return (house / "work" / f"{name}.ipynb").read_text(encoding="utf-8")


def copies(house):
    return sorted(name for name in os.listdir(house / "work") if not name.startswith("."))


def test_lessons_are_copied_once_and_then_kept(house):
    both = ["00_start_here.ipynb", "14_breast_cancer_cnn.ipynb"]
    assert lab.copy_lessons(house) == {"new": both, "updated": [], "beside": [], "kept": []}
    (house / "work" / "14_breast_cancer_cnn.ipynb").write_text("my answers", encoding="utf-8")
    lesson(house, "01_images_as_arrays", "a new lesson")
    assert lab.copy_lessons(house) == {"new": ["01_images_as_arrays.ipynb"], "updated": [], "beside": [], "kept": both}
    assert copy(house, "14_breast_cancer_cnn") == "my answers" and len(copies(house)) == 3


def test_a_copy_that_nobody_has_written_in_follows_its_lesson(house):
    lesson(house, "00_start_here", page("# Begin", "x = ..."))
    lab.copy_lessons(house)
    saved = json.loads(copy(house, "00_start_here"))
    saved["cells"][1] |= {"outputs": [], "execution_count": 7}  # run, and saved by Jupyter in its own way
    (house / "work" / "00_start_here.ipynb").write_text(json.dumps(saved, indent=3), encoding="utf-8")
    lesson(house, "00_start_here", page("# Begin", "x = ...", "y = 2", version="2"))
    assert lab.copy_lessons(house)["updated"] == ["00_start_here.ipynb"]
    assert "y = 2" in copy(house, "00_start_here") and len(copies(house)) == 2
    assert lab.copy_lessons(house)["updated"] == []


def test_a_copy_that_was_written_in_stays_and_the_new_page_stands_beside_it(house):
    lesson(house, "00_start_here", page("# Begin", "x = ..."))
    lab.copy_lessons(house)
    mine = page("# Begin", "x = 5  # my answer")
    (house / "work" / "00_start_here.ipynb").write_text(mine, encoding="utf-8")
    for version in "23":
        lesson(house, "00_start_here", page("# Begin", "x = ...", f"y = {version}", version=version))
        assert lab.copy_lessons(house)["beside"] == ["00_start_here_newer.ipynb"]  # nobody wrote in it, so it follows
        assert f"y = {version}" in copy(house, "00_start_here_newer") and copy(house, "00_start_here") == mine
        assert lab.copy_lessons(house)["beside"] == []  # said once
    (house / "work" / "00_start_here_newer.ipynb").write_text(page("# Begin", "x = 6"), encoding="utf-8")
    lesson(house, "00_start_here", page("# Begin", "x = ...", "y = 4", version="4"))
    assert lab.copy_lessons(house)["beside"] == ["00_start_here_newer2.ipynb"]
    (house / "work" / "00_start_here_newer2.ipynb").unlink()
    assert lab.copy_lessons(house)["beside"] == [] and copy(house, "00_start_here") == mine


def test_a_copy_from_before_there_was_a_memory(house):
    """What it was copied from is not known: it stays, and the new page is put beside it if it is of another version."""
    (house / "work").mkdir()
    lesson(house, "00_start_here", page("# Begin", "x = ...", version="2"))
    for version, beside in (("2", []), ("1", ["00_start_here_newer.ipynb"])):
        mine = page("# Begin", "x = 5", version=version)
        (house / "work" / "00_start_here.ipynb").write_text(mine, encoding="utf-8")
        assert lab.copy_lessons(house)["beside"] == beside and copy(house, "00_start_here") == mine


def test_a_damaged_memory_costs_nobody_an_answer(house):
    lab.copy_lessons(house)
    (house / "work" / "00_start_here.ipynb").write_text("my answers", encoding="utf-8")
    for damage in (b"", b"[1]", b'{"00_start_here.ipynb": 3}', b"\xff"):
        (house / "work" / MEMORY).write_bytes(damage)
        lab.copy_lessons(house)
        assert copy(house, "00_start_here") == "my answers"


def test_what_was_done_is_said_in_lines(house, capsys):
    lab.prepare(house)
    assert "Copied into work/: 00_start_here.ipynb, 14_breast_cancer_cnn.ipynb." in capsys.readouterr().out
    (house / "work" / "00_start_here.ipynb").write_text("mine", encoding="utf-8")
    lesson(house, "00_start_here", "second edition")
    lesson(house, "14_breast_cancer_cnn", "second edition")
    lab.prepare(house)
    said = capsys.readouterr().out
    assert "brought up to date: 14_breast_cancer_cnn.ipynb." in said
    assert "the new ones are beside them: 00_start_here_newer.ipynb." in said


def test_answers_below_a_question_are_not_in_the_copy(house):
    """The learner is to predict first. All else keeps its output: still figures, and what a page starts with."""
    lesson(house, "00_start_here", page("# Begin", "a", "## One\n**Predict** b.", "b", "c", "## Predict the time", "d",
                                        "## Goals\n- Predict nothing yet.", "e", "## Two\nThink. Predict which.", "f"))
    lab.copy_lessons(house)
    cells = [cell for cell in json.loads(copy(house, "00_start_here"))["cells"] if cell["cell_type"] == "code"]
    assert "".join(cell["source"][0] for cell in cells if cell["outputs"]) == "ade"
    assert all((cell["execution_count"] is None) == (not cell["outputs"]) for cell in cells)


def test_every_real_page_hides_what_it_asks_to_predict():
    asked = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        cells, copied = (json.loads(page)["cells"] for page in (text, without_answers(text)))
        assert digest_of(text) == digest_of(without_answers(text))
        for k, cell in enumerate(cells):
            if cell["cell_type"] == "markdown" and "**Predict" in "".join(cell["source"]):
                asked += 1
                assert cells[k + 1]["cell_type"] == "code" and copied[k + 1]["outputs"] == [], path.name
        hidden = sum(old.get("outputs") != new.get("outputs") for old, new in zip(cells, copied, strict=True))
        assert hidden < len(cells) / 4, path.name
    assert asked > 100


# the page on which JupyterLab opens


def house_with_pages(house):
    lesson(house, "00_start_here", page("# Begin | here\n\n**How long.** About 35 minutes.",
                                         "# Exercise 0.1 - One\n..."))
    lesson(house, "07_two", page("# Go on\n\n**How long.** About 45 minutes."))
    lesson(house, "07_two_deeper", page("# Go deep\n\n**How long.** About 70 minutes.",
                                        "### Experiment: Where is the edge?\n"))
    lesson(house, "14_breast_cancer_cnn", "no notebook")
    lab.prepare(house)
    return (house / "work" / "index.md").read_text(encoding="utf-8")


def test_the_index_names_titles_minutes_deeper_pages_and_experiments(house):
    text = house_with_pages(house)
    assert "| 00 | [Begin \\| here](00_start_here.ipynb) | 35 | 0 of 1 |" in text
    assert "| 07 | [Go on](07_two.ipynb) | 45 |  | [Go deep](07_two_deeper.ipynb) | 70 |  |" in text
    assert "- 07 [Where is the edge?](07_two_deeper.ipynb#cell-id=cell-1)" in text
    assert "**Begin here:** [Begin" in text and "breast" not in text


def test_the_index_says_where_one_stopped_and_what_is_right(house):
    house_with_pages(house)
    mine = json.loads(copy(house, "00_start_here"))
    mine["cells"][1]["outputs"] = [{"output_type": "execute_result",
                                    "data": {"text/plain": "Exercise 0.1: right. Yes."}}]
    path = house / "work" / "00_start_here.ipynb"
    path.write_text(json.dumps(mine), encoding="utf-8")
    os.utime(path, (path.stat().st_mtime + 100,) * 2)
    lab.prepare(house)
    text = (house / "work" / "index.md").read_text(encoding="utf-8")
    assert "**Where you stopped:** [Begin" in text and "| 35 | 1 of 1 |" in text


def test_an_index_of_the_learners_own_is_left_alone(house):
    (house / "work").mkdir()
    (house / "work" / "index.md").write_text("my notes", encoding="utf-8")
    assert house_with_pages(house) == "my notes"


@pytest.mark.skipif(os.name == "nt", reason="links: Windows has others")
def test_links_in_work_are_left_alone(house):
    (house / "work").mkdir()
    elsewhere = house / "mine.ipynb"
    elsewhere.write_text(page("# Begin", "x = 5", version="0"), encoding="utf-8")
    for name in ("00_start_here.ipynb", "index.md"):
        (house / "work" / name).symlink_to(elsewhere)
    lesson(house, "00_start_here", page("# Begin", "x = ..."))
    lab.prepare(house)
    assert copies(house) == ["00_start_here.ipynb", "14_breast_cancer_cnn.ipynb", "index.md"]
    assert "x = 5" in elsewhere.read_text(encoding="utf-8")


def test_the_index_of_the_real_pages(tmp_path):
    (tmp_path / "work").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path / "work")
    assert write_index(tmp_path / "work") == "index.md"
    text = (tmp_path / "work" / "index.md").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line.startswith("| ")]) >= 16  # a row a core page and the head
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    assert set(links) == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert len(re.findall(r"#cell-id=lesson-\d\d-cell-\d+\)", text)) > 20


def test_whatever_has_the_name_is_left_alone(house):
    (house / "work" / "00_start_here.ipynb").mkdir(parents=True)
    (house / "work" / "14_breast_cancer_cnn.ipynb").touch()  # empty, but the learner's
    assert lab.copy_lessons(house)["kept"] == ["00_start_here.ipynb", "14_breast_cancer_cnn.ipynb"]
    assert (house / "work" / "14_breast_cancer_cnn.ipynb").stat().st_size == 0


def test_copies_can_be_written_even_when_the_lessons_cannot(house):
    for notebook in (house / "notebooks").iterdir():
        notebook.chmod(0o444)
    lab.copy_lessons(house)
    assert all(copy.stat().st_mode & 0o200 for copy in (house / "work").glob("*.ipynb"))


def test_without_lessons_the_message_says_what_is_missing(tmp_path):
    with pytest.raises(CourseError, match="notebooks is not there"):
        lab.copy_lessons(tmp_path)


def test_pictures_are_drawn_only_when_missing(house, monkeypatch):
    from course.data import cytology

    drawn = []
    monkeypatch.setattr(cytology, "write", drawn.append)
    assert not lab.draw_pictures(house)
    shutil.rmtree(house / "data" / "cytology")
    assert lab.draw_pictures(house)
    assert drawn == [house / "data" / "cytology"]


def test_two_notebooks_may_draw_at_the_same_time(house, monkeypatch):
    from course.data import cytology

    manifest = house / "data" / "cytology" / "manifest.csv"
    manifest.unlink()

    def slower_than_another(folder):
        manifest.write_text("the other's")
        raise CourseError(f"{folder} exists already and is not empty")

    monkeypatch.setattr(cytology, "write", slower_than_another)
    assert not lab.draw_pictures(house)

    def disk_full(folder):
        raise CourseError("no space left on device")

    manifest.unlink()
    monkeypatch.setattr(cytology, "write", disk_full)
    with pytest.raises(CourseError, match="no space"):
        lab.draw_pictures(house)


def test_jupyter_listens_to_this_computer_only_and_has_a_token_of_its_own(house):
    house_with_pages(house)
    words = lab.arguments(house, port=9999, browser=False)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9999", "--no-browser"} <= set(words)
    assert "--no-browser" not in lab.arguments(house)
    tokens = {word for _ in range(2) for word in lab.arguments(house) if word.startswith("--IdentityProvider.token=")}
    assert len(tokens) == 2 and all(len(token.split("=")[1]) == 48 for token in tokens)
    overrides = json.loads((house / "work" / ".jupyter" / "overrides.json").read_text(encoding="utf-8"))
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert overrides["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"] is True


def test_the_file_browser_shows_the_solutions_only_when_asked(house):
    house_with_pages(house)
    words = lab.arguments(house)
    assert f"--ServerApp.root_dir={house / 'work'}" in words and "--LabApp.default_url=/lab/tree/index.md" in words
    words = lab.arguments(house, everything=True)
    assert f"--ServerApp.root_dir={house}" in words and "--LabApp.default_url=/lab/tree/work/index.md" in words


HOSTILE = """
c = get_config()
c.ServerApp.token = c.IdentityProvider.token = c.ServerApp.password = ""
c.PasswordIdentityProvider.hashed_password = ""
c.ServerApp.allow_unauthenticated_access = c.ServerApp.disable_check_xsrf = c.ServerApp.allow_remote_access = True
c.ServerApp.allow_origin, c.ServerApp.ip, c.ServerApp.root_dir = "*", "0.0.0.0", "/"
"""


def test_two_labs_at_once_beside_a_port_in_use_and_a_careless_configuration(house):
    """Real servers: each answers with its own token, refuses without one, and has another port than the taken one."""
    house_with_pages(house)
    (house / "config").mkdir()
    (house / "config" / "jupyter_server_config.py").write_text(HOSTILE, encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = f"from pathlib import Path; from course import lab; lab.start(Path({str(house)!r}), {port}, False)"
        own = {"JUPYTER_CONFIG_DIR": str(house / "config"), "JUPYTER_RUNTIME_DIR": str(house / "run")}
        environment = os.environ | own | {"NO_PROXY": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
        logs = [house / f"log{k}.txt" for k in range(2)]
        servers = []
        try:
            for log in logs:
                with log.open("w", encoding="utf-8") as file:
                    servers.append(subprocess.Popen([sys.executable, "-c", program], stdout=file, stderr=file,
                                                    env=environment))
            found = [address_in(log, server) for log, server in zip(logs, servers, strict=True)]
            assert len({token for _, token in found}) == 2 and len({str(port), *(used for used, _ in found)}) == 3
            for used, token in found:
                answers_with_token_only(f"http://127.0.0.1:{used}/api/contents/", token)
        finally:
            for server in servers:
                server.terminate()
                server.wait(60)
    assert not (house / "work" / ".jupyter" / ".in-use").exists()


def address_in(log, server):
    """Return (port, token) as the server prints them."""
    for _ in range(1200):  # a slow computer may need two minutes
        text = log.read_text(encoding="utf-8")
        address = re.search(r"127\.0\.0\.1:(\d+)/lab/tree/index\.md\?token=(\w+)", text)
        if address or server.poll() is not None:
            break
        time.sleep(0.1)
    assert address, text
    return address.groups()


def answers_with_token_only(api, token):
    for _ in range(300):  # the address is printed a moment before the port is taken
        try:
            with urllib.request.urlopen(f"{api}?token={token}", timeout=30) as answer:
                names = {entry["name"] for entry in json.load(answer)["content"]}
            break
        except urllib.error.URLError as error:
            assert not isinstance(error, urllib.error.HTTPError), error
            time.sleep(0.1)
    assert {"index.md", "00_start_here.ipynb"} <= names and "solutions" not in names
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(api, timeout=30)
