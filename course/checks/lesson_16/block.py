"""What the checker of exercise 16.1 needs: blocks, their slopes by central differences, classic mistakes."""

import numpy as np

from course.checks.compare import Case, mistakes


def _case(seed, n, d, h, note=""):
    rng = np.random.default_rng(seed)
    return Case(*(rng.normal(size=shape).round(2) for shape in ((n, d), (d, h), (h, d), (n, d))), note=note)


def cases():
    one = Case(np.array([[2.0]]), np.array([[0.5]]), np.array([[-3.0]]), np.array([[1.0]]), note="one number")
    zero = _case(5, 2, 3, 2)
    still = Case(zero.args[0], zero.args[1], np.zeros((2, 3)), zero.args[3], note="f is 0: the block changes nothing")
    return [one, _case(1, 3, 2, 4), _case(2, 4, 3, 3, "as many hidden as inputs"), _case(3, 1, 5, 2), still]


BROADCAST = ("x has 3 columns and f(x) one, so NumPy adds that one number to all three, without a word. Compare the "
             "two shapes before you add, and `raise ValueError('...')` where they differ.")
REFUSED = Case(np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 1)), np.ones((2, 1)), note="f(x) has one column, x three")


def _forward(x, W1, W2):
    """Row by row, sum by sum."""
    out = []
    for row in x:
        hidden = [max(0.0, sum(a * b for a, b in zip(row, column, strict=True))) for column in W1.T]
        inside = [sum(a * b for a, b in zip(hidden, column, strict=True)) for column in W2.T]
        out.append([a + b for a, b in zip(row, inside, strict=True)])
    return np.array(out)


def by_differences(x, W1, W2, grad, h=1e-6):
    dx = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        dx[place] = np.sum((_forward(up, W1, W2) - _forward(down, W1, W2)) * grad) / (2 * h)
    return _forward(x, W1, W2), dx


def wrong(add=True, bend=True, shortcut=1, branch=1, mask=lambda x, hidden, back: hidden > 0, last=False, both=False,
          first=lambda W: W.T, second=lambda W: W.T):  # fmt: skip
    """The block with something changed; the right way unless changed."""
    def answer(x, W1, W2, grad):
        hidden = x @ W1
        hidden = np.maximum(hidden, 0) if bend else hidden
        y = add * x + hidden @ W2
        grad = grad * (y > 0) if last else grad
        back = grad @ second(W2)
        inside = (back * mask(x, hidden, back)) @ first(W1)
        dx = x + inside if both else shortcut * grad + branch * inside
        return (np.maximum(y, 0) if last else y), dx
    return answer


def _all(x, hidden, back):
    return 1


MISTAKES = mistakes(
    ("y is right. The slope lacks the shortcut: x reaches y also directly, so grad itself is added.",
     wrong(shortcut=0)),
    ("y is right. The slope is grad alone: what goes back through f is missing.", wrong(branch=0)),
    ("The slope is right. y lacks x: the block adds what came in to what its layers make of it.", wrong(add=False)),
    ("These are plain layers: neither y nor the slope has the shortcut.", wrong(add=False, shortcut=0)),
    ("y is right. Going back, the bend is forgotten: where the hidden number was cut to 0, nothing passes.",
     wrong(mask=_all)),
    ("The bend is missing: np.maximum(x @ W1, 0).", wrong(bend=False, mask=_all)),
    ("The sum was bent, too. In this block the bend is inside f alone, and y may be below 0.", wrong(last=True)),
    ("y is right. The bend was looked up in the slope (above 0?). What counts is whether the hidden number is above 0.",
     wrong(mask=lambda x, hidden, back: back > 0)),
    ("y is right. x was added to the slope, where grad belongs: the slope of x by x is 1, times grad.",
     wrong(both=True)),
    ("y is right. Going back through a product needs the transpose, W2.T first and then W1.T.",
     wrong(first=lambda W: W, second=lambda W: W), wrong(first=lambda W: W), wrong(second=lambda W: W)),
    ("y is right. The slope of y by x is (1 + f'), times grad: the shortcut passes on grad, not 1.",
     lambda x, W1, W2, grad: (wrong()(x, W1, W2, grad)[0], 1 + wrong(shortcut=0)(x, W1, W2, grad)[1])),
    ("y is right. The slope counts the shortcut twice.", wrong(shortcut=2)),
)  # fmt: skip
