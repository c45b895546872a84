"""What the checkers of exercises 2.1 and 2.2 need: standardising by hand, and by channel with training statistics."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet

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


def as_list(found):
    """Return the four numbers as an array where that is possible, else as they came."""
    if isinstance(found, (tuple, list)) and all(np.isscalar(one) for one in found):
        return np.array(found)
    return found


def cases():
    rng = np.random.default_rng(22)
    flat = rng.normal(50, 4, (3, 4, 5, 3))
    flat[..., 1] = 7
    faint = rng.normal(0.5, 0.06, (7, 9, 11, 3))
    faint[..., 1], faint[..., 2] = 0.7, 0.1  # of so many equal numbers the computed deviation is not quite 0
    counts = (30000 + rng.normal(0, 1, (40, 64, 64, 2))).astype(np.float32)
    return [
        Case(rng.integers(0, 200, (4, 5, 7, 3), dtype=np.uint8), rng.integers(60, 256, (2, 5, 7, 3), dtype=np.uint8)),
        Case(rng.normal([10, 50, 200], [1, 8, 30], (6, 4, 4, 3)), rng.normal(90, 50, (3, 8, 2, 3)),
             note="new pictures of another size"),
        Case(rng.integers(100, 140, (5, 6, 6, 1), dtype=np.uint8), rng.integers(0, 256, (1, 6, 6, 1), dtype=np.uint8),
             note="one channel, one new picture"),
        Case(flat, rng.normal(50, 4, (2, 4, 5, 3)), note="the second channel is constant in training, but not later"),
        Case(counts, counts[:1, :3, :3] + 5, note="float32, and 327,680 large numbers to add up"),
        Case(faint, rng.normal(0.5, 0.2, (2, 4, 4, 3)), note="pictures of 0 to 1, two channels constant in training"),
    ]


def by_sklearn(train, new):
    from sklearn.preprocessing import StandardScaler

    channels = train.shape[-1]
    scaler = StandardScaler().fit(train.reshape(-1, channels).astype(float))
    return scaler.transform(new.reshape(-1, channels).astype(float)).reshape(new.shape)


def _by(take, axis=(0, 1, 2), **how):
    """Return a standardisation whose mean and deviation come from take(train, new), over the given axes."""
    def standardise(train, new):
        seen = take(train, new).astype(float)
        mean, deviation = seen.mean(axis=axis, keepdims=True), seen.std(axis=axis, keepdims=True, **how)
        constant = seen.max(axis=axis, keepdims=True) == seen.min(axis=axis, keepdims=True)
        return (new - mean) / np.where(constant, 1, deviation)
    return standardise


def _train(train, new):
    return train


def _new(train, new):
    return new


def _both(train, new):
    return np.concatenate([train.reshape(-1, 1, 1, train.shape[-1]), new.reshape(-1, 1, 1, new.shape[-1])])


def _by_variance(train, new):
    mean, variance = train.mean(axis=(0, 1, 2), dtype=float), train.var(axis=(0, 1, 2), dtype=float)
    return (new - mean) / np.where(_constant(train), 1, variance)


def _wrapping(to_whole):
    """Return a standardisation that subtracts a mean of the pictures' own type; to_whole cuts or rounds it."""
    def standardise(train, new):
        mean, deviation = (f(train, axis=(0, 1, 2), dtype=float) for f in (np.mean, np.std))
        return (new - to_whole(mean).astype(new.dtype)) / np.where(_constant(train), 1, deviation)
    return standardise


def _stretched(train, new):
    low, high = train.min(axis=(0, 1, 2)).astype(float), train.max(axis=(0, 1, 2)).astype(float)
    return (new - low) / np.where(high == low, 1, high - low)


def _blind(train, new):
    return np.where(_constant(train), 0, by_sklearn(train, new))


def _constant(train):
    return train.min(axis=(0, 1, 2)) == train.max(axis=(0, 1, 2))


def _explodes(result, expected, train, new, least=1e-12, most=np.inf):
    """Is all right but a constant channel, divided by something tiny between least and most?"""
    constant = _constant(train)
    others = np.allclose(result[..., ~constant], expected[..., ~constant], 1e-3, 1e-3)
    largest, wanted = (np.abs(one[..., constant]).max() for one in (result, expected))
    return others and largest > 100 * wanted and least < wanted / largest <= most


def _rounded_zero(*inputs):
    return _explodes(*inputs, least=0, most=1e-12)


def _left_undivided(result, expected, train, new):
    return not np.allclose(result, expected) and np.allclose(result, new - train.mean(axis=(0, 1, 2)))


def _a_little_small(result, expected, train, new):
    share = result[expected != 0] / expected[expected != 0]
    return np.all((share > 0.9) & (share < 1))


LOST = ("A constant channel gives 0 for every picture here. A new picture that differs there is then no longer seen to "
        "differ: subtract the mean, and divide by 1.")
