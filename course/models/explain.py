"""Where in a picture a network's score reacts: occlusion, Grad-CAM, and two tests of such maps.

    from course.models.explain import grad_cam
    heat = grad_cam(model, pictures)          # a coarse map for each picture
    heat.over((150, 150))                     # laid over the pictures: (n, 150, 150)

A map shows where the score reacts. It proves neither that the score is right nor that the reason is a medical one.
"""

import contextlib
from typing import NamedTuple

import numpy as np

from course import CourseError
from course.quiet_tensorflow import keras, tf

BATCH = 32
ENDS = ("linear", "sigmoid", "softmax")  # what may turn the last layer's sums into the model's output
FOLLOWERS = (keras.layers.BatchNormalization, keras.layers.Activation, keras.layers.ReLU, keras.layers.LeakyReLU)


class Heat(NamedTuple):
    """A coarse map with its grid: values (..., rows, columns); rows and columns: where, in pixels of the picture, the
    middles of its cells lie. The middle of the first pixel is 0.
    """

    values: np.ndarray
    rows: np.ndarray
    columns: np.ndarray

    def over(self, shape):
        """Return the map at each pixel of a picture (h, w): (..., h, w). Bilinear; beyond the last middle, even."""
        down, along = _between(self.rows, shape[0]), _between(self.columns, shape[1])
        return down @ self.values @ along.T


def _between(middles, n):
    """Return the weights (n, m) that interpolate m middles at the pixels 0 to n - 1."""
    return np.stack([np.interp(np.arange(n), middles, unit) for unit in np.eye(len(middles))], axis=1)


def evenly(values, shape):
    """Return a Heat whose cells share a picture of shape (h, w) evenly: the first middle lies half a cell inside."""
    rows, columns = ((np.arange(m) + 0.5) * n / m - 0.5 for m, n in zip(values.shape[-2:], shape[:2], strict=True))
    return Heat(values, rows, columns)


def occlusion(score, picture, patch, stride, fill):
    """Return the Heat of how far the score falls while a square hides a part of the picture.

    score: function of pictures (n, h, w, 3), or (n, h, w), that gives (n,) scores, best logits: probabilities near 0
        or 1 hardly move. picture: (h, w[, 3]). patch, stride: the square's side and its steps, pixels. fill: what it
        shows, a number or one for each channel.
    A value above 0: without this place the score is lower. Below 0: it is higher. Squares stay inside the picture.
    """
    picture = np.asarray(picture)
    height, width = picture.shape[:2]
    if not 1 <= patch <= min(height, width) or stride < 1:
        raise CourseError(f"patch = {patch} and stride = {stride}: the patch is 1 to {min(height, width)} pixels wide, "
                          "and the stride at least 1")
    tops, lefts = np.arange(0, height - patch + 1, stride), np.arange(0, width - patch + 1, stride)
    corners = [(top, left) for top in tops for left in lefts]
    whole, drops = float(np.ravel(score(picture[None]))[0]), []
    for start in range(0, len(corners), BATCH):
        some = corners[start : start + BATCH]
        hidden = np.repeat(picture[None], len(some), axis=0)
        for one, (top, left) in zip(hidden, some, strict=True):
            one[top : top + patch, left : left + patch] = fill
        drops.append(whole - np.ravel(score(hidden)))
    middle = (patch - 1) / 2
    return Heat(np.concatenate(drops).reshape(len(tops), len(lefts)), tops + middle, lefts + middle)


def logits(model, pictures, output=None):
    """Return the last layer's sums (n,), float64, before its sigmoid or softmax; arguments as for `grad_cam`."""
    pictures, output = np.asarray(pictures), _output_of(model, output)
    with _without_last_activation(model):
        found = [np.asarray(model(_batch(pictures, start), training=False))[:, output]
                 for start in range(0, len(pictures), BATCH)]
    return np.concatenate(found).astype(float)


def grad_cam(model, pictures, layer=None, output=None, relu=True):
    """Return the Heat of Selvaraju and others (ICCV 2017): ReLU of sum_k a_k A_k, a_k the mean of d logit / d A_k.

    model: functional, sequential or nested Keras network that ends in a sigmoid, a softmax or sums; what it
        preprocesses inside stays inside. pictures: (n, h, w, channels), as the model takes them.
    layer: name of the layer whose maps A (n, rows, columns, k) are looked at; None: the last convolution, with what
        normalises and bends it. output: number of the class, where there are several.
    relu: False leaves what speaks against the class, below 0. Where a network is looked at, nobody else may use it.
    """
    pictures, output = np.asarray(pictures), _output_of(model, output)
    leaves = _leaves(model)
    last = _last_maps(leaves) if layer is None else _named(leaves, layer)
    found = []
    for start in range(0, len(pictures), BATCH):
        maps, slopes = _maps_and_slopes(model, _batch(pictures, start), leaves[last], output)
        weights = slopes.mean(axis=(1, 2))
        found.append(np.einsum("nijk,nk->nij", maps, weights))
    values = np.concatenate(found)
    grids = _grids(leaves[: last + 1], pictures.shape[1:3], values.shape[1:])
    return Heat(np.maximum(values, 0) if relu else values, *grids)


