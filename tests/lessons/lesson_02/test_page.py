"""What lesson 02 says in words must be true, and its panel must show what it computes."""

import numpy as np
import pytest
from harness import lesson_cells
from scipy import ndimage
from skimage.util import random_noise

from course.data.cytology import draw, split_of_patients, table
from course.imaging.preprocessing import Standardizer, add_noise, resize
from course.models.augmentation import PRESETS
from course.widgets.lesson_02 import PICTURES, enlarged, explored, measured, mistakable, moved, outlined, same_nuclei
from course.widgets.lesson_02_phantom import lesion_mask, phantom, phantom_words, shape_and_shadow

TEN = range(0, 560, 56)


def changes_of(**change):
    """Return the relative changes of radius and compactness of ten of the patients, (10, 2)."""
    pairs = [same_nuclei(draw(patient), **change)[:2] for patient in TEN]
    return np.array([[after[name] / before[name] - 1 for name in ("radius", "compactness")] for before, after in pairs])


def test_numbers_worked_on_paper():
    text = " ".join(lesson_cells("02").text.split())
    assert "$16 / 4 = 4$" in text and r"\sqrt 2 \approx 1.41" in text and r"\sqrt{200} \approx 14.1" in text
    assert np.std([2, 4, 4, 6]) == pytest.approx(2**0.5) and np.std([1, 3, 3, 9]) == 3
    assert 150 * np.tan(np.deg2rad(0.2)) == pytest.approx(0.5, abs=0.05)
    assert 55 < 0.2 / np.tan(np.deg2rad(0.2)) < 60  # "nearly sixty times"


def test_a_constant_channel_has_no_deviation_of_exactly_0():
    deviations = [np.full((10, 50, 50, 1), grey / 255).std(axis=(0, 1, 2)).item() for grey in range(256)]
    assert sum(deviation > 0 for deviation in deviations) > 100 and max(deviations) < 1e-12


def test_the_price_of_each_change():
    for kept in ({"rotation": 90}, {"flip_x": True}, {"flip_y": True}, {"shift": 0.04}, {"shift": 0.2}):
        assert np.abs(changes_of(**kept)).max() < 0.01
    assert abs(np.median(changes_of(zoom_x=1.2, zoom_y=1.2)[:, 0]) - 0.2) < 0.02
    assert abs(np.median(changes_of(zoom_x=0.8, zoom_y=0.8)[:, 0]) + 0.2) < 0.02
    sheared, unequal = changes_of(shear=0.2)[:, 1], changes_of(zoom_x=1.2, zoom_y=0.8)[:, 1]
    assert np.median(unequal) > 2 * np.median(sheared) > 0.2
    assert sheared.min() > 0  # "shear makes every nucleus less round": in each patient's mean


def test_moved_is_a_zoom_a_shift_and_a_turn():
    picture = np.zeros((61, 61))
    picture[28:33, 26:35] = 1
    wide = moved(picture, zoom_x=2.0)
    assert wide.sum() == pytest.approx(2 * picture.sum(), rel=0.02)
    np.testing.assert_allclose(moved(picture, rotation=90), np.rot90(picture), atol=1e-9)
    np.testing.assert_allclose(moved(picture, shift=5 / 61), np.roll(picture, 5, axis=1), atol=1e-9)
    np.testing.assert_array_equal(moved(draw(3), flip_y=True), draw(3)[::-1])
    slanted = moved(picture, shear=0.2)
    middle = [ndimage.center_of_mass(row)[0] for row in slanted if row.sum() > 0.5]
    assert np.diff(middle) == pytest.approx(-0.2, abs=0.02)


def test_zoomed_patients_are_mistaken():
    assert mistakable()[0] < mistakable(1.2)[0] and mistakable(1.2)[0] > 357 / 2  # "most benign patients"
    benign = np.array([row["mean radius"] for row, label in zip(*table(), strict=True) if label == 0])
    other = np.array([row["mean radius"] for row, label in zip(*table(), strict=True) if label == 1])
    low, high = np.percentile(other, [5, 95])
    assert mistakable()[0] == np.sum((benign >= low) & (benign <= high))


