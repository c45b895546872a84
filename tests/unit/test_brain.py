"""The average brain, what is drawn in it, and paths through it: against nibabel, and against distances by formula."""

import importlib.util

import nibabel
import numpy as np
import pytest
from nibabel.affines import apply_affine
from scipy.ndimage import distance_transform_edt

from course import CourseError
from course.data import brain
from course.imaging.paths import along, clearance, path, spacing, to_mm, to_voxels

HEAD = brain.load()
PART = brain.part(HEAD, (-12, -72, -42), (84, 72, 86))


def test_the_template_is_the_one_the_card_describes():
    assert HEAD.t1.shape == (197, 233, 189) and HEAD.t1.dtype == np.uint8 and HEAD.t1.max() == 255
    assert HEAD.affine.tolist() == [[1, 0, 0, -98], [0, 1, 0, -134], [0, 0, 1, -72], [0, 0, 0, 1]]
    assert nibabel.aff2axcodes(HEAD.affine) == ("R", "A", "S")
    assert (HEAD.t1 == HEAD.t1[::-1]).all(), "the mirror-symmetric version"


def test_voxels_and_millimetres_are_nibabels():
    rng = np.random.default_rng(0)
    affine = np.eye(4)
    affine[:3] = rng.normal(size=(3, 4)) * [1, 2, 3, 50]
    voxels = rng.normal(size=(5, 2, 3)) * 40
    assert np.allclose(to_mm(affine, voxels), apply_affine(affine, voxels))
    assert np.allclose(to_voxels(affine, to_mm(affine, voxels)), voxels)
    assert np.allclose(spacing(affine), nibabel.affines.voxel_sizes(affine))


@pytest.mark.parametrize("head", [HEAD, PART, brain.load(every=3)], ids=["whole", "part", "thick"])
def test_the_same_place_whatever_the_grid(head):
    centre = np.rint(to_voxels(head.affine, brain.TARGET)).astype(int)
    assert brain.mask("tumour", head)[tuple(centre)]
    volume = brain.mask("tract", head).sum() * spacing(head.affine).prod()
    assert volume == pytest.approx(brain.mask("tract", HEAD).sum(), rel=0.03)


def test_a_part_holds_the_same_grey_levels():
    places = brain.TARGET + np.arange(-20, 20)[:, None]
    values = [one.t1[tuple(np.rint(to_voxels(one.affine, places)).astype(int).T)] for one in (HEAD, PART)]
    assert (values[0] == values[1]).all()


def test_masks_are_the_formula_at_every_voxel():
    grid = to_mm(PART.affine, np.stack(np.indices(PART.t1.shape), axis=-1))
    for name in brain.THINGS:
        assert (brain.mask(name, PART) == (brain.distance_to(name, grid) <= 0)).all(), name


def test_the_distance_map_is_the_formula_within_a_voxels_half_diagonal():
    gaps = distance_transform_edt(~brain.mask("vessels", PART), sampling=spacing(PART.affine))
    rng = np.random.default_rng(3)
    for _ in range(20):
        entry = brain.surface(PART, np.abs(rng.normal(size=3)))
        places = path(entry, brain.TARGET)
        true = np.maximum(brain.distance_to("vessels", places), 0)
        assert np.abs(along(gaps, PART.affine, places) - true).max() < np.sqrt(3) / 2 + 0.1
        least, depth = clearance(gaps, PART.affine, entry, brain.TARGET)
        assert least == pytest.approx(true.min(), abs=0.97) and 0 <= depth <= np.linalg.norm(entry - brain.TARGET)


def test_a_path_has_its_ends_and_small_steps():
    places = path([0, 0, 0], [3, 4, 0], step=0.7)
    assert places[0].tolist() == [0, 0, 0] and places[-1].tolist() == [3, 4, 0]
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() <= 0.7
    with pytest.raises(CourseError, match="step"):
        path([0, 0, 0], [1, 0, 0], step=0)


def test_a_path_that_leaves_the_volume_is_refused():
    with pytest.raises(CourseError, match="millimetres, not voxels"):
        clearance(np.ones((5, 5, 5)), np.eye(4), [0, 0, 0], [0, 0, 9])


def test_unknown_things_and_missing_packages_are_told(monkeypatch):
    with pytest.raises(CourseError, match="There are: tumour, vessels, tract"):
        brain.distance_to("skull", [0, 0, 0])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="pip install nilearn nibabel"):
        brain.load()


def test_a_nilearn_without_the_template_is_told(monkeypatch):
    monkeypatch.setattr(brain, "FILE", "another.nii.gz")
    with pytest.raises(CourseError, match="another template"):
        brain.load()
