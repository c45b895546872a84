"""Lesson 23: a path to a tumour that follows the entry point, and what is drawn in the brain."""

import functools
import time

import numpy as np

from course.data import brain
from course.imaging.paths import along, path, spacing, to_voxels
from course.plots import COLOURS, new_figure, styled
from course.widgets.backdrop import Backdrop

FORBIDDEN = ("vessels", "tract")
LOW, HIGH = (-12, -72, -42), (84, 72, 86)  # mm: the part of the head in which the panel's paths run
ACROSS, UP = (-60.0, 60.0), (-40.0, 52.0)  # mm from the target: what the slice along the path shows
GRAIN = 0.5  # mm a pixel of that slice
VIDEO = 25  # pictures a second
NEAR = ((-22, 82), (-62, 62), (-34, 82))  # mm: what the figures of the scene show of x, y and z


@functools.cache
def scene():
    """Return (Brain, {name: mask}, {name: distance in mm}) of the part in which the paths run."""
    from scipy.ndimage import distance_transform_edt

    head = brain.part(brain.load(), LOW, HIGH)
    masks = {name: brain.mask(name, head) for name in brain.THINGS}
    gaps = {name: distance_transform_edt(~masks[name], sampling=spacing(head.affine)).astype(np.float32)
            for name in FORBIDDEN}  # fmt: skip
    return head, masks, gaps


def direction(turn, height):
    """Return the unit vector to an entry: turn, degrees from straight right to the front; height, degrees upwards."""
    turn, height = np.deg2rad([turn, height])
    return np.array([np.cos(height) * np.cos(turn), np.cos(height) * np.sin(turn), np.sin(height)])


def planned(turn, height):
    """Return (places (n, 3) from entry to target in mm, {name: distance at each, mm})."""
    head, _, gaps = scene()
    places = path(brain.surface(head, direction(turn, height)), brain.TARGET)
    return places, {name: along(gaps[name], head.affine, places) for name in FORBIDDEN}


def tinted(grey, tumour, vessels, tract, veil):
    """Return grey (h, w) uint8 with the drawn things laid on: stripes, solid, dots, and a veil for the margin."""
    rows, columns = np.indices(grey.shape)
    picture = np.repeat(grey[..., None], 3, axis=-1).astype(float)
    for where, pattern, colour in (
        (veil, (rows + columns) % 4 < 2, "bad"), (tumour, (rows - columns) % 8 < 4, "accent"),
        (tract, (rows % 4 < 2) & (columns % 4 < 2), "good"), (vessels, True, "malignant"),
    ):  # fmt: skip
        picture[where & pattern] = [int(COLOURS[colour][i : i + 2], 16) for i in (1, 3, 5)]
    return picture.astype(np.uint8)


def along_slice(turn, margin):
    """Return the slice that holds the vertical and the path: uint8 (rows, columns, 3), top row highest."""
    head, masks, gaps = scene()
    side, up = np.arange(*ACROSS, GRAIN) + GRAIN / 2, np.arange(*UP, GRAIN)[::-1] + GRAIN / 2
    flat = direction(turn, 0)
    first, last = (to_voxels(head.affine, brain.TARGET + one) for one in (side[0] * flat, side[-1] * flat))
    share = np.linspace(0, 1, len(side))[:, None]
    i, j, _ = np.rint(first + share * (last - first)).astype(int).T
    k = np.rint(to_voxels(head.affine, brain.TARGET + up[:, None] * [0, 0, 1])[:, 2]).astype(int)[:, None]
    inside = np.all([(n >= 0) & (n < size) for n, size in zip((i + 0 * k, j + 0 * k, k + 0 * i), head.t1.shape,
                                                              strict=True)], axis=0)  # fmt: skip
    place = tuple(np.clip(n, 0, size - 1) for n, size in zip((i, j, k), head.t1.shape, strict=True))
    near = (gaps["vessels"][place] <= margin) | (gaps["tract"][place] <= margin)
    layers = [layer & inside for layer in (*(masks[name][place] for name in brain.THINGS), near)]
    return tinted(np.where(inside, head.t1[place], 0).astype(np.uint8), *layers)


def plan_panel(turn, height, margin):
    """Draw the slice along the path, and the distances on the way: uint8 (430, 860, 3)."""
    backdrop = _plan_backdrop()
    places, gaps = planned(turn, height)
    image, way, start, *lines, level, dot = backdrop.moving
    image.set_data(along_slice(turn, margin))
    reach = (places[0] - brain.TARGET) @ direction(turn, 0), places[0, 2] - brain.TARGET[2]
    way.set_data([reach[0], 0], [reach[1], 0])
    start.set_data([reach[0]], [reach[1]])
    depth = np.linalg.norm(places - places[0], axis=1)
    for line, name in zip(lines, FORBIDDEN, strict=True):
        line.set_data(depth, gaps[name])
    level.set_ydata([margin, margin])
    name, least, where = _least(gaps, depth)
    dot.set_data([where], [least])
    verdict = "keeps the margin" if least > margin else "BREAKS the margin"
    return backdrop.picture(
        "Entry at ({:.0f}, {:.0f}, {:.0f}) mm, {:.0f} mm from the target.".format(*places[0], depth[-1]),
        f"Smallest distance {least:.1f} mm, to the {name}, {where:.0f} mm below the entry: {verdict} of {margin} mm.",
    )  # fmt: skip


