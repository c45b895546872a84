"""Training: `fit` shows a network the training pictures, epoch by epoch, and keeps its best state.

Everything random in epoch e (order of the pictures, augmentation, dropout) follows from (seed, e) alone, and the state
of each finished epoch can be written to disk. So a run that was cut off goes on to the very result it would have had.
"""

import contextlib
import hashlib
from dataclasses import asdict

import numpy as np
import pandas as pd

from course import CourseError
from course.evaluation.metrics import accuracy, auc
from course.files import shown
from course.models.breast_cnn import adapt
from course.models.checkpoint import Checkpoint
from course.models.recipes import RECIPES, Recipe
from course.progress import Progress
from course.quiet_tensorflow import tf

__all__ = ["RECIPES", "Recipe", "fit", "make_repeatable", "predict_scores"]


def fit(model, train, validation, recipe, seed=0, progress=True, checkpoint_dir=None, settings=None,
        discard_other=False):
    """Train `model` in place and return its history; the model ends in the state of its best epoch.

    train, validation: Split(images uint8 (n, h, w, 3), labels (n,)). recipe: Recipe. progress: show a bar.
    checkpoint_dir: keep the state of each epoch in this folder, and go on from what is there; a finished run is taken
        up as it ended. A checkpoint made with another recipe, seed or `settings` (a dict, for what else must agree;
        without one, a digest of the training pictures and labels) is refused with a CourseError, or, with
        `discard_other`, deleted.
    history: DataFrame, one row an epoch: epoch (from 1), loss, accuracy, val_loss, val_accuracy, val_auc,
        learning_rate. Training figures are means over the epoch while the network changed, augmentation included. Its
        attribute `attrs["seconds"]` says how long it took, interrupted parts included.
    A network whose numbers grow beyond all bounds is a CourseError that says what to change.
    """
    adapt(model, train.images)
    recipe.compile(model)
    if settings is None:
        settings = {} if checkpoint_dir is None else {"digest": _digest(train)}
    run = {"recipe": asdict(recipe), "seed": seed, "data": settings}
    state = Checkpoint(model, run, checkpoint_dir, recipe.monitor)
    done = state.restore(discard_other)
    with Progress(recipe.epochs, "epochs", log=True) if progress else _Silent() as bar:
        bar.update(done)
        for epoch in range(done + 1, recipe.epochs + 1):
            if recipe.patience is not None and state.epochs_without_gain >= recipe.patience:
                break
            recipe.begin(model, epoch, first=epoch == done + 1)
            row = {"epoch": epoch, **_train_epoch(model, train, recipe, seed, epoch)}
            _require_sound(model, row, checkpoint_dir)
            with _averaged(model):
                row |= _measure(model, validation)
                judged = model.get_weights()
            state.record({**row, "learning_rate": recipe.learning_rate_at(epoch)}, judged)
            bar.update(note=f"loss {row['loss']:.3f}, validation: loss {row['val_loss']:.3f}, AUC {row['val_auc']:.3f}")
    state.use_best()
    history = pd.DataFrame(state.history)
    history.attrs["seconds"] = state.seconds
    return history


@contextlib.contextmanager
def _averaged(model):
    """Lend the model the running mean of its weights, where its optimizer keeps one; it gets its own back."""
    if not model.optimizer.use_ema:
        yield
        return
    own = model.get_weights()
    learnt = {variable.path: mean for variable, mean in zip(
        model.optimizer._trainable_variables, model.optimizer._model_variables_moving_average, strict=True)}
    for variable in model.trainable_variables:
        variable.assign(learnt[variable.path])
    yield
    model.set_weights(own)


def _require_sound(model, row, folder):
    """Raise CourseError when an epoch has ended with a loss or a weight that is no finite number."""
    if np.isfinite(row["loss"]) and all(np.isfinite(weight).all() for weight in model.get_weights()):
        return
    kept = f" {shown(folder)} holds the epochs before it: add --overwrite, or take another --out." if folder else ""
    raise CourseError(f"training diverged in epoch {row['epoch']}: the loss is {row['loss']:g}, or a weight is no "
                      "finite number any more. Take other steps: --scaling standardise, a larger --batch-size or "
                      f"another --seed; in Python a smaller learning_rate of the Recipe.{kept}")


def _digest(split):
    return hashlib.sha256(split.images.tobytes() + split.labels.tobytes()).hexdigest()


def predict_scores(model, images, flips=False, batch_size=64):
    """Return the probability of the positive class for each picture, float64 (n,).

    images: uint8 (n, h, w, 3). flips: also look at mirror images and take the mean: "horizontal" left-right, "both"
    (or True) also upside down. Only for pictures that have no up and down; never upside down for ultrasound.
    """
    views = [lambda x: x]
    if flips:
        views.append(lambda x: x[:, :, ::-1])
    if flips in (True, "both"):
        views += [lambda x: x[:, ::-1], lambda x: x[:, ::-1, ::-1]]
    scores = [[_probability(model, view(images[start : start + batch_size])) for view in views]
              for start in range(0, len(images), batch_size)]
    return np.concatenate([np.mean(batch, axis=0) for batch in scores])


def make_repeatable():
    """Ask TensorFlow for the same result bit by bit in every run on this machine; a little slower."""
    tf.config.experimental.enable_op_determinism()


def _probability(model, images):
    return np.asarray(model(np.ascontiguousarray(images), training=False), np.float64)[:, 0]


def _train_epoch(model, train, recipe, seed, epoch):
    """Show every training picture once, in an order of its own; return the mean loss and accuracy."""
    model.optimizer.learning_rate.assign(recipe.learning_rate_at(epoch))
    _seed_layers(model, seed, epoch)
    order = np.random.default_rng([seed, epoch]).permutation(len(train.labels))
    totals = dict.fromkeys(("loss", "accuracy"), 0.0)
    for start in range(0, len(order), recipe.batch_size):
        rows = order[start : start + recipe.batch_size]
        labels = train.labels[rows, None].astype(np.float32)
        results = model.train_on_batch(train.images[rows], labels, return_dict=True)  # means over this batch
        totals = {name: total + len(rows) * float(results[name]) for name, total in totals.items()}
    return {name: total / len(order) for name, total in totals.items()}


def _measure(model, validation):
    """Return loss (binary cross-entropy), accuracy at 0.5 and AUC on the validation pictures."""
    scores = predict_scores(model, validation.images)
    p = np.clip(scores, 1e-7, 1 - 1e-7)  # as Keras does, so that a confident mistake costs a finite amount
    loss = -np.mean(np.where(validation.labels == 1, np.log(p), np.log(1 - p)))
    return {"val_loss": float(loss), "val_accuracy": accuracy(validation.labels, (scores >= 0.5).astype(int)),
            "val_auc": auc(validation.labels, scores)}


def _seed_layers(model, seed, epoch):
    """Restart the random numbers of augmentation and dropout, each layer with its own, from (seed, epoch)."""
    layers = [layer for layer in model.layers if hasattr(layer, "seed_generator")]
    for number, layer in enumerate(layers):
        state = np.random.SeedSequence([seed, epoch, number]).generate_state(2) >> 1  # within int32 too
        layer.seed_generator.state.assign(state)


class _Silent:
    """A progress bar that shows nothing."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def update(self, n=1, note=""):
        pass
