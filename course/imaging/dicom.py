"""DICOM files: the picture with its units, and the header in words.

`course.imaging.dicom_header` finds what a header states, `course.imaging.dicom_names` takes names out of it; what a
lesson needs of both is to be had here as well.
"""

import contextlib
import warnings
from dataclasses import dataclass

import numpy as np

from course import CourseError
from course.imaging import dicom_header as says
from course.imaging.deidentify import deidentify
from course.imaging.dicom_header import first_line
from course.imaging.dicom_names import CAUTION, IDENTIFYING, without_names
from course.imaging.preprocessing import window

__all__ = ["CAUTION", "IDENTIFYING", "Picture", "deidentify", "describe", "read", "read_header", "without_names"]


@dataclass(frozen=True)
class Picture:
    """One DICOM picture.

    values: grey as float32 (h, w), in `unit` after the header's own scaling; colour as uint8 or uint16 (h, w, 3).
    spacing: millimetres from one row to the next and from one column to the next, or None. level, width: the first
    window that the header proposes, or None. inverted: low values are meant to be bright (MONOCHROME1). header: the
    pydicom Dataset. frame: the picture's number in a film. remarks: what the header states and this picture does not
    follow, a sentence each.
    """

    values: np.ndarray
    unit: str
    spacing: tuple | None
    level: float | None
    width: float | None
    inverted: bool
    header: object
    frame: int = 0
    remarks: tuple = ()

    def shown(self, level=None, width=None):
        """Return the picture for the eye, uint8, shape of `values`.

        level, width: a window in the unit of `values`, both or none. Without one: the brightness that the header
        proposes (a window or a table), else from darkest to brightest. Values that are no numbers are black.
        """
        if (level is None) != (width is None):
            raise CourseError(f"a window has a level and a width, but level = {level!r} and width = {width!r}.")
        if self.values.ndim == 3:
            return np.clip(self.values * (255 / self._brightest()), 0, 255).round().astype(np.uint8)
        light = self._own_light() if level is None else window(self.values, level, width)
        light = np.where(np.isnan(light), self.inverted, light)
        return (255 * (1 - light if self.inverted else light)).round().astype(np.uint8)

    def _own_light(self):
        """Brightness from 0 to 1 as the header proposes it, else from the smallest finite value to the largest."""
        table = says.tag(self.header, "VOILUTSequence")
        if self.level is not None:
            if str(says.stated(self.header, "VOILUTFunction", self.frame)).strip() == "SIGMOID":  # PS3.3, C.11.2.1.3.1
                with np.errstate(over="ignore"):
                    return 1 / (1 + np.exp(-4 * (self.values.astype(float) - self.level) / self.width))
            return window(self.values, self.level, self.width)
        if table is not None:
            entries = says.look_up(self.values, table[0], self.header)
            return np.clip(entries / (2.0 ** says.numbers(table[0], "LUTDescriptor")[2] - 1), 0, 1)
        finite = self.values[np.isfinite(self.values)].astype(float)
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
        return window(self.values, (low + high) / 2, high - low or 1.0)

    def _brightest(self):
        """The number that means full brightness in a coloured picture: 12 bits may lie in 16, and 8 in a palette."""
        if says.tag(self.header, "PhotometricInterpretation") == "PALETTE COLOR":
            wide = self.values.dtype == np.uint16 and _largest_in_palette(self.header) > 255
            return 65535 if wide else 255
        return 2 ** int(says.number(self.header, "BitsStored") or 8 * self.values.dtype.itemsize) - 1


def read(path, frame=0):
    """Return the Picture in a DICOM file (path); of a film, its picture number `frame`, counted from 0.

    Grey values are scaled as the header says: by slope and intercept, those of the very picture in enhanced files, by a
    modality look-up table, or by the dose of a unit. A window or a spacing that cannot be read leaves None, and a
    remark and a warning that say so.

    Raises CourseError for files that are broken or no DICOM, hold no picture, are compressed in a way that nothing
    installed here can undo, or state a scaling that cannot be read.
    """
    header = read_header(path)
    with _naming(path):
        values = _frame(path, header, frame)
        values = values if values.ndim == 3 else _scaled(values, header, frame)
        remarks = []
        spacing = _or_remark(says.spacing, header, frame, remarks)
        level, width = _or_remark(says.proposed_window, header, frame, remarks) or (None, None)
        if any(says.tag(place, "RealWorldValueMappingSequence") for place in (*says.groups(header, frame), header)):
            remarks.append("A mapping to real-world values is stated beside the scaling; it is not applied.")
        for remark in remarks:
            warnings.warn(f"{path}: {remark}", stacklevel=2)
        inverted = says.tag(header, "PhotometricInterpretation") == "MONOCHROME1"
        return Picture(values, says.unit(header, frame), spacing, level, width, inverted, header, frame, tuple(remarks))


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
        raise CourseError(f"{path} is broken: {first_line(error)} Export it again.") from error


