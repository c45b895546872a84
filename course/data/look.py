"""Look at each picture of a folder once, on all cores, and remember what was seen: a second look takes no time."""

import hashlib
import zipfile
from typing import NamedTuple

import numpy as np

from course import CourseError
from course.data import copies, masks
from course.data.parallel import in_order
from course.data.pictures import quiet, read_quietly
from course.files import atomic, explained
from course.progress import progress

WORTH = 1000  # pictures from which on it is worth a file to remember them


class Seen(NamedTuple):
    """What is kept of a picture that was read once."""

    digest: str
    fingerprint: np.ndarray
    two_valued: bool
    not_square: bool


def look(paths, memory=None):
    """Yield (path, Seen or the CourseError that says why the picture cannot be used), in the order of `paths`.

    memory: a file. What it holds of a picture counts as long as the picture's size in bytes and time of change are the
    same; what is new is added to it at the end, or when whoever asks stops asking. A damaged one is begun anew.
    """
    remembered = _remembered(memory) if memory else {}
    fresh = {}

    def one(path):
        key = _key(path)
        found = remembered.get(key)
        if found is None:
            found = _looked_at(path)
            if isinstance(found, Seen) and key is not None:
                fresh[key] = found
        return found

    try:
        with quiet():
            yield from zip(paths, progress(in_order(one, paths), "checking pictures", len(paths)), strict=True)
    finally:
        if memory and fresh and len(paths) >= WORTH:
            _remember(memory, remembered | fresh)


def _key(path):
    """Return (place, bytes, nanoseconds of the last change), or None when the file cannot be asked."""
    try:
        status = path.stat()
    except OSError:
        return None
    return path.as_posix(), status.st_size, status.st_mtime_ns


def _looked_at(path):
    try:
        picture = read_quietly(path)
    except CourseError as error:
        return error
    digest = hashlib.sha256(f"{picture.shape}".encode())
    digest.update(np.ascontiguousarray(picture))
    return Seen(digest.hexdigest(), copies.fingerprint(picture), masks.is_two_valued(picture),
                picture.shape[0] != picture.shape[1])


def _remembered(path):
    """Return {key: Seen}; nothing where there is no such file, or one that cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            place, numbers, digest, prints, flags = (stored[name] for name in _NAMES)
            return {(str(name), int(size), int(time)): Seen(str(sum_), print_, bool(two), bool(odd))
                    for name, (size, time), sum_, print_, (two, odd) in
                    zip(place, numbers, digest, prints, flags, strict=True)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


_NAMES = ("place", "numbers", "digest", "prints", "flags")


def _remember(path, seen):
    found = list(seen.values())
    columns = ([key[0] for key in seen], [key[1:] for key in seen], [one.digest for one in found],
               np.stack([one.fingerprint for one in found]), [one[2:] for one in found])
    with explained(path), atomic(path) as temporary:
        np.savez(temporary, **{name: np.asarray(column) for name, column in zip(_NAMES, columns, strict=True)})
