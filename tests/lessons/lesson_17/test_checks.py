"""Lesson 17: the checkers. Right answers in several styles, untouched stubs, each classic mistake with its reason."""

import math

import numpy as np
import pytest
from harness import assert_reasons_differ, assert_status, checker_cases
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course.checks.lesson_17 import features, moving, scaling, trained


def prepared(picture):
    x = (picture.astype("float32") - 127) / 128
    return (np.stack([x, x, x], axis=-1) if x.ndim == 2 else x)[None]


def in_lists(picture):
    return prepared(np.asarray(picture)).tolist()


def by_repeat(picture):
    coloured = np.repeat(picture.reshape(*picture.shape[:2], -1), 3 if picture.ndim == 2 else 1, axis=-1)
    return np.expand_dims(coloured / 128 - 127 / 128, 0)


def to_255(picture):
    return prepared(picture) * 128 / 255 + 127 / 255


SCALING_WRONG = [
    (lambda p: (prepared(p) * 128 + 127) / 255, "Divided by 255"),
    (lambda p: ((prepared(p) * 128 + 127) / 255 - scaling.MEANS) / scaling.DEVIATIONS, "mean and deviation of each"),
    (lambda p: prepared(p) * 128 + 127, "Nothing is scaled"),
    (lambda p: (prepared(p) - 127) / 128, "what had been brought to -1 to 1"),
    (lambda p: (to_255(p) - 127) / 128, "to 0 to 1 first"),
    (lambda p: (prepared(p) * 128 + 127) / 127.5 - 1, "another network's scale"),
    (lambda p: (prepared(p) * 128 + 127 - 128) / 127, "changed places"),
    (lambda p: prepared(p) + 127 / 128, "Only divided"),
    (lambda p: prepared(p) * 128, "Only subtracted"),
    (lambda p: ((np.stack([p] * 3, -1) if p.ndim == 2 else p) - 127)[None] / 128, "ran over"),
    (lambda p: ((p.astype(float) - 127) / 128)[None], "no channels yet"),
    (lambda p: ((np.stack([p] * 3) if p.ndim == 2 else p).astype(float) - 127)[None] / 128, "first axis"),
    (lambda p: prepared(p)[0], "axis of the batch"),
]


def pipeline(train, labels, new, C=0.01, everyone=False):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=5000, tol=1e-6))
    model.fit(train, labels)
    if everyone:
        scaler = StandardScaler().fit(np.concatenate([train, new]))
        return LogisticRegression(C=C).fit(scaler.transform(train), labels).predict_proba(scaler.transform(new))[:, 1]
    return model.predict_proba(new)[:, 1]


def by_hand(train, labels, new):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation[deviation == 0] = 1
    model = LogisticRegression(C=0.01, tol=1e-6).fit((train - mean) / deviation, labels)
    return list(model.predict_proba((new - mean) / deviation)[:, 1])


def dividing_by_nought(train, labels, new):
    with np.errstate(all="ignore"):
        z = np.nan_to_num((train - train.mean(axis=0)) / train.std(axis=0))
        model = LogisticRegression(C=0.01, tol=1e-6).fit(z, labels)
        scaled = (new - train.mean(axis=0)) / train.std(axis=0)
    return 1 / (1 + np.exp(-(scaled @ model.coef_[0] + model.intercept_[0])))


FEATURES_WRONG = [
    (lambda *a: pipeline(*a, everyone=True), "fitted on all"),
    (features._answer(new_by="new"), "by their own mean"),
    (features._answer(new_by="all"), "new ones by those of all"),
    (features._answer(new_by="nobody"), "not scaled as the training"),
    (lambda train, labels, new: LogisticRegression(C=0.01, max_iter=5000, tol=1e-6).fit(train, labels)
        .predict_proba(new)[:, 1], "Nothing is scaled"),
    (lambda *a: 1 - pipeline(*a), "probability of benign"),
    (lambda *a: np.stack([1 - pipeline(*a), pipeline(*a)], axis=1), "both classes"),
    (lambda *a: pipeline(*a) >= 0.5, "decisions"),
    (lambda *a: np.log(pipeline(*a) / (1 - pipeline(*a))), "before the sigmoid"),
    (lambda *a: pipeline(*a, C=1.0), "penalty is another"),
    (dividing_by_nought, "never changes"),
]


