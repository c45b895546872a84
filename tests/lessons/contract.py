"""The contract of a lesson page, rule by rule. Each rule takes the lesson's Cells and returns sentences; none is good.

A page is one sitting: a core page takes at most 60 minutes, 2,500 words outside folded boxes, 3 exercises, 2 experiments
and 30 code cells; a deeper page, `NN_slug_deeper`, at most 90 minutes and 4,000 words, and no core page needs it. Minutes
are words / 100 + lines of code / 6 + 12 an exercise. Exercises are numbered through a lesson: core page first.

The page, in this order (headings exactly so, except the words in angle brackets):

    # <title that begins with a verb>
    <one or two sentences: why a diagnosis needs this>
    ## What you will do           3 to 5 bullets, each ending "(exercise 4.2)" or "(quiz)"
    **What you need.** ...        then **How long.** About NN minutes. Then, where needed, **What this is not.**
    ## 1. <idea>                  numbered sections, each one idea; in them, as they fit:
    ### Experiment: <question>    a Panel after a still figure; below it **Try.** with two things and **Question.**
    ### Exercise 4.1 - <title>    a code cell that begins "# Exercise 4.1 - " and ends in check("4.1", ...), then folded hints
    ## Traps                      bullets with *Symptom* and *Cure*
    ## Recap                      3 to 5 sentences
    ## Quiz                       3 to 5 questions "**1. ...**", answers folded
    ## Sources
    ## Next                       links to the next core page and to this lesson's deeper page; only here, and in
                                  paragraphs that begin **Deeper.**, does a core page name a deeper one

A lesson named in the text is a link to one of its pages, "[lesson 05](05_pooling.ipynb)"; one not written yet stands as
"lesson 26 (planned)". Every figure has a line "*Figure: ...*" in the text before or after it that says what a reader who cannot see it must
know. Cell tags: nbval-ignore-output, raises-exception, long (a live training), not-stored (about this computer).
"""  # noqa: E501

import re

from contract_code import code_cells, loud_fit, seeded, stand_alone

from course.checks import core
from course.lessons import ROOT, find_lessons

LIMITS = {  # of a core page, of a deeper page
    "minutes": (60, 90), "words": (2500, 4000), "exercises": (3, 4), "experiments": (2, 3), "code cells": (30, 40),
}
ENDING = ["Traps", "Recap", "Quiz", "Sources", "Next"]
BELITTLING = re.compile(r"\b(simply|obviously|just|trivially|of course)\b", re.IGNORECASE)
AMERICAN = re.compile(
    r"\b(colors?|colored|gray|grays|grayscale|centers?|centered|behaviors?|neighbors?|neighboring|favorite|labeled|"
    r"labeling|modeling|modeled|tumors?|meters?|liters?|fulfill|catalog|defense|skeptical|hematoxylin|analyz\w+|"
    r"(?:normal|standard|optim|recogn|visual|general|regular|initial|minim|maxim|summar|organ|character|real|memor|"
    r"penal|util|emphas|parallel|vector|random|categor)iz(?:e|es|ed|er|ers|ing|ation)s?)\b",
    re.IGNORECASE,
)


def prose(cells, with_sources=False):
    """Return the lesson's text without code, links' addresses, formulas and (others' titles in) the sources."""
    text = cells.text if with_sources else re.sub(r"^## Sources$.*?(?=^## |\Z)", "", cells.text, flags=re.M | re.S)
    for pattern in (r"```.*?```", r"`[^`]*`", r"\]\([^)]*\)", r"<[^>]*>", r"\$\$.*?\$\$", r"\$[^$\n]*\$"):
        text = re.sub(pattern, " ", text, flags=re.S)
    return text


def section(cells, heading):
    """Return the text below '## heading' up to the next one."""
    match = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", cells.text, flags=re.M | re.S)
    return match.group(1).strip() if match else ""


def _headings(cells, level):
    text = re.sub(r"```.*?```", "", cells.text, flags=re.S)
    return re.findall(rf"^{'#' * level} (.+?)\s*$", text, flags=re.M)


def title(cells):
    titles = _headings(cells, 1)
    if len(titles) != 1 or not cells.text.startswith("# "):
        return [f"one '# Title' in the first line is needed; there are {len(titles)}"]
    first = titles[0].split()[0].strip(":,").lower()
    problems = []
    if first in {"the", "a", "an", "introduction", "lesson"} or re.search(r"(ing|tion|ness|ity)$|^\d", first):
        problems.append(f"the title begins with {first!r}; begin with a verb that says what the reader does")
    if not re.match(r"# [^\n]+\n\n(?!#)\S", cells.text):
        problems.append("below the title stands a sentence that says why a diagnosis needs this")
    return problems


