"""Train the diagnosis network on a folder of pictures, test it, and write a report.

DATA_DIR holds the folders train, validation and test, each with two folders of pictures, one for each class:
    train/benign/*.png   train/malignant/*.png   validation/benign/*.png   ...
`course data cytology --to DIR` draws such a folder. Pictures may be PNG, JPEG, TIFF, BMP, GIF or WebP.

The repaired network's usual scaling and augmentation are meant for stained cells. For other pictures choose yours:
--scaling standardise for anything but stained slides, --augmentation ultrasound for what has an up and a down.

The model transfer begins with a network that has seen a million photographs (lesson 17). It brings a scaling of its own
and takes pictures of 224 pixels: some 20 minutes of two processor cores for 500 of them.

Stop it when you like (Ctrl-C): the same command goes on where it stopped, at most one epoch back. In OUT you find
model.keras, model.json, history.csv, report.json and report.html; open the last one in a browser.

For teaching; not a medical device.
"""

import contextlib
import hashlib
import os
import shlex
import sys
from pathlib import Path

from course import CourseError, interruption
from course.commands.numbers import share, whole
from course.data import cache
from course.data.folders import scan
from course.files import printable, shown
from course.lock import alone_in
from course.models.outputs import memory_warning, prepare_out, require_apart

QUOTE = b'"'
AUGMENTATIONS = {  # what each does in training, and which mirror images a prediction may be averaged over
    "none": ("pictures as they are", False),
    "usual": ("turned, slanted, zoomed, mirrored left-right", "horizontal"),
    "cells": ("quarter turns and mirror images, for pictures without up and down", "both"),
    "ultrasound": ("moved a little, mirrored left-right, brighter or darker", "horizontal"),
}
SCALINGS = {
    "rescale": "grey values divided by 255",
    "standardise": "the training pictures' mean and deviation taken out",
    "density": "each picture's own lamp and stain taken out, for stained cells",
    "imagenet": "(grey value - 127) / 128, as the borrowed network was trained; for the model transfer alone",
}
SIZES = {"classic": 150, "repaired": 150, "transfer": 224}


def add_arguments(parser):
    """Declare the arguments of `course train`."""
    parser.add_argument("data_dir", metavar="DATA_DIR", type=Path, help="folder with train, validation and test")
    parser.add_argument("--model", choices=SIZES, default="repaired",
                        help="the tutorials' network, the one lesson 14 arrives at, or EfficientNet-Lite0, trained on "
                        "photographs and tuned to these pictures (default: %(default)s)")
    parser.add_argument("--epochs", type=whole(1, 100_000), metavar="N",
                        help="at most so many epochs (default: the model's)")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, metavar="N",
                        help="start of all randomness (default: 0)")
    parser.add_argument("--positive", metavar="NAME",
                        help="the class to be found, such as malignant; needed unless the classes are benign/malignant")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: models/DATA_DIR-MODEL)")
    parser.add_argument("--scaling", choices=SCALINGS,
                        help="what is done to grey values first; choose standardise for all but stained cells "
                        "(default: rescale for classic, density for repaired, imagenet for transfer)")
    parser.add_argument("--augmentation", choices=AUGMENTATIONS,
                        help="how training pictures are varied; choose ultrasound for ultrasound, which has an up and "
                        "a down (default: none for classic, cells for the others)")
    parser.add_argument("--sensitivity", type=share, default=0.95, metavar="SHARE",
                        help="share of positive validation pictures that the threshold must find (default: 0.95)")
    parser.add_argument("--prevalence", type=share, action="append", metavar="SHARE",
                        help="share of the positive class where the network might be used, such as 0.005: the report "
                        "says what a decision is worth there; may be given again (default: 0.05 and 0.005)")
    parser.add_argument("--size", type=whole(46, 2048), metavar="PIXELS",
                        help="side length to which pictures are fitted, 46 to 2048 (default: 150, or 224 for transfer)")
    parser.add_argument("--batch-size", type=whole(1, 4096), metavar="N",
                        help="pictures a step (default: the model's)")
    parser.add_argument("--cache", type=Path, metavar="DIR",
                        help="keep fitted pictures in this folder while the network trains (default: in the memory, or "
                        "in the folder .cache beside OUT where they are many)")
    parser.add_argument("--keep-cache", action="store_true", help="do not delete them at the end, for the next run")
    parser.add_argument("--overwrite", action="store_true",
                        help="replace a finished model in OUT, once the new one is complete, or an unfinished run with "
                        "other settings")


def run(args):
    """Scan, train, test, write. Bad data or an unusable OUT is reported before TensorFlow is loaded."""
    name = os.path.basename(os.path.realpath(args.data_dir))
    out = args.out or Path("models") / f"{name}-{args.model}"
    size = args.size or SIZES[args.model]
    _require_scaling(args.model, args.scaling)
    require_apart(out, args.data_dir)
    place = args.cache or out.parent / ".cache"
    folder = scan(args.data_dir, args.positive, _memory_of(args.data_dir, place))
    plan = cache.plan(sum(map(len, folder.files.values())), folder.digest, size, place, always=args.cache is not None)
    with alone_in(out) as left_by:
        prepare_out(out, args.overwrite)
        if left_by:
            print(f"Taken over from process {left_by}, which has ended.", file=sys.stderr)
        _announce(folder, args, size, plan)
        with _told_where(out):
            from course.models.system import RARER, train_folder

            recipe = _recipe(args)
            print(_description(recipe), flush=True)
            diagnoser, report = train_folder(folder, out, recipe, args.seed, args.sensitivity, size, args.overwrite,
                                             prevalences=args.prevalence or RARER, plan=plan)
        if plan.kind == "disk" and not args.keep_cache:
            cache.remove(plan.folder)
    _summarise(diagnoser, report, out)
    return 0


