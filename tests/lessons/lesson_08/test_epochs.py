"""Lesson 08's checker for the loop over epochs and batches: right in several styles, and each classic mistake."""

import numpy as np
import pytest
from harness import assert_status

from course.checks import check


def orders(rng, n):
    """One order for pictures and labels."""
    order = rng.permutation(n)
    return order, order


def mean_per_picture(losses, sizes):
    return np.dot(losses, sizes) / np.sum(sizes)


def loop(order=orders, epoch_loss=mean_per_picture, last=True, back=lambda history: history, more=0):
    """The loop, with a place for every classic mistake."""
    def train(step, x, y, epochs, batch_size, rng):
        history = []
        for _ in range(epochs + more):
            for_x, for_y = order(rng, len(x))
            end = len(x) if last or len(x) < batch_size else len(x) // batch_size * batch_size
            starts = range(0, end, batch_size)
            losses = [step(x[for_x[k:k + batch_size]], y[for_y[k:k + batch_size]]) for k in starts]
            history.append(epoch_loss(losses, [len(for_x[k:k + batch_size]) for k in starts]))
        return back(history)
    return train


def once_for_all(step, x, y, epochs, batch_size, rng):
    order = rng.permutation(len(x))
    return loop(lambda rng, n: (order, order))(step, x, y, epochs, batch_size, rng)


def shuffles_what_it_got(step, x, y, epochs, batch_size, rng):
    rng.shuffle(x)
    return loop()(step, x, y, epochs, batch_size, rng)


def returns_inside(step, x, y, epochs, batch_size, rng):
    return loop()(step, x, y, 1, batch_size, rng)


def new_order_for_each_batch(step, x, y, epochs, batch_size, rng):
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for start in range(0, len(x), batch_size):
            rows = rng.permutation(len(x))[start:start + batch_size]
            losses.append(step(x[rows], y[rows]))
            sizes.append(len(rows))
        history.append(mean_per_picture(losses, sizes))
    return history


def uncut_labels(step, x, y, epochs, batch_size, rng):
    return loop()(lambda x_batch, y_batch: step(x_batch, y), x, y, epochs, batch_size, rng)


def all_at_once(step, x, y, epochs, batch_size, rng):
    return [step(x, y) for _ in range(epochs)]


def never(step, x, y, epochs, batch_size, rng):
    return [0.0] * epochs


def twice_the_same(rng, n):
    order = np.random.default_rng(0).permutation(n)
    return order, order


def with_replacement(rng, n):
    rows = rng.integers(0, n, n)
    return rows, rows


UNSEEDED = np.random.default_rng(84)


def from_another_generator(rng, n):
    return orders(UNSEEDED, n)


def begun_elsewhere(rng, n):
    order = np.roll(np.arange(n), rng.integers(1, n))
    return order, order


def turned_round(step, x, y, epochs, batch_size, rng):
    drawn = [rng.permutation(len(x))]
    while len(drawn) < epochs:
        drawn.append(drawn[-1][::-1])
    return loop(lambda rng, n: (drawn[0], drawn.pop(0)))(step, x, y, epochs, batch_size, rng)


def running_total(step, x, y, epochs, batch_size, rng):
    return np.cumsum(loop()(step, x, y, epochs, batch_size, rng)).tolist()


def seeded_anew(step, x, y, epochs, batch_size, rng):
    return loop()(step, x, y, epochs, batch_size, np.random.default_rng(0))


def step_twice(step, x, y, epochs, batch_size, rng):
    return loop()(lambda x_batch, y_batch: (step(x_batch, y_batch), step(x_batch, y_batch))[0],
                  x, y, epochs, batch_size, rng)


def lives_on(step, x, y, epochs, batch_size, rng, history=[]):  # noqa: B006
    history.extend(loop()(step, x, y, epochs, batch_size, rng))
    return history


def in_blocks(step, x, y, epochs, batch_size, rng):
    history = []
    for _ in range(epochs):
        starts = rng.permutation(np.arange(0, len(x), batch_size))
        starts = [*starts[starts + batch_size <= len(x)], *starts[starts + batch_size > len(x)]]
        rows = [np.arange(len(x))[start:start + batch_size] for start in starts]
        history.append(mean_per_picture([step(x[one], y[one]) for one in rows], [len(one) for one in rows]))
    return history


def within_blocks(step, x, y, epochs, batch_size, rng):
    def order(rng, n):
        rows = np.concatenate([k + rng.permutation(min(batch_size, n - k)) for k in range(0, n, batch_size)])
        return rows, rows
    return loop(order)(step, x, y, epochs, batch_size, rng)


def labels_first(step, x, y, epochs, batch_size, rng):
    return loop()(lambda x_batch, y_batch: step(y_batch, x_batch), x, y, epochs, batch_size, rng)


