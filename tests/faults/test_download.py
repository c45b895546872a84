"""Fetching over a line that breaks: a small server on loopback cuts, corrupts and refuses."""

import errno
import hashlib
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course import CourseError
from course.data.download import data_folder, fetch

CONTENT = bytes(range(256)) * 2000  # 512 kB
MD5 = hashlib.md5(CONTENT).hexdigest()


class Server:
    """Answers each request with the next of `answers`: "whole", "cut", "damaged" or an HTTP status."""

    def __init__(self, answers):
        self.answers, self.requests = list(answers), 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer = outer.answers[min(outer.requests, len(outer.answers) - 1)]
                outer.requests += 1
                if isinstance(answer, int):
                    self.send_error(answer)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(CONTENT)))
                self.end_headers()
                body = {"whole": CONTENT, "cut": CONTENT[:200_000], "damaged": b"\0" * len(CONTENT)}[answer]
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self):
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/files/pictures.npz?download=1"
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # pooch waits a second before it tries again


def test_a_whole_file_arrives_once(tmp_path):
    path = tmp_path / "data" / "pictures.npz"
    with Server(["whole"]) as server:
        assert fetch(server.url, path, MD5) == path
        fetch(server.url, path, MD5)
        assert server.requests == 1
    assert path.read_bytes() == CONTENT
    assert os.listdir(path.parent) == ["pictures.npz"]


@pytest.mark.parametrize("fault", ["cut", "damaged", 503])
def test_after_one_fault_the_transfer_starts_afresh(tmp_path, fault):
    path = tmp_path / "pictures.npz"
    with Server([fault, "whole"]) as server:
        fetch(server.url, path, MD5)
        assert server.requests == 2
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [("cut", "or it was cut"), ("damaged", "arrived damaged"), (404, "HTTP status 404"), (503, "HTTP status 503")],
)
def test_a_lasting_fault_leaves_nothing_and_says_what_to_do(tmp_path, fault, sentence):
    path = tmp_path / "pictures.npz"
    with Server([fault]) as server, pytest.raises(CourseError, match=sentence) as caught:
        fetch(server.url, path, MD5)
    assert server.url in str(caught.value)
    assert f"save it as {path.resolve()}" in str(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("fault", ["cut", "damaged", 404])
def test_an_older_file_survives_a_failed_update(tmp_path, fault):
    path = tmp_path / "pictures.npz"
    path.write_bytes(b"placed by hand")
    with Server([fault]) as server, pytest.raises(CourseError):
        fetch(server.url, path, MD5)
    assert path.read_bytes() == b"placed by hand"
    assert os.listdir(tmp_path) == ["pictures.npz"]


def test_offline_the_message_says_where_to_put_the_file(tmp_path):
    with socket.socket() as probe:  # a port on which nobody listens
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/pictures.npz"
    path = tmp_path / "pictures.npz"
    with pytest.raises(CourseError, match=r"no connection to 127\.0\.0\.1") as caught:
        fetch(url, path, MD5)
    assert url in str(caught.value)
    assert str(path.resolve()) in str(caught.value)
    assert os.listdir(tmp_path) == []


def test_a_file_in_the_way_of_the_folder(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with Server(["whole"]) as server:
        with pytest.raises(CourseError, match="cannot write"):
            fetch(server.url, tmp_path / "data" / "pictures.npz", MD5)
        assert server.requests == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with Server(["whole"]) as server, pytest.raises(CourseError, match=r"cannot write .*permission"):
            fetch(server.url, tmp_path / "pictures.npz", MD5)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files, as a stand-in for a full disk")
def test_a_full_disk_leaves_nothing(tmp_path):
    with Server(["whole"]) as server:
        program = (
            "import resource, signal, sys\n"
            "from course.data.download import fetch\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
            "from course import CourseError\n"
            "try:\n"
            f"    fetch({server.url!r}, {str(tmp_path / 'pictures.npz')!r}, {MD5!r})\n"
            "except CourseError as error:\n"
            "    print('refused:', error)\n"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("refused: cannot write"), done.stderr
    assert os.listdir(tmp_path) == []


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("course.data.download._KilobyteBar.update", stop)
    with Server(["whole"]) as server, pytest.raises(KeyboardInterrupt):
        fetch(server.url, tmp_path / "pictures.npz", MD5)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("where", ["update", "__init__", "close"])
def test_an_interrupt_at_any_place_leaves_nothing(tmp_path, monkeypatch, where):
    calls = []

    def stop(*args):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(f"course.data.download._KilobyteBar.{where}", stop)
    with Server(["whole"]) as server, pytest.raises(KeyboardInterrupt):
        fetch(server.url, tmp_path / "pictures.npz", MD5)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as umask gives them: not on Windows")
@pytest.mark.parametrize("mask", [0o022, 0o027, 0o002])
def test_others_may_read_the_file_as_umask_allows(tmp_path, mask):
    before = os.umask(mask)
    try:
        with Server(["whole"]) as server:
            fetch(server.url, tmp_path / "pictures.npz", MD5)
    finally:
        os.umask(before)
    assert (tmp_path / "pictures.npz").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_folder_that_may_not_be_written_is_told_in_our_words(tmp_path, monkeypatch):
    def read_only(*args, **options):
        raise OSError(errno.EROFS, "Read-only file system", str(tmp_path))

    monkeypatch.setattr("tempfile.mkdtemp", read_only)
    with Server(["whole"]) as server:
        with pytest.raises(CourseError) as caught:
            fetch(server.url, tmp_path / "pictures.npz", MD5)
        assert server.requests == 0
    assert str(caught.value).startswith(f"cannot write {tmp_path / 'pictures.npz'}: read-only file system. ")


def test_the_bar_ends_exactly_at_the_length_of_the_file(tmp_path, monkeypatch):
    seen = []

    class Bar:
        def __init__(self, total, desc):
            seen.append(total)

        def __enter__(self):
            return self

        def update(self, n):
            seen.append(n)

        def __exit__(self, *error):
            seen.append("closed")

    monkeypatch.setattr("course.data.download.Progress", Bar)
    with Server(["whole"]) as server:
        fetch(server.url, tmp_path / "pictures.npz", MD5)
    total, *steps, end = seen
    assert (total, sum(steps), end) == (512, 512, "closed")


def test_the_folder_of_data(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("COURSE_DATA")
    assert data_folder().name == "data"
    assert (data_folder().parent / "pyproject.toml").is_file()
