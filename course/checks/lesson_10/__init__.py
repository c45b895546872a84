"""Checkers of lesson 10: a kernel, scores from support vectors, one step of sequential minimal optimization."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_10 import kernel, pair


@exercise("10.1")
def rbf_kernel(answer):
    """RBF kernel of all pairs: X (n, d), Z (m, d), gamma -> (n, m)."""
    return against_reference(answer, kernel.by_library, kernel.cases(), "scikit-learn's rbf_kernel", kernel.MISTAKES)


@exercise("10.2")
def scores(answer):
    """Scores from a solved dual: K_new (m, n), K (n, n), y, alpha (n,), C -> (m,), intercept from the free vectors."""
    return against_reference(answer, kernel.decided_by_library, list(kernel.machines()),
                             "scikit-learn's SVC.decision_function", kernel.SCORE_MISTAKES, rtol=1e-5, atol=1e-6)


@exercise("10.3")
def smo_step(answer):
    """One SMO step: K (n, n), y, alpha (n,), C, i, j (i asks for the higher intercept) -> new alpha (n,)."""
    return against_reference(answer, pair.by_search, list(pair.cases()), "SciPy's bounded search for the best step",
                             pair.MISTAKES, rtol=1e-5, atol=1e-7)
