"""Lesson 08's checkers for steps (SGD, momentum, Adam), and the untouched stubs of all exercises.

Classic mistakes with the loop over epochs are in test_epochs.py.
"""

import functools

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases

from course.checks import check
from course.nn import SGD, Adam
from lesson_08.test_epochs import LOOP_WRONG, loop

NOTHING_3 = (lambda *inputs, **settings: print(end=""), "`return` missing")


def in_place(rule):
    """A step that writes rule(w, g, rate) into every array."""
    def step(params, grads, learning_rate):
        for w, g in zip(params, grads, strict=True):
            w[...] = rule(w, g, learning_rate)
    return step


sgd = in_place(lambda w, g, rate: w - rate * g)


def rebinding(params, grads, learning_rate):
    for w, g in zip(params, grads, strict=True):
        w = w - learning_rate * g


def into_the_list(params, grads, learning_rate):
    for k in range(len(params)):
        params[k] = params[k] - learning_rate * grads[k]


def spoiling(params, grads, learning_rate):
    for w, g in zip(params, grads, strict=True):
        g *= learning_rate
        w -= g


def first_only(params, grads, learning_rate):
    sgd(params[:1], grads[:1], learning_rate)


def last_only(params, grads, learning_rate):
    sgd(params[-1:], grads[-1:], learning_rate)


def first_gradient(params, grads, learning_rate):
    for w in params:
        w -= learning_rate * grads[0]


def gradients_from_the_end(params, grads, learning_rate):
    for w in params:
        w -= learning_rate * grads[-1]


def without_the_last(params, grads, learning_rate):
    sgd(params[:-1], grads[:-1], learning_rate)


def without_the_first(params, grads, learning_rate):
    sgd(params[1:], grads[1:], learning_rate)


def copies_at_last(params, grads, learning_rate):
    sgd(params, grads, learning_rate)
    params[:] = [w.copy() for w in params]


def empties_the_list(params, grads, learning_rate):
    sgd(params, grads, learning_rate)
    params.clear()


def remembers_the_rate(params, grads, learning_rate, rates={}):  # noqa: B006
    rate = rates.setdefault(tuple(w.shape for w in params), learning_rate)
    sgd(params, grads, rate)


def once_per_array(params, grads, learning_rate, done=[]):  # noqa: B006
    for w, g in zip(params, grads, strict=True):
        if not any(w is one for one in done):
            w -= learning_rate * g
            done.append(w)


SGD_WRONG = [
    (in_place(lambda w, g, rate: w + rate * g), "uphill, and the loss grows"),
    (in_place(lambda w, g, rate: w - g), "learning rate is missing"),
    (in_place(lambda w, g, rate: w - g / rate), "divided by the learning rate"),
    (in_place(lambda w, g, rate: w - rate * np.sign(g)), "sign of the slope alone"),
    (in_place(lambda w, g, rate: -rate * g), "replaced by the step"),
    (rebinding, "The arrays have not changed"),
    (into_the_list, "The list of arrays was changed"),
    (copies_at_last, "The list of arrays was changed"),
    (empties_the_list, "The list of arrays was changed"),
    (lambda params, grads, rate: [w - rate * g for w, g in zip(params, grads, strict=True)], "returns new numbers"),
    (spoiling, "changed the gradients"),
    (first_only, "Only the first array"),
    (last_only, "Only the last array"),
    (without_the_first, "One end of the list was left out"),
    (without_the_last, "One end of the list was left out"),
    (first_gradient, "gradient of one array was used for all"),
    (gradients_from_the_end, "gradient of one array was used for all"),
    (remembers_the_rate, "values differ"),
    (once_per_array, "values differ"),
    (in_place(lambda w, g, rate: 1 / 0), "ZeroDivisionError"),
    (lambda params, grads: sgd(params, grads, 0.1), "takes 2 positional arguments"),
]


def momentum_class(change, prepare=lambda params: [np.zeros_like(w) for w in params]):
    """A class Momentum whose step is change(w, v, g, rate, momentum), in place; `prepare` makes the velocities."""
    class Momentum:
        def __init__(self, learning_rate, momentum):
            self.learning_rate, self.momentum = learning_rate, momentum
            self.velocities = None

        def update(self, params, grads):
            if self.velocities is None:
                self.velocities = prepare(params)
            for w, g, v in zip(params, grads, self.velocities, strict=True):
                change(w, v, g, self.learning_rate, self.momentum)
    return Momentum


