"""The networks that lesson 16 compares: what goes in and out, equal numbers of weights, saved and loaded."""

import numpy as np
import pytest

from course.models import variants
from course.quiet_tensorflow import keras

SHAPE = (32, 32, 3)
NETWORKS = {
    "small": lambda: variants.small(SHAPE, filters=(4, 8), activation="tanh"),
    "plain": lambda: variants.deep(SHAPE, depth=4, width=4),
    "residual": lambda: variants.deep(SHAPE, depth=4, width=4, residual=True),
    "transformer": lambda: variants.patch_transformer(SHAPE, width=8, heads=2, depth=1),
}


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (3, *SHAPE)).astype(np.uint8)


@pytest.mark.parametrize("name", NETWORKS)
def test_pictures_in_probabilities_out_and_back_from_the_disk(name, pictures, tmp_path):
    network = NETWORKS[name]()
    found = np.asarray(network(pictures))
    assert found.shape == (3, 1) and np.all((found > 0) & (found < 1))
    network.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras", safe_mode=True)
    np.testing.assert_allclose(again(pictures), found, atol=1e-6)


def test_the_additions_of_the_residual_network_have_no_weights():
    plain, residual = NETWORKS["plain"](), NETWORKS["residual"]()
    assert plain.count_params() == residual.count_params()
    assert [w.shape for w in plain.weights] == [w.shape for w in residual.weights]
    convolutions = [layer for layer in residual.layers if isinstance(layer, keras.layers.Conv2D)]
    assert len(convolutions) == 1 + 4


def test_the_networks_of_the_runs_that_are_compared_have_about_as_many_weights():
    small, transformer = variants.small().count_params(), variants.patch_transformer().count_params()
    assert 0.8 < transformer / small < 1.25


def test_a_transformer_knows_where_a_patch_lies(pictures):
    """Two patches exchanged: without `Places` the answer would stay, since a mean over patches has no order."""
    network = NETWORKS["transformer"]()
    exchanged = pictures.copy()
    exchanged[:, :8, :8], exchanged[:, 8:16, 8:16] = pictures[:, 8:16, 8:16], pictures[:, :8, :8]
    rows = next(layer for layer in network.layers if isinstance(layer, variants.Places))
    rows.set_weights([np.zeros_like(rows.get_weights()[0])])
    np.testing.assert_allclose(network(pictures), network(exchanged), atol=1e-5)
    rows.set_weights([np.random.default_rng(0).standard_normal(rows.get_weights()[0].shape)])
    assert np.abs(np.asarray(network(pictures)) - np.asarray(network(exchanged))).max() > 1e-4
