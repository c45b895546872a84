"""Real breast ultrasound: BreastMNIST, 780 grey pictures of the BUSI collection, split 546 / 78 / 156.

The published files store malignant as 0. `load` converts once: **benign = 0, malignant = 1**, as everywhere in this
course. "Benign" includes the 133 normal breasts. The files come from Zenodo record 10519652 (Yang et al., MedMNIST v2,
Scientific Data 10 (2023) 41; Al-Dhabyani et al., Data in Brief 28 (2020) 104863; licence CC BY 4.0). Not for clinical
use.
"""

import contextlib
import csv
import hashlib
import warnings
import zipfile
import zlib

import numpy as np

from course import CourseError
from course.data import Split
from course.data.download import data_folder, fetch
from course.files import explained, new_folder
from course.progress import in_notebook, progress

ADDRESS = "https://zenodo.org/records/10519652/files/{name}?download=1"
PUBLISHED = {  # size: (file name, MD5), as listed by medmnist 3.0.2
    28: ("breastmnist.npz", "750601b1f35ba3300ea97c75c52ff8f6"),
    64: ("breastmnist_64.npz", "742edef2a1fd1524b2efff4bd7ba9364"),
    128: ("breastmnist_128.npz", "363e4b3f8d712e9b5de15470a2aaadf1"),
    224: ("breastmnist_224.npz", "b56378a6eefa9fed602bb16d192d4c8b"),
}
SPLITS = {"train": ("train", 546), "validation": ("val", 78), "test": ("test", 156)}  # ours: (the file's, pictures)
CLASSES = ("benign", "malignant")
MASKS = "busi_masks_224.npz"
LARGEST = max(PUBLISHED)


class Ultrasound(dict):
    """The three splits, {"train": Split, "validation": Split, "test": Split}, and where they come from.

    size: side of the pictures in pixels. published: True only for pictures exactly as published.
    provenance: one sentence that a report should quote.
    """

    def __init__(self, splits, size, published, provenance):
        super().__init__(splits)
        self.size, self.published, self.provenance = size, published, provenance


def load(size=224):
    """Return the pictures at 28, 64, 128 or 224 pixels as an `Ultrasound` dict of splits.

    images: uint8 (n, size, size); labels: int64 (n,), benign or normal = 0, malignant = 1. The file is looked for in
    `data/` or the folder named by COURSE_DATA, and downloaded when missing. A smaller size is not downloaded where the
    224-pixel file is at hand: it is shrunk from that. Pictures that are not exactly the published ones are allowed, but
    `published` is False, `provenance` says why, and outside notebooks a warning says it too (once). In a notebook print
    `provenance`: a warning there would make the stored output depend on the reader's file.
    """
    pictures = _find(size)
    if not pictures.published and not in_notebook():
        warnings.warn(pictures.provenance, stacklevel=2)
    return pictures


def download(size=224):
    """Fetch the published file of this size into the data folder and return its path. A right one is left as it is."""
    _check_size(size)
    name, md5 = PUBLISHED[size]
    return fetch(ADDRESS.format(name=name), data_folder() / name, md5)


def at_hand():
    """Say whether the largest pictures lie in the data folder, so that `load()` downloads nothing."""
    return _is_there(data_folder() / PUBLISHED[LARGEST][0])


def load_masks():
    """Return {"train": masks, ...}: bool (n, 224, 224), True inside a lesion.

    All False where the breast is normal, and for two lesions without a mask in the square (train 337, test 39).
    """
    return _load_extra("masks", "bool", (LARGEST, LARGEST))


def load_sources():
    """Return {"train": names, ...}: str (n,), BUSI's own name of each picture, such as "malignant (12)"."""
    return _load_extra("source", "str", ())


def export(folder, size=150, source_size=224):
    """Write the pictures as RGB PNG files into train|validation|test/<benign|malignant>/ and return the `Ultrasound`.

    Each picture is resized from `source_size` to `size` pixels a side. manifest.csv lists path, split, label, index
    (its row in the published split) and source (BUSI's name, empty where unknown); provenance.txt says where the
    pictures come from. `folder` must be new or empty, which is looked at before anything is downloaded; it appears in
    one step, complete, or not at all. A damaged file of masks and names costs the names only, with a warning.
    """
    from PIL import Image

    if not 16 <= size <= 1024:
        raise CourseError(f"the pictures can be written at 16 to 1024 pixels a side, not at {size}.")
    with new_folder(folder) as temporary:
        pictures, sources = _find(source_size), _sources_if_any()
        rows = [(split, index) for split in pictures for index in range(len(pictures[split].labels))]
        for split in pictures:
            for name in CLASSES:
                (temporary / split / name).mkdir(parents=True)
        (temporary / "provenance.txt").write_text(f"{pictures.provenance}\nLicence: CC BY 4.0\n", encoding="utf-8")
        with open(temporary / "manifest.csv", "w", newline="", encoding="utf-8") as file:
            manifest = csv.writer(file, lineterminator="\n")
            manifest.writerow(["path", "split", "label", "index", "source"])
            for split, index in progress(rows, "writing pictures"):
                label = CLASSES[pictures[split].labels[index]]
                path = f"{split}/{label}/{split}_{index:03d}.png"
                picture = Image.fromarray(_resized(pictures[split].images[index], size))
                picture.convert("RGB").save(temporary / path)
                manifest.writerow([path, split, label, index, sources[split][index] if sources else ""])
    return pictures


