"""What lesson 07 says in words must be true, and its drawing of a neuron must compute what it shows."""

from itertools import pairwise

import numpy as np
import pytest
from harness import lesson_cells

from course import CourseError
from course.nn import conv2d, conv2d_gradients, sigmoid, softmax
from course.widgets.lesson_07 import STEPS, Neuron, _boxes, neuron_picture

TEXT = " ".join(lesson_cells("07").text.split())
OURS = Neuron((2.0, -1.0), (1.0, 1.0), -1.0, 1)


def moved(neuron, place, h):
    weights = [*neuron.w, neuron.b]
    weights[place] += h
    return Neuron(neuron.x, tuple(weights[:2]), weights[2], neuron.y).loss


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("w1", [-3.0, -0.5, 1.0, 3.0])
@pytest.mark.parametrize("x1", [-3.0, 0.0, 2.0])
def test_the_neurons_slopes_are_the_measured_ones(x1, w1, y):
    neuron = Neuron((x1, -1.0), (w1, 1.0), -1.0, y)
    measured = [(moved(neuron, place, 1e-6) - moved(neuron, place, -1e-6)) / 2e-6 for place in range(3)]
    np.testing.assert_allclose(neuron.by_weights, measured, rtol=1e-6, atol=1e-8)
    assert neuron.by_z == pytest.approx(neuron.p - y, rel=1e-9)
    assert neuron.p == pytest.approx(sigmoid(np.float64(neuron.z)))


def test_numbers_worked_on_paper():
    assert (OURS.z, OURS.p, OURS.by_p, OURS.by_z) == (0, 0.5, -2, -0.5) and OURS.by_weights == (-1, 0.5, -0.5)
    assert f"{OURS.loss:.3f}" == "0.693" and f"{OURS.after_step().loss:.3f}" == "0.201"
    assert "From 0.693 to 0.201 in one step" in TEXT and r"$(-2) \cdot 0.25 \cdot 2 = -1$" in TEXT
    assert [f"{-np.log(p):.2f}" for p in (0.9, 0.5)] == ["0.11", "0.69"] and f"{-np.log(0.01):.1f}" == "4.6"
    assert "costs 0.11, $p = 0.5$ costs 0.69, and $p = 0.01$ costs 4.6" in TEXT
    row, grad = np.array([0.0, 1, 8, 9, 8]), np.array([1.0, 0, 2])
    d_row, d_kernel, _ = conv2d_gradients(
        grad.reshape(1, 1, 3, 1), row.reshape(1, 1, 5, 1), np.array([-1.0, 0, 1]).reshape(1, 3, 1, 1)
    )
    assert d_kernel.ravel().tolist() == [16, 19, 24] and "is 16, 19, 24" in TEXT
    assert d_row.ravel().tolist() == [-1, 0, -1, 0, 2]
    assert r"2 \cdot 8 = 16$$" in TEXT and r"2 \cdot 9 = 19$" in TEXT


def test_the_answer_to_the_experiment():
    """w1 = x1 = 3, benign: certain and wrong, nearly flat, and still a slope of nearly 1."""
    wrong = Neuron((3.0, -1.0), (3.0, 1.0), -1.0, 0)
    assert 1000 < wrong.by_p < 1200 and wrong.p * (1 - wrong.p) < 0.0015 and 0.99 < wrong.by_z < 1
    benign = Neuron(OURS.x, OURS.w, OURS.b, 0)
    assert np.sign([benign.by_p, benign.by_z, *benign.by_weights]).tolist() == [1, 1, 1, -1, 1]
    assert np.sign([OURS.by_p, OURS.by_z, *OURS.by_weights]).tolist() == [-1, -1, -1, 1, -1]
    assert Neuron((0.0, -1.0), (1.0, 1.0), -1.0, 1).by_weights[0] == 0


def test_a_step_against_the_slope_helps():
    for x1 in (-3.0, 1.0, 3.0):
        for y in (0, 1):
            neuron = Neuron((x1, -1.0), (0.5, 1.0), -1.0, y)
            assert neuron.after_step(0.05).loss < neuron.loss


