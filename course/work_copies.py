"""The learner's copies in work/: made, kept up to date while nobody has written in them, and never overwritten after.

What was copied is remembered in work/.jupyter/copies.json. A copy counts as written in when the text of a cell differs
from what was copied; running cells, or Jupyter's own way of saving, does not count.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from course import CourseError
from course.files import explained, write_text

MEMORY = Path(".jupyter") / "copies.json"
_ASKS_TO_PREDICT = re.compile(r"^(?![#-]).*\bPredict\b", re.MULTILINE)  # neither a heading nor an objective


def copy_lessons(root):
    """Bring work/ up to date with notebooks/. Returns {"new", "updated", "beside", "kept"}: lists of file names.

    new: not there before. updated: the lesson has changed, and nobody had written in the copy. beside: the lesson has
    changed, the learner's copy stays, and the new page stands beside it under this name. kept: as they were.
    """
    source, work = Path(root) / "notebooks", Path(root) / "work"
    if not source.is_dir():
        raise CourseError(f"{source} is not there: the lessons belong to the course's folder. Fetch the whole "
                          "repository and install it with 'pip install --no-deps --no-build-isolation -e .'.")
    memory, done = _remembered(work), {"new": [], "updated": [], "beside": [], "kept": []}
    for notebook in sorted(source.glob("*.ipynb")):
        with explained(notebook, "read"):
            page = notebook.read_text(encoding="utf-8", errors="replace")
        what, name = _bring(work, notebook.name, page, memory)
        done[what].append(name)
    write_text(work / MEMORY, json.dumps(memory, indent=1, sort_keys=True) + "\n")
    return done


def _bring(work, name, page, memory):
    """Do for one page what `copy_lessons` says; return ("new" or "updated" or ..., name of the file)."""
    mine, digest = work / name, digest_of(page)
    known = memory.get(name, {})
    if not os.path.lexists(mine):
        memory[name] = _written(mine, page)
        return "new", name
    found = _text_of(mine)
    if found is None or digest in (known.get("lesson"), known.get("offered")) or digest_of(found) == digest:
        return "kept", name
    if digest_of(found) == known.get("lesson"):
        memory[name] = _written(mine, page)
        return "updated", name
    if not known and not _older(found, page):
        return "kept", name
    beside = _name_beside(work, name, memory)
    memory[name] = {**known, "offered": digest}
    memory[beside] = _written(work / beside, page)
    return "beside", beside


def _written(path, page):
    """Write a copy and return what is remembered of it."""
    write_text(path, without_answers(page))
    return {"lesson": digest_of(page), "copied": path.stat().st_mtime}


def times_of_copying(root):
    """Return {file name: time of its copying}: what has changed later was worked on."""
    entries = _remembered(Path(root) / "work")
    return {name: entry["copied"] for name, entry in entries.items() if isinstance(entry.get("copied"), float)}


def _name_beside(work, name, memory):
    """Return NAME_newer.ipynb, or with a number where the learner has written in an earlier one."""
    stem = Path(name).stem
    for number in range(1, 1000):
        beside = f"{stem}_newer{number if number > 1 else ''}.ipynb"
        found = _text_of(work / beside)
        free = not os.path.lexists(work / beside)
        if free or (found is not None and digest_of(found) == memory.get(beside, {}).get("lesson")):
            return beside
    raise CourseError(f"work/ holds too many versions of {name}: remove those you do not need.")


def digest_of(page):
    """Return a hash of the texts of all cells; of the whole text where it is no notebook."""
    try:
        cells = [[cell["cell_type"], "".join(cell["source"])] for cell in json.loads(page)["cells"]]
        page = json.dumps(cells)
    except (ValueError, TypeError, KeyError):
        pass
    return hashlib.sha256(page.encode("utf-8", "surrogateescape")).hexdigest()


def _older(found, page):
    """True when both are pages of the course, made from different versions of the lesson."""
    versions = [_version(text) for text in (found, page)]
    return None not in versions and versions[0] != versions[1]


def _version(page):
    try:
        return json.loads(page)["metadata"]["course"]["source_sha256"]
    except (ValueError, TypeError, KeyError):
        return None


def without_answers(page):
    """Return a page without the stored outputs of cells that follow "Predict": the learner is to guess first."""
    try:
        notebook = json.loads(page)
        asked = False
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                asked = bool(_ASKS_TO_PREDICT.search("".join(cell["source"])))
            elif asked:
                cell["outputs"], cell["execution_count"] = [], None
    except (ValueError, TypeError, KeyError):
        return page
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _text_of(path):
    """Return what a plain file holds, or None for a folder, a link or what may not be read."""
    try:
        return None if path.is_symlink() else path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None


def _remembered(work):
    """Return what was copied before: {name: {"lesson": digest, ...}}; nothing when the memory is missing or damaged."""
    try:
        memory = json.loads((work / MEMORY).read_text(encoding="utf-8"))
        return {name: entry for name, entry in memory.items() if isinstance(entry, dict)}
    except (OSError, ValueError, AttributeError):
        return {}
