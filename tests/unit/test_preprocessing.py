"""Preprocessing against scikit-learn, scikit-image and pydicom; what cannot work is refused in words."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.pixels import apply_windowing
from skimage import transform
from sklearn.preprocessing import StandardScaler

from course import CourseError
from course.imaging.preprocessing import Standardizer, add_noise, checked, is_batch, resize, rgb, window

RNG = np.random.default_rng(2)
SHAPES = [(7, 9), (7, 9, 1), (7, 9, 3), (7, 9, 4), (5, 7, 9), (5, 7, 9, 3)]


def pictures(shape, dtype):
    values = np.random.default_rng(len(shape)).uniform(0, 1, shape)
    return values.astype(dtype) if np.dtype(dtype).kind == "f" else (values * np.iinfo(dtype).max).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_standardizing_is_scikit_learn_s(shape, dtype):
    x = pictures(shape, dtype)
    channels = shape[-1] if shape[-1] in (1, 3, 4) else 1
    theirs = StandardScaler().fit(x.reshape(-1, channels).astype(float))
    standardizer = Standardizer().fit(x)
    np.testing.assert_allclose(standardizer.mean_, theirs.mean_, rtol=1e-12)
    np.testing.assert_allclose(standardizer.deviation_, theirs.scale_, rtol=1e-9)
    new = pictures(shape, dtype)[::-1]
    ours = standardizer.transform(new)
    assert ours.shape == shape and ours.dtype == np.float64
    np.testing.assert_allclose(ours.reshape(-1, channels), theirs.transform(new.reshape(-1, channels).astype(float)),
                               atol=1e-9)


@pytest.mark.parametrize("constant", [0, 0.1, 200, 1e-9, 1e9])
def test_a_constant_channel_is_only_shifted(constant):
    x = RNG.normal(size=(4, 6, 5, 3))
    x[..., 1] = constant
    standardizer = Standardizer().fit(x)
    assert standardizer.deviation_[1] == 1
    np.testing.assert_allclose(standardizer.transform(x)[..., 1], 0, atol=1e-6 * max(constant, 1e-9))
    assert np.isfinite(standardizer.transform(x + 1)).all()


def test_standardizing_uses_training_pictures_and_no_others():
    train, test = RNG.normal(5, 2, (6, 8, 8, 3)), RNG.normal(9, 1, (6, 8, 8, 3))
    before = Standardizer().fit(train).transform(test)
    assert abs(before.mean() - 2) < 0.2 and abs(before.std() - 0.5) < 0.1  # not 0 and 1: that would need the test's own


def test_standardizing_refuses():
    with pytest.raises(CourseError, match="has seen no pictures"):
        Standardizer().transform(np.zeros((4, 4)))
    fitted = Standardizer().fit(RNG.normal(size=(2, 5, 5, 3)))
    with pytest.raises(CourseError, match="have 1 channel, and the training pictures had 3 channels"):
        fitted.transform(np.zeros((5, 6)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [(4, 5), (12, 15), 6])
def test_resizing_is_scikit_image_s(shape, size):
    x = pictures(shape, np.uint8)
    height, width = (size, size) if isinstance(size, int) else size
    batch = x if is_batch(x) else x[None]
    theirs = np.stack([transform.resize(one, (height, width), order=1, anti_aliasing=True, preserve_range=True)
                       for one in batch])
    ours = resize(x, size)
    np.testing.assert_allclose(ours if is_batch(x) else ours[None], theirs, atol=1e-6)
    assert ours.min() >= 0 and ours.max() <= 255


def test_shrinking_does_not_fold_fine_stripes_into_coarse_ones():
    stripes = np.tile([0.0, 1.0], (60, 30))
    assert resize(stripes, (60, 25)).std() < 0.2 * stripes[:, ::2 + 1].std()


def test_noise_is_what_was_asked_for_and_repeatable():
    x = np.full((200, 200), 100, np.uint8)
    noisy = add_noise(x, 5, np.random.default_rng(0))
    assert noisy.dtype == np.float64 and abs(noisy.mean() - 100) < 0.1 and abs(noisy.std() - 5) < 0.1
    assert np.array_equal(noisy, add_noise(x, 5, np.random.default_rng(0)))
    assert np.array_equal(add_noise(x, 0, np.random.default_rng(0)), x)
    assert x.max() == 100  # the picture given is left alone


def test_noise_added_before_shrinking_is_averaged_away():
    noise = add_noise(np.zeros((128, 128)), 1, np.random.default_rng(1))
    assert resize(noise, 32).std() < 0.35


@pytest.mark.parametrize(("alpha", "rng", "words"), [(1, None, "must be a generator"), (1, 3, "must be a generator"),
                                                     (-1, RNG, "below 0"), (np.nan, RNG, "below 0")])
def test_noise_refuses(alpha, rng, words):
    with pytest.raises(CourseError, match=words):
        add_noise(np.zeros((3, 3)), alpha, rng)


@pytest.mark.parametrize(("level", "width"), [(40, 400), (-600, 1500), (40, 80)])
def test_a_window_is_dicom_s(level, width):
    values = RNG.uniform(-1100, 1500, (9, 8))
    header = Dataset()
    header.PhotometricInterpretation, header.BitsStored, header.PixelRepresentation = "MONOCHROME2", 8, 0
    header.WindowCenter, header.WindowWidth, header.VOILUTFunction = level, width, "LINEAR_EXACT"
    header.RescaleSlope, header.RescaleIntercept = 1, 0
    np.testing.assert_allclose(255 * window(values, level, width), apply_windowing(values, header), atol=1e-9)
    assert window(level, level, width) == 0.5


def test_a_window_needs_a_width():
    with pytest.raises(CourseError, match="greater than 0"):
        window(np.zeros((2, 2)), 40, 0)


def test_every_kind_of_picture_becomes_rgb():
    grey = pictures((4, 5), np.uint16)
    assert np.array_equal(rgb(grey), np.stack([grey] * 3, axis=-1)) and rgb(grey[..., None]).shape == (4, 5, 3)
    colour = pictures((4, 5, 3), np.uint8)
    opaque = np.dstack([colour, np.full((4, 5), 255, np.uint8)])
    assert np.array_equal(rgb(opaque), colour) and np.array_equal(rgb(colour), colour)
    with pytest.raises(CourseError, match="transparent in places"):
        rgb(np.dstack([colour, np.full((4, 5), 254, np.uint8)]))
    with pytest.raises(CourseError, match="this is a batch"):
        rgb(np.zeros((2, 4, 5, 3)))
    for shape in ((3, 9, 9), (4, 5, 2)):  # what it is cannot be known: no diagnosis, a question
        with pytest.raises(CourseError, match=rf"has {shape[2]} numbers.* channels first, or is it a batch\?"):
            rgb(np.zeros(shape))


@pytest.mark.parametrize(("value", "words"), [
    (np.zeros(5), "is no picture"), (np.zeros((2, 3, 4, 5)), "is no picture"), (np.zeros((0, 4)), "holds no pixel"),
    (np.array([["a", "b"]]), "arrays of numbers"), (np.array([[np.nan, 1]]), "not numbers"),
    (np.array([[1j, 1]]), "arrays of numbers"),
])
def test_what_is_no_picture_is_refused(value, words):
    with pytest.raises(CourseError, match=words):
        checked(value)


def test_resizing_refuses_masks_and_sizes():
    with pytest.raises(CourseError, match="a mask has no values in between"):
        resize(np.ones((4, 4), bool), 2)
    with pytest.raises(CourseError, match="at least 1 x 1"):
        resize(np.ones((4, 4)), (0, 3))
