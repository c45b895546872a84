"""Right and wrong answers to exercises 2.3 and 2.5; the wrong ones are tested in test_checks.py."""

import functools

import numpy as np
import pytest
from harness import assert_status

from course.checks import check


def good_rgb(picture):
    if picture.ndim == 2:
        picture = picture[..., None]
    if picture.ndim != 3 or picture.shape[2] not in (1, 3, 4):
        raise ValueError("no picture")
    if picture.shape[2] == 4 and (picture[..., 3] != 255).any():
        raise ValueError("transparent")
    return np.repeat(picture, 3, axis=2) if picture.shape[2] == 1 else picture[..., :3]


def by_stack(picture):
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture[:, :, 0]
    if picture.ndim == 2:
        return np.dstack([picture, picture, picture])
    if picture.ndim != 3:
        raise ValueError("no picture")
    c = picture.shape[2]
    if c == 4 and np.all(picture[:, :, 3] == 255):
        return picture[:, :, :3]
    if c == 3:
        return picture
    raise ValueError(f"{c} channels")


def grey(make):
    """Make the grey pictures by `make(picture (h, w))`, all else as it should be."""
    def wrong(picture):
        if picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 1):
            return make(picture.reshape(picture.shape[:2]))
        return good_rgb(picture)
    return wrong


def lenient(picture):
    if picture.ndim == 3 and picture.shape[2] == 4:
        return picture[..., :3]
    return good_rgb(picture)


def two_channels_too(picture):
    if picture.ndim == 3 and picture.shape[2] == 2:
        return np.concatenate([picture, 0 * picture[..., :1]], axis=2)
    return good_rgb(picture)


def channels_first_too(picture):
    if picture.ndim == 3 and picture.shape[0] == 3 and picture.shape[2] not in (1, 3, 4):
        return picture.reshape(*picture.shape[1:], 3)
    return good_rgb(picture)


def batches_too(picture):
    return picture[..., :3] if picture.ndim == 4 else good_rgb(picture)


def with_an_assert(picture):
    assert picture.ndim in (2, 3) and picture.shape[-1] != 2, "no"
    return good_rgb(picture)


def whole_first_pixel(picture):
    if picture.ndim == 3 and picture.shape[2] == 4 and picture[0, 0, 3] == 255:
        return picture[..., :3]
    return good_rgb(picture)


def averaged(picture):
    rgb = good_rgb(picture)
    return np.repeat(rgb.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)


def doubled_axis(picture):
    if picture.ndim == 2 or picture.shape[2] == 1:
        return np.stack([picture] * 3, axis=-1)
    return good_rgb(picture)


def by_rows(refuse):
    """Decide by the first axis: three rows are taken for three channels."""
    def wrong(picture):
        return refuse(picture) if picture.ndim == 3 and picture.shape[0] == 3 else good_rgb(picture)
    return wrong


def refuse(picture):
    raise ValueError("channels first")


def refusing(act):
    """Do act(error) where good_rgb would raise."""
    def wrong(picture):
        try:
            return good_rgb(picture)
        except ValueError as error:
            return act(error)
    return wrong


def no_grey(picture):
    if picture.ndim != 3:
        refuse(picture)
    return good_rgb(picture)


def of_three_axes(picture):
    """Forgets that (h, w, 1) has its axis already."""
    if picture.ndim == 2:
        return np.repeat(picture[..., None], 3, axis=2)
    return np.stack([picture] * 3, axis=2) if picture.shape[-1] == 1 else good_rgb(picture)


RGB_WRONG = [
    (lambda p: p.reshape(*p.shape[:2], 3), "can make no numbers"),
    (lambda p: np.resize(p, (*p.shape[:2], 3)), "scrambled"),
    (grey(lambda p: np.stack([p] * 3).reshape(*p.shape, 3)), "scrambled"),
    (grey(lambda p: np.stack([p] * 3)), "channels stand in the first axis"),
    (grey(lambda p: np.repeat(p, 3)), "np.repeat without axis flattens"),
    (grey(lambda p: np.tile(p, 3)), "one larger grey picture"),
    (of_three_axes, "now there are two"),
    (by_rows(refuse), "It happens to have 3 rows: decide by the last axis only."),
    (by_rows(lambda p: np.moveaxis(p, 0, 2)), "turned as if its channels came first"),
    (no_grey, "This kind of picture was refused, and it is right"),
    (refusing(lambda error: error), "Write `raise`, not `return`"),
    (refusing(lambda error: None), "transparent in places was not refused"),
    (refusing(lambda error: print(end="")), "transparent in places was not refused"),
    (doubled_axis, "now there are two"),
    (lambda p: p if p.ndim == 3 else p[..., None], "One channel"),
    (lambda p: p[..., :3] if p.ndim == 3 else p[..., None], "One channel"),
    (lambda p: p if p.ndim == 3 and p.shape[2] == 4 else good_rgb(p), "still there"),
    (grey(lambda p: np.stack([p, 0 * p, 0 * p], axis=-1)), "grey has become red"),
    (lambda p: good_rgb(p)[..., ::-1], "turned round"),
    (lambda p: good_rgb(p) / 255, "divided by 255"),
    (lambda p: p[..., 1:] if p.ndim == 3 and p.shape[2] == 4 else good_rgb(p), "instead of the last"),
    (averaged, "has become grey"),
    (lenient, "transparent in places was not refused"),
    (whole_first_pixel, "transparent in places was not refused"),
    (lambda p: p[..., :3] if p.ndim == 3 and p.shape[2] == 4 and p[..., 3].min() > 200 else good_rgb(p),
     "transparent in places was not refused"),
    (lambda p: p[..., :3] if (p.ndim == 3 and p.shape[2] > 4 > p.shape[0]) or p.shape[2:] == (5,) else good_rgb(p),
     "(4, 6, 5) was not refused"),
    (two_channels_too, "(4, 5, 2) was not refused"),
    (channels_first_too, "(3, 5, 6) was not refused"),
    (batches_too, "(2, 4, 5, 3) was not refused"),
    (with_an_assert, "Raise ValueError, not AssertionError"),
]


