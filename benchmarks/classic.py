"""The classical models against scikit-learn's: time of ours / time of theirs, the median of pairs, on one thread.

Both work on the same data, one straight after the other, with their default settings (KernelSVM stops at a tenth of
SVC's tolerance). Beside each ratio stands how far the two answers are apart.
"""

import statistics
import time

import numpy as np
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from course.classic import GaussianNaiveBayes, KernelSVM, LinearSVM


def seconds(work):
    """Time of one run of `work()`."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(name, ours, theirs, repeats):
    """Run both in turn and print median times and the median of the paired ratios."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    mine, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:<44} {1e3 * mine:8.1f} ms {1e3 * other:8.1f} ms {ratio:6.2f}", end="   ")


def kernel_machines(repeats=9):
    """Fitting the RBF machine, n samples of 20 features, two degrees of overlap."""
    for n in (1000, 4000):
        for overlap, separation in (("little", 1.0), ("much", 0.5)):
            X, y = make_classification(n, 20, n_informative=10, class_sep=separation, flip_y=0.05, random_state=0)
            ours, theirs = KernelSVM(), SVC()
            name = f"KernelSVM.fit n={n:,} d=20, {overlap} overlap"
            compare(name, lambda a=ours, X=X, y=y: a.fit(X, y), lambda a=theirs, X=X, y=y: a.fit(X, y), repeats)
            print(f"same decisions {np.mean(ours.predict(X) == theirs.predict(X)):.2%},", end=" ")
            print(f"steps {ours.n_iter_:,} and {theirs.n_iter_[0]:,}, support {len(ours.support_):,}")


def linear_machines(repeats=9):
    """Fitting the plane to the standardised Wisconsin table."""
    X, y = load_breast_cancer(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    for C in (0.01, 1, 100):
        ours, theirs = LinearSVM(C=C), SVC(kernel="linear", C=C, tol=1e-10)
        compare(
            f"LinearSVM.fit 569 x 30, C={C:g}, SVC tol=1e-10",
            lambda a=ours: a.fit(X, y),
            lambda a=theirs: a.fit(X, y),
            repeats,
        )
        theirs_primal = primal(theirs.coef_[0], theirs.intercept_[0], X, 2 * y - 1, C)
        print(f"primal {ours.objective_[-1] / theirs_primal - 1:+.1e} of SVC's")


def primal(w, b, X, y, C):
    """1/2 ||w||^2 + C sum of the hinge, written here once more so that nobody judges himself."""
    return w @ w / 2 + C * np.clip(1 - y * (X @ w + b), 0, None).sum()


def naive_bayes(repeats=7):
    """Predicting 20,000 pictures of 784 pixels."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 784))
    for n_classes in (2, 10):
        y = rng.integers(0, n_classes, len(X))
        ours, theirs = GaussianNaiveBayes().fit(X, y), GaussianNB().fit(X, y)
        name = f"GaussianNaiveBayes.predict 20,000 x 784, k={n_classes}"
        compare(name, lambda a=ours: a.predict(X), lambda a=theirs: a.predict(X), repeats)
        print(f"log-posteriors differ by {np.abs(ours.predict_log_proba(X) - theirs.predict_log_proba(X)).max():.0e}")


def main():
    """Print the table of this run."""
    print(f"{'':<44} {'ours':>11} {'theirs':>11} {'ratio':>6}")
    with threadpool_limits(1):
        kernel_machines()
        linear_machines()
        naive_bayes()


if __name__ == "__main__":
    main()
