"""Whose picture is it? `patients.csv` beside train, validation and test says so, in two columns: picture, patient."""

import csv
import os
import unicodedata

import numpy as np

from course.files import explained, shown

FILE = "patients.csv"
COLUMNS = ("picture", "patient")
UNCHECKED = ("Not checked, since a folder of pictures does not tell: whether one patient's pictures lie in several "
             "splits, which makes a test easier than it looks (a table patients.csv beside train, with the columns "
             "picture and patient, would tell), and whether the labels are right.")


def read(root, files, problems):
    """Return {split: array (n,) of patients' names}, or None when there is no patients.csv or it cannot be used.

    files: {split: paths}. picture: a file's place in `root`, such as train/benign/a.png; other columns, and lines of
    other pictures, are left alone. A picture without a patient, or a patient in two splits, goes into `problems`.
    """
    path = root / FILE
    with explained(path, "read"):
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            problems.append(f"{FILE}: this is no file")
            return None
        listed = _listed(path.read_bytes(), problems)
    if listed is None:
        return None
    places = {split: [_place(one.relative_to(root).as_posix()) for one in paths] for split, paths in files.items()}
    missing = [place for split in places.values() for place in split if not listed.get(place)]
    problems += [f"{FILE}: no patient is named for {shown(place)}" for place in missing]
    problems += _in_two_splits({split: [listed.get(place) for place in found] for split, found in places.items()})
    return {split: np.array([listed.get(place) or "" for place in found]) for split, found in places.items()}


def unchecked(patients):
    """Return a sentence on what a reader of the result has to see to herself. patients: as `read` returns them."""
    if patients is None:
        return UNCHECKED
    number = len(np.unique(np.concatenate(list(patients.values()))))
    return (f"{number:,} patients by {FILE}, each in one split. Not checked, since a folder of pictures does not tell: "
            "whether patients and labels are right.")


def _listed(text, problems):
    """Return {place: patient}, or None where this is no such table."""
    try:
        lines = text.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        problems.append(f"{FILE}: it is not UTF-8 text. Save it as CSV in UTF-8")
        return None
    separator = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:
        problems.append(f"{FILE}: it cannot be read as a table ({error})")
        return None
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    if not set(COLUMNS) <= set(names):
        problems.append(f"{FILE}: its first line must name the columns picture and patient")
        return None
    columns = [names.index(name) for name in COLUMNS]
    found = {}
    for row in (row for row in rows[1:] if len(row) > max(columns)):
        place, patient = (_place(row[column].strip()) for column in columns)
        if found.setdefault(place, patient) != patient:
            problems.append(f"{FILE}: {shown(place)} belongs to two patients, {shown(found[place])} and "
                            f"{shown(patient)}")
    return found


def _in_two_splits(patients):
    """Return a sentence for each patient whose pictures lie in more than one split."""
    where = {}
    for split, names in patients.items():
        for name in names:
            if name:
                where.setdefault(name, {}).setdefault(split, 0)
                where[name][split] += 1
    return [f"{FILE}: patient {shown(name)} is in " + " and ".join(f"{split} ({n})" for split, n in splits.items())
            + ". All pictures of a patient belong in one split" for name, splits in where.items() if len(splits) > 1]


def _place(text):
    """One spelling for a file's place: Windows writes other strokes, macOS takes accents apart."""
    return unicodedata.normalize("NFC", text.replace("\\", "/")).removeprefix("./")
