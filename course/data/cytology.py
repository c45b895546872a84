"""Cytology drawn from the Wisconsin breast-cancer table: real measurements and labels, drawn pictures.

The table (Street, Wolberg, Mangasarian, 1993; shipped inside scikit-learn) holds 30 measurements of cell nuclei from
569 patients, but none of the pictures. Here each patient becomes a field of 15 stained nuclei with the patient's sizes,
compactness and texture, as nearly as they can be met. The pictures are drawn, not photographed, and hold no
information beyond the table.
"""

import csv
import functools
from numbers import Integral
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from course import CourseError
from course.data import marker as pen
from course.data import memory, nuclei, patients, staining
from course.files import new_folder
from course.progress import progress

N_CASES = 569
SIZES = (32, 1024)
COUNTS = (8, 25)  # nuclei in a field: more of the largest have no room
MOST_FIELDS = 100
SPLITS = ("train", "validation", "test")
CLASSES = ("benign", "malignant")


@functools.cache
def table():
    """Return (rows, labels): 569 dicts of measurements by name, and int64 labels with malignant = 1.

    scikit-learn stores the opposite, 0 = malignant; it is turned round here, once.
    """
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    rows = [dict(zip(data.feature_names.tolist(), values, strict=True)) for values in data.data.tolist()]
    labels = 1 - data.target.astype(np.int64)
    labels.flags.writeable = False
    return rows, labels


def pixel_size(size=150):
    """Side of one pixel in table units: `size` changes the resolution, not the field."""
    return nuclei.FIELD / size


def draw(case, size=150, field=0, seed=0, marker=False, nuclei=nuclei.N_NUCLEI):
    """Draw one field of patient `case` (row number of the table): uint8 (size, size, 3); same arguments, same picture.

    Fields of one patient share the slide's stain; nuclei, light, focus and noise are drawn anew for each.
    marker: put a pen mark in the corner. nuclei: how many there are, 8 to 25. Both are shortcuts to be caught (lesson
    20): nothing about the patient.
    """
    picture = draw_field(patient(case), size, (seed, case, field), nuclei)
    return pen.marked(picture) if marker else picture


def draw_mask(case, size=150, field=0, seed=0, nuclei=nuclei.N_NUCLEI):
    """Return the label image of the same field: int32 (size, size), 0 = background, 1 ... `nuclei` = nuclei."""
    return field_mask(patient(case), size, (seed, case, field), nuclei)


def draw_field(row, size=150, key=(0, 0, 0), n=nuclei.N_NUCLEI):
    """Draw a field from any measurements: `row` maps the table's feature names to values; uint8 (size, size, 3).

    `key` = (seed, slide, field): the same slide keeps its stain from field to field. n: number of nuclei.
    """
    random = _random(size, key)
    r, centres = _shapes(row, random, n)
    texture = nuclei.matched_values(row["mean texture"], row["texture error"], row["worst texture"], random.paint, n=n)
    slide, light = staining.stain_slide(random.slide), staining.light_field(random.paint)
    return staining.paint(r, centres, texture, slide, light, size, random.paint)


def field_mask(row, size=150, key=(0, 0, 0), n=nuclei.N_NUCLEI):
    """Label image of `draw_field(row, size, key, n)`: int32 (size, size)."""
    return staining.mask(*_shapes(row, _random(size, key), n), size)


def geometry(case, field=0, seed=0):
    """Contours r (15, 128) about the centroids and centres (15, 2) of a field, table units: what the picture shows."""
    row = patient(case)
    return _shapes(row, _random(SIZES[0], (seed, case, field)))


class _Random(NamedTuple):
    """Independent random streams, so that shapes do not depend on colours and the stain not on the field."""

    shape: np.random.Generator
    paint: np.random.Generator
    slide: np.random.Generator


def _random(size, key):
    _checked_size(size)
    seed, slide, field = key
    if min(key) < 0:
        raise CourseError(f"seed {seed} and field {field}: give whole numbers from 0 on.")
    field += field > 1  # NumPy pads seeds with zeros: [seed, slide, 2] would be the shapes of field 2 as well
    return _Random(*(np.random.default_rng(k) for k in ([seed, slide, field, 0], [seed, slide, field, 1],
                                                        [seed, slide, 2])))


def _checked_size(size):
    if not (isinstance(size, Integral) and SIZES[0] <= size <= SIZES[1]):
        raise CourseError(f"size = {size!r}: give the side of the picture as a whole number of pixels, "
                          f"{SIZES[0]} to {SIZES[1]}.")
    return size


def _check_fields(fields):
    if not (isinstance(fields, Integral) and 1 <= fields <= MOST_FIELDS):
        raise CourseError(f"fields = {fields!r}: give a whole number of pictures for each patient, 1 to {MOST_FIELDS}.")


def patient(case):
    """Return one patient's measurements: dict of 30 feature names to values, in table units."""
    if not (isinstance(case, Integral) and 0 <= case < N_CASES):
        raise CourseError(f"case = {case!r}: the table has the patients 0 to {N_CASES - 1}.")
    return table()[0][case]


def _shapes(row, random, n=nuclei.N_NUCLEI):
    if not (isinstance(n, Integral) and COUNTS[0] <= n <= COUNTS[1]):
        raise CourseError(f"nuclei = {n!r}: give a whole number, {COUNTS[0]} to {COUNTS[1]}.")
    r = nuclei.contours(row, random.shape, n)
    return r, nuclei.places(r, random.shape)


