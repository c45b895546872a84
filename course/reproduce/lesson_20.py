"""The runs behind lesson 20: networks that may take a shortcut, judged where the shortcut means something else.

Four arms of five seeds, trained on the training patients of lesson 14's split, judged on those of validation. A run
keeps each patient's logit, and for malignant patients the highest place of each map.
"""

import functools
import time

import numpy as np

from course.data import cytology, marker
from course.files import atomic
from course.reproduce import behaviour
from course.reproduce.arms_20 import (
    ARMS,
    BATCH,
    COUNTED,
    EPOCHS,
    FILTERS,
    MARKED,
    MORE,
    PLAIN,
    RATE,
    SIZE,
    WEIGHTS,
    WHERE,
    carriers,
    network,
    patients,
    pictures,
    train,
    trained_on,
)
from course.reproduce.store import exact, reproduce

SEEDS = (0, 1, 2, 3, 4)
PATCH, STRIDE = 8, 4  # of the hidden square, pixels
SHOWN = 119  # a malignant patient of validation, whom the panel shows
PANEL_PATCHES, PANEL_STRIDE = (6, 10, 14), 2


def main(only=None):
    """Run everything (some 20 minutes of one core) or one part; write the result and the stored networks."""
    return reproduce(20, {"arms": arms, "panel": panel}, fingerprint, only)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return {"arms": {arm: _behaviour(arm) for arm in ARMS}, "seeds": list(SEEDS), "panel": _panel_behaviour()}


@functools.cache
def _behaviour(arm):
    """What an arm does: settings, layers, pictures, output at seeded weights and after a few seeded steps."""
    from course.models.explain import grad_cam, logits

    labels, training, judged = patients()
    rows = np.concatenate([training[:12], judged[labels[judged] == 1][:2]])
    images, model = pictures(*trained_on(arm), rows), network(0)
    before = logits(model, images)
    train(model, images[:12], labels[rows[:12]], 0, epochs=2)
    return {
        "training": [EPOCHS, BATCH, f"{RATE:g}", list(FILTERS), PATCH, STRIDE, "peaks"],
        "carriers": {where: int(carriers(where) @ np.arange(569)) for where in WHERE},
        "drawing": [behaviour.blocks(image.astype(float), 4) for image in images[::4]],
        "nuclei": behaviour.blocks(cytology.draw_mask(int(rows[0]), SIZE, nuclei=MORE) > 0, 4),
        "mark": behaviour.blocks(marker.marked(np.full((SIZE, SIZE, 3), 200, np.uint8)), 8),
        "layers": [[type(layer).__name__, layer.count_params()] for layer in model.layers],
        "outputs": behaviour.numbers(before),
        "after": behaviour.numbers(logits(model, images)),
        "maps": behaviour.blocks(100 * grad_cam(model, images[-1:], relu=False).values[0], 4),
    }


def _panel_behaviour():
    return [SHOWN, list(PANEL_PATCHES), PANEL_STRIDE]


def arms(parts):
    """Every arm, five seeds: {arm: [run, ...]}."""
    return {arm: [parts.get(f"{arm}, seed {seed}", _behaviour(arm), lambda arm=arm, seed=seed: _run(arm, seed, parts))
                  for seed in SEEDS] for arm in ARMS}  # fmt: skip


def _run(arm, seed, parts):
    """Train and judge: {seed, seconds, train: AUC, scores: {shortcut: {where: logits}}, pointing: {map: places}}."""
    from course.evaluation import metrics
    from course.models.explain import logits

    labels, training, judged = patients()
    shortcut, where = trained_on(arm)
    start, images = time.perf_counter(), pictures(shortcut, where, training)
    model = train(network(seed), images, labels[training], seed)
    if seed == 0 and arm in (PLAIN, MARKED):
        with atomic(weights_path(parts, arm)) as temporary:
            np.savez(temporary, *model.get_weights())
    seconds = round(time.perf_counter() - start, 1)
    shortcuts = ("mark", "nuclei") if arm == PLAIN else (shortcut,)
    scores = {name: {place: exact(logits(model, pictures(name, place, judged))) for place in WHERE}
              for name in shortcuts}  # fmt: skip
    return {"seed": seed, "seconds": seconds, "train": round(metrics.auc(labels[training], logits(model, images)), 4),
            "scores": scores, "pointing": pointing(model, arm)}


def weights_path(parts, arm):
    """Return where the weights of an arm's first network are kept between the parts."""
    return parts.path(f"{arm}, weights", ".npz")


def pointing(model, arm):
    """Return {map: where its highest cell has its middle, [row, column] in pixels}, of the malignant of validation.

    Their pictures are drawn as the arm was trained.
    """
    from course.models.explain import grad_cam, logits, occlusion

    labels, _, judged = patients()
    images = pictures(*trained_on(arm), judged[labels[judged] == 1])
    cam = grad_cam(model, images)
    hidden = [occlusion(lambda some: logits(model, some), image, PATCH, STRIDE, np.median(image, axis=(0, 1)))
              for image in images]  # fmt: skip
    return {"Grad-CAM": [peak(cam._replace(values=values)) for values in cam.values],
            "occlusion": [peak(heat) for heat in hidden]}  # fmt: skip


def peak(heat):
    """Return [row, column] of the middle of a Heat's highest cell."""
    row, column = np.unravel_index(heat.values.argmax(), heat.values.shape)
    return [float(heat.rows[row]), float(heat.columns[column])]


def masks(arm=PLAIN):
    """Return where nuclei lie in the pictures of the malignant patients of validation: bool (32, 64, 64)."""
    labels, _, judged = patients()
    count = MORE if arm == COUNTED else 15
    return np.stack([cytology.draw_mask(int(case), SIZE, nuclei=count) > 0 for case in judged[labels[judged] == 1]])


def panel(parts):
    """Write the stored networks, and for the panel the logits of one picture with a square at each place.

    Returns {arm: the picture's logit}; the rest is in the file, float32.
    """
    from course.models.explain import logits, occlusion

    kept, found = {}, {}
    image = pictures("mark", "malignant", [SHOWN])[0]
    for arm in (PLAIN, MARKED):
        with np.load(weights_path(parts, arm), allow_pickle=False) as weights:
            arrays = [weights[f"arr_{number}"] for number in range(len(weights.files))]
        model = network(0)
        model.set_weights(arrays)
        kept |= {f"{arm} {number}": array for number, array in enumerate(arrays)}
        found[arm] = round(float(logits(model, image[None])[0]), 4)
        for patch in PANEL_PATCHES:
            heat = occlusion(lambda some, model=model: logits(model, some), image, patch, PANEL_STRIDE,
                             np.median(image, axis=(0, 1)))
            kept[f"{arm} drops {patch}"] = heat.values.astype(np.float32)
    with atomic(WEIGHTS) as temporary:
        np.savez_compressed(temporary, **kept)
    return found
