"""What lesson 14 says in words must be true of the stored runs, judged on the patients that it names."""

import numpy as np
import pytest
from harness import lesson_cells

from course.data.cytology import split_of_patients
from course.data.cytology import table as wisconsin
from course.evaluation.intervals import delong_difference
from course.evaluation.metrics import auc
from course.reproduce import result, tables
from course.reproduce.lesson_14 import FIELDS, recipes
from course.widgets.lesson_14 import variants_figure

TEXT = " ".join(lesson_cells("14").text.split())


@pytest.fixture(scope="module")
def runs():
    return tables.runs("validation")


def of(runs, variant, measure):
    return runs.loc[runs["variant"] == variant, measure].to_numpy()


def test_the_printed_recipe_is_a_lottery(runs):
    truth = tables.labels_of("validation")
    nobody = of(runs, "as printed", "sensitivity") == 0
    assert nobody.tolist() == [False, True, False, False, False]
    assert of(runs, "as printed", "accuracy")[1] == np.mean(truth == 0)
    small = "learning rate 1e-4"
    for measure in ("accuracy", "AUC"):
        assert np.ptp(of(runs, small, measure)) < 0.5 * np.ptp(of(runs, "as printed", measure))
    worst = of(runs, small, "sensitivity").argmin()
    assert of(runs, small, "sensitivity")[worst] < 0.5 and of(runs, small, "accuracy")[worst] > 0.75
    low = of(runs, "usual augmentation", "accuracy") < 0.7
    assert low.sum() >= 2 and np.median(of(runs, "usual augmentation", "AUC")) > 0.85


def test_paired_differences_are_mostly_undecided(runs):
    truth, stored = tables.labels_of("validation"), result(14)["cells"]
    held = 0
    for name in list(stored)[1:-1]:
        for seed, pair in enumerate(zip(stored[name], stored["as printed"], strict=True)):
            gap = delong_difference(truth, *(np.array(run["validation_scores"]) for run in pair))[0]
            if seed == 1:
                assert gap.low > 0, name  # "there everything helps"
            else:
                held += gap.low <= 0 <= gap.high
    assert held > 16 / 2  # "elsewhere most intervals hold 0"


def test_one_number_beats_every_classic_run(runs):
    validation = split_of_patients() == "validation"
    area = tables.out_of_fold()["total nuclear area"][0][validation]
    assert auc(wisconsin()[1][validation], area) > runs.loc[runs["variant"] != "repaired", "AUC"].max() + 0.01


def test_the_area_is_ahead_of_every_printed_run_and_not_provably_of_the_best():
    truth, validation = tables.labels_of("validation"), split_of_patients() == "validation"
    area, stored = tables.out_of_fold()["total nuclear area"][0][validation], result(14)["cells"]
    runs_of = {name: [np.array(run["validation_scores"]) for run in five] for name, five in stored.items()}
    assert all(delong_difference(truth, area, scores)[0].low > 0 for scores in runs_of["as printed"])
    classic = [scores for name, five in runs_of.items() if name != "repaired" for scores in five]
    gap = delong_difference(truth, area, max(classic, key=lambda scores: auc(truth, scores)))[0]
    assert gap.low < 0 < gap.high


def test_the_repaired_runs_are_ahead_of_the_printed_ones_seed_by_seed(runs):
    truth, stored = tables.labels_of("validation"), result(14)["cells"]
    for pair in zip(stored["repaired"], stored["as printed"], strict=True):
        assert delong_difference(truth, *(np.array(run["validation_scores"]) for run in pair))[0].low > 0
    silent = of(runs, "usual augmentation", "sensitivity")[1]
    assert silent == 0  # "every variant has the better AUC": not the better accuracy


def test_what_the_repair_table_says():
    repaired, printed = recipes()["repaired"], recipes()["as printed"]
    steps = repaired.epochs * -(-398 * FIELDS // repaired.batch_size)
    assert 1450 < steps < 1550 and printed.epochs * -(-398 // printed.batch_size) == 130
    assert repaired.flips == "both" and repaired.schedule == "cosine"


def test_out_of_fold_comparison():
    compared, network = tables.comparison(), tables.NETWORK
    better = compared["from"] > 0
    worse = compared["to"] < 0
    assert set(compared.index[better]) == {"mean brightness", "total nuclear area"}
    assert set(compared.index[worse]) == {"SVM on the table's thirty columns"}
    scores, cut = tables.out_of_fold()[network]
    truth = wisconsin()[1]
    assert cut == 0.5 and np.sum(scores[truth == 1] < cut) == 40 and np.sum(truth == 1) == 212
    assert TEXT.count("40 of") >= 2 and "one in five" in TEXT
    assert np.ptp(tables.by_fold()["sensitivity"]) > 0.1  # "a scale of its own"


def test_ultrasound_rows_have_one_rule_each():
    for run in result(14)["ultrasound"]:
        assert 0.2 < 1 - run["at 0.5"]["sensitivity"][0] < 0.36  # "about a quarter to a third"
        assert run["at threshold"]["sensitivity"][0] > 0.85
        assert abs(run["at threshold"]["accuracy"][0] - run["majority"]) < 0.05  # "about the majority's"
        assert run["at 0.5"]["accuracy"][0] > run["majority"] + 0.1
        assert run["at 0.5"]["auc"][0] == pytest.approx(run["at threshold"]["auc"][0], abs=0.002)


def test_two_of_three_ultrasound_runs_fall_below_the_majority():
    assert sum(run["at threshold"]["accuracy"][0] < run["majority"] for run in result(14)["ultrasound"]) == 2


def test_batch_normalisation_keeps_480_averages():
    from course.models.breast_cnn import classic, repaired

    model = repaired()
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert model.count_params() - trained == 480 and "480" in TEXT
    assert 30 < classic().count_params() / model.count_params() < 40  # "less than a thirtieth"


def test_the_figure_shows_every_run_of_the_split_it_names(runs):
    left, right = variants_figure(runs, 0.6, "validation").axes
    dots = [line for line in left.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == len(runs)
    assert right.get_xlabel() == "AUC on the validation patients"


def test_what_the_threshold_panel_shows():
    truth, (scores, _) = wisconsin()[1], tables.out_of_fold()[tables.NETWORK]
    steps = np.arange(0, 1.01, 0.02)
    missed = np.array([(scores[truth == 1] < step).sum() for step in steps])
    alarmed = np.array([(scores[truth == 0] >= step).sum() for step in steps])
    careful, calm = np.flatnonzero(missed <= 4)[-1], np.flatnonzero(alarmed == 0)[0]
    assert steps[careful] < 0.1 and 0.4 < alarmed[careful] / 357 < 0.5  # "nearly half of the benign are alarmed"
    assert steps[calm] > 0.9 and 0.4 < missed[calm] / 212 < 0.5  # "nearly half of the malignant pay"


def test_no_patient_is_as_uneven_as_the_question_asks():
    assert 1.55 < max(row["worst radius"] / row["mean radius"] for row in wisconsin()[0]) < 1.6
