"""The contract's rules about code cells: length, what must not stand in them, seeded draws."""

import ast
import builtins
import re
import statistics
import symtable

from harness import used_names

TAGS = {"nbval-ignore-output", "raises-exception", "long", "not-stored"}
FORBIDDEN_CODE = {
    r";[ \t]*(#.*)?$": "a trailing semicolon hides what nbval must compare; use `_ =` or plt.show()",
    r"\bclear_output\b": "clear_output breaks the comparison of outputs",
    r"\binteract(ive|ive_output|_manual)?\b\s*\(": "interact breaks the comparison of outputs; use Panel",
    r"\bdisplay_id\b": "display_id breaks the comparison of outputs",
    r"\b(widgets|ipywidgets)\.Output\b": "an Output widget breaks the comparison of outputs; use Panel",
    r"from\s+\S+\s+import\s+\*": "import names one by one",
    r"^\s*import course\b": "import what is needed from course by name: `from course.nn import conv2d`",
}  # fmt: skip
UNSEEDED = {"train_test_split", "RandomForestClassifier", "MLPClassifier", "make_moons", "make_blobs", "ShuffleSplit",
            "StratifiedShuffleSplit", "RepeatedStratifiedKFold", "RepeatedKFold"}  # fmt: skip


def stand_alone(cells):
    """An exercise or experiment runs in a fresh kernel: it uses no name that another cell has made."""
    problems = []
    for cell in cells.code:
        if re.search(r"^check\(|\bPanel\(", cell.source, flags=re.M) and (missing := borrowed_names(cell.source)):
            names = ", ".join(missing)
            problems.append(f"{cell.source[:40]!r} needs {names} from another cell: import or make it here")
    return problems


def borrowed_names(source):
    """Return the names that a cell uses and neither makes nor imports, sorted."""
    top = symtable.symtable(source, "cell", "exec")
    made = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    return sorted(used_names(top) - made - set(dir(builtins)))


def code_cells(cells):
    lengths = [len([line for line in cell.source.splitlines() if line.strip()]) for cell in cells.code]
    problems = []
    if lengths and statistics.median(lengths) > 5:
        problems.append(f"the median code cell has {statistics.median(lengths)} lines; at most 5: one idea a cell")
    for index, cell in enumerate(cells.solution):
        problems += [f"cell {index}: unknown tag {tag!r}" for tag in set(cell.metadata.get("tags", [])) - TAGS]
        if cell.cell_type != "code":
            continue
        length = len([line for line in cell.source.splitlines() if line.strip()])
        if length > 25:
            problems.append(f"cell {index} has {length} lines; at most 25")
        neighbours = cells.solution[index - 1:index] + cells.solution[index + 1:index + 2]
        if len(neighbours) < 2 or any(other.cell_type != "markdown" for other in neighbours):
            problems.append(f"cell {index} ({cell.source[:40]!r}): text before and after every code cell")
        for pattern, reason in FORBIDDEN_CODE.items():
            if re.search(pattern, cell.source, flags=re.M):
                problems.append(f"cell {index}: {reason}")
    return problems


def seeded(cells):
    """Random draws are seeded where they are made."""
    problems = []
    whole = "\n".join(cell.source for cell in cells.code)
    for index, node in _nodes(cells):
        problem = _unseeded(node)
        if problem:
            problems.append(f"cell {index}: {problem}")
    if re.search(r"\bkeras\b", whole) and re.search(r"\.fit\(", whole) and "set_random_seed" not in whole:
        problems.append("call keras.utils.set_random_seed before a Keras model is made")
    return problems


def _unseeded(node):
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names] + [getattr(node, "module", None)]
        return "use np.random.default_rng(seed), not the module random" if "random" in names else None
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np.random", "numpy.random"):
        known = node.attr in ("default_rng", "Generator", "SeedSequence")
        return None if known else f"np.random.{node.attr} is the old global state; use np.random.default_rng(seed)"
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).split(".")[-1]
        keywords = {keyword.arg for keyword in node.keywords}
        if name == "default_rng" and not node.args and not keywords:
            return "default_rng() needs a seed"
        shuffles = name in ("KFold", "StratifiedKFold") and "shuffle" in keywords
        if (name in UNSEEDED or shuffles) and "random_state" not in keywords:
            return f"{name} needs random_state"
    return None


def loud_fit(cells):
    """Keras prints times while it trains; they differ from run to run."""
    if not any(re.search(r"\bkeras\b", cell.source) for cell in cells.code):
        return []
    problems = []
    for index, node in _nodes(cells):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fit"):
            continue
        keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if "epochs" in keywords and keywords.get("verbose") != "0":
            problems.append(f"cell {index}: Keras's fit needs verbose=0 and an own rounded line")
    return problems


def _nodes(cells):
    """Yield (cell index, node) for every node of every code cell, shell and magic lines left out."""
    for index, cell in enumerate(cells.solution):
        if cell.cell_type == "code":
            code = "\n".join(line for line in cell.source.splitlines() if not re.match(r"\s*[!%]", line))
            for node in ast.walk(ast.parse(code)):
                yield index, node
