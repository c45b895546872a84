"""Lesson 09: six patients, the line between them as C asks for it, and the descent that finds it, step by step."""

import asyncio
import contextlib
import functools

import numpy as np

from course.classic import KernelSVM
from course.classic.newton import primal_objective, primal_subgradient
from course.data.cytology import table
from course.plots import COLOURS, new_figure, styled

X = np.array([[3, 2], [2, 0], [1, 2], [-3, 0], [-2, -2], [0, 0]], float)  # the six of the page, made up
Y = np.array([1, 1, 1, -1, -1, -1.0])
LOWEST = 0.625  # P of the six at C = 1
COLUMNS = ("worst radius", "mean texture")
C_VALUES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 10.0, 100.0]
PATIENTS = ["six", "569"]
RATES = [0.01, 0.03, 0.1, 0.2, 0.3]
SCHEDULES = ["steady", "shrinking"]
STEPS = 60
SECONDS_A_STEP = 0.3


@functools.cache
def patients(which):
    """Return measurements (n, 2) in standard deviations, labels (n,) of -1 and +1, the axes' names and their limits."""
    if which == "six":
        return X, Y, ("x1, size of the nuclei", "x2, unevenness of their outline"), ((-4, 4), (-3, 3))
    rows, labels = table()
    x = np.array([[row[name] for name in COLUMNS] for row in rows])
    return (x - x.mean(axis=0)) / x.std(axis=0), 2.0 * labels - 1, COLUMNS, ((-2.5, 4.5), (-3, 5))


@functools.cache
def machine(which, C, support_only=False):
    """Return (w (2,), b, which patients are support vectors: bool (n,)); `support_only`: learnt from those alone."""
    x, y, _, _ = patients(which)
    supports = np.ones(len(y), bool)
    if support_only:
        supports = machine(which, C)[2]
    found = KernelSVM(C=C, kernel="linear", tol=1e-6).fit(x[supports], y[supports])
    chosen = np.zeros(len(y), bool)
    chosen[np.flatnonzero(supports)[found.support_]] = True
    w = found.dual_coef_[0] @ found.support_vectors_
    return w, found.intercept_[0], chosen


def _draw_line(ax, w, b, limits):
    """Draw the line where the score is 0, and the edges of the strip, where it is -1 and +1."""
    for score, style in ((0, "-"), (-1, "--"), (1, "--")):
        ends = _crossing(w, b - score, limits)
        if ends is not None:
            colour = "black" if score == 0 else COLOURS["neutral"]
            ax.plot(*ends.T, style, color=colour, linewidth=2 if score == 0 else 1.3)


def _crossing(w, b, limits):
    """Return two points (2, 2) of the line w . x + b = 0, far apart; None where w is 0."""
    length = w @ w
    if length < 1e-18:
        return None
    foot, along = -b * w / length, np.array([-w[1], w[0]]) / np.sqrt(length)
    reach = 2 * np.abs(limits).sum() + np.abs(foot).max()
    return np.stack([foot - reach * along, foot + reach * along])


def draw_patients(ax, which, w, b, ringed, faded=None, numbers=True):
    """Draw the patients, ringed where `ringed`, pale where `faded`, with the line and its strip."""
    x, y, names, limits = patients(which)
    faded = np.zeros(len(y), bool) if faded is None else faded
    size = 8 if which == "six" else 4
    for sign, marker, colour in ((-1, "o", "benign"), (1, "^", "malignant")):
        for pale in (True, False):
            chosen = (y == sign) & (faded == pale)
            ax.plot(*x[chosen].T, marker, color=COLOURS[colour], alpha=0.15 if pale else 0.9, markersize=size)
    ax.plot(*x[ringed & ~faded].T, "o", fillstyle="none", color="black", markersize=size + 6 - 3 * (size < 8),
            markeredgewidth=1.2 if size == 8 else 0.7)
    if which == "six" and numbers:
        for number, place in enumerate(x, start=1):
            ax.text(place[0] + 0.25, place[1] - 0.5, str(number), fontsize=9)
    _draw_line(ax, w, b, limits)
    ax.set(xlim=limits[0], ylim=limits[1], xlabel=names[0], ylabel=names[1],
           xticks=range(-2, 5, 2), yticks=range(-2, 4, 2))


def _width(w):
    length = np.sqrt(w @ w)
    return f"{2 / length:.2f}" if length > 1e-9 else "no end"


def explorer_figure(fig, C, only_support, patients_shown):
    """Left: patients, line and strip. Right: y times the score of each patient, sorted, with the price paid below 1."""
    x, y, _, _ = patients(patients_shown)
    w, b, _ = machine(patients_shown, C, only_support)
    supports = machine(patients_shown, C)[2]
    left, right = fig.subplots(1, 2)
    draw_patients(left, patients_shown, w, b, supports, ~supports if only_support else None)
    left.set_title(f"C = {C:g}: strip {_width(w)} wide, {supports.sum()} support vectors", fontsize=10)
    _draw_margins(right, y * (x @ w + b), supports)
    hinges = np.maximum(0, 1 - y * (x @ w + b)).sum()
    right.set_title(f"P = {w @ w / 2:.3f} + {C:g} · {hinges:.2f} = {primal_objective(w, b, x, y, C):.3f}", fontsize=10)


