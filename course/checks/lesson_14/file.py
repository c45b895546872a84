"""What the checker of exercise 14.5 needs: a tiny network with fixed weights, picture files and classic mistakes."""

import re

import numpy as np
from PIL import Image

from course.checks.compare import Mistake
from course.checks.core import NotYet
from course.quiet_tensorflow import keras

SIDE = 150
CONVERT = 'Not every file holds three channels (grey, transparency, palette): `Image.open(path).convert("RGB")`.'
RESIZE = "The network takes 150 x 150 pixels, whatever the file's size: `.resize((150, 150))`."
RESHAPE = (
    "`reshape` only lays the same numbers out anew; it cannot change how many there are. A picture of another size is "
    "resized: `.resize((150, 150))`, before it becomes an array."
)
BATCH = "The network takes a batch, (n, 150, 150, 3), even of one picture: `picture[None]` adds the first axis."
TABLE = "This is the network's whole table of outputs, a row for each picture. Take the number out: `output[0, 0]`."
SCALED = (
    "The picture was divided by 255 (or turned to 0 to 1 while it was resized), and the network divides once more: it "
    "saw almost black. What is inside the model must not be done outside as well."
)


def tiny_network():
    """Nine fields of the picture, three channels, one sigmoid: 27 fixed weights. It divides by 255 inside.

    Its batch normalisation passes the numbers on (almost) unchanged, but for an answer that calls it in training mode.
    """
    pictures = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.AveragePooling2D(SIDE // 3)(keras.layers.Rescaling(1 / 255)(pictures))
    x = keras.layers.BatchNormalization(momentum=1.0)(x)  # 1.0: a call in training mode leaves its averages alone
    x = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Flatten()(x))
    model = keras.Model(pictures, x)  # not Sequential: this kind names the shape that does not fit
    kernel = np.random.default_rng(5).uniform(-2, 2, (27, 1))
    model.layers[-1].set_weights([kernel, np.array([0.3])])
    return model


def write_pictures(folder):
    """Write smooth pictures of several sizes and kinds; return [(path, what is special)]."""
    colours = np.random.default_rng(50).integers(0, 256, (6, 3, 3, 3), dtype=np.uint8)
    pictures = [
        ("colour.png", _smooth(colours[0], SIDE, SIDE), "RGB, 150 x 150 pixels"),
        ("large.png", _smooth(colours[1], 300, 300), "RGB, 300 x 300 pixels"),
        ("wide.png", _smooth(colours[2], 240, 160), "RGB, 240 pixels wide, 160 high"),
        ("grey.png", _smooth(colours[3], SIDE, SIDE).convert("L"), "grey, mode L: one channel"),
        ("alpha.png", _smooth(colours[4], SIDE, SIDE).convert("RGBA"), "RGBA: a fourth channel, all opaque"),
        ("palette.png", _smooth(colours[5], SIDE, SIDE).quantize(64), "a palette: the file holds numbers of colours"),
    ]
    for name, picture, _ in pictures:
        picture.save(folder / name)
    return [(folder / name, note) for name, _, note in pictures]


def _smooth(colours, width, height):
    """Nine fields of colour with soft edges, so that all ways of resizing give nearly the same means."""
    return Image.fromarray(colours).resize((width, height), Image.Resampling.BICUBIC)


def reference(model, path):
    """Keras's own reading of the file."""
    picture = keras.utils.load_img(path, target_size=(SIDE, SIDE), interpolation="bilinear")
    return _ask(model, keras.utils.img_to_array(picture))


def _ask(model, picture, **how):
    return float(model(np.asarray(picture, dtype=np.float32)[None], **how)[0, 0])


def _read(path, mode="RGB"):
    return Image.open(path).convert(mode).resize((SIDE, SIDE))


def _array(path):
    return np.asarray(_read(path))


def _first_pixels(path):
    return np.resize(np.asarray(Image.open(path).convert("RGB")), (SIDE, SIDE, 3))


