"""De-identification: every file that pydicom ships, names hidden wherever they can stand, dates and numbers."""

import io
import re
import warnings

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from course import CourseError
from course.imaging.deidentify import deidentify

SECRET = "only the hospital knows"
HIDDEN = "Quillfeather"


def shipped():
    from pathlib import Path

    return sorted(Path(pydicom.__file__).parent.joinpath("data", "test_files").glob("*.dcm"))


def stored(header):
    buffer = io.BytesIO()
    header.save_as(buffer, enforce_file_format=False)
    return buffer.getvalue()


def identities(header):
    """The person names, dates and own numbers of a file, as bytes."""
    found = set()

    def visit(dataset, element):
        if element.VR == "PN":
            found.update(part.encode() for part in re.split(r"[\^=]", str(element.value)))
        elif element.VR in ("DA", "UI") and not str(element.value).startswith("1.2.840.10008"):
            found.add(str(element.value).encode())

    header.walk(visit)
    return {one for one in found if len(one) > 5}


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")
def test_every_shipped_file_loses_names_dates_and_numbers(path):
    header = pydicom.dcmread(path, force=True)
    before = identities(header)
    result, report = deidentify(header, SECRET)
    left = identities(result) & before - {b"Enter text"}
    assert not left and not any(element.tag.is_private for element in result.iterall())
    assert result.PatientIdentityRemoved == "YES" and report.done is not None
    again = pydicom.dcmread(io.BytesIO(stored(result)), force=True)
    assert again.get("PatientName", "") == "" and again.get("PatientID", "") == ""
    if "PixelData" in header:
        assert again.PixelData == header.PixelData
    if "SOPInstanceUID" in result and getattr(result, "file_meta", None):
        assert result.file_meta.get("MediaStorageSOPInstanceUID") in (None, result.SOPInstanceUID)


def planted():
    """A picture that says one name in all places where names have been found."""
    header = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False))
    item = Dataset()
    item.PatientName, item.PatientComments = HIDDEN, f"saw {HIDDEN}"
    item.OperatorsName, item.ContentDate = HIDDEN, header.StudyDate
    deeper = Dataset()
    deeper.OtherPatientNames, deeper.ReferencedSOPInstanceUID = HIDDEN, header.SOPInstanceUID
    item.ReferencedSeriesSequence = Sequence([deeper])
    header.ReferencedStudySequence = Sequence([item])
    block = header.private_block(0x0011, "a maker", create=True)
    block.add_new(1, "LO", HIDDEN)
    block.add_new(2, "SQ", Sequence([item]))
    header.ImageComments = header.StationName = header.PatientAddress = HIDDEN
    header.add_new(0x60003000, "OW", HIDDEN.encode())
    header.add_new(0x60000022, "LO", HIDDEN)
    header.add_new(0x00091005, "UN", HIDDEN.encode())
    header.RetrieveAETitle, header.PatientAge, header.PatientBirthDate = HIDDEN, "094Y", "19210304"
    header.preamble = HIDDEN.encode().ljust(128, b"\0")
    return header


def test_a_name_hidden_anywhere_is_gone_from_the_bytes():
    header = planted()
    assert HIDDEN.encode() in stored(header)
    result, report = deidentify(header, SECRET)
    content = stored(result)
    assert HIDDEN.encode() not in content and header.SOPInstanceUID.encode() not in content
    assert header.StudyDate.encode() not in content and b"19210304" not in content
    assert result.PatientAge == "090Y" and "pixels" in " ".join(report.not_looked_at)
    assert HIDDEN.encode() in stored(header)  # the original is left as it was


def test_texts_that_nobody_read_are_named_without_their_words():
    header = planted()
    header.ImageType, header.ContrastBolusAgent = ["ORIGINAL"], HIDDEN
    _, report = deidentify(header, SECRET)
    assert "ContrastBolusAgent" in report.texts and HIDDEN not in str(report)


def test_dates_keep_their_distance_within_a_patient_and_differ_between_two():
    def dated(patient, *days):
        header = planted()
        header.PatientID, (header.StudyDate, header.SeriesDate) = patient, days
        header.AcquisitionDateTime = f"{days[0]}101500.00"
        return deidentify(header, SECRET)[0]

    def day(text):
        return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:8]}")

    one, two, other = dated("A", "20240131", "20240301"), dated("A", "20240630", "20240701"), dated("B", "20240131", "")
    assert day(one.SeriesDate) - day(one.StudyDate) == 30
    assert day(two.StudyDate) - day(one.StudyDate) == np.datetime64("2024-06-30") - np.datetime64("2024-01-31")
    assert 30 <= (np.datetime64("2024-01-31") - day(one.StudyDate)).astype(int) <= 3650
    assert one.StudyDate != other.StudyDate and one.AcquisitionDateTime == one.StudyDate + "101500.00"


def test_what_is_no_date_says_nothing():
    header = planted()
    header.StudyDate = "20240230"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert deidentify(header, SECRET)[0].StudyDate in ("", None)


def test_numbers_are_mapped_one_to_one_and_alike_in_all_files():
    header = planted()
    one, two, other = (deidentify(header, secret)[0] for secret in (SECRET, SECRET, "another long secret"))
    assert one.SOPInstanceUID == two.SOPInstanceUID != other.SOPInstanceUID
    assert one.SOPInstanceUID.is_valid and one.StudyInstanceUID != one.SeriesInstanceUID
    assert one.SOPClassUID == header.SOPClassUID
    inner = one.ReferencedStudySequence[0].ReferencedSeriesSequence[0]
    assert inner.ReferencedSOPInstanceUID == one.SOPInstanceUID == one.file_meta.MediaStorageSOPInstanceUID


def test_two_pictures_of_a_day_without_numbers_do_not_get_one_and_the_same():
    """A number invented from the day would be that of every such picture: what has none keeps none."""
    one, two = planted(), planted()
    two.InstanceNumber = 2
    for header in (one, two):
        del header.SOPInstanceUID, header.file_meta.MediaStorageSOPInstanceUID
    assert all("SOPInstanceUID" not in deidentify(header, SECRET)[0] for header in (one, two))


def test_rectangles_are_blanked_in_every_frame_and_the_compressed_form_goes():
    header = pydicom.dcmread(get_testdata_file("SC_rgb_rle_2frame.dcm", download=False))
    result, report = deidentify(header, SECRET, blank=[(0, 0, 10, 40)])
    frames = result.pixel_array
    assert frames.shape[0] == 2 and not frames[:, :10, :40].any() and frames[:, 10:].any()
    assert not result.file_meta.TransferSyntaxUID.is_compressed
    assert result.file_meta.MediaStorageSOPInstanceUID == result.SOPInstanceUID
    assert any("outside the blanked" in one for one in report.not_looked_at)


def test_a_short_secret_is_refused():
    with pytest.raises(CourseError, match="fewer than 8 characters"):
        deidentify(planted(), "abc")
