"""Is this computer ready? One plain line for each thing the lessons need, with what to do if it is missing."""

import csv
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from course.files import shown

ROOT = Path(__file__).resolve().parents[1]
OK, NOTE, TO_DO = "OK", "note", "TO DO"
GIGABYTE = 1e9
NEEDED_DISK = 2  # gigabytes, for drawn pictures, runs and the larger ultrasound files
NEEDED_MEMORY = 4
INSTALL = "run 'make lab', or 'pip install --require-hashes -r requirements.lock'"


class Finding(NamedTuple):
    """One line of the report: status is OK, "note" or "TO DO" (which blocks); subject and text are plain words."""

    status: str
    subject: str
    text: str


def report():
    """Print all findings and a last line. Returns True when nothing blocks the course."""
    findings = examine()
    for finding in findings:
        print(f"{finding.status:<6} {finding.subject:<11} {finding.text}")
    blocking = [finding.subject for finding in findings if finding.status == TO_DO]
    print("\nReady: all lessons can run." if not blocking else f"\nNot ready: {', '.join(blocking)}.")
    return not blocking


def examine():
    """Return the list of findings; nothing is changed and nothing is fetched."""
    return [
        python_version(),
        _examined("packages", TO_DO, packages, ROOT / "requirements.lock"),
        _examined("TensorFlow", TO_DO, tensorflow),
        _examined("Jupyter", TO_DO, jupyter),
        _examined("memory", NOTE, memory),
        _examined("disk", NOTE, disk, ROOT),
        _examined("writing", TO_DO, writing, ROOT),
        _examined("cells", NOTE, drawn_cells, ROOT),
        _examined("ultrasound", NOTE, ultrasound),
    ]


def _examined(subject, status, check, *arguments):
    """Return what `check` finds, or a Finding with `status` when a damaged file or a forbidden folder stops it."""
    try:
        return check(*arguments)
    except Exception as error:
        return Finding(status, subject, f"could not be examined ({type(error).__name__}: {shown(error)})")


def python_version(version=sys.version_info):
    """Python 3.11, 3.12 or 3.13."""
    name = ".".join(map(str, version[:3]))
    if (3, 11) <= tuple(version[:2]) < (3, 14):
        return Finding(OK, "Python", f"{name} on {platform.system()} {platform.machine()}")
    return Finding(TO_DO, "Python", f"{name}: the course needs 3.11, 3.12 or 3.13; install one and set up again")


def packages(lock):
    """Every package that requirements.lock names for this computer, in its exact version."""
    if not lock.is_file():
        return Finding(NOTE, "packages", f"{lock.name} is not beside the course, so versions were not compared")
    wanted = locked_versions(lock.read_text(encoding="utf-8"))
    missing, other = [], []
    for name, version in wanted.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
        else:
            if found != version:
                other.append(f"{name} {found} (lock: {version})")
    if missing:
        return Finding(TO_DO, "packages", f"missing: {', '.join(missing)}; {INSTALL}")
    if other:
        return Finding(NOTE, "packages", f"not the tested versions: {', '.join(other)}; {INSTALL}")
    return Finding(OK, "packages", f"all {len(wanted)} as in {lock.name}")


def locked_versions(text):
    """Return {name: version} of the lines of a lock file whose marker holds on this computer."""
    from packaging.requirements import Requirement

    versions = {}
    for line in text.splitlines():
        if line and not line.startswith((" ", "#", "\t")):
            requirement = Requirement(line.rstrip("\\ "))
            if requirement.marker is None or requirement.marker.evaluate():
                versions[requirement.name] = next(iter(requirement.specifier)).version
    return versions


