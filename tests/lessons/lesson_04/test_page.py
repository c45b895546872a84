"""What lesson 04 says in words must be true, and its drawings and its race must show what they compute."""

import numpy as np
import pytest
from harness import lesson_cells
from scipy.ndimage import binary_dilation
from scipy.signal import correlate2d

from course.data.cytology import draw, draw_mask
from course.nn import conv2d
from course.widgets.lesson_04 import FIELD, PLACES, by_loops, nine_sliders, race, seen_by, stacked, stepping_picture
from course.widgets.panel import Panel

EDGE = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def from_the_page(*names):
    """Run the lesson's assignments and functions with these names, and the imports; return them."""
    import ast

    space, wanted = {}, set(names)
    for cell in lesson_cells("04").code:
        for node in ast.parse(cell.source).body:
            targets = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            imports = isinstance(node, (ast.Import, ast.ImportFrom)) and "tensorflow" not in ast.unparse(node)
            keep = imports or getattr(node, "name", None) in wanted
            if keep or (isinstance(node, ast.Assign) and targets & wanted):
                exec(ast.unparse(node), space)
                wanted -= {getattr(node, "name", None), *targets}
    assert not wanted, f"the lesson has no {wanted}"
    return [space[name] for name in names]


@pytest.fixture(scope="module")
def stain():
    return (255 - draw(186).mean(axis=2)) / 255


def test_numbers_worked_on_paper():
    patch, row = from_the_page("patch", "row")
    field = FIELD
    text = " ".join(lesson_cells("04").text.split())
    assert r"1 \cdot 7 + 2 \cdot 8 + 1 \cdot 9 = 31$$" in text
    np.testing.assert_array_equal(correlate2d(patch, EDGE, mode="valid")[0], [31, 30, 1])
    np.testing.assert_array_equal(np.correlate(row, [-1, 0, 1]), [8, 8, 0])
    assert correlate2d(field, EDGE, mode="valid")[0, 0] == 21
    padded = correlate2d(field, EDGE, mode="same")
    assert padded[0, 5] == -25 and padded.shape == (6, 6)  # place 6


def test_the_false_edge(stain):
    padded = conv2d(stain, EDGE, padding="same")
    assert (padded[20:23, 0] > 0.5).all() and (np.abs(padded[20:23, 1]) < 0.05).all()


def test_half_an_edge_kernel_shows_the_picture_blurred_and_turned_dark(stain):
    half = np.array([[-1, 0, 0], [-2, 0, 0], [-1, 0, 0]])
    answers = conv2d(stain, half.astype(float))
    assert np.corrcoef(answers.ravel(), stain[1:-1, :-2].ravel())[0, 1] < -0.95


def test_the_kernel_that_sharpens_keeps_even_ground(stain):
    sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    np.testing.assert_allclose(conv2d(np.full((5, 5), 0.3), sharpen.astype(float)), 0.3)
    np.testing.assert_allclose(conv2d(stain, sharpen), stain[1:-1, 1:-1] - conv2d(stain, LAPLACIAN), atol=1e-12)


def test_sharpening_overshoots_on_both_sides_of_a_step():
    sharpen, step = from_the_page("sharpen", "step")
    np.testing.assert_allclose(conv2d(step, sharpen)[0], [0.2, -0.4, 1.4, 0.8])


def test_the_silent_colour_kernel_fills_the_nuclei():
    colour, nuclei = draw(186).astype(float), draw_mask(186)[1:-1, 1:-1] > 0
    places = range(148)
    surprise = np.array([[np.sum(colour[i:i + 3, j:j + 3] * EDGE) for j in places] for i in places])
    far = ~binary_dilation(nuclei, iterations=3)
    assert (surprise[nuclei] > surprise[far].max()).mean() > 0.9  # filled, on dark ground: a clean segmentation
    edges = sum(conv2d(colour[..., c], EDGE) for c in range(3))
    assert abs(np.median(edges[nuclei])) < 0.2 * np.abs(edges).max()  # relief: light on one side, dark on the other


def test_one_patient_teaches_her_stain_and_twelve_do_not():
    dice, learnt_from, _ = from_the_page("dice", "learnt_from", "examples")
    one, dozen = learnt_from([446]), learnt_from(range(200, 212))
    cases = (149, 0, 77, 324)
    assert not set(cases) & {446, *range(200, 212)}
    single = {case: dice(one, case) for case in cases}
    assert min(single, key=single.get) == 324 and single[324] < 0.75
    assert min(dice(dozen, case) for case in cases) > 0.9
    assert dice(one, 446) > max(single.values())


def test_with_one_stain_for_all_one_patient_is_enough(monkeypatch):
    from course.data import staining

    slide = staining.stain_slide(np.random.default_rng(0))
    real = staining.stain_slide
    monkeypatch.setattr(staining, "stain_slide", lambda rng: (real(rng), slide)[1])
    dice, learnt_from, _ = from_the_page("dice", "learnt_from", "examples")
    one = learnt_from([446])
    assert min(dice(one, case) for case in (446, 149, 0, 77, 324)) > 0.9


