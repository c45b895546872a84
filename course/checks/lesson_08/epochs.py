"""What the checker of exercise 8.2 needs: a step that writes down what it is shown, and questions about the record.

The order of the pictures is the learner's, so there is no fixed answer to compare with: what is asked is that every
epoch shows every picture once, with its own label, and that the losses reported are those of the record.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from course.checks.compare import describe, find_difference, require
from course.checks.core import NotYet, call

LABELS_FROM = 1000  # picture k carries the number k in its pixels and 1000 + k as its label


class Plan(NamedTuple):
    """One case: n pictures in batches, `seed` of the generator handed over."""

    n: int
    batch_size: int
    epochs: int
    seed: int = 84
    shape: tuple = (2, 2, 1)

    def __str__(self):
        return f"{self.n} pictures, batches of {self.batch_size}, {self.epochs} epochs"


PLANS = [Plan(13, 4, 3), Plan(12, 4, 2), Plan(398, 32, 2, shape=()), Plan(5, 8, 2), Plan(1, 3, 2), Plan(7, 1, 1)]


class Record:
    """A step that keeps the pictures' and labels' numbers of each batch, and gives each batch a loss of its own."""

    def __init__(self):
        self.pictures, self.labels, self.losses = [], [], []

    def __call__(self, x_batch, y_batch):
        x_batch, y_batch = np.asarray(x_batch), np.asarray(y_batch)
        self.pictures.append(x_batch.reshape(len(x_batch), -1)[:, 0].astype(int))
        self.labels.append(y_batch.reshape(len(y_batch), -1)[:, 0].astype(int) - LABELS_FROM)
        self.losses.append(2.0 / (1 + len(self.losses)) + 0.01 * float(self.pictures[-1].mean()))
        return self.losses[-1]


def run(answer, plan):
    """Return (what `answer` gave back, the Record)."""
    numbers = np.arange(plan.n, dtype=float)
    x = np.broadcast_to(numbers.reshape(-1, *[1] * len(plan.shape)), (plan.n, *plan.shape)).copy()
    y, record = (LABELS_FROM + numbers)[:, None], Record()
    returned = call(answer, record, x, y, plan.epochs, plan.batch_size, np.random.default_rng(plan.seed))
    return returned, record


def judged(answer):
    """Return the sentence for a right loop, or raise NotYet with the first thing that is wrong."""
    for plan in PLANS:
        returned, record = run(answer, plan)
        _require_batches(record, plan)
        _require_epochs(record, plan)
        _require_shuffling(record, plan)
        _require_losses(returned, record, plan)
    _require_generator(answer, PLANS[0])
    return (f"In all {len(PLANS)} cases every epoch shows every picture once, with its own label and in a new order, "
            "and the losses are the means per picture.")  # fmt: skip


def _say(condition, reason, plan, **details):
    require(condition, reason, case=str(plan), **details)


def _require_batches(record, plan):
    _say(record.pictures, "`step` was never called. It takes the step of training: call it for every batch.", plan)
    for pictures, labels in zip(record.pictures, record.labels, strict=True):
        _say(len(pictures) == len(labels),
             f"A batch came with {len(pictures)} pictures and {len(labels)} labels. Cut both with the same row "
             "numbers.", plan)  # fmt: skip
        _say(len(pictures), "A batch without a single picture was handed to `step`.", plan)
    shown, told = np.concatenate(record.pictures), np.concatenate(record.labels)
    if np.array_equal(shown, told):
        return
    details = {"pictures": record.pictures[0], "labels_of": record.labels[0]}
    in_place = np.array_equal(told, np.resize(np.arange(plan.n), len(told)))
    stayed = np.array_equal(shown, np.resize(np.arange(plan.n), len(shown)))
    reason = "Pictures and labels are torn apart: "
    if in_place:
        reason += "the pictures were shuffled and the labels were not."
    elif stayed:
        reason += "the labels were shuffled and the pictures were not."
    else:
        reason += "each was shuffled by an order of its own."
    _say(False, f"{reason} No error shows it, and nothing can be learnt. Draw one order of row numbers, and take "
         "x[rows] and y[rows].", plan, **details)  # fmt: skip


def _require_epochs(record, plan):
    sizes = [len(pictures) for pictures in record.pictures]
    steps = -(-plan.n // plan.batch_size)
    wanted = ([plan.batch_size] * (plan.n // plan.batch_size) + [plan.n % plan.batch_size] * (steps * plan.batch_size
              > plan.n)) * plan.epochs  # fmt: skip
    if sizes != wanted:
        whole = [plan.batch_size] * (plan.n // plan.batch_size)
        _say(max(sizes) <= plan.batch_size, f"A batch has {max(sizes)} pictures, more than batch_size.", plan)
        _say(sizes != whole * plan.epochs,
             "The small last batch is missing: in every epoch some pictures are left out. Keep it.", plan)
        _say(sizes != wanted[:steps], f"There is one epoch; {plan.epochs} were asked for. Two loops, one in the "
             "other. (Or does `return` stand inside the first?)", plan)
        _say(len(sizes) % steps or len(sizes) == steps * plan.epochs,
             f"There are {len(sizes) // steps} epochs; {plan.epochs} were asked for.", plan)
        _say(False, "The batches have other sizes than wanted.", plan, expected=wanted, came_out=sizes)
    for epoch, shown in enumerate(_epochs(record, steps), start=1):
        counts = np.bincount(shown, minlength=plan.n)
        _say((counts == 1).all(), f"In epoch {epoch}, {np.sum(counts > 1)} pictures were shown more than once and "
             f"{np.sum(counts == 0)} never. An epoch shows each once: `rng.permutation`, drawn once an epoch, not "
             "`rng.choice` or `rng.integers`, and not anew for each batch.", plan)  # fmt: skip


def _epochs(record, steps):
    return [np.concatenate(record.pictures[k:k + steps]) for k in range(0, len(record.pictures), steps)]


def _require_shuffling(record, plan):
    if plan.n < 7:
        return  # chance could give the same order twice
    orders = _epochs(record, -(-plan.n // plan.batch_size))
    _say(not np.array_equal(orders[0], np.arange(plan.n)),
         "The pictures come in the order in which they stand. Shuffle before each epoch: `rng.permutation(len(x))`.",
         plan)  # fmt: skip
    _say(len(orders) == 1 or not np.array_equal(orders[0], orders[1]),
         "Every epoch has the same order, so the batches are always the same company. Draw a new order inside the loop "
         "over the epochs, from the `rng` that came in (a new default_rng(...) with the same seed begins anew).",
         plan)  # fmt: skip
    if plan.n < 50:
        return  # with few pictures, chance keeps some neighbours
    kept = [len(_neighbours(order) & _neighbours(np.arange(plan.n))) for order in orders]
    _say(max(kept) < plan.n / 4, f"Neighbours stay neighbours: {max(kept)} of {plan.n - 1} pictures still come right "
         "before or after the one that stands beside them, so the batches are nearly the same company. A begin at "
         "another place is no new order: `rng.permutation(len(x))`.", plan)  # fmt: skip
    again = [len(_neighbours(one) & _neighbours(other)) for one, other in pairwise(orders)]
    _say(max(again, default=0) < plan.n / 4,
         "The second epoch's order is the first one's, turned round or moved along: most neighbours are the same. Draw "
         "a new permutation inside the loop over the epochs.", plan)  # fmt: skip


def _neighbours(order):
    """Return the pairs of pictures that follow each other, whichever comes first."""
    return {(min(pair), max(pair)) for pair in pairwise(order.tolist())}


def _require_losses(returned, record, plan):
    steps = -(-plan.n // plan.batch_size)
    losses = np.array(record.losses).reshape(plan.epochs, steps)
    sizes = np.array([len(pictures) for pictures in record.pictures]).reshape(plan.epochs, steps)
    expected = (losses * sizes).sum(axis=1) / plan.n
    require(returned is not None, "Nothing came back (None). Is `return` missing, or does it stand inside the loop?")
    difference = find_difference(np.asarray(returned) if isinstance(returned, (list, tuple)) else returned, expected)
    if difference is None:
        return
    mistakes = [
        (losses.mean(axis=1), "The mean over the batches counts the small last batch as much as a full one. Weigh each "
                              "loss by its number of pictures, and divide by all pictures."),
        (losses.sum(axis=1), "The losses of the batches are added up, not averaged: weigh each by its number of "
                             "pictures, and divide by all pictures."),
        ((losses * sizes).sum(axis=1), "The division by the number of pictures is missing."),
        (losses[:, -1], "That is the loss of each epoch's last batch. Collect all batches of the epoch."),
        (losses.ravel(), "That is a loss for every batch. One number for every epoch was asked for."),
        (expected.cumsum(), "The sum goes on from epoch to epoch. Set it to 0 before each."),
        (expected[-1:], "There is one number, the last epoch's. Append each epoch's to a list made before the loop."),
        (expected[-1], "That is one number, the last epoch's. Append each epoch's to a list made before the loop."),
        (expected.mean(), "That is one number for all epochs. One for each epoch was asked for, as a list."),
    ]  # fmt: skip
    likely = (reason for wrong, reason in mistakes if find_difference(np.asarray(returned), wrong) is None)
    details = [("case", str(plan)), ("expected", describe(expected)), ("came out", describe(returned))]
    raise NotYet(next(likely, difference), details)


def _require_generator(answer, plan):
    once, again, other = (np.concatenate(run(answer, plan._replace(seed=seed))[1].pictures) for seed in (1, 1, 2))
    _say(np.array_equal(once, again), "The same generator gave two different orders, so this training cannot be "
         "repeated. Draw from the `rng` that came in, and from nothing else.", plan)  # fmt: skip
    _say(not np.array_equal(once, other), "Two different generators gave the same order: `rng` is not used. Draw the "
         "order from the `rng` that came in.", plan)  # fmt: skip
