"""The two networks, their augmentation, and training that keeps its promises."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from blobs import blobs, write_blobs

from course import CourseError
from course.commands.train import AUGMENTATIONS, SCALINGS
from course.data import cache
from course.data.folders import scan
from course.evaluation.metrics import halfway_below
from course.models import training
from course.models.augmentation import PRESETS, Augment, preset
from course.models.breast_cnn import MODELS, StainDensity, adapt, classic, repaired, transfer
from course.models.checkpoint import Checkpoint
from course.models.diagnoser import Diagnoser, load, save
from course.models.report_page import PLAIN_KERAS
from course.models.training import RECIPES, Recipe, _digest, fit, predict_scores
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
    for scaling in set(SCALINGS) - {"imagenet"}:
        classic(SIZE, scaling=scaling)
    transfer(SIZE, scaling="imagenet", weights=None)


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


def changed_checkpoint(path, **changes):
    """Write the checkpoint anew with other entries; None takes one out."""
    with np.load(path) as file:
        stored = {**file, **changes}
    np.savez(path, **{name: value for name, value in stored.items() if value is not None})


@pytest.fixture(scope="module")
def one_epoch(tmp_path_factory):
    """A network and the bytes of its checkpoint after one epoch."""
    folder = tmp_path_factory.mktemp("one epoch")
    model, _ = trained(folder, replace(SHORT, epochs=1))
    return model, (folder / "checkpoint.npz").read_bytes()


@pytest.fixture
def state(one_epoch, tmp_path):
    """The Checkpoint of the same run, its file on disk."""
    model, contents = one_epoch
    (tmp_path / "checkpoint.npz").write_bytes(contents)
    run = {"recipe": asdict(replace(SHORT, epochs=1)), "seed": 5, "data": {"digest": _digest(blobs(24, 0))}}
    return Checkpoint(model, run, tmp_path, "val_loss")


def test_an_untouched_checkpoint_is_taken_up(state):
    assert state.restore() == 1 and state.best_epoch == 1


@pytest.mark.parametrize("changes", [
    {"history": None}, {"history": "[]"}, {"history": "[{}]"}, {"history": '[{"epoch": 1}]'}, {"history": "{"},
    {"history": '[{"epoch": 2, "val_loss": 0.5}]'}, {"history": '[{"epoch": 1, "val_loss": "low"}]'},
    {"run": None}, {"run": "[]"}, {"run": "no JSON"}, {"seconds": None},
    {"weight0": None}, {"best0": np.zeros(3)}, {"optimizer1": None},
])
def test_checkpoint_with_other_contents(state, changes):
    """Each is told, nothing of it is taken up, and --overwrite starts again."""
    changed_checkpoint(state.path, **changes)
    before = state.model.get_weights()
    with pytest.raises(CourseError, match=r"checkpoint\.npz is damaged .* add --overwrite"):
        state.restore()
    assert state.history == [] and state.seconds < 1000
    assert all((old == new).all() for old, new in zip(before, state.model.get_weights(), strict=True))
    assert state.restore(discard_other=True) == 0 and not state.path.exists()


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_checkpoint_with_a_damaged_byte(state, place):
    """Anywhere in the file: either nobody reads this byte, or the message is a sentence."""
    contents = bytearray(state.path.read_bytes())
    contents[len(contents) * place // 100] ^= 0xFF
    state.path.write_bytes(contents)
    try:
        assert state.restore() == 1
    except CourseError as error:
        assert "checkpoint.npz is damaged" in str(error)


def test_a_run_of_other_versions_is_not_gone_on_with(state):
    with np.load(state.path) as file:
        run = str(file["run"])
    changed_checkpoint(state.path, run=run.replace(keras.__version__, "2.0.0"))
    with pytest.raises(CourseError, match=r"version keras was '2\.0\.0', now"):
        state.restore()


def test_pictures_renamed_since_say_what_to_do(state):
    state.run["data"] = {"digest": "abd", "classes": ["a", "$^$"]}
    with pytest.raises(CourseError, match="renamed, added, removed or changed a picture or a class") as caught:
        state.restore()
    assert "Put all back" in str(caught.value) and "--overwrite" in str(caught.value)


def test_the_duration_counts_what_came_before_an_interruption(state):
    changed_checkpoint(state.path, seconds=5000.0)
    assert 0 <= state.seconds < 5000
    state.restore()
    assert state.seconds >= 5000


def test_diverged_training_names_the_epoch_the_folder_and_a_cure(tmp_path):
    with pytest.raises(CourseError, match=r"diverged in epoch 1.*--scaling standardise.*learning_rate") as caught:
        trained(tmp_path, replace(SHORT, learning_rate=float("inf")))
    assert str(tmp_path) in str(caught.value) and "scores must be" not in str(caught.value)


# ---- the threshold

def test_the_picture_that_set_the_threshold_is_judged_alike_alone_and_in_company(whole):
    """Every score in turn sets the threshold, as it comes out of one large batch; alone its last digits are others."""
    model, _ = whole
    images = blobs(40, 6).images
    together = predict_scores(model, images, "both", batch_size=40)
    alone = np.array([predict_scores(model, image[None], "both")[0] for image in images])
    assert 0 < np.abs(alone - together).max() < 1e-6
    for threshold in together:
        between = halfway_below(together, threshold)
        assert ((alone >= between) == (together >= threshold)).all()


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
            "flips": False, "weights_sha256": "", **changes}


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


def rewritten(folder, **changes):
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def shortened(path):
    path.write_bytes(path.read_bytes()[:-200])


def spoilt(path):
    """Keep the archive's list whole and damage what is in it."""
    contents = bytearray(path.read_bytes())
    contents[2000:4000] = bytes(2000)
    path.write_bytes(contents)


