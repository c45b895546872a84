"""What the checker of exercise 19.1 needs: studies, places, classic mistakes."""

from course.checks.compare import Case, mistakes
from course.evaluation.metrics import predictive_values


def cases():
    return [
        Case(90, 20, 10, 80, 0.01, note="1 in 100 is malignant"),
        Case(202, 84, 10, 273, 0.005, note="the study of the text, in a screening"),
        Case(38, 9, 4, 105, 0.3), Case(11, 3, 9, 57, 0.6, note="more malignant patients than in the study"),
        Case(50, 7, 0, 43, 0.1, note="nobody was missed"),
    ]  # fmt: skip


def by_counting(tp, fp, fn, tn, prevalence):
    return predictive_values(tp / (tp + fn), tn / (tn + fp), prevalence)


def from_rates(found, alarmed, missed, spared):
    """Put a place's four shares together, each a function of (sensitivity, specificity, prevalence)."""
    def answer(tp, fp, fn, tn, prevalence):
        given = tp / (tp + fn), tn / (tn + fp), prevalence
        f, a, m, s = (one(*given) for one in (found, alarmed, missed, spared))
        return f / (f + a), s / (s + m)
    return answer


def changed(**other):
    right = {"found": lambda se, sp, p: p * se, "alarmed": lambda se, sp, p: (1 - p) * (1 - sp),
             "missed": lambda se, sp, p: p * (1 - se), "spared": lambda se, sp, p: (1 - p) * sp}
    return from_rates(**(right | other))


def _rates(tp, fp, fn, tn, prevalence):
    return tp / (tp + fn), tn / (tn + fp)


MISTAKES = mistakes(
    ("These are the values of the study's own table: the prevalence of the place is not used.",
     lambda tp, fp, fn, tn, prevalence: (tp / (tp + fp), tn / (tn + fn))),
    ("These are sensitivity and specificity. They are the way; the predictive values ask who of those called is ill, "
     "who of those not called is well.", _rates),
    ("The prevalence stands on the wrong side: this is a place where 1 - prevalence is malignant.",
     lambda tp, fp, fn, tn, prevalence: by_counting(tp, fp, fn, tn, 1 - prevalence)),
    ("Sensitivity and specificity have changed places.",
     lambda tp, fp, fn, tn, prevalence: predictive_values(tn / (tn + fp), tp / (tp + fn), prevalence)),
    ("NPV before PPV: the two have changed places.", lambda *given: by_counting(*given)[::-1]),
    ("Half of all were taken for malignant: the rates alone, without the prevalence.",
     lambda tp, fp, fn, tn, prevalence: by_counting(tp, fp, fn, tn, 0.5)),
    ("The false alarms are those of all women, not of the healthy: (1 - prevalence) is missing before (1 - "
     "specificity).", changed(alarmed=lambda se, sp, p: 1 - sp)),
    ("PPV is right. The second value is the share of those called benign who are malignant: 1 - NPV.",
     lambda *given: (by_counting(*given)[0], 1 - by_counting(*given)[1])),
    ("The study's PPV and NPV were multiplied by the prevalence. Make new counts from sensitivity and specificity.",
     lambda tp, fp, fn, tn, prevalence: (prevalence * tp / (tp + fp), (1 - prevalence) * tn / (tn + fn))),
    ("The counts themselves were weighed by the prevalence. First make rates: tp / (tp + fn) and tn / (tn + fp).",
     lambda tp, fp, fn, tn, p: (p * tp / (p * tp + (1 - p) * fp), (1 - p) * tn / ((1 - p) * tn + p * fn))),
)  # fmt: skip
