"""Results of long runs: each carries its seeds, versions, the command that remakes it, and a fingerprint of behaviour.

A finished part of a run is kept in .reproduce/ with the fingerprint of what it came from. So an interrupted `course
reproduce` goes on where it stopped, and no number outlives the behaviour of the code that made it.
"""

import json
import platform
from pathlib import Path

import course
from course import CourseError
from course.files import write_text
from course.reproduce.behaviour import differences

FITS = 120  # characters of a line
ROOT = Path(course.__file__).resolve().parents[1]


def result(number):
    """Return the stored result of lesson `number`: dict, as written by `course reproduce`."""
    path = ROOT / "results" / f"lesson_{number:02d}.json"
    if not path.exists():
        raise CourseError(f"{path} is missing. Make it with: course reproduce {number:02d}")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CourseError(f"{path} is damaged ({error}). Take it from the repository again, or make it with: "
                          f"course reproduce {number:02d}") from error


def save(number, fingerprint, contents):
    """Write the result of lesson `number` with the facts that identify it; return its path."""
    path = ROOT / "results" / f"lesson_{number:02d}.json"
    facts = {"command": f"course reproduce {number:02d}", "versions": _versions(), "fingerprint": fingerprint}
    write_text(path, compact(facts | contents) + "\n")
    return path


def compact(value, indent=0):
    """Return JSON in which every list or dict of plain values, or that fits, stands on one line."""
    line, inside = json.dumps(value, ensure_ascii=False), value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list, tuple)) or len(line) + indent <= FITS or not any(
            isinstance(one, (dict, list, tuple)) for one in inside):
        return line
    gap, (left, right) = " " * (indent + 1), "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        parts = [f"{json.dumps(name, ensure_ascii=False)}: {compact(one, indent + 1)}" for name, one in value.items()]
    else:
        parts = _side_by_side([compact(one, indent + 1) for one in value], FITS - indent)
    return left + "\n" + ",\n".join(gap + part for part in parts) + "\n" + " " * indent + right


def _side_by_side(parts, width):
    """Put short parts beside one another: texts joined by ", " while they fit the width."""
    lines = []
    for part in parts:
        if lines and "\n" not in lines[-1] + part and len(lines[-1]) + len(part) + 2 <= width:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return lines


def exact(values):
    """Return scores as the shortest decimals that give the same float32: enough to repeat every printed figure."""
    import numpy as np

    return [float(str(value)) for value in np.asarray(values, np.float32)]


def run_steps(number, steps, only=None):
    """Run the steps of one lesson, {name: function of Parts}, or the one named `only`: {name: what it gives}, Parts."""
    if only is not None and only not in steps:
        raise CourseError(f"--only {only}: choose one of {', '.join(steps)}.")
    parts = Parts(number, report=lambda name: print(f"running: {name}", flush=True))
    return {name: step(parts) for name, step in steps.items() if only in (None, name)}, parts


def reproduce(number, steps, fingerprint, only=None):
    """Run all steps and write the lesson's result, or run one of them and write nothing; return 0, the exit status."""
    done, _ = run_steps(number, steps, only)
    if only is None:
        print(f"written: {save(number, fingerprint(), done)}")
    return 0


class Parts:
    """The parts of one long run, each a JSON-able value made by a function, kept on disk when finished."""

    def __init__(self, number, report=print):
        self.folder = ROOT / ".reproduce" / f"{number:02d}"
        self.report = report

    def get(self, name, fingerprint, make):
        """Return the part `name` from disk, if it was made by code that behaves like `fingerprint`; or make it."""
        path = self.path(name)
        stored = _part_in(path)
        if stored is not None and not differences(stored["fingerprint"], fingerprint):
            return stored["part"]
        self.report(name)
        part = make()
        write_text(path, json.dumps({"fingerprint": fingerprint, "part": part}))
        return part

    def path(self, name, suffix=".json"):
        """Return where the part `name` is kept."""
        return self.folder / f"{name.replace(' ', '_').replace(',', '')}{suffix}"


def _part_in(path):
    """Return a part as it was kept, or None when it is missing or damaged: then it is made again."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return stored if {"fingerprint", "part"} <= stored.keys() else None
    except (FileNotFoundError, ValueError, AttributeError):
        return None


def _versions():
    from importlib.metadata import version

    names = ("numpy", "scikit-learn", "scikit-image", "tensorflow", "keras")
    return {"python": platform.python_version(), "course": course.__version__} | {
        name: version("tensorflow-cpu" if name == "tensorflow" and platform.system() == "Linux" else name)
        for name in names
    }
