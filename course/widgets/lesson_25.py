"""Lesson 25: what kappa makes of two readers, a header to clean, three laboratories' stains, ways to train together."""

import numpy as np

from course.plots import COLOURS, font, new_figure, styled

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)  # of cases that are malignant
STATES = (0.02, 0.1, 0.5)
SIDE, LEFT, TOP = 300, 90, 70  # the square of four fields, pixels


def expected(share, sensitivity, specificity):
    """Return the expected shares of two such readers' four pairs of words, (2, 2): rows and columns malignant, benign.

    Both miss and alarm independently of one another, given the truth.
    """
    sick, well = np.array([sensitivity, 1 - sensitivity]), np.array([1 - specificity, specificity])
    return share * np.outer(sick, sick) + (1 - share) * np.outer(well, well)


def agreement_and_kappa(shares):
    """Return (agreement, kappa, agreement by chance) of a table of shares (2, 2)."""
    chance = shares.sum(axis=0) @ shares.sum(axis=1)
    return np.trace(shares), (np.trace(shares) - chance) / (1 - chance), chance


@styled
def paradox_figure(sensitivity=0.9, specificity=0.95):
    """Draw agreement and kappa of two readers against the share of malignant cases, three states marked -> Figure."""
    figure = new_figure(8.0, 3.2)
    axes = figure.subplots()
    found = np.array([agreement_and_kappa(expected(share, sensitivity, specificity)) for share in SHARES])
    for column, (name, mark) in enumerate({"agreement": "o-", "kappa": "s--"}.items()):
        axes.plot(SHARES, found[:, column], mark, label=name)
    for letter, share in zip("abc", STATES, strict=True):
        axes.axvline(share, color="black", linewidth=0.8, linestyle=":")
        axes.text(share * 1.03, 0.03, letter, fontweight="bold")
    axes.set(xscale="log", xlabel="share of malignant cases", ylabel="agreement, kappa", ylim=(0, 1.05))
    axes.set_xticks(SHARES, labels=[f"{share:g}" for share in SHARES])
    axes.minorticks_off()
    axes.legend(loc="center right")
    return figure


def kappa_panel(share, sensitivity, specificity):
    """Draw the four fields with areas as large as their shares, agreement and kappa above: uint8 (400, 760, 3)."""
    from PIL import Image, ImageDraw

    shares = expected(share, sensitivity, specificity)
    agreed, kappa, chance = agreement_and_kappa(shares)
    picture = Image.new("RGB", (760, 400), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((16, 12), f"agreement {agreed:.2f}   expected by chance {chance:.2f}   "
                       f"kappa {kappa:.2f}", fill="black", font=font(18))  # fmt: skip
    across = LEFT + round(SIDE * shares[:, 0].sum())
    for column, (x0, x1) in enumerate(((LEFT, across), (across, LEFT + SIDE))):
        low = shares[0, column] / max(shares[:, column].sum(), 1e-9)
        middle = TOP + round(SIDE * low)
        for row, (y0, y1) in enumerate(((TOP, middle), (middle, TOP + SIDE))):
            fill = COLOURS["good"] if row == column else "white"
            pen.rectangle((x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)), fill=fill, outline="black")
    words = (("both malignant", 0, 0), ("first alone malignant", 0, 1), ("second alone malignant", 1, 0),
             ("both benign", 1, 1))  # fmt: skip
    for place, (name, row, column) in enumerate(words):
        pen.text((LEFT + SIDE + 40, TOP + 30 + 34 * place), f"{name}: {100 * shares[row, column]:.1f} of 100",
                 fill="black", font=font(16))
    pen.text((LEFT + SIDE + 40, TOP + 200), "Filled: they agree. Width: the second\nreader, height: the first.",
             fill="black", font=font(14))
    return np.asarray(picture)


def planted():
    """Return pydicom's CT picture, into which an invented name was written where real ones have been found."""
    import pydicom
    from pydicom.data import get_testdata_file
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    header, item = pydicom.dcmread(get_testdata_file("CT_small.dcm", download=False)), Dataset()
    header.PatientName, header.PatientID, header.StudyDate = "Quill^Anna", "4711", "20240131"
    item.OperatorsName, item.ImageComments = "Quill^Anna", "compare with Anna Quill, 3 January"
    header.ReferencedStudySequence = Sequence([item])
    header.private_block(0x0011, "a maker", create=True).add_new(1, "LO", "Anna Quill")
    header.ContrastBolusAgent = "as for Mrs Quill"
    return header


def where(header, word):
    """Return the places of a header that hold `word`: keywords, or numbers of private tags."""
    found = []

    def visit(dataset, element):
        if element.VR != "SQ" and word in str(element.value):
            found.append(element.keyword or f"private {element.tag}")

    header.walk(visit)
    return found


@styled
def stains_figure(cases=(119, 20)):
    """Show two patients as three hospitals' laboratories would stain them -> Figure."""
    from course.data import cytology
    from course.reproduce.lesson_25 import SHARES as DEALT
    from course.reproduce.lesson_25 import stained

    figure = new_figure(6.6, 4.6)
    for row, case in zip(figure.subplots(2, 3), cases, strict=True):
        picture = cytology.draw(case, 150)[None]
        for axes, (name, count) in zip(row, DEALT.items(), strict=True):
            axes.imshow(stained(picture, name)[0])
            axes.set_axis_off()
            axes.set_title(f"hospital {name}, {count:.0%} of patients", fontsize=10)
    return figure


def first_gradients(picture):
    """Return (dW (d, 8), db (8,)) of a dense network's first layer for one picture, uint8 (h, w, 3), called malignant.

    The network takes the grey values divided by 255, d of them.
    """
    from course.quiet_tensorflow import keras, tf

    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((picture.size,)), keras.layers.Dense(8, activation="relu"),
                                keras.layers.Dense(1, activation="sigmoid")])  # fmt: skip
    with tf.GradientTape() as tape:
        loss = keras.losses.binary_crossentropy([[1.0]], network(picture.reshape(1, -1) / 255.0))
    return tuple(np.array(one) for one in tape.gradient(loss, network.trainable_weights)[:2])