def ball(w, v, g, rate, momentum):
    v *= momentum
    v -= rate * g
    w += v


def as_in_pytorch(w, v, g, rate, momentum):
    v *= momentum
    v += g
    w -= rate * v


def lost_velocity(w, v, g, rate, momentum):
    v = momentum * v - rate * g
    w += v


def unmoved(w, v, g, rate, momentum):
    v *= momentum
    v -= rate * g
    w = w + v


def averaged(w, v, g, rate, momentum):
    v *= momentum
    v += (1 - momentum) * g
    w -= rate * v


def nesterov(w, v, g, rate, momentum):
    v *= momentum
    v -= rate * g
    w += momentum * v - rate * g


def late(w, v, g, rate, momentum):
    w += v
    v *= momentum
    v -= rate * g


def uphill(w, v, g, rate, momentum):
    v *= momentum
    v += rate * g
    w += v


def swapped(w, v, g, rate, momentum):
    v *= rate
    v -= momentum * g
    w += v


def twice(w, v, g, rate, momentum):
    v *= momentum
    v -= rate * g
    w += rate * v


def frictionless(w, v, g, rate, momentum):
    v -= rate * g
    w += v


def rateless(w, v, g, rate, momentum):
    v *= momentum
    v -= g
    w += v


class OneVelocity(momentum_class(ball)):
    """A single velocity for all arrays, made anew from the shape of each."""

    def update(self, params, grads):
        for w, g in zip(params, grads, strict=True):
            old = 0 if self.velocities is None else self.velocities
            self.velocities = self.momentum * old - self.learning_rate * g
            w += self.velocities


class Forgetful(momentum_class(ball)):
    def update(self, params, grads):
        self.velocities = None
        super().update(params, grads)


class FirstOnly(momentum_class(ball)):
    def update(self, params, grads):
        super().update(params[:1], grads[:1])


class Returning(momentum_class(ball)):
    def update(self, params, grads):
        return [w - self.learning_rate * g for w, g in zip(params, grads, strict=True)]


class Stopping(momentum_class(ball)):
    def update(self, params, grads):
        return params[99]


class InTheClass(momentum_class(ball)):
    """The velocities stand in the class: every object has the same."""

    kept = {}  # noqa: RUF012

    def update(self, params, grads):
        for k, (w, g) in enumerate(zip(params, grads, strict=True)):
            self.kept[k] = self.momentum * self.kept.get(k, 0) - self.learning_rate * g
            w += self.kept[k]


class InTheClassByShape(momentum_class(ball)):
    kept = {}  # noqa: RUF012

    def update(self, params, grads):
        for k, (w, g) in enumerate(zip(params, grads, strict=True)):
            self.kept[k, w.shape] = self.momentum * self.kept.get((k, w.shape), 0) - self.learning_rate * g
            w += self.kept[k, w.shape]


def rounding(w, v, g, rate, momentum):
    v[...] = momentum * v - rate * g
    w += v


class WithoutLast(momentum_class(ball)):
    def update(self, params, grads):
        super().update(params[:-1], grads[:-1])


class FixedMomentum(momentum_class(ball)):
    def update(self, params, grads):
        self.momentum = 0.9
        super().update(params, grads)


