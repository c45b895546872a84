"""What lesson 09 says in words must be true, and its panels must show what they say."""

import asyncio
import re

import numpy as np
import pytest
from harness import lesson_cells
from ipywidgets import IntSlider, ToggleButton
from scipy.optimize import minimize
from scipy.stats import binomtest
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from course.classic import LinearSVM
from course.classic.newton import primal_objective, primal_subgradient
from course.data.cytology import table
from course.widgets import lesson_09_panels as panels
from course.widgets.lesson_09 import C_VALUES, LOWEST, SCHEDULES, X, Y, descent, machine, patients
from course.widgets.panel import Panel

TEXT = " ".join(lesson_cells("09").text.split())
LINES = {"line 1": ([2, 0], -1), "line 2": ([1, 1], -1), "line 3": ([1, 0.5], -1), "line 4": ([0.4, 0.2], 0.2)}


@pytest.fixture(scope="module")
def columns():
    rows, labels = table()
    values = np.array([list(row.values()) for row in rows])
    return values, labels, list(rows[0])


def paired(first, second):
    """How many patients only the first, and only the second, is right about; the interval of the difference."""
    ahead = first.astype(int) - second
    gap, reach = ahead.mean(), 1.96 * ahead.std() / np.sqrt(len(ahead))
    return np.sum(ahead == 1), np.sum(ahead == -1), gap - reach, gap + reach


def price(name, C):
    w, b = LINES[name]
    return primal_objective(np.array(w, float), b, X, Y, C)


def test_the_six_on_the_page_are_the_panels():
    row = r"^\| (\d) \| (-?\d) \| (-?\d) \| (?:malignant|benign) \| ([+-]1) \|"
    shown = re.findall(row, lesson_cells("09").text, re.M)
    numbers = np.array(shown, int)
    assert np.array_equal(numbers[:, 1:3], X) and np.array_equal(numbers[:, 3], Y)


def test_numbers_worked_on_paper():
    assert [price(name, 1.0) for name in ("line 3", "line 4")] == pytest.approx([0.625, 1.3])
    assert price("line 4", 0.1) == pytest.approx(0.22) and "0.22 at $C = 0.1$ and 1.3 at $C = 1$" in TEXT
    for name in ("line 1", "line 2", "line 3"):
        w, b = LINES[name]
        assert (Y * (X @ np.array(w, float) + b)).min() == 1  # all three have scores of 1 at the nearest
    assert f"{2 / np.hypot(0.4, 0.2):.2f}" == "4.47" and f"{2 / np.hypot(1, 0.5):.2f}" == "1.79"
    assert f"{0.625 + 11**2 / 2:.1f}" == "61.1" and "= 61.1$" in TEXT
    under_one_sum = {name: 6 * price(name, 1 / 6) for name in LINES}  # the misprint asks for a price of C / n
    assert under_one_sum["line 3"] == pytest.approx(3.75) and under_one_sum["line 4"] == pytest.approx(1.8)


@pytest.mark.parametrize("C", C_VALUES)
def test_the_panels_lines_are_the_best(C):
    w, b, supports = machine("six", C)
    lowest = min(minimize(lambda v: primal_objective(v[:2], v[2], X, Y, C), start, method="Nelder-Mead",
                          options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}).fun
                 for start in ([*w, b], [0.5, 0.5, 0.0]))  # fmt: skip
    assert primal_objective(w, b, X, Y, C) <= lowest + 1e-6
    for which in ("six", "569"):
        alone = machine(which, C, support_only=True)
        np.testing.assert_allclose(alone[0], machine(which, C)[0], atol=1e-3)
        assert alone[1] == pytest.approx(machine(which, C)[1], abs=1e-3)
    assert supports.sum() == {0.05: 6, 0.1: 5, 0.2: 5}.get(C, 3)


def test_the_answer_to_the_price_explorer():
    sides = {C: machine("six", C)[1] > 0 for C in C_VALUES}  # patient 6 stands at (0, 0): her score is b
    assert [C for C in C_VALUES if sides[C]] == [0.1, 0.2, 0.3]
    for C in (0.7, 1.0, 3.0, 10.0):
        assert primal_objective(*machine("six", C)[:2], X, Y, C) == pytest.approx(LOWEST, abs=1e-6)
    assert not np.allclose(machine("six", 0.5)[0], machine("six", 0.7)[0], atol=0.1)
    assert (Y * (X @ machine("six", 0.05)[0] + machine("six", 0.05)[1])).max() <= 1 + 1e-6
    assert machine("569", 1.0)[2].sum() == 114 and "114 are support vectors" in TEXT
    assert 0.05 < np.linalg.norm(machine("569", 10.0)[0]) / np.linalg.norm(machine("569", 1.0)[0]) - 1 < 0.25


