"""DICOM files that ship with pydicom: read, described, names taken out, and the broken ones refused in words."""

import warnings

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.pixels import apply_windowing, pixel_array

from course import CourseError
from course.imaging import dicom, dicom_header


def path_of(name):
    return get_testdata_file(name)


def test_ct_comes_in_hounsfield_units_with_its_spacing():
    picture = dicom.read(path_of("CT_small.dcm"))
    stored = dcmread(path_of("CT_small.dcm"))
    assert picture.unit == "Hounsfield units" and picture.values.dtype == np.float32
    np.testing.assert_array_equal(picture.values, pixel_array(stored) * 1.0 - 1024)
    assert picture.spacing == (0.661468, 0.661468) and picture.level is None


def test_the_header_s_window_is_what_pydicom_makes_of_it():
    picture = dicom.read(path_of("MR_small.dcm"))
    assert (picture.level, picture.width) == (600, 1600)
    header = dcmread(path_of("MR_small.dcm"))
    header.VOILUTFunction = "LINEAR_EXACT"
    header.PixelRepresentation, header.BitsStored = 0, 8  # pydicom scales to the stored range: 0 to 255
    theirs = apply_windowing(picture.values.astype(float), header)
    np.testing.assert_allclose(picture.shown(), theirs, atol=0.51)


def test_without_a_window_it_runs_from_darkest_to_brightest():
    shown = dicom.read(path_of("CT_small.dcm")).shown()
    assert shown.dtype == np.uint8 and shown.min() == 0 and shown.max() == 255


def test_inverted_pictures_are_turned_for_the_eye_only():
    picture = dicom.read(path_of("CT_small.dcm"))
    turned = dicom.Picture(**{**vars(picture), "inverted": True})
    np.testing.assert_allclose(turned.shown(40, 400).astype(int) + picture.shown(40, 400), 255, atol=1)


@pytest.mark.parametrize(("name", "shape"), [
    ("examples_rgb_color.dcm", (240, 320, 3)), ("examples_palette.dcm", (350, 800, 3)),
    ("examples_ybr_color.dcm", (240, 320, 3)), ("SC_rgb_rle_16bit_2frame.dcm", (100, 100, 3)),
    ("rtdose.dcm", (10, 10)), ("JPEG2000.dcm", (1024, 256)),
])
def test_colour_films_and_compression(name, shape):
    picture = dicom.read(path_of(name))
    assert picture.values.shape == shape and picture.shown().dtype == np.uint8


def test_pictures_of_a_film_are_numbered_from_zero():
    assert not np.array_equal(dicom.read(path_of("rtdose.dcm"), 0).values, dicom.read(path_of("rtdose.dcm"), 7).values)
    with pytest.raises(CourseError, match="15 pictures, numbered from 0"):
        dicom.read(path_of("rtdose.dcm"), 15)


@pytest.mark.parametrize(("name", "words"), [
    ("MR_truncated.dcm", "less than expected"), ("JPGExtended.dcm", "it is compressed: JPEG Extended"),
    ("rtplan.dcm", r"without a picture \(RTPLAN\)"), ("no_meta.dcm", "is no DICOM file"),
    ("meta_missing_tsyntax.dcm", "cannot be unpacked"), ("badVR.dcm", "NumberOfFrames is stated as '1A'"),
])
def test_broken_files_are_refused_in_words(name, words):
    with pytest.raises(CourseError, match=words):
        dicom.read(path_of(name))


