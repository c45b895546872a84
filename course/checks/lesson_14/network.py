"""What the checker of exercise 14.1 needs: to read a Keras model layer by layer, and to run it on given weights."""

import collections
import itertools

import numpy as np

from course.checks.answers import NotYet, kind, message_of
from course.checks.compare import require
from course.models.breast_cnn import classic
from course.quiet_tensorflow import keras

layers, ops = keras.layers, keras.ops
FILTERS, UNITS = [32, 64, 128, 128], [512, 1]
CLASSIC = [layers.Conv2D, layers.MaxPooling2D] * 4 + [layers.Flatten, layers.Dense, layers.Dense]
# judged by what the model puts out
NEUTRAL = (layers.Rescaling, layers.Normalization, layers.Activation, layers.ReLU, layers.Lambda)
TOLERANCE = 1e-5


def require_model(model):
    """A Keras model that takes (n, 150, 150, 3) and gives (n, 1)."""
    require(model is not None,
        "Nothing came back (None). Is a `return model` missing? `model.add(...)` and `model.compile(...)` give None: "
        "return the model in a line of its own.")
    require(isinstance(model, keras.Model), f"A Keras model is needed, but this is {kind(model)}.")
    if not isinstance(model, keras.Sequential) and not hasattr(model, "input_shape"):  # a class of the learner's own
        try:
            _run(model, _pictures()[:1])
        except Exception as error:
            raise NotYet(f"The model cannot be asked about a picture of 150 x 150: {message_of(error)}.") from error
        return
    shape = getattr(model, "input_shape", None) if model.built else None
    require(isinstance(shape, tuple),
        "The model does not know the shape of its pictures yet, so it has no weights. Begin with "
        "`keras.Input((150, 150, 3))`.")
    require(shape == (None, 150, 150, 3),
        f"The input has shape {shape[1:]}, but (150, 150, 3) was expected: height, width, colour channels. The batch "
        "is not counted.")


def require_network(model):
    """The classic network: what it puts out on given weights decides, its layers say why it does not."""
    try:
        sentence = require_outputs(model)
    except NotYet:
        require_layers(model)
        raise
    _require_nothing_more(list(_flat(model)))
    _require_trainable(model)
    return sentence


def _require_trainable(model):
    """The network is to be trained from a random start, by its loss alone."""
    require(len(model.trainable_weights) == len(model.weights),
        "Some weights are not trainable (`trainable = False`), so training would leave them as they are.")
    require(
        not any(getattr(layer, "_".join(names), None) for layer in _flat(model)
                for names in itertools.product(("kernel", "bias"), ("regularizer", "constraint"))),
        "A layer has a regularizer or a constraint. The classic network does without.",
    )
    require(all(np.ptp(weight) > 0 for weight in model.get_weights() if weight.ndim > 1),
        "All numbers of a kernel are equal. Neurons that begin alike learn alike: leave out `kernel_initializer`.")


def require_layers(model):
    """The layers of the classic network, each with its numbers, in their order."""
    found = list(_flat(model))
    convolutions = [layer for layer in found if isinstance(layer, layers.Conv2D)]
    for layer in convolutions:
        _require_convolution(layer)
    _require_filters([layer.filters for layer in convolutions])
    _require_pooling(found)
    require(not any(isinstance(layer, (layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D)) for layer in found),
        "Global pooling keeps one number of each map. The classic network hands every number on: `Flatten()`.")
    require(any(isinstance(layer, (layers.Flatten, layers.Reshape)) for layer in found),
        "Flatten is missing between the maps and the dense layers: the output has shape "
        f"{model.output_shape}, an answer for every place, not one for the picture.")
    _require_dense([layer.units for layer in found if isinstance(layer, layers.Dense)])
    _require_nothing_more(found)
    plain = [layers.Flatten if isinstance(layer, layers.Reshape) else type(layer) for layer in found]
    order = [kind.__name__ for kind in plain if kind in CLASSIC]
    require(order == [kind.__name__ for kind in CLASSIC],
        "The layers stand in another order. Each convolution is followed by its own pooling; then Flatten, Dense 512, "
        "Dense 1.",
        came_out=" > ".join(order))
    scalings = [k for k, layer in enumerate(found) if isinstance(layer, layers.Rescaling)]
    require(not scalings or scalings[0] < plain.index(layers.Conv2D),
        "Rescaling comes too late. It belongs before the first convolution, which should see values from 0 to 1.")


