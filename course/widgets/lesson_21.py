"""Lesson 21: what hangs on the rule for twins, models with their intervals, and twins themselves where they are."""

import functools

import numpy as np

from course.plots import COLOURS, new_figure, styled
from course.reproduce import tables_21
from course.widgets.backdrop import Backdrop

SHOWN = {"pairs": "o-", "pictures": "s--", "largest": "^-."}  # columns of the table of rules
LABELS = {"pairs": "pairs", "pictures": "pictures in groups", "largest": "pictures in the largest group"}
STATES = (0.9, 0.97, 0.999)
MISSING = ("The pictures are not here. With a network, once:\n\ncourse data breastmnist --to data/ultrasound\n\n"
           "then run this cell again.")


def rules():
    """Return the rules that the panel offers, loosest first."""
    return [float(rule) for rule in tables_21.rules().index]


@styled
def rules_figure():
    """Draw the three counts against the rule, three rules marked -> Figure."""
    figure = new_figure(8.0, 3.4)
    axes = figure.subplots()
    _counts(axes)
    for letter, rule in zip("abc", STATES, strict=True):
        x = rules().index(rule)
        axes.axvline(x, color="black", linewidth=0.8, linestyle=":")
        axes.text(x, 3200, letter, ha="center", fontweight="bold")
    axes.legend(fontsize=9)
    return figure


def _counts(axes):
    table = tables_21.rules()
    for name, mark in SHOWN.items():
        axes.plot(range(len(table)), table[name], mark, label=LABELS[name])
    axes.set(yscale="log", ylim=(3, 5000), ylabel="number", xlabel="twins from this correlation on")
    axes.set_xticks(range(len(table)), labels=[f"{rule:g}" for rule in table.index])


def rules_panel(rule):
    """Draw the counts with the chosen rule marked, its numbers above: uint8 (380, 900, 3)."""
    row, x = tables_21.rules().loc[rule], rules().index(rule)
    backdrop = _backdrop()
    for mark, name in zip(backdrop.moving, SHOWN, strict=True):
        mark.set_data([x], [row[name]])
    return backdrop.picture(
        f"r > {rule:g}: {row['pairs']:,.0f} pairs; {row['groups']:.0f} groups hold {row['pictures']:.0f} of 780 "
        f"pictures, the largest {row['largest']:.0f};",
        f"{row['test with twin']:.0f} of 156 test pictures have a twin in training or validation",
    )


@functools.cache
def _backdrop():
    def prepare(figure):
        axes = figure.subplots()
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.80)
        _counts(axes)
        axes.legend(fontsize=9)
        return [axes.plot([], [], mark[0], markersize=14, markerfacecolor="none", markeredgecolor="black")[0]
                for mark in SHOWN.values()]

    return Backdrop(9.0, 3.8, prepare)


@styled
def folds_figure():
    """Draw each model's AUC out of fold with its interval by group of twins -> Figure."""
    table = tables_21.folds().sort_values("AUC")
    figure = new_figure(8.0, 0.5 * len(table) + 1.1)
    axes = figure.subplots()
    places = np.arange(len(table))
    bars = np.array([table["AUC"] - table["low"], table["high"] - table["AUC"]])
    axes.errorbar(table["AUC"], places, xerr=bars, fmt="o", capsize=4, color=COLOURS["benign"])
    axes.set_yticks(places, labels=table.index)
    axes.set(xlabel="AUC out of fold, 780 pictures, 95 % interval by group of twins", ylim=(-0.6, len(table) - 0.4))
    return figure


@styled
def twins_figure(most=4):
    """Show the two largest groups of twins, if the pictures are at hand; else say so, in a figure of the same size."""
    from course.data import breastmnist

    figure = new_figure(8.0, 4.4)
    if not breastmnist.at_hand():
        figure.text(0.5, 0.5, MISSING, ha="center", va="center", size=14)
        return figure
    first, second = _largest_groups(most)
    for place, (axes, picture) in enumerate(zip(figure.subplots(2, most).ravel(), first + second, strict=True)):
        axes.imshow(picture, vmin=0, vmax=255)
        axes.set_axis_off()
        axes.set_title(f"group {place // most + 1}", fontsize=9)
    return figure


def _largest_groups(most):
    """Return the first pictures of the two largest groups: two lists of `most` pictures."""
    import warnings

    from course.data import breastmnist, twins

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where the file comes from is no matter here
        images = np.concatenate([part.images for part in breastmnist.load().values()])
    group = twins.groups(twins.prints_of(images))
    return [list(images[group == one][:most]) for one in np.bincount(group).argsort()[:-3:-1]]
