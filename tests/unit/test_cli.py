"""The command line: help, exit status, cheap imports, the doctor's verdicts, copies that are never overwritten."""

import json
import os
import pkgutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import course
from course import CourseError, doctor, lab
from course.__main__ import COMMANDS, main

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
                                   ["data", "breastmnist", "--to", "x", "--source-size", "99"], ["lab", "--port", "x"]])
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
    (tmp_path / "data" / "cytology").mkdir(parents=True)
    (tmp_path / "data" / "cytology" / "manifest.csv").touch()
    (tmp_path / "breastmnist_64.npz").touch()
    assert doctor.drawn_cells(tmp_path).status == doctor.OK
    assert doctor.ultrasound().text.startswith("64 pixels")


# lab


@pytest.fixture
def house(tmp_path):
    """A small repository: two lessons, the pictures drawn."""
    root = tmp_path / "my course \N{GREEK SMALL LETTER ALPHA}"
    (root / "notebooks").mkdir(parents=True)
    (root / "data" / "cytology").mkdir(parents=True)
    (root / "data" / "cytology" / "manifest.csv").touch()
    for name in ("00_start_here", "14_breast_cancer_cnn"):
        (root / "notebooks" / f"{name}.ipynb").write_text(f"{name}, first edition", encoding="utf-8")
    return root


def test_lessons_are_copied_once_and_never_overwritten(house):
    assert lab.copy_lessons(house) == (["00_start_here.ipynb", "14_breast_cancer_cnn.ipynb"], [])
    mine = house / "work" / "00_start_here.ipynb"
    mine.write_text("my answers", encoding="utf-8")
    (house / "notebooks" / "00_start_here.ipynb").write_text("second edition", encoding="utf-8")
    (house / "notebooks" / "01_images_as_arrays.ipynb").write_text("a new lesson", encoding="utf-8")
    copied, kept = lab.copy_lessons(house)
    assert copied == ["01_images_as_arrays.ipynb"]
    assert kept == ["00_start_here.ipynb", "14_breast_cancer_cnn.ipynb"]
    assert mine.read_text(encoding="utf-8") == "my answers"
    assert sorted(os.listdir(house / "work")) == [
        "00_start_here.ipynb", "01_images_as_arrays.ipynb", "14_breast_cancer_cnn.ipynb"]


def test_whatever_has_the_name_is_left_alone(house):
    (house / "work" / "00_start_here.ipynb").mkdir(parents=True)
    (house / "work" / "14_breast_cancer_cnn.ipynb").touch()  # empty, but the learner's
    assert lab.copy_lessons(house)[0] == []
    assert (house / "work" / "14_breast_cancer_cnn.ipynb").stat().st_size == 0


def test_copies_can_be_written_even_when_the_lessons_cannot(house):
    for notebook in (house / "notebooks").iterdir():
        notebook.chmod(0o444)
    lab.copy_lessons(house)
    assert all(copy.stat().st_mode & 0o200 for copy in (house / "work").iterdir())


def test_without_lessons_the_message_says_what_is_missing(tmp_path):
    with pytest.raises(CourseError, match="notebooks is not there"):
        lab.copy_lessons(tmp_path)


def test_pictures_are_drawn_only_when_missing(house, monkeypatch):
    from course.data import cytology

    drawn = []
    monkeypatch.setattr(cytology, "write", drawn.append)
    assert not lab.draw_pictures(house)
    (house / "data" / "cytology" / "manifest.csv").unlink()
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


def test_jupyter_listens_to_this_computer_only_and_keeps_its_token(house):
    lab.copy_lessons(house)
    words = lab.arguments(house, port=9999, browser=False)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9999", "--no-browser"} <= set(words)
    assert f"--ServerApp.root_dir={house}" in words
    assert "--LabApp.default_url=/lab/tree/work/00_start_here.ipynb" in words
    assert "--no-browser" not in lab.arguments(house)
    assert not any("token" in word or "password" in word for word in words)
    overrides = json.loads((house / "work" / ".jupyter" / "overrides.json").read_text(encoding="utf-8"))
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_lab_starts_and_passes_over_a_port_in_use(house):
    """A real server: it must answer with a token, refuse without one, and use another port than the taken one."""
    import re
    import time
    import urllib.error
    import urllib.request

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = f"from pathlib import Path; from course import lab; lab.start(Path({str(house)!r}), {port}, False)"
        own = {"JUPYTER_CONFIG_DIR": str(house / "config"), "JUPYTER_RUNTIME_DIR": str(house / "run")}
        environment = os.environ | own | {"NO_PROXY": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
        with (house / "log.txt").open("w+", encoding="utf-8") as log:
            server = subprocess.Popen([sys.executable, "-c", program], stdout=log, stderr=log, env=environment)
            try:
                address = None
                for _ in range(600):  # a slow computer may need a minute
                    text = (house / "log.txt").read_text(encoding="utf-8")
                    address = re.search(r"127\.0\.0\.1:(\d+)/lab/tree/work/00_start_here\.ipynb\?token=(\w+)", text)
                    if address or server.poll() is not None:
                        break
                    time.sleep(0.1)
                assert address, text
                used, token = address.groups()
                assert int(used) != port
                api = f"http://127.0.0.1:{used}/api/contents/work"
                with urllib.request.urlopen(f"{api}?token={token}", timeout=30) as answer:
                    names = {entry["name"] for entry in json.load(answer)["content"]}
                assert names == {"00_start_here.ipynb", "14_breast_cancer_cnn.ipynb"}
                with pytest.raises(urllib.error.HTTPError, match="403"):
                    urllib.request.urlopen(api, timeout=30)
            finally:
                server.terminate()
                server.wait(30)
