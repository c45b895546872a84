"""Writing files so that nothing is ever left half-written, with errors a reader can act on."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from course import CourseError


@contextlib.contextmanager
def explained(path, doing="write"):
    """Turn an OSError about `path` (full disk, no permission, a file in the way) into one clear CourseError."""
    try:
        yield
    except OSError as error:
        raise CourseError(f"cannot {doing} {path}: {(error.strerror or str(error)).lower()}. "
                          "Free some space or choose a folder you may write to, then run the command again.") from error


@contextlib.contextmanager
def atomic(path):
    """Yield a temporary path beside `path`; on success it takes the name `path` in one step, on failure it is removed.

    The temporary name keeps the suffix, since Keras and Pillow choose a format by it.
    """
    path = Path(path)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    temporary = Path(name)
    try:
        with explained(path):
            yield temporary
            temporary.chmod(0o666 & ~_umask())
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(path):
    """Yield a temporary folder beside `path`; on success it becomes `path` in one step, on failure it is removed.

    A folder that exists and is not empty is never touched: CourseError.
    """
    path = Path(path)
    with explained(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CourseError(f"{path} exists already and is not empty. Nothing was written: "
                              "choose another folder, or remove this one first.")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".part-", dir=path.parent))
    try:
        with explained(path):
            yield temporary
            temporary.chmod(0o777 & ~_umask())
            if path.is_dir():
                path.rmdir()
            os.replace(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_text(path, text):
    """Write `text` (UTF-8) to `path` atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
