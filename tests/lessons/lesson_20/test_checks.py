"""Lesson 20: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_tests
from numpy.lib.stride_tricks import sliding_window_view


def hidden_map(score, picture, patch, stride, fill, fall=lambda whole, one: whole - one, fresh=True, last=1, step=None,
               show=lambda fill, picture: fill, wide=0):  # fmt: skip
    """A map by occlusion, list by list; the keywords are what a mistake changes."""
    rows, copy, step = [], picture.astype(float), step or stride
    for top in range(0, len(picture) - patch + last, step):
        row = []
        for left in range(0, picture.shape[1] - patch + last, step):
            copy = picture.astype(float) if fresh else copy
            copy[top : top + patch + wide, left : left + patch + wide] = show(fill, picture)
            row.append(fall(score(picture), score(copy)))
        rows.append(row)
    return np.array(rows).reshape(len(rows), -1)


HIDING_WRONG = [
    (functools.partial(hidden_map, fall=lambda whole, one: one - whole), "sign is turned"),
    (functools.partial(hidden_map, fall=lambda whole, one: one), "scores with the square"),
    (functools.partial(hidden_map, fall=lambda whole, one: abs(whole - one)), "signs are lost"),
    (functools.partial(hidden_map, fresh=False), "squares stay"),
    (functools.partial(hidden_map, last=0), "last place is missing"),
    (functools.partial(hidden_map, show=lambda fill, picture: 0), "always 0"),
    (functools.partial(hidden_map, show=lambda fill, picture: picture.mean()), "picture's mean"),
    (functools.partial(hidden_map, step=1), "stride is not used"),
    (lambda s, x, patch, stride, fill: hidden_map(s, x, patch, stride, fill, step=patch), "its own side"),
    (functools.partial(hidden_map, wide=-1), "pixel too small"),
    (functools.partial(hidden_map, wide=1), "pixel too large"),
]


def cam(maps, u, v, b, weights=None, heat=None):
    a = weights(maps, u, v, b) if weights else [(one + two) / maps[..., 0].size for one, two in zip(u, v, strict=True)]
    total = sum(a[k] * maps[..., k] for k in range(len(u)))
    return np.array(a), heat(maps, np.array(a)) if heat else total * (total > 0)


def of_sigmoid(maps, u, v, b):
    p = 1 / (1 + np.exp(-(maps.mean(axis=(0, 1)) @ u + maps.max(axis=(0, 1)) @ v + b)))
    return p * (1 - p) * cam(maps, u, v, b)[0]


CAM_WRONG = [
    (functools.partial(cam, weights=of_sigmoid), "slopes of the probability"),
    (functools.partial(cam, heat=lambda maps, a: maps @ a), "no ReLU"),
    (functools.partial(cam, heat=lambda maps, a: np.maximum(maps * a, 0).sum(axis=-1)), "was cut before"),
    (functools.partial(cam, weights=lambda maps, u, v, b: np.maximum(u + v, 0) / maps[..., 0].size), "on the weights"),
    (functools.partial(cam, heat=lambda maps, a: abs(maps @ a)), "absolute value"),
    (functools.partial(cam, weights=lambda maps, u, v, b: u + v), "not averaged"),
    (functools.partial(cam, weights=lambda maps, u, v, b: u / maps[..., 0].size), "maximum's part is missing"),
    (functools.partial(cam, weights=lambda maps, u, v, b: v / maps[..., 0].size), "mean's part is missing"),
    (functools.partial(cam, weights=lambda maps, u, v, b: u / maps[..., 0].size + v), "at ONE cell"),
    (functools.partial(cam, heat=lambda maps, a: np.maximum(maps.sum(axis=-1), 0)), "unweighted"),
    (functools.partial(cam, heat=lambda maps, a: np.maximum(maps @ a, 0) / max(np.max(maps @ a), 1e-9)),
     "divided by its largest"),
]


def played(heats, masks, pick=np.argmax, chance=None, turned=False, total=np.mean):
    hits = []
    for heat, mask in zip(heats, masks, strict=True):
        row, column = divmod(int(pick(heat)), heat.shape[1])
        row, column = (min(column, len(mask) - 1), min(row, mask.shape[1] - 1)) if turned else (row, column)
        hits.append(float(mask[row, column]))
    return total(hits), chance(masks) if chance else sum(mask.sum() / mask.size for mask in masks) / len(masks)


POINTING_WRONG = [
    (functools.partial(played, total=np.sum), "hits were counted"),
    (functools.partial(played, pick=np.argmin), "lowest place"),
    (functools.partial(played, pick=lambda heat: np.abs(heat).argmax()), "largest absolute value"),
    (functools.partial(played, turned=True), "changed places"),
    (functools.partial(played, chance=lambda masks: np.concatenate([m.ravel() for m in masks]).mean()),
     "in one heap"),
    (functools.partial(played, chance=lambda masks: 0.5), "not one half"),
    (functools.partial(played, chance=lambda masks: np.mean([np.sum(m) for m in masks])), "pixels were counted"),
]


def row_of(values, n, places=lambda m, n: (np.arange(n) + 0.5) * m / n - 0.5):
    return np.interp(places(len(values), n), range(len(values)), values)


RESIZING_WRONG = [
    (functools.partial(row_of, places=lambda m, n: np.linspace(0, m - 1, n)), "ends are stretched"),
    (functools.partial(row_of, places=lambda m, n: np.arange(n) * m / n), "moved by half a cell"),
    (functools.partial(row_of, places=lambda m, n: (np.arange(n) + 0.5) * m / n), "one of the halves"),
    (lambda values, n: values[np.arange(n) * len(values) // n], "repeated"),
]
RIGHT = {"20.1": hidden_map, "20.2": cam, "20.3": played, "20.4": row_of}
WRONG = {"20.1": HIDING_WRONG, "20.2": CAM_WRONG, "20.3": POINTING_WRONG, "20.4": RESIZING_WRONG}
test_checker, test_each_mistake_has_its_own_reason = checker_tests("20", RIGHT, WRONG)


def restored(score, picture, patch, stride, fill):
    """One copy, put right after each square; the map as nested lists."""
    whole, work = score(picture), picture.astype(float)
    views = sliding_window_view(work, (patch, patch), writeable=True)[::stride, ::stride]
    out = []
    for row in views:
        out.append([])
        for view in row:
            before = view.copy()
            view[:] = fill
            out[-1].append(whole - score(work))
            view[:] = before
    return out


def by_tape(maps, u, v, b):
    import tensorflow as tf

    A = tf.constant(maps)
    with tf.GradientTape() as tape:
        tape.watch(A)
        z = tf.reduce_sum(tf.reduce_mean(A, (0, 1)) * u + tf.reduce_max(A, (0, 1)) * v) + b
    a = tf.reduce_mean(tape.gradient(z, A), (0, 1))
    return a, tf.nn.relu(tf.reduce_sum(a * A, -1))


@pytest.mark.parametrize(("number", "answer"), [
    ("20.1", restored),
    ("20.2", by_tape),
    ("20.2", lambda maps, u, v, b: tuple(np.float32(one) for one in cam(maps, u, v, b))),
    ("20.3", lambda heats, masks: [np.float32(one) for one in played(heats, masks)]),
    ("20.4", lambda values, n: row_of(values, n).tolist()),
])  # fmt: skip
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")
