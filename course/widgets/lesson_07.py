"""Lesson 07: one neuron with its numbers, forward and back, one step at a time."""

import functools
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from course.plots import COLOURS, font

WIDTH, HEIGHT = 720, 268  # pixels
BOX = (150, 58)
SECOND_INPUT, SECOND_WEIGHT, BIAS, RATE = -1.0, 1.0, -1.0, 0.5
STEPS = 8
INK, PAPER, PALE = "#000000", "#FFFFFF", "#8C8C8C"
BACK = COLOURS["malignant"]


@dataclass(frozen=True)
class Neuron:
    """p = sigmoid(w1 x1 + w2 x2 + b), its loss (-log p for y = 1, -log(1 - p) for y = 0), and its slopes."""

    x: tuple
    w: tuple
    b: float
    y: int

    @functools.cached_property
    def products(self):
        return tuple(w * x for w, x in zip(self.w, self.x, strict=True))

    @functools.cached_property
    def z(self):
        return sum(self.products) + self.b

    @functools.cached_property
    def p(self):
        return 1 / (1 + math.exp(-self.z))

    @functools.cached_property
    def loss(self):
        return -math.log(self.p if self.y else 1 - self.p)

    @functools.cached_property
    def by_p(self):
        return -1 / self.p if self.y else 1 / (1 - self.p)

    @functools.cached_property
    def by_z(self):
        return self.by_p * self.p * (1 - self.p)

    @functools.cached_property
    def by_weights(self):
        """Slopes by w1, w2 and b."""
        return (*(self.by_z * x for x in self.x), self.by_z)

    def after_step(self, rate=RATE):
        """Return the neuron with each weight moved against its slope."""
        *w, b = (weight - rate * slope for weight, slope in zip((*self.w, self.b), self.by_weights, strict=True))
        return Neuron(self.x, tuple(w), b, self.y)


def neuron_picture(step, x1=2.0, w1=1.0, truth="malignant"):
    """Draw the neuron after `step` of eight steps: four forward, three back, one downhill. uint8 (268, 720, 3)."""
    neuron = Neuron((x1, SECOND_INPUT), (w1, SECOND_WEIGHT), BIAS, int(truth == "malignant"))
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    places = {"w1": (4, 4), "w2": (4, 74), "b": (4, 144), "z": (205, 74), "p": (385, 74), "L": (565, 74)}
    for start, end, forward, backward in (("w1", "z", 2, 7), ("w2", "z", 2, 7), ("b", "z", 2, 7), ("z", "p", 3, 6),
                                          ("p", "L", 4, 5)):  # fmt: skip
        _arrow(draw, places[start], places[end], step == forward, step == backward)
    for name, title, value, slope, first, last in _boxes(neuron):
        _box(draw, places[name], title, value if step >= first else "", slope if step >= last else "",
             now=step in (first, last))  # fmt: skip
    for line, text in enumerate(_words(neuron, step)):
        draw.text((8, 216 + 24 * line), text, INK, font(14))
    return np.asarray(image)


def _boxes(n):
    """Yield (name, title, value, slope, step that shows the value, step that shows the slope) of each box."""
    for k in (0, 1):
        title, product = f"w{k + 1} = {n.w[k]:.1f}, x{k + 1} = {n.x[k]:.1f}", f"w{k + 1}·x{k + 1} = {n.products[k]:.2f}"
        yield f"w{k + 1}", title, product, f"slope by w{k + 1}: {_slope(n.by_weights[k])}", 1, 7
    yield "b", "bias b", f"= {n.b:.2f}", f"slope by b: {_slope(n.by_weights[2])}", 1, 7
    yield "z", "score z", f"= {n.z:.2f}", f"slope by z: {_slope(n.by_z)}", 2, 6
    yield "p", "probability p", f"= {n.p:.3f}", f"slope by p: {_slope(n.by_p)}", 3, 5
    yield "L", f"loss L, truth y = {n.y}", f"= {n.loss:.3f}", "slope by L: 1", 4, 5


def _words(n, step):
    """Return two lines: which step this is, and its sum."""
    after = n.after_step()
    p_or_rest = "p" if n.y else "(1 - p)"
    sums = [
        "each weight times its measurement",
        f"z = {n.products[0]:.2f} + {_signed(n.products[1], 2)} + {_signed(n.b, 2)} = {n.z:.2f}",
        f"p = 1 / (1 + exp(-z)) = {n.p:.3f}",
        f"L = -log {p_or_rest} = {n.loss:.3f}",
        f"slope by p = {'-1 / p' if n.y else '1 / (1 - p)'} = {_slope(n.by_p)}",
        f"slope by z = slope by p · p (1 - p) = {_slope(n.by_p)} · {n.p * (1 - n.p):.4f} = {_slope(n.by_z)}",
        f"slope by w1 = slope by z · x1 = {_slope(n.by_z)} · {_signed(n.x[0])} = {_slope(n.by_weights[0])}",
        f"weight - {RATE} · slope: w1 = {after.w[0]:.2f}, w2 = {after.w[1]:.2f}, b = {after.b:.2f}."
        f" Then p = {after.p:.3f}, L = {after.loss:.3f}",
    ]
    way = "forward" if step <= 4 else "back" if step <= 7 else "one step downhill"
    return f"step {step} of {STEPS}, {way}:", sums[step - 1]


def _slope(number):
    return f"{round(number, 3) + 0.0:.3f}"  # + 0.0: no "-0.000"


def _signed(number, digits=1):
    text = f"{number:.{digits}f}"
    return f"({text})" if number < 0 else text


def _box(draw, place, title, value, slope, now):
    (x, y), (width, height) = place, BOX
    draw.rectangle((x, y, x + width, y + height), "#FFF6E0" if now else PAPER, INK if now else PALE, 3 if now else 1)
    draw.text((x + 6, y + 4), title, INK, font(12))
    draw.text((x + 6, y + 21), value, INK, font(13))
    draw.text((x + 6, y + 39), slope, BACK, font(12))


def _arrow(draw, start, end, forward, backward):
    """Draw the way from one box to the next; thick, with a head at its end, when this step goes along it."""
    left, right = (start[0] + BOX[0] + 4, start[1] + BOX[1] / 2), (end[0] - 4, end[1] + BOX[1] / 2)
    colour = BACK if backward else INK if forward else PALE
    draw.line((left, right), colour, 4 if forward or backward else 1)
    if forward or backward:
        tip, tail = (right, left) if forward else (left, right)
        angle = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
        wings = [(tip[0] + 13 * math.cos(angle + turn), tip[1] + 13 * math.sin(angle + turn)) for turn in (-0.5, 0.5)]
        draw.polygon([tip, *wings], colour)
