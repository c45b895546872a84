"""What lesson 05 says in words must be true, and its panel must show what it computes."""

import numpy as np
import pytest
from harness import lesson_cells
from scipy.ndimage import label

from course.checks.lesson_05.field import CLASSIC, traced
from course.data.cytology import draw, draw_mask, pixel_size, table
from course.nn import avg_pool2d, conv2d, max_pool2d, relu
from course.widgets import lesson_05
from course.widgets.lesson_05 import KINDS, cut_out, explored, joined, made_of, shuffled

EDGE = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
CORNER = (81, 50)


def edge_map(patient):
    return relu(conv2d((255 - draw(patient).mean(axis=2)) / 255, EDGE))


@pytest.fixture(scope="module")
def answers():
    return edge_map(186)


@pytest.fixture(scope="module")
def four_blocks():
    kernels = np.random.default_rng(14).normal(size=(4, 3, 3))

    def network(picture):
        for kernel in kernels:
            picture = max_pool2d(relu(conv2d(picture, kernel)), 2)
        return picture

    return network


def correlation(a, b):
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def agreement(answers, kind, window, stride, shift):
    before, after = (KINDS[kind](cut_out(answers, CORNER, by), window, stride) for by in (0, shift))
    return correlation(before, after)


def test_numbers_worked_on_paper():
    text = lesson_cells("05").text
    for worked in (r"\max(7, 6) = 7$$", r"1 + 2 \cdot 1 = 3", r"3 + 1 \cdot 1 = 4", r"4 + 2 \cdot 2 = 8",
                   r"8 + 1 \cdot 2 = 10", r"10 + 2 \cdot 4 = 18$ | 4", r"18 + 1 \cdot 4 = 22$ | 8",
                   r"22 + 2 \cdot 8 = 38$ | 8", r"38 + 1 \cdot 8 = 46$ | 16"):  # fmt: skip
        assert worked in text
    assert [traced(CLASSIC[:n]) for n in range(1, 5)] == [(3, 1), (4, 2), (8, 2), (10, 4)]
    assert [traced(CLASSIC[:n]) for n in range(5, 9)] == [(18, 4), (22, 8), (38, 8), (46, 16)]
    assert traced([(3, 1), *CLASSIC])[0] == 48 and traced([*CLASSIC, (3, 1)])[0] == 78  # the quiz


def test_the_hint_s_numbers():
    page = np.array([[1, 3, 2, 0, 4, 1], [5, 2, 1, 1, 0, 2], [0, 1, 7, 6, 3, 3], [2, 2, 8, 1, 9, 0]])
    np.testing.assert_array_equal(max_pool2d(-2 - page, 4, 2), [[-2, -2]])


def test_the_large_window_makes_maps_agree_and_the_large_stride_does_not(answers):
    for kind in ("maximum", "average"):
        grows = [agreement(answers, kind, window, 1, 2) for window in range(1, 9)]
        assert all(np.diff(grows) > -0.005) and grows[-1] > 0.85 > 0.4 > grows[0]
    thinned = [agreement(answers, "thinned", 2, stride, 2) for stride in range(1, 9)]
    assert max(thinned) < min(agreement(answers, "maximum", window, 1, 2) for window in range(3, 9))
    assert 0 < sum(np.diff(thinned) > 0) < 7  # it jumps about


def test_a_shift_by_the_stride_moves_the_pooled_map_by_one_place(answers):
    for kind in KINDS:
        before, after = (KINDS[kind](cut_out(answers, CORNER, shift), 4, 4) for shift in (0, 4))
        np.testing.assert_allclose(after[:, 1:], before[:, :-1])
    assert agreement(answers, "maximum", 4, 4, 4) < 0.6 < agreement(answers, "maximum", 4, 4, 2)  # only staying counts
    assert agreement(answers, "maximum", 2, 2, 1) > agreement(answers, "maximum", 2, 2, 2)
    assert agreement(answers, "maximum", 8, 8, 2) > 0.9


