"""One accessible figure style, and the figures that many lessons and the report need.

Colours are Okabe and Ito's, told apart by readers with any common colour vision; every difference shown in colour is
also shown by a line style, a marker or a word. Functions draw on the figure or axes they are given, and work on a
plain `matplotlib.figure.Figure` without pyplot. Texts given to them are drawn letter by letter: a name may hold a `$`.
"""

import functools
import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

COLOURS = {
    "benign": "#0072B2",  # blue
    "malignant": "#D55E00",  # vermilion
    "neutral": "#595959",  # grey, 7:1 against white
    "accent": "#E69F00",  # orange
    "good": "#009E73",  # bluish green
    "bad": "#CC79A7",  # reddish purple
}

LINE_COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
LINE_STYLES = ["-", "--", "-.", ":"]

STYLE = {
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.dpi": 100,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "axes.edgecolor": COLOURS["neutral"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.prop_cycle": mpl.cycler(color=LINE_COLOURS),
    "grid.color": "#D9D9D9",
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}


def use_style():
    """Make the course's style the default for every later figure of this session."""
    mpl.rcParams.update(STYLE)


def styled(draw):
    """Decorator: run `draw` in the course's style whatever the session's settings are."""

    @functools.wraps(draw)
    def wrapper(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return draw(*args, **kwargs)

    return wrapper


class NotebookFigure(Figure):
    """A Figure that shows itself once, as the last value of a notebook cell, with no pyplot window behind it."""

    def _repr_png_(self):
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", metadata={"Software": None})
        return buffer.getvalue()


@styled
def new_figure(width=8.0, height=3.2):
    """Return an empty figure of `width` x `height` inches at 100 dots an inch."""
    return NotebookFigure(figsize=(width, height), layout="constrained")


@functools.cache
def font(size):
    """Return the font for words in pictures drawn with Pillow, the one that the figures use; size in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size)


@functools.cache
def _drawable():
    """The numbers of all letters that the figures' font can draw."""
    from matplotlib.font_manager import get_font

    return frozenset(get_font(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf").get_charmap())


def can_draw(text):
    """Return True when the figures' font has every letter of `text`; it has no Chinese ones, for example."""
    return all(ord(letter) in _drawable() for letter in text if letter != "\n")


@styled
def show_pictures(pictures, titles=None, columns=5, figure=None, size=1.9):
    """Draw pictures side by side, `columns` to a row, and return the figure.

    pictures: arrays (h, w) or (h, w, 3); uint8 are shown 0-255, floats and bools from their smallest value to their
    largest. titles: one text for each picture. size: width of one picture in inches, where no figure is given.
    """
    pictures = [np.asarray(picture) for picture in pictures]
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"{len(pictures)} pictures but {len(titles)} titles; give one title for each picture.")
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    if figure is None:
        tallest = max((picture.shape[0] / picture.shape[1] for picture in pictures), default=1)
        figure = new_figure(size * columns, (size * tallest + (0.3 if titles else 0)) * max(rows, 1))
    for number, picture in enumerate(pictures):
        ax = figure.add_subplot(rows, columns, number + 1)
        limits = {"vmin": 0, "vmax": 255} if picture.dtype == np.uint8 else {}
        ax.imshow(picture, cmap="gray", interpolation="nearest", **limits)
        ax.set_axis_off()
        if titles is not None:
            ax.set_title(titles[number], fontsize=11, parse_math=False)
    return figure


@styled
def plot_history(history, figure=None, best=None):
    """Draw loss, accuracy and (if recorded) AUC against the epoch, and return the figure.

    history: DataFrame with columns epoch, loss, val_loss, accuracy, val_accuracy and perhaps auc, val_auc. Training
    is a solid line, validation a dashed one with dots. best: the epoch whose weights were kept, marked by a thin
    vertical line; None: the epoch of least validation loss.
    """
    names = {"loss": "loss (cross-entropy)", "accuracy": "accuracy", "auc": "AUC"}
    measures = [name for name in names if name in history and history[name].notna().any()]
    figure = figure or new_figure(3.6 * len(measures), 3.2)
    best = _least_loss(history) if best is None else best
    for position, name in enumerate(measures):
        ax = figure.add_subplot(1, len(measures), position + 1)
        ax.plot(history["epoch"], history[name], color=COLOURS["neutral"], label="training")
        if f"val_{name}" in history:
            ax.plot(history["epoch"], history[f"val_{name}"], "--o", color=COLOURS["benign"], label="validation")
        if best is not None:
            ax.axvline(best, color=COLOURS["accent"], linewidth=1, linestyle=":", label=f"best epoch ({best})")
        ax.set_xlabel("epoch")
        ax.set_ylabel(names[name])
        ax.xaxis.get_major_locator().set_params(integer=True)
        if position == 0:
            ax.legend()
    return figure


def _least_loss(history):
    """Return the epoch with the least validation loss, or None when no validation loss is recorded."""
    if "val_loss" not in history or not history["val_loss"].notna().any():
        return None
    return int(history["epoch"].loc[history["val_loss"].idxmin()])


@styled
def plot_roc(labels, scores, ax, name="", threshold=None):
    """Draw a ROC curve with its AUC in the legend; `threshold` marks one operating point by a diamond.

    labels: (n,) of 0 and 1 = positive (benign and malignant); scores: (n,), higher = more suspicious.
    """
    from course.evaluation.metrics import auc, roc_curve

    labels, scores = np.asarray(labels).ravel(), np.asarray(scores).ravel()
    false_alarms, found, _ = roc_curve(labels, scores)
    earlier = sum(line.get_label().count(" AUC ") for line in ax.lines)
    look = {"color": LINE_COLOURS[earlier % 7], "linestyle": LINE_STYLES[earlier % 4]}  # more than colour differs
    if not ax.lines:
        ax.plot([0, 1], [0, 1], linewidth=1, linestyle=":", color=COLOURS["neutral"])
    ax.plot(false_alarms, found, label=f"{name or 'scores:'} AUC {auc(labels, scores):.2f}", **look)
    if threshold is not None:
        decided = scores >= threshold
        point = decided[labels == 0].mean(), decided[labels == 1].mean()
        ax.plot(*point, "D", markersize=8, color=look["color"], label=f"threshold {threshold:.2f}")
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    ax.set_xlabel("false positive rate = 1 - specificity")
    ax.set_ylabel("sensitivity")
    for text in ax.legend(loc="lower right").get_texts():
        text.set_parse_math(False)


@styled
def plot_confusion(labels, decisions, class_names, ax):
    """Draw the table of true class (rows) against decision (columns), counts and shares of the row written in.

    labels, decisions: (n,) class numbers 0 .. k-1; class_names: k names in that order (benign first).
    """
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (np.asarray(labels, int).ravel(), np.asarray(decisions, int).ravel()), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        share = shares[row, column]
        ax.text(column, row, f"{count}\n({share:.0%})", ha="center", va="center", color="w" if share > 0.65 else "k")
    ax.set_xticks(range(len(class_names)), class_names, parse_math=False)
    ax.set_yticks(range(len(class_names)), class_names, rotation=90, va="center", parse_math=False)
    ax.set_xlabel("decision")
    ax.set_ylabel("truth")
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0)


@styled
def plot_calibration(curve, ax):
    """Draw a calibration curve. curve: a dict for each group: predicted, estimate, low, high (0 to 1), n."""
    predicted, estimate, low, high = (np.array([group[name] for group in curve])
                                      for name in ("predicted", "estimate", "low", "high"))
    ax.plot([0, 1], [0, 1], linewidth=1, linestyle=":", color=COLOURS["neutral"])
    ax.errorbar(predicted, estimate, yerr=[estimate - low, high - estimate], marker="o", color=LINE_COLOURS[0])
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", xlabel="mean predicted probability",
           ylabel="share that is positive")


@styled
def plot_net_benefit(threshold, model, all, ax):
    """Draw a decision curve: net benefit by threshold probability; lists of equal length."""
    for number, (name, values) in enumerate((("this network", model), ("all positive", all),
                                             ("none", np.zeros(len(threshold))))):
        ax.plot(threshold, values, label=name, color=LINE_COLOURS[number], linestyle=LINE_STYLES[number])
    ax.set(xlim=(0, 1), ylim=(min(-0.05, min(model)), max(0.05, 1.15 * max([*model, *all]))),
           xlabel="threshold probability", ylabel="net benefit")
    ax.legend()
