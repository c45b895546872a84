"""What the checker of exercise 2.4 needs: uint8 pictures of all kinds, to RGB or refused."""

import numpy as np

from course.checks.compare import Case, Mistake, describe
from course.checks.core import NotYet, call


def _opaque(rng, h, w):
    picture = rng.integers(0, 256, (h, w, 4), dtype=np.uint8)
    picture[..., 3] = 255
    return picture


def cases():
    rng = np.random.default_rng(24)
    return [
        Case(rng.integers(0, 256, (4, 5, 3), dtype=np.uint8), note="RGB already"),
        Case(rng.integers(0, 256, (4, 5), dtype=np.uint8), note="grey, no axis for channels"),
        Case(rng.integers(0, 256, (5, 3, 1), dtype=np.uint8), note="grey, one channel"),
        Case(_opaque(rng, 4, 6), note="RGBA, opaque everywhere"),
        Case(rng.integers(0, 256, (6, 3), dtype=np.uint8), note="grey, three columns"),
        Case(_opaque(rng, 3, 3), note="RGBA, opaque, three by three pixels"),
    ]


def by_libraries(picture):
    from PIL import Image
    from skimage.color import gray2rgb

    if picture.ndim == 2 or picture.shape[2] == 1:
        return gray2rgb(picture.reshape(picture.shape[:2]))
    return np.asarray(Image.fromarray(picture).convert("RGB"))


TRANSPARENT = ("A picture that is transparent in places was accepted. Dropping its fourth channel shows colours that "
               "nobody was meant to see, and what lies behind is not known: refuse it.")


def refused():
    """Return (picture, what it is, the reason to give when it is not refused)."""
    rng = np.random.default_rng(25)
    clear = _opaque(rng, 4, 5)
    clear[1, 2, 3] = 0
    half = _opaque(rng, 4, 5)
    half[..., 3] = 128
    return [
        (clear, "RGBA, one pixel transparent", TRANSPARENT),
        (half, "RGBA, half transparent everywhere", TRANSPARENT),
        (rng.integers(0, 256, (4, 5, 2), dtype=np.uint8), "two channels",
         "Two channels were accepted. Nobody knows which colours they are: refuse them."),
        (rng.integers(0, 256, (3, 5, 6), dtype=np.uint8), "channels first: (3, h, w)",
         "A picture with its channels in the first axis was accepted, (3, 5, 6). As rows, columns, channels it would "
         "have six channels: refuse it. (With `reshape` it would look right and be scrambled.)"),
        (rng.integers(0, 256, (2, 4, 5, 3), dtype=np.uint8), "a batch of two pictures",
         "A batch of pictures was accepted. One picture was promised: refuse what has four axes."),
    ]


def refuses(answer):
    """Return a sentence when `answer` raises ValueError for each picture that must be refused; else raise NotYet."""
    from course import CourseError

    for picture, what, reason in refused():
        details = [("went in", f"{describe(picture)} ({what})")]
        try:
            result = call(answer, picture)
        except NotYet as problem:
            if isinstance(problem.error, (ValueError, CourseError)):
                continue
            if problem.error is None:
                raise
            words = f"It has to be refused with a sentence: `raise ValueError('...')`. {problem.reason}"
            raise NotYet(words, details, problem.error) from problem.error
        raise NotYet(reason, [*details, ("came out", describe(result))])
    return f"{len(refused())} others are refused."


def _first_three(picture):
    picture = picture if picture.ndim == 3 else picture[..., None]
    return picture[..., :3]


NO_NUMBERS = ("`reshape` can make no numbers and drop none: a grey picture has a third of what RGB needs, RGBA a third "
              "too many. Repeat grey three times, and cut the fourth channel off.")
SCRAMBLED = ("The shape is right and the picture is scrambled: `resize` or `reshape` deals the numbers out in the "
             "order of memory, whatever they belong to. Grey is *repeated* three times along a new last axis.")
MISTAKES = [
    Mistake(SCRAMBLED, wrong=lambda picture: np.resize(picture, (*picture.shape[:2], 3))),
    Mistake(SCRAMBLED, wrong=lambda picture: np.tile(picture.ravel(), 3)[:picture.shape[0] * picture.shape[1] * 3]
            .reshape(*picture.shape[:2], 3)),
    Mistake(SCRAMBLED, wrong=lambda picture: np.stack([picture.reshape(picture.shape[:2])] * 3)
            .reshape(*picture.shape[:2], 3)),
    Mistake("The channels stand in the first axis. They come last: shape (h, w, 3).",
            when=lambda result, expected, picture: np.shape(result) == (3, *expected.shape[:2]) != expected.shape),
    Mistake("A picture (h, w, 1) already has an axis for channels, and now there are two: shape (h, w, 1, 3). Take "
            "that axis off first.", when=lambda result, expected, picture: np.ndim(result) == 4),
    Mistake("One channel came back. A network for colour wants three: repeat the grey.", wrong=_first_three),
    Mistake("One channel came back. A network for colour wants three: repeat the grey.",
            when=lambda result, expected, picture: np.shape(result) in (expected.shape[:2], (*expected.shape[:2], 1))),
    Mistake("The fourth channel is still there. Cut it off, once it is known to be 255 everywhere.",
            when=lambda result, expected, picture: np.shape(result) == (*expected.shape[:2], 4)),
    Mistake("Zeros stand in the other two channels, and grey has become red. Repeat the grey in all three.",
            when=lambda result, expected, picture: np.shape(result) == expected.shape
            and np.array_equal(result[..., 0], expected[..., 0]) and not np.any(result[..., 1:])),
    Mistake("The order of the channels is turned round, to blue, green, red.",
            wrong=lambda picture: by_libraries(picture)[..., ::-1]),
    Mistake("The values were divided by 255. Only the shape was to change.",
            wrong=lambda picture: by_libraries(picture) / 255),
    Mistake("The first channel (alpha?) was dropped instead of the last: the order is red, green, blue, alpha.",
            wrong=lambda picture: picture[..., 1:]),
    Mistake("A colour picture has become grey in all three channels. RGB stays as it is.",
            when=lambda result, expected, picture: np.shape(result) == expected.shape
            and np.ptp(np.asarray(result, float), axis=2).max() == 0 < np.ptp(expected.astype(float), axis=2).max()),
]  # fmt: skip