def test_the_price_list():
    maps = [edge_map(patient) for patient in range(0, 40, 5)]
    agree, kept = {}, {}
    for kind, pool in KINDS.items():
        for k in (1, 2, 4, 8, 16):
            cuts = [(x[20:116, 20:116], x[20:116, 22:118]) for x in maps]
            agree[kind, k] = np.mean([correlation(pool(a, k, k), pool(b, k, k)) for a, b in cuts])
            kept[kind, k] = np.mean([correlation(np.kron(pool(a, k, k), np.ones((k, k))), a) for a, _ in cuts])
            assert lesson_05.agreement(maps, kind, k) == pytest.approx(agree[kind, k])
            assert lesson_05.kept(maps, kind, k) == pytest.approx(kept[kind, k])
    for kind in ("maximum", "average"):
        assert agree[kind, 1] < 0.35 and agree[kind, 4] < 0.8 < agree[kind, 8] and agree[kind, 16] > 0.87
        assert kept[kind, 8] < 0.56 and 0.28 < kept[kind, 16] < 0.38 and kept[kind, 2] > 0.85
    assert all(0.28 < agree["thinned", k] < 0.38 for k in (1, 2, 4, 8)) and 0.45 < agree["thinned", 16] < 0.55
    assert 0.15 < kept["thinned", 16] < 0.25
    assert all(kept["thinned", k] < kept["maximum", k] < kept["average", k] for k in (2, 4, 8, 16))


def test_two_of_fifteen_nuclei_touch_before_any_pooling():
    drawn = draw_mask(149)[:144, :144]
    assert len(np.unique(drawn)) - 1 == 15 and label(drawn > 0)[1] == 14


def test_shuffling_stays_inside_the_windows(answers):
    part = answers[76:132, 44:100]
    mixed = shuffled(part, 8, seed=8)
    assert not np.array_equal(part, mixed)
    for i, j in np.ndindex(7, 7):
        window = np.s_[8 * i:8 * i + 8, 8 * j:8 * j + 8]
        np.testing.assert_array_equal(np.sort(part[window], axis=None), np.sort(mixed[window], axis=None))


def test_the_joined_dots_are_the_receptive_field():
    rows = [("pooled", 4, 2), ("convolved", 3, 1)]
    for level, layers in enumerate(([], CLASSIC[:2], CLASSIC[:3])):
        assert made_of(rows)[level][-1] == set(range(traced(layers)[0]))
    words = [text.get_text() for text in joined(rows).axes[0].texts]
    assert words == ["pixels", "pooled", "side 4, step 2", "convolved", "side 8, step 2"]
    assert traced(CLASSIC[:2]) == (4, 2) and traced(CLASSIC[:3]) == (8, 2)


def test_the_maximum_lets_nuclei_melt_and_the_average_keeps_their_area():
    for patient in (149, 30):
        nucleus = draw_mask(patient)[:144, :144] > 0
        by_maximum = [max_pool2d(nucleus, k) for k in (1, 2, 4, 8, 16)]
        regions = [label(pooled)[1] for pooled in by_maximum]
        assert regions[0] >= 14 and regions == sorted(regions, reverse=True) and regions[-1] <= 2
        areas = [pooled.mean() for pooled in by_maximum]
        assert areas == sorted(areas) and areas[-1] > 3 * areas[0]
        mean = avg_pool2d(nucleus, 8)
        np.testing.assert_allclose(mean.mean(), nucleus.mean(), rtol=1e-6)
        assert np.mean(mean[mean > 0] < 1) > 0.8
    assert table()[1][149] == 0 and table()[1][30] == 1


