"""Lesson 16: a grid and random draws on one measured landscape; where a patch looks; figures of the stored runs."""

import functools

import matplotlib
import matplotlib.patches
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg as Canvas
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course.plots import COLOURS, LINE_STYLES, STYLE, font, new_figure, styled
from course.reproduce.lesson_16 import GRID, RATES

TRIALS = [4, 9, 16, 25]
PATCH, SHOWN = 8, 64  # pixels of a patch of a picture of 48, and on the screen


def grid_points(trials, lot):
    """Return places (trials, 2) in GRID, (rate, penalty): a square grid; `lot` slides it along the rates."""
    side, (rates, penalties) = round(trials**0.5), (len(values) for values in GRID.values())
    step = rates // side
    return np.array([(lot % step + step * i, round((k + 0.5) * penalties / side - 0.5))
                     for i in range(side) for k in range(side)])  # fmt: skip


def random_points(trials, lot):
    """Return places (trials, 2) in GRID, each drawn for itself."""
    rng = np.random.default_rng(lot)
    return np.stack([rng.integers(len(values), size=trials) for values in GRID.values()], axis=1)


def best_of(loss, points):
    """Return the lowest loss (a number) among these places of the landscape (rates, penalties)."""
    return float(loss[tuple(points.T)].min())


@functools.cache
def _landscape():
    from course.reproduce import tables_16

    return tables_16.landscape()


def search_panel(trials, lot):
    """Draw the landscape with a grid and with random trials, and the rates they tried: uint8 (430, 800, 3)."""
    canvas, background, artists = _canvas()
    for axes, points in zip(artists, (grid_points(trials, lot), random_points(trials, lot)), strict=True):
        _show_points(axes, points)
    canvas.restore_region(background)
    for artist in sum(artists, ()):
        canvas.figure.draw_artist(artist)
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())
    pen = ImageDraw.Draw(picture)
    for left, points in ((72, grid_points(trials, lot)), (458, random_points(trials, lot))):
        found = best_of(_landscape(), points) - _landscape().min()
        words = f"{len(set(points[:, 0]))} rates; best loss {found:.4f} above the lowest"
        pen.text((left, 12), words, fill="#000000", font=font(15))
    return np.asarray(picture)


@functools.cache
def _canvas():
    """Return (canvas, background, what moves in each of the two columns), made once: axes take most of the time."""
    with matplotlib.rc_context(STYLE):
        figure = Canvas(Figure(figsize=(8.0, 4.3), dpi=100)).figure
        axes = figure.subplots(2, 2, sharex=True, height_ratios=(3, 2))
        figure.subplots_adjust(left=0.09, right=0.98, top=0.84, bottom=0.12, hspace=0.12, wspace=0.18)
        artists = [_search_artists(*axes[:, k], title) for k, title in enumerate(("grid", "random"))]
        for artist in sum(artists, ()):
            artist.set_animated(True)
        figure.canvas.draw()
    return figure.canvas, figure.canvas.copy_from_bbox(figure.bbox), artists


def _search_artists(above, below, title):
    """Prepare a map of the landscape and its profile along the rates; return what _show_points moves."""
    loss, (rates, penalties) = _landscape(), (np.log10(values) for values in GRID.values())
    image = np.clip(loss - loss.min(), 1e-4, None).T
    above.pcolormesh(rates, penalties, np.log10(image), cmap="Greys", shading="nearest")
    above.set(title=title, yticks=(-6, -4, -2), yticklabels=("1e-6", "1e-4", "1e-2"))
    below.plot(rates, loss.mean(axis=1), color=COLOURS["neutral"])
    below.set(xticks=(-4, -3, -2, -1, 0), xticklabels=("1e-4", "1e-3", "0.01", "0.1", "1"), xlabel="learning rate",
              ylim=(0, 0.75), yticks=(0, 0.5))
    if title == "grid":
        above.set_ylabel("penalty")
        below.set_ylabel("log loss")
    marked = above.plot([], [], "o", color=COLOURS["malignant"], markersize=7, markeredgecolor="white")[0]
    return marked, below.plot([], [], "|", color=COLOURS["malignant"], markersize=16, markeredgewidth=2)[0]


def _show_points(artists, points):
    rates, penalties = (np.log10(values)[points[:, k]] for k, values in enumerate(GRID.values()))
    artists[0].set_data(rates, penalties)
    artists[1].set_data(rates, _landscape()[tuple(points.T)])


