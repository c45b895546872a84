"""What the checker of exercise 1.2 needs: stored numbers -> Hounsfield units -> a picture of 0 to 255."""

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels import apply_rescale, apply_windowing

from course.checks.compare import Case, Mistake, mistakes

HALF = 0.501  # how far a rounded grey value may lie from the one before rounding
NOT_BYTES = (
    "The numbers are right, but not their type: a picture for the eye is uint8. Round first, then .astype(np.uint8), "
    "which alone would cut off what stands behind the point."
)


def cases():
    rng = np.random.default_rng(14)

    def stored(dtype, low, high, shape=(6, 7)):
        return rng.integers(low, high, shape).astype(dtype)

    edges = np.array([[824, 874, 1074, 1174, 1274, 1324]], np.int16)  # -200 to 300 Hounsfield units
    return [
        Case(edges, 1, -1024, 50, 400, note="HU from -200 to 300, one row; what was expected is not yet rounded"),
        Case(stored(np.int16, 0, 2200), 1, -1024, 50, 400),
        Case(stored(np.int16, 0, 2200, (9, 4)), 1, -1024, -600, 1500, note="lung"),
        Case(stored(np.uint16, 0, 4000), 1, -1024, 400, 1800, note="stored without a sign"),
        Case(stored(np.int16, -2000, 3000), 2, -1000, 40, 80, note="slope 2, a narrow window"),
        Case(stored(np.uint16, 0, 4000, (5, 8)), 0.5, -1000.5, 35.5, 350, note="slope and level with a fraction"),
        Case(stored(np.uint16, 28000, 40000), 0.25, -9000, -500, 2000, note="stored numbers above 32,767"),
        Case(np.full((2, 3), 30, np.int16), 1, 0, 200, 100, note="all lies below the window"),
        Case(stored(np.int16, -1200, 3000), 1, 0, 40, 80, note="stored in Hounsfield units already"),
        Case(stored(np.int16, -4, 5, (7, 7)), 1, 0, 1, 5, note="a width of 5"),
        Case(stored(np.int16, 0, 20, (8, 1)), 0.125, -1, 0, 0.5, note="a width of half a unit, one column"),
        Case(stored(np.int16, -400, 400), -1, 30, 20, 300, note="a slope below 0"),
    ]


def refusals():
    picture = np.array([[900, 1100]], np.int16)
    reason = "A window without width divides by 0, and a negative one turns black into white: raise a ValueError."
    return [(Case(picture, 1, -1024, 50, width, note=f"width {width}"), reason) for width in (0, -400, -0.5)]


def by_pydicom(stored, slope, intercept, level, width):
    """Return 0 to 255, not rounded, by pydicom's two steps (the window in its form LINEAR_EXACT)."""
    scale, view = Dataset(), Dataset()
    scale.RescaleSlope, scale.RescaleIntercept = str(slope), str(intercept)
    view.PhotometricInterpretation, view.BitsStored, view.PixelRepresentation = "MONOCHROME2", 16, 0
    view.WindowCenter, view.WindowWidth, view.VOILUTFunction = str(level), str(width), "LINEAR_EXACT"
    return apply_windowing(apply_rescale(stored, scale), view) / (2**16 - 1) * 255


def _view(values=lambda x, a, b: a * x + b, light=lambda h, c, w: (h - c) / w + 0.5,
          last=lambda y: 255 * np.clip(y, 0, 1), kind=float):
    """Return a picture maker with one of its steps replaced by a mistaken one."""
    return lambda stored, a, b, c, w: last(light(values(stored.astype(kind or stored.dtype), a, b), c, w))


