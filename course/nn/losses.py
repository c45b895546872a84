"""Losses: how wrong a batch of answers is, as one number, and its slope.

`y_true` and `y_pred` have one shape, (n, k): n pictures, k outputs. The loss is the mean over the n pictures, which is
where the 1/n in every gradient comes from. With `from_logits=True`, `y_pred` are the scores *before* sigmoid or
softmax: then log and exp cancel on paper, and a score of 800 does no harm. `Sequential` does this by itself.

Targets that no probability can meet (-1 and +1, 1 and 2, 0 and 255) are refused: the loss would fall below 0 for ever.
So are predictions that are no probabilities.
"""

import numpy as np

from course import CourseError
from course.nn.activations import sigmoid, softmax
from course.nn.shapes import floats

SMALLEST = 1e-7  # probabilities are kept this far from 0 and 1, as in Keras


class Loss:
    """What both losses share: `loss(y_true, y_pred) -> float` and `loss.gradient(y_true, y_pred)`, by y_pred."""

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def __call__(self, y_true, y_pred):
        y, prediction = self._checked(y_true, y_pred)
        each = self.each_from_logits(y, prediction) if self.from_logits else self.each(y, prediction)
        return float(each.mean())

    def gradient(self, y_true, y_pred):
        """Return the gradient of the loss by `y_pred`, in its shape and type."""
        y, prediction = self._checked(y_true, y_pred)
        slope = self.slope_from_logits(y, prediction) if self.from_logits else self.slope(y, prediction)
        return slope / self.terms(y)

    def _checked(self, y_true, y_pred):
        """Return targets and predictions as floats of one type, or say why they are none."""
        prediction = floats(y_pred, "the predictions")
        y = floats(y_true, "the targets").astype(prediction.dtype, copy=False)
        if y.shape != prediction.shape or y.ndim != 2:
            raise CourseError(f"targets of shape {y.shape} and predictions of shape {prediction.shape} do not go "
                              "together: both must be (n, 1) for one sigmoid output, (n, classes) for softmax (targets "
                              "one-hot).")
        if len(y) == 0:
            raise CourseError(f"the batch is empty: targets and predictions have the shape {y.shape}.")
        self.check_targets(y)
        if not self.from_logits and (prediction.min() < 0 or prediction.max() > self.most):
            raise CourseError(f"the loss takes {self.takes}, but these run from {prediction.min():g} to "
                              f"{prediction.max():g}: end the network with {self.end}, or, if these are scores, say "
                              "from_logits=True.")
        return y, prediction


class BinaryCrossentropy(Loss):
    """-[y log p + (1 - y) log(1 - p)], averaged. y is 0 or 1 (benign or malignant), p the probability of 1."""

    takes, most, end = "probabilities", 1, 'Dense(1, "sigmoid")'

    def check_targets(self, y):
        """Refuse targets outside 0 to 1: CourseError. What lies between is a share, as in label smoothing."""
        if y.size and not (y.min() >= 0 and y.max() <= 1):
            raise CourseError("binary cross-entropy compares probabilities with targets from 0 to 1, but these run "
                              f"from {y.min():g} to {y.max():g}. Make them 0 (benign) and 1 (malignant) first, "
                              "such as (y == y.max()).astype(float).")

    def terms(self, y):
        """Over how many numbers the loss is averaged: all n k."""
        return y.size

    def each(self, y, p):
        """Loss of each probability p, (n, k)."""
        p = np.clip(p, SMALLEST, 1 - SMALLEST)
        return -(y * np.log(p) + (1 - y) * np.log1p(-p))

    def slope(self, y, p):
        """Slope of each loss by its p, (n, k): zero where p is clipped."""
        inside = (p >= SMALLEST) & (p <= 1 - SMALLEST)
        p = np.clip(p, SMALLEST, 1 - SMALLEST)
        return inside * (p - y) / (p * (1 - p))

    def each_from_logits(self, y, z):
        """Loss of each score z with p = sigmoid(z): max(z, 0) - z y + log(1 + exp(-|z|)), (n, k)."""
        return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))

    def slope_from_logits(self, y, z):
        """Slope of each loss by its score: p - y, the probability minus the truth."""
        return sigmoid(z) - y


class CategoricalCrossentropy(Loss):
    """-sum over the k classes of y log p, averaged over the pictures. y is one-hot, p are shares that add up to 1."""

    takes, most, end = "shares of at least 0", np.inf, 'Dense(classes, "softmax")'

    def check_targets(self, y):
        """Refuse targets (n, k) whose rows are no shares of at least two classes: CourseError."""
        if y.ndim == 2 and y.shape[1] == 1:
            raise CourseError("categorical cross-entropy chooses among at least two classes, and a single output has "
                              'no other: use Dense(1, "sigmoid") with BinaryCrossentropy, or one output a class.')
        sums = y.sum(axis=-1) if y.ndim == 2 else np.ones(1)
        if not (np.min(y, initial=0) >= 0 and np.abs(sums - 1).max(initial=0) < 1e-3):
            raise CourseError("categorical cross-entropy needs one-hot targets, each row 0 but for a single 1, but "
                              f"these run from {np.min(y):g} to {np.max(y):g} and the first row is {y[0].tolist()}. "
                              "np.eye(classes)[y] makes them from whole numbers 0, 1, 2, ...")

    def terms(self, y):
        """Over how many numbers the loss is averaged: n, the pictures."""
        return len(y)

    def each(self, y, p):
        """Loss of each picture, (n,)."""
        shares = p / p.sum(axis=1, keepdims=True)
        return -(y * np.log(np.clip(shares, SMALLEST, 1 - SMALLEST))).sum(axis=1)

    def slope(self, y, p):
        """Slope of each picture's loss by its p, (n, k)."""
        total = p.sum(axis=1, keepdims=True)
        shares = p / total
        inside = (shares >= SMALLEST) & (shares <= 1 - SMALLEST)
        by_share = inside * -y / np.clip(shares, SMALLEST, 1 - SMALLEST)
        return (by_share - (by_share * shares).sum(axis=1, keepdims=True)) / total

    def each_from_logits(self, y, z):
        """Loss of each picture with p = softmax(z): log of the sum of exp(z), minus the true class's z, (n,)."""
        z = z - z.max(axis=1, keepdims=True)
        return (y * (np.log(np.exp(z).sum(axis=1, keepdims=True)) - z)).sum(axis=1)

    def slope_from_logits(self, y, z):
        """Slope of each picture's loss by its scores: p - y for a one-hot y."""
        return softmax(z) * y.sum(axis=1, keepdims=True) - y

