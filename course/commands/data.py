"""Put a data set on disk as train|validation|test/<benign|malignant>/*.png, ready for 'course train'.

  cytology     cells drawn from the measurements of 569 patients; nothing is downloaded
  breastmnist  780 real ultrasound pictures; one file is downloaded when it is missing

The folder must be new or empty. It appears when everything in it is written, or not at all.
"""

from pathlib import Path

from course.commands.numbers import whole
from course.files import shown


def add_arguments(parser):
    """Declare the two data sets and their options."""
    kinds = parser.add_subparsers(dest="kind", metavar="DATA_SET", required=True, help="cytology or breastmnist")

    cytology = kinds.add_parser(
        "cytology",
        help="draw the cell pictures",
        description="Draw each patient of the Wisconsin table as a field of 15 stained nuclei. The pictures are drawn "
        "from measurements, not photographed, and hold no information beyond the table.",
    )
    cytology.add_argument("--fields", type=whole(1, 100), default=1, metavar="N",
                          help="pictures of each patient, 1 to 100 (default: 1)")

    breastmnist = kinds.add_parser(
        "breastmnist",
        help="write the real ultrasound pictures",
        description="Write BreastMNIST as RGB pictures. Its file is looked for in data/, or in the folder named by the "
        "environment variable COURSE_DATA, and downloaded from Zenodo (31 MB at 224 pixels) when it is not there.",
    )
    breastmnist.add_argument(
        "--source-size", type=int, default=224, choices=(28, 64, 128, 224), metavar="PIXELS",
        help="the published file to start from: 28, 64, 128 or 224 (default: 224)",
    )
    for kind, least in ((cytology, 32), (breastmnist, 28)):
        kind.add_argument("--to", required=True, type=Path, metavar="DIR", help="the folder to write; new or empty")
        kind.add_argument("--size", type=whole(least, 1024), default=150, metavar="PIXELS",
                          help=f"side of the written pictures, {least} to 1024 (default: 150)")


def run(args):
    """Write the data set and say what was written. A disk that is too small is noticed before any work."""
    from course.models.outputs import require_disk

    require_disk(args.to, 569 * args.fields if args.kind == "cytology" else 780, args.size)
    if args.kind == "cytology":
        from course.data import cytology

        cytology.write(args.to, size=args.size, fields=args.fields)
    else:
        from course.data import breastmnist

        print(breastmnist.export(args.to, size=args.size, source_size=args.source_size).provenance)
    pictures = sum(1 for _ in args.to.rglob("*.png"))
    print(f"{pictures} pictures of {args.size} x {args.size} pixels are in {shown(args.to)}")
    return 0
