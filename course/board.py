"""TensorBoard without leaving the notebook's process: serve a run's folder, or read its event files.

`%tensorboard` starts a server that goes on when the notebook has ended. `serve` runs it in a thread of this process, on
127.0.0.1 and a free port, so that it ends with the kernel.
"""

from pathlib import Path

import numpy as np

from course import CourseError


def serve(folder):
    """Start TensorBoard on the runs in `folder`; return its address. Only this computer can reach it."""
    import logging

    from tensorboard import program

    _require_events(folder)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for every request
    server = program.TensorBoard()
    server.configure(argv=["tensorboard", "--logdir", str(folder), "--host", "127.0.0.1", "--port", "0",
                           "--load_fast", "false"])  # the fast loader would be a process of its own
    return server.launch()


def scalars(folder):
    """Return every number that a run wrote, as a DataFrame with columns run, name, step, value."""
    import pandas as pd

    rows = []
    for run, events in _runs(folder):
        for name in events.Tags()["tensors"]:
            for event in events.Tensors(name):
                value = _array(event)
                if value.ndim == 0 and value.dtype.kind == "f":
                    rows.append({"run": run, "name": name, "step": event.step, "value": float(value)})
    return pd.DataFrame(rows, columns=["run", "name", "step", "value"])


def histograms(folder, name):
    """Return {step: (k, 3) array} of a histogram; its rows are left edge, right edge and count of each bin."""
    for _, events in _runs(folder):
        if name in events.Tags()["tensors"]:
            return {event.step: _array(event) for event in events.Tensors(name)}
    raise CourseError(f"{folder} holds no histogram {name!r}. There are: {', '.join(histogram_names(folder))}.")


def histogram_names(folder):
    """Return the names of all histograms of the runs in `folder`."""
    return sorted({name for _, events in _runs(folder) for name in events.Tags()["tensors"]
                   if events.SummaryMetadata(name).plugin_data.plugin_name == "histograms"})


def _runs(folder):
    """Yield (name of the run, its events, read) for each folder with event files, in order of name."""
    from tensorboard.backend.event_processing.event_accumulator import TENSORS, EventAccumulator

    for run in sorted({path.parent for path in _require_events(folder)}):
        events = EventAccumulator(str(run), size_guidance={TENSORS: 0})
        events.Reload()
        yield run.relative_to(folder).as_posix(), events


def _require_events(folder):
    files = sorted(Path(folder).glob("**/events.out.tfevents.*"))
    if not files:
        raise CourseError(f"{folder} holds no event files. Train with keras.callbacks.TensorBoard(log_dir=...) first.")
    return files


def _array(event):
    from tensorboard.util.tensor_util import make_ndarray

    return np.asarray(make_ndarray(event.tensor_proto))