def walked(rate, shrink, steps=200):
    """P after each step of the page's walk with the six patients, C = 1."""
    place, values = np.zeros(3), []
    for t in range(steps):
        slopes = np.append(*primal_subgradient(place[:2], place[2], X, Y, 1.0))
        place = place - rate / (1 + t / shrink if shrink else 1) * slopes
        values.append(primal_objective(place[:2], place[2], X, Y, 1.0))
    return np.array(values)


def test_the_walks_do_what_the_page_says():
    places, values = descent(0.1, "shrinking")
    steady, _ = descent(0.1, "steady")
    np.testing.assert_allclose(steady[1:3], [[1.1, 0.6, 0], [0.99, 0.54, -0.1]], atol=1e-12)
    assert values[[1, 10, 60]] == pytest.approx([1.785, 0.886, 0.656], abs=5e-4)
    pulls = [set(np.flatnonzero(Y * (X @ place[:2] + place[2]) < 1) + 1) for place in places]
    assert pulls[1] == {6} and pulls[10] == {2, 6} and pulls[60] == {6}
    assert set.union(*pulls[7:]) == {2, 3, 6}
    steady, shrinking = (walked(0.11, shrink) for shrink in (None, 10))
    assert 1.11 < steady[9:].max() < 1.13 and 0.705 < steady[9:].min() < 0.715
    assert LOWEST < shrinking[-1] < 1.04 * LOWEST and walked(0.11, 10, 2000)[-1] < shrinking[-1]
    slow, _ = descent(0.01, "steady")
    assert slow[60] == pytest.approx([0.62, 0.32, -0.22], abs=0.005) and "(0.62, 0.32)" in TEXT
    _, wild = descent(0.3, "steady")
    assert 0.75 < wild[10:].min() < 0.85 and 1.75 < wild[10:].max() < 1.85


def test_what_the_page_says_about_the_table(columns):
    x, labels, names = columns
    area = names.index("mean area")
    assert [round(value) for value in x[:2, area]] == [1001, 1326] and 325**2 == 105_625
    smooth = x[:2, names.index("mean smoothness")]
    assert [f"{value:.3f}" for value in smooth] == ["0.118", "0.085"] and f"{np.diff(smooth)[0] ** 2:.3f}" == "0.001"
    assert LinearSVM(C=0.1).fit((x - x.mean(0)) / x.std(0), labels).n_iter_ == 34


def test_both_gammas_are_explained_rightly(columns):
    x, labels, names = columns
    pair = np.sum((x[0] - x[1]) ** 2)
    assert f"{pair:,.0f}"[:3] == "116" and round(pair, -3) == 117_000 and round(pair / 30, -2) == 3_900
    assert f"{pair / (30 * x.var()):.3f}" == "0.075"
    distances = ((x[:, np.newaxis] - x) ** 2).sum(axis=2) + np.diag(np.full(len(x), np.inf))
    assert np.median(np.exp(-distances.min(axis=1) / 30)) < 0.001  # the nearest of all others, in the middle of cases
    learnt = SVC(gamma="auto").fit(x, labels)
    assert len(learnt.support_) > 0.99 * len(x) and learnt.score(x, labels) == 1
    folds = StratifiedKFold(10, shuffle=True, random_state=9)
    assert not cross_val_predict(SVC(gamma="auto"), x, labels, cv=folds).any()
    areas = [names.index(name) for name in ("mean area", "worst area")]
    raw, two, standardised = (
        cross_val_predict(model, part, labels, cv=folds) == labels
        for model, part in ((SVC(), x), (SVC(), x[:, areas]), (make_pipeline(StandardScaler(), SVC()), x))
    )
    assert paired(standardised, raw) == (42, 7, pytest.approx(0.038, abs=5e-4), pytest.approx(0.085, abs=5e-4))
    assert paired(two, raw) == (6, 2, pytest.approx(-0.003, abs=5e-4), pytest.approx(0.017, abs=5e-4))
    assert "loses some points in a hundred, and the interval of that difference leaves out 0" in TEXT


