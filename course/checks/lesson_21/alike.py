"""What the checker of exercise 21.1 needs: pictures, their correlations by NumPy, classic mistakes."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def cases():
    hand = np.array([[[1, 2], [3, 6]], [[6, 3], [2, 1]], [[2, 1], [3, 6]]], np.uint8)
    every = [Case(hand, note="three pictures of the text")]
    for seed, (n, h, w) in enumerate([(4, 5, 7), (6, 3, 3), (2, 8, 2), (5, 1, 9)]):
        rng = np.random.default_rng(seed)
        pictures = rng.integers(0, 256, (n, h, w)).astype(np.uint8)
        pictures[-1] = pictures[0] // 2 + 60  # a twin, paler and brighter
        every.append(Case(pictures))
    flat = every[2].args[0].copy()
    flat[1] = 90
    return [*every, Case(flat, note="one picture of a single grey value")]


def by_library(pictures):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(np.corrcoef(pictures.reshape(len(pictures), -1)))


def _rows(pictures):
    return pictures.reshape(len(pictures), -1).astype(float)


def _divided(x, length):
    return np.divide(x, length, out=np.zeros_like(x), where=length > 0)


def wrong(mean=lambda x: x.mean(axis=1, keepdims=True), length=lambda x: np.linalg.norm(x, axis=1, keepdims=True),
          after=lambda r: r):  # fmt: skip
    """Correlations with something changed: which mean is taken out, the length divided by, the end."""
    def answer(pictures):
        x = _rows(pictures)
        x = x - mean(x)
        return after(_divided(x, np.broadcast_to(length(x), x.shape)) @ _divided(
            x, np.broadcast_to(length(x), x.shape)).T)  # fmt: skip
    return answer


def _by_sample(pictures):
    x = _rows(pictures)
    return by_library(pictures) * x.shape[1] / (x.shape[1] - 1)


MISTAKES = [
    Mistake("There is no number where a picture has one grey value only: its length is 0, and something is divided by "
            "it. Such a picture correlates with none: 0.",
            when=lambda result, expected, *inputs: result is not None and np.shape(result) == expected.shape
            and bool(np.all(np.isnan(np.asarray(result, float)) <= (expected == 0)))
            and bool(np.isnan(np.asarray(result, float)).any())),
    *mistakes(
        ("The mean was not taken out: this is the cosine of the grey values. Any two bright pictures are near by it.",
         wrong(mean=lambda x: 0)),
        ("One mean of all pictures was taken out. Each picture loses its own.", wrong(mean=lambda x: x.mean())),
        ("The mean picture was taken out (axis 0). Each picture loses its own mean grey value.",
         wrong(mean=lambda x: x.mean(axis=0))),
        ("These are products of the deviations. Divide by both lengths, so that contrast does not count.",
         wrong(length=lambda x: np.ones((len(x), 1)))),
        ("These are covariances. Divide by both deviations (or lengths).",
         wrong(length=lambda x: np.full((len(x), 1), np.sqrt(x.shape[1]))),
         wrong(length=lambda x: np.full((len(x), 1), np.sqrt(max(x.shape[1] - 1, 1))))),
        ("Divided once by the deviations' product and once by another number of pixels: n in one place, n - 1 in the "
         "other.", _by_sample, lambda pictures: by_library(pictures) * (1 - 1 / _rows(pictures).shape[1])),
        ("Sums of products were not divided by the number of pixels, though standard deviations are means.",
         lambda pictures: by_library(pictures) * _rows(pictures).shape[1]),
        ("The sign is lost. A negative is no twin: keep r, not |r|.", wrong(after=np.abs)),
        ("These are squares of r.", wrong(after=np.square)),
        ("These are distances, 1 - r. The correlation was asked for.", wrong(after=lambda r: 1 - r)),
        ("The diagonal was set to 0. A picture correlates with itself by 1; leave the choice of pairs to others.",
         lambda pictures: by_library(pictures) * (1 - np.eye(len(pictures)))),
    ),
]  # fmt: skip
