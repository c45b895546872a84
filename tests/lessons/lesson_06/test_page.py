"""What lesson 06 says in words must be true, and its drawings must show what they compute."""

import ast

import numpy as np
import pytest
from harness import lesson_cells
from scipy import special

from course.data.cytology import draw, draw_mask
from course.nn import Conv2D, Dense, Flatten, MaxPooling2D, Sequential, conv2d, max_pool2d, relu, softmax
from course.widgets.lesson_06 import (
    ACTIVATIONS,
    bend,
    bend_picture,
    pass_picture,
    share_text,
    shares_picture,
    three_bends,
)


def from_the_page(*names):
    """Run the lesson's plain assignments of these names, and return their values."""
    space = {"np": np}
    for cell in lesson_cells("06").code:
        for node in ast.parse(cell.source).body:
            targets = {n.id for t in getattr(node, "targets", []) for n in ast.walk(t) if isinstance(n, ast.Name)}
            if isinstance(node, ast.Assign) and targets & set(names) and not targets & set(space):
                exec(ast.unparse(node), space)
    return [space[name] for name in names]


def untrained(seed):
    return Sequential([Conv2D(4, 3, activation="relu"), MaxPooling2D(2), Flatten(), Dense(2, activation="softmax")],
                      seed=seed)  # fmt: skip


@pytest.fixture(scope="module")
def nuclei():
    return np.array([draw(186)[82:130, 51:99] / 255, draw(149)[73:121, 46:94] / 255])


def test_numbers_worked_on_paper():
    patient, weights, bias, second, second_bias = from_the_page("patient", "weights", "bias", "second", "second_bias")
    np.testing.assert_array_equal(patient @ weights + bias, [1, 2.5])
    np.testing.assert_array_equal((patient @ weights + bias) @ second + second_bias, [3])
    np.testing.assert_array_equal((weights @ second).ravel(), [2, -5, 1])
    text = lesson_cells("06").text
    assert r"1.5 \cdot 2 + (-0.5) \cdot 1 + 2.0 \cdot (-1) + 0.5 = 1$$" in text
    assert r"1 \cdot 1 + 2.5 \cdot 2 - 3 = 3$" in text
    np.testing.assert_allclose(np.exp([2, 1]).round(2), [7.39, 2.72])
    assert np.exp([2, 1, 0]).sum().round(2) == 11.11
    assert f"{special.softmax([800, 790, 0])[0]:.5f}" == "0.99995" and "share is 0.99995" in text  # hint 4 of 6.2


def test_turned_weights_are_silent_only_where_they_are_square():
    patient, weights, square = from_the_page("patient", "weights", "square")
    with pytest.raises(ValueError):
        patient @ weights.T
    assert not np.allclose(patient @ square, patient @ square.T)


def test_what_two_neurons_can_say():
    x = np.linspace(-4, 4, 81)
    for steepness in (0.5, 4.0):
        for threshold in (0.0, 3.0):
            straight = bend(x, "none", steepness, threshold, -1.0)[2]
            np.testing.assert_allclose(np.diff(straight, 2), 0, atol=1e-12)  # no bend anywhere
    trough = bend(x, "ReLU", 2.0, 1.0, 1.0)[2]
    assert (trough[np.abs(x) <= 1] == 0).all() and (trough[np.abs(x) > 1.05] > 0).all() and trough[0] == trough[-1] == 6
    valley = bend(x, "sigmoid", 2.0, 1.0, 1.0)[2]
    assert valley[0] > 0.99 and valley.argmin() == 40
    turned = bend(np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]), "ReLU", 2.0, 1.0, -1.0)[2]
    np.testing.assert_array_equal(turned, [-4, -2, 0, 0, 0, 2, 4])  # a rise, a flat piece and a rise
    for far in (np.array([50.0, 100.0]), np.array([-50.0, -100.0])):  # the question: `second` is 0.5
        assert abs(np.diff(bend(far, "sigmoid", 2.0, 1.0, 0.5)[2])) < 1e-12
        assert abs(np.diff(bend(far, "ReLU", 2.0, 1.0, 0.5)[2])) > 1
        assert abs(np.diff(bend(far, "none", 2.0, 1.0, 0.5)[2])) > 1
    assert len(three_bends().axes) == len(ACTIVATIONS) == 3


def test_a_temperature_changes_how_sure_and_not_who_wins():
    scores = np.array([1.0, 2.0, -1.0])
    for temperature, shares in [(0.25, [0.018, 0.982, 0.0]), (1, [0.259, 0.705, 0.035]), (4, [0.346, 0.444, 0.210])]:
        np.testing.assert_array_equal(softmax(scores / temperature).round(3), shares)


def test_no_share_is_called_nothing_or_all_unless_it_is():
    texts = [share_text(share) for share in (0.0, 6e-6, 0.0006, 0.705, 0.9994, 0.99995, 1.0)]
    assert texts == ["0.000", "< 0.001", "0.001", "0.705", "0.999", "> 0.999", "1.000"]


def test_the_bars_are_as_long_as_their_numbers():
    calm, shifted = shares_picture(1, 2, -1, 4), shares_picture(3, 4, 1, 4)
    assert calm.dtype == np.uint8 and calm.shape[2] == 3
    assert (calm[:, :400] != shifted[:, :400]).any() and (calm[:, 440:] == shifted[:, 440:]).all()  # shares stay
    for extreme in ((-5, -5, -5, 0.1), (5, 5, 5, 10), (5, -5, 0, 0.1)):
        picture = shares_picture(*extreme)
        assert (picture[:100, 90:105] == 255).all() and (picture[:, -5:] == 255).all()  # names and margin stay clear


