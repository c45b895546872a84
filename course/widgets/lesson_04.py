"""Lesson 04: step a kernel over a small picture; set its nine numbers and watch what it sees in a nucleus."""

import functools
import timeit

import ipywidgets
import numpy as np
import pandas as pd
from PIL import Image, ImageDraw
from scipy.signal import correlate2d
from threadpoolctl import threadpool_limits

from course.nn import conv2d
from course.plots import COLOURS, NotebookFigure, font

CELL, GAP = 30, 44  # pixels: side of a cell; space between two tables
TITLE, LINES = 26, 52  # pixels above the tables, and below them
LARGEST_PADDING = 2
PLACES = ["top_left", "top", "top_right", "left", "middle", "right", "bottom_left", "bottom", "bottom_right"]
INK, PAPER, BESIDE = "#000000", "#FFFFFF", "#6B6B6B"
_SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
KERNELS = {"left to right": _SOBEL, "top to bottom": _SOBEL.T, "sum": np.ones((3, 3), int),
           "Laplacian": np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])}
FIELD = np.array([[0, 0, 1, 7, 8, 8],
                  [0, 1, 6, 8, 9, 8],
                  [0, 2, 8, 9, 8, 9],
                  [1, 0, 7, 8, 9, 8],
                  [0, 1, 2, 8, 8, 7],
                  [0, 0, 1, 2, 7, 8]])  # the rim of a nucleus, in whole numbers


@functools.cache
def missing_light(patient):
    """Return the drawn field of a patient as the share of light that is missing: float (150, 150), 0 to 1."""
    from course.data.cytology import draw

    return (255 - draw(patient).mean(axis=2)) / 255


def a_nucleus():
    """Return one nucleus of patient 186 as the share of light that is missing: float (48, 48), 0 to 1."""
    return missing_light(186)[82:130, 51:99]


def stepping_picture(picture, kernel, step, stride=1, padding=0, roomy=True):
    """Draw one step of a kernel: picture with padding, kernel, and the map as far as it is filled.

    picture: (h, w) of whole numbers; kernel: (kh, kw); step: number of the place, from 1, row by row; roomy: keep the
    size that the largest padding needs, so that nothing jumps. Returns uint8 (height, width, 3).
    """
    padded = np.pad(picture, padding)
    result = np.rint(conv2d(padded, kernel, strides=stride)).astype(int)
    count = min(step, result.size)
    row, column = divmod(count - 1, result.shape[1])
    window = (slice(row * stride, row * stride + len(kernel)),
              slice(column * stride, column * stride + kernel.shape[1]))

    room = np.add(picture.shape, 2 * LARGEST_PADDING) if roomy else padded.shape
    widths = [room[1], kernel.shape[1], room[1] - kernel.shape[1] + 1]
    lefts = np.cumsum([8, *(CELL * width + GAP for width in widths)])
    size = lefts[-1] - GAP + 8, TITLE + CELL * room[0] + LINES
    image = Image.new("RGB", [int(side) for side in size], PAPER)
    draw = ImageDraw.Draw(image)

    inside = np.pad(np.ones_like(picture), padding)
    _table(draw, lefts[0], f"picture, padding {padding}", padded, shades=picture.max(), outside=inside == 0)
    _box(draw, lefts[0], window)
    _table(draw, lefts[1], "kernel", kernel)
    shown = np.arange(result.size).reshape(result.shape) < count
    _table(draw, lefts[2], f"map, {result.shape[0]} x {result.shape[1]}", result, hidden=~shown)
    _box(draw, lefts[2], (slice(row, row + 1), slice(column, column + 1)))
    _explain(draw, TITLE + CELL * room[0] + 6, step, result.size, (row, column), padded[window], kernel)
    return np.asarray(image)


def stacked(pictures):
    """Return pictures (h, w, 3) one below the other, as a figure with one dot for each of their pixels."""
    width = max(picture.shape[1] for picture in pictures)
    whole = np.vstack([np.pad(picture, ((0, 12), (0, width - picture.shape[1]), (0, 0)), constant_values=255)
                       for picture in pictures])
    figure = NotebookFigure(figsize=(width / 100, len(whole) / 100), dpi=100)
    figure.figimage(whole)
    return figure


def _table(draw, left, title, numbers, shades=None, outside=None, hidden=None):
    """Draw a table of whole numbers. shades: the number that gives the darkest cell; outside: cells of the padding."""
    draw.text((left, 4), title, INK, font(14))
    for (row, column), number in np.ndenumerate(numbers):
        x, y = int(left) + CELL * column, TITLE + CELL * row
        grey = 255 - int(110 * number / shades) if shades else 255
        padding = outside is not None and outside[row, column]
        draw.rectangle((x, y, x + CELL, y + CELL), (grey,) * 3, BESIDE)
        if hidden is None or not hidden[row, column]:
            text = "0" if padding else str(number)
            draw.text((x + CELL / 2, y + CELL / 2), text, BESIDE if padding else INK, font(14), anchor="mm")


def _box(draw, left, window):
    rows, columns = window
    corners = (int(left) + CELL * columns.start, TITLE + CELL * rows.start,
               int(left) + CELL * columns.stop, TITLE + CELL * rows.stop)
    draw.rectangle(corners, None, COLOURS["malignant"], width=4)


