"""Fetching a published file safely: progress, checksum, one move to its final name, and help for readers offline.

The file arrives in a temporary folder and gets its name only when its MD5 is right, so a file of that name is always
whole. A cut or damaged transfer is started afresh once, then reported; nothing of it is kept, interrupted or not.
"""

import logging
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from course import CourseError
from course.files import atomic, explained
from course.progress import Progress

TIMEOUT = 30  # seconds without a single byte


def data_folder():
    """Return the folder of data sets: the one named by COURSE_DATA, else `data/` of the course or of this folder."""
    named = os.environ.get("COURSE_DATA")
    if named:
        return Path(named).expanduser()
    repository = Path(__file__).resolve().parents[2]
    if (repository / "pyproject.toml").is_file():
        return repository / "data"
    return Path.cwd() / "data"


def fetch(url, path, md5):
    """Download `url` to `path` and return the path. `md5` is the published checksum, 32 hexadecimal digits.

    An existing file of that name is replaced only by a complete and correct one, readable by whom the system's usual
    permissions (umask) allow. Raises CourseError when the address cannot be reached, the content is not the published
    one, or the folder cannot be written.
    """
    import pooch

    path = Path(path)
    with explained(path, "read"):
        if path.is_file() and pooch.file_hash(path, alg="md5") == md5:
            return path
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=path.parent) as unfinished, atomic(path) as whole:
            os.replace(_fetched(url, Path(unfinished) / path.name, md5, path), whole)
    return path


def _fetched(url, path, md5, wanted):
    """Download `url` to `path`, a place for unfinished files, with a bar; errors speak of `wanted`, its later place."""
    import pooch
    import requests

    host, name = urlsplit(url).hostname, path.name
    by_hand = f"You can also fetch {url} with a browser and save it as {wanted.resolve()}"
    keeper = pooch.create(path=path.parent, base_url="", registry={name: f"md5:{md5}"}, urls={name: url},
                          retry_if_failed=1)
    bar = _KilobyteBar(name)
    chatter, level = pooch.get_logger(), pooch.get_logger().level
    chatter.setLevel(logging.ERROR)
    try:
        return keeper.fetch(name, downloader=pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT))
    except requests.HTTPError as error:
        status = error.response.status_code
        raise CourseError(f"{host} refused {name} (HTTP status {status}). {by_hand}") from error
    except requests.RequestException as error:
        raise CourseError(f"cannot fetch {name}: no connection to {host}, or it was cut. "
                          f"Nothing was kept; run the command again when you are online. {by_hand}") from error
    except ValueError as error:  # pooch's answer to a wrong checksum
        raise CourseError(f"{name} arrived damaged: its MD5 is not the published {md5}. Nothing was kept; "
                          f"run the command again. {by_hand}") from error
    finally:
        bar.close()
        chatter.setLevel(level)


class _KilobyteBar:
    """What pooch expects of a progress bar, shown by the course's own. pooch sets `total` (bytes) at each start."""

    def __init__(self, name):
        self._name, self._bar, self._bytes = name, None, 0

    @property
    def total(self):
        """The length of the file in bytes."""
        return self._total

    @total.setter
    def total(self, length):
        self.close()
        self._total, self._bytes = length, 0
        self._bar = Progress(-(-length // 1000) or None, f"{self._name}, kB").__enter__()

    def update(self, n):
        """Move on by `n` bytes, never beyond the end: pooch counts its last chunk as a full one."""
        before = self._bytes
        self._bytes = min(before + n, self._total) if self._total else before + n
        self._bar.update(self._bytes // 1000 - before // 1000)

    def reset(self):
        """pooch goes back to 0 and then to the end, to fill the bar; here it is full already."""

    def close(self):
        """End the bar of this attempt."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None
