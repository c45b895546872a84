"""Checkers of lesson 03: measuring nuclei. Cases, references and mistakes stand in the modules beside."""

from course.checks.compare import adapted, against_reference
from course.checks.core import exercise
from course.checks.lesson_03 import contour, summary, threshold
from course.checks.lesson_03 import radii as radius


@exercise("3.1")
def otsu(answer):
    """From whole-number values (any shape) to the smallest cut with the largest between-class variance."""
    return against_reference(
        answer, threshold.by_library, threshold.cases(), "scikit-image's threshold_otsu", threshold.MISTAKES)


@exercise("3.2")
def radii(answer):
    """From labels (h, w) and a pixel size to the equivalent radius of each nucleus, (n,)."""
    answer = adapted(answer, lambda result: list(result) if hasattr(result, "__next__") else result)
    return against_reference(
        answer, radius.by_regionprops, radius.cases(), "scikit-image's regionprops", radius.MISTAKES)


@exercise("3.3")
def summarise(answer):
    """From the values of n nuclei (n,) to mean, standard error and worst."""
    library = "SciPy's sem, and NumPy's partition for the three largest"
    return against_reference(answer, summary.by_scipy, summary.cases(), library, summary.MISTAKES)


@exercise("3.4")
def compactness(answer):
    """From a closed contour (n, 2) to p^2 / (4 pi a) - 1, one number."""
    library = "p^2 / (4 pi a) - 1, with p and a by SciPy (distances from point to point; the trapezoidal rule)"
    return against_reference(answer, contour.by_library, contour.cases(), library, contour.MISTAKES)
