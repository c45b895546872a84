"""Intervals against SciPy, statsmodels, a direct double sum, and their own promise of coverage."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from course import CourseError
from course.evaluation.intervals import bootstrap, delong, delong_difference, wilson
from course.evaluation.metrics import accuracy, auc, sensitivity


def binormal(rng, malignant=40, benign=70, shift=1.2):
    """Labels and scores whose true AUC is Phi(shift / sqrt 2)."""
    labels = np.repeat([1, 0], [malignant, benign])
    return labels, rng.normal(size=malignant + benign) + shift * labels


# Wilson


@pytest.mark.parametrize("n", [1, 2, 42, 156])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_scipy_and_statsmodels(n, level):
    for successes in range(n + 1):
        ours = wilson(successes, n, level)
        theirs = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
        np.testing.assert_allclose(ours, (successes / n, theirs.low, theirs.high), atol=1e-12)
        np.testing.assert_allclose(ours[1:], proportion_confint(successes, n, 1 - level, "wilson"), atol=1e-12)
        assert 0 <= ours.low <= ours.estimate <= ours.high <= 1


def test_wilson_does_not_call_a_perfect_record_certain():
    assert wilson(42, 42).low == pytest.approx(0.916, abs=5e-4)
    assert wilson(42, 42).high == 1
    assert wilson(0, 42).low == 0


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2), (0, 0), (1.5, 3), (1, np.nan), (np.nan, 3), (1, np.inf)])
def test_wilson_refuses_what_is_no_share(successes, n):
    with pytest.raises(CourseError, match="whole numbers"):
        wilson(successes, n)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, np.nan])
def test_levels_are_shares(level):
    labels, scores = [0, 0, 1, 1], [0.1, 0.3, 0.2, 0.4]
    calls = (
        lambda: wilson(1, 2, level),
        lambda: delong(labels, scores, level),
        lambda: delong_difference(labels, scores, scores, level),
        lambda: bootstrap(auc, labels, scores, level=level, n_resamples=5),
    )
    for call in calls:
        with pytest.raises(CourseError, match="level"):
            call()


# bootstrap


def test_bootstrap_agrees_with_scipy():
    labels, scores = binormal(np.random.default_rng(1))

    def area(malignant, benign):
        return auc(np.repeat([1, 0], [len(malignant), len(benign)]), np.concatenate([malignant, benign]))

    theirs = stats.bootstrap(
        (scores[labels == 1], scores[labels == 0]), area, vectorized=False, method="percentile", n_resamples=3000,
        rng=np.random.default_rng(5),
    )
    ours = bootstrap(auc, labels, scores, n_resamples=3000)
    # two runs of 3,000 draws: an end moves by about 4 % of the interval's width
    np.testing.assert_allclose(ours[1:], theirs.confidence_interval, atol=0.15 * (ours.high - ours.low))
    assert ours.estimate == auc(labels, scores)


def test_bootstrap_of_a_share_agrees_with_the_binomial():
    labels, scores = np.ones(100, int), np.repeat([1.0, 0.0], [80, 20])
    ours = bootstrap(lambda truth, marks: accuracy(truth, marks >= 0.5), labels, scores, n_resamples=4000)
    expected = stats.binom.ppf([0.025, 0.975], 100, 0.8) / 100
    np.testing.assert_allclose(ours[1:], expected, atol=0.0101)


def test_bootstrap_repeats_with_its_seed_and_keeps_the_class_sizes():
    labels, scores = binormal(np.random.default_rng(2), malignant=7, benign=13)
    counts = set()

    def statistic(truth, marks):
        counts.add((int(np.sum(truth)), len(truth)))
        return auc(truth, marks)

    first = bootstrap(statistic, labels, scores, n_resamples=50, seed=3)
    assert counts == {(7, 20)}
    assert first == bootstrap(auc, labels, scores, n_resamples=50, seed=3)
    assert first != bootstrap(auc, labels, scores, n_resamples=50, seed=4)


def test_bootstrap_draws_whole_groups():
    labels = np.repeat([1, 1, 0, 0, 0], 4)
    patients = np.repeat(["Ann", "Bo", "Cy", "Di", "Ed"], 4)
    scores = np.repeat([10.0, 20, 30, 40, 50], 4) + np.tile([0, 1, 2, 3], 5)  # tens: the patient; units: the picture

    def statistic(truth, marks):
        patient, picture = marks // 10, marks % 10
        for one in np.unique(patient):
            assert len(set(np.bincount(picture[patient == one].astype(int), minlength=4))) == 1
        assert np.array_equal(truth, (patient < 3).astype(int)), "a label has been parted from its score"
        return np.mean(marks)

    rows = np.random.default_rng(0).permutation(len(labels))  # the rows of one patient need not stand together
    bootstrap(statistic, labels[rows], scores[rows], groups=patients[rows], n_resamples=100)


def test_pictures_of_one_patient_count_for_less_than_as_many_patients():
    labels, scores = binormal(np.random.default_rng(4), malignant=15, benign=25)
    copies = 6
    many, marks, patients = (np.repeat(column, copies) for column in (labels, scores, np.arange(40)))
    naive = bootstrap(auc, many, marks, n_resamples=300)
    honest = bootstrap(auc, many, marks, groups=patients, n_resamples=300)
    single = bootstrap(auc, labels, scores, n_resamples=300)
    assert honest.high - honest.low > 1.8 * (naive.high - naive.low)
    assert honest.high - honest.low == pytest.approx(single.high - single.low, rel=0.25)


def test_patients_with_pictures_of_both_kinds_are_drawn_whole():
    labels, scores, patients = [0, 1, 0, 1, 0, 1], [1, 2, 3, 4, 2, 5], [1, 1, 2, 2, 3, 4]
    sizes = set()
    bootstrap(lambda truth, marks: sizes.add((len(truth), int(truth.sum()))) or auc(truth, marks), labels, scores,
              groups=patients, n_resamples=40)
    assert sizes == {(6, 3)}


def test_bootstrap_refuses_what_it_cannot_answer():
    with pytest.raises(CourseError, match="equally many, but there are 2, 2 and 3"):
        bootstrap(auc, [0, 1], [0, 1], groups=[1, 2, 3])
    with pytest.raises(CourseError, match="equally many"):
        bootstrap(auc, [0, 1, 1], [0, 1])
    with pytest.raises(CourseError, match="not a finite number"):
        bootstrap(lambda truth, marks: np.nan, [0, 1], [0, 1], n_resamples=3)
    with pytest.raises(CourseError, match="n_resamples"):
        bootstrap(auc, [0, 1], [0, 1], n_resamples=0)
    with pytest.raises(CourseError, match="malignant"):
        bootstrap(sensitivity, [0, 0], [0, 1], n_resamples=3)


# DeLong


def direct_delong(labels, models):
    """The definition as printed, with psi summed over every pair in plain loops."""
    labels = np.asarray(labels)
    areas, v10, v01 = [], [], []
    for scores in models:
        x, y = np.asarray(scores)[labels == 1], np.asarray(scores)[labels == 0]
        psi = np.array([[1.0 if a > b else 0.5 if a == b else 0.0 for b in y] for a in x])
        areas.append(psi.mean())
        v10.append(psi.mean(axis=1) - psi.mean())
        v01.append(psi.mean(axis=0) - psi.mean())
    m, n = psi.shape
    covariance = np.array([
        [sum(a * b for a, b in zip(v10[r], v10[s], strict=True)) / (m - 1) / m
         + sum(a * b for a, b in zip(v01[r], v01[s], strict=True)) / (n - 1) / n for s in range(len(models))]
        for r in range(len(models))
    ])
    return np.array(areas), covariance


@pytest.mark.parametrize("decimals", [6, 0])
@pytest.mark.parametrize("seed", range(4))
def test_delong_agrees_with_the_direct_sum(seed, decimals):
    rng = np.random.default_rng(seed)
    labels, a = binormal(rng, malignant=11, benign=17)
    b = a + rng.normal(size=len(a))
    a, b = a.round(decimals), b.round(decimals)
    areas, covariance = direct_delong(labels, [a, b])
    z = stats.norm.ppf(0.975)

    ours = delong(labels, a)
    error = np.sqrt(covariance[0, 0]) / (areas[0] * (1 - areas[0]))
    logit = np.log(areas[0] / (1 - areas[0]))
    expected = [1 / (1 + np.exp(-end)) for end in (logit, logit - z * error, logit + z * error)]
    np.testing.assert_allclose(ours, expected, atol=1e-12)

    difference, p_value = delong_difference(labels, a, b)
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    gap = areas[0] - areas[1]
    np.testing.assert_allclose(difference, (gap, gap - z * error, gap + z * error), atol=1e-12)
    assert p_value == pytest.approx(2 * stats.norm.sf(abs(gap) / error), abs=1e-12)


def test_delong_keeps_its_promise():
    truth = stats.norm.cdf(1.2 / np.sqrt(2))
    rng = np.random.default_rng(0)
    inside = [(interval := delong(*binormal(rng))).low <= truth <= interval.high for _ in range(1000)]
    assert 0.93 <= np.mean(inside) <= 0.975


def test_the_paired_test_has_its_stated_error_rate():
    rng = np.random.default_rng(1)
    p_values = []
    for _ in range(600):
        labels, shared = binormal(rng)
        p_values.append(delong_difference(labels, *(shared + rng.normal(size=(2, len(labels)))))[1])
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.075


def test_pairing_helps_when_two_models_stumble_over_the_same_pictures():
    rng = np.random.default_rng(3)
    labels, shared = binormal(rng)
    a, b = shared + 0.2 * rng.normal(size=(2, len(shared)))
    paired = delong_difference(labels, a, b)[0]
    alone = delong(labels, a)
    assert paired.high - paired.low < 0.6 * (alone.high - alone.low)


def test_a_perfect_auc_is_not_certain():
    labels, scores = [0] * 30 + [1] * 20, list(range(50))
    assert delong(labels, scores) == (1.0, *wilson(20, 20)[1:])
    assert delong(labels, scores[::-1]) == (0.0, *wilson(0, 20)[1:])


def test_a_constant_score_is_worth_one_half_but_not_certainly():
    found = delong([0] * 50 + [1] * 30, [0.7] * 80)
    assert found == wilson(15, 30)
    assert found.high - found.low > 0.3
    estimate, low, high = delong([0, 0, 0, 1, 1, 1], [3] * 6)  # an odd number of pairs: half of 3 is no whole number
    z2 = stats.norm.ppf(0.975) ** 2
    assert estimate == 0.5 and low == pytest.approx(1 - high)
    assert high == pytest.approx(0.5 + 0.5 * np.sqrt(z2 / (3 + z2)))  # Wilson's formula at p = 1/2


@pytest.mark.parametrize("scores", [[3, 3, 3, 3, 4], [3, 3, 3, 3, 2], [1, 1, 2, 2, 2], [5, 5, 5, 4, 4]])
def test_no_auc_of_a_few_pictures_is_certain(scores):
    found = delong([0, 0, 1, 1, 1], scores)
    assert 0 <= found.low <= found.estimate <= found.high <= 1 and found.high - found.low > 0.2


def test_one_swap_among_many_pictures_is_a_difference():
    m = n = 10_000
    labels, scores = np.repeat([1, 0], [m, n]), np.random.default_rng(8).permutation(m + n).astype(float)
    order = np.argsort(scores)
    first = np.flatnonzero((labels[order[:-1]] == 1) & (labels[order[1:]] == 0))[0]  # a malignant just below a benign
    swapped = scores.copy()
    swapped[order[[first, first + 1]]] = scores[order[[first + 1, first]]]
    (difference, low, high), p_value = delong_difference(labels, swapped, scores)
    error = np.sqrt(2) / (m * n)  # 1 / (m n) in one V10 and in one V01
    assert difference == pytest.approx(1 / (m * n), rel=1e-6)
    assert (high - low) / 2 == pytest.approx(stats.norm.ppf(0.975) * error, rel=1e-3)
    assert p_value == pytest.approx(2 * stats.norm.sf(1 / np.sqrt(2)), rel=1e-3)
    assert delong_difference(labels, scores, 3 * scores - 1) == ((0.0, 0.0, 0.0), 1.0)


def test_equal_models_do_not_differ():
    labels, scores = binormal(np.random.default_rng(5))
    assert delong_difference(labels, scores, np.exp(scores)) == ((0.0, 0.0, 0.0), 1.0)


def test_difference_swaps_sign_with_the_models():
    rng = np.random.default_rng(6)
    labels, a = binormal(rng)
    b = a + rng.normal(size=len(a))
    (ab, low, high), p = delong_difference(labels, a, b)
    (ba, other_low, other_high), q = delong_difference(labels, b, a)
    np.testing.assert_allclose((ab, low, high, p), (-ba, -other_high, -other_low, q), atol=1e-12)


def test_delong_refuses_what_it_cannot_answer():
    with pytest.raises(CourseError, match="two pictures of each class, but there are 1 malignant and 2 benign"):
        delong([0, 0, 1], [1, 2, 3])
    with pytest.raises(CourseError, match="malignant"):
        delong([0, 0, 0], [1, 2, 3])
    with pytest.raises(CourseError, match="as many scores as labels"):
        delong_difference([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, 3])
    with pytest.raises(CourseError, match="variance cannot be estimated"):
        delong_difference([0, 0, 1, 1], [1, 2, 3, 4], [1, 1, 1, 1])


def test_the_prevalence_moves_only_where_classes_are_drawn_together():
    labels = np.repeat([0, 1], [60, 40])
    share = lambda y, _: y.mean()  # noqa: E731
    kept = bootstrap(share, labels, labels, n_resamples=200)
    drawn = bootstrap(share, labels, labels, n_resamples=2000, by_class=False)
    assert kept.low == kept.high == 0.4
    assert drawn.high - drawn.low == pytest.approx(2 * 1.96 * np.sqrt(0.4 * 0.6 / 100), rel=0.1)
