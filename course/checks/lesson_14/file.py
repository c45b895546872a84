"""What the checker of exercise 14.5 needs: a tiny network that looks at what it is handed, files, classic mistakes."""

import numpy as np
from PIL import Image

from course.checks.answers import NotYet, kind
from course.checks.compare import Case, Mistake, mistakes, require
from course.checks.running import call
from course.quiet_tensorflow import keras, tf

SIDE = 150
CONVERT = 'Not every file holds three channels (grey, transparency, palette): `Image.open(path).convert("RGB")`.'
TABLE = "This is the network's whole table of outputs, a row for each picture. Take the number out: `output[0, 0]`."


class Watching(keras.Model):
    """A network that stops with the likely reason at a picture of a wrong shape, and keeps the last one it saw."""

    def __call__(self, pictures, *args, **kwargs):
        self.look(pictures)
        return super().__call__(pictures, *args, **kwargs)

    def predict(self, pictures, *args, **kwargs):
        self.look(pictures)
        return super().predict(pictures, *args, **kwargs)

    def look(self, pictures):
        shape = tuple(getattr(pictures, "shape", ())) or np.shape(pictures)
        if shape[-3:] == (SIDE, SIDE, 3) and len(shape) == 4:
            if not tf.is_symbolic_tensor(pictures):  # as which Keras's `predict` asks once more, without numbers
                self.seen = np.array(pictures, dtype=float)
            return
        if not shape:
            raise NotYet(f"The network was handed {kind(pictures)}. It takes pictures, an array (n, 150, 150, 3).")
        raise NotYet(f"The network was handed an array of shape {shape}. {_likely(shape)}")


def _likely(shape):
    if shape[-3:] == (3, SIDE, SIDE):
        return "The colour channels come first here. Keras takes them last, (n, 150, 150, 3): leave the axes alone."
    if len(shape) == 3 and shape[0] > 1 and shape[2] in (1, 3, 4):
        return "The network takes a batch, (n, 150, 150, 3), even of one picture: `picture[None]` adds the first axis."
    if len(shape) == 4 and shape[3] == 3:
        return "The network takes 150 x 150 pixels, whatever the file's size: `.resize((150, 150))`."
    return CONVERT