MOMENTUM_WRONG = [
    (InTheClass, "the objects share their velocities, or these do not begin at 0"),
    (InTheClassByShape, "the objects share their velocities, or these do not begin at 0"),
    (momentum_class(rounding, lambda params: [np.zeros(w.shape, int) for w in params]), "hold whole numbers"),
    (WithoutLast, "One end of the list was left out"),
    (FixedMomentum, "The momentum is 0.9 in your code"),
    (momentum_class(ball, lambda params: [np.zeros_like(params[0])] * len(params)), "One velocity is shared"),
    (OneVelocity, "One velocity is shared"),
    (Forgetful, "Nothing is remembered"),
    (momentum_class(lost_velocity), "Nothing is remembered"),
    (momentum_class(unmoved), "The arrays have not changed"),
    (momentum_class(averaged), "The slope is averaged"),
    (momentum_class(nesterov), "Nesterov"),
    (momentum_class(late), "by the old velocity"),
    (momentum_class(uphill), "run uphill"),
    (momentum_class(swapped), "Rate and momentum are swapped"),
    (momentum_class(ball, lambda params: [np.random.default_rng().normal(size=w.shape) for w in params]),
     "the objects share their velocities, or these do not begin at 0"),
    (momentum_class(twice), "The rate stands twice"),
    (momentum_class(frictionless), "never fades"),
    (momentum_class(rateless), "The rate is missing"),
    (FirstOnly, "Only the first array"),
    (Returning, "returns new numbers"),
    (Stopping, "IndexError"),
    (momentum_class(ball, lambda params: np.zeros(len(params))), "Nothing is remembered"),
    (momentum_class(ball, lambda params: list(params)), "velocities *are* the weights"),
    (momentum_class(ball)(0.1, 0.9), "without brackets"),
    (type("Bare", (), {"__init__": lambda self, rate, momentum: None}), "without a method `update"),
    (type("Bare", (), {}), "takes no arguments"),
]


def adam(inside=False, power=True, correct=(True, True), under=0.0, sign=-1, old=False, shift=0):
    """Adam as a learner writes it, with the switches of the classic mistakes."""
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m_new, s_new = beta_1 * m + (1 - beta_1) * g, beta_2 * s + (1 - beta_2) * g**2
        m_used, s_used = (m, s) if old else (m_new, s_new)
        t = t + shift if power else 1
        first = 1 - beta_1**t if correct[0] else 1
        second = 1 - beta_2**t if correct[1] else 1
        if inside:
            return w + sign * rate * (m_used / first) / (np.sqrt(s_used / second) + epsilon), m_new, s_new
        root = np.sqrt(s_used + under * epsilon) + (1 - under) * epsilon
        return w + sign * rate * np.sqrt(second) / first * m_used / root, m_new, s_new
    return step


right_adam = adam()


def changed(change):
    """The right step, then `change(w, m, s, step length...)` on what comes back."""
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        return change(right_adam, w, g, m, s, t, rate, beta_1, beta_2, epsilon)
    return step


def free(mean, square=lambda g: g**2, divide=np.sqrt):
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m, s = mean(m, g, beta_1), mean(s, square(g), beta_2)
        return w - rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (divide(s) + epsilon), m, s
    return step


def usual(old, new, beta):
    return beta * old + (1 - beta) * new


