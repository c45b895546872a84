"""What the checker of exercise 2.5 needs: change pictures while training, never at prediction, and repeatably."""

import inspect

import numpy as np

from course.checks.compare import Case, describe, find_difference, require
from course.checks.core import call


class Recorder:
    """An augmentation that adds a number drawn from rng, one for each picture, and notes how it was called."""

    def __init__(self):
        self.seen, self.added = [], []

    def __call__(self, picture, rng):
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"augment wants a generator as its second input, and got {describe(rng)}; "
                            "np.random.default_rng(seed) makes one")
        self.seen.append(np.shape(picture))
        self.added.append(int(rng.integers(1, 10**5)) + 0.25)
        return picture + self.added[-1]


def only_while_training(answer):
    """Return the sentence for exercise 2.5's right answer, or raise NotYet with the reason."""
    rng = np.random.default_rng(26)
    batches = [rng.normal(100, 30, (4, 3, 5, 3)), rng.normal(100, 30, (1, 2, 2, 1)).astype(np.float32),
               rng.integers(0, 256, (7, 4, 4, 3), dtype=np.uint8)]  # fmt: skip
    for pictures in batches:
        for seed in (0, 11):
            for flag in ((False,), ()):
                _at_prediction(answer, pictures, seed, *flag)
            _while_training(answer, pictures, seed)
    _repeatable(answer, batches[2])
    return (f"{6 * len(batches)} cases: untouched at prediction and by default, each picture changed by itself while "
            "training, the same seed gives the same, another seed another.")  # fmt: skip


def _run(answer, pictures, seed, *training):
    """Return what came back, and the Recorder. `training` is given by its name where the answer has that name."""
    recorder = Recorder()
    named = {"training": training[0]} if training and "training" in Case().named(answer).names else {}
    result = call(answer, pictures, recorder, seed, *(() if named else training), **named)
    if inspect.isgenerator(result):
        result = list(result)
    if isinstance(result, (list, tuple)) and len(result) == len(pictures):
        result = np.array(result)
    return result, recorder


def _at_prediction(answer, pictures, seed, *training):
    result, recorder = _run(answer, pictures, seed, *training)
    told = {"went_in": pictures, "training": training[0] if training else "not given"}
    require(not recorder.seen, "At prediction (training=False) the pictures were changed: two predictions of one "
            "picture would differ. Hand them on as they are." if training else "Without a word about training the "
            "pictures were changed. Whoever forgets the flag is predicting: let it be False by default.", **told)
    difference = find_difference(result, pictures, 0, 0)
    require(not difference, f"At prediction the same pictures should come back. {difference}", **told)


def _while_training(answer, pictures, seed):
    result, recorder = _run(answer, pictures, seed, True)
    n, seen, added = len(pictures), recorder.seen, recorder.added
    calls, told = f"augment was called {len(seen)} times for {n} pictures.", {"went_in": pictures, "seed": seed}
    require(seen, "With training=True nothing was changed: augment was never called.", **told)
    require(n == 1 or pictures.shape not in seen, "augment got the whole batch at once, so that all pictures are "
            "changed alike. Call it for each picture.", **told)
    require(len(seen) >= n, f"{calls} Does `return` stand inside the loop?", **told)
    require(len(seen) == n, f"{calls} Once for each is enough.", **told)
    require(n == 1 or len(set(added)) > 1, "All pictures were changed alike: a generator made anew from the same seed "
            "starts anew. Make it once, before the loop.", **told)
    expected = pictures + np.reshape(added, (n, 1, 1, 1))
    difference = find_difference(result, expected, 1e-6, 1e-2)
    require(not difference, _why_other(result, pictures, expected) or difference, **told, came_out=result)


def _why_other(result, pictures, expected):
    if find_difference(result, pictures, 0, 0) is None:
        return "augment was called, but what it returns was not kept: the pictures came back unchanged."
    if np.shape(result) == pictures.shape[1:]:
        return "One picture came back. Collect them all."
    if np.shape(result) == (2 * len(pictures), *pictures.shape[1:]):
        return "The unchanged pictures came back as well. The labels would be too few: return the changed ones only."
    if np.shape(result) != expected.shape:
        return None
    if np.asarray(result).dtype.kind in "iu":
        return ("The changed pictures were squeezed back into whole numbers: decimals are cut off, and in uint8 what "
                "lies above 255 wraps round. Collect them in a list and use np.array.")
    if np.allclose(np.sort(result, axis=0), np.sort(expected, axis=0)):
        return "The pictures came back in another order. Labels stay behind: keep the order."
    return None


def _repeatable(answer, pictures):
    def added(seed):
        return _run(answer, pictures, seed, True)[1].added

    zero, first, other, following = map(added, (0, 3, 8, 4))
    require(first == added(3) and zero == added(0), "The same seed gave other changes: the run cannot be repeated. "
            "Make the generator from `seed`, not from None or from what NumPy holds globally.")
    require(first != other, "Another seed gave the same changes: a fixed seed stands in your code. Use the one that is "
            "handed over.")
    require(not set(first) & set(following), "Seeds 3 and 4 give the same changes, one picture later: with seed + i "
            "neighbouring seeds overlap. Make one generator before the loop.")
