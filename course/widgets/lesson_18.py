"""Lesson 18: two score curves, one cut, and what it means for a thousand women; figures of the stored runs."""

import functools

import numpy as np
from scipy.special import ndtr

from course.plots import COLOURS, LINE_STYLES, new_figure, styled
from course.widgets.backdrop import Backdrop

SHARES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.37, 0.5]
APART = 2.0  # distance of the two classes' means, in standard deviations
SCORES = np.linspace(-3.5, 5.5, 181)
CUTS = np.linspace(-3.5, 5.5, 181)


def rates(cut):
    """Return (sensitivity, specificity) of "malignant from this score on"; benign N(0, 1), malignant N(APART, 1)."""
    return 1 - ndtr(np.asarray(cut) - APART), ndtr(cut)


def counted(share, cut, women=1000):
    """Return expected women (tp, fp, fn, tn) of `women`, of whom `share` are malignant; with fractions."""
    sensitivity, specificity = rates(cut)
    sick, well = share * women, (1 - share) * women
    return sick * sensitivity, well * (1 - specificity), sick * (1 - sensitivity), well * specificity


def precision(share, cut):
    """Return the share of those called malignant who are; arrays in, arrays out."""
    tp, fp, _, _ = counted(share, cut)
    return tp / (tp + fp)


