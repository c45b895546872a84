"""work/index.md, the page on which JupyterLab opens: every lesson with its minutes, what is done, where you stopped.

It is written anew at each start from what the copies hold; nothing else is remembered.
"""

import json
import re
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from course.files import write_text

NAME, HEADING = "index.md", "# Image Recognition for Medical Diagnosis"
_PAGE = re.compile(r"(\d\d)_\w+\.ipynb$")
_EXPERIMENT = re.compile(r"^### (Experiment: .+?)\s*$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*How long\.\*\* About (\d+) minutes")
_RIGHT = re.compile(r"Exercise (\d+\.\d+): right\.")
_EXERCISE = re.compile(r"^# Exercise (\d+\.\d+) - ", re.MULTILINE)


class Page(NamedTuple):
    """What the index says of one notebook; `begun` is True when a learner has run or changed something in it."""

    name: str
    title: str
    minutes: str
    experiments: list
    exercises: int
    right: int
    changed: float

    @property
    def number(self):
        return self.name[:2]

    @property
    def deeper(self):
        return Path(self.name).stem.endswith("_deeper")

    @property
    def link(self):
        return f"[{self.title}]({quote(self.name)})"


def write_index(work, since=None):
    """Write work/index.md from the notebooks in `work`. since: {name: time of the copy}; later ones were worked on.

    Returns its name, or None where nothing was written: without lesson 00, or over an index.md of the learner's own.
    """
    pages = [page for path in sorted(Path(work).glob("*.ipynb")) if (page := _read(path))]
    pages.sort(key=lambda page: (page.number, page.deeper, page.name))
    if not any(page.name.startswith("00") for page in pages) or _is_the_learners(Path(work) / NAME):
        return None
    lines = [HEADING, "",
             "Click a title to open the page. A core page is one sitting; a deeper page goes on from it, and nothing "
             "else needs it. Come back here by the tab, or by `index.md` in the file browser.", "",
             *_stopped(pages, since or {}), *_lessons(pages), "", *_experiments(pages),
             "", "*For teaching. No picture, model or number of this course may be used to examine, diagnose or treat "
             "a person.*"]
    write_text(Path(work) / NAME, "\n".join(lines) + "\n")
    return NAME


def _is_the_learners(path):
    """True for anything of that name that is no index written here."""
    if path.is_symlink() or path.is_dir():
        return True
    try:
        return not path.read_text(encoding="utf-8", errors="replace").startswith(HEADING)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _stopped(pages, since):
    """One line on the page worked on last, if any was."""
    worked = [page for page in pages if page.changed > since.get(page.name, float("inf"))]
    if not worked:
        return [f"**Begin here:** {pages[0].link}", ""]
    last = max(worked, key=lambda page: page.changed)
    day = time.strftime("%d %B %Y, %H:%M", time.localtime(last.changed))
    return [f"**Where you stopped:** {last.link}, {day}. In the menu, *Run > Run All Above Selected Cell* brings back "
            "what the cells above had made.", ""]


def _lessons(pages):
    rows = ["| | lesson | minutes | exercises right | deeper page | minutes | exercises right |",
            "|---|---|---|---|---|---|---|"]
    deeper = {page.number: page for page in pages if page.deeper}
    core = [page for page in pages if not page.deeper]
    last = {page.number: page.name for page in core}
    for page in core:
        beyond = deeper.get(page.number) if last[page.number] == page.name else None
        more = f"{beyond.link} | {beyond.minutes} | {_done(beyond)}" if beyond else " | | "
        rows.append(f"| {page.number} | {page.link} | {page.minutes} | {_done(page)} | {more} |")
    return rows


def _done(page):
    return f"{page.right} of {page.exercises}" if page.exercises else ""


def _experiments(pages):
    rows = [f"- {page.number} [{title.removeprefix('Experiment: ')}]"
            f"({quote(page.name)}#cell-id={quote(cell)})"
            for page in pages for title, cell in page.experiments]
    if not rows:
        return []
    return ["## Experiments only", "",
            "Each has sliders: open it and run the cell with `Panel(` in it. Should that cell miss a name, choose "
            "*Run > Run All Above Selected Cell* first.", "",
            *rows]


def _read(path):
    """Return the Page in a file, or None when it is none of the course's."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        markdown = [cell for cell in cells if cell["cell_type"] == "markdown"]
        texts = ["".join(cell["source"]) for cell in markdown]
        codes = [cell for cell in cells if cell["cell_type"] == "code"]
        title = re.match(r"# (.+)", texts[0])
        if not (_PAGE.match(path.name) and title):
            return None
        minutes = _MINUTES.search("\n".join(texts))
        exercises = {number for cell in codes for number in _EXERCISE.findall("".join(cell["source"]))}
        right = {number for cell in codes for number in _RIGHT.findall(json.dumps(cell["outputs"]))}
        experiments = [(found, cell.get("id", "")) for cell, text in zip(markdown, texts, strict=True)
                       for found in _EXPERIMENT.findall(text)]
        newer = " (newer page)" if "_newer" in path.stem else ""
        return Page(path.name, title[1].strip().replace("|", "\\|") + newer, minutes[1] if minutes else "",
                    experiments, len(exercises), len(right & exercises), path.stat().st_mtime)
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None
