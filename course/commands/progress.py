"""Show which exercises are right: of one learner, or of a whole class.

FOLDER holds a learner's notebooks (default: work), or a folder for each learner. Only what the checkers have said last,
stored in the notebooks, is read; nothing is run, so an answer may have been edited. --html writes a page, --csv a table
with one row for each learner and exercise.
"""

from html import escape
from pathlib import Path

from course import CourseError
from course.files import atomic, no_formula, printable, require_plain, shown, write_text

MARKS = {"right": "right", "not yet": "not yet", "not attempted": "stub", "not run": ""}
HARDEST = 10  # exercises shown of a class


def add_arguments(parser):
    """Declare the arguments of `course progress`."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", default=Path("work"),
                        help="a learner's notebooks, or a folder for each learner (default: work)")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page; its name ends in .html")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="write a table; its name ends in .csv")


def run(args):
    """Print the table, and write what was asked for; refuse wrong names before anything is read."""
    from course import gradebook

    for path, ending in ((args.html, ".html"), (args.csv, ".csv")):
        if path is not None:
            if path.suffix.lower() != ending:
                raise CourseError(f"{shown(path)}: the name of the file ends in {ending}.")
            require_plain(path)
    pages = gradebook.exercises()
    learners = gradebook.read(args.folder, pages)
    print("\n".join(one(learners[0], pages) if len(learners) == 1 else whole(learners, pages)))
    for learner in learners:
        for problem in learner.problems:
            print(f"note: {problem}")
    if args.html:
        write_text(args.html, page(learners, pages))
        print(f"written: {shown(args.html)}")
    if args.csv:
        _write_csv(args.csv, learners, pages)
        print(f"written: {shown(args.csv)}")
    return 0


def one(learner, pages):
    """Return the lines of one learner's table: pages with right of all, what is not yet right, what is next."""
    from course import gradebook

    lines = [f"{name:34} {right} of {total}" for name, (right, total) in gradebook.counts(learner, pages).items()]
    right = sum(answer.status == "right" for answer in learner.answers.values())
    lines += ["", f"{right} of {len(pages)} exercises are right."]
    missed = {number: answer for number, answer in learner.answers.items() if answer.status == "not yet"}
    lines += [f"{number}, {pages[number][1]}: not yet. {answer.reason}" for number, answer in missed.items()]
    following = gradebook.following(learner, pages)
    if following:
        lines.append(f"Next: exercise {following}, {pages[following][1]}, in {pages[following][0]}.ipynb")
    return [printable(line) for line in lines]


def whole(learners, pages):
    """Return the lines of a class: a row a learner, a column a lesson, and the exercises that were hardest."""
    from course import gradebook

    lessons = sorted({name[:2] for name, _ in pages.values()})
    width = min(24, max(len(learner.name) for learner in learners))
    lines = [" " * width + "  " + " ".join(lessons) + "  all"]
    for learner in learners:
        right = dict.fromkeys(lessons, 0)
        for name, (count, _) in gradebook.counts(learner, pages).items():
            right[name[:2]] += count
        cells = " ".join(f"{right[lesson]:2d}" if right[lesson] else " ." for lesson in lessons)
        lines.append(f"{printable(learner.name)[:width]:{width}}  {cells}  {sum(right.values()):3d}")
    lines += ["", f"right exercises of {len(pages)}; a dot: none", ""]
    hardest = gradebook.difficulty(learners, pages)[:HARDEST]
    if hardest:
        lines.append("Hardest of those tried:")
        for number, title, right, tried, reason in hardest:
            lines.append(f"{number:>5} {right:3d} right of {tried:3d}  {title}")
            lines += [f"{'':20}mostly: {reason}"] if reason else []
    return [printable(line) for line in lines]


def page(learners, pages):
    """Return the same as an HTML page: a matrix with a cell an exercise, and the table of difficulty."""
    from course import gradebook

    head = "".join(f"<th scope='col' title='{escape(title, quote=True)}'>{number}</th>"
                   for number, (_, title) in pages.items())
    rows = "".join(
        f"<tr><th scope='row'>{escape(printable(learner.name))}</th>" + "".join(
            f"<td class='{answer.status.replace(' ', '-')}' title='{escape(answer.reason, quote=True)}'>"
            f"{MARKS[answer.status]}</td>" for answer in learner.answers.values()) + "</tr>" for learner in learners)
    hard = "".join(f"<tr><td>{number}</td><td>{escape(title)}</td><td>{right} of {tried}</td>"
                   f"<td>{escape(reason)}</td></tr>"
                   for number, title, right, tried, reason in gradebook.difficulty(learners, pages))
    notes = "".join(f"<li>{escape(problem)}</li>" for learner in learners for problem in learner.problems)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Progress</title>
<style>
body {{ font-family: sans-serif; margin: 2rem; }} table {{ border-collapse: collapse; margin-bottom: 2rem; }}
th, td {{ border: 1px solid #bbb; padding: 2px 6px; font-size: 13px; }} div {{ overflow-x: auto; }}
.right {{ background: #cfe9df; }} .not-yet {{ background: #f7ddc8; }}
</style>
<h1>Progress</h1>
<p>What the checkers said last, as stored in the notebooks. Nothing was run, so an answer may have been edited.</p>
<div><table><tr><th></th>{head}</tr>{rows}</table></div>
<h2>Exercises, the hardest of those tried first</h2>
<table><tr><th>exercise</th><th>title</th><th>right of tried</th><th>commonest reason</th></tr>{hard}</table>
{f"<h2>Not read</h2><ul>{notes}</ul>" if notes else ""}
</html>
"""


def _write_csv(path, learners, pages):
    import csv

    with atomic(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["learner", "lesson", "exercise", "status", "reason"])
        for learner in learners:
            for number, answer in learner.answers.items():
                texts = (shown(learner.name), pages[number][0], number, answer.status, answer.reason)
                table.writerow([no_formula(text) for text in texts])
