"""What the checker of exercise 13.4 needs: the roofline model, seconds of each layer from two speeds.

macs, numbers: lists, multiply-adds and numbers moved of each layer; rate, bandwidth: of each so many a second.
"""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    rng = np.random.default_rng(134)
    macs, numbers = rng.integers(1, 90, 7) * 10_000, rng.integers(1, 90, 7) * 1_000 + 7  # none as slow as another
    return [
        Case([800, 0, 900], [35, 30, 20], 20, 1, note="small numbers, by hand"),
        Case([100, 900], [90, 10], 1.0, 1000.0, note="moving costs next to nothing"),
        Case([100, 900], [90, 10], 1e6, 10.0, note="multiplying costs next to nothing"),
        Case([5, 0, 4], [1, 80, 6], 1.0, 2.0, note="the slowest multiplies nothing"),
        Case([40, 80, 60], [2, 4, 6], 20, 1, note="both times of a layer are equal: neither takes longer"),
        Case(macs.tolist(), numbers.tolist(), 2e10, 2e9, note="seven layers"),
        Case(macs[::-1].tolist(), numbers.tolist(), 1e11, 2e9),
        Case([7], [3], 2, 4, note="one layer"),
    ]


def roofline(macs, numbers, rate, bandwidth):
    """The slower of both, for every layer; and which layer is slowest."""
    seconds = [max(a / rate, b / bandwidth) for a, b in zip(macs, numbers, strict=True)]
    return seconds, int(np.argmax(seconds))


def all_three(macs, numbers, rate, bandwidth):
    waits = [b / bandwidth > a / rate for a, b in zip(macs, numbers, strict=True)]
    return *roofline(macs, numbers, rate, bandwidth), waits


def first_two(result):
    """Return the first two of a result that has three."""
    return tuple(result[:2]) if isinstance(result, (tuple, list)) and len(result) == 3 else result


def _wrong(each=lambda m, n, rate, bandwidth: np.maximum(m / rate, n / bandwidth),
           pick=lambda seconds, m, n: np.argmax(seconds)):  # fmt: skip
    """Other seconds of each layer, or another place: that is the mistake."""
    def wrong(macs, numbers, rate, bandwidth):
        macs, numbers = np.array(macs, float), np.array(numbers, float)
        seconds = each(macs, numbers, rate, bandwidth)
        return seconds, pick(seconds, macs, numbers)
    return wrong


MISTAKES = [
    *mistakes(
        ("Only the multiply-adds are counted. A layer must also read and write its numbers, and pooling does nothing "
         "else.", _wrong(lambda m, n, rate, bandwidth: m / rate)),
        ("Only the moving is counted. A layer must also multiply.",
         _wrong(lambda m, n, rate, bandwidth: n / bandwidth)),
        ("The two times are added. They run side by side: while some numbers are multiplied the next are fetched, so "
         "the slower of the two decides.", _wrong(lambda m, n, rate, bandwidth: m / rate + n / bandwidth)),
        ("The quicker of the two was taken. The layer is done when the slower one is.",
         _wrong(lambda m, n, rate, bandwidth: np.minimum(m / rate, n / bandwidth))),
        ("The two speeds have changed places.",
         _wrong(lambda m, n, rate, bandwidth: np.maximum(m / bandwidth, n / rate))),
        ("This multiplies by the speed. Seconds are an amount divided by a speed.",
         _wrong(lambda m, n, rate, bandwidth: np.maximum(m * rate, n * bandwidth))),
        ("This is upside down: speed divided by amount is layers a second.",
         _wrong(lambda m, n, rate, bandwidth: np.maximum(rate / np.maximum(m, 1), bandwidth / n))),
        ("A multiply-add is counted as two operations. The rate here is in multiply-adds a second already.",
         _wrong(lambda m, n, rate, bandwidth: np.maximum(2 * m / rate, n / bandwidth))),
        ("The seconds are right, but the layer named is the one with the most multiply-adds. The most work need not "
         "take the most time.", _wrong(pick=lambda seconds, m, n: np.argmax(m))),
        ("The seconds are right, but the layer named is the one that moves the most numbers.",
         _wrong(pick=lambda seconds, m, n: np.argmax(n))),
        ("The seconds are right, but the quickest layer is named.",
         _wrong(pick=lambda seconds, m, n: seconds.argmin())),
        ("The seconds are right; count the layers from 0, as Python does.",
         _wrong(pick=lambda seconds, m, n: seconds.argmax() + 1)),
        ("The seconds are right. Second, name the slowest layer by its place in the list, not by its time.",
         _wrong(pick=lambda seconds, m, n: seconds.max())),
        ("The two have changed places: first the seconds, then the place of the slowest.",
         lambda *inputs: roofline(*inputs)[::-1]),
    ),
    Mistake("Three values are wanted: the seconds of every layer, the place of the slowest, and which layers wait for "
            "memory.", when=lambda result, expected, *inputs: not isinstance(result, tuple) or len(result) != 2),
]  # fmt: skip


def _third(wrong):
    """The first two right, and wrong(seconds of arithmetic, of moving, macs, numbers) as the third."""
    def three(macs, numbers, rate, bandwidth):
        macs, numbers = np.array(macs), np.array(numbers)
        return *roofline(macs, numbers, rate, bandwidth), wrong(macs / rate, numbers / bandwidth, macs, numbers)
    return three


WAITING = [
    Mistake("The first two are right; the third is missing: for each layer, True where it waits for memory.",
            when=lambda result, expected, *inputs: len(result) == 2),
    Mistake("The first two are right; the third is a single value. One True or False for each layer is wanted.",
            when=lambda result, expected, *inputs: np.ndim(result[2]) == 0),
    Mistake("The first two are right; the third has words. True or False for each layer: does it wait for memory?",
            when=lambda result, expected, *inputs: np.asarray(result[2]).dtype.kind in "UO"),
    *mistakes(
        ("The first two are right; in the third True and False have changed places. True: it waits for memory.",
         _third(lambda a, b, m, n: b <= a), _third(lambda a, b, m, n: b < a)),
        ("The first two are right. Where both times are equal the third is True, but neither takes longer: >, not >=.",
         _third(lambda a, b, m, n: b >= a)),
        ("The first two are right; the third compares amounts. Compare times: a speed stands below each.",
         _third(lambda a, b, m, n: n > m)),
    ),
]  # fmt: skip
