"""What the checkers of exercises 7.1 and 7.2 need: cross-entropy on scores, and a dense layer.

`by_tape` lets TensorFlow differentiate; the modules of exercises 7.3 to 7.5 use it too.
"""

import numpy as np

from course.checks.compare import Case, Mistake


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
    many = rng.normal(scale=3, size=(37, 1)), rng.integers(0, 2, (37, 1))
    return [
        Case(np.array([[0.0], [1.0], [-2.0]]), np.array([[1], [0], [1]]), note="three patients"),
        Case(np.array([[0.0]]), np.array([[1]]), note="one patient, as on the page"),
        Case(rng.normal(size=(8, 1)), np.ones((8, 1), int), note="all malignant"),
        Case(*many, note="37 patients"),
        Case(np.array([[1.0, -1.0], [0.5, 2.0]])[:, :1], np.array([[0.0], [1.0]]), note="truths as floats"),
        Case(np.array([[800.0], [-800.0], [800.0], [-800.0]]), np.array([[1], [0], [0], [1]]),
             note="scores of 800: certain, rightly and wrongly"),
    ]  # fmt: skip


def cross_entropy_by_tape(z, y):
    def loss(tf, scores):
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y.astype(float), logits=scores))

    return by_tape(loss, z)[0]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _in_pieces(z, y):
    p = sigmoid(z)
    return (p - y) / (p * (1 - p)) * (p * (1 - p)) / len(z)


def _of_exponentials(z, y):
    return (np.exp(z) / (1 + np.exp(z)) - y) / len(z)


OVERFLOW = (
    "For scores of 800 your answer is not a number: {}. Cancel on paper what cancels: what is left is p - y, and "
    "course.nn's sigmoid takes any score."
)
LOSS_MISTAKES = [
    Mistake("The 1/batch is missing: the loss is the mean over the n patients, so each patient has 1/n of the say. "
            "Your numbers are the slopes of the sum, and steps would grow with the number of patients.",
            wrong=lambda z, y: sigmoid(z) - y),
    Mistake("The sign is turned: it is p - y. The score of a malignant tumour (y = 1) must get a negative slope, so "
            "that a step against it raises the score.",
            wrong=lambda z, y: (y - sigmoid(z)) / len(z)),
    Mistake("The sign is turned (it is p - y), and the 1/batch is missing.",
            wrong=lambda z, y: y - sigmoid(z)),
    Mistake("This is the slope by p, the probability. One link of the chain is missing, the sigmoid: times p (1 - p).",
            wrong=lambda z, y: (sigmoid(z) - y) / (sigmoid(z) * (1 - sigmoid(z))) / len(z)),
    Mistake("p - y is already the slope by z; the sigmoid's p (1 - p) has cancelled in it. You multiply by it once "
            "more, as if the loss were (p - y)^2 / 2. A certain, wrong answer would then hardly be corrected.",
            wrong=lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(z)),
    Mistake("The score itself stands where the probability should: p = sigmoid(z).",
            wrong=lambda z, y: (z - y) / len(z)),
    Mistake("The score itself stands where the probability should, p = sigmoid(z), and the 1/batch is missing.",
            wrong=lambda z, y: z - y),
    Mistake("This is the loss itself. Its slope by each score was asked: n numbers.",
            when=lambda result, expected, z, y: np.isclose(result, np.mean(np.logaddexp(0, z) - y * z))),
    Mistake("This is one number, the mean of all slopes. Each patient has a score and a slope of her own: shape "
            "(n, 1).",
            when=lambda result, expected, z, y: result is not None and np.ndim(result) == 0),
    Mistake("An (n, n) table: an array of shape (n,) met one of shape (n, 1), and NumPy paired every patient with "
            "every truth. Keep both (n, 1).",
            when=lambda result, expected, z, y: np.shape(result) == (len(z), len(z)) != expected.shape),
    Mistake(OVERFLOW.format("p is exactly 0 or 1 there, and p (1 - p) = 0 divides"), wrong=_in_pieces),
    Mistake(OVERFLOW.format("exp(800) is infinite, and infinite by infinite is nothing"), wrong=_of_exponentials),
]  # fmt: skip


