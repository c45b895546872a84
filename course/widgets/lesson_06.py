"""Lesson 06: bend a line with two neurons, warm and cool a softmax, and follow one picture through a small network."""

import functools

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg as Canvas
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from course.nn import Conv2D, Dense, Flatten, MaxPooling2D, Sequential, conv2d, max_pool2d, relu, sigmoid, softmax
from course.plots import COLOURS, STYLE, font, new_figure, styled

ACTIVATIONS = {"none": lambda s: s, "ReLU": relu, "sigmoid": sigmoid}
GAP, TITLE, NARROWEST, BARS = 22, 40, 84, 190  # pixels: between columns, above them; of a column, of the bars
INK, PAPER = "#000000", "#FFFFFF"
MEASUREMENTS = np.linspace(-4, 4, 161)
FINDINGS = {"benign": COLOURS["benign"], "atypical": COLOURS["neutral"], "malignant": COLOURS["malignant"]}
ZERO, ALL, WHOLE = 250, 645, 200  # pixels: where the scores' bars begin, where a share of 1 ends, how long it is


def bend(x, activation, steepness, threshold, second):
    """Return (first neuron, second neuron, their weighted sum) at measurements x (n,); `second` is a weight.

    The first rises above the threshold, the second below its negative.
    """
    bent = ACTIVATIONS[activation]
    rising, falling = bent(steepness * (x - threshold)), bent(steepness * (-x - threshold))
    return rising, falling, rising + second * falling


def bend_picture(activation, steepness, threshold, second):
    """Draw two neurons, and the sum that the next layer makes of them: uint8 (360, 640, 3)."""
    figure, axes, lines = _bend_canvas()
    _show_bend(axes, lines, activation, steepness, threshold, second)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()


@functools.cache
def _bend_canvas():
    """Return (figure, axes, three lines), made once: to move lines takes half as long as to draw all anew."""
    with matplotlib.rc_context(STYLE):
        figure = Canvas(Figure(figsize=(6.4, 3.6), dpi=100)).figure
        axes = figure.add_axes((0.09, 0.16, 0.71, 0.73))
        lines = _bend_lines(axes)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, axes, lines


@styled
def three_bends(steepness=2.0, threshold=1.0):
    """Draw the three activations side by side, each as the panel does: Figure."""
    figure = new_figure(9.0, 3.4)
    for axes, name in zip(figure.subplots(1, 3), ACTIVATIONS, strict=True):
        lines = _bend_lines(axes)
        _show_bend(axes, lines, name, steepness, threshold, 1.0)
    figure.legend(handles=lines, loc="outside lower center", ncols=3)
    return figure


def _bend_lines(axes):
    looks = [("neuron 1", "--", COLOURS["benign"], 2), ("neuron 2", ":", COLOURS["malignant"], 2),
             ("sum", "-", "#A6A6A6", 6)]  # fmt: skip
    axes.set(xlabel="measurement (0 = healthy mean)", xticks=[-4, 0, 4])
    axes.locator_params(axis="y", nbins=4)
    lines = [axes.plot(MEASUREMENTS, 0 * MEASUREMENTS, style, color=colour, linewidth=width, label=name)[0]
             for name, style, colour, width in looks]  # fmt: skip
    lines[-1].set_zorder(1)  # the sum lies behind, so that the neurons are seen where it covers them
    return lines


def _show_bend(axes, lines, activation, *settings):
    for line, answers in zip(lines, bend(MEASUREMENTS, activation, *settings), strict=True):
        line.set_ydata(answers)
    axes.set_title(f"activation: {activation}", y=1.02)  # a fixed height: finding it costs a fifth of the time
    axes.relim()
    axes.autoscale_view()


