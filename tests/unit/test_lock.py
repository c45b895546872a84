"""One process at a time: the second is told the first one's number; what a killed process left stops nobody."""

import os
import signal
import subprocess
import sys

import pytest

from course import CourseError
from course.lock import FILE, alone_in

HOLDER = """
import sys, time
from course.lock import alone_in
with alone_in(sys.argv[1]):
    print("locked", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path):
    """Another process, at work in tmp_path / "out"."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "out")], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.wait()


def test_the_lock_is_gone_afterwards(tmp_path):
    with alone_in(tmp_path / "new" / "out") as left_by:
        assert left_by is None
        assert (tmp_path / "new" / "out" / FILE).read_text() == f"{os.getpid()}\n"
    assert os.listdir(tmp_path / "new" / "out") == []


def test_two_processes_in_one_folder(other, tmp_path):
    with pytest.raises(CourseError, match=rf"in use by another 'course' command \(process {other.pid}\)"), \
            alone_in(tmp_path / "out"):
        pytest.fail("both are in")
    assert (tmp_path / "out" / FILE).read_text() == f"{other.pid}\n"


@pytest.mark.skipif(os.name == "nt", reason="signals: Windows has others")
def test_a_killed_process_is_followed(other, tmp_path):
    other.send_signal(signal.SIGKILL)
    other.wait()
    with alone_in(tmp_path / "out") as left_by:
        assert left_by == other.pid
    assert os.listdir(tmp_path / "out") == []


def test_waiting_for_the_other(other, tmp_path):
    other.terminate()
    with alone_in(tmp_path / "out", wait=True):
        assert other.wait(60) is not None
