"""Ask a trained network about one picture or many.

MODEL_DIR is what `course train` wrote. IMAGE is a picture, or a folder: then every picture directly inside is judged.
Each picture gets the probability of the positive class and the decision at the threshold stored with the model. A
picture whose shape or size is unlike those the network was trained on gets a remark. --csv writes the table to a file
as well.

For teaching; not a medical device.
"""

import os
from pathlib import Path

from course import CourseError
from course.data.folders import visible
from course.files import atomic, explained, no_formula, printable, require_plain, shown

TABLES = (".csv", ".txt")


def add_arguments(parser):
    """Declare the arguments of `course predict`."""
    parser.add_argument("model_dir", metavar="MODEL_DIR", type=Path, help="folder that `course train` wrote")
    parser.add_argument("images", metavar="IMAGE", type=Path, nargs="+", help="picture, or folder of pictures")
    parser.add_argument("--csv", metavar="FILE", type=Path,
                        help="write the table to this file too; its name ends in .csv")


def run(args):
    """Judge every picture, or none when one of them cannot be used."""
    paths = _pictures(args.images)
    if args.csv:
        _require_table(args.csv, paths, args.model_dir)

    from course.models.diagnoser import CAUTION, load
    from course.models.probability import sentence

    diagnoser = load(args.model_dir)
    table = diagnoser.predict_files(paths)
    if args.csv:
        with atomic(args.csv) as temporary:
            _for_spreadsheets(table, diagnoser.threshold).to_csv(temporary, index=False, encoding="utf-8")
    positive = shown(diagnoser.facts["positive_class"])
    print(f"P({positive})  decision")
    for path, row in zip(paths, table.itertuples(), strict=True):
        remark = f"  [{row.remark}]" if row.remark else ""
        print(f"{row.probability:{len(positive) + 3}.3f}  {shown(row.decision):<12}  {shown(path)}{remark}")
    print(f"\nDecision: {positive} when the probability is at least {diagnoser.threshold:.3f}. "
          + printable(sentence(diagnoser.facts.get("calibration"), positive)))
    if unlike := int((table["remark"] != "").sum()):
        print(f"{unlike} of {len(paths)} pictures are unlike those the network was trained on, in shape or size: "
              "what it says of them means little.")
    print(CAUTION)
    return 0


def _pictures(paths):
    """Return the files meant: a folder stands for the files directly inside it."""
    files = []
    for path in paths:
        with explained(path, "read"):
            files += [entry for entry in visible(path) if not entry.is_dir()] if path.is_dir() else [path]
    if not files:
        raise CourseError("no pictures found in " + ", ".join(shown(path) for path in paths))
    return files


def _require_table(path, pictures, model_dir):
    """Raise CourseError if --csv names a picture, a file of the model or anything else that is no table."""
    if path.suffix.lower() not in TABLES:
        raise CourseError(f"--csv {shown(path)}: a table's name ends in {' or '.join(TABLES)}. "
                          "Was the name of the table left out before the pictures?")
    require_plain(path)
    place = os.path.realpath(path)
    if os.path.dirname(place) == os.path.realpath(model_dir):
        raise CourseError(f"--csv {shown(path)} lies in the model's own folder. Choose another place for the table.")
    if place in {os.path.realpath(picture) for picture in pictures}:
        raise CourseError(f"--csv {shown(path)} is one of the pictures to be judged. "
                          "Choose another name for the table.")


def _for_spreadsheets(table, threshold):
    """Return the table as a file may hold it: names of any bytes in one line each, none taken for a formula."""
    texts = {name: [no_formula(shown(value)) for value in table[name]] for name in ("picture", "decision")}
    return table.assign(**texts, threshold=threshold)