def _least(gaps, depth):
    name = min(gaps, key=lambda one: gaps[one].min())
    return name, float(gaps[name].min()), float(depth[gaps[name].argmin()])


@functools.cache
def _plan_backdrop():
    def prepare(figure):
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
        figure.subplots_adjust(left=0.08, right=0.98, top=0.83, bottom=0.13, wspace=0.2)
        return *_slice_artists(left), *_profile_artists(right)

    return Backdrop(8.6, 4.3, prepare)


def _slice_artists(ax):
    """Prepare axes of the slice; return its image, the path, the entry."""
    blank = np.zeros((2, 2, 3), np.uint8)
    image = ax.imshow(blank, extent=(*ACROSS, *UP), interpolation="nearest")
    ax.set(xlabel="mm from the target, sideways", ylabel="mm above the target", xticks=(-50, 0, 50),
           yticks=(-25, 0, 25))
    way = ax.plot([], [], color="white", linewidth=2, solid_capstyle="butt")[0]
    return image, way, ax.plot([], [], "o", color="white", markeredgecolor="black", markersize=9)[0]


def _profile_artists(ax):
    """Prepare axes of distances; return the two lines, the margin's level, the dot at the smallest."""
    ax.set(xlabel="mm below the entry", ylabel="distance, mm", xlim=(0, 90), ylim=(0, 40), xticks=(0, 40, 80),
           yticks=(0, 20, 40))
    looks = {"vessels": ("malignant", "-", 37), "tract": ("good", "--", 34)}
    lines = [ax.plot([], [], style, color=COLOURS[colour])[0] for colour, style, _ in looks.values()]
    for name, (colour, style, y) in looks.items():
        words = f"{name} ({'full' if style == '-' else 'dashed'})"
        ax.text(88, y, words, color=COLOURS[colour], ha="right", fontsize=10)
    ax.text(88, 31, "margin (dotted)", ha="right", fontsize=10)
    level = ax.axhline(0, color="black", linestyle=":", linewidth=1.5)
    return *lines, level, ax.plot([], [], "D", color="black", markersize=7)[0]


def frame_rate(turn, height, margin):
    """Return how many of the panel's pictures come a second here and now, as a sentence; slow: it draws five."""
    begun = time.perf_counter()
    for _ in range(5):
        plan_panel(turn, height, margin)
    each = (time.perf_counter() - begun) / 5
    enough = "this keeps up" if each <= 1 / VIDEO else "this does not keep up"
    return f"One picture took {1000 * each:.0f} ms: {1 / each:.0f} a second. A video shows {VIDEO}: {enough}."


@styled
def three_entries(entries=((40, 40), (0, 75), (0, 40)), margin=3):
    """Draw three states of the panel: the slice along the path, its smallest distance as the title."""
    figure = new_figure(8.6, 2.9)
    for ax, (turn, height) in zip(figure.subplots(1, 3), entries, strict=True):
        places, gaps = planned(turn, height)
        image, way, start = _slice_artists(ax)
        image.set_data(along_slice(turn, margin))
        reach = (places[0] - brain.TARGET) @ direction(turn, 0), places[0, 2] - brain.TARGET[2]
        way.set_data([reach[0], 0], [reach[1], 0])
        start.set_data([reach[0]], [reach[1]])
        name, least, _ = _least(gaps, np.arange(len(places)))
        ax.set_title(f"turn {turn}, height {height}: {least:.1f} mm\n({name})", fontsize=10)
        ax.label_outer()
    return figure


@styled
def overlay_figure(head, margin=None):
    """Draw three slices through the target with the drawn things; margin: bool as the head, where the veil lies."""
    masks = [brain.mask(name, head) for name in brain.THINGS]
    masks.append(np.zeros(head.t1.shape, bool) if margin is None else margin)
    middle = np.rint(to_voxels(head.affine, brain.TARGET)).astype(int)
    ends = np.array([head.affine[:3, 3], head.affine[:3, :3] @ head.t1.shape + head.affine[:3, 3]]) - 0.5
    names = ("x, to the right (mm)", "y, forward (mm)", "z, up (mm)")
    figure = new_figure(8.6, 3.2)
    for ax, (axis, others) in zip(figure.subplots(1, 3), ((2, (0, 1)), (1, (0, 2)), (0, (1, 2))), strict=True):
        layers = [layer.take(middle[axis], axis).T for layer in (head.t1, *masks)]
        extent = (*ends[:, others[0]], *ends[:, others[1]])
        ax.imshow(tinted(*layers), origin="lower", extent=extent)
        ax.set(xlabel=names[others[0]], ylabel=names[others[1]])
        ax.set_title(f"{'xyz'[axis]} = {brain.TARGET[axis]:g} mm", fontsize=11)
        ax.set(xlim=NEAR[others[0]], ylim=NEAR[others[1]])
    return figure