def test_machines_are_compared_on_the_patients_they_disagree_about(columns):
    x, labels, names = columns
    folds = StratifiedKFold(10, shuffle=True, random_state=9)

    def right(model, part=x):
        return cross_val_predict(make_pipeline(StandardScaler(), model), part, labels, cv=folds) == labels

    one, thirty, curved = right(LinearSVM(), x[:, [names.index("worst radius")]]), right(LinearSVM()), right(SVC())
    assert paired(thirty, one)[2] > 0.02 and one.mean() > 0.9
    assert binomtest(np.sum(thirty & ~curved), np.sum(thirty != curved)).pvalue > 0.5


def test_an_interval_over_patients_knows_nothing_of_the_luck_of_the_folds(columns):
    """C = 0.1 is ahead of 10 however the patients are dealt; whether the interval leaves out 0 is luck."""
    x, labels, _ = columns
    found = {}
    for seed in range(9, 18):
        folds = StratifiedKFold(10, shuffle=True, random_state=seed)
        cheap, dear = (cross_val_predict(make_pipeline(StandardScaler(), LinearSVM(C=C)), x, labels, cv=folds) == labels
                       for C in (0.1, 10))  # fmt: skip
        found[seed] = paired(cheap, dear)
    counts = {seed: found[seed][:2] for seed in (9, 10, 11, 14, 15)}  # those that the page shows
    assert counts == {9: (10, 1), 10: (12, 4), 11: (11, 4), 14: (7, 3), 15: (10, 6)}
    assert all(cheap > dear for cheap, dear, _, _ in found.values())
    assert [seed for seed, (_, _, low, _) in found.items() if low > 0] == [9, 10, 12]
    assert found[9][2:] == pytest.approx((0.004, 0.027), abs=5e-4)
    assert "seeds 9 to 17, and five are shown; of the nine, three leave out 0" in TEXT


def test_the_penalised_intercept_decides_otherwise_after_a_shift():
    moved = X + np.array([10, 0])
    model = LinearSVC(C=1, loss="hinge", tol=1e-10, max_iter=1_000_000, random_state=0).fit(moved, Y)
    assert model.predict(moved).tolist() == [1, -1, 1, -1, -1, -1]
    free = LinearSVM(C=1, tol=1e-6).fit(moved, Y)
    assert np.array_equal(free.predict(moved), Y) and free.intercept_[0] == pytest.approx(-11, abs=0.01)


def playing_panel():
    return panels.playable(Panel(panels.descent_picture, "c", play=ToggleButton(), step=IntSlider(0, 0, 60),
                                 rate=[0.1, 0.2], schedule=SCHEDULES))  # fmt: skip


def test_play_moves_step_until_it_is_pressed_again(monkeypatch):
    monkeypatch.setattr(panels, "SECONDS_A_STEP", 0.001)

    async def watch():
        panel = playing_panel()
        play, step = panel.controls["play"], panel.controls["step"]
        play.value = True
        while step.value < 3:
            await asyncio.sleep(0.001)
        play.value = False
        stopped = step.value
        await asyncio.sleep(0.05)
        assert step.value == stopped
        step.value, play.value = 58, True
        while play.value:
            await asyncio.sleep(0.001)
        assert step.value == 60  # at the end it stops by itself
        play.value = True
        assert step.value == 0  # and begins anew
        play.value = False

    asyncio.run(asyncio.wait_for(watch(), 60))


def test_the_panels_say_what_they_show():
    panels.explorer_picture(1.0, False, "569")
    stage = panels._explorer_stage("569")
    w, b, supports = machine("569", 1.0)
    x, y, _, _ = patients("569")
    assert len(stage.rings.get_xdata()) == supports.sum() == 114
    assert f"{primal_objective(w, b, x, y, 1.0):.3f}" in stage.right.title.get_text()
    for line, (score, _) in zip(stage.lines, panels.EDGES, strict=True):
        ends = np.array(line.get_data()).T
        assert ends @ w + b == pytest.approx(score, abs=1e-9)
    panels.descent_picture(True, 2, 0.1, "steady")
    assert "playing" in panels._descent_stage().right.title.get_text()
    assert "b = -0.10" in panels._descent_stage().left.title.get_text()
