"""The checkers of lesson 19: right answers in several forms, and each classic mistake with its own reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests
from scipy.special import expit
from sklearn.metrics import log_loss


def by_women(tp, fp, fn, tn, prevalence, women=100_000):
    ill, well = prevalence * women, (1 - prevalence) * women
    found, spared = ill * tp / (tp + fn), well * tn / (tn + fp)
    return found / (found + well - spared), spared / (spared + ill - found)


PREDICTIVE_WRONG = [
    (lambda tp, fp, fn, tn, prevalence: (tp / (tp + fp), tn / (tn + fn)), "the study's own table"),
    (lambda tp, fp, fn, tn, prevalence: (tp / (tp + fn), tn / (tn + fp)), "sensitivity and specificity. They"),
    (lambda tp, fp, fn, tn, prevalence: by_women(tp, fp, fn, tn, 1 - prevalence), "wrong side"),
    (lambda tp, fp, fn, tn, prevalence: by_women(tn, fn, fp, tp, prevalence), "changed places"),
    (lambda *given: by_women(*given)[::-1], "NPV before PPV"),
    (lambda tp, fp, fn, tn, prevalence: by_women(tp, fp, fn, tn, 0.5), "Half of all"),
    (lambda *given: (by_women(*given)[0], 1 - by_women(*given)[1]), "1 - NPV"),
    (lambda tp, fp, fn, tn, p: (p * tp / (p * tp + (1 - p) * fp), (1 - p) * tn / ((1 - p) * tn + p * fn)),
     "counts themselves"),
    (lambda *given: by_women(*given)[0], "were expected"),
]


def counted(y, risk, t, price=None, enough=lambda one, t: one >= t, of=None):
    found = sum(1 for one, truth in zip(risk, y, strict=True) if enough(one, t) and truth == 1)
    alarmed = sum(1 for one, truth in zip(risk, y, strict=True) if enough(one, t) and truth == 0)
    price = t / (1 - t) if price is None else price(t)
    ones, zeros = of(y) if of else (len(y), len(y))
    return found / ones - alarmed / zeros * price


BENEFIT_WRONG = [
    (functools.partial(counted, price=lambda t: (1 - t) / t), "upside down"),
    (functools.partial(counted, price=lambda t: 1), "price is missing"),
    (functools.partial(counted, price=lambda t: t), "costs t here"),
    (functools.partial(counted, price=lambda t: -t / (1 - t)), "were added"),
    (functools.partial(counted, price=lambda t: 0), "false alarms are missing"),
    (functools.partial(counted, of=lambda y: (sum(y == 1), sum(y == 0))), "sensitivity and false-alarm rate"),
    (functools.partial(counted, of=lambda y: (1, 1)), "not divided"),
    (functools.partial(counted, enough=lambda one, t: one > t), "exactly t"),
    (functools.partial(counted, enough=lambda one, t: one >= 0.5), "from 0.5 on"),
    (functools.partial(counted, enough=lambda one, t: one < t), "Called below t"),
    (functools.partial(counted, enough=lambda one, t: True), "calling everybody"),
]


def dealt(patients, k, rng):
    """Folds as a list, through a dictionary."""
    names = list(dict.fromkeys(np.asarray(patients).tolist()))
    rng.shuffle(names)
    fold = {name: place % k for place, name in enumerate(names)}
    return [fold[name] for name in np.asarray(patients).tolist()]


def unseeded(patients, k, rng):
    return dealt(patients, k, np.random.default_rng())


DEAL_WRONG = [
    (lambda patients, k, rng: rng.permutation(np.arange(len(patients)) % k), "the pictures were dealt"),
    (lambda patients, k, rng: rng.permutation(np.arange(len(np.unique(patients))) % k), "one number for each patient"),
    (lambda patients, k, rng: np.unique(patients, return_inverse=True)[1], "more than"),
    (lambda patients, k, rng: np.array(dealt(patients, k, rng)) + 1, "Number the folds"),
    (lambda patients, k, rng: np.unique(patients, return_inverse=True)[1] % k, "whatever rng draws"),
    (unseeded, "another one each time"),
    (lambda patients, k, rng: np.zeros(len(patients), int), "A fold is empty"),
    (lambda patients, k, rng: np.minimum(dealt(patients, k + 2, rng), k - 1), "many more patients"),
]


def searched(y, z, candidates, heat=lambda z, T: expit(z / T), **keywords):
    losses = {T: log_loss(y, np.clip(heat(z, T), 1e-12, 1 - 1e-12), labels=[0, 1], **keywords) for T in candidates}
    best = min(losses, key=losses.get)
    return best, losses[best]


def by_brier(y, z, candidates):
    best = min(candidates, key=lambda T: np.mean((expit(z / T) - y) ** 2))
    return best, log_loss(y, expit(z / best), labels=[0, 1])


def worst(y, z, candidates):
    best = max(candidates, key=lambda T: log_loss(y, expit(z / T), labels=[0, 1]))
    return best, log_loss(y, expit(z / best), labels=[0, 1])


HEAT_WRONG = [
    (functools.partial(searched, heat=lambda z, T: expit(z * T)), "multiplied"),
    (functools.partial(searched, heat=lambda z, T: expit(z) / T), "not the logit"),
    (worst, "largest"),
    (by_brier, "chosen by the Brier score"),
    (lambda y, z, c: (searched(y, z, c)[0], log_loss(y, expit(z), labels=[0, 1])), "as they came"),
    (lambda y, z, c: (c.tolist().index(searched(y, z, c)[0]), searched(y, z, c)[1]), "place of the best"),
    (functools.partial(searched, normalize=False), "is a sum"),
    (lambda y, z, c: (searched(y, z, c)[0], -searched(y, z, c)[1]), "lacks its minus"),
    (lambda y, z, c: (c[0], log_loss(y, expit(z / c[0]), labels=[0, 1])), "by accuracy"),
]
RIGHT = {"19.1": by_women, "19.2": counted, "19.3": dealt, "19.4": searched}
WRONG = {"19.1": PREDICTIVE_WRONG, "19.2": BENEFIT_WRONG, "19.3": DEAL_WRONG, "19.4": HEAT_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("19", RIGHT, WRONG)


def by_arrays(patients, k, rng):
    names, whose = np.unique(patients, return_inverse=True)
    order = rng.permutation(len(names))
    return np.argsort(order)[whose] % k


@pytest.mark.parametrize(("number", "answer"), [
    ("19.1", lambda *given: np.array(by_women(*given))), ("19.2", lambda y, risk, t: np.float64(counted(y, risk, t))),
    ("19.3", by_arrays), ("19.4", lambda y, z, c: list(searched(y, z, c.tolist()))),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