def split_of_patients(seed=0):
    """Deal the patients into train, validation and test (70 : 15 : 15, stratified): array (569,) of split names."""
    labels = table()[1]
    split = np.empty(N_CASES, dtype="<U10")
    rng = np.random.default_rng(seed)
    for label in (0, 1):
        patients = rng.permutation(np.flatnonzero(labels == label))
        first, second = round(0.70 * len(patients)), round(0.85 * len(patients))
        for name, part in zip(SPLITS, np.split(patients, [first, second]), strict=True):
            split[part] = name
    return split


def load(size=150, fields=1, split=None):
    """Draw every patient (or those of one split): (images, labels, patients).

    images uint8 (n, size, size, 3); labels int64 (n,), benign = 0, malignant = 1 (the positive class); patients int64
    (n,), row numbers of the table. n = patients x fields, the fields of one patient side by side. About five seconds.
    """
    if split is not None and split not in SPLITS:
        raise CourseError(f"split = {split!r}: choose one of {', '.join(SPLITS)}, or None for all patients.")
    wanted = np.arange(N_CASES) if split is None else np.flatnonzero(split_of_patients() == split)
    _check_fields(fields)
    patients = np.repeat(wanted, fields)
    what = f"{len(patients):,} pictures of {size} x {size} pixels"
    needed = 3 * len(patients) * _checked_size(size) ** 2
    memory.require(needed, what, "Take a smaller size, fewer fields, or one split.")
    images = np.empty((len(patients), size, size, 3), np.uint8)
    for k, image in enumerate(_in_batches(_draw_one, wanted, fields, size)):
        images[k] = image
    return images, table()[1][patients], patients


def _draw_one(case, field, row, size):
    return draw_field(row, size, (0, case, field))


def _in_batches(work, patients, fields, *arguments, length=24):
    """Yield work(case, field, row, *arguments) for every field of the patients, in order; two processes share them."""
    from joblib import Parallel, cpu_count, delayed

    cases = [(int(case), field, patient(case)) for case in patients for field in range(fields)]
    batches = [cases[k : k + length] for k in range(0, len(cases), length)]
    jobs = min(2, cpu_count()) if len(batches) > 4 else 1
    with threadpool_limits(1):  # the matrices are tiny: a second BLAS thread would only wait for the first
        results = Parallel(n_jobs=jobs, return_as="generator")(delayed(_batch)(work, b, arguments) for b in batches)
        for batch in progress(results, desc="drawing cells", total=len(batches)):
            yield from batch


def _batch(work, cases, arguments):
    return [work(*case, *arguments) for case in cases]


def write(folder, size=150, fields=1):
    """Write all pictures as train|validation|test/<benign|malignant>/*.png with two tables; return the folder.

    The split is by patient: no patient's fields lie in two splits, and patients.csv says whose each is
    (`course.data.patients`). manifest.csv holds, for every picture, the table's values (wanted) and those of the drawn
    contours (drawn). The folder must be new or empty, and appears only when all
    of it is written. Raises CourseError at once for a folder in use and for a size or a number of fields that is none.
    """
    _checked_size(size)
    _check_fields(fields)
    with new_folder(folder) as temporary:
        for name in (f"{split}/{label}" for split in SPLITS for label in CLASSES):
            (temporary / name).mkdir(parents=True)
        names = _file_names(fields)
        records = list(_in_batches(_write_one, range(N_CASES), fields, size, temporary, names))
        _write_table(temporary / "manifest.csv", records)
        _write_table(temporary / patients.FILE, [{"picture": one["path"], "patient": f"case{one['case']:03d}"}
                                                 for one in records])
    return Path(folder)


def _write_table(path, records):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, records[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def _file_names(fields):
    split, labels = split_of_patients(), table()[1]
    return {(case, field): f"{split[case]}/{CLASSES[labels[case]]}/case{case:03d}_field{field}.png"
            for case in range(N_CASES) for field in range(fields)}


def _write_one(case, field, row, size, folder, names):
    """Draw and save one picture; return its line of the manifest."""
    from PIL import Image

    name = names[case, field]
    split, label, _ = name.split("/")
    Image.fromarray(_draw_one(case, field, row, size)).save(folder / name)
    return {"path": name, "split": split, "label": label, "case": case, "field": field,
            **wanted_and_drawn(row, case, field)}


def wanted_and_drawn(row, case, field=0):
    """The table's radius and compactness of a patient beside those of the drawn contours, in table units."""
    r, _ = _shapes(row, _random(SIZES[0], (0, case, field)))
    return {
        f"{statistic} {name} {kind}": round(float(value), 5)
        for name, drawn in (("radius", nuclei.radii(r)), ("compactness", nuclei.compactness(r)))
        for statistic, in_table, value_drawn in (
            ("mean", row[f"mean {name}"], drawn.mean()),
            ("error", row[f"{name} error"], drawn.std(ddof=1) / np.sqrt(len(drawn))),
            ("worst", row[f"worst {name}"], np.sort(drawn)[-3:].mean()),
        )
        for kind, value in (("wanted", in_table), ("drawn", value_drawn))
    }
