"""Any data set on disk: `train|validation|test/<class>/` with pictures of exactly two classes.

    from course.data.folders import scan
    folder = scan("data/cells")
    splits = folder.load(size=150)
    splits["train"].images.shape
"""

import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course import CourseError
from course.data import Split
from course.data.pictures import fit_square, read_picture, shown
from course.progress import progress

SPLITS = ("train", "validation", "test")
LAYOUT = "train, validation and test, each with two folders of pictures, one for each class"
IGNORED = {"thumbs.db", "desktop.ini", "manifest.csv"}
FEWEST = 2  # an interval for the AUC needs two pictures of each class


@dataclass(frozen=True)
class DataFolder:
    """What `scan` found.

    class_names: (negative, positive), so that a class's place is its label; files: split -> paths, sorted;
    labels: split -> int64 (n,); repeated: groups of files with the same picture in more than one split or class;
    not_square: number of pictures that will get black borders; digest: changes when any name, label or pixel does.
    """

    root: Path
    class_names: tuple
    files: dict
    labels: dict
    repeated: list = field(default_factory=list)
    not_square: int = 0
    digest: str = ""

    @property
    def counts(self):
        """{"train": {"benign": 249, "malignant": 149}, ...}"""
        return {
            split: {name: int((labels == number).sum()) for number, name in enumerate(self.class_names)}
            for split, labels in self.labels.items()
        }

    @property
    def warnings(self):
        """Sentences that the reader should see before trusting a result."""
        found = []
        if self.repeated:
            groups = "\n".join("  - " + " = ".join(shown(path) for path in group) for group in self.repeated)
            found.append("The same picture appears in more than one split or class, so the test is easier than it "
                         f"looks. Remove all but one of each group ({len(self.repeated)} in all):\n{groups}")
        if self.not_square:
            found.append(f"Pictures that are not square get black borders, to keep their shapes: {self.not_square}.")
        return found

    def load(self, size=150):
        """Return {"train": Split, "validation": Split, "test": Split}; images are uint8 (n, size, size, 3), RGB."""
        return {split: Split(load_pictures(self.files[split], size, f"reading {split}"), self.labels[split])
                for split in SPLITS}


def scan(data_dir, positive=None):
    """Check every picture below `data_dir` and return a DataFolder, or raise one CourseError that lists all problems.

    positive: the class to be found, label 1. It may be left out only when the classes are benign and malignant.
    """
    root = Path(data_dir)
    if not root.is_dir():
        problem = "is not a folder" if root.exists() else "does not exist"
        raise CourseError(f"{shown(root)} {problem}. Give a folder that holds {LAYOUT}.")
    problems = []
    classes = _class_folders(root, problems)
    class_names = _order_classes(classes, positive, problems)
    files = {split: _pictures(folders, problems) for split, folders in classes.items()}
    hashes, not_square = _check_pictures(root, files, problems)
    if problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise CourseError(f"{shown(root)} cannot be used as it is ({len(problems)} to put right):\n{listed}\n"
                          f"Nothing was written. The folder must hold {LAYOUT}.")
    numbers = {_normal(name): number for number, name in enumerate(class_names)}
    labels = {split: np.array([numbers[_normal(path.parent.name)] for path in paths], dtype=np.int64)
              for split, paths in files.items()}
    repeated, digest = _compare(root, hashes)
    return DataFolder(root, class_names, files, labels, repeated, not_square, digest)


def load_pictures(paths, size, desc="reading pictures"):
    """Return the pictures as one uint8 array (n, size, size, 3)."""
    images = np.empty((len(paths), size, size, 3), np.uint8)
    for number, path in enumerate(progress(paths, desc)):
        images[number] = fit_square(read_picture(path), size)
    return images


def visible(folder):
    """Return the entries of `folder`, sorted by name, without hidden files and what file managers leave behind."""
    try:
        entries = [path for path in Path(folder).iterdir()
                   if not path.name.startswith(".") and path.name.casefold() not in IGNORED]
    except OSError as error:
        raise CourseError(f"cannot list {shown(folder)}: {(error.strerror or str(error)).lower()}") from error
    return sorted(entries, key=lambda path: _normal(path.name))


def _class_folders(root, problems):
    """Return {split: [class folder, class folder]}; what does not fit goes into `problems`."""
    classes = {}
    for split in SPLITS:
        if not (root / split).is_dir():
            problems.append(f"{split}: this folder is missing")
            continue
        entries = visible(root / split)
        problems += [f"{split}/{shown(path.name)}: lies beside the class folders, not inside one"
                     for path in entries if not path.is_dir()]
        classes[split] = [path for path in entries if path.is_dir()]
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
            problems.append(f"{split}: its classes are {' and '.join(names)}, "
                            f"but those of {first_split} are {' and '.join(first)}")
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
        problems += [f"{place}/{shown(path.name)}: a folder inside a class folder" for path in entries if path.is_dir()]
        found = [path for path in entries if not path.is_dir()]
        if len(found) < FEWEST:
            problems.append(f"{place}: at least {FEWEST} pictures are needed, found {len(found)}")
        paths += found
    return tuple(paths)


def _check_pictures(root, files, problems):
    """Read every picture once. Returns ({path: hash of its pixels}, number of pictures that are not square)."""
    hashes, not_square = {}, 0
    for path in progress([path for paths in files.values() for path in paths], "checking pictures"):
        try:
            picture = read_picture(path)
        except CourseError as error:
            problems.append(str(error).replace(shown(path), shown(path.relative_to(root)), 1))
            continue
        hashes[path] = hashlib.sha256(f"{picture.shape}".encode() + picture.tobytes()).hexdigest()
        not_square += picture.shape[0] != picture.shape[1]
    return hashes, not_square


def _compare(root, hashes):
    """Return (groups of files that show the same picture in several splits or classes, digest of the data set)."""
    groups, whole = defaultdict(list), hashlib.sha256()
    for path, digest in hashes.items():
        groups[digest].append(path.relative_to(root))
        whole.update(f"{_normal(path.relative_to(root).as_posix())}\0{digest}\n".encode("utf-8", "surrogateescape"))
    repeated = [group for group in groups.values() if len({path.parts[:2] for path in group}) > 1]
    return repeated, whole.hexdigest()


def _normal(name):
    """One spelling for names that look alike: macOS stores accents as separate characters."""
    return unicodedata.normalize("NFC", name)
