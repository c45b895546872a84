"""What lesson 11 says in words must be true, and its drawings must show what they compute."""

import numpy as np
import pytest
from harness import lesson_cells, run_solution
from scipy.stats import norm

from course.checks.lesson_11 import bayes
from course.classic import GaussianNaiveBayes
from course.lessons import find_lessons
from course.widgets.lesson_11 import (
    HIGH,
    LOW,
    SHARES,
    border_text,
    borders,
    counted,
    curves_picture,
    log_odds,
    measured_and_learnt,
    percent,
    prevalence_picture,
)


@pytest.fixture(scope="module")
def core():
    return run_solution(find_lessons(["11_naive_bayes"])[0])[0]


@pytest.fixture(scope="module")
def page():
    """The deeper page."""
    return run_solution(find_lessons(["11_naive_bayes_deeper"])[0])[0]


@pytest.fixture(scope="module")
def text():
    return " ".join(lesson_cells("11").text.split())


def test_patients_counted_by_hand(text):
    assert counted(0.37, 0.9, 0.9) == (3330, 630, 370, 5670)
    assert counted(0.005, 0.9, 0.9) == (45, 995, 5, 8955)
    assert counted(0.05, 0.9, 0.9) == (450, 950, 50, 8550)
    for said in ("**3,330** | **45**", "**630** | **995**", "3,960 | 1,040", "0.841", "1,400, and 32.1 %"):
        assert said in text
    assert f"{3330 / 3960:.3f} {450 / 1400:.3f} {45 / 1040:.3f}" == "0.841 0.321 0.043"
    assert counted(0.005, 1, 0.9)[:2] == (50, 995) and f"{50 / 1045:.3f}" == "0.048"
    found, false, _, _ = counted(0.005, 0.9, 0.99)
    assert (found, found + false) == (45, 145) and f"{45 / 145:.2f}" == "0.31" and "45 of 145, or 31 %" in text
    assert 5 + 8955 == 8960 and f"{5 / 8960:.2%}" == "0.06%" and round(0.005 / (5 / 8960)) == 9
    assert [percent(share) for share in (5 / 8960, 45 / 1040, 0, 1)] == ["0.06 %", "4.3 %", "0.0 %", "100.0 %"]
    for share in SHARES:
        assert sum(counted(share, 0.87, 0.61)) == 10_000
    assert f"{1998 / (1998 + 126):.3f}" == "0.941" and 3330 * 6 == 19980 and 630 * 2 == 1260
    assert f"{100 / 595:.3f}" == "0.168"


def test_the_picture_holds_as_many_squares_as_it_says():
    few, many = (prevalence_picture(share, 0.9, 0.9) for share in (0.001, 0.5))
    assert few.shape == many.shape and few.dtype == np.uint8

    def full(picture):  # a full square holds 25 pixels of its colour
        return (picture == np.array([213, 94, 0])).all(axis=2).sum() / 25

    assert full(few) == 10 and full(many) == 5000
    for extreme in ((0.001, 1, 1), (0.5, 1, 1), (0.5, 0.5, 0.5)):
        assert full(prevalence_picture(*extreme)) == round(10_000 * extreme[0])


def test_curves_worked_by_hand(text):
    assert f"{norm.pdf(15, 12, 2):.4f} {norm.pdf(15, 17, 3):.4f}" == "0.0648 0.1065"
    assert f"{1 / np.sqrt(8 * np.pi):.4f} {np.exp(-9 / 8):.4f}" == "0.1995 0.3247"
    assert f"{1 / np.sqrt(18 * np.pi):.4f} {np.exp(-4 / 18):.4f}" == "0.1330 0.8007"
    assert f"{2 * np.pi * 9:.2f} {-0.5 * np.log(2 * np.pi * 9):.3f} {-4 / 18:.3f}" == "56.55 -2.018 -0.222"
    assert f"{norm.logpdf(15, 17, 3):.3f} {norm.logpdf(15, 12, 2):.3f}" == "-2.240 -2.737"
    assert np.var([10, 12, 14, 12]) == 2 and np.var([16, 20]) == 4
    assert f"{np.var([10, 12, 14, 12], ddof=1):.2f} {np.var([16, 20], ddof=1):.0f}" == "2.67 8"
    for said in ("0.0648", "0.1065", "-2.240", "-2.737", "2.67 and 8"):
        assert said in text
    assert f"{1 / (1 + np.exp(-3)):.3f} {1 / (1 + np.exp(-2)):.3f}" == "0.953 0.881"
    assert f"{0.63 * 0.0648:.4f} {0.37 * 0.1065:.4f} {0.0394 / 0.0802:.3f}" == "0.0408 0.0394 0.491"
    assert round(norm.pdf(0, 0, np.sqrt(0.01)), 1) == 4.0 and f"{norm.cdf(1) - norm.cdf(-1):.0%}" == "68%"
    assert np.exp(-746) == 0 and np.exp(-744) > 0


