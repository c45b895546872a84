"""Lesson 07's checkers for cross-entropy, a dense layer and max pooling, and the untouched stubs of all exercises.

Classic mistakes with the gradients of a convolution are in test_conv.py.
"""

import functools

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases

from course.checks import check
from course.nn import BinaryCrossentropy, Dense, max_pool2d_gradient, sigmoid
from lesson_07.test_conv import INPUT_WRONG, KERNEL_WRONG, full, full_turn, met, slid, turned_twice

NOTHING = (lambda *inputs: print(end=""), "`return` missing")


def naive(z):
    return 1 / (1 + np.exp(-z))


def loss_gradient(z, y):
    return (sigmoid(z) - y) / len(z)


def in_pieces(z, y):
    p = naive(z)
    by_p = -y / p + (1 - y) / (1 - p)
    return by_p * p * (1 - p) / len(z)


LOSS_WRONG = [
    (lambda z, y: sigmoid(z) - y, "1/batch is missing: the loss is the mean"),
    (lambda z, y: naive(z) - y, "1/batch is missing: the loss is the mean"),
    (lambda z, y: (y - sigmoid(z)) / len(z), "The sign is turned: it is p - y"),
    (lambda z, y: y - sigmoid(z), "The sign is turned (it is p - y), and the 1/batch is missing"),
    (lambda z, y: (-y / naive(z) + (1 - y) / (1 - naive(z))) / len(z), "slope by p, the probability"),
    (lambda z, y: loss_gradient(z, y) * sigmoid(z) * (1 - sigmoid(z)), "multiply by it once more"),
    (lambda z, y: (z - y) / len(z), "The score itself stands where the probability should: p"),
    (lambda z, y: z - y, "should, p = sigmoid(z), and the 1/batch is missing"),
    (lambda z, y: np.mean(sigmoid(z) - y), "This is one number"),
    (lambda z, y: -np.mean(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z))), "This is the loss itself"),
    (lambda z, y: (sigmoid(z) - y.ravel()) / len(z), "paired every patient with every truth"),
    (in_pieces, "For scores of 800 your answer is not a number"),
    (lambda z, y: (np.exp(z) / (1 + np.exp(z)) - y) / len(z), "For scores of 800 your answer is not a number"),
    (lambda z, y: loss_gradient(z, y).ravel(), "An axis of length 1 is missing"),
    (lambda z, y: (sigmoid(z.ravel()) - y) / len(z), "paired every patient with every truth"),
    (lambda z, y: loss_gradient(z, y).astype(z.dtype), "differ"),
    (lambda z, y: loss_gradient(z, y)[::-1], "the last row (or number) stands first"),
    (lambda z, y: np.sum(loss_gradient(z, y)), "This is one number"),
    (lambda z, y: loss_gradient(z, y) * np.where(abs(z) > 700, np.nan, 1),
     "For scores of 800 your answer is not a number"),
    (lambda z, y: 1 / 0, "ZeroDivisionError"),
    NOTHING,
]


def dense(grad, x, kernel):
    return grad @ kernel.T, x.T @ grad, grad.sum(axis=0)


def dense_in_loops(grad, x, kernel):
    d_x, d_kernel, d_bias = np.zeros(x.shape), np.zeros(kernel.shape), np.zeros(kernel.shape[1])
    for n, i, o in np.ndindex(len(x), *kernel.shape):
        d_x[n, i] += grad[n, o] * kernel[i, o]
        d_kernel[i, o] += grad[n, o] * x[n, i]
        d_bias[o] += grad[n, o] if i == 0 else 0
    return d_x, d_kernel, d_bias


def dense_of_course(grad, x, kernel):
    layer = Dense(kernel.shape[1])
    layer.forward(x.astype(float))
    layer.params[0][...] = kernel
    return (layer.backward(grad.astype(float)), *layer.grads)


DENSE_WRONG = [
    (lambda g, x, k: (g @ k.T / len(x), x.T @ g / len(x), g.mean(axis=0)), "once too often: the 1/n came in"),
    (lambda g, x, k: (g @ k.T, x.T @ g / len(x), g.mean(axis=0)), "once too often: the 1/n came in"),
    (lambda g, x, k: (g @ k.T, x.T @ g / len(x), g.sum(axis=0)), "once too often: the 1/n came in"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g.mean(axis=0)), "once too often: the 1/n came in"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g), "still has a row for each patient"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g.sum(axis=1)), "along the wrong axis"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g.sum()), "bias's gradient is one number"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g.sum(axis=0, keepdims=True)), "a row too many"),
    (lambda g, x, k: (g @ k.T, g.T @ x, g.sum(axis=0)), "turned on its side"),
    (lambda g, x, k: (g @ k, x.T @ g, g.sum(axis=0)), "uses the kernel as it stands"),
    (lambda g, x, k: (x.T @ g, g.sum(axis=0), g @ k.T), "another order"),
    (lambda g, x, k: (g @ k.T, g.sum(axis=0), x.T @ g), "another order"),
    (lambda g, x, k: x @ k, "forward pass"),
    (lambda g, x, k: dense(g.astype(x.dtype), x, k), "Value 1 of 3"),
    (lambda g, x, k: (g @ k.T, x.T @ g, g.sum(axis=0).astype(k.dtype)), "Value 3 of 3"),
    (lambda g, x, k: (g @ k.T, x @ g, g.sum(axis=0)), "where patients should meet patients"),
    (lambda g, x, k: (g @ k.T, x.T @ g / len(x), g.sum(axis=0).reshape(2)), "Value 2 of 3"),
    (lambda g, x, k: dense(g, x, k)[::-1], "another order"),
    NOTHING,
]


