"""Results of long runs: each carries its seeds, versions, the command that remakes it, and a hash of its sources.

A finished part of a run is kept in .reproduce/ under a name that holds the hash of the code it came from. So an
interrupted `course reproduce` goes on where it stopped, and no number outlives the code that made it.
"""

import ast
import hashlib
import json
import platform
from pathlib import Path

import course
from course import CourseError
from course.files import write_text

ROOT = Path(course.__file__).resolve().parents[1]


def result(number):
    """Return the stored result of lesson `number`: dict, as written by `course reproduce`."""
    path = ROOT / "results" / f"lesson_{number:02d}.json"
    if not path.exists():
        raise CourseError(f"{path} is missing. Make it with: course reproduce {number:02d}")
    return json.loads(path.read_text(encoding="utf-8"))


def save(number, fingerprint, contents):
    """Write the result of lesson `number` with the facts that identify it; return its path."""
    path = ROOT / "results" / f"lesson_{number:02d}.json"
    facts = {"command": f"course reproduce {number:02d}", "source_hash": fingerprint, "versions": _versions()}
    write_text(path, json.dumps(facts | contents, indent=1, ensure_ascii=False) + "\n")
    return path


def source_hash(*sources):
    """Hash of what the code says: files or "file::name" of one definition, comments, docstrings and layout left out.

    Returns 16 hexadecimal digits.
    """
    return digest([ast.dump(_tree(source)) for source in sorted(sources)])


def digest(value):
    """Hash of anything that JSON can hold, 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


class Parts:
    """The parts of one long run, each a JSON-able dict made by a function, kept on disk when finished."""

    def __init__(self, number, report=print):
        self.folder = ROOT / ".reproduce" / f"{number:02d}"
        self.report = report

    def get(self, name, key, make):
        """Return the part `name` from disk, or make and keep it. `key`: whatever it depends on."""
        path = self.path(name, key)
        if path.exists():
            return json.loads(path.read_text(encoding="utf-8"))
        self.report(name)
        part = make()
        write_text(path, json.dumps(part))
        return part

    def path(self, name, key, suffix=".json"):
        """Return where the part `name` made under `key` is kept."""
        return self.folder / f"{name.replace(' ', '_').replace(',', '')}-{digest(key)}{suffix}"


def _tree(source):
    file, _, name = source.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    if name:
        tree = next(node for node in tree.body if getattr(node, "name", None) == name)
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list) and node.body and _is_docstring(node.body[0]):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _versions():
    from importlib.metadata import version

    names = ("numpy", "scikit-learn", "scikit-image", "tensorflow", "keras")
    return {"python": platform.python_version(), "course": course.__version__} | {
        name: version("tensorflow-cpu" if name == "tensorflow" and platform.system() == "Linux" else name)
        for name in names
    }
