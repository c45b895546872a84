"""What every lesson's tests share: pages as cells, stubs as the learner gets them, controls moved to both ends.

The tests of a lesson's checkers look like this:

    RIGHT, WRONG = {"14.1": good}, {"14.1": [(bad, "words of the reason")]}
    test_checker, test_each_mistake_has_its_own_reason = checker_tests("14", RIGHT, WRONG)
"""

import ast
import os
import re
import symtable
from dataclasses import dataclass

import ipywidgets
import pytest

from course.checks import check
from course.lessons import compose, find_lessons

LESSONS = find_lessons()
NAMES = [lesson.path.stem for lesson in LESSONS]
EXERCISE_CALL = re.compile(r'check\("(\d+\.\d+)"')


@dataclass
class Cells:
    """The cells of a page, or of a lesson's pages one after the other, in both editions; its text and exercises."""

    lesson: object
    more: tuple = ()

    def __post_init__(self):
        pages = [self.lesson, *self.more]
        self.notebook = [cell for page in pages for cell in compose(page, "notebooks").cells]
        self.solution = [cell for page in pages for cell in compose(page, "solutions").cells]
        self.code = [cell for cell in self.solution if cell.cell_type == "code"]
        self.text = "\n\n".join(cell.source for cell in self.solution if cell.cell_type == "markdown")
        self.exercises = list(dict.fromkeys(EXERCISE_CALL.findall("\n".join(cell.source for cell in self.code))))


def lesson_cells(wanted):
    """Return the Cells of a lesson's pages together, by number, or of one page, by name."""
    first, *more = find_lessons([wanted])
    return Cells(first, tuple(more))


def stub_answer(number):
    """Return what `check(number, ...)` is given in the untouched notebook, running that one cell with its imports.

    The exercise cell is executed alone, after the imports of the cells above it: an open exercise needs no more.
    """
    cells = [cell for cell in lesson_cells(number.split(".")[0]).notebook if cell.cell_type == "code"]
    index = next(i for i, cell in enumerate(cells) if f'check("{number}"' in cell.source)
    space = {}
    for cell in cells[:index]:
        for line in _import_lines(cell.source):
            exec(line, space)
    given = []
    tree = ast.parse(cells[index].source)
    space["check"] = lambda n, answer: given.append(answer)
    body = [node for node in tree.body if not _imports_check(node)]
    source = "\n".join(ast.unparse(node) for node in body)
    exec(compile(source, f"<exercise {number}>", "exec"), space)
    return given[-1]


def _import_lines(source):
    lines = [line for line in source.splitlines() if not re.match(r"\s*[!%]", line)]
    tree = ast.parse("\n".join(lines))
    return [ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]


def _imports_check(node):
    return isinstance(node, ast.ImportFrom) and node.module == "course.checks"


def checker_cases(lesson, right, wrong):
    """Return pytest parameters: for each exercise the lesson's own stub, a right answer, and every classic mistake.

    right: {number: answer}; wrong: {number: [(answer, words that the reason must hold), ...]}.
    """
    numbers = lesson_cells(lesson).exercises
    missing = [number for number in numbers if number not in right or not wrong.get(number)]
    assert not missing, f"give a right answer and classic mistakes for {', '.join(missing)}"
    cases = []
    for number in numbers:
        cases.append(pytest.param(number, stub_answer(number), "not attempted", "", id=f"{number}-untouched"))
        cases.append(pytest.param(number, right[number], "right", "", id=f"{number}-right"))
        for k, (answer, words) in enumerate(wrong[number], start=1):
            cases.append(pytest.param(number, answer, "not yet", words, id=f"{number}-mistake-{k}"))
    return cases


def assert_status(number, answer, status, words=""):
    """Assert the checker's status and that the reason (a learner's help) holds the given words."""
    result = check(number, answer)
    assert result.status == status, result
    assert words in result.reason, result


def assert_reasons_differ(number, wrong):
    """Assert that mistakes told apart by their words get reasons of their own; wrong as in `checker_cases`."""
    reasons = {words: check(number, answer).reason for answer, words in wrong}
    assert len(set(reasons.values())) == len(reasons), number


