"""Twins: nearly the same pictures in one group, and how many there are."""

import numpy as np

from course.data import twins


def prints(*angles):
    """Two-dimensional stand-ins: the correlation of two is the cosine of the angle between them, in degrees."""
    return np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=1)


def test_twins_of_twins_are_one_group():
    found = twins.groups(prints(0, 90, 8, 16, 97, 180), alike=np.cos(np.radians(10)))
    assert found[0] == found[2] == found[3] and found[1] == found[4] and len(set(found)) == 3


def test_counts_by_hand():
    splits = np.array(["train", "train", "test", "validation", "test", "test"])
    labels = np.array([0, 1, 0, 1, 1, 0])
    found = twins.summary(prints(0, 90, 8, 16, 97, 180), labels, splits, np.cos(np.radians(10)))
    assert found["pairs"] == 3 and found["pairs across splits"] == 3 and found["groups"] == 2
    assert found["pictures in groups"] == 5 and found["largest"] == 3 and found["groups with both labels"] == 1
    assert found["test pictures with a twin in train"] == 2
    assert found["test pictures with a twin in train or validation"] == 2


def test_a_picture_made_smaller_or_saved_anew_is_a_twin_and_noise_is_none():
    rng = np.random.default_rng(0)
    smooth = np.kron(rng.integers(0, 256, (14, 14)), np.ones((8, 8))).astype(np.uint8)
    other = np.kron(rng.integers(0, 256, (14, 14)), np.ones((8, 8))).astype(np.uint8)
    noisy = np.clip(smooth + rng.normal(0, 12, smooth.shape), 0, 255).astype(np.uint8)
    found = twins.groups(twins.prints_of([smooth, other, noisy, smooth[::2, ::2]]))
    assert found[0] == found[2] == found[3] != found[1]
