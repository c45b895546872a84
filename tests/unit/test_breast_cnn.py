"""The two networks, their augmentation, and training that keeps its promises."""

from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from blobs import blobs

from course import CourseError
from course.commands.train import AUGMENTATIONS
from course.models import training
from course.models.augmentation import PRESETS, Augment, preset
from course.models.breast_cnn import MODELS, StainDensity, adapt, classic, repaired
from course.models.diagnoser import Diagnoser, load, save
from course.models.training import RECIPES, Recipe, fit, predict_scores
from course.quiet_tensorflow import keras

SIZE = (48, 48, 3)
SHORT = Recipe(model="repaired", augmentation="cells", epochs=4, batch_size=8, patience=None)


def trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize("options", [{}, {"scaling": "standardise"}, {"augmentation": "usual"}])
def test_classic_has_the_tutorials_weights(options):
    model = classic(**options)
    assert trainable(model) == 3_453_121
    expected = [("Conv2D", 896), ("MaxPooling2D", 0), ("Conv2D", 18_496), ("MaxPooling2D", 0), ("Conv2D", 73_856),
                ("MaxPooling2D", 0), ("Conv2D", 147_584), ("MaxPooling2D", 0), ("Flatten", 0),
                ("Dense", 3_211_776), ("Dense", 513)]
    found = [(type(layer).__name__, layer.count_params()) for layer in model.layers]
    assert found[-len(expected):] == expected
    assert model.output_shape == (None, 1) and model.layers[-1].activation is keras.activations.sigmoid
    assert all(layer.padding == "valid" for layer in model.layers if isinstance(layer, keras.layers.Conv2D))


def test_repaired_is_small():
    assert 90_000 < trainable(repaired()) < 105_000


def test_wrong_options_are_refused():
    with pytest.raises(CourseError, match="rescale"):
        classic(scaling="normalise")
    with pytest.raises(CourseError, match="usual, cells, ultrasound"):
        repaired(augmentation="medical")
    with pytest.raises(CourseError, match="square"):
        repaired((48, 64, 3))


def test_command_line_offers_what_exists():
    assert set(AUGMENTATIONS) == {"none", *PRESETS}
    assert set(RECIPES) == set(MODELS)


def test_seed_repeats_the_weights():
    first, second, other = (repaired(SIZE, seed=seed).trainable_weights[0].numpy() for seed in (3, 3, 4))
    assert (first == second).all() and (first != other).any()


def test_preprocessing_is_inside_and_by_channel():
    images = blobs(20).images.copy()
    images[..., 2] //= 4
    model = repaired(SIZE, scaling="standardise")
    adapt(model, images)
    scaled = np.asarray(model.get_layer("standardise")(images.astype(np.float32)))
    assert np.allclose(scaled.mean((0, 1, 2)), 0, atol=1e-4) and np.allclose(scaled.std((0, 1, 2)), 1, atol=1e-4)
    rescaled = np.asarray(classic(SIZE).get_layer("rescale")(images))
    assert rescaled.max() <= 1 and np.allclose(rescaled * 255, images, atol=1e-4)


def test_density_takes_lamp_and_stain_out():
    rng = np.random.default_rng(0)
    amount = np.zeros((1, 60, 60, 3))
    amount[:, 12:36, 18:42] = 1.0
    amount += rng.uniform(0, 0.02, amount.shape)
    slides = (lamp * 10 ** (-stain * amount) - 1 for lamp, stain in ((250, 0.3), (180, 0.8)))
    density = [np.asarray(StainDensity()(slide)) for slide in slides]
    assert np.allclose(density[0], density[1], atol=0.02)  # two slides, one amount of stain in each place
    assert -0.6 < density[0].min() < -0.3 and 1.3 < density[0].max() < 1.7


# ---- augmentation

def changed(pictures, seed=0, **changes):
    layer = Augment(seed=seed, **changes)
    return np.asarray(layer(np.asarray(pictures, np.float32), training=True))


@pytest.mark.parametrize("name", PRESETS)
def test_augmentation_works_in_training_only(name):
    images = blobs(6).images.astype(np.float32)
    layer = Augment(seed=0, **asdict(preset(name)))
    assert (np.asarray(layer(images, training=False)) == images).all()
    assert (np.asarray(layer(images)) == images).all()
    assert (np.asarray(layer(images, training=True)) != images).any(axis=(1, 2, 3)).all()


def test_cells_preset_gives_the_eight_views_and_nothing_else():
    picture = np.arange(6 * 6, dtype=np.float32).reshape(6, 6, 1)
    turned = [np.rot90(picture, k) for k in range(4)]
    views = {view.tobytes() for k in turned for view in (k, k[:, ::-1])}
    made = changed([picture] * 200, **asdict(replace(PRESETS["cells"], shift=0)))
    assert {view.tobytes() for view in made} == views