def describe(header, frame=0):
    """Return what a header says, a list of sentences: kind, size, depth, spacing, units, window, and who is named.

    Of a film, spacing, unit and window are those of picture number `frame`. What cannot be read is quoted.
    """
    kind, colours = _in_words(header, "Modality"), _in_words(header, "PhotometricInterpretation")
    said = [f"Kind: {kind}; colours: {colours}."]
    if says.tag(header, "Rows") and says.tag(header, "Columns"):
        said.append(f"Size: {_told(_size_in_words, header)}")
    said.append(f"Spacing: {_told(_spacing_in_words, header, frame)}")
    said.append(f"Unit: {_told(says.unit, header, frame)}.".replace("..", "."))
    said.append(f"Window: {_told(_window_in_words, header, frame)}")
    named = [name for name in IDENTIFYING if _in_words(header, name, "")]
    said.append("Identifying: " + (", ".join(named) if named else "none of the listed tags") + ".")
    burned = _in_words(header, "BurnedInAnnotation")
    said.append(f"Text in the pixels: {burned}" + (". Look at the picture." if burned != "NO" else "."))
    return said


def _frame(path, header, frame):
    """Unpack one picture: (h, w) of any number type, or (h, w, 3) of uint8 or uint16."""
    from pydicom import pixels

    if "PixelData" not in header and "FloatPixelData" not in header and "DoubleFloatPixelData" not in header:
        kind = _in_words(header, "Modality", "kind not stated")
        raise CourseError(f"{path} is a DICOM file without a picture ({kind}).")
    count = says.frames(header)
    if not 0 <= frame < count:
        raise CourseError(f"{path} holds {count} picture{'s' * (count > 1)}, numbered from 0; there is no number "
                          f"{frame}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = pixels.pixel_array(header, index=frame)
            if header.get("PhotometricInterpretation") == "PALETTE COLOR":
                values = pixels.apply_color_lut(values, header)
    except Exception as error:  # pydicom and its decoders raise many kinds
        raise CourseError(f"the picture in {path} cannot be unpacked{_compression(header)}: {first_line(error)} "
                          "Export it again, uncompressed.") from error
    return values


def _scaled(values, header, frame):
    """Return stored grey values in the unit that `dicom_header.unit` names: float32, shape as given."""
    table, dose = says.tag(header, "ModalityLUTSequence"), says.number(header, "DoseGridScaling")
    rescaling = says.rescaling(header, frame)
    if sum(scaling is not None for scaling in (table, dose, rescaling)) > 1:
        raise CourseError("the header states several scalings at once (slope and intercept, a modality look-up table, "
                          "a dose of a unit).")
    if table is not None:
        return says.look_up(values, table[0], header).astype(np.float32)
    slope, intercept = (dose, 0.0) if dose is not None else rescaling or (1.0, 0.0)
    return (values * slope + intercept).astype(np.float32)


def _compression(header):
    syntax = getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", None)
    return f" (it is compressed: {syntax.name})" if syntax is not None and syntax.is_compressed else ""


def _largest_in_palette(header):
    """The largest number that a 16-bit palette gives to red, green or blue; 65535 where its tables are segmented."""
    tables = [says.tag(header, f"{colour}PaletteColorLookupTableData") for colour in ("Red", "Green", "Blue")]
    return 65535 if None in tables else max(np.frombuffer(table, "<u2").max() for table in tables)


@contextlib.contextmanager
def _naming(path):
    """Put the file's name before a CourseError raised inside, unless it is there already, and say what to do."""
    try:
        yield
    except CourseError as problem:
        if str(path) in str(problem):
            raise
        raise CourseError(f"{path} cannot be used: {problem} Export it again, or correct its header.") from problem


def _or_remark(ask, header, frame, remarks):
    """Return ask(header, frame); where the header states what cannot be read, note it and return None."""
    try:
        return ask(header, frame)
    except CourseError as problem:
        remarks.append(f"{problem} It is not used.")


def _told(ask, *arguments):
    """Return ask(...), or why the header does not tell."""
    try:
        return ask(*arguments)
    except CourseError as problem:
        return f"cannot be told: {problem}"


def _in_words(header, keyword, missing="not stated"):
    """A tag as text: what is stated, `missing`, or that it cannot be decoded."""
    try:
        value = says.tag(header, keyword)
    except CourseError:
        return "stated, but not decodable"
    return missing if value is None else str(value).strip()


def _size_in_words(header):
    count = says.frames(header)
    return (f"{says.tag(header, 'Rows')} rows, {says.tag(header, 'Columns')} columns, {count} picture"
            f"{'s' * (count > 1)}, {header.get('BitsStored', '?')} of {header.get('BitsAllocated', '?')} bits used.")


def _spacing_in_words(header, frame):
    spacing = says.spacing(header, frame)
    if spacing:
        return f"{spacing[0]:g} mm from row to row, {spacing[1]:g} mm from column to column."
    at_detector = says.spacing(header, frame, "ImagerPixelSpacing")
    if at_detector:
        return f"{at_detector[0]:g} mm at the detector; in the patient less, since X-rays spread out."
    if "SequenceOfUltrasoundRegions" in header:
        return "stated for each region of an ultrasound picture, which is not read here."
    return "not stated, so a program can measure nothing in millimetres."


def _window_in_words(header, frame):
    proposed = says.proposed_window(header, frame)
    if proposed:
        return "level {:g}, width {:g}.".format(*proposed)
    return "a table of greys." if says.tag(header, "VOILUTSequence") is not None else "not stated."