def _draw_margins(ax, margins, supports):
    order = np.argsort(margins, kind="stable")
    places = np.arange(1, len(margins) + 1)
    shown = np.clip(margins[order], -2.9, 4.9)
    size = 8 if len(margins) == 6 else 3
    ax.vlines(places, np.minimum(shown, 1), 1, color=COLOURS["accent"], linewidth=4 if size == 8 else 1)
    ax.plot(places, shown, "s", color=COLOURS["neutral"], markersize=size)
    ringed = supports[order]
    ax.plot(places[ringed], shown[ringed], "o", fillstyle="none", color="black", markersize=size + 5,
            markeredgewidth=1.2 if size == 8 else 0.5)
    if size == 8:
        for place, value, number in zip(places, shown, order + 1, strict=True):
            ax.text(place - 0.1, value + 0.35, str(number), fontsize=9)
    ax.axhline(1, color=COLOURS["neutral"], linestyle="--", linewidth=1.2)
    ax.axhline(0, color="black", linewidth=1.2)
    ax.set(xlabel="patients, lowest first", ylabel="y · score (cut off at -3 and 5)", ylim=(-3, 5.2),
           yticks=range(-2, 5), xlim=(0, len(margins) + 1))


@functools.cache
def descent(rate, schedule, steps=STEPS, C=1.0):
    """Walk down P of the six from w = 0, b = 0. Returns weights (steps + 1, 3) = w1, w2, b, and P (steps + 1,)."""
    w, b = np.zeros(2), 0.0
    places, values = [(*w, b)], [primal_objective(w, b, X, Y, C)]
    for t in range(steps):
        by_w, by_b = primal_subgradient(w, b, X, Y, C)
        length = rate / (1 + t / 10) if schedule == "shrinking" else rate
        w, b = w - length * by_w, b - length * by_b
        places.append((*w, b))
        values.append(primal_objective(w, b, X, Y, C))
    return np.array(places), np.array(values)


def _draw_step(ax, rate, schedule, step):
    places, values = descent(rate, schedule)
    w, b = places[step, :2], places[step, 2]
    draw_patients(ax, "six", w, b, Y * (X @ w + b) < 1)
    ax.set_title(f"step {step}: w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:.2f}\nP = {values[step]:.3f}", fontsize=10)


def descent_figure(fig, play, step, rate, schedule):
    """Left: the line after `step` steps, rings round the patients who pull. Right: P after each step so far."""
    left, right = fig.subplots(1, 2)
    fig.subplots_adjust(top=0.86)
    _draw_step(left, rate, schedule, step)
    values = np.log10(np.maximum(descent(rate, schedule)[1], LOWEST))
    right.plot(values[: step + 1], "-o", color=COLOURS["malignant"], markersize=3, linewidth=1.2)
    right.axhline(np.log10(LOWEST), color=COLOURS["benign"], linestyle="--", linewidth=1.2)
    right.set(xlabel="step", ylabel="P", xlim=(-1, STEPS + 1), ylim=(-0.3, 1.2))
    right.set_yticks(np.log10([0.625, 1, 2, 4, 8]), ["0.625", "1", "2", "4", "8"])
    lowest = 10 ** values[: step + 1].min()
    right.set_title(f"{'playing' if play else 'paused'}; lowest P so far {lowest:.3f}", fontsize=10)


def playable(panel):
    """Let the button `play` of a Panel move its slider `step` on, until its end or until it is pressed again."""
    play, step = panel.controls["play"], panel.controls["step"]

    def start(change):
        if play.value and step.value == step.max:
            step.value = step.min
        later()

    def later():
        with contextlib.suppress(RuntimeError):  # no kernel: nobody watches
            asyncio.get_running_loop().call_later(SECONDS_A_STEP, move_on)

    def move_on():
        if play.value and step.value < step.max:
            step.value += 1
            later()
        elif play.value:
            play.value = False

    play.observe(start, "value")
    return panel


@styled
def three_lines(lines):
    """Return a figure with a panel for each (title, w, b): the six patients, the line, its strip, who stops it."""
    fig = new_figure(10, 3.6)
    for ax, (title, w, b) in zip(fig.subplots(1, len(lines)), lines, strict=True):
        w = np.asarray(w, float)
        draw_patients(ax, "six", w, b, Y * (X @ w + b) <= 1 + 1e-9)
        ax.set_title(f"{title}\nstrip {_width(w)} wide", fontsize=11)
    return fig


@styled
def three_prices(prices, which="six"):
    """Return a figure with a panel for each C: line, strip and support vectors."""
    fig = new_figure(10, 3.6)
    for ax, C in zip(fig.subplots(1, len(prices)), prices, strict=True):
        w, b, supports = machine(which, C)
        draw_patients(ax, which, w, b, supports)
        ax.set_title(f"C = {C:g}: strip {_width(w)} wide,\n{supports.sum()} support vectors", fontsize=11)
    return fig


@styled
def three_steps(states):
    """Return a figure with a panel for each (rate, schedule, step) of the descent."""
    fig = new_figure(10, 3.8)
    for ax, state in zip(fig.subplots(1, len(states)), states, strict=True):
        _draw_step(ax, *state)
    return fig
