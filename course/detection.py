"""Finding things in pictures: boxes and how far they overlap, hits counted once, and the FROC curve.

A box is (x0, y0, x1, y1) in pixels, x along the columns, y down the rows; x1 and y1 are edges, not the last pixel, so
its area is (x1 - x0) (y1 - y0).
"""

from typing import NamedTuple

import numpy as np

from course import CourseError

LUNA = (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8)  # false marks a picture at which LUNA16 takes the mean sensitivity


def _boxes(values, name):
    boxes = np.asarray(values, float).reshape(-1, 4) if np.size(values) == 0 else np.asarray(values, float)
    if boxes.ndim != 2 or boxes.shape[1] != 4 or not np.isfinite(boxes).all():
        raise CourseError(f"{name} must be boxes (n, 4), finite numbers x0, y0, x1, y1, not of shape {boxes.shape}.")
    if (boxes[:, 2:] < boxes[:, :2]).any():
        raise CourseError(f"{name}: a box ends before it begins. The order is x0, y0, x1, y1, x along the columns.")
    return boxes


def iou(a, b):
    """Return the intersection over union of each box of `a` (n, 4) with each of `b` (m, 4): (n, m), 0 to 1.

    Boxes that touch have 0; two empty boxes too.
    """
    a, b = _boxes(a, "a"), _boxes(b, "b")
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(axis=-1)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (a, b)]
    union = areas[0][:, None] + areas[1][None] - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def suppress(boxes, scores, threshold=0.5):
    """Return the places of the boxes that stay, best first: non-maximum suppression, greedy.

    The best box stays; all others that overlap it with an IoU above `threshold` go; the best of the rest stays, and so
    on. Of equal scores the first comes first. Two true lesions that touch may lose one.
    """
    boxes, scores = _boxes(boxes, "boxes"), np.asarray(scores, float)
    if scores.shape != (len(boxes),) or np.isnan(scores).any():
        raise CourseError(f"{len(boxes)} boxes need as many scores, none of them NaN; their shape is {scores.shape}.")
    order, overlap, kept = np.argsort(-scores, kind="stable"), iou(boxes, boxes), []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(int(best))
        order = order[overlap[best, order] <= threshold]
    return np.array(kept, int)


class Froc(NamedTuple):
    """lesions (m,): best score of a mark on each lesion, -inf where there is none. false (k,): scores of false marks.

    pictures: how many there were. of_lesions (m,) and of_false (k,): the picture of each.
    """

    lesions: np.ndarray
    false: np.ndarray
    pictures: int
    of_lesions: np.ndarray
    of_false: np.ndarray

    def at(self, threshold):
        """Return (sensitivity, false marks a picture) where every mark of at least this score is shown."""
        found = float(np.mean(self.lesions >= threshold)) if len(self.lesions) else float("nan")
        return found, float(np.sum(self.false >= threshold) / self.pictures)

    def curve(self):
        """Return (thresholds, sensitivities, false marks a picture), the strictest threshold first."""
        scores = np.concatenate([self.lesions[np.isfinite(self.lesions)], self.false])
        thresholds = np.unique(scores)[::-1]
        lesions, false = np.sort(self.lesions), np.sort(self.false)
        found = 1 - np.searchsorted(lesions, thresholds) / max(len(lesions), 1)
        wrong = (len(false) - np.searchsorted(false, thresholds)) / self.pictures
        return thresholds, found, wrong

    def sensitivity(self, false_marks):
        """Return the best sensitivity with at most so many false marks a picture, 0 where no threshold allows it."""
        _, found, wrong = self.curve()
        allowed = wrong <= false_marks + 1e-12
        return float(found[allowed].max()) if allowed.any() else 0.0

    def drawn(self, pictures):
        """Return the Froc of pictures drawn anew: their numbers, with repeats."""
        times = np.bincount(pictures, minlength=self.pictures)
        lesions, false = np.repeat(self.lesions, times[self.of_lesions]), np.repeat(self.false, times[self.of_false])
        return Froc(lesions, false, len(pictures), np.repeat(self.of_lesions, times[self.of_lesions]),
                    np.repeat(self.of_false, times[self.of_false]))


def froc(marks, scores, truth):
    """Return the Froc of marked pictures: lists of (n, 2) centres x, y; (n,) scores; (m, 3) lesions x, y, radius.

    LUNA16's rule: a mark hits a lesion when it lies at most its radius from its centre. Of several marks on one lesion
    the best counts, and the others count neither as hits nor as false.
    """
    if not len(marks) == len(scores) == len(truth) or not len(marks):
        raise CourseError(f"marks, scores and truth must be of the same pictures, but there are {len(marks)}, "
                          f"{len(scores)} and {len(truth)}.")
    best, wrong, of_best, of_wrong = [], [], [], []
    for number, (places, values, lesions) in enumerate(zip(marks, scores, truth, strict=True)):
        places, lesions = np.asarray(places, float).reshape(-1, 2), np.asarray(lesions, float).reshape(-1, 3)
        values = np.asarray(values, float).ravel()
        if len(values) != len(places):
            raise CourseError(f"picture {number} has {len(places)} marks and {len(values)} scores.")
        far = np.linalg.norm(places[:, None] - lesions[None, :, :2], axis=-1)
        hit = far <= lesions[None, :, 2]
        best += [values[column].max() if column.any() else -np.inf for column in hit.T]
        wrong += values[~hit.any(axis=1)].tolist()
        of_best += [number] * len(lesions)
        of_wrong += [number] * int((~hit.any(axis=1)).sum())
    return Froc(np.array(best), np.array(wrong), len(marks), np.array(of_best, int), np.array(of_wrong, int))
