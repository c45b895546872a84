"""Lesson 03: move the threshold, the blur and the neck, and watch nuclei appear, melt together and part."""

import functools

import numpy as np
from PIL import Image, ImageDraw

from course.data import cytology
from course.imaging.segmentation import dice, labels_at, nuclear_threshold, smoothed
from course.plots import COLOURS, NotebookFigure, font, new_figure, styled

TIMES = 3  # pixels on show for one of the picture
TITLE, LINES = 26, 76  # pixels above the pictures, and below them
CHART = 300  # width of the histogram
BINS = np.linspace(-0.1, 1.0, 111)  # of stain density
INK, PAPER, BARS = "#000000", "#FFFFFF", "#8C8C8C"


@functools.lru_cache(maxsize=32)
def _patient(case):
    return cytology.draw(case), cytology.draw_mask(case)


@functools.lru_cache(maxsize=8)
def _density(case, smoothing):
    """Blurred density of a patient's picture, with its two thresholds: Otsu's and the one half-way."""
    from skimage.filters import threshold_otsu

    density = smoothed(_patient(case)[0], smoothing)
    return density, threshold_otsu(density), nuclear_threshold(density)


def explored(patient, threshold, smoothing=0.7, neck=0.13):
    """Draw one patient's picture with the outlines found, the histogram, count and Dice: uint8 (height, width, 3)."""
    image, true = _patient(patient)
    density, otsu, half_way = _density(patient, smoothing)
    labels = labels_at(density, threshold, neck)
    side = TIMES * len(image)
    canvas = Image.new("RGB", (side + CHART + 24, TITLE + side + LINES), PAPER)
    canvas.paste(Image.fromarray(outlined(image, labels)), (0, TITLE))
    draw = ImageDraw.Draw(canvas)
    draw.text((0, 5), f"patient {patient}, smoothing {smoothing:.1f}, neck {neck:.2f}", INK, font(14))
    _histogram(draw, side + 16, side, density, {"Otsu's": otsu, "half-way": half_way}, threshold)
    many = np.sum(labels > 0) / np.sum(true > 0)
    for line, text in enumerate([
        f"Nuclei found: {labels.max()}.  Drawn: {true.max()}.",
        f"Dice overlap with the true mask: {dice(labels > 0, true > 0):.3f}.  Area found / area drawn: {many:.2f}",
        f"Otsu's threshold here: {otsu:.2f}.  Half-way between nuclei and surroundings: {half_way:.2f}",
    ]):  # fmt: skip
        draw.text((0, TITLE + side + 5 + 23 * line), text, INK, font(14))
    return np.asarray(canvas)


def outlined(image, labels, times=TIMES):
    """Enlarge a picture and draw each label's outline, white inside and black outside: uint8 (times h, times w, 3)."""
    large = image.repeat(times, 0).repeat(times, 1)
    names = np.pad(labels.repeat(times, 0).repeat(times, 1), 1, mode="edge")
    centre = names[1:-1, 1:-1]
    edge = np.zeros(centre.shape, bool)
    for other in (names[:-2, 1:-1], names[2:, 1:-1], names[1:-1, :-2], names[1:-1, 2:]):
        edge |= other != centre
    large[edge & (centre > 0)] = 255
    large[edge & (centre == 0)] = 0
    return large


