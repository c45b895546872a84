"""Lesson 01: lay a window on a CT slice beside its histogram; draw cells, and say what no patient has."""

import contextlib
import functools

import numpy as np
from PIL import Image, ImageDraw

from course.data import cytology
from course.imaging.preprocessing import window
from course.plots import COLOURS, font, new_figure, styled
from course.widgets.lesson_14 import imagined_patient

PRESETS = {"soft tissue": (50, 400), "lung": (-600, 1500), "bone": (400, 1800), "brain": (40, 80)}  # level, width
BY_HAND = "by hand"
TIMES, GAP, LINE = 3, 20, 22  # enlargement of the slice; pixels between the parts and from line to line
PLOT, LOWEST, HIGHEST, BIN = (400, 300), -1100, 1300, 20  # histogram: size in pixels, Hounsfield units
ABOVE_THE_SCAN = [(0, 0, 53, 320)]  # rectangle (top, left, bottom, right) over the writing in pydicom's ultrasound
INK, PAPER, QUIET = "#000000", "#FFFFFF", "#6B6B6B"


@functools.cache
def ct_slice():
    """Return the page's CT slice, pydicom's example, in Hounsfield units: float (128, 128)."""
    from pydicom.examples import get_path

    from course.imaging.dicom import read

    return read(get_path("ct")).values

MEASURED = {  # what a slider of the drawer sets -> the table's name, decimals shown
    "mean radius": ("mean radius", 1),
    "worst radius": ("worst radius", 1),
    "worst / mean radius": (None, 2),
    "texture": ("mean texture", 1),
    "compactness": ("mean compactness", 3),
    "concavity": ("mean concavity", 3),
}
BAR, ROW, LABEL = 240, 64, 176  # pixels: length of a range, height of a line of the drawer, room for its name


def windowed(values, level, width, preset=BY_HAND):
    """Draw a CT slice through a window, beside its histogram with the window drawn into it.

    values: (h, w), Hounsfield units; level, width: Hounsfield units; preset: its name. Returns uint8 (H, W, 3).
    """
    light = window(values, level, width)
    slice_ = (255 * light).round().astype(np.uint8).repeat(TIMES, axis=0).repeat(TIMES, axis=1)
    side = slice_.shape[1]
    image = Image.new("RGB", (side + GAP + PLOT[0] + GAP, slice_.shape[0] + LINE), PAPER)
    image.paste(Image.fromarray(slice_), (0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, side - 1, side - 1), None, QUIET)  # an all-white window must not look like an empty page
    shown = preset if PRESETS.get(preset, (level, width)) == (level, width) else BY_HAND
    low, high = level - width / 2, level + width / 2
    _histogram(image, draw, side + GAP, values, low, high)
    below, above = np.mean(values <= low), np.mean(values >= high)
    x, y = side + GAP, PLOT[1] + 44
    draw.text((x, y), f"{shown}: level {level}, width {width}", INK, font(14))
    draw.text((x, y + LINE), f"black up to {low:g}: {below:.0%} of the pixels", INK, font(14))
    draw.text((x, y + 2 * LINE), f"white from {high:g}: {above:.0%} of the pixels", INK, font(14))
    return np.asarray(image)


def _histogram(image, draw, left, values, low, high):
    """Draw bars of 20 Hounsfield units, the scale, a strip that shows each value's brightness, and the window."""
    width, height = PLOT
    edges = np.arange(LOWEST, HIGHEST + BIN, BIN)
    counts, _ = np.histogram(values, edges)

    def across(hounsfield):
        return left + width * (np.clip(hounsfield, LOWEST, HIGHEST) - LOWEST) / (HIGHEST - LOWEST)

    for count, start in zip(counts, edges[:-1], strict=True):
        top = height - int((height - 24) * count / counts.max())
        if count:
            draw.rectangle((across(start), min(top, height - 1), across(start + BIN) - 1, height), COLOURS["benign"])
    strip = window(np.linspace(LOWEST, HIGHEST, width), (low + high) / 2, high - low)
    image.paste(Image.fromarray(np.tile((255 * strip).astype(np.uint8), (14, 1))), (left, height + 1))
    draw.rectangle((left, height + 1, left + width - 1, height + 14), None, QUIET)
    for number in (-1000, -500, 0, 500, 1000):
        draw.text((across(number), height + 18), str(number), INK, font(12), anchor="ma")
    for end in (low, high):
        if LOWEST < end < HIGHEST:
            draw.line((across(end), 18, across(end), height + 14), COLOURS["malignant"], 2)
    ends = np.clip((low, high), LOWEST, HIGHEST)
    ramp = height - (height - 24) * window(ends, (low + high) / 2, high - low)
    draw.line((across(ends[0]), ramp[0], across(ends[1]), ramp[1]), COLOURS["malignant"], 2)
    draw.text((left + width, 2), "Hounsfield units, bars: number of pixels", QUIET, font(12), anchor="ra")


def with_presets(panel):
    """Let the control `preset` of a Panel set `level` and `width`; moving these by hand sets it to "by hand"."""
    preset, level, width = (panel.controls[key] for key in ("preset", "level", "width"))
    jumping = []

    def jump(change):
        if preset.value in PRESETS:
            jumping.append(True)
            with contextlib.ExitStack() as stack:
                stack.callback(jumping.pop)
                level.value, width.value = PRESETS[preset.value]

    def moved(change):
        if not jumping and PRESETS.get(preset.value, (level.value, width.value)) != (level.value, width.value):
            preset.value = BY_HAND

    preset.observe(jump, "value")
    for slider in (level, width):
        slider.observe(moved, "value")
    return panel


