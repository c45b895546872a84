"""Molecules as texts (SMILES) with one measured number each: a real public table inside RDKit, or one placed by hand.

RDKit is loaded by the functions that need it. Everything here is deterministic.
"""

import csv
import os
from typing import Any, NamedTuple

import numpy as np

from course import CourseError
from course.files import explained, shown

CUT = 7.0  # pAct from which a molecule counts as active: half of the effect at 0.1 micromole a litre or less
HARM = "c[NH2]"  # the invented side effect: an amino group on an aromatic ring. A rule of ours, not toxicology


class Molecules(NamedTuple):
    """names and smiles (canonical): lists of n texts; value: float64 (n,); mols: RDKit's graphs, n of them.

    The atoms of a graph stand in the order of the file's own text; a drawing begins from that order.
    """

    names: list
    smiles: list
    value: Any
    mols: list


def chemistry():
    """Return RDKit's module Chem, its own messages turned off; CourseError where RDKit is missing."""
    try:
        from rdkit import Chem, RDLogger
    except ImportError as error:
        raise CourseError("molecules need the package RDKit, and it is missing. Install it: "
                          "python -m pip install rdkit") from error  # fmt: skip
    RDLogger.DisableLog("rdApp.*")
    return Chem


def parse(smiles):
    """Return RDKit's graph of a SMILES text; CourseError for a text that is no molecule."""
    mol = chemistry().MolFromSmiles(smiles) if isinstance(smiles, str) and smiles.strip() else None
    if mol is None:
        raise CourseError(f"{shown(smiles)!r} is no readable SMILES: look for a ring number or a bracket that is not "
                          "closed, or an atom with too many bonds.")  # fmt: skip
    return mol


def canonical(mol):
    """Return the one SMILES that RDKit writes for a graph, whatever text it came from."""
    return chemistry().MolToSmiles(mol)


def load():
    """Return the 1,017 molecules that RDKit carries under the ChEMBL identifier CHEMBL2321810; value is pAct.

    pAct is the negative decimal logarithm of a concentration, mole a litre: 7 is 0.1 micromole a litre. See
    data/README.md for source and licence.
    """
    chemistry()
    from rdkit import RDConfig

    base = os.path.join(RDConfig.RDContribDir, "FreeWilson", "data", "CHEMBL2321810")
    try:
        with open(base + ".smi", encoding="utf-8") as file:
            smiles = dict(reversed(line.split()) for line in file if line.strip())
        with open(base + "_act.csv", encoding="utf-8", newline="") as file:
            rows = [(row["Name"], row["Act"]) for row in csv.DictReader(file)]
    except OSError as error:
        raise CourseError(f"{error.filename} cannot be read: this RDKit lacks its Contrib folder. Install the version "
                          "of requirements.lock.") from error  # fmt: skip
    return _checked(base, [(name, smiles[name], value) for name, value in rows])


def from_csv(path, smiles="smiles", value="value", name=None):
    """Return the Molecules of a table placed by hand, such as one of MoleculeNet's.

    path: a CSV file with a heading. smiles, value, name: the headings of its columns; without `name` a molecule is
    named by its row. Refused, with the row: an unreadable SMILES, a value that is no number, one molecule twice.
    """
    chemistry()
    try:
        with explained(path, "read"), open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, there = list(reader), reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{shown(path)} is no CSV text in UTF-8. Save it as CSV (UTF-8), with a heading.") from error
    if not there:
        raise CourseError(f"{shown(path)} is empty. A heading and a row for each molecule are needed.")
    for column in (smiles, value) if name is None else (smiles, value, name):
        if column not in there:
            raise CourseError(f"{shown(path)} has no column {column!r}; it has {', '.join(map(repr, there))}. Name the "
                              "columns: from_csv(path, smiles=..., value=...).")  # fmt: skip
    if not rows:
        raise CourseError(f"{shown(path)} has a heading and no row.")
    texts = [(row[name] if name else f"row {k}", row[smiles], row[value]) for k, row in enumerate(rows, start=2)]
    return _checked(path, texts)


def _checked(path, rows):
    """Return the Molecules of rows (name, smiles, value), texts all; CourseError names the row, heading = row 1."""
    names, written, values, mols, first = [], [], [], [], {}
    for number, (name, smiles, value) in enumerate(rows, start=2):
        try:
            mol = parse((smiles or "").strip())
        except CourseError as error:
            raise CourseError(f"{shown(path)}, row {number}: {error}") from None
        text = canonical(mol)
        if text in first:
            raise CourseError(f"{shown(path)}, row {number}: the molecule of row {first[text]} again ({text}). Keep "
                              "one row a molecule, or it is trained and tested on at once.")  # fmt: skip
        first[text] = number
        names.append(str(name))
        written.append(text)
        values.append(_number(path, number, value))
        mols.append(mol)
    return Molecules(names, written, np.array(values), mols)


def _number(path, row, text):
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = np.nan
    if not np.isfinite(value):
        raise CourseError(f"{shown(path)}, row {row}: the value {shown(text)!r} is no finite number.")
    return value


def active(value, cut=CUT):
    """Return 1 where a molecule counts as active, value >= cut, else 0: int (n,)."""
    return (np.asarray(value) >= cut).astype(int)


def has_pattern(mols, smarts=HARM):
    """Return 1 where a molecule holds the pattern, a SMARTS text, else 0: int (n,)."""
    pattern = chemistry().MolFromSmarts(smarts)
    if pattern is None:
        raise CourseError(f"{shown(smarts)!r} is no readable SMARTS pattern.")
    return np.array([int(mol.HasSubstructMatch(pattern)) for mol in mols])


def logp(mols):
    """Return Crippen's logP, computed, not measured: (n,).

    logP is the decimal logarithm of how much more of a substance goes into octanol than into water; here a sum of
    contributions of atoms. (Wildman and Crippen, J. Chem. Inf. Comput. Sci. 39 (1999) 868-873.)
    """
    chemistry()
    from rdkit.Chem import Crippen

    return np.array([Crippen.MolLogP(mol) for mol in mols])
