"""Lesson 23: landmarks that slip, a map of the error to expect, errors against each other, a broken wrist."""

import functools

import numpy as np

from course.data import brain
from course.imaging import registration
from course.plots import COLOURS, new_figure, styled
from course.widgets.backdrop import Backdrop

MARKS = [1, 2, 3, 4, 5, "all"]
BACK = np.array([20.0, -88, 0])  # mm: a second target, at the back of the head


def slipped(landmark, right, forward):
    """Return (landmarks laid on the picture's (5, 3), FRE, {target name: (true, shown)}), mm."""
    seen = brain.MARKERS.copy()
    seen[slice(None) if landmark == "all" else landmark - 1] += [right, forward, 0]
    motion = registration.rigid(seen, brain.MARKERS)
    laid = registration.moved(seen, *motion)
    targets = {name: (true, registration.moved(true, *motion)) for name, true in
               (("tumour", brain.TARGET), ("back of the head", BACK))}  # fmt: skip
    return laid, registration.rms_distance(laid, brain.MARKERS), targets


def landmark_panel(landmark, right, forward):
    """Draw the head from above with the landmarks laid on each other and two targets: uint8 (480, 640, 3)."""
    backdrop = _landmark_backdrop()
    words = _show_landmarks(backdrop.moving, landmark, right, forward)
    return backdrop.picture(*words)


@functools.cache
def _landmark_backdrop():
    def prepare(figure):
        ax = figure.subplots()
        figure.subplots_adjust(left=0.12, right=0.98, top=0.84, bottom=0.11)
        return _landmark_artists(ax)

    return Backdrop(6.4, 5.4, prepare)


@functools.cache
def _from_above():
    head = brain.load()
    return 255 - head.t1[:, :, 104].T // 4  # a pale ghost of the slice at the tumour's height


def _landmark_artists(ax):
    """Prepare axes from above; return crosses, ring about the chosen one, where targets are shown, lines to them."""
    ax.imshow(_from_above(), origin="lower", extent=(-98.5, 98.5, -134.5, 98.5), vmin=0, vmax=255, cmap="gray")
    ax.set(xlabel="x, to the right (mm)", ylabel="y, forward (mm)", xlim=(-105, 105), ylim=(-112, 100),
           xticks=(-100, -50, 0, 50, 100), yticks=(-100, -50, 0, 50))
    ax.plot(*brain.MARKERS[:, :2].T, "o", color=COLOURS["benign"], markersize=11, markerfacecolor="none")
    for number, (x, y, _) in enumerate(brain.MARKERS, start=1):
        ax.text(x, y - 15, number, ha="center", fontsize=11)
    for name, (x, y, _) in (("tumour", brain.TARGET), ("back", BACK)):
        ax.plot(x, y, "D", color="black", markersize=8, markerfacecolor="none")
        ax.text(x, y - 15, name, ha="center", fontsize=11)
    return (ax.plot([], [], "x", color=COLOURS["benign"], markersize=9, markeredgewidth=2)[0],
            ax.plot([], [], "s", color=COLOURS["neutral"], markersize=22, markerfacecolor="none", linewidth=1)[0],
            ax.plot([], [], "+", color=COLOURS["malignant"], markersize=12, markeredgewidth=2.5)[0],
            *(ax.plot([], [], color=COLOURS["malignant"])[0] for _ in range(2)))  # fmt: skip


def _show_landmarks(artists, landmark, right, forward):
    """Move the artists; return two lines of text."""
    crosses, ring, shown, *lines = artists
    laid, fre, targets = slipped(landmark, right, forward)
    crosses.set_data(*laid[:, :2].T)
    chosen = brain.MARKERS if landmark == "all" else brain.MARKERS[[landmark - 1]]
    ring.set_data(*chosen[:, :2].T)
    shown.set_data(*np.array([there for _, there in targets.values()])[:, :2].T)
    for line, (true, there) in zip(lines, targets.values(), strict=True):
        line.set_data(*np.array([true, there])[:, :2].T)
    errors = {name: registration.rms_distance(*pair) for name, pair in targets.items()}
    who = "All landmarks" if landmark == "all" else f"Landmark {landmark}"
    return (f"{who} seen {right:+d} mm to the right, {forward:+d} mm forward of the truth.",
            f"FRE {fre:.1f} mm.  TRE: " + ", ".join(f"{name} {error:.1f} mm" for name, error in errors.items()))


