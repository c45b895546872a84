"""A model card: what a model is, was made from, can do and was not tried on, with the items a reader may ask for.

The items follow CLAIM (Tejani and others, Radiology: Artificial Intelligence 6 (2024) e240300), TRIPOD+AI (Collins and
others, BMJ 385 (2024) e078378) and the model cards of Mitchell and others (FAT* 2019), in short; it is no check-list of
either and proves no compliance. What the files of a training say is filled in; the rest a person states in a small TOML
file, and what nobody states reads "not stated".
"""

import json
import tomllib
from html import escape
from pathlib import Path

from course import CourseError
from course.files import explained, printable, shown
from course.models.report_page import STYLE, interval

MISSING = "not stated"
# What only a person can state: key in the TOML file, heading, what is meant.
ASKED = {
    "intended_use": ("Intended use", "for what, by whom, in which place of the way to a diagnosis"),
    "not_for": ("Not for", "uses and patients for which nobody has tried it"),
    "patients": ("Patients", "who they were, where, when, who was left out"),
    "reference_standard": ("Reference standard", "what the labels were taken from, who set them, how far they agree"),
    "splitting": ("How the splits were made", "at which level they share nothing: picture, patient, hospital"),
    "de_identification": ("De-identification", "what was removed, by whom, what was not looked at"),
    "subgroups": ("Subgroups and failures", "for whom it is worse, which pictures it gets wrong"),
    "external_test": ("Test elsewhere", "other hospitals, other devices, or none"),
    "ethics": ("Ethics and permission", "who allowed the use of the data"),
    "contact": ("Contact", "whom to tell of a fault"),
}


def template():
    """Return the TOML file that a person fills in: each key with what is meant, all empty."""
    lines = ["# What only a person can state. Leave empty what is not known: the card will say so.", ""]
    for key, (heading, meant) in ASKED.items():
        lines += [f"# {heading}: {meant}", f'{key} = ""', ""]
    return "\n".join(lines)


def stated(path):
    """Read the TOML file: {key: text}. CourseError for what is no TOML, an unknown key or a value that is no text."""
    path = Path(path)
    with explained(path, "read"):
        content = path.read_bytes()
    try:
        found = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{shown(path)} is no TOML file: {error}. Write a new one with: course card MODEL_DIR "
                          f"--template {shown(path)}") from error
    unknown = sorted(set(found) - set(ASKED))
    if unknown:
        raise CourseError(f"{shown(path)}: unknown {', '.join(map(printable, unknown))}. The keys are "
                          f"{', '.join(ASKED)}.")
    for key, value in found.items():
        if not isinstance(value, str):
            raise CourseError(f'{shown(path)}: {key} is no text. Write it in quotation marks: {key} = "..."')
    return {key: printable(value).strip() for key, value in found.items()}


def read(model_dir):
    """Return (facts, report) of a folder that `course train` wrote: the contents of model.json and report.json."""
    folder, found = Path(model_dir), []
    for name in ("model.json", "report.json"):
        path = folder / name
        with explained(path, "read"):
            if not path.is_file():
                raise CourseError(f"{shown(folder)} holds no finished model ({name} is missing). "
                                  "Give the folder that `course train` wrote.")
            content = path.read_bytes()
        try:
            found.append(json.loads(content))
        except ValueError as error:
            raise CourseError(f"{shown(path)} is damaged ({error}). Train the model again.") from error
    return found


def sections(facts, report, words):
    """Return [(heading, [lines])]. words: what a person stated, by key of ASKED."""
    try:
        filled = {"Model": _model(facts), "Data": _data(facts), "Result on the test pictures": _result(facts, report)}
    except (KeyError, TypeError, IndexError) as error:
        raise CourseError(f"model.json or report.json is from another version of the course: {error} is missing. "
                          "Train the model again.") from error
    person = {heading: [words.get(key) or f"{MISSING} ({meant})"] for key, (heading, meant) in ASKED.items()}
    first = {name: person.pop(name) for name in ("Intended use", "Not for")}
    warnings = [printable(warning) for warning in report.get("warnings", [])] or ["none from the training"]
    return [("Caution", [facts["caution"]]), *first.items(), *filled.items(), *person.items(),
            ("Warnings of the training", warnings)]


def _model(facts):
    recipe = facts["recipe"]
    return [f"{recipe['model']} network, {facts['weights']:,} trained weights, pictures of {facts['size']} x "
            f"{facts['size']} pixels, scaling {facts['scaling']}",
            f"trained for {facts['epochs']} epochs, epoch {facts['best_epoch']} kept, seed {facts['seed']}, "
            f"augmentation {recipe['augmentation']}, batch {recipe['batch_size']}, rate {recipe['learning_rate']:g}",
            f"positive class: {printable(facts['positive_class'])}, called at a probability of "
            f"{facts['threshold']:.3f} and above: the threshold that finds "
            f"{facts['threshold_rule']['sensitivity']:.0%} of the positive validation pictures",
            "versions: " + ", ".join(f"{name} {version}" for name, version in facts["versions"].items())]


def _data(facts):
    rows = [f"{split}: " + ", ".join(f"{count:,} {printable(name)}" for name, count in classes.items())
            for split, classes in facts["data"]["counts"].items()]
    return [f"folder {printable(facts['data']['folder'])}, digest {facts['data']['digest'][:16]}", *rows]


def _result(facts, report):
    test, at = report["test"], report["test"]["at_threshold"]
    patients = f"{test['patients']:,} patients" if test["patients"] else "an unknown number of patients"
    lines = [f"{test['n']:,} pictures of {patients}, {test['positives']:,} positive; intervals of 95 %",
             f"AUC {interval(test['auc'])}",
             *(f"{name} at the threshold {interval(at[name])}" for name in ("sensitivity", "specificity", "accuracy")),
             f"majority {test['majority']:.3f} (accuracy of calling all alike)",
             f"Brier score {test['calibration']['brier']:.3f}"]
    for row in test["predictive"]:
        lines.append(f"where {row['share']:.1%} are positive: a positive decision is right in {row['ppv'][0]:.1%}, a "
                     f"negative one in {row['npv'][0]:.1%}")
    return lines


def markdown(title, parts):
    """Return the card as Markdown."""
    lines = [f"# {title}", ""]
    for heading, texts in parts:
        lines += [f"## {heading}", "", *(f"- {_no_markdown(text)}" for text in texts), ""]
    return "\n".join(lines)


def _no_markdown(text):
    return " ".join(text.split()).replace("<", "&lt;")


def html(title, parts):
    """Return the card as a page that needs no other file."""
    body = "".join(f"<h2>{escape(heading)}</h2><ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"
                   for heading, texts in parts)
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<style>{STYLE}</style></head>\n<body><h1>{escape(title)}</h1>{body}</body>\n</html>\n")
