"""Mutate functions where they are: the tests are collected and run once, then each mutant meets those that reach it.

A mutant's code is put into the living function in a forked process, so nothing is imported or collected anew; first run
the tests that passed the changed lines, quickest first, until one fails. What is computed at import (a constant of a
module, a default of an argument) cannot be changed so: `changed_functions` returns None, and the caller imports anew.
"""

import ast
import functools
import gc
import sys
import time
import types
from collections import defaultdict

import pytest


def changed_functions(original, mutated):
    """Return {qualified name: new code} of the functions that differ; None where more than functions differ."""
    found = {}
    same = _compare(compile(ast.unparse(ast.parse(original)), "<a>", "exec"), compile(mutated, "<b>", "exec"), found)
    return found if same and found else None


def _compare(one, other, found):
    """Note differing functions in `found`; return False where code outside functions differs."""
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (one, other)]
    if len(inner[0]) != len(inner[1]) or _surface(one) != _surface(other):
        return False
    for a, b in zip(*inner, strict=True):
        is_class = not a.co_flags & 0x02  # CO_NEWLOCALS: functions have it
        if is_class:
            if not _compare(a, b, found):
                return False
        elif _whole(a) != _whole(b):
            if a.co_freevars != b.co_freevars or a.co_varnames[:a.co_argcount] != b.co_varnames[:b.co_argcount]:
                return False
            found[a.co_qualname] = b
    return True


def _surface(code):
    return code.co_code, code.co_names, [c for c in code.co_consts if not isinstance(c, types.CodeType)]


def _whole(code):
    constants = [_whole(c) if isinstance(c, types.CodeType) else (type(c), repr(c)) for c in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants


def put_in(path, codes):
    """Give the living functions of a file their new code, and empty the package's caches. Return how many there are."""
    count = 0
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename == str(path):
            code = codes.get(one.__code__.co_qualname)
            if code is not None and len(code.co_freevars) == len(one.__code__.co_freevars):
                one.__code__ = code.replace(co_filename=str(path))
                count += 1
        elif isinstance(one, functools._lru_cache_wrapper) and getattr(one, "__module__", "").startswith("course"):
            one.cache_clear()
    return count


class Reach:
    """A pytest plugin: runs all tests once, notes which lines of some folders each passes, then calls `then(self)`."""

    def __init__(self, folders, then):
        self.folders, self.then = tuple(map(str, folders)), then
        self.seconds, self.lines, self.functions, self.failed = {}, defaultdict(set), defaultdict(set), []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        for k, item in enumerate(session.items):
            following = session.items[k + 1] if k + 1 < len(session.items) else None
            start = time.perf_counter()
            sys.settrace(self._tracer(item))
            try:
                passed = run_one(item, following)
            finally:
                sys.settrace(None)
            self.seconds[item] = time.perf_counter() - start
            if not passed:
                self.failed.append(item.nodeid)
        self.then(self)
        return True

    def _tracer(self, item):
        def line(frame, event, _):
            if event == "line":
                self.lines[frame.f_code.co_filename, frame.f_lineno].add(item)
            return line

        def enter(frame, event, _):
            if frame.f_code.co_filename.startswith(self.folders):
                self.functions[frame.f_code.co_filename, frame.f_code.co_qualname].add(item)
                return line
            return None

        return enter

    def tests_for(self, path, line, names):
        """Return the tests that passed this line or entered one of these functions: first the former, then by time."""
        near = self.lines[str(path), line]
        far = set().union(*(self.functions[str(path), name] for name in names)) - near
        return sorted(near, key=self.seconds.get) + sorted(far, key=self.seconds.get)


def run_one(item, following=None):
    """Run one collected test; return True when it did not fail."""
    from _pytest.runner import runtestprotocol

    return not any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))
