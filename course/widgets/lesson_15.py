"""Lesson 15: a polynomial on many or few points; the gap between training and validation; the ablation's arms."""

import functools

import numpy as np

from course.data import cytology
from course.plots import COLOURS, new_figure, styled
from course.reproduce import tables_15
from course.reproduce.arms_15 import ARMS, NOTHING
from course.widgets.backdrop import Backdrop

LINE = np.linspace(-1, 1, 400)
NOISE = 0.3  # standard deviation of what is measured about the curve
DEGREES = (1, 15)
POINTS = [10, 20, 50, 200]
STRENGTHS = [0, 0.0001, 0.001, 0.01, 0.1, 1, 10, 100]
REMEDIES = [arm for arm in ARMS if arm != NOTHING]
EDGES, UPWARDS = np.linspace(0, 1, 21), np.array([[-1], [1]])  # of scores; benign patients down, malignant up
MEASURES = ["AUC", "loss", "accuracy", "sensitivity", "specificity"]


def curve(x):
    """The curve that the points scatter about, x from -1 to 1."""
    return np.sin(3 * x)


@functools.cache
def measured_points(points, seed):
    """Return x (points,) between -1 and 1, and y = curve(x) with noise; the first of many points are those of few."""
    rng = np.random.default_rng(seed)
    both = np.array([(rng.uniform(-1, 1), rng.normal()) for _ in range(points)])
    return both[:, 0], curve(both[:, 0]) + NOISE * both[:, 1]


def fit_polynomial(x, y, degree, strength):
    """Return the function b + w1 x + ... + wd x^d with the least sum of squared errors + strength * sum of w^2.

    b stays free. Solved as least squares with `degree` more rows, sqrt(strength) w = 0, which is exact and stable.
    """
    powers = x[:, None] ** np.arange(1, degree + 1)
    mean, level = powers.mean(axis=0), y.mean()
    rows = np.vstack([powers - mean, np.sqrt(strength) * np.eye(degree)])
    w = np.linalg.lstsq(rows, np.append(y - level, np.zeros(degree)), rcond=None)[0]
    return lambda new: level + (new[:, None] ** np.arange(1, degree + 1) - mean) @ w


def errors(points, degree, strength):
    """Return (training, validation): root of the mean squared error on the points, and on 500 points not seen."""
    x, y = measured_points(points, 3)
    fitted = fit_polynomial(x, y, degree, strength)
    return tuple(float(np.sqrt(np.mean((fitted(a) - b) ** 2))) for a, b in ((x, y), measured_points(500, 1)))


def polynomial_picture(points, degree, strength):
    """Draw the points, the fitted polynomial and the true curve, with both errors: uint8 (360, 640, 3)."""
    backdrop, (x, y) = _polynomial_backdrop(), measured_points(points, 3)
    fitted, dots = backdrop.moving
    fitted.set_ydata(fit_polynomial(x, y, degree, strength)(LINE))
    dots.set_data(x, y)
    return backdrop.picture(*_polynomial_words(points, degree, strength), size=13)


@functools.cache
def _polynomial_backdrop():
    def prepare(figure):
        figure.subplots_adjust(left=0.12, right=0.98, bottom=0.15, top=0.82)
        axes = figure.subplots()
        artists = _polynomial_artists(axes)
        axes.legend(loc="upper left", fontsize=8)
        return artists

    return Backdrop(6.4, 3.8, prepare)


def _polynomial_artists(axes):
    """Draw the true curve; return what moves: the fitted polynomial and the points."""
    axes.plot(LINE, curve(LINE), "--", color="black", linewidth=1.2, label="true curve")
    axes.set(xlim=(-1.02, 1.02), ylim=(-2, 2), xlabel="x", ylabel="y")
    return (axes.plot(LINE, 0 * LINE, color=COLOURS["benign"], label="fitted")[0],
            axes.plot([], [], "o", color=COLOURS["malignant"], markersize=4, label="points")[0])


def _polynomial_words(points, degree, strength):
    training, validation = (f"{error:.2f}" if error < 10 else "over 10" for error in errors(points, degree, strength))
    return (f"{points} points, degree {degree}, strength {strength:g}",
            f"error: training {training}, validation {validation}")


def _draw_polynomial(axes, points, degree, strength):
    x, y = measured_points(points, 3)
    fitted, dots = _polynomial_artists(axes)
    fitted.set_ydata(fit_polynomial(x, y, degree, strength)(LINE))
    dots.set_data(x, y)
    axes.set_title("\n".join(_polynomial_words(points, degree, strength)), fontsize=10)
    axes.legend(loc="upper left", fontsize=8)


@styled
def three_polynomials(states):
    """Draw three states (points, degree, strength) side by side -> Figure."""
    figure = new_figure(11.0, 3.5)
    for axes, state in zip(figure.subplots(1, len(states), sharey=True), states, strict=True):
        _draw_polynomial(axes, *state)
        axes.label_outer()
    return figure


