"""Lesson 10: two moons, and the border that gamma and C draw between them."""

import functools

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from course.plots import COLOURS

SIDE, STRIP = 420, 44  # pixels: the square of the plane, and the line of text below it
LOW, HIGH = np.array([-1.9, -1.6]), np.array([2.9, 2.1])  # corners of the plane on show
STEP = 6  # pixels between the places where the score is worked out


@functools.cache
def moons(n=80, seed=3):
    """Two crescents, 80 points to learn from and 2,000 to be judged by: ((X, y), (X, y)), y in {-1, +1}."""
    from sklearn.datasets import make_moons

    sets = [make_moons(size, noise=0.28, random_state=seed + k) for k, size in enumerate((n, 2000))]
    return [(x, 2 * y - 1) for x, y in sets]


def border_picture(gamma, C):
    """Fit SVC with the RBF kernel to the moons and draw border, margin, points and support vectors: uint8 picture."""
    from sklearn.svm import SVC

    (x, y), (x_test, y_test) = moons()
    svm = SVC(C=C, gamma=gamma).fit(x, y)
    across, up = (np.linspace(LOW[k], HIGH[k], SIDE // STEP) for k in (0, 1))
    plane = np.stack(np.meshgrid(across, up[::-1]), axis=-1)
    picture = Image.fromarray(_shaded(svm.decision_function(plane.reshape(-1, 2)).reshape(plane.shape[:2])))
    page = Image.new("RGB", (SIDE, SIDE + STRIP), "white")
    page.paste(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    pen = ImageDraw.Draw(page)
    for number, (point, label) in enumerate(zip(x, y, strict=True)):
        _mark(pen, point, label, number in svm.support_)
    share = [np.mean(svm.predict(points) == labels) for points, labels in ((x, y), (x_test, y_test))]
    font = ImageFont.load_default(15)
    pen.text((6, SIDE + 4), f"support vectors: {len(svm.support_)} of {len(x)}", "black", font)
    pen.text((6, SIDE + 23), f"right: {share[0]:.0%} of its own points, {share[1]:.0%} of 2,000 others", "black", font)
    return np.asarray(page)


def _shaded(scores):
    """Colour by the sign of the score, pale inside the margin (-1 to 1), a dark line where it is about 0."""
    sides = [np.array(ImageColor.getrgb(COLOURS[name]), float) for name in ("benign", "malignant")]
    strength = np.where(np.abs(scores) < 1, 0.25, 0.5)[..., None]
    picture = 255 + strength * (np.where(scores[..., None] < 0, *sides) - 255)
    changes = np.zeros(scores.shape, bool)
    changes[:, 1:] |= np.sign(scores[:, 1:]) != np.sign(scores[:, :-1])
    changes[1:] |= np.sign(scores[1:]) != np.sign(scores[:-1])
    picture[changes] = 40
    return picture.astype(np.uint8)


def _mark(pen, point, label, supports):
    """A disc for -1, a square for +1; a ring around support vectors."""
    x, y = (point - LOW) / (HIGH - LOW) * SIDE
    y = SIDE - y
    if supports:
        pen.ellipse((x - 8, y - 8, x + 8, y + 8), outline="black", width=2)
    box = (x - 4, y - 4, x + 4, y + 4)
    if label < 0:
        pen.ellipse(box, fill=COLOURS["benign"], outline="white")
    else:
        pen.rectangle(box, fill=COLOURS["malignant"], outline="white")


def one_step(K, y, alpha, C, i, j):
    """One step of sequential minimal optimization, as exercise 10.3 asks for it: new alphas (n,)."""
    wanted = y - K @ (alpha * y)
    room_i = C - alpha[i] if y[i] > 0 else alpha[i]
    room_j = alpha[j] if y[j] > 0 else C - alpha[j]
    t = min((wanted[i] - wanted[j]) / (K[i, i] + K[j, j] - 2 * K[i, j]), room_i, room_j)
    moved = alpha.copy()
    moved[i] += t * y[i]
    moved[j] -= t * y[j]
    return moved
