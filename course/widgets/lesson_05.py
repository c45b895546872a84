"""Lesson 05: pool maps, shift the picture by a few pixels, and see what stays; draw what a number is made of."""

import functools

import numpy as np
from PIL import Image, ImageDraw

from course.nn import avg_pool2d, conv2d, max_pool2d, relu
from course.plots import COLOURS, font, new_figure, styled
from course.widgets.lesson_04 import KERNELS, missing_light

SIDE, GAP, TITLE, LINES = 240, 16, 24, 50  # pixels: side of a map on show, space between, above and below
PIXELS = 48  # side of the part of the map that is shown
INK, PAPER = "#000000", "#FFFFFF"
KINDS = {
    "maximum": max_pool2d,
    "thinned": lambda answers, window, stride: answers[stride // 2::stride, stride // 2::stride].copy(),
    "average": avg_pool2d,
}
CORNER = (81, 50)  # row and column of the nucleus that is looked at


@functools.cache
def edges_of_a_field(patient=186):
    """Return ReLU of the left-to-right edges of a drawn field: float (148, 148)."""
    return relu(conv2d(missing_light(patient), KERNELS["left to right"]))


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
    titles = [f"map after a shift by {shift}", "pooled, before the shift", "pooled, after the shift"]
    for place, (title, numbers) in enumerate(zip(titles, (moved, before, after), strict=True)):
        left = place * (SIDE + GAP)
        draw.text((left, 3), title, INK, font(14))
        image.paste(_shown(numbers, *shades), (left, TITLE))
    _frames(draw, 1 if kind == "thinned" else window, stride, stride // 2 if kind == "thinned" else 0)
    numbers = f"{part.size} numbers become {before.size} ({len(before)} x {len(before)})."
    draw.text((0, TITLE + SIDE + 6), numbers, INK, font(14))
    agreement = f"Agreement of the two pooled maps: {_correlation(before, after):.2f}"
    draw.text((0, TITLE + SIDE + 27), agreement, INK, font(14))
    return np.asarray(image)


def cut_out(answers, corner, shift):
    """Return the part (48, 48) at corner, seen through a frame that is moved to the left, so that all moves right."""
    row, column = corner
    return answers[row:row + PIXELS, column - shift:column - shift + PIXELS]


def _shown(numbers, low, high):
    grey = np.clip(255 * (numbers - low) / (high - low), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.NEAREST)


def _frames(draw, window, stride, first):
    """Frame all windows of the map where they lie apart and are not tiny, else the first and its neighbour."""
    times = SIDE // PIXELS
    starts = range(first, PIXELS - window + 1, stride)
    corners = [(y, x) for y in starts for x in starts]
    few = stride < max(window, 3)
    if few:
        corners = [(first, first), (first, first + stride)]
    for y, x in corners:
        box = x * times, TITLE + y * times, (x + window) * times - 1, TITLE + (y + window) * times - 1
        draw.rectangle(box, None, COLOURS["malignant"], width=2 if few else 1)


def _correlation(a, b):
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def agreement(maps, kind, window, shift=2):
    """Return the mean correlation of pooled maps before and after the picture moves by `shift` pixels.

    maps: (n, h, w) with sides of 120 or more, of which 96 x 96 are used; kind: a name of KINDS.
    """
    pool = KINDS[kind]
    pairs = [(x[20:116, 20:116], x[20:116, 20 + shift:116 + shift]) for x in maps]
    return np.mean([_correlation(pool(a, window, window), pool(b, window, window)) for a, b in pairs])


def kept(maps, kind, window):
    """Return the mean correlation of maps with their pooled forms, each number blown up to the size of its window."""
    cuts = [x[20:116, 20:116] for x in maps]
    blown_up = [np.kron(KINDS[kind](cut, window, window), np.ones((window, window))) for cut in cuts]
    return np.mean([_correlation(*pair) for pair in zip(cuts, blown_up, strict=True)])


def shuffled(x, k, seed):
    """Return a map (h, w) with the numbers of each k x k window in random order; k divides h and w."""
    h, w = x.shape
    lines = x.reshape(h // k, k, w // k, k).swapaxes(1, 2).reshape(-1, k * k)  # one line for each window
    mixed = np.random.default_rng(seed).permuted(lines, axis=1)
    return mixed.reshape(h // k, w // k, k, k).swapaxes(1, 2).reshape(h, w)


def made_of(rows):
    """Return for the first number of each row the sets of what it is made of: in its own row, below, ..., in pixels.

    rows: [(name, window, stride)], from the one that reads the pixels on.
    """
    trees = []
    for level in range(len(rows) + 1):
        tree = [{0}]
        for _, window, stride in reversed(rows[:level]):
            tree.append({place * stride + u for place in tree[-1] for u in range(window)})
        trees.append(tree)
    return trees


@styled
def joined(rows, pixels=10):
    """Draw rows of dots, pixels lowest; lines join the first number of the highest row with all it is made of."""
    figure = new_figure(8, 2.6)
    ax = figure.add_subplot()
    across = [np.arange(pixels, dtype=float)]
    for _, window, stride in rows:
        across.append(np.array([across[-1][start:start + window].mean()
                                for start in range(0, len(across[-1]) - window + 1, stride)]))
    trees = made_of(rows)
    for level, (places, used, tree) in enumerate(zip(across, trees[-1][::-1], trees, strict=True)):
        colours = [COLOURS["malignant"] if place in used else "white" for place in range(len(places))]
        ax.scatter(places, [level] * len(places), 90, colours, edgecolors=COLOURS["neutral"], zorder=2)
        name = rows[level - 1][0] if level else "pixels"
        ax.text(-0.8, level, name, ha="right", va="center")
        if level:
            _, window, stride = rows[level - 1]
            for place in used:
                for start in across[level - 1][place * stride:place * stride + window]:
                    ax.plot([start, places[place]], [level - 1, level], color=COLOURS["neutral"], lw=1, zorder=1)
            ax.text(pixels - 0.2, level, f"side {len(tree[-1])}, step {places[1] - places[0]:.0f}", va="center")
    ax.set(xlim=(-5, pixels + 2.4), ylim=(-0.4, len(rows) + 0.4))
    ax.axis("off")
    return figure
