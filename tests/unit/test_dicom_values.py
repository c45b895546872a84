"""DICOM files made here: values, units, spacing and brightness from wherever a header may state them, or a refusal."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from pydicom import Dataset, FileDataset, FileMetaDataset, Sequence
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from course import CourseError
from course.imaging import dicom
from course.imaging import dicom_header as says


@pytest.fixture
def file(tmp_path):
    """Write a grey picture of stored numbers with the tags given; return its path. Texts stand as they are given."""

    def write(stored, frames=None, **tags):
        stored = np.atleast_2d(np.asarray(stored))
        rows, columns = stored.shape[-2:] if "SamplesPerPixel" not in tags else stored.shape[-3:-1]
        usual = {
            "Modality": "MR", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": rows,
            "Columns": columns, "BitsAllocated": 8 * stored.dtype.itemsize, "BitsStored": 8 * stored.dtype.itemsize,
            "HighBit": 8 * stored.dtype.itemsize - 1, "PixelRepresentation": int(stored.dtype.kind == "i"),
        }  # fmt: skip
        header = FileDataset(None, dataset(**usual | tags), preamble=bytes(128), file_meta=FileMetaDataset())
        header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        header.SOPClassUID, header.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", generate_uid()
        if frames:
            header.NumberOfFrames = frames
        header.PixelData = stored.tobytes() + bytes(stored.nbytes % 2)
        header["PixelData"].VR = "OW"
        path = tmp_path / "made.dcm"
        header.save_as(path, enforce_file_format=True)
        return path

    return write


def dataset(**tags):
    """Return a Dataset; a text is stored letter by letter, also where a number should stand."""
    made = Dataset()
    for keyword, value in tags.items():
        number = Tag(tag_for_keyword(keyword))
        if isinstance(value, str) and dictionary_VR(number) in ("DS", "IS"):
            text = value.encode() + b" " * (len(value) % 2)
            made[number] = RawDataElement(number, dictionary_VR(number), len(text), text, 0, False, True)
        elif isinstance(value, list) and value and isinstance(value[0], Dataset):
            setattr(made, keyword, Sequence(value))
        else:
            setattr(made, keyword, value)
    return made


def groups(slope=None, intercept=None, kind=None, spacing=None, window=None):
    """Return one item of functional groups."""
    item = Dataset()
    if slope is not None:
        item.PixelValueTransformationSequence = [dataset(RescaleSlope=slope, RescaleIntercept=intercept)]
        if kind:
            item.PixelValueTransformationSequence[0].RescaleType = kind
    if spacing:
        item.PixelMeasuresSequence = [dataset(PixelSpacing=spacing)]
    if window:
        item.FrameVOILUTSequence = [dataset(WindowCenter=window[0], WindowWidth=window[1])]
    return item


def test_enhanced_ct_states_all_in_shared_groups(file):
    path = file(np.uint16([[[0, 1024]], [[1064, 2024]]]), 2, Modality="CT",
                SharedFunctionalGroupsSequence=[groups(1, -1024, "HU", [0.5, 0.4], (40, 400))])
    first, second = dicom.read(path, 0), dicom.read(path, 1)
    assert first.values.tolist() == [[-1024, 0]] and second.values.tolist() == [[40, 1000]]
    for picture in (first, second):
        assert picture.unit == "Hounsfield units" and picture.spacing == (0.5, 0.4)
        assert (picture.level, picture.width) == (40, 400) and not picture.remarks
    said = " ".join(dicom.describe(first.header))
    for words in ("0.5 mm from row to row, 0.4 mm from column", "level 40, width 400", "Hounsfield"):
        assert words in said


def test_enhanced_mr_states_a_slope_for_each_picture(file):
    each = [groups(2, 0, "US", [1.0, 1.0]), groups(3, 10, "US", [2.0, 2.0])]
    path = file(np.uint16([[[0, 100]], [[0, 100]]]), 2, PerFrameFunctionalGroupsSequence=each,
                SharedFunctionalGroupsSequence=[groups(window=(7, 8))], RescaleSlope=99, RescaleIntercept=99)
    for frame, values, spacing in ((0, [0, 200], (1, 1)), (1, [10, 310], (2, 2))):
        picture = dicom.read(path, frame)
        assert picture.values.tolist() == [values] and picture.spacing == spacing
        assert picture.unit == "not specified" and picture.level == 7
        assert f"{spacing[0]} mm" in " ".join(dicom.describe(picture.header, frame))


def test_groups_for_fewer_pictures_than_there_are_are_refused(file):
    path = file(np.uint16([[[0, 100]], [[0, 100]]]), 2, PerFrameFunctionalGroupsSequence=[groups(2, 0)])
    with pytest.raises(CourseError, match=r"made\.dcm cannot be used: the functional groups .* 1 pictures"):
        dicom.read(path, 1)


def test_ct_without_slope_and_intercept_is_not_in_hounsfield_units(file):
    picture = dicom.read(file(np.uint16([0, 1024]), Modality="CT"))
    assert picture.values.tolist() == [[0, 1024]] and picture.unit == "numbers of the device, without a unit"
    assert "Hounsfield" not in " ".join(dicom.describe(picture.header))


@pytest.mark.parametrize(("slope", "intercept", "words"), [
    ("1", "-1024,0", r"RescaleIntercept is stated as '-1024,0', which cannot be read"), ("abc", "0", "'abc'"),
    ("nan", "0", "one|1 finite number"), ("1", "inf", "1 finite number"), ("1\\2", "0", r"1 finite number"),
    ("0", "0", "all values alike"), ("1", None, "RescaleSlope is stated, but RescaleIntercept is missing"),
    (None, "-1024", "RescaleIntercept is stated, but RescaleSlope is missing"),
])
@pytest.mark.parametrize("nested", [False, True])
def test_a_scaling_that_cannot_be_read_is_refused(file, slope, intercept, words, nested):
    tags = {name: value for name, value in (("RescaleSlope", slope), ("RescaleIntercept", intercept)) if value}
    if nested:
        inside = dataset(PixelValueTransformationSequence=[dataset(**tags)])
        tags = {"SharedFunctionalGroupsSequence": [inside]}
    path = file(np.uint16([0, 1024]), Modality="CT", **tags)
    with pytest.raises(CourseError, match=words) as caught:
        dicom.read(path)
    assert "made.dcm" in str(caught.value)
    told = " ".join(dicom.describe(dicom.read_header(path)))
    assert "Unit: cannot be told: Rescale" in told and "Hounsfield" not in told


def test_an_empty_tag_is_a_missing_one(file):
    picture = dicom.read(file(np.uint16([0, 9]), WindowCenter="", WindowWidth="", RescaleSlope="", RescaleIntercept=""))
    assert picture.level is None and not picture.remarks and picture.values.tolist() == [[0, 9]]


@pytest.mark.parametrize(("tags", "words"), [
    ({"WindowCenter": "40,0", "WindowWidth": "400"}, "WindowCenter is stated as '40,0'"),
    ({"WindowCenter": "40"}, "WindowCenter is stated, but WindowWidth is missing"),
    ({"WindowWidth": "40"}, "WindowWidth is stated, but WindowCenter is missing"),
    ({"WindowCenter": "40", "WindowWidth": "0"}, "WindowWidth is stated as 0"),
    ({"WindowCenter": "40", "WindowWidth": "-5"}, "WindowWidth is stated as -5"),
    ({"WindowCenter": "40", "WindowWidth": "nan"}, "WindowWidth is stated as 'nan'"),
    ({"PixelSpacing": "0,5\\0,5"}, "PixelSpacing is stated as"), ({"PixelSpacing": "0.5"}, "2 finite numbers"),
    ({"PixelSpacing": "0\\0.5"}, "lengths are above 0"),
])
def test_a_window_or_spacing_that_cannot_be_read_is_named_and_not_used(file, tags, words):
    path = file(np.uint16([[100, 300]]), **tags)
    with pytest.warns(UserWarning, match=words):
        picture = dicom.read(path)
    assert words in picture.remarks[0] and len(picture.remarks) == 1
    assert (picture.level, picture.width, picture.spacing) == (None, None, None)
    assert picture.shown().tolist() == [[0, 255]]
    assert "cannot be told" in " ".join(dicom.describe(picture.header))


def test_the_first_of_several_windows_is_taken(file):
    picture = dicom.read(file(np.uint16([0]), WindowCenter="40\\300", WindowWidth="400\\1500"))
    assert (picture.level, picture.width) == (40, 400) and not picture.remarks


def table(entries, first=0, bits=16, **tags):
    item = Dataset()
    item.LUTDescriptor = [len(entries), first, bits]
    item["LUTDescriptor"].VR = "US" if first >= 0 else "SS"
    item.LUTData = np.asarray(entries, "<u2").tobytes()
    item["LUTData"].VR = "OW"
    for name, value in tags.items():
        setattr(item, name, value)
    return item


def test_a_modality_table_is_applied(file):
    path = file(np.uint16([[0, 1, 2, 3, 9]]),
                ModalityLUTSequence=[table([0, 1000, 2000, 3000], ModalityLUTType="OD")])
    picture = dicom.read(path)
    assert picture.values.tolist() == [[0, 1000, 2000, 3000, 3000]] and picture.values.dtype == np.float32
    assert picture.unit == "thousandths of optical density"


def test_a_table_may_begin_below_zero_and_be_short(file):
    entries = [5, 6, 7, 8]
    path = file(np.int16([[-9, -2, -1, 1, 9]]), ModalityLUTSequence=[table(entries, first=-2)])
    assert dicom.read(path).values.tolist() == [[5, 5, 6, 8, 8]]
    short = table(entries)
    short.LUTDescriptor = [6, 0, 16]
    with pytest.raises(CourseError, match="states 6 entries and holds 4"):
        dicom.read(file(np.uint16([[0]]), ModalityLUTSequence=[short]))


def test_two_scalings_at_once_are_refused(file):
    path = file(np.uint16([[0]]), ModalityLUTSequence=[table([0, 1])], RescaleSlope=1, RescaleIntercept=0)
    with pytest.raises(CourseError, match="several scalings"):
        dicom.read(path)


@pytest.mark.parametrize(("units", "said"), [("GY", "gray"), ("RELATIVE", "relative dose")])
def test_a_dose_is_in_its_unit(file, units, said):
    picture = dicom.read(file(np.uint16([[0, 500]]), Modality="RTDOSE", DoseGridScaling="0.004", DoseUnits=units))
    np.testing.assert_allclose(picture.values, [[0, 2]], rtol=1e-6)
    assert picture.unit == said
    with pytest.raises(CourseError, match="DoseGridScaling is stated as '0,004'"):
        dicom.read(file(np.uint16([[0, 500]]), Modality="RTDOSE", DoseGridScaling="0,004", DoseUnits=units))


def test_a_table_of_greys_is_what_the_eye_sees(file):
    path = file(np.uint16([[0, 1, 2, 3]]), VOILUTSequence=[table([0, 4095, 2048, 1024], bits=12)])
    picture = dicom.read(path)
    assert picture.values.tolist() == [[0, 1, 2, 3]]
    assert picture.shown().tolist() == [[0, 255, 128, 64]]
    assert "Window: a table of greys." in dicom.describe(picture.header)


def test_a_window_may_be_bent(file):
    path = file(np.uint16([[0, 100, 150, 200, 65535]]), WindowCenter=100, WindowWidth=100, VOILUTFunction="SIGMOID")
    expected = 255 / (1 + np.exp(-4 * (np.array([0, 100, 150, 200, 65535.0]) - 100) / 100))
    np.testing.assert_allclose(dicom.read(path).shown()[0], expected, atol=0.51)


def test_a_mapping_to_the_real_world_is_named(file):
    path = file(np.uint16([[0]]), RealWorldValueMappingSequence=[dataset(LUTLabel="SUV")])
    with pytest.warns(UserWarning, match="real-world values"):
        assert dicom.read(path).remarks


def picture_of(values, **changes):
    fields = {"unit": "", "spacing": None, "level": None, "width": None, "inverted": False, "header": Dataset()}
    return dicom.Picture(np.asarray(values), **fields | changes)


@pytest.mark.parametrize("values", [[[0, 0.05, 0.1]], [[-1e-9, 0, 1e-9]], [[-3e38, 0, 3e38]], [[100, 150, 200]]])
def test_whatever_the_range_it_is_shown_from_darkest_to_brightest(values):
    assert picture_of(np.float32(values)).shown().tolist() == [[0, 128, 255]]
    assert picture_of(np.float32(values), inverted=True).shown().tolist() == [[255, 128, 0]]


def test_values_that_are_no_numbers_are_black():
    values = np.float32([[np.nan, 0, 1, np.inf, -np.inf]])
    assert picture_of(values).shown().tolist() == [[0, 0, 255, 255, 0]]
    assert picture_of(values, inverted=True).shown().tolist() == [[0, 255, 0, 0, 255]]
    assert picture_of(values, level=0.5, width=1.0).shown().tolist() == [[0, 0, 255, 255, 0]]
    assert picture_of(np.full((1, 2), np.nan)).shown().tolist() == [[0, 0]]
    assert len(set(picture_of(np.full((2, 2), 7.0)).shown().ravel().tolist())) == 1


def test_half_a_window_is_refused():
    for half in ({"level": 40}, {"width": 400}):
        with pytest.raises(CourseError, match="a level and a width"):
            picture_of(np.zeros((1, 2))).shown(**half)


@pytest.mark.parametrize(("bits", "brightest"), [(8, 255), (12, 4095), (16, 65535)])
def test_colours_of_any_depth_reach_full_brightness(file, bits, brightest):
    stored = np.array([[[0, brightest // 2, brightest]]], np.uint8 if bits == 8 else np.uint16)
    path = file(stored, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0, BitsStored=bits,
                HighBit=bits - 1)
    assert dicom.read(path).shown().tolist() == [[[0, 127, 255]]]


@pytest.mark.parametrize("largest", [255, 65535])
def test_a_palette_of_16_bits_may_hold_8(file, largest):
    colours = {f"{colour}PaletteColorLookupTable{part}": value for colour in ("Red", "Green", "Blue") for part, value in
               (("Descriptor", [2, 0, 16]), ("Data", np.array([0, largest], "<u2").tobytes()))}
    path = file(np.uint8([[0, 1]]), PhotometricInterpretation="PALETTE COLOR", **colours)
    assert dicom.read(path).shown().tolist() == [[[0, 0, 0], [255, 255, 255]]]


def undecodable(header):
    """Put an element into the header that no one can decode: three bytes where numbers of two should stand."""
    number = Tag(tag_for_keyword("SmallestImagePixelValue"))
    header[number] = RawDataElement(number, "US", 3, b"abc", 0, False, True)
    number = Tag(tag_for_keyword("Modality"))
    header[number] = RawDataElement(number, "US", 3, b"abc", 0, False, True)
    return header


def test_an_element_that_cannot_be_decoded_gives_one_clear_message(file):
    path = file(np.uint16([[0]]))
    assert "Kind: stated, but not decodable" in dicom.describe(undecodable(dicom.read_header(path)))[0]
    for blank in ((), [(0, 0, 1, 1)]):
        with pytest.raises(CourseError, match="cannot be decoded to its end, so nothing was taken out"):
            dicom.without_names(undecodable(dicom.read_header(path)), blank=blank)


def test_one_tag_may_be_given_as_a_text_and_rectangles_are_explained(file):
    header = dicom.read_header(file(np.uint16([[7, 7]]), PatientName="A^B", PatientID="1"))
    result, removed = dicom.without_names(header, tags="PatientName")
    assert removed == ["PatientName"] and "PatientID" in result
    for blank in ((0, 0, 1, 1), [(0, 0, 1)], [(0, 0, 1.5, 1)], 5, ["abcd"]):
        with pytest.raises(CourseError, match=r"top, left, bottom, right"):
            dicom.without_names(header, blank=blank)
    for tags in ([5], ["Nonsense", None]):
        with pytest.raises(CourseError, match="no DICOM keyword"):
            dicom.without_names(header, tags=tags)
    result, _ = dicom.without_names(header, blank=[(0, 0, 1, 1)])
    assert result.pixel_array.tolist() == [[0, 7]]


def test_a_number_of_pictures_that_is_none_is_refused(file):
    for said in ("0", "-1", "2.5", "many"):
        header = dicom.read_header(file(np.uint16([[0]]), NumberOfFrames=said))
        assert "Size: cannot be told: NumberOfFrames is stated as" in " ".join(dicom.describe(header))


def test_reading_a_sound_file_warns_of_nothing(file):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dicom.read(file(np.uint16([[0, 5]]), RescaleSlope=1, RescaleIntercept=0, WindowCenter=2, WindowWidth=4))


def look_up_item(count, first, bits, data):
    return dataset(LUTDescriptor=[count, first, bits], LUTData=data)


LITTLE = SimpleNamespace(original_encoding=(False, True))


def test_a_table_of_65536_entries_states_0():
    entries = np.arange(1 << 16)[::-1].astype("<u2")
    found = says.look_up(np.float32([[0, 1, 65535]]), look_up_item(0, 0, 16, entries.tobytes()), LITTLE)
    assert found.tolist() == [[65535, 65534, 0]]
    with pytest.raises(CourseError, match="states 65536 entries and holds 65535"):
        says.look_up(np.float32([[0]]), look_up_item(0, 0, 16, entries[:-1].tobytes()), LITTLE)


def test_a_table_of_8_bits_may_lie_in_bytes_or_in_words():
    for data in (bytes([7, 8, 9, 10]), np.array([7, 8, 9, 10], "<u2").tobytes()):
        found = says.look_up(np.float32([[0, 1, 2, 3, 4]]), look_up_item(4, 0, 8, data), LITTLE)
        assert found.tolist() == [[7, 8, 9, 10, 10]]
    big = SimpleNamespace(original_encoding=(False, False))
    found = says.look_up(np.float32([[0, 1]]), look_up_item(2, 0, 16, np.array([258, 3], ">u2").tobytes()), big)
    assert found.tolist() == [[258, 3]]


@pytest.mark.parametrize(("values", "first", "expected"), [
    ([-2, -1, 0], (1 << 16) - 2, [5, 6, 7]),  # a first value below 0, decoded as unsigned
    ([-1, 0, 1], (1 << 16) - 2, [6, 7, 8]),
    ([-32768, -32767, 5], 1 << 15, [5, 5, 5]),  # the largest first value that is taken as it is
    ([65534, 65535, 65535], (1 << 16) - 2, [5, 6, 6]),  # no value lies below 0: the first value is what it says
    ([0, 65534, 65535], (1 << 16) - 2, [5, 5, 6]),
])  # fmt: skip
def test_the_first_value_of_a_table_has_the_sign_of_the_picture(values, first, expected):
    item = look_up_item(4, first, 16, np.array([5, 6, 7, 8], "<u2").tobytes())
    assert says.look_up(np.float32([values]), item, LITTLE).tolist() == [expected]


@pytest.mark.parametrize(("samples", "colours", "is_one"), [
    (None, "MONOCHROME2", False), (1, "MONOCHROME2", False), (1, "PALETTE COLOR", True), (3, "RGB", True),
])  # fmt: skip
def test_what_is_a_picture_in_colour(samples, colours, is_one):
    header = dataset(PhotometricInterpretation=colours)
    if samples:
        header.SamplesPerPixel = samples
    assert says.is_colour(header) is is_one


def test_a_long_statement_is_quoted_in_part():
    assert says._quoted("a" * 40) == repr("a" * 40)
    assert says._quoted("a" * 41) == repr("a" * 40 + "...")


@pytest.mark.parametrize("value", ["", "  ", []])
def test_an_empty_statement_is_a_missing_one(value):
    assert says.tag(SimpleNamespace(get=lambda keyword: value), "WindowCenter") is None
    assert says.tag(SimpleNamespace(get=lambda keyword: 0), "WindowCenter") == 0


def test_a_colour_of_unknown_depth_fills_its_bytes():
    for dtype, brightest in ((np.uint8, 255), (np.uint16, 65535)):
        values = np.array([[[0, brightest // 3, brightest]]], dtype)
        assert picture_of(values).shown().tolist() == [[[0, 85, 255]]]


def test_a_palette_counts_to_255_or_to_65535():
    small, wide = dataset(PhotometricInterpretation="PALETTE COLOR"), np.array([[[0, 255, 128]]], np.uint8)
    made = picture_of(wide)
    palette = dicom.Picture(wide, made.unit, None, None, None, False, small)
    assert palette.shown().tolist() == [[[0, 255, 128]]]


def test_text_in_the_pixels_is_looked_at_unless_it_is_denied(file):
    for said, advice in (("NO", False), ("YES", True), (None, True)):
        header = dicom.read_header(file(np.uint16([[0]]), **({"BurnedInAnnotation": said} if said else {})))
        assert (". Look at the picture." in dicom.describe(header)[-1]) is advice


def test_a_size_needs_rows_and_columns():
    assert not any(line.startswith("Size:") for line in dicom.describe(dataset(Modality="MR", Rows=3)))
    assert any(line.startswith("Size:") for line in dicom.describe(dataset(Modality="MR", Rows=3, Columns=4)))
