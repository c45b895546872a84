"""Checkers of lesson 09: the support vector machine. Cases, references and mistakes stand in the modules beside."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_09 import score, slopes


@exercise("9.1")
def decide(answer):
    """From w (d,), b and X (n, d) to decisions (n,): 1 = malignant where the score is positive, else 0 = benign."""
    return against_reference(answer, score.decided_by_library, score.decision_cases(),
                             "the decisions of scikit-learn's LinearSVC", score.DECISION_MISTAKES)


@exercise("9.2")
def hinge(answer):
    """From w, b, X (n, d) and the course's labels (n,) of 0 and 1 to the hinge of each patient, (n,)."""
    sentence = against_reference(answer, score.hinges_by_library, score.hinge_cases(),
                                 "scikit-learn's hinge_loss, patient by patient", score.HINGE_MISTAKES)
    return f"{sentence} Your labels are turned into -1 and +1 on the way."


@exercise("9.3")
def objective(answer):
    """From w, b, X, y of -1 and +1, and C to P, one number."""
    return against_reference(answer, score.objective_by_library, score.objective_cases(), "half of SciPy's squared "
                             "length plus C times the sum of scikit-learn's hinges", score.OBJECTIVE_MISTAKES)


@exercise("9.4")
def subgradient(answer):
    """From w, b, X, y of -1 and +1, and C to a sub-gradient of P: by w (d,), by b a number."""
    sentence = against_reference(answer, slopes.by_measuring, slopes.cases(), "the slopes of P as SciPy measures them",
                                 slopes.MISTAKES, rtol=1e-5, atol=1e-5)
    slopes.require_valid_at_kinks(answer)
    return f"{sentence} Where a patient stands exactly at the kink, yours is one of the valid sub-gradients."
