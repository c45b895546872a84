"""The whole system: from a folder of pictures to a trained, measured, documented network in a folder.

What lands there: model.keras, history.csv, report.json, report.html and, last of all, model.json. Until then a
checkpoint holds the run, so an interruption costs at most the current epoch.
"""

import json
import platform
from dataclasses import asdict
from pathlib import Path

from course import __version__
from course.evaluation.metrics import threshold_for_sensitivity
from course.files import atomic, write_text
from course.models import checkpoint
from course.models.diagnoser import CAUTION, Diagnoser, save_facts, save_network
from course.models.report import figures, measure
from course.models.report_page import page
from course.models.training import fit, make_repeatable, predict_scores


def train_folder(folder, out, recipe, seed=0, sensitivity=0.95, size=150, overwrite=False, progress=True):
    """Train `recipe` on a DataFolder, write everything into `out`, return (Diagnoser, report as a dict).

    sensitivity: the share of positive validation pictures that the stored threshold has to find.
    overwrite: also throw away an unfinished run in `out` that had other settings.
    """
    out = Path(out)
    make_repeatable()
    splits = folder.load(size)
    model = recipe.build((size, size, 3), seed)
    settings = {"digest": folder.digest, "classes": list(folder.class_names), "size": size}
    history = fit(model, splits["train"], splits["validation"], recipe, seed, progress, out, settings, overwrite)
    scores = {split: predict_scores(model, splits[split].images, recipe.flips) for split in ("validation", "test")}
    threshold = threshold_for_sensitivity(splits["validation"].labels, scores["validation"], sensitivity)
    facts = _facts(folder, recipe, seed, size, sensitivity, threshold, model, history)
    report = {
        "caution": CAUTION,
        "warnings": folder.warnings,
        **{split: measure(splits[split].labels, scores[split], threshold) for split in scores},
        "test_scores": _scores_by_file(folder, scores["test"]),
    }
    drawn = figures(history, splits["test"].labels, scores["test"], threshold, folder.class_names,
                    splits["test"].images, facts["best_epoch"])
    _write(out, model, history, facts, report, page(facts, report, drawn, CAUTION))
    return Diagnoser(model, facts), report


def _write(out, model, history, facts, report, html):
    """Write everything, model.json last: where it is, the rest is. Then the checkpoint has done its work."""
    save_network(model, out)
    with atomic(out / "history.csv") as temporary:
        history.to_csv(temporary, index=False)
    write_text(out / "report.json", json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    write_text(out / "report.html", html)
    save_facts(facts, out)
    (out / checkpoint.FILE).unlink(missing_ok=True)


def _scores_by_file(folder, scores):
    return [{"picture": path.relative_to(folder.root).as_posix(), "label": int(label), "score": float(score)}
            for path, label, score in zip(folder.files["test"], folder.labels["test"], scores, strict=True)]


def _facts(folder, recipe, seed, size, sensitivity, threshold, model, history):
    """Return the contents of model.json."""
    best = history[recipe.monitor].idxmin() if recipe.monitor == "val_loss" else history[recipe.monitor].idxmax()
    return {
        "caution": CAUTION,
        "class_names": list(folder.class_names),
        "positive_class": folder.class_names[1],
        "size": size,
        "scaling": recipe.scaling,
        "flips": recipe.flips,
        "threshold": threshold,
        "threshold_rule": {"sensitivity": sensitivity, "chosen_on": "validation"},
        "seed": seed,
        "recipe": asdict(recipe),
        "weights": sum(weight.shape.num_elements() for weight in model.trainable_weights),
        "epochs": len(history),
        "best_epoch": int(history["epoch"].loc[best]),
        "data": {"folder": folder.root.resolve().name, "counts": folder.counts, "digest": folder.digest},
        "versions": _versions(),
    }


def _versions():
    import keras
    import numpy
    import tensorflow

    return {"course": __version__, "python": platform.python_version(), "tensorflow": tensorflow.__version__,
            "keras": keras.__version__, "numpy": numpy.__version__}

