"""Checkers of lesson 25: what must go from a header, kappa, an average by size, a picture out of a gradient."""

from course.checks.compare import adapted, against_reference
from course.checks.core import exercise
from course.checks.lesson_25 import averaged, header, inverted, kappa


@exercise("25.1")
def to_remove(answer):
    """What must go: header {tag: text or list of headers}, listed tags -> sorted list of paths."""
    return against_reference(adapted(answer, header.as_text), header.by_stack, header.cases(), "a walk with a stack",
                             header.MISTAKES)  # fmt: skip


@exercise("25.2")
def cohens_kappa(answer):
    """Cohen's kappa of two readers' labels (n,), (n,) -> number."""
    return against_reference(answer, kappa.by_library, kappa.cases(), "scikit-learn's cohen_kappa_score",
                             kappa.MISTAKES, rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("25.3")
def federated_average(answer):
    """Average of weights by size: list of arrays of one shape, list of sizes -> array."""
    return against_reference(answer, averaged.by_library, averaged.cases(), "NumPy's average", averaged.MISTAKES,
                             rtol=1e-6, atol=1e-9)  # fmt: skip


@exercise("25.4")
def picture_from_gradient(answer):
    """The input of a dense layer from its gradients: dW (d, units), db (units,) -> (d,)."""
    return against_reference(answer, inverted.by_library, inverted.cases(), "NumPy's lstsq", inverted.MISTAKES,
                             rtol=1e-4, atol=1e-6)  # fmt: skip
