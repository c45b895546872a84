"""Write a model card: what a trained network is, was made from, can do, and was not tried on.

MODEL_DIR is what `course train` wrote. --out names the card, ending in .md or .html. What only a person can state
(intended use, patients, who set the labels, ...) is read from a small TOML file, --facts; --template writes an empty
one. What nobody states reads "not stated". A card proves no compliance with any rule.
"""

from pathlib import Path

from course import CourseError
from course.files import require_plain, shown, write_text


def add_arguments(parser):
    """Declare the arguments of `course card`."""
    parser.add_argument("model_dir", metavar="MODEL_DIR", type=Path, help="folder that `course train` wrote")
    parser.add_argument("--out", metavar="FILE", type=Path, action="append", default=[],
                        help="the card; its name ends in .md or .html; may be given twice")
    parser.add_argument("--facts", metavar="TOML", type=Path, help="what a person states")
    parser.add_argument("--template", metavar="TOML", type=Path, help="write an empty file for --facts, and no card")


def run(args):
    """Write the card, or the template; all that can be refused is refused before anything is written."""
    from course.models import card

    if args.template:
        require_plain(args.template)
        if args.template.exists():
            raise CourseError(f"{shown(args.template)} is there already; it may be filled in. Choose another name.")
        write_text(args.template, card.template())
        print(f"written: {shown(args.template)}. Fill it in, then: course card {shown(args.model_dir)} --facts "
              f"{shown(args.template)} --out card.md")
        return 0
    if not args.out:
        raise CourseError("say where the card goes: --out card.md or --out card.html")
    for path in args.out:
        if path.suffix.lower() not in (".md", ".html"):
            raise CourseError(f"--out {shown(path)}: the name of the card ends in .md or .html.")
        require_plain(path)
    words = card.stated(args.facts) if args.facts else {}
    facts, report = card.read(args.model_dir)
    parts = card.sections(facts, report, words)
    title = f"Model card: {facts['recipe']['model']} network on {shown(facts['data']['folder'])}"
    for path in args.out:
        write_text(path, (card.markdown if path.suffix.lower() == ".md" else card.html)(title, parts))
        print(f"written: {shown(path)}")
    empty = sum(not words.get(key) for key in card.ASKED)
    if empty:
        print(f"{empty} of {len(card.ASKED)} items that only a person can state are not stated. An empty file for "
              "them: --template facts.toml")
    return 0
