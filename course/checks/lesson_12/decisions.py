"""What the checkers of exercises 12.1 and 12.3 need: decisions and scores of patients, counts and rates."""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def _patients(n, seed, share=0.4):
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < share).astype(int)
    truth[:2] = 0, 1
    return truth, rng


def decided_cases():
    cases = [Case(np.array([1, 1, 0, 0, 0, 1]), np.array([1, 0, 0, 1, 0, 1]), note="as on paper, six of the ten")]
    for n, seed in ((12, 1), (40, 2), (7, 3), (2000, 4)):
        truth, rng = _patients(n, seed)
        cases.append(Case(truth, np.where(rng.random(n) < 0.35, 1 - truth, truth)))
    return [
        *cases,
        Case(np.array([1, 1, 0, 0, 0]), np.array([0, 0, 0, 0, 0]), note="nobody called malignant"),
        Case(np.array([0, 0, 0]), np.array([0, 0, 0]), note="nobody is malignant, and nobody called so"),
        Case(np.array([1]), np.array([1]), note="one patient"),
    ]


def counts(truth, decided):
    from sklearn.metrics import confusion_matrix

    tn, fp, fn, tp = confusion_matrix(truth, decided, labels=[0, 1]).ravel().tolist()
    return tp, fp, fn, tn


def _ordered(*order):
    return lambda truth, decided: tuple(counts(truth, decided)[k] for k in order)


COUNTING = [
    *mistakes(
        ("False alarms and missed tumours are exchanged. fp: called malignant, is benign; fn: called benign, is "
         "malignant.", _ordered(0, 2, 1, 3)),
        ("The order is tp, fp, fn, tn.", _ordered(0, 3, 1, 2)),
        ("The order is tp, fp, fn, tn, not tp, tn, fn, fp.", _ordered(0, 3, 2, 1)),
        ("This is scikit-learn's order, tn, fp, fn, tp. Here true positives come first.", _ordered(3, 1, 2, 0)),
        ("The two classes are exchanged. Malignant = 1 is the one that counts as positive.", _ordered(3, 2, 1, 0)),
        ("Shares came back. The counts were asked.",
         lambda truth, decided: tuple(n / len(truth) for n in counts(truth, decided))),
        ("A count above 255 went round: a uint8 holds 0 to 255. Add up with `np.sum` or whole numbers of Python.",
         lambda truth, decided: tuple(n % 256 for n in counts(truth, decided))),
    ),
    Mistake("The four numbers add up to more than there are patients. Each patient belongs into one box, and each call "
            "counts anew.", when=lambda result, expected, truth, decided: np.sum(result) > len(truth)),
]  # fmt: skip


def scored_cases():
    cases = [Case(np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]),
                  np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.2, 0.7, 0.5, 0.1, 0.3, 0.2]), 0.5,
                  note="one of each kind stands exactly at the threshold")]  # fmt: skip
    for n, seed, threshold in ((15, 4, 0.5), (40, 5, 0.3), (9, 6, 0.8)):
        truth, rng = _patients(n, seed)
        cases.append(Case(truth, np.clip(0.35 + 0.3 * truth + 0.25 * rng.normal(size=n), 0, 1).round(1), threshold))
    return [
        *cases,
        Case(np.array([1, 0, 1]), np.array([0.4, 0.3, 0.2]), 0.9, note="nobody reaches the threshold"),
        Case(np.array([0, 1, 1, 0, 0]), np.array([-2, 0, 3, 0, 4]), 0, note="scores of a machine, whole numbers"),
        Case(np.array([1, 0, 0, 1, 0]), np.array([-1.5, -1.5, -3.0, 0.5, -2.0]), -1.5, note="a threshold below 0"),
        Case(np.array([1, 0]), np.array([7.5, 1.5]), 1.0, note="two patients, both called malignant"),
    ]


def rates(truth, scores, threshold):
    from sklearn.metrics import recall_score

    decided = (scores >= threshold).astype(int)
    return recall_score(truth, decided), recall_score(truth, decided, pos_label=0)


def _by(found, peace):
    """Mistaken rates: found(malignant scores, threshold) and peace(benign scores, threshold), elementwise."""
    return lambda truth, scores, threshold: (np.mean(found(scores[truth == 1], threshold)),
                                             np.mean(peace(scores[truth == 0], threshold)))  # fmt: skip


def _hits(change):
    """Mistaken rates: change(hits, called, truth); hits: malignant ones called so, and benign ones called benign."""
    def wrong(truth, scores, threshold):
        called = scores >= threshold
        return tuple(change(np.array([np.sum(called & (truth == 1)), np.sum(~called & (truth == 0))]), called, truth))
    return wrong


RATES = mistakes(
    ("A score exactly at the threshold counts as malignant here: >= finds it, and only those below (<) are left in "
     "peace.", _by(np.greater, np.less_equal)),
    ("A score exactly at the threshold is counted twice, as called malignant and as called benign: >= for the one, "
     "< for the other.", _by(np.greater_equal, np.less_equal)),
    ("A score exactly at the threshold belongs to neither in your answer. Here it counts as malignant: >=.",
     _by(np.greater, np.less)),
    ("The second number is the false positive rate, 1 - specificity: the share of benign ones alarmed.",
     _by(np.greater_equal, np.greater_equal)),
    ("The first number is the share that is missed, 1 - sensitivity.", _by(np.less, np.less)),
    ("These are shares of those *called* malignant and *called* benign (the predictive values). Sensitivity looks at "
     "all malignant ones, called or not; specificity at all benign ones.",
     _hits(lambda hits, called, truth: hits / [called.sum(), (~called).sum()])),
    ("Both are divided by all patients. Divide by the malignant ones, and by the benign ones.",
     _hits(lambda hits, called, truth: hits / len(truth))),
    ("These are counts. Shares were asked.", _hits(lambda hits, called, truth: hits)),
    ("The threshold that was handed over is not used; 0.5 is.",
     lambda truth, scores, threshold: rates(truth, scores, 0.5)),
    ("A threshold of 0 is taken for none, and 0.5 used. Leave out `threshold or ...`.",
     lambda truth, scores, threshold: rates(truth, scores, threshold or 0.5)),
)  # fmt: skip
