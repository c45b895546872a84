"""Molecules: the table inside RDKit, tables placed by hand, fingerprints, scaffolds, drawings."""

import subprocess
import sys

import numpy as np
import pytest

from course import CourseError
from course.data import drawings, fingerprints, molecules

ASPIRIN, SALICYLIC, ETHANOL = "CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1O", "CCO"


@pytest.fixture(scope="module")
def table():
    return molecules.load()


def test_the_table_is_that_of_rdkit(table):
    assert len(table.names) == len(set(table.smiles)) == len(table.mols) == 1017
    assert table.names[0] == "1520012" and table.value[0] == 5.48
    assert table.value.min() == 4.27 and table.value.max() == 9.22
    assert molecules.active(table.value).sum() == 353 and molecules.has_pattern(table.mols).sum() == 66


def test_importing_loads_no_rdkit():
    code = ("import sys; from course.data import molecules, fingerprints, drawings; "
            "print(any(name.split('.')[0] == 'rdkit' for name in sys.modules))")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_without_rdkit_one_line_says_what_to_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "rdkit", None)
    for ask in (molecules.load, lambda: molecules.parse("C"), lambda: molecules.from_csv("no.csv"),
                lambda: fingerprints.fingerprints([]), lambda: fingerprints.scaffolds([])):  # fmt: skip
        with pytest.raises(CourseError, match="pip install rdkit") as caught:
            ask()
        assert "\n" not in str(caught.value)


def written(tmp_path, text, **columns):
    path = tmp_path / "mine.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return molecules.from_csv(path, **columns)


def test_a_table_placed_by_hand(tmp_path):
    text = f"drug,text,logS\nA,{ASPIRIN},-1.5\nB, OCC ,2\n"
    found = written(tmp_path, text, smiles="text", value="logS", name="drug")
    assert found.names == ["A", "B"] and found.smiles == [ASPIRIN, ETHANOL] and found.value.tolist() == [-1.5, 2]
    assert written(tmp_path, "\ufeffsmiles,value\nC,1\n").names == ["row 2"]


@pytest.mark.parametrize(("text", "words"), [
    ("", "is empty"),
    ("smiles,value\n", "no row"),
    ("smile,value\nC,1\n", "no column 'smiles'; it has 'smile', 'value'"),
    ("smiles,values\nC,1\n", "no column 'value'"),
    ("smiles,value\nC,1\nC1CC,2\n", "row 3: 'C1CC' is no readable SMILES"),
    ("smiles,value\nC,1\n,2\n", "row 3: '' is no readable SMILES"),
    ("smiles,value\nC,1\nCCO,2\nOCC,3\n", r"row 4: the molecule of row 3 again \(CCO\)"),
    ("smiles,value\nC,strong\n", "row 2: the value 'strong' is no finite number"),
    ("smiles,value\nC,nan\n", "row 2: the value 'nan' is no finite number"),
    ("smiles,value\nC\n", "row 2: the value 'None'"),
    (b"smiles,value\nC\xff,1\n", "UTF-8"),
])  # fmt: skip
def test_what_is_refused(tmp_path, text, words):
    with pytest.raises(CourseError, match=words):
        written(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"none\.csv"):
        molecules.from_csv(tmp_path / "none.csv")


def test_patterns_and_logp():
    mols = [molecules.parse(text) for text in ("Nc1ccccc1", "NCc1ccccc1", "c1ccccc1")]
    assert molecules.has_pattern(mols).tolist() == [1, 0, 0]
    assert molecules.logp(mols[2:]) == pytest.approx([1.6866], abs=1e-4)  # benzene, as RDKit's Crippen has it
    with pytest.raises(CourseError, match="SMARTS"):
        molecules.has_pattern(mols, "c[NH2")


