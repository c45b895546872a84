"""One function over many pictures, on all cores: Pillow lets go of Python's lock while it unpacks and shrinks."""

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

AHEAD = 8  # pictures a core that may be waiting: enough to keep all cores at work, few enough for any memory


def in_order(function, items):
    """Yield function(item) for each item, in the items' order. An error of one is raised where its turn comes.

    Whoever stops asking (an error, Ctrl-C) waits for the few that are being worked on, and for no more.
    """
    cores = os.cpu_count() or 1
    items, waiting = iter(items), deque()
    pool = ThreadPoolExecutor(cores)
    try:
        waiting.extend(pool.submit(function, item) for item in islice(items, AHEAD * cores))
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(function, item) for item in islice(items, 1))
            yield done
    finally:
        pool.shutdown(cancel_futures=True)
