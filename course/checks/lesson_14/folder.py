"""What the checker of exercise 14.3 needs: a folder of pictures, and eyes that read them back from a data set.

The colour of each picture says which file it is: red the class, green the split, blue the number. Red grows from left
to right and green from top to bottom, alike in all files: whatever turned, cut or blurred the pictures is seen.
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
WIDTH, HEIGHT, NEAR = 20, 10, 3  # of the files; grey values that ways of resizing may differ


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
    """Write train|validation|test/<benign|malignant>/NN.png under `root`: 48 pictures of 20 x 10 in each split."""
    for (split, green), (name, (_, red, count)) in itertools.product(SPLITS.items(), CLASSES.items()):
        folder = root / split / name
        folder.mkdir(parents=True)
        for number in range(count):
            picture = (np.array([red, green, 5 * number + 10]) + _slopes()).astype(np.uint8)
            Image.fromarray(picture).save(folder / f"{number:02d}.png")


def _slopes():
    """What all files share, (10, 20, 3): added to the colour of each."""
    across, down = np.arange(WIDTH) - (WIDTH - 1) / 2, np.arange(HEIGHT) - (HEIGHT - 1) / 2
    slopes = np.zeros((HEIGHT, WIDTH, 3))
    slopes[..., 0], slopes[..., 1] = 2 * across, 4 * down[:, None]
    return slopes


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
    require(not isinstance(dataset, keras.utils.PyDataset),
        f"This is a {type(dataset).__name__} of the old ImageDataGenerator, which Keras no longer recommends. Use "
        "`keras.utils.image_dataset_from_directory`.")
    require(isinstance(dataset, tf.data.Dataset),
        f"A tf.data.Dataset is needed, but this is {kind(dataset)}. Return what `image_dataset_from_directory` gives, "
        "as it is.")
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
    require(batches and all(isinstance(batch, tuple) and len(batch) == 2 for batch in batches),
        "The data set gives pictures without labels. `label_mode=None` leaves them out; a network learns from both.")
    return [(np.asarray(pictures), np.asarray(labels)) for pictures, labels in batches]


def require_shapes(pictures, labels):
    """Look at the first batch: size of the pictures, kind of labels."""
    require(pictures.ndim == 4,
        "The pictures come one by one, not in batches. Say `batch_size=32` (None means: no batches).",
        came_out=pictures.shape)
    require(pictures.shape[-1] != 1, 'The pictures are grey. The network takes three channels: `color_mode="rgb"`.')
    require(pictures.shape[-1] != 4,
        'The pictures have a fourth channel, transparency. The network takes three: `color_mode="rgb"`.')
    require(pictures.shape[1:3] != (256, 256),
        "The pictures are 256 x 256, which Keras takes when nothing is said. The network needs "
        "`image_size=(150, 150)`.")
    require(pictures.shape[1:] == SIZE,
        f"The pictures have shape {pictures.shape[1:]}, but {SIZE} was expected: `image_size=(150, 150)`.")
    require(labels.shape != (len(pictures), 2),
        'The labels have two columns: they are "categorical", for a softmax with two outputs. One sigmoid output '
        'needs one column of 0 and 1: `label_mode="binary"`.')
    require(labels.shape != (len(pictures),),
        f'The labels have shape {labels.shape}, a flat list as "int" gives. The network puts out one column, '
        '(n, 1): `label_mode="binary"` gives labels of that shape.')
    require(labels.shape == (len(pictures), 1), f"The labels have shape {labels.shape}; (n, 1) was expected.")
    require(labels.dtype.kind == "f",
        f'The labels are {labels.dtype}. The loss compares probabilities: `label_mode="binary"` gives float32.')


def require_values(pictures):
    """Grey values must be 0 to 255, and within a picture differ as in the files."""
    low, high = float(pictures.min()), float(pictures.max())
    scaled = "The network divides by 255 itself (its first layer): hand over the pictures as they are, 0 to 255."
    require(not 0 <= low <= high <= 1, f"The values run from {low:.3g} to {high:.3g}: they were divided. {scaled}")
    require(low >= 0, f"The values run from {low:.3g} to {high:.3g}: they were scaled or standardised. {scaled}")
    right = _enlarged(_slopes())
    for reason, slopes in _likely_slopes(right):
        require(_differ(pictures, slopes), reason)
    require(not _differ(pictures, right),
        "The pixels are not those of the files in the folder that was handed over. Do you read from the argument "
        "`folder`, not from a folder named in your code? Or were the pictures changed on the way (augmentation, "
        "noise)? That belongs into the network, which switches it off at prediction.")


def _differ(pictures, slopes):
    """Return True unless all pictures are one colour each and these slopes; some of the pixels are looked at."""
    plain = pictures[:, 3::7, 3::7] - slopes[3::7, 3::7]
    return np.ptp(plain, axis=(1, 2)).max() > 2 * NEAR


def _enlarged(slopes):
    return np.asarray(tf.image.resize(slopes, SIZE[:2]))


def _likely_slopes(right):
    """Yield (reason, what would be left of the right slopes) for what is done to pictures by mistake."""
    yield "The pictures are mirrored: left and right have changed places. Hand them over as they are.", right[:, ::-1]
    yield "The pictures stand upside down. Hand them over as they are.", right[::-1]
    yield "The pictures are turned by half a turn. Hand them over as they are.", right[::-1, ::-1]
    yield "The pictures lie on their side: rows and columns have changed places.", right.transpose(1, 0, 2)
    yield "The colours are in another order: blue comes first. Hand them over as red, green, blue.", right[..., ::-1]
    yield "All pixels of a picture are equal: only its mean colour is left. Hand over the pixels.", 0 * right
    cut = _enlarged(_slopes()[:, (WIDTH - HEIGHT) // 2:(WIDTH + HEIGHT) // 2])
    yield "The sides of the pictures are cut off (`crop_to_aspect_ratio`?). The whole picture belongs in.", cut


def require_files(pictures, labels, split):
    """Decode the colours: the right split, every file once, its own label. Return the files' numbers as they came."""
    red, green, blue = np.median(pictures[:, 3::7, 3::7] - _enlarged(_slopes())[3::7, 3::7], axis=(1, 2)).T
    reds, greens = np.array([colour for _, colour, _ in CLASSES.values()]), np.array(list(SPLITS.values()))
    kinds, splits, numbers = _nearest(red, reds), _nearest(green, greens), np.rint((blue - 10) / 5).astype(int)
    changes = np.abs([red - reds[kinds], green - greens[splits], blue - (5 * numbers + 10)])
    require(changes.max() <= 1,
        "The colours are not those of the files: the values were changed on the way. Hand them over as they are, 0 to "
        "255.")
    require(len(set(splits)) == 1,
        f"Pictures of several splits are mixed. Only those of `folder / split` belong here: {split}.")
    found = list(SPLITS)[splits[0]]
    require(found == split,
        f'For split = "{split}" the pictures of "{found}" came. Is the folder\'s name written into your code?')
    require(len(pictures) <= PICTURES,
        f"The data set does not end after its {PICTURES} pictures. One pass is an epoch: leave out `repeat`.")
    require(len(pictures) == PICTURES,
        f"Only {len(pictures)} of {PICTURES} pictures came. The folders are split already: no `validation_split`; and "
        "the last batch may be smaller than 32.")
    require_classes(labels[:, 0], kinds)
    files = kinds * 100 + numbers
    require(np.array_equal(np.sort(files), _in_file_order()),
        "Some files came twice, others not at all. Each file belongs into one pass once.")
    return files


