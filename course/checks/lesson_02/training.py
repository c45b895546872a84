"""What the checker of exercise 2.5 needs: change pictures while training, never at prediction, and repeatably."""

import inspect

import numpy as np

from course.checks.compare import describe, find_difference, require
from course.checks.core import NotYet, call


class Recorder:
    """An augmentation that adds a whole number drawn from rng, one for each picture, and notes how it was called."""

    def __init__(self, share=1):
        self.seen, self.added, self.share = [], [], share

    def __call__(self, picture, rng):
        if not isinstance(rng, np.random.Generator):
            raise NotAGenerator(rng)
        self.seen.append(np.shape(picture))
        self.added.append(int(rng.integers(1, 10**9)) * self.share)
        return picture + self.added[-1]


class NotAGenerator(TypeError):
    """augment was called with something else than a NumPy generator."""


def only_while_training(answer):
    """Return the sentence for exercise 2.5's right answer, or raise NotYet with the reason."""
    count = 0
    for shape in ((4, 3, 5, 3), (1, 2, 2, 1), (7, 4, 4, 3)):
        pictures = np.random.default_rng(26).normal(100, 30, shape)
        for seed in (0, 11):
            _at_prediction(answer, pictures, seed)
            _while_training(answer, pictures, seed)
            count += 3
    _keeps_what_augment_gives(answer)
    _repeatable(answer, np.random.default_rng(27).normal(size=(6, 3, 3, 3)))
    return (f"{count} cases: untouched at prediction and by default, each picture changed by itself while training, "
            "the same seed gives the same, another seed another.")


def _keeps_what_augment_gives(answer):
    pictures = np.random.default_rng(28).integers(0, 256, (3, 4, 4, 3), dtype=np.uint8)
    result, recorder = _run(answer, pictures, 5, Recorder(1e-6), training=True)
    expected = pictures + np.reshape(recorder.added, (3, 1, 1, 1))
    difference = find_difference(result, expected, 1e-6, 1e-3)
    require(not difference, "The changed pictures were squeezed back into uint8: decimals are cut off, and what lies "
            "above 255 wraps round. Collect them in a list and use np.array.", came_out=result)  # fmt: skip


def _run(answer, pictures, seed, recorder=None, **training):
    recorder = recorder or Recorder()
    try:
        result = call(answer, pictures, recorder, seed, **training)
        if inspect.isgenerator(result):
            result = list(result)
    except NotYet as problem:
        if isinstance(problem.error, NotAGenerator):
            given = describe(problem.error.args[0])
            raise NotYet(f"augment wants a generator as its second input, and got {given}. Make one with "
                         f"np.random.default_rng(seed). {problem.reason}", error=problem.error) from problem.error
        raise
    if result is not None and isinstance(result, (list, tuple)) and len(result) == len(pictures):
        result = np.array(result)
    return result, recorder


def _at_prediction(answer, pictures, seed):
    told, recorder = _run(answer, pictures, seed, training=False)
    _same(told, pictures, recorder, "At prediction (training=False) the pictures were changed: two predictions of one "
                                    "picture would differ. Hand them on as they are.", "training = False")
    default, recorder = _run(answer, pictures, seed)
    _same(default, pictures, recorder, "Without a word about training the pictures were changed. Whoever forgets the "
                                       "flag is predicting: let it be False by default.", "training not given")


def _same(result, pictures, recorder, reason, how):
    difference = find_difference(result, pictures, 0, 0)
    details = [("went in", f"{describe(pictures)}, {how}")]
    if recorder.seen:
        raise NotYet(reason, details)
    if difference:
        raise NotYet(f"At prediction the same pictures should come back. {difference}", details)


def _while_training(answer, pictures, seed):
    result, recorder = _run(answer, pictures, seed, training=True)
    n, details = len(pictures), [("went in", f"{describe(pictures)}, seed = {seed}, training = True")]
    if not recorder.seen:
        raise NotYet("With training=True nothing was changed: augment was never called.", details)
    if recorder.seen[0] == pictures.shape and n > 1:
        raise NotYet("augment got the whole batch at once, so that all pictures are changed alike. Call it for each "
                     "picture.", details)
    if len(recorder.seen) < n:
        raise NotYet(f"augment was called {len(recorder.seen)} times for {n} pictures. Does `return` stand inside the "
                     "loop?", details)
    if len(recorder.seen) > n:
        raise NotYet(f"augment was called {len(recorder.seen)} times for {n} pictures. Once for each is enough.",
                     details)
    if n > 1 and len(set(recorder.added)) == 1:
        raise NotYet("All pictures were changed alike: a generator made anew from the same seed starts anew. Make it "
                     "once, before the loop.", details)
    expected = pictures + np.reshape(recorder.added, (n, 1, 1, 1))
    difference = find_difference(result, expected, 1e-9, 1e-9)
    if difference:
        raise NotYet(_why_other(result, pictures, expected) or difference, [*details, ("came out", describe(result))])


def _why_other(result, pictures, expected):
    if find_difference(result, pictures, 0, 0) is None:
        return "augment was called, but what it returns was not kept: the pictures came back unchanged."
    if np.shape(result) == expected.shape and np.allclose(np.sort(result, axis=0), np.sort(expected, axis=0)):
        return "The pictures came back in another order. Labels stay behind: keep the order."
    if np.shape(result) == pictures.shape[1:]:
        return "One picture came back. Collect them all."
    if np.shape(result) == (2 * len(pictures), *pictures.shape[1:]):
        return "The unchanged pictures came back as well. The labels would be too few: return the changed ones only."
    return None


def _repeatable(answer, pictures):
    def added(seed):
        return _run(answer, pictures, seed, training=True)[1].added

    first, other, following = added(3), added(8), added(4)
    require(first == added(3), "The same seed gave other changes: the run cannot be repeated. Make the generator from "
            "`seed`, not from None or from what NumPy holds globally.")  # fmt: skip
    require(first != other, "Another seed gave the same changes: a fixed seed stands in your code. Use the one that is "
            "handed over.")  # fmt: skip
    require(not set(first) & set(following), "Seeds 3 and 4 give the same changes, one picture later: with seed + i "
            "neighbouring seeds overlap. Make one generator before the loop.")  # fmt: skip
