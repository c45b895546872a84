"""What the checker of exercise 4.1 needs: how many places a window has along a line."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks.compare import Case, Mistake

LINES = [  # n, k, p, s
    (5, 3, 0, 1), (7, 3, 0, 2), (8, 3, 0, 2), (5, 3, 1, 1), (150, 3, 0, 1), (28, 5, 2, 1), (224, 7, 3, 2),
    (11, 4, 1, 4), (10, 1, 0, 3), (4, 3, 5, 2),  # a stride larger than the window, more zeros than pixels
    (3, 3, 0, 1), (6, 6, 0, 4), (2, 4, 1, 3), (2, 3, 1, 1),  # fit once, fit with padding
    (2, 3, 0, 1), (3, 8, 0, 1), (4, 11, 1, 2), (4, 5, 0, 2),  # do not fit
]  # fmt: skip


def cases():
    return [Case(*line, note="it does not fit" if line[1] > line[0] + 2 * line[2] else "") for line in LINES]


def places(n, k, p, s):
    """Count the windows that NumPy cuts out of n + 2p pixels, every s-th taken."""
    return len(sliding_window_view(np.zeros(n + 2 * p), k)[::s]) if k <= n + 2 * p else 0


FORMULAS = [  # with x = n + 2p - k, the way that the window can move
    ("Off by one: this counts the steps from place to place; n - k steps lead through n - k + 1 places.",
     lambda x, s, n, k, p: x // s),
    ("The + 1 stands inside the division: divide first, then add the first place.", lambda x, s, n, k, p: (x + 1) // s),
    ("The padding is counted once: p zeros on either side are 2p pixels.", lambda x, s, n, k, p: (x - p) // s + 1),
    ("The padding is not used: the line is n + 2p pixels long.", lambda x, s, n, k, p: (n - k) // s + 1),
    ("The stride is not used: divide by s before you add 1.", lambda x, s, n, k, p: x + 1),
    ("This rounds up, and the last window hangs over the edge: use //.", lambda x, s, n, k, p: -(-x // s) + 1),
    ("/ leaves a fraction of a step, which is not made: // rounds down.", lambda x, s, n, k, p: x / s + 1),
    ("This rounds to the nearest number, but half a step is not made: //.", lambda x, s, n, k, p: round(x / s) + 1),
    ("int(...) cuts -1/2, half a step too little, to 0 steps, so what does not fit seems to: // rounds down.",
     lambda x, s, n, k, p: int(x / s) + 1),
    ("abs(...) makes the distance positive, so what does not fit seems to.", lambda x, s, n, k, p: abs(x) // s + 1),
    ("A window exactly as long as its line fits once: 0 only where it is longer, > and not >=.",
     lambda x, s, n, k, p: x // s + 1 if x > 0 else 0),
    ("Whether the window fits was asked of n alone; with the zeros the line is n + 2p long.",
     lambda x, s, n, k, p: x // s + 1 if n >= k else 0),
    ("The count is right wherever the window fits.", lambda x, s, n, k, p: x // s + 1),
]  # fmt: skip
BELOW = "And a window larger than its line gives a count below 0: it has no place to stand, max(0, ...)."
MISTAKES = [
    mistake for reason, formula in FORMULAS for mistake in (
        Mistake(reason, lambda n, k, p, s, of=formula: max(0, of(n + 2 * p - k, s, n, k, p))),
        Mistake(f"{reason} {BELOW}", lambda n, k, p, s, of=formula: of(n + 2 * p - k, s, n, k, p)))
]  # fmt: skip