def test_the_picture_shows_each_step_and_never_jumps():
    pictures = [neuron_picture(step) for step in range(1, STEPS + 1)]
    assert {picture.shape for picture in pictures} == {(268, 720, 3)}
    assert len({picture.tobytes() for picture in pictures}) == STEPS
    assert all(picture.dtype == np.uint8 for picture in pictures)
    assert (neuron_picture(4) != neuron_picture(4, truth="benign")).any()
    _, _, _, slope, *_ = next(_boxes(Neuron((0.0, -1.0), (1.0, 1.0), -1.0, 1)))
    assert slope == "slope by w1: 0.000"  # not "-0.000"
    for extreme in ((8, -3.0, -3.0), (8, -3.0, 3.0, "benign"), (6, 3.0, -3.0)):
        picture = neuron_picture(*extreme)
        assert (picture[210:, -12:] == 255).all()  # no line of words runs out of the picture


def test_equals_share_what_arrives():
    """(2, 0), (0, 2) and (1, 1) foretell the rise of two equal pixels; (2, 2) foretells twice as much."""
    rise = 2 * (np.max([7.1, 7.1]) - 7)
    foretold = [np.dot(shares, [0.1, 0.1]) for shares in ((2, 0), (0, 2), (1, 1), (2, 2))]
    np.testing.assert_allclose(foretold, [rise, rise, rise, 2 * rise])


def test_shares_minus_truth_holds_for_softmax_too():
    scores, truth = np.array([0.3, -1.2, 2.0]), np.array([0, 1, 0])

    def loss(z):
        return -np.log(softmax(z)[truth == 1][0])

    measured = [(loss(scores + step) - loss(scores - step)) / 2e-6 for step in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(softmax(scores) - truth, measured, atol=1e-8)


def test_tensorflow_takes_a_kernel_for_half_the_channels_without_complaint():
    """Quiz 4: a grouped convolution, with as many channels as the kernel has filters."""
    from course.quiet_tensorflow import tf

    maps, kernel = np.ones((1, 8, 8, 32), np.float32), np.ones((3, 3, 16, 32), np.float32)
    assert tf.nn.conv2d(maps, kernel, 1, "VALID").shape == (1, 6, 6, 32)
    with pytest.raises(CourseError, match="the two must be equal"):
        conv2d(maps, kernel)
    assert conv2d(maps, kernel.swapaxes(2, 3)).shape == (1, 6, 6, 16)


def test_hours_for_one_measured_gradient():
    """Weights and biases of the four-block network: four convolutions of 3 x 3, then 6272 -> 512 -> 1."""
    channels = [3, 32, 64, 128, 128]
    convolutions = sum(9 * a * b + b for a, b in pairwise(channels))
    assert convolutions + (7 * 7 * 128 + 1) * 512 + 513 == 3_453_121 and "3,453,121 weights" in TEXT


def test_the_step_of_a_measured_slope():
    """For the neuron of the page 1e-5 is a few times better than 1e-6, and that is far better than float32 ever is."""
    w1, errors = np.linspace(0.5, 1.5, 20), {}
    for kind in (np.float64, np.float32):
        for k in range(1, 13):
            at, h = w1.astype(kind), kind(10.0**-k)
            rise = np.log(1 + np.exp(-(2 * (at + h) - 2))) - np.log(1 + np.exp(-(2 * (at - h) - 2)))
            errors[kind, k] = np.abs(rise / (2 * h) - 2 * (sigmoid(2 * w1 - 2) - 1)).mean()
    double = [errors[np.float64, k] for k in range(1, 13)]
    assert 2 < double[5] / double[4] < 20 and "$10^{-5}$ is the better of the two" in TEXT
    assert double[5] < 5e-10 and double[0] / double[1] == pytest.approx(100, rel=0.1)
    assert min(errors[np.float32, k] for k in range(1, 13)) > 1e-6


def test_the_first_step_is_the_rate_times_the_gradient():
    after = OURS.after_step()
    step = np.array([*after.w, after.b]) - np.array([*OURS.w, OURS.b])
    np.testing.assert_allclose(step, -0.5 * np.array(OURS.by_weights))
    assert np.linalg.norm(step) == pytest.approx(0.612, abs=0.001) and "length of the step, here 0.5" not in TEXT
