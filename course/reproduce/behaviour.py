"""Fingerprints of behaviour: what the code behind a stored run *does*, in a few hundred numbers.

A stored result is stale when the code behaves differently, not when it is spelled differently. So each result keeps
what the code did on a small input when the result was made: block means of drawn cells, measured features, a network's
configuration and its outputs at seeded weights, losses of the first seeded steps. `differences` compares them with what
the code does now; its tolerance spans processors, which round differently. Moving, renaming or rewording code changes
none of these numbers.
"""

import numpy as np

CASES = (12, 100, 391)  # a benign and two malignant patients, one of them with small and very uneven nuclei
TOLERANCE = 1e-3  # of a value, or of 1 where it is smaller; rounding on another processor moves the losses by 1e-5


def drawing(size=150, fields=2):
    """Drawn cells in grey levels: for each field the means of 3 x 3 blocks, and how far neighbours differ there."""
    from course.data import cytology

    fields = [cytology.draw(case, size, field).astype(float) for case in CASES for field in range(fields)]
    return [blocks(field, 3) + blocks(np.abs(np.diff(field, axis=1)), 3) for field in fields]


def measuring():
    """For each case the number of nuclei found and the ten mean features, in the table's units."""
    from course.data import cytology
    from course.imaging.measurement import FEATURES, measure
    from course.imaging.segmentation import segment_nuclei

    rows = []
    for case in CASES:
        image = cytology.draw(case)
        labels = segment_nuclei(image)
        found = measure(image, labels, cytology.pixel_size(len(image)))
        rows.append(numbers([labels.max(), *(found[f"mean {name}"] for name in FEATURES)]))
    return rows


def training(recipe, size=64):
    """What a recipe does in its first three steps of four small pictures, seeded: network, augmentation, losses.

    recipe: course.models.training.Recipe.
    """
    from dataclasses import replace

    from course.data import Split, cytology
    from course.models.training import fit, predict_scores
    from course.quiet_tensorflow import keras

    cases = first_of_each_class()
    images, labels = np.stack([cytology.draw(case, size) for case in cases]), cytology.table()[1][cases]
    train, validation = Split(images[:12], labels[:12]), Split(images[12:], labels[12:])
    keras.utils.set_random_seed(0)
    network = recipe.build((size, size, 3), seed=0)
    before = predict_scores(network, validation.images, recipe.flips)
    short = replace(recipe, batch_size=4, epochs=1, warmup=0)
    history = fit(network, train, validation, short, seed=0, progress=False).iloc[0]
    return {
        **settings(recipe),
        "layers": [[type(layer).__name__, layer.count_params()] for layer in network.layers],
        "augmented": augmented(recipe.augmentation, images[:4]),
        "outputs": numbers(before),
        "losses": numbers(history[name] for name in ("loss", "val_loss")),
        "scores": numbers(predict_scores(network, validation.images, recipe.flips)),
    }


def settings(recipe):
    """The recipe's entries, and its learning rate in each epoch; as texts, since no processor rounds a setting."""
    from dataclasses import asdict

    return {"recipe": {name: str(value) for name, value in asdict(recipe).items()},
            "rates": [f"{recipe.learning_rate_at(epoch):.6g}" for epoch in range(1, recipe.epochs + 1)]}


def first_of_each_class(n=8):
    """Return the row numbers of the first n benign and n malignant patients, in turns: (2n,)."""
    from course.data import cytology

    labels = cytology.table()[1]
    return np.stack([np.flatnonzero(labels == kind)[:n] for kind in (0, 1)], axis=1).ravel()


def augmented(name, images):
    """Block means (10 x 10) of the pictures as an augmentation preset changes them, seeded; [] without one."""
    from dataclasses import asdict

    from course.models.augmentation import Augment, preset

    if name is None:
        return []
    layer = Augment(seed=0, **asdict(preset(name)))
    return blocks(np.asarray(layer(images.astype("float32"), training=True)).reshape(-1, *images.shape[2:]), 10)


def blocks(picture, grid):
    """Return the means of grid x grid blocks of a picture (h, w[, c]), one after the other."""
    rows = np.array_split(np.asarray(picture, float), grid)
    return numbers(np.concatenate([block.mean(axis=(0, 1)).ravel() for row in rows
                                   for block in np.array_split(row, grid, axis=1)]))


def numbers(values):
    """Return values as floats of six significant digits, which JSON keeps."""
    return [float(f"{value:.6g}") for value in values]


def differences(stored, now, name="fingerprint"):
    """Return sentences that say where two fingerprints disagree beyond TOLERANCE; none when the code behaves alike."""
    if isinstance(stored, dict) and isinstance(now, dict):
        missing = [f"{name}: {key!r} is only in one of the two" for key in sorted({*stored} ^ {*now})]
        return missing + [text for key in stored if key in now
                          for text in differences(stored[key], now[key], f"{name}, {key}")]
    if isinstance(stored, (list, tuple)) and isinstance(now, (list, tuple)):
        if len(stored) != len(now):
            return [f"{name}: {len(stored)} entries, now {len(now)}"]
        return [text for k, pair in enumerate(zip(stored, now, strict=True))
                for text in differences(*pair, f"{name}[{k}]")]
    if _is_number(stored) and _is_number(now):
        alike = abs(stored - now) <= TOLERANCE * max(1, abs(stored))
    else:
        alike = stored == now
    return [] if alike else [f"{name}: {stored!r}, now {now!r}"]


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
