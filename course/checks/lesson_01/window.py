"""What the checker of exercise 1.2 needs: stored numbers -> Hounsfield units -> a picture of 0 to 255."""

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels import apply_rescale, apply_windowing

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet

NOT_BYTES = (
    "The numbers are right, but not their type: a picture for the eye is uint8. Round first, then .astype(np.uint8), "
    "which alone would cut off what stands behind the point."
)
UNSIGNED = (
    "The stored numbers are unsigned here, and -1024 does not exist in their type; NumPy 2 refuses. Make floats before "
    "you compute: stored.astype(float)."
)
WRAPPED = (
    "A product wrapped around: the stored numbers have 16 bits, and int16 ends at 32,767; 200 * 255 is 51,000. Make "
    "floats before you compute: stored.astype(float)."
)
NO_CLIP = (
    "Inside the window all is right; outside it, black and white were passed. What lies below the window stays black, "
    "what lies above stays white: np.clip before you make uint8, which would wrap around."
)


def cases():
    rng = np.random.default_rng(14)

    def stored(dtype, low, high, shape=(6, 7)):
        return rng.integers(low, high, shape).astype(dtype)

    edges = np.array([[824, 874, 1074, 1174, 1274, 1324]], np.int16)  # -200 to 300 Hounsfield units
    return [
        Case(edges, 1, -1024, 50, 400, note="HU from -200 to 300, one row"),
        Case(stored(np.int16, 0, 2200), 1, -1024, 50, 400),
        Case(stored(np.int16, 0, 2200, (9, 4)), 1, -1024, -600, 1500, note="lung"),
        Case(stored(np.uint16, 0, 4000), 1, -1024, 400, 1800, note="stored without a sign"),
        Case(stored(np.int16, -2000, 3000), 2, -1000, 40, 80, note="slope 2, a narrow window"),
        Case(stored(np.uint16, 0, 4000, (5, 8)), 0.5, -1000.5, 35.5, 350, note="slope and level with a fraction"),
        Case(stored(np.uint16, 28000, 40000), 0.25, -9000, -500, 2000, note="stored numbers above 32,767"),
        Case(np.full((2, 3), 30, np.int16), 1, 0, 200, 100, note="all lies below the window"),
        Case(stored(np.int16, -1200, 3000), 1, 0, 40, 80, note="stored in Hounsfield units already"),
    ]


def refusals():
    picture = np.array([[900, 1100]], np.int16)
    reason = "A window without width divides by 0, and a negative one turns black into white: raise a ValueError."
    return [(Case(picture, 1, -1024, 50, 0, note="width 0"), reason),
            (Case(picture, 1, -1024, 50, -400, note="width -400"), reason)]


def by_pydicom(stored, slope, intercept, level, width):
    """Return 0 to 255, not rounded, by pydicom's two steps (the window in its form LINEAR_EXACT)."""
    scale, view = Dataset(), Dataset()
    scale.RescaleSlope, scale.RescaleIntercept = str(slope), str(intercept)
    view.PhotometricInterpretation, view.BitsStored, view.PixelRepresentation = "MONOCHROME2", 16, 0
    view.WindowCenter, view.WindowWidth, view.VOILUTFunction = str(level), str(width), "LINEAR_EXACT"
    return apply_windowing(apply_rescale(stored, scale), view) / (2**16 - 1) * 255


def _hounsfield(stored, slope, intercept):
    return stored.astype(float) * slope + intercept


def _bytes(light):
    return np.round(np.clip(light, 0, 1) * 255).astype(np.uint8)


def _light(values, level, width):
    return (values - level) / width + 0.5


def _with(values=_hounsfield, light=_light, last=_bytes):
    """Return a picture maker with one step replaced by a mistaken one."""
    def wrong(stored, slope, intercept, level, width):
        return last(light(values(stored, slope, intercept), level, width))
    return wrong


def _in_sixteen_bits(stored, slope, intercept, level, width):
    low, high = int(level) - int(width) // 2, int(level) + int(width) // 2
    hu = (stored.astype(np.int16) * np.int16(slope) + np.int16(intercept)).astype(np.int16)
    return np.clip(hu, low, high) - np.int16(low)


def _wrapped(divide):
    def wrong(stored, slope, intercept, level, width):
        part = _in_sixteen_bits(stored, slope, intercept, level, width) * np.int16(255)
        return np.clip(divide(part, int(width)), 0, 255).astype(np.uint8)
    return wrong


def _inside_only(result, expected, *inputs):
    result = np.asarray(result, float)
    inside = (expected > 1) & (expected < 254)
    return inside.any() and np.allclose(result[inside], expected[inside], rtol=0, atol=1.01) and not inside.all()


def _stretched(values, level, width):
    return (values - values.min()) / max(np.ptp(values), 1)


def _cut_and_stretched(values, level, width):
    return _stretched(np.clip(values, level - width / 2, level + width / 2), level, width)


