"""From contours to colours: a stained, slightly blurred, unevenly lit microscope picture.

Light through a stained cell follows the Beer-Lambert law: I = I0 * 10**(-(sum over stains of amount * OD vector)).
Haematoxylin and eosin start from the vectors of Ruifrok and Johnston (Anal Quant Cytol Histol 23:291, 2001), as in
scikit-image, and vary from slide to slide; the light green is our own choice. Blur is not applied to the finished
picture: every edge and every grain of chromatin is drawn as it looks after the blur. So the picture is nearly
independent of the pixel grid; only a pixel's own blur and the camera's noise depend on it.
"""

import functools
import math
from typing import NamedTuple

import numpy as np

from course.data.nuclei import ANGLES, FIELD

HAEMATOXYLIN = np.array([0.65, 0.70, 0.29])
EOSIN = np.array([0.07, 0.99, 0.11])
LIGHT_GREEN = np.array([0.80, 0.35, 0.30])
LUMINANCE = np.array([0.2125, 0.7154, 0.0721])  # as skimage.color.rgb2gray
FINE = 1024  # angles at which a contour is tabulated; a power of two
PALEST = 0.3  # stain of the palest chromatin, relative to the nucleus's mean: no nucleus has clear holes
INSIDE = 3.0  # table units from the contour inwards where the edge's blur no longer reaches the chromatin


class Slide(NamedTuple):
    """How one patient's slide was stained. Independent of every measurement, hence of the diagnosis."""

    nuclear: np.ndarray  # (3,) optical density of a nucleus
    cytoplasm: np.ndarray  # (3,) optical density of cytoplasm
    background: np.ndarray  # (3,) optical density of the empty slide


class Lighting(NamedTuple):
    """How one field was photographed. Independent of the diagnosis too."""

    gain: float  # brightest grey level, 0-255
    slope: np.ndarray  # (2,) relative change of light from edge to edge
    focus: float  # standard deviation of the blur, table units
    noise: float  # standard deviation of the camera's noise, grey levels


def stain_slide(rng):
    """Draw a slide: stain strength, hue and background vary as they do between days and laboratories."""
    nuclear = HAEMATOXYLIN + rng.normal(0, 0.05, 3)
    mix = rng.uniform()
    cytoplasm = mix * EOSIN + (1 - mix) * LIGHT_GREEN + rng.normal(0, 0.04, 3)
    tint = np.array([0.8, 1.0, 0.7]) + rng.normal(0, 0.25, 3)
    return Slide(
        nuclear=nuclear * np.exp(rng.uniform(np.log(0.45), np.log(0.9))),
        cytoplasm=np.clip(cytoplasm, 0.02, None) * np.exp(rng.uniform(np.log(0.06), np.log(0.22))),
        background=np.clip(tint, 0.2, None) * rng.uniform(0.01, 0.08),
    )


def light_field(rng):
    """Draw the microscope's state for one field."""
    return Lighting(
        gain=rng.uniform(190, 250), slope=rng.normal(0, 0.05, 2), focus=rng.uniform(0.8, 2.0), noise=rng.uniform(1.5, 4)
    )


def paint(r, centres, texture, slide, light, size, rng):
    """Paint the field: uint8 (size, size, 3).

    r (n, ANGLES) and centres (n, 2) in table units; texture (n,): wanted standard deviation of the grey levels
    inside each nucleus.
    """
    blur = np.hypot(light.focus, 0.3 * FIELD / size)
    illumination = _illumination(light, size)
    density = slide.background.astype(np.float32) * (1 + np.float32(0.25) * _clouds(rng, size, 6)[..., None])
    density += slide.cytoplasm.astype(np.float32) * _cytoplasm(r, centres, blur, size, rng)[..., None]
    amount = rng.uniform(0.9, 1.1, len(r))
    edges, slants = _lookup(r)
    for k in range(len(r)):
        window, dy, dx = _window(centres[k], edges[k].max() + 4 * blur, size)
        depth = _depth(dy, dx, edges[k], slants[k])
        nucleus = slide.nuclear * amount[k]
        wave = _chromatin(_grain(rng, blur), dy, dx) * np.clip((depth - 1.5) / INSIDE, 0, 1)  # an even rim
        inside = depth > INSIDE if (depth > INSIDE).sum() >= 12 else depth > 0
        stain = _with_texture(wave, inside, nucleus, illumination[window].mean(), texture[k])
        cover = _soft_step(depth / blur)[..., None]
        density[window] += cover * (stain[..., None] * nucleus - np.float32(0.7) * density[window])
    picture = np.exp(np.float32(-np.log(10)) * density, out=density)
    picture *= illumination[..., None]
    picture += np.float32(light.noise) * rng.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(picture, out=picture), 0, 255).astype(np.uint8)


def mask(r, centres, size):
    """Label image of the same geometry, int32 (size, size): 0 = background, 1 ... n = nuclei."""
    labels = np.zeros((size, size), np.int32)
    edges, slants = _lookup(r)
    for k in range(len(r)):
        window, dy, dx = _window(centres[k], edges[k].max(), size)
        labels[window][_depth(dy, dx, edges[k], slants[k]) > 0] = k + 1
    return labels