def test_shift_moves_whole_pixels():
    picture = np.zeros((100, 100, 1), np.float32)
    picture[40:60, 45:55] = 200
    moved = changed([picture] * 30, **asdict(PRESETS["cells"]))
    assert set(np.unique(moved)) == {0.0, 200.0}
    assert (moved.sum((1, 2, 3)) == picture.sum()).all()
    centres = np.array([np.argwhere(view[..., 0]).mean(0) for view in moved])
    assert 1 < np.abs(centres - 49.5).max() <= 4


def disc_areas(name):
    rows, columns = np.mgrid[:80, :80] - 39.5
    disc = (np.hypot(rows, columns) < 9).astype(np.float32)[..., None] * 100
    made = changed([disc] * 100, **asdict(replace(PRESETS[name], shift=0, gain=0, contrast=0)))
    return made.sum((1, 2, 3)) / disc.sum()


def test_only_the_usual_preset_changes_sizes():
    assert np.allclose(disc_areas("cells"), 1)
    assert np.allclose(disc_areas("ultrasound"), 1)
    usual = disc_areas("usual")
    assert usual.min() < 0.85 and usual.max() > 1.15


def test_ultrasound_is_never_turned_upside_down():
    picture = np.repeat(np.linspace(20, 200, 60, dtype=np.float32)[:, None], 60, axis=1)[..., None]
    made = changed([picture] * 200, **asdict(PRESETS["ultrasound"]))
    assert (made[:, 5:25].mean((1, 2, 3)) < made[:, 35:55].mean((1, 2, 3))).all()
    ramp = changed([picture.transpose(1, 0, 2)] * 200, **asdict(PRESETS["ultrasound"]))
    mirrored = ramp[:, :, 5:25].mean((1, 2, 3)) > ramp[:, :, 35:55].mean((1, 2, 3))
    assert 60 < mirrored.sum() < 140


def test_gain_shifts_all_grey_values_and_contrast_stretches_them_about_their_mean():
    picture = np.random.default_rng(0).uniform(90, 160, (12, 12, 1)).astype(np.float32)
    shifts = changed([picture] * 50, gain=0.05) - picture
    assert np.ptp(shifts, axis=(1, 2, 3)).max() < 1e-3  # the same number everywhere
    assert 10 < np.abs(shifts).max() <= 0.05 * 255 + 1e-3 and shifts.min() < 0 < shifts.max()
    stretched = changed([picture] * 50, contrast=0.1)
    np.testing.assert_allclose(stretched.mean(axis=(1, 2, 3)), picture.mean(), rtol=1e-5)
    ratios = stretched.std(axis=(1, 2, 3)) / picture.std()
    assert 0.9 <= ratios.min() < 0.95 and 1.05 < ratios.max() <= 1.1
    assert changed([picture + 90] * 50, gain=0.5).max() <= 255


# ---- training

def trained(tmp_path=None, recipe=SHORT, seed=5, **options):
    model = recipe.build(SIZE, seed)
    history = fit(model, blobs(24, 0), blobs(12, 1), recipe, seed, progress=False, checkpoint_dir=tmp_path, **options)
    return model, history


@pytest.fixture(scope="module")
def whole():
    return trained()


def test_history(whole):
    _, history = whole
    assert list(history["epoch"]) == [1, 2, 3, 4]
    columns = {"loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate"}
    assert columns < set(history) and history.notna().all(axis=None)


def test_training_loss_is_the_mean_over_all_pictures():
    recipe = Recipe(scaling="standardise", epochs=1, batch_size=16, learning_rate=1e-12)  # 24 pictures: 16 and 8
    model, history = trained(recipe=recipe)
    expected = model.evaluate(blobs(24, 0).images, blobs(24, 0).labels, batch_size=24, verbose=0, return_dict=True)
    assert history["loss"][0] == pytest.approx(expected["loss"], abs=1e-5)
    assert history["accuracy"][0] == pytest.approx(expected["accuracy"], abs=1e-6)


def test_validation_loss_is_keras_binary_crossentropy(whole):
    model, history = whole
    images, labels = blobs(12, 1)
    loss = keras.losses.BinaryCrossentropy()(labels[:, None].astype(np.float32), model(images, training=False))
    assert history["val_loss"].min() == pytest.approx(float(loss), abs=1e-5)  # and the best epoch's weights were kept


