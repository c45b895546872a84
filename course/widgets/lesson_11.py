"""Lesson 11: ten thousand women sorted by a test, two normal curves with the border between, and curves over data."""

import functools

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg as Canvas
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course.plots import COLOURS, STYLE, font, new_figure, styled

WOMEN, COLUMNS, CELL, HEADING = 10_000, 125, 6, 22  # COLUMNS women a row, CELL pixels each; HEADING in pixels
SHARES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.37, 0.5]
LOW, HIGH = 4.0, 32.0  # mean radius, in the table's units
X = np.linspace(LOW, HIGH, 561)


def counted(share, sensitivity, specificity, women=WOMEN):
    """Return whole numbers (true positives, false positives, false negatives, true negatives) to be expected."""
    sick = round(share * women)
    found, cleared = round(sensitivity * sick), round(specificity * (women - sick))
    return found, women - sick - cleared, sick - found, cleared


def prevalence_picture(share, sensitivity, specificity):
    """Draw 10,000 women, those whom the test calls positive above, the others below: uint8 (h, w, 3)."""
    tp, fp, fn, tn = counted(share, sensitivity, specificity)
    blocks = [("positive", tp, fp), ("negative", fn, tn)]
    rows = [-(-(one + other) // COLUMNS) for _, one, other in blocks]
    width = COLUMNS * CELL + 2
    image = Image.new("RGB", (width, (WOMEN // COLUMNS + 1) * CELL + 2 * HEADING + 8), "#FFFFFF")
    draw, top = ImageDraw.Draw(image), 0
    for (name, malignant, benign), height in zip(blocks, rows, strict=True):
        draw.text((2, top + 3), _block_text(name, malignant, benign), "#000000", font(13))
        top += HEADING
        if height:
            image.paste(Image.fromarray(_tiles(malignant, benign, height)), (1, top))
        top += height * CELL + 6
    return np.asarray(image)


def _block_text(name, malignant, benign):
    total = malignant + benign
    share = f" ({percent(malignant / total)})" if total else ""
    return f"test {name}: {total:,} women, of whom {malignant:,} have a malignant tumour{share}"


def percent(share):
    """Return a share as text: one digit after the point, two below 1 %."""
    return f"{share * 100:.{1 if share == 0 or share >= 0.01 else 2}f} %"


def _tiles(malignant, benign, height):
    """Return the women of one block as small squares, uint8: malignant full, benign hollow, then empty places."""
    kinds = np.full(height * COLUMNS, 2)
    kinds[:malignant], kinds[malignant : malignant + benign] = 0, 1
    pictures = _marks()[kinds.reshape(height, COLUMNS)]
    return pictures.swapaxes(1, 2).reshape(height * CELL, COLUMNS * CELL, 3)


@functools.cache
def _marks():
    """Return the three marks (3, CELL, CELL, 3): full square, hollow square, nothing."""
    marks = np.full((3, CELL, CELL, 3), 255, np.uint8)
    marks[0, :-1, :-1] = _rgb(COLOURS["malignant"])
    marks[1, :-1, :-1] = _rgb(COLOURS["benign"])
    marks[1, 1:-2, 1:-2] = 255
    return marks


def _rgb(colour):
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


@styled
def three_prevalences(shares, sensitivity=0.9, specificity=0.9):
    """Draw the panel's picture for each share, one above the other, cut to the women with a positive test."""
    figure = new_figure(7.6, 1.1 + sum(_height(share, sensitivity, specificity) for share in shares) / 90)
    heights = [_height(share, sensitivity, specificity) for share in shares]
    for ax, share, height in zip(
        figure.subplots(len(shares), 1, gridspec_kw={"height_ratios": heights}), shares, heights, strict=True
    ):
        ax.imshow(prevalence_picture(share, sensitivity, specificity)[:height])
        ax.set_axis_off()
        ax.set_title(f"{share * 100:g} % of 10,000 women have a malignant tumour", fontsize=11)
    return figure


def _height(share, sensitivity, specificity):
    tp, fp, _, _ = counted(share, sensitivity, specificity)
    return HEADING + CELL * -(-(tp + fp) // COLUMNS) + 4


def log_density(x, mean, deviation):
    """log of the normal density at x, with mean and standard deviation."""
    return -0.5 * np.log(2 * np.pi * deviation**2) - (x - mean) ** 2 / (2 * deviation**2)


def log_odds(x, benign, malignant, share):
    """log [P(malignant | x) / P(benign | x)]; benign and malignant are pairs (mean, standard deviation)."""
    return np.log(share) - np.log(1 - share) + log_density(x, *malignant) - log_density(x, *benign)


def borders(benign, malignant, share):
    """Return the places where both classes are equally probable, ascending: none, one or two."""
    (m0, s0), (m1, s1) = benign, malignant
    square = 0.5 / s0**2 - 0.5 / s1**2
    linear = m1 / s1**2 - m0 / s0**2
    constant = log_odds(0.0, benign, malignant, share)
    if square == 0:
        return np.array([-constant / linear]) if linear else np.array([])
    inside = linear**2 - 4 * square * constant
    if inside < 0:
        return np.array([])
    return np.sort((-linear + np.array([-1, 1]) * np.sqrt(inside)) / (2 * square))


def curves_picture(benign_mean, benign_deviation, malignant_mean, malignant_deviation, malignant_share):
    """Draw both curves, each times its share, and below them P(malignant | x): uint8 (h, w, 3)."""
    canvas, axes, lines, marks, empty = _curves_canvas()
    settings = (benign_mean, benign_deviation), (malignant_mean, malignant_deviation), malignant_share
    _show_curves(axes, lines, marks, *settings)
    canvas.restore_region(empty)
    for artist in _moving(axes, lines, marks):
        artist.axes.draw_artist(artist)
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


@functools.cache
def _curves_canvas():
    """Return (canvas, axes, lines, border lines, picture without them), made once: only what moves is drawn anew."""
    with matplotlib.rc_context(STYLE):
        figure = Canvas(Figure(figsize=(6.8, 4.2), dpi=100)).figure
        axes = figure.add_axes((0.13, 0.50, 0.84, 0.40)), figure.add_axes((0.13, 0.13, 0.84, 0.29))
        lines, marks = _curve_lines(*axes)
        axes[0].legend(loc="upper right")
        axes[1].set(xlabel="mean radius (table's units)")
        for artist in _moving(axes, lines, marks):
            artist.set_animated(True)
        figure.canvas.draw()
    return figure.canvas, axes, lines, marks, figure.canvas.copy_from_bbox(figure.bbox)


def _moving(axes, lines, marks):
    return [*lines, *marks[0], *marks[1], axes[0].title]


def _curve_lines(above, below):
    lines = [
        above.plot(X, 0 * X, "-", color=COLOURS["benign"], label="benign")[0],
        above.plot(X, 0 * X, "--", color=COLOURS["malignant"], label="malignant")[0],
        below.plot(X, 0 * X, "-", color="black")[0],
    ]
    marks = [[ax.axvline(LOW, color=COLOURS["neutral"], linestyle=":", linewidth=1.5) for _ in range(2)]
             for ax in (above, below)]  # fmt: skip
    above.set(xlim=(LOW, HIGH), ylim=(0, 1.15), xticks=[], yticks=[0, 0.5, 1], ylabel="share × density\n(highest = 1)")
    below.set(xlim=(LOW, HIGH), ylim=(-0.03, 1.03), yticks=[0, 0.5, 1], ylabel="P(malignant | x)")
    below.axhline(0.5, color=COLOURS["neutral"], linewidth=0.8)
    return lines, marks


def _show_curves(axes, lines, marks, benign, malignant, share, separator=" "):
    joint = np.array([(1 - share) * np.exp(log_density(X, *benign)), share * np.exp(log_density(X, *malignant))])
    posterior = 1 / (1 + np.exp(-log_odds(X, benign, malignant, share)))
    for line, values in zip(lines, (*joint / joint.max(), posterior), strict=True):
        line.set_ydata(values)
    found = borders(benign, malignant, share)
    found = found[(found > LOW) & (found < HIGH)]
    for pair in marks:
        for number, line in enumerate(pair):
            line.set_visible(number < len(found))
            line.set_xdata([found[number]] * 2 if number < len(found) else [LOW, LOW])
    axes[0].set_title(border_text(found, share, separator), y=1.02, fontsize=11)


def border_text(found, share, separator=" "):
    """Say where the borders lie that can be seen."""
    places = " and ".join(f"{place:.1f}" for place in found)
    where = f"border at {places}" if len(found) == 1 else f"borders at {places}" if len(found) else "no border in view"
    return f"malignant share {share * 100:g} %:{separator}{where}"


@styled
def three_borders(states):
    """Draw three states side by side: pairs (mean, deviation) of benign and malignant, and the malignant share."""
    figure = new_figure(10.5, 4.0)
    axes = figure.subplots(2, len(states), height_ratios=[3, 2])
    for number, state in enumerate(states):
        pair = axes[:, number]
        lines, marks = _curve_lines(*pair)
        _show_curves(pair, lines, marks, *state, separator="\n")
        pair[1].set(xlabel="mean radius (table's units)")
        if number:
            pair[0].set_ylabel("")
            pair[1].set_ylabel("")
    axes[0, 0].legend(loc="upper right")
    return figure


@styled
def measured_and_learnt(columns, y):
    """Draw histograms of both classes and their learnt normal curves; columns: {title: (values (n,), even bins)}."""
    figure = new_figure(10.5, 3.8)
    axes = figure.subplots(1, len(columns), squeeze=False)
    for ax, (title, (values, bins)) in zip(axes[0], columns.items(), strict=True):
        x = np.linspace(bins[0], bins[-1], 600)
        for label, name, line, kind in ((0, "benign", "-", "stepfilled"), (1, "malignant", "--", "step")):
            of, colour = values[y == label], COLOURS[name]
            bars = {"facecolor": colour + "40", "edgecolor": "none"} if kind == "stepfilled" else {"edgecolor": colour}
            each = np.full(len(of), 1 / len(of) / (bins[1] - bins[0]))  # so that those outside the bins count too
            ax.hist(of, bins, weights=each, histtype=kind, linewidth=1, label=f"{name}, measured", **bars)
            curve = np.exp(log_density(x, of.mean(), of.std()))
            ax.plot(x, curve, line, color=colour, label=f"{name}, learnt curve")
        ax.set(title=title, xlim=(bins[0], bins[-1]), xlabel="table's units", ylabel="density")
        ax.legend(loc="upper right")
    return figure
