"""An average brain with a drawn tumour, drawn vessels and a drawn tract.

The brain is real: MNI's ICBM 152 template, the mean of 152 healthy people's magnetic resonance pictures, in the version
whose two halves are mirror images. It comes inside the package nilearn. What is drawn is made of balls and tubes whose
places and sizes are stated here, in millimetres; their shape and course are ours, and no anatomy. See data/README.md.
"""

import itertools
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from course import CourseError
from course.imaging.paths import to_mm, to_voxels

FILE = "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
TARGET = np.array([32.0, -1.0, 32.0])  # mm: the middle of the tumour's larger ball


class Brain(NamedTuple):
    """t1: uint8 (x, y, z), 0 outside the brain; affine: (4, 4), voxel numbers to mm (x right, y forward, z up)."""

    t1: Any
    affine: Any


def _tube(radius, *places):
    return [(start, end, radius) for start, end in itertools.pairwise(places)]


THINGS = {  # name: capsules (start, end, radius), mm
    "tumour": [((32, -1, 32), (32, -1, 32), 10.0), ((39, 5, 36), (39, 5, 36), 7.0)],
    "vessels": [
        *_tube(1.5, (52, -2, 8), (59, 4, 24), (54, 12, 46), (42, 18, 58), (26, 22, 66)),
        *_tube(1.5, (59, 4, 24), (58, -16, 40), (48, -26, 56)),
        *_tube(1.5, (54, 12, 46), (46, 30, 42), (34, 44, 36)),
        *_tube(1.5, (52, -2, 8), (42, 8, 14), (28, 4, 17)),
        *_tube(1.5, (4, 8, 76), (20, 3, 72), (36, -6, 65), (50, -14, 53), (58, -16, 40)),
    ],
    "tract": _tube(3.5, (36, -22, 62), (28, -18, 38), (22, -14, 12), (13, -18, -12), (6, -24, -30)),
}
MARKERS = np.array([[-48.0, 64, 22], [48, 64, 22], [0, 76, 48], [-76, 12, 8], [76, 12, 8]])  # on the head, mm: ours


def load(every=1):
    """Return the template as a Brain: (197, 233, 189) voxels of 1 mm.

    every: of the slices from below to above keep each one at this distance, as a scan with thick slices has them.
    """
    from course.files import explained

    path = _folder() / FILE
    if not path.exists():
        raise CourseError(f"{path} is missing: this nilearn has another template. Install the version of the lock.")
    import nibabel

    with explained(path, "read"):
        image = nibabel.load(path)
        t1 = np.ascontiguousarray(np.asanyarray(image.dataobj)[:, :, ::every])
    return Brain(t1, image.affine @ np.diag([1.0, 1.0, every, 1.0]))


def _folder():
    """Return where nilearn keeps its templates; nilearn itself is not run, only found: it takes seconds to import."""
    from importlib.util import find_spec

    spec = find_spec("nilearn")
    if spec is None or find_spec("nibabel") is None:
        raise CourseError("the average brain comes with the packages nilearn and nibabel, and one of them is missing. "
                          "Install both: python -m pip install nilearn nibabel")  # fmt: skip
    return Path(spec.origin).parent / "datasets" / "data"


def part(brain, low, high):
    """Return the box of a Brain between two corners, mm (3,), the affine moved with it; a view, nothing is copied."""
    first, last = np.rint(to_voxels(brain.affine, [low, high])).astype(int)
    first, last = np.maximum(first, 0), np.minimum(last + 1, brain.t1.shape)
    affine = brain.affine.copy()
    affine[:3, 3] = to_mm(brain.affine, first)
    return Brain(brain.t1[tuple(map(slice, first, last))], affine)


def distance_to(name, places):
    """Return mm from places (..., 3) to the surface of a drawn thing, by formula; below 0 within it."""
    places = np.asarray(places, float)
    return np.min([_to_capsule(places, *capsule) for capsule in _capsules(name)], axis=0)


def mask(name, brain):
    """Return where a drawn thing is: bool, of the brain's shape; True for voxels whose middle lies in it."""
    capsules = _capsules(name)
    out = np.zeros(brain.t1.shape, bool)
    for start, end, radius in capsules:
        ends = np.array([start, end], float)
        corners = to_voxels(brain.affine, [ends.min(axis=0) - radius, ends.max(axis=0) + radius])
        low = np.maximum(np.floor(corners.min(axis=0)), 0).astype(int)
        high = np.minimum(np.ceil(corners.max(axis=0)) + 1, out.shape).astype(int)
        grid = np.stack(np.meshgrid(*map(np.arange, low, high), indexing="ij"), axis=-1)
        part = tuple(map(slice, low, high))
        out[part] |= _to_capsule(to_mm(brain.affine, grid), start, end, radius) <= 0
    return out


def _capsules(name):
    if name not in THINGS:
        raise CourseError(f"nothing drawn is called {name!r}. There are: {', '.join(THINGS)}.")
    return THINGS[name]


def _to_capsule(places, start, end, radius):
    """Return mm from places (..., 3) to the surface of a tube with round ends, or of a ball where start is end."""
    start, line = np.array(start, float), np.subtract(end, start, dtype=float)
    share = np.clip((places - start) @ line / max(line @ line, 1e-12), 0, 1)
    return np.linalg.norm(places - start - share[..., None] * line, axis=-1) - radius


def surface(brain, direction, target=TARGET):
    """Return the place, mm (3,), where a ray from the target along `direction` (3,) leaves the brain for good."""
    direction = np.asarray(direction, float) / np.linalg.norm(direction)
    places = target + np.arange(0, 200, 0.5)[:, None] * direction
    voxels = np.rint(to_voxels(brain.affine, places)).astype(int)
    within = ((voxels >= 0) & (voxels < brain.t1.shape)).all(axis=1)
    brain_there = np.zeros(len(places), bool)
    brain_there[within] = brain.t1[tuple(voxels[within].T)] > 0
    if not brain_there.any():
        raise CourseError(f"no part of the brain lies on the ray from {np.round(target, 1).tolist()} mm.")
    return places[np.flatnonzero(brain_there)[-1]]
