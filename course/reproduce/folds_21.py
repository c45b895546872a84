"""Lesson 21's networks: five folds over all 780 pictures with twins together, maps against masks, the official test."""

import functools

import numpy as np
from scipy.special import expit

from course.data import Split
from course.evaluation import clustered, intervals
from course.reproduce import behaviour, lesson_21
from course.reproduce.store import Parts, exact


def networks():
    """Return {name: (recipe, side of its pictures)}: what is trained on every fold. The last epoch is kept."""
    from dataclasses import replace

    from course.reproduce.lesson_14 import ultrasound_recipe
    from course.reproduce.transfer_ultrasound import recipe

    return {"fine-tuned": (recipe(), 224), "scratch": (replace(ultrasound_recipe(), monitor="last"), 150)}


@functools.cache
def key(name):
    """The part of the fingerprint on which one network's folds depend."""
    recipe, _ = networks()[name]
    return {"recipe": behaviour.settings(recipe), "training": behaviour.training(recipe)}


def folds(parts):
    """Five folds over all 780, twins together: measures out of fold of each network, of the frozen features, of means.

    Intervals are by group of twins; differences from the frozen features and from the fine-tuned network are paired, by
    group, on the same pictures.
    """
    _, labels, _, kind = lesson_21.pictures()
    fold, group = lesson_21.folds_of(True, 0), lesson_21.groups()
    scores = {name: _out_of_fold(parts, name, fold) for name in networks()}
    scores["frozen"] = expit(lesson_21.frozen(parts, fold))
    scores["fine-tuned and frozen"] = (scores["fine-tuned"] + scores["frozen"]) / 2
    scores["all three"] = np.mean([scores[name] for name in ("fine-tuned", "frozen", "scratch")], axis=0)
    lesion = kind != "normal"
    return {name: {"AUC": clustered.auc(labels, values, group),
                   "AUC, malignant against benign": clustered.auc(labels[lesion], values[lesion], group[lesion]),
                   **{f"minus {other}": _difference(labels, values, scores[other], group)
                      for other in ("frozen", "fine-tuned") if other != name},
                   "sensitivity at 0.5": clustered.share(values[labels == 1] >= 0.5, group[labels == 1]),
                   "specificity at 0.5": clustered.share(values[labels == 0] < 0.5, group[labels == 0])}
            for name, values in scores.items()}


def _difference(labels, one, other, group):
    """The difference of two AUCs, with the percentile interval of 2,000 draws of whole groups of twins."""
    return lesson_21.mean_gap(labels, np.stack([one, other])[:, None], group)


def _out_of_fold(parts, name, fold):
    """The scores of one network on every picture, each from the training that has not seen its fold."""
    scores = np.empty(len(fold))
    for number in range(lesson_21.FOLDS):
        scores[fold == number] = _fold(parts, name, fold, number)["scores"]
    return scores


def _fold(parts, name, fold, number):
    return parts.get(f"{name}, fold {number}", {**key(name), "folds": lesson_21.behaviour_of_twins()},
                     lambda: _trained(parts, name, fold == number, number))


def _trained(parts, name, out, number):
    """Train one network on all other folds; the few pictures that `fit` watches on the way decide nothing.

    Kept: scores of the pictures left out, and Grad-CAM's coarse maps of them, for malignant.
    """
    import shutil

    from course.models.explain import grad_cam
    from course.models.training import fit, make_repeatable, predict_scores

    make_repeatable()
    recipe, side = networks()[name]
    images, labels = np.repeat(_sized(side)[..., None], 3, axis=-1), lesson_21.pictures()[1]
    model = recipe.build(images.shape[1:], seed=number)
    train = Split(images[~out], labels[~out])
    watched = Split(*(np.concatenate([part[labels[~out] == kind][:10] for kind in (0, 1)]) for part in train))
    folder = parts.path(f"{name}, fold {number}", "_run")  # an interruption costs one epoch
    history = fit(model, train, watched, recipe, number, True, folder, discard_other=True)
    scores = predict_scores(model, images[out], recipe.flips)
    heat = grad_cam(model, images[out])
    shutil.rmtree(folder)
    return {"seconds": round(history.attrs["seconds"]), "scores": exact(scores),
            "maps": [exact(np.round(one.ravel(), 6)) for one in heat.values],
            "grid": [heat.rows.tolist(), heat.columns.tolist()]}