@functools.cache
def _bells():
    return tuple(np.exp(-((SCORES - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in (0, APART))


def prevalence_panel(share, cut):
    """Draw the score curves of a thousand women with the cut, and precision against recall: uint8 (440, 800, 3)."""
    backdrop = _backdrop()
    _show_scores(backdrop.moving[:5], share, cut)
    _show_precision(backdrop.moving[5:], share, cut)
    return backdrop.picture(*_verdict(share, cut))


@functools.cache
def _backdrop():
    def prepare(figure):
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.08, right=0.98, top=0.74, bottom=0.14, wspace=0.25)
        return *_score_artists(left), *_precision_artists(right)

    return Backdrop(8.0, 4.4, prepare)


def _verdict(share, cut):
    """Return two lines of text: women of a thousand, and rates."""
    tp, fp, fn, tn = counted(share, cut)
    sensitivity, specificity = rates(cut)
    return (f"Of 1,000 women: {tp:.1f} found, {fn:.1f} missed; {fp:.1f} alarmed for nothing, {tn:.1f} left in peace.",
            f"sensitivity {sensitivity:.3f}   specificity {specificity:.3f}   precision {tp / (tp + fp):.3f}   "
            f"accuracy {(tp + tn) / 1000:.3f}   (nobody called: {1 - share:.3f})")  # fmt: skip


def _score_artists(ax):
    """Prepare axes of scores; return what _show_scores moves: curves (benign, malignant), their areas, the cut."""
    looks = [(COLOURS["benign"], "-"), (COLOURS["malignant"], "--")]
    curves = [ax.plot(SCORES, 0 * SCORES, style, color=colour)[0] for colour, style in looks]
    areas = [ax.fill([0, 0, 0], [0, 0, 0], color=colour, alpha=0.3)[0] for colour, _ in looks]
    ax.set(xlabel="score", ylabel="women per 0.1 of score", xlim=(-3.5, 5.5), ylim=(0, 42), xticks=(-2, 0, 2, 4),
           yticks=(0, 20, 40))
    ax.text(-3.5, 43, "benign: full line", color=COLOURS["benign"], fontsize=10)
    ax.text(5.5, 43, "malignant: dashed", color=COLOURS["malignant"], ha="right", fontsize=10)
    return *curves, *areas, ax.axvline(0, color=COLOURS["neutral"], linewidth=1.5)


def _show_scores(artists, share, cut):
    *bells, line = artists
    called = cut <= SCORES
    ends = SCORES[called][[0, -1]]
    for curve, area, bell, part in zip(bells[:2], bells[2:], _bells(), (1 - share, share), strict=True):
        heights = 100 * part * bell  # women a tenth of a deviation
        curve.set_ydata(heights)
        area.set_xy(np.stack([[ends[0], *SCORES[called], ends[1]], [0, *heights[called], 0]], axis=1))
    line.set_xdata([cut, cut])


def _precision_artists(ax):
    """Prepare axes of precision against recall; return what _show_precision moves: curve, baseline, dot, label."""
    ax.set(xlabel="recall (sensitivity)", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04), xticks=(0, 0.5, 1),
           yticks=(0, 0.5, 1))
    return (ax.plot(rates(CUTS)[0], 0 * CUTS, color="black")[0],
            ax.axhline(0, color=COLOURS["neutral"], linestyle=":", linewidth=1.5),
            ax.plot([], [], "o", color=COLOURS["malignant"], markersize=9)[0], ax.text(0.02, 0, "", fontsize=10))


def _show_precision(artists, share, cut):
    curve, baseline, dot, label = artists
    curve.set_ydata(precision(share, CUTS))
    baseline.set_ydata([share, share])
    dot.set_data([rates(cut)[0]], [precision(share, cut)])
    label.set(y=share + 0.02, text=f"baseline {share:g}")


@styled
def three_shares(shares, cut=1.5):
    """Draw the precision-recall curve of the same scores at three prevalences, with the baselines."""
    figure = new_figure(8.4, 3.0)
    for ax, share in zip(figure.subplots(1, len(shares), sharey=True), shares, strict=True):
        _show_precision(_precision_artists(ax), share, cut)
        ax.set_title(f"{100 * share:g} % malignant", fontsize=11)
    return figure


@styled
def remedies_figure():
    """Draw the mean risk that each remedy predicts for the patients, before and after the prior correction."""
    from course.reproduce import tables_18

    table = tables_18.patients()
    figure = new_figure(8.0, 2.9)
    ax = figure.subplots()
    places = np.arange(len(table))[::-1]
    ax.plot(table["mean risk"], places, "o", color=COLOURS["malignant"], markersize=9, label="as it comes")
    ax.plot(table["corrected mean risk"], places, "D", color=COLOURS["benign"], markersize=6, markerfacecolor="white",
            label="prior corrected")
    ax.axvline(19 / 376, color=COLOURS["neutral"], linestyle="--", linewidth=1.5)
    ax.text(19 / 376, len(table) - 0.4, " true share", fontsize=10)
    ax.set(yticks=places, yticklabels=table.index, xlabel="mean predicted risk", xlim=(0, None), ylim=(-0.5, 6))
    ax.legend(loc="upper right")
    return figure


@styled
def curves_figure(names=("nothing", "oversampling", "SMOTE", "clusters")):
    """Draw calibration curves on simulated patients, as they come and corrected, one line style a remedy."""
    from course.reproduce import tables_18

    figure = new_figure(8.0, 3.6)
    for ax, kind, title in zip(figure.subplots(1, 2, sharey=True), ("raw", "corrected"),
                               ("as it comes", "prior corrected"), strict=True):
        ax.plot([0, 1], [0, 1], color="#BBBBBB", linewidth=1)
        for name, style, marker in zip(names, LINE_STYLES, "os^D", strict=False):
            ax.plot(*tables_18.curve(name, kind), style, marker=marker, label=name)
        ax.set(title=title, xlabel="mean predicted risk of a tenth", xlim=(0, 1), ylim=(0, 0.5))
    figure.axes[0].set_ylabel("share that is malignant")
    figure.axes[0].legend(loc="upper left")
    return figure


@styled
def smote_figure(real, *invented):
    """Draw the real patients (n, 2) as circles, and each of `invented` (m, 2) as crosses in a panel of its own."""
    figure = new_figure(8.0, 3.4)
    axes = figure.subplots(1, len(invented), sharex=True, sharey=True)
    for ax, crosses, title in zip(axes, invented, ("ours", "imbalanced-learn"), strict=True):
        ax.plot(*real.T, "o", color=COLOURS["malignant"], markersize=11, markerfacecolor="white", label="real")
        ax.plot(*crosses.T, "x", color="black", markersize=5, label="invented")
        ax.set(title=title, xlabel="first feature")
    axes[0].set_ylabel("second feature")
    axes[0].legend(loc="best")
    return figure
