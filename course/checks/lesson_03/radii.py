"""What the checker of exercise 3.2 needs: the equivalent radii of labelled nuclei."""

import numpy as np
from skimage.measure import label, regionprops

from course.checks.compare import Case, Mistake, mistakes


def cases():
    touching, gaps, apart = np.zeros((6, 9), int), np.zeros((9, 9), np.uint8), np.zeros((7, 8), int)
    touching[1:5, 1:4], touching[1:5, 4:8] = 1, 2
    gaps[0, 0:4], gaps[3:5, 2:8], gaps[6:9, 0:3], gaps[8, 6:] = 2, 5, 200, 5
    apart[1:3, 1:3], apart[4:6, 4:7], apart[0, 6] = 3, 1, 2
    return [
        Case(apart, 1.0, note="three nuclei, lengths in pixels"),
        Case(apart, 2.0, note="a pixel is 2 units wide"),
        Case(touching, 0.5, note="two nuclei that touch, with labels 1 and 2"),
        Case(gaps, 2, note="labels 2, 5 and 200: others were removed at the picture's edge; 5 is in two pieces"),
        Case(_fields(np.random.default_rng(33)), 0.25, note="a larger picture"),
        Case(np.ones((4, 5), int), 3.0, note="one nucleus fills the picture: no background at all"),
        Case(np.array([[4, 4, 0, 1, 1, 9]]), 0.1, note="one row, two nuclei of one size"),
        Case(np.zeros((4, 5), int), 2.0, note="no nucleus: an empty row"),
    ]


def _fields(rng):
    labels = np.zeros((60, 60), np.int32)
    rows, columns = np.mgrid[:60, :60]
    for number, (y, x) in enumerate([(12, 12), (12, 40), (40, 14), (42, 42)], start=1):
        labels[np.hypot(rows - y, columns - x) <= rng.uniform(4, 11)] = number
    return labels


def by_regionprops(labels, pixel_size):
    return np.array([region.equivalent_diameter_area / 2 * pixel_size for region in regionprops(labels)], float)


def _areas(labels):
    return np.unique(labels[labels > 0], return_counts=True)[1]


def _with(rule=lambda a, p: np.sqrt(a / np.pi) * p, areas=_areas):
    """The radii with another rule (area in pixels, pixel size), or of other areas."""
    return lambda labels, pixel_size: rule(np.asarray(areas(labels), float), pixel_size)


def _numbered(first, end=0):
    """The areas of the labels from `first` to the largest, whether they are there or not; `end` is added to that."""
    return lambda labels: [np.sum(labels == number) for number in range(first, int(labels.max()) + 1 + end)]


TABLE = [  # the reason, and the wrong ways that it explains; a area in pixels, p pixel size
    ("The background has been counted as a nucleus: label 0 is not one. Leave it out.",
     _with(areas=lambda labels: np.unique(labels, return_counts=True)[1])),
    ("The background has been counted as a nucleus (label 0), and labels that no pixel has as nuclei of radius 0.",
     _with(areas=_numbered(0))),
    ("A label that no pixel has is no nucleus, and a radius of 0 would pull the mean down. Take the labels that are "
     "there: np.unique(labels).", _with(areas=_numbered(1))),
    ("The labels were counted up to the last but one: `range(n)` runs from 0 to n - 1. The ground is label 0, and not "
     "every number need be there: np.unique(labels).", _with(areas=_numbered(0, -1)), _with(areas=_numbered(1, -1))),
    ("In this case no pixel is ground, and `[1:]` threw away a nucleus. Take the labels above 0 first, "
     "labels[labels > 0], and count those.",
     _with(areas=lambda labels: np.unique(labels, return_counts=True)[1][1:])),
    ("The picture was labelled anew from nucleus or not, and nuclei that touch have become one. They have labels of "
     "their own; use those.",
     *(lambda labels, p, c=c: by_regionprops(label(labels > 0, connectivity=c), p) for c in (1, 2))),
    ("The radii stand in the order in which the nuclei appear. Asked is the order of the labels: 1 before 2.",
     _with(areas=lambda labels: [np.sum(labels == k) for k in dict.fromkeys(labels[labels > 0].tolist())])),
    ("These are areas. Which radius does a disc of that area have?",
     _with(lambda a, p: a * p**2), _with(lambda a, p: a)),
    ("The pixel size is not used as a length: a pixel 2 wide is also 2 high, so its area is 4, and its radius, a "
     "length, takes the size once.", *map(_with, [
         lambda a, p: np.sqrt(a * p / np.pi), lambda a, p: np.sqrt(a / np.pi) * p**2,
         lambda a, p: np.sqrt(a / np.pi) / p, lambda a, p: np.sqrt(a / np.pi)])),
    ("A disc of radius r has the area a = pi r^2. So r is the root of a / pi, of both.", *map(_with, [
        lambda a, p: a / np.pi * p**2, lambda a, p: np.sqrt(a) / np.pi * p, lambda a, p: np.sqrt(a) * p,
        lambda a, p: a * p**2 / (2 * np.pi), lambda a, p: np.sqrt(a * np.pi) * p])),
    ("That is half the side of a square of the same area. Asked is the radius of a disc.",
     _with(lambda a, p: np.sqrt(a) / 2 * p)),
]  # fmt: skip
MISTAKES = [
    *mistakes(*TABLE),
    Mistake("This is one number for all nuclei. Each has a radius of its own.",
            when=lambda result, expected, *inputs: np.isscalar(result)),
]  # fmt: skip
