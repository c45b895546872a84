"""Repeat the long runs behind a lesson's tables and store the result in results/.

The lessons read those files; nothing in them is typed by hand. An interrupted run goes on where it stopped.
"""

import importlib
import pkgutil

from course import CourseError, reproduce


def add_arguments(parser):
    """Declare the arguments of `course reproduce`."""
    parser.add_argument("lesson", metavar="NN", type=int, help="number of the lesson, such as 14")
    parser.add_argument("--only", metavar="PART",
                        help="run one part and store nothing; a wrong PART lists those there are")


def run(args):
    """Find the lesson's module and run it."""
    known = [int(m.name[-2:]) for m in pkgutil.iter_modules(reproduce.__path__) if m.name.startswith("lesson_")]
    if args.lesson not in known:
        raise CourseError(f"lesson {args.lesson:02d} has no long runs; those that have: "
                          + ", ".join(f"{number:02d}" for number in sorted(known)) + ".")
    return importlib.import_module(f"course.reproduce.lesson_{args.lesson:02d}").main(args.only)
