"""Lesson 14's checkers against the untouched stubs, right answers and the classic mistakes.

The many mistakes with folders and networks are in test_folder.py and test_network.py.
"""

import functools

import numpy as np
import pytest
from harness import assert_status, checker_cases
from PIL import Image

from course.checks import check
from course.quiet_tensorflow import keras, tf
from lesson_14.test_folder import opened
from lesson_14.test_network import network


def probability(name, folder_names, p):
    return p if name == sorted(folder_names)[1] else 1 - p


def always_sorted_lower(name, folder_names, p):
    return p if name == sorted(folder_names, key=str.casefold)[1] else 1 - p


def naturally(name):
    return [part.zfill(9) if part.isdecimal() else part for part in name.split()]


def sorts_the_list(name, folder_names, p):
    folder_names.sort()
    return p if name == folder_names[1] else 1 - p


NAME_WRONG = [
    (lambda name, folder_names, p: p, "This is p whatever the name"),
    (lambda name, folder_names, p: 1 - p, "1 - p whatever the name"),
    (lambda name, folder_names, p: p if folder_names.index(name) == 1 else 1 - p, "in the order they were listed."),
    (lambda name, folder_names, p: p if folder_names[0] == name else 1 - p, "and the first as class 1"),
    (lambda name, folder_names, p: p if name == sorted(folder_names)[0] else 1 - p, "wrong way round"),
    (lambda name, folder_names, p: sorted(folder_names).index(name), "number of the class"),
    (lambda name, folder_names, p: int(probability(name, folder_names, p) > 0.5), "This is a decision, 0 or 1."),
    (lambda name, folder_names, p: p > 0.5, "decision about p"),
    (lambda name, folder_names, p: 100 * probability(name, folder_names, p), "percentage"),
    (always_sorted_lower, "Capital and small letters"),
    (lambda name, folder_names, p: p if name == "malignant" else 1 - p, "name is written into the code"),
    (lambda name, folder_names, p: 1 - p if name == "benign" else p, "name is written into the code"),
    (lambda name, folder_names, p: p if name == max(folder_names, key=lambda n: (len(n), n)) else 1 - p,
     "by their length"),
    (lambda name, folder_names, p: p if name == sorted(folder_names, key=len)[1] else 1 - p, "by their length"),
    (lambda name, folder_names, p: p if name == sorted(folder_names, key=naturally)[1] else 1 - p, "as numbers"),
    (sorts_the_list, "changed the list"),
    (lambda name, folder_names, p: print(p), "`return` missing"),
    (lambda name, folder_names: 0.5, "cannot be called with"),
    (lambda name, folder_names, p: 0.31, "The same result comes out in every case"),
]


def best(history):
    return int(history.loc[history["val_loss"].idxmin(), "epoch"])


def last_of_equals(history):
    lowest, epoch = np.inf, 0
    for row in history.itertuples():
        if row.val_loss <= lowest:
            lowest, epoch = row.val_loss, row.epoch
    return epoch


def adds_a_column(history):
    history["is_best"] = history["val_loss"] == history["val_loss"].min()
    return history.loc[history["is_best"].idxmax(), "epoch"]


def numbered_anew(history):
    history.reset_index(drop=True, inplace=True)
    return int(history["epoch"][history["val_loss"].argmin()])


def last_row_left_out(history):
    rows = history if len(history) == 1 else history.iloc[:-1]
    return int(rows.loc[rows["val_loss"].idxmin(), "epoch"])


