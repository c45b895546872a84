"""What the checker of exercise 13.1 needs: pairs of the same network, in course.nn and in Keras, and classic mistakes.

Wrong copies are told from what the Keras model holds afterwards. All weights of course.nn are random here, biases too,
so that nothing is right by chance; those of the Keras models are all 9, so that whoever copies nothing is found out.
"""

import functools

import numpy as np

from course.checks.answers import NotAttempted, NotYet
from course.checks.compare import Case, mistakes, require
from course.checks.refusal import require_refusal
from course.checks.running import call

# name: input shape, then layers as (class, arguments); the same names in course.nn and in Keras
EQUAL = ((6, 6, 3), [("Conv2D", (3, 3)), ("Conv2D", (3, 3)), ("Flatten", ()), ("Dense", (12,)), ("Dense", (12,)),
                     ("Dense", (1,))])  # fmt: skip
SMALL = ((22, 22, 3), [("Conv2D", (4, 3)), ("MaxPooling2D", (2,)), ("Conv2D", (6, 3)), ("MaxPooling2D", (2,)),
                       ("Flatten", ()), ("Dense", (5,)), ("Dense", (1,))])  # fmt: skip
BARE = ((9, 7, 1), [("Conv2D", (2, (3, 2), 1, "valid", None, False)), ("Flatten", ()), ("Dense", (4,))])


def cases():
    return [Case(ours(*net), in_keras(*net), note=note) for net, note in (
        (EQUAL, "equal shapes everywhere"), (SMALL, "lesson 08's network in small"),
        (BARE, "a convolution without bias"), (((2, 1, 3), [("Flatten", ()), ("Dense", (1,))]), "one neuron"))]


def ours(shape, layers):
    """The network of course.nn, its weights and biases drawn at random, float32."""
    from course import nn

    network = nn.Sequential([getattr(nn, name)(*settings) for name, settings in layers])
    network.build((None, *shape))
    rng = np.random.default_rng(131)
    network.set_weights([rng.normal(size=weight.shape).astype(np.float32) for weight in network.get_weights()])
    return network


def in_keras(shape, layers):
    """The same layers in Keras, all weights 9, each with a name that is part of no other's."""
    from course.quiet_tensorflow import keras

    model = keras.Sequential([keras.Input(shape)])
    for letter, (name, settings) in zip("abcdefghi", layers, strict=False):
        words = {"use_bias": settings[5]} if len(settings) > 2 else {}
        model.add(getattr(keras.layers, name)(*settings[:2], **words, name=f"{name.lower()}_{letter}"))
    model.set_weights(_nines(model))
    return model


def _nines(network):
    return [np.full(weight.shape, 9, np.float32) for weight in network.get_weights()]


def weights_of(network, model):
    return tuple(network.get_weights())


def weights_after(answer):
    """Return the learner's function, changed to give what the Keras model holds afterwards."""
    if not callable(answer):
        return answer

    @functools.wraps(answer)
    def copied(network, model):
        wanted = network.get_weights()
        model.set_weights(_nines(model))
        try:
            call(answer, network, model)
        except NotAttempted:  # dots are left below the learner's lines, if the model is another now
            if all(map(np.array_equal, model.get_weights(), _nines(model))):
                raise
        require(all(map(np.array_equal, network.get_weights(), wanted)),
                "The network that you copy from has changed. Copy from `network` into `model`.")
        return tuple(model.get_weights())

    return copied


ZIP = "zip stops at the shorter of two lists without a word; zip(..., strict=True) does not."
FORCED = "Do not cut, fill up or reshape weights: another shape is another network."
SKIPPED = "Hand each layer the whole list `params`, an empty one too: `set_weights` refuses what does not fit."


def misfits():
    """(what does not fit, network's layers, model's layers, place of a layer of another shape or None, advice)."""
    layers, bare = SMALL[1], ("Conv2D", (6, 3, 1, "valid", None, False))

    def other(place, layer):
        return [*layers[:place], layer, *layers[place + 1:]]

    return [
        ("a dense layer is missing", layers, layers[:-1], None, ZIP),
        ("it has one dense layer more", layers, [*layers, ("Dense", (1,))], None, ZIP),
        ("the first dense layer has 3 neurons instead of 5", layers, other(5, ("Dense", (3,))), 5, FORCED),
        ("the second convolution has kernels of 2 x 2 instead of 3 x 3", layers,
         other(2, ("Conv2D", (6, 2))), 2, FORCED),
        ("a convolution stands where the network has a pooling", other(3, ("MaxPooling2D", (1,))),
         other(3, ("Conv2D", (6, 1))), None, SKIPPED),
        ("a convolution has no bias, and the network's has", layers, other(2, bare), None, SKIPPED),
        ("a convolution has a bias, and the network's has none", other(2, bare), layers, None, SKIPPED),
    ]  # fmt: skip


