"""Writing files so that nothing is ever left half-written, with errors a reader can act on."""

import contextlib
import errno
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from course import CourseError

# Control characters, and those that turn the direction of writing: a terminal obeys them, so a name may not hold them.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
MOST_LISTED = 20


def shown(path):
    """Return a name as one line that any terminal and any file can hold: what is no plain character becomes \\x1b."""
    return printable(path).replace("\n", "\\n")


def printable(text):
    """Return text that any terminal can print and that gives it no orders; line breaks stay."""
    text = str(text).encode("utf-8", "backslashreplace").decode("utf-8")
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def no_formula(text):
    """Return a cell's text, an apostrophe before what a spreadsheet would compute (OWASP, "CSV injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def listed(sentences, most=MOST_LISTED):
    """Return one line for each of the first `most` sentences, and one that counts the rest."""
    lines = [f"  - {sentence}" for sentence in sentences[:most]]
    if len(sentences) > most:
        lines.append(f"  - and {len(sentences) - most:,} more")
    return "\n".join(lines)


@contextlib.contextmanager
def explained(path, doing="write"):
    """Turn an OSError about `path` (full disk, no permission, a file in the way) into one clear CourseError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        if error.strerror:
            reason = reason[0].lower() + reason[1:]
        raise CourseError(f"cannot {doing} {shown(path)}: {reason}. {_advice(error, doing)}") from error


def _advice(error, doing):
    """Return what helps against an OSError met while reading, or while writing or deleting."""
    if error.errno in _NO_ROOM:
        return "Free some space or choose another folder, then run the command again."
    if doing == "read":
        return ("Ask its owner for the permission to read it." if error.errno in _FORBIDDEN
                else "See whether the file or folder is there and whole.")
    return "Choose a folder you may write to, then run the command again."


@contextlib.contextmanager
def atomic(path):
    """Yield a temporary path beside `path`; on success it takes the name `path` in one step, on failure it is removed.

    The temporary name keeps the suffix, since Keras and Pillow choose a format by it. What stands at `path` may be a
    plain file or nothing; a link, a folder or a device is refused with a CourseError.
    """
    path = Path(path)
    require_plain(path)
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


def require_plain(path):
    """Raise CourseError unless `path` is a plain file or is not there: nothing else may be replaced by a file."""
    with explained(path):
        try:
            mode = os.lstat(path).st_mode
        except FileNotFoundError:
            return
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder"}
        kind = kinds.get(stat.S_IFMT(mode), "a device or pipe")
        raise CourseError(f"cannot write {shown(path)}: it is {kind}, not a plain file. Nothing was written: "
                          "choose another name.")


@contextlib.contextmanager
def new_folder(path):
    """Yield a temporary folder beside `path`; on success it becomes `path` in one step, on failure it is removed.

    Refused with a CourseError before any work: a folder that is not empty, the one you are in, a link, a mounted disk.
    """
    path = Path(os.path.abspath(path))
    with explained(path):
        _require_new(path)
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


def _require_new(path):
    problem = None
    if path.is_symlink():
        problem = "is a link"
    elif path.exists() and (not path.is_dir() or any(path.iterdir())):
        problem = "exists already and is not empty"
    elif path.is_dir() and path.samefile(os.getcwd()):
        problem = "is the folder you are in, which cannot be replaced"
    elif os.path.ismount(path):
        problem = "is a mounted disk, which cannot be replaced"
    if problem:
        raise CourseError(f"{shown(path)} {problem}. Nothing was written: "
                          "choose another folder, or remove this one first.")


def write_text(path, text):
    """Write `text` (UTF-8) to `path` atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