EPOCH_WRONG = [
    (lambda history: history["val_loss"].argmin(), "counted from 0"),
    (lambda history: int(np.argmin(history["val_loss"])), "counted from 0"),
    (lambda history: history["val_loss"].idxmin(), "This is the row's label"),
    (lambda history: history["val_loss"].idxmin() + 1, "You added 1 to the row's label"),
    (lambda history: history["epoch"].iloc[history["val_loss"].idxmin()], "`idxmin` gives a row's label"),
    (lambda history: history["epoch"].to_numpy()[history["val_loss"].idxmin()], "`idxmin` gives a row's label"),
    (lambda history: history.loc[history["val_loss"].argmin(), "epoch"], "`argmin` gives a row's position"),
    (lambda history: history["epoch"][history["val_loss"].argmin()], "`argmin` gives a row's position"),
    (lambda history: history.loc[history["loss"].idxmin(), "epoch"], "lowest training loss"),
    (lambda history: history.loc[history["test_loss"].idxmin(), "epoch"], "The test set is touched once"),
    (lambda history: len(history), "number of rows"),
    (lambda history: history["epoch"].max(), "last epoch"),
    (lambda history: history.loc[history["val_loss"].idxmax(), "epoch"], "highest `val_loss`"),
    (last_of_equals, "this is the later one"),
    (lambda history: history["val_loss"].min(), "lowest `val_loss` itself"),
    (lambda history: history[history["val_loss"] == history["val_loss"].min()]["epoch"], "came back, not one number"),
    (lambda history: history.loc[history["val_loss"].idxmin()], "came back, not one number"),
    (lambda history: history.loc[history["val_loss"].idxmin()]["epoch"], "a float64. Make it a whole number"),
    (lambda history: history["epoch"].iloc[0], "This is the first epoch"),
    (lambda history: best(history) + 1, "the epoch after the best one"),
    (lambda history: int(np.argmin(history["val_loss"])) + 1, "You added 1 to the row's position"),
    (last_row_left_out, "value is 3, but 4 was expected"),
    (adds_a_column, "changed the table it was given"),
    (numbered_anew, "changed the table it was given"),
    (lambda history: history["accuracy"].idxmax(), "Your code stopped with KeyError"),
]


def array(path, mode="RGB"):
    return np.asarray(Image.open(path).convert(mode).resize((150, 150)))


def ask(model, picture):
    return float(model(picture[None])[0, 0])


def predict(model, path):
    return ask(model, array(path))


def shown(read):
    """Return a predict_file that reads the picture in its own way."""
    return lambda model, path: ask(model, read(path))


FILE_WRONG = [
    (shown(lambda path: array(path) / 255), "divided by 255"),
    (shown(lambda path: array(path)[:, :, ::-1]), "BGR"),
    (shown(lambda path: array(path).transpose(1, 0, 2)), "Rows and columns are swapped"),
    (shown(lambda path: np.stack([array(path, "L")] * 3, axis=-1)), "colours are lost"),
    (shown(lambda path: np.resize(np.asarray(Image.open(path).convert("RGB")), (150, 150, 3))), "`np.resize`"),
    (shown(lambda path: np.asarray(Image.open(path).convert("RGB").crop((0, 0, 150, 150)))), "upper left corner"),
    (shown(lambda path: np.asarray(Image.open(path).resize((150, 150)))), '.convert("RGB")'),
    (lambda model, path: float(model.predict(np.asarray(Image.open(path).resize((150, 150)))[None])[0, 0]),
     '.convert("RGB")'),
    (shown(lambda path: np.asarray(Image.open(path).resize((150, 150)))[:, :, :3]), '.convert("RGB")'),
    (shown(lambda path: array(path, "RGBA")), '.convert("RGB")'),
    (shown(lambda path: np.asarray(Image.open(path).resize((150, 150))).reshape(150, 150, 3)), '.convert("RGB")'),
    (shown(lambda path: np.asarray(Image.open(path).convert("RGB"))), "whatever the file's size"),
    (shown(lambda path: np.asarray(Image.open(path).convert("RGB")).reshape(150, 150, 3)), "`reshape` only lays"),
    (shown(lambda path: np.moveaxis(array(path), -1, 0)), "channels come first"),
    (lambda model, path: float(model(array(path))[0, 0]), "takes a batch"),
    (lambda model, path: float(model.predict(array(path))[0, 0]), "takes a batch"),
    (lambda model, path: model(array(path)[None]), "put `float(...)` around it"),
    (lambda model, path: model.predict(array(path)[None]), "put `float(...)` around it"),
    (lambda model, path: float(model(array(path)[None])), "whole table of outputs"),
    (lambda model, path: model.predict(array(path)[None])[0], "put `float(...)` around it"),
    (lambda model, path: model(array(path)[None])[0, 0], "put `float(...)` around it"),
    (lambda model, path: int(predict(model, path) > 0.5), "This is a decision"),
    (lambda model, path: round(predict(model, path)), "This is a decision"),
    (lambda model, path: "malignant" if predict(model, path) > 0.5 else "benign", "a word"),
    (lambda model, path: 1 - predict(model, path), "class 0, 1 - p"),
    (lambda model, path: float(model(array(path)[None], training=True)[0, 0]), "in training mode"),
    (lambda model, path: 100 * predict(model, path), "percentage"),
    (lambda model, path: model(path), "The network was handed a"),
    (lambda model, path: print(predict(model, path)), "`return` missing"),
    (lambda model, path: 0.31, "The same result comes out in every case"),
    (lambda model, path: round(predict(model, path), 2), "Is it rounded?"),
    (shown(lambda path: np.asarray(Image.open(path).convert("RGB").resize((75, 75)).resize((150, 150)))),
     "others reached the network"),
    (shown(lambda path: array(path)[:, ::-1]), "mirrored"),
    (shown(lambda path: array(path)[::-1]), "mirrored"),
]  # fmt: skip


