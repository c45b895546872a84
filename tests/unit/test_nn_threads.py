"""Threads: what a program's own threads and forked children find after a network has used several."""

import multiprocessing
import os
import sys
import threading

import numpy as np
import pytest

from course.nn import SGD, BinaryCrossentropy, Conv2D, Dense, Flatten, MaxPooling2D, Sequential, threads

PICTURES = np.random.default_rng(0).standard_normal((8, 20, 20, 1)).astype("float32")


def network(seed=0):
    layers = [Conv2D(4, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(1, "sigmoid")]
    made = Sequential(layers, seed, workers=2)
    made.compile(SGD(0.1), BinaryCrossentropy())
    return made


def blas_threads():
    return [library["num_threads"] for library in threads._libraries().info()]


@pytest.fixture(autouse=True)
def _two_threads_of_the_matrix_library():
    with threads._libraries().limit(limits=2):
        yield


def in_threads(works):
    """Run the functions side by side; return what they gave, in order."""
    found = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place, work):
        start.wait()
        found[place] = work()

    running = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for one in running:
        one.start()
    for one in running:
        one.join(60)
    return found


def test_four_threads_predicting_leave_the_matrix_library_as_it_was():
    before = blas_threads()
    for _ in range(5):
        models = [network(seed) for seed in range(4)]
        expected = [model.predict(PICTURES) for model in models]
        found = in_threads([lambda model=model: [model.predict(PICTURES) for _ in range(10)] for model in models])
        for answers, wanted in zip(found, expected, strict=True):
            assert all((answer == wanted).all() for answer in answers)
        assert blas_threads() == before and threads.available() == max(before)


def test_four_threads_may_share_one_network():
    model, batches = network(), [PICTURES[::1], PICTURES[::-1].copy(), PICTURES[:3].copy(), 2 * PICTURES]
    expected = [model.predict(batch) for batch in batches]
    found = in_threads([lambda batch=batch: [model.predict(batch) for _ in range(20)] for batch in batches])
    for answers, wanted in zip(found, expected, strict=True):
        assert all((answer == wanted).all() for answer in answers)


def test_of_threads_that_begin_together_one_builds_the_network():
    expected = network().predict(PICTURES)
    for _ in range(20):
        model = network()
        assert all((answer == expected).all() for answer in in_threads([lambda m=model: m.predict(PICTURES)] * 4))


def test_predicting_beside_training_changes_neither():
    y = np.arange(8) % 2
    alone, beside = network(), network()
    expected = [alone.train_on_batch(PICTURES, y) for _ in range(20)]
    found, _ = in_threads([lambda: [beside.train_on_batch(PICTURES, y) for _ in range(20)],
                           lambda: [beside.predict(PICTURES[::-1].copy()) for _ in range(20)]])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_an_error_inside_gives_the_setting_back():
    before = blas_threads()
    with pytest.raises(KeyError), threads.held():
        assert blas_threads() == [1] * len(before) and threads.available() == max(before)
        with threads.held():
            raise KeyError
    assert blas_threads() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_forked_child_predicts_too(meanwhile):
    model = network()
    expected = model.predict(PICTURES)
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with threads.held():
            inside.set()
            leave.wait(60)

    def ask(queue):
        queue.put((model.predict(PICTURES), blas_threads()))

    other = threading.Thread(target=hold)
    if meanwhile:  # another thread is at work at the moment of the fork; it does not exist in the child
        other.start()
        inside.wait(60)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=ask, args=(queue,), daemon=True)
    child.start()
    try:
        answer, its_threads = queue.get(timeout=60)
    finally:
        leave.set()
        child.join(5)
        child.kill()
        if meanwhile:
            other.join()
    np.testing.assert_allclose(answer, expected, rtol=1e-6)
    assert max(its_threads) == 2


def test_work_inside_a_worker_stays_in_it():
    def nested(k):
        return threading.current_thread().name, sum(threads.run(lambda i: i * k, range(5)))

    found = threads.run(nested, range(8), workers=2)
    assert [total for _, total in found] == [10 * k for k in range(8)]
    assert all(name.startswith("course.nn") for name, _ in found)


def test_importing_starts_no_thread():
    import subprocess

    code = "import course.nn, threading; print(threading.active_count())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "1"
