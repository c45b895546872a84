"""What the checker of exercise 13.1 needs: pairs of the same network, in course.nn and in Keras, and classic mistakes.

Wrong copies are told from what the Keras model holds afterwards. All weights of course.nn are random here, biases too,
so that nothing is right by chance.
"""

from dataclasses import dataclass

import numpy as np

from course.checks.compare import describe
from course.checks.core import NotYet, call, kind

# name: input shape, then layers as (class, arguments); the same names in course.nn and in Keras
NETS = {
    "equal shapes everywhere": ((6, 6, 3), [("Conv2D", (3, 3)), ("Conv2D", (3, 3)), ("Flatten", ()), ("Dense", (12,)),
                                            ("Dense", (12,)), ("Dense", (1,))]),
    "lesson 08's network in small": ((22, 22, 3), [("Conv2D", (4, 3)), ("MaxPooling2D", (2,)), ("Conv2D", (6, 3)),
                                                   ("MaxPooling2D", (2,)), ("Flatten", ()), ("Dense", (5,)),
                                                   ("Dense", (1,))]),
    "a convolution without bias": ((9, 7, 1), [("Conv2D", (2, (3, 2), 1, "valid", None, False)), ("Flatten", ()),
                                               ("Dense", (4,))]),
}  # fmt: skip


@dataclass
class Pair:
    """One network twice: `network` of course.nn, `model` of Keras with weights of its own."""

    note: str
    network: object
    model: object


def cases():
    return [Pair(note, ours(*net), in_keras(*net)) for note, net in NETS.items()]


def ours(shape, layers):
    """The network of course.nn, its weights and biases drawn at random, float32."""
    from course import nn

    network = nn.Sequential([getattr(nn, name)(*settings) for name, settings in layers])
    network.build((None, *shape))
    rng = np.random.default_rng(131)
    network.set_weights([rng.normal(size=weight.shape).astype(np.float32) for weight in network.get_weights()])
    return network


def in_keras(shape, layers):
    """The same layers in Keras, with weights that are all 9: whoever copies nothing is found out."""
    from course.quiet_tensorflow import keras

    made = []
    for name, settings in layers:
        words = {}
        if name == "Conv2D" and len(settings) > 2:
            settings, words = settings[:2], {"use_bias": settings[5]}
        made.append(getattr(keras.layers, name)(*settings, **words))
    model = keras.Sequential([keras.Input(shape), *made])
    model.set_weights([np.full(weight.shape, 9, np.float32) for weight in model.get_weights()])
    return model


def require_copied(answer, pair):
    """Raise NotYet, with the likely reason, unless the answer makes `pair.model` equal `pair.network`."""
    wanted, before = pair.network.get_weights(), pair.model.get_weights()
    try:
        result = call(answer, pair.network, pair.model)
    except NotYet as problem:
        raise _about_biases(problem, pair) from None
    spoilt = any(not np.array_equal(a, b) for a, b in zip(pair.network.get_weights(), wanted, strict=True))
    if spoilt:
        raise NotYet("The network that you copy from has changed. Copy from `network` into `model`.")
    found = pair.model.get_weights()
    if not all(map(np.array_equal, found, wanted)):
        reason = next((text for text, wrong in MISTAKES if _same(found, wrong, wanted, before)), None)
        if reason is None and result is not None and all(map(np.array_equal, found, before)):
            reason = (f"{kind(result).capitalize()} came back, and the model that was handed over is as it was. Put "
                      "the weights into it: nothing need be returned.")  # fmt: skip
        raise NotYet(reason or "The model does not hold the network's weights.", _details(pair, found, wanted))
    x = np.random.default_rng(7).random((3, *pair.network.input_shape[1:]), dtype=np.float32)
    apart = np.abs(pair.network.predict(x) - np.asarray(pair.model(x)))
    scale = np.abs(pair.network.predict(x)).max()
    if apart.max() > 1e-4 * scale:  # the weights are equal, so this would be the course's fault
        raise NotYet(f"The weights are equal and the answers are not: {describe(apart.max())}.")


def _about_biases(problem, pair):
    """Return the problem; where a missing bias stopped the learner's code, say so first."""
    lacks = any(getattr(layer, "use_bias", True) is False for layer in pair.model.layers)
    if not (lacks and "NoneType" in problem.reason):
        return problem
    return NotYet("A layer here has no bias: its `bias` is None, and its list `params` holds the kernel alone. Hand "
                  "the whole list to `set_weights`.", [("what happened", problem.reason)])  # fmt: skip


