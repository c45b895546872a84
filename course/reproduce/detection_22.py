"""What lesson 22 finds in drawn fields: candidates, a classifier taught on some fields, judged on others.

Quick enough to be made anew when asked for (seconds), so nothing is stored.
"""

import functools

import numpy as np

from course.data.phantom_field import field
from course.detection import froc, suppress
from course.imaging.candidates import boxes_of, candidates

TAUGHT, JUDGED = range(60), range(1000, 1080)  # seeds of fields: no field in both
OVERLAP = 0.3  # of boxes, above which the worse of two candidates goes


@functools.cache
def found(seed):
    """Return (Field, centres (n, 2), radii (n,), features (n, 6)) of one field's candidates, suppressed by strength."""
    drawn = field(seed)
    centres, radii, features = candidates(drawn.picture)
    kept = suppress(boxes_of(centres, radii), features[:, 0], OVERLAP)
    return drawn, centres[kept], radii[kept], features[kept]


def on_a_lesion(drawn, centres):
    """Say of each centre (n, 2) whether it lies in a lesion of the Field: bool (n,)."""
    if not len(drawn.lesions):
        return np.zeros(len(centres), bool)
    far = np.linalg.norm(centres[:, None] - drawn.lesions[None, :, :2], axis=-1)
    return (far <= drawn.lesions[None, :, 2]).any(axis=1)


@functools.cache
def classifier():
    """Return the logistic regression on the six features, taught on the candidates of the fields TAUGHT."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    several = [found(seed) for seed in TAUGHT]
    x = np.concatenate([features for *_, features in several])
    y = np.concatenate([on_a_lesion(drawn, centres) for drawn, centres, *_ in several])
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)


@functools.cache
def scores(seed):
    """Return the classifier's score (log-odds) of each candidate of a field: (n,)."""
    features = found(seed)[3]
    return classifier().decision_function(features) if len(features) else np.empty(0)


@functools.cache
def curves():
    """Return {"strength": Froc, "classifier": Froc} of the fields JUDGED."""
    marks, truth = [found(seed)[1] for seed in JUDGED], [found(seed)[0].lesions for seed in JUDGED]
    return {"strength": froc(marks, [found(seed)[3][:, 0] for seed in JUDGED], truth),
            "classifier": froc(marks, [scores(seed) for seed in JUDGED], truth)}


def table(false_marks=(0.25, 0.5, 1, 2, 4)):
    """Return the share of lesions found at so many false marks a field: a row a judge."""
    import pandas as pd

    rows = {name: [curve.sensitivity(x) for x in false_marks] for name, curve in curves().items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(false_marks))


def gain(false_marks=1.0, resamples=1000):
    """Return (gain, from, to): sensitivity of the classifier minus that of strength at so many false marks a field.

    Both on the same fields; whole fields are drawn anew (bootstrap).
    """
    both = curves()
    rng, drawn = np.random.default_rng(0), np.empty(resamples)
    for k in range(resamples):
        fields = rng.integers(len(JUDGED), size=len(JUDGED))
        drawn[k] = np.subtract(*(both[name].drawn(fields).sensitivity(false_marks)
                                 for name in ("classifier", "strength")))
    known = np.subtract(*(both[name].sensitivity(false_marks) for name in ("classifier", "strength")))
    return float(known), *map(float, np.quantile(drawn, [0.025, 0.975]))


def ratios(diameter, thickness, places=20):
    """Return measured over true volume of a ball, diameter in mm, that lies anywhere between voxels: (places,).

    thickness: of the slices, mm; pixels of 0.7 mm; the threshold half-way between lung and nodule.
    """
    from scipy.ndimage import label

    from course.data.phantom_ct import lung

    rng, found = np.random.default_rng([22, diameter]), np.empty(places)
    spacing = np.array([thickness, 0.7, 0.7])
    for k in range(places):
        middle = 15 + rng.uniform(0, 1, 3) * spacing
        marked, _ = label(lung((*middle, diameter), 30, spacing, seed=k) > -400)
        voxels = np.bincount(marked.ravel())[1:].max(initial=0)
        found[k] = voxels * spacing.prod() / (np.pi / 6 * diameter**3)
    return found


def volume_errors(diameters=(4, 6, 8, 12, 20), thicknesses=(1.25, 2.5, 5.0)):
    """Return the standard deviation of `ratios`: a row a diameter, a column a thickness of slices."""
    import pandas as pd

    rows = {f"{diameter} mm": [ratios(diameter, thickness).std() for thickness in thicknesses]
            for diameter in diameters}
    return pd.DataFrame.from_dict(rows, orient="index", columns=[f"{one:g} mm slices" for one in thicknesses])
