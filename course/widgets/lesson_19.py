"""Lesson 19: what a threshold does among 10,000 women; figures of calibration and of net benefit."""

import functools

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg as Canvas
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course.evaluation.calibration import calibration_curve
from course.evaluation.decision import decision_curve
from course.evaluation.intervals import wilson
from course.plots import COLOURS, LINE_STYLES, STYLE, font, new_figure, styled
from course.reproduce import tables_19

SHARES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.37]
CUTS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
WOMEN = 10_000
BOXES = ("found", "missed", "alarmed for nothing", "left in peace")


@functools.cache
def rates(cut):
    """Return the Wilson intervals (sensitivity, specificity) of lesson 14's network, out of fold, from `cut` on."""
    labels, risks = tables_19.network()
    called = risks >= cut
    malignant, benign = int(labels.sum()), int((1 - labels).sum())
    return wilson(int(called[labels == 1].sum()), malignant), wilson(int((~called)[labels == 0].sum()), benign)


def counted(share, cut, women=WOMEN):
    """Return expected women, in the order of BOXES, of `women`, of whom a share is malignant; with fractions."""
    sensitivity, specificity = (interval.estimate for interval in rates(cut))
    sick, well = share * women, (1 - share) * women
    return sick * sensitivity, sick * (1 - sensitivity), well * (1 - specificity), well * specificity


def values(share, cut):
    """Return (PPV, NPV) where a share is malignant."""
    found, missed, alarmed, spared = counted(share, cut)
    return found / (found + alarmed), spared / (spared + missed)


def dashboard(share, cut):
    """Draw what the cut means among WOMEN, and the predictive values at every cut: uint8 (430, 800, 3)."""
    canvas, background, bars, curves = _canvas()
    _show_bars(bars, share, cut)
    _show_values(curves, share, cut)
    canvas.restore_region(background)
    for artist in (*bars, *curves):
        canvas.figure.draw_artist(artist)
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())
    pen = ImageDraw.Draw(picture)  # Matplotlib takes ten times as long for words
    for top, words in zip((12, 38, 64), _verdict(share, cut), strict=True):
        pen.text((16, top), words, fill="#000000", font=font(15))
    return np.asarray(picture)


@functools.cache
def _canvas():
    """Return (canvas, background, artists of the bars, artists of the values), made once; what stays is background."""
    with matplotlib.rc_context(STYLE):
        figure = Canvas(Figure(figsize=(8.0, 4.3), dpi=100)).figure
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.2, right=0.97, top=0.72, bottom=0.14, wspace=0.25)
        bars, curves = _bar_artists(left), _value_artists(right)
        for artist in (*bars, *curves):
            artist.set_animated(True)  # left out of the background
        figure.canvas.draw()
    return figure.canvas, figure.canvas.copy_from_bbox(figure.bbox), bars, curves


def _verdict(share, cut):
    """Return three lines of text: women, the rates with their intervals, the predictive values."""
    found, missed, alarmed, spared = counted(share, cut)
    (sensitivity, low, high), (specificity, least, most) = rates(cut)
    ppv, npv = values(share, cut)
    return (f"Of {WOMEN:,} women: {found:.0f} found, {missed:.1f} missed; {alarmed:.0f} alarmed for nothing, "
            f"{spared:.0f} left in peace.",
            f"sensitivity {sensitivity:.3f} ({low:.2f} to {high:.2f})   specificity {specificity:.3f} ({least:.2f} to "
            f"{most:.2f})",
            f"positive predictive value {ppv:.3f}   negative predictive value {npv:.4f}   "
            f"needless alarms for one found: {alarmed / found:.1f}")  # fmt: skip


def _bar_artists(ax):
    """Prepare axes of women, logarithmic; return the four bars that _show_bars moves."""
    colours = [COLOURS[name] for name in ("good", "malignant", "accent", "benign")]
    bars = ax.barh(range(4), [1] * 4, color=colours, left=0.1)
    ax.set(yticks=range(4), yticklabels=[name.replace(" for ", "\nfor ") for name in BOXES], xscale="log",
           xlim=(0.1, 20_000), ylim=(3.6, -0.6), xlabel=f"women of {WOMEN:,}")
    ax.set_xticks([0.1, 1, 10, 100, 1000, 10_000], ["0.1", "1", "10", "100", "1,000", "10,000"], fontsize=9)
    return tuple(bars)


def _show_bars(bars, share, cut):
    for bar, women in zip(bars, counted(share, cut), strict=True):
        bar.set_width(max(women - 0.1, 0))