def test_borders_are_where_the_figure_says():
    first, second = (12, 2), (17, 3)
    np.testing.assert_allclose(borders(first, second, 0.37), [0.96, 15.04], atol=0.01)
    assert f"{borders(first, second, 0.005)[-1]:.1f}" == "18.9"
    assert [f"{b:.1f}" for b in borders((14, 2), (14, 4), 0.5)] == ["11.3", "16.7"]
    assert borders((12, 2), (17, 2), 0.5) == pytest.approx([14.5])
    assert len(borders((12, 2), (12, 2), 0.37)) == 0 and len(borders((14, 2), (14, 4), 0.05)) == 2
    assert len(borders((14, 4), (14, 2), 0.05)) == 0
    assert f"{1 / (1 + np.exp(-log_odds(4.0, first, second, 0.37))):.2f}" == "0.09"
    for share in (0.005, 0.2, 0.8):
        for place in borders(first, (18, 4), share):
            assert log_odds(place, first, (18, 4), share) == pytest.approx(0, abs=1e-9)
    assert "no border" in border_text(np.array([]), 0.5)
    seen = np.linspace(LOW, HIGH, 500)
    assert len(borders(first, second, 0.95)) == 0
    assert 0.5 < 1 / (1 + np.exp(-log_odds(seen, first, second, 0.95).min())) < 0.52
    for share in (0.005, 0.05, 0.2, 0.37, 0.5, 0.8):  # all other positions of the slider have one in view
        assert any(LOW < place < HIGH for place in borders(first, second, share))


def test_the_panel_draws_each_time_anew():
    one = curves_picture(12, 2, 17, 3, 0.37)
    other = curves_picture(14, 2, 14, 4, 0.5)
    assert one.dtype == np.uint8 and one.shape == other.shape and (one != other).any()
    np.testing.assert_array_equal(curves_picture(12, 2, 17, 3, 0.37), one)


def test_what_is_said_about_the_spectrum_and_the_second_finding(core):
    positive, y, dents = core["positive"], core["y"], core["dents"]
    for label, right in ((1, positive), (0, ~positive)):
        of = y == label
        dented = dents >= np.median(dents[of])
        assert abs(right[of & dented].mean() - right[of & ~dented].mean()) > 0.1
    names, X = core["names"], core["X"]
    counts = []
    for second, limit in (("worst texture", 28), ("worst perimeter", 105)):
        found = X[y == 0, names.index(second)] >= limit
        foretold = positive[y == 0].mean() * found.mean() * len(found)
        counts.append((f"{foretold:.1f}", (positive[y == 0] & found).sum()))
    assert counts == [("7.0", 7), ("3.5", 29)]


def test_underflow_is_nowhere_near_a_matter_of_rounding(page):
    """The product is 0 in both classes for six patients, whatever the order of multiplication."""
    Z, y = page["Z"], page["y"]
    logs = np.array([norm.logpdf(Z, Z[y == k].mean(0), Z[y == k].std(0)).sum(axis=1) for k in (0, 1)]).max(axis=0)
    limit = np.log(1.4e-45)
    assert (logs < limit - 2).sum() == (logs < limit + 2).sum() == 6
    assert logs.min() > -700  # in float64 nobody falls through in both classes


def test_the_count_of_zero_products_stays_between_120_and_129_in_any_order(page):
    densities = np.array(page["densities"], np.float32)
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(30)
        product = np.ones(densities.shape[:2], np.float32)
        for column in order:
            product *= densities[:, :, column]
        assert 120 <= (product == 0).any(axis=0).sum() < 130