def _histogram(draw, left, height, density, marks, threshold):
    """Draw how many pixels have which density, upright; the threshold a solid line, its marks dashed ones."""
    draw.text((left, 5), "stain density; bars: root of the count", INK, font(13))
    counts = np.sqrt(np.histogram(density.clip(BINS[0], BINS[-1]), BINS)[0])
    bottom = TITLE + height - 24
    tall = (height - 70) / counts.max()
    places = left + (BINS - BINS[0]) / (BINS[-1] - BINS[0]) * (CHART - 4)
    for start, stop, count in zip(places[:-1], places[1:], counts, strict=True):
        shade = COLOURS["malignant"] if (start + stop) / 2 > _across(left, threshold) else BARS
        draw.rectangle((start, bottom - count * tall, stop - 1, bottom), shade)
    draw.line((left, bottom, left + CHART - 4, bottom), INK)
    for value in (0, 0.25, 0.5, 0.75, 1):
        draw.text((_across(left, value), bottom + 4), f"{value:g}", INK, font(12), anchor="ma")
    for row, (name, value) in enumerate(marks.items()):
        x, top = _across(left, value), TITLE + 6 + 18 * row
        for y in range(top + 14, bottom, 8):
            draw.line((x, y, x, y + 3), INK)
        draw.text((x + 4, top), name, INK, font(12))
    x = _across(left, threshold)
    draw.line((x, TITLE + 44, x, bottom), INK, width=3)
    draw.text((x + 5, TITLE + 46), f"threshold {threshold:.2f}", INK, font(12))


def _across(left, value):
    return left + (value - BINS[0]) / (BINS[-1] - BINS[0]) * (CHART - 4)


def between_classes(values, cut):
    """Return the between-class variance of a cut: share below x share above x (difference of the means) squared."""
    values = np.asarray(values, float).ravel()
    below, above = values[values <= cut], values[values > cut]
    if len(below) == 0 or len(above) == 0:
        return 0.0
    return len(below) * len(above) / len(values) ** 2 * (below.mean() - above.mean()) ** 2


@styled
def otsu_figure(levels, cut):
    """Draw the histogram of a uint8 channel and, below it, the between-class variance of every cut: Figure."""
    figure = new_figure(7.5, 4.2)
    above, below = figure.subplots(2, 1, sharex=True)
    counts = np.bincount(levels.ravel(), minlength=256)
    above.stairs(counts, np.arange(257) - 0.5, fill=True, color=COLOURS["neutral"])
    above.set(ylabel="pixels")
    below.plot(np.arange(256), [between_classes(levels, level) for level in range(256)], color=COLOURS["benign"])
    below.set(ylabel="between-class\nvariance", xlabel="level of the red channel", xlim=(0, 255))
    for ax in (above, below):
        ax.axvline(cut, linestyle="--", color="black", linewidth=1)
    above.annotate(f"cut {cut}", (cut, counts.max()), (-6, -4), textcoords="offset points", ha="right", va="top")
    return figure


@styled
def scatter_figure(panels, labels, names):
    """Draw one panel for each title: {title: (x, y)}, a dot a patient; the dashed line is where both agree: Figure.

    labels: (n,), 0 benign (dots), 1 malignant (triangles); names: what stands on the two axes.
    """
    figure = new_figure(3.4 * len(panels), 3.5)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for ax, (title, (x, y)) in zip(axes, panels.items(), strict=True):
        for label, (name, marker) in enumerate((("benign", "o"), ("malignant", "^"))):
            rows = labels == label
            ax.plot(x[rows], y[rows], marker, color=COLOURS[name], label=name, markersize=3.5, alpha=0.6)
        ends = [min(x.min(), y.min()), max(x.max(), y.max())]
        ax.plot(ends, ends, "--", color="black", linewidth=1)
        ax.set(xlabel=names[0], title=title)
    axes[0].set_ylabel(names[1])
    axes[0].legend(loc="upper left", handletextpad=0.2)
    return figure


def in_a_row(pictures, titles):
    """Return pictures (h, w, 3) side by side below their titles, as a figure with one dot for each of their pixels."""
    width = sum(picture.shape[1] for picture in pictures) + 12 * (len(pictures) - 1)
    canvas = Image.new("RGB", (width, TITLE + max(len(picture) for picture in pictures)), PAPER)
    draw, left = ImageDraw.Draw(canvas), 0
    for picture, title in zip(pictures, titles, strict=True):
        draw.text((left, 4), title, INK, font(14))
        canvas.paste(Image.fromarray(picture), (left, TITLE))
        left += picture.shape[1] + 12
    figure = NotebookFigure(figsize=(width / 100, canvas.height / 100), dpi=100)
    figure.figimage(np.asarray(canvas))
    return figure
