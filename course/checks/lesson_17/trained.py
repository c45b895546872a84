"""What the checker of exercise 17.3 needs: networks as rows of layers, and ways to miscount."""

import math

from course.checks.compare import Case, mistakes

STEM = ("Conv2D", [(3, 3, 3, 32)])
NORM = ("BatchNormalization", [(32,)] * 4)
DEEP = ("DepthwiseConv2D", [(5, 5, 32, 1)])
HEAD = ("Dense", [(1280, 1), (1,)])
EMPTY = ("ReLU", [])


def _count(counted):
    def count(layers, phase):
        return sum(math.prod(shape) for place, (kind, shapes) in enumerate(layers)
                   for number, shape in enumerate(shapes)
                   if counted(kind, number, place == len(layers) - 1, phase))
    return count


reference = _count(lambda kind, number, head, phase: head or (phase == "all" and kind != "BatchNormalization"))


def cases():
    networks = [[STEM, NORM, EMPTY, HEAD], [STEM, NORM, DEEP, NORM, EMPTY, ("Conv2D", [(1, 1, 32, 16), (16,)]), HEAD],
                [("Conv2D", [(1, 1, 2, 2)]), ("Dense", [(4, 3), (3,)]), NORM, ("Dense", [(3, 2), (2,)])]]
    return [Case(layers, phase) for layers in networks for phase in ("head", "all")]


MISTAKES = mistakes(
    ("Everything is counted, in both phases: in \"head\" only the last layer is trained, in \"all\" batch "
     "normalisation is left out.", _count(lambda *place: True)),
    ("Batch normalisation is counted in the phase \"all\": it stays as it is, all four rows of it.",
     _count(lambda kind, number, head, phase: head or phase == "all")),
    ("Batch normalisation's scale and shift are counted: they are left as they are, like its mean and variance.",
     _count(lambda kind, number, head, phase: head or (phase == "all"
                                                       and (kind != "BatchNormalization" or number < 2)))),
    ("The head is left out of the phase \"all\": it goes on learning.",
     _count(lambda kind, number, head, phase: head if phase == "head" else kind != "BatchNormalization" and not head)),
    ("Every Dense layer is counted in the phase \"head\": only the last layer is the head.",
     _count(lambda kind, number, head, phase: kind == "Dense" or (phase == "all" and kind != "BatchNormalization"))),
    ("The biases are missing: every shape of a trained layer counts.",
     _count(lambda kind, number, head, phase: number == 0 and (head or (phase == "all"
                                                                        and kind != "BatchNormalization")))),
    ("The phase is not used: this is the count of \"all\" in both.",
     _count(lambda kind, number, head, phase: kind != "BatchNormalization")),
    ("The phase is not used: this is the count of \"head\" in both.", _count(lambda kind, number, head, phase: head)),
)  # fmt: skip
