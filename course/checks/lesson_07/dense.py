"""What the checkers of exercises 7.1 and 7.2 need: cross-entropy on scores, and a dense layer.

`by_tape` lets TensorFlow differentiate; the modules of exercises 7.3 to 7.5 use it too.
"""

import itertools

import numpy as np

from course.checks.compare import Case, Mistake, mistakes
from course.checks.ways import sized


def by_tape(output, *inputs):
    """Return TensorFlow's gradients, float64 arrays, of the number `output(tf, *tensors)` by each input."""
    from course.quiet_tensorflow import tf

    tensors = [tf.constant(np.asarray(value, float)) for value in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        number = output(tf, *tensors)
    return tuple(gradient.numpy() for gradient in tape.gradient(number, tensors))


def loss_cases():
    rng = np.random.default_rng(71)
    return [
        Case(np.array([[0.0], [1.0], [-2.0]]), np.array([[1], [0], [1]]), note="three patients"),
        Case(np.array([[0.0]]), np.array([[1]]), note="one patient, as on the page"),
        Case(rng.normal(size=(8, 1)), np.ones((8, 1), int), note="all malignant"),
        Case(rng.normal(size=(5, 1)), np.zeros((5, 1), int), note="all benign"),
        Case(rng.normal(scale=3, size=(37, 1)), rng.integers(0, 2, (37, 1)), note="37 patients"),
        Case(np.array([[1.0], [0.5]]), np.array([[0.0], [1.0]]), note="truths as floats"),
        Case(np.array([[2], [-1], [0], [3]]), np.array([[1], [0], [0], [0]]), note="scores of whole numbers"),
        Case(np.array([[800.0], [-800.0], [800.0], [-800.0]]), np.array([[1], [0], [0], [1]]),
             note="scores of 800: certain, rightly and wrongly"),
    ]  # fmt: skip


def cross_entropy_by_tape(z, y):
    def loss(tf, scores):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y.astype(float), logits=scores))

    return by_tape(loss, z)[0]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _nan_where_certain(result, expected, z, y):
    """Is all right but for NaN at scores of 800?"""
    lost = np.isnan(result)
    certain = result.shape == z.shape and lost.any() and abs(z[lost]).min() > 700
    return certain and np.allclose(result[~lost], expected[~lost], atol=1e-6)


LOSS_MISTAKES = [
    *mistakes(
        ("The 1/batch is missing: the loss is the mean over the n patients, so each has 1/n of the say. Your numbers "
         "are the slopes of the sum.", lambda z, y: sigmoid(z) - y),
        ("The sign is turned: it is p - y. The score of a malignant tumour (y = 1) must get a negative slope, so that "
         "a step against it raises the score.", lambda z, y: (y - sigmoid(z)) / len(z)),
        ("The sign is turned (it is p - y), and the 1/batch is missing.", lambda z, y: y - sigmoid(z)),
        ("This is the slope by p, the probability. One link of the chain is missing, the sigmoid: times p (1 - p).",
         lambda z, y: (sigmoid(z) - y) / (sigmoid(z) * (1 - sigmoid(z))) / len(z),
         lambda z, y: (-y / sigmoid(z) + (1 - y) / (1 - sigmoid(z))) / len(z)),
        ("p - y is already the slope by z; the sigmoid's p (1 - p) has cancelled in it. You multiply by it once more, "
         "as if the loss were (p - y)^2 / 2, and a certain, wrong answer would hardly be corrected.",
         lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(z)),
        ("The score itself stands where the probability should: p = sigmoid(z).", lambda z, y: (z - y) / len(z)),
        ("The score itself stands where the probability should, p = sigmoid(z), and the 1/batch is missing.",
         lambda z, y: z - y),
        ("This is the loss itself. Its slope by each score was asked: n numbers.",
         lambda z, y: np.mean(np.logaddexp(0, z) - y * z),
         lambda z, y: -np.mean(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z)))),
        ("An (n, n) table: an array of shape (n,) met one of shape (n, 1), and NumPy paired every patient with every "
         "truth. Keep both (n, 1).",
         lambda z, y: (sigmoid(z) - y.ravel()) / len(z), lambda z, y: (sigmoid(z).ravel() - y) / len(z)),
    ),
    sized("This is one number for all. Each patient has a score and a slope of her own: shape (n, 1).",
          lambda *inputs: ()),
    Mistake("For scores of 800 your answer is not a number: exp(800) is infinite, p is exactly 0 or 1 there, and p (1 "
            "- p) = 0 divides. Cancel on paper: what is left is p - y, and course.nn's sigmoid takes any score.",
            when=_nan_where_certain),
]  # fmt: skip