@styled
def three_slips(slips=((3, 12, 0), (3, 0, 12), ("all", 12, 0))):
    """Draw three states of the landmark panel, errors as titles."""
    figure = new_figure(8.8, 3.7)
    for ax, slip in zip(figure.subplots(1, 3), slips, strict=True):
        _show_landmarks(_landmark_artists(ax), *slip)
        _, fre, targets = slipped(*slip)
        tres = [registration.rms_distance(*pair) for pair in targets.values()]
        who = "all" if slip[0] == "all" else f"landmark {slip[0]}"
        errors = f"FRE {fre:.1f}, TRE {tres[0]:.1f} (back {tres[1]:.1f}) mm"
        ax.set_title(f"{who}: {slip[1]} right, {slip[2]} forward\n{errors}", fontsize=10)
        ax.label_outer()
    return figure


@styled
def expected_figure(points, fle=1.0, height=32.0):
    """Draw the expected TRE over the head from above, in the plane z = height: contours in mm, landmarks as circles."""
    x, y = np.linspace(-100, 100, 51), np.linspace(-110, 95, 52)
    errors = [[registration.expected_tre(points, [one, two, height], fle) for one in x] for two in y]
    figure = new_figure(5.6, 5.0)
    ax = figure.subplots()
    ax.imshow(_from_above(), origin="lower", extent=(-98.5, 98.5, -134.5, 98.5), vmin=0, vmax=255, cmap="gray")
    lines = ax.contour(x, y, errors, levels=np.arange(0.5, 2, 0.1) * fle, colors="black", linewidths=1.2)
    ax.clabel(lines, fontsize=10)
    ax.plot(*np.asarray(points)[:, :2].T, "o", color=COLOURS["benign"], markersize=11, markerfacecolor="none")
    for name, (across, forward, _) in (("tumour", brain.TARGET), ("back", BACK)):
        ax.plot(across, forward, "D", color=COLOURS["malignant"], markersize=8)
        ax.text(across + 6, forward - 7, name, fontsize=11)
    ax.set(xlabel="x, to the right (mm)", ylabel="y, forward (mm)", xlim=(-100, 100), ylim=(-110, 95))
    return figure


@styled
def cloud_figure(fre, tre):
    """Draw the TRE of many registrations against their FRE, mm."""
    figure = new_figure(6.0, 3.6)
    ax = figure.subplots()
    ax.plot(fre, tre, ".", color=COLOURS["benign"], markersize=3, alpha=0.4)
    ax.set(xlabel="FRE (mm)", ylabel="TRE at the tumour (mm)", xlim=(0, None), ylim=(0, None))
    return figure


@styled
def wrist_figure(*radiographs):
    """Draw radiographs in mm, with the ends of the joint surface that a reader would mark."""
    figure = new_figure(3.3 * len(radiographs), 3.4)
    for ax, (picture, (row, column), truth) in zip(np.atleast_1d(figure.subplots(1, len(radiographs))), radiographs,
                                                   strict=True):  # fmt: skip
        height, width = picture.shape
        ax.imshow(picture, vmin=0, vmax=255, extent=(0, width * column, height * row, 0))
        for name, marker in (("main", "o"), ("piece", "s")):
            y, x = ((truth[name] + 0.5) * [row, column]).T
            ax.plot(x, y, marker, color=COLOURS["accent"], markersize=9, markerfacecolor="none", markeredgewidth=2)
        ax.set(xlabel="mm", ylabel="mm")
        ax.set_title(f"gap {truth['gap']:g} mm, step {truth['step']:g} mm", fontsize=11)
    return figure
