"""What the checker of exercise 17.4 needs: batches of maps, the moving mean by a filter, ways to get it wrong."""

import numpy as np

from course.checks.compare import Case, mistakes


def reference(mean, batches, momentum):
    from scipy.signal import lfilter

    seen = np.array([np.reshape(batch, (-1, len(mean))).mean(axis=0) for batch in batches])
    return lfilter([1 - momentum], [1, -momentum], seen, axis=0, zi=momentum * np.array(mean, float)[None])[0][-1]


def cases():
    rng, every = np.random.default_rng(17), []
    for channels, side, count, momentum in ((1, 2, 1, 0.9), (3, 2, 4, 0.9), (2, 3, 6, 0.99), (4, 1, 3, 0.5)):
        batches = [rng.normal(k, 2, (rng.integers(2, 5), side, side, channels)) for k in range(count)]
        every.append(Case(rng.normal(size=channels), batches, momentum))
    return every


def _moved(change, average=lambda batch, mean: batch.mean(axis=(0, 1, 2))):
    def wrong(mean, batches, momentum):
        now = np.array(mean, float)
        for batch in batches:
            now = change(now, average(batch, now), momentum)
        return now
    return wrong


def _right(now, new, momentum):
    return momentum * now + (1 - momentum) * new


MISTAKES = mistakes(
    ("Momentum and its rest have changed places: the old mean keeps the share `momentum`.",
     _moved(lambda now, new, momentum: (1 - momentum) * now + momentum * new)),
    ("The new mean is added whole: it counts with the share 1 - momentum.",
     _moved(lambda now, new, momentum: momentum * now + new)),
    ("The old mean is kept whole: it counts with the share momentum.",
     _moved(lambda now, new, momentum: now + (1 - momentum) * new)),
    ("Only the last batch's mean came back.", _moved(lambda now, new, momentum: new)),
    ("The mean has not moved: each batch moves it a little.", _moved(lambda now, new, momentum: now)),
    ("Only the first batch was used. Is `return` inside the loop?",
     lambda mean, batches, momentum: _moved(_right)(mean, batches[:1], momentum)),
    ("Only the last batch was used: go on from the mean that the batch before has left.",
     lambda mean, batches, momentum: _moved(_right)(mean, batches[-1:], momentum)),
    ("One mean was taken over all channels: each channel has its own, axis=(0, 1, 2).",
     _moved(_right, lambda batch, mean: batch.mean())),
    ("The mean was taken over the pictures alone, or over one of their places: over pictures, rows and columns it is.",
     _moved(_right, lambda batch, mean: batch[:, 0, 0].mean(axis=0))),
)  # fmt: skip
