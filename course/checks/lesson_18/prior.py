"""What the checker of exercise 18.3 needs: probabilities, two shares, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(0)
    return [
        Case(np.array([0.5, 0.9, 0.1]), 0.5, 0.05, note="a balanced training, 1 in 20 outside"),
        Case(rng.random(6).round(3), 0.37, 0.006),
        Case(rng.random(5).round(3), 0.05, 0.3, note="the disease is more frequent here than in training"),
        Case(np.array([0.0, 1.0, 0.25]), 0.5, 0.2, note="0 and 1 are certain, and stay so"),
        Case(rng.random((2, 3)).round(3), 0.2, 0.6, note="a table of probabilities"),
        Case(rng.random(4).round(3), 0.3, 0.3, note="nothing has changed"),
    ]


def by_logit(p, trained, target):
    from scipy.special import expit, logit

    with np.errstate(divide="ignore"):
        return expit(logit(np.asarray(p, float)) + logit(target) - logit(trained))


def _from(malignant, benign):
    """Put weights of the two classes on p and 1 - p, and make them add up to 1."""
    def answer(p, trained, target):
        one, other = p * malignant(trained, target), (1 - p) * benign(trained, target)
        return one / (one + other)
    return answer


def _ratio(trained, target):
    return target / trained


def _rest(trained, target):
    return (1 - target) / (1 - trained)


MISTAKES = mistakes(
    ("The two shares are exchanged: the odds are turned upside down. Multiply by the odds of `target` and divide by "
     "those of `trained`.", lambda p, trained, target: by_logit(p, target, trained)),
    ("These do not add up to 1 with the benign side. Behind the p * target / trained belongs a division by the sum of "
     "both sides.", lambda p, trained, target: p * target / trained),
    ("These are new odds, not probabilities. From odds o to a probability: o / (1 + o).",
     lambda p, trained, target: p / (1 - p) * (target / (1 - target)) / (trained / (1 - trained))),
    ("The ratio of the shares was taken, not that of their odds: the benign side changes too, by (1 - target) / "
     "(1 - trained).", _from(_ratio, lambda trained, target: 1)),
    ("The malignant side is as it was. It changes by target / trained.", _from(lambda trained, target: 1, _rest)),
    ("The benign side's factor is upside down: (1 - target) / (1 - trained).",
     _from(_ratio, lambda trained, target: (1 - trained) / (1 - target))),
    ("The share of training is not used: this takes it for 0.5.", lambda p, trained, target: by_logit(p, 0.5, target)),
    ("`target` is not used: this leads to a share of 0.5.", lambda p, trained, target: by_logit(p, trained, 0.5)),
    ("The prior is that of the wrong set: the mean of p was taken for the share of training.",
     lambda p, trained, target: by_logit(p, np.mean(p), target)),
    ("The probabilities were shifted by the difference of the shares. A prior multiplies the odds.",
     lambda p, trained, target: p + target - trained, lambda p, trained, target: np.clip(p + target - trained, 0, 1)),
    ("The probabilities came back as they went in.", lambda p, trained, target: p),
)  # fmt: skip
