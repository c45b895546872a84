"""Checkers of lesson 12: counts, rates at a threshold, folds without a leak, a choice without the exam."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_12 import choice, decisions, folds


@exercise("12.1")
def counts(answer):
    """Confusion counts: truth (n,), decided (n,), both 0 or 1 -> (tp, fp, fn, tn)."""
    return against_reference(answer, decisions.counts, decisions.decided_cases(), "scikit-learn's confusion_matrix",
                             decisions.COUNTING)


@exercise("12.2")
def out_of_fold(answer):
    """Out-of-fold scores: X (n, d), y (n,), folds (n,), fit(X, y) -> score function; scaler inside -> scores (n,)."""
    return against_reference(answer, folds.by_library, folds.cases(), "scikit-learn's cross_val_predict of a pipeline",
                             folds.MISTAKES, rtol=1e-5, atol=1e-6)


@exercise("12.3")
def rates_at(answer):
    """Rates at a threshold: truth (n,), scores (n,), threshold -> (sensitivity, specificity)."""
    return against_reference(answer, decisions.rates, decisions.scored_cases(),
                             "scikit-learn's recall_score of either class", decisions.RATES)


@exercise("12.4")
def choose_and_judge(answer):
    """Choose by validation, judge once by test: settings, fit, three parts (X, y) -> (setting, share right)."""
    cases = choice.cases()
    sentence = against_reference(answer, choice.chosen(), cases, "a choice by the validation part alone",
                                 choice.MISTAKES)
    for case in cases:
        choice.require_honest(answer, case)
    return sentence
