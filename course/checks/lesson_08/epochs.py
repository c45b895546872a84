"""What the checker of exercise 8.2 needs: a step that writes down what it is shown, and questions about the record.

The order of the pictures is the learner's, so what is asked is that every epoch shows every picture once, with its own
label, in a new order. The step's losses depend on nothing but the number of the call, so the history can be compared.
"""

from itertools import pairwise

import numpy as np

from course.checks.answers import shortened
from course.checks.compare import Case, Mistake, mistakes, require
from course.checks.lesson_08.steps import dressed
from course.checks.running import unchanged

LABELS_FROM = 1000
TORN = ("Pictures and labels are torn apart: {}. No error shows it, and nothing can be learnt: take x[rows] and "
        "y[rows] with the same row numbers. In the first batch stood pictures {} with the labels of {}.")


def cases():
    return [Case(398, 32, 2), Case(13, 4, 3), Case(12, 4, 2), Case(5, 8, 2), Case(1, 3, 2), Case(7, 1, 1),
            Case(9, 9, 4)]  # fmt: skip


class Record:
    """A step that keeps the numbers of the pictures and labels of each batch; each call has a loss of its own."""

    def __init__(self):
        self.pictures, self.labels = [], []

    def __call__(self, x_batch, y_batch):
        for kept, batch in ((self.pictures, x_batch), (self.labels, y_batch)):
            kept.append(np.array([np.ravel(one)[0] for one in batch], int))
        return _losses(len(self.pictures))[-1]


def _losses(count):
    return 2 / (1 + np.arange(count)) + 0.1 * np.sin(5 * np.arange(count))


def looped(answer):
    """Return loop(n, batch_size, epochs) -> the learner's history; NotYet where the batches are not as they should."""
    def loop(n, batch_size, epochs):
        returned, record = run(answer, n, batch_size, epochs)
        _require_batches(record, n, batch_size, epochs)
        orders = np.concatenate(record.pictures).reshape(epochs, n)
        for epoch, counts in enumerate((np.bincount(order, minlength=n) for order in orders), start=1):
            require((counts == 1).all(), f"In epoch {epoch}, {np.sum(counts > 1)} pictures were shown more than once "
                    f"and {np.sum(counts == 0)} never. Draw one `rng.permutation` an epoch and cut it.")
        if n >= 7:  # with fewer, chance may give the same order twice
            _require_new_orders(orders, n, range(batch_size, n, batch_size))
        return returned
    return dressed(loop, answer)


def run(answer, n, batch_size, epochs, seed=84):
    """Return (what `answer` gave back, the Record). Picture k holds the number k, its label LABELS_FROM + k."""
    numbers, record = np.arange(n, dtype=float), Record()
    x = np.tile(numbers.reshape(n, 1, 1, 1), (1, 2, 2, 1)) if n % 2 else numbers
    y = LABELS_FROM + numbers.reshape(n, *[1] * (n % 3))
    given = x.copy(), y.copy()
    returned = answer(record, *given, epochs, batch_size, np.random.default_rng(seed))
    require(unchanged(given, (x, y)), "Your code changed the array it was given. Shuffle row numbers instead.")
    return returned, record


