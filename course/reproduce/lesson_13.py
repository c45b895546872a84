"""The long measurements behind lesson 13: the benchmarks' tables, rounding of Keras's modes, time of each layer."""

import os
import platform
import tempfile

import numpy as np

from course import CourseError
from course.reproduce.behaviour import numbers
from course.reproduce.store import save

CALLS = 50  # of the network under the profiler
ROUNDS = 31  # where one takes milliseconds; the classic network takes seconds, and nine do


def fingerprint():
    """What is measured, as behaviour: candidates, shapes, rounds, and the network's answers. Speed is no behaviour."""
    from course.timing import convolution, forward, network

    pictures = forward.data(2, forward.PLAN)[0]
    return {
        "candidates": {part.__name__.rsplit(".", 1)[-1]: list(part.CANDIDATES)
                       for part in (convolution, forward, network)},
        "shapes": [[name, list(shape), filters] for name, (shape, filters) in convolution.SETTINGS.items()],
        "plans": [[name, plan.size, list(plan.filters), plan.hidden] for name, plan in network.PLANS.items()],
        "rounds": [CALLS, ROUNDS],
        "answers": numbers(forward.numpy_network().predict(pictures)[:, 0]),
    }


def main(only=None):
    """Measure everything (some minutes; keep the computer quiet) or one part; write results/lesson_13.json."""
    parts = {"convolution": convolutions, "forward": forwards, "step": steps, "rounding": rounding,
             "layers": layer_times}
    if only is not None and only not in parts:
        raise CourseError(f"--only {only}: choose one of {', '.join(parts)}.")
    done, measured = {}, fingerprint()
    for name, part in parts.items():
        if only in (None, name):
            print(f"running: {name}", flush=True)
            done[name] = part()
    if only is not None:
        print(done)
        return 0
    if fingerprint() != measured:
        raise CourseError("the code changed while it was measured, so nothing is stored. Run it again.")
    print(f"wrote {save(13, measured, {'computer': computer()} | done)}")
    return 0


def computer():
    """Return what the times depend on: system, processor, its cores, and the load: how many programs wanted one.

    The load is the system's average over the last minute, the measuring program included.
    """
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count(), "load": load}


def convolutions():
    """One convolution, of one grey picture and of a layer: {setting: rows}."""
    from course.timing import convolution

    return {setting: rounded(convolution.measure(setting)) for setting in convolution.SETTINGS}


def forwards():
    """Lesson 08's network forward, for one picture and for 32: {batch: rows}."""
    from course.timing import forward

    quick = [name for name in forward.CANDIDATES if name != "Python loops"]
    return {"1": rounded(forward.measure(1, ROUNDS)), "32": rounded(forward.measure(32, ROUNDS, quick))}


def steps():
    """One training step with 32 pictures: {network: rows}."""
    from course.timing import network

    return {name: rounded(network.measure(32, name, 9 if name == "classic" else ROUNDS)) for name in network.PLANS}


def rounding():
    """Largest difference of 32 probabilities in float32 from those in float64: {candidate: difference}."""
    from course.timing import forward

    network, (x, _) = forward.numpy_network(), forward.data(32, forward.PLAN)
    precise = double(network).predict(x.astype(np.float64))
    names = [name for name in forward.CANDIDATES if name != "Python loops"]
    return {name: float(np.abs(forward.answers(name, 32) - precise).max()) for name in names}


def double(network):
    """Return the network's copy in float64."""
    from course import nn
    from course.timing import forward

    copy = nn.Sequential(forward.layers(nn, forward.PLAN))
    copy.build(network.input_shape, "float64")
    copy.set_weights(network.get_weights())
    return copy


def layer_times():
    """Seconds of each operation of Keras's graph, 32 pictures forward, by TensorFlow's profiler: rows."""
    from course.quiet_tensorflow import tf
    from course.timing import forward
    from course.timing.network import layer_names
    from course.timing.trace import operations

    x = tf.constant(forward.data(32, forward.PLAN)[0])
    run = forward.in_mode(forward.same_model(), "graph")
    run(x)
    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder)
        for _ in range(CALLS):
            run(x)
        tf.profiler.experimental.stop()
        rows = operations(folder, layer_names(forward.PLAN))
    return [row | {"seconds": float(f"{row['seconds'] / row['calls']:.3g}")} for row in rows]


def rounded(rows):
    """Return the rows with times and ratios to three digits, memory in whole MB."""
    return [{name: float(f"{value:.3g}") if isinstance(value, float) else value for name, value in row.items()}
            for row in rows]
