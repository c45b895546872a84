"""Loading and exporting the ultrasound: label order, provenance, and files that are not what they say.

Most tests make a file of the right form with invented pictures; those marked `ultrasound` read the real one.
"""

import csv
import hashlib
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course import CourseError
from course.data import breastmnist

COUNTS = {"train": 546, "val": 78, "test": 156}
REAL = breastmnist.data_folder() / "breastmnist_224.npz"
real_file = [
    pytest.mark.ultrasound,
    pytest.mark.skipif(not REAL.exists(), reason=f"real ultrasound: {REAL.name} is not in data/ or COURSE_DATA"),
]
real_masks = [
    pytest.mark.ultrasound,
    pytest.mark.skipif(not REAL.with_name(breastmnist.MASKS).exists(),
                       reason=f"real ultrasound: {breastmnist.MASKS} is not in data/ or COURSE_DATA"),
]


def invented(size=28):
    """Arrays of the published form. A malignant picture (stored as 0) is bright, a benign one (1) dark."""
    arrays = {}
    for split, count in COUNTS.items():
        labels = (np.arange(count) % 4 > 0).astype(np.uint8)
        images = np.where(labels == 0, 200, 50).astype(np.uint8)[:, None, None] * np.ones((1, size, size), np.uint8)
        arrays |= {f"{split}_images": images, f"{split}_labels": labels[:, None]}
    return arrays


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder, and no way to the network."""
    def no_network(url, path, md5):
        raise AssertionError(f"tried to fetch {url}")

    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(breastmnist, "fetch", no_network)
    return tmp_path


def place(folder, arrays, name="breastmnist.npz"):
    np.savez_compressed(folder / name, **arrays)
    return folder / name


def load_quietly(size):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return breastmnist.load(size)


def test_malignant_becomes_1(data):
    place(data, invented())
    pictures = load_quietly(28)
    assert list(pictures) == ["train", "validation", "test"]
    for split, count in zip(pictures.values(), (546, 78, 156), strict=True):
        assert (split.images.dtype, split.images.shape) == (np.uint8, (count, 28, 28))
        assert (split.labels.dtype, split.labels.shape) == (np.int64, (count,))
        assert (split.images[split.labels == 1] == 200).all()
        assert (split.images[split.labels == 0] == 50).all()
        assert 0 < split.labels.sum() < count


def test_a_published_file_is_called_so(data, monkeypatch):
    path = place(data, invented())
    md5 = hashlib.md5(path.read_bytes()).hexdigest()
    monkeypatch.setitem(breastmnist.PUBLISHED, 28, (path.name, md5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = breastmnist.load(28)
    assert pictures.published
    assert "published file breastmnist.npz" in pictures.provenance


def test_another_file_of_the_right_form_is_accepted_and_says_so(data):
    path = place(data, invented())
    with pytest.warns(UserWarning, match="not the published file"):
        pictures = breastmnist.load(28)
    assert not pictures.published
    assert str(path) in pictures.provenance


def test_in_a_notebook_the_object_says_it_not_stderr(data, monkeypatch):
    place(data, invented())
    monkeypatch.setattr(breastmnist, "in_notebook", lambda: True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = breastmnist.load(28)
    assert "not the published file" in pictures.provenance


def test_a_missing_smaller_size_is_shrunk_and_labelled(data):
    place(data, invented(224), "breastmnist_224.npz")
    with pytest.warns(UserWarning, match=r"shrunk to 28 x 28 .* not the published 28-pixel pictures"):
        pictures = breastmnist.load(28)
    assert not pictures.published
    assert pictures.size == 28
    for split in pictures.values():
        assert (split.images.dtype, split.images.shape[1:]) == (np.uint8, (28, 28))
        assert (split.images[split.labels == 1] == 200).all()


def test_shrinking_is_anti_aliased():
    stripes = np.zeros((224, 224), np.uint8)
    stripes[:, ::2] = 200
    assert np.abs(breastmnist._resized(stripes, 28).astype(int) - 100).max() <= 5


def test_a_missing_file_is_fetched_once(data, monkeypatch):
    asked = []

    def from_the_net(url, path, md5):
        asked.append((url, path.name, md5))
        return place(path.parent, invented(), path.name)

    monkeypatch.setattr(breastmnist, "fetch", from_the_net)
    load_quietly(28)
    load_quietly(28)
    assert asked == [("https://zenodo.org/records/10519652/files/breastmnist.npz?download=1", "breastmnist.npz",
                      "750601b1f35ba3300ea97c75c52ff8f6")]


@pytest.mark.parametrize("size", [0, 32, 225, "28", None])
def test_only_published_sizes(data, size):
    with pytest.raises(CourseError, match="28, 64, 128, 224"):
        breastmnist.load(size)


def changed(**changes):
    arrays = invented()
    for key, value in changes.items():
        if value is None:
            del arrays[key]
        else:
            arrays[key] = value(arrays[key])
    return arrays


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (changed(val_images=None), "has no array val_images; it holds .*train_images"),
        (changed(test_labels=None), "has no array test_labels"),
        ({}, "holds nothing"),
        (changed(train_labels=lambda a: a[:-1]), r"train_labels should be uint8 of shape \(546, 1\)"),
        (changed(train_labels=lambda a: a[:, 0]), r"is uint8 of shape \(546,\)"),
        (changed(test_labels=lambda a: a.astype(np.int64)), "test_labels should be uint8"),
        (changed(val_labels=lambda a: a + 1), "val_labels must be 0"),
        (changed(test_images=lambda a: a[:, :27]), r"test_images should be uint8 of shape \(156, 28, 28\)"),
        (changed(test_images=lambda a: a / 255), "is float64"),
        (changed(train_images=lambda a: np.stack([a] * 3, -1)), r"is uint8 of shape \(546, 28, 28, 3\)"),
        (changed(val_images=lambda a: a.astype(object)), "val_images is damaged, or a pickle"),
    ],
)
def test_another_form_is_refused(data, arrays, sentence):
    path = place(data, arrays)
    with pytest.raises(CourseError, match=sentence) as caught:
        breastmnist.load(28)
    assert str(path) in str(caught.value)
    assert "Remove or replace breastmnist.npz" in str(caught.value)


class Trap:
    """Unpickling it would make a folder."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_pickles_are_never_loaded(data):
    (data / "breastmnist.npz").write_bytes(pickle.dumps(Trap(data / "sprung")))
    with pytest.raises(CourseError, match="not a readable npz file"):
        breastmnist.load(28)
    place(data, {**invented(), "train_labels": np.array([Trap(data / "sprung")], dtype=object)})
    with pytest.raises(CourseError, match="or a pickle"):
        breastmnist.load(28)
    assert not (data / "sprung").exists()


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_a_cut_file_is_refused(data, kept):
    path = place(data, invented())
    content = path.read_bytes()
    path.write_bytes(content[:kept if isinstance(kept, int) else int(kept * len(content))])
    with pytest.raises(CourseError, match="not a readable npz file"):
        breastmnist.load(28)


