"""Mutants of Python source: one small change each, of the kind that a slip of the pen makes.

Compared: < for <=, == for !=; computed: + for -, * for /, // for /; numbers: one more, or a tenth more; logic: and for
or, a condition turned round; a statement left out. Docstrings, annotations, messages and imports are not touched.
"""

import ast
from dataclasses import dataclass

COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
               ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
OPERATIONS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
              ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: None, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
              ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitXor: ast.BitAnd}


@dataclass(frozen=True)
class Mutant:
    """The `change`-th change of the `place`-th node of a text. line: where. words: what, in words."""

    text: str
    place: int
    change: int
    line: int
    words: str

    def source(self):
        """Return the changed text; None where the change makes no difference."""
        tree = ast.parse(self.text)
        before, node = ast.unparse(tree), _places(tree)[self.place]
        _changes(node)[self.change][0](tree, node)
        after = ast.unparse(ast.fix_missing_locations(tree))
        return None if after == before else after


def mutants(text):
    """Return every mutant of a source text, in order of place."""
    return [Mutant(text, place, k, node.lineno, f"{words}: {ast.unparse(node).splitlines()[0][:60]}")
            for place, node in enumerate(_places(ast.parse(text))) for k, (_, words) in enumerate(_changes(node))]


def _places(tree):
    """Return the nodes that may be changed, in a fixed order."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Raise, ast.Import, ast.ImportFrom, ast.JoinedStr)) or _is_text(node):
            skipped |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Error", "warn")):
            skipped |= {id(inner) for inner in ast.walk(node)}
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.AST):
                skipped |= {id(inner) for inner in ast.walk(annotation)}
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            skipped |= {id(inner) for inner in ast.walk(node)}
    return [node for node in ast.walk(tree) if id(node) not in skipped and hasattr(node, "lineno")]


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node):
    """Return [(function(tree, node) that changes it in place, what it does in words)]."""
    if isinstance(node, ast.Compare):
        return [(lambda tree, n, k=k: n.ops.__setitem__(k, COMPARISONS[type(n.ops[k])]()), "another comparison")
                for k in range(len(node.ops))]
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and OPERATIONS.get(type(node.op)):
        return [(lambda tree, n: setattr(n, "op", OPERATIONS[type(n.op)]()), "another operation")]
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        return [(lambda tree, n: setattr(n, "op", other()), "and for or")]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        return [(lambda tree, n: _replace(tree, n, n.operand), "sign or not left out")]
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return [(lambda tree, n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test)), "condition turned round")]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return [(lambda tree, n: setattr(n, "value", not n.value), "True for False")]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return [(lambda tree, n: setattr(n, "value", n.value + 1), "one more")]
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return [(lambda tree, n: setattr(n, "value", n.value * 1.1 or 1.0), "a tenth more")]
    if isinstance(node, (ast.Expr, ast.AugAssign)):
        return [(lambda tree, n: _replace(tree, n, ast.Pass()), "left out")]
    return []


def _replace(tree, node, new):
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new)
                return
            if isinstance(value, list):
                for k, item in enumerate(value):
                    if item is node:
                        value[k] = new
                        return
