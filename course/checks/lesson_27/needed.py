"""What the checker of exercise 27.2 needs: numbers of pictures by statsmodels' Wilson interval, classic mistakes."""

import math

from course.checks.compare import Case, mistakes

Z = 1.959963984540054


def cases():
    # no prevalence at which the quotient is a whole number but for rounding: ways of rounding up differ there
    return [Case(0.9, 0.05, 0.27, note="as in the text"), Case(0.8, 0.1, 0.5), Case(0.95, 0.03, 0.013),
            Case(0.5, 0.08, 0.31), Case(0.99, 0.02, 0.07), Case(0.7, 0.15, 1.0, note="positive pictures only")]


def _half(share, n, z=Z):
    return z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))


def _smallest(good):
    high = 1
    while not good(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


def by_library(sensitivity, half_width, prevalence):
    from statsmodels.stats.proportion import proportion_confint

    def good(n):
        low, high = proportion_confint(sensitivity * n, n, method="wilson")
        return (high - low) / 2 <= half_width

    n = _smallest(good)
    return n, math.ceil(n / prevalence)


def wrong(half=_half, whole=lambda n, prevalence: math.ceil(n / prevalence), width=1, end=0):
    """The numbers with something changed."""
    def answer(sensitivity, half_width, prevalence):
        n = _smallest(lambda n: half(sensitivity, n) * width <= half_width) + end
        return n, whole(n, prevalence)
    return answer


MISTAKES = mistakes(
    ("This is the plain normal formula, z sqrt(p (1 - p) / n): near 0 and 1 it asks for too few. Take Wilson's.",
     wrong(lambda p, n: Z * math.sqrt(p * (1 - p) / n))),
    ("The whole width was held against the half width. Half of the interval is to be at most that.", wrong(width=2)),
    ("z is missing (1.96 for 95 %): one standard error is too little.", wrong(lambda p, n: _half(p, n, 1.0))),
    ("z of another level was taken; for 95 % it is 1.96.", wrong(lambda p, n: _half(p, n, 1.6448536269514722)),
     wrong(lambda p, n: _half(p, n, 2.5758293035489004))),
    ("The number of positive pictures is right. All pictures: divide by the prevalence, since only that share is "
     "positive.", wrong(whole=lambda n, prevalence: n), wrong(whole=lambda n, prevalence: math.ceil(n * prevalence)),
     wrong(whole=lambda n, prevalence: n + math.ceil(n * prevalence))),
    ("The number of positive pictures is right. All pictures were rounded down or to the nearest: a part of a picture "
     "needs a whole one.", wrong(whole=lambda n, prevalence: int(n / prevalence)),
     wrong(whole=lambda n, prevalence: round(n / prevalence))),
    ("One too many: the smallest number that is enough was asked.", wrong(end=1)),
    ("One too few: at this number the interval is still too wide.", wrong(end=-1)),
)  # fmt: skip
