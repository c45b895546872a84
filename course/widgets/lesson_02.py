"""Lesson 02: turn, shift, shear, zoom and flip a picture, and measure what a pathologist would measure."""

import functools

import numpy as np
from PIL import Image, ImageColor, ImageDraw
from skimage import transform

from course.data.cytology import draw, pixel_size, table
from course.imaging.measurement import measure_nuclei
from course.imaging.segmentation import segment_nuclei
from course.plots import font
from course.widgets.lesson_02_phantom import phantom, phantom_words
from course.widgets.lesson_04 import stacked

ENLARGED, GAP, TITLE, LINE = 2, 16, 24, 21  # times; pixels: between pictures, above them, a line of text
INK, PAPER, FOUND = "#000000", "#FFFFFF", "#FFD400"  # FOUND is seen on black, where black is not
PICTURES = {"benign cells": 49, "malignant cells": 253, "ultrasound phantom": None}  # patients of the table
FILLS = {"reflect": "symmetric", "nearest": "edge", "constant": "constant"}  # Keras's words, scikit-image's


def moved(picture, rotation=0.0, shift=0.0, shear=0.0, zoom_x=1.0, zoom_y=1.0, flip_x=False, flip_y=False,
          fill="reflect", order=1):
    """Return a picture (h, w) or (h, w, c) changed about its middle, type as given.

    rotation: degrees; shift: to the right, as a share of the width; shear: 0.2 moves the upper edge by 20 % of the
    height against the lower one; zoom: 1.2 makes everything 1.2 times as wide (x) or as tall (y); flip_x: left becomes
    right, flip_y: up becomes down. fill: what stands where nothing is known. order: 1 linear, 0 for labels.
    """
    h, w = picture.shape[:2]
    middle = np.array([w - 1, h - 1]) / 2
    angle = np.deg2rad(rotation)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    scale = np.diag([zoom_x * (-1 if flip_x else 1), zoom_y * (-1 if flip_y else 1)])
    matrix = np.eye(3)
    matrix[:2, :2] = turn @ np.array([[1, -shear], [0, 1]]) @ scale
    matrix[:2, 2] = middle - matrix[:2, :2] @ middle + [shift * w, 0]
    warped = transform.warp(picture, np.linalg.inv(matrix), order=order, mode=FILLS[fill], preserve_range=True)
    return np.rint(warped).astype(picture.dtype) if picture.dtype.kind in "ui" else warped