def checker_tests(lesson, right, wrong):
    """Return two tests for a lesson's module: of every case of `checker_cases`, and that reasons differ.

    test_checker, test_each_mistake_has_its_own_reason = checker_tests("22", RIGHT, WRONG)
    """

    @pytest.mark.parametrize(("number", "answer", "status", "words"), checker_cases(lesson, right, wrong))
    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_checker(number, answer, status, words):
        assert_status(number, answer, status, words)

    @pytest.mark.parametrize("number", wrong)
    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_each_mistake_has_its_own_reason(number):
        assert_reasons_differ(number, wrong[number])

    return test_checker, test_each_mistake_has_its_own_reason


def ends_of(control):
    """Return two values at the ends of a control; a list of choices has a first and a last."""
    if isinstance(control, ipywidgets.Button):
        return [None, None]
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        multiple = isinstance(control, (ipywidgets.SelectMultiple,))
        return [(values[0],), (values[-1],)] if multiple else [values[0], values[-1]]
    if isinstance(control.value, bool):
        return [False, True]
    if isinstance(control.value, tuple):  # a range slider
        middle = (control.min + control.max) / 2
        return [(control.min, middle), (middle, control.max)]
    if hasattr(control, "min") and hasattr(control, "max"):
        return [control.min, control.max]
    if isinstance(control.value, (int, float)):
        return [control.value - 1, control.value + 1]
    raise AssertionError(f"the harness does not know how to move {type(control).__name__}")


def move_to(control, value):
    """Set a control as a hand would; a Button is pressed."""
    if isinstance(control, ipywidgets.Button):
        control.click()
    else:
        control.value = value


def needed_by_panels(sources):
    """Return the same cells reduced to the statements that build Panels and what these need; "" for a cell with none.

    They are found from the end backwards, by their names.
    """
    wanted, reduced = set(), []
    for source in reversed(sources):
        chosen = []
        for node in reversed(ast.parse(source).body):
            statement = ast.unparse(node)
            used, changed = _names(statement)
            if "Panel" in used or changed & wanted:
                chosen.append(statement)
                wanted |= used
        reduced.append("\n".join(reversed(chosen)))
    return reduced[::-1]


def used_names(top):
    """Return the global names that a table of symbols and those within it refer to."""
    scopes, used = [top], set()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        used |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (s.is_global() or scope is top)}
    return used


def _names(statement):
    """Return (global names that a statement uses, those that it gives a value to or may change by a call upon them)."""
    top = symtable.symtable(statement, "statement", "exec")
    used = used_names(top)
    changed = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    node = ast.parse(statement).body[0]
    if isinstance(node, ast.Expr):
        harmless = re.match(r"(print|check|display|show_pictures|Panel)\(", statement)
        return used, set() if harmless else used
    changed |= {n.value.id for n in ast.walk(node) if isinstance(n, (ast.Attribute, ast.Subscript))
                and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name)}
    return used, changed


def run_solution(lesson, panels_only=False):
    """Execute the solution edition's code cells in this process, as IPython would, and return (namespace, panels).

    Cells tagged "long" (a live training) are left out: panels must work from shipped weights, not from that cell.
    panels_only: of all statements, only those that a Panel needs.
    """
    import matplotlib
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from course.widgets import panel

    panels, original = [], panel.Panel.__init__

    def remembering(self, *args, **kwargs):
        original(self, *args, **kwargs)
        panels.append(self)

    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell(config=settings)
    matplotlib.use("Agg")
    folder, panel.Panel.__init__ = os.getcwd(), remembering
    os.chdir(lesson.notebook("solutions").parent)
    try:
        sources = [cell.source for cell in Cells(lesson).code
                   if not {"long", "not-stored"} & set(cell.metadata.get("tags", []))]
        for source in needed_by_panels(sources) if panels_only else sources:
            shell.run_cell(source, silent=True).raise_error()
    finally:
        panel.Panel.__init__ = original
        os.chdir(folder)
    return shell.user_ns, panels
