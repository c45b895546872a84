"""Opening the lessons: draw the pictures if they are missing, copy the notebooks for the learner, start JupyterLab.

The learner works in copies, `work/`; `course.work_copies` says what happens to them when lessons change.
"""

import contextlib
import json
import os
import secrets
from pathlib import Path

from course import CourseError
from course.files import shown, write_text
from course.lock import alone_in
from course.work_copies import copy_lessons, times_of_copying
from course.work_index import write_index

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {
    # JupyterLab would ask the internet for news and new versions, and then ask the learner whether it may
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # without it a panel of a page that is opened again is an error message instead of its last picture
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    # the index opens as a page to read and click, not as its source
    "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}


def draw_pictures(root=ROOT):
    """Draw the cell pictures into data/cytology unless they are there. Returns True when they were drawn."""
    from course.doctor import pictures_drawn

    folder = Path(root) / "data" / "cytology"
    wanted, found = pictures_drawn(folder)
    if wanted is not None:
        if found < wanted or not wanted:
            raise CourseError(f"{shown(folder)} holds {found} pictures of the {wanted} that its manifest.csv names: "
                              "remove the folder and run the command again.")
        return False
    from course.data import cytology

    try:
        cytology.write(folder)
    except CourseError:
        if not (folder / "manifest.csv").is_file():
            raise
        return False  # a second notebook, run at the same time, was quicker
    return True


def arguments(root=ROOT, port=8888, browser=True, everything=False, token=None):
    """Return JupyterLab's command line: this computer only, a token, open on the index of the lessons.

    The file browser shows work/ alone, so that the solutions are out of sight; with `everything`, the whole course.
    token: a secret of our own, which the user's Jupyter configuration cannot take away; None draws one. A port in use
    is passed over for the next free one by JupyterLab itself.
    """
    root = Path(root)
    work = root / "work"
    settings = work / ".jupyter"
    write_text(settings / "overrides.json", json.dumps(SETTINGS, indent=2) + "\n")
    # JupyterLab replaces {base_url} as it is formatted; a page that is missing would open as an error box
    first = next((f"/{name}" for name in ("index.md", "00_start_here.ipynb") if (work / name).exists()), "")
    words = [
        "--log-level=WARN",  # the address is still shown; a page of messages about extensions is not
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_remote_access=False",
        "--ServerApp.disable_check_xsrf=False",
        "--ServerApp.allow_origin=",
        "--ServerApp.allow_origin_pat=",
        "--ServerApp.identity_provider_class=jupyter_server.auth.identity.PasswordIdentityProvider",
        "--ServerApp.authorizer_class=jupyter_server.auth.authorizer.AllowAllAuthorizer",
        f"--IdentityProvider.token={token or secrets.token_hex(24)}",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={root if everything else work}",
        *(["--FileContentsManager.preferred_dir=work"] if everything else []),
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.extension_manager=readonly",  # the other one asks the internet for extensions
        f"--LabApp.default_url=/lab/tree{'/work' if everything else ''}{first}",
    ]
    if not browser:
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container the learner is root; the address stays local
        words.append("--allow-root")
    return words


def prepare(root=ROOT):
    """Draw, copy, write the index, and say in a few lines what was done."""
    if draw_pictures(root):
        print("Drew the cell pictures into data/cytology.")
    done = copy_lessons(root)
    for what, sentence in (
        ("new", "Copied into work/: {}."),
        ("updated", "Lessons changed, and you had not written in these pages: brought up to date: {}."),
        ("beside", "Lessons changed that you have written in: your pages stay, the new ones are beside them: {}."),
    ):
        if done[what]:
            print(sentence.format(", ".join(done[what])))
    if done["kept"]:
        print(f"In work/ and left as they are: {len(done['kept'])}.")
    write_index(Path(root) / "work", times_of_copying(root))


def start(root=ROOT, port=8888, browser=True, everything=False):
    """Prepare everything, say what was done, and run JupyterLab until the learner stops it with Ctrl-C.

    Of two labs begun at the same moment the second waits until the first has its port: Jupyter looks for a free one,
    and takes it only later.
    """
    with contextlib.ExitStack() as starting:
        starting.enter_context(alone_in(Path(root) / "work" / ".jupyter", wait=True))
        prepare(root)
        print("Starting JupyterLab; Ctrl-C here ends it.", flush=True)
        from jupyterlab.labapp import LabApp

        server = LabApp.initialize_server(argv=arguments(root, port, browser, everything))
        server.identity_provider.token_generated = True  # or the printed address would say "token=..."
        server.io_loop.add_callback(starting.close)  # comes after the callback that takes the port
        server.start()
