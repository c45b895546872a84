"""Work shared among processor cores: several Python threads, each with a matrix product of its own.

NumPy lets go of Python's lock while it computes, so threads do run side by side. Cutting the batch in shares costs one
meeting a pass; letting the matrix library cut every product costs one a product.
"""

import contextlib
import functools
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from itertools import pairwise

import numpy as np
from threadpoolctl import ThreadpoolController

_held = ContextVar("threads for `run` while the matrix library is held to one", default=None)


@functools.cache
def _libraries():
    return ThreadpoolController().select(user_api="blas")


@functools.cache
def _pool(workers):
    return ThreadPoolExecutor(workers, thread_name_prefix="course.nn")


def available():
    """How many threads the matrix library may use now: what OMP_NUM_THREADS or threadpoolctl says, else the cores."""
    return _held.get() or max([library["num_threads"] for library in _libraries().info()], default=1)


@contextlib.contextmanager
def held():
    """Let only `run` use several threads inside: the matrix library's own would wait, at full speed, in their way."""
    token = _held.set(available())
    try:
        with _libraries().limit(limits=1):
            yield
    finally:
        _held.reset(token)


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