def order_of_sections(cells):
    found = _headings(cells, 2)
    numbered = [heading for heading in found if re.match(r"\d+\. ", heading)]
    wanted = ["What you will do", *numbered, *ENDING]
    problems = [] if found == wanted else [f"sections must be {wanted}, but are {found}"]
    if [int(heading.split(".")[0]) for heading in numbered] != list(range(1, len(numbered) + 1)) or len(numbered) < 2:
        problems.append("number the sections of the lesson 1., 2., ... (at least two)")
    return problems


def opening(cells):
    text = section(cells, "What you will do")
    objectives = re.findall(r"^- (.+(?:\n  .+)*)", text, flags=re.M)
    problems = [] if 3 <= len(objectives) <= 5 else [f"3 to 5 objectives are needed; there are {len(objectives)}"]
    for objective in objectives:
        match = re.search(r"\((exercises? [^()]+|quiz)\)\.?$", objective)
        numbers = re.findall(r"\d+\.\d+", match.group(1)) if match else []
        tested = numbers and set(numbers) <= set(cells.exercises)
        if not tested and not (match and match.group(1) == "quiz"):
            problems.append(f"end the objective {objective[:50]!r} with what tests it: '(exercise N.k)' or '(quiz)'")
    labels = re.findall(r"^\*\*(What you need|How long|What this is not)\.\*\*", text, flags=re.M)
    if labels not in (["What you need", "How long"], ["What you need", "How long", "What this is not"]):
        problems.append("below the objectives: **What you need.**, **How long.** and, if used, **What this is not.**")
    return problems


def minutes_of(cells):
    """Return how long a page takes a beginner, estimated from its words, lines of code and exercises."""
    return words_of(cells) / 100 + lines_of(cells) / 6 + 12 * len(cells.exercises)


def words_of(cells):
    """Return the number of words outside folded boxes."""
    return len(re.sub(r"<details>.*?</details>", "", cells.text, flags=re.S).split())


def lines_of(cells):
    return sum(bool(line.strip()) for cell in cells.code for line in cell.source.splitlines())


def stated_minutes(cells):
    """Return the minutes that **How long.** names, or None."""
    match = re.search(r"\*\*How long\.\*\* About (\d+) minutes", cells.text)
    return int(match.group(1)) if match else None


def one_sitting(cells):
    found = {
        "minutes": minutes_of(cells), "words": words_of(cells), "exercises": len(cells.exercises),
        "experiments": sum(len(re.findall(r"\bPanel\(", cell.source)) for cell in cells.code),
        "code cells": len(cells.code),
    }  # fmt: skip
    kind = "deeper" if cells.lesson.deeper else "core"
    problems = []
    for name, value in found.items():
        limit = LIMITS[name][cells.lesson.deeper]
        if value > limit:
            problems.append(f"{value:.0f} {name}; a {kind} page has at most {limit}: cut, or move to the deeper page")
    stated, minutes = stated_minutes(cells), found["minutes"]
    if stated is None:
        problems.append("write '**How long.** About NN minutes'")
    elif not minutes - 2.5 <= stated <= minutes + 5:
        problems.append(f"**How long.** names {stated} minutes; words, code and exercises make {minutes:.0f}")
    return problems


def independence(cells):
    """A core page needs no deeper page: it links to one only in Next and in paragraphs that begin **Deeper.**"""
    if cells.lesson.deeper:
        return []
    text = re.sub(r"^## Next$.*\Z|^\*\*Deeper\.\*\*.*?(?:\n\n|\Z)", "", cells.text, flags=re.M | re.S)
    problems = [f"a core page needs no deeper one: move {link} to Next or to a paragraph that begins **Deeper.**"
                for link in re.findall(r"\d\d_\w+_deeper(?:\.ipynb)?", text)]
    known = {name for page in find_lessons() if not page.deeper for name in core_exercises(page)}
    asked = set(re.findall(r"\bexercises? (\d+\.\d+)", re.sub(r"\bExercise \d+\.\d+ - ", "", text)))
    problems += [f"exercise {name} stands on a deeper page" for name in sorted(asked - known)]
    if any("_deeper" in cell.source for cell in cells.code):
        problems.append("code of a core page names a deeper page")
    return problems


