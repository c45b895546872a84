"""Any data set on disk: `train|validation|test/<class>/` with pictures of exactly two classes.

    from course.data.folders import scan
    folder = scan("data/cells")
    splits = folder.load(size=150)
    splits["train"].images.shape
"""

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course import CourseError
from course.data import Split, cache, copies, masks, patients
from course.data.look import look
from course.data.memory import require
from course.data.rows import fitted
from course.files import explained, listed, shown
from course.progress import progress

SPLITS = ("train", "validation", "test")
LAYOUT = "train, validation and test, each with two folders of pictures, one for each class"
IGNORED = {"thumbs.db", "desktop.ini", "manifest.csv"}
FEWEST = 2  # an interval for the AUC needs two pictures of each class


@dataclass(frozen=True)
class DataFolder:
    """What `scan` found.

    class_names: (negative, positive), so that a class's place is its label; files: split -> paths, sorted;
    labels: split -> int64 (n,); repeated: groups of files, split/class/name, that hold the same picture; similar: pairs
    in different splits that are nearly the same (`course.data.copies`); not_square: number of pictures that will get
    black borders; digest: changes when any name, label or pixel does; patients: split -> names (n,), from patients.csv
    (`course.data.patients`), or None when nobody says whose pictures they are.
    """

    root: Path
    class_names: tuple
    files: dict
    labels: dict
    repeated: list = field(default_factory=list)
    similar: list = field(default_factory=list)
    not_square: int = 0
    digest: str = ""
    patients: dict | None = None

    @property
    def unchecked(self):
        """A sentence on what a reader of the result has to see to herself."""
        return patients.unchecked(self.patients)

    @property
    def counts(self):
        """{"train": {"benign": 249, "malignant": 149}, ...}"""
        return {
            split: {name: int((labels == number).sum()) for number, name in enumerate(self.class_names)}
            for split, labels in self.labels.items()
        }

    @property
    def warnings(self):
        """Sentences that the reader should see before trusting a result. What is not checked says `unchecked`."""
        found = copies.warnings(self.repeated, self.similar)
        if self.not_square:
            found.append(f"Pictures that are not square get black borders, to keep their shapes: {self.not_square}.")
        return found

    def load(self, size=150, plan=None):
        """Return {"train": Split, "validation": Split, "test": Split}; images are uint8 (n, size, size, 3), RGB.

        plan: where they are (`course.data.cache.plan`); without one, in the memory. Raises CourseError before anything
        is read where the memory that is free does not hold them.
        """
        if plan is not None and plan.kind != "memory":
            return {split: Split(cache.pictures(plan, split, self.files[split], size), self.labels[split])
                    for split in SPLITS}
        _require_memory(sum(map(len, self.files.values())), size)
        return {split: Split(load_pictures(self.files[split], size, f"reading {split}"), self.labels[split])
                for split in SPLITS}


def scan(data_dir, positive=None, memory=None):
    """Check every picture below `data_dir` and return a DataFolder, or raise one CourseError that lists all problems.

    positive: the class to be found, label 1. It may be left out only when the classes are benign and malignant.
    memory: a file that remembers pictures looked at before (`course.data.look`).
    """
    root = Path(data_dir)
    with explained(root, "read"):
        if not root.is_dir():
            problem = "is not a folder" if root.exists() else "does not exist"
            raise CourseError(f"{shown(root)} {problem}. Give a folder that holds {LAYOUT}.")
        problems = _name_problems(root, [Path(root.resolve().name)])
        classes = _class_folders(root, problems)
        class_names = _order_classes(classes, positive, problems)
        files = {split: _pictures(folders, problems) for split, folders in classes.items()}
    whose = patients.read(root, files, problems)
    looked = _look(root, files, problems, memory)
    if problems:
        raise CourseError(f"{shown(root)} cannot be used as it is ({len(problems):,} to put right):\n"
                          f"{listed(problems)}\nNothing was written. The folder must hold {LAYOUT}.")
    numbers = {_normal(name): number for number, name in enumerate(class_names)}
    labels = {split: np.array([numbers[_normal(path.parent.name)] for path in paths], dtype=np.int64)
              for split, paths in files.items()}
    within = {path: path.relative_to(root) for path in looked}
    hashes = {within[path]: seen.digest for path, seen in looked.items()}
    prints = {split: {within[path]: looked[path].fingerprint for path in paths} for split, paths in files.items()}
    return DataFolder(root, class_names, files, labels, copies.same(hashes), copies.similar(prints, hashes),
                      sum(seen.not_square for seen in looked.values()), _digest(hashes), whose)


def load_pictures(paths, size, desc="reading pictures"):
    """Return the pictures as one uint8 array (n, size, size, 3); CourseError where the memory does not hold it."""
    _require_memory(len(paths), size)
    images = np.empty((len(paths), size, size, 3), np.uint8)
    for number, picture in enumerate(progress(fitted(paths, size), desc, len(paths))):
        images[number] = picture
    return images


