"""What the checker of exercise 15.2 needs: numbers and draws, the course's layer fed with them, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes
from course.nn import Dropout


def cases():
    rng = np.random.default_rng(152)

    def case(shape, rate, training, dtype=float, note=""):
        return Case(rng.normal(size=shape).astype(dtype), rate, rng.random(shape), training, note=note)

    return [
        Case(np.array([[4.0, -2.0, 1.0, 3.0]]), 0.25, np.array([[0.9, 0.1, 0.3, 0.2]]), True),
        case((3, 5), 0.25, True, note="each row has draws of its own"),
        case((3, 5), 0.25, False, note="prediction"),
        case((2, 4, 3), 0.8, True, np.float32, note="three axes; four of five are silenced"),
        case((2, 6), 0.1, True),
        Case(np.arange(1.0, 5.0), 0.5, np.array([0.5, 0.49, 0.75, 0.0]), True, note="a draw equal to the rate is kept"),
        case((4, 2), 0.6, False, note="prediction"),
    ]


class _Given:
    """A random generator that gives the draws it was given."""

    def __init__(self, draws):
        self.draws = draws

    def random(self, shape):
        return self.draws.reshape(shape)


def by_layer(x, rate, draws, training):
    layer = Dropout(rate)
    layer.rng = _Given(draws)
    return layer.forward(x, training) + 0  # not -0, where a negative number is silenced


def made(scale=lambda rate: 1 / (1 - rate), keeps=lambda draws, rate: draws >= rate, later=lambda rate: 1, always=False,
         never=False, values=True):  # fmt: skip
    """An answer that scales while training, keeps, and scales at prediction as told; values=False gives the mask."""
    def answer(x, rate, draws, training):
        if (training or always) and not never:
            return (x if values else np.ones_like(x)) * keeps(draws, rate) * scale(rate)
        return x * later(rate)
    return answer


def _all_alike(draws, rate):
    return np.broadcast_to(draws[:1] >= rate, draws.shape)


def _one(rate):
    return 1


MISTAKES = mistakes(
    ("What is kept is not scaled. A share of (1 - rate) is left, so divide by it: else the sums of the next layer are "
     "larger at prediction than in training.", made(_one)),
    ("It is scaled at prediction, not in training: the older form. Here (inverted dropout, as in Keras) training "
     "divides by 1 - rate, and prediction leaves x alone.", made(_one, later=lambda rate: 1 - rate)),
    ("x is scaled at prediction as well. Training has divided by 1 - rate already: prediction leaves x alone.",
     made(later=lambda rate: 1 - rate), made(later=lambda rate: 1 / (1 - rate))),
    ("At prediction x is multiplied by the rate. Prediction leaves x alone; training divides by 1 - rate.",
     made(_one, later=lambda rate: rate), made(later=lambda rate: rate)),
    ("Dropout is active at prediction too: a patient's result would be a matter of luck. With training=False return x.",
     made(always=True), made(_one, always=True)),
    ("It is the wrong way round: nothing is silenced in training. Is `training` turned round?", made(never=True),
     lambda x, rate, draws, training: made()(x, rate, draws, not training)),
    ("What is kept is divided by the rate. The share that is kept is 1 - rate: divide by that.",
     made(lambda rate: 1 / rate)),
    ("What is kept is multiplied by 1 - rate. It must become larger, to make up for what is missing: divide.",
     made(lambda rate: 1 - rate)),
    ("What is kept is multiplied by the rate. Divide by 1 - rate.", made(lambda rate: rate)),
    ("The wrong ones are silenced: rate was taken for the share to keep, as in the first paper on dropout. Silence "
     "where the draw is below the rate, and divide by 1 - rate.", made(lambda rate: 1 / rate, lambda d, r: d < r)),
    ("The wrong ones are silenced: those whose draw is below the rate must become 0.", made(keeps=lambda d, r: d < r),
     made(_one, lambda d, r: d < r)),
    ("The draws are compared with 1 - rate. What is silenced is told by the rate itself: draws below it.",
     made(keeps=lambda d, r: d >= 1 - r), made(keeps=lambda d, r: d < 1 - r)),
    ("All rows are silenced at the same places. Each row has draws of its own: compare all of `draws` with the rate.",
     made(keeps=_all_alike)),
    ("A draw equal to the rate is silenced. Only draws below the rate are: <, and >= is kept.",
     made(keeps=lambda d, r: d > r)),
    ("Every number is silenced or kept by 0.5, whatever the rate.", made(keeps=lambda d, r: d >= 0.5)),
    ("This is the mask, not the numbers. Multiply x by it.", made(values=False), made(_one, values=False)),
    ("x was scaled, but none of it silenced. Multiply by the mask as well.", made(keeps=lambda d, r: np.ones_like(d))),
)  # fmt: skip
