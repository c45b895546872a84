"""Lesson 22: marks at a threshold with their place on the FROC curve; a nodule measured at any slice thickness."""

import functools

import numpy as np

from course.data.phantom_ct import lung
from course.imaging.volumes import volume
from course.plots import COLOURS, font, new_figure, styled
from course.reproduce import detection_22
from course.widgets.backdrop import Backdrop

THRESHOLDS = tuple(float(t) for t in np.arange(-4, 3.01, 0.5))
SHOWN = (1007, 1002, 1019, 1008)  # fields of the panel; the last has no lesion
STATES = (-3.0, -1.0, 1.0)
DIAMETERS, THICKNESSES = (4, 6, 8, 10, 14, 20), (0.625, 1.25, 2.5, 5.0)
PLACE, SIDE = (21.2, 20.2, 20.3), 40.0  # mm: the nodule's middle, on no voxel's, and the block that is drawn
PIXEL, EDGE = 0.7, -400  # mm; Hounsfield units from which a voxel belongs to the nodule


@styled
def candidates_figure(seed=SHOWN[1]):
    """Show a field, and its candidates as circles with the lesions as squares -> Figure."""
    drawn, centres, radii, _ = detection_22.found(seed)
    figure = new_figure(8.0, 4.0)
    for axes, title in zip(figure.subplots(1, 2), ("the field", f"{len(centres)} candidates, thin; lesions, boxes"),
                           strict=True):  # fmt: skip
        axes.imshow(drawn.picture, vmin=0, vmax=255)
        axes.set_title(title)
        axes.set_axis_off()
    for (x, y), radius in zip(centres, radii, strict=True):
        axes.add_patch(_circle(x, y, radius, COLOURS["accent"], 0.8))
    for x, y, radius in drawn.lesions:
        axes.add_patch(_square(x, y, radius + 4))
    return figure


def _circle(x, y, radius, colour, width):
    from matplotlib.patches import Circle

    return Circle((x, y), radius, fill=False, edgecolor=colour, linewidth=width)


def _square(x, y, half):
    from matplotlib.patches import Rectangle

    return Rectangle((x - half, y - half), 2 * half, 2 * half, fill=False, edgecolor="white", linewidth=1.5)


@styled
def froc_figure():
    """Draw both FROC curves, three thresholds of the classifier marked -> Figure."""
    figure = new_figure(8.0, 3.4)
    axes = figure.subplots()
    _curves(axes)
    for letter, threshold in zip("abc", STATES, strict=True):
        found, wrong = detection_22.curves()["classifier"].at(threshold)
        axes.plot(wrong, found, "ko", markersize=8)
        axes.text(wrong * 1.08, found - 0.06, letter, fontweight="bold")
    return figure


def _curves(axes):
    for (name, curve), style in zip(detection_22.curves().items(), ("--", "-"), strict=True):
        _, found, wrong = curve.curve()
        axes.plot(np.maximum(wrong, 0.02), found, style, label=name)
    axes.set(xscale="log", xlim=(0.02, 60), ylim=(0, 1.02), xlabel="false marks a field", ylabel="lesions found, share")
    axes.set_xticks([0.1, 1, 10], labels=["0.1", "1", "10"])
    axes.legend(loc="upper left", fontsize=9)


def froc_panel(field, threshold):
    """Draw a field with the marks at a threshold, and the point on the curve: uint8 (420, 900, 3)."""
    backdrop = _backdrop(field)
    drawn, centres, radii, _ = detection_22.found(field)
    shown = detection_22.scores(field) >= threshold
    angle = np.linspace(0, 2 * np.pi, 25)
    circles = [[x + r * np.cos(angle), y + r * np.sin(angle)]
               for (x, y), r in zip(centres[shown], radii[shown], strict=True)]
    rings, point = backdrop.moving
    gap = np.full((2, 1), np.nan)  # lifts the pen between two circles
    rings.set_data(*np.hstack([part for circle in circles for part in (circle, gap)] or [gap]))
    found, wrong = detection_22.curves()["classifier"].at(threshold)
    point.set_data([max(wrong, 0.02)], [found])
    hit = detection_22.on_a_lesion(drawn, centres[shown])
    return backdrop.picture(
        f"this field: {int(shown.sum())} marks, {int((~hit).sum())} of them false; {len(drawn.lesions)} lesions",
        f"all 80 fields at threshold {threshold:+.1f}: {found:.0%} of lesions found, {wrong:.2f} false marks a field")


@functools.cache
def _backdrop(field):
    def prepare(figure):
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.02, right=0.98, bottom=0.14, top=0.82, wspace=0.16)
        drawn = detection_22.found(field)[0]
        left.imshow(drawn.picture, cmap="gray", vmin=0, vmax=255)
        left.set_axis_off()
        for x, y, radius in drawn.lesions:
            left.add_patch(_square(x, y, radius + 4))
        _curves(right)
        return [left.plot([], [], color=COLOURS["accent"], linewidth=1.5)[0],
                right.plot([], [], "ko", markersize=9)[0]]

    return Backdrop(9.0, 4.2, prepare)


@functools.cache
def measured(diameter, thickness):
    """Return (block int16, mask, spacing) of a nodule of this diameter (mm) in slices of this thickness (mm)."""
    from scipy.ndimage import label

    spacing = (thickness, PIXEL, PIXEL)
    block = lung((*PLACE, diameter), SIDE, spacing)
    marked, _ = label(block > EDGE)
    number = marked[tuple(round(place / step) for place, step in zip(PLACE, spacing, strict=True))]
    return block, marked == number if number else np.zeros(block.shape, bool), spacing


def ball(diameter):
    """Return a ball's volume in mm^3."""
    return np.pi / 6 * diameter**3


def nodule_panel(diameter, thickness):
    """Draw the nodule across and along the slices, its voxels tinted, and what was measured: uint8 (400, 800, 3)."""
    from PIL import Image, ImageDraw

    block, mask, spacing = measured(diameter, thickness)
    middle = [round(place / step) for place, step in zip(PLACE, spacing, strict=True)]
    page = Image.new("RGB", (800, 400), "white")
    pen = ImageDraw.Draw(page)
    views = (("one slice", block[middle[0]], mask[middle[0]]), ("across all slices", block[:, middle[1]],
                                                               mask[:, middle[1]]))  # fmt: skip
    for place, (name, values, inside) in enumerate(views):
        grey = np.clip((values.astype(float) + 1000) / 1200 * 255, 0, 255)
        dark = np.where(inside, 0.4 * grey, grey)
        picture = np.stack([np.where(inside, 230, grey), dark, dark], axis=-1).astype(np.uint8)
        page.paste(Image.fromarray(picture).resize((300, 300), Image.Resampling.NEAREST), (30 + 380 * place, 80))
        pen.text((30 + 380 * place, 384), name, fill="black", font=font(13))
    found = volume(mask, spacing)
    pen.text((16, 8), f"ball of {diameter} mm: {ball(diameter):.0f} mm3; slices of {thickness:g} mm, pixels of "
                      f"{PIXEL} mm", fill="black", font=font(16))
    pen.text((16, 36), f"{np.count_nonzero(mask):,} voxels make {found:.0f} mm3: {found / ball(diameter) - 1:+.0%}",
             fill="black", font=font(16))
    return np.asarray(page)
