"""Lessons are text; notebooks are built from them.

A lesson is a core page, `lessons/NN_slug.py` (one lesson has two), and mostly a second, `lessons/NN_slug_deeper.py`,
which nothing else needs. Each page (jupytext percent format) gives two notebooks: `notebooks/NN_slug.ipynb`, where the
exercises are open, and `solutions/NN_slug.ipynb`, where they are solved. Two marks say what is a solution:

    ### BEGIN SOLUTION            the lines between become `...  # your code here`
    ### END SOLUTION
    size = 7  # SOLUTION          one value becomes `size = ...  # your code here`

Both are executed and stored with their outputs. Nothing in them depends on when they were built: cell ids are fixed,
time stamps and widget state are left out, so a second build gives the same bytes. A cell tagged "not-stored" (one
that describes the computer it runs on) keeps no output.
"""

import ast
import copy
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from course import CourseError
from course.files import explained, write_text

ROOT = Path(__file__).resolve().parent.parent
EDITIONS = ("notebooks", "solutions")
PLACEHOLDER = "...  # your code here"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 1800  # seconds; the longest cell of the course trains for three minutes on two quiet cores

_BLOCK = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION[ \t]*$", re.MULTILINE | re.DOTALL)
_MARK_LINE = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_ONE_VALUE = re.compile(r"^([ \t]*[\w, ]+?) = .*?[ \t]+# SOLUTION[ \t]*$", re.MULTILINE)
_ONE_MARK = re.compile(r"[ \t]+# SOLUTION[ \t]*$", re.MULTILINE)
_NEARLY_A_MARK = re.compile(r"#+[ \t]*(begin|end)[ \t_-]*solution|#[ \t]*solution[ \t:.]*$",
                            re.MULTILINE | re.IGNORECASE)
_COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Lesson:
    """One page of a lesson. `number` is text with two digits, "04"; `root` is the folder that holds lessons/."""

    path: Path
    root: Path

    @property
    def number(self):
        return self.path.stem[:2]

    @property
    def deeper(self):
        """True for a page that goes on where the core ends; no core page needs it."""
        return self.path.stem.endswith("_deeper")

    def notebook(self, edition):
        """Return the path of the built notebook of an edition."""
        return self.root / edition / f"{self.path.stem}.ipynb"

    @property
    def text(self):
        try:
            with explained(self.path, "read"):
                return self.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise CourseError(f"{self.path} is no UTF-8 text ({error}). Save it as UTF-8.") from error

    @property
    def source_hash(self):
        return hashlib.sha256(self.text.encode()).hexdigest()


def find_lessons(wanted=(), root=ROOT):
    """Return the pages asked for by number or name (all when none is asked for): in order, the deeper page last."""
    pages = [Lesson(path, root) for path in (root / "lessons").glob("[0-9][0-9]_*.py")]
    pages.sort(key=lambda page: (page.number, page.deeper, page.path.stem))
    if not pages:
        raise CourseError(f"no lesson sources in {root / 'lessons'}. Notebooks are built in a checkout of the course.")
    wanted = {str(one).zfill(2) for one in wanted}
    unknown = sorted(wanted - {page.number for page in pages} - {page.path.stem for page in pages})
    if unknown:
        there = ", ".join(dict.fromkeys(page.number for page in pages))
        raise CourseError(f"no lesson {', '.join(unknown)} in {root / 'lessons'}. There are: {there}.")
    return [page for page in pages if not wanted or {page.number, page.path.stem} & wanted]


def edition_source(source, edition):
    """Return a code cell's source as it stands in one edition."""
    if edition == "solutions":
        return _ONE_MARK.sub("", _MARK_LINE.sub("", source)).rstrip()
    return _ONE_VALUE.sub(rf"\1 = {PLACEHOLDER}", _BLOCK.sub(rf"\1{PLACEHOLDER}", source))


