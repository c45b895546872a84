"""Recipes of `course train`: everything about a training run but the data and the seed."""

from dataclasses import dataclass

import numpy as np

from course.models.breast_cnn import MODELS, set_trained
from course.quiet_tensorflow import keras

LOSS = "binary_crossentropy"


@dataclass(frozen=True)
class Recipe:
    """Everything about a training run but the data and the seed.

    model: a name in MODELS.  scaling: a choice for the classic only.  augmentation: a preset's name or None.
    epochs: at most so many.  patience: stop after so many epochs without a better `monitor`; None: never.
    schedule: "constant" or "cosine", which lets the learning rate fall to 1 % of itself along half a cosine.
    warmup: epochs during which the learning rate rises to its full value.
    monitor: "val_loss", "val_auc" or "val_accuracy": by which the best epoch is chosen; "last": no choice is made.
    flips: average each prediction over mirror images: False, "horizontal" or "both".
    """

    model: str = "classic"
    scaling: str = "rescale"
    augmentation: str | None = None
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 1e-3
    schedule: str = "constant"
    warmup: int = 0
    patience: int | None = 5
    monitor: str = "val_loss"
    flips: bool | str = False

    def build(self, input_shape, seed=None):
        """Return the untrained network, not yet compiled."""
        return MODELS[self.model](input_shape, scaling=self.scaling, augmentation=self.augmentation, seed=seed)

    def compile(self, model):
        """Give `model` the loss, and an optimizer that knows every weight it will ever change."""
        model.compile(self._optimizer(), LOSS, metrics=["accuracy"])
        model.optimizer.build(model.trainable_variables)

    def _optimizer(self):
        return keras.optimizers.Adam(self.learning_rate)

    def begin(self, model, epoch, first):
        """Make ready for `epoch`, the `first` or not of those now to come: nothing to do, all epochs are alike."""

    def learning_rate_at(self, epoch):
        """Return the learning rate of `epoch`, counted from 1."""
        if epoch <= self.warmup:
            return self.learning_rate * epoch / self.warmup
        if self.schedule == "constant":
            return self.learning_rate
        share = (epoch - self.warmup - 1) / max(self.epochs - self.warmup - 1, 1)
        return self.learning_rate * (0.01 + 0.99 * (1 + np.cos(np.pi * share)) / 2)


@dataclass(frozen=True)
class TransferRecipe(Recipe):
    """A recipe in two phases: the new head alone learns, then the borrowed network with it, at a low rate.

    head_epochs, head_rate: length and learning rate of the first phase. Warm-up and schedule belong to the second.
    average: judge and keep the running mean of the weights, of which each step keeps so large a share; 0: no mean.
    dropout, weights: as in course.models.breast_cnn.transfer.
    """

    head_epochs: int = 2
    head_rate: float = 1e-3
    average: float = 0.98
    dropout: float = 0.3
    weights: str | None = "imagenet"

    def build(self, input_shape, seed=None):
        """Return the network with its borrowed weights and a new head, not yet compiled."""
        return MODELS[self.model](input_shape, scaling=self.scaling, augmentation=self.augmentation, seed=seed,
                                  dropout=self.dropout, weights=self.weights)

    def learning_rate_at(self, epoch):
        """Return the learning rate of `epoch`, counted from 1."""
        if epoch <= self.head_epochs:
            return self.head_rate
        second = Recipe(epochs=self.epochs - self.head_epochs, learning_rate=self.learning_rate,
                        schedule=self.schedule, warmup=self.warmup)
        return second.learning_rate_at(epoch - self.head_epochs)

    def compile(self, model):
        """As any recipe does; both phases share the optimizer, so a checkpoint has one form."""
        set_trained(model, base=True)
        super().compile(model)

    def _optimizer(self):
        return keras.optimizers.Adam(self.learning_rate, use_ema=self.average > 0, ema_momentum=self.average)

    def begin(self, model, epoch, first):
        """Freeze or free the borrowed network where a phase begins; its optimizer forgets the phase before."""
        second = epoch == self.head_epochs + 1
        if first or second:
            set_trained(model, base=epoch > self.head_epochs)
            model.compile(model.optimizer, LOSS, metrics=["accuracy"])
        if second:
            for variable in model.optimizer.variables:
                variable.assign(keras.ops.zeros_like(variable))


RECIPES = {
    # The tutorials' settings, with room to stop early: batch 32, Adam at its default rate.
    "classic": Recipe(model="classic", epochs=25, patience=8),
    # Small batches and many steps for a network without a bias towards places; the rate falls along a cosine.
    "repaired": Recipe(model="repaired", scaling="density", augmentation="cells", epochs=60, batch_size=16,
                       learning_rate=3e-3, schedule="cosine", warmup=2, patience=None, flips="both"),
    # Steps a fifteenth as long, few of them: what a million photographs have taught is to be bent, not broken.
    "transfer": TransferRecipe(model="transfer", scaling="imagenet", augmentation="cells", epochs=12, batch_size=16,
                               learning_rate=2e-4, schedule="cosine", warmup=1, patience=None, flips="both"),
}