def _require_batches(record, n, batch_size, epochs):
    require(record.pictures, "`step` was never called. It takes the step of training: call it for every batch.")
    for pictures, labels in zip(record.pictures, record.labels, strict=True):
        require(len(pictures) == len(labels), f"A batch came with {len(pictures)} pictures and {len(labels)} labels. "
                "Cut both with the same row numbers.")
        require(len(pictures), "A batch without a single picture was handed to `step`.")
    shown, told = np.concatenate(record.pictures), np.concatenate(record.labels) - LABELS_FROM
    require(max(shown) < LABELS_FROM, "`step` got labels in place of pictures: step(x_batch, y_batch), pictures first.")
    if not np.array_equal(shown, told):
        standing = [np.array_equal(one, np.resize(np.arange(n), len(one))) for one in (told, shown)]
        what = {(True, False): "the pictures were shuffled and the labels were not",
                (False, True): "the labels were shuffled and the pictures were not"}  # fmt: skip
        words = what.get(tuple(standing), "each stands in an order of its own")
        require(False, TORN.format(words, record.pictures[0].tolist(), (record.labels[0] - LABELS_FROM).tolist()))
    sizes, whole = [len(pictures) for pictures in record.pictures], [batch_size] * (n // batch_size)
    wanted = whole + [n % batch_size] * (n % batch_size > 0)
    if sizes == wanted * epochs:
        return
    require(max(sizes) <= batch_size, f"A batch has {max(sizes)} pictures, more than batch_size.")
    require(len(sizes) < 2 * len(wanted) or not all(map(np.array_equal, record.pictures[::2], record.pictures[1::2])),
            "`step` was called twice for each batch, and each call trains. Keep what it returns: `loss = step(...)`.")
    require(sizes != whole * epochs, "The small last batch is missing: in every epoch some pictures are left out.")
    rounds, rest = divmod(len(sizes), len(wanted))
    require(rest or sizes != wanted * rounds, f"There {'is' if rounds == 1 else 'are'} {rounds} "
            f"epoch{'s' * (rounds != 1)}; {epochs} were asked for. One loop over epochs, in it one over batches; "
            "`return` stands outside both.")
    require(False, f"The batches of an epoch should have {wanted} pictures; in turn they have {shortened(str(sizes))}.")


def _require_new_orders(orders, n, cuts):
    for before, order in pairwise([np.arange(n), *orders]):
        first = np.array_equal(before, np.arange(n))
        require(not np.array_equal(order, before), "The pictures come in the order in which they stand. Shuffle before "
                "each epoch: `rng.permutation(len(x))`." if first else "Every epoch has the same order, so the batches "
                "are always the same company. Draw a new order inside the loop over the epochs, from the `rng` that "
                "came in.")
        pairs, whole = (len(of(before) & of(order)) for of in (_neighbours, lambda one: _batches(one, cuts)))
        require(n < 50 or (pairs < n / 4 and not whole),  # few may by chance
                f"{pairs} of {n - 1} neighbours and {whole} whole batches are still together as "
                f"{'they stand in x' if first else 'in the epoch before'}. Draw a permutation of all single pictures: "
                "not of blocks, not within blocks, not of the place to begin, not the old order turned round.")


def _neighbours(order):
    """Return the pairs of pictures that follow each other, whichever comes first."""
    return {frozenset(pair) for pair in pairwise(order.tolist())}


def _batches(order, cuts):
    return {frozenset(batch.tolist()) for batch in np.split(order, cuts)}


def require_generator(answer):
    once, again, other = (np.concatenate(run(answer, 13, 4, 3, seed)[1].pictures) for seed in (1, 1, 2))
    require(np.array_equal(once, again), "The same generator gave two different orders, so this training cannot be "
            "repeated. Draw from the `rng` that came in, and from nothing else.")
    require(not np.array_equal(once, other), "Two different generators gave the same order: `rng` is not used. Draw "
            "the order from the `rng` that came in.")


def by_numpy(n, batch_size, epochs):
    """Each epoch's mean of its batches' losses, weighed by their sizes."""
    return _with(lambda losses, sizes: np.average(losses, axis=1, weights=sizes[0]))(n, batch_size, epochs)


def _with(history):
    """Return a (mistaken) loop: history(losses, sizes) of all batches, (epochs, batches)."""
    def loop(n, batch_size, epochs):
        sizes = np.diff([*range(0, n, batch_size), n])
        return history(_losses(epochs * len(sizes)).reshape(epochs, -1), np.tile(sizes, (epochs, 1)))
    return loop


def _older_first(result, expected, *inputs):
    """What a list that lives on from call to call holds: the history of the first case, ..., at last this one."""
    first = by_numpy(*cases()[0].args)
    return len(result) > len(expected) and np.allclose([*result[:len(first)], *result[-len(expected):]],
                                                       [*first, *expected])  # fmt: skip


LAST = "There is one number, the last epoch's. Append each epoch's to a list made before the loop."
MISTAKES = [*mistakes(
    ("The mean over the batches counts the small last batch as much as a full one. Weigh each loss by its number of "
     "pictures, and divide by all pictures.", _with(lambda losses, sizes: losses.mean(axis=1))),
    ("The losses of the batches are added up, not averaged: weigh each by its number of pictures, and divide by all "
     "pictures.", _with(lambda losses, sizes: losses.sum(axis=1))),
    ("The division by the number of pictures is missing.", _with(lambda losses, sizes: (losses * sizes).sum(axis=1))),
    ("That is the loss of each epoch's last batch. Collect all batches of the epoch.",
     _with(lambda losses, sizes: losses[:, -1])),
    ("That is a loss for every batch. One number for every epoch was asked for.",
     _with(lambda losses, sizes: losses.ravel())),
    ("The sum goes on from epoch to epoch. Set it to 0 before each.", lambda *case: by_numpy(*case).cumsum()),
    (LAST, lambda *case: by_numpy(*case)[-1:], lambda *case: by_numpy(*case)[-1]),
    ("That is one number for all epochs. One for each epoch was asked for, as a list.",
     lambda *case: by_numpy(*case).mean()),
), Mistake("The list lives on from call to call: the numbers of earlier calls stand before those of this one. A "
           "default value such as `history=[]` is made only once: make the list inside.", when=_older_first)]
