"""What a training run achieved: figures with 95 % intervals as a dict, and the pictures that go with them."""

import base64
import io

import numpy as np

from course import CourseError
from course.evaluation import clustered
from course.evaluation.calibration import brier, calibration_curve, calibration_line
from course.evaluation.decision import net_benefit
from course.evaluation.intervals import delong, wilson
from course.evaluation.metrics import confusion_counts, predictive_values
from course.files import shown
from course.plots import (
    can_draw,
    new_figure,
    plot_calibration,
    plot_confusion,
    plot_history,
    plot_net_benefit,
    plot_roc,
    show_pictures,
)

RISKS = tuple(round(0.02 * step, 2) for step in range(1, 50))  # threshold probabilities of the decision curve
LONGEST_NAME = 16  # letters of a file's name above its picture; the caption has the whole name


def measure(labels, scores, threshold, patients=None, shares=()):
    """Return one split's figures, with 95 % intervals, as a dict that JSON can hold.

    n, positives, patients (None: unknown); majority: the accuracy of whoever calls every picture what most of them are;
    auc; at_threshold and at_half: `_at`; predictive: `_predictive`; calibration: `_calibration`; net_benefit:
    `_net_benefit`.

    labels: (n,) 0 or 1. scores: (n,) probabilities. threshold: the one chosen on validation. patients: (n,) names: the
    intervals are then by patient. shares: of positives, at which decisions are judged beside this split's own.
    """
    rule = _at(labels, scores, threshold, patients)
    return {
        "n": len(labels),
        "positives": int(np.sum(labels)),
        "patients": None if patients is None else len(np.unique(patients)),
        "majority": float(max(np.mean(labels), 1 - np.mean(labels))),
        "auc": (delong(labels, scores) if patients is None else clustered.auc(labels, scores, patients))._asdict(),
        "at_threshold": rule,
        "at_half": _at(labels, scores, 0.5, patients),
        "predictive": [_predictive(rule, share) for share in (float(np.mean(labels)), *shares)],
        "calibration": _calibration(labels, scores),
        "net_benefit": _net_benefit(labels, scores),
    }


def _at(labels, scores, threshold, patients):
    """Return counts, accuracy, sensitivity and specificity, with intervals, of the rule score >= threshold."""
    decisions = (scores >= threshold).astype(int)
    rows = {"accuracy": labels >= 0, "sensitivity": labels == 1, "specificity": labels == 0}
    found = {"threshold": float(threshold), "counts": confusion_counts(labels, decisions)._asdict()}
    for name, kind in rows.items():
        right = (decisions == labels)[kind]
        interval = (wilson(int(right.sum()), len(right)) if patients is None
                    else clustered.share(right, patients[kind]))
        found[name] = {"right": int(right.sum()), "of": len(right), **interval._asdict()}
    return found


def _predictive(rule, share):
    """Return what a decision is worth where `share` are positive: {share, ppv, npv}, each [estimate, low, high].

    low, high: with sensitivity and specificity both at the lower, both at the upper end of their intervals.
    """
    pairs = [predictive_values(rule["sensitivity"][end], rule["specificity"][end], share)
             for end in ("estimate", "low", "high")]
    ppv, npv = ([None if np.isnan(value) else float(value) for value in values] for values in zip(*pairs, strict=True))
    return {"share": float(share), "ppv": ppv, "npv": npv}


