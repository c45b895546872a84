"""What the checkers of exercises 11.1 and 11.4 need: Bayes' rule for k classes, and a change of the prior.

Shapes: prior and likelihood (k,), one number a class; p (n,), one probability of "malignant" a patient.
"""

import numpy as np
from scipy import special

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(111)
    return [
        Case(np.array([0.63, 0.37]), np.array([0.1, 0.9]), note="aspirates, a positive test: benign, malignant"),
        Case(np.array([0.995, 0.005]), np.array([0.9, 0.1]), note="screening, a negative test"),
        Case(np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.5, 0.8]), note="three classes"),
        Case(np.array([0.5, 0.5]), np.array([0.2, 0.6]), note="equal shares"),
        Case(np.array([0.25, 0.5, 0.25]), np.array([0.4, 0.2, 0.4]), note="three classes that end alike"),
        Case(np.array([0.63, 0.37]), np.array([2.5, 40.0]), note="densities, which may exceed 1"),
        Case(np.array([0.63, 0.37]), np.array([3e-200, 1e-200]), note="tiny likelihoods"),
        Case(np.array([0.9, 0.1, 0.0]), np.array([0.3, 0.0, 0.7]), note="a class that never comes, and a zero"),
        Case(np.array([1.0]), np.array([0.3]), note="one class"),
        Case(rng.dirichlet(np.ones(7)), rng.random(7)),
    ]


def by_scipy(prior, likelihood):
    with np.errstate(divide="ignore"):
        return special.softmax(np.log(prior) + np.log(likelihood))


MISTAKES = mistakes(
    ("This is P(x | y), what went in: how often the finding comes in each class. Asked is P(y | x), how often each "
     "class is behind the finding.", lambda prior, likelihood: likelihood),
    ("The prior is forgotten: this treats all classes as equally common. Multiply by the shares first.",
     lambda prior, likelihood: likelihood / likelihood.sum()),
    ("The denominator is forgotten: these are P(y) P(x | y), and they do not add up to 1. Divide by P(x), their sum.",
     lambda prior, likelihood: prior * likelihood),
    ("Only the shares came back. The finding must change them.", lambda prior, likelihood: prior),
    ("Divided by another number than P(x). That is the sum of the *products*, P(y) P(x | y), neither their largest or "
     "mean nor anything of the likelihoods alone; then the answers add up to 1.",
     *(lambda prior, likelihood, of=of: prior * likelihood / of(prior, likelihood) for of in (
         lambda prior, likelihood: likelihood.sum(), lambda prior, likelihood: likelihood.max(),
         lambda prior, likelihood: (prior * likelihood).max(), lambda prior, likelihood: (prior * likelihood).mean()))),
    ("1 - P(x | y) was taken for the likelihood of the other classes. It is the share *of the same class* in which x "
     "is not found; each class has its own likelihood, and you were given it.",
     lambda prior, likelihood: prior * likelihood / (prior * likelihood + (1 - prior) * (1 - likelihood))),
    ("The products went through exp (a softmax). They are shares already: divide them by their sum.",
     lambda prior, likelihood: special.softmax(prior * likelihood)),
    ("Divided class by class. P(x) is one number for all classes: the sum over them.",
     lambda prior, likelihood: likelihood / (prior * likelihood)),
    ("Divided by the prior instead of multiplied: the rarer a class, the more probable it becomes.",
     lambda prior, likelihood: likelihood / prior / (likelihood / prior).sum()),
    ("Prior and likelihood are added. Of 37 % of all patients, 90 % is a *product*.",
     lambda prior, likelihood: (prior + likelihood) / (prior + likelihood).sum()),
    ("This is P(x), the denominator. Return one probability for each class.",
     lambda prior, likelihood: (prior * likelihood).sum()),
    ("This is the number of the most probable class. Return the probabilities.",
     lambda prior, likelihood: (prior * likelihood).argmax()),
    ("The result is rounded. Return it as it is; rounding is for the reader.",
     *(lambda prior, likelihood, digits=digits: by_scipy(prior, likelihood).round(digits) for digits in range(1, 9))),
)  # fmt: skip


def moves():
    rng = np.random.default_rng(114)
    return [
        Case(np.array([0.4, 0.9, 0.1, 0.4]), 0.5, 0.1, note="from equal shares"),
        Case(np.array([0.25, 0.5, 0.99]), 0.37, 0.005, note="from aspirates to screening"),
        Case(np.array([0.043, 0.5]), 0.005, 0.37, note="and back"),
        Case(np.array([0.0, 1.0, 0.3]), 0.37, 0.005, note="certainty stays certainty"),
        Case(np.array([0.2, 0.7]), 0.4, 0.4, note="the same share: nothing changes"),
        Case(np.array([0.6]), 0.37, 0.8, note="one patient"),
        Case(rng.random(9), 0.37, 0.02),
    ]


