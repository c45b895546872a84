"""One process at a time in a folder: a small file that holds the number of the process at work there.

The operating system keeps the lock and lets go of it when the process ends, however it ends. So a file left behind by a
process that was killed stops nobody.
"""

import contextlib
import errno
import os
from pathlib import Path

from course import CourseError
from course.files import explained, shown

FILE = ".in-use"


@contextlib.contextmanager
def alone_in(folder, wait=False):
    """Keep every other process out of `folder` (made when missing) as long as the block runs.

    Yields the number of an earlier process that ended without tidying up, or None. A folder in use is a CourseError,
    or, with `wait`, waited for.
    """
    path = Path(folder) / FILE
    with explained(folder):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _locked(path, wait)
    try:
        left_by = _number(file)
        with explained(folder):
            file.seek(0)
            file.truncate()
            file.write(f"{os.getpid()}\n")
            file.flush()
        yield left_by
    finally:
        if os.name == "nt":  # an open file cannot be deleted there
            file.close()
        path.unlink(missing_ok=True)
        file.close()


def _locked(path, wait):
    """Return the file, open and locked. It is opened anew when its last user has deleted it in between."""
    while True:
        file = open(path, "a+", encoding="ascii", errors="replace")  # noqa: SIM115  open as long as it is locked
        try:
            _seize(file, wait)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
            file.close()
        except BlockingIOError:
            number = _number(file) or "unknown"
            file.close()
            raise CourseError(f"{shown(path.parent)} is in use by another 'course' command (process {number}). "
                              "Wait until it has ended, or choose another folder.") from None
        except BaseException:
            file.close()
            raise


def _seize(file, wait):
    """Lock an open file; BlockingIOError when another process has it. Disks that know no locks are left unlocked."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(1 << 20)  # far behind the number, which others must be able to read
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, getattr(errno, "EDEADLK", errno.EAGAIN)):
            raise BlockingIOError(*error.args) from error
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL):
            raise


def _number(file):
    """Return the process number that stands in the file, or None."""
    try:
        file.seek(0)
        return int(file.read(20))
    except (OSError, ValueError):
        return None