def count(layers, phase):
    layers = layers[-1:] if phase == "head" else [one for one in layers if one[0] != "BatchNormalization"]
    return sum(math.prod(shape) for _, shapes in layers for shape in shapes)


def count_all(layers, phase):
    return count([("", shapes) for _, shapes in layers], phase)


COUNT_WRONG = [
    (lambda layers, phase: count_all(layers, "all"), "Everything is counted"),
    (count_all, "all four rows"),
    (lambda layers, phase: count([(kind if "Batch" not in kind else "", shapes[:2] if "Batch" in kind else shapes)
                                  for kind, shapes in layers], phase), "scale and shift are counted"),
    (lambda layers, phase: count(layers if phase == "head" else layers[:-1], phase), "head is left out"),
    (trained.MISTAKES[4].wrong, "Every Dense layer"),
    (lambda layers, phase: count([(kind, shapes[:1]) for kind, shapes in layers], phase), "biases are missing"),
    (lambda layers, phase: count(layers, "all"), 'count of "all"'),
    (lambda layers, phase: count(layers, "head"), 'count of "head"'),
]


def moved(mean, batches, momentum):
    for batch in batches:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=(0, 1, 2))
    return mean


def moved_in_place(mean, batches, momentum):
    mean = mean.copy()
    for batch in batches:
        mean += (1 - momentum) * (np.mean(batch.reshape(-1, len(mean)), axis=0) - mean)
    return mean


MOVING_WRONG = [
    (lambda mean, batches, m: moved(mean, batches, 1 - m), "changed places"),
    (moving.MISTAKES[1].wrong, "added whole"),
    (moving.MISTAKES[2].wrong, "kept whole"),
    (lambda mean, batches, m: batches[-1].mean(axis=(0, 1, 2)), "Only the last batch's mean"),
    (lambda mean, batches, m: mean, "has not moved"),
    (lambda mean, batches, m: moved(mean, batches[:1], m), "Only the first batch"),
    (lambda mean, batches, m: moved(mean, batches[-1:], m), "Only the last batch was"),
    (moving.MISTAKES[7].wrong, "over all channels"),
    (moving.MISTAKES[8].wrong, "over the pictures alone"),
]

RIGHT = {"17.1": prepared, "17.2": pipeline, "17.3": count, "17.4": moved}
WRONG = {"17.1": SCALING_WRONG, "17.2": FEATURES_WRONG, "17.3": COUNT_WRONG, "17.4": MOVING_WRONG}
OTHER_STYLES = [("17.1", in_lists), ("17.1", by_repeat), ("17.2", by_hand), ("17.4", moved_in_place)]
CHECKS = checker_cases("17", RIGHT, WRONG)


@pytest.mark.parametrize(("number", "answer", "status", "words"), CHECKS)
def test_checkers(number, answer, status, words):
    assert_status(number, answer, status, words)


@pytest.mark.parametrize(("number", "answer"), OTHER_STYLES)
def test_right_in_another_style(number, answer):
    assert_status(number, answer, "right")


@pytest.mark.parametrize("number", WRONG)
def test_each_mistake_has_a_reason_of_its_own(number):
    assert_reasons_differ(number, WRONG[number])


def test_keras_counts_as_exercise_17_3_does():
    from course.models.breast_cnn import set_trained, transfer

    model = transfer((48, 48, 3), weights=None)
    base = model.get_layer("efficientnet_lite0")
    rows = [(type(layer).__name__, [tuple(weight.shape) for weight in layer.weights])
            for layer in (*base.layers, model.get_layer("head"))]
    for phase in ("head", "all"):
        set_trained(model, base=phase == "all")
        assert count(rows, phase) == sum(math.prod(weight.shape) for weight in model.trainable_weights)