def test_learning_finds_the_hidden_kernel_only_where_examples_tell():
    learn, unrolled = from_the_page("learn", "unrolled")
    noise = unrolled(np.random.default_rng(7).normal(size=(20, 20)))
    wanted = noise @ EDGE.ravel()
    np.testing.assert_allclose(learn(noise, wanted, 30, 0.5)[0].reshape(3, 3), EDGE, atol=1e-5)
    assert learn(noise, wanted, 30, 3.0)[1] > 1e6  # the quiz's "error that grows"
    stripes = unrolled(np.tile(np.random.default_rng(8).normal(size=20), (20, 1)))
    found = []
    for start in (0, np.random.default_rng(9).normal(size=9)):  # what is left open, the start decides
        weights, last = learn(stripes, stripes @ EDGE.ravel(), 200, 0.1, start)
        assert last < 1e-3 < 1 < np.mean((noise @ weights - wanted) ** 2)
        np.testing.assert_allclose(weights.reshape(3, 3).sum(axis=0), EDGE.sum(axis=0), atol=0.1)
        found.append(weights)
    np.testing.assert_allclose(found[0].reshape(3, 3), np.tile(EDGE.mean(axis=0), (3, 1)), atol=0.02)
    assert np.abs(found[1] - found[0]).max() > 0.5


def test_stepping_keeps_its_size_and_stops_at_the_last_place():
    field = FIELD
    sizes = {stepping_picture(field, EDGE, 3, stride, padding).shape for stride in (1, 2, 3) for padding in (0, 1, 2)}
    assert len(sizes) == 1
    steps = [stepping_picture(field, EDGE, step).tobytes() for step in range(1, 17)]
    assert len(set(steps)) == 16
    last, beyond = stepping_picture(field, EDGE, 16), stepping_picture(field, EDGE, 17)
    np.testing.assert_array_equal(last[:-60], beyond[:-60])  # the tables; the words below say that there is no place 17
    assert (last != beyond).any()
    figure = stacked([last, stepping_picture(field, EDGE, 1, roomy=False)])
    assert figure.get_figwidth() * 100 == pytest.approx(last.shape[1])


def test_the_nucleus_and_its_map(stain):
    shown = seen_by(stain[82:130, 51:99], EDGE)
    assert shown.dtype == np.uint8 and shown.shape == (48 * 6 + 50, (48 + 46) * 6 + 16, 3)
    even = seen_by(np.full((6, 6), 0.4), EDGE, times=1)
    assert (even[1:5, 22:26] == 128).all()  # no change anywhere: mid-grey


def test_the_sliders_lie_as_the_kernel_does():
    sliders = nine_sliders(EDGE)
    assert list(sliders) == PLACES and [slider.value for slider in sliders.values()] == EDGE.ravel().tolist()
    panel = Panel(lambda **numbers: np.zeros((4, 4), np.uint8), "caption", across=3, **sliders)
    assert panel._columns == 3 and [one["name"] for one in panel._specs] == PLACES


def test_the_race_times_only_what_is_right():
    rng = np.random.default_rng(0)
    picture, kernel = rng.normal(size=(8, 7, 3)), rng.normal(size=(3, 2, 3, 4))
    np.testing.assert_allclose(by_loops(picture, kernel), conv2d(picture[None], kernel)[0], atol=1e-12)

    def stops(x, k):
        raise KeyError("x")

    table = race({"loops": by_loops, "course": lambda x, k: conv2d(x[None], k)[0], "open": lambda x, k: None,
                  "wrong": lambda x, k: by_loops(x, k[::-1]), "short": lambda x, k: by_loops(x, k)[1:],
                  "stops": stops}, picture, kernel)  # fmt: skip
    assert table["note"].tolist() == ["", "", "not written yet", "other maps", "other maps", "stopped with KeyError"]
    assert (table["milliseconds"] != "").tolist() == [True, True, False, False, False, False]
    assert "NaN" not in table.to_html() and (table["milliseconds"].head(2) >= 0).all()


def test_conv2d_is_near_both_libraries_and_a_flip_would_not_be(monkeypatch):
    from course.widgets import lesson_04

    for padding, strides in [("valid", 1), ("same", 1), ("same", 3)]:
        assert lesson_04.largest_difference("float64", padding, strides) <= 1e-12
        assert 1e-12 < lesson_04.largest_difference("float32", padding, strides) <= 1e-5
    monkeypatch.setattr(lesson_04, "conv2d", lambda x, k, **how: conv2d(x, k[::-1, ::-1], **how))
    assert lesson_04.largest_difference("float64", "valid", 2) > 1
    monkeypatch.setattr(lesson_04, "conv2d", conv2d)
    monkeypatch.setattr(lesson_04, "correlate2d", lambda x, k, mode: correlate2d(x, k[::-1], mode=mode))
    assert lesson_04.largest_difference("float64", "same", 1) > 1
