"""Ask a trained network about one picture or many.

MODEL_DIR is what `course train` wrote. IMAGE is a picture, or a folder: then every picture directly inside is judged.
Each picture gets the probability of the positive class and the decision at the threshold stored with the model.
--csv writes the table to a file as well.

For teaching; not a medical device.
"""

from pathlib import Path

from course import CourseError
from course.data.folders import visible
from course.data.pictures import shown
from course.files import atomic


def add_arguments(parser):
    """Declare the arguments of `course predict`."""
    parser.add_argument("model_dir", metavar="MODEL_DIR", type=Path, help="folder that `course train` wrote")
    parser.add_argument("images", metavar="IMAGE", type=Path, nargs="+", help="picture, or folder of pictures")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="write the table to this file too")


def run(args):
    """Judge every picture, or none when one of them cannot be used."""
    paths = _pictures(args.images)

    from course.models.diagnoser import CAUTION, load

    diagnoser = load(args.model_dir)
    table = diagnoser.predict_files(paths)
    if args.csv:
        with atomic(args.csv) as temporary:
            table.assign(threshold=diagnoser.threshold).to_csv(temporary, index=False)
    positive = shown(diagnoser.facts["positive_class"])
    print(f"P({positive})  decision")
    for path, row in zip(paths, table.itertuples(), strict=True):
        print(f"{row.probability:{len(positive) + 3}.3f}  {shown(row.decision):<12}  {shown(path)}")
    print(f"\nDecision: {positive} when the probability is at least {diagnoser.threshold:.3f}. The probabilities are "
          f"not calibrated; they belong to the share of {positive} pictures in training.\n{CAUTION}")
    return 0


def _pictures(paths):
    """Return the files meant: a folder stands for the files directly inside it."""
    files = []
    for path in paths:
        files += [entry for entry in visible(path) if not entry.is_dir()] if path.is_dir() else [path]
    if not files:
        raise CourseError("no pictures found in " + ", ".join(shown(path) for path in paths))
    return files
