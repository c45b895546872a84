"""A trained network with what is needed to use it: class names, picture size, decision threshold.

    from course.models.diagnoser import load
    diagnoser = load("models/cells-repaired")
    diagnoser.predict(images)          # DataFrame with the columns probability and decision
"""

import contextlib
import hashlib
import json
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from course import CourseError
from course.data.pictures import fit_square, read_picture
from course.files import atomic, explained, listed, shown
from course.models import augmentation  # noqa: F401  registers the Augment layer, so that Keras can read it back
from course.models.probability import calibrated, problem_of
from course.models.training import predict_scores
from course.progress import progress
from course.quiet_tensorflow import keras

CAUTION = "For teaching, not a medical device. A person's diagnosis is made by doctors, from more than one picture."
UNLIKE = 1.5  # a picture's shape or size is remarked on when it lies this factor outside those trained on
BATCH = 64
NOT_OURS = "does not describe a model of this course"


@dataclass(frozen=True)
class Diagnoser:
    """model: the Keras network. facts: the contents of model.json, a dict."""

    model: Any
    facts: dict

    @property
    def threshold(self):
        """A picture is called positive when its probability is at least this."""
        return self.facts["threshold"]

    def predict(self, images):
        """Return a DataFrame with probability (of the positive class) and decision (a class name), one row a picture.

        images: uint8 (n, h, w, 3), values 0 to 255, RGB; one picture (h, w, 3) will do. Other sizes are fitted.
        """
        images = np.asarray(images)
        images = images[None] if images.ndim == 3 else images
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 3:
            raise CourseError(f"pictures must be uint8 (n, height, width, 3) with values 0 to 255, but these are "
                              f"{images.dtype} {images.shape}")
        fitted = np.stack([fit_square(picture, self.facts["size"]) for picture in images])
        return self._table(predict_scores(self.model, fitted, self.facts["flips"]))

    def predict_files(self, paths):
        """Read picture files and return their table, with a first column picture; CourseError lists every bad file.

        A last column, remark, says of a picture when its shape or size is unlike those the network was trained on. The
        pictures are read and judged in batches, so that any number of them fits into the memory.
        """
        scores, remarks, problems, batch = [], [], [], []
        for number, path in enumerate(progress(paths, "judging pictures"), 1):
            try:
                picture = read_picture(path)
                remarks.append(self.remark(*picture.shape[:2]))
                batch.append(fit_square(picture, self.facts["size"]))
            except CourseError as error:
                problems.append(str(error))
            if batch and (len(batch) == BATCH or number == len(paths)):
                if not problems:
                    scores.append(predict_scores(self.model, np.stack(batch), self.facts["flips"], BATCH))
                batch.clear()
        if problems:
            raise CourseError(f"{len(problems)} of {len(paths)} pictures cannot be used; none was judged:\n"
                              + listed(problems))
        table = self._table(np.concatenate(scores) if scores else np.empty(0))
        table.insert(0, "picture", [str(path) for path in paths])
        return table.assign(remark=remarks)

    def remark(self, height, width):
        """Return a few words if a picture of this shape is unlike those trained on, else an empty text."""
        seen = self.facts.get("trained_on")
        if seen is None:
            return ""
        short, long = sorted((height, width))
        unlike = (long / short > UNLIKE * seen["longest_shape"] or short < seen["shortest_side"] / UNLIKE
                  or long > seen["longest_side"] * UNLIKE)
        if not unlike:
            return ""
        sides = (f"{seen['shortest_side']}" if seen["shortest_side"] == seen["longest_side"]
                 else f"{seen['shortest_side']} to {seen['longest_side']}")
        return f"{width} x {height} pixels; trained on sides of {sides}, shapes up to {seen['longest_shape']:.2g} : 1"

    def _table(self, scores):
        scores = calibrated(scores, self.facts.get("calibration"))
        decided = (scores >= self.threshold).astype(int)
        return pd.DataFrame({"probability": scores, "decision": np.array(self.facts["class_names"])[decided]})


