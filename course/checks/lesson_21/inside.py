"""What the checker of exercise 21.3 needs: maps with masks, sums by SciPy, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = [Case(np.array([[0.0, 3], [-2, 1]]), np.array([[False, True], [True, False]]), note="four pixels")]
    for seed, shape in enumerate([(5, 7), (8, 3), (6, 6), (1, 9)]):
        rng = np.random.default_rng(seed)
        mask = rng.random(shape) < 0.4
        mask.flat[0], mask.flat[-1] = True, False
        every.append(Case(rng.normal(0.3, 1, shape).round(3), mask))
    return [*every, Case(np.abs(every[1].args[0]), every[1].args[1], note="no value below 0")]


def by_library(heat, mask):
    from scipy.ndimage import mean, sum_labels

    positive, number = np.where(heat > 0, heat, 0), mask.astype(int)
    out, within = sum_labels(positive, number, [0, 1])
    return within / (out + within), mean(number)


def wrong(heat_of=lambda heat: np.maximum(heat, 0), share=lambda heat, mask: heat[mask].sum() / heat.sum(),
          area=lambda mask: mask.mean()):  # fmt: skip
    """The two shares with something changed."""
    return lambda heat, mask: (share(heat_of(heat), mask), area(mask))


MISTAKES = mistakes(
    ("Values below 0 were added, too. They speak against the class and are no heat: cut them off first.",
     wrong(lambda heat: heat)),
    ("Values below 0 count as heat by their size. They speak against the class: cut them off.", wrong(np.abs)),
    ("The heat inside is not divided by all heat.", wrong(share=lambda heat, mask: heat[mask].sum())),
    ("The mean heat inside was taken. Asked was the share of all heat that lies inside: sums.",
     wrong(share=lambda heat, mask: heat[mask].mean() / heat.mean()),
     wrong(share=lambda heat, mask: heat[mask].mean())),
    ("The heat outside was taken.", wrong(share=lambda heat, mask: heat[~mask].sum() / heat.sum())),
    ("Heat inside was divided by the heat outside. The share is of all heat.",
     wrong(share=lambda heat, mask: heat[mask].sum() / heat[~mask].sum())),
    ("Whether the hottest pixel lies inside is the pointing game. Asked was the share of the heat.",
     wrong(share=lambda heat, mask: float(mask.flat[heat.argmax()]))),
    ("Hot pixels were counted. Their values are to be added.",
     wrong(share=lambda heat, mask: (heat[mask] > 0).sum() / (heat > 0).sum())),
    ("The share of heat is right. Chance is the mask's share of the pixels, not their number.",
     wrong(area=lambda mask: mask.sum())),
    ("The share of heat is right. Chance is the share of pixels INSIDE.", wrong(area=lambda mask: 1 - mask.mean())),
    ("The share of heat is right. Chance is not one half: it is the mask's share of the pixels.",
     wrong(area=lambda mask: 0.5)),
)  # fmt: skip
