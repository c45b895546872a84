"""The three descriptions of the environment must agree: pyproject.toml, requirements.lock and environment.yml."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

COMPUTERS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux on ARM": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64",
                     "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"},
}
PYTHONS = {version: {"python_version": version, "python_full_version": f"{version}.7", "implementation_name": "cpython",
                     "platform_python_implementation": "CPython", "extra": ""} for version in ("3.11", "3.12", "3.13")}
MACHINES = [pytest.param(COMPUTERS[computer] | PYTHONS[python], id=f"{computer}, {python}")
            for computer in COMPUTERS for python in PYTHONS]


def lock_entries(text):
    """Return [(Requirement, number of hashes)] of the entries of a lock file."""
    entries = []
    for entry in re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE).strip()):
        requirement, *hashes = re.split(r"\s*\\?\s*--hash=", entry)
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", value) for value in hashes), entry
        entries.append((Requirement(requirement), len(hashes)))
    return entries


def disagreements(project, lock, machine):
    """Return a sentence for every dependency of the project that the lock misses or holds out of range."""
    held = {canonicalize_name(requirement.name): requirement for requirement, _ in lock_entries(lock)
            if requirement.marker is None or requirement.marker.evaluate(machine)}
    sentences = []
    for text in project["dependencies"]:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate(machine):
            continue
        entry = held.get(canonicalize_name(wanted.name))
        if entry is None:
            sentences.append(f"{wanted.name} is not in the lock")
        elif not wanted.specifier.contains(next(iter(entry.specifier)).version):
            sentences.append(f"{wanted.name}: {entry.specifier} is not in {wanted.specifier}")
    return sentences


@pytest.mark.parametrize("machine", MACHINES)
def test_the_lock_answers_every_dependency(machine):
    assert disagreements(PROJECT, LOCK, machine) == []


@pytest.mark.parametrize("machine", MACHINES)
def test_one_version_of_each_package_on_each_computer(machine):
    names = [canonicalize_name(requirement.name) for requirement, _ in lock_entries(LOCK)
             if requirement.marker is None or requirement.marker.evaluate(machine)]
    assert len(names) > 100
    assert sorted(names) == sorted(set(names))
    assert ("tensorflow-cpu" in names) != ("tensorflow" in names)


def test_disagreements_are_found():
    machine = MACHINES[0].values[0]
    assert disagreements({"dependencies": ["no-such-package>=1"]}, LOCK, machine) == [
        "no-such-package is not in the lock"]
    assert len(disagreements({"dependencies": ["numpy>=99"]}, LOCK, machine)) == 1
    assert disagreements({"dependencies": ["numpy>=99; sys_platform == 'win32'"]}, LOCK, machine) == []


def test_every_package_is_pinned_and_hashed():
    for requirement, hashes in lock_entries(LOCK):
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes >= 1, requirement


def test_the_lock_names_no_index():
    outside_comments = re.sub(r"#.*", "", LOCK)
    assert "://" not in outside_comments
    options = r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b"
    assert not re.search(options, outside_comments, re.MULTILINE)


def test_nothing_else_names_a_package_index():
    assert not (ROOT / "uv.lock").exists()
    assert "index" not in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_conda_installs_python_in_range_and_then_the_lock_alone():
    plain = [entry for entry in CONDA["dependencies"] if isinstance(entry, str)]
    (nested,) = [entry for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    python = next(entry.removeprefix("python").strip() for entry in plain if entry.startswith("python"))
    assert SpecifierSet(python) == SpecifierSet(PROJECT["requires-python"])
    assert sorted(entry.split()[0] for entry in plain) == ["pip", "python"]
    assert nested == {"pip": ["-r requirements.lock"]}


def test_install_script_and_doctor_know_the_range():
    from course.doctor import OK, python_version

    allowed = SpecifierSet(PROJECT["requires-python"])
    script = (ROOT / "install.sh").read_text(encoding="utf-8")
    ranges = set(re.findall(r"\((\d+), (\d+)\) <= sys.version_info\[:2\] < \((\d+), (\d+)\)", script))
    assert len(ranges) == 1
    low_major, low_minor, high_major, high_minor = map(int, ranges.pop())
    for minor in range(9, 17):
        inside = allowed.contains(f"3.{minor}.1")
        assert inside == ((low_major, low_minor) <= (3, minor) < (high_major, high_minor))
        assert inside == (python_version((3, minor, 1)).status == OK)


def test_the_version_has_one_value():
    import course

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert PROJECT["version"] == course.__version__ == citation["version"]


def test_citation_has_what_the_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "license", "type"} <= citation.keys()
    assert all("name" in author or {"family-names", "given-names"} <= author.keys() for author in citation["authors"])
    assert citation["license"] == PROJECT["license"].split(" AND ")[0]  # a list would mean: whichever you like
