"""Draw the README's picture, docs/cells.png: four benign patients above, four malignant ones below.

From the course's folder: python docs/draw_cells.py
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course.data import cytology
from course.files import atomic

SIZE, GAP, LINE = 200, 8, 24  # pixels: side of a field, space between fields, height of a line of text
QUANTILES = (0.2, 0.4, 0.6, 0.8)  # of the mean radius within each class: not the prettiest patients, the usual ones


def usual_patients(label):
    """Row numbers of the patients of one class at QUANTILES of the mean radius."""
    rows, labels = cytology.table()
    patients = np.flatnonzero(labels == label)
    in_order = patients[np.argsort([rows[patient]["mean radius"] for patient in patients], kind="stable")]
    return [int(in_order[round(q * (len(in_order) - 1))]) for q in QUANTILES]


def sheet():
    """Return the picture: RGB, a line of text and a row of fields for each class."""
    width = len(QUANTILES) * (SIZE + GAP) - GAP
    page = Image.new("RGB", (width, 2 * (LINE + SIZE + GAP)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    for label, name in enumerate(cytology.CLASSES):
        top = label * (LINE + SIZE + GAP)
        pen.text((0, top + 2), f"{name}: drawn from the measurements of four patients", fill="black", font=font)
        for column, patient in enumerate(usual_patients(label)):
            field = Image.fromarray(cytology.draw(patient, size=SIZE))
            page.paste(field, (column * (SIZE + GAP), top + LINE))
    return page


if __name__ == "__main__":
    with atomic(Path(__file__).with_name("cells.png")) as temporary:
        sheet().quantize(256).save(temporary, format="PNG", optimize=True)
