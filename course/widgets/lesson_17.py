"""Lesson 17: what a borrowed network gains, against the number of patients it is taught with."""

import functools

import numpy as np

from course.plots import COLOURS, new_figure, styled
from course.reproduce import transfer_tables
from course.reproduce.lesson_17 import PATIENTS
from course.widgets.backdrop import Backdrop

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


def patients_panel(way, patients):
    """Draw AUC (left) and gain (right) of one way, the chosen number of patients ringed: uint8 (380, 900, 3)."""
    backdrop, rows = _backdrop(way), way_of(way).set_index("patients")
    chosen, base = rows.loc[patients], way_of("scratch").set_index("patients").loc[patients]
    for ring, column in zip(backdrop.moving, ("AUC", "gain"), strict=True):
        ring.set_data([patients], [chosen[column]])
    return backdrop.picture(
        f"{patients} patients, {way}: AUC {chosen['AUC']:.3f}, from scratch {base['AUC']:.3f}; gain "
        f"{chosen['gain']:+.3f} ({chosen['from']:+.3f} to {chosen['to']:+.3f})")  # fmt: skip


@functools.cache
def _backdrop(way):
    def prepare(figure):
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.15, top=0.88, wspace=0.25)
        for name in ("scratch", way):
            rows, colour = way_of(name), COLOURS["neutral" if name == "scratch" else "accent"]
            left.plot(rows["patients"], rows["AUC"], MARKS[name] + "-", color=colour,
                      label=f"{name}: mean of the seeds")
            left.fill_between(rows["patients"], rows["least"], rows["most"], alpha=0.2, color=colour)
        left.set(ylabel="AUC, validation patients", ylim=(0.45, 1.0))
        left.legend(loc="lower right", fontsize=8)
        _gains(right, way)
        _gain_axes(right)
        _patients_axis(left)
        return [ax.plot([], [], "o", markersize=18, markerfacecolor="none", markeredgecolor="black")[0]
                for ax in (left, right)]

    return Backdrop(9.0, 3.8, prepare)


def _gains(axes, way, shift=1):
    rows = way_of(way)
    x = rows["patients"] * shift
    bars = np.array([rows["gain"] - rows["from"], rows["to"] - rows["gain"]])
    axes.errorbar(x, rows["gain"], np.maximum(bars, 0), fmt=MARKS[way], capsize=4, label=way)


def _gain_axes(axes):
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(ylabel="gain in AUC over scratch")
    _patients_axis(axes)


def _patients_axis(axes):
    axes.set(xlabel="training patients", xscale="log")
    axes.set_xticks(PATIENTS, labels=map(str, PATIENTS))
    axes.minorticks_off()


def square(picture, side=224):
    """Return the middle of a picture, cut square and shrunk to side x side pixels: uint8 (side, side, 3)."""
    from PIL import Image

    short = min(picture.shape[:2])
    top, left = ((length - short) // 2 for length in picture.shape[:2])
    whole = Image.fromarray(picture[top : top + short, left : left + short])
    return np.asarray(whole.resize((side, side), Image.Resampling.BICUBIC))
