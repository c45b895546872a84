"""Pictures that need not be in the memory: from a file that holds them fitted, or from their own files, when asked for.

Both behave as the array uint8 (n, size, size, 3) that they stand for: `len`, `shape`, `dtype`, and `[...]` with a
number, a slice or an array of numbers, which hands back a true array.
"""

import numpy as np

from course import CourseError
from course.data.parallel import in_order
from course.data.pictures import fit_square, quiet, read_quietly
from course.files import explained, shown


class Rows:
    """What both have in common; a subclass has `_read(rows) -> uint8 (len(rows), size, size, 3)`."""

    dtype = np.dtype(np.uint8)
    ndim = 4

    def __init__(self, n, size):
        self.shape = (n, size, size, 3)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        if isinstance(rows, slice):
            return self._read(range(*rows.indices(len(self))))
        if np.ndim(rows) == 0:
            return self._read([range(len(self))[int(rows)]])[0]
        rows = np.asarray(rows)
        return self._read(np.arange(len(self))[rows])  # as an array would: True and False, places from the end


class Stored(Rows):
    """The rows of a .npy file from `course.data.cache`, read when asked for.

    No memory map: what one has touched counts as memory in use.
    """

    def __init__(self, path):
        with explained(path, "read"):
            self._file = open(path, "rb")  # noqa: SIM115  stays open as long as the pictures are needed
            np.lib.format.read_magic(self._file)
            shape, _, _ = np.lib.format.read_array_header_1_0(self._file)
        super().__init__(shape[0], shape[1])
        self.path, self._start = path, self._file.tell()

    def _read(self, rows):
        found = np.empty((len(rows), *self.shape[1:]), np.uint8)
        each = int(np.prod(self.shape[1:]))
        with explained(self.path, "read"):
            for picture, row in zip(found, rows, strict=True):
                self._file.seek(self._start + int(row) * each)
                if self._file.readinto(picture.reshape(-1).data) != each:
                    raise CourseError(f"{shown(self.path)} is cut short. Delete it, then run the command again.")
        return found

    def close(self):
        """Let go of the file."""
        self._file.close()


class Streamed(Rows):
    """Picture files, read and fitted each time they are asked for: slow, and needs no room at all."""

    def __init__(self, paths, size):
        super().__init__(len(paths), size)
        self.paths = paths

    def _read(self, rows):
        found = np.empty((len(rows), *self.shape[1:]), np.uint8)
        for place, picture in enumerate(fitted([self.paths[row] for row in rows], self.shape[1])):
            found[place] = picture
        return found

    def close(self):
        """Nothing is held."""


def fitted(paths, size):
    """Yield each picture as uint8 (size, size, 3), in order, read on all cores; CourseError for one that is bad."""
    with quiet():
        yield from in_order(lambda path: fit_square(read_quietly(path), size), paths)