@styled
def three_searches(lots=(7, 5, 12), trials=9):
    """Draw the rates that a grid and as many random trials try, for three lots, over the loss by rate."""
    figure, rates = new_figure(8.4, 2.7), np.log10(GRID["rate"])
    for ax, lot in zip(figure.subplots(1, 3, sharey=True), lots, strict=True):
        ax.plot(rates, _landscape().mean(axis=1), color=COLOURS["neutral"], linewidth=1.5)
        looks = (("grid", "s", COLOURS["benign"], grid_points), ("random", "x", COLOURS["malignant"], random_points))
        for name, marker, colour, points in looks:
            places = points(trials, lot)
            ax.plot(rates[places[:, 0]], _landscape()[tuple(places.T)], marker, color=colour, label=name, markersize=7,
                    markerfacecolor="none")
        ax.set(title=f"lot {lot}", xlabel="learning rate", xticks=(-4, -2, 0), xticklabels=("1e-4", "0.01", "1"))
    figure.axes[0].set_ylabel("log loss")
    figure.axes[0].legend(loc="upper right")
    return figure


@styled
def rates_figure():
    """Draw loss and AUC against the learning rate, five seeds each."""
    from course.evaluation.metrics import auc
    from course.reproduce import tables, tables_16

    names, labels = [f"rate {rate:g}" for rate in RATES], tables.labels_of("validation")
    left, right = (figure := new_figure(8.0, 3.2)).subplots(1, 2)
    for which, style, marker in (("loss", "-", "s"), ("val_loss", "--", "o")):
        means = [np.median(tables_16.losses(name, which)[:, -1]) for name in names]
        left.plot(RATES, means, style, marker=marker, label="training" if which == "loss" else "validation",
                  color=COLOURS["neutral" if which == "loss" else "benign"])
    left.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="loss, last epoch, median seed", xticks=RATES)
    left.legend()
    single = [[auc(labels, one) for one in tables_16.scores(name)] for name in names]
    right.plot(RATES, single, "o", color=COLOURS["benign"], markerfacecolor="white")
    right.plot(RATES, np.mean(single, axis=1), color=COLOURS["benign"])
    right.set(xscale="log", xlabel="learning rate", ylabel="validation AUC", xticks=RATES, ylim=(0.5, 1))
    return figure


@styled
def depth_figure():
    """Draw the training and validation loss of three depths over the epochs, the mean of five seeds."""
    from course.reproduce import tables_16
    from course.reproduce.lesson_16 import DEPTHS

    figure = new_figure(8.0, 3.2)
    for ax, which, title in zip(figure.subplots(1, 2), ("loss", "val_loss"), ("training", "validation"), strict=True):
        for name, style, marker in zip(DEPTHS, LINE_STYLES, "os^", strict=False):
            mean = tables_16.losses(name, which).mean(axis=0)
            ax.plot(np.arange(1, len(mean) + 1), mean, style, marker=marker, label=name)
        ax.set(title=title, xlabel="epoch", ylim=(0, None))
    figure.axes[0].set_ylabel("loss")
    figure.axes[0].legend()
    return figure


@styled
def hunger_figure():
    """Draw the validation AUC of the convolutional network and the transformer against the patients who trained."""
    from course.evaluation.metrics import auc
    from course.reproduce import tables, tables_16

    figure, labels = new_figure(6.4, 3.2), tables.labels_of("validation")
    ax = figure.subplots()
    for name, style, marker, shift in (("small", "-", "s", 0.97), ("transformer", "--", "o", 1.03)):
        single = np.array([[auc(labels, one) for one in tables_16.scores(f"{name}, {n} patients")]
                           for n in (60, 200, "all")])  # fmt: skip
        patients = np.array([60, 200, 398]) * shift
        line = ax.plot(patients, single.mean(axis=1), style, label="convolutions" if name == "small" else name)[0]
        ax.plot(patients, single, marker, color=line.get_color(), markerfacecolor="white")
    ax.set(xscale="log", xticks=(60, 200, 398), xticklabels=("60", "200", "398"), xlabel="training patients",
           ylabel="validation AUC")
    ax.minorticks_off()
    ax.legend(loc="upper left")
    return figure


