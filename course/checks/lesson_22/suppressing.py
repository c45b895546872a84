"""What the checker of exercise 22.3 needs: boxes with scores, greedy suppression, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes
from course.checks.lesson_22.overlap import by_pixels


def cases():
    chain = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10], [40, 0, 50, 10]], float)
    every = [Case(chain, np.array([0.9, 0.8, 0.7, 0.6]), 0.3, note="a chain: the third overlaps the second alone"),
             Case(chain[::-1], np.array([0.6, 0.7, 0.8, 0.9]), 0.3, note="the same, the worst first")]
    half = np.array([[0, 0, 10, 10], [0, 0, 10, 5], [2, 0, 10, 10]], float)
    every.append(Case(half, np.array([0.5, 0.9, 0.1]), 0.5, note="an overlap of exactly the threshold"))
    for seed, (n, threshold) in enumerate([(8, 0.3), (12, 0.5), (1, 0.5), (15, 0.1)]):
        rng = np.random.default_rng(seed)
        low = rng.integers(0, 20, (n, 2))
        every.append(Case(np.hstack([low, low + rng.integers(6, 14, (n, 2))]).astype(float),
                          rng.permutation(n) / n, threshold))
    return every


def by_loop(boxes, scores, threshold):
    return greedy(boxes, scores, threshold)


def greedy(boxes, scores, threshold, descending=True, against="kept", lose=lambda over, threshold: over > threshold):
    """The loop; against: whom a box is compared with, those kept or all before."""
    order = [int(k) for k in np.argsort(-np.asarray(scores) if descending else np.asarray(scores), kind="stable")]
    squares = [tuple(map(int, box)) for box in boxes]
    overlap, kept = [[by_pixels(one, other) for other in squares] for one in squares], []
    for place, k in enumerate(order):
        rivals = kept if against == "kept" else order[:place]
        if not any(lose(overlap[k][rival], threshold) for rival in rivals):
            kept.append(k)
    return np.array(kept, int)


MISTAKES = mistakes(
    ("A box was compared with boxes that had been suppressed. Only those that are kept can suppress others.",
     lambda boxes, scores, threshold: greedy(boxes, scores, threshold, against="all")),
    ("The worst boxes were kept. Begin with the highest score.",
     lambda boxes, scores, threshold: greedy(boxes, scores, threshold, descending=False)),
    ("The right boxes, in the order of the list. Give them best first.",
     lambda boxes, scores, threshold: np.sort(greedy(boxes, scores, threshold))),
    ("The scores were not looked at: boxes were kept in the order of the list.",
     lambda boxes, scores, threshold: greedy(boxes, np.zeros(len(boxes)), threshold)),
    ("Boxes that overlap little were dropped, and those that overlap much stayed.",
     lambda boxes, scores, threshold: greedy(boxes, scores, threshold, lose=lambda over, t: over <= t)),
    ("A box whose overlap equals the threshold stays: above it was asked.",
     lambda boxes, scores, threshold: greedy(boxes, scores, threshold, lose=lambda over, t: over >= t)),
    ("Every box stayed. Drop those that overlap a better one by more than the threshold.",
     lambda boxes, scores, threshold: np.argsort(-np.asarray(scores), kind="stable")),
    ("Only the best box of all stayed. Go on with the best of the rest.",
     lambda boxes, scores, threshold: np.array([int(np.argmax(scores))])),
    ("These are scores. Asked were the places of the boxes kept.",
     lambda boxes, scores, threshold: np.asarray(scores)[greedy(boxes, scores, threshold)]),
)  # fmt: skip
