"""What the checker of exercise 13.4 needs: the roofline model, seconds of each layer from two speeds.

The answer has three parts. The first two are compared first, so that wrong seconds are not blamed on the third.

macs, numbers: lists, multiply-adds and numbers moved of each layer; rate, bandwidth: of each so many a second.
"""

import inspect

import numpy as np

from course.checks.compare import Case, Mistake


def cases():
    rng = np.random.default_rng(134)
    macs, numbers = rng.integers(1, 90, 7) * 10_000, rng.integers(1, 90, 7) * 1_000 + 7  # no ties
    return [
        Case([800, 0, 900], [35, 30, 20], 20, 1, note="small numbers, by hand"),
        Case([100, 900], [90, 10], 1.0, 1000.0, note="moving costs next to nothing"),
        Case([100, 900], [90, 10], 1e6, 10.0, note="multiplying costs next to nothing"),
        Case([5, 0, 4], [1, 80, 6], 1.0, 2.0, note="the slowest multiplies nothing"),
        Case(macs.tolist(), numbers.tolist(), 2e10, 2e9, note="seven layers"),
        Case(macs[::-1].tolist(), numbers.tolist(), 1e11, 2e9),
        Case([7], [3], 2, 4, note="one layer"),
    ]


def roofline(macs, numbers, rate, bandwidth):
    """The slower of both, for every layer; and which layer is slowest."""
    seconds = [max(a / rate, b / bandwidth) for a, b in zip(macs, numbers, strict=True)]
    return seconds, int(np.argmax(seconds))


def waits(macs, numbers, rate, bandwidth):
    """Whether each layer waits for memory: list of bool."""
    return [b / bandwidth > a / rate for a, b in zip(macs, numbers, strict=True)]


def all_three(*inputs):
    return *roofline(*inputs), waits(*inputs)


def first_two(answer):
    """Return the learner's function without the third value, if it gives three."""
    if not callable(answer):
        return answer

    def two(macs, numbers, rate, bandwidth):
        result = answer(macs, numbers, rate, bandwidth)
        return tuple(result[:2]) if isinstance(result, (tuple, list)) and len(result) == 3 else result

    two.__signature__ = inspect.signature(answer)
    two.__wrapped__ = answer
    return two


def _wrong(each, pick=np.argmax):
    def wrong(macs, numbers, rate, bandwidth):
        macs, numbers = np.array(macs, float), np.array(numbers, float)
        seconds = each(macs, numbers, rate, bandwidth)
        return seconds.tolist(), pick(seconds).item()
    return wrong


def _right(m, n, rate, bandwidth):
    return np.maximum(m / rate, n / bandwidth)


def _by(which):
    def wrong(macs, numbers, rate, bandwidth):
        return roofline(macs, numbers, rate, bandwidth)[0], int(np.argmax((macs, numbers)[which]))
    return wrong


MISTAKES = [
    Mistake("Only the multiply-adds are counted. A layer must also read and write its numbers, and pooling does "
            "nothing else.", wrong=_wrong(lambda m, n, rate, bandwidth: m / rate)),
    Mistake("Only the moving is counted. A layer must also multiply.",
            wrong=_wrong(lambda m, n, rate, bandwidth: n / bandwidth)),
    Mistake("The two times are added. They run side by side: while some numbers are multiplied the next are fetched, "
            "so the slower of the two decides.", wrong=_wrong(lambda m, n, rate, bandwidth: m / rate + n / bandwidth)),
    Mistake("The quicker of the two was taken. The layer is done when the slower one is.",
            wrong=_wrong(lambda m, n, rate, bandwidth: np.minimum(m / rate, n / bandwidth))),
    Mistake("The two speeds have changed places.", wrong=_wrong(lambda m, n, rate, bandwidth: _right(m, n, bandwidth,
                                                                                                       rate))),
    Mistake("This multiplies by the speed. Seconds are an amount divided by a speed.",
            wrong=_wrong(lambda m, n, rate, bandwidth: np.maximum(m * rate, n * bandwidth))),
    Mistake("This is upside down: speed divided by amount is layers a second.",
            wrong=_wrong(lambda m, n, rate, bandwidth: np.maximum(rate / np.maximum(m, 1), bandwidth / n))),
    Mistake("A multiply-add is counted as two operations. The rate here is in multiply-adds a second already.",
            wrong=_wrong(lambda m, n, rate, bandwidth: np.maximum(2 * m / rate, n / bandwidth))),
    Mistake("The seconds are right, but the layer named is the one with the most multiply-adds. The most work need not "
            "take the most time.", wrong=_by(0)),
    Mistake("The seconds are right, but the layer named is the one that moves the most numbers.", wrong=_by(1)),
    Mistake("The seconds are right, but the quickest layer is named.", wrong=_wrong(_right, np.argmin)),
    Mistake("The seconds are right; count the layers from 0, as Python does.",
            wrong=_wrong(_right, lambda seconds: np.argmax(seconds) + 1)),
    Mistake("The seconds are right. Second, name the slowest layer by its place in the list, not by its time.",
            wrong=lambda *inputs: (roofline(*inputs)[0], max(roofline(*inputs)[0]))),
    Mistake("The two have changed places: first the seconds, then the place of the slowest.",
            wrong=lambda *inputs: roofline(*inputs)[::-1]),
    Mistake("Three values are wanted: the seconds of every layer, the place of the slowest, and which layers wait for "
            "memory.", when=lambda result, expected, *inputs: not isinstance(result, tuple) or len(result) != 2),
]  # fmt: skip


def _third(wrong):
    return lambda *inputs: (*roofline(*inputs), wrong(*inputs))


def _has_words(result, expected, *inputs):
    return len(result) == 3 and np.asarray(result[2]).dtype.kind in "UO"


WAITING = [
    Mistake("The first two are right; the third is missing: for each layer, True where it waits for memory.",
            when=lambda result, expected, *inputs: len(result) == 2),
    Mistake("The first two are right; in the third True and False have changed places. True: it waits for memory.",
            wrong=_third(lambda *inputs: [not one for one in waits(*inputs)])),
    Mistake("The first two are right; the third compares amounts. Compare times: a speed stands below each.",
            wrong=_third(lambda m, n, rate, bandwidth: [b > a for a, b in zip(m, n, strict=True)])),
    Mistake("The first two are right; the third is a single value. One True or False for each layer is wanted.",
            when=lambda result, expected, *inputs: np.ndim(result[2]) == 0),
    Mistake("The first two are right; the third has words. True or False for each layer: does it wait for memory?",
            when=_has_words),
]  # fmt: skip
