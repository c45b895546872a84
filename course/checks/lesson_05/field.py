"""What the checker of exercise 5.2 needs: how many pixels one number of a deep map can see.

Layers are pairs (window, stride), from the picture on; the answer is (side, step), both in pixels of the picture.
"""

from course.checks.compare import Case, Mistake, mistakes

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
        Case([(2, 3), (1, 2), (3, 4)], note="strides larger than their windows"),
        Case([(5, 2), (3, 1)] * 6, note="twelve layers"),
    ]


def traced(layers):
    """Follow the first two numbers of the last map back to the pixels they are made of, layer by layer."""
    first, second = {0}, {1}
    for window, stride in reversed(layers):
        first, second = ({place * stride + u for place in seen for u in range(window)} for seen in (first, second))
    return max(first) - min(first) + 1, min(second) - min(first)


def _rule(grow=lambda side, jump, window, stride: side + (window - 1) * jump, step=lambda jump, stride: jump * stride,
          start=(1, 1), swap=False):  # fmt: skip
    """Return a mistaken receptive_field: at each layer the side becomes grow(...), then the step becomes step(...)."""
    def wrong(layers):
        side, jump = start
        for window, stride in layers:
            window, stride = (stride, window) if swap else (window, stride)
            side, jump = grow(side, jump, window, stride), step(jump, stride)
        return side, jump
    return wrong


MISTAKES = [
    *mistakes(
        ("The step is not used: behind a pooling, one place more in the map is several pixels more in the picture. Add "
         "(window - 1) * step.", _rule(lambda side, jump, window, stride: side + window - 1)),
        ("The step grows too early: a layer's own stride spreads the places of the map it makes, not those it reads. "
         "First add (window - 1) * step, then multiply the step.",
         _rule(lambda side, jump, window, stride: side + (window - 1) * jump * stride)),
        ("Off by one at every layer: a window of k places reaches k - 1 places further, not k.",
         _rule(lambda side, jump, window, stride: side + window * jump)),
        ("Off by one: without any layer a number is a pixel and sees 1 pixel, not 0. Start with side 1.",
         _rule(start=(0, 1))),
        ("Without any layer a number is a pixel, and its neighbour is 1 pixel away. Start with step 1.",
         _rule(start=(1, 0))),
        ("The windows are multiplied, but windows that overlap see the same pixels again. A layer adds (window - 1) * "
         "step.", _rule(lambda side, jump, window, stride: side * window)),
        ("The windows are added up, but neighbours overlap, and the step counts. A layer adds (window - 1) * step.",
         _rule(lambda side, jump, window, stride: side + window, start=(0, 1))),
        ("This rule, (side - 1) * stride + window, goes from the last layer back to the picture; here it was applied "
         "from the picture on. Turn the order round, or add (window - 1) * step.",
         _rule(lambda side, jump, window, stride: (side - 1) * stride + window)),
        ("The strides are added. Each multiplies: two poolings of stride 2 make a step of 4 pixels.",
         _rule(step=lambda jump, stride: jump + stride)),
        ("The strides are added for the step. Each multiplies: two poolings of stride 2 make a step of 4 pixels.",
         lambda layers: (traced(layers)[0], sum(stride for _, stride in layers))),
        ("Only the last stride is kept as the step. All strides multiply.", _rule(step=lambda jump, stride: stride)),
        ("The step stays 1. Every stride multiplies it.", _rule(step=lambda jump, stride: 1)),
        ("Window and stride have changed places: each layer is a pair (window, stride).", _rule(swap=True)),
        ("This is the area in pixels. The length of one side was asked.",
         lambda layers: (traced(layers)[0]**2, traced(layers)[1])),
        ("Only the side came back. Return both: side, step.", lambda layers: traced(layers)[0]),
    ),
    Mistake("You return after the first layer: move `return` behind the loop.", when=lambda result, expected, layers:
            tuple(result) == traced(layers[:1]) if layers else result is None),
    Mistake("The side is right, the step is not: the product of all strides, in pixels.",
            when=lambda result, expected, layers: result[0] == expected[0] and result[1] != expected[1]),
]  # fmt: skip
