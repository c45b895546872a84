"""Lesson 13: what each layer costs, how long it takes, and what TensorBoard's files hold."""


import numpy as np
from PIL import Image, ImageDraw

from course.plots import COLOURS, font, new_figure, styled
from course.timing.costs import blocks, costs
from course.widgets.lesson_04 import stacked

WIDTH, ROW, TOP = 720, 24, 46  # pixels
INK, PAPER = "#000000", "#FFFFFF"


def cost_picture(side, first_kernels, blocks_deep, kernel_size, hidden=32):
    """Draw multiply-adds and weights of every layer of a network on RGB pictures: uint8 (height, WIDTH, 3).

    Block by block the kernels double. Shares of the whole are bars, amounts are written.
    """
    filters = [first_kernels * 2**block for block in range(blocks_deep)]
    try:
        rows = costs((side, side, 3), blocks(filters, hidden, kernel_size))
    except ValueError:
        return _message(f"The maps become smaller than a {kernel_size} x {kernel_size} kernel. "
                        "Fewer blocks, or a larger picture.")
    rows = [(name, row) for name, row in zip(names(filters), rows, strict=True) if row.weights]
    macs, weights = (sum(getattr(row, what) for _, row in rows) for what in ("macs", "weights"))
    image = Image.new("RGB", (WIDTH, TOP + ROW * 8), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((8, 4), "layer, output", INK, font(13))
    draw.text((230, 4), f"multiply-adds: % of {macs:,}", INK, font(12))
    draw.text((480, 4), f"weights: % of {weights:,}", INK, font(12))
    for number, (name, row) in enumerate(rows):
        y = TOP + ROW * number - 14
        draw.text((8, y), f"{name}  {' x '.join(map(str, row.shape))}", INK, font(13))
        _bar(draw, 230, y, row.macs, macs, COLOURS["benign"])
        _bar(draw, 480, y, row.weights, weights, COLOURS["malignant"])
    return np.asarray(image)


def cost_tables(*networks):
    """Return the tables of several networks, without their empty rows, one below the other: Figure.

    networks: arguments of `cost_picture`, one tuple each.
    """
    pictures = [cost_picture(*network) for network in networks]
    ends = [np.flatnonzero((picture < 255).any(axis=(1, 2)))[-1] + 6 for picture in pictures]
    return stacked([picture[:end] for picture, end in zip(pictures, ends, strict=True)])


def names(filters):
    """Return the layers' names as the lesson writes them: "conv a", "pool a", ..., "flatten", "hidden", "last"."""
    letters = "abcdefgh"[:len(filters)]
    return [f"{kind} {letter}" for letter in letters for kind in ("conv", "pool")] + ["flatten", "hidden", "last"]


def _bar(draw, left, top, amount, total, colour):
    draw.rectangle((left, top + 2, left + round(130 * amount / total), top + ROW - 8), fill=colour)
    draw.text((left + 136, top), f"{amount / total:.1%}  {short(amount)}", INK, font(12))


def short(amount):
    """Return a number of things in three digits: 830 k, 1.2 M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:.3g} {letter}"
    return f"{amount}"


def _message(text):
    image = Image.new("RGB", (WIDTH, TOP + ROW * 8), PAPER)
    ImageDraw.Draw(image).text((8, TOP), text, INK, font(15))
    return np.asarray(image)


@styled
def layer_bars(columns, names, marks=None):
    """Draw shares of the whole, one panel a measure, one bar a layer: Figure. columns: {title: numbers}.

    The largest bar of each panel is dark, the rest light; its share is written.
    """
    figure = new_figure(9.0, 0.6 + 0.32 * len(names))
    for axes, (title, numbers) in zip(figure.subplots(1, len(columns), sharey=True), columns.items(), strict=True):
        shares = np.asarray(numbers, float) / np.sum(numbers)
        largest = shares.argmax()
        colours = [COLOURS["benign"] if row == largest else "#9FC5DD" for row in range(len(names))]
        axes.barh(range(len(names)), shares, color=colours)
        for row, share in enumerate(shares):
            axes.text(share + 0.02, row, f"{share:.0%}" if share >= 0.005 else "", va="center",
                      weight="bold" if row == largest else "normal")
        axes.set(xlim=(0, 1.25), xticks=[0, 0.5, 1], xlabel="share", title=title)
        axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    return figure


@styled
def time_bars(rows, title):
    """Draw times on a log scale, one bar a candidate: Figure. rows: as `course.timing.paired.compare` returns."""
    rows = [row for row in rows if row["seconds"]]
    figure = new_figure(7.6, 0.9 + 0.36 * len(rows))
    axes = figure.subplots()
    axes.barh(range(len(rows)), [1e3 * row["seconds"] for row in rows], color=COLOURS["benign"])
    for place, row in enumerate(rows):
        text = f" {1e3 * row['seconds']:.3g} ms, {row['ratio']:.2g} x"
        axes.text(1e3 * row["seconds"], place, text, va="center")
    axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
    axes.set(xscale="log", xlabel="milliseconds (log scale)", title=title)
    axes.set_xlim(0.3 * 1e3 * min(row["seconds"] for row in rows), 9e3 * max(row["seconds"] for row in rows))
    axes.invert_yaxis()
    return figure


@styled
def board_figure(scalars, histograms, name):
    """Draw what TensorBoard shows, from its event files: loss curves, and a histogram for some epochs: Figure.

    scalars: DataFrame with columns run, name, step, value; histograms: {step: (bins, 3)}.
    """
    figure = new_figure(9.0, 3.4)
    left, right = figure.subplots(1, 2)
    for run, look in (("train", "-"), ("validation", "--o")):
        curve = scalars[(scalars["run"] == run) & (scalars["name"] == "epoch_loss")]
        left.plot(curve["step"], curve["value"], look, label=run)
    left.set(xlabel="epoch", ylabel="epoch_loss")
    left.xaxis.get_major_locator().set_params(integer=True)
    left.legend()
    steps = sorted(histograms)
    for height, step in enumerate(steps):
        edges_left, edges_right, counts = histograms[step].T
        middle, density = (edges_left + edges_right) / 2, counts / counts.max()
        right.fill_between(middle, height, height + 0.9 * density, color="#9FC5DD", edgecolor="black", zorder=-height)
    right.set(xlabel=name, ylabel="epoch", yticks=range(len(steps)), yticklabels=steps)
    return figure
