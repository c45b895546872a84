"""What the checker of exercise 25.4 needs: gradients of a dense layer for one picture, its input, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    every = [Case(np.array([[6.0, -2.0], [15.0, -5.0]]), np.array([3.0, -1.0]), note="two pixels, two units")]
    for seed, (d, units) in enumerate([(5, 3), (9, 4), (4, 6), (7, 1)]):
        rng = np.random.default_rng(seed)
        x, slope = rng.random(d).round(3), rng.normal(size=units).round(3)
        slope[0] = 0.0 if units > 1 else slope[0]  # a unit that this picture does not move
        every.append(Case(np.outer(x, slope), slope, note="a unit without slope" if units > 1 else "one unit"))
    steep = np.array([0.2, 0.9, 0.4])
    for slope, note in (([-2.0, -0.5, 0.0], "slopes below 0, the last 0"), ([0.7, 0.0, 0.0], "one unit has a slope")):
        every.append(Case(np.outer(steep, slope), np.array(slope), note=note))
    return every


def by_library(dW, db):
    return np.linalg.lstsq(db[:, None], dW.T, rcond=None)[0][0]


def _best(db):
    return int(np.argmax(np.abs(db)))


MISTAKES = [
    Mistake("There is no number: something was divided by a unit's slope of 0. Choose a unit whose slope is not 0.",
            when=lambda result, expected, *inputs: result is not None and np.shape(result) == expected.shape
            and not np.isfinite(np.asarray(result, float)).all()),
    *mistakes(
        ("A column of dW is the picture times the unit's slope. Divide by that slope, db of the same unit.",
         lambda dW, db: dW[:, _best(db)], lambda dW, db: dW[:, -1]),
        ("Multiplied where it must be divided: dW = x times db.", lambda dW, db: dW[:, _best(db)] * db[_best(db)]),
        ("The column of one unit was divided by the slope of another.",
         lambda dW, db: dW[:, _best(db)] / db[np.nonzero(db)[0][0] if np.nonzero(db)[0][0] != _best(db) else -1]),
        ("Columns were added without their slopes' own sum, or averaged: divide sum by sum.",
         lambda dW, db: dW.sum(axis=1), lambda dW, db: dW.mean(axis=1)),
        ("The quotient is upside down.", lambda dW, db: db[_best(db)] / dW[:, _best(db)]),
        ("The sign is turned.", lambda dW, db: -by_library(dW, db)),
    ),
]  # fmt: skip
