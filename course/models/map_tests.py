"""Two tests of maps that say where a score reacts: does the map meet what is known, does it depend on the weights?

Both can fail a map; neither can prove one.
"""

from typing import NamedTuple

import numpy as np

from course import CourseError
from course.models.explain import grad_cam
from course.quiet_tensorflow import keras


class Game(NamedTuple):
    """hits (n,): 1 where the map's highest place lies in the mask; chance (n,): share of the picture that it covers."""

    hits: np.ndarray
    chance: np.ndarray


def pointing_game(maps, masks):
    """Return the Game of maps (n, h, w) and masks, bool (n, h, w) (Zhang and others, ECCV 2016, without their margin).

    Where several places share the highest value, a hit is the share of them inside: a map of one value gets chance.
    """
    maps, masks = np.asarray(maps, float), np.asarray(masks, bool)
    if maps.shape != masks.shape or maps.ndim != 3:
        raise CourseError(f"maps {maps.shape} and masks {masks.shape}: both must be (n, h, w)")
    highest = maps == maps.max(axis=(1, 2), keepdims=True)
    hits = (highest & masks).sum(axis=(1, 2)) / highest.sum(axis=(1, 2))
    return Game(hits, masks.mean(axis=(1, 2)))


def rank_correlation(first, second):
    """Return Spearman's correlation of two maps (n, h, w), one a picture: (n,). nan where a map has one value only."""
    from scipy.stats import rankdata

    ranks = [rankdata(np.asarray(maps).reshape(len(maps), -1), axis=1) for maps in (first, second)]
    first, second = (one - one.mean(axis=1, keepdims=True) for one in ranks)
    spread = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return np.divide((first * second).sum(axis=1), spread, out=np.full(len(spread), np.nan), where=spread > 0)


def randomised(model, seed=0):
    """Return the same network with new random weights, untrained. Sets all global seeds.

    Batch normalisation gets means of 0 and variances of 1.
    """
    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(model)


def weights_check(model, pictures, seed=0, layer=None):
    """Return the rank correlation of each picture's map with that of the untrained network: (n,).

    Adebayo and others (NeurIPS 2018): a map that stays when the weights go shows the picture, not what was learnt.
    The maps are compared before the ReLU, whose zeros have no ranks.
    """
    return rank_correlation(*(grad_cam(one, pictures, layer, relu=False).values
                              for one in (model, randomised(model, seed))))