def other_network(*last):
    inputs = keras.Input(SIZE)
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    for layer in last:
        x = layer(x)
    return keras.Model(inputs, x)


def with_nan(model):
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("network, words", [
    (lambda: other_network(keras.layers.Dense(1)), "does not end in a sigmoid"),
    (lambda: other_network(keras.layers.Dense(2, "softmax")), r"gives \(2,\) for each picture"),
    (lambda: other_network(keras.layers.Dense(2, "sigmoid")), r"gives \(2,\) for each picture"),
    (lambda: with_nan(other_network(keras.layers.Dense(1, "sigmoid"))), "no finite numbers"),
])
def test_a_network_that_gives_no_probability_is_refused(tmp_path, network, words):
    save(Diagnoser(network(), facts()), tmp_path)
    with pytest.raises(CourseError, match=words):
        load(tmp_path)


def test_plain_keras_reads_the_network_after_one_import(saved):
    """The very lines that the report gives."""
    lines = PLAIN_KERAS.replace("model(pictures)", "print(model.output_shape)")
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, cwd=saved)
    assert done.returncode == 0 and "(None, 1)" in done.stdout, done.stderr


@pytest.mark.parametrize("damage, words", [
    (lambda folder: (folder / "model.json").write_text("{"), "model.json is damaged"),
    (lambda folder: (folder / "model.json").write_text("[]"), "model.json"),
    (lambda folder: (folder / "model.json").write_text('{"size": 48}'), "model.json"),
    (lambda folder: (folder / "model.keras").write_bytes(b"PK"), "cannot be read as a model"),
    (lambda folder: shortened(folder / "model.keras"), "damaged or cut short"),
    (lambda folder: spoilt(folder / "model.keras"), "cannot be read as a model"),
    (lambda folder: rewritten(folder, class_names=["malignant", "benign"]), "contradicts itself"),
    (lambda folder: rewritten(folder, class_names=["malignant", "malignant"]), "contradicts itself"),
    (lambda folder: rewritten(folder, class_names="bm"), "its class_names are 'bm'"),
    (lambda folder: rewritten(folder, class_names=["benign", 1], positive_class=1), "its class_names are"),
    (lambda folder: rewritten(folder, positive_class=None), "contradicts itself"),
    (lambda folder: rewritten(folder, threshold="0.3"), "its threshold is '0.3'"),
    (lambda folder: rewritten(folder, threshold=True), "its threshold is True"),
    (lambda folder: rewritten(folder, threshold=float("nan")), "its threshold is nan"),
    (lambda folder: rewritten(folder, threshold=1.5), "its threshold is 1.5"),
    (lambda folder: rewritten(folder, size="48"), "its size is '48'"),
    (lambda folder: rewritten(folder, size=64), r"takes pictures \(48, 48, 3\)"),
    (lambda folder: rewritten(folder, flips="up"), "its flips are 'up'"),
    (lambda folder: rewritten(folder, trained_on={"longest_side": "x"}), "trained_on is"),
    (lambda folder: rewritten(folder, weights_sha256=None), "weights_sha256"),
    (lambda folder: rewritten(folder, weights_sha256="of another run"), "from different training runs"),
    (lambda folder: (folder / "model.keras").unlink(), "model.keras is missing"),
])
def test_damaged_model_folder(saved, damage, words):
    damage(saved)
    with pytest.raises(CourseError, match=words):
        load(saved)


@pytest.mark.parametrize("kind", ["disk", "files"])
def test_pictures_on_disk_train_to_the_very_same_network(tmp_path, kind):
    folder = scan(write_blobs(tmp_path / "cells", size=SIZE[0]))
    there = cache.plan(1, folder.digest, SIZE[0], tmp_path / "cache", always=True)._replace(kind=kind)
    recipe, found = replace(SHORT, epochs=2, scaling="standardise"), []
    for plan in (None, there):
        splits = folder.load(SIZE[0], plan)
        model = recipe.build(SIZE, 3)
        history = fit(model, splits["train"], splits["validation"], recipe, 3, progress=False)
        found.append((history, model.get_weights()))
    (usual, weights), (other, others) = found
    assert usual.equals(other) and all((a == b).all() for a, b in zip(weights, others, strict=True))