def _sixteen_bits(stored, slope, intercept, level, width, whole=lambda number: number):
    """All without a float; whole makes the numbers int16 too."""
    low, high = whole(level - width // 2), whole(level + width // 2)
    hu = np.clip(stored * whole(slope) + whole(intercept), low, high)
    return np.clip((hu - low) * 255 // width, 0, 255).astype(np.uint8)


def _stretched(h):
    return (h - h.min()) / (np.ptp(h) or 1)


def _right_inside(result, expected, *inputs):
    inside = (expected > 0.5) & (expected < 254.5)
    return np.all(np.abs(result - expected)[inside] <= HALF)


TABLE = [  # the reason, and the wrong ways that it explains; x stored, a slope, b intercept, h HU, c level, w width
    ("The stored numbers have 16 bits: -1024 does not exist in uint16, what is above 32,767 turns negative in int16, "
     "and a product such as 200 * 255 wraps around. Make floats first: stored.astype(float).",
     _view(kind=None), _view(kind=np.int16), _sixteen_bits,
     lambda stored, *rest: _sixteen_bits(stored.astype(np.int16), *rest, whole=np.int16)),
    ("The window was laid on the stored numbers. Level and width are in Hounsfield units: rescale first.",
     _view(lambda x, a, b: x)),
    ("Slope and intercept are not used as they are handed in, signs and fractions included. Hounsfield units are slope "
     "times stored, and then plus intercept.",
     *map(_view, [lambda x, a, b: x + b, lambda x, a, b: a * x, lambda x, a, b: a * x - b, lambda x, a, b: a * (x + b),
                  lambda x, a, b: int(a) * x + b, lambda x, a, b: a * x + int(b), lambda x, a, b: int(a) * x + int(b),
                  lambda x, a, b: abs(a) * x + b, lambda x, a, b: a * x + abs(b)])),
    ("The window lies in a wrong place, or is too wide. The level is its middle: half of the width lies below, half "
     "above.", _view(light=lambda h, c, w: (h - c) / w), _view(light=lambda h, c, w: (h - c) / w + 1),
     _view(light=lambda h, c, w: (h - c) / (2 * w) + 0.5)),
    ("width // 2 cuts off the half of an odd width. Write width / 2.",
     _view(light=lambda h, c, w: (h - (c - w // 2)) / w)),
    ("Level and width have changed places.", _view(light=lambda h, c, w: (h - (w - c / 2)) / c)),
    ("Black and white have changed places. In CT, dense is bright: the upper end of the window is white.",
     _view(light=lambda h, c, w: 0.5 - (h - c) / w)),
    ("The darkest pixel became black and the brightest white. Black and white come from level and width, not from the "
     "picture.", _view(light=lambda h, c, w: _stretched(h)),
     _view(light=lambda h, c, w: _stretched(np.clip(h, c - w / 2, c + w / 2)))),
    ("This is the scale from 0 to 1. A picture for the eye goes from 0 to 255: multiply before you make whole numbers.",
     _view(last=lambda y: np.clip(y, 0, 1)), _view(last=lambda y: np.trunc(np.clip(y, 0, 1)))),
    ("The numbers in the window are Hounsfield units still: clipped, but not spread over 0 to 255.",
     _view(light=lambda h, c, w: np.clip(h, c - w / 2, c + w / 2), last=lambda y: y)),
    ("The fractions were cut off, not rounded: .astype(np.uint8) alone makes 254 of 254.9. Use np.round first.",
     _view(last=lambda y: np.trunc(255 * np.clip(y, 0, 1)))),
    ("The share of white is multiplied by 255, not by 256: in uint8 255 is the largest, and 256 becomes 0.",
     *(_view(last=lambda y, whole=whole, end=end: end(whole(256 * np.clip(y, 0, 1))))
       for whole in (np.trunc, np.round) for end in (lambda y: y % 256, lambda y: np.minimum(y, 255)))),
    ("This is another form of the window, DICOM's LINEAR, which shrinks it by 1. Asked is the one whose black ends at "
     "level - width / 2 and whose white begins at level + width / 2.",
     _view(light=lambda h, c, w: (h - (c - 0.5)) / (w - 1) + 0.5)),
]  # fmt: skip
MISTAKES = [*mistakes(*TABLE), Mistake(
    "Inside the window all is right, outside it is not: what lies below stays black, what lies above stays white. "
    "np.clip before you make uint8, which would wrap around.", when=_right_inside)]  # fmt: skip
