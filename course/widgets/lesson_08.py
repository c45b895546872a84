"""Lesson 08: a real loss surface over two weights, and the paths of three optimizers across it."""

import functools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
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


def _outside(places):
    return np.any((places < (ACROSS[0], UP[0])) | (places > (ACROSS[1], UP[1])))


class _Stage:
    """All that stays from move to move, drawn once: Matplotlib takes 100 ms for two axes, and 10 for a line."""

    @styled
    def __init__(self):
        self.figure = Figure(figsize=(7.2, 3.6), dpi=100)
        self.figure.subplots_adjust(left=0.08, right=0.98, bottom=0.14, top=0.88, wspace=0.28)
        self.left, self.right = self.figure.subplots(1, 2)
        self.canvas = FigureCanvasAgg(self.figure)
        _draw_surface(self.left, np.zeros((1, 2)))
        self.walk = self.left.lines[0]
        self.curve, = self.right.plot([], color=COLOURS["malignant"])
        self.right.axhline(np.log2(lowest()[1]), color=COLOURS["benign"], linestyle="--", linewidth=1.2)
        self.right.set(xlabel="step", ylabel="loss of all patients", xlim=(-3, 103), ylim=(-2.1, 2.3))
        self.right.set_yticks([-2, -1, 0, 1, 2], ["0.25", "0.5", "1", "2", "4"])
        self.moving = [self.walk, self.curve, *(ax.set_title("", fontsize=9) for ax in (self.left, self.right))]
        for artist in self.moving:
            artist.set_animated(True)
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(self.figure.bbox)

    def picture(self):
        """Return what stays with the moving parts on it, uint8 (360, 720, 3)."""
        self.canvas.restore_region(self.still)
        for artist in self.moving:
            artist.axes.draw_artist(artist)
        return np.array(self.canvas.buffer_rgba())[..., :3]


@functools.cache
def stage():
    """Return the panel's axes, made at the first move."""
    return _Stage()


def surface_picture(optimizer, rate, steps, batch):
    """Draw the path on the surface, and beside it the loss of all patients after each step: uint8 (360, 720, 3)."""
    places, on = path(optimizer, rate, steps, BATCHES[batch]), stage()
    losses, (w1, w2) = loss(places.T), places[-1]
    on.walk.set_data(*places.T)
    on.curve.set_data(range(steps + 1), np.log2(losses))
    out = " (left the map)" if _outside(places) else ""
    on.left.title.set_text(f"{optimizer}, rate {rate:g}, ends at ({w1:.3g}, {w2:.3g}){out}")
    on.right.title.set_text(f"after {steps} steps {losses[-1]:.3f}; lowest {lowest()[1]:.3f}")
    return on.picture()


@styled
def three_paths(states, steps=60):
    """Return a figure with one panel for each (optimizer, rate) of `states`."""
    fig = new_figure(10, 3.9)
    for ax, (optimizer, rate) in zip(fig.subplots(1, len(states)), states, strict=True):
        places = path(optimizer, rate, steps)
        _draw_surface(ax, places)
        outside = " (leaves the picture)" if _outside(places) else ""
        title = f"{optimizer}, rate {rate:g}{outside}\nloss after {steps} steps {loss(places[-1]):.3f}"
        ax.set_title(title, fontsize=10)
    return fig
