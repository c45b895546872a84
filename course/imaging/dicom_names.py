"""Taking a few identifying things out of a DICOM file.

What `without_names` gives back is *not* anonymous, and meets no standard: it removes what it is told to and nothing
else. The standard's own list (DICOM PS3.15, Annex E) is far longer, and names may be written into the pixels.
"""

import copy
from numbers import Integral

from course import CourseError
from course.imaging.dicom_header import first_line

IDENTIFYING = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "OtherPatientIDs", "AccessionNumber",
    "InstitutionName", "InstitutionAddress", "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
    "StudyID", "StudyDate", "StudyTime",
)  # fmt: skip
CAUTION = (
    "Only what was listed is gone. Other tags, private ones and the pixels may still tell who this is: do not call it "
    "anonymous."
)


def without_names(header, tags=IDENTIFYING, blank=()):
    """Return (copy of the Dataset without the listed tags, names of what was removed). Read CAUTION.

    tags: DICOM keywords (one, or several), removed wherever they stand, in nested sequences too. blank: rectangles of
    pixels to set to 0, each (top, left, bottom, right), bottom and right not included, in all pictures of a film; the
    copy is then stored without compression, under a new instance number, since it is another picture.

    Raises CourseError for keywords and rectangles that are none, and for a header that cannot be decoded to its end:
    names may stand where nobody can look.
    """
    from pydicom.datadict import tag_for_keyword

    tags = {tags} if isinstance(tags, str) else set(tags)
    unknown = sorted(str(name) for name in tags if not isinstance(name, str) or tag_for_keyword(name) is None)
    if unknown:
        raise CourseError(f"no DICOM keyword: {', '.join(unknown)}. An example is PatientName.")
    rectangles, removed = _rectangles(blank), []

    def remove(dataset, element):
        if element.keyword in tags:
            removed.append(element.keyword)
            del dataset[element.tag]

    try:
        result = copy.deepcopy(header)
        result.walk(remove)
    except Exception as error:  # pydicom decodes while it walks, and raises many kinds
        raise CourseError(f"the header cannot be decoded to its end, so nothing was taken out: {first_line(error)} "
                          "Export the file again.") from error
    if rectangles:
        _blank(result, rectangles)
    return result, sorted(set(removed))


def _rectangles(blank):
    """Return `blank` as a list of four whole numbers each, or say what was expected."""
    try:
        rectangles = [tuple(rectangle) for rectangle in blank]
    except TypeError:
        rectangles = [()]
    if not all(len(one) == 4 and all(isinstance(side, Integral) for side in one) for one in rectangles):
        raise CourseError("blank is a list of rectangles, each of four whole numbers (top, left, bottom, right), such "
                          f"as [(0, 0, 20, 100)], but it is {blank!r}.")
    return rectangles


def _blank(header, rectangles):
    """Set rectangles of all pictures in `header` to 0, in place."""
    from pydicom import pixels

    colours = header.get("PhotometricInterpretation")
    if colours == "PALETTE COLOR":
        raise CourseError("the colours of this picture stand in a table, where 0 need not be black: nothing was "
                          "blanked. Export it as RGB.")
    try:
        values = pixels.pixel_array(header).copy()
        height, width, samples = (int(header.get(name) or 1) for name in ("Rows", "Columns", "SamplesPerPixel"))
        films = values.reshape(-1, height, width, samples)
    except Exception as error:
        raise CourseError(f"the pixels cannot be unpacked, so nothing was blanked: {first_line(error)}") from error
    for top, left, bottom, right in rectangles:
        if not (0 <= top < bottom <= height and 0 <= left < right <= width):
            raise CourseError(f"the rectangle {(top, left, bottom, right)} does not lie in a picture of {height} rows "
                              f"and {width} columns. The order is top, left, bottom, right.")
        films[:, top:bottom, left:right] = 0
    try:
        header.set_pixel_data(values, "RGB" if samples > 1 else colours, int(header.BitsStored))
    except Exception as error:  # such as the retired big-endian order of bytes
        raise CourseError(f"pydicom cannot store the blanked picture: {first_line(error)} Export it again, "
                          "uncompressed.") from error