def test_a_random_zoom_moves_the_border_up_and_leaves_the_order():
    rows, labels = table()
    radii, split = np.array([row["mean radius"] for row in rows]), split_of_patients()
    train, new = split == "train", split == "validation"

    def judged(seen):
        border = max(np.arange(8, 25, 0.1), key=lambda cut: np.mean((seen > cut) == labels[train]))
        found = radii[new] > border
        return border, np.mean((seen > border) == labels[train]), *(np.mean(found[labels[new] == k]) for k in (0, 1))

    plain = judged(radii[train] * np.ones((20, 1)))
    for seed in range(5):
        zoomed = judged(radii[train] * np.random.default_rng(seed).uniform(0.8, 1.2, (20, train.sum())))
        assert 0.3 < zoomed[0] - plain[0] < 1.3  # the border moves up
        assert 0.02 < plain[1] - zoomed[1] < 0.07  # size tells less in training
        assert zoomed[3] < plain[3] and zoomed[2] <= plain[2]  # fewer malignant, fewer benign above it
    factors = [same_nuclei(draw(PICTURES["benign cells"]), zoom_x=z, zoom_y=z) for z in (1, 1.1, 1.3)]
    counts = [mistakable(after["radius"] / before["radius"])[0] for before, after, *_ in factors]
    assert f"Try 1: about {counts[0]}, {counts[1]}, {counts[2]}." in lesson_cells("02").text


def test_what_is_left_of_waves_that_cannot_be_shown():
    def left(periods):
        wave = np.tile(np.cos(2 * np.pi * periods * np.arange(400) / 4), (400, 1))
        return resize(wave, 100).std() / wave.std()

    assert left(0.6) == pytest.approx(1 / 3, abs=0.02)
    assert left(0.25) > 0.75 and 0.2 > left(0.8) > 0.1 and left(1.0) < 0.05


def test_what_keras_zooms_and_shears():
    from course.quiet_tensorflow import keras, tf

    row, column = np.mgrid[:150, :150] - 74.5
    disc = (np.hypot(row, column) < 30)[..., None].astype("float32")
    legacy = tf.keras.preprocessing.image.ImageDataGenerator(zoom_range=0.2)
    for window, sign in ((0.8, -0.2), (1.2, 0.2)):
        layer = keras.layers.RandomZoom((sign, sign), seed=0)
        for zoomed in (legacy.apply_transform(disc, {"zx": window, "zy": window}), layer(disc, training=True)):
            assert np.sqrt(np.sum(zoomed) / disc.sum()) == pytest.approx(1 / window, abs=0.01)  # 1.25 and 0.83
    assert 150 * np.tan(0.2) == pytest.approx(30, abs=0.5)  # while the unit was radians
    picture = draw(0)[None].astype("float32")
    for name in ("RandomZoom", "RandomShear", "RandomRotation"):
        layer = getattr(keras.layers, name)(0.2, seed=0)
        assert not np.array_equal(layer(picture), picture)  # without a word about training
        assert np.array_equal(layer(picture, training=False), picture)


def test_what_fill_leaves_behind():
    found = {fill: [measured(moved(draw(k), rotation=40, fill=fill)) for k in TEN]
             for fill in ("reflect", "nearest", "constant")}
    counts = {fill: np.median([one["count"] for one in each]) for fill, each in found.items()}
    assert counts["reflect"] > 16 and counts["nearest"] < 15 and counts["constant"] == 4
    from course.imaging.segmentation import segment_nuclei

    shown = outlined(draw(252))
    assert shown.shape == (300, 300, 3) and 0.01 < np.mean((shown == (255, 212, 0)).all(axis=2)) < 0.2
    labels = segment_nuclei(moved(draw(252), rotation=40, fill="constant"))
    assert all(labels[i, j] > 0 for i in (5, -6) for j in (5, -6)) and labels.max() == 4  # the four corners


def test_alias_of_the_rings():
    side = np.linspace(0, 1, 300)
    rings = 0.5 + 0.5 * np.cos(150 * np.pi * (side**2 + side[:, None] ** 2))
    middle = np.s_[28:47, 28:47]
    assert rings[::4, ::4][middle].std() > 0.3 and resize(rings, 75)[middle].std() < 0.01
    assert enlarged([rings], ["rings"]).get_size_inches() == pytest.approx([6.16, 3.36])


def test_noise_that_is_left():
    noise = np.random.default_rng(1).normal(size=(600, 600))
    halved = noise.reshape(300, 2, 300, 2).mean(axis=(1, 3))
    assert halved.var() == pytest.approx(0.25, abs=0.005)
    assert 0.25 > resize(noise, 300).var() > 0.15
    assert resize(noise, 150).var() < 0.04
    assert 0.38 < np.sqrt(resize(noise, 300).var()) < 0.42  # "three fifths of it are gone"


def test_random_noise_makes_a_white_sheet():
    x = draw(0).astype(float)
    assert np.all(random_noise(x, var=0.01, rng=np.random.default_rng(0)) == 1)
    assert 0 < np.mean(random_noise(x / 255, var=0.01, rng=np.random.default_rng(0)) == 1) < 0.1
    assert add_noise(x, 25, np.random.default_rng(0)).max() > 255