def tensorflow(program="from course.quiet_tensorflow import keras, tf; print(tf.__version__, keras.__version__)"):
    """TensorFlow in a process of its own: on a processor that is too old it would end this one."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    if done.returncode == 0:
        versions = done.stdout.split()
        return Finding(OK, "TensorFlow", f"{versions[0]} with Keras {versions[1]}")
    if done.returncode < 0:
        return Finding(TO_DO, "TensorFlow", "it ends Python at once: this processor probably lacks AVX instructions; "
                       "lessons 00 to 12 need no TensorFlow, the later ones another computer")
    reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Finding(TO_DO, "TensorFlow", f"it cannot be imported ({reason}); {INSTALL}")


def jupyter():
    """JupyterLab is here and its Python kernel is this Python."""
    try:
        version = metadata.version("jupyterlab")
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except (ImportError, metadata.PackageNotFoundError):
        return Finding(TO_DO, "Jupyter", f"JupyterLab is missing; {INSTALL}")
    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return Finding(TO_DO, "Jupyter", "no Python kernel: run 'python -m ipykernel install --sys-prefix'")
    own = program == "python" or Path(program).absolute().parent == Path(sys.executable).absolute().parent
    if not own:
        return Finding(NOTE, "Jupyter", f"notebooks would run in {program}, another Python than this one; "
                       "run 'python -m ipykernel install --sys-prefix'")
    return Finding(OK, "Jupyter", f"JupyterLab {version}")


def memory():
    """At least 4 GB in all."""
    try:
        import psutil  # comes with ipykernel
    except ImportError:
        return Finding(NOTE, "memory", "not measured: psutil is missing")
    total = psutil.virtual_memory().total / GIGABYTE
    if total < NEEDED_MEMORY:
        return Finding(NOTE, "memory", f"{total:.1f} GB: training may be slow; close other programs first")
    return Finding(OK, "memory", f"{total:.1f} GB")


def disk(folder):
    """At least 2 GB free where the course stands."""
    free = shutil.disk_usage(folder).free / GIGABYTE
    if free < NEEDED_DISK:
        return Finding(TO_DO, "disk", f"{free:.1f} GB free in {folder}: make room, {NEEDED_DISK} GB are needed")
    return Finding(OK, "disk", f"{free:.0f} GB free")


def writing(folder):
    """The course's folder can be written: work/, data/ and runs/ will be made there."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-"):
            return Finding(OK, "writing", f"allowed in {folder}")
    except OSError as error:
        return Finding(TO_DO, "writing", f"not allowed in {folder} ({error.strerror}): "
                       "move the course to a folder of yours")


def drawn_cells(folder):
    """data/cytology has been drawn, all of it."""
    wanted, found = pictures_drawn(Path(folder) / "data" / "cytology")
    if wanted and found >= wanted:
        return Finding(OK, "cells", "drawn, in data/cytology")
    if wanted is not None:
        return Finding(TO_DO, "cells", f"data/cytology holds {found} pictures of the {wanted} that its manifest.csv "
                       "names: remove the folder, then run 'course lab' or 'course data cytology --to data/cytology'")
    return Finding(NOTE, "cells", "not drawn yet: 'course lab' does it, or 'course data cytology --to data/cytology'")


def pictures_drawn(folder):
    """Return (pictures named in manifest.csv, how many of them are there); (None, 0) without a manifest."""
    try:
        with open(folder / "manifest.csv", encoding="utf-8", newline="") as file:
            names = [row.get("path") or "" for row in csv.DictReader(file)]
    except FileNotFoundError:
        return None, 0
    return len(names), sum((folder / name).is_file() for name in names if name)


def ultrasound():
    """A BreastMNIST file, for lesson 18 only; fetched when first needed."""
    from course.data.breastmnist import PUBLISHED
    from course.data.download import data_folder

    sizes = [str(size) for size, (name, _) in PUBLISHED.items() if (data_folder() / name).is_file()]
    if sizes:
        return Finding(OK, "ultrasound", f"{', '.join(sizes)} pixels, in {data_folder()}")
    where = " (COURSE_DATA)" if os.environ.get("COURSE_DATA") else ""
    return Finding(NOTE, "ultrasound", f"not in {data_folder()}{where}: only lesson 21 shows it; 'course data' fetches "
                   "31 MB")