def dense_cases():
    rng = np.random.default_rng(72)
    sizes = [  # n, i, o: i = o, all alike, all different, one patient, one input, one output, one of each
        (3, 2, 2), (3, 3, 3), (4, 3, 2), (1, 4, 3), (5, 1, 2), (6, 3, 1), (1, 1, 1)]  # fmt: skip
    whole = np.array([[1, 0], [0, 2]]), np.array([[1, 2], [3, 4]]), np.array([[1, 0], [2, 1]])
    return [
        *(Case(rng.normal(size=(n, o)), rng.normal(size=(n, i)), rng.normal(size=(i, o)),
               note=f"{n} patients, {i} inputs, {o} outputs") for n, i, o in sizes),
        Case(*whole, note="whole numbers"),
        Case(rng.normal(size=(2, 2)), *whole[1:], note="grad has fractions, the others are whole numbers"),
    ]  # fmt: skip


def dense_by_tape(grad, x, kernel):
    def sum_of_pushes(tf, x, kernel, bias):
        return tf.reduce_sum((x @ kernel + bias) * grad)

    return by_tape(sum_of_pushes, x, kernel, np.zeros(kernel.shape[1]))


def _dense(grad, x, kernel, by_x=lambda g, x, k: g @ k.T, by_kernel=lambda g, x, k: x.T @ g,
           by_bias=lambda g, x, k: g.sum(axis=0)):  # fmt: skip
    return tuple(part(grad, x, kernel) for part in (by_x, by_kernel, by_bias))


def _by(**parts):
    """Return a mistaken dense_backward, wrong in the named parts: by_x, by_kernel, by_bias."""
    return lambda *inputs: _dense(*inputs, **parts)


def _divided(*which):
    return lambda g, x, k: tuple(part / len(x) if n in which else part for n, part in enumerate(_dense(g, x, k)))


DENSE_MISTAKES = mistakes(
    ("Divided by the number of patients once too often: the 1/n came in with the loss (exercise 7.1) and is already "
     "inside grad. From here on patients are added up.",
     *(_divided(*which) for many in (3, 2, 1) for which in itertools.combinations(range(3), many))),
    ("The bias's gradient still has a row for each patient. All of them use the same bias, and what it does to each "
     "adds up: shape (o,).", _by(by_bias=lambda g, x, k: g)),
    ("The bias's gradient was added up along the wrong axis: over the outputs. Axis 0 counts the patients.",
     _by(by_bias=lambda g, x, k: g.sum(axis=1))),
    ("The bias's gradient is one number. Each output has a bias of its own: add up over axis 0 alone.",
     _by(by_bias=lambda g, x, k: g.sum())),
    ("The bias's gradient has a row too many: (1, o), and the bias is (o,).",
     _by(by_bias=lambda g, x, k: g.sum(axis=0, keepdims=True))),
    ("The kernel's gradient is turned on its side: row = input, column = output, as in the kernel.",
     _by(by_kernel=lambda g, x, k: g.T @ x)),
    ("The kernel's gradient multiplies rows with columns where patients should meet patients: x.T @ grad.",
     _by(by_kernel=lambda g, x, k: x @ g)),
    ("The input's gradient uses the kernel as it stands. Going back, input i collects from every output o by the "
     "weight kernel[i, o]: that is the kernel on its side, kernel.T.", _by(by_x=lambda g, x, k: g @ k)),
    ("The three stand in another order. By x comes first, then by the kernel, then by the bias.",
     *(lambda *inputs, order=order: tuple(_dense(*inputs)[n] for n in order)
       for order in itertools.permutations(range(3)) if order != (0, 1, 2))),
    ("This is the layer's forward pass. Wanted are the slopes of the loss by x, kernel and bias.",
     lambda g, x, k: x @ k),
)  # fmt: skip