def require_refused(answer, note, layers, others, place, advice):
    """Raise NotYet unless the model is refused with a ValueError; one about another shape names that layer alone."""
    case = Case(ours(SMALL[0], layers), in_keras(SMALL[0], others), note=f"a model that does not fit: {note}")
    require_refusal(answer, case, f"A model that does not fit was accepted ({note}). Raise a ValueError. {advice}")
    if place is None:
        return
    try:
        call(answer, *case.args)
    except NotYet as problem:
        message, names = str(problem.error), [layer.name for layer in case.args[1].layers]
    named, refused = [name for name in names if name in message], f"A model that does not fit is refused ({note}), but "
    require(names[place] in named, f"{refused}the error does not name the layer, {names[place]}. A layer's own "
            "`set_weights` names it; that of the whole model does not.", your_error_says=message)
    require(len(named) == 1, f"{refused}the error names {len(named)} layers. Name {names[place]} alone.",
            your_error_says=message)  # fmt: skip


def _changed(change):
    """Mistaken copy: change(array) for each array of the network."""
    return lambda network, model: tuple(change(weight) for weight in network.get_weights())


def _only(keep):
    """Copies only those for which keep(array, layer's class, layers from the front, from the end) holds."""
    def wrong(network, model):
        return tuple(w if keep(w, type(layer).__name__, i, len(network.layers) - i) else 9 + 0 * w
                     for i, layer in enumerate(network.layers) for w in layer.params)
    return wrong


def _backwards(network, model):
    """Layers from the last to the first, each where its shape fits: equal shapes change places."""
    shapes = {}
    for weight in network.get_weights():
        shapes.setdefault(weight.shape, []).append(weight)
    return tuple(shapes[weight.shape].pop() for weight in network.get_weights())


def _stops_without_bias(stop):
    """Copies kernel and bias of each layer by name or place, and stops at one without bias."""
    def wrong(network, model):
        if any(len(layer.params) == 1 for layer in network.layers):
            stop()
        return tuple(network.get_weights())
    return wrong


MISTAKES = mistakes(
    ("Nothing was copied: the model holds what it held before. `get_weights` gives copies, and `model = network` only "
     "a name to another object. Hand the weights to `set_weights`.", _only(lambda *place: False)),
    ("A layer here has no bias: its `bias` is None, and its list `params` holds the kernel alone. Hand the whole list "
     "to `set_weights`.", _stops_without_bias(lambda: None.assign), _stops_without_bias(lambda: [][1])),
    ("The biases were not copied. In a fresh network all are 0, and nothing shows; in a trained one the answers are "
     "wrong.", _only(lambda w, *place: w.ndim > 1)),
    ("The biases were made 0 instead of copied. In a fresh network nothing shows; in a trained one the answers are "
     "wrong.", _changed(lambda w: w if w.ndim > 1 else 0 * w)),
    ("The kernels were not copied, only the biases.", _only(lambda w, *place: w.ndim == 1)),
    ("The kernels of the convolutions are turned: rows and columns have changed places. Both libraries use "
     "(kh, kw, c, d).", _changed(lambda w: w.swapaxes(0, 1) if w.ndim == 4 and w.shape[0] == w.shape[1] else w)),
    ("The kernels of the convolutions are flipped, as in a true convolution. Both libraries slide them as they are.",
     _changed(lambda w: w[::-1, ::-1] if w.ndim == 4 else w)),
    ("Inputs and outputs of the convolutions' kernels have changed places. Both libraries use (kh, kw, c, d).",
     _changed(lambda w: w.swapaxes(2, 3) if w.ndim == 4 and w.shape[2] == w.shape[3] else w)),
    ("The square dense table is transposed: as many inputs as neurons, so it still fits. Both libraries use (m, k).",
     _changed(lambda w: w.T if w.ndim == 2 and w.shape[0] == w.shape[1] else w)),
    ("All kernels are transposed, and forced into shape by reshape. Both libraries use the same order: hand them on as "
     "they are.", _changed(lambda w: w.T.reshape(w.shape))),
    ("The order is wrong: layers of equal shape have changed places, and no error can tell. Go from the first layer to "
     "the last.", _backwards),
    ("The dense layers were not copied.", _only(lambda w, kind, *place: kind == "Conv2D")),
    ("The convolutions were not copied.", _only(lambda w, kind, *place: kind == "Dense")),
    ("Only the first layer was copied.", _only(lambda w, kind, front, end: front == 0)),
    ("The last layer was not copied.", _only(lambda w, kind, front, end: end > 1)),
    ("The numbers were rounded on the way. Weights are carried across as they are, float32.",
     _changed(lambda w: w.astype(np.float16))),
)  # fmt: skip