def _explain(draw, y, step, places, place, window, kernel):
    """Write the number of the place and the products that are not zero."""
    count = min(step, places)
    start = f"place {count} of {places}" + (f" (there is no place {step})" if step > places else "")
    products = [f"{number}·{weight}" if weight >= 0 else f"{number}·({weight})"
                for number, weight in zip(window.ravel(), kernel.ravel(), strict=True) if weight and number]
    total = int(np.sum(window * kernel))
    draw.text((8, y), f"{start}: row {place[0]}, column {place[1]} of the map", INK, font(14))
    draw.text((8, y + 22), f"{' + '.join(products) or '0'} = {total}", INK, font(14))


def seen_by(picture, kernel, times=6):
    """Draw a grey picture beside what a kernel makes of it, and below it what black and white stand for.

    picture: float (h, w); kernel: (kh, kw); times: enlargement. Returns uint8 (height, width, 3).
    """
    result = conv2d(picture, np.asarray(kernel, float))
    blocks = [_enlarged(_shaded(numbers), times) for numbers in (picture, result)]
    height = max(len(block) for block in blocks)
    image = Image.new("RGB", (sum(block.shape[1] for block in blocks) + 16, height + 50), PAPER)
    image.paste(Image.fromarray(blocks[0]), (0, 0))
    image.paste(Image.fromarray(blocks[1]), (blocks[0].shape[1] + 16, (height - len(blocks[1])) // 2))
    draw = ImageDraw.Draw(image)
    draw.text((4, height + 4), f"The nine numbers add up to {np.sum(kernel):g}.", INK, font(14))
    meaning = f"In the map, black is {result.min():.2f} and white is {result.max():.2f}."
    draw.text((4, height + 26), meaning, INK, font(14))
    return np.asarray(image)


def _shaded(numbers):
    """Return numbers as grey values, the smallest black, the largest white; an even map is mid-grey."""
    low, high = numbers.min(), numbers.max()
    if high - low < 1e-9:
        return np.full(numbers.shape, 128, np.uint8)
    return (255 * (numbers - low) / (high - low)).astype(np.uint8)


def _enlarged(grey, times):
    return grey.repeat(times, axis=0).repeat(times, axis=1)


def nine_sliders(start, low=-8, high=8):
    """Return {name: slider} for the nine numbers of a 3 x 3 kernel, row by row (a Panel with `across=3`)."""
    numbers = np.asarray(start).ravel().tolist()
    return {name: ipywidgets.IntSlider(value, low, high) for name, value in zip(PLACES, numbers, strict=True)}


def by_loops(picture, kernel):
    """Cross-correlate (h, w, c) with (kh, kw, c, d), one number of the maps at a time: slow, and easy to trust."""
    kh, kw, _, filters = kernel.shape
    out = np.zeros((picture.shape[0] - kh + 1, picture.shape[1] - kw + 1, filters), np.result_type(picture, kernel))
    for i, j, f in np.ndindex(out.shape):
        out[i, j, f] = np.sum(picture[i:i + kh, j:j + kw] * kernel[..., f])
    return out


def race(candidates, picture, kernel):
    """Time functions of (picture, kernel): a table with milliseconds, and how many times as fast as the first.

    candidates: {name: function}. Only maps that agree with the loops are timed; for the others the table says why, and
    their cells stay blank.
    """
    wanted, rows = by_loops(picture, kernel), {}
    for name, function in candidates.items():
        problem = _problem(function, picture, kernel, wanted)
        seconds = np.nan if problem else _least_time(functools.partial(function, picture, kernel))
        rows[name] = {"milliseconds": 1000 * seconds, "note": problem}
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.insert(1, "times as fast", table["milliseconds"].iloc[0] / table["milliseconds"])
    table = table.round(1).astype(object)
    return table.where(table.notna(), "")


def largest_difference(dtype, padding, strides):
    """Return how far conv2d is from Keras on random pictures with channels; at stride 1 from SciPy too."""
    from course.quiet_tensorflow import keras

    rng = np.random.default_rng(strides)
    x, k = (rng.normal(size=shape).astype(dtype) for shape in ((2, 13, 10, 3), (3, 5, 3, 4)))
    ours = conv2d(x, k, strides=strides, padding=padding)
    found = [ours - keras.ops.convert_to_numpy(keras.ops.conv(x, k, strides=strides, padding=padding))]
    if strides == 1:
        for n, f in np.ndindex(2, 4):
            parts = [correlate2d(x[n, ..., c], k[..., c, f], mode=padding) for c in range(3)]
            found.append(ours[n, ..., f] - sum(parts))
    return max(np.abs(difference).max() for difference in found)


def _least_time(run):
    """Return the seconds of the quickest of three runs, or of fifty more if they are short.

    NumPy's matrix product keeps to one thread: two that wait for each other on a busy computer would hide the rest.
    """
    with threadpool_limits(1, user_api="blas"):
        seconds = min(timeit.repeat(run, number=1, repeat=3))
        return min(seconds, *timeit.repeat(run, number=1, repeat=50)) if seconds < 0.02 else seconds


def _problem(function, picture, kernel, wanted):
    """Return "" when the function gives the wanted maps, else what is the matter."""
    try:
        result = function(picture, kernel)
    except Exception as error:
        return f"stopped with {type(error).__name__}"
    if result is None or result is Ellipsis:
        return "not written yet"
    right = np.shape(result) == wanted.shape and np.allclose(result, wanted, atol=1e-4)
    return "" if right else "other maps"
