"""What the checker of exercise 14.4 needs: names of folders, Keras's order of them, classic mistakes."""

import functools
import re
import tempfile
from pathlib import Path

from course.checks.compare import Case, mistakes

CAPITAL = "capital letters stand before all small ones"


def cases():
    return [
        Case("sick", ["sick", "healthy"], 0.8),
        Case("benign", ["malignant", "benign"], 0.8),
        Case("benign", ["benign", "malignant"], 0.3),
        Case("malignant", ["benign", "malignant"], 0.3),
        Case("malignant", ["malignant", "benign"], 0.05),
        Case("healthy", ["healthy", "sick"], 0.95),
        Case("cyst", ["tumour", "cyst"], 0.0, note="the network is quite sure"),
        Case("mass", ["mass", "cyst"], 0.35),
        Case("benign", ["Malignant", "benign"], 0.7, note=CAPITAL),
        Case("Malignant", ["benign", "Malignant"], 0.9, note=CAPITAL),
        Case("grade 10", ["grade 2", "grade 10"], 0.6, note='as text, "1" stands before "2"'),
    ]


@functools.cache
def _folders_in_order(*names):
    """Return the class folders in the order in which Keras numbers them, by letting Keras open such a folder.

    Its `index_directory` walks through `sorted(os.listdir(directory))`: capitals stand before all small letters.
    """
    from PIL import Image

    from course.quiet_tensorflow import keras

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        for name in names:
            (Path(root) / name).mkdir()
            Image.new("RGB", (1, 1)).save(Path(root) / name / "picture.png")
        return keras.utils.image_dataset_from_directory(root, label_mode="binary", verbose=False).class_names


def probability(name, folder_names, p):
    return p if _folders_in_order(*folder_names)[1] == name else 1 - p


def _by_order(order):
    """Return a probability_of that takes the second name of `order(folder_names)` as class 1."""
    return lambda name, folder_names, p: p if order(folder_names)[1] == name else 1 - p


def _with_numbers(name):
    """The name in pieces, its numbers as numbers."""
    return [int(piece) if piece.isdecimal() else piece for piece in re.split(r"(\d+)", name)]


MISTAKES = mistakes(
    ("This is p whatever the name. p belongs to class 1 only; the other class has the rest, 1 - p.",
     lambda name, folder_names, p: p),
    ("This is 1 - p whatever the name. That is right for class 0 only; class 1 has p itself.",
     lambda name, folder_names, p: 1 - p),
    ("You took the names in the order they were listed. Keras sorts the folders by name: `sorted(...)`.",
     _by_order(list)),
    ("You took the names as they were listed, and the first as class 1. Keras sorts the folders by name and counts "
     "from 0.", _by_order(lambda names: names[::-1])),
    ("The classes are the wrong way round: the first name in alphabetical order is class 0, the second class 1, and p "
     "is the probability of class 1.", _by_order(lambda names: sorted(names)[::-1])),
    ("This is the number of the class, 0 or 1. Its probability was asked: p or 1 - p.",
     lambda name, folder_names, p: sorted(folder_names).index(name)),
    ("This is a decision, 0 or 1. The probability itself was asked; where to cut is decided later.",
     lambda *inputs: float(probability(*inputs) >= 0.5)),
    ("This is a decision about p, 0 or 1, whatever the name. A probability was asked: p or 1 - p.",
     lambda name, folder_names, p: float(p >= 0.5)),
    ("Capital and small letters were treated as the same. Keras sorts as `sorted` does: all capital letters stand "
     "before the small ones, so \"Malignant\" comes before \"benign\".",
     _by_order(lambda names: sorted(names, key=str.lower))),
    ("Here a name is written into the code. Other folders have other names: which is class 1 follows from "
     "`folder_names`.", lambda name, folder_names, p: p if name == "malignant" else 1 - p,
     lambda name, folder_names, p: 1 - p if name == "benign" else p),
    ("The numbers in the names were compared as numbers. Keras compares text, sign by sign, as `sorted` does.",
     _by_order(lambda names: sorted(names, key=_with_numbers))),
    ("The names were sorted by their length. Keras sorts by the alphabet: `sorted(folder_names)`.",
     _by_order(lambda names: sorted(names, key=len)),
     _by_order(lambda names: sorted(names, key=lambda name: (len(name), name)))),
)  # fmt: skip
