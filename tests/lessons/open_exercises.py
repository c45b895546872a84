"""Write the open exercises of each lesson as one notebook: `python tests/lessons/open_exercises.py FOLDER`.

The two editions differ in the exercises alone: test_drift asserts that every other cell is stored with the same source
and the same outputs. So running the solved edition and the open exercises runs all there is, once. A whole notebook of
the learner's edition is run by `pytest --nbval --nbval-current-env notebooks/NAME.ipynb`.
"""

import sys
from pathlib import Path

import nbformat

from course.lessons import find_lessons


def pairs(lesson):
    """Return the cells of a page, each as (the learner's, the solved one), with their stored outputs."""
    learner, solved = (nbformat.read(lesson.notebook(edition), as_version=4) for edition in ("notebooks", "solutions"))
    return list(zip(learner.cells, solved.cells, strict=True))


def write(folder):
    """Write FOLDER/lesson_NN_open.ipynb for each lesson that has exercises."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for lesson in find_lessons():
        found.setdefault(lesson.number, []).extend(
            learner for learner, solved in pairs(lesson) if learner.source != solved.source)
    for number, cells in found.items():
        if not cells:
            continue
        notebook = nbformat.v4.new_notebook(cells=cells)
        for k, cell in enumerate(cells):
            cell.id = f"open-{k}"
        nbformat.write(notebook, folder / f"lesson_{number}_open.ipynb")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
