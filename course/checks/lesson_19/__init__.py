"""Checkers of lesson 19: predictive values elsewhere, net benefit, folds of whole patients, a temperature."""

from course.checks.compare import against_reference
from course.checks.core import exercise
from course.checks.lesson_19 import benefit, deal, heat, predictive


@exercise("19.1")
def predictive_elsewhere(answer):
    """Predictive values at another prevalence: tp, fp, fn, tn, prevalence -> (ppv, npv)."""
    return against_reference(answer, predictive.by_counting, predictive.cases(), "the course's predictive_values, and "
                             "with women counted in a place of that prevalence", predictive.MISTAKES,
                             rtol=1e-5, atol=1e-9)  # fmt: skip


@exercise("19.2")
def net_benefit(answer):
    """Net benefit: y (n,), risk (n,), threshold t -> a number; malignant from t on, t included."""
    return against_reference(answer, benefit.by_library, benefit.cases(), "the course's net_benefit",
                             benefit.MISTAKES, rtol=1e-5, atol=1e-9)  # fmt: skip


@exercise("19.3")
def folds_of_patients(answer):
    """Fold numbers by patient: patients (n,), k, rng -> (n,) whole numbers from 0 to k - 1."""
    return deal.judge(answer)


@exercise("19.4")
def best_temperature(answer):
    """Temperature by maximum likelihood: y (n,), z (n,), candidates (m,) -> (T, mean cross-entropy at T)."""
    return against_reference(answer, heat.by_library, heat.cases(), "scikit-learn's log_loss at every candidate",
                             heat.MISTAKES, rtol=1e-5, atol=1e-8)  # fmt: skip
