"""The rules that the drawn cells must keep, on all 569 patients."""

import csv

import numpy as np
import pytest
from joblib import Parallel, delayed
from PIL import Image
from sklearn.metrics import roc_auc_score

from course import CourseError
from course.data import cytology, nuclei
from course.imaging.measurement import measure
from course.imaging.segmentation import segment_nuclei


@pytest.fixture(scope="module")
def drawn():
    images, labels, patients = cytology.load()
    return images, labels, patients


@pytest.fixture(scope="module")
def measured(drawn):
    """Features re-measured from the pixels (569, 30), their names, and the number of nuclei found (569,)."""
    results = Parallel(2)(delayed(_measure)(image) for image in drawn[0])
    features, counts = zip(*results, strict=True)
    return np.array([list(f.values()) for f in features]), list(features[0]), np.array(counts)


def _measure(image):
    labels = segment_nuclei(image)
    return measure(image, labels, cytology.pixel_size()), labels.max()


def in_table(name):
    return np.array([row[name] for row in cytology.table()[0]])


def test_labels_are_turned_round_once():
    from sklearn.datasets import load_breast_cancer

    labels = cytology.table()[1]
    assert labels.sum() == 212 and len(labels) == 569
    assert np.array_equal(labels == 1, load_breast_cancer().target == 0)


def test_mean_and_worst_radius_are_exact():
    radii = np.array([nuclei.radii(cytology.geometry(case)[0]) for case in range(cytology.N_CASES)])
    assert radii.shape == (569, 15)
    np.testing.assert_allclose(radii.mean(1), in_table("mean radius"), rtol=1e-9)
    np.testing.assert_allclose(np.sort(radii)[:, -3:].mean(1), in_table("worst radius"), rtol=1e-9)


def test_spread_is_the_nearest_that_the_means_allow():
    rng = np.random.default_rng(0)
    values = nuclei.matched_values(12.0, 0.3, 14.5, rng)  # 14.5 - 12 = 8.3 standard errors: above 7.48, out of reach
    assert values.std(ddof=1) == pytest.approx(0.5175 * 2.5, rel=0.03)
    values = nuclei.matched_values(12.0, 0.4, 14.0, rng)
    assert values.std(ddof=1) == pytest.approx(0.4 * np.sqrt(15), rel=1e-6)


def test_every_mask_shows_fifteen_whole_nuclei():
    for case in range(0, 569, 7):
        mask = cytology.draw_mask(case)
        assert set(np.unique(mask)) == set(range(16))
        assert not (mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def test_mask_areas_are_those_of_the_contours():
    for case in (0, 100, 212, 461):
        r, _ = cytology.geometry(case)
        areas = np.bincount(cytology.draw_mask(case, size=600).ravel())[1:] * cytology.pixel_size(600) ** 2
        np.testing.assert_allclose(areas, nuclei.areas(r), rtol=0.03)


def test_the_patients_who_cannot_have_the_tables_spread():
    excess = (in_table("worst radius") - in_table("mean radius")) / in_table("radius error")
    labels = cytology.table()[1]
    assert (excess > 7.48).mean() == pytest.approx(0.19, abs=0.005)
    assert (excess > 7.48)[labels == 1].mean() == pytest.approx(0.38, abs=0.006)


def test_brightness_gives_little_away(drawn):
    images, labels, _ = drawn
    for brightness in (images.mean((1, 2, 3)), images.mean((1, 2))[:, 0], images.mean((1, 2))[:, 1]):
        assert roc_auc_score(labels, -brightness) <= 0.75


def test_stain_does_not_depend_on_the_class(drawn):
    images, labels, _ = drawn
    background = np.percentile(images, 90, axis=(1, 2))
    for channel in range(3):
        assert 0.42 <= roc_auc_score(labels, background[:, channel]) <= 0.58


def test_the_number_of_nuclei_gives_nothing_away(drawn, measured):
    counts = measured[2]
    auc = roc_auc_score(drawn[1], counts)
    print(f"count as found: AUC {auc:.3f}")
    assert max(auc, 1 - auc) <= 0.55


def test_round_trip(measured):
    features, names, _ = measured
    r = {name: np.corrcoef(features[:, k], in_table(name))[0, 1] for k, name in enumerate(names)}
    print({name: round(value, 3) for name, value in r.items()})
    assert r["mean radius"] >= 0.99
    assert r["worst radius"] >= 0.97
    assert r["mean texture"] >= 0.75
    assert r["mean compactness"] >= 0.7  # reported, not promised: dents meet blur
    assert r["mean concave points"] >= 0.7


def test_re_measured_features_diagnose_almost_as_well_as_the_table(drawn, measured):
    from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    table = np.array([list(row.values()) for row in cytology.table()[0]])
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=0)
    model = make_pipeline(StandardScaler(), SVC(C=10, gamma=0.01))
    from_pixels, from_table = (cross_val_score(model, x, drawn[1], cv=folds).mean() for x in (measured[0], table))
    print(f"RBF SVM, 3 x 10-fold: {from_pixels:.4f} re-measured, {from_table:.4f} on the table")
    assert from_pixels >= 0.94
    assert 0.97 <= from_table <= 0.985


