"""Lesson 09's two panels: the price explorer and the descent that can be played."""

import asyncio
import contextlib
import functools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course.classic.newton import primal_objective
from course.plots import COLOURS, styled
from course.widgets.lesson_09 import (
    LOWEST,
    STEPS,
    X,
    Y,
    crossing,
    descent,
    draw_patients,
    looks,
    machine,
    patients,
    strip_width,
)

SECONDS_A_STEP = 0.3
EDGES = ((0, "-"), (-1, "--"), (1, "--"))  # scores at the border and at the edges of its strip


class _Stage:
    """All that stays from move to move, drawn once: Matplotlib takes 100 ms for two axes, and 10 for a line."""

    @styled
    def __init__(self, which, draw_right):
        self.figure = Figure(figsize=(7.8, 3.7), dpi=100)
        self.figure.subplots_adjust(left=0.08, right=0.985, bottom=0.14, top=0.86, wspace=0.22)
        self.left, self.right = self.figure.subplots(1, 2)
        self.canvas = FigureCanvasAgg(self.figure)
        draw_patients(self.left, which)
        self.limits, size = patients(which)[3], 13 if which == "six" else 7
        self.pale = self.left.plot([], [], "o", color="white", alpha=0.8, markersize=size)[0]
        self.kept = [self.left.plot([], [], **look)[0] for _, look in looks(which)]
        self.rings = self.left.plot([], [], "o", **ring(size))[0]
        self.lines = [self.left.plot([], [], style, **line_look(score))[0] for score, style in EDGES]
        titles = [ax.set_title("", fontsize=9) for ax in (self.left, self.right)]
        self.beside = draw_right(self.right)
        self.moving = [self.pale, *self.kept, self.rings, *self.lines, *self.beside, *titles]
        for artist in self.moving:
            artist.set_animated(True)
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)

    def set_border(self, w, b):
        for line, (score, _) in zip(self.lines, EDGES, strict=True):
            ends = crossing(w, b - score, self.limits)
            line.set_data(*(([], []) if ends is None else ends.T))

    def picture(self):
        """Return what stays with the moving parts on it, uint8 (370, 780, 3)."""
        self.canvas.restore_region(self.still)
        for artist in self.moving:
            artist.axes.draw_artist(artist)
        return np.array(self.canvas.buffer_rgba())[..., :3]


def ring(size):
    return {"fillstyle": "none", "color": "black", "markersize": size, "markeredgewidth": 1.2 if size > 9 else 0.7}


def line_look(score):
    return {"color": "black" if score == 0 else COLOURS["neutral"], "linewidth": 2 if score == 0 else 1.3}


@functools.cache
def _explorer_stage(which):
    n = len(patients(which)[1])
    size = 8 if n == 6 else 3

    def draw_right(ax):
        ax.axhline(1, color=COLOURS["neutral"], linestyle="--", linewidth=1.2)
        ax.axhline(0, color="black", linewidth=1.2)
        ax.set(xlabel="patients, lowest first", ylabel="y · score (cut off at -3 and 5)", ylim=(-3, 5.3),
               yticks=range(-2, 5), xlim=(0, n + 1))
        bars = ax.vlines(range(n), 0, 1, color=COLOURS["accent"], linewidth=4 if n == 6 else 1)
        squares = ax.plot([], [], "s", color=COLOURS["neutral"], markersize=size)[0]
        numbers = [ax.text(k, 0, "", fontsize=9, ha="center") for k in range(1, 7)] if n == 6 else []
        return [bars, squares, ax.plot([], [], "o", **ring(size + 5))[0], *numbers]

    return _Stage(which, draw_right)


def explorer_picture(C, only_support, patients_shown):
    """Left: patients, border and strip. Right: y times the score of each patient, lowest first, and her hinge below 1.

    only_support: the border is learnt again from the support vectors alone; the others are pale. uint8 (370, 780, 3).
    """
    on, (x, y, _, _) = _explorer_stage(patients_shown), patients(patients_shown)
    w, b, _ = machine(patients_shown, C, only_support)
    supports = machine(patients_shown, C)[2]
    on.set_border(w, b)
    on.rings.set_data(*x[supports].T)
    on.pale.set_data(*x[~supports & only_support].T)
    for sign, kept in zip((-1, 1), on.kept, strict=True):
        kept.set_data(*x[supports & (y == sign) & only_support].T)
    on.left.title.set_text(f"C = {C:g}: strip {strip_width(w)} wide, {supports.sum()} support vectors")
    margins = y * (x @ w + b)
    _set_margins(on.beside, margins, supports)
    hinges = np.maximum(0, 1 - margins).sum()
    price = primal_objective(w, b, x, y, C)
    on.right.title.set_text(f"P = {w @ w / 2:.3f} + {C:g} · {hinges:.2f} = {price:.3f}")
    return on.picture()


def _set_margins(artists, margins, supports):
    bars, squares, rings, *numbers = artists
    order = np.argsort(margins, kind="stable")
    places, shown = np.arange(1, len(margins) + 1), np.clip(margins[order], -2.9, 4.9)
    bars.set_segments([[(place, min(value, 1)), (place, 1)] for place, value in zip(places, shown, strict=True)])
    squares.set_data(places, shown)
    ringed = supports[order]
    rings.set_data(places[ringed], shown[ringed])
    for text, place, value, number in zip(numbers, places, shown, order + 1, strict=False):
        text.set_position((place, min(value, 4.5) + 0.45))
        text.set_text(str(number))


@functools.cache
def _descent_stage():
    def draw_right(ax):
        ax.axhline(np.log10(LOWEST), color=COLOURS["benign"], linestyle="--", linewidth=1.2)
        ax.set(xlabel="step", ylabel="P (doubling scale)", xlim=(-1, STEPS + 1), ylim=(-0.3, 1.2))
        ax.set_yticks(np.log10([LOWEST, 1, 2, 4, 8]), [f"{LOWEST}", "1", "2", "4", "8"])
        return ax.plot([], [], "-o", color=COLOURS["malignant"], markersize=3, linewidth=1.2)

    return _Stage("six", draw_right)


def descent_picture(play, step, rate, schedule):
    """Left: the border after `step` steps, rings round the patients who pull. Right: P so far. uint8 (370, 780, 3)."""
    on, (places, values) = _descent_stage(), descent(rate, schedule)
    w, b = places[step, :2], places[step, 2]
    on.set_border(w, b)
    on.rings.set_data(*X[Y * (X @ w + b) < 1].T)
    on.beside[0].set_data(range(step + 1), np.log10(values[: step + 1]))
    on.left.title.set_text(f"step {step}: w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:.2f}")
    state, lowest = "playing" if play else "paused", values[: step + 1].min()
    on.right.title.set_text(f"{state}; P = {values[step]:.3f}, lowest so far {lowest:.3f}")
    return on.picture()


def playable(panel):
    """Let the button `play` of a Panel move its slider `step` on, until its end or until it is pressed again."""
    play, step = panel.controls["play"], panel.controls["step"]

    def start(change):
        if play.value and step.value == step.max:
            step.value = step.min
        later()

    def later():
        with contextlib.suppress(RuntimeError):  # no kernel: nobody watches
            loop = asyncio.get_running_loop()
            if panel.waiting is not None:
                panel.waiting.cancel()  # pressed twice in a short time: one clock is enough
            panel.waiting = loop.call_later(SECONDS_A_STEP, move_on)

    def move_on():
        if play.value and step.value < step.max:
            step.value += 1
            later()
        elif play.value:
            play.value = False

    panel.waiting = None
    play.observe(start, "value")
    return panel
