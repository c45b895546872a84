"""What the checkers of exercises 2.1 and 2.2 need: standardising by hand, and by channel with training statistics."""

import functools

import numpy as np
from sklearn.preprocessing import StandardScaler

from course.checks.compare import Case, Mistake, mistakes

NUMBERS = np.array([1.0, 3.0, 3.0, 9.0])  # mean 4, deviation 3
FOUR = (NUMBERS - 4) / 3
FOUR_MISTAKES = [
    (NUMBERS - 4, "The mean is subtracted; now divide by the deviation."),
    ((NUMBERS - 4) / 9, "This divides by the variance, the mean of the squares. The deviation is its square root."),
    ((NUMBERS - 4) / 12**0.5, "This divides the squares by n - 1 = 3. For pictures, and here, it is n = 4."),
    ((NUMBERS - 4) / 6, "The root of the *sum* of the squares is 6. Divide the sum by 4 first, then take the root."),
    ((NUMBERS - 4) / 2.5, "2.5 is the mean distance from the mean. Square the distances, average, take the root."),
    ((NUMBERS - 4) / 8, "This divides by the range, 9 - 1. The deviation is asked."),
    ((NUMBERS - 1) / 8, "This stretches the numbers to 0 ... 1. That has its uses, but it is not standardising."),
    (NUMBERS / 255, "Dividing by 255 changes the unit. Standardising subtracts the mean and divides by the deviation."),
    (NUMBERS / 9, "This divides by the largest number. Subtract the mean, divide by the deviation."),
    (NUMBERS / 3, "The division is right; before it the mean has to be subtracted."),
    ((NUMBERS - 3) / 3, "3 is the median, the number in the middle. Subtract the mean, 16 / 4."),
    (-FOUR, "The signs are turned round: number minus mean, not mean minus number."),
]
AXES = (0, 1, 2)
SMALL = [10.0**-k for k in range(13)]


def ordinary():
    """Cases without a constant channel."""
    rng = np.random.default_rng(22)
    return [
        Case(rng.integers(0, 200, (4, 5, 7, 3), dtype=np.uint8), rng.integers(60, 256, (2, 5, 7, 3), dtype=np.uint8)),
        Case(rng.normal([10, 50, 200], [1, 8, 30], (6, 4, 4, 3)), rng.normal(90, 50, (3, 8, 2, 3)),
             note="new pictures of another size"),
        Case(rng.integers(100, 140, (5, 6, 6, 1), dtype=np.uint8), rng.integers(0, 256, (1, 6, 6, 1), dtype=np.uint8),
             note="one channel, one new picture"),
        Case(rng.integers(-900, 2000, (1, 1, 9, 2), dtype=np.int16), rng.integers(-900, 9000, (3, 1, 4, 2), np.int16),
             note="one training picture of one row, 16 bits, numbers below 0"),
    ]


def large_numbers():
    counts = (30000 + np.random.default_rng(23).normal(0, 1, (40, 64, 64, 2))).astype(np.float32)
    return [Case(counts, counts[:1, :3, :3] + 5, note="float32, and 327,680 large numbers to add up")]


def constant():
    """Cases in which a channel is constant in training, or nearly so."""
    rng = np.random.default_rng(24)
    flat, faint = rng.normal(50, 4, (3, 4, 5, 3)), rng.normal(0.5, 0.06, (7, 9, 11, 3))
    tiny, same = rng.normal(0.3, 1e-5, (2, 5, 5, 2)), np.full((2, 3, 3, 2), 200, np.uint8)
    flat[..., 1] = 7
    faint[..., 1], faint[..., 2] = 0.7, 0.1  # of so many equal numbers the computed deviation is not quite 0
    return [
        Case(flat, rng.normal(50, 4, (2, 4, 5, 3)), note="the second channel is constant in training, but not later"),
        Case(same, rng.integers(0, 256, (1, 4, 3, 2), dtype=np.uint8), note="all is constant in training, uint8"),
        Case(faint, rng.normal(0.5, 0.2, (2, 4, 4, 3)), note="pictures of 0 to 1, two channels constant in training"),
        Case(tiny, rng.normal(0.3, 1e-5, (2, 3, 4, 2)), note="channels that are nearly constant, but not quite"),
    ]


def by_sklearn(train, new):
    channels = train.shape[-1]
    scaler = StandardScaler().fit(train.reshape(-1, channels).astype(float))
    return scaler.transform(new.reshape(-1, channels).astype(float)).reshape(new.shape)


def _flat(train):
    return train.min(axis=AXES) == train.max(axis=AXES)


def _ways(seen=lambda train, new: train, axis=AXES, kind=float, spread=np.std, **how):
    """Standardisations by mean and spread of seen(train, new) over axis, in a type (None: as it is).

    They differ in whether the axes are kept, and whether 1 takes the place of a deviation of 0.
    """
    def one(train, new, keepdims, safe):
        some = seen(train, new).astype(kind or train.dtype)
        deviation = spread(some, axis=axis, keepdims=keepdims, **how)
        return (new - some.mean(axis=axis, keepdims=keepdims)) / (np.where(deviation == 0, 1, deviation) if safe
                                                                  else deviation)  # fmt: skip
    return [functools.partial(one, keepdims=keep, safe=safe) for keep in (True, False) for safe in (True, False)]


