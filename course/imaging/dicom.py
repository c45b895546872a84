"""DICOM files: the picture with its units, the header in words, and a few identifying things taken out.

What `without_names` gives back is *not* anonymous, and meets no standard: it removes what it is told to and nothing
else. The standard's own list (DICOM PS3.15, Annex E) is far longer, and names may be written into the pixels.
"""

import copy
import warnings
from dataclasses import dataclass

import numpy as np

from course import CourseError
from course.imaging.preprocessing import window

IDENTIFYING = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "OtherPatientIDs", "AccessionNumber",
    "InstitutionName", "InstitutionAddress", "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
    "StudyID", "StudyDate", "StudyTime",
)  # fmt: skip
CAUTION = (
    "Only what was listed is gone. Other tags, private ones and the pixels may still tell who this is: do not call it "
    "anonymous."
)


@dataclass(frozen=True)
class Picture:
    """One DICOM picture.

    values: grey as float32 (h, w), in `unit` after the header's slope and intercept; colour as uint8 or uint16
    (h, w, 3). spacing: millimetres from one row to the next and from one column to the next, or None. level, width: the
    first window that the header proposes, or None. header: the pydicom Dataset. inverted: low values are meant to be
    bright (MONOCHROME1).
    """

    values: np.ndarray
    unit: str
    spacing: tuple | None
    level: float | None
    width: float | None
    inverted: bool
    header: object

    def shown(self, level=None, width=None):
        """Return the picture for the eye, uint8, by a window (default: the header's, else darkest to brightest)."""
        if self.values.ndim == 3:
            return (self.values / (np.iinfo(self.values.dtype).max / 255)).round().astype(np.uint8)
        if level is None or width is None:
            level, width = self._own_window()
        light = window(self.values, level, width)
        return (255 * (1 - light if self.inverted else light)).round().astype(np.uint8)

    def _own_window(self):
        if self.level is not None:
            return self.level, self.width
        low, high = float(self.values.min()), float(self.values.max())
        return (low + high) / 2, max(high - low, 1.0)


def read(path, frame=0):
    """Return the Picture in a DICOM file (path); of a film, its picture number `frame`.

    Raises CourseError for files that are broken or no DICOM, hold no picture, or are compressed in a way that nothing
    installed here can undo.
    """
    header = read_header(path)
    values = _frame(path, header, frame)
    if values.ndim == 2:
        slope, intercept = (_number(header, name, usual) for name, usual in
                            (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0)))
        values = (values * slope + intercept).astype(np.float32)
    return Picture(values, _unit(header), _spacing(header), _number(header, "WindowCenter"),
                   _number(header, "WindowWidth"), header.get("PhotometricInterpretation") == "MONOCHROME1", header)


