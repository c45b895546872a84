"""The pictures of a folder, fitted once and kept on disk, so that training reads them as quickly as it can learn.

CACHE/<digest of the pictures>-<size>/train.npy, validation.npy, test.npy: uint8 (n, size, size, 3). A file takes its
name when it is complete; what was cut off goes on where it stopped. The digest changes with any name, class or pixel.
"""

import contextlib
import io
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course import CourseError
from course.data.rows import Stored, Streamed, fitted
from course.files import explained, shown
from course.progress import progress

IN_MEMORY = 500_000_000  # bytes of fitted pictures up to which they are kept in the memory: 7,400 of 150 x 150
SPARE = 1.05  # times what is needed must be free, since other programs write too


class Plan(NamedTuple):
    """Where the fitted pictures are while a network trains: kind "memory", "disk" (in `folder`) or "files"."""

    kind: str
    folder: Path
    needed: int

    def sentence(self):
        """What the reader is told; empty for the memory."""
        takes = f"{self.needed / 1e9:,.1f} GB"
        return {
            "memory": "",
            "disk": f"Fitted pictures are kept on disk while the network trains: {takes} in {shown(self.folder)}",
            "files": f"The disk of {shown(self.folder.parent)} has no room for {takes} of fitted pictures: each is "
                     "read from its own file whenever it is needed, which is slower.",
        }[self.kind]


def plan(pictures, digest, size, cache, always=False):
    """Return the Plan for so many pictures: in the memory where they are few, unless `always`; else on disk."""
    folder, needed = Path(cache) / f"{digest[:16]}-{size}", pictures * size * size * 3
    if needed <= IN_MEMORY and not always:
        return Plan("memory", folder, needed)
    enough = _on_disk(folder) + _room(cache) >= SPARE * needed
    return Plan("disk" if enough else "files", folder, needed)


def pictures(plan, split, paths, size):
    """Return the pictures of one split as the plan has them: uint8 (n, size, size, 3), an array or `Rows`."""
    if plan.kind == "files":
        return Streamed(paths, size)
    return _fill(plan.folder, split, paths, size)


def _room(cache):
    folder = Path(cache).absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    with explained(cache):
        return shutil.disk_usage(folder).free


def _on_disk(folder):
    with explained(folder, "read"):
        return sum(path.stat().st_size for path in folder.glob("*")) if folder.is_dir() else 0


def _fill(folder, split, paths, size):
    """Return the Stored pictures of one split, made now unless they are there."""
    path = folder / f"{split}.npy"
    shape = (len(paths), size, size, 3)
    try:
        with explained(path):
            folder.mkdir(parents=True, exist_ok=True)
            if not _is_whole(path, shape):
                _write(path, shape, paths, f"preparing {split}")
    except CourseError as error:
        if isinstance(error.__cause__, OSError):  # a full disk: what is there so far is in the way
            remove(folder)
        raise
    return Stored(path)


def remove(folder):
    """Delete the fitted pictures in `folder`, and the folder that it lies in when that is empty then."""
    with explained(folder, "delete"):
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()


def _write(path, shape, paths, desc):
    """Append what is missing to the unfinished file, then give it its name."""
    unfinished, each = path.with_suffix(".part"), int(np.prod(shape[1:]))
    with open(unfinished, "ab+") as file:
        file.seek(0)
        head = _head(shape)
        if file.read(len(head)) != head:
            file.truncate(0)
            file.write(head)
        file.seek(0, 2)
        done = (file.tell() - len(head)) // each
        file.truncate(len(head) + done * each)
        file.seek(0, 2)
        for picture in progress(fitted(paths[done:], shape[1]), desc, total=len(paths) - done):
            file.write(picture.tobytes())
    unfinished.replace(path)


def _is_whole(path, shape):
    """Is this the file of so many pictures? A damaged one, or one cut short, is made again."""
    head = _head(shape)
    if not path.is_file() or path.stat().st_size != len(head) + int(np.prod(shape)):
        return False
    with open(path, "rb") as file:
        return file.read(len(head)) == head


def _head(shape):
    """Return the first bytes of a .npy file of this shape."""
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return buffer.getvalue()
