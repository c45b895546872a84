"""The state of a training run, on disk after every epoch: one file, replaced in one step, never half-written."""

import json
import zipfile
from pathlib import Path

import numpy as np

from course import CourseError
from course.files import atomic, explained

FILE = "checkpoint.npz"
BETTER_WHEN_LOWER = {"val_loss": True, "val_auc": False, "val_accuracy": False}


class Checkpoint:
    """Weights, optimizer and history of a run, and the weights of its best epoch.

    model: compiled, its optimizer built. run: a dict of what must agree for a run to go on (recipe, seed, data).
    folder: where to keep the file, or None to keep everything in memory.
    """

    def __init__(self, model, run, folder, monitor):
        self.model, self.monitor = model, monitor
        self.run = json.loads(json.dumps(run))  # compared with what JSON gives back
        self.path = None if folder is None else Path(folder) / FILE
        self.history = []
        self.best_weights = None

    @property
    def best_epoch(self):
        """The epoch with the best monitored value, counted from 1; the earliest of equals; 0 before the first."""
        if not self.history or self.monitor == "last":
            return len(self.history)
        values = np.array([row[self.monitor] for row in self.history])
        values = values if BETTER_WHEN_LOWER[self.monitor] else -values
        return int(np.argmin(np.where(np.isnan(values), np.inf, values))) + 1

    @property
    def epochs_without_gain(self):
        """How many epochs have passed since the best one."""
        return len(self.history) - self.best_epoch

    def record(self, row):
        """Add the finished epoch's measures, keep its weights if they are the best so far, write the file."""
        self.history.append(row)
        if self.best_epoch == len(self.history):
            self.best_weights = self.model.get_weights()
        if self.path is not None:
            self._write()

    def use_best(self):
        """Give the model the weights of its best epoch."""
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)

    def restore(self, discard_other=False):
        """Take up the run found in the file, if there is one. Returns the number of epochs already done.

        A run with other settings, or a damaged file, is an error; with `discard_other` the file is deleted instead.
        """
        if self.path is None or not self.path.exists():
            return 0
        try:
            stored = self._read()
            self._check_same_run(json.loads(str(stored["run"])))
        except CourseError:
            if not discard_other:
                raise
            with explained(self.path, "delete"):
                self.path.unlink()
            return 0
        self.history = json.loads(str(stored["history"]))
        self.model.set_weights(_numbered(stored, "weight"))
        for variable, value in zip(self.model.optimizer.variables, _numbered(stored, "optimizer"), strict=True):
            variable.assign(value)
        self.best_weights = _numbered(stored, "best")
        return len(self.history)

    def _write(self):
        arrays = {"run": json.dumps(self.run), "history": json.dumps(self.history)}
        for name, values in (("weight", self.model.get_weights()), ("best", self.best_weights),
                             ("optimizer", [variable.numpy() for variable in self.model.optimizer.variables])):
            arrays |= {f"{name}{number}": value for number, value in enumerate(values)}
        with atomic(self.path) as temporary:
            np.savez(temporary, **arrays)

    def _read(self):
        try:
            with explained(self.path, "read"), np.load(self.path, allow_pickle=False) as stored:
                return dict(stored)
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise CourseError(f"{self.path} is damaged ({error}). Delete it to train from the beginning.") from error

    def _check_same_run(self, stored):
        differences = [f"{name} was {old!r}, now {new!r}" for name, old, new in _differences(stored, self.run)]
        if differences:
            raise CourseError(f"{self.path.parent} holds an unfinished training run with other settings:\n"
                              + "\n".join(f"  - {line}" for line in differences)
                              + "\nUse the old settings to go on with it, another --out to keep both, "
                              "or --overwrite to start again.")


def _numbered(stored, name):
    """Return the arrays called name0, name1, ... in order."""
    count = sum(key.startswith(name) and key[len(name):].isdigit() for key in stored)
    return [stored[f"{name}{number}"] for number in range(count)]


def _differences(old, new, prefix=""):
    """Yield (name, old value, new value) wherever two nested dicts disagree."""
    for name in sorted({*old, *new}):
        a, b = old.get(name), new.get(name)
        if isinstance(a, dict) and isinstance(b, dict):
            yield from _differences(a, b, f"{prefix}{name} ")
        elif a != b:
            yield f"{prefix}{name}", a, b
