"""What the checker of exercise 20.1 needs: pictures, scores whose falls a library knows, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


class Score:
    """A score of one picture: bend(sum of w * picture). Its falls are correlations, bent."""

    def __init__(self, w, bend=lambda total: total):
        self.w, self.bend = w, bend

    def __call__(self, picture):
        picture = np.asarray(picture, float)
        if picture.shape != self.w.shape:
            raise ValueError(f"score takes one picture {self.w.shape}, not {picture.shape}")
        return float(self.bend(np.sum(self.w * picture)))

    def __repr__(self):
        return f"<score of a picture {self.w.shape}>"


def cases():
    bright = np.zeros((6, 6))
    bright[1, 4] = 1.0
    every = [Case(Score(np.ones((6, 6))), bright, 2, 2, 0.0, note="one bright pixel, score: sum")]
    sizes = [(9, 9, 3, 2), (8, 11, 4, 1), (12, 7, 2, 3), (10, 10, 5, 5), (11, 10, 3, 3)]
    for seed, (height, width, patch, stride) in enumerate(sizes):
        rng = np.random.default_rng(seed)
        bend = np.arctan if seed % 2 else (lambda total: total)
        every.append(Case(Score(rng.normal(size=(height, width)), bend), rng.random((height, width)).round(2), patch,
                          stride, [0.5, 0.25, 1.0, 0.5, 0.1][seed]))  # fmt: skip
    return every


def by_library(score, picture, patch, stride, fill):
    from scipy.signal import correlate2d

    falls = correlate2d(score.w * (picture - fill), np.ones((patch, patch)), "valid")[::stride, ::stride]
    whole = np.sum(score.w * picture)
    return score.bend(whole) - score.bend(whole - falls)


def by_hand(change=lambda whole, hidden: whole - hidden, keep=False, back=None, ends=lambda n, patch: n - patch + 1,
            filled=lambda fill, picture: fill, side=lambda patch: (patch, patch), outside=False):  # fmt: skip
    """The map with something changed; the right way unless changed.

    change: of both scores; keep: the squares stay; back: rows and columns exchanged; ends: where the tops end; filled:
    what the square shows; side: of the square; outside: all but the square is hidden.
    """
    def answer(score, picture, patch, stride, fill):
        (height, width), whole, hidden = picture.shape, score(picture), picture.astype(float)
        tops, lefts = range(0, ends(height, patch), stride), range(0, ends(width, patch), stride)
        out = np.zeros((len(tops), len(lefts)))
        for i, top in enumerate(tops):
            for j, left in enumerate(lefts):
                hidden = hidden if keep else picture.astype(float)
                place = slice(top, top + side(patch)[0]), slice(left, left + side(patch)[1])
                if outside:
                    hidden[:], hidden[place] = fill, picture[place]
                else:
                    hidden[place] = filled(fill, picture)
                out[i, j] = change(whole, score(hidden))
        return out.T if back else out
    return answer


def _every_place(score, picture, patch, stride, fill):
    return by_hand()(score, picture, patch, 1, fill)


def _whole_steps(score, picture, patch, stride, fill):
    return by_hand()(score, picture, patch, patch, fill)


MISTAKES = mistakes(
    ("The sign is turned: hidden minus whole. A place that the score needs is to stand above 0.",
     by_hand(lambda whole, hidden: hidden - whole)),
    ("These are the scores with the square, not how far they fall. Subtract them from the score of the whole picture.",
     by_hand(lambda whole, hidden: hidden)),
    ("The signs are lost: a place that holds the score down is to stand below 0.",
     by_hand(lambda whole, hidden: abs(whole - hidden))),
    ("The squares stay in the picture, one after the other. Hide each in a fresh copy: picture.copy().",
     by_hand(keep=True)),
    ("The last place is missing in each direction: the tops are range(0, h - patch + 1, stride).",
     by_hand(ends=lambda n, patch: n - patch)),
    ("Squares hang over the edge. The last top is at h - patch at most.", by_hand(ends=lambda n, patch: n)),
    ("The square is always 0. It shows `fill`.", by_hand(filled=lambda fill, picture: 0)),
    ("The square shows the picture's mean. It shows `fill`.", by_hand(filled=lambda fill, picture: picture.mean())),
    ("The stride is not used: the square moves by one pixel.", _every_place),
    ("The square moves by its own side. It moves by `stride`.", _whole_steps),
    ("All but the square is hidden. Hide the square alone.", by_hand(outside=True)),
    ("The square is a pixel too small: a slice ends before its second number, so top:top + patch.",
     by_hand(side=lambda patch: (patch - 1, patch - 1))),
    ("The square is a pixel too large: a slice ends before its second number, so top:top + patch.",
     by_hand(side=lambda patch: (patch + 1, patch + 1))),
    ("The falls are divided by the whole score. Their difference was asked.",
     by_hand(lambda whole, hidden: (whole - hidden) / whole)),
)  # fmt: skip