def save(diagnoser, folder, others=None):
    """Write model.keras, model.json and `others`, {file name: text}; what stood there stays until all is written.

    model.json goes first and comes last: where it is, the rest is. It holds a hash of the weights; by it `load`
    knows that the two belong together. Compiling anew drops the optimizer's memory, twice as large as the network.
    """
    folder, model = Path(folder), diagnoser.model
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    with contextlib.ExitStack() as stack:  # the first to be entered takes its place last
        description = stack.enter_context(atomic(folder / "model.json"))
        network = stack.enter_context(atomic(folder / "model.keras"))
        model.save(network)
        facts = {**diagnoser.facts, "weights_sha256": weights_sha256(model)}
        _write(description, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
        for name, text in (others or {}).items():
            _write(stack.enter_context(atomic(folder / name)), text)
        (folder / "model.json").unlink(missing_ok=True)


def _write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def weights_sha256(model):
    """Return a hash of all weights. The file is no use for it: Keras writes the time into it."""
    whole = hashlib.sha256()
    for weight in model.get_weights():
        whole.update(f"{weight.dtype} {weight.shape}".encode() + np.ascontiguousarray(weight).tobytes())
    return whole.hexdigest()


def load(model_dir):
    """Read what `course train` wrote. Keras's safe mode: no code stored in the file is run.

    CourseError when a file is missing, damaged or from another run, or when the network cannot give probabilities.
    """
    folder = Path(model_dir)
    path = folder / "model.keras"
    with explained(folder, "read"):
        facts = _read_facts(folder)
        if not path.is_file():
            raise CourseError(f"{shown(path)} is missing. Train the model again, or copy the whole folder.")
        if not zipfile.is_zipfile(path):
            raise CourseError(f"{shown(path)} is damaged or cut short ({path.stat().st_size:,} bytes that are no whole "
                              "archive): it cannot be read as a model. Copy it again, or train again.")
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a damaged archive fails in many ways inside Keras, zip and HDF5
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise CourseError(f"{shown(path)} cannot be read as a model ({first[0]}). Train it again.") from error
    _require_classifier(model, facts["size"], path)
    if weights_sha256(model) != facts["weights_sha256"]:
        raise CourseError(f"{shown(path)} is not the network that model.json was written with: the two are from "
                          "different training runs. Copy the whole folder again, or train again.")
    return Diagnoser(model, facts)


def _require_classifier(model, size, path):
    """Raise CourseError unless the network makes one probability of one picture of this size."""
    problem = None
    if model.input_shape != (None, size, size, 3):
        problem = f"takes pictures {model.input_shape[1:]}, but model.json says {(size, size, 3)}"
    elif model.output_shape != (None, 1):
        problem = f"gives {model.output_shape[1:]} for each picture, not one probability"
    elif getattr(model.layers[-1], "activation", None) is not keras.activations.sigmoid:
        problem = "does not end in a sigmoid, so what it gives is no probability"
    elif not all(np.isfinite(weight).all() for weight in model.get_weights()):
        problem = "holds weights that are no finite numbers"
    if problem:
        raise CourseError(f"{shown(path)} {problem}. Train the model again.")


def _read_facts(folder):
    path = folder / "model.json"
    if not path.is_file():
        raise CourseError(f"{shown(folder)} holds no finished model (model.json is missing). "
                          "Give the folder that `course train` wrote.")
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise CourseError(f"{shown(path)} is damaged ({error}). Train the model again.") from error
    problem = _problem_of(facts)
    if problem:
        raise CourseError(f"{shown(path)} {problem}. Train the model again.")
    return facts


def _problem_of(facts):
    """Return what is wrong with the contents of model.json, or None."""
    if not isinstance(facts, dict):
        return NOT_OURS
    names, size, threshold = (facts.get(name) for name in ("class_names", "size", "threshold"))
    if not (isinstance(names, list) and len(names) == 2 and all(isinstance(name, str) and name for name in names)):
        return f"{NOT_OURS}: its class_names are {names!r}"
    if names[0] == names[1] or facts.get("positive_class") != names[1]:
        return (f"contradicts itself: its classes are {names!r} in the order 0, 1, "
                f"but the positive one is {facts.get('positive_class')!r}")
    if type(size) is not int or not 1 <= size <= 100_000:
        return f"{NOT_OURS}: its size is {size!r}"
    if type(threshold) not in (int, float) or not (math.isfinite(threshold) and 0 <= threshold <= 1):
        return f"{NOT_OURS}: its threshold is {threshold!r}, not a number from 0 to 1"
    if facts.get("flips") not in (False, True, "horizontal", "both"):
        return f"{NOT_OURS}: its flips are {facts.get('flips')!r}"
    if not isinstance(facts.get("weights_sha256"), str):
        return f"{NOT_OURS}: it has no weights_sha256, which ties it to model.keras"
    return _problem_of_sizes(facts.get("trained_on")) or _problem_of_calibration(facts.get("calibration"))


def _problem_of_sizes(seen):
    names = ("shortest_side", "longest_side", "longest_shape")
    sound = seen is None or (isinstance(seen, dict) and all(
        type(seen.get(name)) in (int, float) and seen[name] >= 1 for name in names))
    return None if sound else f"{NOT_OURS}: trained_on is {seen!r}"


def _problem_of_calibration(calibration):
    problem = problem_of(calibration)
    return problem and f"{NOT_OURS}: {problem}"
