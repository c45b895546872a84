"""Lesson 17: what a borrowed network gains, against the number of patients it is taught with."""

import numpy as np

from course.plots import COLOURS, new_figure, styled
from course.reproduce import transfer_tables
from course.reproduce.lesson_17 import PATIENTS

WAYS = tuple(name for name in transfer_tables.WAYS.values() if name != "scratch")
MARKS = {"scratch": "x", "frozen features": "o", "fine-tuned": "s", "frozen features, 224 pixels": "^"}
SHIFT = {way: 1 + 0.09 * (place - 1) for place, way in enumerate(WAYS)}  # side by side, so that no bar hides another


def way_of(name):
    """Return the rows of one way, from few patients to many."""
    table = transfer_tables.patients()
    return table[table["way"] == name].sort_values("patients")


@styled
def gains_figure():
    """Draw every way's gain over the network from scratch, with its 95 % interval -> Figure."""
    figure = new_figure(8.0, 3.4)
    axes = figure.subplots()
    for way in WAYS:
        _gains(axes, way, SHIFT[way])
    _gain_axes(axes)
    axes.legend()
    return figure


def patients_panel(fig, way, patients):
    """Draw AUC (left) and gain (right) of one way, the chosen number of patients ringed, its numbers in the title."""
    left, right = fig.subplots(1, 2)
    for name in ("scratch", way):
        rows, colour = way_of(name), COLOURS["neutral" if name == "scratch" else "accent"]
        left.plot(rows["patients"], rows["AUC"], MARKS[name] + "-", color=colour, label=f"{name}: mean of the seeds")
        left.fill_between(rows["patients"], rows["least"], rows["most"], alpha=0.2, color=colour)
    left.set(xlabel="training patients", ylabel="AUC, validation patients", xscale="log", ylim=(0.45, 1.0))
    left.legend(loc="lower right", fontsize=8)
    _gains(right, way)
    _gain_axes(right)
    chosen = way_of(way).set_index("patients").loc[patients]
    right.plot(patients, chosen["gain"], "o", markersize=18, markerfacecolor="none", markeredgecolor="black")
    left.plot(patients, chosen["AUC"], "o", markersize=18, markerfacecolor="none", markeredgecolor="black")
    for axes in (left, right):
        axes.set_xticks(PATIENTS, labels=map(str, PATIENTS))
        axes.minorticks_off()
    base = way_of("scratch").set_index("patients").loc[patients]
    fig.suptitle(f"{patients} patients, {way}: AUC {chosen['AUC']:.3f}, from scratch {base['AUC']:.3f}; gain "
                 f"{chosen['gain']:+.3f} ({chosen['from']:+.3f} to {chosen['to']:+.3f})", fontsize=10)


def _gains(axes, way, shift=1):
    rows = way_of(way)
    x = rows["patients"] * shift
    bars = np.array([rows["gain"] - rows["from"], rows["to"] - rows["gain"]])
    axes.errorbar(x, rows["gain"], np.maximum(bars, 0), fmt=MARKS[way], capsize=4, label=way)


def _gain_axes(axes):
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="training patients", ylabel="gain in AUC over scratch", xscale="log")
    axes.set_xticks(PATIENTS, labels=map(str, PATIENTS))
    axes.minorticks_off()


def square(picture, side=224):
    """Return the middle of a picture, cut square and shrunk to side x side pixels: uint8 (side, side, 3)."""
    from PIL import Image

    short = min(picture.shape[:2])
    top, left = ((length - short) // 2 for length in picture.shape[:2])
    whole = Image.fromarray(picture[top : top + short, left : left + short])
    return np.asarray(whole.resize((side, side), Image.Resampling.BICUBIC))
