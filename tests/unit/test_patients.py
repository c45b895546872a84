"""patients.csv: who is named, who is missing, who is in two splits; intervals by patient."""

import numpy as np
import pytest
from blobs import write_blobs
from scipy.stats import norm

from course import CourseError
from course.data.folders import scan
from course.evaluation import clustered
from course.evaluation.intervals import delong, wilson


@pytest.fixture
def data(tmp_path):
    return write_blobs(tmp_path / "cells")


def names(data):
    """Two pictures a patient, both of one split."""
    paths = [path for split in ("train", "validation", "test") for path in sorted((data / split).rglob("*.png"))]
    return {path.relative_to(data).as_posix(): f"P{number // 2}" for number, path in enumerate(paths)}


def write(data, rows, head="picture,patient", separator=",", encoding="utf-8"):
    lines = [head, *(f"{picture}{separator}{patient}" for picture, patient in rows)]
    (data / "patients.csv").write_text("\n".join(lines), encoding=encoding)


def test_nobody_says_whose_pictures_they_are(data):
    folder = scan(data)
    assert folder.patients is None and "patients.csv" in folder.unchecked


def test_patients_stand_beside_their_pictures(data):
    write(data, names(data).items())
    folder = scan(data)
    for split, paths in folder.files.items():
        assert list(folder.patients[split]) == [names(data)[path.relative_to(data).as_posix()] for path in paths]
    assert "24 patients" in folder.unchecked


@pytest.mark.parametrize("change", ["strokes", "spreadsheet", "order", "columns", "others", "mark", "dot"])
def test_tables_as_people_write_them(data, change):
    rows, head, options = names(data), "picture,patient", {}
    if change == "strokes":
        rows = {picture.replace("/", "\\"): patient for picture, patient in rows.items()}
    elif change == "dot":
        rows = {f"./{picture}": patient for picture, patient in rows.items()}
    elif change == "spreadsheet":
        head, options = "Picture;Patient", {"separator": ";"}
    elif change == "order":
        rows = dict(reversed(rows.items()))
    elif change == "columns":
        head, rows = "picture,patient,age", {picture: f"{patient},50" for picture, patient in rows.items()}
    elif change == "others":
        rows["train/benign/lost.png"] = "P7"
    elif change == "mark":
        options = {"encoding": "utf-8-sig"}
    write(data, rows.items(), head, **options)
    assert scan(data).patients["test"][0] == names(data)[scan(data).files["test"][0].relative_to(data).as_posix()]


def refusal(data):
    with pytest.raises(CourseError) as caught:
        scan(data)
    return str(caught.value)


def test_a_patient_in_two_splits_is_refused(data):
    rows = names(data)
    first, *_, last = rows
    write(data, {**rows, first: "same", last: "same"}.items())
    assert "patient same is in train (1) and test (1)" in refusal(data)


def test_a_picture_without_a_patient_is_refused(data):
    rows = names(data)
    gone, blank = list(rows)[3], list(rows)[5]
    write(data, [(picture, " " if picture == blank else who) for picture, who in rows.items() if picture != gone])
    message = refusal(data)
    assert f"no patient is named for {gone}" in message and f"no patient is named for {blank}" in message


def test_a_picture_of_two_patients_is_refused(data):
    rows = names(data)
    write(data, [*rows.items(), (next(iter(rows)), "another")])
    assert "belongs to two patients, P0 and another" in refusal(data)


@pytest.mark.parametrize(("content", "words"), [
    (b"", "first line must name"), (b"file,person\n", "first line must name"), (b"\xff\xfe\x00p", "not UTF-8"),
    (b"picture,patient\n" + b'"' + b"x" * 200_000, "cannot be read as a table"),
])
def test_no_table_is_refused(data, content, words):
    (data / "patients.csv").write_bytes(content)
    assert words in refusal(data)


def test_a_folder_of_that_name_is_refused(data):
    (data / "patients.csv").mkdir()
    assert "patients.csv: this is no file" in refusal(data)


@pytest.mark.parametrize("seed", range(4))
def test_one_picture_a_patient_is_the_usual_interval(seed):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat([0, 1], [40, 25]))
    scores = (rng.normal(size=65) + labels).round(1)  # ties
    np.testing.assert_allclose(clustered.auc(labels, scores, np.arange(65)), delong(labels, scores), rtol=1e-12)
    right = scores > 0.5
    np.testing.assert_allclose(clustered.share(right, np.arange(65)), wilson(int(right.sum()), 65), rtol=1e-9)


def test_copies_of_a_picture_add_nothing():
    rng = np.random.default_rng(1)
    labels, patients = np.repeat([0, 1], 20), np.arange(40)
    scores = rng.normal(size=40) + labels
    again = [np.repeat(values, 5) for values in (labels, scores, patients)]
    np.testing.assert_allclose(clustered.auc(*again), delong(labels, scores), rtol=1e-9)
    right = scores > 0.5
    np.testing.assert_allclose(clustered.share(np.repeat(right, 5), again[2]), wilson(int(right.sum()), 40), rtol=0.02)


def test_all_found_is_no_certainty():
    assert clustered.share(np.ones(30), np.repeat(np.arange(10), 3)) == wilson(10, 10)
    labels = np.repeat([0, 1], 30)
    assert clustered.auc(labels, labels * 1.0, np.repeat(np.arange(20), 3)) == wilson(10, 10)


def test_intervals_by_patient_keep_their_promise_where_those_by_picture_do_not():
    rng = np.random.default_rng(5)
    true_auc, true_share = norm.cdf(1 / np.sqrt(2)), norm.cdf(0.5)
    kept = np.zeros(4)
    for _ in range(400):
        patients = np.repeat(np.arange(60), rng.integers(1, 8, 60))
        labels = rng.integers(0, 2, 60)[patients]
        noise = np.sqrt(0.5) * rng.normal(size=60)[patients] + np.sqrt(0.5) * rng.normal(size=len(patients))
        scores = labels + noise
        ill = labels == 1
        found = scores[ill] > 0.5
        for place, (interval, truth) in enumerate((
            (clustered.auc(labels, scores, patients), true_auc), (clustered.share(found, patients[ill]), true_share),
            (delong(labels, scores), true_auc), (wilson(int(found.sum()), len(found)), true_share),
        )):
            kept[place] += interval.low <= truth <= interval.high
    by_patient, by_picture = kept[:2] / 400, kept[2:] / 400
    assert (by_patient > 0.92).all() and (by_picture < 0.87).all()


def test_one_patient_of_a_kind_has_no_interval():
    with pytest.raises(CourseError, match="two patients of each kind"):
        clustered.auc([0, 0, 1, 1], [0.1, 0.4, 0.3, 0.8], ["a", "b", "c", "c"])
    with pytest.raises(CourseError, match="one patient for each picture"):
        clustered.share([True, False], ["a"])