@functools.cache
def _ranges():
    """Return {measurement: ((lowest, highest) of the benign patients, of the malignant ones)}."""
    rows, labels = cytology.table()
    found = {}
    for name, (column, _) in MEASURED.items():
        values = np.array([row[column] if column else row["worst radius"] / row["mean radius"] for row in rows])
        found[name] = tuple((values[labels == label].min(), values[labels == label].max()) for label in (0, 1))
    return found


def nobody_has(settings):
    """Return the measurements of {name: value} that lie outside those of all 569 patients: a list of names."""
    return [name for name, value in settings.items()
            if not min(low for low, _ in _ranges()[name]) <= value <= max(high for _, high in _ranges()[name])]


def drawn_cells(mean_radius, worst_radius, texture, compactness, concavity, field=0):
    """Draw a field with these measurements, and beside it where they lie among the patients; uint8 (h, w, 3).

    Lengths in the table's units. A setting that no patient of the table
    has gets a frame and words, and so does the picture.
    """
    row = _imagined(mean_radius, worst_radius / mean_radius, compactness, texture) | {
        "mean concavity": concavity, "worst radius": worst_radius}  # fmt: skip
    cells = cytology.draw_field(row, key=(0, 0, field)).repeat(2, axis=0).repeat(2, axis=1)
    settings = dict(zip(MEASURED, (mean_radius, worst_radius, worst_radius / mean_radius, texture, compactness,
                                   concavity), strict=True))
    nobody = nobody_has(settings)
    image = _empty_form(len(cells)).copy()
    image.paste(Image.fromarray(cells), (6, 6))
    draw = ImageDraw.Draw(image)
    if nobody:
        draw.rectangle((1, 1, len(cells) + 10, len(cells) + 10), None, COLOURS["malignant"], width=5)
    verdict = f"NOT IN TABLE: {len(nobody)} of {len(settings)} outside" if nobody else "each value lies in the range"
    draw.text((6, len(cells) + 16), verdict, INK, font(14))
    left = len(cells) + 24
    for number, (name, value) in enumerate(settings.items()):
        top, outside = ROW * number, name in nobody
        draw.text((left, top + 24), f"{value:.{MEASURED[name][1]}f}" + " NOT IN TABLE" * outside, INK, font(14))
        x = _across(name, value, left)
        draw.line((x, top + 4, x, top + 42), INK, 3)
        if outside:
            frame = left - 4, top + 1, left + LABEL + BAR + 6, top + ROW - 4
            draw.rectangle(frame, None, COLOURS["malignant"], width=3)
    return np.asarray(image)


_imagined = functools.lru_cache(64)(imagined_patient)


@functools.cache
def _empty_form(side):
    """Return what stays the same on every draw: names, the ranges of both classes as bars, and their ends."""
    image = Image.new("RGB", (side + 36 + LABEL + BAR, max(side + 44, ROW * len(MEASURED))), PAPER)
    draw, left = ImageDraw.Draw(image), side + 24
    draw.text((6, side + 40), "B benign, M malignant patients", QUIET, font(12))
    for number, (name, classes) in enumerate(_ranges().items()):
        top, digits = ROW * number, MEASURED[name][1]
        draw.text((left, top + 4), name, INK, font(14))
        for step, (letter, colour, (low, high)) in enumerate(zip("BM", ("benign", "malignant"), classes, strict=True)):
            y, x = top + 10 + 18 * step, _across(name, low, left)
            draw.rectangle((x, y, _across(name, high, left), y + 10), COLOURS[colour])
            draw.text((left + LABEL - 12, y + 5), letter, INK, font(12), anchor="lm")
        ends = f"all: {min(low for low, _ in classes):.{digits}f} to {max(high for _, high in classes):.{digits}f}"
        draw.text((left + LABEL, top + 43), ends, QUIET, font(11))
    return image


def _across(name, value, left):
    """Return where a value stands on its bar, in pixels; the bar reaches past the patients on both sides."""
    lowest, highest = min(low for low, _ in _ranges()[name]), max(high for _, high in _ranges()[name])
    margin = 0.3 * (highest - lowest)
    first, last = lowest - margin, highest + margin
    return left + LABEL + BAR * (np.clip(value, first, last) - first) / (last - first)


@styled
def picture_and_histogram(picture, unit, bins=64):
    """Draw a grey picture beside how many of its pixels have which value; returns the figure."""
    figure = new_figure(8.0, 3.2)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    left.imshow(picture, cmap="gray", interpolation="nearest")
    left.set(xlabel="column", ylabel="row")
    right.hist(picture.ravel(), bins=bins, color=COLOURS["benign"], log=True)
    right.set(xlabel=unit, ylabel="number of pixels, tenfold steps")
    return figure


@styled
def with_axes(picture, step, width=8.0):
    """Draw a picture with its row and column numbers at the edges, a number every `step` pixels; returns the figure."""
    figure = new_figure(width, width * picture.shape[0] / picture.shape[1] + 0.3)
    axes = figure.add_subplot()
    axes.imshow(picture, cmap="gray", interpolation="nearest")
    axes.set_xticks(range(0, picture.shape[1], step))
    axes.set_yticks(range(0, picture.shape[0], step))
    axes.grid(color="#FFFFFF", linewidth=0.3)
    axes.set_axisbelow(False)
    axes.set(xlabel="column", ylabel="row")
    return figure
