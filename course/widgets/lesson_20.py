"""Lesson 20: a square that hides a part of a picture, filters and feature maps, maps laid over pictures."""

import functools

import matplotlib
import numpy as np
from PIL import Image, ImageDraw

from course.models.explain import Heat
from course.plots import COLOURS, font, new_figure, styled
from course.reproduce.arms_20 import MARKED, PLAIN, SIZE, pictures, stored
from course.reproduce.lesson_20 import PANEL_PATCHES, PANEL_STRIDE, SHOWN
from course.reproduce.store import result

NETWORKS = [PLAIN, MARKED]
PATCHES = list(PANEL_PATCHES)
FURTHEST = SIZE - max(PATCHES)  # the last place of the largest square
TIMES, TOP = 6, 66  # pixels of the panel for one of the picture, and above it for words


@functools.cache
def shown_picture():
    """Return the marked picture of the patient that the panel shows."""
    return pictures("mark", "malignant", [SHOWN])[0]


def falls(network, patch):
    """Return the stored Heat of falls for the panel's picture."""
    values = stored()[f"{network} drops {patch}"]
    middles = PANEL_STRIDE * np.arange(len(values)) + (patch - 1) / 2
    return Heat(values, middles, middles)


def hidden(picture, row, column, patch):
    """Return the picture with a square of its median colour."""
    out = picture.copy()
    out[row : row + patch, column : column + patch] = np.median(picture, axis=(0, 1))
    return out


def occlusion_panel(network, patch, row, column):
    """Draw the picture with its square, and the map of falls with the square's place: uint8 (450, 800, 3)."""
    whole = result(20)["panel"][network]
    fall = float(falls(network, patch).values[row // PANEL_STRIDE, column // PANEL_STRIDE])
    canvas = Image.new("RGB", (800, TOP + TIMES * SIZE), "white")
    place = [TIMES * column, TOP + TIMES * row, TIMES * (column + patch), TOP + TIMES * (row + patch)]
    pen = ImageDraw.Draw(canvas)
    for left, pixels in ((0, hidden(shown_picture(), row, column, patch)), (416, _coloured(network, patch))):
        canvas.paste(_large(pixels), (left, TOP))
        pen.rectangle([place[0] + left, place[1], place[2] + left - 1, place[3] - 1], outline="#000000", width=2)
    most = np.abs(falls(network, patch).values).max()
    pen.text((4, 6), f"logit {whole:.2f}, with the square {whole - fall:.2f}: it falls by {fall:+.2f}",
             fill="#000000", font=font(16))  # fmt: skip
    pen.text((4, 36), "hidden", fill=COLOURS["neutral"], font=font(14))
    pen.text((416, 36), f"all falls; red: it falls, up to {most:.2f}; blue: it rises", fill=COLOURS["neutral"],
             font=font(14))  # fmt: skip
    return np.asarray(canvas)


def _large(pixels):
    return Image.fromarray(pixels.repeat(TIMES, axis=0).repeat(TIMES, axis=1))


@functools.cache
def _coloured(network, patch):
    """Return the map of falls over the grey picture: uint8 (64, 64, 3)."""
    values = falls(network, patch).over((SIZE, SIZE))
    colours = matplotlib.colormaps["RdBu_r"](0.5 + 0.5 * values / np.abs(values).max())[..., :3]
    grey = shown_picture().mean(axis=2)[..., None] / 255
    return np.rint(255 * (0.45 * grey + 0.55 * colours)).astype(np.uint8)


@styled
def three_squares():
    """Draw three states of the panel for the network "marked": on the background, on nuclei, on the mark."""
    figure = new_figure(8.4, 3.2)
    for ax, (words, row, column) in zip(figure.subplots(1, 3), (("background", 44, 6), ("nuclei", 10, 20),
                                                                ("mark", 0, 0)), strict=True):  # fmt: skip
        fall = falls(MARKED, 10).values[row // PANEL_STRIDE, column // PANEL_STRIDE]
        ax.imshow(hidden(shown_picture(), row, column, 10))
        ax.set_title(f"{words}: falls by {fall:.1f}")
        ax.set_axis_off()
    return figure


@styled
def filters_figure(kernels):
    """Draw first-layer filters (5, 5, 3, 8): each as one picture, its numbers moved to 0 ... 1 together."""
    figure = new_figure(8.4, 1.5)
    span = np.abs(kernels).max()
    for number, ax in enumerate(figure.subplots(1, kernels.shape[-1])):
        ax.imshow(0.5 + 0.5 * kernels[..., number] / span)
        ax.set_title(number)
        ax.set_axis_off()
    return figure


@styled
def feature_maps_figure(picture, maps, weights, count=4):
    """Draw a picture and the feature maps (h, w, k) of the largest and the smallest weights, `count` in all."""
    order = np.argsort(weights)
    chosen = [*order[::-1][: count // 2], *order[: count // 2]]
    figure = new_figure(8.4, 2.1)
    axes = figure.subplots(1, count + 1)
    axes[0].imshow(picture)
    axes[0].set_title("picture")
    for ax, number in zip(axes[1:], chosen, strict=True):
        ax.imshow(maps[..., number], cmap="gray")
        ax.set_title(f"map {number}: {weights[number]:+.3f}", fontsize=10)
    for ax in axes:
        ax.set_axis_off()
    return figure


@styled
def heats_figure(picture, heats):
    """Draw a picture and maps over it: heats = {title: Heat of this picture}."""
    from course.models.explanation import show_heat

    figure = new_figure(2.1 * (len(heats) + 1), 2.5)
    axes = figure.subplots(1, len(heats) + 1)
    axes[0].imshow(picture)
    axes[0].set_axis_off()
    axes[0].set_title("picture", fontsize=10)
    for ax, (title, heat) in zip(axes[1:], heats.items(), strict=True):
        show_heat(ax, picture, heat)
        ax.set_title(title, fontsize=10)
    return figure