def require_classes(labels, kinds):
    """Each picture's label must be the number of its class folder: benign 0, malignant 1."""
    require(not np.array_equal(labels, 1 - kinds),
        "The classes are numbered the other way round: here benign is 1. In alphabetical order (leave out "
        "`class_names`) benign is 0 and malignant 1, the positive class.")
    require(np.array_equal(labels, kinds),
        "Pictures and labels do not belong together: the labels are not those of the pictures beside them. Were they "
        "shuffled apart?")


def require_shuffled(batches):
    """Training pictures come shuffled: of 48 mixed ones, both batches are never so nearly in the files' order."""
    order = [abs(np.corrcoef(np.arange(len(files)), np.argsort(np.argsort(files)))[0, 1]) for files in batches]
    require(min(order) < 0.7,
        "The training pictures are not shuffled, or hardly: within a batch the files come in order, so a batch may be "
        'all of one class. Say `shuffle=(split == "train")`.')


def require_in_order(files, split):
    """The pictures of validation and test come in the order of the files, in every pass."""
    require(np.array_equal(files, _in_file_order()),
        f"The {split} pictures are shuffled, or stand in another order than the files. Scores of one pass beside "
        "labels of another are an AUC near 0.5 from a good network. Only the training pictures are shuffled.")


def _in_file_order():
    return np.concatenate([100 * number + np.arange(count) for number, _, count in CLASSES.values()])


def _nearest(values, colours):
    return np.abs(values[:, None] - colours).argmin(axis=1)