def by_window(share):
    """Loops over windows; share(window) -> what part of the push each of its pixels gets."""
    def backward(grad, x, k):
        out = np.zeros(x.shape)
        for i, j in np.ndindex(grad.shape):
            here = slice(i * k, i * k + k), slice(j * k, j * k + k)
            out[here] = grad[i, j] * share(x[here])
        return out
    return backward


def winners(window):
    return window == window.max()


def only(window, place):
    share = np.zeros(window.shape)
    share.ravel()[place] = 1
    return share


first = by_window(lambda window: only(window, window.argmax()))
last = by_window(lambda window: only(window, np.flatnonzero(winners(window))[-1]))
equal_split = by_window(lambda window: winners(window) / winners(window).sum())
uneven_split = by_window(lambda window: np.where(winners(window), 1.0 + np.arange(window.size).reshape(window.shape), 0)
                         / np.sum(1.0 + np.flatnonzero(winners(window))))  # fmt: skip
full_copies = by_window(winners)


def of_course(grad, x, k):
    return max_pool2d_gradient(grad[None, ..., None], x[None, ..., None].astype(float), k)[0, ..., 0]


def local_places(grad, x, k):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(grad.shape):
        window = x[i * k:i * k + k, j * k:j * k + k]
        out[np.unravel_index(np.argmax(window), window.shape)] += grad[i, j]
    return out


def written_to(row, column, window="x[i * k:i * k + k, j * k:j * k + k]"):
    """Write each push to a place that is worked out otherwise."""
    def wrong(grad, x, k):
        out = np.zeros(x.shape)
        for i, j in np.ndindex(grad.shape):
            names = {"x": x, "i": i, "j": j, "k": k}
            part = eval(window, {}, names)
            names |= dict(zip("uv", divmod(int(np.argmax(part)), part.shape[1]), strict=True))
            out[eval(row, {}, names), eval(column, {}, names)] = grad[i, j]
        return out
    return wrong


def in_the_whole_map(grad, x, k):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(grad.shape):
        out[x == x[i * k:i * k + k, j * k:j * k + k].max()] += grad[i, j]
    return out


