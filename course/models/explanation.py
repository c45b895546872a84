"""One picture explained: the map of a Diagnoser's network, and the figure that `course explain` writes."""

from typing import NamedTuple

import numpy as np

from course.models.explain import Heat, grad_cam, logits, occlusion
from course.plots import new_figure, styled

PATCHES, STEPS = 10, 2  # the hidden square is a tenth of the picture's side, and moves by half of itself


class Explanation(NamedTuple):
    """heat: the map. logit: of the picture. method: a few words. unit: what the map's numbers are."""

    heat: Heat
    logit: float
    method: str
    unit: str


def explain(diagnoser, picture, method="grad-cam"):
    """Return the Explanation of a picture, uint8 (size, size, 3), by "grad-cam" or "occlusion".

    The network sees the picture as it is, not its mirror images, over which `course predict` may take the mean. The
    hidden square shows the picture's median colour.
    """
    model = diagnoser.model
    logit = float(logits(model, picture[None])[0])
    if method == "grad-cam":
        heat = grad_cam(model, picture[None])
        return Explanation(heat._replace(values=heat.values[0]), logit, "Grad-CAM", "what speaks for it, share of most")
    patch = max(1, round(len(picture) / PATCHES))
    heat = occlusion(lambda some: logits(model, some), picture, patch, max(1, patch // STEPS),
                     np.median(picture, axis=(0, 1)))
    return Explanation(heat, logit, f"occlusion, square of {patch} pixels", "fall of the logit while hidden")


@styled
def figure(picture, explanation, positive_class):
    """Draw the picture beside the same picture with its map and scale."""
    drawn = new_figure(8.0, 4.0)
    left, right = drawn.subplots(1, 2)
    left.imshow(picture)
    left.set_title(f"logit of {positive_class}: {explanation.logit:+.2f}", parse_math=False)
    show_heat(right, picture, explanation.heat, explanation.unit)
    right.set_title(explanation.method, parse_math=False)
    left.set_axis_off()
    drawn.supxlabel("Shows where the score reacts, proves nothing.", fontsize=11)
    return drawn


def show_heat(ax, picture, heat, unit=None, strength=0.55, most=None):
    """Lay a Heat over its picture on axes, with a scale where `unit` says what the numbers are.

    Signed maps get a scale about 0, so that white is 0; a map without values below 0 is divided by its largest.
    most: end of the scale of a signed map; None: its largest absolute value.
    """
    values, signed = heat.over(picture.shape), bool((heat.values < 0).any())
    most = float(np.abs(values).max() if most is None else most) or 1.0
    grey = picture.mean(axis=2) if picture.ndim == 3 else picture
    ax.imshow(grey, cmap="gray", vmin=0, vmax=255)
    looks = {"cmap": "RdBu_r", "vmin": -most, "vmax": most} if signed else {"cmap": "inferno", "vmin": 0, "vmax": 1}
    shown = ax.imshow(values if signed else values / most, alpha=strength, **looks)
    ax.set_axis_off()
    if unit:
        ax.figure.colorbar(shown, ax=ax, shrink=0.8, label=unit)
    return shown
