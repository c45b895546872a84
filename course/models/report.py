"""What a training run achieved: figures with 95 % intervals as a dict, and the pictures that go with them."""

import base64
import io

import numpy as np

from course.evaluation.intervals import delong, wilson
from course.evaluation.metrics import confusion_counts
from course.files import shown
from course.plots import can_draw, new_figure, plot_confusion, plot_history, plot_roc, show_pictures

LONGEST_NAME = 16  # letters of a file's name above its picture; the caption has the whole name


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


def figures(history, labels, scores, threshold, class_names, images, best_epoch=None, names=None):
    """Return [(title, alternative text, PNG bytes), ...]: curves, ROC, confusion, pictures judged right and wrong.

    best_epoch: the epoch whose weights were kept, for the mark in the curves. names: the test pictures' files.
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
            alt = (f"{title}: {len(rows)} test pictures, each with its true class, score and file: "
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
