"""What the checker of exercise 15.4 needs: truths and probabilities, Keras's loss, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(154)

    def case(n, amount, note=""):
        return Case(rng.integers(0, 2, n), rng.uniform(0.02, 0.98, n), amount, note=note)

    return [Case(np.array([1, 0]), np.array([0.9, 0.2]), 0.1), case(7, 0.2), case(5, 0.0, "amount 0: plain"),
            case(9, 0.1), Case(np.ones(3), np.array([0.95, 0.5, 0.99]), 0.1, note="all malignant"), case(6, 1.0)]


def by_keras(y, p, amount):
    from course.quiet_tensorflow import keras

    return float(keras.losses.BinaryCrossentropy(label_smoothing=amount)(y[:, None].astype("float32"), p[:, None]))


def made(target=lambda y, a: y * (1 - a) + a / 2, both=True, over=np.mean, sign=-1, log=np.log):
    def answer(y, p, amount):
        t = target(y, amount)
        return sign * over(t * log(p) + (1 - t) * log(1 - p) if both else t * log(p))
    return answer


MISTAKES = mistakes(
    ("The labels are not smoothed: this is the plain loss.", made(lambda y, a: y)),
    ("1 has become 1 - amount and 0 has stayed 0. Both move by half of the amount: 1 - amount / 2, and amount / 2.",
     made(lambda y, a: y * (1 - a))),
    ("Both labels have moved by the whole amount. They move by half of it: 1 - amount / 2, and amount / 2.",
     made(lambda y, a: y * (1 - 2 * a) + a)),
    ("The whole amount was added. With two classes each gets half of it: y (1 - amount) + amount / 2.",
     made(lambda y, a: y * (1 - a) + a)),
    ("The labels were moved away from 0.5, not towards it.", made(lambda y, a: y * (1 + a) - a / 2)),
    ("The probabilities were smoothed, not the labels. The network's answer stays as it is.",
     lambda y, p, amount: made(lambda y, a: y)(y, p * (1 - amount) + amount / 2, amount)),
    ("Labels and probabilities were smoothed. The network's answer stays as it is.",
     lambda y, p, amount: made()(y, p * (1 - amount) + amount / 2, amount)),
    ("The second half of the loss is missing: (1 - t) log(1 - p), with the smoothed label t.", made(both=False)),
    ("In the second half the plain label was used. Smooth first, then use t in both halves: t and 1 - t.",
     lambda y, p, a: -np.mean((y * (1 - a) + a / 2) * np.log(p) + (1 - y) * np.log(1 - p))),
    ("This is the sum over the patients. The mean was asked.", made(over=np.sum)),
    ("The sign is turned: logarithms of probabilities are negative, and the loss is minus their mean.", made(sign=1)),
    ("The logarithm is to the base 2 or 10. The natural one, np.log, was asked.", made(log=np.log2),
     made(log=np.log10)),
)  # fmt: skip
