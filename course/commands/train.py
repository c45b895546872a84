"""Train the diagnosis network on a folder of pictures, test it, and write a report.

DATA_DIR holds the folders train, validation and test, each with two folders of pictures, one for each class:
    train/benign/*.png   train/malignant/*.png   validation/benign/*.png   ...
`course data cytology --to DIR` draws such a folder. Pictures may be PNG, JPEG, TIFF, BMP, GIF or WebP.

Stop it when you like (Ctrl-C): the same command goes on where it stopped, at most one epoch back. In OUT you find
model.keras, model.json, history.csv, report.json and report.html; open the last one in a browser.

For teaching; not a medical device.
"""

import argparse
import contextlib
import signal
import sys
from pathlib import Path

from course.data.folders import scan
from course.data.pictures import shown
from course.models.outputs import prepare_out

AUGMENTATIONS = ("none", "usual", "cells", "ultrasound")


def add_arguments(parser):
    """Declare the arguments of `course train`."""
    parser.add_argument("data_dir", metavar="DATA_DIR", type=Path, help="folder with train, validation and test")
    parser.add_argument("--model", choices=("classic", "repaired"), default="repaired",
                        help="the tutorials' network, or the one lesson 14 arrives at (default: %(default)s)")
    parser.add_argument("--epochs", type=_whole(1), metavar="N", help="at most so many epochs (default: the model's)")
    parser.add_argument("--seed", type=_whole(0), default=0, metavar="N", help="start of all randomness (default: 0)")
    parser.add_argument("--positive", metavar="NAME",
                        help="the class to be found, such as malignant; needed unless the classes are benign/malignant")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: models/DATA_DIR-MODEL)")
    parser.add_argument("--augmentation", choices=AUGMENTATIONS,
                        help="how training pictures are varied; choose ultrasound for ultrasound, which has an up and "
                        "a down (default: none for classic, cells for repaired)")
    parser.add_argument("--sensitivity", type=_share, default=0.95, metavar="SHARE",
                        help="share of positive validation pictures that the threshold must find (default: 0.95)")
    parser.add_argument("--size", type=_whole(46), default=150, metavar="PIXELS",
                        help="side length to which pictures are fitted, at least 46 (default: 150)")
    parser.add_argument("--batch-size", type=_whole(1), metavar="N", help="pictures a step (default: the model's)")
    parser.add_argument("--overwrite", action="store_true",
                        help="replace a finished model in OUT, or an unfinished run with other settings")


def run(args):
    """Scan, train, test, write. Bad data or an unusable OUT is reported before TensorFlow is loaded."""
    name = args.data_dir.resolve().name
    out = args.out or Path("models") / f"{name}-{args.model}"
    folder = scan(args.data_dir, args.positive)
    prepare_out(out, args.overwrite)
    for warning in folder.warnings:
        print(f"Warning: {warning}\n", file=sys.stderr)
    for split, counts in folder.counts.items():
        print(f"{split + ':':<12}" + ", ".join(f"{count} {shown(label)}" for label, count in counts.items()))
    print(f"To be found (positive): {shown(folder.class_names[1])}", flush=True)

    from course.models.system import train_folder

    with _terminated_like_interrupted(), _told_where(out):
        diagnoser, report = train_folder(folder, out, _recipe(args), args.seed, args.sensitivity, args.size,
                                         args.overwrite)
    _summarise(diagnoser, report, out)
    return 0


def _recipe(args):
    """Return the model's recipe with what the command line changes."""
    from dataclasses import replace

    from course.models.training import RECIPES

    changes = {name: value for name, value in (("epochs", args.epochs), ("batch_size", args.batch_size)) if value}
    if args.augmentation:
        changes["augmentation"] = None if args.augmentation == "none" else args.augmentation
    if args.augmentation == "ultrasound" and RECIPES[args.model].flips:
        changes["flips"] = "horizontal"
    return replace(RECIPES[args.model], **changes)


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
    print(f"\nReport: {shown(out / 'report.html')}\nTry it: course predict {shown(out)} PICTURE\n{report['caution']}")


@contextlib.contextmanager
def _terminated_like_interrupted():
    """Let a polite request to end (SIGTERM, as a batch queue sends it) clean up as Ctrl-C does."""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _told_where(out):
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nStopped. Finished epochs are safe in {shown(out)}; the same command goes on from there.",
              file=sys.stderr)
        raise


def _whole(least):
    """Return a converter for argparse: a whole number, at least `least`."""

    def convert(text):
        if not text.strip().isdecimal() or not least <= int(text) < 2**31:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return convert


def _share(text):
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share above 0 and up to 1, such as 0.95")
    return value
