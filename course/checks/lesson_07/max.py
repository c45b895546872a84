"""What the checker of exercise 7.3 needs: max pooling's gradient, with ties.

Shapes: map x (h, w), gradient by the pooled map (h // k, w // k), gradient by the map (h, w).
"""

import functools

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.lesson_07 import dense


def cases():
    rng = np.random.default_rng(73)

    def of(x, k, note=""):
        grad = rng.normal(size=tuple(n // k for n in np.shape(x)))
        return Case(grad, np.asarray(x), k, note=note)

    small = rng.permutation(16).reshape(4, 4)
    return [
        of(small, 2, "whole numbers, no two alike"),
        of(rng.normal(size=(6, 4)), 2),
        of(rng.normal(size=(5, 7)), 2, "odd sides: the last row and column are in no window"),
        of(rng.normal(size=(7, 9)), 3),
        of(-1 - rng.random((4, 6)), 2, "negative everywhere"),
        of(rng.normal(size=(3, 3)), 1, "windows of one pixel"),
        of([[5, 5, 1, 2], [0, 1, 3, 3]], 2, "two equals in each window"),
        of(np.full((5, 4), -1.0), 2, "all -1: every pixel ties"),
        of(np.zeros((3, 3)), 3, "all 0: nine pixels tie"),
        of([[7, 2, 7], [0, 7, 1], [3, 1, 7]], 3, "four of nine tie"),
        Case(np.array([[0.0, 2.0]]), np.array([[4, 4, 9, 1], [1, 0, 2, 3]]), 2, note="one window's gradient is 0"),
    ]


def by_tape(grad, x, k):
    def sum_of_pushes(tf, maps):
        pooled = tf.nn.max_pool2d(maps[None, :, :, None], k, k, "VALID")
        return tf.reduce_sum(pooled[0, :, :, 0] * grad)

    return dense.by_tape(sum_of_pushes, x)[0]


def _windows(x, k):
    """Return the windows (rows, columns, k, k) of x (h, w); what fills no window is left out."""
    rows, columns = (n // k for n in x.shape)
    return x[:rows * k, :columns * k].reshape(rows, k, columns, k).swapaxes(1, 2)


def _folded_back(windows, shape):
    """Return windows (rows, columns, k, k) as a map of `shape`, zero where no window is."""
    rows, columns, k, _ = windows.shape
    out = np.zeros(shape)
    out[:rows * k, :columns * k] = windows.swapaxes(1, 2).reshape(rows * k, columns * k)
    return out


def fairly_shared(result, grad, x, k):
    """Return True when every window's gradient went to its largest pixels: shares of at least 0 that add up to 1."""
    if not isinstance(result, np.ndarray) or result.shape != x.shape or result.dtype.kind not in "iuf":
        return False
    given, values, push = _windows(result, k), _windows(x, k), grad[..., None, None]
    largest = values == values.max(axis=(2, 3), keepdims=True)
    outside = result - _folded_back(given, x.shape)
    return bool(
        np.allclose(given.sum(axis=(2, 3)), grad, rtol=1e-5, atol=1e-6)
        and np.allclose(given[~largest], 0, atol=1e-9)
        and np.allclose(outside, 0, atol=1e-9)
        and (given * np.sign(push) >= -1e-9).all()
        and np.allclose(given[np.broadcast_to(push == 0, given.shape)], 0, atol=1e-9)
    )


def judged_by_shares(answer):
    """Wrap the learner's function: a fair share among equals comes out as TensorFlow's (all to the first of them)."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def judged(grad, x, k):
        result = answer(grad, x, k)
        return by_tape(grad, x, k) if fairly_shared(result, grad, x, k) else result

    return judged


def _given_to(who):
    """Return a mistaken gradient that multiplies each window's push by who(window values): (rows, columns, k, k)."""
    return lambda grad, x, k: _folded_back(who(_windows(x, k)) * grad[..., None, None], x.shape)


def _largest(values):
    return values == values.max(axis=(2, 3), keepdims=True)


def _first(values):
    return np.arange(values[0, 0].size).reshape(values.shape[2:]) == 0


def _last_row_follows(grad, x, k):
    """Spread the pooled map back with edge windows that hang over."""
    padded = np.pad(x.astype(float), [(0, -n % k) for n in x.shape], constant_values=-np.inf)
    push = np.pad(grad, [(0, -(-n // k) - n // k) for n in x.shape], mode="edge")
    return _given_to(_largest)(push, padded, k)[:x.shape[0], :x.shape[1]]


def _placed(place, add=False, width=None):
    """Return a mistaken gradient that writes, or adds, a window's push to place(i, j, u, v, k), its winner at u, v."""
    def wrong(grad, x, k):
        out, side = np.zeros(x.shape), width or k
        for (i, j), push in np.ndenumerate(grad):
            window = x[i * side:(i + 1) * side, j * side:(j + 1) * side]
            spot = place(i, j, *np.unravel_index(window.argmax(), window.shape), k)
            out[spot] = push + (out[spot] if add else 0)
        return out
    return wrong


def _by_value(grad, x, k):
    """Send each push to every pixel of the map that equals the window's largest."""
    out = np.zeros(x.shape)
    for (i, j), push in np.ndenumerate(grad):
        out[x == x[i * k:i * k + k, j * k:j * k + k].max()] += push
    return out


FULL_COPIES = (
    "Where pixels tie, each of them gets the full gradient, so more comes out than went in. Raise all of them by 0.1 "
    "and the maximum rises by 0.1, not by 0.1 for each: their shares must add up to 1. Give it to one of them (NumPy's "
    "argmax takes the first) or share it out."
)
MISTAKES = [
    Mistake(FULL_COPIES, wrong=_given_to(_largest)),
    Mistake("Every pixel of a window gets the full gradient. Only the winner's change is felt in the output; the "
            "others get 0.",
            wrong=_given_to(lambda values: np.ones_like(values, float))),
    Mistake("Every pixel of a window gets an equal share: that is average pooling's gradient. Here the largest gets it "
            "all.",
            wrong=_given_to(lambda values: np.ones_like(values, float) / values[0, 0].size)),
    Mistake("The gradient went to the smallest of each window. The largest made the output.",
            wrong=_given_to(lambda values: values == values.min(axis=(2, 3), keepdims=True))),
    Mistake("The gradient always lies in the upper left corner of its window. It belongs where the largest pixel is.",
            wrong=_given_to(_first)),
    Mistake("The gradient is multiplied by the pixel's value. The slope of the maximum by its winner is 1.",
            wrong=_given_to(lambda values: _largest(values) * values)),
    Mistake("The winners are marked, but grad is not used: multiply by it.",
            wrong=lambda grad, x, k: _given_to(_largest)(np.ones_like(grad), x, k)),
    Mistake("Pixels that equal a window's largest number were looked for in the whole map. Another window may hold the "
            "same number and not win with it: look inside the window only.",
            wrong=_by_value),
    *[Mistake("The place of the winner was counted inside its window, and used as its place in the map. Add where the "
              "window begins: in the map it is i * k + u, j * k + v.",
              wrong=_placed(lambda i, j, u, v, k: (u, v), add)) for add in (True, False)],
    Mistake("Row and column of the winner are swapped. np.unravel_index gives the row first: u belongs to i * k, v to "
            "j * k.",
            wrong=_placed(lambda i, j, u, v, k: (i * k + v, j * k + u))),
    *[Mistake("A 2 stands where k should. Windows are k wide, and begin at i * k and j * k.",
              wrong=_placed(lambda i, j, u, v, k: (i * 2 + u, j * 2 + v), width=width)) for width in (None, 2)],
    Mistake("The last row or column, which no window has seen, got a gradient too. What the output does not depend on "
            "gets 0.",
            wrong=_last_row_follows),
    Mistake("The gradient has the pooled map's shape. There is one number for each pixel of x.",
            when=lambda result, expected, grad, x, k: np.shape(result) == grad.shape != expected.shape),
    Mistake("What fills no window is missing. Those pixels are part of x and get 0: begin with np.zeros(x.shape).",
            when=lambda result, expected, grad, x, k:
                np.shape(result) == tuple(n // k * k for n in x.shape) != expected.shape),
    Mistake("The gradient is kept in whole numbers, and its fractions are lost: np.zeros(x.shape), not zeros_like of a "
            "whole-number map.",
            when=lambda result, expected, grad, x, k: result.dtype.kind in "iu"
                and np.array_equal(result, expected.astype(int))),
]  # fmt: skip
