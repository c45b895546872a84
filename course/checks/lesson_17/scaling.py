"""What the checker of exercise 17.1 needs: pictures, the scale of EfficientNet-Lite0, other networks' scales."""

import numpy as np

from course.checks.compare import Case, mistakes

MEANS, DEVIATIONS = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])  # of ImageNet, in shares of 255


def reference(picture):
    from skimage import color, util

    coloured = picture if picture.ndim == 3 else color.gray2rgb(picture)
    return ((util.img_as_float(coloured) * 255 - 127) / 128)[None]


def cases():
    rng = np.random.default_rng(17)
    every = [(5, 7), (4, 6, 3), (3, 3), (3, 3, 3), (1, 8)]
    notes = ["a grey picture", "a coloured picture", "grey, 3 by 3", "coloured, 3 by 3", "one row, grey"]
    return [Case(rng.integers(0, 256, shape).astype(np.uint8), note=note)
            for shape, note in zip(every, notes, strict=True)]


def _coloured(picture):
    return np.repeat(picture[..., None], 3, axis=-1) if picture.ndim == 2 else picture


def _scaled(change):
    """The right batch but for the scaling `change` of coloured float pictures."""
    return lambda picture: change(_coloured(picture).astype(float))[None]


def _grey_left(axes):
    def wrong(picture):
        scaled = (picture.astype(float) - 127) / 128
        return scaled[axes] if picture.ndim == 2 else scaled[None]
    return wrong


def _channels_first(picture):
    scaled = (picture.astype(float) - 127) / 128
    return (np.stack([scaled] * 3) if picture.ndim == 2 else scaled)[None]


MISTAKES = mistakes(
    ("Divided by 255: that is the scale of lesson 14's classic network. This one was trained on (grey value - 127) / "
     "128, about -1 to 1.", _scaled(lambda x: x / 255)),
    ("That is ImageNet's mean and deviation of each channel, which other networks were trained with (ResNets, "
     "DenseNets). This one wants (grey value - 127) / 128.", _scaled(lambda x: (x / 255 - MEANS) / DEVIATIONS)),
    ("Nothing is scaled: 0 to 255 came back.", _scaled(lambda x: x)),
    ("Scaled twice: what had been brought to -1 to 1 was scaled once more, and all is nearly -1.",
     _scaled(lambda x: ((x - 127) / 128 - 127) / 128)),
    ("Scaled twice: to 0 to 1 first, then as if it were still 0 to 255.", _scaled(lambda x: (x / 255 - 127) / 128)),
    ("127.5 twice is another network's scale (MobileNet). Here it is minus 127, divided by 128.",
     _scaled(lambda x: x / 127.5 - 1)),
    ("127 and 128 have changed places.", _scaled(lambda x: (x - 128) / 127)),
    ("Only divided: subtract 127 first.", _scaled(lambda x: x / 128)),
    ("Only subtracted: divide by 128, too.", _scaled(lambda x: x - 127)),
    ("The numbers ran over: a uint8 holds 0 to 255 and knows no -3. Make floats first: picture.astype(\"float32\").",
     lambda picture: ((_coloured(picture) - np.uint8(127)) / 128)[None]),
    ("A grey picture has no channels yet: repeat it three times along a new last axis.",
     _grey_left((None, ..., None)), _grey_left((None, ...))),
    ("The three copies of a grey picture stand along the first axis; channels come last: (h, w, 3).", _channels_first),
    ("The axis of the batch is missing: one picture is a batch of one, (1, h, w, 3).",
     lambda picture: reference(picture)[0]),
)  # fmt: skip
