"""Folders of pictures: what is accepted, and that every offender is named in one message."""

import os
import struct
import subprocess
import sys
import unicodedata
import zlib

import numpy as np
import pytest
from blobs import write_blobs
from PIL import Image

from course import CourseError
from course.data.folders import scan
from course.data.pictures import fit_square, read_picture


@pytest.fixture
def data(tmp_path):
    return write_blobs(tmp_path / "my cells")


def png(width, height, depth=8, colour=2, channels=3, rows=None):
    """Return a PNG file's bytes, written by hand: Pillow writes no 16-bit colour and no false sizes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = height if rows is None else rows
    body = zlib.compress(b"".join(b"\0" + bytes(width * channels * depth // 8) for _ in range(rows)))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def refusal(*args, **options):
    with pytest.raises(CourseError) as caught:
        scan(*args, **options)
    return str(caught.value)


def test_labels_and_pictures(data):
    folder = scan(data)
    assert folder.class_names == ("benign", "malignant")
    assert folder.counts["train"] == {"benign": 12, "malignant": 12}
    assert folder.repeated == [] and folder.warnings == []
    splits = folder.load(size=48)
    for split, (images, labels) in splits.items():
        assert images.dtype == np.uint8 and images.shape == (len(labels), 48, 48, 3)
        assert labels.dtype == np.int64
        for path, image, label in zip(folder.files[split], images, labels, strict=True):
            assert path.parent.name == ("benign", "malignant")[label]
            assert (image == np.asarray(Image.open(path))).all()


def test_positive_is_needed_for_other_names(tmp_path):
    data = write_blobs(tmp_path, classes=("healthy", "ill"))
    assert "--positive 'healthy' or --positive 'ill'" in refusal(data)
    assert scan(data, "ill").class_names == ("healthy", "ill")
    turned = scan(data, "healthy")
    assert turned.class_names == ("ill", "healthy")
    assert [path.parent.name for path in turned.files["train"]].count("healthy") == turned.labels["train"].sum()
    assert "'sick'" in refusal(data, "sick")


def test_unicode_names_in_either_spelling(tmp_path):
    data = write_blobs(tmp_path / "图像 données", classes=("bénin", "恶性 tumour"))
    (data / "test" / "bénin").rename(data / "test" / unicodedata.normalize("NFD", "bénin"))
    folder = scan(data, "恶性 tumour")
    assert folder.class_names == ("bénin", "恶性 tumour")
    assert folder.labels["test"].sum() == 6


def test_hidden_files_and_manifest_are_ignored(data):
    before = scan(data).digest
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (data / "train" / "benign" / name).write_bytes(b"not a picture")
    (data / "manifest.csv").write_text("x")
    (data / "train" / "manifest.csv").write_text("x")
    (data / "train" / ".ipynb_checkpoints").mkdir()
    assert scan(data).digest == before


def test_digest_follows_the_pixels(data):
    before = scan(data).digest
    path = data / "validation" / "benign" / "picture 00.png"
    pixels = np.asarray(Image.open(path)).copy()
    pixels[0, 0, 0] ^= 1
    Image.fromarray(pixels).save(path)
    assert scan(data).digest != before


def test_many_kinds_of_pictures_are_accepted(tmp_path):
    rgb = Image.fromarray(np.full((8, 8, 3), (200, 100, 50), np.uint8))
    kinds = {"grey.png": rgb.convert("L"), "opaque.png": rgb.convert("RGBA"), "palette.png": rgb.quantize(4),
             "cmyk.tif": rgb.convert("CMYK"), "cmyk.jpg": rgb.convert("CMYK"), "two.png": rgb.convert("1"),
             "opaque grey.png": rgb.convert("LA"), "still.gif": rgb.quantize(4), "ärztin 医生.bmp": rgb}
    for name, picture in kinds.items():
        picture.save(tmp_path / name)
        pixels = read_picture(tmp_path / name)
        assert pixels.shape == (8, 8, 3) and pixels.dtype == np.uint8, name
        if name in ("opaque.png", "palette.png", "cmyk.tif", "cmyk.jpg", "still.gif", "ärztin 医生.bmp"):
            assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 3, name


def bad_files():
    """Return {file name: (how to write it at a path, words its refusal must contain)}."""
    rgb = Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8))

    def cut(path):
        rgb.save(path)
        path.write_bytes(path.read_bytes()[:-900])

    def see_through_palette(path):
        rgb.quantize(8).save(path, transparency=0)

    frames = [rgb.convert("L").point(lambda v, k=k: v ^ k) for k in (1, 255)]
    return {
        "zero.png": (lambda path: path.write_bytes(b""), "empty (0 bytes)"),
        "text.png": (lambda path: path.write_text("hello"), "not a picture"),
        "notes.txt": (lambda path: path.write_text("hello"), "not a picture"),
        "cut.png": (cut, "damaged or cut short"),
        "cut.jpg": (cut, "damaged or cut short"),
        "grey16.png": (lambda path: Image.fromarray(np.zeros((8, 8), np.uint16)).save(path), "16 bits"),
        "colour16.png": (lambda path: path.write_bytes(png(8, 8, depth=16)), "16 bits"),
        "float.tif": (lambda path: Image.fromarray(np.zeros((8, 8), np.float32)).save(path), "16 bits or more"),
        "moving.gif": (lambda path: frames[0].save(path, save_all=True, append_images=frames[1:]), "holds 2 pictures"),
        "moving.png": (lambda path: frames[0].save(path, save_all=True, append_images=frames[1:]), "holds 2 pictures"),
        "pages.tif": (lambda path: frames[0].save(path, save_all=True, append_images=frames[1:]), "holds 2 pictures"),
        "glass.png": (lambda path: Image.new("RGBA", (8, 8), (1, 2, 3, 254)).save(path), "see-through"),
        "glass palette.png": (see_through_palette, "see-through"),
        "vast.png": (lambda path: path.write_bytes(png(20_000, 20_000, rows=1)), "million pixels"),
        "large.png": (lambda path: path.write_bytes(png(8_000, 8_000, rows=1)), "million pixels"),
        "larger.png": (lambda path: path.write_bytes(png(10_000, 10_000, rows=1)), "million pixels"),
    }


@pytest.mark.parametrize("name", bad_files())
def test_bad_file_is_refused_with_its_reason(tmp_path, name):
    write, words = bad_files()[name]
    write(tmp_path / name)
    with pytest.raises(CourseError, match=name) as caught:
        read_picture(tmp_path / name)
    assert words in str(caught.value)


def test_all_offenders_are_listed_at_once(data):
    for name, (write, _) in bad_files().items():
        write(data / "test" / "malignant" / name)
    (data / "train" / "stray.png").write_bytes(png(8, 8))
    (data / "train" / "benign" / "more").mkdir()
    message = refusal(data)
    for name in bad_files():
        assert f"test/malignant/{name} " in message
    assert "train/stray.png" in message and "train/benign/more" in message
    assert f"({len(bad_files()) + 2} to put right)" in message


def test_wrong_layouts(tmp_path, data):
    assert "does not exist" in refusal(tmp_path / "nowhere")
    assert "is not a folder" in refusal(data / "train" / "benign" / "picture 00.png")
    (tmp_path / "empty").mkdir()
    message = refusal(tmp_path / "empty")
    assert all(f"{split}: this folder is missing" in message for split in ("train", "validation", "test"))
    one = write_blobs(tmp_path / "one", classes=("benign", "benign"))
    assert "1 class folders (benign), but exactly two" in refusal(one)
    (data / "validation" / "third").mkdir()
    assert "validation: 3 class folders (benign, malignant, third)" in refusal(data)
    (data / "validation" / "third").rmdir()
    (data / "test" / "benign").rename(data / "test" / "fine")
    assert "test: its classes are fine and malignant" in refusal(data)


def test_class_folder_without_enough_pictures(data):
    for path in sorted((data / "test" / "benign").iterdir())[1:]:
        path.unlink()
    assert "test/benign: at least 2 pictures are needed, found 1" in refusal(data)


def test_same_picture_in_two_splits_is_reported_by_content(data):
    original = data / "train" / "malignant" / "picture 01.png"
    Image.open(original).convert("RGBA").save(data / "test" / "malignant" / "another name.tif")
    (warning,) = scan(data).warnings
    assert "train/malignant/picture 01.png = test/malignant/another name.tif" in warning.replace(os.sep, "/")
    assert "(1 in all)" in warning


def test_fit_square_shrinks_smoothly_and_keeps_shapes():
    stripes = np.zeros((100, 100, 3), np.uint8)
    stripes[:, ::2] = 255
    small = fit_square(stripes, 20)
    assert small.shape == (20, 20, 3)
    assert np.abs(small[5:-5, 5:-5].astype(int) - 127).max() < 20  # picking pixels would give 0 or 255
    wide = np.full((50, 100, 3), 200, np.uint8)
    padded = fit_square(wide, 40)
    assert (padded[:10] == 0).all() and (padded[-10:] == 0).all() and (padded[12:28] == 200).all()
    assert fit_square(padded, 40) is padded


def test_no_tensorflow_is_loaded():
    code = "import course.data.folders, sys; sys.exit('tensorflow' in sys.modules or 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
