"""Checkers of lesson 14: the breast-cancer network. TensorFlow, and helpers that need it, load when a checker runs."""

import contextlib
import functools
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from course.checks.compare import Case, Mistake, against_reference, require
from course.checks.core import NotYet, call, exercise, kind


@exercise("14.3")
def open_split(answer):
    """Open one split of a folder: folder (Path), split -> tf.data.Dataset of (pictures, labels) in batches of 32."""
    from course.checks.lesson_14 import folder

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        root = Path(name)
        folder.write_folder(root)
        for split in folder.SPLITS:
            dataset = folder.open_with(answer, root, split)
            for _ in range(1 if split == "train" else 2):  # the order must hold in a second pass, too
                folder.require_split(dataset, split)
    count = folder.PICTURES * len(folder.SPLITS)
    return f"All {len(folder.SPLITS)} splits, {count} pictures with their labels, agree with the files Pillow wrote."


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


def _probability(name, folder_names, p):
    return p if _folders_in_order(*folder_names)[1] == name else 1 - p


def _by_order(order):
    """Return a probability_of that takes the second name of `order(folder_names)` as class 1."""
    return lambda name, folder_names, p: p if order(folder_names)[1] == name else 1 - p


@exercise("14.4")
def probability_of(answer):
    """Probability of a named class: name, the two folder names, p = output of the network -> probability."""
    return against_reference(
        answer,
        reference=_probability,
        cases=[
            Case("sick", ["sick", "healthy"], 0.8),
            Case("benign", ["malignant", "benign"], 0.8),
            Case("benign", ["benign", "malignant"], 0.3),
            Case("malignant", ["benign", "malignant"], 0.3),
            Case("malignant", ["malignant", "benign"], 0.05),
            Case("healthy", ["healthy", "sick"], 0.95),
            Case("cyst", ["tumour", "cyst"], 0.0, note="the network is quite sure"),
            Case("benign", ["Malignant", "benign"], 0.7, note="capital letters stand before all small ones"),
            Case("Malignant", ["benign", "Malignant"], 0.9, note="capital letters stand before all small ones"),
            Case("grade 10", ["grade 2", "grade 10"], 0.6, note='as text, "1" stands before "2"'),
        ],
        library="the order in which Keras's image_dataset_from_directory numbers the folders",
        mistakes=[
            Mistake("This is p whatever the name. p belongs to class 1 only; the other class has the rest, 1 - p.",
                    wrong=lambda name, folder_names, p: p),
            Mistake("This is 1 - p whatever the name. That is right for class 0 only; class 1 has p itself.",
                    wrong=lambda name, folder_names, p: 1 - p),
            Mistake("You took the names in the order they were listed. Keras sorts the folders by name: `sorted(...)`.",
                    wrong=_by_order(list)),
            Mistake("You took the names as they were listed, and the first as class 1. Keras sorts the folders by name "
                    "and counts from 0.",
                    wrong=_by_order(lambda names: names[::-1])),
            Mistake("The classes are the wrong way round: the first name in alphabetical order is class 0, the second "
                    "class 1, and p is the probability of class 1.",
                    wrong=_by_order(lambda names: sorted(names)[::-1])),
            Mistake("This is the number of the class, 0 or 1. Its probability was asked: p or 1 - p.",
                    wrong=lambda name, folder_names, p: sorted(folder_names).index(name)),
            Mistake("This is a decision, 0 or 1. The probability itself was asked; where to cut is decided later.",
                    wrong=lambda name, folder_names, p: float(_probability(name, folder_names, p) >= 0.5)),
            Mistake("This is a decision about p, 0 or 1, whatever the name. A probability was asked: p or 1 - p.",
                    wrong=lambda name, folder_names, p: float(p >= 0.5)),
            Mistake("This is a percentage. A probability runs from 0 to 1.",
                    wrong=lambda name, folder_names, p: 100 * _probability(name, folder_names, p)),
            Mistake("Capital and small letters were treated as the same. Keras sorts as `sorted` does: all capital "
                    "letters stand before the small ones, so \"Malignant\" comes before \"benign\".",
                    wrong=_by_order(lambda names: sorted(names, key=str.lower))),
            Mistake("Here a name is written into the code. Other folders have other names: which is class 1 follows "
                    "from `folder_names`.",
                    wrong=lambda name, folder_names, p: p if name == "malignant" else 1 - p),
            Mistake("Here a name is written into the code. Other folders have other names: which is class 1 follows "
                    "from `folder_names`.",
                    wrong=lambda name, folder_names, p: 1 - p if name == "benign" else p),
            Mistake("The numbers in the names were compared as numbers. Keras compares text, sign by sign, as `sorted` "
                    "does.",
                    wrong=_by_order(lambda names: sorted(names, key=lambda name: (len(name), name)))),
        ],
    )  # fmt: skip


