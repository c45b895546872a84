"""Build the notebooks from the lesson sources.

Each lessons/NN_slug.py becomes notebooks/NN_slug.ipynb (exercises open) and solutions/NN_slug.ipynb (exercises
solved), both run from top to bottom and stored with their outputs. Only lessons whose source has changed are built.
Where only texts have changed, --text spares the run.
"""

import time

from course import CourseError, lessons
from course.files import write_text
from course.lessons import EDITIONS, ROOT


def add_arguments(parser):
    parser.add_argument("pages", nargs="*", metavar="PAGE",
                        help="numbers or names, such as 00 04_convolution_deeper (default: all)")
    parser.add_argument("--check", action="store_true", help="only compare; fail where notebook and source differ")
    parser.add_argument("--force", action="store_true", help="build unchanged lessons too")
    parser.add_argument("--text", action="store_true",
                        help="run nothing: take over changed texts, keep stored outputs; refused where code changed")


def run(args, root=ROOT):
    """Exit status 0: all notebooks agree with their sources; 1: --check found a difference."""
    chosen = lessons.find_lessons(args.pages, root)
    if args.check:
        return _check(chosen, [] if args.pages else lessons.orphans(root))
    for lesson in chosen:
        if not args.force and not lessons.drift(lesson):
            print(f"{lesson.path.stem}: unchanged", flush=True)
            continue
        if args.text:
            _take_over_texts(lesson)
            print(f"{lesson.path.stem}: texts taken over, outputs kept", flush=True)
            continue
        print(f"{lesson.path.stem}: running both editions ...", end=" ", flush=True)
        start = time.monotonic()
        lessons.build(lesson)
        print(f"built in {time.monotonic() - start:.0f} s", flush=True)
    return 0


def _take_over_texts(lesson):
    """Write both editions with the source's texts and the stored outputs. Nothing is written where code differs."""
    import nbformat

    renewed = {}
    for edition in EDITIONS:
        new = lessons.compose(lesson, edition)
        stored = _stored(lesson.notebook(edition))
        ours, theirs = ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (new, stored))
        if [(cell.source, cell.metadata) for cell in ours] != [(cell.source, cell.metadata) for cell in theirs]:
            raise CourseError(f"{lesson.path}: code has changed since {edition}/ was built, so its outputs may be "
                              "others. Build it without --text.")
        for cell, old in zip(ours, theirs, strict=True):
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
        renewed[lesson.notebook(edition)] = nbformat.writes(new, version=4) + "\n"
    for path, text in renewed.items():
        write_text(path, text)


def _stored(path):
    """Return a built notebook, or raise a CourseError that says to build it anew."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(f"{path} cannot be read ({reason}). Build it without --text.") from error


def _check(chosen, orphans):
    problems = [problem for lesson in chosen for problem in lessons.drift(lesson)]
    problems += [f"{name} has no lesson source" for name in orphans]
    for problem in problems:
        print(problem)
    if problems:
        print("Run 'course build' and commit the notebooks with their sources.")
        return 1
    print(f"{len(chosen)} lesson{'s' if len(chosen) != 1 else ''}: notebooks agree with their sources.")
    return 0
