"""Lesson 21: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests


def related(pictures, centre=lambda x: x.mean(), length=lambda x: (x @ x) ** 0.5, after=lambda r: r):
    """Correlations, pair by pair; the keywords are what a mistake changes."""
    rows = [picture.ravel().astype(float) for picture in pictures]
    rows = [row - centre(row) for row in rows]
    return np.array([[after(one @ other / max(length(one) * length(other), 1e-12)) for other in rows]
                     for one in rows])  # fmt: skip


def by_mean_picture(pictures):
    rows = pictures.reshape(len(pictures), -1).astype(float)
    rows -= rows.mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows @ rows.T


def mixed_deviations(pictures):
    rows = pictures.reshape(len(pictures), -1).astype(float)
    deviation = np.maximum(rows.std(axis=1), 1e-12)
    return np.cov(rows) / np.outer(deviation, deviation)


ALIKE_WRONG = [
    (functools.partial(related, centre=lambda x: 0), "cosine of the grey values"),
    (lambda pictures: related(pictures, centre=lambda x: pictures.mean()), "One mean of all"),
    (by_mean_picture, "mean picture"),
    (functools.partial(related, length=lambda x: 1), "products of the deviations"),
    (lambda pictures: np.cov(pictures.reshape(len(pictures), -1)), "covariances"),
    (mixed_deviations, "another number of pixels"),
    (functools.partial(related, after=abs), "sign is lost"),
    (functools.partial(related, after=lambda r: r * r), "squares"),
    (functools.partial(related, after=lambda r: 1 - r), "distances"),
    (lambda pictures: related(pictures) - np.diag(np.diag(related(pictures))), "diagonal"),
    (lambda pictures: np.corrcoef(pictures.reshape(len(pictures), -1)), "one grey value"),
]


def joined(n, pairs):
    """Groups, by joining whole ones at each pair."""
    group = list(range(n))
    for i, j in pairs:
        old, new = max(group[i], group[j]), min(group[i], group[j])
        group = [new if one == old else one for one in group]
    return group


def direct(n, pairs):
    group = list(range(n))
    for i, j in pairs:
        group[i], group[j] = min(i, j, group[i]), min(i, j, group[j])
    return group


def handed(n, pairs):
    group = list(range(n))
    for i, j in pairs:
        group[j] = group[i]
    return group


def walked_once(n, pairs):
    group = list(range(n))
    for i, j in pairs:
        group[i] = group[j] = min(group[i], group[j])
    return group


def lonely(n, pairs):
    twins = {k for pair in pairs for k in pair}
    return [one if k in twins else -1 for k, one in enumerate(joined(n, pairs))]


GROUP_WRONG = [
    (direct, "Only direct twins"),
    (handed, "keep it"),
    (walked_once, "One walk"),
    (lambda n, pairs: [sorted(set(joined(n, pairs))).index(one) for one in joined(n, pairs)], "numbers of groups"),
    (lambda n, pairs: [max(k for k in range(n) if joined(n, pairs)[k] == one) for one in joined(n, pairs)], "largest"),
    (lambda n, pairs: [joined(n, pairs).count(one) for one in joined(n, pairs)], "sizes"),
    (lonely, "group of one"),
    (lambda n, pairs: [one for k, one in enumerate(joined(n, pairs)) if any(k in pair for pair in pairs)], "missing"),
]


def heat_inside(heat, mask, cut=lambda heat: np.where(heat > 0, heat, 0), area=None):
    heat = cut(np.asarray(heat, float))
    return np.sum(heat * mask) / np.sum(heat), np.count_nonzero(mask) / mask.size if area is None else area(mask)


INSIDE_WRONG = [
    (functools.partial(heat_inside, cut=lambda heat: heat), "Values below 0 were added"),
    (functools.partial(heat_inside, cut=abs), "by their size"),
    (lambda heat, mask: (np.clip(heat, 0, None)[mask].sum(), mask.mean()), "not divided by all"),
    (lambda heat, mask: (np.clip(heat, 0, None)[mask].mean(), mask.mean()), "mean heat inside"),
    (lambda heat, mask: (heat_inside(heat, ~mask)[0], mask.mean()), "outside was taken"),
    (lambda heat, mask: (float(mask[np.unravel_index(heat.argmax(), heat.shape)]), mask.mean()), "pointing game"),
    (functools.partial(heat_inside, area=np.sum), "not their number"),
    (functools.partial(heat_inside, area=lambda mask: 1 - mask.mean()), "pixels INSIDE"),
    (functools.partial(heat_inside, area=lambda mask: 0.5), "not one half"),
]


def rows_of_draw(group, drawn):
    return [row for one in drawn for row in range(len(group)) if group[row] == one]


DRAW_WRONG = [
    (lambda group, drawn: [row for row in range(len(group)) if group[row] in drawn], "stands here once"),
    (lambda group, drawn: drawn, "taken for numbers of rows"),
    (lambda group, drawn: [group.tolist().index(one) for one in drawn], "One picture of each"),
    (lambda group, drawn: [group[row] for row in rows_of_draw(group, drawn)], "not the row numbers"),
    (lambda group, drawn: sorted(rows_of_draw(group, drawn)), "but sorted"),
    (lambda group, drawn: [row for row in range(len(group)) if group[row] not in drawn], "NOT drawn"),
]
RIGHT = {"21.1": related, "21.2": joined, "21.3": heat_inside, "21.4": rows_of_draw}
WRONG = {"21.1": ALIKE_WRONG, "21.2": GROUP_WRONG, "21.3": INSIDE_WRONG, "21.4": DRAW_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("21", RIGHT, WRONG)


def standardised(pictures):
    rows = pictures.reshape(len(pictures), -1).astype(np.float32)
    deviation = rows.std(axis=1, keepdims=True)
    rows = (rows - rows.mean(axis=1, keepdims=True)) / np.where(deviation == 0, np.inf, deviation)
    return rows @ rows.T / rows.shape[1]


def until_nothing_changes(n, pairs):
    group = np.arange(n)
    while True:
        before = group.copy()
        for i, j in pairs:
            group[[i, j]] = group[[i, j]].min()
        if (before == group).all():
            return group


def searched(n, pairs):
    near = {k: {k} for k in range(n)}
    for i, j in pairs:
        whole = near[i] | near[j]
        for k in whole:
            near[k] = whole
    return tuple(min(near[k]) for k in range(n))


@pytest.mark.parametrize(("number", "answer"), [
    ("21.1", standardised), ("21.1", lambda pictures: related(pictures).tolist()),
    ("21.2", until_nothing_changes), ("21.2", searched),
    ("21.3", lambda heat, mask: [np.float32(one) for one in heat_inside(heat, mask)]),
    ("21.4", lambda group, drawn: np.concatenate([np.flatnonzero(group == one) for one in drawn])),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