def test_no_file_a_folder_and_a_text(tmp_path):
    for path, words in ((tmp_path / "none.dcm", "no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(CourseError, match=words):
            dicom.read(path)
    (tmp_path / "text.dcm").write_text("a letter")
    with pytest.raises(CourseError, match=r"text\.dcm is no DICOM file"):
        dicom.read(tmp_path / "text.dcm")
    (tmp_path / "empty.dcm").write_bytes(b"")
    with pytest.raises(CourseError, match=r"empty\.dcm"):
        dicom.read(tmp_path / "empty.dcm")


def test_every_shipped_file_is_read_or_refused_in_words():
    from pathlib import Path

    folder = Path(path_of("CT_small.dcm")).parent
    for path in sorted(folder.glob("*.dcm")):
        try:
            picture = dicom.read(path)
        except CourseError as problem:
            assert path.name in str(problem) and len(str(problem)) < 500
        else:
            assert np.isfinite(picture.values).all() and len(dicom.describe(picture.header)) == 7


def test_the_header_in_words():
    said = " ".join(dicom.describe(dicom.read_header(path_of("CT_small.dcm"))))
    for words in ("Kind: CT", "128 rows, 128 columns, 1 picture", "0.661468 mm", "Hounsfield", "PatientName",
                  "Text in the pixels: not stated"):
        assert words in said
    poor = dicom.read_header(path_of("priv_SQ.dcm"))
    assert "a program can measure nothing" in " ".join(dicom.describe(poor))


def test_a_spacing_is_that_in_the_patient_or_is_said_to_be_another():
    from pydicom import Dataset

    header = Dataset()
    header.ImagerPixelSpacing = [0.14, 0.14]
    assert "0.14 mm at the detector; in the patient less" in " ".join(dicom.describe(header))
    assert dicom_header.spacing(header) is None
    header = Dataset()
    header.SequenceOfUltrasoundRegions = [Dataset()]
    assert "stated for each region" in " ".join(dicom.describe(header))


def test_listed_tags_go_also_from_inside_and_all_else_stays():
    header = dicom.read_header(path_of("CT_small.dcm"))
    from pydicom import Dataset, Sequence

    inner = Dataset()
    inner.PatientName, inner.CodeValue = "Inside^Hidden", "kept"
    header.RequestAttributesSequence = Sequence([inner])
    result, removed = dicom.without_names(header, tags=("PatientName", "InstitutionName"))
    assert removed == ["InstitutionName", "PatientName"]
    assert "PatientName" not in result and "PatientName" not in result.RequestAttributesSequence[0]
    assert result.RequestAttributesSequence[0].CodeValue == "kept" and "PatientID" in result
    assert str(header.PatientName) == "CompressedSamples^CT1"  # the original is not touched
    assert "PatientIdentityRemoved" not in result and "do not call it anonymous" in dicom.CAUTION


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_rgb_color.dcm", "MR_small_RLE.dcm", "examples_jpeg2k.dcm",
                                  "SC_ybr_full_422_uncompressed.dcm", "SC_rgb_rle_2frame.dcm"])
def test_rectangles_are_blank_and_the_rest_is_as_it_was(name, tmp_path):
    header = dicom.read_header(path_of(name))
    before = pixel_array(header)
    result, _ = dicom.without_names(header, blank=[(2, 3, 20, 30)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about values that bend the standard in these files
        result.save_as(tmp_path / "blank.dcm", enforce_file_format=True)
    after = pixel_array(dcmread(tmp_path / "blank.dcm")).reshape(before.shape)
    rows_first = before.ndim == 2 or (before.ndim == 3 and before.shape[-1] == 3)
    place = (slice(2, 20), slice(3, 30)) if rows_first else (slice(None), slice(2, 20), slice(3, 30))
    assert not after[place].any()
    expected = before.copy()
    expected[place] = 0
    np.testing.assert_array_equal(after, expected)


def test_what_cannot_be_blanked_is_said():
    header = dicom.read_header(path_of("CT_small.dcm"))
    with pytest.raises(CourseError, match="top, left, bottom, right"):
        dicom.without_names(header, blank=[(0, 0, 129, 10)])
    with pytest.raises(CourseError, match="Export it as RGB"):
        dicom.without_names(dicom.read_header(path_of("examples_palette.dcm")), blank=[(0, 0, 9, 9)])
    with pytest.raises(CourseError, match="nothing was blanked"):
        dicom.without_names(dicom.read_header(path_of("JPGExtended.dcm")), blank=[(0, 0, 9, 9)])
    with pytest.raises(CourseError, match="big-endian, which is not supported"):
        dicom.without_names(dicom.read_header(path_of("MR_small_bigendian.dcm")), blank=[(0, 0, 9, 9)])
    with pytest.raises(CourseError, match="no DICOM keyword: Nonsense"):
        dicom.without_names(header, tags=["Nonsense"])
