"""What the checker of exercise 15.3 needs: curves of validation losses, Keras's own callback, classic mistakes."""

import numpy as np

from course.checks.answers import NotYet, kind
from course.checks.compare import Case, mistakes
from course.checks.differences import as_numbers


def cases():
    return [
        Case([0.70, 0.60, 0.62, 0.65, 0.61, 0.50], 3, note="the lowest comes after the stop: it was never seen"),
        Case([0.70, 0.60, 0.62, 0.58, 0.61, 0.59, 0.60, 0.64], 2, note="one bad epoch, then a better one"),
        Case([0.70, 0.60, 0.65, 0.62, 0.64, 0.59], 4, note="better in the last epoch: the training ran to its end"),
        Case([0.60, 0.55, 0.55, 0.57, 0.56, 0.50], 3, note="epochs 2 and 3 are equal: equal is not better"),
        Case([0.50, 0.60, 0.40], 1, note="patience 1: the first epoch without gain ends it"),
        Case([0.90, 0.80, 0.70, 0.60], 2, note="still falling"),
        Case([0.50, 0.80, 0.70, 0.60, 0.55, 0.4], 4, note="falling again, but never below the best"),
        Case([0.69], 5, note="a single epoch"),
        Case([0.50, 0.60, 0.65], 5, note="fewer epochs than the patience"),
    ]


class _Model:
    """All of a model that the callback needs; its one weight is the epoch."""

    stop_training, epoch = False, 0

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.epoch = weights


def by_keras(losses, patience):
    from course.quiet_tensorflow import keras

    model, watch = _Model(), keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    watch.set_model(model)
    watch.on_train_begin()
    for epoch, loss in enumerate(losses):
        model.epoch = last = epoch + 1
        watch.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            break
    watch.on_train_end()
    return model.epoch, last


def pair(result):
    """Two epochs as a tuple, whatever holds them, so that lists and arrays are judged alike."""
    numbers = as_numbers(result)
    if isinstance(result, (list, np.ndarray)) and numbers is not None and numbers.shape == (2,):
        return tuple(numbers.tolist())
    if isinstance(result, dict):
        raise NotYet(f"Two numbers are needed, (epoch kept, last epoch run), but this is {kind(result)}.")
    return result


def _both(kept, last, losses):
    return kept, last


def made(longer=0, better=np.less, reset=True, against_last=False, zero=0, tell=_both):
    """Watch the losses; stop after patience + longer epochs without gain; zero: added to both epochs."""
    def answer(losses, patience):
        best, kept, waited, last = np.inf, 0, 0, 0
        for epoch, loss in enumerate(losses, start=1):
            gain = better(loss, losses[epoch - 2] if against_last and epoch > 1 else best)
            if gain:
                best, kept, waited = loss, epoch, 0 if reset else waited
            else:
                waited += 1
            last = epoch
            if waited >= max(patience + longer, 1) and not gain:
                break
        kept, last = tell(kept, last, np.array(losses))
        return kept + zero, last + zero
    return answer


MISTAKES = mistakes(
    ("It stops one epoch too late. With patience 3, the third epoch in a row without gain is the last: >=, not >.",
     made(longer=1)),
    ("It stops one epoch too early. With patience 3, three epochs in a row must bring no gain.", made(longer=-1)),
    ("The last epoch is kept. Waiting was in vain: the best one before the wait is kept, with its weights.",
     made(tell=lambda kept, last, losses: (last, last))),
    ("The epoch kept was worked out as the last one minus the patience. Where the training ran to its end that is "
     "wrong: remember the best epoch as it comes.",
     lambda losses, patience: (lambda last: (max(last - patience, 1), last))(made()(losses, patience)[1]),
     lambda losses, patience: (lambda last: (last - patience, last))(made()(losses, patience)[1])),
    ("The lowest of all losses was taken. What comes after the stop was never run: look only as far as it goes.",
     made(tell=lambda kept, last, losses: (int(losses.argmin()) + 1, last)),
     lambda losses, patience: (int(np.argmin(losses)) + 1, min(int(np.argmin(losses)) + 1 + patience, len(losses)))),
    ("An equal loss was taken for a better one. Equal is not better: <, not <=.", made(better=np.less_equal)),
    ("The epochs without gain are counted over the whole training. A better epoch sets the count back to 0: they must "
     "come in a row.", made(reset=False)),
    ("Each loss is compared with that of the epoch before. Compare with the lowest so far.", made(against_last=True)),
    ("Both epochs are counted from 0. The first epoch is 1.", made(zero=-1)),
    ("The training never stops early here: the last epoch is always the last of the list.",
     lambda losses, patience: (int(np.argmin(losses)) + 1, len(losses)),
     made(tell=lambda kept, last, losses: (kept, len(losses)))),
    ("It stops at once when a loss is not lower, whatever the patience.",
     lambda losses, patience: made()(losses, 1)),
    ("The highest loss is taken for the best. A loss is the better the lower it is.",
     lambda losses, patience: made()([-loss for loss in losses], patience)),
    ("The second number is how long it waited. The last epoch that was run is asked.",
     made(tell=lambda kept, last, losses: (kept, last - kept))),
    ("The first number is the lowest loss. Its epoch was asked.",
     made(tell=lambda kept, last, losses: (losses[kept - 1], last))),
)  # fmt: skip