@functools.cache
def _sized(side):
    """The pictures at this many pixels a side, shrunk as `course data breastmnist` does."""
    from course.data import breastmnist

    grey = lesson_21.pictures()[0]
    return grey if side == grey.shape[1] else np.stack([breastmnist._resized(image, side) for image in grey])


def masks(parts):
    """How much of Grad-CAM's heat for malignant, of the fine-tuned networks out of fold, lies inside the lesion.

    {kind: measures}: pictures (those with a mask and any heat), without heat; area: share of the picture that the mask
    covers; inside: share of the heat; others': share of other pictures' heat, of the same kind, in this mask: what a
    map gets that points at the usual place; more: inside minus others', with its interval by group; pointing: share of
    pictures whose hottest pixel lies inside.
    """
    heat, mask = _heat(parts), _masks()
    kind, group = lesson_21.pictures()[3], lesson_21.groups()
    return {name: _inside(heat[kind == name], mask[kind == name], group[kind == name])
            for name in ("malignant", "benign")}


def _heat(parts):
    """The maps of all pictures at 224 pixels, each adding up to 1, or all 0: (780, 224, 224), float32."""
    from course.models.explain import Heat

    fold = lesson_21.folds_of(True, 0)
    heat = np.empty((len(fold), 224, 224), np.float32)
    for number in range(lesson_21.FOLDS):
        run = _fold(parts, "fine-tuned", fold, number)
        rows, columns = (np.array(middles) for middles in run["grid"])
        values = np.array(run["maps"]).reshape(-1, len(rows), len(columns))
        heat[fold == number] = Heat(values, rows, columns).over((224, 224))
    total = heat.sum(axis=(1, 2), keepdims=True)
    return np.divide(heat, total, out=np.zeros_like(heat), where=total > 0)


def _masks():
    from course.data import breastmnist

    return np.concatenate(list(breastmnist.load_masks().values()))


def _inside(heat, mask, group):
    """The measures of `masks` for the pictures of one kind."""
    from course.models.map_tests import pointing_game

    masked, hot = mask.any(axis=(1, 2)), heat.any(axis=(1, 2))
    heat, mask, group = (values[masked & hot] for values in (heat, mask, group))
    share = np.einsum("iyx,jyx->ij", mask.astype(np.float32), heat, optimize=True)  # mask i, heat j
    apart = group[:, None] != group  # a twin's map is no other's
    others = (share * apart).sum(axis=1) / apart.sum(axis=1)
    inside = share.diagonal()

    def mean(_, values):
        return values.mean()

    more = intervals.bootstrap(mean, np.zeros(len(group), int), inside - others, group, by_class=False)
    return {"pictures": len(mask), "without heat": int(np.sum(masked & ~hot)), "area": float(mask.mean()),
            "inside": float(inside.mean()), "others'": float(others.mean()), "more": more,
            "pointing": float(pointing_game(heat, mask).hits.mean())}


def official(parts):
    """The published split, each model's test pictures opened once: all, those without a twin that was seen, the rest.

    Models are lesson 17's: {model: {pictures: AUC with DeLong's interval}}, and "pictures": how many there are. Seen:
    in training or validation.
    """
    from course.reproduce.transfer_ultrasound import runs

    _, labels, split, kind = lesson_21.pictures()
    frozen, tuned = runs(Parts(17))
    scores = {"mean brightness": frozen["brightness"], "frozen": frozen["test_scores"]}
    scores |= {f"fine-tuned, seed {run['seed']}": run["test_scores"] for run in tuned}
    scores["fine-tuned, mean of seeds"] = np.mean([run["test_scores"] for run in tuned], axis=0)
    scores["the same and frozen"] = (scores["fine-tuned, mean of seeds"] + np.array(frozen["test_scores"])) / 2
    test = split == "test"
    twin = np.isin(lesson_21.groups()[test], lesson_21.groups()[~test])
    rows = {"all": np.ones(len(twin), bool), "no twin seen": ~twin, "twin seen": twin,
            "malignant against benign": kind[test] != "normal"}
    return {"pictures": {name: [int(some.sum()), int(labels[test][some].sum())] for name, some in rows.items()},
            **{name: {which: intervals.delong(labels[test][some], np.array(values)[some])
                      for which, some in rows.items()} for name, values in scores.items()}}
