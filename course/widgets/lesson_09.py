"""Lesson 09: six patients, the line between them as C asks for it, and the descent that finds it, step by step."""

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
C_VALUES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 3.0, 10.0]
PATIENTS = ["six", "569"]
RATES = [0.01, 0.03, 0.1, 0.2, 0.3]
SCHEDULES = ["steady", "shrinking"]
STEPS = 60


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
    w = found.dual_coef_[0] @ found.support_vectors_
    chosen = supports & (y * (x @ w + found.intercept_[0]) <= 1 + 1e-5)  # at the edge of the strip or inside
    return w, found.intercept_[0], chosen


def _draw_line(ax, w, b, limits):
    """Draw the line where the score is 0, and the edges of the strip, where it is -1 and +1."""
    for score, style in ((0, "-"), (-1, "--"), (1, "--")):
        ends = crossing(w, b - score, limits)
        if ends is not None:
            colour = "black" if score == 0 else COLOURS["neutral"]
            ax.plot(*ends.T, style, color=colour, linewidth=2 if score == 0 else 1.3)


def crossing(w, b, limits):
    """Return two points (2, 2) of the line w . x + b = 0, far apart; None where w is 0."""
    length = w @ w
    if length < 1e-18:
        return None
    foot, along = -b * w / length, np.array([-w[1], w[0]]) / np.sqrt(length)
    reach = 2 * np.abs(limits).sum() + np.abs(foot).max()
    return np.stack([foot - reach * along, foot + reach * along])


def looks(which):
    """Return how benign (-1) and malignant (+1) patients look: pairs of sign and Matplotlib's keywords."""
    common = {"linestyle": "none", "alpha": 0.9, "markersize": 8 if which == "six" else 4}
    return [(-1, {"marker": "o", "color": COLOURS["benign"], **common}),
            (1, {"marker": "^", "color": COLOURS["malignant"], **common})]


def draw_patients(ax, which):
    """Draw the patients, malignant as triangles and benign as dots; the six with their numbers."""
    x, y, names, limits = patients(which)
    for sign, look in looks(which):
        ax.plot(*x[y == sign].T, **look)
    if which == "six":
        ax.set_aspect("equal")  # a right angle must look like one
        for number, place in enumerate(x, start=1):
            ax.text(place[0] + 0.35, place[1] - 0.6, str(number), fontsize=9)  # clear of a ring
    ax.set(xlim=limits[0], ylim=limits[1], xlabel=names[0], ylabel=names[1],
           xticks=range(-2, 5, 2), yticks=range(-2, 4, 2))


def _draw_border(ax, which, w, b, ringed):
    """Draw the patients with the line and its strip, and rings round some of them."""
    x, _, _, limits = patients(which)
    draw_patients(ax, which)
    ax.plot(*x[ringed].T, "o", fillstyle="none", color="black", markersize=13 if which == "six" else 7,
            markeredgewidth=1.2 if which == "six" else 0.7)
    _draw_line(ax, w, b, limits)
    ax.set(xlim=limits[0], ylim=limits[1])


def strip_width(w):
    length = np.sqrt(w @ w)
    return f"{2 / length:.2f}" if length > 1e-9 else "no end"


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
    _draw_border(ax, "six", w, b, Y * (X @ w + b) < 1)
    ax.set_title(f"step {step}: w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:.2f}\nP = {values[step]:.3f}", fontsize=10)


def _one_label(fig):
    """Leave the name of the upward axis to the first of the panels side by side."""
    for ax in fig.axes:
        ax.label_outer()
    return fig


@styled
def three_lines(lines):
    """Return a figure with a panel for each (title, w, b): the six patients, the line, its strip, who stops it."""
    fig = new_figure(10, 3.6)
    for ax, (title, w, b) in zip(fig.subplots(1, len(lines)), lines, strict=True):
        w = np.asarray(w, float)
        _draw_border(ax, "six", w, b, Y * (X @ w + b) <= 1 + 1e-9)
        ax.set_title(f"{title}\nstrip {strip_width(w)} wide", fontsize=11)
    return _one_label(fig)


@styled
def three_prices(prices, which="six"):
    """Return a figure with a panel for each C: line, strip and support vectors."""
    fig = new_figure(10, 3.6)
    for ax, C in zip(fig.subplots(1, len(prices)), prices, strict=True):
        w, b, supports = machine(which, C)
        _draw_border(ax, which, w, b, supports)
        ax.set_title(f"C = {C:g}: strip {strip_width(w)} wide,\n{supports.sum()} support vectors", fontsize=11)
    return _one_label(fig)


@styled
def three_steps(states):
    """Return a figure with a panel for each (rate, schedule, step) of the descent."""
    fig = new_figure(10, 3.8)
    for ax, state in zip(fig.subplots(1, len(states)), states, strict=True):
        _draw_step(ax, *state)
    return _one_label(fig)


@styled
def hinge_figure():
    """Return a figure of the hinge over y times the score, with three lines through the kink that stay below it."""
    fig = new_figure(6, 3.2)
    ax = fig.subplots()
    margins = np.array([-1.5, 1, 3])
    ax.plot(margins, np.maximum(0, 1 - margins), color=COLOURS["malignant"], linewidth=3, label="hinge")
    for slope, style in ((-0.75, "--"), (-0.5, "-."), (-0.25, ":")):
        ax.plot(margins[[0, 2]], slope * (margins[[0, 2]] - 1), style, color=COLOURS["neutral"], linewidth=1.3,
                label=f"slope {slope:g}")
    ax.plot(1, 0, "s", color="black", markersize=7)
    ax.annotate("kink", (1, 0), (1.1, 0.25))
    ax.set(xlabel="margin, y · score", ylabel="hinge h", ylim=(-1.6, 2.6), xlim=(-1.5, 3))
    ax.legend()
    return fig
