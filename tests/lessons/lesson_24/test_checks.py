"""Lesson 24: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests


def tanimoto(one, other, quotient=lambda a, b, c: c / (a + b - c) if a + b - c else 0.0, sets=True):
    a, b = (set(x) if sets else list(x) for x in (one, other))
    return quotient(len(a), len(b), sum(x in b for x in a))


ALIKE_WRONG = [
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / (a + b - c)), "Return 0"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: 2 * c / (a + b) if a + b else 0), "Dice"),
    (functools.partial(tanimoto, sets=False), "Repeats"),
    (lambda one, other: sum(min(one.count(x), other.count(x)) for x in {*one, *other}) /
     max(sum(max(one.count(x), other.count(x)) for x in {*one, *other}), 1), "Repeats"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / (a + b) if a + b else 0), "twice"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / min(a, b) if a and b else 0), "alone"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / (a * b) ** 0.5 if a and b else 0), "cosine"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c), "how many"),
    (lambda one, other: 1 - tanimoto(one, other), "distance"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / (a + b - c) if a + b - c else 1.0), "as RDKit does"),
    (functools.partial(tanimoto, quotient=lambda a, b, c: c / (a + b - c) if a + b - c else None), "as RDKit does"),
]  # fmt: skip


def vote(similarity, active, k, own_out=True, skip=0, weigh=lambda s: s, total=np.sum):
    found = []
    for own in range(len(active)):
        order = sorted(range(len(active)), key=lambda j: -similarity[own, j])
        order = [j for j in order if not own_out or j != own][skip:skip + k]
        weight = weigh(similarity[own, order])
        found.append(weight @ active[order] / total(weight))
    return np.array(found)


VOTE_WRONG = [
    (functools.partial(vote, own_out=False), "votes on itself"),
    (functools.partial(vote, own_out=False, skip=1), "first of the sorted list"),
    (functools.partial(vote, skip=1), "nearest was left out"),
    (functools.partial(vote, weigh=np.ones_like), "count alike"),
    (lambda similarity, active, k: vote(similarity, active, k, total=lambda w: k), "divided by k"),
    (functools.partial(vote, total=lambda w: 1), "not divided"),
    (lambda similarity, active, k: vote(-similarity, active, k), "least similar"),
    (lambda similarity, active, k: vote(similarity, active, len(active)), "All others"),
    (lambda similarity, active, k: (vote(similarity, active, k) > 0.5).astype(int), "verdict"),
]


def split(scaffolds, share, by=lambda item: -len(item[1]), fits=lambda size, room: size <= room, stop=False,
          name=lambda row, text: text):  # fmt: skip
    groups, train = {}, []
    for row, text in enumerate(scaffolds):
        groups.setdefault(name(row, text), []).append(row)
    for text, rows in sorted(groups.items(), key=by):
        if text is not None and fits(len(rows), share * len(scaffolds) - len(train)):
            train += rows
        elif stop:
            break
    return sorted(train)




SPLIT_WRONG = [
    (lambda scaffolds, share: [r for r in range(len(scaffolds)) if r not in split(scaffolds, share)], "test on"),
    (functools.partial(split, stop=True), "did not fit ended it"),
    (functools.partial(split, by=lambda item: len(item[1])), "smallest"),
    (functools.partial(split, by=lambda item: item[1][0]), "order of the list"),
    (functools.partial(split, by=lambda item: item[0]), "by their names"),
    (functools.partial(split, fits=lambda size, room: room > 0), "beyond the share"),
    (functools.partial(split, fits=lambda size, room: size < room), "exactly"),
    (functools.partial(split, name=lambda row, text: text or f"{row}"), "one by one"),
    (lambda scaffolds, share: split([text or None for text in scaffolds], share), "left out"),
    (lambda scaffolds, share: list(range(int(share * len(scaffolds)))), "both sets"),
    (lambda scaffolds, share: np.random.default_rng(0).permutation(len(scaffolds))[:int(share * len(scaffolds))],
     "both sets"),
]  # fmt: skip


def enrichment(active, scores, top, quotient=lambda found, top, actives, n: found / top / (actives / n), turn=-1):
    best = np.argsort(turn * scores)[:top]
    return quotient(active[best].sum(), top, active.sum(), len(active))


ENRICHED_WRONG = [
    (functools.partial(enrichment, turn=1), "lowest"),
    (functools.partial(enrichment, turn=0), "Sort by score"),
    (functools.partial(enrichment, quotient=lambda f, top, a, n: f / top), "share of active ones among the best"),
    (functools.partial(enrichment, quotient=lambda f, top, a, n: f / a), "that were found"),
    (functools.partial(enrichment, quotient=lambda f, top, a, n: f), "number of active ones among"),
    (functools.partial(enrichment, quotient=lambda f, top, a, n: f / top / a), "not by their share"),
    (functools.partial(enrichment, quotient=lambda f, top, a, n: (n - top - a + 2 * f) / n), "accuracy"),
]
RIGHT = {"24.1": tanimoto, "24.2": vote, "24.3": split, "24.4": enrichment}
WRONG = {"24.1": ALIKE_WRONG, "24.2": VOTE_WRONG, "24.3": SPLIT_WRONG, "24.4": ENRICHED_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("24", RIGHT, WRONG)


def by_tables(similarity, active, k):
    others = np.array(similarity, float)
    np.fill_diagonal(others, -1)
    order = np.argsort(others, axis=1)[:, ::-1][:, :k]
    weight = np.take_along_axis(others, order, axis=1)
    return ((weight * np.asarray(active)[order]).sum(axis=1) / weight.sum(axis=1)).astype(np.float64).tolist()


@pytest.mark.parametrize(("number", "answer"), [
    ("24.1", lambda one, other: np.array(len(set(one) & set(other)) / max(len({*one, *other}), 1))),
    ("24.1", lambda one, other: 0 if not one + other else tanimoto(one, other)),
    ("24.2", by_tables),
    ("24.3", lambda scaffolds, share: set(split(scaffolds, share))),
    ("24.3", lambda scaffolds, share: np.array(split(scaffolds, share))[::-1]),
    ("24.3", lambda scaffolds, share: tuple(map(np.int32, split(scaffolds, share)))),
    ("24.4", lambda active, scores, top: np.float64(enrichment(active.astype(bool), scores, top))),
    ("24.4", lambda active, scores, top: sum(a for _, a in sorted(zip(scores, active, strict=True))[-top:])
     * len(active) / top / sum(active)),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize(("number", "answer"), [
    ("24.1", lambda one, other: tanimoto(one[:-1], other)),
    ("24.1", lambda one, other: round(tanimoto(one, other), 2)),
    ("24.2", lambda similarity, active, k: vote(similarity, active, k + 1 if k + 1 < len(active) else k)),
    ("24.2", lambda similarity, active, k: vote(similarity**2, active, k)),
    ("24.3", lambda scaffolds, share: split(scaffolds[:-1], share)),
    ("24.3", lambda scaffolds, share: split(scaffolds, share - 0.1)),
    ("24.4", lambda active, scores, top: enrichment(active, scores, top + 1)),
    ("24.4", lambda active, scores, top: enrichment(active, np.abs(scores), top)),
])  # fmt: skip
def test_slips_are_not_right(number, answer):
    assert_status(number, answer, "not yet")