def _memory_of(data_dir, place):
    """Return the file in `place` that remembers what was seen of the pictures in `data_dir`."""
    return place / f"seen-{hashlib.sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:16]}.npz"


def _require_scaling(model, scaling):
    """Raise CourseError when a scaling is asked for that the model cannot have."""
    if scaling and (scaling == "imagenet") != (model == "transfer"):
        takes = "only --scaling imagenet, which it has anyway" if model == "transfer" else "any --scaling but imagenet"
        raise CourseError(f"--model {model} takes {takes}.")


def _announce(folder, args, size, plan):
    """Say what was found, what was not looked at, and what memory it needs, before the long work."""
    loaded = sum(map(len, folder.files.values())) if plan.kind == "memory" else 0
    need = memory_warning(loaded, size, args.batch_size or 32, args.model)
    for warning in [*folder.warnings, *([need] if need else [])]:
        print(f"Warning: {printable(warning)}\n", file=sys.stderr)
    for split, counts in folder.counts.items():
        print(f"{split + ':':<12}" + ", ".join(f"{count} {shown(label)}" for label, count in counts.items()))
    print(f"To be found (positive): {shown(folder.class_names[1])}\n{folder.unchecked}", flush=True)
    if plan.sentence():
        print(plan.sentence() + (", and deleted at the end (--keep-cache keeps them)." * (
            plan.kind == "disk" and not args.keep_cache)), flush=True)


def _recipe(args):
    """Return the model's recipe with what the command line changes."""
    from dataclasses import replace

    from course.models.training import RECIPES

    usual = RECIPES[args.model]
    named = {"epochs": args.epochs, "batch_size": args.batch_size, "scaling": args.scaling}
    changes = {name: value for name, value in named.items() if value}
    if args.augmentation:
        changes["augmentation"] = None if args.augmentation == "none" else args.augmentation
        if usual.flips:  # predict over no mirror image that training has not shown
            changes["flips"] = AUGMENTATIONS[args.augmentation][1]
    return replace(usual, **changes)


def _description(recipe):
    """Return lines that say what is done to the pictures, since it is right for some kinds of picture only."""
    name = recipe.augmentation or "none"
    lines = [f"Scaling:      {recipe.scaling} ({SCALINGS[recipe.scaling]})",
             f"Augmentation: {name} ({AUGMENTATIONS[name][0]})"]
    if recipe.scaling == "density" or name == "cells":
        lines.append("Not stained cells? Choose with --scaling and --augmentation; `course train --help` says how.")
    return "\n".join(lines)


def _summarise(diagnoser, report, out):
    from course.models.report_page import interval

    test, positive = report["test"], diagnoser.facts["positive_class"]
    at = test["at_threshold"]
    print(f"\nTest, {test['n']} pictures, {test['positives']} {shown(positive)}; in brackets 95 % intervals")
    print(f"  AUC          {interval(test['auc'])}")
    for measure in ("accuracy", "sensitivity", "specificity"):
        print(f"  {measure:<12} {interval(at[measure])}  {at[measure]['right']} of {at[measure]['of']}")
    print(f"  (calling all alike: accuracy {test['majority']:.2f})")
    print(f"  at the threshold {at['threshold']:.3f}, chosen on the validation pictures")
    print(f"\nReport: {shown(out / 'report.html')}\nTry it: course predict {quoted(out)} PICTURE\n{report['caution']}")


def quoted(path):
    """Return a path as it can be typed on a command line, also with blanks in it or a dash in front."""
    text = str(path)
    text = f".{os.sep}{text}" if text.startswith("-") else text
    if text != shown(text):
        if os.name == "nt":
            return shown(text)
        return f"$'{repr(os.fsencode(text) + QUOTE)[2:-2]}'"  # bash and zsh read $'\x1b'; the mark makes repr use '
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


@contextlib.contextmanager
def _told_where(out):
    """After an interruption, say what there is: finished epochs, the finished model, or nothing."""
    before = _stamp(out / "model.json")
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, KeyboardInterrupt) or interruption.came()):
            raise
        if _stamp(out / "model.json") != before:
            text = f"Stopped, but the model is complete, in {shown(out)}."
        elif os.path.lexists(out / "checkpoint.npz"):
            text = f"Stopped. Finished epochs are safe in {shown(out)}; the same command goes on from there."
        else:
            text = "Stopped before the first epoch was finished; the same command begins again."
        if before and _stamp(out / "model.json") == before:
            text += " The finished model that was there is untouched."
        print(f"\n{text}", file=sys.stderr)
        raise


def _stamp(path):
    """Return what tells one version of a file from the next, or None when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
