"""What the checker of exercise 15.1 needs: layers, central differences of the penalised loss, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def cases():
    rng = np.random.default_rng(151)

    def layer(shape, factor, loss=0.7, dtype=float, note=""):
        arrays = [rng.normal(size=size).astype(dtype) for size in (shape, shape[-1:], shape, shape[-1:])]
        return Case(loss, *arrays, factor, note=note)

    return [
        Case(0.5, *map(np.array, ([[3.0], [-1.0]], [2.0], [[0.1], [0.4]], [0.3])), 0.1, note="two weights, one bias"),
        layer((4, 3), 0.02),
        layer((3, 3, 2, 5), 1e-3, note="a convolution: the kernel has four axes"),
        layer((5, 2), 0.5, dtype=np.float32),
        layer((2, 2), 0.0, note="factor 0: nothing is added"),
        Case(0, np.zeros((2, 3)), np.ones(3), np.full((2, 3), 0.25), np.full(3, -0.5), 0.3, note="a kernel of zeros"),
    ]


def by_differences(loss, kernel, bias, d_kernel, d_bias, factor):
    """The slope of factor |w|^2 by each weight, one after the other."""
    w, h = kernel.astype(float).ravel(), 1e-3
    steps = h * np.eye(w.size)
    slopes = [factor * (np.linalg.norm(w + step) ** 2 - np.linalg.norm(w - step) ** 2) / (2 * h) for step in steps]
    return loss + factor * np.linalg.norm(w) ** 2, d_kernel + np.reshape(slopes, kernel.shape), d_bias


def made(penalty=lambda w: np.sum(w**2), slope=lambda w: 2 * w, on_bias=(0, 0), sign=(1, 1), keep=(1, 1), power=1):
    """An answer whose penalty and slope can be changed; on_bias: penalise the bias in (loss, gradient)."""
    def answer(loss, kernel, bias, d_kernel, d_bias, factor):
        added = factor**power * (penalty(kernel) + on_bias[0] * penalty(bias))
        return (keep[0] * loss + sign[0] * added, keep[1] * d_kernel + sign[1] * factor**power * slope(kernel),
                d_bias + sign[1] * factor**power * on_bias[1] * slope(bias))
    return answer


def _decayed(loss, kernel, bias, d_kernel, d_bias, factor):
    return made()(loss, kernel - factor * 2 * kernel, bias, d_kernel, d_bias, factor)


MISTAKES = mistakes(
    ("The bias is penalised as well. It sets the level of the output and stays free: penalise the kernel alone.",
     made(on_bias=(1, 1))),
    ("The bias is in the penalty (the loss is too large). Only the kernel's squares belong there.",
     made(on_bias=(1, 0))),
    ("The bias's gradient was changed. The penalty holds no bias, so its slope by the bias is 0.",
     made(on_bias=(0, 1))),
    ("The gradient is factor * w. The slope of w squared is 2 w: factor * 2 * w.", made(slope=lambda w: w)),
    ("The penalty is halved. Some books write factor / 2, so that the 2 of the slope cancels; here, as in Keras, the "
     "penalty is factor * sum of w squared.", made(penalty=lambda w: np.sum(w**2) / 2, slope=lambda w: w),
     made(penalty=lambda w: np.sum(w**2) / 2)),
    ("The gradient's sign is turned. The loss grows with the weights, so the slope of the penalty is + 2 factor w.",
     made(sign=(1, -1))),
    ("The penalty is taken away from the loss and the gradient. Large weights must cost: add both.",
     made(sign=(-1, -1))),
    ("The penalty is taken away from the loss. Large weights must cost: add it.", made(sign=(-1, 1))),
    ("This is the mean of the squares. The sum was asked: each weight pays for itself.",
     made(lambda w: np.mean(w**2), lambda w: 2 * w / w.size), made(lambda w: np.mean(w**2))),
    ("This is L1: the sum of |w|, with the slope sign(w). L2 squares.", made(lambda w: np.abs(w).sum(), np.sign)),
    ("The penalty uses the root of the sum of squares. L2 here is the sum of squares itself, without a root.",
     made(np.linalg.norm), made(np.linalg.norm, lambda w: w / np.linalg.norm(w) if w.any() else w)),
    ("The weights themselves are summed, not their squares: positive and negative ones cancel.",
     made(np.sum), made(np.sum, np.ones_like)),
    ("The factor is squared too. Square the weights alone.", made(power=2)),
    ("Only the penalty came back as the loss. Add it to the loss of the data.", made(keep=(0, 1))),
    ("Only the penalty's slope came back for the kernel. Add it to d_kernel, the slope of the data's loss.",
     made(keep=(1, 0))),
    ("Only the penalty and its slope came back. Add them to the loss and to d_kernel.", made(keep=(0, 0))),
    ("The loss holds no penalty. Add factor * sum of w squared.", made(penalty=lambda w: 0)),
    ("The kernel's gradient holds no penalty. Add 2 * factor * w.", made(slope=lambda w: 0 * w)),
    ("The kernel was made smaller before the penalty was taken. The optimizer changes weights, not the loss.",
     _decayed),
)  # fmt: skip
