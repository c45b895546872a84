"""Every lesson keeps the contract, and every rule of the contract notices when it is broken."""

from pathlib import Path
from types import SimpleNamespace

import contract
import nbformat
import pytest
from harness import LESSONS, NAMES, Cells

GOOD = next(lesson for lesson in LESSONS if lesson.number == "00")


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
@pytest.mark.parametrize("rule", contract.RULES, ids=lambda rule: rule.__name__)
def test_lesson_keeps(rule, lesson):
    problems = rule(Cells(lesson))
    assert not problems, "\n".join([f"lessons/{lesson.path.name}:", *problems])


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_every_figure_is_described(lesson):
    stored = nbformat.read(lesson.notebook("solutions"), as_version=4)
    problems = contract.figures(Cells(lesson), stored)
    assert not problems, "\n".join(problems)


def broken(old, new):
    """Return lesson 00's Cells with one passage changed."""
    text = GOOD.text
    assert old in text, f"the passage to break is gone: {old!r}"
    stand_in = SimpleNamespace(path=Path(GOOD.path), number="00", deeper=False,
                               text=text.replace(old, new), source_hash="")
    return Cells(stand_in)


BREAKS = [
    ("title", "# # Start here: see", "# # The start: see", "begin with a verb"),
    ("title", "# # Start here: see", "# # Pooling: see", "begin with a verb"),
    ("title", "# %% [markdown]\n# # Start", "# %% [markdown]\n# Hello\n#\n# # Start", "first line"),
    ("order_of_sections", "# ## Recap", "# ## Summary", "sections must be"),
    ("order_of_sections", "# ## 3. One", "# ## 7. One", "number the sections"),
    ("opening", "measurement of its numbers (exercise 0.1)", "measurement of its numbers", "what tests it"),
    ("opening", "measurement of its numbers (exercise 0.1)", "measurement (exercise 0.7)", "what tests it"),
    ("one_sitting", "# **How long.** About", "# **How long.** Not long, at most", "About NN minutes"),
    ("one_sitting", "# **How long.** About 3", "# **How long.** About 1", "words, code and exercises make"),
    ("one_sitting", "# This page is made of", "# This page is made of" + " and of" * 1000, "words; a core page"),
    ("independence", "it pays to make them", "it pays (see [more](04_convolution_deeper.ipynb))", "needs no deeper"),
    ("independence", "it pays to make them", "as in exercise 4.9, it pays", "stands on a deeper page"),
    ("lessons_named", "it pays to make them", "as in lesson 04, it pays", "named without a link"),
    ("lessons_named", "it pays to make them", "as in [lesson 04](05_pooling.ipynb), it pays", "no page of lesson 04"),
    ("lessons_named", "it pays to make them", "as in lesson 99, it pays", "'lesson 99 (planned)'"),
    ("opening", "# **What you need.**", "# **Needed.**", "What you need"),
    ("exercises", 'check("0.1"', 'check("0.2"', "must be numbered"),
    ("exercises", "# # Exercise 0.1 -".replace("# # ", "# "), "# Task -", "its cell begins"),
    ("exercises", "### BEGIN SOLUTION", "# begin", "no partner"),
    ("exercises", "<summary>Hint", "<summary>Help", "folded hints"),
    ("exercises", "# ### Exercise 0.1 - ", "# ### Now you: ", "heading '### Exercise 0.1"),
    ("experiments", "# ### Experiment: ", "# ### Play: ", "'### Experiment"),
    ("experiments", "# **Question.**", "# **Q.**", "'**Question.**'"),
    ("stand_alone", "from course.checks import check\n", "", "needs check from another cell"),
    ("stand_alone", "fields = drawn_patients()\n", "", "needs fields from another cell"),
    ("code_cells", "dark = patch < 100\n", "dark = patch < 100;\n", "semicolon"),
    ("code_cells", "dark = patch < 100\n", "dark = patch < 100\n" + "dark\n" * 30, "at most 25"),
    ("code_cells", "dark = patch < 100\n", "from os import *\n", "one by one"),
    ("code_cells", "dark = patch < 100\n", "import course\n", "by name"),
    ("code_cells", "dark = patch < 100\n", "interact(f)\n", "use Panel"),
    ("loud_fit", "dark = patch < 100\n", "import keras\nm.fit(x, y, epochs=3)\n", "verbose=0"),
    ("code_cells", "dark = patch < 100\n", "dark = 1\n\n# %%\ndark\n", "text before and after"),
    ("code_cells", '"not-stored"]', '"not-kept"]', "unknown tag"),
    ("seeded", "dark = patch < 100\n", "np.random.rand(3)\n", "old global state"),
    ("seeded", "dark = patch < 100\n", "np.random.default_rng()\n", "needs a seed"),
    ("seeded", "dark = patch < 100\n", "import random\n", "module random"),
    ("seeded", "dark = patch < 100\n", "KFold(5, shuffle=True)\n", "random_state"),
    ("seeded", "dark = patch < 100\n", "from keras import Model\nm.fit(x)\n", "set_random_seed"),
    ("wording", "it pays to make them", "it simply pays to make them", "simply"),
    ("wording", "the colours are ours", "the colors are ours", "British"),
    ("wording", "the colours are ours", "standardized colours", "British"),
    ("links", "https://numpy.org", "http://numpy.org", "leads nowhere"),
    ("links", "(https://numpy.org/doc/stable/user/absolute_beginners.html)", "(99_nowhere.ipynb)", "leads nowhere"),
    ("ending", "*Symptom*: patient C.", "Patient C.", "each with *Symptom*"),
    ("ending", "# A picture is a table of numbers, and", "# A. B. C. A picture, and", "Recap"),
    ("ending", "# **5. Slopes.**", "# **Slopes.**\n# **5. x**\n# **6. y**", "Quiz"),
    ("joints", "# ## Recap\n#\n", "# Here is a picture:\n\n# %% [markdown]\n# ## Recap\n#\n", "no code follows"),
    ("joints", "# ## Recap\n#\n", "# ``` course lab ```\n#\n# ## Recap\n#\n", "three backticks"),
    ("joints", "# ## Recap\n#\n", "# ```\n# course lab\n#\n# ## Recap\n#\n", "three backticks"),
    ("joints", "# ## Recap\n#\n", "\n# %% [markdown]\n# ## Recap\n#\n", "an empty text"),
    ("joints", "# ## Recap\n#\n", "# ### More\n\n# %% [markdown]\n# ## Recap\n#\n", "no code follows"),
    ("joints", "# ## Recap\n#\n", "# 1 2 3 4 5 6 7 8 9\n#\n# 1 2 3 4 5 6 7 8 9\n#\n# ## Recap\n#\n", "begins again"),
    ("folded_parts", "</details>\n# <details>", "<details>", "not closed"),
    ("folded_parts", "</summary>\n#\n", "</summary>\n", "an empty line"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new", "words"), BREAKS)
def test_a_broken_rule_is_noticed(rule, old, new, words):
    from course import CourseError

    try:
        problems = getattr(contract, rule)(broken(old, new))
    except CourseError as error:
        problems = [str(error)]
    assert any(words in problem for problem in problems), problems


def test_every_rule_is_broken_once():
    assert {rule.__name__ for rule in contract.RULES} == {rule for rule, *_ in BREAKS}


def test_a_figure_without_its_sentence_is_noticed():
    stored = nbformat.read(GOOD.notebook("solutions"), as_version=4)
    for cell in stored.cells:
        cell.source = cell.source.replace("*Figure:", "*Picture:")
    assert len(contract.figures(Cells(GOOD), stored)) == 2
