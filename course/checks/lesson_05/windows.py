"""What the checkers of exercises 5.1 and 5.3 share: windows, Keras as reference, and mistakes that fit both.

Maps are (h, w) or (h, w, c); a window has `size` x `size` pixels and moves by `stride`, down and across.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.checks.compare import Mistake
from course.checks.core import NotYet


def windows(picture, size, stride):
    """Return every window inside the picture: (rows, columns, size, size) or (rows, columns, c, size, size)."""
    return sliding_window_view(picture, (size, size), axis=(0, 1))[::stride, ::stride]


def keras_pool(kind, picture, size, stride):
    """Return Keras's pooling, "max" or "average", of a map (h, w) or (h, w, c) in float64."""
    from course.quiet_tensorflow import keras

    batch = np.asarray(picture, float).reshape(1, *picture.shape[:2], -1)
    batch = keras.ops.convert_to_tensor(batch)  # as an array it would be cut down to float32
    pool = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    pooled = keras.ops.convert_to_numpy(pool(batch, size, strides=stride, padding="valid"))[0]
    return pooled.reshape(*pooled.shape[:2], *picture.shape[2:])


def keras_max(picture, size, stride):
    """Return Keras's max_pool, and NaN where a window holds one: Keras on a processor loses it (tensorflow #2501)."""
    missing = np.isnan(picture)
    pooled = keras_pool("max", np.where(missing, -np.inf, picture), size, stride)
    return np.where(keras_pool("max", missing, size, stride) > 0, np.nan, pooled)


def up(n, stride):
    """Return n / stride, rounded up."""
    return -(-n // stride)


def sizes(picture, size, stride):
    """Return (rows, columns) of the pooled map."""
    return tuple((n - size) // stride + 1 for n in picture.shape[:2])


def each_window(best, corner=lambda i, stride: i * stride):
    """Return a pooling that reduces windows (size, size[, c]) by `best` and begins them at corner(i, stride)."""
    def pool(picture, size, stride):
        rows, columns = sizes(picture, size, stride)
        return np.array([[best(picture[corner(i, stride):, corner(j, stride):][:size, :size]) for j in range(columns)]
                         for i in range(rows)])
    return pool


def only(pooled, place):
    out = np.zeros_like(pooled)
    out[place] = pooled[place]
    return out


def hangs_over(result, expected, picture, size, stride):
    """Return True when the result has places for windows that would leave the picture."""
    shape = np.shape(result)
    touching = tuple(up(n, stride) for n in picture.shape[:2])
    rounded = tuple(up(n - size, stride) + 1 for n in picture.shape[:2])
    return shape[:2] in (touching, rounded) and shape[:2] != expected.shape[:2] and shape[2:] == expected.shape[2:]


OVERRUN = ("The last window hangs over the edge: there are places for pixels that the picture does not have, and a "
           "slice that runs over the edge is cut short without a word. What is left over is dropped: there are ")
PLACES = "(h - size) // stride + 1 rows of places, and h // stride only where the window is as wide as the stride."
FLAT = ("The numbers are right, but they stand in one flat list: which was beside or below which is lost, and no next "
        "layer could slide a window over it. Fill an array that has rows and columns.")
ONE_DIRECTION = ("Your window has only one direction. As in y_i = max over u of x_(i*s+u), it runs along a line, and "
                 "the pixels {} never compete. Two offsets are needed, u for rows and v for columns: "
                 "x[i*s + u, j*s + v].")
BELOW, BESIDE = ONE_DIRECTION.format("below"), ONE_DIRECTION.format("beside")
DIAGONAL = ("One offset moves down and across at once, so only the window's diagonal is read. Rows and columns need "
            "an offset each: x[i*s + u, j*s + v].")
IN_A_LINE = ("The picture was unrolled into one line and pooled along it. Neighbours above and below are far apart in "
             "that line: this is pooling in one direction only. Keep rows and columns.")


def layout_mistakes(pool):
    """Return the mistakes in layout, stride and edge for a right `pool(picture, size, stride)`."""
    return [
        Mistake(OVERRUN + PLACES, when=hangs_over),
        Mistake("This counts h // size places: the stride is not used. There are (h - size) // stride + 1.",
                when=lambda result, expected, picture, size, stride:
                    np.shape(result)[:2] == tuple(n // size for n in picture.shape[:2]) != expected.shape[:2]),
        Mistake("Off by one: the last row and the last column of places are missing. There are (h - size) // stride "
                "+ 1 of them; (h - size) // stride counts the steps between.",
                when=lambda result, expected, *inputs:
                    np.shape(result)[:2] == tuple(n - 1 for n in expected.shape[:2])),
        Mistake(FLAT, when=lambda result, expected, *inputs: _is_flat(result, expected)),
        Mistake("The map is turned: its first number should count rows.",
                when=lambda result, expected, *inputs:
                    np.shape(result) == (expected.shape[1], expected.shape[0], *expected.shape[2:]) != expected.shape),
        Mistake("The window moves by its own width, whatever the stride says. Places begin at i * stride.",
                wrong=lambda picture, size, stride: pool(picture, size, size)),
        Mistake("The window moves by one pixel, whatever the stride says. Places begin at i * stride.",
                wrong=lambda picture, size, stride: pool(picture, size, 1)),
        Mistake("The window is 2 x 2, whatever the size says. Windows come in other sizes: use size.",
                wrong=lambda picture, size, stride: pool(picture, 2, stride)),
        Mistake("One number came back, not a map. Store each window's number in its place, and return the whole map.",
                when=lambda result, expected, *inputs: result is not None and np.ndim(result) == 0),
        Mistake("Only the first place is filled. Does `return` stand inside the loops? It belongs behind both.",
                wrong=lambda *inputs: only(pool(*inputs), (0, 0))),
        Mistake("Only the first row is filled. Does `return` stand inside the loop over rows? It belongs behind both.",
                wrong=lambda *inputs: only(pool(*inputs), 0)),
    ]  # fmt: skip


def _is_flat(result, expected):
    shape, (rows, columns) = np.shape(result), expected.shape[:2]
    flat = shape in ((expected.size,), (rows * columns, *expected.shape[2:])) and shape != expected.shape
    return flat and rows > 1 and np.allclose(np.ravel(result), expected.ravel(), equal_nan=True)


def with_the_edge_named(problem):
    """Return the NotYet with a better reason where the learner's code left the picture or met an empty window."""
    text = str(problem.error)
    if isinstance(problem.error, IndexError) or "zero-size array" in text:
        reason = ("A window ran over the picture's edge, or the map is too small for its numbers. Rows are counted "
                  f"from the height, columns from the width. {problem.reason}")
        return NotYet(reason, problem.details, problem.error)
    return problem
