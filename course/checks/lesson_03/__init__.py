"""Checkers of lesson 03: measuring nuclei. Cases, references and mistakes stand in the modules beside."""

from course.checks.compare import adapted, against_reference
from course.checks.core import NotYet, exercise
from course.checks.lesson_03 import contour, summary, threshold
from course.checks.lesson_03 import radii as radius


@exercise("3.1")
def otsu(answer):
    """From whole-number values (any shape) to the smallest cut with the largest between-class variance."""
    library = "scikit-image's threshold_otsu"
    try:
        return against_reference(
            answer, threshold.by_library, threshold.otsu_cases(), library, threshold.OTSU_MISTAKES
        )
    except NotYet as problem:
        raise threshold.explained(problem) from problem.error


@exercise("3.2")
def radii(answer):
    """From labels (h, w) and a pixel size to the equivalent radius of each nucleus, (n,)."""
    return against_reference(
        adapted(answer, radius.as_array), radius.by_regionprops, radius.cases(), "scikit-image's regionprops",
        radius.MISTAKES,
    )  # fmt: skip


@exercise("3.3")
def summarise(answer):
    """From the values of n nuclei (n,) to mean, standard error and worst."""
    return against_reference(
        answer, summary.by_scipy, summary.cases(), "SciPy's sem, and NumPy's partition for the three largest",
        summary.MISTAKES,
    )  # fmt: skip


@exercise("3.4")
def compactness(answer):
    """From a closed contour (n, 2) to p^2 / (4 pi a) - 1, one number."""
    return against_reference(
        answer, contour.by_library, contour.cases(),
        "p^2 / (4 pi a) - 1, with p and a from SciPy (distances; convex hull less the dents)",
        contour.MISTAKES,
    )  # fmt: skip
