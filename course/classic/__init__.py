"""The classical models by hand: the support vector machine in two forms, and Gaussian naive Bayes.

NumPy does the work; from scikit-learn come only the base classes and the checks of the input, so that each of the three
can stand wherever a scikit-learn classifier can: in a pipeline, in cross-validation, in a grid search.
"""

from course.classic.naive_bayes import GaussianNaiveBayes
from course.classic.svm import KernelSVM, LinearSVM

__all__ = ["GaussianNaiveBayes", "KernelSVM", "LinearSVM"]