def enlarged(pictures, titles, side=300, columns=2):
    """Return a figure of grey pictures 0 to 1, each side x side dots: whole dots for each pixel, none left out."""
    image = Image.new("RGB", (columns * (side + GAP) - GAP, -(-len(pictures) // columns) * (side + TITLE)), PAPER)
    pen = ImageDraw.Draw(image)
    for place, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        left, top = place % columns * (side + GAP), place // columns * (side + TITLE)
        times = side // len(picture)
        dots = np.rint(255 * np.clip(picture, 0, 1)).astype(np.uint8).repeat(times, 0).repeat(times, 1)
        pen.text((left, top + 3), title, INK, font(14))
        image.paste(Image.fromarray(dots), (left, top + TITLE))
    return stacked([np.asarray(image)])


def outlined(picture):
    """Return a picture of cells enlarged, uint8 (2 h, 2 w, 3), every nucleus that a program finds in it outlined."""
    return np.asarray(_framed(picture, segment_nuclei(picture), FOUND))


def measured(picture):
    """Find and measure all nuclei of a picture of cells: dict of mean radius (table units), compactness and count."""
    return _means(picture, segment_nuclei(picture))


def same_nuclei(picture, **change):
    """Measure the nuclei of a picture before and after a change (see `moved`), each nucleus compared with itself.

    Only nuclei that are whole after the change count, and none that the fill has added. Returns two dicts as
    `measured` does, the picture and its labels after the change.
    """
    labels = _found(picture.tobytes(), picture.shape)
    after = moved(labels, **{**change, "order": 0, "fill": "constant"})
    cut = np.concatenate([after[:2].ravel(), after[-2:].ravel(), after[:, :2].ravel(), after[:, -2:].ravel()])
    after[np.isin(after, cut)] = 0
    before = np.where(np.isin(labels, after[after > 0]), labels, 0)
    changed = moved(picture, **change)
    return _means(picture, before), _means(changed, after), changed, after


def _means(picture, labels):
    nuclei = measure_nuclei(picture, labels, pixel_size(len(picture)))
    if not len(nuclei["radius"]):
        return {"radius": np.nan, "compactness": np.nan, "count": 0}
    return {"radius": nuclei["radius"].mean(), "compactness": nuclei["compactness"].mean(),
            "count": len(nuclei["radius"])}


@functools.lru_cache(maxsize=64)
def _found(pixels, shape):
    return segment_nuclei(np.frombuffer(pixels, np.uint8).reshape(shape))


@functools.cache
def _radii():
    rows, labels = table()
    radii = np.array([row["mean radius"] for row in rows])
    return {"benign": radii[labels == 0], "malignant": radii[labels == 1]}


def mistakable(factor=1.0):
    """Count patients whose mean radius, times factor, lies in the middle 90 % of the other class (as in the table).

    Returns (benign inside the malignant range, malignant inside the benign range).
    """
    radii = _radii()
    counts = []
    for own, other in (("benign", "malignant"), ("malignant", "benign")):
        low, high = np.percentile(radii[other], [5, 95])
        counts.append(int(np.sum((radii[own] * factor >= low) & (radii[own] * factor <= high))))
    return tuple(counts)


@functools.cache
def _picture(name):
    return phantom() if PICTURES[name] is None else draw(PICTURES[name])


@functools.cache
def _shown_before(name):
    cells = PICTURES[name] is not None
    return _framed(_picture(name), same_nuclei(_picture(name))[3] if cells else None)


def explored(picture="benign cells", **change):
    """Draw a picture before and after a change (see `moved`), with what is measured on both: uint8 (h, w, 3)."""
    before, shown = _picture(picture), _shown_before(picture)
    if PICTURES[picture] is None:
        changed, labels, words = moved(before, **change), None, phantom_words(moved, change)
    else:
        *values, changed, labels = same_nuclei(before, **change)
        words = _words(*values)
    image = Image.new("RGB", (2 * shown.width + GAP, TITLE + shown.height + 5 * LINE + 6), PAPER)
    pen = ImageDraw.Draw(image)
    after = _framed(changed, labels)
    for left, title, part in ((0, "before", shown), (shown.width + GAP, "after", after)):
        pen.text((left, 3), title, INK, font(14))
        image.paste(part, (left, TITLE))
    for line, text in enumerate(words):
        pen.text((0, TITLE + shown.height + 6 + line * LINE), text, INK, font(14))
    return np.asarray(image)


def _framed(picture, labels, colour=INK):
    """The picture enlarged; for cells with the outline of each nucleus that is measured."""
    size = (picture.shape[1] * ENLARGED, picture.shape[0] * ENLARGED)
    large = np.array(Image.fromarray(picture).convert("RGB").resize(size, Image.Resampling.NEAREST))
    if labels is not None:
        rims = np.zeros_like(labels, bool)
        rims[:-1] |= labels[:-1] != labels[1:]
        rims[:, :-1] |= labels[:, :-1] != labels[:, 1:]
        large[rims.repeat(ENLARGED, 0).repeat(ENLARGED, 1)] = ImageColor.getrgb(colour)
    return Image.fromarray(large)


def _words(before, after):
    if not after["count"]:
        return ["No nucleus is left whole."]
    factor = after["radius"] / before["radius"]
    now, then = mistakable(), mistakable(factor)
    return [
        f"whole nuclei left (outlined): {after['count']}; these nuclei before and after:",
        *(f"mean {name} {before[name]:.{digits}f} -> {after[name]:.{digits}f} ({after[name] / before[name] - 1:+.0%})"
          for name, digits in (("radius", 1), ("compactness", 3))),
        f"If all 569 radii changed so: benign inside the malignant range {now[0]} -> {then[0]} of 357,",
        f"malignant inside the benign range {now[1]} -> {then[1]} of 212",
    ]


__all__ = ["PICTURES", "enlarged", "explored", "measured", "mistakable", "moved", "outlined", "same_nuclei"]
