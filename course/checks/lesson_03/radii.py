"""What the checker of exercise 3.2 needs: the equivalent radii of labelled nuclei."""

import numpy as np

from course.checks.compare import Case, Mistake
from course.checks.core import NotYet


def as_array(result):
    """Return numbers in any row, a list, tuple or generator, as an array."""
    if isinstance(result, dict):
        raise NotYet("The radii came back in a dictionary. Asked is a row of numbers, in the order of the labels.")
    if isinstance(result, (list, tuple)) or hasattr(result, "__next__"):
        return np.array([float(value) if np.ndim(value) == 0 else value for value in result], float)
    return result


def cases():
    rng = np.random.default_rng(33)
    touching = np.zeros((6, 9), int)
    touching[1:5, 1:4], touching[1:5, 4:8] = 1, 2
    gaps = np.zeros((9, 9), int)
    gaps[0, 0:4], gaps[3:5, 2:8], gaps[6:9, 0:3] = 2, 5, 6
    apart = np.zeros((7, 8), int)
    apart[1:3, 1:3], apart[4:6, 4:7], apart[0, 6] = 3, 1, 2
    return [
        Case(apart, 1.0, note="three nuclei, lengths in pixels"),
        Case(apart, 2.0, note="a pixel is 2 units wide"),
        Case(touching, 0.5, note="two nuclei that touch, with labels 1 and 2"),
        Case(gaps, 2.0, note="labels 2, 5 and 6: the others were removed at the picture's edge"),
        Case(_fields(rng), 0.25, note="a larger picture"),
        Case(np.ones((4, 5), int), 3.0, note="one nucleus fills the picture: no background at all"),
        Case(np.zeros((4, 5), int), 2.0, note="no nucleus: an empty row"),
    ]


def _fields(rng):
    labels = np.zeros((60, 60), np.int32)
    rows, columns = np.mgrid[:60, :60]
    for label, (y, x) in enumerate([(12, 12), (12, 40), (40, 14), (42, 42)], start=1):
        labels[np.hypot(rows - y, columns - x) <= rng.uniform(4, 11)] = label
    return labels


def by_regionprops(labels, pixel_size):
    from skimage.measure import regionprops

    return np.array([region.equivalent_diameter_area / 2 * pixel_size for region in regionprops(labels)], float)


def _areas(labels):
    found = np.unique(labels)
    return np.array([np.sum(labels == label) for label in found if label > 0], float)


def _of_areas(rule):
    return lambda labels, pixel_size: rule(_areas(labels), pixel_size)


def _with_background(labels, pixel_size):
    areas = np.array([np.sum(labels == label) for label in np.unique(labels)], float)
    return np.sqrt(areas / np.pi) * pixel_size


def _every_number(labels, pixel_size):
    return np.sqrt(np.bincount(labels.ravel())[1:] / np.pi) * pixel_size


def _every_number_with_background(labels, pixel_size):
    return np.sqrt(np.bincount(labels.ravel()) / np.pi) * pixel_size


def _from_zero(labels, pixel_size):
    return np.sqrt(np.bincount(labels.ravel())[:-1] / np.pi) * pixel_size if labels.any() else np.array([])


def _without_last(labels, pixel_size):
    right = by_regionprops(labels, pixel_size)
    return np.sqrt(np.bincount(labels.ravel())[1:-1] / np.pi) * pixel_size if len(right) else right


def _first_dropped(labels, pixel_size):
    return _with_background(labels, pixel_size)[1:]


def _labelled_anew(labels, pixel_size):
    from skimage.measure import label

    return by_regionprops(label(labels > 0), pixel_size)


def _box_widths(labels, pixel_size):
    from skimage.measure import regionprops

    return np.array([np.sqrt(region.area_bbox / np.pi) * pixel_size for region in regionprops(labels)], float)


MISTAKES = [
    Mistake("The background has been counted as a nucleus: label 0 is not one. Leave it out.", wrong=_with_background),
    Mistake("The background has been counted as a nucleus (label 0), and labels that no pixel has as nuclei of radius "
            "0.", wrong=_every_number_with_background),
    Mistake("A label that no pixel has is no nucleus, and a radius of 0 would pull the mean down. Take the labels that "
            "are there: np.unique(labels).", wrong=_every_number),
    Mistake("The labels were counted from 0 and the last one is left out: `range(n)` runs from 0 to n - 1. The ground "
            "is label 0, and no nucleus.", wrong=_from_zero),
    Mistake("In this case no pixel is ground, and `[1:]` threw away a nucleus. Take the labels above 0 first, "
            "labels[labels > 0], and count those.", wrong=_first_dropped),
    Mistake("The last label is left out: `range(1, n)` ends before n.", wrong=_without_last),
    Mistake("Nuclei that touch have become one: the picture was labelled anew from nucleus or not. They have labels of "
            "their own; use those.", wrong=_labelled_anew),
    Mistake("These are diameters, twice the radius.", wrong=_of_areas(lambda a, p: 2 * np.sqrt(a / np.pi) * p)),
    Mistake("These are areas, in square units. Which radius does a disc of that area have?",
            wrong=_of_areas(lambda a, p: a * p**2)),
    Mistake("These are areas, in pixels. Which radius does a disc of that area have?", wrong=_of_areas(lambda a, p: a)),
    Mistake("The area was multiplied by the pixel size once. A pixel that is 2 wide is also 2 high: its area is 4.",
            wrong=_of_areas(lambda a, p: np.sqrt(a * p / np.pi))),
    Mistake("The radius was multiplied by the square of the pixel size. That is for areas; a length takes it once.",
            wrong=_of_areas(lambda a, p: np.sqrt(a / np.pi) * p**2)),
    Mistake("The radius was divided by the pixel size. A pixel that is 2 units wide makes lengths in units larger.",
            wrong=_of_areas(lambda a, p: np.sqrt(a / np.pi) / p)),
    Mistake("These are radii in pixels; the pixel size is not used.", wrong=_of_areas(lambda a, p: np.sqrt(a / np.pi))),
    Mistake("The root is missing: a / pi is the square of the radius.",
            wrong=_of_areas(lambda a, p: a / np.pi * p**2)),
    Mistake("The root was taken of the area alone. pi belongs under it: a = pi r^2, so r = sqrt(a / pi).",
            wrong=_of_areas(lambda a, p: np.sqrt(a) / np.pi * p)),
    Mistake("That is half the side of a square of the same area. Asked is the radius of a disc.",
            wrong=_of_areas(lambda a, p: np.sqrt(a) / 2 * p)),
    Mistake("a = 2 pi r was solved for r; that is the way round a disc. Its area is pi r^2.",
            wrong=_of_areas(lambda a, p: a * p**2 / (2 * np.pi))),
    Mistake("This is the area of the box round each nucleus, not its own.", wrong=_box_widths),
    Mistake("The radii are right, but sorted. Give them in the order of the labels.",
            wrong=lambda labels, pixel_size: np.sort(by_regionprops(labels, pixel_size))),
    Mistake("This is one number for all nuclei. Each has a radius of its own.",
            when=lambda result, expected, *inputs:
                isinstance(result, (int, float, np.number)) and np.size(expected) != 1),
]  # fmt: skip