def tiny_network():
    """Nine fields of the picture, three channels, one sigmoid: 27 fixed weights. It divides by 255 inside.

    Its batch normalisation passes the numbers on (almost) unchanged, but for an answer that calls it in training mode.
    """
    pictures = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.AveragePooling2D(SIDE // 3)(keras.layers.Rescaling(1 / 255)(pictures))
    x = keras.layers.BatchNormalization(momentum=1.0)(x)  # 1.0: a call in training mode leaves its averages alone
    x = keras.layers.Dense(1, activation="sigmoid")(keras.layers.Flatten()(x))
    model = Watching(pictures, x)
    kernel = np.random.default_rng(5).uniform(-2, 2, (27, 1))
    model.layers[-1].set_weights([kernel, np.array([0.3])])
    return model


def cases(folder):
    """Write smooth pictures of several sizes and kinds, the first with fine noise; return the cases."""
    rng, model = np.random.default_rng(50), tiny_network()
    colours = rng.integers(0, 256, (6, 3, 3, 3), dtype=np.uint8)
    noise = rng.integers(-20, 21, (SIDE, SIDE, 3))
    noisy = np.clip(np.asarray(_smooth(colours[0], SIDE, SIDE)) + noise, 0, 255).astype(np.uint8)
    pictures = [
        ("colour.png", Image.fromarray(noisy), "RGB, 150 x 150 pixels"),
        ("large.png", _smooth(colours[1], 300, 300), "RGB, 300 x 300 pixels"),
        ("wide.png", _smooth(colours[2], 240, 160), "RGB, 240 pixels wide, 160 high"),
        ("grey.png", _smooth(colours[3], SIDE, SIDE).convert("L"), "grey, mode L: one channel"),
        ("alpha.png", _smooth(colours[4], SIDE, SIDE).convert("RGBA"), "RGBA: a fourth channel, all opaque"),
        ("palette.png", _smooth(colours[5], SIDE, SIDE).quantize(64), "a palette: the file holds numbers of colours"),
    ]
    for name, picture, _ in pictures:
        picture.save(folder / name)
    return [Case(model, folder / name, note=note) for name, _, note in pictures]


def _smooth(colours, width, height):
    """Nine fields of colour with soft edges, so that all ways of resizing give nearly the same means."""
    return Image.fromarray(colours).resize((width, height), Image.Resampling.BICUBIC)


def reference(model, path):
    """Keras's own reading of the file."""
    picture = keras.utils.load_img(path, target_size=(SIDE, SIDE), interpolation="bilinear")
    return float(model(keras.utils.img_to_array(picture)[None])[0, 0])


def require_faithful(answer, case):
    """The network saw the very pixels of a file of 150 x 150, and its output came back as it was, as a float."""
    model, path = case.args
    result = call(answer, model, path)
    output = float(keras.Model.__call__(model, model.seen)[0, 0])
    apart = np.abs(model.seen[0] - np.asarray(Image.open(path))).max()
    require(apart <= 1, "The value is nearly right, but this file has 150 x 150 pixels, and others reached the "
            "network. Hand them over as they are.", largest_difference=apart)  # fmt: skip
    require(abs(np.squeeze(result) - output) < 1e-5, "The value is nearly right, but not the network's output. Is it "
            "rounded? Return it as it comes.", came_out=result, expected=output)  # fmt: skip
    require(isinstance(result, (float, np.floating)), f"The value is right, but it is {kind(result)}. Take the one "
            "number out and put `float(...)` around it: `float(output[0, 0])`.")  # fmt: skip


def _shown(change, then=lambda model, pictures: float(model(pictures)[0, 0])):
    """Mistaken predict_file: change(opened file) -> the array that is shown; then(model, batch) -> the result."""
    return lambda model, path: then(model, np.asarray(change(Image.open(path)), dtype=np.float32)[None])


def _read(opened):
    return np.asarray(opened.convert("RGB").resize((SIDE, SIDE)))


def _resized(opened):
    return np.asarray(opened.resize((SIDE, SIDE)))


MISTAKES = [
    *mistakes(
        ("The picture was divided by 255 (or turned to 0 to 1 while it was resized), and the network divides once "
         "more: it saw almost black. What is inside the model must not be done outside as well.",
         _shown(lambda opened: _read(opened) / 255)),
        ("The channels are reversed, blue first (BGR, as OpenCV reads). The network was trained on RGB.",
         _shown(lambda opened: _read(opened)[..., ::-1])),
        ("Rows and columns are swapped: the network saw the picture on its side. `np.asarray(picture)` is (row, "
         "column, channel) already.", _shown(lambda opened: _read(opened).transpose(1, 0, 2))),
        ("The picture was mirrored on the way. Hand it over as it stands in the file.",
         _shown(lambda opened: _read(opened)[::-1]), _shown(lambda opened: _read(opened)[:, ::-1])),
        ("The colours are lost: the picture was made grey on the way. Convert to \"RGB\" only.",
         _shown(lambda opened: _read(opened.convert("L")))),
        ("`np.resize` takes the first numbers of the array, in rows of another length; it shrinks no picture. Pillow's "
         "`.resize((150, 150))` does.",
         _shown(lambda opened: np.resize(np.asarray(opened.convert("RGB")), (SIDE, SIDE, 3)))),
        ("Only the upper left corner of the picture was looked at. The whole picture counts: `.resize((150, 150))`.",
         _shown(lambda opened: opened.convert("RGB").crop((0, 0, SIDE, SIDE)))),
        (CONVERT, _shown(lambda opened: _resized(opened)[:, :, :3]),
         _shown(lambda opened: _resized(opened).reshape(SIDE, SIDE, 3))),
        ("`reshape` only lays the same numbers out anew; it cannot change how many there are. A picture of another "
         "size is resized, `.resize((150, 150))`, before it becomes an array.",
         _shown(lambda opened: np.asarray(opened.convert("RGB")).reshape(SIDE, SIDE, 3))),
        ("The network was called in training mode (`training=True`): dropout is on and batch normalisation uses this "
         "one picture's own mean. Leave the argument out.",
         _shown(_read, lambda model, pictures: float(model(pictures, training=True)[0, 0]))),
        (TABLE, _shown(_read, lambda model, pictures: float(model(pictures))),
         _shown(_read, lambda model, pictures: float(model.predict(pictures)))),
        ("This is the probability of class 0, 1 - p. The network's p is asked, as it comes.",
         lambda model, path: 1 - reference(model, path)),
    ),
    Mistake("This is a percentage. A probability runs from 0 to 1.",
            when=lambda result, expected, *_: abs(float(np.squeeze(result)) / 100 - expected) < 0.01),
    Mistake("The result is a word. A probability was asked: how sure, as a number.",
            when=lambda result, expected, *_: isinstance(result, str)),
    Mistake("This is a decision, 0 or 1. The probability itself was asked; where to cut is decided later.",
            when=lambda result, expected, *_: np.size(result) == 1 and float(np.squeeze(result)) in (0.0, 1.0)),
]  # fmt: skip
