"""What the checker of exercise 14.3 needs: a folder of plain pictures, and eyes that read them back from a data set.

Each picture has one colour, and the colour says which file it is: red the class, green the split, blue the number.
"""

import contextlib
import itertools

import numpy as np
from PIL import Image

from course.checks.compare import require
from course.checks.core import NotYet, call, kind
from course.quiet_tensorflow import keras, tf

SPLITS = {"train": 40, "validation": 120, "test": 200}  # green
CLASSES = {"benign": (0, 60, 34), "malignant": (1, 180, 14)}  # class number, red, how many files in each split
PICTURES = sum(count for _, _, count in CLASSES.values())  # a split; more than one batch, and the first all benign
BATCH, SIZE = 32, (150, 150, 3)


@contextlib.contextmanager
def quiet_keras():
    """Keep Keras's own lines ("Found 48 files", progress bars) off the page; what the learner prints still shows."""
    loud = keras.utils.is_interactive_logging_enabled()
    keras.utils.disable_interactive_logging()
    try:
        yield
    finally:
        if loud:
            keras.utils.enable_interactive_logging()


def write_folder(root):
    """Write train|validation|test/<benign|malignant>/NN.png under `root`: 48 pictures of 12 x 12 in each split."""
    for (split, green), (name, (_, red, count)) in itertools.product(SPLITS.items(), CLASSES.items()):
        folder = root / split / name
        folder.mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (12, 12), (red, green, 5 * number + 10)).save(folder / f"{number:02d}.png")


def open_with(answer, root, split):
    """Return the learner's data set of one split, or raise NotYet."""
    try:
        with quiet_keras():
            dataset = call(answer, root, split)
    except NotYet as problem:
        if isinstance(problem.error, ValueError) and "'validation'" in str(problem.error):
            raise NotYet(
                f'You opened the whole data set: its folders are train, validation and test. For split = "{split}" '
                "the two class folders are inside `folder / split`.",
                [("came out", problem.reason)],
                problem.error,
            ) from problem
        raise
    require(dataset is not None, "Nothing came back (None). Is a `return` missing?")
    require(
        not isinstance(dataset, keras.utils.PyDataset),
        f"This is a {type(dataset).__name__} of the old ImageDataGenerator, which Keras no longer recommends. Use "
        "`keras.utils.image_dataset_from_directory`.",
    )
    require(
        isinstance(dataset, tf.data.Dataset),
        f"A tf.data.Dataset is needed, but this is {kind(dataset)}. Return what `image_dataset_from_directory` gives, "
        "as it is.",
    )
    return dataset


def require_split(dataset, split):
    """Read the data set once; raise NotYet unless it gives what the files hold."""
    batches = read(dataset)
    require_shapes(*batches[0])
    sizes = [len(pictures) for pictures, _ in batches]
    require(max(sizes) == BATCH, f"The batches hold up to {max(sizes)} pictures; {BATCH} were asked.")
    pictures, labels = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    require_values(pictures)
    files = require_files(pictures, labels, split)
    if split == "train":
        require_shuffled(np.split(files, np.cumsum(sizes)[:-1]))
    else:
        require_in_order(files, split)


