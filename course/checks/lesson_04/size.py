"""What the checker of exercise 4.1 needs: how many places a window has along a line."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks.compare import Case, Mistake


def cases():
    return [
        Case(5, 3, 0, 1),
        Case(7, 3, 0, 2),
        Case(8, 3, 0, 2, note="the last pixel is left over"),
        Case(5, 3, 1, 1, note="one zero on either side"),
        Case(150, 3, 0, 1),
        Case(28, 5, 2, 1),
        Case(10, 1, 0, 3),
        Case(224, 7, 3, 2),
        Case(11, 4, 1, 4),
        Case(3, 3, 0, 1, note="it fits once"),
        Case(2, 3, 0, 1, note="the window is larger than the line"),
        Case(2, 3, 1, 1, note="with padding it fits"),
        Case(3, 8, 0, 1, note="the window is much larger than the line"),
        Case(4, 11, 1, 2, note="larger than the line, padding included"),
        Case(4, 5, 0, 2, note="larger than the line by less than a stride"),
    ]


def places(n, k, p, s):
    """Count the windows that NumPy cuts out of n + 2p pixels, every s-th taken."""
    return len(sliding_window_view(np.zeros(n + 2 * p), k)[::s]) if k <= n + 2 * p else 0


def _formula(n, k, p, s):
    return (n + 2 * p - k) // s + 1


MISTAKES = [
    Mistake("Off by one: this counts the steps between places. n - k steps lead through n - k + 1 places: add 1 at "
            "the end.",
            wrong=lambda n, k, p, s: max((n + 2 * p - k) // s, 0)),
    Mistake("Off by one: this counts the steps between places, not the places (add 1 at the end), and a window that "
            "does not fit gives a negative count.",
            wrong=lambda n, k, p, s: (n + 2 * p - k) // s),
    Mistake("A window larger than its line has no place to stand, but here comes a count below 0. Return 0 then: "
            "max(0, ...).",
            wrong=_formula),
    Mistake("The + 1 stands inside the division. The first place is there whatever the stride: divide first, then "
            "add 1.",
            wrong=lambda n, k, p, s: max((n + 2 * p - k + 1) // s, 0)),
    Mistake("The padding is counted once. There are p zeros on either side: 2p pixels more.",
            wrong=lambda n, k, p, s: max(0, (n + p - k) // s + 1)),
    Mistake("The padding is not used: the line is n + 2p pixels long.",
            wrong=lambda n, k, p, s: max(0, (n - k) // s + 1)),
    Mistake("The stride is not used. With stride s only every s-th place is taken: divide by s before you add 1.",
            wrong=lambda n, k, p, s: max(0, n + 2 * p - k + 1)),
    Mistake("This rounds up, and the last window hangs over the edge. A step that does not fit in whole is not made: "
            "// rounds down.",
            wrong=lambda n, k, p, s: max(0, -(-(n + 2 * p - k) // s) + 1)),
    Mistake("/ leaves a fraction of a step. A step that does not fit in whole is not made: //.",
            wrong=lambda n, k, p, s: max(0, (n + 2 * p - k) / s + 1)),
    Mistake("/ leaves a fraction, and a window that does not fit gives a count below 0. Use // and max(0, ...).",
            wrong=lambda n, k, p, s: (n + 2 * p - k) / s + 1),
    Mistake("This rounds to the nearest number. A step that does not fit in whole is not made: //.",
            wrong=lambda n, k, p, s: max(0, round((n + 2 * p - k) / s) + 1)),
    Mistake("int(...) cuts towards 0: half a step too little, -1/2, becomes 0 steps, and a window that does not fit "
            "seems to fit. // rounds down.",
            wrong=lambda n, k, p, s: max(0, int((n + 2 * p - k) / s) + 1)),
    Mistake("The distance is made positive with abs(...), so a window that does not fit seems to fit.",
            wrong=lambda n, k, p, s: abs(n + 2 * p - k) // s + 1),
]  # fmt: skip
