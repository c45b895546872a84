"""What the checker of exercise 7.3 needs: max pooling's gradient, with ties.

Shapes: map x (h, w), gradient by the pooled map (h // k, w // k), gradient by the map (h, w).
"""

import functools

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.differences import as_numbers
from course.checks.lesson_07 import dense


def cases():
    rng = np.random.default_rng(73)

    def of(x, k, note=""):
        grad = rng.normal(size=tuple(n // k for n in np.shape(x)))
        return Case(grad, np.asarray(x), k, note=note)

    return [
        of(rng.permutation(16).reshape(4, 4), 2, "whole numbers, no two alike"),
        of(rng.normal(size=(6, 4)), 2),
        of(rng.normal(size=(5, 7)), 2, "odd sides: the last row and column are in no window"),
        of(rng.normal(size=(7, 9)), 3, "one side that divides, one that does not"),
        of(-1 - rng.random((4, 6)), 2, "negative everywhere"),
        of(rng.normal(size=(3, 3)), 1, "windows of one pixel"),
        of(rng.integers(0, 256, (5, 4), dtype=np.uint8), 2, "a uint8 map"),
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


def _given_to(who):
    """Return a gradient that multiplies each window's push by who(window values), all (rows, columns, k, k)."""
    def gradient(grad, x, k):
        out, (rows, columns) = np.zeros(x.shape), grad.shape
        given = who(_windows(x, k)) * grad[..., None, None]
        out[:rows * k, :columns * k] = given.swapaxes(1, 2).reshape(rows * k, columns * k)
        return out
    return gradient


def _largest(values):
    return values == values.max(axis=(2, 3), keepdims=True)


def _first(values):
    """Mark the first of the largest in each window, as NumPy's argmax and TensorFlow do."""
    flat = values.reshape(*values.shape[:2], -1)
    return (np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None]).reshape(values.shape)


def _fairly_shared(result, grad, x, k):
    """Return True when every window's gradient went to its largest pixels: shares of at least 0 that add up to 1."""
    if result is None or result.shape != x.shape:
        return False
    given, push = _windows(result, k), grad[..., None, None]
    tied = _largest(_windows(x, k))
    inside = _given_to(lambda values: values)(np.ones(grad.shape), result, k)
    return bool(
        np.allclose(given.sum(axis=(2, 3)), grad, rtol=1e-5, atol=1e-6)
        and np.allclose(given[~tied], 0, atol=1e-9) and np.allclose(result - inside, 0, atol=1e-9)
        and (given * np.sign(push) >= -1e-9).all()
        and np.allclose(given[np.broadcast_to(push == 0, given.shape)], 0, atol=1e-9)
    )  # fmt: skip


def judged_by_shares(answer):
    """Wrap a function: a fair share among equals comes out as TensorFlow's, where the first of them gets all."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def judged(grad, x, k):
        result = answer(grad, x, k)
        fair = result is not None and _fairly_shared(as_numbers(result), grad, x, k)
        return _given_to(_first)(grad, x, k) if fair else result

    return judged


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


def _of_first(change):
    """Return the right gradient (the first of equals gets all), changed by change(gradient, grad, x, k)."""
    return lambda grad, x, k: change(_given_to(_first)(grad, x, k), grad, x, k)


TABLE = [
    ("Where pixels tie, each of them gets the full gradient, so more comes out than went in. Give it to one of them "
     "(NumPy's argmax takes the first) or share it out.", _given_to(_largest)),
    ("Every pixel of a window gets the full gradient. Only the winner's change is felt in the output; the others get "
     "0.", _given_to(lambda values: np.ones(values.shape))),
    ("Every pixel of a window gets an equal share: that is average pooling's gradient. The largest gets it all.",
     _given_to(lambda values: np.ones(values.shape) / values[0, 0].size)),
    ("The gradient went to the smallest of each window. The largest made the output.",
     _given_to(lambda values: values == values.min(axis=(2, 3), keepdims=True)),
     _given_to(lambda values: _first(-values.astype(float)))),
    ("The gradient always lies in the upper left corner of its window. It belongs where the largest pixel is.",
     _given_to(lambda values: _first(0 * values))),
    ("The search for the largest starts at 0, and no negative number is larger. Start at -np.inf, or take argmax.",
     _given_to(lambda values: _first(np.maximum(values, 0))),
     _given_to(lambda values: _first(values) & (values.max(axis=(2, 3), keepdims=True) > 0))),
    ("The gradient is multiplied by the pixel's value. The slope of the maximum by its winner is 1.",
     _given_to(lambda values: _largest(values) * values), _given_to(lambda values: _first(values) * values)),
    ("The winners are marked, but grad is not used: multiply by it.",
     lambda grad, x, k: _given_to(_largest)(np.ones(grad.shape), x, k),
     lambda grad, x, k: _given_to(_first)(np.ones(grad.shape), x, k)),
    ("Pixels that equal a window's largest number were looked for in the whole map. Another window may hold the same "
     "number and not win with it: look inside the window only.", _by_value),
    ("The place of the winner was counted inside its window, and used as its place in the map. Add where the window "
     "begins: in the map it is i * k + u, j * k + v.",
     *(_placed(lambda i, j, u, v, k: (u, v), add) for add in (True, False))),
    ("Row and column of the winner are swapped. np.unravel_index gives the row first: u belongs to i * k, v to j * k.",
     _placed(lambda i, j, u, v, k: (i * k + v, j * k + u))),
    ("A 2 stands where k should. Windows are k wide, and begin at i * k and j * k.",
     *(_placed(lambda i, j, u, v, k: (i * 2 + u, j * 2 + v), width=width) for width in (None, 2))),
    ("What fills no window is missing. Those pixels are part of x and get 0: begin with np.zeros(x.shape).",
     _of_first(lambda out, grad, x, k: out[:len(x) // k * k, :x.shape[1] // k * k])),
    ("The gradient is kept in the map's whole numbers, and its fractions are lost. np.zeros(x.shape) makes floats.",
     _of_first(lambda out, grad, x, k: out.astype(np.int64 if x.dtype.kind in "iu" else float)),
     _of_first(lambda out, grad, x, k: out.astype(np.int64).astype(x.dtype) if x.dtype.kind in "iu" else out),
     _of_first(lambda out, grad, x, k: np.trunc(out))),
]  # fmt: skip
MISTAKES = [Mistake(reason, judged_by_shares(wrong)) for reason, *wrongs in TABLE for wrong in wrongs]
