"""What the checker of exercise 20.3 needs: heats, masks, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    every = []
    for seed, sizes in enumerate([[(4, 4)] * 3, [(3, 7), (8, 5), (6, 6), (2, 9), (5, 5)], [(6, 4)] * 8, [(5, 8)] * 6]):
        rng = np.random.default_rng(seed + 3)
        heats = [rng.normal(size=size).round(3) - (seed == 3) * 5 for size in sizes]
        masks = [rng.random(size) < 0.15 + 0.6 * rng.random() for size in sizes]
        for k in range(0, len(heats), 2):
            masks[k][np.unravel_index(heats[k].argmax(), heats[k].shape)] = True
        every.append(Case(heats, masks, note="all heats below 0" if seed == 3 else ""))
    return every


def by_library(heats, masks):
    from scipy.ndimage import maximum_position

    hits = [bool(mask[maximum_position(heat)]) for heat, mask in zip(heats, masks, strict=True)]
    return float(np.mean(hits)), float(np.mean([mask.mean() for mask in masks]))


def wrong(hit=lambda heat, mask: mask[np.unravel_index(heat.argmax(), heat.shape)], chance=None, total=np.mean):
    """The game with something changed: hit(heat, mask), chance(masks), total of the hits."""
    def answer(heats, masks):
        hits = [hit(heat, mask) for heat, mask in zip(heats, masks, strict=True)]
        return total(hits), np.mean([mask.mean() for mask in masks]) if chance is None else chance(masks)
    return answer


def _turned(heat, mask):
    place = np.unravel_index(heat.argmax(), heat.shape)[::-1]
    return mask[min(place[0], mask.shape[0] - 1), min(place[1], mask.shape[1] - 1)]


MISTAKES = mistakes(
    ("The hits were counted. Divide by the number of pictures.", wrong(total=np.sum)),
    ("The game was played with the lowest place of each heat: argmax, not argmin.",
     wrong(lambda heat, mask: mask[np.unravel_index(heat.argmin(), heat.shape)])),
    ("The place of the largest absolute value was taken. Take the largest value: below 0 it speaks against.",
     wrong(lambda heat, mask: mask[np.unravel_index(np.abs(heat).argmax(), heat.shape)])),
    ("Rows and columns of the place have changed places: np.unravel_index(number, heat.shape) gives (row, column).",
     wrong(_turned)),
    ("The share of heat inside the mask was taken. A hit is 1 or 0: is the highest place in the mask?",
     wrong(lambda heat, mask: heat[mask].sum() / heat.sum())),
    ("Any high place in the mask counted as a hit. Only the highest one does.",
     wrong(lambda heat, mask: bool((heat > heat.mean())[mask].any()))),
    ("The hits are right. Chance is the mean of each picture's own share of mask; here all pixels lie in one heap.",
     wrong(chance=lambda masks: sum(mask.sum() for mask in masks) / sum(mask.size for mask in masks))),
    ("The hits are right. Chance is not one half: a blind finger meets the mask as often as the mask is large.",
     wrong(chance=lambda masks: 0.5)),
    ("The hits are right. Chance is the share INSIDE the mask.",
     wrong(chance=lambda masks: 1 - np.mean([mask.mean() for mask in masks]))),
    ("The hits are right. The mask's pixels were counted; chance is their share of the picture.",
     wrong(chance=lambda masks: np.mean([mask.sum() for mask in masks]))),
)  # fmt: skip
