"""Names that a terminal may print, files that may be replaced, folders that may be made, errors that say what helps."""

import errno
import os

import pytest

from course import CourseError
from course.files import atomic, explained, listed, new_folder, printable, shown, write_text


@pytest.mark.parametrize(("name", "text"), [
    ("Übung 图 $^$.png", "Übung 图 $^$.png"),
    ("red \x1b[31m", r"red \x1b[31m"),
    ("bell\a", r"bell\x07"),
    ("two\rlines\nhere\tand\u2028there", r"two\rlines\nhere\tand\u2028there"),
    ("photo \u202egnp.exe", r"photo \u202egnp.exe"),
    ("\x9b31m \u2066x", r"\x9b31m \u2066x"),
    (os.fsdecode(b"caf\xe9"), r"caf\udce9"),
])
def test_names_are_shown_in_one_line_of_plain_letters(name, text):
    assert shown(name) == text and shown(text) == text
    shown(name).encode("utf-8")


def test_printable_text_keeps_its_lines():
    assert printable("one\n  - two \x1b[1m") == "one\n  - two \\x1b[1m"


def test_long_lists_are_cut_and_counted():
    assert listed(["a", "b"]) == "  - a\n  - b"
    lines = listed([f"file {k}" for k in range(1500)]).splitlines()
    assert len(lines) == 21 and lines[-1] == "  - and 1,480 more"


# writing


def kinds_of_place(tmp_path):
    (tmp_path / "target.txt").write_text("mine")
    (tmp_path / "link.txt").symlink_to(tmp_path / "target.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "absent.txt")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    return {"link.txt": "a link", "broken.txt": "a link", "folder.txt": "a folder", "pipe.txt": "a device or pipe"}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes: Windows has others")
def test_only_a_plain_file_is_replaced(tmp_path):
    places = kinds_of_place(tmp_path)
    before = sorted(os.listdir(tmp_path))
    for name, kind in places.items():
        with pytest.raises(CourseError, match=f"{name}: it is {kind}"):
            write_text(tmp_path / name, "new")
    with pytest.raises(CourseError, match="a device or pipe"):
        write_text(os.devnull, "new")
    assert (tmp_path / "target.txt").read_text() == "mine" and sorted(os.listdir(tmp_path)) == before
    write_text(tmp_path / "target.txt", "new")
    assert (tmp_path / "target.txt").read_text() == "new"


def test_failure_leaves_the_old_file(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    for error in (KeyboardInterrupt, ValueError):
        with pytest.raises(error), atomic(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise error
    assert (tmp_path / "a.txt").read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_a_new_folder_is_refused_before_any_work(tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    (tmp_path / "here").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path / "here")
    refused = {tmp_path / "full": "not empty", ".": "the folder you are in", tmp_path / "here": "the folder you are in",
               tmp_path / "file": "exists already", os.sep: "not empty|mounted disk"}
    if os.name != "nt":
        (tmp_path / "link").symlink_to(tmp_path / "nowhere")
        refused[tmp_path / "link"] = "is a link"
    for path, words in refused.items():
        with pytest.raises(CourseError, match=words), new_folder(path):
            pytest.fail("the work began")
    with new_folder("new") as temporary:
        (temporary / "a.txt").touch()
    assert os.listdir("new") == ["a.txt"] and os.listdir(".") == ["new"]


# errors


@pytest.mark.parametrize(("number", "doing", "advice"), [
    (errno.ENOSPC, "write", "Free some space"),
    (errno.EACCES, "write", "a folder you may write to"),
    (errno.EACCES, "read", "permission to read"),
    (errno.EIO, "read", "there and whole"),
    (errno.EROFS, "delete", "a folder you may write to"),
])
def test_an_error_says_what_helps_against_it(number, doing, advice):
    with pytest.raises(CourseError, match=f"cannot {doing} COURSE_DATA/x") as caught, explained("COURSE_DATA/x", doing):
        raise OSError(number, os.strerror(number))
    assert advice in str(caught.value)
    assert doing != "read" or "space" not in str(caught.value)


def test_a_library_sentence_keeps_its_capitals():
    with pytest.raises(CourseError, match="The folder COURSE_DATA is read-only"), explained("x"):
        raise PermissionError("The folder COURSE_DATA is read-only")