def compose(lesson, edition):
    """Return the notebook of one edition, not yet executed. Raises CourseError for unbalanced marks and bad syntax."""
    import jupytext
    import nbformat

    drawn = jupytext.reads(lesson.text, fmt="py:percent")
    cells = []
    for index, cell in enumerate(drawn.cells):
        name = f"lesson-{lesson.number}-cell-{index:03d}"
        if cell.cell_type == "code":
            source = edition_source(cell.source, edition)
            _require_sound(lesson, index, source)
            new = nbformat.v4.new_code_cell(source, id=name)
        else:
            new = nbformat.v4.new_markdown_cell(cell.source, id=name)
        if cell.metadata.get("tags"):
            new.metadata["tags"] = list(cell.metadata["tags"])
        cells.append(new)
    metadata = {
        "course": {"edition": edition, "source": f"lessons/{lesson.path.name}", "source_sha256": lesson.source_hash},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _require_sound(lesson, index, source):
    if "SOLUTION" in source or _NEARLY_A_MARK.search(source):
        place = f"{lesson.path}, cell {index}: a solution mark has no partner, or is not written as it must be"
        raise CourseError(f"{place}. '### BEGIN SOLUTION' needs '### END SOLUTION' below it in the same cell, both in "
                          "capitals; '# SOLUTION' follows one value, as in 'size = 7  # SOLUTION'. Nothing was built, "
                          "since the answer would stand on the learner's page.")
    if re.search(r"^\s*[!%]", source, re.MULTILINE):
        return  # a shell or magic line is no Python
    try:
        ast.parse(source)
    except SyntaxError as error:
        place = f"{lesson.path}, cell {index}: {error.msg} in line {error.lineno} of the cell"
        raise CourseError(f"{place}: {(error.text or '').strip()!r}. Correct the source, build again.") from error


def execute(lesson, edition):
    """Return the edition's notebook with fresh outputs; CourseError with the traceback when a cell fails."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = compose(lesson, edition)
    folder = lesson.notebook(edition).parent
    folder.mkdir(exist_ok=True)
    client = NotebookClient(
        copy.deepcopy(notebook),
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],  # errors only: its warnings are about this machine
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    # No checker says that it is waiting: outputs do not depend on time. No pictures of patients: none is stored.
    quiet = os.environ | {"COURSE_PATIENCE": "0", "COURSE_DATA": str(folder / "no-pictures")}
    try:
        client.execute(env=quiet)
    except CellExecutionError as error:
        failed = next(i for i, cell in enumerate(client.nb.cells) if _has_error(cell))
        text = _COLOUR_CODES.sub("", str(error)).strip()
        place = f"{lesson.path}: cell {failed} fails in {edition}/, so nothing is written."
        raise CourseError(f"{place}\n\n{text}") from None
    except (CellTimeoutError, DeadKernelError, NoSuchKernel) as error:
        raise CourseError(f"{lesson.path}: {edition}/ could not be run, so nothing is written. {error}") from error
    tidy(client.nb)
    client.nb.metadata = notebook.metadata
    return client.nb


def _has_error(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def tidy(notebook):
    """Take out of an executed notebook, in place, what differs from build to build."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.metadata.pop("execution", None)
        stored = "not-stored" not in cell.metadata.get("tags", [])
        cell.outputs = _joined_streams(cell.outputs) if stored else []
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if output.output_type == "execute_result":
                output.execution_count = count


def _joined_streams(outputs):
    """Return the outputs with neighbouring pieces of one stream joined: where they were cut is chance."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def build(lesson):
    """Execute both editions and write them. Nothing is written unless both ran to the end."""
    import nbformat

    built = {edition: execute(lesson, edition) for edition in EDITIONS}
    for edition, notebook in built.items():
        nbformat.validate(notebook)
        write_text(lesson.notebook(edition), nbformat.writes(notebook, version=4) + "\n")


def drift(lesson):
    """Return sentences that say where the built notebooks differ from the source; none when they agree."""
    return [problem for edition in EDITIONS for problem in _edition_drift(lesson, edition)]


def _edition_drift(lesson, edition):
    import nbformat

    path = lesson.notebook(edition)
    name = f"{edition}/{path.name}"
    if not path.exists():
        return [f"{name} is missing"]
    try:
        stored = nbformat.read(path, as_version=4)
    except Exception as error:
        return [f"{name} cannot be read ({type(error).__name__}: {error})"]
    wanted = compose(lesson, edition)
    problems = []
    if stored.metadata != wanted.metadata:
        problems.append(f"{name} was built from another version of lessons/{lesson.path.name}")
    if len(stored.cells) != len(wanted.cells):
        problems.append(f"{name} has {len(stored.cells)} cells, the source {len(wanted.cells)}")
    for index, (old, new) in enumerate(zip(stored.cells, wanted.cells, strict=False)):
        same = all(old.get(key) == new.get(key) for key in ("id", "cell_type", "source", "metadata"))
        if not same:
            problems.append(f"{name}, cell {index} differs from the source")
    return problems + _untidy(stored, name)


def _untidy(notebook, name):
    """Return what a hand-made edit or run has left in a stored notebook."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    problems = []
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        problems.append(f"{name} was not run once from top to bottom")
    if any(_has_error(cell) and "raises-exception" not in cell.metadata.get("tags", []) for cell in cells):
        problems.append(f"{name} holds an error")
    if any(WIDGET_VIEW in output.get("data", {}) for cell in cells for output in cell.outputs):
        problems.append(f"{name} holds a live widget without its kernel")
    return problems


def orphans(root=ROOT):
    """Return notebooks, as 'edition/name', that no lesson source stands behind."""
    known = {lesson.path.stem for lesson in find_lessons(root=root)}
    paths = [path for edition in EDITIONS for path in sorted((root / edition).glob("*.ipynb"))]
    return [f"{path.parent.name}/{path.name}" for path in paths if path.stem not in known]