def visible(folder):
    """Return the entries of `folder`, sorted by name, without hidden files and what file managers leave behind."""
    with explained(folder, "read"):
        entries = [path for path in Path(folder).iterdir()
                   if not path.name.startswith(".") and path.name.casefold() not in IGNORED]
    return sorted(entries, key=lambda path: (_normal(path.name), path.name))


def _class_folders(root, problems):
    """Return {split: [class folder, class folder]}; what does not fit goes into `problems`."""
    classes = {}
    for split in SPLITS:
        if not (root / split).is_dir():
            problems.append(f"{split}: this folder is missing")
            continue
        entries = visible(root / split)
        with explained(root / split, "read"):
            classes[split] = [path for path in entries if path.is_dir()]
        problems += [f"{split}/{shown(path.name)}: lies beside the class folders, not inside one"
                     for path in entries if path not in classes[split]]
        problems += _name_problems(root, classes[split])
        if len(classes[split]) != 2:
            names = ", ".join(shown(path.name) for path in classes[split]) or "none"
            problems.append(f"{split}: {len(classes[split])} class folders ({names}), but exactly two are needed")
    return classes


def _order_classes(classes, positive, problems):
    """Return (negative, positive), or None after adding to `problems`."""
    named = {split: [_normal(path.name) for path in folders] for split, folders in classes.items() if len(folders) == 2}
    if not named:
        return None
    first_split, first = next(iter(named.items()))
    for split, names in named.items():
        if names != first:
            problems.append(f"{split}: its classes are {' and '.join(map(shown, names))}, "
                            f"but those of {first_split} are {' and '.join(map(shown, first))}")
    chosen = [name for name in first if name == _normal(positive or "")]
    if positive is None:
        chosen = [name for name in first if name.casefold() == "malignant"]
        if {name.casefold() for name in first} != {"benign", "malignant"}:
            problems.append(f"which class is to be found (label 1)? Add --positive {first[0]!r} "
                            f"or --positive {first[1]!r}")
            return None
    if not chosen:
        problems.append(f"--positive is {positive!r}, but the classes are {first[0]!r} and {first[1]!r}")
        return None
    return tuple(sorted(first, key=lambda name: name == chosen[0]))


def _pictures(class_folders, problems):
    """Return the files of one split in a fixed order."""
    paths = []
    for folder in class_folders:
        entries = visible(folder)
        place = f"{folder.parent.name}/{shown(folder.name)}"
        with explained(folder, "read"):
            found = [path for path in entries if not path.is_dir()]
        inside = sorted(set(entries) - set(found))
        problems += [f"{place}/{shown(path.name)}: a folder inside a class folder" for path in inside]
        problems += _name_problems(folder.parent.parent, found)
        if len(found) < FEWEST:
            problems.append(f"{place}: at least {FEWEST} pictures are needed, found {len(found)}")
        paths += found
    return tuple(paths)


def _name_problems(root, paths):
    """Return sentences about names that a report could not hold, or that two entries share in two spellings."""
    place = {path: shown(path.relative_to(root) if path.is_relative_to(root) else path) for path in paths}
    found = [f"{place[path]}: the name is no valid UTF-8, so no report could be written. Rename it" for path in paths
             if not _is_utf8(path.name)]
    spellings = Counter(_normal(path.name) for path in paths)
    twins = [path for path in paths if spellings[_normal(path.name)] > 1 and path.name != _normal(path.name)]
    return found + [f"{place[path]}: another name here looks the same and is spelt with other characters. Rename one"
                    for path in twins]


def _look(root, files, problems, memory):
    """Read every picture once: {path: Seen}. What cannot be read, or is no example, goes into `problems`."""
    seen = {}
    for path, found in look([path for paths in files.values() for path in paths], memory):
        if isinstance(found, CourseError):
            problems.append(str(found).replace(shown(path), shown(path.relative_to(root)), 1))
        else:
            seen[path] = found
    problems += masks.problems(list(seen), {path: one.two_valued for path, one in seen.items()},
                               lambda path: shown(path.relative_to(root)))
    return seen


def _digest(hashes):
    """Return a hash of all names, classes and pixels."""
    whole = hashlib.sha256()
    for path, digest in hashes.items():
        whole.update(f"{_normal(path.as_posix())}\0{digest}\n".encode())
    return whole.hexdigest()


def _require_memory(pictures, size):
    what = f"{pictures:,} pictures of {size} x {size} pixels"
    require(3 * pictures * size**2, what, "Take a smaller size, or fewer pictures.")


def _is_utf8(name):
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _normal(name):
    """One spelling for names that look alike: macOS stores accents as separate characters."""
    return unicodedata.normalize("NFC", name)
