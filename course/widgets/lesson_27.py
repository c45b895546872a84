"""Lesson 27: how wide an interval is for how many patients."""

import functools

import numpy as np

from course.evaluation.intervals import _wilson
from course.plots import COLOURS, new_figure, styled
from course.widgets.backdrop import Backdrop

COUNTS = (10, 20, 40, 80, 160, 320, 640, 1280)  # positive cases
SHARES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
STATES = (10, 80, 640)


def band(share):
    """Return the ends of Wilson's 95 % interval for each of COUNTS, were the share found exactly: two arrays."""
    found = np.array([_wilson(share, n, 0.95) for n in COUNTS])
    return found[:, 1], found[:, 2]


@styled
def width_figure(share=0.9):
    """Draw the interval of one sensitivity against the number of positive cases, three states marked -> Figure."""
    figure = new_figure(8.0, 3.2)
    axes = figure.subplots()
    _band(axes, share)
    for letter, count in zip("abc", STATES, strict=True):
        axes.axvline(count, color="black", linewidth=0.8, linestyle=":")
        axes.text(count * 1.04, 0.52, letter, fontweight="bold")
    return figure


def _band(axes, share):
    low, high = band(share)
    axes.fill_between(COUNTS, low, high, alpha=0.25, color=COLOURS["benign"])
    axes.plot(COUNTS, low, "o-", COUNTS, high, "o-", color=COLOURS["benign"])
    axes.axhline(share, color=COLOURS["neutral"], linestyle="--")
    axes.set(xscale="log", xlabel="positive cases in the test", ylabel="sensitivity, 95 % interval", ylim=(0, 1.02))
    axes.set_xticks(COUNTS, labels=[f"{count:,}" for count in COUNTS])
    axes.minorticks_off()


def width_panel(sensitivity, cases, prevalence):
    """Draw the interval at a number of positive cases, and say how many pictures that takes: uint8 (380, 900, 3)."""
    backdrop = _backdrop(sensitivity)
    _, low, high = _wilson(sensitivity, cases, 0.95)
    backdrop.moving[0].set_data([cases, cases], [low, high])
    return backdrop.picture(
        f"{cases:,} positive cases, {sensitivity:.0%} found: {low:.3f} to {high:.3f}, half width "
        f"{(high - low) / 2:.3f}",
        f"at a prevalence of {prevalence:.1%} that takes {int(np.ceil(cases / prevalence)):,} pictures")


@functools.cache
def _backdrop(share):
    def prepare(figure):
        axes = figure.subplots()
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.80)
        _band(axes, share)
        return axes.plot([], [], "s-", color="black", linewidth=3, markersize=7)

    return Backdrop(9.0, 3.8, prepare)
