"""Checkers of lesson 14: the breast-cancer network. TensorFlow, and helpers that need it, load when a checker runs."""

import tempfile
from pathlib import Path

from course.checks.compare import against_reference, require
from course.checks.core import call, exercise, kind
from course.checks.differences import as_numbers
from course.checks.lesson_14 import epoch, names


@exercise("14.1")
def my_classic(answer):
    """Build the classic network: () -> Keras model, (n, 150, 150, 3) in, (n, 1) out, 3,453,121 weights."""
    from course.checks.lesson_14 import network

    require(not isinstance(answer, network.keras.Model),
        "This is a model already. Hand over the function that builds it, its name without brackets: `my_classic`.")
    model = call(answer)
    network.require_model(model)
    return network.require_network(model) + " agree with the Keras model `course.models.breast_cnn.classic()`."


@exercise("14.2")
def best_epoch(answer):
    """Epoch of the lowest validation loss: DataFrame (epoch from 1, loss, val_loss, test_loss) -> int."""
    cases = epoch.cases()
    sentence = against_reference(answer, epoch.best, cases, "NumPy's lexsort (lowest val_loss first, then epoch)",
                                 epoch.MISTAKES)
    number = call(answer, *cases[0].args)
    require(as_numbers(number).dtype.kind in "iu",
            f"The epoch is right, but it is {kind(number)}. Make it a whole number: `int(...)`.", came_out=number)
    return sentence


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


@exercise("14.4")
def probability_of(answer):
    """Probability of a named class: name, the two folder names, p = output of the network -> probability."""
    return against_reference(answer, names.probability, names.cases(),
                             "the order in which Keras's image_dataset_from_directory numbers the folders",
                             names.MISTAKES)


@exercise("14.5")
def predict_file(answer):
    """Probability for one picture file: model (uint8 or float RGB, 0 to 255, inside), path -> float."""
    from course.checks.lesson_14 import file
    from course.checks.lesson_14.folder import quiet_keras

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, quiet_keras():
        cases = file.cases(Path(folder))
        sentence = against_reference(answer, file.reference, cases,
                                     "Keras's load_img (within 0.01, since there are many ways to resize)",
                                     file.MISTAKES, rtol=0, atol=0.01)
        file.require_faithful(answer, cases[0])
    return sentence
