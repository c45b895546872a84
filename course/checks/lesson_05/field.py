"""What the checker of exercise 5.2 needs: how many pixels one number of a deep map can see.

Layers are pairs (window, stride), from the picture on; the answer is (side, step), both in pixels of the picture.
"""

from course.checks.compare import Case, Mistake

CLASSIC = [(3, 1), (2, 2)] * 4


def cases():
    return [
        Case([(3, 1)], note="one convolution"),
        Case([(3, 1), (2, 2)], note="one block"),
        Case([(3, 1), (3, 1)], note="two convolutions, no pooling"),
        Case(CLASSIC[:4], note="two blocks"),
        Case(CLASSIC, note="the four-block network"),
        Case([], note="no layer: a pixel sees itself"),
        Case([(1, 1), (5, 1)], note="a window of one pixel"),
        Case([(7, 2), (3, 2), (3, 1)], note="a convolution with stride 2, windows that overlap"),
        Case([(2, 2), (2, 2), (2, 2)], note="nothing but pooling"),
        Case([(3, 3), (4, 2), (2, 1)]),
    ]


def traced(layers):
    """Follow the first two numbers of the last map back to the pixels they are made of, layer by layer."""
    first, second = {0}, {1}
    for window, stride in reversed(layers):
        first, second = ({place * stride + u for place in seen for u in range(window)} for seen in (first, second))
    return max(first) - min(first) + 1, min(second) - min(first)


def _recurrence(grow, step=lambda jump, stride: jump * stride, start=1):
    """Return a mistaken receptive_field: side = grow(side, jump before, window, stride) at each layer."""
    def receptive_field(layers):
        side, jump = start, 1
        for window, stride in layers:
            side = grow(side, jump, window, stride)
            jump = step(jump, stride)
        return side, jump
    return receptive_field


def _usual(side, jump, window, stride):
    return side + (window - 1) * jump


MISTAKES = [
    Mistake("The step is not used: behind a pooling, one place more in the map is several pixels more in the picture. "
            "Add (window - 1) * step.",
            wrong=_recurrence(lambda side, jump, window, stride: side + window - 1)),
    Mistake("The step grows too early. A layer's own stride spreads the places of the map it makes, not those it "
            "reads: add (window - 1) * step first, then multiply the step.",
            wrong=_recurrence(lambda side, jump, window, stride: side + (window - 1) * jump * stride)),
    Mistake("Off by one at every layer: a window of k places reaches k - 1 places further, not k.",
            wrong=_recurrence(lambda side, jump, window, stride: side + window * jump)),
    Mistake("Off by one: without any layer a number is a pixel and sees 1 pixel, not 0. Start with side 1.",
            wrong=_recurrence(_usual, start=0)),
    Mistake("The windows are multiplied. Windows that overlap see the same pixels again: a layer adds (window - 1) * "
            "step.",
            wrong=_recurrence(lambda side, jump, window, stride: side * window)),
    Mistake("The windows are added up. Neighbours overlap, and the step counts: a layer adds (window - 1) * step.",
            wrong=_recurrence(lambda side, jump, window, stride: side + window, start=0)),
    Mistake("This rule, (side - 1) * stride + window, goes from the last layer back to the picture; here it was "
            "applied from the picture on. Turn the order round, or add (window - 1) * step.",
            wrong=_recurrence(lambda side, jump, window, stride: (side - 1) * stride + window)),
    Mistake("The strides are added. Each multiplies: two poolings of stride 2 make a step of 4 pixels.",
            wrong=_recurrence(_usual, step=lambda jump, stride: jump + stride)),
    Mistake("The strides are added for the step. Each multiplies: two poolings of stride 2 make a step of 4 pixels.",
            when=lambda result, expected, layers: result[1] == sum(s for _, s in layers) != expected[1]),
    Mistake("Only the last stride is kept as the step. All strides multiply.",
            wrong=_recurrence(_usual, step=lambda jump, stride: stride)),
    Mistake("The step stays 1. Every stride multiplies it.",
            wrong=_recurrence(_usual, step=lambda jump, stride: 1)),
    Mistake("The side is right, the step is not: the product of all strides, in pixels.",
            when=lambda result, expected, layers: result[0] == expected[0] and result[1] != expected[1]),
    Mistake("You return after the first layer: move `return` behind the loop.",
            wrong=lambda layers: traced(layers[:1])),
    Mistake("Side and step are swapped: return side, step.",
            when=lambda result, expected, layers: tuple(result) == expected[::-1] != expected),
    Mistake("This is the area in pixels. The length of one side was asked.",
            when=lambda result, expected, layers: tuple(result) == (expected[0]**2, expected[1]) and expected[0] > 1),
    Mistake("Only the side came back. Return both: side, step.",
            when=lambda result, expected, layers: not isinstance(result, (tuple, list)) and result == expected[0]),
]  # fmt: skip