def _corner(path):
    return np.asarray(Image.open(path).convert("RGB").crop((0, 0, SIDE, SIDE)))


def mistakes():
    """The classic mistakes that give a number, or something like one."""
    return [
        Mistake(SCALED, wrong=lambda model, path: _ask(model, _array(path) / 255)),
        Mistake("The channels are reversed, blue first (BGR, as OpenCV reads). The network was trained on RGB.",
                wrong=lambda model, path: _ask(model, _array(path)[..., ::-1])),
        Mistake("Rows and columns are swapped: the network saw the picture on its side. `np.asarray(picture)` is (row, "
                "column, channel) already.",
                wrong=lambda model, path: _ask(model, _array(path).transpose(1, 0, 2))),
        Mistake("The colours are lost: the picture was made grey on the way. Convert to \"RGB\" only.",
                wrong=lambda model, path: _ask(model, _read(path, "L").convert("RGB"))),
        Mistake("`np.resize` takes the first numbers of the array, in rows of another length; it shrinks no picture. "
                "Pillow's `.resize((150, 150))` does.",
                wrong=lambda model, path: _ask(model, _first_pixels(path))),
        Mistake("Only the upper left corner of the picture was looked at. The whole picture counts: "
                "`.resize((150, 150))`.",
                wrong=lambda model, path: _ask(model, _corner(path))),
        Mistake("The network was called in training mode (`training=True`): dropout is on and batch normalisation "
                "uses this one picture's own mean. Leave the argument out.",
                wrong=lambda model, path: _ask(model, _array(path), training=True)),
        Mistake("This is the probability of class 0, 1 - p. The network's p is asked, as it comes.",
                wrong=lambda model, path: 1 - reference(model, path)),
        Mistake("This is a percentage. A probability runs from 0 to 1.",
                wrong=lambda model, path: 100 * reference(model, path)),
        Mistake("The result is a word. A probability was asked: how sure, as a number.",
                when=lambda result, expected, *_: isinstance(result, str)),
        Mistake("This is a decision, 0 or 1. The probability itself was asked; where to cut is decided later.",
                when=lambda result, expected, *_: np.size(result) == 1 and float(np.squeeze(result)) in (0.0, 1.0)),
        Mistake(TABLE, when=lambda result, expected, *_: np.ndim(result) > 0 and np.size(result) == 1),
    ]  # fmt: skip


def reason_of_error(error):
    """Return the likely reason of a stopped answer, read from the shape that NumPy or Keras names, or None."""
    text = str(error)
    if isinstance(error, TypeError) and "0-dimensional" in text:  # float() of an array
        return TABLE
    if isinstance(error, ValueError) and "reshape" in text:
        return CONVERT if re.search(r"size (22500|90000)\b", text) else RESHAPE
    found = re.search(r"(?:found shape=|incompatible shape )\(([\dNone, ]+)\)", text)
    if not isinstance(error, ValueError) or not found:
        fewer_axes = ("too many indices", "axes don't match", "unknown TensorShape")  # a grey picture has no third one
        return CONVERT if any(words in text for words in fewer_axes) else None
    shape = [None if size == "None" else int(size) for size in re.findall(r"\d+|None", found[1])]
    if len(shape) == 4 and shape[1:] == [3, SIDE, SIDE]:
        return "The colour channels come first here. Keras takes them last, (n, 150, 150, 3): leave the axes alone."
    if len(shape) == 4:
        return CONVERT if shape[3] != 3 else RESIZE
    if len(shape) == 3 and shape[2] in (1, 3, 4):
        return BATCH
    return CONVERT  # a grey or palette picture, with or without its batch axis


def explained(problem):
    """Return the NotYet of a stopped answer with its likely reason, if it is known."""
    reason = reason_of_error(problem.error) if problem.error else None
    if reason is None:
        return problem
    details = [(label, text) for label, text in problem.details if label != "expected"]
    return NotYet(reason, details, problem.error)
