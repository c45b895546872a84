"""The folder a trained model is written to, made ready before any long work begins and before TensorFlow is loaded."""

import os
import shutil
from pathlib import Path

from course import CourseError
from course.data import memory
from course.files import explained, shown, write_text

SPLIT_FOLDERS = {"train", "training", "validation", "val", "valid", "test"}
GIGABYTE = 1e9


def prepare_out(out, overwrite=False):
    """Make sure that `out` can be written to and holds no finished model; raise CourseError otherwise.

    overwrite: a finished model may be there. It stays until the new one is complete. An unfinished run stays too, since
    going on with it loses nothing.
    """
    out = Path(out)
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
        for leftover in out.glob(".part-*"):  # of a run that was killed while writing
            leftover.unlink()
        finished = os.path.lexists(out / "model.json")
    write_text(out / ".writable", "")
    with explained(out):
        (out / ".writable").unlink()
    if finished and not overwrite:
        raise CourseError(f"{shown(out)} already holds a finished model. "
                          "Choose another --out, or add --overwrite to replace it.")


def require_apart(out, data_dir):
    """Raise CourseError if `out` lies in one of the folders that hold the pictures."""
    root, place = Path(os.path.realpath(data_dir)), Path(os.path.realpath(out))
    inside = place.relative_to(root).parts if place.is_relative_to(root) else ()
    if inside and inside[0].casefold() in SPLIT_FOLDERS:
        raise CourseError(f"--out {shown(out)} lies among the pictures of {shown(data_dir)}. "
                          "Choose a folder outside of train, validation and test.")


def memory_warning(pictures, size, batch_size, model):
    """Return a sentence if training may need more memory than is free, else None. An estimate, in bytes:

    the pictures, all loaded; the maps of one batch; in the classic network the weights of its first dense layer, four
    times (themselves, their slopes, Adam's two means) and once more for the best epoch.
    """
    loaded = pictures * size**2 * 3
    maps = batch_size * size**2 * {"classic": 600, "repaired": 250, "transfer": 1600}[model]
    weights = (size // 16) ** 2 * 128 * 512 * 4 * 5 if model == "classic" else 0
    needed, free = loaded + maps + weights, memory.available()
    if free is None or needed <= free:
        return None
    return (f"training needs about {_gigabytes(needed)} of memory, and {_gigabytes(free)} are free. If it ends for "
            "want of memory, take a smaller --size or --batch-size.")


def require_disk(folder, pictures, size):
    """Raise CourseError if `pictures` PNG files of this size cannot fit on the disk of `folder`, even well packed."""
    place = Path(os.path.abspath(folder))
    while not place.exists() and place != place.parent:
        place = place.parent
    with explained(folder):
        free = shutil.disk_usage(place).free
    needed = pictures * size**2  # a third of the bytes of the plain colours
    if needed > free:
        raise CourseError(f"{pictures:,} pictures of {size} x {size} pixels need {_gigabytes(needed)} on the disk of "
                          f"{shown(folder)}, and {_gigabytes(free)} are free. Take a smaller --size or --fields.")


def _gigabytes(number):
    return f"{number / GIGABYTE:,.1f} GB"
