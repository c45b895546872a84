"""The networks of the breast-cancer system: the tutorials' classic, the one of lesson 14, and a borrowed one.

All take uint8 pictures (n, height, width, 3), 0 to 255, and preprocess inside: nothing can be forgotten at prediction.
All return (n, 1): the probability of the positive class, 1 = malignant.
"""

from dataclasses import asdict

import numpy as np

from course import CourseError
from course.models import pretrained
from course.models.augmentation import Augment, preset
from course.quiet_tensorflow import keras

layers = keras.layers


def classic(input_shape=(150, 150, 3), scaling="rescale", augmentation=None, seed=None):
    """Four blocks of 3x3 convolution and 2x2 max-pooling, then 512 neurons and one: 3,453,121 weights at 150x150x3.

    scaling: "rescale" divides by 255; "standardise" subtracts the training pictures' mean and divides by their
        standard deviation, each channel by itself (see `adapt`).
    augmentation: None, "usual", "cells" or "ultrasound".    seed: sets all random generators when given.
    """
    _seed(seed)
    model = keras.Sequential([keras.Input(input_shape), *_augment(augmentation, seed), _scale(scaling)], name="classic")
    for filters in (32, 64, 128, 128):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(512, activation="relu"))
    model.add(layers.Dense(1, activation="sigmoid"))
    return model


def repaired(input_shape=(150, 150, 3), scaling="density", augmentation="cells", seed=None):
    """Standardised inside, batch-normalised, pooled over the whole picture: about 99,000 weights, not 3.5 million.

    The mean over the picture tells what the nuclei are like, the maximum what the worst of them is like: the two
    questions that the measurements' "mean" and "worst" columns ask.
    scaling: "density" takes each picture's own light and stain out (see StainDensity); or as in `classic`.
    """
    _seed(seed)
    pictures = keras.Input(input_shape)
    x = pictures
    for layer in (*_augment(augmentation, seed), _scale(scaling)):
        x = layer(x)
    x = _block(x, 16, kernel=5, strides=2)  # nuclei are a dozen pixels wide: every second place is enough
    for filters in (32, 64):
        x = layers.MaxPooling2D(2)(_block(x, filters))
    x = _block(x, 128)
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(pictures, layers.Dense(1, activation="sigmoid")(x), name="repaired")


def _block(x, filters, kernel=3, strides=1):
    """Convolution, batch normalisation, ReLU."""
    x = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False)(x)  # the next layer adds the bias
    x = layers.BatchNormalization(momentum=0.9)(x)  # 0.99 needs hundreds of steps; an epoch here has a few dozen
    return layers.Activation("relu")(x)


@keras.saving.register_keras_serializable("course")
class StainDensity(layers.Layer):
    """How much stain lies where, whatever the lamp and the stainer did: about -0.5 (none) to 1.5 (the most).

    By Beer and Lambert the density is log(white / light). White is the picture's brightest block of `block` x `block`
    pixels, the most stain that of its densest block, each channel by itself. Input (n, h, w, 3), grey values 0 to 255.
    It erases how strong the stain is: right where the stain means nothing, wrong where a pathologist reads it.
    """

    def __init__(self, block=6, name="density"):
        super().__init__(name=name)
        self.block = block

    def get_config(self):
        return {"block": self.block, "name": self.name}

    def call(self, pictures):
        ops = keras.ops
        blocks = ops.average_pool(pictures, self.block, self.block)
        white = ops.max(blocks, axis=(1, 2), keepdims=True) + 1
        most = ops.log(white / (ops.min(blocks, axis=(1, 2), keepdims=True) + 1))
        return 2 * ops.log(white / (pictures + 1)) / (most + 1e-3) - 0.5


def transfer(input_shape=(224, 224, 3), scaling="imagenet", augmentation="cells", seed=None, weights="imagenet",
             dropout=0.3):
    """EfficientNet-Lite0's 1,280 features of a picture, and one new neuron, the head, that reads them.

    input_shape: (side, side, 3), or (side, side, 1) for grey pictures, which are repeated to three channels inside.
    scaling: only "imagenet", (grey value - 127) / 128, which the borrowed network does itself.
    dropout: share of the features that the head does without, drawn anew at each training step.
    weights: "imagenet", or None for random numbers.
    """
    if scaling != "imagenet":
        raise CourseError(f'scaling is {scaling!r}: a borrowed network needs the one it was trained with, "imagenet"')
    if len(set(input_shape[:2])) > 1:
        raise CourseError(f"the pictures must be square, these are {input_shape[0]} x {input_shape[1]}")
    _seed(seed)
    pictures = keras.Input(input_shape)
    x = pictures
    for layer in _augment(augmentation, seed):
        x = layer(x)
    if input_shape[2] == 1:
        x = layers.Concatenate(name="grey_as_colour")([x, x, x])
    return with_head(pictures, pretrained.efficientnet_lite0(input_shape[0], weights=weights)(x), dropout, seed)


def with_head(inputs, features, dropout=0.3, seed=None):
    """Return the model that reads `features` of `inputs` with one new neuron."""
    x = layers.Dropout(dropout, seed=seed, name="dropout")(features)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid", name="head")(x), name="transfer")


def set_trained(model, base):
    """Choose what training changes in a `transfer` network: the head, and, with `base`, the borrowed convolutions.

    Batch normalisation is left alone in either case: it works with the means and variances it has met in a million
    photographs (Keras: a BatchNormalization that is not trainable runs in inference mode).
    """
    borrowed = model.get_layer(pretrained.NAME)
    borrowed.trainable = base
    for layer in borrowed.layers:
        layer.trainable = base and not isinstance(layer, layers.BatchNormalization)


MODELS = {"classic": classic, "repaired": repaired, "transfer": transfer}


def adapt(model, training_images):
    """Teach the layer "standardise", if `model` has one, the mean and variance of the TRAINING pictures, per channel.

    Without it the layer subtracts 0 and divides by 1. `course.models.training.fit` calls this first.
    """
    for layer in model.layers:
        if isinstance(layer, layers.Normalization):
            mean, variance = _moments(training_images)
            layer.adapt_mean.assign(mean)
            layer.adapt_variance.assign(variance)
            layer.finalize_state()


def _moments(images, block=64):
    """Return mean and variance of each channel, from sums of whole numbers: exact, however the pictures are cut up."""
    total = squares = 0
    for start in range(0, len(images), block):
        numbers = np.asarray(images[start : start + block], np.int64)
        total, squares = total + numbers.sum((0, 1, 2)), squares + (numbers**2).sum((0, 1, 2))
    n = len(images) * images.shape[1] * images.shape[2]
    return total / n, squares / n - (total / n) ** 2


def _scale(scaling):
    if scaling == "rescale":
        return layers.Rescaling(1 / 255, name="rescale")
    if scaling == "standardise":
        return layers.Normalization(axis=-1, name="standardise")
    if scaling == "density":
        return StainDensity()
    raise CourseError(f'scaling is {scaling!r}: choose "rescale", "standardise" or "density"; "imagenet" belongs to '
                      "the network transfer")


def _augment(name, seed):
    changes = preset(name)
    return [] if changes is None else [Augment(seed=seed, **asdict(changes))]


def _seed(seed):
    if seed is not None:
        keras.utils.set_random_seed(seed)