def test_flipped_bytes_are_noticed(data):
    path = place(data, invented())
    content = bytearray(path.read_bytes())
    middle = len(content) // 3
    content[middle:middle + 50] = bytes(byte ^ 0xFF for byte in content[middle:middle + 50])
    path.write_bytes(content)
    with pytest.raises(CourseError, match="Remove or replace"):
        breastmnist.load(28)


def test_a_plain_array_or_a_folder_is_refused(data):
    with (data / "breastmnist.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(CourseError, match="not a readable npz file"):
        breastmnist.load(28)
    (data / "breastmnist.npz").unlink()
    (data / "breastmnist.npz").mkdir()
    with pytest.raises(CourseError, match="not a readable npz file"):
        breastmnist.load(28)


def test_masks_and_sources(data):
    with pytest.raises(CourseError, match="no part of BreastMNIST"):
        breastmnist.load_masks()
    arrays = {f"{split}_masks": np.zeros((count, 224, 224), bool) for split, count in COUNTS.items()}
    arrays |= {f"{split}_source": np.array([f"benign ({i})" for i in range(count)]) for split, count in COUNTS.items()}
    place(data, arrays, breastmnist.MASKS)
    assert {split: masks.shape for split, masks in breastmnist.load_masks().items()} == {
        "train": (546, 224, 224), "validation": (78, 224, 224), "test": (156, 224, 224)}
    assert breastmnist.load_sources()["validation"][5] == "benign (5)"
    place(data, {**arrays, "test_source": np.array([b"x"] * 156)}, breastmnist.MASKS)
    with pytest.raises(CourseError, match="test_source should be str"):
        breastmnist.load_sources()


# export


def test_export_writes_rgb_pictures_and_a_manifest(data, tmp_path):
    place(data, invented())
    folder = tmp_path / "out" / "ultra sound \N{GREEK SMALL LETTER BETA}"
    breastmnist.export(folder, size=40, source_size=28)
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "split", "label", "index", "source"]
    assert sorted(row["path"] for row in rows) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    assert {split: sum(row["split"] == split for row in rows) for split in ("train", "validation", "test")} == {
        "train": 546, "validation": 78, "test": 156}
    pictures = load_quietly(28)
    for row in rows[::37]:
        split, label, _ = row["path"].split("/")
        assert (split, label) == (row["split"], row["label"])
        assert pictures[split].labels[int(row["index"])] == ("benign", "malignant").index(label)
        with Image.open(folder / row["path"]) as picture:
            assert (picture.mode, picture.size) == ("RGB", (40, 40))
            assert np.asarray(picture).min() == np.asarray(picture).max() == (200 if label == "malignant" else 50)
    assert "not the published file" in (folder / "provenance.txt").read_text(encoding="utf-8")


