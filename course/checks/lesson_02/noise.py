"""What the checkers of exercises 2.3 and 2.5 need: variance of weighted noise, and noise in the right place."""

import inspect

import numpy as np

from course.checks.compare import Case, Mistake, describe, find_difference, require
from course.checks.core import NotYet, call


def weight_cases():
    rng = np.random.default_rng(23)
    gauss = np.exp(-np.arange(-3, 4) ** 2 / 2)
    return [
        Case(2.0, np.full(3, 1 / 3), note="the average of three"),
        Case(3.0, np.full((2, 2), 1 / 4), note="the average of 2 x 2"),
        Case(5.0, gauss / gauss.sum(), note="a blur"),
        Case(4.0, np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16, note="a blur in two directions"),
        Case(0.5, np.array([1.0]), note="one number as it is"),
        Case(1.5, np.array([-1.0, 0, 1]), note="a difference: weights need not add up to 1"),
        Case(2.5, rng.normal(size=(2, 5))),
        Case(0.0, np.full(4, 1 / 4), note="no noise"),
    ]


def by_covariance(alpha, weights):
    w = weights.ravel()
    return w @ (alpha**2 * np.eye(w.size)) @ w


WEIGHT_MISTAKES = [
    Mistake("This is the deviation. The variance, its square, is asked.",
            wrong=lambda alpha, weights: alpha * np.sqrt(np.sum(weights**2))),
    Mistake("alpha is a deviation: the variance of the noise is alpha squared.",
            wrong=lambda alpha, weights: alpha * np.sum(weights**2)),
    Mistake("The weights have to be squared, one by one, before they are added up.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(weights)),
    Mistake("The sum of the weights is squared here. Square first, then add: it is variances that add up.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(weights) ** 2),
    Mistake("This divides by the number of weights, which is right only where all weights are 1 / n. Use the weights.",
            wrong=lambda alpha, weights: alpha**2 / weights.size),
    Mistake("This divides by len(weights). That holds for equal weights in one row only: use the weights, all of them.",
            wrong=lambda alpha, weights: alpha**2 / len(weights)),
    Mistake("This is a quarter whatever the weights are: right for the average of four only.",
            wrong=lambda alpha, weights: alpha**2 / 4),
    Mistake("This is the mean of the squares. The variances add up: take their sum.",
            wrong=lambda alpha, weights: alpha**2 * np.mean(weights**2)),
    Mistake("Weights count squared, not by their size: the variance of w times x is w squared times that of x.",
            wrong=lambda alpha, weights: alpha**2 * np.sum(np.abs(weights))),
    Mistake("This is the noise before anything is averaged. Use the weights.",
            wrong=lambda alpha, weights: alpha**2),
    Mistake("Python's `sum` adds the rows of a table and leaves a row. Use np.sum, which adds all.",
            when=lambda result, expected, alpha, weights: np.shape(result) == weights.shape[1:] != ()),
    Mistake("The weights came back, each by itself. Add them up to one number.",
            when=lambda result, expected, alpha, weights: np.shape(result) == weights.shape != (1,)),
]  # fmt: skip


def require_exact(answer):
    """Raise NotYet when all values are near the right ones and not exact: drawn at random, or rounded."""
    results, exact = [], []
    for case in weight_cases():
        expected = case.run(by_covariance)
        try:
            result = call(answer, *case.args)
        except NotYet:
            return
        if find_difference(result, expected, rtol=0.25, atol=0.005):
            return
        results.append(float(result))
        exact.append(find_difference(result, expected) is None)
    if all(exact):
        return
    require(not np.array_equal(results, np.round(results, 3)), "The value is rounded. Return it as it is.")
    raise NotYet("The values are near the right ones and not equal, as if noise had been drawn and measured. Compute "
                 "the variance from alpha and the weights; do not draw it.")


def block_means(picture, k):
    h, w = picture.shape
    return picture.reshape(h // k, k, w // k, k).mean(axis=(1, 3), dtype=float)


def in_the_right_place(answer):
    """Return the sentence for exercise 2.5's right answer, or raise NotYet with what is measured and why."""
    _shrinks(answer)
    picture = np.random.default_rng(1).integers(60, 180, (600, 600), dtype=np.uint8)
    picture[:200], picture[200:400] = 0, 255
    k, alpha = 3, 12.0
    result = _noisy(answer, picture, k, alpha, 5)
    small = block_means(picture, k)
    noise = result - small
    _size_of_noise(noise, small, result, k, alpha)
    tails = np.mean((noise / alpha) ** 4)
    require(2.7 < tails < 3.3, "The noise has the right mean and deviation but is not normal. Draw it with "
            "rng.standard_normal.")  # fmt: skip
    _chance(answer, picture, k, alpha, result)
    other = _noisy(answer, picture / 10, 2, 0.7, 6) - block_means(picture / 10, 2)
    require(abs(other.std() / 0.7 - 1) < 0.03, f"With k = 2 and alpha = 0.7 the noise in the result has the deviation "
            f"{other.std():.2f}, not 0.7. Is a size or an alpha fixed in your code?")  # fmt: skip
    return ("The shrunk picture agrees with block averages on 3 pictures, the noise in it has deviation alpha, differs "
            "from pixel to pixel, is cut off nowhere and comes from the rng given.")


def _noisy(answer, picture, k, alpha, seed):
    result = call(answer, picture, k, alpha, np.random.default_rng(seed))
    zeros = np.zeros((picture.shape[0] // k, picture.shape[1] // k))
    problem = find_difference(result, zeros, rtol=0, atol=np.finfo(float).max)  # of its kind and shape, not its values
    if problem:
        raise NotYet(problem, [("went in", f"picture = {describe(picture)}, k = {k}, alpha = {alpha}")])
    return np.asarray(result)


def _shrinks(answer):
    rng = np.random.default_rng(0)
    pictures = [(rng.normal(100, 20, (4, 6)), 2), (rng.normal(0, 1, (9, 6)), 3),
                (rng.integers(150, 256, (8, 4), dtype=np.uint8), 2)]  # fmt: skip
    for picture, k in pictures:
        result = _noisy(answer, picture, k, 0.0, 0)
        expected = block_means(picture, k)
        difference = find_difference(result, expected, 1e-5, 1e-4)
        if difference:
            raise NotYet(_why_not_shrunk(result, picture, k, expected) or f"With alpha = 0 nothing but the shrunk "
                         f"picture should be left. {difference}", [("went in", f"picture = {describe(picture)}, "
                         f"k = {k}, alpha = 0"), ("expected", describe(expected)), ("came out", describe(result))])


NO_NEIGHBOURS = ("The numbers averaged are not the neighbours of a k x k square. Split the rows into (h // k, k) "
                 "first, then the columns into (w // k, k): the order is h // k, k, w // k, k.")


def _why_not_shrunk(result, picture, k, expected):
    h, w = picture.shape
    view = picture.reshape(h // k, k, w // k, k)
    sums = view.sum(axis=(1, 3), dtype=picture.dtype)
    reasons = [
        (_by_resize(picture, expected.shape), "resize blurs further than the k x k pixels. Here the plain average of "
                                              "each square is asked."),
        (picture.reshape(k, h // k, k, w // k).mean(axis=(0, 2)), NO_NEIGHBOURS),
        (picture.reshape(h // k, w // k, k, k).mean(axis=(2, 3)), NO_NEIGHBOURS),
        (view[:, 0, :, 0], "This keeps the first pixel of each square and never looks at the others: fine texture "
                           "turns into false patterns. Average each k x k square."),
        (view.sum(axis=(1, 3), dtype=float), "This is the sum of each square. Divide by k * k."),
        (view.sum(axis=(1, 3), dtype=float) / k, "The sum is divided by k. A square has k * k pixels."),
        (sums / k**2, "The sums are made in uint8 and wrap around. Average floats, or with `mean`."),
        (view.max(axis=(1, 3)), "This is the largest pixel of each square. Average each square."),
        (np.clip(expected, 0, 255), "The result was cut off below 0."),
        (np.clip(expected, 0, 1), "Everything was cut off to 0 ... 1. skimage's random_noise does so with floats. "
                                  "These pictures go up to 255."),
        (np.trunc(expected), "The result was cut down to whole numbers. Keep floats."),
        (np.rint(expected), "The result was rounded to whole numbers. Keep floats."),
        (expected / 255, "The picture was divided by 255. The result stays in the picture's unit."),
        (np.zeros_like(expected), "With alpha = 0 only zeros came back: the noise alone. Add it to the picture."),
        (picture[:len(expected), :expected.shape[1]], "This cuts off a corner of the picture. Average k x k squares."),
    ]  # fmt: skip
    return next((reason for wrong, reason in reasons if find_difference(result, wrong, 1e-5, 1e-4) is None), None)


def _by_resize(picture, shape):
    from skimage import transform

    return transform.resize(picture, shape, anti_aliasing=True, preserve_range=True)


def _size_of_noise(noise, small, result, k, alpha):
    spread = [noise[part].std() for part in (small == 0, small == 255, (small > 0) & (small < 255))]
    measured = f"deviation of the noise {noise.std():.2f}, its mean {noise.mean():.2f}; alpha = {alpha:g}, k = {k}"
    came = {"came_out": measured}
    require(np.any(noise), "No noise arrived in the result.", **came)
    require(result.max() > 1, "Everything lies between 0 and 1: skimage's random_noise cuts floats off there. These "
            "pictures go up to 255; add the noise yourself.", **came)
    require(spread[0] > 1e-9 or spread[1] < 1e-9, "Black pixels got no noise: it was multiplied with the picture. "
            "x' = x + alpha * noise adds it.", **came)
    require(np.ptp(noise) > 1e-6 * alpha, "All pixels got the same random number. Draw one for each: "
            "rng.standard_normal(shape).", **came)
    _independent(noise, came)
    require(abs(noise.mean()) < 0.2 * alpha or noise[small == 0].min() < 0, "The noise is never below 0: it makes the "
            "picture brighter. Normal noise has mean 0 and both signs.", **came)
    cut = "Noise is cut off at {}: there it has only one sign, and shifts the mean. Cut nothing off."
    require(result.min() < 0, cut.format("0, the end of the range"), **came)
    require(result.max() > 255, cut.format("255, the end of the range"), **came)
    whole = np.allclose(result, np.rint(result))
    require(not whole, "The result was rounded to whole numbers. Keep floats.", **came)
    require(abs(noise.mean()) < 0.05 * noise.std(), "The noise has not the mean 0.", **came)
    ratio = noise.std() / alpha
    words = {
        1 / k: "The noise was added before shrinking, and averaging k x k pixels left 1 / k of its deviation. Shrink "
               "first, then add.",
        alpha: "alpha was squared: it is the deviation already.",
        alpha**-0.5: "The root of alpha was taken: it is the deviation already, not the variance.",
        1 / alpha: "The noise has deviation 1: alpha is not used.",
        k: "The deviation was multiplied by k. If you add noise after shrinking, alpha is right as it is.",
        3**-0.5: "The noise is evenly spread between -alpha and alpha, so its deviation is 0.58 alpha. Draw it from "
                 "the normal distribution.",
        255: "alpha was multiplied by 255. It is given in the picture's unit.",
        1 / 255: "alpha was divided by 255. It is given in the picture's unit.",
    }  # fmt: skip
    likely = next((text for wrong, text in words.items() if abs(ratio / wrong - 1) < 0.05), None)
    require(abs(ratio - 1) < 0.03, likely or f"The noise has a deviation of {ratio:.2f} times alpha.", **came)


def _independent(noise, came):
    noise = noise[134:] - noise[134:].mean()  # below the black and the white part, where it might be cut off
    right = np.mean(noise[:, 1:] * noise[:, :-1]) / noise.var()
    below = np.mean(noise[1:] * noise[:-1]) / noise.var()
    for share, where in ((right, "beside"), (below, "below")):
        require(abs(share) < 0.05, f"Pixels {where} each other got noise that goes together. Draw a number of its own "
                "for each pixel of the small picture.", **came)  # fmt: skip


def _chance(answer, picture, k, alpha, first):
    require(np.array_equal(first, _noisy(answer, picture, k, alpha, 5)), "The same rng (same seed) gave other noise: "
            "yours comes from somewhere else. Draw from the rng that is handed over.")  # fmt: skip
    other = _noisy(answer, picture, k, alpha, 6)
    require(not np.array_equal(first, other), "Another seed gave the same noise: a generator with a fixed seed of your "
            "own is at work. Draw from the rng that is handed over.")  # fmt: skip
    rng = np.random.default_rng(7)
    parameters = list(inspect.signature(answer).parameters)
    one, two = (answer(picture.copy(), k, alpha, rng) for _ in range(2))
    require(not np.array_equal(one, two), "Twice the same rng, one after the other, gave twice the same noise. Draw "
            f"from `{parameters[-1]}`; do not make a new generator out of it.")  # fmt: skip
