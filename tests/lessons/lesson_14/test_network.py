"""Lesson 14's checker of the network: right answers in several styles, and every classic mistake with its reason."""

import functools

import numpy as np
import pytest
from harness import assert_status

from course.checks import check
from course.models.breast_cnn import classic, repaired
from course.quiet_tensorflow import keras

layers = keras.layers
MAX = (layers.MaxPooling2D, {"pool_size": 2})
DENSE = [(512, "relu"), (1, "sigmoid")]


def network(shape=(150, 150, 3), scale=(1 / 255,), filters=(32, 64, 128, 128), pools=(MAX,) * 4, flat=layers.Flatten,
            dense=DENSE, conv=None, extra=None, then=lambda model: model):  # fmt: skip
    """Return a my_classic with something changed. conv: arguments for each convolution, or a function of its place."""

    def my_classic():
        model = keras.Sequential([keras.Input(shape), *[layers.Rescaling(factor) for factor in scale]])
        for k, number in enumerate(filters):
            change = conv(k) if callable(conv) else conv or {}
            model.add(layers.Conv2D(number, **{"kernel_size": 3, "activation": "relu"} | change))
            for pool, arguments in pools[k:k + 1]:
                model.add(pool(**arguments))
        if flat:
            model.add(flat())
        for units, activation in dense:
            if extra:
                model.add(extra())
            model.add(layers.Dense(units, activation=activation))
        return then(model)

    return my_classic


def without_relu(*places):
    return network(conv=lambda k: {"activation": None} if k in places else {})


def functional():
    pictures = keras.Input((150, 150, 3))
    x = pictures / 255
    for filters in (32, 64, 128, 128):
        x = layers.Conv2D(filters, (3, 3))(x)
        x = layers.MaxPool2D()(x)
        x = layers.ReLU()(x)
    x = keras.activations.relu(layers.Dense(512)(layers.Reshape((-1,))(x)))
    model = keras.Model(pictures, keras.ops.sigmoid(layers.Dense(1)(x)))
    model.compile("adam", "binary_crossentropy")
    return model


def with_input_shape():
    block = [layers.Rescaling(1 / 255, input_shape=(150, 150, 3))]
    for filters in (32, 64, 128, 128):
        block += [layers.Conv2D(filters, 3), layers.Activation("relu"), layers.MaxPooling2D((2, 2))]
    return keras.Sequential([*block, layers.Flatten(), layers.Dense(512, "relu"), layers.Dense(1, "sigmoid")])


def nested():
    pictures = keras.Input((150, 150, 3))
    return keras.Model(pictures, classic()(pictures))


