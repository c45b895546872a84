"""A network: layers in a row, trained by passing the loss's gradient back through them."""

import contextlib
from typing import NamedTuple

import numpy as np

from course import CourseError
from course.nn import storage, threads
from course.nn.activations import Activation, Sigmoid, Softmax
from course.nn.fused import fuse
from course.nn.losses import BinaryCrossentropy, CategoricalCrossentropy
from course.nn.shapes import numbers, pair
from course.progress import Progress


class Score(NamedTuple):
    """What `evaluate` returns: the mean loss, and the share of right answers."""

    loss: float
    accuracy: float


class Sequential:
    """Layers in a row, with Keras's names: compile, fit, train_on_batch, predict, evaluate, summary, get_weights.

    Pictures are (n, h, w, channels) of any number type; targets (n, 1) or (n,) of 0 and 1 for one sigmoid output, and
    (n, classes), one-hot, for softmax. The weights are made on first use or by `build`, from `seed`: their type is
    float64 if the first batch's is, else float32. Rows of convolution, 2 x 2 max pooling and ReLU at the beginning are
    computed by the fused block, on `workers` threads (None: as many as NumPy's products use), unless `fused=False`.
    """

    def __init__(self, layers, seed=0, fused=True, workers=None):
        self.layers, self.seed, self.built = list(layers), seed, False
        self.fused, self.workers = fused, workers
        self.optimizer, self.loss = None, None
        self._orders = np.random.default_rng(seed)  # of the pictures in `fit`
        if not self.layers:
            raise CourseError("a network needs at least one layer.")
        self._every = [one for layer in self.layers for one in layer.every()]  # those inside of blocks too
        if len({id(layer) for layer in self._every}) < len(self._every):
            raise CourseError("the same layer stands twice in this network: make a new layer for each place.")

    def build(self, input_shape, dtype="float32"):
        """Make all weights for batches of `input_shape`, such as (None, 150, 150, 3), in float32 or float64."""
        shape = self.input_shape = (None, *input_shape[1:])
        seeds = np.random.SeedSequence(self.seed).generate_state(len(self.layers))
        for layer, seed in zip(self.layers, seeds, strict=True):
            layer.seed = int(seed) if layer.seed is None else layer.seed
            if not layer.built:
                layer.build(shape, dtype)
            shape = layer.output_shape(shape)
        self.steps = fuse(self.layers, self.workers) if self.fused else self.layers
        self.dtype, self.built = np.dtype(dtype), True

    def compile(self, optimizer, loss):
        """Choose the optimizer and the loss. A loss after sigmoid or softmax is computed from the scores before it."""
        last = self.layers[-1]
        bend = last if isinstance(last, Activation) else getattr(last, "bend", None)
        partners = {Sigmoid: BinaryCrossentropy, Softmax: CategoricalCrossentropy}
        self._from_scores = not loss.from_logits and isinstance(loss, partners.get(type(bend), ()))
        self.optimizer, self.loss = optimizer, type(loss)(from_logits=True) if self._from_scores else loss

    @property
    def params(self):
        """All weights, layer by layer, kernel before bias: the arrays themselves."""
        return [param for layer in self.layers for param in layer.params]

    @property
    def grads(self):
        """The gradients of the last `backward`, in the order of `params`."""
        return [grad for layer in self.layers for grad in layer.grads]

    @property
    def penalty(self):
        """What the layers' kernel_regularizers add to every loss; 0 without any."""
        return sum(layer.kernel_regularizer(layer.kernel) for layer in self._every if layer.kernel_regularizer)

    def forward(self, x, training=False):
        """Return the output for a batch; the layers remember what `backward` needs."""
        return self._forward(self._pictures(x), training)

    def backward(self, grad):
        """Pass the gradient by the output back through all layers. Fills `grads`, returns the one by the input.

        The gradients of the penalties are in `grads` too.
        """
        return self._backward(grad)

    def train_on_batch(self, x, y):
        """Take one step of the optimizer on a batch; return the loss before it."""
        return self._train(*self._together(x, y))[0]

    def fit(self, x, y, epochs=1, batch_size=32, validation_data=None, shuffle=True, verbose=False):
        """Train over all pictures `epochs` times, each time in a new order drawn from the network's seed.

        A later call goes on with new orders: four calls of one epoch see those of one call of four.

        Returns:
            dict of lists with one entry an epoch: epoch, loss, accuracy and, with `validation_data` = (x, y),
            val_loss, val_accuracy. Loss and accuracy are means over the epoch, while the weights were changing.
        """
        x, y = self._together(x, y)
        history = []
        with Progress(epochs, "training") if verbose else contextlib.nullcontext() as bar:
            for epoch in range(1, epochs + 1):
                order = self._orders.permutation(len(x)) if shuffle else np.arange(len(x))
                score = _mean_score(order, batch_size, lambda rows: self._train(x[rows], y[rows]))
                row = {"epoch": epoch, "loss": score.loss, "accuracy": score.accuracy}
                if validation_data is not None:
                    score = self.evaluate(*validation_data, batch_size)
                    row |= {"val_loss": score.loss, "val_accuracy": score.accuracy}
                history.append(row)
                if bar:
                    bar.update(note=f"loss {row['loss']:.3f}")
        return {name: [row[name] for row in history] for name in (history[0] if history else ())}

    def predict(self, x, batch_size=32):
        """Return the output for all pictures, computed `batch_size` at a time; dropout is off."""
        x = self._pictures(x)
        return np.concatenate([self._forward(x[rows]) for rows in _batches(np.arange(len(x)), batch_size)])

    def evaluate(self, x, y, batch_size=32):
        """Return `Score(loss, accuracy)`; the answer is the largest probability, or the one above 0.5."""
        x, y = self._together(x, y)
        return _mean_score(np.arange(len(x)), batch_size,
                           lambda rows: self._judge(self._forward(x[rows], scores=self._from_scores), y[rows])[0])

    def get_weights(self):
        """Return copies of all weights in Keras's order: layer by layer, kernel before bias."""
        self._needs_weights("get_weights")
        return [param.copy() for param in self.params]

    def set_weights(self, weights):
        """Copy `weights`, in the order and shapes of `get_weights`, into the network."""
        self._needs_weights("set_weights")
        weights = [np.asarray(weight) for weight in weights]
        wanted, given = [p.shape for p in self.params], [w.shape for w in weights]
        if wanted != given:
            raise CourseError(f"the network's weights have the shapes {wanted}, but those given have {given}.")
        for param, weight in zip(self.params, weights, strict=True):
            param[...] = weight

    def summary(self):
        """Print a table of the layers, the shapes of their outputs and their numbers of weights."""
        self._needs_weights("summary")
        print(storage.summary(self))

    def save(self, path):
        """Write layers and weights to `path`, a .npz file of plain arrays. The optimizer's memory is not kept."""
        self._needs_weights("save")
        storage.save(self, path)

    @classmethod
    def load(cls, path):
        """Return the network that `save` wrote. To train it further, `compile` it first."""
        return storage.load(path, cls)

    def _forward(self, x, training=False, scores=False):
        *steps, last = self.steps
        with threads.held():
            for step in steps:
                x = step.forward(x, training)
            return last.scores(x, training) if scores else last.forward(x, training)

    def _backward(self, grad, scores=False, input_gradient=True):
        with threads.held():
            for place, step in reversed(list(enumerate(self.steps))):
                back = step.backward_scores if scores and step is self.steps[-1] else step.backward
                grad = back(grad, input_gradient or place > 0)
        for layer in self._every:
            if layer.kernel_regularizer:
                layer.grads[0] = layer.grads[0] + layer.kernel_regularizer.gradient(layer.kernel)
        return grad

    def _train(self, x, y):
        with threads.held():  # to the end of the step: the layers must not see other pictures in between
            output = self._forward(x, training=True, scores=self._from_scores)
            score, target = self._judge(output, y)
            self._backward(self.loss.gradient(target, output), self._from_scores, input_gradient=False)
            self.optimizer.update(self.params, self.grads)
        return score

    def _judge(self, output, y):
        """Return (Score, targets in the shape of the output)."""
        target = y[:, None] if y.ndim == 1 and output.shape[1:] == (1,) else y
        loss = self.loss(target, output) + self.penalty
        if output.shape[1] > 1:
            right = output.argmax(axis=1) == target.argmax(axis=1)
        else:
            right = (output > (0 if self.loss.from_logits else 0.5)) == (target > 0.5)
        return Score(loss, float(right.mean())), target

    def _pictures(self, x):
        """Check a batch and make the weights if this is the first one; any number type will do."""
        x = numbers(x, "the pictures")
        if x.ndim == 0 or len(x) == 0:
            raise CourseError(f"the batch is empty: its shape is {x.shape}. Give at least one picture.")
        if not self.built:
            with threads.held():  # of several threads, the first builds
                if not self.built:
                    self.build(x.shape, "float64" if x.dtype == np.float64 else "float32")
        if x.shape[1:] != self.input_shape[1:]:
            raise CourseError(f"this network was built for input of shape {self.input_shape}, but it is {x.shape}.")
        return x

    def _together(self, x, y):
        """Check pictures and targets against each other."""
        if self.loss is None:
            raise CourseError("choose how to train first: network.compile(Adam(), BinaryCrossentropy()).")
        x, y = self._pictures(x), numbers(y, "the targets")
        if y.ndim == 0 or len(x) != len(y):
            raise CourseError(f"pictures of shape {x.shape} and targets of shape {y.shape} do not go together: "
                              "there must be one target for each picture.")
        self.loss.check_targets(y)
        return x, y

    def _needs_weights(self, what):
        if not self.built:
            raise CourseError(f"{what} needs weights, and there are none yet: call build(input_shape), "
                              "or train or predict first.")


def _batches(order, size):
    """Cut the row numbers `order` into batches of `size`; the last may be smaller."""
    size = pair(size, "batch_size")[0]
    return [order[start:start + size] for start in range(0, len(order), size)]


def _mean_score(order, batch_size, score):
    """Average `score(rows)` over the batches, each weighted by its number of pictures."""
    batches = _batches(order, batch_size)
    return Score(*map(float, np.average([score(rows) for rows in batches], axis=0, weights=[len(r) for r in batches])))
