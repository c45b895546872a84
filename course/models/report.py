"""What a training run achieved: figures with 95 % intervals as a dict, and the pictures that go with them."""

import base64
import io

import numpy as np

from course.evaluation.intervals import delong, wilson
from course.evaluation.metrics import confusion_counts
from course.plots import new_figure, plot_confusion, plot_history, plot_roc, show_pictures


def measure(labels, scores, threshold):
    """Return {"n", "positives", "majority", "auc", "at_threshold", "at_half"} for one split; intervals at 95 %.

    majority: the accuracy of whoever calls every picture what most of them are.

    labels: (n,) 0 or 1. scores: (n,) probabilities. threshold: the one chosen on validation.
    """
    return {
        "n": len(labels),
        "positives": int(np.sum(labels)),
        "majority": float(max(np.mean(labels), 1 - np.mean(labels))),
        "auc": delong(labels, scores)._asdict(),
        "at_threshold": _at(labels, scores, threshold),
        "at_half": _at(labels, scores, 0.5),
    }


def _at(labels, scores, threshold):
    """Return counts, accuracy, sensitivity and specificity (Wilson's intervals) of the rule score >= threshold."""
    counts = confusion_counts(labels, (scores >= threshold).astype(int))
    shares = {
        "accuracy": (counts.tp + counts.tn, sum(counts)),
        "sensitivity": (counts.tp, counts.tp + counts.fn),
        "specificity": (counts.tn, counts.tn + counts.fp),
    }
    return {"threshold": float(threshold), "counts": counts._asdict(),
            **{name: {"right": right, "of": n, **wilson(right, n)._asdict()} for name, (right, n) in shares.items()}}


def figures(history, labels, scores, threshold, class_names, images, best_epoch=None):
    """Return [(title, alternative text, PNG bytes), ...]: curves, ROC, confusion, pictures judged right and wrong.

    best_epoch: the epoch whose weights were kept, for the mark in the curves.
    """
    decisions = (scores >= threshold).astype(int)
    return [
        ("How training went", "Curves of loss and accuracy by epoch, for training and validation pictures.",
         _png(plot_history(history, best=best_epoch))),
        ("Every possible threshold", "ROC curve on the test pictures, the chosen threshold marked by a diamond.",
         _one_axes(lambda ax: plot_roc(labels, scores, ax, "test", threshold))),
        ("Truth and decision", "Table of the test pictures: true class by decision, with counts and shares.",
         _one_axes(lambda ax: plot_confusion(labels, decisions, class_names, ax))),
        *_examples(labels, scores, decisions, class_names, images),
    ]


def _examples(labels, scores, decisions, class_names, images, most=5):
    """Return a figure of rightly judged pictures, the surest of each class, and one of mistakes, the worst first."""
    certainty = np.abs(scores - labels)  # 0: sure and right, 1: sure and wrong
    order = np.argsort(certainty, kind="stable")
    right = [row for row in order if decisions[row] == labels[row]]
    wrong = [row for row in order[::-1] if decisions[row] != labels[row]]
    by_class = [[row for row in right if labels[row] == number][:most] for number in (0, 1)]
    found = []
    for title, rows in (("Judged right", by_class[0] + by_class[1]), ("Judged wrong", wrong[: 2 * most])):
        if rows:
            titles = [f"{class_names[labels[row]]}\nscore {scores[row]:.2f}" for row in rows]
            alt = f"{title}: {len(rows)} test pictures, each with its true class and score."
            found.append((title, alt, _png(show_pictures([images[row] for row in rows], titles, columns=most))))
    return found


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
