"""What lesson 25 says in words must be true of its runs, its invented file, and its panel."""

import numpy as np
import pytest

from course.data import cytology
from course.imaging.dicom import deidentify
from course.reproduce import lesson_25, tables_25
from course.reproduce.store import result
from course.widgets import lesson_25 as widgets


def test_one_name_in_five_places_of_which_the_free_text_stays():
    header = widgets.planted()
    assert len(widgets.where(header, "Quill")) == 5
    cleaned, report = deidentify(header, "kept in the hospital's safe")
    assert widgets.where(cleaned, "Quill") == ["ContrastBolusAgent"] and "ContrastBolusAgent" in report.texts


@pytest.mark.parametrize("share", widgets.SHARES)
def test_expected_agreement_is_what_two_simulated_readers_reach(share):
    rng, n = np.random.default_rng(5), 200_000
    sick = rng.random(n) < share
    said = [np.where(sick, rng.random(n) < 0.9, rng.random(n) > 0.95) for _ in range(2)]
    shares = widgets.expected(share, 0.9, 0.95)
    assert shares.sum() == pytest.approx(1)
    assert shares[0, 0] == pytest.approx(np.mean(said[0] & said[1]), abs=0.004)
    assert shares[0, 1] == pytest.approx(np.mean(said[0] & ~said[1]), abs=0.004)


def test_the_same_readers_have_any_kappa():
    found = np.array([widgets.agreement_and_kappa(widgets.expected(share, 0.9, 0.95)) for share in widgets.SHARES])
    assert 0.86 < found[:, 0].min() < found[:, 0].max() < 0.91
    assert found[0, 1] < 0.2 < 0.7 < found[-1, 1]


def test_the_panel_draws_every_corner():
    pictures = {widgets.kappa_panel(share, sensitivity, specificity).tobytes()
                for share in (0.01, 0.5) for sensitivity in (0.5, 1.0) for specificity in (0.5, 1.0)}
    assert len(pictures) == 7  # thrown coins, 0.5 and 0.5, give one table at any share


@pytest.mark.parametrize("fold", range(5))
def test_hospitals_share_out_all_training_patients_and_both_kinds(fold):
    dealt, labels = lesson_25.hospitals(fold), cytology.table()[1]
    everybody = np.concatenate(list(dealt.values()))
    assert sorted(everybody) == np.flatnonzero(lesson_25.fold_of_patients() != fold).tolist()
    for name, rows in dealt.items():
        assert len(rows) / len(everybody) == pytest.approx(lesson_25.SHARES[name], abs=0.01)
        assert labels[rows].mean() == pytest.approx(labels[everybody].mean(), abs=0.02)


def test_the_average_is_that_of_the_exercise():
    weights = {"A": [np.array([1.0, 0.0]), np.ones(1)], "B": [np.array([4.0, 3.0]), np.zeros(1)]}
    found = lesson_25.average(weights, {"A": 20, "B": 10})
    assert found[0].tolist() == [2.0, 1.0] and found[1] == pytest.approx(2 / 3)


def test_a_strong_stain_stays_and_a_pale_one_is_paler():
    picture = cytology.draw(119, 64)[None]
    assert np.abs(lesson_25.stained(picture, "A").astype(int) - picture).max() <= 1
    assert lesson_25.stained(picture, "B").mean() > picture.mean() + 15


def test_the_table_of_ways_is_that_of_the_stored_scores():
    from sklearn.metrics import roc_auc_score

    truth, table = cytology.table()[1], tables_25.ways()
    for way, stains in result(25)["federated"].items():
        for stain, scores in stains.items():
            assert table.loc[way, f"stain {stain}"] == pytest.approx(roc_auc_score(truth, scores))


def test_the_pale_hospital_loses_by_size_and_not_by_the_plain_mean():
    own = {way: {name: tables_25.against(way, f"{name} alone").loc[name] for name in "ABC"}
           for way in ("pooled", "federated", "federated, plain mean")}
    assert own["federated"]["B"]["to"] < 0 < own["federated"]["A"]["from"]
    assert own["federated"]["C"]["from"] < 0 < own["federated"]["C"]["to"] and own["pooled"]["C"]["from"] > 0
    assert own["pooled"]["A"]["to"] > 0 and own["pooled"]["B"]["to"] > 0
    assert tables_25.against("federated", "federated, plain mean").loc["B", "to"] < 0
    table = tables_25.ways()
    for name in "ABC":
        assert table.loc[f"{name} alone"].idxmax() == f"stain {name}"


def test_smaller_nuclei_are_missed_and_larger_found():
    from course.reproduce.tables import NETWORK, out_of_fold

    scores, cut = out_of_fold()[NETWORK]
    small, large, benign = tables_25.halves()
    assert np.mean(scores[small] >= cut) < 0.7 and np.mean(scores[large] >= cut) > 0.97
    assert small.sum() == large.sum() == 106 and benign.sum() == 357
