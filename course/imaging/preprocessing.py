"""Preparing pictures: standardise, resize, add noise, apply a window.

Shapes that every function takes: one grey picture (h, w); one with channels (h, w, c) where c is 1, 3 or 4; a batch of
grey pictures (n, h, w); a batch with channels (n, h, w, c). A last axis of length 1, 3 or 4 counts as channels. Values:
whole numbers of 8 or 16 bits, or floats. Results are floats in the unit of what went in, unless said otherwise.
"""

import numpy as np

from course import CourseError

CHANNELS = (1, 3, 4)  # grey, RGB, RGBA


class Standardizer:
    """x' = (x - mean) / deviation, channel by channel, with the mean and deviation of the *training* pictures.

    After `fit`: `mean_` and `deviation_`, float64 (c,), over all pixels of all pictures (divided by their number, not
    by one less, as scikit-learn's StandardScaler does). A channel that is constant in training has nothing to be
    divided by; it is only shifted.
    """

    def fit(self, pictures):
        """Take mean and deviation from training pictures, one or a batch. Returns self."""
        pixels = _pixels(pictures)
        constant = pixels.max(axis=0) == pixels.min(axis=0)  # rounding may leave its deviation a little above 0
        self.mean_, self.deviation_ = pixels.mean(axis=0), np.where(constant, 1.0, pixels.std(axis=0))
        return self

    def transform(self, pictures):
        """Return the pictures standardised: float64, shape as given."""
        if not hasattr(self, "mean_"):
            raise CourseError("this Standardizer has seen no pictures yet: call fit(training pictures) first.")
        pixels = _pixels(pictures)
        if pixels.shape[1] != len(self.mean_):
            raise CourseError(f"these pictures have {_channels(pixels.shape[1])}, and the training pictures had "
                              f"{_channels(len(self.mean_))}: bring them into one form first.")
        return ((pixels - self.mean_) / self.deviation_).reshape(np.shape(pictures))


def resize(pictures, size):
    """Return pictures of size = (height, width), or size x size: floats in the range of the input.

    Linear between pixels. Where a picture shrinks it is blurred first (anti-aliasing), so that fine texture does not
    turn into false patterns. skimage.transform.resize does the work. A mask (bool) is refused, since between two of its
    values lies none.
    """
    from skimage import transform

    pictures = checked(pictures)
    if pictures.dtype == bool:
        raise CourseError("a mask has no values in between: use skimage.transform.resize(mask, size, order=0).")
    height, width = (size, size) if np.ndim(size) == 0 else size
    if min(height, width) < 1:
        raise CourseError(f"the size must be at least 1 x 1, but it is {size!r}.")

    def one(picture):
        return transform.resize(picture, (height, width), order=1, anti_aliasing=True, preserve_range=True)

    return np.stack([one(picture) for picture in pictures]) if is_batch(pictures) else one(pictures)


def add_noise(x, alpha, rng):
    """Return x + alpha * noise: float64; the noise is normal, with mean 0 and deviation 1, its own for every number.

    alpha: deviation of what is added, in the unit of x (for pictures of 0 to 255 that unit is a 255th). Nothing is cut
    off at the ends of the range. rng: numpy.random.Generator; a named source of chance is what makes a run repeatable.
    """
    if not isinstance(rng, np.random.Generator):
        raise CourseError(f"rng must be a generator, such as numpy.random.default_rng(0), not {rng!r}.")
    if not alpha >= 0:
        raise CourseError(f"alpha is a deviation and cannot be below 0, but it is {alpha!r}.")
    x = checked(x).astype(float)
    return x + alpha * rng.standard_normal(x.shape)


def window(values, level, width):
    """Return values as brightness from 0 (black) to 1 (white): float64, shape as given.

    What lies `width` / 2 below `level` or lower is black, as far above or higher is white, between them the scale is
    straight. Units as in values (for CT: Hounsfield units). This is DICOM's LINEAR_EXACT (PS3.3, C.11.2.1.3.2).
    """
    if not width > 0:
        raise CourseError(f"the width of a window must be greater than 0, but it is {width!r}.")
    return np.clip((np.asarray(values, float) - level) / width + 0.5, 0, 1)


def rgb(picture):
    """Return one picture as (h, w, 3), type as given: grey is repeated, a fourth channel dropped if it is opaque."""
    picture = checked(picture)
    if picture.ndim == 4:
        raise CourseError(f"one picture was expected, but this is a batch of shape {picture.shape}.")
    if is_batch(picture):
        raise CourseError(f"an array of shape {picture.shape} is no picture (h, w, channels): its last axis has "
                          f"{picture.shape[2]} numbers, not 1, 3 or 4. Are the channels first, or is it a batch?")
    if picture.ndim == 2 or picture.shape[2] == 1:
        return np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    if picture.shape[2] == 4 and np.any(picture[..., 3] != _opaque(picture.dtype)):
        raise CourseError("the picture is transparent in places, and what lies behind it is not known. Save it without "
                          "transparency.")
    return picture[..., :3]


def is_batch(pictures):
    """Is this array a batch, (n, h, w) or (n, h, w, c), and not one picture?"""
    return pictures.ndim == 4 or (pictures.ndim == 3 and pictures.shape[2] not in CHANNELS)


def checked(pictures):
    """Return pictures as an array, or say what is wrong with its shape, its type or its values."""
    pictures = np.asarray(pictures)
    if pictures.dtype.kind not in "buif":
        raise CourseError(f"pictures are arrays of numbers, but this one holds {pictures.dtype}.")
    if pictures.ndim not in (2, 3, 4) or (pictures.ndim == 4 and pictures.shape[3] not in CHANNELS):
        raise CourseError(f"an array of shape {pictures.shape} is no picture: (h, w), (h, w, c), (n, h, w) or "
                          "(n, h, w, c) with 1, 3 or 4 channels c were expected.")
    if pictures.size == 0:
        raise CourseError(f"an array of shape {pictures.shape} holds no pixel.")
    if pictures.dtype.kind == "f" and not np.isfinite(pictures).all():
        raise CourseError("the picture holds values that are not numbers (NaN or infinity). Look at the step before.")
    return pictures


def _pixels(pictures):
    """All pixels below each other, a column for each channel: float64 (pixels, c)."""
    pictures = checked(pictures)
    grey = pictures.ndim == 2 or (pictures.ndim == 3 and is_batch(pictures))
    return pictures.reshape(-1, 1 if grey else pictures.shape[-1]).astype(float)


def _channels(count):
    return "1 channel" if count == 1 else f"{count} channels"


def _opaque(dtype):
    return np.iinfo(dtype).max if dtype.kind in "ui" else 1