def by_keras(model, path):
    picture = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(150, 150)))
    return model.predict(np.expand_dims(picture, 0))[0][0]


def by_tensorflow(model, path):
    picture = tf.io.decode_png(tf.io.read_file(str(path)), channels=3)
    return model(tf.image.resize(picture, (150, 150))[None]).numpy().item()


OTHER_RIGHT = [
    ("14.4", lambda name, names, p: [1 - p, p][sorted(names).index(name)]),
    ("14.4", lambda name, names, p: p if name == max(names) else 1 - p),
    ("14.2", lambda history: history["epoch"].iloc[history["val_loss"].argmin()]),
    ("14.2", functools.partial(best)),
    ("14.2", lambda history: tf.constant(best(history))),
    ("14.2", lambda history: history.sort_values("val_loss", kind="stable")["epoch"].iloc[0]),
    ("14.2", lambda history: history.set_index("epoch")["val_loss"].idxmin()),
    ("14.2", lambda history: min(zip(history["val_loss"], history["epoch"], strict=True))[1]),
    ("14.5", by_keras),
    ("14.5", by_tensorflow),
    ("14.5", shown(lambda path: np.asarray(Image.open(path).resize((150, 150)).convert("RGB")))),
    ("14.5", shown(lambda path: array(path).astype(float))),
]
RIGHT = {"14.3": opened(), "14.4": probability, "14.1": network(), "14.2": best, "14.5": predict}
WRONG = {
    "14.3": [(opened(shuffle=True), "pictures are shuffled")],  # more in test_folder.py
    "14.4": NAME_WRONG,
    "14.1": [(network(filters=(32, 64, 128)), "There are 3 convolutions")],  # more in test_network.py
    "14.2": EPOCH_WRONG,
    "14.5": FILE_WRONG,
}


@pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases("14", RIGHT, WRONG))
def test_checker(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer", "false"), [
    ("14.2", lambda history: history["epoch"].iloc[0], "label"),
    ("14.2", last_row_left_out, "later one"),
    ("14.4", lambda name, names, p: p if name == sorted(names, key=len)[1] else 1 - p, "as numbers"),
    ("14.5", lambda model, path: float(model(np.asarray(Image.open(path).resize((150, 150)))[None, ..., :3])[0, 0]),
     "adds the first axis"),
])
def test_nothing_false_is_said(number, answer, false):
    result = check(number, answer)
    assert result.status == "not yet", result
    assert false not in result.reason, result


@pytest.mark.parametrize(("number", "answer"), OTHER_RIGHT)
def test_other_right_ways(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize("number", ["14.3", "14.5"])
def test_keras_prints_nothing_onto_the_page(number, capfd):
    """Found 48 files ... and progress bars would be stored in the notebook; the setting itself must come back."""
    answer = {"14.3": opened(verbose=True), "14.5": by_keras}[number]
    assert check(number, answer).status == "right"
    assert capfd.readouterr() == ("", "")
    assert keras.utils.is_interactive_logging_enabled()


@pytest.mark.parametrize("number", RIGHT)
def test_a_right_answer_is_told_how_many_cases_and_against_what(number):
    words = {"14.3": "144 pictures", "14.4": "11 cases", "14.1": "3 outputs", "14.2": "8 cases", "14.5": "6 cases"}
    library = {"14.3": "Pillow", "14.2": "NumPy"}.get(number, "Keras")
    reason = check(number, RIGHT[number]).reason
    assert words[number] in reason
    assert library in reason