def test_aspirin_and_salicylic_acid_by_rdkit_itself():
    from rdkit import Chem, DataStructs
    from rdkit.Chem import rdFingerprintGenerator

    mols = [molecules.parse(ASPIRIN), molecules.parse(SALICYLIC)]
    for radius, size in ((0, 256), (1, 512), (2, 2048), (3, 4096)):
        generator = rdFingerprintGenerator.GetMorganGenerator(radius=radius, fpSize=size)
        theirs = DataStructs.TanimotoSimilarity(*(generator.GetFingerprint(Chem.MolFromSmiles(s))
                                                  for s in (ASPIRIN, SALICYLIC)))
        bits = fingerprints.fingerprints(mols, radius, size)
        assert bits.shape == (2, size) and fingerprints.tanimoto(bits[:1], bits[1:])[0, 0] == pytest.approx(theirs)
    assert fingerprints.tanimoto(*(fingerprints.fingerprints([mol]) for mol in mols))[0, 0] == pytest.approx(13 / 29)


def test_tanimoto_of_many_and_of_none(table):
    from sklearn.metrics import jaccard_score

    x = fingerprints.fingerprints(table.mols[:6])
    found = fingerprints.tanimoto(x, x)
    assert np.allclose(found, [[jaccard_score(a, b) for b in x] for a in x])
    assert fingerprints.tanimoto(np.zeros(8), np.zeros(8)).tolist() == [[0]]
    for wrong, words in ((np.zeros((1, 4)), "4 bits"), (np.full((1, 8), 2), "counts")):
        with pytest.raises(CourseError, match=words):
            fingerprints.tanimoto(np.zeros((1, 8)), wrong)


def test_the_vote_on_paper():
    similarity = [[0.9, 0.6, 0.3, 0.1], [0, 0, 0, 0]]
    assert fingerprints.vote(similarity, [1, 0, 1, 1], 2) == pytest.approx([0.6, 0.75])
    with pytest.raises(CourseError, match="between 1 and 4"):
        fingerprints.vote(similarity, [1, 0, 1, 1], 5)


def test_scaffolds():
    found = fingerprints.scaffolds([molecules.parse(text) for text in (ASPIRIN, SALICYLIC, ETHANOL, "C1CCCCC1CCO")])
    assert found == ["c1ccccc1", "c1ccccc1", "", "C1CCCCC1"]


@pytest.mark.parametrize("seed", range(3))
def test_folds_divide_no_group_and_are_nearly_equal(table, seed):
    names = np.array(fingerprints.scaffolds(table.mols))
    fold = fingerprints.folds(names, 5, seed)
    assert all(len(set(fold[names == name])) == 1 for name in set(names))
    assert np.ptp(np.bincount(fold)) <= 2 and (fold == fingerprints.folds(names, 5, seed)).all()
    assert (fold != fingerprints.folds(names, 5, seed + 1)).any()
    with pytest.raises(CourseError, match="2 groups"):
        fingerprints.folds(["a", "b", "a"], 3, 0)


def test_a_split_by_scaffolds():
    assert fingerprints.scaffold_split(list("AAABBCCDE"), 0.7).tolist() == [0, 1, 2, 3, 4, 7]


def test_drawings_turn_and_keep_their_size(table):
    mol = table.mols[0]
    upright = drawings.drawings([mol])[0]
    assert upright.shape == (80, 80) and upright.min() == 0 and upright.max() > 0.9
    turned = [drawings.drawings([mol], angle=angle)[0] for angle in range(0, 360, 30)]
    assert (turned[0] == upright).all() and all(np.abs(one - upright).max() > 0.5 for one in turned[1:])
    amounts = np.array([one.sum() for one in turned])
    assert amounts.std() < 0.03 * amounts.mean()
    assert (drawings.drawings([molecules.load().mols[0]])[0] == upright).all()
    assert (drawings.drawings([molecules.parse(table.smiles[0])])[0] != upright).any(), "other order of atoms"
    one, other = (fingerprints.fingerprints([molecules.parse(text)]) for text in ("OCC", "C(C)O"))
    assert (one == other).all()