def stores_corrected(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = usual(m, g, beta_1) / (1 - beta_1**t), usual(s, g**2, beta_2) / (1 - beta_2**t)
    return w - rate * m / (np.sqrt(s) + epsilon), m, s


def upside_down(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = usual(m, g, beta_1), usual(s, g**2, beta_2)
    return w - rate * (1 - beta_1**t) / np.sqrt(1 - beta_2**t) * m / (np.sqrt(s) + epsilon), m, s


def rootless(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = usual(m, g, beta_1), usual(s, g**2, beta_2)
    return w - rate * (1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(s) + epsilon), m, s


def only_momentum(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = usual(m, g, beta_1), usual(s, g**2, beta_2)
    return w - rate * m, m, s


def shares(first, second):
    """Adam whose corrections are 1 - first(beta_1, t) and 1 - second(beta_2, t)."""
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        m, s = usual(m, g, beta_1), usual(s, g**2, beta_2)
        return w - rate * np.sqrt(1 - second(beta_2, t)) / (1 - first(beta_1, t)) * m / (np.sqrt(s) + epsilon), m, s
    return step


def adam_in_place(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m[...], s[...] = usual(m, g, beta_1), usual(s, g**2, beta_2)
    w -= rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(s) + epsilon)
    return w, m, s


def along_the_slope(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = usual(m, g, beta_1), usual(s, g**2, beta_2)
    return w - rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * g / (np.sqrt(s) + epsilon), m, s


OWN = {}


def own_memory(w, g, m, s, t, *settings):
    """Keeps m and s for itself and begins anew at t = 1, whatever comes in."""
    if t == 1 or OWN["m"].shape != w.shape:
        OWN.update(m=np.zeros_like(w), s=np.zeros_like(w))
    new, OWN["m"], OWN["s"] = right_adam(w, g, OWN["m"], OWN["s"], t, *settings)
    return new, OWN["m"], OWN["s"]


def adam_returns_corrected(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new, m, s = right_adam(w, g, m, s, t, rate, beta_1, beta_2, epsilon)
    return new, m / (1 - beta_1**t), s / (1 - beta_2**t)


ADAM_WRONG = [
    (shares(np.multiply, np.multiply), "the power, not the product"),
    (adam_in_place, "changed the array it was given"),
    (adam(correct=(False, False)), "The bias correction is missing"),
    (adam(correct=(True, False)), "Only the mean is corrected"),
    (adam(correct=(False, True)), "Only the mean square is corrected"),
    (rootless, "In the correction of the mean square the root is missing"),
    (adam(power=False), "raise the betas to the power t"),
    (upside_down, "wrong way up"),
    (adam(inside=True), "Epsilon stands inside the correction"),
    (adam(under=1.0), "Epsilon stands under the root"),
    (changed(lambda step, *a: step(*a[:-1], 0.0)), "Epsilon is missing"),
    (free(usual, divide=lambda s: s), "The root is missing"),
    (adam(sign=1), "The sign is turned"),
    (adam(old=True), "as they came in"),
    (adam(shift=1), "t is one too large"),
    (adam(shift=-1), "t is one too small"),
    (changed(lambda step, *a: step(*a[:6], a[7], a[6], a[8])), "are swapped: beta_1"),
    (free(lambda old, new, beta: beta * old + new), "goes in whole"),
    (free(lambda old, new, beta: (1 - beta) * old + beta * new), "The shares are swapped"),
    (free(usual, square=lambda g: g), "mean of the *squares*"),
    (free(usual, square=np.abs), "not of the sizes"),
    (only_momentum, "This is momentum"),
    (stores_corrected, "corrected again in the next step"),
    (adam_returns_corrected, "corrected again in the next step"),
    (changed(lambda step, *a: step(*a)[1:] + step(*a)[:1]), "in another order"),
    (changed(lambda step, *a: tuple(step(*a)[k] for k in (0, 2, 1))), "in another order"),
    (changed(lambda step, w, g, m, s, t, rate, *rest: step(w, g, m, s, t, rate)),
     "Fixed in your code: beta_1, beta_2, epsilon."),
    (changed(lambda step, w, g, m, s, t, rate, b1, b2, eps: step(w, g, m, s, t, rate, b1, b2)),
     "Fixed in your code: epsilon."),
    (changed(lambda step, w, g, m, s, t, rate, b1, b2, eps: step(w, g, m, s, t, rate, 0.9, b2, eps)),
     "Fixed in your code: beta_1."),
    (along_the_slope, "goes along g, the newest slope"),
    (own_memory, "values differ"),
    (changed(lambda step, w, g, m, s, t, *a: step(w, g, m, s, max(t - 1, 1), *a)), "values differ"),
    (changed(lambda step, w, *a: (w - step(w, *a)[0], *step(w, *a)[1:])), "The step came back"),
    (changed(lambda step, w, g, m, s, t, rate, *rest: step(w, g, m, s, t, 0.001, *rest)), "Fixed in your code: rate."),
    (changed(lambda step, *a: step(*a)[0]), "3 values were expected"),
    (changed(lambda step, *a: 1 / 0), "ZeroDivisionError"),
    NOTHING_3,
]

CHECKS = checker_cases(
    "08",
    right={"8.1": sgd, "8.3": momentum_class(ball), "8.4": right_adam, "8.2": loop()},
    wrong={"8.1": SGD_WRONG, "8.3": MOMENTUM_WRONG, "8.4": ADAM_WRONG, "8.2": LOOP_WRONG},
)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


class OfCourse:
    """Momentum by the library itself."""

    def __init__(self, learning_rate, momentum):
        self.optimizer = SGD(learning_rate, momentum)

    def update(self, params, grads):
        self.optimizer.update(params, grads)


class ByNumber:
    """Velocities in a dict, made when first needed; keeps its own names."""

    def __init__(self, learning_rate, momentum):
        self.rate, self.beta, self.v = learning_rate, momentum, {}

    def update(self, params, grads):
        for k in range(len(params)):
            self.v[k] = self.beta * self.v.get(k, 0) - self.rate * grads[k]
            params[k][...] = params[k] + self.v[k]


def adam_of_course(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    w = np.array(w, float)
    optimizer = Adam(rate, beta_1, beta_2, epsilon)
    optimizer.mean, optimizer.square, optimizer.iterations = [np.array(m, float)], [np.array(s, float)], t - 1
    optimizer.update([w], [np.array(g, float)])
    return w, optimizer.mean[0], optimizer.square[0]


def adam_rearranged(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, s = m + (1 - beta_1) * (g - m), s + (1 - beta_2) * (g * g - s)
    scale = np.sqrt(1 - beta_2**t)
    return [w - rate * (m / (1 - beta_1**t)) / (np.sqrt(s / scale**2) + epsilon / scale), m, s]


class WithAnEmptyMethod(momentum_class(ball)):
    def reset(self):
        pass


def factory(learning_rate, momentum):
    return momentum_class(ball)(learning_rate, momentum)


def adam_renamed(w, g, m, s, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    return right_adam(w, g, m, s, t, lr, b1, b2, eps)


class AdamObject:
    def __call__(self, *inputs):
        return [np.float64(one) for one in right_adam(*inputs)]


OTHER_WAYS = [
    ("8.1", functools.partial(sgd)),
    ("8.1", lambda params, grads, rate: (sgd(params, grads, rate), params)[1]),
    ("8.3", WithAnEmptyMethod),
    ("8.3", factory),
    ("8.3", functools.partial(momentum_class(ball))),
    ("8.4", adam_renamed),
    ("8.4", functools.partial(right_adam)),
    ("8.4", AdamObject()),
    ("8.4", lambda *inputs: tuple(one.tolist() for one in right_adam(*inputs))),
    ("8.1", lambda params, grads, rate: SGD(rate).update(params, grads)),
    ("8.1", lambda params, grads, rate: [np.subtract(w, rate * g, out=w) for w, g in zip(params, grads, strict=True)]),
    ("8.3", OfCourse),
    ("8.3", ByNumber),
    ("8.3", momentum_class(as_in_pytorch)),
    ("8.4", adam_of_course),
    ("8.4", adam_rearranged),
]


@pytest.mark.parametrize(("number", "answer"), OTHER_WAYS)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_each_classic_mistake_has_a_reason_of_its_own():
    for number, wrong in (("8.1", SGD_WRONG), ("8.3", MOMENTUM_WRONG), ("8.4", ADAM_WRONG), ("8.2", LOOP_WRONG)):
        assert_reasons_differ(number, [row for row in wrong if row[1] != "values differ"])


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("8.1", without_the_last, "not changed"),
    ("8.1", without_the_first, "not changed"),
    ("8.3", momentum_class(rounding, lambda params: [np.zeros(w.shape, int) for w in params]), "not changed"),
    ("8.4", changed(lambda step, w, g, m, s, t, *a: step(w, g, m, s, t, *a[:-1], 1e-7)), "missing"),
    ("8.4", along_the_slope, "wrong way up"),
    ("8.4", changed(lambda step, w, g, m, s, t, *a: step(w, g, m, s, max(t - 1, 1), *a)), "too small"),
])  # fmt: skip
def test_no_false_reason(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet"
    assert false not in result.reason


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("which", [(np.multiply, np.power), (np.power, np.multiply)])
def test_either_power_may_be_a_product(which):
    assert_status("8.4", shares(*which), "not yet", "the power, not the product")


@pytest.mark.parametrize(("number", "answer"), [("8.1", spoiling), ("8.3", Returning)])
def test_nothing_came_out_where_nothing_is_compared(number, answer):
    assert "came out" not in dict(check(number, answer).details)


def test_a_line_that_stops_is_named():
    assert "`return params[99]`" in check("8.3", Stopping).reason
