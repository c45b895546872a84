"""What the checker of exercise 19.2 needs: patients with risks, thresholds, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes
from course.evaluation.decision import net_benefit


def cases():
    every = [Case(np.array([1, 1, 0, 0, 0]), np.array([0.9, 0.2, 0.5, 0.2, 0.1]), 0.2,
                  note="a risk of exactly t is called")]  # fmt: skip
    for seed, (n, t) in enumerate([(12, 0.1), (20, 0.3), (15, 0.6), (9, 0.05)]):
        rng = np.random.default_rng(seed)
        every.append(Case((np.arange(n) % 3 == 0).astype(int), rng.random(n).round(2), t))
    return [*every, Case(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.3]), 0.8, note="nobody is called")]


def by_library(y, risk, t):
    return net_benefit(y, risk, t)


def wrong(price=lambda t: t / (1 - t), call=lambda risk, t: risk >= t, below=lambda y: (len(y), len(y)), sign=-1):
    """The net benefit with something changed: a false alarm's price; who is called; what both are divided by."""
    def answer(y, risk, t):
        called, (one, other) = call(risk, t), below(y)
        return np.sum(called & (y == 1)) / one + sign * np.sum(called & (y == 0)) / other * price(t)
    return answer


def _rates(y):
    return np.sum(y == 1), np.sum(y == 0)


MISTAKES = mistakes(
    ("The price is upside down: a false alarm costs t / (1 - t), less than 1 where t is below one half.",
     wrong(lambda t: (1 - t) / t)),
    ("The price is missing: a false alarm counts as much as a cancer.", wrong(lambda t: 1)),
    ("A false alarm costs t here. It costs t / (1 - t).", wrong(lambda t: t)),
    ("The false alarms were added. They are the price: subtract.", wrong(sign=1)),
    ("These are sensitivity and false-alarm rate. Divide both counts by the number of all patients.",
     wrong(below=_rates)),
    ("The counts are not divided by the number of patients.", wrong(below=lambda y: (1, 1))),
    ("A risk of exactly t is not called here: >=, not >.", wrong(call=np.greater)),
    ("Called from 0.5 on, whatever t is. The threshold decides who is called, too.",
     wrong(call=lambda risk, t: risk >= 0.5)),
    ("Called below t. Malignant is who has a risk of t or more.", wrong(call=np.less)),
    ("The benefit is there, the price is not: false alarms are missing.", wrong(lambda t: 0)),
    ("Those counted as false alarms are the healthy who were left in peace.",
     lambda y, risk, t: np.mean((risk >= t) & (y == 1)) - np.mean((risk < t) & (y == 0)) * t / (1 - t)),
    ("This is the net benefit of calling everybody: the risks are not used.",
     wrong(call=lambda risk, t: np.ones(len(risk), bool))),
)  # fmt: skip
