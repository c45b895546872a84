"""What the checker of exercise 1.4 needs: rectangles that hide the writing above an ultrasound picture, and only it."""

import functools

import numpy as np
from scipy import ndimage

from course.checks.core import NotYet, kind

SCAN_BEGINS = 54  # first row of the ultrasound picture itself
WRITING_ENDS = 51  # row before which all writing ends; two dots in row 51 mark the corners of the scan
WRITTEN = 60  # brighter than this in any channel, above the scan: writing (the ground there is below 20)
NAME = (slice(13, 19), slice(10, 85))  # where BAPTIST MED CTR stands
ORDER = (
    "A rectangle is (top, left, bottom, right): row, column, row, column. Yours reads as if columns came first, or as "
    "a width and a height."
)


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
    found = _as_list(answer)
    rows, columns = writing().shape
    hidden = np.zeros((rows, columns), bool)
    for one in found:
        top, left, bottom, right = one
        if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
            raise NotYet(_misplaced(one, rows, columns), [("came out", one)])
        hidden[top:bottom, left:right] = True
    details = [("came out", answer)]
    if hidden[SCAN_BEGINS:].any():
        lost = f"{hidden[SCAN_BEGINS:].sum():,} pixels of the scan itself are blanked"
        turned = any(bottom - top > right - left for top, left, bottom, right in found)
        raise NotYet(f"{lost}: it begins at row {SCAN_BEGINS}. " + (ORDER if turned else "End above it; the last row "
                     "of a rectangle is not included."), details)  # fmt: skip
    left_over = writing() & ~hidden
    if left_over[NAME].any():
        raise NotYet("The hospital's name can still be read, at least in part. It stands in rows 13 to 18, columns 10 "
                     "to 84.", details)
    if left_over.any():
        row, column = np.argwhere(left_over)[0]
        raise NotYet(f"The name is gone, but {left_over.sum()} pixels of writing are left, the first in row "
                     f"{row}, column {column}. Nobody here knows what those numbers mean: blank them too.", details)
    return "All writing above the scan is hidden, and no pixel of the scan is: compared with the pixels themselves."


def _as_list(answer):
    """Return a list of tuples of four whole numbers; one rectangle may stand alone."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)) and not answer:
        raise NotYet("The list is empty. It needs at least one rectangle, such as (0, 0, 10, 20).")
    if not isinstance(answer, (list, tuple)):
        raise NotYet(f"A list of rectangles is needed, such as [(0, 0, 10, 20)], but this is {kind(answer)}.")
    found = [answer] if all(isinstance(number, (int, np.integer)) for number in answer) else list(answer)
    for one in found:
        if not isinstance(one, (list, tuple)) or len(one) != 4:
            raise NotYet(f"Each rectangle is four numbers, (top, left, bottom, right), but one is {one!r}.")
        if not all(isinstance(number, (int, np.integer)) for number in one):
            raise NotYet(f"Rows and columns are whole numbers, but one rectangle is {one!r}.")
    return [tuple(int(number) for number in one) for one in found]


def _misplaced(one, rows, columns):
    top, left, bottom, right = one
    if 0 <= left < right <= rows and 0 <= top < bottom <= columns and bottom > rows:
        return f"{ORDER} Row {bottom} does not exist: there are {rows} rows and {columns} columns."
    if top >= bottom or left >= right:
        return f"The rectangle {one} holds no pixel: its end lies before its beginning. {ORDER}"
    return f"The rectangle {one} does not lie in the picture, which has {rows} rows and {columns} columns."
