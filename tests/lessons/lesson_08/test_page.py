"""What lesson 08 says in words must be true, and its drawing of the loss surface must be the table's."""

import ast
import inspect
import json
import re

import numpy as np
import pytest
from harness import lesson_cells
from scipy import stats
from sklearn.linear_model import LogisticRegression

from course.lessons import ROOT
from course.nn import SGD, Adam, BinaryCrossentropy, sigmoid
from course.reproduce import lesson_08, result
from course.widgets.lesson_08 import (
    BATCHES,
    COLUMNS,
    OPTIMIZERS,
    RATES,
    gradient,
    loss,
    lowest,
    path,
    patients,
    stage,
    surface_picture,
)

TEXT = " ".join(lesson_cells("08").text.split())


def functions_of_the_page(*names):
    """Return functions defined on the page, run with NumPy alone."""
    space = {"np": np}
    for cell in lesson_cells("08").code:
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                exec(ast.unparse(node), space)
    return [space[name] for name in names]


def stored_output(edition, page):
    """Return what the cells of a page's stored notebook have printed."""
    cells = json.loads((ROOT / edition / f"{page}.ipynb").read_text())["cells"]
    return "\n".join("".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", []))


def test_numbers_worked_on_paper():
    costs = -np.log([0.9, 0.2, 0.9, 0.4])
    assert costs.argmax() == 1 and f"{costs[0]:.3f}" == "0.105" and r"$-\log 0.9 = 0.105$" in TEXT
    ours = BinaryCrossentropy()(np.array([[1], [1], [0], [0]]), np.array([[0.9], [0.2], [0.1], [0.6]]))
    assert ours == pytest.approx(costs.mean())
    share = patients()[1].mean()
    assert f"{stats.entropy([share, 1 - share]):.2f}" == "0.66" and f"{np.log(2):.2f}" == "0.69"
    assert patients()[1].sum() == 212 and "212 of the 569" in TEXT
    fool = -share * np.log(0.01) - (1 - share) * np.log(0.99)
    assert fool > np.log(2) > 0.66  # the order that is to be predicted
    assert divmod(398, 32) == (12, 14) and r"$398 = 12 \cdot 32 + 14$" in TEXT
    assert round(569 / 32) == 18 and "an eighteenth" in TEXT


def test_momentum_in_numbers():
    w, seen, optimizer = np.zeros(1), [], SGD(0.1, 0.9)
    for _ in range(3):
        optimizer.update([w], [np.ones(1)])
        seen.append(round(float(w[0]), 3))
    assert seen == [-0.1, -0.29, -0.561] and "-0.1, -0.29, -0.561" in TEXT
    zigzag, optimizer, places = np.zeros(1), SGD(0.1, 0.9), []
    for k in range(200):  # the slope's sign changes at every step
        optimizer.update([zigzag], [np.array([(-1.0) ** k])])
        places.append(zigzag[0])
    assert np.abs(np.diff(places[-20:])) == pytest.approx(0.05, abs=0.005) and "about half a step" in TEXT


def test_adams_first_steps():
    too_long = [(1 - 0.9**t) / np.sqrt(1 - 0.999**t) for t in range(1, 5001)]
    assert 3 < too_long[0] < 3.3 and 6 < too_long[9] < 7 and too_long[299] > 1.5
    weighs = [1 / np.sqrt(1 - 0.999**t) for t in (1, 10, 100, 1000, 5000)]  # epsilon: most at the beginning
    assert np.round(weighs, 1).tolist() == [31.6, 10.0, 3.2, 1.3, 1.0]
    for g in (0.5, 1e-6):
        w = np.zeros(1)
        Adam(1.0).update([w], [np.array([g])])
        assert -w[0] == pytest.approx(g / (g + 1e-7 / np.sqrt(0.001)), rel=1e-6)  # epsilon counts 32 times


def adams_steps(slopes):
    """The lengths of Adam's steps after the first, in units of the rate."""
    w, places, optimizer = np.zeros(1), [], Adam(1.0)
    for g in slopes:
        optimizer.update([w], [np.array([g])])
        places.append(w[0])
    return np.abs(np.diff(places))


def test_adams_steps_are_as_long_as_the_rate_only_while_slopes_keep_their_sign_and_size():
    for slopes, low, high in [(np.ones(3000), 0.99, 1.01), ((-1.0) ** np.arange(3000), 0.03, 0.07),
                              (0.999 ** np.arange(3000), 0.36, 0.38), (1.001 ** np.arange(3000), 1.5, 1.7),
                              (np.random.default_rng(0).normal(size=3000), 0.1, 0.3)]:  # fmt: skip
        assert low < np.median(adams_steps(slopes)[1000:]) < high
    fading = adams_steps(0.99 ** np.arange(301))
    assert fading[99] == pytest.approx(0.62, abs=0.01) and fading[299] == pytest.approx(0.14, abs=0.01)
    assert adams_steps(np.random.default_rng(0).exponential(size=3000))[1000:].mean() < 0.8  # one sign, many sizes
    assert "its sign and its size, they are about as long as the rate" in TEXT


def test_the_first_loss_of_the_small_network_is_near_log_2():
    from course.data.cytology import load

    pictures, labels, _ = load(size=64, split="validation")
    x, y = lesson_08.as_input(pictures[:32], labels[:32])
    assert all(0.6 < lesson_08.compiled(seed).evaluate(x, y).loss < 0.8 for seed in range(6))


def test_the_surface_is_the_tables():
    x, y = patients()
    assert np.corrcoef(x.T)[0, 1] == pytest.approx(0.99, abs=0.005) and "their correlation is 0.99" in TEXT
    for w in (np.zeros(2), np.array([-3.0, 7.0]), np.array([8.0, 14.0])):
        steps = 1e-6 * np.eye(2)
        measured = [(loss(w + h) - loss(w - h)) / 2e-6 for h in steps]
        np.testing.assert_allclose(gradient(w), measured, atol=1e-7)
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(x, y)
    assert model.intercept_[0] == pytest.approx(-1.2, abs=0.1)  # the bias that is held is near its best
    assert lowest()[1] == pytest.approx(loss(model.coef_[0]), abs=0.001) and f"{lowest()[1]:.3f}" == "0.255"
    assert np.abs(gradient(lowest()[0])).max() < 1e-6
    star = lowest()[0]
    assert star[0] < -5 and star[1] > 5
    p = sigmoid(x @ star - 1.2)
    steepest = np.linalg.eigvalsh(x.T @ (x * (p * (1 - p))[:, None]) / len(x)).max()
    assert round(2 / steepest) == 56 and "a rate above about 56" in TEXT
    for rate, settles in [(50.0, True), (60.0, False), (100.0, False)]:
        w = np.zeros(2)
        for _ in range(6000):
            w = w - rate * gradient(w)
        assert (loss(w) < lowest()[1] + 1e-4) == settles  # above the limit it does not settle; it need not fly away


def test_the_walks_end_where_the_figure_says():
    star = lowest()[0]
    assert loss(path("SGD", 4.0, 60)[-1]) > 0.28 and 0.25 < loss(path("SGD", 100.0, 60)[-1]) < 0.28
    assert 0.6 < np.linalg.norm(path("momentum", 4.0, 60)[-1]) / np.linalg.norm(star) < 0.72
    assert 0.3 < np.linalg.norm(path("Adam", 1.0, 60)[-1]) / np.linalg.norm(star) < 0.5
    across = path("SGD", 100.0, 60) @ np.array([1, 1])
    turns = np.diff(np.sign(np.diff(across)))
    assert across.max() > 20 and (turns != 0).mean() > 0.6  # thrown far out, then to and fro


def test_the_answer_to_the_experiment():
    at_60 = {name: [loss(path(name, rate, 60)[-1]) for rate in RATES] for name in OPTIMIZERS}
    best = {name: RATES[int(np.argmin(values))] for name, values in at_60.items()}
    assert best == {"SGD": 30, "momentum": 3, "Adam": 3}
    assert all(f"{min(values):.2f}" == "0.26" for values in at_60.values())
    assert min(at_60["SGD"]) <= min(at_60["momentum"])  # "plain SGD with a large rate keeps up", at ten times the rate
    assert at_60["momentum"][RATES.index(30)] > 1
    assert path("Adam", 0.01, 10)[-1] == pytest.approx([0.1, 0.1], abs=0.001)
    ten = np.array([gradient(w) for w in path("Adam", 0.01, 10)])
    assert (ten < 0).all() and (np.abs(ten[-1] / ten[0]) > 0.8).all() and "nearly their size" in TEXT
    assert path("SGD", 0.01, 10)[-1] == pytest.approx([0.035, 0.035], abs=0.002)
    full, some = (loss(path("SGD", 30.0, 60, batch).T)[30:] for batch in BATCHES.values())
    assert np.abs(np.diff(some)).mean() > 3 * np.abs(np.diff(full)).mean()  # it trembles


def test_the_panels_picture_says_what_it_shows():
    picture = surface_picture("momentum", 10.0, 40, "32")
    assert picture.shape == (360, 720, 3) and picture.dtype == np.uint8
    end, (left, right) = path("momentum", 10.0, 40, 32)[-1], (stage().left, stage().right)
    assert COLUMNS[0] in left.get_xlabel() and COLUMNS[1] in left.get_ylabel()
    assert "momentum, rate 10, " in left.get_title() and f"ends at ({end[0]:.3g}, {end[1]:.3g})" in left.get_title()
    assert f"{loss(end):.3f}" in right.get_title()
    np.testing.assert_allclose(stage().walk.get_xydata()[-1], end)
    assert (surface_picture("SGD", 100.0, 40, "32") != picture).any() and "(left the map)" in left.get_title()
    surface_picture("Adam", 0.01, 10, "all 569")
    assert left.get_title() == "Adam, rate 0.01, ends at (0.0996, 0.0996)"  # the panel's question has an answer
    assert np.array_equal(surface_picture("momentum", 10.0, 40, "32"), picture)  # nothing of the last move is left


def test_the_networks_weights_are_counted():
    convolutions = sum(9 * a * b + b for a, b in ((3, 8), (8, 16), (16, 32)))
    assert convolutions + (6 * 6 * 32 + 1) * 32 + 33 == 42_961 and TEXT.count("42,961 weights") >= 2


def test_the_stored_training_stands_behind_the_area_by_little():
    """The page prints whether 0 is inside the interval; its words must say the same as the run that is stored."""
    number = r"([+-]\d\.\d{3})"
    line = rf"network: AUC (\d\.\d\d); network minus area {number} \({number} to {number}\), 0 inside: (\w+)"
    for edition in ("notebooks", "solutions"):
        (auc, *numbers, inside), = re.findall(line, stored_output(edition, "08_training_by_hand"))
        gap, low, high = map(float, numbers)
        assert low < gap == pytest.approx(-0.07, abs=0.02) and -0.02 < high < 0  # rounding moves it by hundredths
        assert inside == "False" and float(auc) == pytest.approx(0.87, abs=0.03)
    assert "leaves out 0, though only by little: on these 85 patients" in TEXT


def test_turned_pictures_are_the_eight_views():
    turned, = functions_of_the_page("turned")
    batch, rng = np.arange(2 * 4 * 4 * 3).reshape(2, 4, 4, 3), np.random.default_rng(0)
    views = {turned(batch, rng).tobytes() for _ in range(200)}
    assert len(views) == 8
    assert all(sorted(np.frombuffer(view, batch.dtype)) == sorted(batch.ravel()) for view in views)
    one = turned(batch, rng)
    assert np.array_equal(np.sort(one[1], axis=None), np.sort(batch[1], axis=None))  # patients keep their places


def test_the_long_run_trains_what_the_page_trains():
    """Network and views are the page's own, word for word; so are epochs and settings of the optimiser."""
    code = "\n".join(cell.source for cell in lesson_cells("08").code)
    for name in ("small_network", "turned"):
        pages = {ast.dump(node) for node in ast.parse(code).body if getattr(node, "name", None) == name}
        page, = pages  # the core and the deeper page write it alike
        assert page == ast.dump(ast.parse(inspect.getsource(getattr(lesson_08, name))).body[0])
    assert "network.fit(x_train, y_train, epochs=20" in code and "train_network(network, 30, turned)" in code
    assert lesson_08.EPOCHS == {"plain": 20, "turned": 30}


def test_what_the_page_says_of_six_seeds():
    runs = result(8)["runs"]
    assert [run["seed"] for run in runs] == list(lesson_08.SEEDS) and len(runs) == 6
    gains = [min(run["plain"]) - min(run["turned"][:20]) for run in runs]
    assert 0.005 < min(gains) < 0.04 and max(gains) > 0.06  # "though not always by much"; two digits show it
    assert all(0.9 < run["auc"] < 0.95 for run in runs)
    assert sum(run["turned"][-1] == min(run["turned"]) for run in runs) >= 4
