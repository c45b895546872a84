"""Show where in a picture a trained network's score reacts.

MODEL_DIR is what `course train` wrote, PICTURE any picture file. --out names the PNG file that is written: the picture
as the network sees it, beside it the map laid over the same picture, with its scale. Grad-CAM takes the last
convolution's maps; occlusion hides one square after another and asks again.

A map shows where the score reacts. It proves nothing. For teaching; not a medical device.
"""

import os
from pathlib import Path

from course import CourseError
from course.files import atomic, require_plain, shown

METHODS = ("grad-cam", "occlusion")


def add_arguments(parser):
    """Declare the arguments of `course explain`."""
    parser.add_argument("model_dir", metavar="MODEL_DIR", type=Path, help="folder that `course train` wrote")
    parser.add_argument("picture", metavar="PICTURE", type=Path, help="picture to be explained")
    parser.add_argument("--out", metavar="PNG", type=Path, required=True,
                        help="file to be written; its name ends in .png")
    parser.add_argument("--method", choices=METHODS, default=METHODS[0], help="default: %(default)s")


def run(args):
    """Write the figure, or nothing where an input cannot be used: all that is cheap to see is seen first."""
    from course.data.pictures import fit_square, read_picture

    _require_png(args.out, args.picture, args.model_dir)
    if args.picture.is_dir():
        raise CourseError(f"{shown(args.picture)} is a folder: give one picture.")
    picture = read_picture(args.picture)
    with atomic(args.out) as temporary:
        from course.models.diagnoser import CAUTION, load
        from course.models.explanation import explain, figure

        diagnoser = load(args.model_dir)
        fitted = fit_square(picture, diagnoser.facts["size"])
        found = explain(diagnoser, fitted, args.method)
        figure(fitted, found, diagnoser.facts["positive_class"]).savefig(temporary, format="png")
    positive = shown(diagnoser.facts["positive_class"])
    row = diagnoser.predict(fitted).iloc[0]
    print(f"P({positive}) = {row.probability:.3f}: {shown(row.decision)}. Logit of the picture as drawn: "
          f"{found.logit:+.2f}.")
    if remark := diagnoser.remark(*picture.shape[:2]):
        print(f"The picture is unlike those the network was trained on ({remark}): its map means little.")
    print(f"written: {shown(args.out)}. The map shows where the score reacts, and proves nothing.")
    print(CAUTION)
    return 0


def _require_png(path, picture, model_dir):
    """Raise CourseError if --out is no new or plain PNG file, the picture itself, or lies in the model's folder."""
    if path.suffix.lower() != ".png":
        raise CourseError(f"--out {shown(path)}: the name of the file ends in .png.")
    require_plain(path)
    place = os.path.realpath(path)
    if os.path.dirname(place) == os.path.realpath(model_dir):
        raise CourseError(f"--out {shown(path)} lies in the model's own folder. Choose another place.")
    if place == os.path.realpath(picture) or (path.exists() and picture.exists() and path.samefile(picture)):
        raise CourseError(f"--out {shown(path)} is the picture to be explained. Choose another name.")
