"""What the checker of exercise 2.3 needs: uint8 pictures of all kinds, to RGB or refused."""

import numpy as np
from PIL import Image
from skimage.color import gray2rgb

from course import CourseError
from course.checks.compare import Case, Mistake, against_reference, mistakes, require
from course.checks.core import call
from course.checks.refusal import require_refusal


def pictures(channels, shapes):
    """Pictures of random values, opaque where there is a fourth channel."""
    rng = np.random.default_rng(24)
    for shape in shapes:
        picture = rng.integers(0, 256, (*shape, *channels), dtype=np.uint8)
        if channels == (4,):
            picture[..., 3] = 255
        yield picture


def by_libraries(picture):
    if picture.ndim == 2 or picture.shape[2] == 1:
        return gray2rgb(picture.reshape(picture.shape[:2]))
    return np.asarray(Image.fromarray(picture).convert("RGB"))


def _refusing(test):
    def wrong(picture):
        if test(picture):
            raise ValueError
        return by_libraries(picture)
    return wrong


def _turned(picture):
    """Pictures of three rows, taken for three channels."""
    return np.moveaxis(picture, 0, -1) if picture.ndim == 3 and len(picture) == 3 else by_libraries(picture)


def _all_grey(result, expected, picture):
    result = np.asarray(result, float)
    return picture.shape[2] > 1 and result.shape == expected.shape and np.ptp(result, axis=2).max() == 0


TURNED = ("The order of the channels is turned round, to blue, green, red.", lambda p: p[..., 2::-1])
ONE = ("One channel came back. A network for colour wants three: repeat the grey.", lambda p: p[..., None], lambda p: p)
KINDS = [  # what a picture is, its channels, and for each reason the wrong ways that it explains
    ("grey, no axis for channels", (), [
        ("`reshape` can make no numbers: a grey picture has a third of what RGB needs. Repeat grey three times.",
         lambda p: p.reshape(*p.shape[:2], 3)),
        ("The shape is right and the picture is scrambled: `resize` or `reshape` deals the numbers out in the order of "
         "memory, whatever they belong to. Grey is *repeated* three times along a new last axis.",
         lambda p: np.resize(p, (*p.shape[:2], 3))),
        ("The copies of the grey lie in one long row: np.repeat without axis flattens. First give the picture an axis "
         "for channels, picture[..., None], then repeat along it: axis=2.", lambda p: np.repeat(p, 3)),
        ("The copies of the grey were laid beside or below each other, as one larger grey picture. They belong into a "
         "new last axis: picture[..., None], then np.repeat with axis=2.",
         *(lambda p, way=way, axis=axis: way(p, axis) for axis in (0, 1) for way in (
             lambda p, axis: np.concatenate([p] * 3, axis), lambda p, axis: np.repeat(p, 3, axis)))),
        ONE,
        ("Zeros stand in the other two channels, and grey has become red. Repeat the grey in all three.",
         lambda p: np.stack([p, 0 * p, 0 * p], axis=-1)),
    ]),
    ("grey, one channel", (1,), [
        ("A picture (h, w, 1) already has an axis for channels, and now there are two. Take that axis off first.",
         lambda p: np.stack([p] * 3, axis=-1), lambda p: np.stack([p] * 3, axis=2)),
        (*ONE, lambda p: p[..., 0]),
    ]),
    ("RGB already", (3,), [TURNED]),
    ("RGBA, opaque everywhere", (4,), [
        ("The fourth channel is still there. Cut it off, once it is known to be 255 everywhere.", lambda p: p),
        ("The first channel (alpha?) was dropped instead of the last: the order is red, green, blue, alpha.",
         lambda p: p[..., 1:]),
        TURNED,
    ]),
]
ANY = [
    ("This kind of picture was refused, and it is right: look what went in.", _refusing(lambda p: True)),
    ("A picture that is right was refused. It happens to have 3 rows: decide by the last axis only.",
     _refusing(lambda p: p.ndim == 3 and len(p) == 3), _refusing(lambda p: len(p) == 3)),
    ("A right picture that happens to have 3 rows was turned as if its channels came first. Decide by the last axis "
     "only.", _turned),
]  # fmt: skip
MADE_GREY = Mistake("A colour picture has become grey in all three channels. RGB stays as it is.", when=_all_grey)
SHAPES = [(4, 5), (5, 3), (3, 5), (6, 1), (1, 4), (1, 1), (4, 4)]


def accepts(answer):
    """Return in how many cases `answer` gives the right picture, in uint8; else raise NotYet."""
    for note, channels, table in KINDS:
        cases = [Case(picture, note=note) for picture in pictures(channels, SHAPES)]
        against_reference(answer, by_libraries, cases, "", [*mistakes(*table, *ANY), MADE_GREY], rtol=0, atol=0)
        for case in cases:
            result = np.asarray(call(answer, *case.args))
            require(result.dtype == np.uint8, "The values are right, but not their type: a uint8 picture stays uint8. "
                    "np.zeros makes floats unless it is told dtype=np.uint8.", went_in=case.named(answer),
                    came_out=result)  # fmt: skip
    return len(KINDS) * len(SHAPES)


def refuses(answer):
    """Return how many pictures `answer` refuses with a ValueError: all that must be refused; else raise NotYet."""
    clear, half, nearly, last, fifth = pictures((4,), [(4, 5)] * 5)
    clear[1, 2, 3], half[..., 3], nearly[2, 3, 3], last[3, 4, 3], fifth[0, 0, 3] = 0, 128, 254, 250, 0
    transparent = ("A picture that is transparent in places was not refused. Dropping its fourth channel shows colours "
                   "that nobody was meant to see, and what lies behind is not known.")  # fmt: skip
    some = [(picture, transparent) for picture in (clear, half, nearly, last, fifth)]
    some += [(np.ones(shape, np.uint8), f"The shape {shape} was not refused. One picture was promised: rows, columns "
              "and, last, 1, 3 or 4 channels.") for shape in [
        (4, 6, 5), (4, 5, 2), (3, 5, 6), (2, 4, 5, 3), (1, 4, 5, 3), (1, 4, 5, 1), (1, 1, 3, 3), (12,), (3,)]]
    for picture, reason in some:
        require_refusal(answer, Case(picture), reason, errors=(ValueError, CourseError))
    return len(some)
