"""Small made-up pictures for tests of the system: bright discs, larger ones in the positive class."""

import numpy as np
from PIL import Image

from course.data import Split

MODEL = {"model.keras", "model.json", "history.csv", "report.json", "report.html"}  # what `course train` leaves


def blobs(n, seed=0, size=48):
    """Return Split(images uint8 (n, size, size, 3), labels 0, 1, 0, 1, ...), every picture different."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    images = rng.normal(60, 12, (n, size, size, 3))
    rows, columns = np.mgrid[:size, :size]
    for image, label in zip(images, labels, strict=True):
        for x, y in rng.uniform(6, size - 6, (6, 2)):
            image[np.hypot(rows - y, columns - x) < 2.5 + 1.5 * label] += 90
    return Split(np.clip(images, 0, 255).astype(np.uint8), labels)


def write_blobs(folder, size=48, classes=("benign", "malignant"), n=(24, 12, 12)):
    """Write train|validation|test/<class>/*.png below `folder` and return it."""
    for seed, (split, count) in enumerate(zip(("train", "validation", "test"), n, strict=True)):
        images, labels = blobs(count, seed, size)
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            path = folder / split / classes[label] / f"picture {number:02}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path)
    return folder
