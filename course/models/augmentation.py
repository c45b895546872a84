"""Augmentation: training pictures changed at random in ways that must not change the diagnosis.

A network shown each picture in many positions learns that position does not matter. The same trick teaches it that
*size* or *roundness* does not matter when the change alters them. So each preset below states what it keeps and why.
"""

import math
from dataclasses import asdict, dataclass

from course import CourseError
from course.quiet_tensorflow import keras


@dataclass(frozen=True)
class Augmentation:
    """How far a training picture may be changed. Each value is drawn afresh for each picture.

    rotation: largest turn either way, degrees.      quarter_turns: also a multiple of 90 degrees.
    shift: largest move, as a share of the side.     shear: largest slant, 0.2 moves the far edge by 20 % of the side.
    zoom: largest change of the window that is fetched, drawn separately for width and height: 0.2 fetches 0.8 to 1.2
    of the side, so that things look 1.25 to 0.83 times as large.
    gain: largest shift of all grey values, as a share of the scale of 255. Scanners show the logarithm of the echo, so
    turning up the amplifier adds the same number everywhere. contrast: largest relative stretch about the picture's own
    mean, as another dynamic range gives.
    """

    rotation: float = 0.0
    quarter_turns: bool = False
    shift: float = 0.0
    shear: float = 0.0
    zoom: float = 0.0
    horizontal_flip: bool = False
    vertical_flip: bool = False
    gain: float = 0.0
    contrast: float = 0.0


PRESETS = {
    # The kind of list that tutorials paste, here with turns and shifts too, and with a shear in shares of the side: the
    # same 0.2 in Keras's ImageDataGenerator of today is 0.2 degrees, half a pixel in 150. Zoom changes the size of a
    # nucleus, shear and unequal zoom its roundness: the two things a cytologist looks at first. Rotation by any angle
    # and large shifts push cells out and mirror others in.
    "usual": Augmentation(rotation=40, shift=0.2, shear=0.2, zoom=0.2, horizontal_flip=True),
    # A smear has no up or down, so mirror images and quarter turns are as likely as the picture itself, and they move
    # whole pixels: size, shape and chromatin stay exactly as measured. The shift is small: it cuts off a nucleus at the
    # border at most.
    "cells": Augmentation(quarter_turns=True, shift=0.04, horizontal_flip=True, vertical_flip=True),
    # The probe is at the top: sound fades and shadows fall downwards, so a picture is never turned upside down or
    # rotated. Left and right are exchangeable. Gain and dynamic range are knobs that the examiner turns anyway:
    # 0.05 of the scale is 3 dB where 60 dB are shown.
    "ultrasound": Augmentation(shift=0.05, horizontal_flip=True, gain=0.05, contrast=0.1),
}


def preset(name):
    """Return the Augmentation called `name`, or None for None."""
    if name is None or name in PRESETS:
        return PRESETS.get(name)
    raise CourseError(f"unknown augmentation {name!r}: choose one of {', '.join(PRESETS)}, or None")


@keras.saving.register_keras_serializable("course")
class Augment(keras.layers.Layer):
    """Change each picture of a batch at random while training; hand it on untouched at prediction.

    Input and output: float (n, height, width, channels), grey values 0 to 255. Turn, shift, shear, zoom and flip
    are one affine map, so a picture is resampled once; mirrored surroundings fill the gaps. A keyword is one of
    Augmentation's fields. Quarter turns need square pictures.
    """

    def __init__(self, seed=None, name="augment", **changes):
        super().__init__(name=name)
        self.changes = Augmentation(**changes)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        height, width = input_shape[1:3]
        if self.changes.quarter_turns and height != width:
            raise CourseError(f"quarter turns need square pictures, these are {height} x {width}")

    def get_config(self):
        return {"name": self.name, "seed": self.seed, **asdict(self.changes)}

    def call(self, images, training=False):
        if not training:
            return images
        return self._regrade(self._move(images))

    def _draw(self, images, low, high):
        return keras.random.uniform((keras.ops.shape(images)[0],), low, high, seed=self.seed_generator)

    def _sign(self, images, flips):
        """Return +1 or, for half of the pictures when `flips`, -1."""
        return keras.ops.sign(self._draw(images, -1, 1)) if flips else 1.0

    def _move(self, images):
        """Fetch output pixel (x, y) from C + turn @ shear @ zoom @ ((x, y) - C) + shift, C the picture's centre."""
        change, ops = self.changes, keras.ops
        height, width = images.shape[1:3]
        zoom_x = self._draw(images, 1 - change.zoom, 1 + change.zoom) * self._sign(images, change.horizontal_flip)
        zoom_y = self._draw(images, 1 - change.zoom, 1 + change.zoom) * self._sign(images, change.vertical_flip)
        shear = self._draw(images, -change.shear, change.shear)
        cos, sin = self._turn(images)
        a, b = cos * zoom_x, (cos * shear - sin) * zoom_y
        c, d = sin * zoom_x, (sin * shear + cos) * zoom_y
        shift_x = ops.round(self._draw(images, -change.shift, change.shift) * width)
        shift_y = ops.round(self._draw(images, -change.shift, change.shift) * height)
        centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
        move_x = centre_x - a * centre_x - b * centre_y + shift_x
        move_y = centre_y - c * centre_x - d * centre_y + shift_y
        rows = ops.stack([a, b, move_x, c, d, move_y, 0 * a, 0 * a], axis=1)
        return ops.image.affine_transform(images, rows, interpolation="bilinear", fill_mode="reflect")

    def _turn(self, images):
        """Return cosine and sine of each picture's angle; quarter turns are exact, so whole pixels stay whole."""
        ops, limit = keras.ops, math.radians(self.changes.rotation)
        angle = self._draw(images, -limit, limit)
        cos, sin = ops.cos(angle), ops.sin(angle)
        if not self.changes.quarter_turns:
            return cos, sin
        quarter = ops.cast(ops.floor(self._draw(images, 0, 4)), "int32")
        quarter_cos = ops.take(ops.convert_to_tensor([1.0, 0.0, -1.0, 0.0]), quarter)
        quarter_sin = ops.take(ops.convert_to_tensor([0.0, 1.0, 0.0, -1.0]), quarter)
        return cos * quarter_cos - sin * quarter_sin, sin * quarter_cos + cos * quarter_sin

    def _regrade(self, images):
        """Shift and stretch the grey values, as the knobs for gain and dynamic range of a scanner do."""
        change, ops = self.changes, keras.ops
        if not (change.gain or change.contrast):
            return images
        gain = 255 * self._draw(images, -change.gain, change.gain)[:, None, None, None]
        contrast = self._draw(images, 1 - change.contrast, 1 + change.contrast)[:, None, None, None]
        mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
        return ops.clip((images - mean) * contrast + mean + gain, 0.0, 255.0)
