"""The two networks of the breast-cancer system: the classic one of the tutorials, and the one lesson 14 arrives at.

Both take uint8 pictures (n, height, width, 3), 0 to 255, and preprocess inside: nothing can be forgotten at prediction.
Both return (n, 1): the probability of the positive class, 1 = malignant.
"""

from dataclasses import asdict

from course import CourseError
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


def repaired(input_shape=(150, 150, 3), augmentation="cells", seed=None):
    """Standardised inside, batch-normalised, pooled over the whole picture: about 98,000 weights, not 3.5 million.

    The mean over the picture tells what the nuclei are like, the maximum what the worst of them is like: the two
    questions that the measurements' "mean" and "worst" columns ask. Arguments as in `classic`.
    """
    _seed(seed)
    pictures = keras.Input(input_shape)
    x = pictures
    for layer in (*_augment(augmentation, seed), _scale("standardise")):
        x = layer(x)
    for filters in (16, 32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)  # batch normalisation adds the bias
        x = layers.BatchNormalization(momentum=0.9)(x)  # 0.99 needs hundreds of steps; an epoch here has a dozen
        x = layers.Activation("relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    x = layers.Dropout(0.2, seed=seed)(x)
    return keras.Model(pictures, layers.Dense(1, activation="sigmoid")(x), name="repaired")


MODELS = {"classic": classic, "repaired": repaired}


def adapt(model, training_images):
    """Teach the layer "standardise", if `model` has one, the mean and variance of the TRAINING pictures, per channel.

    Without it the layer subtracts 0 and divides by 1. `course.models.training.fit` calls this first.
    """
    for layer in model.layers:
        if isinstance(layer, layers.Normalization):
            layer.adapt(training_images)


def _scale(scaling):
    if scaling == "rescale":
        return layers.Rescaling(1 / 255, name="rescale")
    if scaling == "standardise":
        return layers.Normalization(axis=-1, name="standardise")
    raise CourseError(f'scaling is {scaling!r}: choose "rescale" or "standardise"')


def _augment(name, seed):
    changes = preset(name)
    return [] if changes is None else [Augment(seed=seed, **asdict(changes))]


def _seed(seed):
    if seed is not None:
        keras.utils.set_random_seed(seed)