@pytest.mark.parametrize("stop_in", [1, 3])
def test_interrupted_run_ends_as_the_whole_one(tmp_path, monkeypatch, whole, stop_in):
    train_epoch = training._train_epoch

    def interrupted(model, train, recipe, seed, epoch):
        row = train_epoch(model, train, recipe, seed, epoch)
        if epoch == stop_in:
            raise KeyboardInterrupt
        return row

    monkeypatch.setattr(training, "_train_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path)
    monkeypatch.setattr(training, "_train_epoch", train_epoch)
    model, history = trained(tmp_path)
    assert np.allclose(history, whole[1], rtol=1e-4, atol=1e-5)  # bit by bit: test_train_interrupted.py
    for mine, theirs in zip(model.get_weights(), whole[0].get_weights(), strict=True):
        assert np.allclose(mine, theirs, rtol=1e-3, atol=1e-4)


def test_early_stopping_survives_an_interruption(tmp_path):
    recipe = replace(SHORT, patience=2, epochs=12, learning_rate=1e-12, augmentation=None)
    _, history = trained(tmp_path, recipe)
    assert len(history) < 12
    _, same = trained(tmp_path, recipe)
    assert same.equals(history)  # nothing was trained a second time


def test_other_settings_are_not_resumed(tmp_path):
    recipe = replace(SHORT, epochs=1)
    trained(tmp_path, recipe)
    with pytest.raises(CourseError, match="seed was 5, now 6"):
        trained(tmp_path, recipe, seed=6)
    with pytest.raises(CourseError, match=r"recipe epochs was 1, now 2"):
        trained(tmp_path, replace(SHORT, epochs=2))
    with pytest.raises(CourseError, match=r"data digest was '\w+', now 'abc'"):
        trained(tmp_path, recipe, settings={"digest": "abc"})
    others = blobs(24, 7)
    with pytest.raises(CourseError, match="data digest was"):  # other pictures, without a word of settings
        fit(recipe.build(SIZE, 5), others, blobs(12, 1), recipe, 5, progress=False, checkpoint_dir=tmp_path)
    _, history = trained(tmp_path, recipe, seed=6, discard_other=True)
    assert len(history) == 1


def test_damaged_checkpoint_is_named(tmp_path):
    recipe = replace(SHORT, epochs=1)
    trained(tmp_path, recipe)
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(CourseError, match=r"checkpoint\.npz is damaged"):
        trained(tmp_path, recipe)


def test_learning_rate_schedule():
    recipe = Recipe(epochs=12, learning_rate=1.0, schedule="cosine", warmup=2)
    rates = [recipe.learning_rate_at(epoch) for epoch in range(1, 13)]
    assert rates[:3] == [0.5, 1.0, 1.0] and rates[-1] == pytest.approx(0.01)
    assert all(a > b for a, b in pairwise(rates[2:]))
    assert replace(recipe, schedule="constant", warmup=0).learning_rate_at(9) == 1.0


def test_flips_average_the_mirror_images(whole):
    model, _ = whole
    images = blobs(5, 3).images
    views = [images, images[:, :, ::-1], images[:, ::-1], images[:, ::-1, ::-1]]
    scores = np.array([predict_scores(model, view) for view in views])
    assert scores.shape == (4, 5)
    assert np.allclose(predict_scores(model, images, flips="horizontal"), scores[:2].mean(0), atol=1e-6)
    assert np.allclose(predict_scores(model, images, flips="both"), scores.mean(0), atol=1e-6)
    assert np.allclose(predict_scores(model, images, batch_size=2), scores[0], atol=1e-6)


# ---- saving

def facts(**changes):
    return {"class_names": ["benign", "malignant"], "positive_class": "malignant", "size": 48, "threshold": 0.3,
            "flips": False, **changes}


@pytest.fixture
def saved(tmp_path, whole):
    save(Diagnoser(whole[0], facts()), tmp_path)
    return tmp_path


def test_saved_network_judges_alike(saved, whole):
    images = blobs(12, 1).images
    diagnoser = load(saved)
    table = diagnoser.predict(images)
    assert np.allclose(table["probability"], predict_scores(whole[0], images), atol=1e-6)
    assert list(table["decision"]) == [("benign", "malignant")[p >= 0.3] for p in table["probability"]]
    assert (saved / "model.keras").stat().st_size < 8 * trainable(diagnoser.model)  # no optimizer in it
    assert len(diagnoser.predict(images[0])) == 1


def test_float_pictures_are_refused(saved):
    with pytest.raises(CourseError, match="uint8"):
        load(saved).predict(blobs(2).images / 255)


def test_a_model_with_code_in_it_is_refused(tmp_path):
    inputs = keras.Input(SIZE)
    keras.Model(inputs, keras.layers.Lambda(lambda x: x[:, 0, 0, :1])(inputs)).save(tmp_path / "model.keras")
    good = facts()
    with pytest.raises(CourseError, match=r"model\.json is missing"):
        load(tmp_path)
    (tmp_path / "model.json").write_text(str(good).replace("'", '"').replace("False", "false"))
    with pytest.raises(CourseError, match="cannot be read as a model"):
        load(tmp_path)


@pytest.mark.parametrize("damage, words", [
    (lambda folder: (folder / "model.json").write_text("{"), "model.json is damaged"),
    (lambda folder: (folder / "model.json").write_text("[]"), "model.json"),
    (lambda folder: (folder / "model.json").write_text('{"size": 48}'), "model.json"),
    (lambda folder: (folder / "model.keras").write_bytes(b"PK"), "cannot be read as a model"),
    (lambda folder: (folder / "model.keras").unlink(), "model.keras is missing"),
])
def test_damaged_model_folder(saved, damage, words):
    damage(saved)
    with pytest.raises(CourseError, match=words):
        load(saved)
