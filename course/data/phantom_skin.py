"""A drawn pigmented spot on drawn skin: outline, edge, colours, extent and skin tone known.

It stands for no patient: pigment darkens the skin by the Beer-Lambert law, so the same spot stands out by fewer grey
levels on dark skin because it was drawn so; there is no hair, no shine, no net of pigment, and the outline alone is
symmetric or not. What it can show is what a rule does on skin that it was never taught on.
"""

import functools
from typing import NamedTuple

import numpy as np

from course import CourseError

SIZE, PIXEL = 160, 0.1  # pixels a side; mm
TONES = {"very light": 62.0, "light": 48.0, "intermediate": 34.0, "tan": 19.0, "brown": -10.0, "dark": -45.0}  # degrees
PIGMENTS = {  # optical density of the pigment in red, green and blue; white lightens
    "light brown": (0.30, 0.50, 0.75), "dark brown": (0.90, 1.20, 1.45), "black": (2.0, 2.0, 1.9),
    "red": (0.02, 0.55, 0.50), "blue-grey": (0.95, 0.75, 0.50), "white": (-0.22, -0.26, -0.30),
}  # fmt: skip
ABRUPT, GRADUAL = 0.6, 4.0  # pixels: how soft the edge is
NOISE = 3.0  # grey levels, standard deviation


class Spot(NamedTuple):
    """picture: uint8 (160, 160, 3). mask: bool (160, 160). The rest: what was drawn, as asked for in `spot`."""

    picture: np.ndarray
    mask: np.ndarray
    regions: np.ndarray  # int (160, 160): number of the pigment in `pigments`, -1 outside
    pigments: tuple
    tone: float
    asymmetry: int
    border: int
    extent: float


def skin_colour(tone):
    """Return the colour of skin, sRGB 0 to 1 (3,), whose individual typology angle is `tone`, degrees.

    The angle is arctan((L* - 50) / b*) (Chardon, Cretois and Hourseau, 1991); here a* = 12 and b* = 17 throughout.
    """
    from skimage.color import lab2rgb

    return lab2rgb([50 + 17 * np.tan(np.radians(tone)), 12.0, 17.0])


def spot(seed, tone=48.0, asymmetry=0, border=4, colours=2, extent=8.0):
    """Draw one spot, of one seed always the same; with another tone the same spot on other skin.

    tone: individual typology angle, -60 (dark) to 65 (light) degrees. asymmetry: 0, 1 or 2 axes about which the outline
    is not symmetric. border: 0 to 8 of eight segments end abruptly. colours: 1 to 6. extent: longest diameter, 4 to
    12 mm.
    """
    _within(tone=(tone, -60, 65), extent=(extent, 4, 12))
    _whole(asymmetry=(asymmetry, 0, 2), border=(border, 0, 8), colours=(colours, 1, 6))
    cover, density, light, noise, regions, names = _plan(seed, asymmetry, border, colours, float(extent))
    bright = 255 * skin_colour(tone) * np.exp(-cover * density) * light + noise
    picture = np.clip(bright, 0, 255).round().astype(np.uint8)
    return Spot(picture, regions >= 0, regions.copy(), names, float(tone), asymmetry, border, float(extent))


@functools.lru_cache(maxsize=8)
def _plan(seed, asymmetry, border, colours, extent):
    """All of a spot but the skin under it: cover, density, light, noise, regions, names of pigments."""
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng([22, 7, seed])
    turn, centre = rng.uniform(0, 2 * np.pi), SIZE / 2 + rng.uniform(-4, 4, 2)
    sharp = rng.permutation(8)[:border]
    rows, columns = np.mgrid[:SIZE, :SIZE]
    angle = np.arctan2(rows - centre[0], columns - centre[1]) - turn
    scale = extent / PIXEL / _longest(_outline(np.linspace(0, 2 * np.pi, 361), asymmetry))
    inside = scale * _outline(angle, asymmetry) - np.hypot(rows - centre[0], columns - centre[1])  # pixels, nearly
    segment = np.floor(np.mod(angle, 2 * np.pi) / (np.pi / 4)).astype(int) % 8
    softness = np.where(np.isin(segment, sharp), ABRUPT, GRADUAL)
    cover = 1 / (1 + np.exp(-np.clip(inside / softness, -30, 30)))
    names = ("light brown", *rng.permutation([name for name in PIGMENTS if name != "light brown"]))[:colours]
    wave = gaussian_filter(rng.normal(size=(SIZE, SIZE)), 8)
    regions = _equal_parts(np.mod(angle + 0.5 * wave / wave.std(), 2 * np.pi), inside > 0, colours)
    density = _spread(np.array([PIGMENTS[name] for name in names])[regions], inside > 0)
    light = 1 + 0.08 * ((columns - SIZE / 2) * np.cos(turn) + (rows - SIZE / 2) * np.sin(turn)) / SIZE
    noise = rng.normal(0, NOISE, (SIZE, SIZE, 3))
    return cover[..., None], density, light[..., None], noise, regions, tuple(map(str, names))


def _outline(angle, asymmetry):
    """The outline's distance from the centre: symmetric about two axes, one, or none that are common to both waves."""
    three = (0.0, 0.16 * np.cos(3 * angle), 0.16 * np.cos(3 * (angle - np.radians(15))))[asymmetry]
    return 1 + 0.14 * np.cos(2 * angle) + three


def _longest(radii):
    from scipy.spatial.distance import pdist

    angle = np.linspace(0, 2 * np.pi, len(radii))
    return pdist(np.column_stack([radii * np.cos(angle), radii * np.sin(angle)])).max()


def _equal_parts(field, mask, count):
    """Number the pixels of a mask 0 to count - 1 by rank of a field, in parts of equal area; -1 outside."""
    parts = np.full(mask.shape, -1)
    ranks = field[mask].argsort().argsort()
    parts[mask] = ranks * count // len(ranks)
    return parts


def _spread(density, mask):
    """Pigment (rows, columns, 3) smoothed within the mask; beyond it, for the soft edge, that of near parts."""
    from scipy.ndimage import gaussian_filter

    def local(sigma):
        weight = gaussian_filter(mask.astype(float), sigma)[..., None]
        return gaussian_filter(density * mask[..., None], (sigma, sigma, 0)) / np.maximum(weight, 1e-9)

    return np.where(mask[..., None], local(0.7), local(6))


def _within(**values):
    for name, (value, low, high) in values.items():
        if not low <= value <= high:
            raise CourseError(f"{name} = {value!r}: give a number from {low} to {high}.")


def _whole(**values):
    for name, (value, low, high) in values.items():
        if isinstance(value, bool) or value not in range(low, high + 1):
            raise CourseError(f"{name} = {value!r}: give a whole number from {low} to {high}.")