def moved_by_scipy(p, old, new):
    """Add the change of the log odds; logit and expit take 0 and 1 as they come."""
    return special.expit(special.logit(p) + special.logit(new) - special.logit(old))


def _weighted(malignant, benign):
    """p and 1 - p weighed by malignant(old, new) and benign(old, new)."""
    def moved(p, old, new):
        first, second = p * malignant(old, new), (1 - p) * benign(old, new)
        return first / (first + second)
    return moved


def _plus(benign):
    """The right product of malignant, divided by the sum with benign(p, old, new)."""
    return lambda p, old, new: p * new / old / (p * new / old + benign(p, old, new))


def _odds(p, old, new):
    return p / (1 - p) * (new / (1 - new)) / (old / (1 - old))


MOVE_MISTAKES = mistakes(
    ("The probabilities came back unchanged. They were learnt at the share `old`; the share `new` must enter. (If both "
     "classes get the same factor, new / old, it cancels: benign has (1 - new) / (1 - old).)", lambda p, old, new: p),
    ("The old prior is still inside: p was used as if it were the likelihood. First take the old shares out (divide), "
     "then put the new ones in (multiply).", _weighted(lambda old, new: new, lambda old, new: 1 - new)),
    ("The prior is forgotten: the old shares are divided out, and none put in. Multiply by the new ones.",
     _weighted(lambda old, new: 1 / old, lambda old, new: 1 / (1 - old))),
    ("This is p new / old, no probability yet. The two do not add up to 1 by themselves: benign has its own product, "
     "(1 - p) (1 - new) / (1 - old). Divide by the sum of both.", lambda p, old, new: p * new / old),
    ("The factor of benign is 1 - new / old: Python divides first. Its shares are 1 - new and 1 - old, each in its own "
     "brackets: (1 - new) / (1 - old).", _weighted(lambda old, new: new / old, lambda old, new: 1 - new / old)),
    ("For benign, brackets are missing: without them / and * come before -, so that 1 - old is not one number. Write "
     "(1 - p), (1 - new) and (1 - old).", *map(_plus, [
         lambda p, old, new: (1 - p) * (1 - new) / 1 - old, lambda p, old, new: (1 - p) * 1 - new / 1 - old,
         lambda p, old, new: (1 - p) * 1 - new / (1 - old), lambda p, old, new: (1 - p) * (1 - new / 1 - old),
         lambda p, old, new: 1 - p * (1 - new) / (1 - old), lambda p, old, new: 1 - p * (1 - new) / 1 - old,
         lambda p, old, new: 1 - p * 1 - new / 1 - old])),
    ("The benign share is forgotten: it changes too, from 1 - old to 1 - new.",
     _weighted(lambda old, new: new / old, lambda old, new: 1)),
    ("This is the new share for everybody. What the finding told about each patient is lost.",
     lambda p, old, new: np.full_like(p, new)),
    ("The factor of benign is upside down: (1 - new) above, (1 - old) below, as for malignant.",
     _weighted(lambda old, new: new / old, lambda old, new: (1 - old) / (1 - new))),
    ("Old and new are exchanged.", lambda p, old, new: moved_by_scipy(p, new, old)),
    ("These are odds, malignant to benign. Turn them back into a probability: odds / (1 + odds).", _odds),
    ("The factor of the odds was multiplied onto the probability. Turn p into odds first, p / (1 - p), or weigh "
     "malignant and benign apart.", lambda p, old, new: p * new / (1 - new) / (old / (1 - old))),
    ("For p = 1 the odds p / (1 - p) are divided by 0. Weigh p and 1 - p apart and divide by their sum: then no "
     "division by 0 comes up.", lambda p, old, new: _odds(p, old, new) / (1 + _odds(p, old, new))),
    ("p was moved by the difference of the shares. A finding multiplies odds; it adds nothing to probabilities.",
     lambda p, old, new: p + new - old, lambda p, old, new: np.clip(p + new - old, 0, 1)),
    ("Clipping hides the mistake: p new / old is not a probability. Divide by the sum over both classes.",
     lambda p, old, new: np.clip(p * new / old, 0, 1)),
)  # fmt: skip