def _calibration(labels, scores):
    """Return Brier score, that of predicting the share for all, slope and intercept (None: not defined), curve."""
    share = float(np.mean(labels))
    curve = calibration_curve(labels, scores, bins=int(np.clip(len(labels) // 20, 2, 10)))
    try:
        slope, intercept = calibration_line(labels, scores)
    except CourseError:
        slope = intercept = None
    bins = [{"predicted": float(p), "n": int(n), **wilson(round(y * n), int(n))._asdict()}
            for p, y, n in zip(*curve[:3], strict=True)]
    return {"brier": brier(labels, scores), "brier_of_share": share * (1 - share), "share": share,
            "mean_probability": float(np.mean(scores)), "slope": slope, "intercept": intercept, "curve": bins}


def _net_benefit(labels, scores):
    """Return {threshold, model, all}: lists of equal length. Calling nobody positive has 0."""
    return {"threshold": list(RISKS), "model": [net_benefit(labels, scores, risk) for risk in RISKS],
            "all": [net_benefit(labels, np.ones(len(labels)), risk) for risk in RISKS]}


def figures(history, labels, scores, threshold, class_names, images, measured, best_epoch=None, names=None):
    """Return [(title, alternative text, PNG bytes), ...]: curves, ROC, confusion, calibration, net benefit, pictures.

    measured: what `measure` says of these pictures. best_epoch: the epoch whose weights were kept, for the mark in the
    curves. names: the test pictures' files.
    """
    decisions = (scores >= threshold).astype(int)
    drawn, key = _drawn_names(class_names)
    names = [f"number {number}" for number in range(1, len(labels) + 1)] if names is None else names
    return [
        ("How training went", "Curves of loss and accuracy by epoch, for training and validation pictures.",
         _png(plot_history(history, best=best_epoch))),
        ("Every possible threshold", "ROC curve on the test pictures, the chosen threshold marked by a diamond.",
         _one_axes(lambda ax: plot_roc(labels, scores, ax, "test", threshold))),
        ("Truth and decision", f"Table of the test pictures: true class by decision, with counts and shares.{key}",
         _one_axes(lambda ax: plot_confusion(labels, decisions, drawn, ax))),
        ("Are its probabilities borne out?",
         "Calibration curve: the mean probability of each group of test pictures against the share that is positive, "
         "with 95 % intervals by picture; on the diagonal the two agree.",
         _one_axes(lambda ax: plot_calibration(measured["calibration"]["curve"], ax))),
        ("Is deciding by it better than treating all or none?",
         "Decision curve: net benefit of deciding by this network, of calling all positive, and of calling none, "
         "against the risk from which on a person would want to be treated. At this test's share, without intervals.",
         _one_axes(lambda ax: plot_net_benefit(**measured["net_benefit"], ax=ax))),
        *_examples(labels, scores, decisions, drawn, key, images, [shown(name) for name in names]),
    ]


def _drawn_names(class_names):
    """Return the class names as figures can show them, and a sentence for their captions where these are others."""
    names = [shown(name) for name in class_names]
    if all(can_draw(name) for name in names):
        return names, ""
    drawn = [f"class {number}" for number in range(len(names))]
    return drawn, " In the figure " + ", ".join(f"{a} is {b}" for a, b in zip(drawn, names, strict=True)) + "."


def _examples(labels, scores, decisions, class_names, key, images, names, most=5):
    """Return a figure of rightly judged pictures, the surest of each class, and one of mistakes, the worst first."""
    certainty = np.abs(scores - labels)  # 0: sure and right, 1: sure and wrong
    order = np.argsort(certainty, kind="stable")
    right = [row for row in order if decisions[row] == labels[row]]
    wrong = [row for row in order[::-1] if decisions[row] != labels[row]]
    by_class = [[row for row in right if labels[row] == number][:most] for number in (0, 1)]
    found = []
    for title, rows in (("Judged right", by_class[0] + by_class[1]), ("Judged wrong", wrong[: 2 * most])):
        if rows:
            titles = [f"{class_names[labels[row]]}\nscore {scores[row]:.2f}\n{_short(names[row])}" for row in rows]
            alt = (f"{title}: {len(rows)} test picture{'s' * (len(rows) > 1)}, with true class, score and file: "
                   + "; ".join(names[row] for row in rows) + f".{key}")
            figure = new_figure(1.9 * min(most, len(rows)), 2.6 * -(-len(rows) // most))
            found.append((title, alt, _png(show_pictures([images[row] for row in rows], titles, most, figure))))
    return found


def _short(name):
    """Return the end of a file's name, which tells pictures apart, with ? for letters that the font lacks."""
    end = name.rsplit("/", 1)[-1]
    end = end if len(end) <= LONGEST_NAME else "..." + end[3 - LONGEST_NAME:]
    return "".join(letter if can_draw(letter) else "?" for letter in end)


def _one_axes(draw):
    figure = new_figure(4.6, 4.2)
    draw(figure.add_subplot())
    return _png(figure)


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def data_address(png):
    """Return a PNG as an address that an HTML page can hold in itself."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
