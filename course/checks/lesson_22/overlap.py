"""What the checker of exercise 22.1 needs: pairs of boxes, their overlap by counting, classic mistakes."""

from course.checks.compare import Case, mistakes


def cases():
    pairs = [((0, 0, 4, 4), (2, 1, 6, 5)), ((0, 0, 4, 4), (0, 0, 4, 4)), ((1, 1, 3, 9), (2, 0, 8, 4)),
             ((0, 0, 2, 2), (5, 6, 9, 9)), ((0, 0, 3, 3), (3, 0, 6, 3)), ((0, 0, 10, 6), (2, 1, 5, 3)),
             ((0, 0, 2, 7), (4, 1, 9, 3)), ((3, 2, 5, 8), (1, 4, 9, 6)),
             ((0, 0, 4, 2), (1, 5, 3, 9)), ((0.5, 0, 3.25, 2.5), (1.5, 1.25, 4, 3))]
    notes = ["the boxes of the text", "the same box", "", "far apart, across the corner", "touching",
             "one in the other", "apart in x alone", "a cross", "apart in y alone", "quarters of pixels"]  # fmt: skip
    return [Case(a, b, note=note) for (a, b), note in zip(pairs, notes, strict=True)]


FINE = 4  # small squares a side of a pixel


def _cells(box):
    """The squares of a quarter of a pixel in a box, as a set."""
    x0, y0, x1, y1 = (round(FINE * edge) for edge in box)
    return {(x, y) for x in range(x0, x1) for y in range(y0, y1)}


def by_pixels(a, b):
    a, b = _cells(a), _cells(b)
    return len(a & b) / len(a | b)


def wrong(clip=True, plus=0, divide=lambda common, a, b: a + b - common, order=(0, 1, 2, 3), times=1):
    """The overlap with something changed: clipping, pixels counted as ends, the divisor, the order of the numbers."""
    def answer(a, b):
        a, b = ([box[k] for k in order] for box in (a, b))
        sides = [min(a[k + 2], b[k + 2]) - max(a[k], b[k]) + plus for k in (0, 1)]
        sides = [max(side, 0) for side in sides] if clip else sides
        areas = [(box[2] - box[0] + plus) * (box[3] - box[1] + plus) for box in (a, b)]
        common = sides[0] * sides[1]
        return times * common / divide(common, *areas)
    return answer


MISTAKES = mistakes(
    ("Boxes that do not meet have a negative side; two of them multiplied make an overlap that is none. Cut each side "
     "off at 0.", wrong(clip=False)),
    ("One was added to each side, as if x1 and y1 were the last pixels. Here they are edges: the side is x1 - x0.",
     wrong(plus=1)),
    ("The divisor is the sum of both areas: the common part stands in it twice. Take it off once.",
     wrong(divide=lambda common, a, b: a + b)),
    ("This is Dice, twice the common part over both areas. The IoU divides by the union.",
     wrong(divide=lambda common, a, b: a + b, times=2)),
    ("Divided by one box alone.", wrong(divide=lambda common, a, b: a), wrong(divide=lambda common, a, b: b),
     wrong(divide=lambda common, a, b: min(a, b))),
    ("Divided by the box that surrounds both; the union leaves out its empty corners.",
     lambda a, b: len(_cells(a) & _cells(b)) / FINE**2 / ((max(a[2], b[2]) - min(a[0], b[0]))
                                                          * (max(a[3], b[3]) - min(a[1], b[1])))),
    ("The four numbers were read as x0, x1, y0, y1. The order is x0, y0, x1, y1.", wrong(order=(0, 2, 1, 3))),
    ("The four numbers were read as corner, width and height. x1 and y1 are edges.",
     lambda a, b: by_pixels((a[0], a[1], a[0] + a[2], a[1] + a[3]), (b[0], b[1], b[0] + b[2], b[1] + b[3]))),
    ("This is the common area, not its share of the union.", lambda a, b: len(_cells(a) & _cells(b)) / FINE**2),
)  # fmt: skip
