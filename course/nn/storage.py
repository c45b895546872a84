"""A network as a file and as a table."""

import json
import zipfile
from pathlib import Path

import numpy as np

from course import CourseError
from course.files import atomic, explained
from course.nn import activations, layers
from course.nn.residual import Residual

KINDS = {kind.__name__: kind for kind in (
    layers.Conv2D, layers.MaxPooling2D, layers.AveragePooling2D, layers.Flatten, layers.Dense, layers.Dropout,
    activations.ReLU, activations.Sigmoid, activations.Softmax, Residual)}


def save(network, path):
    """Write the layers (as JSON text) and the weights to `path`, a .npz file without pickles."""
    plan = {"layers": [_plan(layer) for layer in network.layers],
            "input_shape": network.input_shape, "dtype": network.dtype.name, "seed": network.seed}
    weights = {f"weight_{i:03d}": param for i, param in enumerate(network.params)}
    with atomic(_checked(path)) as temporary:
        np.savez(temporary, plan=np.array(json.dumps(plan)), **weights)


def load(path, network_kind):
    """Return the network in `path`, made again from its layers' arguments, with its weights."""
    path = _checked(path)
    try:
        with explained(path, "read"), np.load(path, allow_pickle=False) as file:
            plan = json.loads(str(file["plan"]))
            weights = [file[name] for name in sorted(file.files) if name.startswith("weight_")]
        network = network_kind([_made(*layer) for layer in plan["layers"]], seed=plan["seed"])
        network.build(plan["input_shape"], plan["dtype"])
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise CourseError(f"{path} does not hold a network that Sequential.save wrote ({error}). "
                          "Save the network again, or choose another file.") from error
    network.set_weights(weights)
    return network


def summary(network):
    """Return a table of layers, output shapes and numbers of weights, as text."""
    lines, shape = [("layer", "output", "weights")], network.input_shape
    for layer in network.layers:
        shape = layer.output_shape(shape)
        lines.append((type(layer).__name__, str(tuple(shape)), f"{sum(p.size for p in layer.params):,}"))
    lines.append(("all", "", f"{sum(param.size for param in network.params):,}"))
    left, middle, right = (max(map(len, column)) for column in zip(*lines, strict=True))
    return "\n".join(f"{a:<{left}}  {b:<{middle}}  {c:>{right}}" for a, b, c in lines)


def _plan(layer):
    """Return what a layer can be made from again: its kind and its arguments, those of a block's layers included."""
    arguments = layer.arguments()
    if isinstance(layer, Residual):
        arguments["layers"] = [_plan(inner) for inner in layer.layers]
    return [type(layer).__name__, arguments]


def _made(name, arguments):
    """Return the layer that `_plan` described."""
    if name == Residual.__name__:
        arguments = arguments | {"layers": [_made(*inner) for inner in arguments["layers"]]}
    return KINDS[name](**arguments)


def _checked(path):
    path = Path(path)
    if path.suffix != ".npz":
        raise CourseError(f"a network is saved as a .npz file, but the name given is {path}.")
    return path
