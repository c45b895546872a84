"""What lesson 24 says in words must be true of its table, its run and its panel."""

import numpy as np
import pytest

from course.data import fingerprints, molecules
from course.reproduce import lesson_24, tables_24
from course.reproduce.lesson_24 import KERNEL, PICTURE, SVM, TURNED, VOTE
from course.reproduce.store import result
from course.widgets import lesson_24 as widgets


def test_numbers_on_paper():
    ethanol, ether = {"C", "O", "C(C)", "C(CO)", "O(C)"}, {"C", "O", "C(O)", "O(CC)"}
    assert len(ethanol & ether) / len(ethanol | ether) == pytest.approx(2 / 7) and round(2 / 7, 2) == 0.29
    assert fingerprints.vote([[0.9, 0.6, 0.5]], [1, 0, 0], 3) == pytest.approx([0.45])
    three = np.array([[0.9, 0.3], [0.9, 0.1], [0.3, 0.1]])
    known = [0, 1], [1, 1], [1, 0]
    votes = [fingerprints.vote(row[None], labels, 2)[0] for row, labels in zip(three, known, strict=True)]
    assert votes == pytest.approx([0.25, 1, 0.75])
    assert fingerprints.scaffold_split(list("AAAABBBCCD"), 0.75).tolist() == list(range(7))
    assert fingerprints.scaffold_split(list("AAABBCCD"), 0.5).tolist() == [0, 1, 2, 7]
    assert pytest.approx(8) == (20 / 50) / (50 / 1000) and pytest.approx(5) == (10 / 40) / (100 / 2000)
    assert 10 / (30 + 20 - 10) == 0.25


def test_aspirin_is_thirteen_atoms_and_one_molecule_in_two_texts():
    one, other = molecules.parse(widgets.ASPIRIN), molecules.parse("OC(=O)c1ccccc1OC(C)=O")
    assert one.GetNumAtoms() == 13 and molecules.canonical(one) == molecules.canonical(other)


@pytest.mark.parametrize("split", lesson_24.SPLITS)
def test_no_molecule_is_judged_by_who_knew_it_and_no_scaffold_divided(split):
    fold, names = lesson_24.fold_of(split), np.array(lesson_24.scaffold_names())
    assert sorted(set(fold)) == list(range(5)) and np.ptp(np.bincount(fold)) <= 1
    divided = sum(len(set(fold[names == name])) > 1 for name in set(names))
    assert (divided == 0) == (split == "scaffold")


def test_the_table_of_methods():
    table = tables_24.methods()
    assert (table.loc[[VOTE, SVM, KERNEL], "from"] > 0).all(), "all lose on new scaffolds, as far as intervals reach"
    assert table.loc[PICTURE, "gap"] > 0 and table.loc[PICTURE, "from"] > -0.005
    assert table.loc[tables_24.ATOMS, "from"] < 0 < table.loc[tables_24.ATOMS, "to"]
    for split in lesson_24.SPLITS:
        assert tables_24.against(VOTE, PICTURE, split).low > 0
        assert tables_24.against(PICTURE, tables_24.ATOMS, split).low > 0
    assert tables_24.against(SVM, VOTE, "random").low > 0 > tables_24.against(SVM, VOTE, "scaffold").low > -0.01
    for split in lesson_24.SPLITS:
        gap = tables_24.against(KERNEL, SVM, split)
        assert gap.low < 0 < gap.high < 0.006


def test_dealings_differ_less_than_neighbours_and_machines():
    table = tables_24.dealings()
    for split in lesson_24.SPLITS:
        least, most = table[f"{split}, least of 5"], table[f"{split}, most of 5"]
        assert (most - least).max() < least[SVM] - least[VOTE] and least[SVM] > most[VOTE]


def test_near_relatives():
    assert np.median(tables_24.nearest("random")) > np.median(tables_24.nearest("scaffold")) > 0.7
    assert (tables_24.nearest("scaffold") > 0.7).mean() > 0.5, "even across scaffolds most have a near relative"


def test_turning():
    table, stored = tables_24.turned(), result(24)["turning"]
    assert table[PICTURE].idxmin() == 90 and table[PICTURE].idxmax() == 0 and table[PICTURE].drop([0]).idxmax() == 180
    assert np.ptp(table[TURNED]) < 0.05 and table[TURNED][0] < table[PICTURE][0] - 0.03
    assert (tables_24.changed(TURNED) > 0).mean() < 0.5 * (tables_24.changed() > 0).mean()
    rows = stored["molecules"]
    for network in (PICTURE, TURNED):
        verdict = np.array(stored[network]["shown"]) >= 0.5
        assert ((verdict[:, 1:] != verdict[:, :1]).sum(axis=1) == tables_24.changed(network)[rows]).all()
    assert np.array(stored[PICTURE]["shown"])[:, 0] == pytest.approx(tables_24.scores(PICTURE, "random")[rows])


def test_upright_is_across_and_many_lie_the_other_way_round():
    from rdkit.Chem import rdDepictor

    left, wide, pattern = [], [], molecules.chemistry().MolFromSmarts("S(=O)(=O)")
    for mol in molecules.load().mols:
        rdDepictor.Compute2DCoords(mol)
        x, y = mol.GetConformer().GetPositions()[:, :2].T
        wide.append(np.ptp(x) > np.ptp(y))
        left += [x[found[0]] < (x.min() + x.max()) / 2 for found in [mol.GetSubstructMatch(pattern)] if found]
    assert np.mean(wide) > 0.95 and 0.2 < 1 - np.mean(left) < 0.4


def test_the_figure_and_the_panel_show_what_is_said():
    _, probability, votes = widgets.shown()
    said = probability[PICTURE][10]
    assert said[0] > 0.5 > 0.2 > said[3] and said[6] > 0.5 and said.min() < 0.15 and said.max() > 0.85
    assert np.sum(np.diff(said >= 0.5) != 0) >= 3 and votes[10] >= 0.5
    picture = widgets.turning_panel(11, 0)
    assert picture.dtype == np.uint8 and picture.shape == (330, 780, 3)
    assert (widgets.turning_panel(11, 30) != picture).any() and (widgets.turning_panel(1, 0) != picture).any()
    assert (widgets.turning_panel(11, 0) == picture).all()


def test_side_effect_property_and_screening():
    table = tables_24.side_effect()
    assert table.loc[KERNEL, "AUC"] > 0.99 > table.loc[PICTURE, "AUC"] and table.loc[KERNEL, "sensitivity"] > 0.9
    assert table.loc[PICTURE, "sensitivity"] < 0.5 and table.loc[PICTURE, "accuracy"] > table["accuracy"].iloc[0] > 0.93
    said = tables_24.logp_correlation()
    assert said["ridge on bits"] > 0.9 and 0.3 < said[PICTURE] < 0.7
    random, scaffold = (tables_24.screening(split) for split in lesson_24.SPLITS)
    assert (random["enrichment"] > scaffold["enrichment"]).all()
    for one in (random, scaffold):
        assert one.loc[tables_24.ATOMS, "from"] < 1 and (one["from"].drop(tables_24.ATOMS) > 1).all()
        assert one["enrichment"].idxmin() == tables_24.ATOMS