def _with(rule):
    """rule(new, mean, deviation) in place of (new - mean) / deviation."""
    return lambda train, new: rule(new, train.mean(axis=AXES, dtype=float), train.std(axis=AXES, dtype=float))


def _by(change):
    """Divide by change(deviation)."""
    return _with(lambda x, m, d: (x - m) / change(d))


def _explodes(result, expected, train, new):
    """Is all right but a constant channel, which came out far too large?"""
    flat = _flat(train)
    return np.allclose(result[..., ~flat], expected[..., ~flat], 1e-3, 1e-3) and not (
        np.abs(result[..., flat]).max() <= 100 * np.abs(expected[..., flat]).max())


def _both(train, new):
    return np.concatenate([train.reshape(-1, 1, 1, train.shape[-1]), new.reshape(-1, 1, 1, new.shape[-1])])


ORDINARY = [  # the reason, and the wrong ways that it explains; x new pictures, m mean, d deviation
    ("Mean and deviation come from the new pictures, and their common brightness is erased. Take both from the "
     "training pictures.", *_ways(lambda train, new: new)),
    ("Mean and deviation come from training and new pictures together. What is learnt from pictures, these two numbers "
     "included, is learnt from the training pictures alone.", *_ways(_both)),
    ("Each new picture was standardised by itself. That erases how bright and how strongly stained it is.",
     *_ways(lambda train, new: new, (1, 2)), *_ways(lambda train, new: new, (1, 2, 3))),
    ("One mean and one deviation for all channels. Red, green and blue have their own: leave the last axis out of "
     "`axis`.", *_ways(axis=None)),
    ("Each place, row, column or picture has its own mean and deviation here. Take one for each channel, over all of "
     "these: axis=(0, 1, 2).", *(way for axis in (0, 1, 2, (0, 1), (0, 2), (1, 2)) for way in _ways(axis=axis))),
    ("`axis` names the axes that disappear. You averaged over the channels; they are the one axis that must stay: "
     "axis=(0, 1, 2).", *_ways(axis=3), *_ways(axis=(1, 2, 3))),
    ("This divides by the variance. The deviation is its square root: `std`, not `var`.", *_ways(spread=np.var)),
    ("This divides by n - 1 (ddof=1). The course, like StandardScaler, divides by n: NumPy's `std` as it is.",
     *_ways(ddof=1)),
    ("Something was added to the deviation, and all values are a little too small. Add nothing: replace a deviation of "
     "0 by 1, and leave the others as they are.",
     *(_by(way) for e in SMALL for way in (lambda d, e=e: d + e, lambda d, e=e: np.sqrt(d**2 + e)))),
    ("The mean was turned into the pictures' own whole numbers, and the difference of two uint8 wraps around below 0. "
     "Subtract floats.",
     *(_with(lambda x, m, d, whole=whole: (x - whole(m).astype(x.dtype)) / d) for whole in (np.array, np.rint))),
    ("The mean is subtracted; the division by the deviation is missing.", _with(lambda x, m, d: x - m)),
    ("The division is there; the mean is not subtracted.", _with(lambda x, m, d: x / d)),
    ("Dividing by 255 is another thing that is called normalising. Mean and deviation of the training pictures are "
     "asked.", lambda train, new: new / 255),
    ("This stretches smallest to largest onto 0 to 1. One speck of dirt in training then decides about all.",
     lambda train, new: (new - train.min(axis=AXES).astype(float)) / np.ptp(train.astype(float), axis=AXES)),
    ("The training pictures came back. They give mean and deviation; the new ones are to be standardised.",
     lambda train, new: by_sklearn(train, train)),
]  # fmt: skip
LARGE = [("The sums were made in float32, and with many numbers they lose digits: mean or deviation is off. Use "
          "`astype(float)` first, or `dtype=float` in `mean` and `std`.", *_ways(kind=None), *_ways(kind=np.float32))]
CONSTANT = [
    ("A tiny number was to keep the deviation from being 0, and a channel constant in training explodes as soon as a "
     "new picture differs there. Replace a deviation of 0 by 1.",
     *(_by(way) for e in SMALL[1:] for way in (lambda d, e=e: d + e, lambda d, e=e: np.maximum(d, e),
                                           lambda d, e=e: np.sqrt(d**2 + e), lambda d, e=e: np.where(d == 0, e, d)))),
    ("A deviation that is small, but not 0, was replaced by 1. Replace it only where the channel is constant.",
     *(_by(lambda d, e=e: np.where(d < e, 1, d)) for e in (0.5, *SMALL[:8]))),
    ("A constant channel gives 0 for every picture here. A new picture that differs there is then no longer seen to "
     "differ: subtract the mean, and divide by 1.",
     *(lambda train, new, flat=flat: np.where(flat(train), 0, by_sklearn(train, new))
       for flat in (_flat, lambda train: train.std(axis=AXES) == 0)),
     _with(lambda x, m, d: np.nan_to_num((x - m) / d, posinf=0, neginf=0))),
]  # fmt: skip
EXPLODES = Mistake(
    "A channel that is constant in training was divided by its deviation, which is 0 or, by rounding, something like "
    "1e-17. Ask whether its smallest and largest value are equal; then divide by 1.", when=_explodes)
STAGES = [(cases(), [*mistakes(*table), EXPLODES])
          for cases, table in ((ordinary, ORDINARY), (large_numbers, LARGE), (constant, CONSTANT))]