def core_exercises(page):
    """Return the exercises that a page's source checks."""
    return re.findall(r'^check\("(\d+\.\d+)"', page.text, flags=re.M)


def exercises(cells):
    number = int(cells.lesson.number)
    problems = []
    if not cells.exercises and not cells.lesson.deeper:
        problems.append("a core page has an exercise")
    pages = [page for page in find_lessons([cells.lesson.number]) if page.path.name != cells.lesson.path.name]
    before = [name for page in pages for name in core_exercises(page)
              if (page.deeper, page.path.stem) < (cells.lesson.deeper, cells.lesson.path.stem)]
    wanted = [f"{number}.{k}" for k in range(len(before) + 1, len(before) + len(cells.exercises) + 1)]
    if cells.exercises != wanted:
        problems.append(f"exercises must be numbered {wanted}, core page first; they are {cells.exercises}")
    all_of_lesson = {*cells.exercises, *(name for page in pages for name in core_exercises(page))}
    if set(core.exercises(number)) != all_of_lesson:
        problems.append(f"checkers {sorted(core.exercises(number))} and exercises {sorted(all_of_lesson)} "
                        "must be the same")
    tests = ROOT / "tests" / "lessons" / f"lesson_{number:02d}" / "test_checks.py"
    if not tests.exists():
        problems.append(f"the checkers need their tests: {tests.relative_to(ROOT)}")
    for name in cells.exercises:
        problems += _one_exercise(cells, name)
    return problems


def _one_exercise(cells, name):
    index = next(i for i, cell in enumerate(cells.solution) if f'check("{name}"' in cell.source)
    source = cells.notebook[index].source
    problems = []
    if not source.startswith(f"# Exercise {name} - "):
        problems.append(f"exercise {name}: its cell begins '# Exercise {name} - what to do'")
    if "...  # your code here" not in source:
        problems.append(f"exercise {name}: nothing is left open; mark the solution")
    before = "\n".join(cell.source for cell in cells.solution[max(0, index - 2):index])
    if f"### Exercise {name} - " not in before:
        problems.append(f"exercise {name}: a heading '### Exercise {name} - title' stands above its cell")
    after = "\n".join(cell.source for cell in cells.solution[index + 1:index + 2])
    if len(re.findall(r"<details><summary>Hint", after)) < 2:
        problems.append(f"exercise {name}: at least two folded hints follow its cell: <details><summary>Hint 1: ...")
    return problems


def experiments(cells):
    problems = []
    for index, cell in enumerate(cells.solution):
        if cell.cell_type != "code" or not re.search(r"\bPanel\(", cell.source):
            continue
        above = "\n".join(other.source for other in cells.solution[:index] if other.cell_type == "markdown")
        here = re.split(r"^## ", above, flags=re.M)[-1]
        below = cells.solution[index + 1].source if index + 1 < len(cells.solution) else ""
        if "### Experiment: " not in here:
            problems.append(f"cell {index}: a heading '### Experiment: question' stands above a Panel")
        if "*Figure:" not in here:
            problems.append(f"cell {index}: a still figure that shows some of its states comes before a Panel")
        if "**Try.**" not in below or "**Question.**" not in below:
            problems.append(f"cell {index}: below a Panel stand '**Try.**' (two things) and '**Question.**'")
    return problems


def wording(cells):
    text = prose(cells)
    problems = [f"leave out {word!r}: what is simple to you may not be to the reader"
                for word in sorted({match.group().lower() for match in BELITTLING.finditer(text)})]
    problems += [f"British spelling, please: {word!r}"
                 for word in sorted({match.group() for match in AMERICAN.finditer(text)})]
    return problems  # fmt: skip


def figures(cells, stored):
    """Every picture in the stored notebook that is no Panel (its caption is the description) has its sentence."""
    problems = []
    for index, cell in enumerate(stored.cells):
        outputs = cell.get("outputs", [])
        drawn = any("image/png" in output.get("data", {}) for output in outputs)
        if not drawn or re.search(r"\bPanel\(", cell.source):
            continue
        around = "\n".join(other.source for other in stored.cells[max(0, index - 1):index + 2])
        if not re.search(r"^\*Figure: .+?\*$", around, flags=re.M | re.S):
            problems.append(f"cell {index}: describe the figure for a reader who cannot see it: '*Figure: ...*'")
    return problems