def test_export_never_touches_a_folder_in_use(data, tmp_path):
    place(data, invented())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("three years")
    with pytest.raises(CourseError, match="not empty"):
        breastmnist.export(tmp_path / "mine", source_size=28)
    assert os.listdir(tmp_path / "mine") == ["thesis.txt"]


def test_export_looks_at_its_target_before_it_downloads(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "empty"))
    monkeypatch.setattr(breastmnist, "fetch", lambda *args: pytest.fail("downloaded first"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("three years")
    (tmp_path / "file").write_text("")
    for target in ("mine", "file", "file/inside"):
        with pytest.raises(CourseError, match=r"not empty|cannot write"):
            breastmnist.export(tmp_path / target, source_size=28)


def test_damaged_masks_do_not_stop_an_export(data, tmp_path):
    place(data, invented())
    (data / breastmnist.MASKS).write_bytes(b"no npz")
    with pytest.warns(UserWarning, match="names stay empty"):
        breastmnist.export(tmp_path / "out", size=16, source_size=28)
    with open(tmp_path / "out" / "manifest.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 780 and not any(row["source"] for row in rows)


def test_a_data_folder_that_may_not_be_looked_into_gives_one_message(data, tmp_path, monkeypatch):
    def forbidden(path, *args, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", forbidden)
    for use in (lambda: breastmnist.load(28), breastmnist.load_sources):
        with pytest.raises(CourseError, match=r"cannot read .*permission denied"):
            use()


@pytest.mark.parametrize("size", [0, 15, 20_000])
def test_export_refuses_sizes_nobody_wants(data, tmp_path, size):
    with pytest.raises(CourseError, match="16 to 1024 pixels"):
        breastmnist.export(tmp_path / "out", size=size, source_size=28)


def test_an_interrupted_export_leaves_nothing(data, tmp_path, monkeypatch):
    place(data, invented())

    def stops_midway(rows, desc):
        yield from rows[:300]
        raise KeyboardInterrupt

    monkeypatch.setattr(breastmnist, "progress", stops_midway)
    with pytest.raises(KeyboardInterrupt):
        breastmnist.export(tmp_path / "out", size=28, source_size=28)
    assert os.listdir(tmp_path) == ["breastmnist.npz"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files, as a stand-in for a full disk")
def test_an_export_to_a_full_disk_leaves_nothing(data, tmp_path):
    place(data, invented())
    program = (
        "import resource, signal\n"
        "from course import CourseError\n"
        "from course.data import breastmnist\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))\n"  # the manifest is larger than that
        "try:\n"
        f"    breastmnist.export({str(tmp_path / 'out')!r}, size=28, source_size=28)\n"
        "except CourseError as error:\n"
        "    print('refused:', error)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("refused: cannot write"), done.stderr
    assert os.listdir(tmp_path) == ["breastmnist.npz"]


# the real file


class TestRealFile:
    pytestmark = real_file

    def test_counts_are_those_of_the_collection(self):
        pictures = load_quietly(224)
        assert [int(split.labels.sum()) for split in pictures.values()] == [147, 21, 42]  # 210 malignant of 780

    def test_shrunk_pictures_keep_their_brightness(self):
        large, small = load_quietly(224)["validation"].images, load_quietly(64)["validation"].images
        np.testing.assert_allclose(small.mean(axis=(1, 2)), large.mean(axis=(1, 2)), atol=1.5)


class TestRealMasks:
    pytestmark = real_masks

    def test_names_agree_with_the_labels(self):
        pictures, names = load_quietly(224), breastmnist.load_sources()
        for split in pictures:
            malignant = np.array([name.startswith("malignant") for name in names[split]])
            np.testing.assert_array_equal(pictures[split].labels, malignant)

    def test_normal_breasts_have_no_lesion_and_others_do(self):
        masks, names = breastmnist.load_masks(), breastmnist.load_sources()
        for split in masks:
            normal = np.array([name.startswith("normal") for name in names[split]])
            empty = ~masks[split].any(axis=(1, 2))
            lesions_without = {"train": [337], "validation": [], "test": [39]}  # as the docstring says
            assert np.flatnonzero(empty != normal).tolist() == lesions_without[split]


def test_the_published_names_differ():
    names, sums = zip(*breastmnist.PUBLISHED.values(), strict=True)
    assert len(set(names)) == len(set(sums)) == 4
    assert all(len(md5) == 32 and Path(name).suffix == ".npz" for name, md5 in breastmnist.PUBLISHED.values())
