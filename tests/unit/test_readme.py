"""README and data card: links lead somewhere, commands exist, the lesson table and the data card's figures are true."""

import re
import runpy
import shlex
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lessons"))
import contract
from harness import Cells

from course.__main__ import COMMANDS, build_parser
from course.data import cytology, nuclei
from course.lessons import find_lessons

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CARD = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
PAGES = {name: ROOT / name for name in ("README.md", "data/README.md", "CONTRIBUTING.md", "CHANGELOG.md")}
VALUES = [f"{statistic} {name}" for name in ("radius", "compactness") for statistic in ("mean", "worst", "error")]


def rows_below(text, first_heading):
    """Return the rows of the Markdown table whose first column has this heading: a list of lists of cells."""
    table = re.search(rf"^\| {re.escape(first_heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.group(1).splitlines()]


def commands_in(text, program):
    """Return what follows `program` in code blocks and inline code, as lists of words."""
    code = re.findall(r"```\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    pattern = rf"^(?:\S*[\\/])?{program} (.+)$"
    return [shlex.split(match) for block in code for match in re.findall(pattern, block, re.MULTILINE)]


def anchors(path):
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_to_files_and_sections_lead_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", PAGES[page].read_text(encoding="utf-8"))
    for link in (link for link in links if "://" not in link):
        target, _, section = link.partition("#")
        path = (PAGES[page].parent / target).resolve() if target else PAGES[page]
        assert path.exists(), f"{page}: {link}"
        assert not section or section in anchors(path), f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_package_index(page):
    text = PAGES[page].read_text(encoding="utf-8").lower()
    assert not re.search(r"pypi|pythonhosted|--index-url [^-]|--extra-index|anaconda\.org|/simple\b", text)


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_the_course_can_be_given_as_printed(page):
    """The words are read by the command's own parser, which exits, and so fails the test, when it does not know one."""
    for name, *words in commands_in(PAGES[page].read_text(encoding="utf-8"), "course"):
        if name == "COMMAND":
            continue
        assert name in COMMANDS, f"{page}: course {name}"
        if words:  # a command's name alone may be a mention
            parser, _ = build_parser(name)
            parser.parse_args(["14" if word == "NN" else word for word in words])


def test_the_readme_names_every_command_that_a_learner_gives():
    assert {words[0] for words in commands_in(README, "course")} >= {"lab", "doctor", "data", "train", "predict",
                                                                    "reproduce", "build"}


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_exist(page):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = PAGES[page].read_text(encoding="utf-8")
    named = {words[0] for words in commands_in(text, "make")} | set(re.findall(r"`make (\w+)", text))
    assert named <= targets
    assert page != "README.md" or named >= {"lab", "test"}


def test_other_programs_that_the_readme_starts_are_here():
    scripts = re.findall(r"\.venv/bin/python ((?:docs|tests)/\S+\.py)", README + CARD)
    scripts += re.findall(r"pytest(?: -s)? (tests/\S+\.py)", CARD)
    assert scripts and all((ROOT / script).is_file() for script in scripts)
    for name in ("requirements.lock", "environment.yml"):
        assert name in README and (ROOT / name).is_file()
    assert "conda activate medical-images" in README
    assert "name: medical-images" in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_the_pythons_named_are_those_allowed():
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert allowed == ">=3.11,<3.14" and "Python 3.11, 3.12 or 3.13" in README


SYLLABUS = 28  # lessons, written and planned
WRITTEN = {15: "Fifteen", 16: "Sixteen", 17: "Seventeen", 18: "Eighteen", 19: "Nineteen", 20: "Twenty",
           21: "Twenty-one", 22: "Twenty-two", 26: "Twenty-six", 27: "Twenty-seven", 28: "All"}


def minutes_stated(page):
    said = re.search(r"^# \*\*How long\.\*\* About (\d+) minutes", page.text, re.MULTILINE)
    assert said, page.path.name
    return said.group(1)


def test_lesson_table_agrees_with_the_pages():
    """One row a core page, with its own minutes and the deeper page's; lessons not written stand as planned."""
    pages = find_lessons()
    deeper = {page.number: f"[{minutes_stated(page)}](notebooks/{page.path.stem}.ipynb)"
              for page in pages if page.deeper}
    wanted = {}
    for page in pages:
        if not page.deeper:
            wanted.setdefault(page.number, []).append((f"notebooks/{page.path.stem}.ipynb", minutes_stated(page)))
    table = rows_below(README, "no.")
    assert list(dict.fromkeys(row[0] for row in table)) == [f"{number:02d}" for number in range(SYLLABUS)]
    for number, rows in wanted.items():
        found = [row for row in table if row[0] == number]
        assert [(re.search(r"\((.*)\)", title).group(1), minutes) for _, title, minutes, *_ in found] == rows
        assert found[-1][3] == deeper.get(number, "") and all(row[3] == "" for row in found[:-1])
    for number, title, minutes, beyond, line in table:
        assert line
        if number not in wanted:
            assert re.fullmatch(r"[\w ,]+ \(planned\)", title) and minutes == beyond == "", title


def test_the_fifteen_written_core_pages_fit_into_fifteen_hours():
    core = [contract.minutes_of(Cells(page)) for page in find_lessons() if not page.deeper and page.number < "15"]
    assert sum(core) <= 15 * 60 and max(core) <= 60
    hours = re.search(r"about (\d+) hours for the core pages", " ".join(README.split()))
    assert abs(60 * int(hours.group(1)) - sum(core)) <= 30


def test_the_number_of_written_lessons_is_the_one_stated():
    written = len({page.number for page in find_lessons()})
    stated = f"{WRITTEN[written]} of {SYLLABUS} lessons are written"
    assert stated in " ".join(README.split()) and stated in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_picture_is_the_one_its_program_draws():
    from PIL import Image

    path = ROOT / "docs" / "cells.png"
    assert "](docs/cells.png)" in README and path.stat().st_size < 300_000
    drawn = runpy.run_path(str(ROOT / "docs" / "draw_cells.py"))["sheet"]()
    with Image.open(path) as stored:
        difference = np.asarray(stored.convert("RGB"), float) - np.asarray(drawn, float)
    assert np.abs(difference).mean() < 4  # grey levels: 256 colours instead of millions


def test_what_a_reader_must_be_told_stands_on_both_pages():
    for text in (README, CARD):
        flat = " ".join(text.split()).lower()
        assert "drawn from measurements" in flat and "not photograph" in flat
        assert "no information beyond the table" in flat and "cc by 4.0" in flat
    assert "Not a medical device" in README


@pytest.fixture(scope="module")
def records():
    """Wanted and drawn values of every patient, from the contours alone: {column: array (569,)}."""
    rows = [cytology.wanted_and_drawn(cytology.patient(case), case) for case in range(cytology.N_CASES)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def test_the_card_compares_wanted_and_drawn_as_they_are(records):
    table = rows_below(CARD, "value")
    assert sorted((row[0], row[1]) for row in table) == sorted((v, c) for v in VALUES for c in cytology.CLASSES)
    labels = cytology.table()[1]
    for name, label, *stated in table:
        own = labels == cytology.CLASSES.index(label)
        wanted, drawn = records[f"{name} wanted"][own], records[f"{name} drawn"][own]
        share = drawn / wanted - 1
        found = [np.median(wanted), np.median(drawn), 100 * (share < -0.1).mean(), 100 * (share > 0.1).mean(),
                 np.corrcoef(wanted, drawn)[0, 1]]
        last_digit = 0.01 if name in ("mean radius", "worst radius") else 0.001
        for value, text, digit in zip(found, stated, (last_digit, last_digit, 1, 1, 0.01), strict=True):
            # as rounded, or one patient or last digit beside it where another processor rounds otherwise
            assert abs(value - float(text.removesuffix(" %"))) <= digit, f"{name}, {label}: {text}, now {value:.4f}"


def test_the_cards_shares_of_patients_without_enough_spread(records):
    labels = cytology.table()[1]
    excess = records["worst radius wanted"] - records["mean radius wanted"]
    out_of_reach = excess > 7.48 * records["error radius wanted"]
    stated = re.search(r"(\d+) % of the patients \((\d+) % of\s+the benign, (\d+) % of the malignant\)", CARD)
    found = [out_of_reach.mean(), out_of_reach[labels == 0].mean(), out_of_reach[labels == 1].mean()]
    assert [round(100 * share) for share in found] == [int(text) for text in stated.groups()]


def test_the_cards_words_on_spreads_that_no_trial_reaches():
    short, least = {"radius": [], "compactness": []}, {"radius": 0.4, "compactness": 0.2}  # as nuclei.contours asks
    for case in range(cytology.N_CASES):
        row, rng = cytology.patient(case), np.random.default_rng(case)
        for name, found in short.items():
            mean, error, worst = (row[column] for column in (f"mean {name}", f"{name} error", f"worst {name}"))
            values = nuclei.matched_values(mean, error, worst, rng, least[name])
            found.append(values.std(ddof=1) < 0.98 * error * np.sqrt(15))
    assert "(few for the radius, about half of the patients for the compactness)" in " ".join(CARD.split())
    assert 0 < np.mean(short["radius"]) < 0.1 and 0.4 < np.mean(short["compactness"]) < 0.6


def test_the_cards_share_of_nuclei_with_a_near_neighbour():
    from scipy.spatial.distance import cdist

    near = []
    for case in range(0, cytology.N_CASES, 15):
        r, centres = cytology.geometry(case)
        angle = 2 * np.pi * np.arange(r.shape[1]) / r.shape[1]
        outlines = centres[:, None] + r[..., None] * np.stack([np.sin(angle), np.cos(angle)], -1)
        for k, outline in enumerate(outlines):
            near.append(cdist(outline, np.delete(outlines, k, 0).reshape(-1, 2)).min() <= 3)
    assert "about a quarter have a neighbour within 3 units" in " ".join(CARD.split())
    assert 0.2 < np.mean(near) < 0.3, np.mean(near)


def test_the_cards_patients_without_any_spread(records):
    stated = re.search(r"Patients (\d+) and (\d+) \(row numbers from 0\)", CARD)
    equal = np.flatnonzero(records["worst radius wanted"] == records["mean radius wanted"])
    assert equal.tolist() == [int(text) for text in stated.groups()]
    assert (records["error radius drawn"][equal] < 1e-4).all()


def test_the_cards_bounds_are_those_that_a_test_asserts():
    code = (ROOT / "tests" / "unit" / "test_cytology.py").read_text(encoding="utf-8")
    asserted = {
        **{f"r of {name}": rf'r\["{name}"\] >= (\S+)' for name in re.findall(r'assert r\["([\w ]+)"\]', code)},
        "AUC of mean brightness alone": r"roc_auc_score\(labels, -brightness\) <= (\S+)",
        "AUC of the number of nuclei found": r"max\(auc, 1 - auc\) <= (\S+)",
        "accuracy of an RBF support vector machine on the re-measured features": r"assert from_pixels >= (\S+)",
    }
    stated = {check: bound.split()[1] for check, bound in rows_below(CARD, "check")}
    assert stated == {check: re.search(pattern, code).group(1) for check, pattern in asserted.items()}
    low, high = re.search(r"assert (\S+) <= from_table <= (\S+)", code).groups()
    assert f"reaches {low} to {high}" in CARD


def test_the_card_counts_patients_and_ultrasound_as_the_code_does():
    from course.data import breastmnist

    labels = cytology.table()[1]
    assert f"{len(labels)} patients, {(labels == 0).sum()} benign and {labels.sum()}" in " ".join(CARD.split())
    train, validation, test = (count for _, count in breastmnist.SPLITS.values())
    flat = " ".join(CARD.split())
    assert f"{train} for training, {validation} for validation, {test} for testing" in flat
    assert f"BreastMNIST: {train + validation + test} grey" in flat
    assert breastmnist.PUBLISHED[224][1] in CARD and breastmnist.MASKS in CARD