def test_same_arguments_same_picture():
    assert np.array_equal(cytology.draw(7), cytology.draw(7))
    assert not np.array_equal(cytology.draw(7), cytology.draw(7, field=1))
    assert not np.array_equal(cytology.draw(7), cytology.draw(7, seed=1))
    assert np.array_equal(cytology.load(split="test")[0][3], cytology.draw(int(cytology.load(split="test")[2][3])))


def test_size_changes_the_resolution_not_the_field():
    large = cytology.draw(20, size=450).reshape(150, 3, 150, 3, 3).mean((1, 3))
    small = cytology.draw(20, size=150)
    assert small.shape == (150, 150, 3) and small.dtype == np.uint8
    assert np.corrcoef(large.ravel(), small.ravel())[0, 1] > 0.97
    masks = cytology.draw_mask(20, size=450)[1::3, 1::3], cytology.draw_mask(20)
    assert np.mean(masks[0] == masks[1]) > 0.99


def test_fields_of_a_patient_have_other_nuclei_but_one_stain():
    first, second = (nuclei.radii(cytology.geometry(3, field)[0]) for field in (0, 1))
    assert not np.allclose(np.sort(first), np.sort(second))
    assert first.mean() == pytest.approx(second.mean())
    images, labels, patients = cytology.load(size=32, fields=2, split="validation")
    assert len(images) == 2 * len(np.unique(patients)) == len(labels)
    assert np.array_equal(patients[::2], patients[1::2])


def test_no_two_random_streams_of_a_slide_are_the_same():
    streams = [cytology._random(150, (0, 3, field)) for field in range(6)]
    first = {name: [getattr(s, name).random() for s in streams] for name in ("shape", "paint", "slide")}
    assert len(set(first["slide"])) == 1  # one stain for all fields of the slide
    assert len({*first["shape"], *first["paint"], *first["slide"]}) == 13


def test_split_is_by_patient_and_stratified():
    split, labels = cytology.split_of_patients(), cytology.table()[1]
    assert [int((split == name).sum()) for name in cytology.SPLITS] == [398, 85, 86]
    for name in cytology.SPLITS:
        assert labels[split == name].mean() == pytest.approx(212 / 569, abs=0.01)


def test_write_gives_folders_and_a_manifest(tmp_path):
    folder = cytology.write(tmp_path / "cells", size=32)
    rows = list(csv.DictReader((folder / "manifest.csv").open(encoding="utf-8")))
    assert len(rows) == 569 == len(list(folder.glob("*/*/*.png")))
    split, labels = cytology.split_of_patients(), cytology.table()[1]
    for row in rows:
        case = int(row["case"])
        assert row["path"].startswith(f"{split[case]}/{cytology.CLASSES[labels[case]]}/")
        assert float(row["mean radius drawn"]) == pytest.approx(float(row["mean radius wanted"]), abs=1e-4)
    whose = list(csv.DictReader((folder / "patients.csv").open(encoding="utf-8")))
    assert [(one["picture"], int(one["patient"][4:])) for one in whose] == [
        (row["path"], int(row["case"])) for row in rows]
    with Image.open(folder / rows[5]["path"]) as picture:
        assert np.array_equal(np.asarray(picture), cytology.draw(int(rows[5]["case"]), size=32))


def test_write_never_touches_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(CourseError, match="not empty"):
        cytology.write(tmp_path, size=32)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_folder_one_is_in_is_refused_before_anything_is_drawn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cytology, "_in_batches", lambda *args: pytest.fail("pictures were drawn"))
    for folder in (".", tmp_path, ""):
        with pytest.raises(CourseError, match="the folder you are in"):
            cytology.write(folder, size=32)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fields", [0, -1, 101, 10**30, 1.5, "2"])
def test_a_number_of_fields_that_is_none_is_refused_at_once(tmp_path, fields):
    for use in (lambda: cytology.load(32, fields), lambda: cytology.write(tmp_path / "new", 32, fields)):
        with pytest.raises(CourseError, match="1 to 100"):
            use()
    assert list(tmp_path.iterdir()) == []


def test_fields_that_do_not_fit_the_memory_are_told_before_drawing(monkeypatch):
    monkeypatch.setattr(cytology, "_in_batches", lambda *args: pytest.fail("pictures were drawn"))
    monkeypatch.setattr("course.data.memory.available", lambda: 10**9)
    with pytest.raises(CourseError, match=r"need 179\.0 GB of memory, and 1\.0 GB are free"):
        cytology.load(1024, 100)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((569,), "0 to 568"),
        ((-1,), "0 to 568"),
        ((1.5,), "0 to 568"),
        ((0, 16), "32 to 1024"),
        ((0, 150, -1), "from 0"),
    ],
)
def test_wrong_arguments_are_explained(arguments, message):
    with pytest.raises(CourseError, match=message):
        cytology.draw(*arguments)


def test_unknown_split_is_explained():
    with pytest.raises(CourseError, match="train, validation, test"):
        cytology.load(split="training")


def test_the_smallest_pictures_are_drawn_without_a_warning():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for case in range(0, 569, 11):
            cytology.draw(case, size=32)