def require_refusal(answer):
    """Raise NotYet unless models that lack a layer, or have another shape, are refused with a ValueError.

    The error about another shape must name the layer.
    """
    shape, layers = NETS["lesson 08's network in small"]
    narrow = [(name, (3,) if (name, settings) == ("Dense", (5,)) else settings) for name, settings in layers]
    misfits = {
        "a dense layer is missing": layers[:-1],
        "the first dense layer has 3 neurons instead of 5": narrow,
    }
    for note, others in misfits.items():
        model = in_keras(shape, others)
        try:
            call(answer, ours(shape, layers), model)
        except NotYet as problem:
            if not isinstance(problem.error, ValueError):
                raise
            name = model.layers[-2].name
            if others is narrow and name not in str(problem.error):
                raise NotYet(f"A model that does not fit is refused ({note}), but the error does not name the layer, "
                             f"{name}. A layer's own `set_weights` names it; that of the whole model does not.",
                             [("your error says", str(problem.error)[:300])]) from None  # fmt: skip
            continue
        why = ("zip stops at the shorter of two lists without a word; zip(..., strict=True), or model.set_weights with "
               "the whole list, does not." if len(others) < len(layers) else
               "Do not cut, fill up or reshape weights: another shape is another network.")  # fmt: skip
        raise NotYet(f"A model that does not fit was accepted ({note}). Raise a ValueError. {why}")


def _same(found, wrong, wanted, before):
    try:
        expected = wrong(wanted, before)
    except ValueError:
        return False
    return len(expected) == len(found) and all(map(np.array_equal, found, expected))


def _details(pair, found, wanted):
    place = next(i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if not np.array_equal(a, b))
    return [("went in", f"two networks ({pair.note})"),
            ("array", f"number {place} of get_weights(), shape {wanted[place].shape}"),
            ("expected", describe(wanted[place])), ("came out", describe(found[place]))]  # fmt: skip


def _kernels(change):
    return lambda wanted, before: [change(w) if w.ndim > 1 else w for w in wanted]


def _where(keep):
    """Copies only those for which keep(position, weights) holds; the others stay as they were."""
    return lambda wanted, before: [w if keep(i, wanted) else b
                                   for i, (w, b) in enumerate(zip(wanted, before, strict=True))]


def _turned(weight):
    return weight.swapaxes(0, 1) if weight.ndim == 4 else weight


def _dense_turned(weight):
    return weight.T if weight.ndim == 2 and weight.shape[0] == weight.shape[1] else weight


def _backwards(wanted, before):
    """Layers from the last to the first, each where its shape fits: equal shapes change places."""
    shapes = {}
    for weight in wanted:
        shapes.setdefault(weight.shape, []).append(weight)
    return [shapes[weight.shape].pop() for weight in wanted]


MISTAKES = [
    ("Nothing was copied: the model holds what it held before. `get_weights` gives copies; changing them changes no "
     "model, and `model = network` only gives the name `model` to another object. Hand the weights to `set_weights`.",
     lambda wanted, before: before),
    ("The biases were not copied. In a fresh network all are 0, so nothing shows at first; in a trained one the "
     "answers are wrong.", _where(lambda i, wanted: wanted[i].ndim > 1)),
    ("The biases were made 0 instead of copied. In a fresh network nothing shows; in a trained one the answers are "
     "wrong.", lambda wanted, before: [w if w.ndim > 1 else 0 * w for w in wanted]),
    ("The kernels were not copied, only the biases.", _where(lambda i, wanted: wanted[i].ndim == 1)),
    ("The kernels of the convolutions are turned: rows and columns have changed places. A 3 x 3 kernel still fits, so "
     "no error came. Both libraries use (kh, kw, c, d).", _kernels(_turned)),
    ("The kernels of the convolutions are flipped, as in a true convolution. Both libraries slide them as they are.",
     _kernels(lambda w: w[::-1, ::-1] if w.ndim == 4 else w)),
    ("Inputs and outputs of the convolutions' kernels have changed places. Where there are as many of both, no error "
     "comes. Both libraries use (kh, kw, c, d).", _kernels(lambda w: w.swapaxes(2, 3) if w.ndim == 4 else w)),
    ("The square dense table is transposed: as many inputs as neurons, so it still fits. Both libraries use (m, k).",
     _kernels(_dense_turned)),
    ("All kernels are transposed, and forced into shape by reshape. Both libraries use the same order: hand them on as "
     "they are.", _kernels(lambda w: w.T.reshape(w.shape))),
    ("The order is wrong: layers of equal shape have changed places. No error can tell you. Go from the first layer to "
     "the last.", _backwards),
    ("The dense layers were not copied.", _where(lambda i, wanted: i < sum(w.ndim == 4 for w in wanted) * 2)),
    ("The convolutions were not copied.", _where(lambda i, wanted: i >= sum(w.ndim == 4 for w in wanted) * 2)),
    ("Only the first layer was copied.", _where(lambda i, wanted: i < 2)),
    ("The last layer was not copied.", _where(lambda i, wanted: i < len(wanted) - 2)),
    ("The numbers were rounded on the way. Weights are carried across as they are, float32.",
     lambda wanted, before: [w.astype(np.float16).astype(np.float32) for w in wanted]),
]  # fmt: skip