@exercise("14.1")
def my_classic(answer):
    """Build the classic network: () -> Keras model, (n, 150, 150, 3) in, (n, 1) out, 3,453,121 weights."""
    from course.checks.lesson_14 import network

    require(
        not isinstance(answer, network.keras.Model),
        "This is a model already. Hand over the function that builds it, its name without brackets: `my_classic`.",
    )
    model = call(answer)
    network.require_model(model)
    network.require_layers(model)
    return network.require_outputs(model) + " agree with the Keras model `course.models.breast_cnn.classic()`."


class _Training(Case):
    """The table of one training, shown in full."""

    def __init__(self, val_loss, index=None, note=""):
        n = len(val_loss)
        loss, test_loss = np.linspace(0.69, 0.1, n), np.roll(np.linspace(0.5, 0.8, n), 1)  # lowest in epoch 2
        loss[-2:] = loss[-2:][::-1]  # lowest in the last but one
        columns = {"epoch": np.arange(1, n + 1), "loss": loss, "val_loss": val_loss, "test_loss": test_loss}
        super().__init__(pd.DataFrame(columns, index=index), note=note)

    def __str__(self):
        return self.args[0].round(3).to_string() + (f"\n({self.note})" if self.note else "")


def _best_epoch(history):
    epochs, losses = history["epoch"].to_numpy(), history["val_loss"].to_numpy()
    return int(epochs[np.lexsort((epochs, losses))[0]])


def _epoch_of(column, highest=False):
    """Return a best_epoch that looks at another column, or at its highest value."""
    best = "argmax" if highest else "argmin"
    return lambda history: int(history["epoch"].to_numpy()[getattr(history[column].to_numpy(), best)()])


def _last_of_equals(history):
    return int(history["epoch"][history["val_loss"] == history["val_loss"].min()].max())


def _require_left_alone(answer, history):
    given = history.copy()
    with contextlib.suppress(NotYet):  # any other fault is told with its case
        call(answer, given)
    require(
        given.equals(history),
        "Your code changed the table it was given. The curves are drawn from it later: leave out `inplace=True`, or "
        "work on a copy.",
    )


