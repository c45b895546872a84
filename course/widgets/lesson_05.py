"""Lesson 05: pool a map, shift the picture by a few pixels, and see how much of the pooled map stays what it was."""

import functools
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course.nn import avg_pool2d, max_pool2d
from course.plots import COLOURS

SIDE, GAP, TITLE, LINES = 240, 16, 24, 50  # pixels: side of a map on show, space between, above and below
PIXELS = 48  # side of the part of the map that is shown
INK, PAPER = "#000000", "#FFFFFF"
KINDS = {
    "maximum": max_pool2d,
    "thinned": lambda answers, window, stride: answers[::stride, ::stride].copy(),
    "average": avg_pool2d,
}


@functools.cache
def _font(size):
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size)


def explored(answers, corner, kind="maximum", window=2, stride=2, shift=0):
    """Draw a part of a map, and its pooled form before and after a shift to the right.

    answers: float (h, w), the map; corner: (row, column) of the part of 48 x 48 pixels; kind: a name of KINDS;
    window, stride, shift: in pixels. Returns uint8 (height, width, 3).
    """
    part, moved = (cut_out(answers, corner, by) for by in (0, shift))
    before, after = (KINDS[kind](one, window, stride) for one in (part, moved))
    image = Image.new("RGB", (3 * SIDE + 2 * GAP, TITLE + SIDE + LINES), PAPER)
    draw = ImageDraw.Draw(image)
    shades = part.min(), part.max()
    titles = [f"map, shifted by {shift}", "pooled, before the shift", "pooled, after the shift"]
    for place, (title, numbers) in enumerate(zip(titles, (moved, before, after), strict=True)):
        left = place * (SIDE + GAP)
        draw.text((left, 3), title, INK, _font(14))
        image.paste(_shown(numbers, *shades), (left, TITLE))
    _frames(draw, 1 if kind == "thinned" else window, stride)
    numbers = f"{part.size} numbers become {before.size} ({len(before)} x {len(before)})."
    draw.text((0, TITLE + SIDE + 6), numbers, INK, _font(14))
    agreement = f"Agreement of the two pooled maps: {np.corrcoef(before.ravel(), after.ravel())[0, 1]:.2f}"
    draw.text((0, TITLE + SIDE + 27), agreement, INK, _font(14))
    return np.asarray(image)


def cut_out(answers, corner, shift):
    """Return the part (48, 48) at corner, seen through a frame that is moved to the left, so that all moves right."""
    row, column = corner
    return answers[row:row + PIXELS, column - shift:column - shift + PIXELS]


def _shown(numbers, low, high):
    grey = np.clip(255 * (numbers - low) / (high - low), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.NEAREST)


def _frames(draw, window, stride):
    """Frame all windows of the map where they lie apart and are not tiny, else the first and its neighbour."""
    times = SIDE // PIXELS
    starts = range(0, PIXELS - window + 1, stride)
    corners = [(y, x) for y in starts for x in starts]
    if stride < max(window, 3):
        corners = [(0, 0), (0, stride)]
    for y, x in corners:
        box = x * times, TITLE + y * times, (x + window) * times - 1, TITLE + (y + window) * times - 1
        draw.rectangle(box, None, COLOURS["accent"])