MISTAKES = [
    Mistake("Stored numbers above 32,767 turned negative: int16 ends there, and uint16 does not. Make floats: "
            "stored.astype(float).",
            wrong=_with(values=lambda stored, slope, intercept: stored.astype(np.int16) * float(slope) + intercept)),
    Mistake(WRAPPED, wrong=_wrapped(lambda part, width: part // width)),
    Mistake(WRAPPED, wrong=_wrapped(lambda part, width: np.round(part / width))),
    Mistake(WRAPPED, wrong=_wrapped(lambda part, width: part / width)),
    Mistake("The window was laid on the stored numbers. Level and width are in Hounsfield units: rescale first, slope "
            "times stored plus intercept.",
            wrong=_with(values=lambda stored, slope, intercept: stored.astype(float))),
    Mistake("The slope is missing: it need not be 1. Hounsfield units are slope times stored plus intercept.",
            wrong=_with(values=lambda stored, slope, intercept: stored.astype(float) + intercept)),
    Mistake("The intercept is missing. Hounsfield units are slope times stored plus intercept.",
            wrong=_with(values=lambda stored, slope, intercept: stored.astype(float) * slope)),
    Mistake("The intercept was subtracted. It is negative as it stands: add it.",
            wrong=_with(values=lambda stored, slope, intercept: stored.astype(float) * slope - intercept)),
    Mistake("The intercept was added before the slope was applied. First slope times stored, then plus intercept.",
            wrong=_with(values=lambda stored, slope, intercept: (stored.astype(float) + intercept) * slope)),
    Mistake("The window is twice as wide as it should be: half of the width lies below the level, half above.",
            wrong=_with(light=lambda values, level, width: (values - level) / (2 * width) + 0.5)),
    Mistake("The window begins at the level. The level is its middle: half of the width lies below.",
            wrong=_with(light=lambda values, level, width: (values - level) / width)),
    Mistake("The window ends at the level. The level is its middle: half of the width lies above.",
            wrong=_with(light=lambda values, level, width: (values - level) / width + 1)),
    Mistake("Level and width have changed places.",
            wrong=_with(light=lambda values, level, width: (values - width) / level + 0.5)),
    Mistake("Black and white have changed places. In CT, dense is bright: the upper end of the window is white.",
            wrong=_with(light=lambda values, level, width: 0.5 - (values - level) / width)),
    Mistake("Darkest became black and brightest white, whatever level and width say. Black and white come from the "
            "window, not from this picture.", wrong=_with(light=_stretched)),
    Mistake("Cut to the window, and then stretched from the darkest to the brightest pixel that is left. Black and "
            "white come from the window, not from this picture: where no pixel is as dark as the window's lower end, "
            "none is black.", wrong=_with(light=_cut_and_stretched)),
    Mistake("This is the scale from 0 to 1. A picture for the eye goes from 0 to 255, and is uint8.",
            wrong=_with(last=lambda light: np.clip(light, 0, 1))),
    Mistake("This is the scale from 0 to 1, rounded: only black and white are left. Multiply by 255 before you make "
            "whole numbers.",
            wrong=_with(last=lambda light: np.clip(light, 0, 1).astype(np.uint8))),
    Mistake("The numbers in the window are Hounsfield units still: clipped, but not spread over 0 to 255.",
            wrong=lambda stored, slope, intercept, level, width: np.clip(
                _hounsfield(stored, slope, intercept), level - width / 2, level + width / 2)),
    Mistake("The fractions were cut off, not rounded: .astype(np.uint8) alone makes 254 of 254.9. Use np.round first.",
            wrong=_with(last=lambda light: (np.clip(light, 0, 1) * 255).astype(np.uint8))),
    Mistake("The fractions were always rounded up. np.round goes to the nearer whole number.",
            wrong=_with(last=lambda light: np.ceil(np.clip(light, 0, 1) * 255))),
    Mistake("These are 256 steps of equal width, cut off. Asked is 255 times the share, rounded.",
            wrong=_with(last=lambda light: np.floor(np.minimum(np.clip(light, 0, 1) * 256, 255)))),
    Mistake("White came out as 0: 1 times 256 is 256, which uint8 does not hold. The largest is 255.",
            wrong=_with(last=lambda light: (np.clip(light, 0, 1) * 256).astype(int).astype(np.uint8))),
    Mistake("White came out as 0: 1 times 256 is 256, which uint8 does not hold. The largest is 255.",
            wrong=_with(last=lambda light: np.round(np.clip(light, 0, 1) * 256).astype(int).astype(np.uint8))),
    Mistake("This is another form of the window, DICOM's LINEAR, which shrinks it by 1. Asked is the one whose black "
            "ends at level - width / 2 and whose white begins at level + width / 2.",
            wrong=_with(light=lambda values, level, width: (values - (level - 0.5)) / (width - 1) + 0.5)),
    Mistake(NO_CLIP, when=_inside_only),
]  # fmt: skip


def explained(problem):
    """Return the NotYet, with a likelier reason where the learner's code stopped with NumPy's word about unsigned."""
    problem.details = tuple((f"{label}, not rounded" if label == "expected" else label, text)
                            for label, text in problem.details)
    if isinstance(problem.error, OverflowError):
        return NotYet(f"{UNSIGNED} {problem.reason}", problem.details, problem.error)
    return problem
