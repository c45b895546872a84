"""Lesson 14's checker of the data pipeline: right answers in several styles, and every mistake with its reason."""

import numpy as np
import pytest
from harness import assert_status

from course.quiet_tensorflow import keras, tf


def opened(where=lambda folder, split: folder / split, then=lambda dataset: dataset, **changes):
    """Return an open_split with something changed; a change may be a function of the split."""

    def open_split(folder, split):
        arguments = {"label_mode": "binary", "image_size": (150, 150), "batch_size": 32, "seed": 7, "verbose": False}
        arguments |= {"shuffle": split == "train"}
        arguments |= {name: value(split) if callable(value) else value for name, value in changes.items()}
        return then(keras.utils.image_dataset_from_directory(where(folder, split), **arguments))

    return open_split


def by_tf_data(folder, split):
    files = sorted((folder / split).glob("*/*.png"))
    labels = [[float(file.parent.name == "malignant")] for file in files]
    pairs = tf.data.Dataset.from_tensor_slices(([str(file) for file in files], labels))
    pairs = pairs.shuffle(len(files), seed=7) if split == "train" else pairs

    def load(path, label):
        return tf.image.resize(tf.io.decode_png(tf.io.read_file(path), channels=3), (150, 150)), label

    return pairs.map(load).batch(32).prefetch(1)


def by_generator(folder, split):
    generator = keras.src.legacy.preprocessing.image.ImageDataGenerator()
    return generator.flow_from_directory(folder / split, (150, 150), class_mode="binary")


def mapped(change):
    return opened(then=lambda dataset: dataset.map(change))


def torn_apart(folder, split):
    dataset = opened()(folder, split)
    pictures, labels = dataset.map(lambda x, y: x), dataset.map(lambda x, y: y)
    labels = labels.unbatch().shuffle(48, seed=1).batch(32)
    return tf.data.Dataset.zip(pictures, labels)


def backwards(folder, split):
    """Training right, the others in reverse."""
    dataset = opened()(folder, split)
    if split == "train":
        return dataset
    pictures, labels = (np.concatenate(parts)[::-1] for parts in zip(*dataset.as_numpy_iterator(), strict=True))
    return tf.data.Dataset.from_tensor_slices((pictures, labels)).batch(32)


SCALE = keras.layers.Rescaling(1 / 255)
WRONG = [
    (opened(verbose=True, then=list), "A tf.data.Dataset is needed"),
    (lambda folder, split: print(folder), "`return` missing"),
    (by_generator, "old ImageDataGenerator"),
    (opened(label_mode=None), "without labels"),
    (opened(batch_size=None), "one by one"),
    (opened(image_size=(256, 256)), "when nothing is said"),
    (opened(image_size=(128, 128)), "(128, 128, 3)"),
    (opened(color_mode="grayscale"), "grey"),
    (opened(color_mode="rgba"), "transparency"),
    (opened(label_mode="int"), '"int"'),
    (opened(label_mode="categorical"), "softmax with two outputs"),
    (mapped(lambda x, y: (x, tf.stack([y, y], axis=1))), "(n, 1) was expected"),
    (mapped(lambda x, y: (x, tf.cast(y, tf.int32))), "labels are int32"),
    (mapped(lambda x, y: (SCALE(x), y)), "they were divided"),
    (mapped(lambda x, y: (x / 127.5 - 1, y)), "scaled or standardised"),
    (mapped(lambda x, y: (x + tf.random.uniform(tf.shape(x), 0, 9), y)), "augmentation"),
    (mapped(lambda x, y: (x[..., ::-1], y)), "blue comes first"),
    (mapped(lambda x, y: (x[:, :, ::-1], y)), "left and right have changed places"),
    (mapped(lambda x, y: (x[:, ::-1], y)), "upside down"),
    (mapped(lambda x, y: (x[:, ::-1, ::-1], y)), "half a turn"),
    (mapped(lambda x, y: (tf.transpose(x, (0, 2, 1, 3)), y)), "on their side"),
    (mapped(lambda x, y: (tf.zeros_like(x) + tf.reduce_mean(x, (1, 2), keepdims=True), y)), "only its mean colour"),
    (mapped(lambda x, y: (tf.image.random_flip_left_right(x), y)), "augmentation"),
    (opened(crop_to_aspect_ratio=True), "cut off"),
    (opened(pad_to_aspect_ratio=True), "not those of the files in the folder"),
    (mapped(lambda x, y: (x + 2, y)), "not those of the files"),
    (opened(shuffle=False, then=lambda dataset: dataset.unbatch().shuffle(2, seed=3).batch(32)), "or hardly"),
    (opened(shuffle=False, then=lambda dataset: dataset.shuffle(2, seed=3)), "or hardly"),
    (backwards, "or stand in another order"),
    (opened(batch_size=16), "up to 16 pictures"),
    (opened(where=lambda folder, split: folder), "opened the whole data set"),
    (opened(where=lambda folder, split: folder, label_mode="int", then=lambda dataset: dataset.map(
        lambda x, y: (x, tf.cast(y[:, None] > 1, tf.float32)))), "several splits are mixed"),
    (opened(where=lambda folder, split: folder / "train"), 'For split = "validation" the pictures of "train" came'),
    (opened(where=lambda folder, split: folder / split.title()), "Your code stopped with"),
    (opened(class_names=["malignant", "benign"]), "other way round"),
    (torn_apart, "do not belong together"),
    (opened(validation_split=0.2, subset="training"), "Only 39 of 48"),
    (opened(then=lambda dataset: dataset.unbatch().batch(32, drop_remainder=True)), "Only 32 of 48"),
    (opened(then=lambda dataset: dataset.unbatch().take(24).repeat(2).batch(32)), "came twice"),
    (opened(then=lambda dataset: dataset.repeat()), "does not end"),
    (opened(shuffle=True), "The validation pictures are shuffled"),
    (opened(shuffle=lambda split: split != "test"), "The validation pictures are shuffled"),
    (opened(shuffle=lambda split: split != "validation"), "The test pictures are shuffled"),
    (opened(shuffle=False), "training pictures are not shuffled"),
    (opened(shuffle=False, then=lambda dataset: dataset.shuffle(9)), "within a batch the files come in order"),
    (opened(shuffle=False, then=lambda dataset: dataset.shuffle(9, seed=1)), "training pictures are not shuffled"),
    (opened(where=lambda folder, split: None // 2), "Your code stopped with TypeError"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_each_mistake_has_its_own_reason(answer, words):
    assert_status("14.3", answer, "not yet", words)


@pytest.mark.parametrize("answer", [
    by_tf_data,
    opened(),
    opened(verbose=True, class_names=["benign", "malignant"], where=lambda folder, split: f"{folder}/{split}"),
    opened(seed=None, then=lambda dataset: dataset.cache().prefetch(tf.data.AUTOTUNE)),
    mapped(lambda x, y: (tf.cast(x, tf.uint8), y)),
    opened(interpolation="nearest"),
    opened(interpolation="bicubic"),
])  # fmt: skip
def test_styles_of_the_right_pipeline(answer):
    assert_status("14.3", answer, "right")
