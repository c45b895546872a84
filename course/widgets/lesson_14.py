"""Lesson 14: move the threshold; draw a field of cells and ask two models about it."""

import functools

import numpy as np

from course.data import cytology
from course.plots import COLOURS, new_figure, styled


@styled
def variants_figure(runs, majority, split):
    """Draw accuracy and AUC of each run. runs: DataFrame with columns variant, accuracy, AUC, a row a run -> Figure."""
    variants = list(dict.fromkeys(runs["variant"]))
    figure = new_figure(9.0, 0.9 + 0.42 * len(variants))
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, measure, guess in ((left, "accuracy", majority), (right, "AUC", 0.5)):
        for row, variant in enumerate(variants):
            values = runs.loc[runs["variant"] == variant, measure]
            axes.plot(values, np.full(len(values), row), "o", alpha=0.7, color=COLOURS["neutral"])
            axes.plot(values.median(), row, "|", markersize=16, markeredgewidth=2.5, color=COLOURS["accent"])
        axes.axvline(guess, color="black", linestyle="--", linewidth=1)
        axes.set(xlabel=f"{measure} on the {split} patients", xlim=(0.45, 1.01))
    left.set_yticks(range(len(variants)), labels=variants)
    left.set_ylim(-0.6, len(variants) - 0.4)
    return figure


def threshold_figure(fig, labels, scores, threshold):
    """Draw both classes' scores with the threshold, and how many land on which side.

    labels (n,), 1 = malignant; scores (n,), 0 to 1.
    """
    axes = fig.subplots()
    bins = np.linspace(0, 1, 21)
    names = (("benign", "///"), ("malignant", None))
    for label, (name, hatch) in enumerate(names):
        sign = 2 * label - 1  # malignant upwards, benign downwards: told apart without colour
        counts, _ = np.histogram(scores[labels == label], bins)
        axes.stairs(sign * counts, bins, fill=True, facecolor=COLOURS[name], hatch=hatch, edgecolor="white",
                    label=f"{name} ({'up' if label else 'down'})")  # one shape a class: 40 bars take 50 ms more
    missed, alarmed = (scores[labels == 1] < threshold).sum(), (scores[labels == 0] >= threshold).sum()
    axes.axvline(threshold, color="black", linestyle="--")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="score: estimated probability of malignant", ylabel="patients", xlim=(0, 1))
    axes.set_title(f"threshold {threshold:.2f}: {missed} of {labels.sum()} malignant missed, "
                   f"{alarmed} of {(1 - labels).sum()} benign alarmed", fontsize=10)
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    axes.legend(loc="lower right")


def imagined_patient(mean_radius, unevenness, compactness, texture):
    """Return the thirty measurements of a patient who does not exist: dict, in the table's units.

    unevenness: worst radius / mean radius. What is not asked for follows from the patients of the table: spreads by
    their median ratio to (worst - mean), the rest by the median of the column.
    """
    rows = cytology.table()[0]
    column = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    row = {name: float(np.median(values)) for name, values in column.items()}

    def times(name, other):
        return float(np.median(column[name] / column[other]))

    asked = {
        "radius": (mean_radius, unevenness),
        "compactness": (compactness, times("worst compactness", "mean compactness")),
        "texture": (texture, times("worst texture", "mean texture")),
    }
    for name, (mean, ratio) in asked.items():
        excess = np.maximum(column[f"worst {name}"] - column[f"mean {name}"], 1e-9)
        share = float(np.median(column[f"{name} error"] / excess))
        row |= {f"mean {name}": mean, f"worst {name}": mean * ratio, f"{name} error": share * mean * (ratio - 1)}
    row["mean concavity"] = compactness * times("mean concavity", "mean compactness")
    return row


def outside_the_patients(row):
    """Name the measurements of `row` that no patient of the table has: list of str."""
    rows = cytology.table()[0]
    names = ("mean radius", "worst radius", "mean compactness", "mean texture")
    return [name for name in names
            if not min(r[name] for r in rows) <= row[name] <= max(r[name] for r in rows)]


def measure_all(images):
    """Segment and measure pictures, two at a time: float64 (n, 30), a column for each of the table's features.

    images: uint8 (n, h, w, 3). About a tenth of a second a picture on one core.
    """
    from joblib import Parallel, delayed

    from course.progress import progress

    jobs = (delayed(measured)(image) for image in images)
    results = Parallel(2, return_as="generator")(jobs)
    return np.array(list(progress(results, desc="measuring", total=len(images))))


def measured(image):
    """The thirty features of one picture, in table units: list of float."""
    from course.imaging.measurement import measure
    from course.imaging.segmentation import segment_nuclei

    return list(measure(image, segment_nuclei(image), cytology.pixel_size(len(image))).values())


@functools.cache
def readers():
    """Return the two that read a picture: a support vector machine on the measured nuclei of the training patients, and
    the network that comes with the course. Measuring takes some twenty seconds, once.
    """
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    from course.models.augmentation import Augment
    from course.models.breast_cnn import StainDensity
    from course.quiet_tensorflow import keras
    from course.reproduce.lesson_14 import WEIGHTS

    pictures, labels, _ = cytology.load(split="train")
    svm = make_pipeline(StandardScaler(), SVC(C=10, gamma=0.01)).fit(measure_all(pictures), labels)
    ours = {"Augment": Augment, "StainDensity": StainDensity}
    return svm, keras.saving.load_model(WEIGHTS, custom_objects=ours, safe_mode=True)


def field_of(mean_radius, unevenness, compactness, texture, slide):
    """Draw a field of fifteen nuclei with these measurements: uint8 (150, 150, 3). slide: another stain and light."""
    return cytology.draw_field(imagined_patient(mean_radius, unevenness, compactness, texture), 150, (0, slide, 0))


def verdict(mean_radius, unevenness, compactness, texture, slide):
    """Say what both readers make of the field, and warn of what no patient of the table has."""
    strange = outside_the_patients(imagined_patient(mean_radius, unevenness, compactness, texture))
    note = f" No patient of the table has this: {', '.join(strange)}." if strange else ""
    return two_opinions(field_of(mean_radius, unevenness, compactness, texture, slide), *readers()) + note


def two_opinions(image, svm, network):
    """Say in one sentence each what the SVM on measurements and the network on pixels make of a picture."""
    from course import CourseError

    score = float(np.asarray(network(image[None], training=False))[0, 0])
    pixels = f"Network on the pixels: {'malignant' if score >= 0.5 else 'benign'} (score {score:.2f})."
    try:
        side = float(svm.decision_function([measured(image)])[0])
    except CourseError as problem:
        return f"Measurements: none. {problem} {pixels}"
    return f"SVM on the measurements: {'malignant' if side >= 0 else 'benign'} (margin {side:+.1f}). {pixels}"
