"""Lesson 25: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests


def to_remove(header, listed, above="", private=lambda tag: int(tag[:4], 16) % 2, inside=True, whole=True, path=True,
              first=False):  # fmt: skip
    """The list, by recursion; the keywords are what a mistake changes."""
    found = []
    for tag, value in header.items():
        gone = tag in listed or private(tag)
        found += [above + tag] if gone else []
        if inside and isinstance(value, list) and not (gone and whole):
            for item in value[:1] if first else value:
                below = f"{above}{tag}/" if path else ""
                found += to_remove(item, listed, below, private, inside, whole, path, first)
    return sorted(found)


HEADER_WRONG = [
    (functools.partial(to_remove, inside=False), "Names inside sequences stay."),
    (functools.partial(to_remove, first=True), "first header"),
    (functools.partial(to_remove, private=lambda tag: False), "Private tags stay. A tag"),
    (functools.partial(to_remove, private=lambda tag: False, inside=False), "and so do names"),
    (functools.partial(to_remove, private=lambda tag: int(tag[5:], 16) % 2), "GROUP"),
    (functools.partial(to_remove, private=lambda tag: int(tag[:4], 16) % 2 or int(tag[5:], 16) % 2), "or element"),
    (functools.partial(to_remove, whole=False), "listed once"),
    (functools.partial(to_remove, path=False), "incomplete"),
]


def kappa(one, other, chance=None, formula=lambda agreed, chance: (agreed - chance) / (1 - chance)):
    words = sorted({*one, *other})
    p, q = ([sum(word == name for word in row) / len(row) for name in words] for row in (one, other))
    by_chance = sum(a * b for a, b in zip(p, q, strict=True)) if chance is None else chance(np.array(p), np.array(q))
    return formula(sum(map(str.__eq__, one, other)) / len(one), by_chance)


KAPPA_WRONG = [
    (functools.partial(kappa, formula=lambda agreed, chance: agreed), "agreement itself"),
    (functools.partial(kappa, formula=lambda agreed, chance: agreed - chance), "not divided by 1 - chance"),
    (functools.partial(kappa, formula=lambda agreed, chance: chance), "chance alone would give"),
    (functools.partial(kappa, chance=lambda p, q: 1 / len(p)), "1 / number of words"),
    (functools.partial(kappa, chance=lambda p, q: 0.5), "one half"),
    (functools.partial(kappa, chance=lambda p, q: ((p + q) ** 2).sum() / 4), "Scott"),
    (functools.partial(kappa, chance=lambda p, q: (p * p).sum()), "first reader alone"),
    (functools.partial(kappa, formula=lambda agreed, chance: (agreed - chance) / chance), "Divided by chance"),
    (functools.partial(kappa, formula=lambda agreed, chance: (1 - agreed - chance) / (1 - chance)), "Disagreement"),
]


def averaged(weights, sizes, share=lambda n, sizes: n / sum(sizes)):
    return sum(share(n, sizes) * w for n, w in zip(sizes, weights, strict=True))


AVERAGE_WRONG = [
    (functools.partial(averaged, share=lambda n, sizes: 1 / len(sizes)), "plain mean"),
    (functools.partial(averaged, share=lambda n, sizes: n), "not divided"),
    (functools.partial(averaged, share=lambda n, sizes: n / len(sizes)), "number of hospitals"),
    (functools.partial(averaged, share=lambda n, sizes: 1 / n / sum(1 / m for m in sizes)), "upside down"),
    (functools.partial(averaged, share=lambda n, sizes: n**2 / sum(m**2 for m in sizes)), "square"),
    (lambda weights, sizes: weights[sizes.index(max(sizes))], "taken alone"),
    (lambda weights, sizes: averaged(weights, sizes).mean(), "run over the hospitals"),
]


def inverted(dW, db, divide=lambda column, slope: column / slope, unit=lambda db: np.argmax(np.abs(db))):
    return divide(dW[:, unit(db)], db[unit(db)])


INVERTED_WRONG = [
    (functools.partial(inverted, unit=lambda db: 0), "slope of 0"),
    (functools.partial(inverted, divide=lambda column, slope: column), "Divide by that slope"),
    (functools.partial(inverted, divide=lambda column, slope: column * slope), "Multiplied"),
    (functools.partial(inverted, divide=lambda column, slope: slope / column), "upside down"),
    (functools.partial(inverted, divide=lambda column, slope: -column / slope), "sign is turned"),
    (lambda dW, db: dW.sum(axis=1), "sum by sum"),
]
RIGHT = {"25.1": to_remove, "25.2": kappa, "25.3": averaged, "25.4": inverted}
WRONG = {"25.1": HEADER_WRONG, "25.2": KAPPA_WRONG, "25.3": AVERAGE_WRONG, "25.4": INVERTED_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("25", RIGHT, WRONG)


def by_confusion(one, other):
    words = sorted(set(one) | set(other))
    counts = np.zeros((len(words), len(words)))
    for a, b in zip(one, other, strict=True):
        counts[words.index(a), words.index(b)] += 1
    chance = counts.sum(axis=0) @ counts.sum(axis=1) / counts.sum() ** 2
    return np.float32((np.trace(counts) / counts.sum() - chance) / (1 - chance))


@pytest.mark.parametrize(("number", "answer"), [
    ("25.1", lambda header, listed: set(to_remove(header, listed))),
    ("25.1", lambda header, listed: np.array(to_remove(header, listed), dtype=object)),
    ("25.1", lambda header, listed: tuple(to_remove(header, listed))),
    ("25.2", by_confusion),
    ("25.3", lambda weights, sizes: np.tensordot(np.array(sizes) / sum(sizes), np.array(weights), 1).tolist()),
    ("25.4", lambda dW, db: dW @ db / (db @ db)),
    ("25.4", lambda dW, db: np.abs(dW).sum(axis=1) / np.abs(db).sum()),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