WRAPS = ("The mean was turned into the pictures' own whole numbers, and the difference of two uint8 wraps around below "
         "0. Subtract floats.")
MISTAKES = [
    Mistake("Mean and deviation come from the new pictures. Then what a picture becomes depends on which others are "
            "in the room, and their common brightness is erased. Take both from the training pictures.",
            wrong=_by(_new)),
    Mistake("Mean and deviation come from training and new pictures together. What is learnt from pictures, these two "
            "numbers included, is learnt from the training pictures alone.", wrong=_by(_both)),
    Mistake("Each new picture was standardised by itself. That erases how bright and how strongly stained it is.",
            wrong=_by(_new, axis=(1, 2))),
    Mistake("Each new picture was standardised by itself, over all channels: brightness and strength of stain are "
            "erased.", wrong=_by(_new, axis=(1, 2, 3))),
    Mistake("One mean and one deviation for all channels. Red, green and blue have their own: leave the last axis "
            "out of `axis`.", wrong=_by(_train, axis=None)),
    Mistake("Each place of the picture has its own mean and deviation here, over the pictures only. Nothing in a smear "
            "belongs to a fixed place: average over pictures, rows and columns, axis=(0, 1, 2).",
            wrong=_by(_train, axis=0)),
    Mistake("Each column of the picture has its own mean and deviation here. Average over pictures, rows and columns, "
            "axis=(0, 1, 2).", wrong=_by(_train, axis=(0, 1))),
    Mistake("This divides by the variance. The deviation is its square root: `std`, not `var`.", wrong=_by_variance),
    Mistake("This divides by n - 1 (ddof=1). The course, like StandardScaler, divides by n: NumPy's `std` as it is.",
            wrong=_by(_train, ddof=1)),
    Mistake("All values are a little too small, as if something had been added to the deviation. Add nothing: replace "
            "a deviation of 0 by 1, and leave the others as they are.", when=_a_little_small),
    Mistake("A channel that is constant in training has deviation 0, and something was divided by it. Replace the 0 "
            "by 1: such a channel is only shifted.",
            when=lambda result, expected, *inputs: not np.isfinite(result).all()),
    Mistake("A tiny number was added to the deviation so that it is not 0, and the constant channel explodes as soon "
            "as a new picture differs there. Replace a deviation of 0 by 1.", when=_explodes),
    Mistake("The deviation of a constant channel came out as something like 0.00000000000000001 instead of 0, by "
            "rounding, and you divided by it. Ask whether the channel's smallest and largest value are equal.",
            when=_rounded_zero),
    Mistake("A deviation that is small, but not 0, was replaced by 1. Pictures of 0 to 1 have such deviations. Replace "
            "it only where the channel is constant.", when=_left_undivided),
    Mistake(LOST, wrong=_blind),
    Mistake("The sums were made in float32, and with many numbers they lose digits: mean or deviation is off. Use "
            "`astype(float)` first, or `dtype=float` in `mean` and `std`.",
            when=lambda result, expected, train, new: train.dtype == np.float32 and result.shape == expected.shape),
    Mistake(WRAPS, wrong=_wrapping(np.trunc)), Mistake(WRAPS, wrong=_wrapping(np.rint)),
    Mistake("The mean is subtracted; the division by the deviation is missing.",
            wrong=lambda train, new: new - train.mean(axis=(0, 1, 2), dtype=float)),
    Mistake("The division is there; the mean is not subtracted.",
            wrong=lambda train, new: new / np.where(_constant(train), 1, train.std(axis=(0, 1, 2), dtype=float))),
    Mistake("Dividing by 255 is another thing that is called normalising. Mean and deviation of the training pictures "
            "are asked.", wrong=lambda train, new: new / 255),
    Mistake("This stretches smallest to largest onto 0 to 1. One speck of dirt in training then decides about all. "
            "Use mean and deviation.", wrong=_stretched),
    Mistake("The training pictures came back. They give mean and deviation; the new ones are to be standardised.",
            wrong=lambda train, new: by_sklearn(train, train)),
    Mistake("The result was cut down to whole numbers. Keep floats.",
            wrong=lambda train, new: np.trunc(by_sklearn(train, new))),
]  # fmt: skip

OVER_CHANNELS = ("`axis` names the axes that disappear. You averaged over the channels; they are the one axis that "
                 "must stay: axis=(0, 1, 2).")


def explained(problem):
    """Return the NotYet, with a better reason where numbers averaged over the channels met the new pictures."""
    if "broadcast" not in str(problem.error):
        return problem
    n, h, w, _ = problem.case.args[0].shape
    if not any(shape in str(problem.error) for shape in (f"({n},{h},{w})", f"({n},{h},{w},1)")):
        return problem
    return NotYet(f"{OVER_CHANNELS} {problem.reason}", problem.details, problem.error, problem.case)
