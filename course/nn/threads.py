"""Work shared among processor cores: several Python threads, each with a matrix product of its own.

NumPy lets go of Python's lock while it computes, so threads do run side by side. Cutting the batch in shares costs one
meeting a pass; letting the matrix library cut every product costs one a product.

A program may have threads of its own, or fork. Passes through networks then take turns: the layers remember what they
saw last, and the matrix library has one setting for the whole process. A forked child begins with threads of its own.
"""

import contextlib
import functools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from threadpoolctl import ThreadpoolController


class _Hold:
    """Whose turn it is, and what to give back afterwards: threads of the matrix library before, None when free."""

    def __init__(self):
        self.turn, self.threads, self.limit = threading.RLock(), None, None


_hold, _here = _Hold(), threading.local()


@functools.cache
def _libraries():
    return ThreadpoolController().select(user_api="blas")


@functools.cache
def _pool(workers):
    return ThreadPoolExecutor(workers, "course.nn", initializer=lambda: setattr(_here, "is_worker", True))


def _after_fork():
    """In a forked child: the pool's threads stayed behind, and so did the thread whose turn it was."""
    global _hold
    before, _hold = _hold, _Hold()
    _pool.cache_clear()
    if before.limit is not None and not before.turn._is_owned():
        before.limit.restore_original_limits()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_after_fork)


def available():
    """How many threads the matrix library may use now: what OMP_NUM_THREADS or threadpoolctl says, else the cores."""
    if getattr(_here, "is_worker", False):
        return 1
    with _hold.turn:
        return _hold.threads or max([library["num_threads"] for library in _libraries().info()], default=1)


@contextlib.contextmanager
def held():
    """Let only `run` use several threads inside: the matrix library's own would wait, at full speed, in their way.

    One thread of the program at a time is inside, and it may come in again.
    """
    hold = _hold
    with hold.turn:
        if hold.threads is not None or getattr(_here, "is_worker", False):
            yield
            return
        hold.threads = available()
        hold.limit = _libraries().limit(limits=1)
        try:
            yield
        finally:
            hold.limit.restore_original_limits()
            hold.threads = hold.limit = None


def shares(n, workers=None):
    """Cut n pictures into one range a thread, as equal as can be."""
    cuts = np.linspace(0, n, min(n, workers or available()) + 1).astype(int).tolist()
    return [range(a, b) for a, b in pairwise(cuts)]


def run(function, items, workers=None):
    """Return [function(item) for item in items], computed by `workers` threads; an error in one is raised here."""
    workers = min(workers or available(), len(items))
    if workers == 1:
        return [function(item) for item in items]
    with held():
        return list(_pool(workers).map(function, items))
