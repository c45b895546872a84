"""Wrong and right receptive fields, for exercise 5.2; the checker is tested in test_checks.py."""

import numpy as np
import pytest
from harness import assert_status

from course.checks.lesson_05.field import CLASSIC, traced


def field(layers):
    side, step = 1, 1
    for window, stride in layers:
        side += (window - 1) * step
        step *= stride
    return side, step


def growing(grow, step=lambda jump, stride: jump * stride, start=1):
    def wrong(layers):
        side, jump = start, 1
        for window, stride in layers:
            side, jump = grow(side, jump, window, stride), step(jump, stride)
        return side, jump
    return wrong


def usual(side, jump, window, stride):
    return side + (window - 1) * jump


def stepped_too_early(layers):
    side, step = 1, 1
    for window, stride in layers:
        step *= stride
        side += (window - 1) * step
    return side, step


def returns_too_early(layers):
    side, step = 1, 1
    for window, stride in layers:
        side += (window - 1) * step
        step *= stride
        return side, step


FIELD_WRONG = [
    (returns_too_early, "You return after the first layer"),
    (growing(lambda side, jump, window, stride: side + window - 1), "The step is not used"),
    (stepped_too_early, "grows too early"),
    (growing(lambda side, jump, window, stride: side + window * jump), "Off by one at every layer"),
    (growing(usual, start=0), "Start with side 1"),
    (growing(lambda side, jump, window, stride: side * window), "windows are multiplied"),
    (growing(lambda side, jump, window, stride: side + window, start=0), "windows are added up"),
    (growing(lambda side, jump, window, stride: (side - 1) * stride + window), "back to the picture"),
    (growing(usual, step=lambda jump, stride: jump + stride), "strides are added"),
    (lambda layers: (field(layers)[0], sum(s for _, s in layers)), "strides are added for the step"),
    (growing(usual, step=lambda jump, stride: stride), "Only the last stride"),
    (growing(usual, step=lambda jump, stride: 1), "The step stays 1"),
    (lambda layers: (field(layers)[0], 7), "The side is right, the step is not"),
    (lambda layers: field(layers)[::-1], "the last stands first"),
    (lambda layers: field([(stride, window) for window, stride in layers]), "have changed places"),
    (lambda layers: tuple(reversed(field(layers[::-1]))), "was expected"),
    (lambda layers: field([layer for layer in layers if layer[0] >= layer[1]]), "was expected"),
    (lambda layers: field(dict(layers).items()), "was expected"),
    (lambda layers: field(layers[:8]), "was expected"),
    (lambda layers: (min(field(layers)[0], 46), field(layers)[1]), "was expected"),
    (lambda layers: (field(layers)[0]**2, field(layers)[1]), "area in pixels"),
    (lambda layers: field(layers)[0], "Only the side came back"),
    (lambda layers: print(end=""), "`return` missing"),
]


def backwards(layers):
    side = 1
    for window, stride in reversed(layers):
        side = (side - 1) * stride + window
    return side, int(np.prod([stride for _, stride in layers], dtype=int))


@pytest.mark.parametrize("answer", [field, backwards, lambda layers: list(field(layers)), traced])
def test_right_ways(answer):
    assert_status("5.2", answer, "right")


def test_the_four_block_network():
    assert traced(CLASSIC) == field(CLASSIC) == (46, 16)
