"""What the checker of exercise 1.1 needs: a box (x, y, width, height) cut out of a picture."""

import numpy as np
from PIL import Image

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet, refused

SWAPPED = (
    "Rows and columns have changed places. x runs to the right, so it counts columns; y runs down, so it counts rows. "
    "In square brackets the rows come first: picture[rows, columns]."
)


def cases():
    rng = np.random.default_rng(11)
    page = np.arange(15, dtype=np.uint8).reshape(3, 5)
    grey = rng.integers(0, 256, (12, 9), dtype=np.uint8)
    return [
        Case(page, (1, 0, 3, 2), note="3 rows, 5 columns"),
        Case(page, (2, 1, 2, 2), note="it ends at the lower edge"),
        Case(grey, (1, 4, 6, 3)),
        Case(grey, (5, 2, 4, 7), note="it ends at the right edge"),
        Case(grey, (0, 0, 9, 12), note="the whole picture"),
        Case(grey, (4, 6, 1, 1), note="a single pixel"),
        Case(rng.integers(0, 256, (7, 10, 3), dtype=np.uint8), (2, 1, 5, 4), note="a colour picture"),
        Case(rng.normal(size=(6, 8)).astype(np.float32), (3, 0, 4, 5), note="floats"),
    ]


def refusals():
    picture = np.arange(15, dtype=np.uint8).reshape(3, 5)
    over = ("A box that hangs over the edge must be refused: a slice that runs over the edge is cut short without a "
            "word, and the piece is smaller than whoever asked for it believes.")  # fmt: skip
    before = ("A box that begins before the picture must be refused: in a slice, a negative number counts from the "
              "end, and the piece comes from somewhere else or is empty.")  # fmt: skip
    empty = "A box without a pixel must be refused: its width and its height are at least 1."
    return [
        (Case(picture, (3, 0, 3, 2), note="columns 3 to 5, and the last column is 4"), over),
        (Case(picture, (0, 2, 2, 2), note="rows 2 to 3, and the last row is 2"), over),
        (Case(picture, (-1, 0, 3, 2), note="x is -1"), before),
        (Case(picture, (1, -2, 2, 2), note="y is -2"), before),
        (Case(picture, (1, 1, 0, 2), note="a width of 0"), empty),
        (Case(picture, (1, 1, 2, 0), note="a height of 0"), empty),
        (Case(picture, (3, 1, -1, 2), note="a width of -1"), empty),
        (Case(picture, (3, 2, -1, -2), note="width and height below 0"), empty),
    ]


def by_pillow(picture, box):
    x, y, width, height = box
    return np.asarray(Image.fromarray(picture).crop((x, y, x + width, y + height)))


def _slices(rows, columns):
    """Return a mistaken crop: rows and columns are functions of (x, y, width, height) that give (first, stop)."""
    return lambda picture, box: picture[slice(*rows(*box)), slice(*columns(*box))]


def _refuses_the_edge(picture, box):
    x, y, width, height = box
    if x + width >= picture.shape[1] or y + height >= picture.shape[0]:
        raise ValueError
    return by_pillow(picture, box)


def _twice(picture, box):
    x, y, width, height = box
    return picture[y:y + height][x:x + width]


MISTAKES = [
    Mistake(SWAPPED, wrong=_slices(lambda x, y, w, h: (x, x + w), lambda x, y, w, h: (y, y + h))),
    Mistake(SWAPPED, wrong=_slices(lambda x, y, w, h: (x, x + h), lambda x, y, w, h: (y, y + w))),
    Mistake("The corner is right, but width and height have changed places: the width counts columns, the height rows.",
            wrong=_slices(lambda x, y, w, h: (y, y + w), lambda x, y, w, h: (x, x + h))),
    Mistake("A slice ends *before* its second number, so no 1 is to be added: 2:5 are the three rows 2, 3 and 4.",
            wrong=_slices(lambda x, y, w, h: (y, y + h + 1), lambda x, y, w, h: (x, x + w + 1))),
    Mistake("The last row and the last column are missing. A slice ends before its second number; nothing is to be "
            "taken off it.",
            wrong=_slices(lambda x, y, w, h: (y, y + h - 1), lambda x, y, w, h: (x, x + w - 1))),
    Mistake("Width and height are sizes, not places: the box ends at x + width and y + height.",
            wrong=_slices(lambda x, y, w, h: (y, h), lambda x, y, w, h: (x, w))),
    Mistake("Width and height are sizes, not places, and the rows come first: rows y to y + height, columns x to x + "
            "width.",
            wrong=_slices(lambda x, y, w, h: (x, w), lambda x, y, w, h: (y, h))),
    Mistake("Two pairs of brackets cut the rows twice: picture[a:b] is a picture again, and [c:d] behind it means its "
            "rows. Put both into one pair, with a comma: picture[rows, columns].",
            wrong=_twice),
    Mistake("The x of the box is not used: the piece begins at the left edge.",
            wrong=_slices(lambda x, y, w, h: (y, y + h), lambda x, y, w, h: (0, w))),
    Mistake("The place of the box is not used: this is the upper left corner of the picture.",
            wrong=_slices(lambda x, y, w, h: (0, h), lambda x, y, w, h: (0, w))),
    Mistake("A whole strip came out, with all columns. The box has a left and a right end too.",
            wrong=_slices(lambda x, y, w, h: (y, y + h), lambda x, y, w, h: (None,))),
    Mistake("A whole strip came out, with all rows. The box has an upper and a lower end too.",
            wrong=_slices(lambda x, y, w, h: (None,), lambda x, y, w, h: (x, x + w))),
    Mistake("The piece lies on its side: its columns stand as rows. Leave out the transpose.",
            when=lambda result, expected, *inputs: expected.ndim == 2 and np.shape(result) == expected.T.shape
            and np.array_equal(result, expected.T) and not np.array_equal(result, expected)),
    Mistake("One channel is left of three. Cut rows and columns, and leave the third axis as it is.",
            when=lambda result, expected, *inputs: expected.ndim == 3 and np.shape(result) == expected.shape[:2]),
    Mistake("A box that ends exactly at the edge fits, and must not be refused: x + width may be equal to the number "
            "of columns, and y + height to that of the rows.",
            wrong=_refuses_the_edge),
]  # fmt: skip


def explained(problem, answer):
    """Return the NotYet, with a better reason where the learner's code refused a box that fits."""
    if not (problem.reason.startswith("Your code stopped") and refused(answer, problem.error)):
        return problem
    picture, (x, y, width, height) = problem.case.args
    rows, columns = picture.shape[:2]
    reason = (f"This box fits (x + width = {x + width} of {columns} columns, y + height = {y + height} of {rows} "
              "rows), and your code refused it. Did you compare x with the columns, shape[1], and y with the rows, "
              "shape[0]?")
    return NotYet(reason, [*problem.details, ("came out", problem.reason)], problem.error, problem.case)
