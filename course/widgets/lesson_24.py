"""Lesson 24: aspirin drawn and numbered, surroundings by hand, a drawing that turns and what two models say of it."""

import functools

import numpy as np

from course.plots import COLOURS, font, new_figure, styled

ASPIRIN, SALICYLIC = "CC(=O)Oc1ccccc1C(=O)O", "OC(=O)c1ccccc1O"
STATES = (0, 90, 180)  # degrees


@styled
def three_ways_figure(smiles=ASPIRIN, angle=90):
    """Draw a molecule upright, turned, and as numbered points and lines -> Figure."""
    from course.data import drawings, molecules

    mol = molecules.parse(smiles)
    figure = new_figure(8.2, 2.9)
    graph, *places = figure.subplots(1, 3, width_ratios=(1.3, 1, 1))
    for axes, turn in zip(places, (0, angle), strict=True):
        axes.imshow(drawings.draw(mol, 240, turn, line=2))
        axes.set_title("picture" if turn == 0 else f"picture, turned by {turn}°")
        axes.set_axis_off()
    _graph(graph, mol)
    return figure


def _graph(axes, mol):
    """Draw atoms as numbered circles on a ring and bonds as lines: which is joined to which, and no shape."""
    count = mol.GetNumAtoms()
    turn = np.pi / 2 - 2 * np.pi * np.arange(count) / count
    x, y = np.cos(turn), np.sin(turn)
    for bond in mol.GetBonds():
        ends = [bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()]
        axes.plot(x[ends], y[ends], color=COLOURS["neutral"], linewidth=2.5 if bond.GetBondTypeAsDouble() > 1 else 1)
    for atom in mol.GetAtoms():
        place = atom.GetIdx()
        axes.text(1.18 * x[place], 1.18 * y[place], f"{atom.GetSymbol()}{place}", ha="center", va="center", fontsize=10)
    axes.plot(x, y, "o", color="black", markersize=5)
    axes.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal", title="graph")
    axes.set_axis_off()


@functools.cache
def shown():
    """Return what the turning panel needs: rows of the table, {network: probabilities (12, 12)}, votes (12,)."""
    from course.reproduce.lesson_24 import PICTURE, TURNED, VOTE
    from course.reproduce.store import result

    turning = result(24)["turning"]
    votes = np.array(result(24)["bits"]["random"][VOTE]["scores"])
    rows = turning["molecules"]
    return rows, {name: np.array(turning[name]["shown"]) for name in (PICTURE, TURNED)}, votes[rows]


@functools.cache
def drawn(place, angle, side=300):
    """Return one of the twelve molecules as the networks' drawing, larger: uint8 (side, side, 3)."""
    from course.data import drawings

    return drawings.draw(_graphs()[place], side, angle, line=2)


@functools.cache
def _graphs():
    from course.data import molecules

    table = molecules.load()
    return [table.mols[row] for row in shown()[0]]


@styled
def turning_figure(place):
    """Draw one of the twelve molecules in three states and the picture network's answer to all angles -> Figure."""
    from course.reproduce.lesson_24 import ANGLES, PICTURE, VOTE

    figure = new_figure(8.6, 3.0)
    *three, axes = figure.subplots(1, 4, width_ratios=(1, 1, 1, 2.2))
    for panel, letter, angle in zip(three, "abc", STATES, strict=True):
        panel.imshow(drawn(place, angle))
        panel.set_title(f"{letter}: {angle}°")
        panel.set_axis_off()
    _, probability, votes = shown()
    axes.plot(ANGLES, probability[PICTURE][place], "o-", label=PICTURE)
    axes.axhline(votes[place], color=COLOURS["malignant"], linestyle="--", label=VOTE)
    axes.axhline(0.5, color="black", linewidth=0.8, linestyle=":")
    for letter, angle in zip("abc", STATES, strict=True):
        height = probability[PICTURE][place][ANGLES.index(angle)] + 0.05
        axes.text(angle, height, letter, ha="center", fontweight="bold")
    axes.set(xlabel="angle of the drawing (degrees)", ylabel="says: active", ylim=(-0.03, 1.25))
    axes.set_xticks(range(0, 360, 90))
    axes.set_yticks([0, 0.5, 1])
    axes.legend(loc="upper center", ncols=2)
    return figure


def turning_panel(molecule, angle):
    """Draw a molecule turned, and what network and neighbours say, as bars: uint8 (330, 780, 3).

    molecule: 1 to 12; angle: one of lesson_24.ANGLES.
    """
    from PIL import Image, ImageDraw

    from course.reproduce.lesson_24 import ANGLES, PICTURE, TURNED
    from course.reproduce.tables_24 import active

    rows, probability, votes = shown()
    place, at = molecule - 1, ANGLES.index(angle)
    picture = Image.new("RGB", (780, 330), "white")
    picture.paste(Image.fromarray(drawn(place, angle)), (10, 15))
    pen = ImageDraw.Draw(picture)
    pen.text((340, 14), f"in truth: {'active' if active()[rows[place]] else 'inactive'}", fill="black", font=font(17))
    bars = (("network, trained on upright drawings", probability[PICTURE][place, at]),
            ("network, trained on turned drawings", probability[TURNED][place, at]),
            ("five nearest neighbours (fingerprint)", votes[place]))  # fmt: skip
    for number, (name, value) in enumerate(bars):
        top = 58 + 88 * number
        verdict = "active" if value >= 0.5 else "inactive"
        pen.text((340, top), f"{name}: {value:.3f}, {verdict}", fill="black", font=font(16))
        pen.rectangle((340, top + 28, 740, top + 54), outline="black")
        pen.rectangle((340, top + 28, 340 + round(400 * value), top + 54), fill=COLOURS["benign"], outline="black")
        pen.line((540, top + 22, 540, top + 60), fill="black", width=2)
    pen.text((532, 302), "0.5", fill="black", font=font(13))
    return np.asarray(picture)