def no_leftover(grad, x, k):
    whole = tuple(slice(n // k * k) for n in x.shape)
    return first(grad, x, k)[whole]


def whole_numbers(grad, x, k):
    out = np.zeros_like(x)
    out[...] = np.trunc(first(grad, x, k))
    return out


def in_the_maps_own_type(grad, x, k):
    out = np.zeros_like(x)
    for i, j in np.ndindex(grad.shape):
        u, v = divmod(int(np.argmax(x[i * k:i * k + k, j * k:j * k + k])), k)
        out[i * k + u, j * k + v] = grad[i, j]
    return out


def begun_at_zero(grad, x, k):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(grad.shape):
        best, u, v = 0, 0, 0
        for a, b in np.ndindex(k, k):
            if x[i * k + a, j * k + b] > best:
                best, u, v = x[i * k + a, j * k + b], a, b
        out[i * k + u, j * k + v] = grad[i, j]
    return out


MAX_WRONG = [
    (full_copies, "gets the full gradient, so more"),
    (lambda grad, x, k: np.kron(grad, np.ones((k, k))) * (x == np.kron(
        x[:len(x) // k * k, :x.shape[1] // k * k].reshape(len(x) // k, k, -1, k).max(axis=(1, 3)), np.ones((k, k))))
        if not (len(x) % k or x.shape[1] % k) else full_copies(grad, x, k), "gets the full gradient, so more"),
    (by_window(np.ones_like), "Every pixel of a window gets the full gradient"),
    (by_window(lambda window: np.ones(window.shape) / window.size), "average pooling's gradient"),
    (by_window(lambda window: window == window.min()), "smallest of each window"),
    (by_window(lambda window: only(window, 0)), "upper left corner"),
    (by_window(lambda window: winners(window) * window), "multiplied by the pixel's value"),
    (lambda grad, x, k: first(np.ones(grad.shape), x, k), "grad is not used"),
    (in_the_whole_map, "in the whole map"),
    (local_places, "counted inside its window"),
    (written_to("u", "v"), "counted inside its window"),
    (written_to("i * k + v", "j * k + u"), "Row and column of the winner are swapped"),
    (written_to("i * 2 + u", "j * 2 + v"), "A 2 stands where k should"),
    (written_to("i * 2 + u", "j * 2 + v", "x[i * 2:i * 2 + 2, j * 2:j * 2 + 2]"), "A 2 stands where k should"),
    (lambda grad, x, k: np.zeros(grad.shape), "The shape is (2, 2), but (4, 4)"),
    (no_leftover, "What fills no window is missing"),
    (whole_numbers, "was expected"),
    (in_the_maps_own_type, "its fractions are lost"),
    (begun_at_zero, "The search for the largest starts at 0"),
    (lambda grad, x, k: first(grad, x, k).T, "lies on its side"),
    (lambda grad, x, k: np.abs(first(grad, x, k)), "The signs are lost"),
    (lambda grad, x, k: first(grad.astype(x.dtype), x, k), "its fractions are lost"),
    (lambda grad, x, k: first(grad, x.astype(np.int8), k), "was expected"),
    (by_window(lambda window: 0.5 * equal_split(np.ones((1, 1)), window, len(window))), "values differ"),
    (lambda grad, x, k: x.__setitem__((0, 0), 9), "changed the array"),
    NOTHING,
]

CHECKS = checker_cases(
    "07",
    right={"7.1": loss_gradient, "7.2": dense, "7.3": first, "7.4": met, "7.5": full},
    wrong={"7.1": LOSS_WRONG, "7.2": DENSE_WRONG, "7.3": MAX_WRONG, "7.4": KERNEL_WRONG, "7.5": INPUT_WRONG},
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


class Shares:
    def __call__(self, grad, x, k):
        return memoryview(equal_split(grad, x, k))


OTHER_WAYS = [
    ("7.1", lambda z, y: (naive(z) - y) / y.size),
    ("7.1", lambda z, y: BinaryCrossentropy(from_logits=True).gradient(y, z)),
    ("7.1", lambda z, y: ((np.clip(sigmoid(z), 1e-7, 1 - 1e-7) - y) / len(z)).astype(np.float32)),
    ("7.1", lambda z, y: np.array([[(naive(a) - b) / len(z)] for a, b in zip(z[:, 0], y[:, 0], strict=True)])),
    ("7.2", dense_in_loops),
    ("7.2", dense_of_course),
    ("7.2", lambda g, x, k: (np.einsum("no,io->ni", g, k), np.einsum("ni,no->io", x, g), np.ones(len(g)) @ g)),
    ("7.1", lambda z, y: loss_gradient(z, y).tolist()),
    ("7.2", lambda g, x, k: [part.tolist() for part in dense(g, x, k)]),
    ("7.2", functools.partial(lambda kind, *inputs: tuple(kind(part) for part in dense(*inputs)), np.float32)),
    ("7.3", last),
    ("7.3", lambda grad, x, k: last(grad, x, k).tolist()),
    ("7.3", Shares()),
    ("7.3", equal_split),
    ("7.3", uneven_split),
    ("7.3", of_course),
    ("7.3", written_to("i * k + u", "j * k + v")),
    ("7.3", lambda grad, x, k: first(grad, x, k).astype(np.float32)),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in (("7.1", LOSS_WRONG), ("7.2", DENSE_WRONG), ("7.3", MAX_WRONG),
                          ("7.4", KERNEL_WRONG), ("7.5", INPUT_WRONG)):  # fmt: skip
        assert_reasons_differ(number, wrong)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "false"), [
    ("7.3", begun_at_zero, "upper left corner"),
    ("7.1", lambda z, y: in_pieces(z, y).ravel(), "For scores of 800 your answer is not a number"),
    ("7.2", lambda g, x, k: (g @ k.T, (x.T @ g).reshape(7), g.sum(axis=0)), "x.T @ grad"),
    ("7.2", lambda g, x, k: (g @ k.T, x.T @ g, g.sum(axis=0) + x[7]), "x.T @ grad"),
    ("7.5", lambda grad, kernel: slid(grad, full_turn(kernel), kernel.shape[:2]), "swapped, or alike"),
    ("7.5", lambda grad, kernel: turned_twice(grad, kernel), "is laid on turned"),
])  # fmt: skip
def test_no_reason_that_is_not_true(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet" and false not in result.reason.split(", in line")[0]


def test_a_negative_share_is_no_fair_share():
    """Adds up to 1 and lies on equals only, yet is no sub-gradient."""
    def seesaw(window):
        places = np.flatnonzero(winners(window))
        share = only(window, places[0]) * (1.0 if len(places) == 1 else 2.0)
        share.ravel()[places[1:2]] = -1
        return share

    assert_status("7.3", by_window(seesaw), "not yet")


def test_a_line_that_stops_is_named():
    def stops(grad, x, k):
        return grad[99, 99]

    assert "`return grad[99, 99]`" in check("7.3", stops).reason
