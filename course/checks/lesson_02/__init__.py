"""Checkers of lesson 02: preprocessing. Cases and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference, value_against
from course.checks.core import NotYet, exercise
from course.checks.lesson_02 import noise, numbers, rgb, training

SINGLE = {"rtol": 1e-4, "atol": 1e-4}  # float32 is welcome where it is exact enough


@exercise("2.1")
def by_hand(answer):
    """Four numbers standardised on paper; two decimals are enough."""
    source = "scikit-learn's StandardScaler (to two decimals)"
    return value_against(numbers.as_list(answer), numbers.FOUR, source, numbers.FOUR_MISTAKES, rtol=0, atol=0.0067)


@exercise("2.2")
def standardise(answer):
    """Standardise by channel with training statistics: train (n, h, w, c), new (m, ...) -> float, shape of new."""
    library = "scikit-learn's StandardScaler, fitted on the training pictures"
    try:
        return against_reference(answer, numbers.by_sklearn, numbers.cases(), library, numbers.MISTAKES, **SINGLE)
    except NotYet as problem:
        raise numbers.explained(problem) from problem.error


@exercise("2.3")
def as_rgb(answer):
    """Any uint8 picture to (h, w, 3), or ValueError."""
    library = "scikit-image's gray2rgb and Pillow's convert"
    rgb.require_acceptance(answer)
    try:
        agreed = against_reference(answer, rgb.by_libraries, rgb.cases(), library, rgb.MISTAKES, rtol=0, atol=0)
    except NotYet as problem:
        raise rgb.in_own_words(problem) from problem.error
    return f"{agreed} {rgb.refuses(answer)}"


@exercise("2.4")
def variance_after(answer):
    """Variance of weighted noise: alpha, weights of any shape -> one number."""
    library = "the rule w C w for a covariance matrix C with alpha squared on its diagonal"
    noise.require_exact(answer)
    return against_reference(answer, noise.by_covariance, noise.weight_cases(), library, noise.WEIGHT_MISTAKES)


@exercise("2.5")
def training_batch(answer):
    """Change pictures only while training: pictures (n, h, w, c), augment, seed, training=False -> (n, h, w, c)."""
    return training.only_while_training(answer)
