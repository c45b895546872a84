"""Lesson 08: a real loss surface over two weights, and the paths of three optimizers across it."""

import functools

import numpy as np
from matplotlib.collections import LineCollection
from scipy.optimize import minimize

from course.data.cytology import table
from course.nn import SGD, Adam, sigmoid
from course.plots import COLOURS, new_figure, styled

COLUMNS = ("mean area", "mean perimeter")
BIAS = -1.2  # near its best value; held, so that two weights are left to draw
ACROSS, UP = (-10.0, 9.0), (-3.0, 15.0)  # the part of the surface on show: w1, w2
LEVELS = (0.257, 0.27, 0.3, 0.35, 0.42, 0.55, 0.8, 1.2, 2, 3, 4.5)
LABELLED = {0.27: 5, 0.35: 10, 1.2: -1.5, 3: -7}  # level: w1 + w2 where its label stands
OPTIMIZERS = {"SGD": SGD, "momentum": functools.partial(SGD, momentum=0.9), "Adam": Adam}
RATES = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0]
BATCHES = {"all 569": None, "32": 32}


@functools.cache
def patients():
    """Return two standardised columns of the table, float64 (569, 2), and the truths (569,), malignant = 1."""
    rows, labels = table()
    x = np.array([[row[name] for name in COLUMNS] for row in rows])
    return (x - x.mean(axis=0)) / x.std(axis=0), labels


def loss(w, rows=slice(None)):
    """Mean cross-entropy of sigmoid(x w + BIAS) over some patients; w (2,) gives a number, w (2, k) gives (k,)."""
    x, y = patients()
    z = x[rows] @ w + BIAS
    return (np.logaddexp(0, z) - (y[rows] * z.T).T).mean(axis=0)


def gradient(w, rows=slice(None)):
    """Slopes of `loss` by the two weights: (2,)."""
    x, y = patients()
    return x[rows].T @ (sigmoid(x[rows] @ w + BIAS) - y[rows]) / len(x[rows])


@functools.cache
def lowest():
    """Return (weights (2,), loss) at the bottom of the surface, as SciPy finds it."""
    found = minimize(loss, np.zeros(2), jac=gradient, tol=1e-10)
    return found.x, float(found.fun)


def path(optimizer, rate, steps, batch=None, seed=8):
    """Follow `optimizer` from (0, 0): weights (steps + 1, 2). `batch` patients a step, drawn from `seed`; None: all."""
    rng = np.random.default_rng(seed)
    walker, w = OPTIMIZERS[optimizer](rate), np.zeros(2)
    places = [w.copy()]
    for _ in range(steps):
        rows = slice(None) if batch is None else rng.choice(len(patients()[1]), batch, replace=False)
        walker.update([w], [gradient(w, rows)])
        places.append(w.copy())
    return np.array(places)


@functools.cache
def _contours():
    """Return the lines of equal loss, and for some of them where their label stands; worked out once."""
    across, up = np.linspace(*ACROSS, 77), np.linspace(*UP, 73)
    w1, w2 = np.meshgrid(across, up)
    heights = loss(np.stack([w1.ravel(), w2.ravel()])).reshape(w1.shape)
    drawn = new_figure().subplots().contour(across, up, heights, levels=LEVELS)
    lines = [line[:, :2] for level in drawn.allsegs for line in level]
    labels = []
    for level, segments in zip(LEVELS, drawn.allsegs, strict=True):
        if level in LABELLED and segments:
            line = max(segments, key=len)
            labels.append((*line[np.argmin(np.abs(line.sum(axis=1) - LABELLED[level]))], f"{level:g}"))
    return lines, labels


def _draw_surface(ax, places):
    lines, labels = _contours()
    ax.add_collection(LineCollection(lines, colors=COLOURS["neutral"], linewidths=0.7))
    for x, y, text in labels:
        ax.text(x, y, text, fontsize=7, ha="center", va="center", bbox={"facecolor": "white", "lw": 0, "pad": 0.5})
    ax.plot(*places.T, "-o", color=COLOURS["malignant"], linewidth=1.2, markersize=3)
    ax.plot(0, 0, "s", color="black", markersize=7)
    ax.plot(*lowest()[0], "*", color=COLOURS["benign"], markersize=12)
    ax.set(xlim=ACROSS, ylim=UP, xticks=range(-10, 9, 5), yticks=range(0, 15, 5),
            xlabel=f"w1, weight of {COLUMNS[0]}", ylabel=f"w2, weight of {COLUMNS[1]}")
    outside = np.any((places < (ACROSS[0], UP[0])) | (places > (ACROSS[1], UP[1])))
    return " (leaves the picture)" if outside else ""


def surface_figure(fig, optimizer, rate, steps, batch):
    """Draw the path on the surface, and beside it the loss of all patients after each step."""
    places = path(optimizer, rate, steps, BATCHES[batch])
    losses, bottom = loss(places.T), lowest()[1]
    left, right = fig.subplots(1, 2)
    outside = _draw_surface(left, places)
    left.set_title(f"{optimizer}, rate {rate:g}{outside}", fontsize=11)
    right.plot(np.log2(losses), color=COLOURS["malignant"])
    right.axhline(np.log2(bottom), color=COLOURS["benign"], linestyle="--", linewidth=1.2)
    right.set(xlabel="step", ylabel="loss of all patients", ylim=(-2.1, 2.3))
    right.set_yticks([-2, -1, 0, 1, 2], ["0.25", "0.5", "1", "2", "4"])  # a logarithmic axis costs 30 ms
    right.set_title(f"after {steps} steps {losses[-1]:.3f}; lowest {bottom:.3f}", fontsize=11)


@styled
def three_paths(states, steps=60):
    """Return a figure with one panel for each (optimizer, rate) of `states`."""
    fig = new_figure(10, 3.9)
    for ax, (optimizer, rate) in zip(fig.subplots(1, len(states)), states, strict=True):
        places = path(optimizer, rate, steps)
        outside = _draw_surface(ax, places)
        title = f"{optimizer}, rate {rate:g}{outside}\nloss after {steps} steps {loss(places[-1]):.3f}"
        ax.set_title(title, fontsize=10)
    return fig
