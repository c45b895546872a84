"""The run behind lesson 24: the same molecules judged from fingerprints and from drawings, in two splits.

Five folds, dealt molecule by molecule ("random") or scaffold by scaffold ("scaffold"), so that every molecule is judged
once by a model that had not seen it, or not even its scaffold. Fingerprint models: five dealings, the first one's
scores kept. Picture network: the first dealing alone, for its time; its size and its epochs were settled before the
run, by one look at a fifth of the molecules.
"""

import functools

import numpy as np

from course.data import drawings, fingerprints, molecules
from course.evaluation import within_folds
from course.reproduce import behaviour
from course.reproduce.store import reproduce

SPLITS, FOLDS, DEALINGS, NEIGHBOURS = ("random", "scaffold"), 5, 5, 5
SIZE, FILTERS, EPOCHS, BATCH, RATE = 80, (16, 24, 48, 64), 18, 32, 2e-3
ANGLES = tuple(range(0, 360, 30))  # degrees
VOTE, SVM, KERNEL, PICTURE, TURNED = "nearest neighbours", "SVM, bits", "SVM, Tanimoto", "picture", "picture, turned"
BITS = (VOTE, SVM, KERNEL)
SHOWN = 12  # molecules whose answers to all angles are kept, drawn by lot


def main(only=None):
    """Run everything (about 10 minutes); write results/lesson_24.json."""
    return reproduce(24, {"bits": bits, "pictures": pictures, "turning": turning}, fingerprint, only)


@functools.cache
def data():
    """Return the Molecules, active (1017,) and harmful (1017,) of 0 and 1, logP (1017,)."""
    table = molecules.load()
    return table, molecules.active(table.value), molecules.has_pattern(table.mols), molecules.logp(table.mols)


@functools.cache
def fold_of(split, seed=0):
    """Return the fold of each molecule, 0 to 4, in one dealing: (1017,)."""
    table = data()[0]
    names = np.arange(len(table.mols)) if split == "random" else scaffold_names()
    return fingerprints.folds(names, FOLDS, seed)


@functools.cache
def scaffold_names():
    """Return each molecule's scaffold: list of 1,017 texts."""
    return fingerprints.scaffolds(data()[0].mols)


@functools.cache
def ink(angle):
    """Return all drawings turned by an angle, uint8 (1017, 80, 80), 0 paper to 255."""
    return np.rint(255 * drawings.drawings(data()[0].mols, SIZE, angle)).astype(np.uint8)


def fingerprint():
    """What the stored result depends on, as behaviour."""
    return _bits_behaviour() | {"picture": _picture_behaviour()}


@functools.cache
def _bits_behaviour():
    table, active, harmful, logp = data()
    return {"plan": [FOLDS, DEALINGS, NEIGHBOURS], "molecules": [len(active), int(active.sum()), int(harmful.sum())],
            "logP": behaviour.numbers(logp[:5]),
            "bits": fingerprints.fingerprints(table.mols).sum(axis=0)[:64].tolist(),
            "dealt": {split: np.flatnonzero(fold_of(split) == 0)[:12].tolist() for split in SPLITS}}  # fmt: skip


@functools.cache
def _picture_behaviour():
    mols, rows = data()[0].mols[:8], np.arange(8)
    few = np.stack([np.rint(255 * drawings.drawings(mols, SIZE, angle)) for angle in ANGLES[:2]]).astype(np.uint8)
    model = network(0)
    train(model, few, rows, seed=0, epochs=1, batch=4)
    return {"plan": [SIZE, *FILTERS, EPOCHS, BATCH, RATE, SHOWN], "drawn": behaviour.blocks(few[:, 0].mean(axis=0), 4),
            "after": behaviour.numbers(answers(model, few[0])[0])}


def bits(parts):
    """Fingerprint models, out of fold: {split: {method: {"scores": first dealing (1017,), "aucs": of each dealing}}},
    for the side effect and logP: {"harmful": (1017,), "logP": (1017,)}; similarity to the nearest trained on.
    """
    return parts.get("bits", _bits_behaviour(), _bits)


def _bits():
    table, active, harmful, logp = data()
    x = fingerprints.fingerprints(table.mols)
    alike, found = fingerprints.tanimoto(x, x), {}
    for split in SPLITS:
        runs = [_dealing(x, alike, active, fold_of(split, seed)) for seed in range(DEALINGS)]
        found[split] = {name: {"scores": runs[0][name].round(4).tolist(),
                               "aucs": [round(within_folds.auc(active, run[name], fold_of(split, seed)), 4)
                                        for seed, run in enumerate(runs)]} for name in BITS}
        found[split]["nearest"] = _nearest(alike, fold_of(split)).round(3).tolist()
    return found | _properties(x, alike, harmful, logp)


def _dealing(x, alike, active, fold):
    """Return each method's scores out of fold: {method: (1017,)}."""
    from sklearn.svm import SVC

    scores = {name: np.empty(len(active)) for name in BITS}
    for number in range(FOLDS):
        train_rows, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        y, near = active[train_rows], alike[np.ix_(out, train_rows)]
        scores[VOTE][out] = fingerprints.vote(near, y, NEIGHBOURS)
        scores[SVM][out] = SVC().fit(x[train_rows], y).decision_function(x[out])
        kernel = SVC(kernel="precomputed").fit(alike[np.ix_(train_rows, train_rows)], y)
        scores[KERNEL][out] = kernel.decision_function(near)
    return scores