def test_pooling_shrinks_the_contrast_of_sizes_between_the_classes():
    some = range(0, 569, 8)
    malignant = table()[1][some] == 1
    nuclei = [draw_mask(patient)[:144, :144] > 0 for patient in some]
    before = np.array([nucleus.mean() for nucleus in nuclei])
    after = np.array([max_pool2d(nucleus, 8).mean() for nucleus in nuclei])
    growth = after / before
    assert growth[~malignant].mean() > 2.7 > 2.4 > growth[malignant].mean()  # small nuclei gain more: not all alike
    assert np.corrcoef(growth, before)[0, 1] < -0.7
    contrast = [share[malignant].mean() / share[~malignant].mean() for share in (before, after)]
    assert contrast[0] > 2 > 1.8 > contrast[1] > 1.3  # smaller, not reversed


def test_most_drawn_nuclei_are_10_to_20_pixels_across():
    across = 2 * np.array([row["mean radius"] for row in table()[0]]) / pixel_size()
    assert np.mean((across > 9.5) & (across < 20.5)) > 0.85


def test_a_strip_of_eight_pixels_is_never_seen_and_only_there(four_blocks):
    picture = np.random.default_rng(2).random((150, 150))
    for pixel, reached in [((0, 0), 1), ((0, 141), 1), ((0, 142), 0), ((142, 0), 0), ((149, 149), 0), ((75, 75), 9)]:
        dyed = picture.copy()
        dyed[pixel] = np.nan
        assert np.isnan(four_blocks(dyed)).sum() == reached, pixel
    assert four_blocks(np.ones((142, 142))).shape == (7, 7) and 16 * 6 + 46 == 142
    assert four_blocks(np.ones((158, 158))).shape == (8, 8) and 16 * 7 + 46 == 158


def test_one_nucleus_in_eleven_reaches_into_the_strip():
    in_strip = []
    for patient in range(0, 569, 6):
        drawn = draw_mask(patient)
        seen = set(np.unique(drawn[:142, :142])) - {0}
        touching = set(np.unique(np.concatenate([drawn[142:].ravel(), drawn[:, 142:].ravel()]))) - {0}
        in_strip += [(number in touching, number in seen) for number in sorted(seen | touching)]
    reaches, still_seen = np.array(in_strip).T
    assert 1 / 12 < reaches.mean() < 1 / 10
    assert np.sum(~still_seen) < 0.01 * len(in_strip)  # nearly always an outer part


def test_padding_same_sees_every_pixel(four_blocks):
    kernels = np.random.default_rng(14).normal(size=(4, 3, 3))
    picture = np.ones((150, 150))
    picture[149, 149] = np.nan
    for kernel in kernels:
        picture = max_pool2d(relu(conv2d(picture, kernel, padding="same")), 2, padding="same")
    assert np.isnan(picture).any()


def test_gradients_reach_as_many_pixels_as_there_are_ways_for():
    """An independent count: with kernels of ones and sums instead of averages, the gradient counts the ways."""
    from course.quiet_tensorflow import keras, tf

    picture = tf.Variable(tf.zeros((1, 150, 150, 1)))
    with tf.GradientTape() as tape:
        x = picture
        for _ in range(4):
            x = 4 * keras.ops.average_pool(keras.ops.conv(x, np.ones((3, 3, 1, 1), "float32")), 2)
        number = x[0, 0, 0, 0]
    ways = tape.gradient(number, picture).numpy()[0, ..., 0]
    seen = np.argwhere(ways > 0)
    assert seen.min() == 0 and seen.max() == 45
    assert ways[0, 0] == 1 and ways[23, 23] == 2916 == ways.max()
    assert ways[12:34, 12:34].sum() > 0.55 * ways.sum()


def test_the_panel_s_picture(answers):
    shown = explored(answers, CORNER, "maximum", 2, 2, 2)
    assert shown.dtype == np.uint8 and shown.shape == explored(answers, CORNER, "average", 8, 1, 8).shape
    still = explored(answers, CORNER, "maximum", 4, 4, 0)[24:264]
    np.testing.assert_array_equal(still[:, 256:496], still[:, 512:752])  # no shift: before and after are the same
    pixels = shown[24:264, 256:496, 0]
    expected = max_pool2d(cut_out(answers, CORNER, 0), 2)
    assert correlation(pixels[5::10, 5::10].astype(float), expected) > 0.999