def parts_of_even_size(step, x, y, epochs, batch_size, rng):
    history = []
    for _ in range(epochs):
        parts = np.array_split(rng.permutation(len(x)), -(-len(x) // batch_size))
        history.append(mean_per_picture([step(x[rows], y[rows]) for rows in parts], [len(rows) for rows in parts]))
    return history


def empty_last_batch(step, x, y, epochs, batch_size, rng):
    history = loop()(step, x, y, epochs, batch_size, rng)
    step(x[:0], y[:0])
    return history


LOOP_WRONG = [
    (loop(lambda rng, n: (rng.permutation(n), np.arange(n))), "the pictures were shuffled and the labels were not"),
    (loop(lambda rng, n: (np.arange(n), rng.permutation(n))), "the labels were shuffled and the pictures were not"),
    (loop(lambda rng, n: (rng.permutation(n), rng.permutation(n))), "each stands in an order of its own"),
    (loop(lambda rng, n: (np.arange(n), np.arange(n))), "in the order in which they stand"),
    (once_for_all, "Every epoch has the same order"),
    (loop(twice_the_same), "Every epoch has the same order"),
    (loop(with_replacement), "were shown more than once"),
    (new_order_for_each_batch, "were shown more than once and"),
    (loop(last=False), "The small last batch is missing"),
    (returns_inside, "There is 1 epoch"),
    (loop(more=1), "There are 3 epochs"),
    (all_at_once, "more than batch_size"),
    (uncut_labels, "Cut both with the same row"),
    (never, "`step` was never called"),
    (loop(epoch_loss=lambda losses, sizes: np.mean(losses)), "counts the small last batch as much"),
    (loop(epoch_loss=lambda losses, sizes: np.sum(losses)), "are added up, not averaged"),
    (loop(epoch_loss=lambda losses, sizes: np.dot(losses, sizes)), "division by the number of pictures is missing"),
    (loop(epoch_loss=lambda losses, sizes: losses[-1]), "each epoch's last batch"),
    (loop(epoch_loss=lambda losses, sizes: losses, back=lambda history: np.concatenate(history)), "for every batch"),
    (running_total, "goes on from epoch to epoch"),
    (loop(back=lambda history: history[-1]), "There is one number, the last epoch's"),
    (loop(back=np.mean), "one number for all epochs"),
    (loop(back=lambda history: None), "Nothing came back"),
    (loop(from_another_generator), "cannot be repeated"),
    (seeded_anew, "`rng` is not used"),
    (loop(begun_elsewhere), "still together as they stand in x"),
    (turned_round, "still together as in the epoch before"),
    (step_twice, "`step` was called twice for each batch"),
    (lives_on, "lives on from call to call"),
    (in_blocks, "13 whole batches are still together"),
    (within_blocks, "13 whole batches are still together as they stand in x"),
    (labels_first, "pictures first"),
    (parts_of_even_size, "The batches of an epoch should have"),
    (empty_last_batch, "without a single picture"),
    (loop(lambda rng, n: (lambda order: (order, np.roll(order, 1)))(rng.permutation(n))), "an order of its own"),
    (loop(epoch_loss=lambda losses, sizes: losses[0]), "values differ"),
    (shuffles_what_it_got, "changed the array it was given"),
    (loop(lambda rng, n: 1 / 0), "ZeroDivisionError"),
]


def in_copies(step, x, y, epochs, batch_size, rng):
    """Shuffles copies, cuts with array_split at the right places, sums by hand."""
    history = np.zeros(epochs)
    for epoch in range(epochs):
        order = np.arange(len(x))
        rng.shuffle(order)
        pieces = np.split(order, range(batch_size, len(x), batch_size))
        history[epoch] = sum(float(step(x[rows], y[rows])) * len(rows) / len(x) for rows in pieces)
    return history


def shuffled_twice(rng, n):
    order = rng.permutation(rng.permutation(n))
    return order, order


@pytest.mark.parametrize("answer", [in_copies, loop(shuffled_twice), loop(back=tuple)])
def test_other_right_ways(answer):
    assert_status("8.2", answer, "right")


def test_the_batch_is_shown_where_labels_are_lost():
    assert "In the first batch stood pictures [" in check("8.2", LOOP_WRONG[0][0]).reason


def test_a_lost_default_list_is_not_all_that_is_said():
    """A number in front of the history is no memory of earlier calls."""
    answer = loop(back=lambda history: [0.0, *history])
    assert_status("8.2", answer, "not yet", "The shape is (3,)")


def test_a_step_called_twice_is_not_said_to_be_more_epochs():
    assert "epochs" not in check("8.2", step_twice).reason


def test_labels_of_any_shape_and_pictures_of_any_shape_are_cut():
    def by_lists(step, x, y, epochs, batch_size, rng):
        return loop()(lambda one, other: step(list(one), list(other)), x, y, epochs, batch_size, rng)

    assert_status("8.2", by_lists, "right")