def pools_at_the_end():
    model = keras.Sequential([keras.Input((150, 150, 3)), layers.Rescaling(1 / 255)])
    for filters in ((32, 64), (128, 128)):
        model.add(layers.Conv2D(filters[0], 3, activation="relu"))
        model.add(layers.Conv2D(filters[1], 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
        model.add(layers.MaxPooling2D(2))
    for layer in (layers.Flatten(), layers.Dense(512, "relu"), layers.Dense(1, "sigmoid")):
        model.add(layer)
    return model


def scaled_late():
    model = network(scale=())()
    first, *others = model.layers
    return keras.Sequential([keras.Input((150, 150, 3)), first, layers.Rescaling(1 / 255), *others])


def scaled_around_zero():
    return keras.Sequential([keras.Input((150, 150, 3)), layers.Rescaling(1 / 127.5, -1), *network(scale=())().layers])


def without_input():
    return keras.Sequential([layers.Rescaling(1 / 255), layers.Conv2D(32, 3), layers.Flatten(), layers.Dense(1)])


def frozen(model):
    model.trainable = False
    return model


def one_pooling():
    """The same pooling object four times."""
    x = pictures = keras.Input((150, 150, 3))
    x, pool = layers.Rescaling(1 / 255)(x), layers.MaxPooling2D(2)
    for filters in (32, 64, 128, 128):
        x = pool(layers.Conv2D(filters, 3, activation="relu")(x))
    x = layers.Dense(512, activation="relu")(layers.Flatten()(x))
    return keras.Model(pictures, layers.Dense(1, activation="sigmoid")(x))


class Classic(keras.Model):
    """A class of the learner's own."""

    def __init__(self, extra=None):
        super().__init__()
        self.convolutions = [layers.Conv2D(filters, 3, activation="relu") for filters in (32, 64, 128, 128)]
        self.pool, self.flat, self.extra = layers.MaxPooling2D(2), layers.Flatten(), extra
        self.hidden, self.out = layers.Dense(512, activation="relu"), layers.Dense(1, activation="sigmoid")

    def call(self, pictures):
        x = pictures / 255
        for convolution in self.convolutions:
            x = self.pool(convolution(x))
        x = self.hidden(self.flat(x))
        return self.out(x if self.extra is None else self.extra(x))


def normalised():
    scale = layers.Normalization(mean=0.0, variance=255.0**2)
    return keras.Sequential([keras.Input((150, 150, 3)), scale, *network(scale=())().layers])


def on_zeros(**settings):
    return network(conv=settings)


WRONG = [
    (network(then=frozen), "not trainable"),
    (on_zeros(kernel_initializer="zeros"), "All numbers of a kernel are equal"),
    (on_zeros(kernel_initializer="ones"), "All numbers of a kernel are equal"),
    (on_zeros(kernel_regularizer="l2"), "has a regularizer"),
    (lambda: Classic(layers.Dropout(0.5)), "more than asked: Dropout"),
    (network(then=lambda model: model.compile()), "Nothing came back (None)"),
    (network(then=lambda model: model.layers), "A Keras model is needed, but this is a list"),
    (network()(), "Hand over the function"),
    (without_input, "Begin with `keras.Input"),
    (network(shape=(128, 128, 3)), "The input has shape (128, 128, 3)"),
    (network(shape=(150, 150, 1)), "The input has shape (150, 150, 1)"),
    (network(conv={"padding": "same"}), 'padding="same"'),
    (network(conv=lambda k: {"padding": "same"} if k == 2 else {}), 'padding="same"'),
    (network(conv={"kernel_size": 5}), "kernels of (5, 5)"),
    (network(conv=lambda k: {"strides": 2} if k == 0 else {}), "strides (2, 2)"),
    (network(filters=(128, 128, 64, 32)), "the right numbers in a wrong order"),
    (network(filters=(32, 64, 128, 256)), "[32, 64, 128, 256] filters, but"),
    (network(filters=(32, 64, 128)), "There are 3 convolutions"),
    (network(pools=(MAX,) * 3), "There are 3 pooling layers"),
    (network(pools=(MAX,) * 3 + ((layers.AveragePooling2D, {"pool_size": 2}),)), "pools by the average"),
    (network(pools=(MAX,) * 3 + ((layers.MaxPooling2D, {"pool_size": 3}),)), "window (3, 3)"),
    (network(pools=(MAX,) * 3 + ((layers.MaxPooling2D, {"pool_size": 2, "strides": 1}),)), "strides (1, 1)"),
    (network(flat=layers.GlobalAveragePooling2D), "Global pooling keeps one number"),
    (network(flat=None), "Flatten is missing"),
    (network(dense=[(512, "relu"), (2, "softmax")]), "two outputs"),
    (network(dense=[(256, "relu"), (1, "sigmoid")]), "[256, 1] neurons"),
    (network(dense=[(1, "sigmoid")]), "[1] neurons"),
    (network(extra=lambda: layers.Dropout(0.5)), "more than asked: Dropout, Dropout"),
    (network(extra=layers.BatchNormalization), "more than asked: BatchNormalization"),
    (repaired, 'padding="same"'),
    (pools_at_the_end, "another order"),
    (scaled_late, "Rescaling comes too late"),
    (network(conv={"use_bias": False}), "Does each layer have its bias?"),
    (network(scale=()), "not scaled"),
    (network(scale=(1 / 255, 1 / 255)), "divided by 255 twice"),
    (network(scale=(1 / 256,)), "divided by 256"),
    (network(scale=(1 / 100,)), "Look at the activations and the scaling"),
    (scaled_around_zero, "scaled to -1 to 1"),
    (network(dense=[(512, "relu"), (1, None)]), "puts out any number"),
    (network(dense=[(512, "relu"), (1, "relu")]), 'ends in "relu"'),
    (network(dense=[(512, "relu"), (1, "tanh")]), 'ends in "tanh"'),
    (network(scale=(), dense=[(512, "relu"), (1, None)]), "leave 0 to 1"),
    (network(conv={"activation": None}, dense=[(512, None), (1, None)]), "No layer has its activation."),
    (network(dense=[(512, None), (1, "sigmoid")]), "The dense layer of 512 lacks"),
    (without_relu(0, 1, 2, 3), "The convolutions lack"),
    (without_relu(0), "The first convolution lacks"),
    (without_relu(1), "The second convolution lacks"),
    (without_relu(2), "The third convolution lacks"),
    (without_relu(3), "The fourth convolution lacks"),
    (network(conv={"activation": None}, dense=[(512, None), (1, "sigmoid")]), "No layer before the last"),
    (network(conv={"activation": "tanh"}), "Look at the activations"),
    (network(filters=(32, 64, 128, -1)), "Your code stopped with"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_each_mistake_has_its_own_reason(answer, words):
    assert_status("14.1", answer, "not yet", words)


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis -1")
def test_a_softmax_of_one_output_is_always_one():
    assert_status("14.1", network(dense=[(512, "relu"), (1, "softmax")]), "not yet", "always exactly 1")


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
@pytest.mark.parametrize("answer", [network(), functional, with_input_shape, nested, classic, one_pooling,
                                    Classic, normalised, functools.partial(network())])
def test_styles_of_the_right_network(answer):
    assert_status("14.1", answer, "right")


def test_the_learners_own_weights_stay():
    model = network()()
    before = model.get_weights()
    assert check("14.1", lambda: model).status == "right"
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))
