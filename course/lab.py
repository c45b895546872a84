"""Opening the lessons: draw the pictures if they are missing, copy the notebooks for the learner, start JupyterLab.

The learner works in copies, `work/`, which neither an update of the course nor a rebuild of its notebooks ever touches.
"""

import json
import os
import shutil
from pathlib import Path

from course import CourseError
from course.files import atomic, write_text

ROOT = Path(__file__).resolve().parents[1]
FIRST_LESSON = "00_start_here.ipynb"
# JupyterLab would ask the internet for news and new versions, and then ask the learner whether it may
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def copy_lessons(root=ROOT):
    """Copy each notebook of `notebooks/` that `work/` does not have yet. Returns (names copied, names kept).

    A file in work/ is never overwritten, whatever it is. To start a lesson afresh, rename or delete the copy.
    """
    source, work = Path(root) / "notebooks", Path(root) / "work"
    if not source.is_dir():
        raise CourseError(f"{source} is not there: the lessons belong to the course's folder. Fetch the whole "
                          "repository and install it with 'pip install --no-deps --no-build-isolation -e .'.")
    copied, kept = [], []
    for notebook in sorted(source.glob("*.ipynb")):
        if os.path.lexists(work / notebook.name):
            kept.append(notebook.name)
        else:
            with atomic(work / notebook.name) as temporary:
                shutil.copyfile(notebook, temporary)
            copied.append(notebook.name)
    return copied, kept


def draw_pictures(root=ROOT):
    """Draw the cell pictures into data/cytology unless they are there. Returns True when they were drawn."""
    folder = Path(root) / "data" / "cytology"
    if (folder / "manifest.csv").is_file():
        return False
    from course.data import cytology

    try:
        cytology.write(folder)
    except CourseError:
        if not (folder / "manifest.csv").is_file():
            raise
        return False  # a second notebook, run at the same time, was quicker
    return True


def arguments(root=ROOT, port=8888, browser=True):
    """Return JupyterLab's command line: this computer only, token on, file browser in work/, lesson 00 open.

    Its root is the whole repository, so that the solutions are one folder away. A port in use is passed over for the
    next free one by JupyterLab itself.
    """
    root = Path(root)
    settings = root / "work" / ".jupyter"
    write_text(settings / "overrides.json", json.dumps(SETTINGS, indent=2) + "\n")
    # JupyterLab replaces {base_url} as it is formatted; a lesson that is missing would open as an error box
    first = f"/tree/work/{FIRST_LESSON}" if (root / "work" / FIRST_LESSON).exists() else "/tree/work"
    words = [
        "--log-level=WARN",  # the address is still shown; a page of messages about extensions is not
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root}",
        "--FileContentsManager.preferred_dir=work",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.extension_manager=readonly",  # the other one asks the internet for extensions
        f"--LabApp.default_url=/lab{first}",
    ]
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container the learner is root; the address stays local
        words.append("--allow-root")
    return words


def start(root=ROOT, port=8888, browser=True):
    """Prepare everything, say what was done, and run JupyterLab until the learner stops it with Ctrl-C."""
    if draw_pictures(root):
        print("Drew the cell pictures into data/cytology.")
    copied, kept = copy_lessons(root)
    if copied:
        print(f"Copied into work/: {', '.join(copied)}.")
    if kept:
        print(f"Already in work/ and left as they are: {len(kept)}.")
    words = arguments(root, port, browser)
    print("Starting JupyterLab; Ctrl-C here ends it.", flush=True)
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(words)