def shares_picture(benign, atypical, malignant, temperature):
    """Draw three scores, and the shares that softmax gives them after division by the temperature: uint8 (h, w, 3)."""
    scores = np.array([benign, atypical, malignant], float)
    image = Image.new("RGB", (720, 156), PAPER)
    draw = ImageDraw.Draw(image)
    for row, (name, score, share) in enumerate(zip(FINDINGS, scores, softmax(scores / temperature), strict=True)):
        y = 6 + 34 * row
        draw.text((8, y + 4), name, INK, font(14))
        for zero, length, text in ((ZERO, 22 * score, f"{score:.1f}"), (ALL - WHOLE, WHOLE * share, share_text(share))):
            draw.rectangle((min(zero, zero + length), y, max(zero, zero + length), y + 25), FINDINGS[name])
            beside, anchor = (-6, "ra") if length < 0 else (6, "la")
            draw.text((zero + length + beside, y + 4), text, INK, font(14), anchor=anchor)
    _scale(draw, {ZERO - 110: "-5", ZERO: "0", ZERO + 110: "5"}, "score")
    _scale(draw, {ALL - WHOLE: "0", ALL: "1"}, f"share at temperature {temperature:g}")
    return np.asarray(image)


def _scale(draw, ticks, label):
    """Draw a horizontal axis under the bars: ticks, {x: text}, and its label."""
    draw.line((min(ticks), 110, max(ticks), 110), INK)
    for x, text in ticks.items():
        draw.line((x, 110, x, 115), INK)
        draw.text((x, 117), text, INK, font(13), anchor="ma")
    draw.text(((min(ticks) + max(ticks)) / 2, 134), label, INK, font(13), anchor="ma")


def share_text(share):
    """Return a share with three decimals. What is neither 0 nor 1 is not called so: "< 0.001", "> 0.999"."""
    if 0 < share < 0.0005:
        return "< 0.001"
    return "> 0.999" if 0.9995 < share < 1 else f"{share:.3f}"


def untrained(picture, seed):
    """Return every tensor of an untrained network's pass, as `pass_picture` draws them. picture: float (h, w, 3)."""
    network = Sequential([Conv2D(4, 3, activation="relu"), MaxPooling2D(2), Flatten(), Dense(2, activation="softmax")],
                         seed=seed)
    shares = network.predict(picture[None])[0]
    kernel, kernel_bias, weights, bias = network.get_weights()
    maps = conv2d(picture[None], kernel, kernel_bias)
    pooled = max_pool2d(relu(maps))
    return picture, maps[0], relu(maps)[0], pooled[0], (pooled.reshape(1, -1) @ weights + bias)[0], shares


@functools.cache
def four_pictures():
    """Return {name: float (48, 48, 3), 0 to 1}: a nucleus of a malignant and of a benign patient, white, noise."""
    from course.data.cytology import draw

    return {"malignant": draw(186)[82:130, 51:99] / 255, "benign": draw(149)[73:121, 46:94] / 255,
            "white": np.ones((48, 48, 3)), "noise": np.random.default_rng(7).random((48, 48, 3))}


def pass_picture(picture, maps, bent, pooled, scores, shares, times=2, white=1, name="picture"):
    """Draw every tensor of a pass: conv -> ReLU -> pooling -> flatten -> dense -> softmax, from left to right.

    picture: (h, w, 3), from 0 to `white`; maps, bent, pooled: (rows, columns, 4); scores, shares: (2,),
    benign first. In the maps mid-grey is 0, lighter is positive, darker negative. `name` stands above the
    picture. Returns uint8 (height, width, 3).
    """
    largest = np.abs(maps).max() or 1.0
    flat = np.kron(pooled.reshape(len(pooled), -1), np.ones((4, 1)))  # a line for each row of places, 4 pixels high
    colours = (255 * np.asarray(picture) / white).round().astype(np.uint8)
    columns = [
        (name, picture.shape, [_enlarged(colours, times + 1)]),
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
    for (title, shape, blocks), width in zip(columns, widths, strict=True):
        draw.text((left, 2), title, INK, font(13))
        draw.text((left, 19), " x ".join(f"{n:,}" for n in shape), INK, font(12))
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
    draw.text((left, top), title, INK, font(13))
    zero, room = (left + BARS // 2, BARS // 2) if signed else (left, BARS)
    for row, (name, number) in enumerate(zip(("benign", "malignant"), numbers, strict=True)):
        y = top + 20 + 34 * row
        draw.text((left, y), f"{name} {number:.2f}" if signed else f"{name} {share_text(number)}", INK, font(12))
        end = zero + room * float(number) / largest
        draw.rectangle((min(zero, end), y + 16, max(zero, end), y + 27), COLOURS[name])
        draw.line((zero, y + 16, zero, y + 29), INK)
