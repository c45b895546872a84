"""Lesson 15: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases


def with_l2(loss, kernel, bias, d_kernel, d_bias, factor):
    return loss + factor * np.sum(kernel**2), d_kernel + 2 * factor * kernel, d_bias


def l2(add_loss, add_kernel, add_bias=lambda k, b, f: 0 * b):
    """An answer that adds these to the loss and the two gradients."""
    def answer(loss, kernel, bias, d_kernel, d_bias, factor):
        return (loss + add_loss(kernel, bias, factor), d_kernel + add_kernel(kernel, bias, factor),
                d_bias + add_bias(kernel, bias, factor))
    return answer


def squares(k, b, f):
    return f * (k**2).sum()


def slope(k, b, f):
    return 2 * f * k


def changes_its_input(loss, kernel, bias, d_kernel, d_bias, factor):
    d_kernel += 2 * factor * kernel
    return loss + factor * np.sum(kernel**2), d_kernel, d_bias


L2_WRONG = [
    (l2(lambda k, b, f: squares(k, b, f) + f * (b**2).sum(), slope, lambda k, b, f: 2 * f * b),
        "The bias is penalised"),
    (l2(lambda k, b, f: squares(k, b, f) + f * (b**2).sum(), slope), "The bias is in the penalty"),
    (l2(squares, slope, lambda k, b, f: 2 * f * b), "The bias's gradient was changed"),
    (l2(squares, lambda k, b, f: f * k), "The gradient is factor * w"),
    (l2(lambda k, b, f: squares(k, b, f) / 2, lambda k, b, f: f * k), "The penalty is halved"),
    (l2(squares, lambda k, b, f: -2 * f * k), "The gradient's sign is turned"),
    (l2(lambda k, b, f: -squares(k, b, f), lambda k, b, f: -2 * f * k), "taken away from the loss and the gradient"),
    (l2(lambda k, b, f: -squares(k, b, f), slope), "taken away from the loss. "),
    (l2(lambda k, b, f: f * np.mean(k**2), slope), "the mean of the squares"),
    (l2(lambda k, b, f: f * np.abs(k).sum(), lambda k, b, f: f * np.sign(k)), "This is L1"),
    (l2(lambda k, b, f: f * np.sqrt((k**2).sum()), slope), "the root of the sum of squares"),
    (l2(lambda k, b, f: f * k.sum(), slope), "positive and negative ones cancel"),
    (l2(lambda k, b, f: ((f * k)**2).sum(), lambda k, b, f: 2 * f**2 * k), "The factor is squared too"),
    (lambda loss, k, b, dk, db, f: (squares(k, b, f), dk + 2 * f * k, db), "Only the penalty came back as the loss"),
    (lambda loss, k, b, dk, db, f: (loss + squares(k, b, f), 2 * f * k, db), "Only the penalty's slope came back"),
    (lambda loss, k, b, dk, db, f: (squares(k, b, f), 2 * f * k, db), "Only the penalty and its slope"),
    (l2(lambda k, b, f: 0, slope), "The loss holds no penalty"),
    (l2(squares, lambda k, b, f: 0 * k), "The kernel's gradient holds no penalty"),
    (lambda loss, k, b, dk, db, f: l2(squares, slope)(loss, k - 2 * f * k, b, dk, db, f), "was made smaller before"),
    (changes_its_input, "changed the array"),
    (lambda *a: with_l2(*a)[:2], "3 values were expected"),
    (lambda loss, k, b, dk, db, f: (loss + squares(k, b, 0.1), dk + 0.2 * k, db), "of 3"),
]


def my_dropout(x, rate, draws, training):
    return np.where(draws < rate, 0, x / (1 - rate)) if training else x


def drop(train, predict=lambda x, rate, draws: x):
    return lambda x, rate, draws, training: (train if training else predict)(x, rate, draws)


def right(x, rate, draws):
    return x * (draws >= rate) / (1 - rate)


DROPOUT_WRONG = [
    (drop(lambda x, r, d: x * (d >= r)), "What is kept is not scaled"),
    (drop(lambda x, r, d: x * (d >= r), lambda x, r, d: x * (1 - r)), "the older form"),
    (drop(right, lambda x, r, d: x * (1 - r)), "scaled at prediction as well"),
    (drop(lambda x, r, d: x * (d >= r), lambda x, r, d: x * r), "multiplied by the rate. Prediction"),
    (drop(right, right), "a matter of luck"),
    (drop(lambda x, r, d: x, right), "wrong way round: nothing is silenced"),
    (drop(lambda x, r, d: x * (d >= r) / r), "divided by the rate"),
    (drop(lambda x, r, d: x * (d >= r) * (1 - r)), "multiplied by 1 - rate"),
    (drop(lambda x, r, d: x * (d >= r) * r), "What is kept is multiplied by the rate"),
    (drop(lambda x, r, d: x * (d < r) / r), "the share to keep"),
    (drop(lambda x, r, d: x * (d < r) / (1 - r)), "those whose draw is below"),
    (drop(lambda x, r, d: x * (d < 1 - r) / (1 - r)), "compared with 1 - rate"),
    (drop(lambda x, r, d: x * (d >= 1 - r) / (1 - r)), "compared with 1 - rate"),
    (drop(lambda x, r, d: x * (d[:1] >= r) / (1 - r)), "All rows are silenced"),
    (drop(lambda x, r, d: x * (d > r) / (1 - r)), "A draw equal to the rate"),
    (drop(lambda x, r, d: x * (d >= 0.5) / (1 - r)), "whatever the rate"),
    (drop(lambda x, r, d: (d >= r) / (1 - r)), "This is the mask"),
    (drop(lambda x, r, d: x / (1 - r)), "none of it silenced"),
    (drop(lambda x, r, d: x[d >= r] / (1 - r)), "shape"),
    (drop(lambda x, r, d: x * (np.random.default_rng(0).random(x.shape) >= r) / (1 - r)), "values differ"),
]


def stop_at(losses, patience):
    best = kept = None
    for epoch, loss in enumerate(losses, 1):
        if best is None or loss < best:
            best, kept = loss, epoch
        elif epoch - kept == patience:
            return kept, epoch
    return kept, len(losses)


def waits(until, better=lambda loss, best: loss < best, reset=True):
    def answer(losses, patience):
        best, kept, waited = np.inf, 0, 0
        for epoch, loss in enumerate(losses, 1):
            if better(loss, best):
                best, kept, waited = loss, epoch, 0 if reset else waited
            else:
                waited += 1
                if until(waited, patience):
                    return kept, epoch
        return kept, len(losses)
    return answer


def rises(losses, patience):
    kept, waited = 0, 0
    for k, loss in enumerate(losses):
        if k == 0 or loss < losses[k - 1]:
            kept, waited = k + 1, 0
        else:
            waited += 1
            if waited == patience:
                return kept, k + 1
    return kept, len(losses)


STOPPING_WRONG = [
    (waits(lambda waited, patience: waited > patience), "one epoch too late"),
    (waits(lambda waited, patience: waited >= max(patience - 1, 1)), "one epoch too early"),
    (lambda *a: (stop_at(*a)[1],) * 2, "The last epoch is kept"),
    (lambda losses, p: (max(stop_at(losses, p)[1] - p, 1), stop_at(losses, p)[1]), "minus the patience"),
    (lambda losses, p: (int(np.argmin(losses)) + 1, stop_at(losses, p)[1]), "The lowest of all losses"),
    (waits(lambda waited, patience: waited >= patience, lambda loss, best: loss <= best), "An equal loss was taken"),
    (waits(lambda waited, patience: waited >= patience, reset=False), "counted over the whole training"),
    (rises, "that of the epoch before"),
    (lambda *a: tuple(k - 1 for k in stop_at(*a)), "counted from 0"),
    (lambda losses, p: (stop_at(losses, p)[0], len(losses)), "never stops early"),
    (lambda losses, p: stop_at(losses, 1), "whatever the patience"),
    (lambda losses, p: stop_at([-loss for loss in losses], p), "The highest loss"),
    (lambda *a: (stop_at(*a)[0], stop_at(*a)[1] - stop_at(*a)[0]), "how long it waited"),
    (lambda losses, p: (losses[stop_at(losses, p)[0] - 1], stop_at(losses, p)[1]), "the lowest loss. Its epoch"),
    (lambda *a: stop_at(*a)[::-1], "the last stands first"),
    (lambda *a: stop_at(*a)[0], "2 values were expected"),
    (lambda *a: dict(zip(("kept", "last"), stop_at(*a), strict=True)), "Two numbers are needed"),
]


def smoothed_loss(y, p, amount):
    t = y * (1 - amount) + amount / 2
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


def smooth(target):
    return lambda y, p, a: -np.mean(target(y, a) * np.log(p) + (1 - target(y, a)) * np.log(1 - p))


SMOOTHING_WRONG = [
    (smooth(lambda y, a: y), "not smoothed"),
    (smooth(lambda y, a: y * (1 - a)), "0 has stayed 0"),
    (smooth(lambda y, a: np.where(y == 1, 1 - a, a)), "moved by the whole amount"),
    (smooth(lambda y, a: y * (1 - a) + a), "The whole amount was added"),
    (smooth(lambda y, a: y * (1 + a) - a / 2), "away from 0.5"),
    (lambda y, p, a: smoothed_loss(y, p * (1 - a) + a / 2, 0), "The probabilities were smoothed"),
    (lambda y, p, a: smoothed_loss(y, p * (1 - a) + a / 2, a), "Labels and probabilities"),
    (lambda y, p, a: -np.mean((y * (1 - a) + a / 2) * np.log(p)), "second half of the loss is missing"),
    (lambda y, p, a: -np.mean((y * (1 - a) + a / 2) * np.log(p) + (1 - y) * np.log(1 - p)), "the plain label"),
    (lambda y, p, a: smoothed_loss(y, p, a) * len(y), "the sum over the patients"),
    (lambda *a: -smoothed_loss(*a), "The sign is turned"),
    (lambda *a: smoothed_loss(*a) / np.log(2), "base 2 or 10"),
    (lambda y, p, a: -(y * (1 - a) + a / 2) * np.log(p), "shape"),
]
RIGHT = {"15.1": with_l2, "15.2": my_dropout, "15.3": stop_at, "15.4": smoothed_loss}
WRONG = {"15.1": L2_WRONG, "15.2": DROPOUT_WRONG, "15.3": STOPPING_WRONG, "15.4": SMOOTHING_WRONG}


@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("15", RIGHT, WRONG))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


def in_loops(loss, kernel, bias, d_kernel, d_bias, factor):
    rows = np.array(d_kernel, dtype=float).reshape(-1)
    for k, w in enumerate(kernel.reshape(-1).tolist()):
        loss += factor * w * w
        rows[k] += factor * w + factor * w
    return [loss, rows.reshape(kernel.shape).tolist(), list(d_bias)]


def by_library(loss, kernel, bias, d_kernel, d_bias, factor):
    from course.nn import L2

    return loss + L2(factor)(kernel), d_kernel + L2(factor).gradient(kernel), d_bias.copy()


def by_masked_copy(x, rate, draws, training):
    out = np.array(x, dtype=float)
    if not training:
        return out.tolist()
    out[draws < rate] = 0
    return (out / (1 - rate)).astype(np.float32)


def with_numpy(losses, patience):
    losses = np.array(losses)
    lowest = np.minimum.accumulate(losses)
    kept = np.array([int(np.argmin(losses[:k + 1])) for k in range(len(losses))])
    late = np.flatnonzero(np.arange(len(losses)) - kept >= patience)
    last = late[0] if len(late) else len(losses) - 1
    assert lowest[last] == losses[kept[last]]
    return np.array([kept[last] + 1, last + 1])


@pytest.mark.parametrize(("number", "answer"), [
    ("15.1", in_loops), ("15.1", by_library), ("15.2", by_masked_copy), ("15.3", with_numpy),
    ("15.3", lambda losses, patience: [float(k) for k in stop_at(losses, patience)]),
    ("15.4", lambda y, p, a: float(np.mean([-(1 - a / 2) * np.log(q if t else 1 - q) - a / 2 * np.log(1 - q if t else q)
                                            for t, q in zip(y, p, strict=True)]))),
])
def test_unusual_right_forms(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in WRONG.items():
        assert_reasons_differ(number, wrong)