def squeezed(picture):
    return good_rgb(np.squeeze(picture))


def of_rows_too(picture):
    return np.stack([picture] * 3, axis=-1)[None] if picture.ndim == 1 else good_rgb(picture)


def into_zeros(picture):
    rgb = good_rgb(picture)
    out = np.zeros(rgb.shape)
    out[:] = rgb
    return out


def unpacks(picture):
    _, _, _ = picture.shape
    return good_rgb(picture)


def wants_one_number(picture):
    return good_rgb(picture) if picture > 0 else picture


RGB_WRONG += [
    (squeezed, "Your code stopped with ValueError: no picture"),
    (lambda p: good_rgb(p[0] if p.ndim == 4 and len(p) == 1 else p), "(1, 4, 5, 3) was not refused"),
    (of_rows_too, "(12,) was not refused"),
    (into_zeros, "not their type"),
    (unpacks, "not enough values to unpack"),
    (wants_one_number, "One yes or no was wanted"),
    (lambda p: p[..., :3] if p.shape[2:] == (4,) and (p[:-1, :-1, 3] == 255).all() else good_rgb(p),
     "transparent in places was not refused"),
    (lambda p: p[..., :3] if p.shape[2:] == (4,) and len(np.unique(p[..., 3])) == 1 else good_rgb(p),
     "transparent in places was not refused"),
    (lambda p: good_rgb(p[::-1]), "turned round"),
    (lambda p: good_rgb(p[:, ::-1]), "was expected"),
    (lambda p: print(good_rgb(p), end=""), "`return` missing"),
]


def good_batch(pictures, augment, seed, training=False):
    if not training:
        return pictures
    rng = np.random.default_rng(seed)
    return np.array([augment(picture, rng) for picture in pictures])


def filling(pictures, augment, seed, training=False):
    ready = pictures.astype(float) if training else pictures
    if training:
        rng = np.random.default_rng(seed)
        for i, picture in enumerate(pictures):
            ready[i] = augment(picture, rng)
    return ready


def yielding(pictures, augment, seed, training=False):
    rng = np.random.default_rng(seed)
    for picture in pictures:
        yield augment(picture, rng) if training else picture


def spawned(pictures, augment, seed, training=False):
    rngs = np.random.default_rng(seed).spawn(len(pictures))
    return [augment(x, rng) if training else x for x, rng in zip(pictures, rngs, strict=True)]


def with_rngs(rng_for, result=lambda changed: np.array(changed)):
    def answer(pictures, augment, seed, training=False):
        if not training:
            return pictures
        return result([augment(picture, rng_for(seed, i)) for i, picture in enumerate(pictures)])
    return answer


def in_float32(pictures, augment, seed, training=False):
    changed = good_batch(pictures, augment, seed, training)
    return changed.astype(np.float32) if training else changed


def renamed(batch, change, number, train=False):
    return good_batch(batch, change, number, train)


def by_name_only(pictures, augment, seed, *, training=False):
    return good_batch(pictures, augment, seed, training)


class Batch:
    def __call__(self, *given):
        return good_batch(*given)


def shared(finish=np.array, make=np.random.default_rng):
    def answer(pictures, augment, seed, training=False):
        if not training:
            return pictures
        rng = make(seed)
        return finish([augment(picture, rng) for picture in pictures])
    return answer


def always(pictures, augment, seed, training=False):
    return good_batch(pictures, augment, seed, True)


def by_default(pictures, augment, seed, training=True):
    return good_batch(pictures, augment, seed, training)


def never(pictures, augment, seed, training=False):
    return pictures


def the_other_way(pictures, augment, seed, training=False):
    return good_batch(pictures, augment, seed, not training)


