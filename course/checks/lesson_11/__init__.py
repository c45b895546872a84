"""Checkers of lesson 11: naive Bayes. Cases and classic mistakes stand in the modules beside."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_11 import bayes
from course.checks.lesson_11 import density as densities
from course.checks.lesson_11 import learn as learning


@exercise("11.1")
def posterior(answer):
    """Bayes' rule: shares (k,) before, likelihood (k,) of what was found -> probabilities (k,)."""
    return against_reference(answer, bayes.by_scipy, bayes.cases(), "SciPy's softmax of the logarithms",
                             bayes.MISTAKES)


@exercise("11.2")
def learn(answer):
    """Measurements (n, d), labels (n,) of 0 and 1 -> shares (2,), means (2, d), variances (2, d)."""
    return against_reference(answer, learning.by_scikit_learn, learning.cases(), "scikit-learn's GaussianNB",
                             learning.MISTAKES)


@exercise("11.3")
def log_likelihood(answer):
    """Measurements (n, d), means (k, d), variances (k, d) -> log P(x | y), (n, k)."""
    return against_reference(answer, densities.by_scipy, densities.cases(), "SciPy's norm.logpdf, summed",
                             densities.MISTAKES)


@exercise("11.4")
def with_share(answer):
    """Probabilities p (n,) at the malignant share `old` -> at the share `new`."""
    return against_reference(answer, bayes.moved_by_scipy, bayes.moves(), "SciPy's logit and expit",
                             bayes.MOVE_MISTAKES)
