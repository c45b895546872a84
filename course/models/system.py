"""The whole system: from a folder of pictures to a trained, measured, documented network in a folder.

What lands there: model.keras, history.csv, report.json, report.html and, last of all, model.json. Until then a
checkpoint holds the run, so an interruption costs at most the current epoch.
"""

import json
import platform
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from course import __version__
from course.evaluation.metrics import halfway_below, threshold_for_sensitivity
from course.files import explained, printable, shown
from course.models import checkpoint
from course.models.diagnoser import CAUTION, Diagnoser, save
from course.models.probability import calibrated, fit_calibration
from course.models.report import figures, measure
from course.models.report_page import page
from course.models.training import fit, make_repeatable, predict_scores

RARER = (0.05, 0.005)  # shares of the positive class at which a decision's worth is told, unless others are asked for


def train_folder(folder, out, recipe, seed=0, sensitivity=0.95, size=150, overwrite=False, progress=True,
                 prevalences=RARER, plan=None):
    """Train `recipe` on a DataFolder, write everything into `out`, return (Diagnoser, report as a dict).

    sensitivity: the share of positive validation pictures that the stored threshold has to find.
    overwrite: also throw away an unfinished run in `out` that had other settings. A finished model in `out` is replaced
    when the new one is complete.
    prevalences: shares of the positive class at which the report says what a decision is worth. plan: where the fitted
    pictures are meanwhile (`course.data.cache`); None: in the memory.
    """
    out = Path(out)
    make_repeatable()
    settings = {"recipe": recipe, "seed": seed, "size": size, "sensitivity": sensitivity, "prevalences": prevalences}
    _rehearse(folder, settings)
    splits = folder.load(size, plan)
    model = recipe.build((size, size, 3), seed)
    data = {"digest": folder.digest, "classes": list(folder.class_names), "size": size}
    history = fit(model, splits["train"], splits["validation"], recipe, seed, progress, out, data, overwrite)
    scores = {split: predict_scores(model, splits[split].images, recipe.flips) for split in ("validation", "test")}
    facts, report, texts = _documents(folder, settings, history, scores, splits["test"].images, weights_of(model))
    save(Diagnoser(model, facts), out, texts)
    with explained(out / checkpoint.FILE, "delete"):
        (out / checkpoint.FILE).unlink(missing_ok=True)
    return Diagnoser(model, facts), report


def _rehearse(folder, settings):
    """Make every text and figure once with invented scores: a name that cannot be written is found before training."""
    from course.models.checkpoint import BETTER_WHEN_LOWER

    history = pd.DataFrame({"epoch": [1, 2], **{name: [0.5, 0.4] for name in ("loss", "accuracy", "learning_rate",
                                                                              *BETTER_WHEN_LOWER)}})
    scores = {split: np.linspace(0.1, 0.9, len(folder.labels[split])) for split in ("validation", "test")}
    images = np.zeros((len(folder.labels["test"]), 4, 4, 3), np.uint8)
    facts, _, texts = _documents(folder, settings, history, scores, images, weights=0)
    for text in (json.dumps(facts, ensure_ascii=False), *texts.values()):
        text.encode("utf-8")


def _documents(folder, settings, history, scores, images, weights):
    """Return (model.json, report.json, {file name: text of all the rest})."""
    labels, patients = folder.labels, folder.patients or {}
    calibration = fit_calibration(labels["validation"], scores["validation"])
    scores = {split: calibrated(values, calibration) for split, values in scores.items()}
    threshold = threshold_for_sensitivity(labels["validation"], scores["validation"], settings["sensitivity"])
    threshold = halfway_below(scores["validation"], threshold)
    facts = {**_facts(folder, settings, threshold, history, weights), "calibration": calibration}
    names = [shown(path.relative_to(folder.root).as_posix()) for path in folder.files["test"]]
    report = {
        "caution": CAUTION,
        "warnings": [printable(warning) for warning in folder.warnings],
        **{split: measure(labels[split], scores[split], threshold, patients.get(split),
                          settings.get("prevalences", RARER))
           for split in scores},
        "test_scores": [{"picture": name, "label": int(label), "score": float(score)}
                        for name, label, score in zip(names, labels["test"], scores["test"], strict=True)],
    }
    drawn = figures(history, labels["test"], scores["test"], threshold, facts["class_names"], images,
                    report["test"], facts["best_epoch"], names)
    return facts, report, {
        "history.csv": history.to_csv(index=False),
        "report.json": json.dumps(report, indent=2, ensure_ascii=False) + "\n",
        "report.html": page(facts, report, drawn, CAUTION, _made(history)),
    }


def _made(history):
    """Return when the model was made and how long it took: for the page alone, since the rest can be repeated."""
    seconds = round(history.attrs.get("seconds", 0))
    return [("date", time.strftime("%Y-%m-%d %H:%M %z")),
            ("duration of training", f"{seconds // 3600} h {seconds // 60 % 60} min {seconds % 60} s")]


def weights_of(model):
    """Return how many numbers training changes."""
    return sum(weight.shape.num_elements() for weight in model.trainable_weights)


def _facts(folder, settings, threshold, history, weights):
    """Return the contents of model.json."""
    recipe = settings["recipe"]
    names = [shown(name) for name in folder.class_names]
    counts = {split: {shown(name): n for name, n in classes.items()} for split, classes in folder.counts.items()}
    return {
        "caution": CAUTION,
        "class_names": names,
        "positive_class": names[1],
        "size": settings["size"],
        "scaling": recipe.scaling,
        "flips": recipe.flips,
        "threshold": threshold,
        "threshold_rule": {"sensitivity": settings["sensitivity"], "chosen_on": "validation",
                           "place": "half-way to the next lower score"},
        "seed": settings["seed"],
        "recipe": asdict(recipe),
        "weights": weights,
        "epochs": len(history),
        "best_epoch": _best_epoch(history, recipe.monitor),
        "trained_on": _sizes(folder.files["train"]),
        "data": {"folder": shown(folder.root.resolve().name), "counts": counts, "digest": folder.digest},
        "versions": _versions(),
    }


def _best_epoch(history, monitor):
    if monitor == "last":
        return int(history["epoch"].iloc[-1])
    best = history[monitor].idxmin() if checkpoint.BETTER_WHEN_LOWER[monitor] else history[monitor].idxmax()
    return int(history["epoch"].loc[best])


def _sizes(paths):
    """Return the smallest and largest side of these pictures, and the longest shape, long side by short side."""
    sides = []
    for path in paths:
        with explained(path, "read"), Image.open(path) as picture:  # reads the first bytes only
            sides.append(sorted(picture.size))
    short, long = np.array(sides).T
    return {"shortest_side": int(short.min()), "longest_side": int(long.max()),
            "longest_shape": round(float((long / short).max()), 3)}


def _versions():
    import keras
    import numpy
    import tensorflow

    return {"course": __version__, "python": platform.python_version(), "tensorflow": tensorflow.__version__,
            "keras": keras.__version__, "numpy": numpy.__version__}