def whole_batch(pictures, augment, seed, training=False):
    return augment(pictures, np.random.default_rng(seed)) if training else pictures


def one_only(pictures, augment, seed, training=False):
    rng = np.random.default_rng(seed)
    for picture in pictures:
        return augment(picture, rng) if training else pictures


def not_kept(pictures, augment, seed, training=False):
    good_batch(pictures, augment, seed, training)
    return pictures


def in_place(pictures, augment, seed, training=False):
    if training:
        rng = np.random.default_rng(seed)
        for i in range(len(pictures)):
            pictures[i] = augment(pictures[i], rng)
    return pictures


def into_the_same_type(pictures, augment, seed, training=False):
    if not training:
        return pictures
    rng, out = np.random.default_rng(seed), np.empty_like(pictures)
    for i in range(len(pictures)):
        out[i] = augment(pictures[i], rng)
    return out


def both_kinds(pictures, augment, seed, training=False):
    changed = good_batch(pictures, augment, seed, training)
    return np.concatenate([pictures, changed]) if training else pictures


def twice(pictures, augment, seed, training=False):
    rng = np.random.default_rng(seed)
    return np.array([augment(augment(x, rng), rng) for x in pictures]) if training else pictures


def falsy_seed(pictures, augment, seed, training=False):
    return good_batch(pictures, augment, seed or None, training)


def first_again(pictures, augment, seed, training=False):
    return good_batch(np.array([pictures[0]] * len(pictures)), augment, seed, training) if training else pictures


KEPT = {}


def one_for_ever(pictures, augment, seed, training=False):
    rng = KEPT.setdefault(seed, np.random.default_rng(seed))
    return np.array([augment(picture, rng) for picture in pictures]) if training else pictures


def seed_required(pictures, augment, seed, training):
    return good_batch(pictures, augment, seed, training)


TRAINING_WRONG = [
    (always, "At prediction (training=False) the pictures were changed"),
    (the_other_way, "At prediction (training=False) the pictures were changed"),
    (by_default, "False by default"),
    (seed_required, "cannot be called"),
    (never, "augment was never called"),
    (whole_batch, "whole batch at once"),
    (one_only, "called 1 times"),
    (twice, "Once for each is enough"),
    (with_rngs(lambda seed, i: np.random.default_rng(seed)), "changed alike"),
    (with_rngs(lambda seed, i: np.random.default_rng(seed + i)), "overlap"),
    (with_rngs(lambda seed, i: np.random.default_rng(None)), "The same seed gave other changes"),
    (shared(make=lambda seed: np.random.default_rng(0)), "a fixed seed stands"),
    (shared(make=lambda seed: seed), "wants a generator"),
    (shared(make=lambda seed: np.random), "wants a generator"),
    (not_kept, "was not kept"),
    (in_place, "changed the array it was given"),
    (into_the_same_type, "squeezed back into whole numbers"),
    (lambda p, augment, seed, training=False: good_batch(p, augment, seed, training).astype(p.dtype),
     "squeezed back into whole numbers"),
    (shared(finish=lambda changed: np.array(changed[::-1])), "another order"),
    (both_kinds, "labels would be too few"),
    (shared(finish=lambda changed: changed[0]), "One picture came back"),
    (falsy_seed, "The same seed gave other changes"),
    (one_for_ever, "The same seed gave other changes"),
    (first_again, "was expected"),
    (lambda p, augment, seed, training=False: good_batch(p, augment, seed, training)[..., ::-1] if training else p,
     "was expected"),
]


@pytest.mark.parametrize("make", [lambda p: np.stack([p] * 3), lambda p: np.tile(p, 3),
                                  lambda p: np.stack([p] * 3).transpose(2, 1, 0)])  # fmt: skip
def test_nobody_is_told_to_reshape_a_picture(make):
    assert "reshape" not in repr(check("2.3", grey(make)))


def test_numpy_s_own_errors_are_no_refusal():
    unpacking = check("2.3", lambda picture: good_rgb(picture) if len(picture.shape) == 3 else [0, 0, 0][picture.shape])
    assert "refused" not in unpacking.reason and "TypeError" in unpacking.reason
    joined = check("2.3", grey(lambda p: np.concatenate([p[:1], p[:, :1]], axis=0)))
    assert "refused" not in joined.reason


@pytest.mark.parametrize("answer", [by_stack, lambda picture: good_rgb(picture).copy(), functools.partial(good_rgb)])
def test_other_ways_to_rgb(answer):
    assert_status("2.3", answer, "right")


@pytest.mark.parametrize("answer", [filling, yielding, spawned, shared(finish=np.stack), shared(finish=list),
                                    in_float32, renamed, by_name_only, Batch(), functools.partial(good_batch),
                                    with_rngs(lambda seed, i: np.random.default_rng([seed, i]))])  # fmt: skip
def test_other_ways_to_train(answer):
    assert_status("2.5", answer, "right")