def test_the_panel_draws_what_it_is_asked_each_time_anew():
    first = bend_picture("ReLU", 2.0, 1.0, 1.0)
    other = bend_picture("sigmoid", 4.0, 3.0, -1.0)
    assert first.shape == (360, 640, 3) and first.dtype == np.uint8 and (first != other).any()
    np.testing.assert_array_equal(bend_picture("ReLU", 2.0, 1.0, 1.0), first)


def test_how_dark_becomes_a_rough_segmentation(nuclei):
    truth = draw_mask(186)[83:129, 52:98] > 0
    found = (1.5 - nuclei[0][1:-1, 1:-1].sum(axis=2)) > 0
    assert 2 * np.sum(found & truth) / (found.sum() + truth.sum()) > 0.9
    kernel_bias, = from_the_page("kernel_bias")
    assert kernel_bias[2] == 1.5


def test_the_seed_decides_and_the_nucleus_hardly_matters(nuclei):
    opinions = np.array([untrained(seed).predict(nuclei)[:, 1] for seed in range(20)])
    assert np.ptp(opinions[:, 0]) > 0.7 and np.abs(opinions[:, 0] - opinions[:, 1]).max() < 0.1
    np.testing.assert_allclose(opinions[[13, 9, 16], 0], [0.1, 0.5, 0.9], atol=0.05)
    sure = np.array([untrained(seed).predict(255 * nuclei)[:, 1] for seed in range(20)])
    assert np.mean(np.abs(sure - 0.5) > 0.49) > 0.8 and not np.any(np.abs(opinions - 0.5) > 0.49)


def test_white_and_noise_make_them_surer_still(nuclei):
    """The answer under the last experiment."""
    white, noise = np.ones((48, 48, 3)), np.random.default_rng(7).random((48, 48, 3))
    on_white = [untrained(seed).predict(white[None])[0, 1] for seed in (13, 16)]
    assert [f"{p:.3f}" for p in on_white] == ["0.087", "0.965"]
    assert "say 0.087 and 0.965 to white" in " ".join(lesson_cells("06").text.split())
    on_nucleus = [untrained(seed).predict(nuclei[:1])[0, 1] for seed in (13, 16)]
    assert on_white[0] < on_nucleus[0] < 0.5 < on_nucleus[1] < on_white[1]
    for picture in (white, noise):
        loud = np.array([untrained(seed).predict(255 * picture[None])[0, 1] for seed in range(20)])
        assert np.mean(np.abs(loud - 0.5) > 0.49) >= 0.9


def test_network_nine_is_silent(nuclei):
    network = untrained(9)
    np.testing.assert_array_equal(network.predict(nuclei), 0.5)
    kernel, bias, *_ = network.get_weights()
    assert conv2d(nuclei, kernel, bias).max() < 0


def test_malignant_pictures_are_a_little_darker():
    from course.data.cytology import table
    from course.evaluation.metrics import auc

    some = range(0, 569, 8)
    fields = np.array([draw(case) for case in some], dtype=np.float32) / 255
    assert len(fields) == 72
    labels = table()[1][some]
    assert 0.55 < auc(labels, -fields.mean(axis=(1, 2, 3))) < 0.8
    order = [auc(labels, untrained(seed).predict(fields)[:, 1]) for seed in range(20)]
    assert abs(np.mean(order) - 0.5) < 0.05 and max(order) > 0.65 and min(order) < 0.35
    coins = [auc(labels, np.random.default_rng(seed).random(72)) for seed in range(1000)]
    assert np.var(order) > 1.8 * np.var(coins)  # not chance alone
    some = range(4, 569, 8)
    labels, fields = table()[1][some], np.array([draw(case) for case in some], dtype=np.float32) / 255
    others = [auc(labels, untrained(seed).predict(fields)[:, 1]) for seed in range(20)]
    assert np.corrcoef(order, others)[0, 1] > 0.5  # the same networks lead on other patients


def test_first_losses_of_networks_without_a_mistake_need_not_be_near_log_2(nuclei):
    """Lesson 08 says so: it holds for its own small network, not for every one."""
    first = [-np.log(untrained(seed).predict(nuclei)[[0, 1], [1, 0]]).mean() for seed in range(20)]
    assert max(first) > np.log(2) + 0.2


def test_a_pass_drawn(nuclei):
    maps = conv2d(nuclei[:1], np.random.default_rng(0).normal(size=(3, 3, 3, 4)))
    pooled = max_pool2d(relu(maps))
    tensors = nuclei[0], maps[0], relu(maps)[0], pooled[0], np.array([0.3, -1.2]), np.array([0.82, 0.18])
    large, small = pass_picture(*tensors), pass_picture(*tensors, times=1)
    assert large.dtype == np.uint8 and large.shape[2] == 3 and large.shape[0] > small.shape[0]
    np.testing.assert_array_equal(pass_picture(255 * nuclei[0], *tensors[1:], white=255)[:, :160], large[:, :160])
    other = pass_picture(*tensors[:4], np.array([1.2, -0.3]), tensors[5])
    assert (other != large).any(axis=(0, 2)).nonzero()[0].min() > 600  # only the bars changed
    nothing = [np.zeros_like(tensor) for tensor in tensors]
    assert (pass_picture(*nothing)[60:100, 180:260] == 127).all()  # zero is mid-grey, with nothing to divide by
