"""Reading one picture file into numbers, or saying in one sentence why it cannot be used."""

import contextlib
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from course import CourseError
from course.files import shown

MAX_PIXELS = 50_000_000  # 7,000 x 7,000; a small file can claim to be far larger and fill the memory
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")


def read_picture(path):
    """Return the picture in file `path` as uint8 (height, width, 3), RGB, 0 to 255, turned as its EXIF entry says.

    Grey, palette, CMYK and opaque RGBA become RGB. Of a camera's JPEG with more views behind the photograph (MPO), the
    photograph is taken. CourseError, naming the file, for anything that would have to be guessed at: damaged files,
    values of more than 8 bits or with a sign, channels that are no colours, several pictures in one file, see-through
    pixels, over 50 million pixels.
    """
    with quiet():
        return read_quietly(path)


@contextlib.contextmanager
def quiet():
    """Silence what decoders say of odd files; a bomb stays an error. For all threads: so around them, not in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def read_quietly(path):
    """As `read_picture`, inside `quiet`."""
    reason = None
    try:
        if not Path(path).is_file():
            reason = "does not exist" if not Path(path).exists() else "is not a file"
        elif Path(path).stat().st_size == 0:
            reason = "is empty (0 bytes)"
        else:
            return _decode(path)
    except _Refused as refusal:
        reason = str(refusal)
    except UnidentifiedImageError:
        reason = f"is not a picture in a format known here ({', '.join(FORMATS)})"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = _TOO_LARGE
    except MemoryError:
        reason = "needs more memory than is free: shrink it first"
    except PermissionError:
        reason = "may not be read (permission denied)"
    except Exception as error:  # Pillow's decoders raise nearly anything when the bytes are wrong
        reason = f"is damaged or cut short ({error})"
    raise CourseError(f"{shown(path)} {reason}") from None


def fit_square(picture, size):
    """Return a uint8 picture (h, w, 3) as (size, size, 3), smoothed before it is shrunk so that no detail aliases.

    A picture that is not square gets black borders: squeezing would change the shapes a diagnosis depends on.
    """
    if picture.shape[:2] == (size, size):
        return picture
    return np.asarray(ImageOps.pad(Image.fromarray(picture), (size, size), Image.Resampling.LANCZOS))


class _Refused(Exception):
    """Why a readable picture is not used."""


_TOO_LARGE = f"is larger than {MAX_PIXELS // 1_000_000} million pixels: shrink it first"
_TOO_DEEP = "has 16 bits or more a channel: choose a window and save it with 8 bits (lesson 01)"
BITS, CHANNELS, KIND = 258, 277, 339  # TIFF's tags BitsPerSample, SamplesPerPixel, SampleFormat
UNSIGNED, UNDEFINED = 1, 4  # of SampleFormat; 2 has a sign, 3 is a float


def _decode(path):
    with Image.open(path, formats=FORMATS) as picture:
        _check_header(picture)
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        return np.asarray(_to_rgb(picture))


def _check_header(picture):
    """Refuse by what the file says of itself, before its pixels are unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _Refused(_TOO_LARGE)
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format != "MPO":  # there the first is the photograph, the others are its views
        raise _Refused(f"holds {frames} pictures (animated or several pages): save the one you mean by itself")
    if picture.format == "TIFF":
        _check_tiff(picture)
    raw_modes = [str(tile[3]) for tile in picture.tile]  # Pillow cuts 16-bit colour to 8 bits without a word
    if picture.mode[0] in "IF" or any(";16" in mode for mode in raw_modes):
        raise _Refused(_TOO_DEEP)


def _check_tiff(picture):
    """Refuse numbers that Pillow would read as other ones: TIFF states their bits, their kind and their channels."""
    bits, kinds = (picture.tag_v2.get(tag) or (usual,) for tag, usual in ((BITS, 1), (KIND, UNSIGNED)))
    channels = picture.tag_v2.get(CHANNELS, 1)
    if max(bits) > 8:
        raise _Refused(_TOO_DEEP)
    if len(set(bits)) > 1 or not set(kinds) <= {UNSIGNED, UNDEFINED}:
        raise _Refused(f"holds numbers of an unusual kind (bits {bits}, TIFF's sample format {kinds}): save it with 8 "
                       "bits, without a sign")
    if channels != len(picture.getbands()):
        raise _Refused(f"holds {channels} channels, which are not the colours {'+'.join(picture.getbands())} alone: "
                       "save the one you mean as grey, or three as RGB")


def _to_rgb(picture):
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        if picture.getchannel("A").getextrema()[0] < 255:
            raise _Refused("has see-through pixels: put it on a background first")
    if picture.mode not in ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr"):
        raise _Refused(f"has the colour mode {picture.mode}, which is not read here: save it as RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")
