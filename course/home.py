"""A home folder that cannot be written, as on many clusters and in containers, is no reason for red lines on a page.

Matplotlib keeps its settings and its list of fonts there. Where it cannot, it complains whenever it is imported, and a
notebook stores the complaint. So it is given a temporary folder first; that lasts as long as the process.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path


def prepare():
    """Set MPLCONFIGDIR to a new temporary folder if the folders that Matplotlib would use cannot be written."""
    if os.environ.get("MPLCONFIGDIR") or "matplotlib" in sys.modules or all(map(_can_be_written, _folders())):
        return
    try:
        folder = tempfile.mkdtemp(prefix="course-matplotlib-")
    except OSError:  # no room anywhere: let Matplotlib say so
        return
    os.environ["MPLCONFIGDIR"] = folder
    atexit.register(_remove, folder, os.getpid())


def _folders():
    """Return where Matplotlib keeps its settings and its cache."""
    try:
        home = Path.home()
    except RuntimeError:  # no home at all
        return [Path(os.devnull)]
    if not sys.platform.startswith(("linux", "freebsd")):
        return [home / ".matplotlib"]
    config, cache = os.environ.get("XDG_CONFIG_HOME"), os.environ.get("XDG_CACHE_HOME")
    return [Path(config or home / ".config") / "matplotlib", Path(cache or home / ".cache") / "matplotlib"]


def _can_be_written(folder):
    """Can the folder be written, or be made? The latter is tried, in the nearest folder above that is there."""
    try:
        if folder.is_dir():
            return os.access(folder, os.W_OK | os.X_OK)
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        os.rmdir(tempfile.mkdtemp(prefix=".course-", dir=folder))
    except OSError:
        return False
    return True


def _remove(folder, process):
    if os.getpid() == process:  # a forked child leaves it to its parent
        shutil.rmtree(folder, ignore_errors=True)
