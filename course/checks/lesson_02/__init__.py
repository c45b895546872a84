"""Checkers of lesson 02: preprocessing. Cases and classic mistakes stand in the modules beside."""

import numpy as np

from course.checks.compare import against_reference, require, value_against
from course.checks.core import exercise
from course.checks.differences import as_numbers
from course.checks.lesson_02 import noise, numbers, rgb, training


@exercise("2.1")
def by_hand(answer):
    """Four numbers standardised on paper; two decimals are enough."""
    dots = isinstance(answer, (list, tuple)) and any(one is ... or one is None for one in answer)
    require(not dots, "Three dots are left in the list. Four numbers are asked.")
    found = as_numbers(answer)
    found = answer if found is None or found.size != 4 else np.squeeze(found)  # one row of four is four numbers
    source = "scikit-learn's StandardScaler (to two decimals)"
    return value_against(found, numbers.FOUR, source, numbers.FOUR_MISTAKES, rtol=0, atol=0.0067)


@exercise("2.2")
def standardise(answer):
    """Standardise by channel with training statistics: train (n, h, w, c), new (m, ...) -> float, shape of new."""
    library = "scikit-learn's StandardScaler, fitted on the training pictures"
    for cases, mistakes in numbers.STAGES:  # float32 is welcome where it is exact enough
        against_reference(answer, numbers.by_sklearn, cases, library, mistakes, rtol=1e-4, atol=1e-4)
    return f"All {sum(len(cases) for cases, _ in numbers.STAGES)} cases agree with {library}."


@exercise("2.3")
def as_rgb(answer):
    """Any uint8 picture to (h, w, 3), or ValueError."""
    return (f"All {rgb.accepts(answer)} cases agree with scikit-image's gray2rgb and Pillow's convert. "
            f"{rgb.refuses(answer)} others are refused.")


@exercise("2.4")
def variance_after(answer):
    """Variance of weighted noise: alpha, weights of any shape -> one number."""
    library = "the rule w C w for a covariance matrix C with alpha squared on its diagonal"
    return against_reference(answer, noise.by_covariance, noise.cases(), library, noise.MISTAKES)


@exercise("2.5")
def training_batch(answer):
    """Change pictures only while training: pictures (n, h, w, c), augment, seed, training=False -> (n, h, w, c)."""
    return training.only_while_training(answer)
