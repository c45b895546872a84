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
from course.data import copies, masks, memory
from course.data.folders import load_pictures, scan
from course.data.patients import UNCHECKED
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


def copy(data, source, target, change=lambda picture: picture, **options):
    """Save data/source anew as data/target."""
    change(Image.open(data / source)).save(data / target, **options)


def test_the_same_picture_in_two_classes_is_a_contradiction(data):
    copy(data, "train/malignant/picture 01.png", "train/benign/x.png")
    (warning,) = scan(data).warnings
    assert "one of its labels is wrong" in warning and "easier" not in warning and "(1 in all)" in warning


def test_repeats_within_a_class_are_counted_as_what_they_are(data):
    for number in range(6):
        copy(data, "test/malignant/picture 01.png", f"test/malignant/again {number}.bmp")
    (warning,) = scan(data).warnings
    assert "more than once in one class" in warning and "easier" not in warning
    assert warning.count(" = ") == 6 and "(1 in all)" in warning


@pytest.mark.parametrize(("name", "change", "options"), [
    ("new.jpg", lambda picture: picture, {"quality": 60}), ("new.jpg", lambda picture: picture, {"quality": 90}),
    ("smaller.png", lambda picture: picture.resize((32, 32), Image.Resampling.BICUBIC), {}),
    ("larger.jpg", lambda picture: picture.resize((72, 72), Image.Resampling.BICUBIC), {"quality": 75}),
    ("brighter.png", lambda picture: picture.point(lambda v: min(255, v * 1.1 + 5)), {}),
])
def test_a_copy_saved_anew_in_another_split_is_found(data, name, change, options):
    copy(data, "train/malignant/picture 01.png", f"test/malignant/{name}", change, **options)
    folder = scan(data)
    ((one, other),) = folder.similar
    assert one.as_posix() == "train/malignant/picture 01.png" and other.as_posix() == f"test/malignant/{name}"
    (warning,) = folder.warnings
    assert "nearly the same" in warning and f"picture 01.png = test/malignant/{name}" in warning.replace(os.sep, "/")


def test_drawn_fields_give_no_false_alarm_and_their_copies_are_found():
    from course.data import cytology

    prints = np.stack([copies.fingerprint(cytology.draw(case)) for case in range(0, 569, 8)])
    alike = prints @ prints.T
    np.testing.assert_allclose(np.diag(alike), 1, rtol=1e-5)
    assert (alike - np.eye(len(alike))).max() < 0.7
    for case in (0, 80, 400):
        field = Image.fromarray(cytology.draw(case))
        smaller = np.asarray(field.resize((75, 75), Image.Resampling.BICUBIC))
        assert copies.fingerprint(smaller) @ copies.fingerprint(np.asarray(field)) > copies.ALIKE
    assert not copies.fingerprint(np.full((40, 40, 3), 9, np.uint8)).any()


def test_what_is_not_checked_is_said():
    assert "one patient's pictures lie in several splits" in UNCHECKED


def test_long_lists_are_cut(data):
    for number in range(60):
        (data / "train" / "benign" / f"bad {number}.png").write_bytes(b"")
    message = refusal(data)
    assert "(60 to put right)" in message and "and 40 more" in message and len(message.splitlines()) < 25
    for path in (data / "train" / "benign").glob("bad *"):
        path.unlink()
    for number in range(12):
        for again in range(2):
            copy(data, f"train/malignant/picture {2 * number + 1:02}.png", f"train/malignant/{number}-{again}.bmp")
        copy(data, f"train/benign/picture {2 * number:02}.png", f"train/malignant/{number}.bmp")
    contradictions, repeats = scan(data).warnings
    assert "(12 in all)" in contradictions and "(12 in all)" in repeats


def mask(size=48):
    made = np.zeros((size, size), np.uint8)
    made[10:30, 12:31] = 255
    return Image.fromarray(made)


@pytest.mark.parametrize("name", ["malignant (3)_mask.png", "malignant (3)_mask_1.png", "case 7-MASK-2.bmp",
                                  "a_masks.tif"])
def test_files_named_as_masks_are_refused(data, name):
    copy(data, "train/malignant/picture 01.png", f"train/malignant/{name}")
    message = refusal(data)
    assert "(1 to put right)" in message and f"1 file named as masks (train/malignant/{name})" in message


