"""What the checker of exercise 13.2 needs: weights in PyTorch's order and the same in Keras's.

Shapes: kernel (d, c, kh, kw), bias (d,); dense (k, d h w), columns map after map, dense_bias (k,); maps (h, w), the
maps that Flatten turns into a row. In Keras: kernel (kh, kw, c, d); dense (h w d, k), rows place after place.
"""

import numpy as np

from course.checks.compare import Case, Mistake, mistakes


def _random(kernel, maps, units, note="", dtype=float):
    d, (h, w) = kernel[0], maps
    rng = np.random.default_rng(132)
    shapes = [kernel, (d,), (units, d * h * w), (units,)]
    return Case(*(rng.normal(size=shape).astype(dtype) for shape in shapes), maps, note=note)


def cases():
    return [
        _random((4, 4, 4, 4), (4, 4), 64, note="equal numbers of everything: here no wrong order raises an error"),
        _random((4, 3, 3, 3), (2, 2), 5),
        _random((4, 2, 5, 3), (3, 4), 2, note="kernel and maps not square"),
        _random((1, 3, 3, 3), (2, 3), 3, note="one kernel"),
        _random((5, 1, 3, 3), (1, 1), 4, note="one channel, and maps of one place"),
        _random((6, 4, 1, 1), (2, 5), 1, note="1 x 1 kernels, one neuron"),
        _random((8, 3, 3, 3), (6, 6), 4, dtype=np.float32, note="float32"),
    ]


def index_by_index(kernel, bias, dense, dense_bias, maps):
    """Move every number to its place, one by one."""
    (d, c, kh, kw), (h, w) = kernel.shape, maps
    ours = np.empty((kh, kw, c, d))
    for new in np.ndindex(ours.shape):
        u, v, before, after = new
        ours[new] = kernel[after, before, u, v]
    table = np.empty((h * w * d, len(dense)))
    for i, j, channel in np.ndindex(h, w, d):
        table[(i * w + j) * d + channel] = dense[:, (channel * h + i) * w + j]
    return ours, bias, table, dense_bias


def _reshaped(kernel):
    d, c, kh, kw = kernel.shape
    return kernel.reshape(kh, kw, c, d)


def _table(shape, axes):
    """Translate the dense table as if its columns had this shape (in letters), with these axes in the new order."""
    def table(dense, d, h, w):
        sizes = [{"d": d, "h": h, "w": w}[letter] for letter in shape]
        return dense.reshape(len(dense), *sizes).transpose(axes).reshape(-1, len(dense))
    return table


RIGHT = _table("dhw", (2, 3, 1, 0))


def _wrong(kernel=lambda k: k.transpose(2, 3, 1, 0), table=RIGHT, biases=lambda a, b: (a, b)):
    """Translate as asked, but with one part replaced: that is the mistake."""
    def wrong(k, bias, dense, dense_bias, maps):
        first, second = biases(bias, dense_bias)
        return kernel(k), first, table(dense, len(k), *maps), second
    return wrong


ORDER = "PyTorch's Flatten goes map after map, Keras's place after place. "
MISTAKES = [
    *mistakes(
        ("The kernel is only reshaped. reshape keeps the numbers in their row and cuts it elsewhere; the axes must "
         "change places: transpose.", _wrong(_reshaped)),
        ("Kernel and table are only reshaped: the numbers stay in their row, and are cut elsewhere. The axes must "
         "change places: transpose.", _wrong(_reshaped, lambda dense, *sizes: dense.reshape(dense.shape[::-1]))),
        ("The kernel is turned: its rows and columns have changed places. They keep their order, (kh, kw).",
         _wrong(np.transpose)),
        ("The kernel's inputs and outputs have changed places: PyTorch's first axis is the outputs, d, and belongs "
         "last.", _wrong(lambda k: k.transpose(2, 3, 0, 1))),
        ("The kernel is turned by half a turn. Both libraries slide it as it is, without a flip.",
         _wrong(lambda k: k.transpose(2, 3, 1, 0)[::-1, ::-1])),
        ("The kernel is handed on as it came: (d, c, kh, kw). Keras wants (kh, kw, c, d).", _wrong(lambda k: k)),
        (f"{ORDER}The table is transposed, but its rows still stand map after map: right shape, wrong answers.",
         _wrong(table=lambda dense, *sizes: dense.T)),
        ("The table is not transposed: in Keras it leads from input i to neuron j, (m, k).",
         _wrong(table=lambda *inputs: RIGHT(*inputs).T)),
        ("The table is handed on as it came, neither transposed nor put in another order.",
         _wrong(table=lambda dense, *sizes: dense)),
        (f"{ORDER}Here the order is changed the wrong way round: the columns are taken as (h, w, d), but they come as "
         "(d, h, w).", _wrong(table=_table("hwd", (3, 1, 2, 0)))),
        ("Within the maps, columns go before rows. Both libraries go along the rows.",
         _wrong(table=_table("dhw", (3, 2, 1, 0)))),
        ("The biases have changed places.", _wrong(biases=lambda a, b: (b, a))),
        ("The biases are missing (zeros). They have no order to translate; hand them on.",
         _wrong(biases=lambda a, b: (0 * a, 0 * b))),
    ),
    Mistake("Four arrays are wanted, in Keras's order: kernel, bias, table, bias.",
            when=lambda result, expected, *inputs: isinstance(result, (tuple, list)) and len(result) != 4),
]  # fmt: skip
