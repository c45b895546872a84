"""Fitted pictures on disk or straight from their files: the same rows, made once, resumed, removed."""

import os
import time

import numpy as np
import pytest
from blobs import write_blobs
from PIL import Image

from course import CourseError
from course.data import cache, look
from course.data.folders import scan
from course.data.parallel import in_order
from course.data.rows import Stored, Streamed


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = write_blobs(tmp_path_factory.mktemp("cells") / "my cells")
    Image.open(next((folder / "train" / "benign").glob("*"))).resize((31, 77)).save(
        folder / "train" / "benign" / "tall.png")
    return folder


@pytest.fixture
def plan(data, tmp_path):
    folder = scan(data)
    return folder, cache.plan(99, folder.digest, 40, tmp_path / "cache", always=True)


@pytest.mark.parametrize("kind", ["disk", "files"])
def test_the_rows_are_those_of_the_memory(plan, kind):
    folder, there = plan
    kept, usual = folder.load(40, there._replace(kind=kind)), folder.load(40)
    for split, (images, labels) in usual.items():
        rows = kept[split].images
        assert rows.shape == images.shape and rows.dtype == images.dtype and len(rows) == len(images)
        assert (kept[split].labels == labels).all()
        for index in (0, -1, slice(None), slice(3, 9, 2), np.array([4, 0, 4, -2]), [1, 2], images[:, 0, 0, 0] > 90):
            assert (rows[index] == images[index]).all()
        with pytest.raises(IndexError):
            rows[len(images)]
        with pytest.raises(IndexError):
            rows[np.array([len(images)])]
    assert isinstance(rows, Stored if kind == "disk" else Streamed)


def test_numpy_reads_the_file_too(plan):
    folder, there = plan
    rows = folder.load(40, there)["test"].images
    assert (np.load(there.folder / "test.npy", mmap_mode="r", allow_pickle=False) == rows[:]).all()


def test_what_was_cut_off_goes_on(plan, monkeypatch):
    folder, there = plan
    paths, read, usual = folder.files["train"], [], cache.fitted

    def cut_off(those, size):
        for path, picture in zip(those, usual(those, size), strict=True):
            if len(read) == 9:
                raise KeyboardInterrupt
            read.append(path)
            yield picture

    monkeypatch.setattr(cache, "fitted", cut_off)
    with pytest.raises(KeyboardInterrupt):
        folder.load(40, there)
    unfinished = there.folder / "train.part"
    with open(unfinished, "ab") as file:
        file.write(b"half a picture")
    monkeypatch.setattr(cache, "fitted", lambda those, size: read.extend(those) or usual(those, size))
    rows = folder.load(40, there)["train"].images
    assert read[: len(paths)] == list(paths) and not unfinished.exists()
    assert (rows[:] == folder.load(40)["train"].images).all()


def test_a_full_disk_is_one_message_and_leaves_nothing(plan, monkeypatch):
    folder, there = plan

    def full(paths, size):
        yield np.zeros((40, 40, 3), np.uint8)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "fitted", full)
    with pytest.raises(CourseError, match=r"no space left on device\. Free some space"):
        folder.load(40, there)
    assert not there.folder.exists()


def test_where_the_pictures_are_follows_from_their_number(tmp_path, monkeypatch):
    def kind(pictures, **options):
        return cache.plan(pictures, "f" * 64, 100, tmp_path / "new", **options).kind

    assert kind(1000) == "memory" and kind(1000, always=True) == "disk" and kind(20_000) == "disk"
    assert kind(10**12) == "files" and not (tmp_path / "new").exists()
    assert "has no room for 30,000,000.0 GB" in cache.plan(10**12, "f" * 64, 100, tmp_path).sentence()
    assert "0.6 GB in" in cache.plan(20_000, "f" * 64, 100, tmp_path).sentence()


def test_other_pictures_and_sizes_lie_elsewhere(tmp_path):
    places = {cache.plan(9, digest * 64, size, tmp_path).folder for digest in "ab" for size in (40, 50)}
    assert len(places) == 4


@pytest.mark.parametrize("damage", ["empty", "other", "short", "shape"])
def test_a_damaged_file_is_made_again(plan, damage):
    folder, there = plan
    whole, usual = there.folder / "train.npy", folder.load(40)["train"].images
    folder.load(40, there)
    content = whole.read_bytes()
    whole.write_bytes({"empty": b"", "other": b"x" * len(content), "short": content[:-1],
                       "shape": content.replace(b"40, 40, 3", b"80, 20, 3", 1)}[damage])
    assert (folder.load(40, there)["train"].images[:] == usual).all()


def test_a_file_cut_short_is_named_when_it_is_read(plan):
    folder, there = plan
    folder.load(40, there)
    rows = folder.load(40, there)["train"].images
    os.truncate(there.folder / "train.npy", 5000)
    with pytest.raises(CourseError, match="cut short"):
        rows[20]


def test_a_second_look_reads_nothing(data, tmp_path, monkeypatch):
    monkeypatch.setattr(look, "WORTH", 1)
    memory = tmp_path / "deep" / "seen.npz"
    first = scan(data, memory=memory)
    assert memory.exists()
    with monkeypatch.context() as patch:
        patch.setattr(look, "read_quietly", lambda path: pytest.fail(f"{path} was read again"))
        second = scan(data, memory=memory)
    assert second.digest == first.digest and second.not_square == first.not_square == 1
    changed = first.files["test"][0]
    picture = np.asarray(Image.open(changed)).copy()
    picture[0, 0] ^= 255
    Image.fromarray(picture).save(changed)
    os.utime(changed, ns=(time.time_ns(), time.time_ns() + 10**9))
    assert scan(data, memory=memory).digest == scan(data).digest != first.digest
    memory.write_bytes(memory.read_bytes()[:100])
    assert scan(data, memory=memory).digest == scan(data).digest


def test_few_pictures_are_not_worth_a_file(data, tmp_path):
    scan(data, memory=tmp_path / "seen.npz")
    assert not list(tmp_path.iterdir())


def test_results_come_in_order_and_work_stops_with_whoever_asks():
    assert list(in_order(lambda x: x * x, range(500))) == [x * x for x in range(500)]
    begun = []

    def work(x):
        begun.append(x)
        if x == 20:
            raise ValueError("twenty")
        return x

    with pytest.raises(ValueError, match="twenty"):
        list(in_order(work, range(10_000)))
    assert len(begun) < 200