def read_header(path):
    """Return the pydicom Dataset of a file, picture included but not unpacked."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about values that bend the standard; pydicom reads on
            return pydicom.dcmread(path)
    except FileNotFoundError as error:
        raise CourseError(f"{path}: there is no such file.") from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except pydicom.errors.InvalidDicomError as error:
        raise CourseError(f"{path} is no DICOM file: its beginning lacks the mark DICM. Choose another file, or export "
                          "it again.") from error
    except Exception as error:  # pydicom raises many kinds for broken files
        raise CourseError(f"{path} is broken: {_first_line(error)} Export it again.") from error


def describe(header):
    """Return what a header says, a list of sentences: kind, size, depth, spacing, units, window, and who is named."""
    rows, columns = header.get("Rows"), header.get("Columns")
    colours = header.get("PhotometricInterpretation", "not stated")
    said = [f"Kind: {header.get('Modality', 'not stated')}; colours: {colours}."]
    if rows and columns:
        frames = int(_number(header, "NumberOfFrames", 1.0))
        said.append(f"Size: {rows} rows, {columns} columns, {frames} picture{'s' * (frames > 1)}, "
                    f"{header.get('BitsStored', '?')} of {header.get('BitsAllocated', '?')} bits used.")
    said.append(f"Spacing: {_spacing_in_words(header)}.")
    said.append(f"Unit: {_unit(header)}.")
    level, width = _number(header, "WindowCenter"), _number(header, "WindowWidth")
    said.append(f"Window: level {level:g}, width {width:g}." if None not in (level, width) else "Window: not stated.")
    named = [name for name in IDENTIFYING if str(header.get(name, "")).strip()]
    said.append("Identifying: " + (", ".join(named) if named else "none of the listed tags") + ".")
    burned = str(header.get("BurnedInAnnotation", "")).strip()
    said.append(f"Text in the pixels: {burned or 'not stated'}" + (". Look at the picture." if burned != "NO" else "."))
    return said


def without_names(header, tags=IDENTIFYING, blank=()):
    """Return (copy of the Dataset without the listed tags, names of what was removed). Read CAUTION.

    tags: DICOM keywords, removed wherever they stand, in nested sequences too. blank: rectangles of pixels to set to 0,
    each (top, left, bottom, right), bottom and right not included, in all pictures of a film; the copy is then stored
    without compression, under a new instance number, since it is another picture.
    """
    from pydicom.datadict import tag_for_keyword

    unknown = [name for name in tags if tag_for_keyword(name) is None]
    if unknown:
        raise CourseError(f"no DICOM keyword: {', '.join(unknown)}. An example is PatientName.")
    result, removed = copy.deepcopy(header), []
    if blank:
        _blank(result, blank)

    def remove(dataset, element):
        if element.keyword in tags:
            removed.append(element.keyword)
            del dataset[element.tag]

    result.walk(remove)
    return result, sorted(set(removed))


def _blank(header, rectangles):
    from pydicom import pixels

    colours = header.get("PhotometricInterpretation")
    if colours == "PALETTE COLOR":
        raise CourseError("the colours of this picture stand in a table, where 0 need not be black: nothing was "
                          "blanked. Export it as RGB.")
    try:
        values = pixels.pixel_array(header).copy()
    except Exception as error:
        raise CourseError(f"the pixels cannot be unpacked, so nothing was blanked: {_first_line(error)}") from error
    height, width, samples = (int(header.get(name) or 1) for name in ("Rows", "Columns", "SamplesPerPixel"))
    films = values.reshape(-1, height, width, samples)
    for top, left, bottom, right in rectangles:
        if not (0 <= top < bottom <= height and 0 <= left < right <= width):
            raise CourseError(f"the rectangle {(top, left, bottom, right)} does not lie in a picture of {height} rows "
                              f"and {width} columns. The order is top, left, bottom, right.")
        films[:, top:bottom, left:right] = 0
    try:
        header.set_pixel_data(values, "RGB" if samples > 1 else colours, int(header.BitsStored))
    except Exception as error:  # such as the retired big-endian order of bytes
        raise CourseError(f"pydicom cannot store the blanked picture: {_first_line(error)} Export it again, "
                          "uncompressed.") from error


def _frame(path, header, frame):
    from pydicom import pixels

    if "PixelData" not in header and "FloatPixelData" not in header and "DoubleFloatPixelData" not in header:
        raise CourseError(f"{path} is a DICOM file without a picture ({header.get('Modality', 'kind not stated')}).")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = pixels.pixel_array(header)
            if header.get("PhotometricInterpretation") == "PALETTE COLOR":
                values = pixels.apply_color_lut(values, header)
    except Exception as error:  # pydicom and its decoders raise many kinds
        raise CourseError(f"the picture in {path} cannot be unpacked{_compression(header)}: {_first_line(error)} "
                          "Export it again, uncompressed.") from error
    films = values.ndim == 4 or (values.ndim == 3 and int(header.get("SamplesPerPixel") or 1) == 1
                                 and header.get("PhotometricInterpretation") != "PALETTE COLOR")
    if films and not 0 <= frame < len(values):
        raise CourseError(f"{path} holds {len(values)} pictures, numbered from 0; there is no number {frame}.")
    return values[frame] if films else values


def _compression(header):
    syntax = getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", None)
    return f" (it is compressed: {syntax.name})" if syntax is not None and syntax.is_compressed else ""


def _unit(header):
    """Hounsfield units for CT, what RescaleType says, or the device's own numbers."""
    if int(header.get("SamplesPerPixel") or 1) > 1 or header.get("PhotometricInterpretation") == "PALETTE COLOR":
        return "brightness of red, green and blue"
    stated = str(header.get("RescaleType", "")).strip()
    if header.get("Modality") == "CT" and stated in ("", "HU"):
        return "Hounsfield units"
    return "not specified" if stated == "US" else stated or "numbers of the device, without a unit"


def _spacing(header, name="PixelSpacing"):
    """Return (from row to row, from column to column), mm; None where it is not stated."""
    try:
        row, column = (float(value) for value in header.get(name) or ())
    except (TypeError, ValueError):
        return None
    return (row, column) if row > 0 and column > 0 else None


def _spacing_in_words(header):
    spacing, at_detector = _spacing(header), _spacing(header, "ImagerPixelSpacing")
    if spacing:
        return f"{spacing[0]:g} mm from row to row, {spacing[1]:g} mm from column to column"
    if at_detector:
        return f"{at_detector[0]:g} mm at the detector; in the patient less, since X-rays spread out"
    if "SequenceOfUltrasoundRegions" in header:
        return "stated for each region of an ultrasound picture, which is not read here"
    return "not stated, so a program can measure nothing in millimetres"


def _number(header, name, usual=None):
    """The first number of a tag, or `usual` where it is missing, empty or no number."""
    value = header.get(name)
    if hasattr(value, "__len__") and not isinstance(value, str):
        value = value[0] if len(value) else None
    try:
        return float(value)
    except (TypeError, ValueError):
        return usual


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:") + "."