@pytest.mark.parametrize("save", [
    lambda path: mask().save(path.with_suffix(".png")), lambda path: mask().convert("1").save(path.with_suffix(".png")),
    lambda path: mask().save(path.with_suffix(".jpg"), quality=75),
    lambda path: Image.new("L", (48, 48)).save(path.with_suffix(".png")),
    lambda path: mask().convert("RGB").save(path.with_suffix(".bmp")),
])
def test_pictures_of_two_values_beside_grey_ones_are_refused(data, save):
    for number in range(5):
        save(data / "test" / "benign" / f"{number}")
    message = refusal(data)
    assert "(1 to put right)" in message and "5 files with one or two values only" in message
    assert message.count("test/benign/") == 3


def test_a_data_set_of_two_valued_pictures_and_one_of_masks_people_wear_are_used(tmp_path):
    data = tmp_path / "data"
    rng = np.random.default_rng(0)
    for split in ("train", "validation", "test"):
        for name in ("with_mask", "without_mask"):
            (data / split / name).mkdir(parents=True)
            for number in range(2):
                pixels = rng.integers(0, 2, (20, 20), np.uint8) * 255
                Image.fromarray(pixels).save(data / split / name / f"{name}_{number}.png")
    assert scan(data, "with_mask").warnings == []


def test_real_pictures_are_no_masks():
    from course.data import cytology

    assert not any(masks.is_two_valued(cytology.draw(case)) for case in range(0, 569, 40))
    dark = np.random.default_rng(0).normal(245, 3, (60, 60, 3)).clip(0, 255).astype(np.uint8)
    assert not masks.is_two_valued(dark)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of any bytes: Linux's")
@pytest.mark.parametrize("where", ["file", "class", "root"])
def test_names_that_are_no_utf_8_are_found_before_the_work(data, where):
    bad = os.fsdecode(b"bad \xff")
    if where == "file":
        path = data / "test" / "benign" / "picture 00.png"
        path.rename(path.with_name(bad))
    elif where == "class":
        for split in ("train", "validation", "test"):
            (data / split / "benign").rename(data / split / bad)
    else:
        data = data.rename(data.with_name(bad))
    message = refusal(data, "malignant")
    assert "no valid UTF-8" in message and "bad \\udcff" in message
    message.encode()


def test_two_spellings_of_one_name_side_by_side_are_refused(data):
    for name in ("é.png", unicodedata.normalize("NFD", "é.png")):
        copy(data, "train/benign/picture 00.png", f"train/benign/{name}")
    if len(list((data / "train" / "benign").iterdir())) < 14:
        pytest.skip("names side by side: this system keeps one spelling only")
    assert "another name here looks the same" in refusal(data)


def test_two_spellings_of_one_class_are_no_two_classes(tmp_path):
    data = write_blobs(tmp_path, classes=("bénin", unicodedata.normalize("NFD", "bénin")))
    if len(list((data / "train").iterdir())) < 2:
        pytest.skip("names side by side: this system keeps one spelling only")
    assert "another name here looks the same" in refusal(data, "bénin")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="forbidden folders: root may read all")
@pytest.mark.parametrize("place", ["", "train", "train/benign"])
@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_a_folder_that_may_not_be_read_gives_one_message(data, place, mode):
    folder = data / place
    folder.chmod(mode)
    try:
        assert "cannot read" in refusal(data) and "permission denied" in refusal(data)
    finally:
        folder.chmod(0o700)


def test_the_system_s_refusals_give_one_message(data, monkeypatch):
    def forbidden(path, *args, **options):
        raise PermissionError(13, "Permission denied", str(path))

    for name in ("is_dir", "iterdir"):
        with monkeypatch.context() as patched:
            patched.setattr(type(data), name, forbidden)
            message = refusal(data)
        assert "cannot read" in message and "permission denied" in message


def test_pictures_that_do_not_fit_the_memory_are_told_before_reading(data, monkeypatch):
    folder = scan(data)
    monkeypatch.setattr(memory, "available", lambda: 2_000_000_000)
    monkeypatch.setattr("course.data.rows.read_quietly", lambda path: pytest.fail("a picture was read"))
    for use in (lambda: folder.load(12_000), lambda: load_pictures(folder.files["train"], 12_000)):
        with pytest.raises(CourseError, match=r"12000 pixels need \d+\.\d GB of memory, and 2\.0 GB are free"):
            use()
    monkeypatch.undo()
    monkeypatch.setattr(memory, "available", lambda: None)
    assert folder.load(20)["test"].images.shape == (12, 20, 20, 3)


