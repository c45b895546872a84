"""What a DICOM header states: numbers, units, spacing and brightness, of the whole file or of one picture of a film.

A tag may be *missing*, or stand there and be *unreadable* ("-1024,0" is no number). These two are never taken for one
another: missing is None, unreadable is a CourseError that quotes what stands in the file.

Enhanced CT, MR and their like keep slope, spacing and window not at the top of the header, but in "functional groups":
sequences inside sequences, one shared by all pictures and one for each picture (PS3.3, C.7.6.16). `places` lists where
to look, the nearest to the picture first.
"""

import warnings

import numpy as np

from course import CourseError

GROUPS = {  # tag: the functional group that holds it in enhanced files
    "RescaleSlope": "PixelValueTransformationSequence", "RescaleIntercept": "PixelValueTransformationSequence",
    "RescaleType": "PixelValueTransformationSequence", "PixelSpacing": "PixelMeasuresSequence",
    "WindowCenter": "FrameVOILUTSequence", "WindowWidth": "FrameVOILUTSequence",
    "VOILUTFunction": "FrameVOILUTSequence",
}  # fmt: skip
NO_UNIT = "numbers of the device, without a unit"


def tag(dataset, keyword):
    """Return the value of a tag as pydicom decodes it, or None where it is missing or empty.

    pydicom decodes when it is asked, so a damaged element is found here: CourseError, naming the tag.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about values that bend the standard; what cannot be read is said by us
            value = dataset.get(keyword)
    except Exception as error:  # pydicom raises many kinds for damaged elements
        raise CourseError(f"the tag {keyword} cannot be decoded: {first_line(error)}") from error
    if value is None or (hasattr(value, "__len__") and len(value) == 0) or not str(value).strip():
        return None
    return value


def groups(header, frame=0):
    """Return the functional groups of picture number `frame`, its own first, then the shared ones; [] without any.

    Raises CourseError where they cannot be decoded or there are none for this picture.
    """
    found = []
    for sequence, number in (("PerFrameFunctionalGroupsSequence", frame), ("SharedFunctionalGroupsSequence", 0)):
        items = tag(header, sequence)
        if items is not None and number >= len(items):
            raise CourseError(f"the functional groups of the header describe {len(items)} pictures, and none is for "
                              f"number {number}.")
        found += [] if items is None else [items[number]]
    return found


def places(header, keyword, frame=0):
    """Return the datasets that may state `keyword` for one picture, the nearest first and the header last."""
    nested = [tag(group, GROUPS[keyword]) or [] for group in groups(header, frame)] if keyword in GROUPS else []
    return [*(item for items in nested for item in items), header]


def stated(header, keyword, frame=0):
    """Return what is stated for one picture, nearest place first, or None where it is missing everywhere."""
    values = (tag(dataset, keyword) for dataset in places(header, keyword, frame))
    return next((value for value in values if value is not None), None)


def numbers(header, keyword, frame=0, count=None):
    """Return the numbers of a tag as floats, or None where it is missing.

    count: how many there must be (None: any). CourseError where one is no finite number, or the count is another.
    """
    value = stated(header, keyword, frame)
    if value is None:
        return None
    parts = [value] if isinstance(value, str) or not hasattr(value, "__len__") else list(value)
    try:
        found = [float(part) for part in parts]
    except (TypeError, ValueError) as error:
        raise CourseError(f"{keyword} is stated as {_quoted(value)}, which cannot be read as a number.") from error
    if not np.isfinite(found).all() or (count and len(found) != count):
        wanted = f"{count} finite number{'s' * (count > 1)}" if count else "finite numbers"
        raise CourseError(f"{keyword} is stated as {_quoted(value)}, where {wanted} should stand.")
    return found


def number(header, keyword, frame=0):
    """Return the one number of a tag, or None where it is missing; CourseError where it cannot be read."""
    found = numbers(header, keyword, frame, count=1)
    return found[0] if found else None


def frames(header):
    """Return how many pictures the file holds: 1 where it is not stated."""
    count = number(header, "NumberOfFrames")
    if count is not None and (count < 1 or count != int(count)):
        raise CourseError(f"NumberOfFrames is stated as {count:g}, which is no number of pictures.")
    return 1 if count is None else int(count)


def rescaling(header, frame=0):
    """Return (slope, intercept) of one picture, or None where neither is stated.

    Raises CourseError where one cannot be read, one of the two is missing, or the slope is 0.
    """
    slope, intercept = number(header, "RescaleSlope", frame), number(header, "RescaleIntercept", frame)
    if slope is None and intercept is None:
        return None
    if slope is None or intercept is None:
        there, missing = ("RescaleIntercept", "RescaleSlope")[:: 1 if slope is None else -1]
        raise CourseError(f"{there} is stated, but {missing} is missing.")
    if slope == 0:
        raise CourseError("RescaleSlope is stated as 0, which would make all values alike.")
    return slope, intercept


def unit(header, frame=0):
    """Return the unit of the values that `dicom.read` gives: "Hounsfield units", what the header says, or `NO_UNIT`.

    Hounsfield units are those of a CT *whose slope and intercept are stated*; stored numbers are never called so.
    """
    if is_colour(header):
        return "brightness of red, green and blue"
    table = tag(header, "ModalityLUTSequence")
    if table:
        return _named(tag(table[0], "ModalityLUTType"))
    if tag(header, "DoseGridScaling") is not None:
        return {"GY": "gray", "RELATIVE": "relative dose"}.get(str(tag(header, "DoseUnits")), NO_UNIT)
    if rescaling(header, frame) is None:
        return NO_UNIT
    said = stated(header, "RescaleType", frame)
    if said is None:
        return "Hounsfield units" if tag(header, "Modality") == "CT" else NO_UNIT
    return _named(said)


def spacing(header, frame=0, keyword="PixelSpacing"):
    """Return mm from row to row and from column to column as a pair, or None where it is missing.

    Raises CourseError where it is stated and is not two lengths above 0.
    """
    found = numbers(header, keyword, frame, count=2)
    if found and min(found) <= 0:
        raise CourseError(f"{keyword} is stated as {_quoted(found)}, but lengths are above 0.")
    return tuple(found) if found else None


def proposed_window(header, frame=0):
    """Return (level, width) of the first window that the header proposes, or None where there is none.

    Raises CourseError where it is stated and cannot be used: no number, one without the other, a width of 0 or less.
    """
    level, width = numbers(header, "WindowCenter", frame), numbers(header, "WindowWidth", frame)
    if level is None and width is None:
        return None
    if level is None or width is None:
        there, missing = ("WindowCenter", "WindowWidth") if width is None else ("WindowWidth", "WindowCenter")
        raise CourseError(f"{there} is stated, but {missing} is missing.")
    if width[0] <= 0:
        raise CourseError(f"WindowWidth is stated as {width[0]:g}, but a window is wider than 0.")
    return level[0], width[0]


def look_up(values, item, header):
    """Return each value's entry in a DICOM look-up table: uint16, shape of values; ends are held (PS3.3, C.11.1.1.1).

    item: the Dataset with LUTDescriptor = (entries, first value, bits) and LUTData; header says the order of bytes.
    """
    count, first, bits = (int(part) for part in numbers(item, "LUTDescriptor", count=3) or (0, 0, 0))
    count, data = count or 1 << 16, tag(item, "LUTData")
    if isinstance(data, bytes):
        order = ">" if header.original_encoding[1] is False else "<"
        data = np.frombuffer(data, np.uint8 if bits == 8 and len(data) < 2 * count else f"{order}u2")
    entries = np.atleast_1d(np.array([] if data is None else data, np.uint16))[:count]
    if len(entries) < count:
        raise CourseError(f"a look-up table states {count} entries and holds {len(entries)}.")
    if first > 1 << 15 and np.min(values) < 0:  # the first value of signed pictures, decoded as unsigned
        first -= 1 << 16
    return entries[np.clip(np.nan_to_num(np.rint(values)).astype(np.int64) - first, 0, count - 1)]


def is_colour(header):
    """Does a pixel hold red, green and blue, as samples or by a palette?"""
    return (number(header, "SamplesPerPixel") or 1) > 1 or tag(header, "PhotometricInterpretation") == "PALETTE COLOR"


def first_line(error):
    """Return the first line of an error as one sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".:") + "."


def _named(said):
    """A RescaleType or ModalityLUTType in words; US means unspecified."""
    said = str(said).strip() if said is not None else "US"
    return {"US": "not specified", "HU": "Hounsfield units", "OD": "thousandths of optical density"}.get(said, said)


def _quoted(value):
    text = "\\".join(f"{part:g}" if isinstance(part, float) else str(part) for part in value) \
        if hasattr(value, "__len__") and not isinstance(value, str) else str(value)
    return repr(text if len(text) <= 40 else text[:40] + "...")
