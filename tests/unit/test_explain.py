"""Maps of where a score reacts: against the papers' formulas, written out on small networks, and against SciPy."""

import numpy as np
import pytest
from scipy.signal import correlate2d
from scipy.stats import spearmanr

from course import CourseError
from course.models import explain, map_tests
from course.quiet_tensorflow import keras

layers = keras.layers


# occlusion


@pytest.mark.parametrize(("patch", "stride"), [(1, 1), (3, 1), (4, 3), (7, 2)])
def test_occlusion_of_a_linear_score_is_a_correlation(patch, stride):
    rng = np.random.default_rng(patch)
    picture, w = rng.normal(size=(11, 14)), rng.normal(size=(11, 14))
    heat = explain.occlusion(lambda some: (some * w).sum(axis=(1, 2)), picture, patch, stride, 0.5)
    wanted = correlate2d(w * (picture - 0.5), np.ones((patch, patch)), "valid")[::stride, ::stride]
    np.testing.assert_allclose(heat.values, wanted, atol=1e-12)
    assert heat.rows[0] == (patch - 1) / 2 and np.diff(heat.rows).tolist() == [stride] * (len(heat.rows) - 1)


def test_occlusion_asks_in_batches_and_leaves_the_picture_alone():
    picture = np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)
    before, asked = picture.copy(), []

    def score(some):
        asked.append(some.shape)
        return some.mean(axis=(1, 2, 3))[:, None]

    heat = explain.occlusion(score, picture, 8, 4, np.median(picture, axis=(0, 1)))
    assert (picture == before).all() and heat.values.shape == (9, 9)
    assert asked[0] == (1, 40, 40, 3) and max(shape[0] for shape in asked) == explain.BATCH
    for patch, stride in ((0, 1), (41, 1), (8, 0)):
        with pytest.raises(CourseError, match="patch"):
            explain.occlusion(score, picture, patch, stride, 0)


def test_a_drop_lies_where_the_square_was():
    picture = np.zeros((30, 30))
    picture[20, 5] = 1
    heat = explain.occlusion(lambda some: some.sum(axis=(1, 2)), picture, 3, 1, 0)
    over = heat.over((30, 30))
    assert over[20, 5] == 1 and over[19:22, 4:7].min() == 1 and over[24, 5] == 0


# Grad-CAM


def two_layers(activation="sigmoid", outputs=1):
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((6, 5, 2)), layers.Conv2D(3, 3, activation="relu", name="maps"),
                             layers.GlobalAveragePooling2D(), layers.Dense(4, activation="tanh"),
                             layers.Dense(outputs, activation=activation)])


def by_formula(model, picture, output=0):
    """The paper's formula, loop by loop: maps by hand, slopes of the logit by hand through both dense layers."""
    (kernel, bias), (W, b), (V, _) = (layer.get_weights() for layer in model.layers if layer.weights)
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    maps = np.zeros((rows, columns, 3))
    for i in range(rows):
        for j in range(columns):
            for k in range(3):
                maps[i, j, k] = max(0, np.sum(picture[i : i + 3, j : j + 3] * kernel[..., k]) + bias[k])
    hidden = np.tanh(maps.mean(axis=(0, 1)) @ W + b)
    slopes = W @ ((1 - hidden**2) * V[:, output]) / (rows * columns)
    return np.maximum(0, sum(slopes[k] * maps[..., k] for k in range(3)))


@pytest.mark.parametrize("activation", ["sigmoid", "linear", "softmax"])
def test_grad_cam_is_the_papers_formula(activation):
    model = two_layers(activation, outputs=3 if activation == "softmax" else 1)
    pictures = np.random.default_rng(0).normal(size=(40, 6, 5, 2)).astype(np.float32)
    output = 2 if activation == "softmax" else None
    heat = explain.grad_cam(model, pictures, output=output)
    wanted = np.stack([by_formula(model, picture.astype(float), output or 0) for picture in pictures])
    assert wanted.max() > 1e-3
    np.testing.assert_allclose(heat.values, wanted, rtol=1e-5, atol=1e-7)
    assert heat.rows.tolist() == [1, 2, 3, 4] and heat.columns.tolist() == [1, 2, 3]


def test_a_saturated_sigmoid_loses_nothing():
    model = two_layers()
    pictures = np.random.default_rng(0).normal(size=(3, 6, 5, 2)).astype(np.float32)
    before = explain.grad_cam(model, pictures)
    kernel, _ = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, np.array([80.0])])
    assert (np.asarray(model(pictures)) == 1).all()
    np.testing.assert_allclose(explain.grad_cam(model, pictures).values, before.values, rtol=1e-5)
    assert explain.logits(model, pictures) == pytest.approx(80, abs=3)
    assert model.layers[-1].activation is keras.activations.sigmoid and "call" not in vars(model.layers[0])


def test_nested_functional_and_frozen_networks_give_the_same_map():
    plain = two_layers()
    inner = keras.Sequential(plain.layers[:2])
    pictures = keras.Input((6, 5, 2))
    outer = keras.Model(pictures, plain.layers[3](plain.layers[2](inner(layers.Identity()(pictures)))))
    nested = keras.Sequential([keras.Input((6, 5, 2)), keras.Model(pictures, outer.output)])
    nested.trainable = False
    some = np.random.default_rng(1).normal(size=(2, 6, 5, 2)).astype(np.float32)
    for model in (outer, nested):
        np.testing.assert_allclose(explain.grad_cam(model, some).values, explain.grad_cam(plain, some).values,
                                   rtol=1e-6)