def test_the_radius_follows_its_curve_and_the_area_error_does_not(page, text):
    y, radius, error = page["y"], page["radius"], page["error"]
    wide = error[y == 1]
    assert f"{norm.cdf(0, wide.mean(), wide.std()):.0%}" == "12%" and "12 % lies below 0" in text
    assert f"{wide.std():.0f} {wide[wide < 300].std():.0f} {(wide > 300).sum()}" == "61 42 2"
    assert "two lumps lie beyond 300" in text
    assert error.min() > 0 and (error[y == 0] < 300).all()
    for x in (radius[y == 0], radius[y == 1]):
        assert abs(np.mean(np.abs(x - x.mean()) <= x.std()) - 0.68) < 0.04
    bins = np.arange(-80, 301, 10)
    figure = measured_and_learnt({"area error": (error, bins)}, y)
    outline = [patch.get_path() for patch in figure.axes[0].patches][1].vertices
    assert outline[:, 1].max() == pytest.approx(np.histogram(wide, bins)[0].max() / len(wide) / 10)
    assert outline[outline[:, 1].argmax(), 0] in np.arange(20, 61)
    assert [line.get_linestyle() for line in figure.axes[0].lines] == ["-", "--"]


def test_the_learners_own_functions_give_the_library_s_posteriors(core, page):
    """Exercises 11.2 and 11.3, the smoothing and a softmax are scikit-learn's GaussianNB."""
    shares, means, variances = core["learn"](page["X"], page["y"])
    theirs, decided = page["theirs"].predict_proba(page["X"]), []
    for extra in (0, page["theirs"].epsilon_):
        mine = page["softmax"](page["log_likelihood"](page["X"], means, variances + extra) + np.log(shares))
        decided.append(((mine[:, 1] >= 0.5) != (theirs[:, 1] >= 0.5)).sum())
    np.testing.assert_allclose(mine, theirs, atol=1e-9)
    assert decided == [7, 0]


def test_without_the_twins_even_more_mistakes_are_very_sure(page):
    y, very = page["y"], []
    for columns in (page["names"], page["untwinned"]):
        p = page["unseen"](columns)
        very.append(((p >= 0.5) != y)[np.maximum(p, 1 - p) > 0.99].sum())
    assert very == [25, 34]


def test_on_unseen_patients_it_decides_well_and_is_too_sure(core):
    p, y, called = core["p"], core["y"], core["called"]
    assert np.mean(called == y) > 0.9 and f"{np.mean(y == 0):.3f}" == "0.627"
    assert 0.08 < np.mean(~called[y == 1]) < 0.13 and np.mean(np.maximum(p, 1 - p)) > 0.97
    assert np.mean(core["sure"][core["wrong"]] > 0.99) > 0.5


def test_what_smoothing_adds_doubles_the_smallest_variances(page):
    X, y, added = page["X"], page["y"], page["theirs"].epsilon_
    small = X.var(axis=0) < added
    assert small.sum() == 7
    within = np.array([X[y == k][:, small].var(axis=0) for k in (0, 1)])
    assert (within < 1.05 * added).all()
    assert (X.var(axis=0) < 1e4 * added).sum() > 15  # in the other unit: most columns


def test_held_out_results_are_as_told(page):
    """Hardly more right with the trio; confidence far above the share that is right; most mistakes very sure."""
    names, y, unseen = page["names"], page["y"], page["unseen"]
    right, sure, very = [], [], []
    for columns in (page["trio"][:1], page["trio"], names):
        p = unseen(columns)
        good, confidence = (p >= 0.5) == y, np.maximum(p, 1 - p)
        right.append(good.sum())
        sure.append(confidence.mean() - good.mean())
        very.append(np.mean(confidence[~good] > 0.99))
    assert abs(right[1] - right[0]) <= 3  # "the share right hardly moves"
    assert abs(sure[0]) < 0.01 and min(sure[1:]) > 0.05
    assert very[0] == 0 and very[2] > 0.5
    assert 0.08 < np.mean(p[y == 1] < 0.5) < 0.12
    learnt, moved = (page[name] >= 0.5 for name in ("learnt", "moved"))
    assert 0.5 < moved[y == 1].sum() / learnt[y == 1].sum() < 0.6  # "nearly half of those found before are lost"
    assert learnt[y == 0].sum() > 0 == moved[y == 0].sum()  # "all false alarms are gone"


def test_moving_the_prior_is_what_the_classifier_with_other_priors_says():
    rng = np.random.default_rng(11)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 4 == 0
    x[y] += 1.5
    p = GaussianNaiveBayes().fit(x, y).predict_proba(x)[:, 1]
    for new in (0.005, 0.5, 0.9):
        other = GaussianNaiveBayes(priors=[1 - new, new]).fit(x, y).predict_proba(x)[:, 1]
        np.testing.assert_allclose(bayes.moved_by_scipy(p, 0.25, new), other, rtol=1e-9)
