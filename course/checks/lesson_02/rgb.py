"""What the checker of exercise 2.3 needs: uint8 pictures of all kinds, to RGB or refused."""

import dis
import re

import numpy as np

from course.checks.compare import Case, Mistake, describe
from course.checks.core import NotYet, call
from course.checks.refusal import RETURNED


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
        Case(rng.integers(0, 256, (3, 5), dtype=np.uint8), note="grey, three rows"),
        Case(rng.integers(0, 256, (3, 5, 3), dtype=np.uint8), note="RGB already, three rows"),
    ]


def by_libraries(picture):
    from PIL import Image
    from skimage.color import gray2rgb

    if picture.ndim == 2 or picture.shape[2] == 1:
        return gray2rgb(picture.reshape(picture.shape[:2]))
    return np.asarray(Image.fromarray(picture).convert("RGB"))


ADVICE = re.compile(r" [^.]*`reshape` them\.")  # a sentence of course.checks.compare
TRANSPARENT = ("A picture that is transparent in places was accepted. Dropping its fourth channel shows colours that "
               "nobody was meant to see, and what lies behind is not known: refuse it.")


def refused():
    """Return (picture, what it is, the reason to give when it is not refused)."""
    rng = np.random.default_rng(25)
    clear = _opaque(rng, 4, 5)
    clear[1, 2, 3] = 0
    half = _opaque(rng, 4, 5)
    half[..., 3] = 128
    nearly = _opaque(rng, 4, 5)
    nearly[2, 3, 3] = 254
    return [
        (clear, "RGBA, one pixel transparent", TRANSPARENT),
        (half, "RGBA, half transparent everywhere", TRANSPARENT),
        (nearly, "RGBA, one pixel a little transparent, 254", TRANSPARENT),
        (rng.integers(0, 256, (4, 6, 5), dtype=np.uint8), "five channels",
         "Five channels were accepted. Only 1, 3 and 4 have a meaning here: refuse all others."),
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
        if result is None:
            reason = f"Nothing was refused and nothing came back ({what}). Write `raise ValueError('...')`."
        elif isinstance(result, Exception):
            reason = RETURNED
        raise NotYet(reason, [*details, ("came out", describe(result))])
    return f"{len(refused())} others are refused."


def require_acceptance(answer):
    """Raise NotYet when a picture that is right is refused on purpose (an error of NumPy's own is another matter)."""
    for case in cases():
        try:
            result = call(answer, *case.args)
        except NotYet as problem:
            if problem.error is None or not _raised_by(answer, problem.error):
                continue
            result = problem.error
        if isinstance(result, Exception):
            shape = case.args[0].shape
            rows = " It happens to have 3 rows. Decide by the last axis only." if shape[0] == 3 else ""
            raise NotYet(f"You refused a picture that is right: {case.note}, shape {shape}.{rows}",
                         [("went in", case.named(answer)), ("came out", repr(result))])


def _raised_by(function, error):
    """Did a `raise` of the learner's own, and not NumPy or Python, stop the code?"""
    own = getattr(getattr(function, "__code__", None), "co_filename", "")
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    code = last.tb_frame.f_code
    there = code.co_filename == own or "ipykernel_" in code.co_filename
    return there and code.co_code[last.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def in_own_words(problem):
    """Return the NotYet of a comparison without its advice to `reshape`, of which this exercise warns."""
    reason = ADVICE.sub("", problem.reason)
    if "cannot reshape" in str(problem.error):
        reason = f"{NO_NUMBERS} {reason}"
    details = [(label, ADVICE.sub("", str(text))) for label, text in problem.details]
    return NotYet(reason, details, problem.error)


def _first_three(picture):
    picture = picture if picture.ndim == 3 else picture[..., None]
    return picture[..., :3]


def _larger(h, w):
    return (3 * h, w), (h, 3 * w), (3 * h, w, 1), (h, 3 * w, 1)


def _turned(picture):
    return np.moveaxis(picture, 0, 2) if picture.ndim == 3 and picture.shape[0] == 3 else by_libraries(picture)


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
    Mistake("The channels stand in the first axis. They come last, shape (h, w, 3): give np.stack axis=2.",
            when=lambda result, expected, picture: np.shape(result) == (3, *expected.shape[:2]) != expected.shape),
    Mistake("The copies of the grey lie in one long row: np.repeat without axis flattens. First give the picture an "
            "axis for channels, picture[..., None], then repeat along it: axis=2.",
            when=lambda result, expected, picture: np.ndim(result) == 1),
    Mistake("The copies of the grey were laid beside or below each other, as one larger grey picture. They belong into "
            "a new last axis: picture[..., None], then np.repeat with axis=2.",
            when=lambda result, expected, picture: np.shape(result) in _larger(*expected.shape[:2])),
    Mistake("A picture (h, w, 1) already has an axis for channels, and now there are two. Take that axis off first.",
            when=lambda result, expected, picture: np.ndim(result) == 4),
    Mistake("A right picture that happens to have 3 rows was turned as if its channels came first. Decide by the last "
            "axis only.", wrong=_turned),
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