def test_a_phone_s_jpeg_is_its_first_photograph(tmp_path):
    photograph, view = (Image.fromarray(np.full((16, 16, 3), value, np.uint8)) for value in (200, 30))
    photograph.save(tmp_path / "phone.jpg", "MPO", save_all=True, append_images=[view])
    assert Image.open(tmp_path / "phone.jpg").n_frames == 2
    assert np.abs(read_picture(tmp_path / "phone.jpg").astype(int) - 200).max() < 3


def tiff(pixels, planar=1, kind=1, extra=(), photometric=None):
    """Return the bytes of an uncompressed TIFF (h, w, channels), written by hand, little-endian; planar 2: by plane."""
    height, width, channels = pixels.shape
    bits = 8 * pixels.dtype.itemsize
    planes = [pixels[..., k] for k in range(channels)] if planar == 2 else [pixels]
    data = [plane.astype(pixels.dtype.newbyteorder("<")).tobytes() for plane in planes]
    photometric = (2 if channels >= 3 else 1) if photometric is None else photometric
    tags = [(256, 3, [width]), (257, 3, [height]), (258, 3, [bits] * channels), (259, 3, [1]),
            (262, 3, [photometric]), (273, 4, None), (277, 3, [channels]), (278, 3, [height]),
            (279, 4, [len(part) for part in data]), (284, 3, [planar])]
    tags += [(338, 3, list(extra))] if extra else []
    tags.append((339, 3, [kind] * channels))
    begin = 8 + 2 + 12 * len(tags) + 4
    loose = b""
    sizes = {3: "H", 4: "I"}
    room = sum(struct.calcsize(f"{len(v or data)}{sizes[t]}") for _, t, v in tags
               if struct.calcsize(f"{len(v or data)}{sizes[t]}") > 4)
    offsets = [begin + room + sum(map(len, data[:k])) for k in range(len(data))]
    entries = b""
    for tag, form, values in tags:
        values = offsets if values is None else values
        packed = struct.pack(f"<{len(values)}{sizes[form]}", *values)
        if len(packed) > 4:
            place, loose = begin + len(loose), loose + packed
            packed = struct.pack("<I", place)
        entries += struct.pack("<HHI", tag, form, len(values)) + packed.ljust(4, b"\0")
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + loose + b"".join(data)


@pytest.mark.parametrize("planar", [1, 2])
def test_a_tiff_by_pixel_or_by_plane_is_read_right(tmp_path, planar):
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    (tmp_path / "a.tif").write_bytes(tiff(pixels, planar))
    np.testing.assert_array_equal(read_picture(tmp_path / "a.tif"), pixels)
    (tmp_path / "grey.tif").write_bytes(tiff(pixels[..., :1], planar))
    np.testing.assert_array_equal(read_picture(tmp_path / "grey.tif"), np.repeat(pixels[..., :1], 3, axis=2))


@pytest.mark.parametrize(("options", "words"), [
    ({"dtype": np.uint16}, "16 bits"), ({"dtype": np.uint16, "planar": 2}, "16 bits"),
    ({"dtype": np.uint16, "channels": 1}, "16 bits"), ({"dtype": np.int8}, "unusual kind|damaged|not a picture"),
    ({"dtype": np.int8, "channels": 1}, "unusual kind"), ({"dtype": np.int16, "channels": 1}, "16 bits"),
    ({"dtype": np.float32, "channels": 1}, "16 bits"), ({"channels": 2}, "2 channels|not a picture|see-through"),
    ({"channels": 2, "extra": (0,)}, "2 channels|not a picture"), ({"channels": 5, "extra": (0, 0)}, "5 channels"),
    ({"channels": 4, "extra": (0,)}, "4 channels|colour mode"), ({"channels": 2, "planar": 2}, "2 channels|not a pict"),
])
def test_a_tiff_of_other_numbers_is_refused_in_words(tmp_path, options, words):
    dtype, channels = options.pop("dtype", np.uint8), options.pop("channels", 3)
    pixels = np.random.default_rng(0).integers(0, 100, (8, 8, channels)).astype(dtype)
    kind = {"u": 1, "i": 2, "f": 3}[np.dtype(dtype).kind]
    (tmp_path / "a.tif").write_bytes(tiff(pixels, kind=kind, **options))
    with pytest.raises(CourseError, match=words):
        read_picture(tmp_path / "a.tif")


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


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
@pytest.mark.parametrize(("orientation", "turned"), [(1, 0), (6, 3), (3, 2), (8, 1)])
def test_a_picture_is_turned_as_its_exif_entry_says(tmp_path, mode, orientation, turned):
    pixels = np.zeros((8, 12, 3), np.uint8)
    pixels[:2, :3] = 255
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(pixels).convert(mode).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), np.rot90(pixels, turned))