@styled
def gap_figure():
    """Draw AUC against the number of patients, and the loss over the training with all of them -> Figure."""
    figure = new_figure(10.0, 3.6)
    left, right = figure.subplots(1, 2)
    sizes = tables_15.gap().index.to_numpy()
    for name, part, style, marker in (("training", 0, "-", "s"), ("validation", 1, "--", "o")):
        colour = COLOURS["benign" if part == 0 else "malignant"]
        ends = np.array([tables_15.curves(n, 1)[part][:, -1] for n in sizes])
        left.plot(sizes, ends.mean(axis=1), style, color=colour, label=name)
        left.plot(np.repeat(sizes, 5), ends.ravel(), marker, color=colour, alpha=0.6, markersize=4)
        runs = tables_15.curves(sizes[-1], 0)[part]
        steps = np.arange(1, runs.shape[1] + 1)
        right.plot(steps, runs.T, style, color=colour, alpha=0.35, linewidth=1)
        right.plot(steps, runs.mean(axis=0), style, color=colour, label=name)
    left.set(xscale="log", xlabel="training patients", ylabel="AUC at the end", ylim=(0.4, 1.02))
    left.set_xticks(sizes, labels=sizes)
    left.minorticks_off()
    right.set(xlabel=f"epoch, with {sizes[-1]} patients", ylabel="loss", ylim=(0, None))
    left.legend(loc="lower right")
    right.legend(loc="lower left")
    return figure


@functools.cache
def _runs():
    return {arm: tables_15.seeds(arm) for arm in tables_15.scores()}


def ablation_picture(remedy, measure):
    """Draw each arm's five seeds out of fold, the chosen arm marked, and what it does to the patients' scores."""
    backdrop, values = _ablation_backdrop(measure), _values(measure)
    diamonds, *areas = backdrop.moving
    chosen = list(_runs()).index(remedy)
    diamonds.set_data(values[chosen], np.full(values.shape[1], chosen))
    for area, counts in zip(areas, UPWARDS * _counts()[remedy], strict=True):
        area.set_data(counts)
    return backdrop.picture(f"{remedy}: seeds' mean {measure} {values[chosen].mean():.3f}, nothing "
                            f"{values[0].mean():.3f}. Right: filled {remedy}, line nothing", size=13)


def _values(measure):
    return np.array([found[measure] for found in _runs().values()])  # (arms, seeds)


@functools.cache
def _ablation_backdrop(measure):
    def prepare(figure):
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [5, 4]})
        figure.subplots_adjust(left=0.17, right=0.98, wspace=0.2, top=0.88, bottom=0.15)
        values = _values(measure)
        left.plot(values.ravel(), np.repeat(range(len(values)), values.shape[1]), "o", color=COLOURS["neutral"],
                  alpha=0.8)
        left.plot(values.mean(axis=1), range(len(values)), "|", color="black", markersize=18)
        left.set_yticks(range(len(values)), labels=list(_runs()))
        left.set_ylim(len(values) - 0.5, -0.5)
        left.axvline(values[0].mean(), color="black", linestyle=":", linewidth=1)
        left.set(xlabel=f"{measure} out of fold, five seeds")
        areas = _score_artists(right)
        highest = max(counts.max() for counts in _counts().values())
        right.set_ylim(-1.05 * highest, 1.05 * highest)
        return left.plot([], [], "D", color=COLOURS["malignant"])[0], *areas

    return Backdrop(9.6, 4.0, prepare)


@functools.cache
def _counts():
    """How many benign and malignant patients have a mean score in each of twenty bins: {arm: (2, 20)}."""
    labels = cytology.table()[1]
    return {arm: np.array([np.histogram(five.mean(axis=0)[labels == kind], 20, (0, 1))[0] for kind in (0, 1)])
            for arm, five in tables_15.scores().items()}


def _score_artists(axes):
    """Draw how the arm without remedies scores the patients; return what moves: areas (benign, malignant)."""
    outline = UPWARDS * _counts()[NOTHING]
    areas = [axes.stairs(counts, EDGES, fill=True, facecolor=COLOURS[name], alpha=0.6)
             for counts, name in zip(outline, ("benign", "malignant"), strict=True)]
    axes.plot(EDGES, np.hstack([outline, outline[:, -1:]]).T, color="black", linewidth=1, drawstyle="steps-post")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="mean score of five seeds", ylabel="patients: benign down, malignant up", xlim=(0, 1))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    return areas


@styled
def remedies_figure(remedies):
    """Draw what each of these arms does to the patients' mean scores, side by side -> Figure."""
    figure = new_figure(10.0, 3.4)
    for axes, remedy in zip(figure.subplots(1, len(remedies), sharey=True), remedies, strict=True):
        for area, counts in zip(_score_artists(axes), UPWARDS * _counts()[remedy], strict=True):
            area.set_data(counts)
        axes.relim()
        axes.autoscale_view(scalex=False)
        axes.set_title(f"filled: {remedy}; line: nothing", fontsize=10)
        axes.label_outer()
    return figure


def by_neuron(amount):
    """Return fit(X, y), which trains one neuron on labels smoothed by `amount` and hands back a function: X -> p."""
    from course.nn import Adam, BinaryCrossentropy, Dense, Sequential

    def fit(x, y):
        network = Sequential([Dense(1, "sigmoid")])
        network.compile(Adam(0.01), BinaryCrossentropy())
        network.fit(x, y[:, None] * (1 - amount) + amount / 2, epochs=60)
        return lambda new: network.predict(new)[:, 0]

    return fit
