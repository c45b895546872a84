"""Lesson 06: bend a line with two neurons, warm and cool a softmax, and follow one picture through a small network."""

import functools
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course.nn import relu, sigmoid, softmax
from course.plots import COLOURS, new_figure, styled

ACTIVATIONS = {"none": lambda s: s, "ReLU": relu, "sigmoid": sigmoid}
GAP, TITLE, NARROWEST, BARS = 22, 40, 84, 190  # pixels: between columns, above them; of a column, of the bars
INK, PAPER = "#000000", "#FFFFFF"


def bend(x, activation, steepness, threshold, second):
    """Return (first neuron, second neuron, their weighted sum) at measurements x (n,); `second` is a weight.

    The first rises above the threshold, the second below its negative.
    """
    bent = ACTIVATIONS[activation]
    rising, falling = bent(steepness * (x - threshold)), bent(steepness * (-x - threshold))
    return rising, falling, rising + second * falling


def bend_figure(fig, activation, steepness, threshold, second):
    """Draw two neurons, and the sum that the next layer makes of them."""
    _draw_bend(fig.subplots(), activation, steepness, threshold, second)


@styled
def three_bends(steepness=2.0, threshold=1.0):
    """Draw the three activations side by side, each as the panel does: Figure."""
    figure = new_figure(9.0, 3.2)
    for axes, name in zip(figure.subplots(1, 3), ACTIVATIONS, strict=True):
        _draw_bend(axes, name, steepness, threshold, 1.0)
    return figure


def _draw_bend(axes, activation, *settings):
    x = np.linspace(-4, 4, 161)
    rising, falling, total = bend(x, activation, *settings)
    axes.plot(x, rising, "--", color=COLOURS["benign"], label="neuron 1")
    axes.plot(x, falling, ":", color=COLOURS["malignant"], label="neuron 2")
    axes.plot(x, total, color="black", linewidth=3, alpha=0.7, label="sum")
    axes.set(xlabel="measurement (0 = healthy mean)", xticks=[-4, 0, 4], title=f"activation: {activation}")
    axes.locator_params(axis="y", nbins=4)
    axes.legend(loc="upper center")


def shares_figure(fig, benign, atypical, malignant, temperature):
    """Draw three scores, and the shares that softmax gives them after division by the temperature."""
    _draw_shares(fig.subplots(1, 2), (benign, atypical, malignant), temperature)


@styled
def three_temperatures(scores, temperatures=(0.25, 1.0, 4.0)):
    """Draw the same three scores at three temperatures, one to a row: Figure."""
    figure = new_figure(7.6, 5.4)
    for axes, temperature in zip(figure.subplots(3, 2), temperatures, strict=True):
        _draw_shares(axes, scores, temperature)
    return figure


def _draw_shares(axes, scores, temperature):
    names = ("benign", "atypical", "malignant")
    colours = [COLOURS[name] for name in ("benign", "neutral", "malignant")]
    scores = np.asarray(scores, float)
    shares = softmax(scores / temperature)
    left, right = axes
    for row, (name, score, share) in enumerate(zip(names, scores, shares, strict=True)):
        left.text(-13, row, name, va="center")
        left.text(score, row, f" {score:.1f} ", va="center", ha="left" if score >= 0 else "right")
        right.text(share, row, f" {share:.3f}", va="center")
    left.barh(range(3), scores, color=colours)
    right.barh(range(3), shares, color=colours)
    left.axvline(0, color="black", linewidth=0.8)
    left.set(xlim=(-13, 7.5), ylim=(2.6, -0.6), xlabel="score", xticks=[-5, 0, 5], yticks=[])
    right.set(xlim=(0, 1.25), ylim=(2.6, -0.6), xticks=[0, 1], yticks=[])
    right.set_xlabel(f"share at temperature {temperature:g}")


@functools.cache
def _font(size):
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size)


def pass_picture(picture, maps, bent, pooled, scores, shares, times=2, white=1):
    """Draw every tensor of a pass: conv -> ReLU -> pooling -> flatten -> dense -> softmax, from left to right.

    picture: (h, w, 3), from 0 to `white`; maps, bent, pooled: (rows, columns, 4); scores, shares: (2,),
    benign first. In the maps mid-grey is 0, lighter is positive, darker negative. Returns uint8 (height, width, 3).
    """
    largest = np.abs(maps).max() or 1.0
    flat = np.kron(pooled.reshape(len(pooled), -1), np.ones((4, 1)))  # a line for each row of places, 4 pixels high
    colours = (255 * np.asarray(picture) / white).round().astype(np.uint8)
    columns = [
        ("picture", picture.shape, [_enlarged(colours, times + 1)]),
        ("maps", maps.shape, _stack(maps, largest, times)),
        ("after ReLU", bent.shape, _stack(bent, largest, times)),
        ("pooled", pooled.shape, _stack(pooled, largest, times)),
        ("flat (folded)", (pooled.size,), [_greys(flat, largest, 1)]),
    ]
    pitch = times * maps.shape[0] + 6
    height = TITLE + maps.shape[2] * pitch
    widths = [max(NARROWEST, blocks[0].shape[1]) + GAP for _, _, blocks in columns]
    image = Image.new("RGB", (sum(widths) + BARS + 16, height), PAPER)
    draw, left = ImageDraw.Draw(image), 8
    for (name, shape, blocks), width in zip(columns, widths, strict=True):
        draw.text((left, 2), name, INK, _font(13))
        draw.text((left, 19), " x ".join(f"{n:,}" for n in shape), INK, _font(12))
        step = (height - TITLE) // len(blocks)
        for number, block in enumerate(blocks):
            top = TITLE + number * step + (step - len(block)) // 2
            image.paste(Image.fromarray(block), (left, top))
        left += width
    _bars(draw, left, TITLE, "scores", scores, max(1.0, np.abs(scores).max()), signed=True)
    _bars(draw, left, TITLE + (height - TITLE) // 2, "shares", shares, 1.0, signed=False)
    return np.asarray(image)


def _greys(numbers, largest, times):
    grey = (127.5 + 127.5 * numbers / largest).astype(np.uint8)
    return _enlarged(np.repeat(grey[..., None], 3, axis=2), times)


def _stack(maps, largest, times):
    return [_greys(maps[..., channel], largest, times) for channel in range(maps.shape[2])]


def _enlarged(picture, times):
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _bars(draw, left, top, title, numbers, largest, signed):
    """Draw one bar a class: from the middle for scores, which have a sign, from the left for shares."""
    draw.text((left, top), title, INK, _font(13))
    zero, room = (left + BARS // 2, BARS // 2) if signed else (left, BARS)
    for row, (name, number) in enumerate(zip(("benign", "malignant"), numbers, strict=True)):
        y = top + 20 + 34 * row
        draw.text((left, y), f"{name} {number:.2f}" if signed else f"{name} {number:.3f}", INK, _font(12))
        end = zero + room * float(number) / largest
        draw.rectangle((min(zero, end), y + 16, max(zero, end), y + 27), COLOURS[name])
        draw.line((zero, y + 16, zero, y + 29), INK)
