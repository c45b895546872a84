"""The networks that lesson 16 compares. Each takes pictures (n, h, w, 3), 0 to 255, and returns (n, 1): how malignant.

All of them take the stain's strength out of the picture first (StainDensity), as the repaired network does.
"""

from course.models.breast_cnn import StainDensity
from course.quiet_tensorflow import keras

layers = keras.layers


def small(shape=(64, 64, 3), filters=(16, 32, 64, 64), activation="relu"):
    """Four blocks of convolution, batch normalisation and bend, then mean and maximum over the picture."""
    pictures, x = _begin(shape)
    for k, width in enumerate(filters):
        x = layers.Conv2D(width, 5 if k == 0 else 3, padding="same", use_bias=False)(x)
        x = layers.Activation(activation)(layers.BatchNormalization(momentum=0.9)(x))
        if k < len(filters) - 1:
            x = layers.MaxPooling2D(2)(x)
    return _end(pictures, x, "small")


def deep(shape=(64, 64, 3), depth=20, residual=False, width=16):
    """`depth` convolutions of 3 x 3 on maps a quarter as wide; with `residual`, each pair adds what came into it.

    Both kinds have the same layers and the same number of weights: the additions have none.
    """
    pictures, x = _begin(shape)
    x = _bent(_convolved(x, width, kernel=5, strides=4))
    for _ in range(depth // 2):
        inside = _convolved(_bent(_convolved(x, width)), width)
        x = _bent(layers.Add()([x, inside]) if residual else inside)
    return _end(pictures, x, "residual" if residual else "plain")


def patch_transformer(shape=(64, 64, 3), patch=8, width=48, heads=4, depth=2):
    """Cut the picture into patches, let each attend to all: a small vision transformer (Dosovitskiy et al., ICLR 2021).

    The mean over the patches goes to the output; there is no token of its own for the class.
    """
    pictures, x = _begin(shape)
    x = layers.Conv2D(width, patch, patch)(x)  # a linear map of each patch's numbers
    x = layers.Reshape((-1, width))(x)
    x = Places()(x)
    for _ in range(depth):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        x = layers.Add()([x, layers.MultiHeadAttention(heads, width // heads)(y, y)])
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        x = layers.Add()([x, layers.Dense(width)(layers.Dense(2 * width, activation="gelu")(y))])
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(pictures, layers.Dense(1, activation="sigmoid")(x), name="transformer")


@keras.saving.register_keras_serializable("course")
class Places(layers.Layer):
    """Adds to each patch a learnt row of numbers that says where it lies: attention alone knows no places."""

    def build(self, input_shape):
        self.rows = self.add_weight(shape=input_shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.02),
                                    name="rows")

    def call(self, x):
        return x + self.rows


def _begin(shape):
    """Return the input and the stain's density, in blocks as large on the slide as at 150 pixels."""
    pictures = keras.Input(shape)
    return pictures, StainDensity(block=max(1, round(6 * shape[0] / 150)))(pictures)


def _end(pictures, x, name):
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return keras.Model(pictures, layers.Dense(1, activation="sigmoid")(x), name=name)


def _convolved(x, width, kernel=3, strides=1):
    x = layers.Conv2D(width, kernel, strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9)(x)


def _bent(x):
    return layers.Activation("relu")(x)