def maps_and_slopes(model, pictures, layer=None, output=None):
    """Return a layer's maps A and the slopes d logit / d A, both (n, rows, columns, k); arguments as for `grad_cam`."""
    leaves = _leaves(model)
    last = _last_maps(leaves) if layer is None else _named(leaves, layer)
    return _maps_and_slopes(model, np.asarray(pictures, np.float32), leaves[last], _output_of(model, output))


def _batch(pictures, start):
    return np.asarray(pictures[start : start + BATCH], np.float32)


def _maps_and_slopes(model, pictures, layer, output):
    with tf.GradientTape() as tape, _without_last_activation(model), _recorded(layer, tape) as maps:
        logit = model(tf.constant(pictures), training=False)[:, output]
    slopes = tape.gradient(logit, maps[-1]) if maps else None
    if slopes is None or len(maps[-1].shape) != 4:
        raise CourseError(f"the layer {layer.name} gives no maps from which the output is made. Name another layer.")
    return np.asarray(maps[-1], float), np.asarray(slopes, float)


@contextlib.contextmanager
def _recorded(layer, tape):
    """Keep what `layer` gives, however deep in the model it lies, and let the tape follow it."""
    kept, call = [], layer.call

    def recording(*args, **kwargs):
        kept.append(call(*args, **kwargs))
        tape.watch(kept[-1])
        return kept[-1]

    object.__setattr__(layer, "call", recording)
    try:
        yield kept
    finally:
        object.__delattr__(layer, "call")


@contextlib.contextmanager
def _without_last_activation(model):
    """Let the model give logits: made from its probabilities they would be useless, since a 1 has none."""
    last = _leaves(model)[-1]
    own = last.activation
    last.activation = keras.activations.linear
    try:
        yield
    finally:
        last.activation = own


def _output_of(model, output):
    """Return the number of the output looked at; CourseError where the model's end cannot be read as logits."""
    last, shape = _leaves(model)[-1], model.output_shape
    name = getattr(getattr(last, "activation", None), "__name__", None)
    if len(shape) != 2 or name not in ENDS:
        raise CourseError(f"the network ends in {last.name} with the shape {shape}: an explanation needs (n, classes), "
                          "made by a layer whose activation is one of " + ", ".join(ENDS))
    if output is None and shape[1] > 1:
        raise CourseError(f"the network has {shape[1]} outputs: say which, output=0 to {shape[1] - 1}")
    if not 0 <= (output or 0) < shape[1]:
        raise CourseError(f"output = {output}: the network has the outputs 0 to {shape[1] - 1}")
    return output or 0


def _leaves(model):
    """Return all layers in order, those of nested models in their place."""
    return [leaf for layer in model.layers
            for leaf in (_leaves(layer) if isinstance(layer, keras.Model) else [layer])]


def _last_maps(leaves):
    """Return the number of the last convolution, or of the last layer that only bends what it gives."""
    found = [number for number, layer in enumerate(leaves) if _is_convolution(layer)]
    if not found:
        raise CourseError("the network has no convolution, so no maps. Give layer=, or use occlusion, which asks any "
                          "model.")
    last = found[-1]
    while isinstance(leaves[last + 1], FOLLOWERS) and _follows(leaves[last + 1], leaves[last]):
        last += 1
    return last


def _is_convolution(layer):
    return len(getattr(layer, "kernel_size", ())) == 2


def _follows(layer, before):
    """Does `layer` take what `before` gives, and nothing else does?"""
    taken = [node for node in before._outbound_nodes if node.operation is not None]
    return [node.operation for node in taken] == [layer]


def _named(leaves, name):
    found = [number for number, leaf in enumerate(leaves) if leaf.name == name]
    if len(found) != 1:
        raise CourseError(f"the network has {len(found)} layers named {name!r}. Its last convolution is taken without "
                          "a name.")
    return found[0]


def _grids(leaves, shape, cells):
    """Return the middles of the cells, rows and columns: followed through each layer where these lie in one line.

    Where they do not (the count of cells is another), the cells share the picture evenly.
    """
    middles = []
    for axis, (n, m) in enumerate(zip(shape, cells, strict=True)):
        start, step, left = 0.0, 1, n
        for layer in leaves:
            start, step, left = _through(layer, axis, start, step, left)
        middles.append(start + step * np.arange(m) if left == m else (np.arange(m) + 0.5) * n / m - 0.5)
    return middles


def _through(layer, axis, start, step, n):
    """Return (first middle, step, cells) behind a layer, from those before it."""
    if isinstance(layer, keras.layers.ZeroPadding2D):
        before, after = layer.padding[axis]
        return start - before * step, step, n + before + after
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if window is None or len(window) != 2:
        return start, step, n
    stride, width = layer.strides[axis], (window[axis] - 1) * getattr(layer, "dilation_rate", (1, 1))[axis] + 1
    before, cells = 0, (n - width) // stride + 1
    if layer.padding == "same":  # as TensorFlow pads: the odd one behind
        cells = -(-n // stride)
        before = max((cells - 1) * stride + width - n, 0) // 2
    return start + ((width - 1) / 2 - before) * step, step * stride, cells
