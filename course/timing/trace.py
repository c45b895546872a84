"""Read what TensorFlow's profiler recorded: how long each layer's operations took.

`tf.profiler.experimental.start` and `stop` write one file, `*.xplane.pb`, a protocol buffer that TensorBoard's profile
plug-in shows. The plug-in is a large installation of its own; the file is read here without it.
"""

import re
from pathlib import Path

from course import CourseError


def operations(folder, layers):
    """Return rows {layer, operation, calls, seconds}: the newest trace's operations of these layers, in their order.

    The event of an operation is named "model/layer/part:Operation", where the layer's name may have got a number
    ("conv_2"). All other events (Python calls, the executor's own work) are left out, and so is the reading of weights,
    which costs next to nothing. `seconds` is the sum over all calls.
    """
    import tensorflow.tsl.profiler.protobuf.xplane_pb2 as protocol

    files = sorted(Path(folder).glob("plugins/profile/*/*.xplane.pb"))
    if not files:
        raise CourseError(f"{folder} holds no trace (plugins/profile/*/*.xplane.pb). Run the profiler first.")
    space = protocol.XSpace.FromString(files[-1].read_bytes())
    rows = {}
    for plane in space.planes:
        for event in (event for line in plane.lines for event in line.events):
            name = plane.event_metadata[event.metadata_id].name
            match = re.fullmatch(r"[^/:]+/([^/:]+)/[^:]*:(\w+)", name)
            layer = match and _layer(match.group(1), layers)
            if layer and match.group(2) != "ReadVariableOp":
                empty = {"layer": layer, "operation": match.group(2), "calls": 0, "seconds": 0.0}
                row = rows.setdefault((layer, match.group(2)), empty)
                row["calls"] += 1
                row["seconds"] += event.duration_ps / 1e12
    return sorted(rows.values(), key=lambda row: layers.index(row["layer"]))


def _layer(scope, layers):
    return next((layer for layer in layers if re.fullmatch(re.escape(layer) + r"(_\d+)?", scope)), None)