def _value_artists(ax):
    """Prepare axes of the predictive values; return the curves (PPV, NPV), the share, the cut and two dots."""
    ax.set(xscale="logit", xlim=(0.008, 0.96), ylim=(-0.02, 1.04), yticks=(0, 0.5, 1), xlabel="cut",
           xticks=(0.01, 0.1, 0.5, 0.9), xticklabels=("0.01", "0.1", "0.5", "0.9"))
    ax.minorticks_off()
    ax.text(0.008, 1.06, "positive: full line", color=COLOURS["malignant"], fontsize=10)
    ax.text(0.96, 1.06, "negative: dashed", color=COLOURS["benign"], ha="right", fontsize=10)
    looks = [(COLOURS["malignant"], "-"), (COLOURS["benign"], "--")]
    curves = [ax.plot(CUTS, [0.5] * len(CUTS), style, color=colour)[0] for colour, style in looks]
    dots = [ax.plot([0.5], [0.5], "o", color=colour, markersize=9)[0] for colour, _ in looks]
    return (*curves, *dots, ax.axhline(0.5, color=COLOURS["neutral"], linestyle=":", linewidth=1.5),
            ax.axvline(0.5, color=COLOURS["neutral"], linewidth=1.5))


def _show_values(artists, share, cut):
    *lines, baseline, cut_line = artists
    every = np.array([values(share, one) for one in CUTS]).T
    for curve, dot, heights, here in zip(lines[:2], lines[2:], every, values(share, cut), strict=True):
        curve.set_ydata(heights)
        dot.set_data([cut], [here])
    baseline.set_ydata([share, share])
    cut_line.set_xdata([cut, cut])


@styled
def three_places(shares=(0.37, 0.05, 0.005), cut=0.1):
    """Draw the predictive values of lesson 14's network at three prevalences, a dot at the same cut in each."""
    figure = new_figure(8.4, 2.9)
    for ax, share in zip(figure.subplots(1, len(shares), sharey=True), shares, strict=True):
        _show_values(_value_artists(ax), share, cut)
        ax.set_title(f"{100 * share:g} % malignant", fontsize=11, pad=22)
        for text in ax.texts:
            text.set_fontsize(8)
    return figure


@styled
def calibration_figure(bins=8):
    """Draw two networks' calibration curves with Wilson's intervals, as they come and divided by a temperature."""
    figure = new_figure(8.0, 3.7)
    networks = {"lesson 14's repaired network": tables_19.network(), "lesson 15's small one": tables_19.small_network()}
    for ax, (title, (labels, risks)) in zip(figure.subplots(1, 2, sharey=True), networks.items(), strict=True):
        ax.plot([0, 1], [0, 1], color="#BBBBBB", linewidth=1)
        looks = [("as it comes", "o", COLOURS["malignant"], risks),
                 ("temperature", "D", COLOURS["benign"], tables_19.cooled(labels, risks)[0])]
        for name, marker, colour, said in looks:
            curve = calibration_curve(labels, said, bins)
            reach = np.abs([curve.low - curve.observed, curve.high - curve.observed])
            ax.errorbar(curve.predicted, curve.observed, reach, fmt=marker, color=colour, label=name, linewidth=1.2,
                        markerfacecolor="white" if marker == "D" else colour, markersize=7)
        ax.set(title=title, xlabel="mean predicted risk of a group", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    figure.axes[0].set_ylabel("share that is malignant")
    figure.axes[0].legend(loc="upper left")
    return figure


@styled
def decision_figure(names=("repaired network", "SVM on the ten measured features", "total nuclear area",
                           "mean brightness")):
    """Draw the net benefit of models of lesson 14 against the threshold, beside calling everybody and nobody."""
    figure = new_figure(8.0, 3.7)
    ax, thresholds = figure.subplots(), np.linspace(0.01, 0.8, 80)
    risks, (labels, _) = tables_19.as_risks(), tables_19.network()
    for name, style, marker in zip(names, LINE_STYLES, "os^D", strict=True):
        curve = decision_curve(labels, risks[name], thresholds)
        ax.plot(thresholds, curve.model, style, marker=marker, markevery=(6, 12), label=name)
    ax.plot(thresholds, curve.treat_all, color="black", linewidth=1.2, label="call everybody")
    ax.axhline(0, color=COLOURS["neutral"], linestyle=":", linewidth=1.5, label="call nobody")
    ax.set(xlabel="threshold: the risk from which on a woman wants a biopsy", ylabel="net benefit (cancers a woman)",
           xlim=(0, 0.8), ylim=(-0.05, 0.39))
    ax.legend(loc="lower left", fontsize=9, bbox_to_anchor=(1.0, 0.2))
    return figure


@styled
def errors_figure(found, true, measured):
    """Draw the calibration errors `found` of simulated true risks as a histogram; lines: the truth, one measured."""
    figure = new_figure(7.0, 2.6)
    ax = figure.subplots()
    ax.hist(found, np.linspace(0, 0.15, 46), color=COLOURS["benign"], alpha=0.6)
    ax.axvline(true, color="black", linewidth=2.5)
    ax.axvline(measured, color=COLOURS["malignant"], linestyle="--")
    ax.set(xlabel="calibration error of 156 patients, ten groups", ylabel="studies", xlim=(-0.005, 0.15))
    return figure
