"""A trained network with what is needed to use it: class names, picture size, decision threshold.

    from course.models.diagnoser import load
    diagnoser = load("models/cells-repaired")
    diagnoser.predict(images)          # DataFrame with the columns probability and decision
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from course import CourseError
from course.data.pictures import fit_square, read_picture
from course.files import atomic, explained, write_text
from course.models import augmentation  # noqa: F401  registers the Augment layer, so that Keras can read it back
from course.models.training import predict_scores
from course.quiet_tensorflow import keras

CAUTION = "For teaching, not a medical device. A person's diagnosis is made by doctors, from more than one picture."
NEEDED = ("class_names", "positive_class", "size", "threshold", "flips")


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
        """Read picture files and return their table, with a first column picture; CourseError lists every bad file."""
        pictures, problems = [], []
        for path in paths:
            try:
                pictures.append(fit_square(read_picture(path), self.facts["size"]))
            except CourseError as error:
                problems.append(str(error))
        if problems:
            listed = "\n".join(f"  - {problem}" for problem in problems)
            raise CourseError(f"{len(problems)} of {len(paths)} pictures cannot be used; none was judged:\n{listed}")
        table = self._table(predict_scores(self.model, np.stack(pictures), self.facts["flips"]))
        table.insert(0, "picture", [str(path) for path in paths])
        return table

    def _table(self, scores):
        decided = (scores >= self.threshold).astype(int)
        return pd.DataFrame({"probability": scores, "decision": np.array(self.facts["class_names"])[decided]})


def save(diagnoser, folder):
    """Write model.keras and then model.json, whose presence marks the model as complete."""
    save_network(diagnoser.model, folder)
    save_facts(diagnoser.facts, folder)


def save_network(model, folder):
    """Write model.keras. Compiling anew drops the optimizer's memory, which is twice as large as the network."""
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    with atomic(Path(folder) / "model.keras") as temporary:
        model.save(temporary)


def save_facts(facts, folder):
    """Write model.json."""
    write_text(Path(folder) / "model.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def load(model_dir):
    """Read what `course train` wrote. Keras's safe mode: no code stored in the file is run."""
    folder = Path(model_dir)
    facts = _read_facts(folder)
    path = folder / "model.keras"
    if not path.is_file():
        raise CourseError(f"{path} is missing. Train the model again, or copy the whole folder.")
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # a damaged archive fails in many ways inside Keras, zip and HDF5
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise CourseError(f"{path} cannot be read as a model ({first[0]}). Train it again.") from error
    size = facts["size"]
    if model.input_shape[1:] != (size, size, 3):
        raise CourseError(f"{path} takes pictures {model.input_shape[1:]}, but model.json says {(size, size, 3)}. "
                          "The two files are not from the same training run.")
    return Diagnoser(model, facts)


def _read_facts(folder):
    path = folder / "model.json"
    if not path.is_file():
        raise CourseError(f"{folder} holds no finished model (model.json is missing). "
                          "Give the folder that `course train` wrote.")
    try:
        with explained(path, "read"):
            facts = json.loads(path.read_text(encoding="utf-8"))
        missing = [name for name in NEEDED if name not in facts]
        usable = len(facts["class_names"]) == 2 and 0 <= float(facts["threshold"]) <= 1 and int(facts["size"]) > 0
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError(f"{path} is damaged ({error}). Train the model again.") from error
    if missing or not usable:
        raise CourseError(f"{path} does not describe a model of this course. Train the model again.")
    return facts