def _sources_if_any():
    """Return what `load_sources` does, or {} where its file is not there or cannot be used; the latter is told."""
    if not _is_there(data_folder() / MASKS):
        return {}
    try:
        return load_sources()
    except CourseError as problem:
        warnings.warn(f"{problem} The pictures' names stay empty.", stacklevel=3)
        return {}


def _find(size):
    """Load from the file of this size, else shrink the largest, else download."""
    _check_size(size)
    path = data_folder() / PUBLISHED[size][0]
    largest = data_folder() / PUBLISHED[LARGEST][0]
    if _is_there(path):
        return _load_file(path, size)
    if _is_there(largest):
        return _shrunk(_load_file(largest, LARGEST), size)
    return _load_file(download(size), size)


def _load_file(path, size):
    """Read and check one published or hand-placed file."""
    labels, splits = {}, {}
    with _opened(path) as arrays:
        for split, (theirs, count) in SPLITS.items():  # labels first: small, and they show a wrong file at once
            stored = _array(arrays, path, f"{theirs}_labels", "uint8", (count, 1))
            if not np.isin(stored, (0, 1)).all():
                raise CourseError(f"{path}: {theirs}_labels must be 0 (malignant) or 1 (benign). {_replace(path)}")
            labels[split] = 1 - stored[:, 0].astype(np.int64)
        for split, (theirs, count) in SPLITS.items():
            images = _array(arrays, path, f"{theirs}_images", "uint8", (count, size, size))
            splits[split] = Split(images, labels[split])
    published = _md5(path) == PUBLISHED[size][1]
    provenance = f"BreastMNIST, {size} x {size} pixels, from the published file {path.name}."
    if not published:
        provenance = (f"BreastMNIST, {size} x {size} pixels, from {path}: not the published file (its MD5 differs), "
                      "though keys, types, shapes and split sizes are right.")
    return Ultrasound(splits, size, published, provenance)


def _shrunk(pictures, size):
    splits = {
        split: Split(np.stack([_resized(image, size) for image in images]), labels)
        for split, (images, labels) in pictures.items()
    }
    provenance = (f"BreastMNIST shrunk to {size} x {size} pixels by this course: not the published {size}-pixel "
                  f"pictures (course.data.breastmnist.download({size}) fetches those). "
                  f"Before shrinking: {pictures.provenance}")
    return Ultrasound(splits, size, False, provenance)


def _load_extra(kind, dtype, shape):
    path = data_folder() / MASKS
    if not _is_there(path):
        raise CourseError(f"{path} is not there. Lesion masks and picture names are no part of BreastMNIST and are not "
                          "downloaded; everything but the comparison with them works without.")
    with _opened(path) as arrays:
        return {
            split: _array(arrays, path, f"{theirs}_{kind}", dtype, (count, *shape))
            for split, (theirs, count) in SPLITS.items()
        }


@contextlib.contextmanager
def _opened(path):
    """Open an npz file; arrays are read on use. Pickles, which could run any program, are never loaded."""
    try:
        arrays = np.load(path, allow_pickle=False)
        if isinstance(arrays, np.ndarray):
            raise ValueError("a single array, not an npz file")
    except PermissionError as error:
        raise CourseError(f"{path} may not be read: ask its owner for the permission.") from error
    except (ValueError, EOFError, zipfile.BadZipFile, OSError) as error:
        raise CourseError(f"{path} is not a readable npz file. {_replace(path)}") from error
    with arrays:
        yield arrays


def _array(arrays, path, key, dtype, shape):
    """Return one array after checking its name, type and shape."""
    if key not in arrays.files:
        held = ", ".join(arrays.files) or "nothing"
        raise CourseError(f"{path} has no array {key}; it holds {held}. {_replace(path)}")
    try:
        array = arrays[key]
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise CourseError(f"{path}: the array {key} is damaged, or a pickle. {_replace(path)}") from error
    found = "str" if array.dtype.kind == "U" else array.dtype.name
    if found != dtype or array.shape != shape:
        raise CourseError(f"{path}: {key} should be {dtype} of shape {shape}, but is {found} of shape "
                          f"{array.shape}. {_replace(path)}")
    return array


def _replace(path):
    return f"Remove or replace {path.name}, then run this again."


def _resized(image, size):
    """Resize one grey picture, uint8, with Pillow's bicubic filter, which is anti-aliased when it shrinks."""
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC))


def _is_there(path):
    """Does the path exist? A folder that may not be looked into is a CourseError, not a no."""
    with explained(path, "read"):
        return path.exists()


def _md5(path):
    with explained(path, "read"), open(path, "rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _check_size(size):
    if size not in PUBLISHED:
        sizes = ", ".join(map(str, PUBLISHED))
        raise CourseError(f"BreastMNIST is published at {sizes} pixels a side, not at {size}.")