@functools.cache
def patches_of(case, size=48):
    """Return (picture uint8 (size, size, 3), numbers of its patches (36, 5)): colours, then place, each standardised.

    Of each patch: how dark, how far apart its darkest and lightest pixels, how blue against red; then row and column.
    """
    from course.data.cytology import draw

    picture = draw(case, size)
    n = size // PATCH
    grey = 255 - picture.astype(float).mean(axis=2)
    blocks = grey.reshape(n, PATCH, n, PATCH).swapaxes(1, 2).reshape(n * n, -1)
    tint = (picture[..., 2].astype(float) - picture[..., 0]).reshape(n, PATCH, n, PATCH).mean(axis=(1, 3)).ravel()
    place = np.stack(np.divmod(np.arange(n * n), n), axis=1).astype(float)
    rows = np.column_stack([blocks.mean(axis=1), blocks.max(axis=1) - blocks.min(axis=1), tint, place])
    return picture, (rows - rows.mean(axis=0)) / rows.std(axis=0)


def looks(case, patch, sharpness, places):
    """Return how much `patch` looks at each of the 36, adding up to 1: softmax of sharpness * q . k / sqrt(d).

    Queries and keys are the patch's own numbers, the two of its place multiplied by `places`.
    """
    rows = patches_of(case)[1] * np.array([1, 1, 1, places, places])
    scores = sharpness * rows @ rows[patch] / np.sqrt(rows.shape[1])
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


def looking_panel(patient, row, column, sharpness, places):
    """Draw a patient's 36 patches, one framed, and how much the framed one looks at each: uint8 (456, 800, 3)."""
    from course.data.cytology import table

    case = int(np.flatnonzero(table()[1] == ("malignant" in patient))[int(patient[-1])])
    patch = 6 * (row - 1) + column - 1
    shares = looks(case, patch, sharpness, places)
    canvas = Image.new("RGB", (800, 456), "white")
    large = Image.fromarray(patches_of(case)[0]).resize((384, 384), Image.Resampling.NEAREST)
    canvas.paste(large, (8, 64))
    light = np.kron(np.sqrt(shares / shares.max()).reshape(6, 6), np.ones((SHOWN, SHOWN)))[..., None]
    canvas.paste(Image.fromarray((np.asarray(large) * light + 25 * (1 - light)).astype(np.uint8)), (408, 64))
    pen = ImageDraw.Draw(canvas)
    for k, share in enumerate(shares):
        top, left = 64 + SHOWN * (k // 6), 408 + SHOWN * (k % 6)
        pen.rectangle((left + 1, top + 1, left + 37, top + 17), fill="#000000")
        pen.text((left + 3, top + 2), f"{100 * share:.1f}", fill="#FFFFFF", font=font(12))
    for left in (8, 408):
        corner = left + SHOWN * (column - 1), 64 + SHOWN * (row - 1)
        pen.rectangle((*corner, corner[0] + SHOWN - 1, corner[1] + SHOWN - 1), outline=COLOURS["accent"], width=4)
    most = int(shares.argmax())
    pen.text((8, 8), f"Patch in row {row}, column {column} (framed). It looks most at row {most // 6 + 1}, column "
             f"{most % 6 + 1}: {100 * shares[most]:.1f} %.", fill="#000000", font=font(15))
    pen.text((8, 34), f"Right: its shares in per cent, brighter for more. The largest six add up to "
             f"{100 * np.sort(shares)[-6:].sum():.0f} %; 17 % would be no choice.", fill="#000000", font=font(15))
    return np.asarray(canvas)


@styled
def three_looks(case, patch, settings):
    """Draw a patient's picture and three maps of where one patch looks, for (sharpness, places) settings."""
    figure, (picture, _) = new_figure(8.4, 2.7), patches_of(case)
    axes = figure.subplots(1, 1 + len(settings))
    axes[0].imshow(picture)
    axes[0].set_title("the picture")
    top, left = PATCH * (patch // 6), PATCH * (patch % 6)
    maps = [100 * looks(case, patch, *setting).reshape(6, 6) for setting in settings]
    for ax, (sharpness, places), shares in zip(axes[1:], settings, maps, strict=True):
        ax.imshow(shares, cmap="gray", vmin=0, vmax=np.max(maps) / 2, extent=(0, 48, 48, 0))
        ax.set_title(f"sharpness {sharpness}, places {places}\nmost: {shares.max():.0f} %", fontsize=10)
    for ax in axes:
        ax.add_patch(matplotlib.patches.Rectangle((left, top), PATCH, PATCH, fill=False, linewidth=3,
                                                  edgecolor=COLOURS["accent"]))
        ax.set_axis_off()
    return figure