def _require_nothing_more(found):
    extra = [type(layer).__name__ for layer in found
             if type(layer) not in (*CLASSIC, layers.Reshape) and not isinstance(layer, NEUTRAL)]
    require(not extra, f"There is more than asked: {', '.join(extra)}. The classic network does without.")


def _flat(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _flat(layer)
        elif not isinstance(layer, layers.InputLayer):
            yield layer


def _require_convolution(layer):
    require(layer.padding != "same",
        'A convolution has padding="same": its maps keep their size, and Flatten gives more numbers. The classic '
        'network pads nothing ("valid", which Keras takes when nothing is said).')
    require(layer.kernel_size == (3, 3), f"A convolution has kernels of {layer.kernel_size}; (3, 3) was asked.")
    require(layer.strides == (1, 1), f"A convolution has strides {layer.strides}: it skips places. Pooling shrinks.")


def _require_filters(filters):
    if filters == FILTERS:
        return
    if sorted(filters) == FILTERS:
        reason = f"The convolutions have {filters} filters: the right numbers in a wrong order. Few first: {FILTERS}."
    elif len(filters) != len(FILTERS):
        reason = f"There are {len(filters)} convolutions; four were asked, with {FILTERS} filters."
    else:
        reason = f"The convolutions have {filters} filters, but {FILTERS} were asked."
    raise NotYet(reason)


def _require_pooling(found):
    require(not any(isinstance(layer, layers.AveragePooling2D) for layer in found),
        "This pools by the average. The classic network keeps the maximum: `MaxPooling2D(2)`.")
    pools = [layer for layer in found if isinstance(layer, layers.MaxPooling2D)]
    count = len(pools)
    require(count == 4,
        f"There {'is 1 pooling layer' if count == 1 else f'are {count} pooling layers'}; each of the four convolutions "
        "is followed by one.")
    for pool in pools:
        require((pool.pool_size, pool.strides, pool.padding) == ((2, 2), (2, 2), "valid"),
            f'A pooling layer has window {pool.pool_size}, strides {pool.strides}, padding "{pool.padding}". '
            "`MaxPooling2D(2)` takes windows of 2 x 2, two apart.")


def _require_dense(units):
    last = units[-1] if units else None
    require(last != 2,
        "The last layer has two outputs. With one sigmoid output p, the other class's probability is 1 - p: "
        "`Dense(1, activation=\"sigmoid\")`.")
    require(units == UNITS, f"The dense layers have {units} neurons, but {UNITS} were asked.")


def require_outputs(model):
    """Give the model and the reference the same weights, and compare what they say about the same pictures."""
    reference = classic()
    weights, pictures = _weights(reference), _pictures()
    own = model.get_weights()
    require([w.shape for w in own] == [w.shape for w in weights],
        f"The model has {model.count_params():,} weights, but {reference.count_params():,} were expected. Does each "
        "layer have its bias?")
    reference.set_weights(weights)
    expected = _run(reference, pictures)
    try:
        model.set_weights(weights)
        result = _run(model, pictures)
    finally:
        model.set_weights(own)  # the learner's model may be trained
    difference = np.abs(result - expected).max()
    if not difference <= TOLERANCE:
        reason = _likely_reason(result, pictures, weights)
        comparison = {"expected": np.round(expected[:, 0], 5), "came_out": np.round(result[:, 0], 5)}
        require(False, reason, **comparison)
    return f"All {reference.count_params():,} weights, and with equal weights all {len(pictures)} outputs"


def _weights(model):
    """Return seeded weights in the model's order: no output saturates, even unscaled; logits on both sides of 0."""
    rng = np.random.default_rng(14)
    shapes = [weight.shape for weight in model.get_weights()]
    scales = [float(np.sqrt(2 / np.prod(shape[:-1]))) if len(shape) > 1 else 0.1 for shape in shapes]
    scales[-2] /= 20
    weights = [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]
    weights = [scale * weight for scale, weight in zip(scales, weights, strict=True)]
    weights[-1][:] = 0.04
    return weights


def _pictures():
    rng = np.random.default_rng(141)
    brightest = np.array([60, 150, 255]).reshape(3, 1, 1, 1)
    blocks = rng.uniform(0, brightest, (3, 15, 15, 3))
    return np.kron(blocks, np.ones((1, 10, 10, 1))).astype(np.float32)


def _run(model, pictures):
    return ops.convert_to_numpy(model(pictures, training=False)).astype(float)


def _likely_reason(result, pictures, weights):
    for variant, reason in _variants():
        if all(np.allclose(result[part], _forward(pictures[part], weights, **variant), rtol=0, atol=TOLERANCE / 4)
               for part in (slice(1), slice(1, None))):  # most are ruled out by the first picture
            return reason
    if (result == 1).all():
        return (
            "The output is always exactly 1: a softmax shares 1 among the outputs, and here is only one. One output "
            "takes a sigmoid."
        )
    if result.min() < 0 or result.max() > 1:
        return "The outputs are no probabilities, they leave 0 to 1. The last layer needs its sigmoid."
    return "The layers are right, but with equal weights the outputs differ. Look at the activations and the scaling."


def _variants():
    """Yield (arguments of `_forward`, reason) for the classic mistakes that leave the layers as they should be."""
    yield (
        {"scale": 1.0},
        "The pictures are not scaled: the first convolution sees 0 to 255. Put `Rescaling(1 / 255)` before it.",
    )
    yield {"scale": 1 / 255**2}, "The pictures are divided by 255 twice: the network sees almost nothing but black."
    yield {"scale": 1 / 127.5, "offset": -1.0}, "The pictures are scaled to -1 to 1; `Rescaling(1 / 255)` gives 0 to 1."
    yield {"scale": 1 / 256}, "The pictures are divided by 256. The brightest value is 255: `Rescaling(1 / 255)`."
    yield (
        {"last": "linear"},
        "The last layer has no sigmoid: it puts out any number, where a probability from 0 to 1 was asked.",
    )
    yield {"last": "relu"}, 'The last layer ends in "relu", which has no upper end. A probability takes "sigmoid".'
    yield {"last": "tanh"}, 'The last layer ends in "tanh", from -1 to 1. A probability takes "sigmoid".'
    every, pooling = (0, 1, 2, 3, 4), "Only pooling is left to make it more than a weighted sum."
    yield {"linear": every, "last": "linear"}, f"No layer has its activation. {pooling}"
    yield {"linear": every}, f'No layer before the last has its activation "relu". {pooling}'
    yield {"linear": (0, 1, 2, 3)}, f'The convolutions lack their activation "relu". {pooling}'
    together = "Without it, this layer and the last together are one linear layer."
    yield {"linear": (4,)}, f'The dense layer of 512 lacks its activation "relu". {together}'
    for k, name in enumerate(("first", "second", "third", "fourth")):
        yield {"linear": (k,)}, f'The {name} convolution lacks its activation "relu": negative sums are not cut off.'


def _forward(pictures, weights, scale=1 / 255, offset=0.0, linear=(), last="sigmoid"):
    """The classic network with one thing changed. linear: which of convolutions 0-3 and dense layer 4 lack ReLU."""
    activate = collections.defaultdict(lambda: ops.relu, {k: lambda x: x for k in linear})
    x = pictures * np.float32(scale) + np.float32(offset)
    for k in range(4):
        x = ops.conv(x, weights[2 * k], padding="valid") + weights[2 * k + 1]
        x = ops.max_pool(activate[k](x), 2, 2)
    x = activate[4](ops.matmul(ops.reshape(x, (len(x), -1)), weights[8]) + weights[9])
    logits = ops.matmul(x, weights[10]) + weights[11]
    return ops.convert_to_numpy(keras.activations.get(last)(logits)).astype(float)
