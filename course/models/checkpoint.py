"""The state of a training run, on disk after every epoch: one file, replaced in one step, never half-written."""

import json
import time
from pathlib import Path

import numpy as np

from course import CourseError, __version__
from course.files import atomic, explained, shown
from course.quiet_tensorflow import keras, tf

FILE = "checkpoint.npz"
BETTER_WHEN_LOWER = {"val_loss": True, "val_auc": False, "val_accuracy": False}


class Checkpoint:
    """Weights, optimizer and history of a run, and the weights of its best epoch.

    model: compiled, its optimizer built. run: a dict of what must agree for a run to go on (recipe, seed, data); the
    versions of the libraries are added, since another one may go on otherwise.
    folder: where to keep the file, or None to keep everything in memory.
    seconds: how long the run has been at work, those before an interruption included.
    """

    def __init__(self, model, run, folder, monitor):
        self.model, self.monitor = model, monitor
        versions = {"course": __version__, "keras": keras.__version__, "tensorflow": tf.__version__}
        self.run = json.loads(json.dumps({**run, "version": versions}))  # compared with what JSON gives back
        self._begun, self._seconds_before = time.monotonic(), 0.0
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
    def seconds(self):
        """Seconds of work until now."""
        return self._seconds_before + time.monotonic() - self._begun

    @property
    def epochs_without_gain(self):
        """How many epochs have passed since the best one."""
        return len(self.history) - self.best_epoch

    def record(self, row, judged):
        """Add the finished epoch's measures, keep the weights `judged` if they are the best so far, write the file.

        judged: the weights that the measures belong to; the model's own may be others, whose running mean they are.
        """
        self.history.append(row)
        if self.best_epoch == len(self.history):
            self.best_weights = judged
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
        except CourseError:
            if not discard_other:
                raise
            with explained(self.path, "delete"):
                self.path.unlink()
            return 0
        self.history, self._seconds_before = stored["history"], stored["seconds"]
        self.model.set_weights(stored["weight"])
        for variable, value in zip(self.model.optimizer.variables, stored["optimizer"], strict=True):
            variable.assign(value)
        self.best_weights = stored["best"]
        return len(self.history)

    def _write(self):
        arrays = {"run": json.dumps(self.run), "history": json.dumps(self.history),
                  "seconds": self.seconds}
        for name, values in (("weight", self.model.get_weights()), ("best", self.best_weights),
                             ("optimizer", [variable.numpy() for variable in self.model.optimizer.variables])):
            arrays |= {f"{name}{number}": value for number, value in enumerate(values)}
        with atomic(self.path) as temporary:
            np.savez(temporary, **arrays)

    def _read(self):
        """Return what the file holds, all of it checked; nothing is taken up yet."""
        try:
            with explained(self.path, "read"), np.load(self.path, allow_pickle=False) as file:
                stored = dict(file)
            run, history = json.loads(str(stored["run"])), json.loads(str(stored["history"]))
            found = {"history": history, "seconds": float(stored["seconds"])}
            self._check_same_run(run)
            if [row["epoch"] for row in history] != list(range(1, max(2, len(history) + 1))):
                raise ValueError("its history is not one of epochs 1, 2, ...")
            if not all(isinstance(row[self._measure], float) for row in history):
                raise ValueError(f"its {self._measure} is no number")
            weights, optimizer = self.model.get_weights(), self.model.optimizer.variables
            for name, wanted in (("weight", weights), ("best", weights), ("optimizer", optimizer)):
                found[name] = _numbered(stored, name, [tuple(one.shape) for one in wanted])
        except CourseError:
            raise
        except Exception as error:  # a damaged archive fails in many ways inside NumPy, zip and JSON
            raise CourseError(f"{shown(self.path)} is damaged ({type(error).__name__}: {shown(error)}). "
                              "Delete it, or add --overwrite, to train from the beginning.") from error
        return found

    @property
    def _measure(self):
        return "val_loss" if self.monitor == "last" else self.monitor

    def _check_same_run(self, stored):
        changed = list(_differences(stored, self.run))
        if not changed:
            return
        place, lines = shown(self.path.parent), "\n".join(f"  - {shown(name)} was {old!r}, now {new!r}"
                                                          for name, old, new in changed)
        if all(name.startswith("data ") for name, _, _ in changed):
            raise CourseError(f"{place} holds an unfinished training run on other pictures. If you have renamed, "
                              f"added, removed or changed a picture or a class since:\n{lines}\n"
                              "Put all back as it was to go on with that run, or add --overwrite to start again with "
                              "the pictures as they are now.")
        raise CourseError(f"{place} holds an unfinished training run with other settings:\n{lines}\n"
                          "Use the old settings to go on with it, another --out to keep both, "
                          "or --overwrite to start again.")


def _numbered(stored, name, shapes):
    """Return the arrays called name0, name1, ... in order; ValueError unless they have these shapes."""
    arrays = [stored[f"{name}{number}"] for number in range(len(shapes))]
    if [array.shape for array in arrays] != shapes or f"{name}{len(shapes)}" in stored:
        raise ValueError(f"its {name} arrays are not this network's")
    return arrays


def _differences(old, new, prefix=""):
    """Yield (name, old value, new value) wherever two nested dicts disagree."""
    for name in sorted({*old, *new}):
        a, b = old.get(name), new.get(name)
        if isinstance(a, dict) and isinstance(b, dict):
            yield from _differences(a, b, f"{prefix}{name} ")
        elif a != b:
            yield f"{prefix}{name}", a, b
