"""What lesson 22's deeper page finds on drawn skin: one-number rules taught on light skin, judged on all tones.

Quick enough to be made anew when asked for (seconds), so nothing is stored. The same spots lie on every tone, so
tones are compared spot by spot: a drawing can do that, and no clinic.
"""

import functools

import numpy as np

from course.data.phantom_skin import TONES, spot
from course.evaluation import intervals
from course.imaging.segmentation import dice

TAUGHT, JUDGED = range(20), range(100, 160)  # seeds of spots: no spot in both
LIGHT = ("very light", "light")
RIM = 10  # pixels along the border of a picture, taken for the patient's own skin
RULES = {  # of grey levels, the skin's own grey level and the number taught
    "darker than a fixed grey": (lambda grey, skin, number: grey < number, np.arange(30, 221, 5.0)),
    "so many levels below the skin": (lambda grey, skin, number: grey < skin - number, np.arange(5, 100, 5.0)),
    "below a share of the skin": (lambda grey, skin, number: grey < number * skin, np.arange(0.3, 1, 0.02)),
}  # fmt: skip


def example(seed, tone):
    """Return the Spot of a seed on a skin of TONES: outline, edge, colours and extent are drawn from the seed."""
    rng = np.random.default_rng([22, 8, seed])
    return spot(seed, TONES[tone], int(rng.integers(3)), int(rng.integers(9)), int(rng.integers(1, 5)),
                round(float(rng.uniform(5, 11)), 1))


@functools.cache
def _drawn(seed):
    """Of each tone: grey levels, the skin's own grey level, mask."""
    found = {}
    for tone in TONES:
        one = example(seed, tone)
        grey = one.picture.mean(axis=2)
        rim = np.ones(grey.shape, bool)
        rim[RIM:-RIM, RIM:-RIM] = False
        found[tone] = grey.astype(np.float32), float(np.median(grey[rim])), one.mask
    return found


@functools.cache
def taught(rule, tones=LIGHT):
    """Return the number of a rule with the best mean Dice on the spots TAUGHT, on these tones."""
    marks, numbers = RULES[rule]
    several = [_drawn(seed)[tone] for seed in TAUGHT for tone in tones]
    means = [np.mean([dice(marks(grey, skin, number), mask) for grey, skin, mask in several]) for number in numbers]
    return float(numbers[int(np.argmax(means))])


@functools.cache
def scores(rule, tone, tones=LIGHT):
    """Return the Dice of each spot JUDGED on one tone, by a rule taught on `tones`: (60,)."""
    marks, number = RULES[rule][0], taught(rule, tones)
    return np.array([dice(marks(grey, skin, number), mask)
                     for grey, skin, mask in (_drawn(seed)[tone] for seed in JUDGED)])


def table():
    """Return the mean Dice: a row a rule and what it was taught on, a column a tone."""
    import pandas as pd

    rows = {f"{rule}; taught on {name}": [scores(rule, tone, tones).mean() for tone in TONES]
            for rule in RULES for name, tones in (("light", LIGHT), ("all", tuple(TONES)))}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(TONES))


def gap(rule, tones=LIGHT):
    """Return (gap, from, to): mean Dice on light skin minus that on dark, the same spots; spots drawn anew (95 %)."""
    return intervals.mean(scores(rule, "light", tones) - scores(rule, "dark", tones))