def read(dataset):
    """Return the batches (pictures, labels) as NumPy arrays, one more batch than the folder can fill at the most."""
    try:
        batches = list(itertools.islice(dataset, PICTURES // BATCH + 2))
    except Exception as error:
        raise NotYet(f"Reading the data set stopped with {type(error).__name__}: {error}", error=error) from error
    require(
        batches and all(isinstance(batch, tuple) and len(batch) == 2 for batch in batches),
        "The data set gives pictures without labels. `label_mode=None` leaves them out; a network learns from both.",
    )
    return [(np.asarray(pictures), np.asarray(labels)) for pictures, labels in batches]


def require_shapes(pictures, labels):
    """Look at the first batch: size of the pictures, kind of labels."""
    require(
        pictures.ndim == 4,
        "The pictures come one by one, not in batches. Say `batch_size=32` (None means: no batches).",
        came_out=pictures.shape,
    )
    require(pictures.shape[-1] != 1, 'The pictures are grey. The network takes three channels: `color_mode="rgb"`.')
    require(
        pictures.shape[-1] != 4,
        'The pictures have a fourth channel, transparency. The network takes three: `color_mode="rgb"`.',
    )
    require(
        pictures.shape[1:3] != (256, 256),
        "The pictures are 256 x 256, which Keras takes when nothing is said. The network needs "
        "`image_size=(150, 150)`.",
    )
    require(
        pictures.shape[1:] == SIZE,
        f"The pictures have shape {pictures.shape[1:]}, but {SIZE} was expected: `image_size=(150, 150)`.",
    )
    require(
        labels.shape != (len(pictures), 2),
        'The labels have two columns: they are "categorical", for a softmax with two outputs. One sigmoid output '
        'needs one column of 0 and 1: `label_mode="binary"`.',
    )
    require(
        labels.shape != (len(pictures),),
        f'The labels have shape {labels.shape}, a flat list as "int" gives. The network puts out one column, '
        '(n, 1): `label_mode="binary"` gives labels of that shape.',
    )
    require(labels.shape == (len(pictures), 1), f"The labels have shape {labels.shape}; (n, 1) was expected.")
    require(
        labels.dtype.kind == "f",
        f'The labels are {labels.dtype}. The loss compares probabilities: `label_mode="binary"` gives float32.',
    )


def require_values(pictures):
    """Grey values must be those of the files, 0 to 255, one colour a picture."""
    low, high = float(pictures.min()), float(pictures.max())
    scaled = "The network divides by 255 itself (its first layer): hand over the pictures as they are, 0 to 255."
    require(not 0 <= low <= high <= 1, f"The values run from {low:.3g} to {high:.3g}: they were divided. {scaled}")
    require(low >= 0, f"The values run from {low:.3g} to {high:.3g}: they were scaled or standardised. {scaled}")
    require(
        np.ptp(pictures, axis=(1, 2)).max() <= 1,
        "The pixels within a picture differ, but each file of the folder that was handed over has one plain colour. "
        "Do you read from the argument `folder`, not from a folder named in your code? Or were the pictures changed "
        "on the way (augmentation, noise)? That belongs into the network, which switches it off at prediction.",
    )


def require_files(pictures, labels, split):
    """Decode the colours: the right split, every file once, its own label. Return the files' numbers as they came."""
    red, green, blue = pictures[:, 75, 75, :].T.astype(float)
    reds, greens = np.array([colour for _, colour, _ in CLASSES.values()]), np.array(list(SPLITS.values()))
    kinds, splits, numbers = _nearest(red, reds), _nearest(green, greens), np.rint((blue - 10) / 5).astype(int)
    changes = np.abs([red - reds[kinds], green - greens[splits], blue - (5 * numbers + 10)])
    require(
        changes.max() <= 1,
        "The colours are not those of the files: the values were changed on the way. Hand them over as they are, "
        "red, green, blue, 0 to 255.",
    )
    require(
        len(set(splits)) == 1,
        f"Pictures of several splits are mixed. Only those of `folder / split` belong here: {split}.",
    )
    found = list(SPLITS)[splits[0]]
    require(
        found == split,
        f'For split = "{split}" the pictures of "{found}" came. Is the folder\'s name written into your code?',
    )
    require(
        len(pictures) <= PICTURES,
        f"The data set does not end after its {PICTURES} pictures. One pass is an epoch: leave out `repeat`.",
    )
    require(
        len(pictures) == PICTURES,
        f"Only {len(pictures)} of {PICTURES} pictures came. The folders are split already: no `validation_split`; and "
        "the last batch may be smaller than 32.",
    )
    require_classes(labels[:, 0], kinds)
    files = kinds * 100 + numbers
    require(
        np.array_equal(np.sort(files), _in_file_order()),
        "Some files came twice, others not at all. Each file belongs into one pass once.",
    )
    return files


def require_classes(labels, kinds):
    """Each picture's label must be the number of its class folder: benign 0, malignant 1."""
    require(
        not np.array_equal(labels, 1 - kinds),
        "The classes are numbered the other way round: here benign is 1. In alphabetical order (leave out "
        "`class_names`) benign is 0 and malignant 1, the positive class.",
    )
    require(
        np.array_equal(labels, kinds),
        "Pictures and labels do not belong together: the labels are not those of the pictures beside them. Were they "
        "shuffled apart?",
    )


def require_shuffled(batches):
    """Training pictures come shuffled, not batch after batch in the order of the files."""
    require(
        not all(np.array_equal(files, np.sort(files)) for files in batches),
        "The training pictures are not shuffled: within a batch the files come in order, so a batch may be all of one "
        'class. Say `shuffle=(split == "train")`.',
    )


def require_in_order(files, split):
    """The pictures of validation and test come in the order of the files, in every pass."""
    require(
        np.array_equal(files, _in_file_order()),
        f"The {split} pictures are shuffled. Scores computed in one pass would then be compared with the labels of "
        "another: an AUC near 0.5 from a good network. Only the training pictures are shuffled.",
    )


def _in_file_order():
    return np.concatenate([100 * number + np.arange(count) for number, _, count in CLASSES.values()])


def _nearest(values, colours):
    return np.abs(values[:, None] - colours).argmin(axis=1)