def test_mean_and_maximum_pooled():
    from course.models.variants import small

    model = small((32, 32, 3), (4, 6))
    some = np.random.default_rng(0).integers(0, 255, (2, 32, 32, 3), np.uint8)
    maps, slopes = explain.maps_and_slopes(model, some)
    weights = model.layers[-1].get_weights()[0][:, 0]
    wanted = (weights[:6] + weights[6:]) / 256
    np.testing.assert_allclose(slopes.mean(axis=(1, 2)), [wanted, wanted], rtol=1e-5)
    assert maps.min() == 0, "the maps behind the activation, not those of the bare convolution"
    signed = explain.grad_cam(model, some, relu=False).values
    np.testing.assert_allclose(explain.grad_cam(model, some).values, np.maximum(signed, 0))
    assert explain.grad_cam(model, some, layer=model.layers[2].name).values.shape == (2, 32, 32)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (5, 2), (4, 1), (2, 2)])
def test_a_cell_lies_in_the_middle_of_what_it_sees(padding, kernel, stride):
    """Where the pixels lie that move one cell: their slopes, taken by the library."""
    from course.quiet_tensorflow import tf

    model = keras.Sequential([keras.Input((25, 24, 1)), layers.ZeroPadding2D(1),
                              layers.Conv2D(1, kernel, stride, padding, kernel_initializer="ones"),
                              layers.MaxPooling2D(2), layers.Conv2D(1, 3, padding="same", kernel_initializer="ones"),
                              layers.GlobalAveragePooling2D(), layers.Dense(1)])
    some = tf.constant(np.random.default_rng(0).random((1, 25, 24, 1)).astype(np.float32))
    averaged = keras.Sequential([keras.Input((25, 24, 1))] + [
        layers.AveragePooling2D(2) if isinstance(layer, layers.MaxPooling2D) else layer for layer in model.layers[:-2]])
    with tf.GradientTape() as tape:
        tape.watch(some)
        value = averaged(some)[0, 3, 3, 0]
    seen = np.asarray(tape.gradient(value, some))[0, ..., 0] > 0
    heat = explain.grad_cam(model, np.asarray(some))
    for axis, middles in ((1, heat.rows), (0, heat.columns)):
        places = np.flatnonzero(seen.any(axis=axis))
        assert middles[3] == (places[0] + places[-1]) / 2


def test_laid_over_as_a_library_enlarges():
    from skimage.transform import resize

    values = np.random.default_rng(0).random((4, 5))
    wanted = resize(values, (32, 40), order=1, mode="edge", anti_aliasing=False)
    np.testing.assert_allclose(explain.evenly(values, (32, 40)).over((32, 40)), wanted, atol=1e-9)


def test_what_cannot_be_explained_is_said():
    dense = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1, activation="sigmoid")])
    some = np.zeros((1, 4, 4, 1))
    with pytest.raises(CourseError, match="has no convolution"):
        explain.grad_cam(dense, some)
    with pytest.raises(CourseError, match="0 layers named 'absent'"):
        explain.grad_cam(dense, some, layer="absent")
    with pytest.raises(CourseError, match="gives no maps"):
        explain.grad_cam(dense, some, layer=dense.layers[0].name)
    with pytest.raises(CourseError, match="ends in"):
        explain.grad_cam(two_layers("tanh"), np.zeros((1, 6, 5, 2)))
    for output in (None, 3, -1):
        with pytest.raises(CourseError, match="outputs"):
            explain.grad_cam(two_layers("softmax", 3), np.zeros((1, 6, 5, 2)), output=output)


# tests of maps


def test_pointing_game():
    maps, masks = np.zeros((4, 4, 5)), np.zeros((4, 4, 5), bool)
    maps[0, 1, 2] = maps[1, 3, 4] = 1
    maps[2, 0, :2] = 1
    masks[:3, 0:2, 1:3] = True
    masks[3, :, 0] = True
    game = map_tests.pointing_game(maps, masks)
    assert game.hits.tolist() == [1, 0, 0.5, 0.2] and game.chance.tolist() == [0.2, 0.2, 0.2, 0.2]
    with pytest.raises(CourseError, match="both must be"):
        map_tests.pointing_game(maps, masks[:3])


def test_rank_correlation_is_scipys():
    first, second = np.random.default_rng(0).integers(0, 9, (2, 5, 4, 6)).astype(float)
    wanted = [spearmanr(a.ravel(), b.ravel()).statistic for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(map_tests.rank_correlation(first, second), wanted)
    assert np.isnan(map_tests.rank_correlation(np.zeros((1, 3, 3)), first[:1, :3, :3])).all()


def test_random_weights_change_the_map_and_leave_the_network():
    model = two_layers()
    some = np.random.default_rng(1).normal(size=(5, 6, 5, 2)).astype(np.float32)
    before = model.get_weights()
    found = map_tests.weights_check(model, some, seed=1)
    assert found.shape == (5,) and np.abs(found).max() <= 1 and found.mean() < 0.99
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
    assert (map_tests.weights_check(model, some, seed=1) == found).all()
