"""Lesson 18: two score curves, one cut, and what it means for a thousand women; figures of the stored runs."""

import functools

import numpy as np
from scipy.special import ndtr

from course.plots import COLOURS, LINE_STYLES, new_figure, styled

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


def prevalence_panel(figure, share, cut):
    """Draw the score curves of a thousand women with the cut, and the precision-recall curve with its baseline."""
    left, right = figure.subplots(1, 2)
    _draw_scores(left, share, cut)
    _draw_precision(right, share, cut)
    figure.subplots_adjust(left=0.08, right=0.98, top=0.74, bottom=0.14, wspace=0.25)
    tp, fp, fn, tn = counted(share, cut)
    sensitivity, specificity = rates(cut)
    figure.text(0.02, 0.93, f"Of 1,000 women: {tp:.1f} found, {fn:.1f} missed; {fp:.1f} alarmed for nothing, "
                f"{tn:.1f} left in peace.", fontsize=11)
    figure.text(0.02, 0.86, f"sensitivity {sensitivity:.3f}   specificity {specificity:.3f}   precision "
                f"{tp / (tp + fp):.3f}   accuracy {(tp + tn) / 1000:.3f}   (nobody called: {1 - share:.3f})",
                fontsize=11)


def _draw_scores(ax, share, cut):
    benign, malignant = _bells()
    for name, bell, part, style in (("benign", benign, 1 - share, "-"), ("malignant", malignant, share, "--")):
        heights = 100 * part * bell  # women a tenth of a deviation
        ax.plot(SCORES, heights, style, color=COLOURS[name])
        ax.fill_between(SCORES, heights, where=cut <= SCORES, color=COLOURS[name], alpha=0.3)
    ax.axvline(cut, color=COLOURS["neutral"], linewidth=1.5)
    ax.set(xlabel="score", ylabel="women per 0.1 of score", xlim=(-3.5, 5.5), ylim=(0, 42), xticks=(-2, 0, 2, 4),
           yticks=(0, 20, 40))
    ax.text(5.5, 39, "benign: full line", color=COLOURS["benign"], ha="right", fontsize=10)
    ax.text(5.5, 36, "malignant: dashed", color=COLOURS["malignant"], ha="right", fontsize=10)


def _draw_precision(ax, share, cut):
    ax.plot(rates(CUTS)[0], precision(share, CUTS), color="black")
    ax.axhline(share, color=COLOURS["neutral"], linestyle=":", linewidth=1.5)
    ax.plot(rates(cut)[0], precision(share, cut), "o", color=COLOURS["malignant"], markersize=9)
    ax.text(0.02, share + 0.02, f"baseline {share:g}", fontsize=10)
    ax.set(xlabel="recall (sensitivity)", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.04), xticks=(0, 0.5, 1),
           yticks=(0, 0.5, 1))


@styled
def three_shares(shares, cut=1.5):
    """Draw the precision-recall curve of the same scores at three prevalences, with the baselines."""
    figure = new_figure(8.4, 3.0)
    for ax, share in zip(figure.subplots(1, len(shares), sharey=True), shares, strict=True):
        _draw_precision(ax, share, cut)
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