def _window(centre, reach, size):
    """The pixels within `reach` of a centre: (slices, dy (h, 1), dx (1, w)), offsets in table units."""
    pixel = FIELD / size
    low = np.maximum((centre - reach) // pixel, 0).astype(int)
    high = np.minimum((centre + reach) // pixel + 1, size).astype(int)
    dy = (np.arange(low[0], high[0], dtype=np.float32) + 0.5) * pixel - centre[0]
    dx = (np.arange(low[1], high[1], dtype=np.float32) + 0.5) * pixel - centre[1]
    return (slice(low[0], high[0]), slice(low[1], high[1])), dy[:, None].astype(np.float32), dx[None].astype(np.float32)


def _lookup(r):
    """Contour radius and cosine of the contour's slant at FINE angles, so that a pixel need only look them up."""
    position = np.arange(FINE) * (ANGLES / FINE)
    below = position.astype(int)
    part = position - below
    edges = r[:, below] * (1 - part) + r[:, (below + 1) % ANGLES] * part
    slope = (np.roll(edges, -1, 1) - np.roll(edges, 1, 1)) * (FINE / (4 * np.pi)) / edges
    return edges.astype(np.float32), (1 / np.sqrt(1 + slope**2)).astype(np.float32)


def _depth(dy, dx, edge, slant):
    """Distance of pixels to the contour, float32 (h, w), table units, positive inside."""
    angle = (np.arctan2(dy, dx) * np.float32(FINE / (2 * np.pi)) + np.float32(FINE + 0.5)).astype(np.intp) & (FINE - 1)
    return (edge[angle] - np.sqrt(dy * dy + dx * dx)) * slant[angle]


_STEP_AT = np.linspace(-4, 4, 513)
_STEP = np.array([0.5 + 0.5 * math.erf(x / math.sqrt(2)) for x in _STEP_AT])


def _soft_step(x):
    """The normal distribution function, tabulated: a sharp edge after a Gaussian blur."""
    return np.interp(x, _STEP_AT, _STEP).astype(np.float32)


def _illumination(light, size):
    across = np.linspace(-0.5, 0.5, size, dtype=np.float32)
    down, along = light.slope.astype(np.float32)
    return np.float32(light.gain) * (1 + down * across[:, None] + along * across)


def _clouds(rng, size, cells):
    """Smooth random field of standard deviation about 1, float32 (size, size): a coarse grid, smoothly enlarged."""
    enlarge = _enlarging(size, cells)
    return enlarge @ rng.standard_normal((cells, cells), dtype=np.float32) @ enlarge.T


@functools.cache
def _enlarging(size, cells):
    """Matrix (size, cells) that takes `cells` grid values to `size` pixels by Gaussian weights of constant energy."""
    position = (np.arange(size) + 0.5) / size * cells - 0.5
    weight = np.exp(-0.5 * ((position[:, None] - np.arange(cells)) / 0.7) ** 2)
    return (weight / np.linalg.norm(weight, axis=1, keepdims=True)).astype(np.float32)


def _cytoplasm(r, centres, blur, size, rng):
    """Amount of cytoplasm (size, size): a pale oval round every nucleus, now and then none (a bare nucleus)."""
    amount = np.zeros((size, size), np.float32)
    axes = r.mean(1)[:, None] * rng.uniform(1.6, 2.4, (len(r), 2))
    centres = centres + r.mean(1)[:, None] * rng.normal(0, 0.15, (len(r), 2))
    strength = rng.uniform(0.5, 1.0, len(r)) * (rng.random(len(r)) > 0.15)
    turn = rng.uniform(0, np.pi, len(r))
    soft = blur + 2
    for k in range(len(r)):
        window, dy, dx = _window(centres[k], axes[k].max() + 3 * soft, size)
        cos, sin = np.float32(np.cos(turn[k])), np.float32(np.sin(turn[k]))
        along, across = (cos * dx + sin * dy) / np.float32(axes[k, 0]), (cos * dy - sin * dx) / np.float32(axes[k, 1])
        depth = (1 - np.sqrt(along * along + across * across)) * np.float32(axes[k].mean())
        np.maximum(amount[window], np.float32(strength[k]) * _soft_step(depth / soft), out=amount[window])
    return amount * (1 + np.float32(0.15) * _clouds(rng, size, 24))


def _grain(rng, blur, n=40):
    """Random plane waves for chromatin: wave vectors (n, 2), phases (n,), amplitudes (n,) as a blur leaves them."""
    k = 2 * np.pi / np.exp(rng.uniform(np.log(5.0), np.log(25.0), n)).astype(np.float32)
    direction, phase = rng.uniform(0, 2 * np.pi, (2, n)).astype(np.float32)
    vectors = k[:, None] * np.stack([np.sin(direction), np.cos(direction)], 1)
    return vectors, phase, np.exp(np.float32(-0.5 * blur**2) * k**2)


def _chromatin(grain, dy, dx):
    """Sum of the plane waves at the pixels dy (h, 1), dx (1, w): float32 (h, w), as a product of two thin matrices."""
    vectors, phase, amplitude = grain
    down, along = dy * vectors[:, 0] + phase, vectors[:, 1:] * dx
    return (amplitude * np.cos(down)) @ np.cos(along) - (amplitude * np.sin(down)) @ np.sin(along)


def _with_texture(wave, inside, nucleus, brightness, texture):
    """Relative stain (h, w), mean about 1, whose grey levels inside the nucleus have the wanted standard deviation."""
    sample = wave[inside]
    if len(sample) < 2:  # too few pixels to have a texture
        return np.ones_like(wave)
    sample = sample[:: 1 + len(sample) // 200]
    mean, spread = sample.mean(), sample.std() + 1e-9
    sample = ((sample - mean) / spread)[:, None]
    strength = 0.3
    for _ in range(3):
        grey = brightness * np.exp(-np.log(10) * np.maximum(1 + strength * sample, PALEST) * nucleus) @ LUMINANCE
        strength = min(strength * min(max(texture / max(grey.std(), 1e-3), 0.4), 2.5), 1.2)
    return np.maximum(1 + np.float32(strength / spread) * (wave - mean), np.float32(PALEST))
