"""Figures: drawn on what they are given, without pyplot, readable without colour."""

import io
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from course import plots


@pytest.fixture
def history():
    epochs = np.arange(1, 6)
    return pd.DataFrame({
        "epoch": epochs,
        "loss": 0.7 / epochs,
        "val_loss": [0.6, 0.4, 0.3, 0.35, 0.4],
        "accuracy": 1 - 0.4 / epochs,
        "val_accuracy": 1 - 0.5 / epochs,
    })


def labels_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_importing_plots_does_not_load_pyplot():
    code = "import sys, course.plots; print('matplotlib.pyplot' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_colours_have_the_agreed_names_and_differ():
    assert set(plots.COLOURS) == {"benign", "malignant", "neutral", "accent", "good", "bad"}
    assert len(set(plots.COLOURS.values())) == 6


def test_use_style_sets_the_defaults():
    import matplotlib as mpl

    with mpl.rc_context():
        plots.use_style()
        assert mpl.rcParams["figure.dpi"] == 100
        assert mpl.rcParams["image.interpolation"] == "nearest"


def test_show_pictures_draws_each_picture_with_its_title():
    pictures = [np.full((4, 5), 7, np.uint8), np.zeros((6, 6, 3), np.uint8), np.eye(3, dtype=bool)]
    figure = plots.show_pictures(pictures, ["a", "b", "c"], columns=2)
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c"]
    assert figure.axes[0].images[0].get_clim() == (0, 255)  # a dark picture stays dark
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_show_pictures_uses_the_given_figure_and_counts_titles():
    figure = Figure()
    assert plots.show_pictures([np.zeros((2, 2))], figure=figure) is figure
    with pytest.raises(ValueError, match="1 pictures but 2 titles"):
        plots.show_pictures([np.zeros((2, 2))], ["a", "b"])


def test_plot_history_shows_what_is_recorded(history):
    figure = plots.plot_history(history)
    assert [ax.get_ylabel() for ax in figure.axes] == ["loss (cross-entropy)", "accuracy"]
    assert labels_of(figure.axes[0]) == ["training", "validation", "best epoch (3)"]
    styles = {line.get_linestyle() for line in figure.axes[0].lines[:2]}
    assert len(styles) == 2  # told apart without colour
    with_auc = plots.plot_history(history.assign(auc=0.9, val_auc=0.8))
    assert len(with_auc.axes) == 3


def test_plot_history_marks_the_epoch_that_was_kept(history):
    axes = plots.plot_history(history, best=5).axes  # chosen by another measure than the loss, which is least in 3
    assert labels_of(axes[0])[-1] == "best epoch (5)"
    assert [list(ax.lines[-1].get_xdata()) for ax in axes] == [[5, 5], [5, 5]]


def test_the_report_passes_on_which_epoch_was_kept(history, monkeypatch):
    from course.models import report

    asked = []
    monkeypatch.setattr(report, "plot_history", lambda *_, best: asked.append(best) or Figure())
    pictures, labels = np.zeros((4, 8, 8, 3), np.uint8), np.array([0, 0, 1, 1])
    scores = np.array([0.1, 0.6, 0.4, 0.9])
    measured = report.measure(labels, scores, 0.5)
    report.figures(history, labels, scores, 0.5, ["benign", "malignant"], pictures, measured, 5)
    assert asked == [5]


def test_plot_history_without_validation(history):
    figure = plots.plot_history(history.drop(columns=["val_loss", "val_accuracy"]))
    assert labels_of(figure.axes[0]) == ["training"]


def test_plot_roc_marks_the_threshold_at_its_rates():
    pytest.importorskip("course.evaluation.metrics")
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.4, 0.9])
    ax = Figure().add_subplot()
    plots.plot_roc(labels, scores, ax, name="network", threshold=0.5)
    assert labels_of(ax) == ["network AUC 0.75", "threshold 0.50"]
    assert "malignant" not in ax.get_xlabel() + ax.get_ylabel()  # classes may have any names
    x, y = ax.lines[-1].get_data()
    assert (x[0], y[0]) == (0.5, 0.5)
    plots.plot_roc(labels, 1 - scores, ax, name="upside down")
    assert ax.lines[1].get_linestyle() != ax.lines[-1].get_linestyle()


def test_plot_confusion_writes_every_count():
    ax = Figure().add_subplot()
    plots.plot_confusion([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], ["benign", "malignant"], ax)
    assert [text.get_text() for text in ax.texts] == ["2\n(67%)", "1\n(33%)", "0\n(0%)", "2\n(100%)"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["benign", "malignant"]


NAMES = ["$^$", "a $x$ $"]


def test_names_are_drawn_letter_by_letter():
    """What Matplotlib takes for a formula elsewhere, and stumbles over, is a name here."""
    figure = Figure()
    plots.plot_confusion([0, 1], [0, 1], NAMES, figure.add_subplot(1, 2, 1))
    plots.plot_roc([0, 1], [0.2, 0.8], figure.add_subplot(1, 2, 2), name=NAMES[0])
    figure.savefig(io.BytesIO())
    pictures = plots.show_pictures([np.zeros((2, 2))] * 2, NAMES)
    assert pictures._repr_png_() and [ax.get_title() for ax in pictures.axes] == NAMES


def test_the_report_draws_any_class_and_file(history, recwarn):
    from course.models import report

    names = ["良性", "malignant"]
    assert plots.can_draw("Übung") and not plots.can_draw(names[0])
    pictures, labels = np.zeros((4, 8, 8, 3), np.uint8), np.array([0, 0, 1, 1])
    files = ["test/良性/图 1.png", "b.png", os.fsdecode(b"c\xe9 $.png"), "d.png"]
    scores = np.array([0.1, 0.6, 0.4, 0.9])
    found = report.figures(history, labels, scores, 0.5, names, pictures, report.measure(labels, scores, 0.5), 5, files)
    assert not [str(one.message) for one in recwarn if "Glyph" in str(one.message)]
    texts = {title: text for title, text, _ in found}
    assert "class 0 is 良性, class 1 is malignant" in texts["Truth and decision"]
    assert "b.png" in texts["Judged wrong"] and r"c\udce9 $.png" in texts["Judged wrong"]
    assert "test/良性/图 1.png" in texts["Judged right"]


def test_plot_confusion_survives_a_class_that_never_occurs():
    ax = Figure().add_subplot()
    plots.plot_confusion([0, 0], [0, 1], ["benign", "malignant", "normal"], ax)
    assert len(ax.texts) == 9
