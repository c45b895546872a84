"""A home folder that cannot be written: Matplotlib, asked through the course, says nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DRAW = "import course, os; from matplotlib.figure import Figure; Figure().savefig(os.devnull, format='png'); "


def run(code, **environment):
    kept = {name: value for name, value in os.environ.items()
            if name not in ("HOME", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=kept | environment)


@pytest.mark.skipif(sys.platform != "linux", reason="an unwritable home: Linux has /proc, for root too")
@pytest.mark.parametrize("environment", [
    {"HOME": "/proc/none"}, {"HOME": "/dev/null"}, {"HOME": "/tmp", "XDG_CACHE_HOME": "/proc/none"},
])
def test_nothing_red_is_printed_and_nothing_is_left(tmp_path, environment):
    done = run(DRAW + "print(os.environ['MPLCONFIGDIR'])", TMPDIR=str(tmp_path), **environment)
    assert done.returncode == 0 and done.stderr == ""
    assert Path(done.stdout.strip()).parent == tmp_path and list(tmp_path.iterdir()) == []


def test_a_home_that_can_be_written_and_a_place_of_ones_own_are_used(tmp_path):
    ask = "import course, os; print(os.environ.get('MPLCONFIGDIR'))"
    assert run(ask, HOME=str(tmp_path), USERPROFILE=str(tmp_path)).stdout.strip() == "None"
    assert run(ask, HOME="/proc/none", MPLCONFIGDIR=str(tmp_path)).stdout.strip() == str(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="an unwritable home: tried on Linux")
def test_a_process_started_from_here_shares_the_folder_and_leaves_it(tmp_path):
    code = ("import course, os, subprocess, sys; child = 'import course, os; print(os.environ[\"MPLCONFIGDIR\"])'; "
            "given = subprocess.run([sys.executable, '-c', child], capture_output=True, text=True).stdout.strip(); "
            "print(given == os.environ['MPLCONFIGDIR'] and os.path.isdir(given))")
    assert run(code, HOME="/proc/none", TMPDIR=str(tmp_path)).stdout.strip() == "True"
    assert list(tmp_path.iterdir()) == []