def _nearest(alike, fold):
    """Return each molecule's similarity to the most similar one outside its fold: (1017,)."""
    return np.where(fold[:, None] != fold[None], alike, -1).max(axis=1)


def _properties(x, alike, harmful, logp):
    """The side effect by the Tanimoto machine, logP by ridge regression on the bits; the random dealing."""
    from sklearn.linear_model import Ridge
    from sklearn.svm import SVC

    fold, said, guessed = fold_of("random"), np.empty(len(logp)), np.empty(len(logp))
    for number in range(FOLDS):
        rows, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        machine = SVC(kernel="precomputed").fit(alike[np.ix_(rows, rows)], harmful[rows])
        said[out] = machine.decision_function(alike[np.ix_(out, rows)])
        guessed[out] = Ridge().fit(x[rows], logp[rows]).predict(x[out])
    return {"harmful": said.round(4).tolist(), "logP": guessed.round(3).tolist()}


def pictures(parts):
    """The network trained on upright drawings, out of fold: {split: {"scores": (1017,)}}, "harmful" and "logP" in the
    random split.
    """
    found = {split: _joined(parts, split, turned=False, angle=0) for split in SPLITS}
    return found | {"scaffold": {"scores": found["scaffold"]["scores"]}}


def turning(parts):
    """Both networks of the random dealing, upright and trained on turned drawings, asked at every angle:
    {network: {"aucs": of each angle, "changed": angles of 11 with another verdict than upright (1017,),
    "shown": probabilities of a few molecules (12, 12)}, "molecules": their rows}.
    """
    rows = np.sort(np.random.default_rng(24).choice(len(data()[1]), SHOWN, replace=False))
    found = {"molecules": rows.tolist()}
    for name in (PICTURE, TURNED):
        scores = np.array([_joined(parts, "random", name == TURNED, angle)["scores"] for angle in range(len(ANGLES))])
        verdict = scores >= 0.5
        found[name] = {"aucs": [round(within_folds.auc(data()[1], one, fold_of("random")), 4) for one in scores],
                       "changed": (verdict[1:] != verdict[0]).sum(axis=0).tolist(),
                       "shown": scores[:, rows].T.tolist()}  # fmt: skip
    return found


def _joined(parts, split, turned, angle):
    """Return what the folds' networks say of the molecules they had not seen, at one place of ANGLES."""
    fold, joined = fold_of(split), {name: np.empty(len(data()[1])) for name in ("scores", "harmful", "logP")}
    for number in range(FOLDS):
        name = f"{split}, {'turned' if turned else 'upright'}, fold {number}"
        run = parts.get(name, _bits_behaviour() | {"picture": _picture_behaviour()},
                        lambda number=number: _run(split, turned, number))
        for key, values in joined.items():
            values[fold == number] = run[angle][key]
    return {key: values.tolist() for key, values in joined.items()}


def _run(split, turned, number):
    """Train without a fold; return for each angle (upright alone for scaffolds) what is said of the fold."""
    fold = fold_of(split)
    shown = np.stack([ink(angle) for angle in (ANGLES if turned else ANGLES[:1])])
    model = network(number)
    train(model, shown, np.flatnonzero(fold != number), number, EPOCHS, BATCH)
    asked = ANGLES if split == "random" else ANGLES[:1]
    said = [answers(model, ink(angle)[fold == number]) for angle in asked]
    return [dict(zip(("scores", "harmful", "logP"), (one.round(3).tolist() for one in row), strict=True))
            for row in said]


def network(seed):
    """Return a compiled network: ink (n, 80, 80, 1), 0 to 1 -> active (n, 1), harmful (n, 1), logP standardised."""
    from course.quiet_tensorflow import keras

    keras.utils.set_random_seed(seed)
    layers, entry = keras.layers, keras.Input((SIZE, SIZE, 1))
    x = entry
    for place, filters in enumerate(FILTERS):
        x = layers.Conv2D(filters, 3 if place else 5, 1 if place else 2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.MaxPooling2D(2)(x) if place in (1, 2) else x
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    said = [layers.Dense(1, activation="sigmoid")(x), layers.Dense(1, activation="sigmoid")(x), layers.Dense(1)(x)]
    model = keras.Model(entry, said)
    model.compile(keras.optimizers.Adam(RATE), ["binary_crossentropy", "binary_crossentropy", "mse"])
    return model


def train(model, shown, rows, seed, epochs, batch):
    """Train on molecules `rows`, each time in one of the angles shown (angles, n, 80, 80), by lot.

    The learning rate falls evenly to a tenth.
    """
    _, active, harmful, logp = data()
    lot = np.random.default_rng([24, seed])
    middle, spread = logp[rows].mean(), logp[rows].std()
    for rate in np.linspace(RATE, RATE / 10, epochs):
        model.optimizer.learning_rate.assign(rate)
        for some in np.array_split(lot.permutation(rows), max(len(rows) // batch, 1)):
            pictures = shown[lot.integers(0, len(shown), len(some)), some]
            model.train_on_batch(pictures[..., None].astype(np.float32) / 255,
                                 [active[some], harmful[some], (logp[some] - middle) / spread])


def answers(model, pictures):
    """Return what a network says of drawings, uint8 (n, 80, 80): active, harmful, logP standardised, (n,) each."""
    said = model.predict(pictures[..., None].astype(np.float32) / 255, verbose=0, batch_size=128)
    return [np.ravel(one) for one in said]