def dense_cases():
    rng = np.random.default_rng(72)

    def random(n, i, o, note):
        return Case(rng.normal(size=(n, o)), rng.normal(size=(n, i)), rng.normal(size=(i, o)), note=note)

    return [
        random(3, 2, 2, "as many inputs as outputs"),
        random(3, 3, 3, "patients, inputs and outputs alike in number: shapes cannot warn you"),
        random(4, 3, 2, "4 patients, 3 inputs, 2 outputs"),
        random(1, 4, 3, "one patient"),
        random(5, 1, 2, "one input"),
        random(6, 3, 1, "one output"),
        Case(np.array([[1, 0], [0, 2]]), np.array([[1, 2], [3, 4]]), np.array([[1, 0], [2, 1]]), note="whole numbers"),
    ]


def dense_by_tape(grad, x, kernel):
    def sum_of_pushes(tf, x, kernel, bias):
        return tf.reduce_sum((x @ kernel + bias) * grad)

    return by_tape(sum_of_pushes, x, kernel, np.zeros(kernel.shape[1]))


def _dense(grad, x, kernel):
    return grad @ kernel.T, x.T @ grad, grad.sum(axis=0)


def _with(**changes):
    """Return a mistaken dense_backward, wrong in the named parts: by_x, by_kernel, by_bias."""
    def wrong(grad, x, kernel):
        parts = dict(zip(("by_x", "by_kernel", "by_bias"), _dense(grad, x, kernel), strict=True))
        return tuple(changes[name](grad, x, kernel) if name in changes else part for name, part in parts.items())
    return wrong


def _swapped(*order):
    return lambda grad, x, kernel: tuple(_dense(grad, x, kernel)[k] for k in order)


DENSE_MISTAKES = [
    Mistake("Divided by the number of patients once too often: the 1/n came in with the loss (exercise 7.1) and is "
            "already inside grad. From here on patients are added up.",
            wrong=lambda grad, x, kernel: tuple(part / len(x) for part in _dense(grad, x, kernel))),
    Mistake("Kernel and bias are divided by the number of patients once too often: the 1/n is already inside grad.",
            wrong=_with(by_kernel=lambda grad, x, kernel: x.T @ grad / len(x),
                        by_bias=lambda grad, x, kernel: grad.mean(axis=0))),
    Mistake("The kernel's gradient is divided by the number of patients: the 1/n is already inside grad.",
            wrong=_with(by_kernel=lambda grad, x, kernel: x.T @ grad / len(x))),
    Mistake("The bias's gradient is the mean over the patients. The 1/n is already inside grad: add up.",
            wrong=_with(by_bias=lambda grad, x, kernel: grad.mean(axis=0))),
    Mistake("The bias's gradient still has a row for each patient. All of them use the same bias, and what it does to "
            "each adds up: shape (o,).",
            wrong=_with(by_bias=lambda grad, x, kernel: grad)),
    Mistake("The bias's gradient was added up along the wrong axis: over the outputs. Axis 0 counts the patients.",
            wrong=_with(by_bias=lambda grad, x, kernel: grad.sum(axis=1))),
    Mistake("The bias's gradient is one number. Each output has a bias of its own: add up over axis 0 alone.",
            wrong=_with(by_bias=lambda grad, x, kernel: grad.sum())),
    Mistake("The bias's gradient has a row too many: (1, o), and the bias is (o,).",
            wrong=_with(by_bias=lambda grad, x, kernel: grad.sum(axis=0, keepdims=True))),
    Mistake("The kernel's gradient is turned on its side: row = input, column = output, as in the kernel.",
            wrong=_with(by_kernel=lambda grad, x, kernel: grad.T @ x)),
    Mistake("The kernel's gradient multiplies rows with columns where patients should meet patients: x.T @ grad.",
            wrong=_with(by_kernel=lambda grad, x, kernel: x @ grad)),
    Mistake("The input's gradient uses the kernel as it stands. Going back, input i collects from every output o by "
            "the weight kernel[i, o]: that is the kernel on its side, kernel.T. (With as many inputs as outputs no "
            "error tells.)",
            wrong=_with(by_x=lambda grad, x, kernel: grad @ kernel)),
    Mistake("The three stand in another order: by x first, then by kernel, then by bias.", wrong=_swapped(1, 2, 0)),
    Mistake("The three stand in another order: by x first, then by kernel, then by bias.", wrong=_swapped(1, 0, 2)),
    Mistake("By the kernel belongs before by the bias: the order is x, kernel, bias.", wrong=_swapped(0, 2, 1)),
    Mistake("This is the layer's forward pass. Wanted are the slopes of the loss by x, kernel and bias.",
            wrong=lambda grad, x, kernel: x @ kernel),
]  # fmt: skip