def test_strong_and_weak_stain_are_the_same_picture_by_themselves():
    strong = draw(253).astype(float)
    washed_out, weak, other = 178.5 + 0.3 * strong, 255 * (strong / 255) ** 0.3, draw(49)

    def away(x, y):
        return np.sqrt(np.mean((x - y) ** 2))

    own = [(x - x.mean()) / x.std() for x in (strong, washed_out, weak, other)]
    np.testing.assert_allclose(own[0], own[1], atol=1e-9)  # a straight change is taken away altogether
    assert 0.05 < away(own[0], own[2]) < 0.2 < 1 < away(own[0], own[3])  # the power nearly
    scaler = Standardizer().fit(np.stack([draw(k) for k in range(30)]))
    assert np.diff([scaler.transform(x).mean() for x in (strong, weak)]) > 0.5


def test_the_phantom_s_shadow_and_shape():
    ratio, above, below = shape_and_shadow(phantom(), lesion_mask())
    assert ratio < 0.75 and below < above / 2
    assert phantom()[:6].mean() > phantom()[10:30].mean() > phantom()[120:, :40].mean()  # skin; sound fades
    flipped = shape_and_shadow(moved(phantom(), flip_y=True), moved(lesion_mask().astype(np.uint8), flip_y=True) > 0)
    assert flipped[1] < flipped[2] / 2
    assert "about as tall as wide" in phantom_words(moved, {"zoom_x": 0.8, "zoom_y": 1.2})[0]
    assert "taller than wide" in phantom_words(moved, {"zoom_x": 0.7, "zoom_y": 1.3})[0]
    for one in ({"zoom_x": 0.7}, {"zoom_y": 1.3}, {"rotation": 40}, {"rotation": -40}, {"shear": 0.4}, {"shear": -0.4}):
        assert "taller than wide" not in phantom_words(moved, one)[0]  # it takes two sliders
    assert phantom_words(moved, {"flip_y": True})[3].endswith("lies above the lesion.")
    assert phantom_words(moved, {"flip_x": True})[3].endswith("lies below the lesion.")


@pytest.mark.parametrize(("rotation", "shear"), [(40, 0), (-20, 0), (0, 0.4), (20, 0.4), (20, -0.4)])
def test_a_turned_shadow_is_not_straight_below(rotation, shear):
    upright = np.zeros((150, 150))
    upright[:, 75] = 1
    slanted = moved(upright, rotation=rotation, shear=shear, fill="constant")[50:100]
    place = [ndimage.center_of_mass(row)[0] for row in slanted]
    slant = round(abs(np.rad2deg(np.arctan((place[-1] - place[0]) / 49))))
    words = phantom_words(moved, {"rotation": rotation, "shear": shear})[3]
    assert (f"not straight below: it slants by {slant} degrees" in words) if slant >= 5 else "straight" not in words


def test_the_presets_are_what_the_page_says():
    assert PRESETS["usual"].zoom == 0.2 and PRESETS["cells"].zoom == PRESETS["cells"].shear == 0
    assert not PRESETS["ultrasound"].vertical_flip and PRESETS["ultrasound"].rotation == 0


def test_the_panel_s_picture():
    shapes = {explored(name, zoom_x=1.2, zoom_y=0.8).shape for name in PICTURES}
    assert len(shapes) == 1
    still = explored("benign cells")[24:324]
    assert np.mean(still[:, :300] == still[:, 316:616]) > 0.99  # no change: before and after are the same
    before, after, _, labels = same_nuclei(draw(PICTURES["benign cells"]))
    assert before == after and len(np.unique(labels)) - 1 == before["count"]
    nothing = same_nuclei(draw(0), zoom_x=30, zoom_y=30)[1]
    assert nothing["count"] == 0 and "whole" in "".join(map(str, lesson_cells("02").text.splitlines()))
    assert explored("malignant cells", zoom_x=30, zoom_y=30).dtype == np.uint8


def test_figures_say_what_is_drawn():
    malignant = draw(PICTURES["malignant cells"])
    before, after, *_ = same_nuclei(malignant, zoom_x=1.2, zoom_y=0.8)
    assert abs(after["radius"] / before["radius"] - 1) < 0.02
    assert after["compactness"] / before["compactness"] - 1 == pytest.approx(0.7, abs=0.01)
    labels = table()[1]
    assert labels[PICTURES["benign cells"]] == 0 and labels[PICTURES["malignant cells"]] == 1
