"""What the checker of exercise 1.1 needs: a box (x, y, width, height) cut out of a picture."""

import numpy as np
from PIL import Image

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(11)
    page = np.arange(15, dtype=np.uint8).reshape(3, 5)
    grey = rng.integers(0, 256, (12, 9), dtype=np.uint8)
    colour = rng.integers(0, 256, (7, 10, 3), dtype=np.uint8)
    return [
        Case(page, (1, 0, 3, 2), note="3 rows, 5 columns"),
        Case(page, (2, 1, 2, 2), note="it ends at the lower edge"),
        Case(grey, (1, 4, 6, 3)),
        Case(grey, (5, 2, 4, 7), note="it ends at the right edge"),
        Case(grey, (0, 0, 9, 12), note="the whole picture"),
        Case(grey, (4, 6, 1, 1), note="a single pixel"),
        Case(grey[:1], (3, 0, 4, 1), note="a picture of one row"),
        Case(grey[:, :1], (0, 8, 1, 3), note="a picture of one column"),
        Case(grey[:9], (2, 4, 3, 3), note="all is square"),
        Case(colour, (2, 1, 5, 4), note="a colour picture"),
        Case(colour[:, :2], (0, 3, 2, 3), note="a colour picture of two columns"),
        Case(rng.normal(size=(6, 8)).astype(np.float32), (3, 0, 4, 5), note="floats"),
        Case(rng.integers(0, 4096, (5, 6), dtype=np.int32), (1, 2, 3, 2), note="more than 256 levels"),
    ]


def refusals():
    grey, colour = np.arange(15, dtype=np.uint8).reshape(3, 5), np.zeros((6, 2, 3), np.uint8)
    return [(Case(picture, box), reason) for reason, picture, *boxes in [
        ("A box that hangs over the edge must be refused: a slice that runs over the edge is cut short without a word, "
         "and the piece is smaller than whoever asked for it believes.",
         grey, (3, 0, 3, 2), (0, 2, 2, 2), (6, 0, 1, 1), (0, 4, 1, 1)),
        ("A box that hangs over the edge of a colour picture must be refused too: its rows and columns are shape[:2].",
         colour, (1, 0, 2, 2), (0, 5, 1, 2)),
        ("A box that begins before the picture must be refused: in a slice, a negative number counts from the end, and "
         "the piece comes from somewhere else or is empty.",
         grey, (-1, 0, 3, 2), (1, -2, 2, 2), (-4, 0, 2, 2), (1, -3, 2, 2)),
        ("A box without a pixel must be refused: its width and its height are at least 1.",
         grey, (1, 1, 0, 2), (1, 1, 2, 0), (3, 1, -1, 2), (1, 2, 2, -2), (3, 2, -1, -2)),
    ] for box in boxes]  # fmt: skip


def by_pillow(picture, box):
    x, y, width, height = box
    return np.asarray(Image.fromarray(picture).crop((x, y, x + width, y + height)))


def _cut(ends):
    """Return a mistaken crop: ends(x, y, width, height) -> first row, end of the rows, first column, end of these."""
    def wrong(picture, box):
        top, bottom, left, right = ends(*box)
        return picture[top:bottom, left:right]
    return wrong


def _refusing(test):
    """Return a right crop that refuses boxes of which test(rows, columns, x, y, width, height) is True."""
    def wrong(picture, box):
        if test(*picture.shape[:2], *box):
            raise ValueError
        return by_pillow(picture, box)
    return wrong


TABLE = [  # the reason, and the wrong ways that it explains
    ("Rows and columns are mixed up: x and the width count columns, y and the height count rows. In square brackets "
     "the rows come first: picture[rows, columns].", _cut(lambda x, y, w, h: (x, x + w, y, y + h)),
     _cut(lambda x, y, w, h: (x, x + h, y, y + w)), _cut(lambda x, y, w, h: (y, y + w, x, x + h))),
    ("Rows and columns end one too late, or one too early: 2:5 are the three rows 2, 3 and 4. A slice ends *before* "
     "its second number, so nothing is to be added to y + height or taken off it.",
     _cut(lambda x, y, w, h: (y, y + h + 1, x, x + w + 1)), _cut(lambda x, y, w, h: (y, y + h - 1, x, x + w - 1))),
    ("Width and height are sizes, not places: the box is rows y to y + height, columns x to x + width.",
     _cut(lambda x, y, w, h: (y, h, x, w)), _cut(lambda x, y, w, h: (x, w, y, h))),
    ("Two pairs of brackets cut the rows twice: picture[a:b] is a picture again, and [c:d] behind it means its rows. "
     "Put both into one pair, with a comma: picture[rows, columns].",
     lambda picture, box: picture[box[1]:box[1] + box[3]][box[0]:box[0] + box[2]]),
    ("Not all of the box is used: it has a first column x, a first row y, a width and a height.",
     *map(_cut, [lambda x, y, w, h: (y, y + h, 0, w), lambda x, y, w, h: (0, h, x, x + w),
                 lambda x, y, w, h: (0, h, 0, w), lambda x, y, w, h: (y, y + h, None, None),
                 lambda x, y, w, h: (None, None, x, x + w)])),
    ("The piece lies on its side: its columns stand as rows. Leave out the transpose.",
     lambda *given: by_pillow(*given).T, lambda *given: np.swapaxes(by_pillow(*given), 0, 1),
     lambda *given: by_pillow(*given).T if given[0].ndim == 2 else by_pillow(*given)),
    ("One channel is left of three. Cut rows and columns, and leave the third axis as it is.",
     *(lambda *given, k=k: by_pillow(*given)[..., k] if given[0].ndim == 3 else by_pillow(*given) for k in range(3))),
    ("A box that fits was refused. It fits where x + width is at most the number of columns, and y + height at most "
     "that of the rows.", *map(_refusing, [
         lambda rows, columns, x, y, w, h: x + w >= columns or y + h >= rows,
         lambda rows, columns, x, y, w, h: x + w > rows or y + h > columns,
         lambda rows, columns, x, y, w, h: x + w > rows])),
]  # fmt: skip
MISTAKES = mistakes(*TABLE)
