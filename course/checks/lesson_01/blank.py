"""What the checker of exercise 1.4 needs: rectangles that hide the writing above an ultrasound picture, and only it."""

import functools

import numpy as np
from scipy import ndimage

from course.checks.answers import kind
from course.checks.compare import require
from course.checks.differences import as_numbers

SCAN_BEGINS = 54  # first row of the ultrasound picture itself
WRITING_ENDS = 51  # row before which all writing ends; two dots in row 51 mark the corners of the scan
WRITTEN = 60  # brighter than this in any channel, above the scan: writing (the ground there is below 20)
NAME = (slice(13, 19), slice(10, 85))  # where BAPTIST MED CTR stands
FORM = "four numbers, (top, left, bottom, right): row, column, row, column"


@functools.cache
def writing():
    """Return the writing above the scan, bright pixels and those beside them: bool (240, 320)."""
    import pydicom.examples

    from course.imaging.dicom import read

    bright = read(pydicom.examples.get_path("rgb_color")).values.max(axis=2) > WRITTEN
    bright[WRITING_ENDS:] = False
    return ndimage.binary_dilation(bright, np.ones((3, 3), bool))  # with the grey fringe around each letter


def judged(answer):
    """Return the sentence for rectangles that hide all writing above the scan and nothing of it, or raise NotYet."""
    found, (rows, columns) = as_numbers(answer), writing().shape
    require(found is None or found.size, "The list is empty. It needs at least one rectangle.")
    require(found is not None and found.shape[-1:] == (4,) and found.ndim <= 2,
            f"A list of rectangles is needed, each of {FORM}, such as [(0, 0, 10, 20)]; this is {kind(answer)}.",
            came_out=answer)  # fmt: skip
    require(np.all(found == np.floor(found)) and np.isfinite(found).all(), "Rows and columns are whole numbers.",
            came_out=answer)  # fmt: skip
    hidden = np.zeros((rows, columns), bool)
    for top, left, bottom, right in found.reshape(-1, 4).astype(int).tolist():
        one = f"The rectangle {(top, left, bottom, right)}"
        require(top < bottom and left < right, f"{one} holds no pixel: its end lies before its beginning. It takes "
                f"{FORM}, and the last two are ends, not sizes.", came_out=answer)  # fmt: skip
        require(min(top, left) >= 0 and bottom <= rows and right <= columns, f"{one} does not lie in the picture of "
                f"{rows} rows and {columns} columns. It takes {FORM}.", came_out=answer)  # fmt: skip
        hidden[top:bottom, left:right] = True
    lost, left_over = hidden[SCAN_BEGINS:].sum(), writing() & ~hidden
    require(not lost, f"{lost:,} pixels of the scan itself are blanked: it begins at row {SCAN_BEGINS}. End above it; "
            "the last row of a rectangle is not included.", came_out=answer)  # fmt: skip
    require(not left_over[NAME].any(), "The hospital's name can still be read, at least in part. It stands in rows 13 "
            "to 18, columns 10 to 84.", came_out=answer)  # fmt: skip
    require(not left_over.any(), f"The name is gone, but {left_over.sum()} pixels of writing are left, the first at "
            f"[row, column] {np.argwhere(left_over)[:1].tolist()}. Nobody here knows what those numbers mean: blank "
            "them too.", came_out=answer)  # fmt: skip
    return "All writing above the scan is hidden, and no pixel of the scan is: compared with the pixels themselves."