def links(cells):
    problems = []
    for target in re.findall(r"\]\(([^)#\s]+)", cells.text.replace("\n", " ")):
        if re.match(r"https://", target):
            continue
        if target.endswith(".ipynb"):
            there = (ROOT / "lessons" / target.rsplit("/", 1)[-1]).with_suffix(".py").exists()
        else:
            there = not target.startswith("http:") and (ROOT / "notebooks" / target).exists()
        if not there:
            problems.append(f"the link to {target} leads nowhere; a lesson not written is 'planned', without link")
    return problems


def lessons_named(cells):
    """A lesson named in the text is a link to it, or, where it is not written yet, stands as planned."""
    written = {page.number for page in find_lessons()}
    text = re.sub(r"```.*?```", "", cells.text, flags=re.S)
    problems = []
    for words, target in re.findall(r"\[([^\[\]]*)\]\(([^)\s]*)\)", text):
        for number in re.findall(r"\blessons?\s+(\d\d)\b", words, flags=re.I):
            if not re.match(rf"{number}_\w+\.ipynb$", target):
                problems.append(f"the link [{words}] leads to {target}, which is no page of lesson {number}")
    plain = re.sub(r"\[[^\[\]]*\]\([^)\s]*\)", "", text)
    named = re.findall(r"\blessons?\s+(\d\d)\b(\s+\(planned\))?", plain, flags=re.I)
    for number, planned in dict.fromkeys(named):
        if number in written:
            problems.append(f"lesson {number} is named without a link: [lesson {number}]({number}_....ipynb)")
        elif not planned:
            problems.append(f"lesson {number} is not written: 'lesson {number} (planned)'")
    return problems


def ending(cells):
    problems = []
    traps = re.findall(r"^- .+(?:\n  .+)*", section(cells, "Traps"), flags=re.M)
    if len(traps) < 2 or any("*Symptom*" not in trap or "*Cure*" not in trap for trap in traps):
        problems.append("Traps: two or more bullets, each with *Symptom* and *Cure*")
    sentences = re.findall(r"[.!?](?=\s|$)", re.sub(r"`[^`]*`", "", section(cells, "Recap")))
    if not 3 <= len(sentences) <= 5:
        problems.append(f"Recap: 3 to 5 sentences; there are {len(sentences)}")
    questions = re.split(r"^\*\*\d+\. ", section(cells, "Quiz"), flags=re.M)[1:]
    if not 3 <= len(questions) <= 5 or any("<details>" not in question for question in questions):
        problems.append("Quiz: 3 to 5 questions '**1. ...**', each with a folded answer")
    if not re.search(r"^- ", section(cells, "Sources"), flags=re.M) or not section(cells, "Next"):
        problems.append("Sources is a list, and Next says where to go")
    return problems


def joints(cells):
    """What a cut leaves behind: a sentence that announces a cell, a heading with nothing below, a paragraph twice, a
    fence of code that has run into its lines, a text without a word.
    """
    problems, begun = [], set()
    for index, cell in enumerate(cells.solution):
        if cell.cell_type != "markdown":
            continue
        if not cell.source.strip():
            problems.append(f"cell {index} is an empty text")
            continue
        if re.search(r"^```.* |\S.*```", cell.source, flags=re.M) or len(re.findall(r"^```", cell.source, re.M)) % 2:
            problems.append(f"cell {index}: three backticks stand alone in their line, before the code and after it")
        last = cell.source.rstrip().splitlines()[-1]
        before_code = index + 1 < len(cells.solution) and cells.solution[index + 1].cell_type == "code"
        if (last.endswith(":") or last.startswith("#")) and not before_code:
            problems.append(f"cell {index} ends with {last[-50:]!r}, and no code follows")
        for paragraph in re.split(r"\n\s*\n", cell.source):
            words = tuple(paragraph.split()[:9])
            if len(words) == 9 and words in begun and not words[0].startswith(("<", "|", "$", "**Try")):
                problems.append(f"cell {index}: a paragraph begins again {' '.join(words)!r}")
            begun.add(words)
    return problems


def folded_parts(cells):
    problems = []
    for index, cell in enumerate(cells.solution):
        if cell.cell_type != "markdown":
            continue
        if cell.source.count("<details>") != cell.source.count("</details>"):
            problems.append(f"cell {index}: <details> opened and not closed in the same cell")
        if re.search(r"<summary>.*</summary>\n(?!\n)", cell.source):
            problems.append(f"cell {index}: an empty line after </summary>, or the Markdown inside is not rendered")
    return problems


RULES = [title, order_of_sections, opening, one_sitting, independence, exercises, experiments, code_cells, stand_alone,
         seeded, loud_fit, wording, links, lessons_named, joints, ending, folded_parts]  # fmt: skip
