"""Molecules drawn by RDKit, upright or turned, as pictures."""

import io

import numpy as np
from PIL import Image

from course.data.molecules import chemistry

MARGIN = 0.2  # of a side: room for the letters of the outermost atoms
LONGEST = 0.1  # of a side: the longest bond, so that a small molecule does not fill the paper


def draw(mol, size=80, angle=0, line=1):
    """Return a drawing in colour, uint8 (size, size, 3), black bonds on white, letters in RDKit's colours.

    angle: degrees by which the drawing is turned, clockwise; its letters stay upright. A molecule is drawn so large
    that it fits at every angle, and in one size at all. line: width of a bond, pixels.
    """
    chemistry()
    from rdkit.Chem import rdDepictor
    from rdkit.Chem.Draw import rdMolDraw2D

    if not mol.GetNumConformers():
        rdDepictor.Compute2DCoords(mol)
    canvas = rdMolDraw2D.MolDraw2DCairo(size, size)
    options = canvas.drawOptions()
    options.rotate, options.bondLineWidth, options.padding = float(angle), line, 0.0
    options.scaleBondWidth, options.fixedBondLength = False, size * _bond_share(mol)
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, mol)
    canvas.FinishDrawing()
    return np.asarray(Image.open(io.BytesIO(canvas.GetDrawingText())).convert("RGB"))


def _bond_share(mol):
    """Return the length of a bond, as a share of the paper's side, with which the molecule fits at every angle."""
    places = mol.GetConformer().GetPositions()[:, :2]
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    across = 2 * np.sqrt(((places - middle) ** 2).sum(axis=1)).max()
    return min(LONGEST, 1.5 * (1 - 2 * MARGIN) / max(across, 1e-9))  # 1.5: a bond in RDKit's flat coordinates


def grey(picture):
    """Return a drawing's ink, 0 (white paper) to 1: float32 (size, size). The darkest colour of each pixel counts."""
    return (255 - np.asarray(picture).min(axis=-1)).astype(np.float32) / 255


def drawings(mols, size=80, angle=0):
    """Return the ink of each molecule's drawing, float32 (n, size, size)."""
    return np.stack([grey(draw(mol, size, angle)) for mol in mols])