@exercise("14.2")
def best_epoch(answer):
    """Epoch of the lowest validation loss: DataFrame (epoch from 1, loss, val_loss, test_loss) -> int."""
    cases = [
        _Training([0.66, 0.58, 0.49, 0.52, 0.47, 0.51, 0.63]),
        _Training([0.70, 0.65, 0.55, 0.60, 0.55, 0.58], note="two epochs share the lowest value"),
        _Training([0.60, 0.64, 0.58, 0.61, 0.66], index=[10, 20, 30, 40, 50], note="row labels are not 0, 1, 2, ..."),
        _Training([0.68, 0.62, 0.57, 0.53], index=[4, 3, 2, 1], note="the row labels run backwards; still falling"),
        _Training([0.40, 0.45, 0.52], note="the first epoch is the best"),
        _Training([0.69], note="a single epoch"),
    ]
    _require_left_alone(answer, cases[0].args[0])
    label = "the row's label in the table's index. The labels need not be 0, 1, 2, ...: read the column `epoch`."
    sentence = against_reference(
        answer,
        reference=_best_epoch,
        cases=cases,
        library="NumPy's lexsort (lowest val_loss first, then earliest epoch)",
        mistakes=[
            Mistake("This is the row's position, counted from 0. Epochs are counted from 1: read the column `epoch`.",
                    wrong=lambda history: history["val_loss"].to_numpy().argmin()),
            Mistake(f"This is {label}", wrong=lambda history: history["val_loss"].idxmin()),
            Mistake(f"You added 1 to {label}", wrong=lambda history: history["val_loss"].idxmin() + 1),
            Mistake("`idxmin` gives a row's label, and here it was used as a position (`iloc` or a plain array), where "
                    "labels and positions differ. Use `history.loc[label, \"epoch\"]`.",
                    wrong=lambda history: history["epoch"].iloc[history["val_loss"].idxmin()]),
            Mistake("`argmin` gives a row's position, and here it was used as a label (`loc` or plain brackets), where "
                    "labels and positions differ. Use `history[\"epoch\"].iloc[position]`, or `idxmin` with `loc`.",
                    wrong=lambda history: history["epoch"].loc[history["val_loss"].to_numpy().argmin()]),
            Mistake("This is the epoch of the lowest training loss. That falls as long as the network learns its "
                    "pictures by heart: choose by `val_loss`.",
                    wrong=_epoch_of("loss")),
            Mistake("This was chosen by `test_loss`. The test set is touched once, at the end; what chose the epoch "
                    "cannot judge it any more. Choose by `val_loss`.",
                    wrong=_epoch_of("test_loss")),
            Mistake("This is the last epoch. The network may have been better before: look for the lowest `val_loss`.",
                    wrong=lambda history: history["epoch"].iloc[-1]),
            Mistake("This is the epoch of the highest `val_loss`. A loss is the better the lower it is.",
                    wrong=_epoch_of("val_loss", highest=True)),
            Mistake("Two epochs share the lowest `val_loss`, and this is the later one. The earliest was asked (a loop "
                    "needs <, not <=; `sort_values` needs kind=\"stable\").",
                    wrong=_last_of_equals),
            Mistake("This is the lowest `val_loss` itself. The number of its epoch was asked.",
                    wrong=lambda history: history["val_loss"].min()),
            Mistake("A column, row or list came back, not one number. Take the number out: `int(result.iloc[0])`.",
                    when=lambda result, expected, history: np.ndim(result) > 0),
        ],
    )  # fmt: skip
    epoch = call(answer, *cases[0].args)
    whole = isinstance(epoch, (int, np.integer))
    require(whole, f"The epoch is right, but it is {kind(epoch)}. Make it a whole number: `int(...)`.", came_out=epoch)
    return sentence


@exercise("14.5")
def predict_file(answer):
    """Probability for one picture file: model (uint8 or float RGB, 0 to 255, inside), path -> float."""
    from course.checks.lesson_14 import file
    from course.checks.lesson_14.folder import quiet_keras

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, quiet_keras():
        model = file.tiny_network()
        cases = [Case(model, path, note=note) for path, note in file.write_pictures(Path(folder))]
        try:
            sentence = against_reference(
                answer,
                reference=file.reference,
                cases=cases,
                library="Keras's load_img (within 0.01, since there are many ways to resize)",
                mistakes=file.mistakes(),
                rtol=0,
                atol=0.01,
            )
        except NotYet as problem:
            raise file.explained(problem) from problem.error
        probability = call(answer, *cases[0].args)
    number = isinstance(probability, (float, np.floating))
    require(number, f"The value is right, but it is {kind(probability)}. Put `float(...)` around it.")
    return sentence
