"""Do the tests notice? Run them on mutants of the package, and the checkers on mutants of the exercises' solutions.

    .venv/bin/python tests/mutation/run.py nn classic evaluation --sample 300
    .venv/bin/python tests/mutation/run.py exercises --lesson 04

Each mutant runs in a process of its own, forked from one that has imported the libraries. Printed is every mutant that
nobody noticed, and at the end the share of those noticed. Not part of `make test`: it takes hours.
"""

import argparse
import functools
import importlib.abc
import importlib.util
import io
import os
import random
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "lessons"), str(ROOT / "tests"), str(Path(__file__).parent)]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from inplace import Reach, changed_functions, put_in, run_one  # noqa: E402
from mutants import mutants  # noqa: E402

TESTS = {  # the tests of each part, quickest first
    "nn": ["test_nn_pool", "test_nn_conv", "test_nn_layers", "test_nn_fused", "test_nn_network", "test_nn_threads"],
    "classic": ["test_classic_naive_bayes", "test_classic_interface", "test_classic_svm"],
    "evaluation": ["test_metrics", "test_intervals"],
    "imaging": ["test_volume", "test_preprocessing", "test_dicom", "test_dicom_values", "test_imaging"],
    "data": ["test_folders", "test_breastmnist", "test_cytology"],
}
LONGEST = 180  # seconds for one mutant; an endless loop is noticed too
NOTICED, SURVIVED = 0, 1


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a text instead of its file."""

    def __init__(self, name, path, source):
        self.name, self.path, self.source = name, path, source

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        places = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, self.path, loader=self, submodule_search_locations=places)

    def exec_module(self, module):
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def in_child(work):
    """Run work() -> True when the mutant was noticed, in a forked process; return NOTICED or SURVIVED."""
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1), os.dup2(sink, 2)
        try:
            noticed = work()
        except BaseException:
            noticed = True
        os._exit(NOTICED if noticed else SURVIVED)
    _, status = os.waitpid(child, 0)
    return SURVIVED if os.WIFEXITED(status) and os.WEXITSTATUS(status) == SURVIVED else NOTICED


def of_package(parts, sample, seed):
    """Yield (name, mutant, work) for the modules of some parts of the package."""
    every = []
    for part in parts:
        for path in sorted((ROOT / "course" / part).glob("*.py")):
            every += [(part, path, mutant) for mutant in mutants(path.read_text(encoding="utf-8"))]
    chosen = every if not sample else random.Random(seed).sample(every, min(sample, len(every)))
    print(f"{len(every)} mutants of {', '.join(parts)}; {len(chosen)} are run", flush=True)
    for part, path, mutant in chosen:
        yield f"{path.relative_to(ROOT)}:{mutant.line}", mutant, functools.partial(_notice, part, path, mutant)


def _notice(part, path, mutant, reach):
    """Put the mutant into the living functions, or import it anew where that cannot be done; True when noticed."""
    source = mutant.source()
    if source is None:
        return True
    codes = changed_functions(mutant.text, source)
    if codes is None or not put_in(path, codes):
        module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        return _tests_notice(module, path, source, files_of([part]))
    return any(not run_one(test) for test in reach.tests_for(path, mutant.line, codes))


def files_of(parts):
    return [str(ROOT / "tests" / "unit" / f"{name}.py") for part in parts for name in TESTS[part]]


def _tests_notice(module, path, source, files):
    import pytest

    for name in list(sys.modules):
        if name.split(".")[0] in ("course", "conftest") or name.startswith("test_"):
            del sys.modules[name]  # imported anew, with the mutant among them
    sys.meta_path.insert(0, Mutated(module, path, source))
    return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", *files]) != 0


def of_exercises(lessons):
    """Yield (name, mutant, work) for the exercises' solutions: a mutant is noticed when it is not called right."""
    from harness import Cells, find_lessons

    for page in find_lessons(lessons):
        cells = [cell for cell in Cells(page).code if 'check("' in cell.source]
        for cell in cells:
            number = cell.source.split('check("')[1].split('"')[0]
            for mutant in mutants(cell.source):
                yield f"exercise {number}, line {mutant.line}", mutant, lambda p=page, n=number, t=mutant: (
                    _checker_notices(p, n, t.source()))


def _checker_notices(page, number, source):
    """Run the page's imports and the mutated cell; True unless the checker calls the answer right."""
    from harness import Cells, _import_lines

    import course.checks

    if source is None:
        return True
    space, statuses = {}, []
    original = course.checks.check

    def remembered(*args):
        statuses.append(original(*args).status)

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in Cells(page).code:
            if f'check("{number}"' in cell.source:
                break
            for line in _import_lines(cell.source):
                exec(line, space)
        course.checks.check = remembered
        exec(compile("from course.checks import check\n" + source, f"<exercise {number}>", "exec"), space)
    return "right" not in statuses


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=[*TESTS, "exercises"])
    parser.add_argument("--sample", type=int, help="run so many, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lesson", action="append", default=[], help="exercises of this lesson or page alone")
    args = parser.parse_args()
    for name in ("numpy", "pytest", "scipy.signal", "sklearn.svm", "skimage.measure", "tensorflow"):
        importlib.import_module(name)  # before the forks, once

    if "exercises" in args.parts:
        report(of_exercises(args.lesson))
        return
    import pytest

    def then(reach):
        if reach.failed:
            sys.exit(f"these tests fail on the package as it is, mend them first: {', '.join(reach.failed)}")
        print(f"{len(reach.seconds)} tests passed in {sum(reach.seconds.values()):.0f} s", flush=True)
        report((name, mutant, functools.partial(work, reach)) for name, mutant, work in
               of_package(args.parts, args.sample, args.seed))  # fmt: skip

    folders = [ROOT / "course" / part for part in args.parts]
    plugin = Reach(folders, then)
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-s", "-W", "ignore", *files_of(args.parts)],
                         [plugin]))  # fmt: skip


def report(run):
    """Run each mutant in a process of its own; print those not noticed, and the share of those noticed."""
    start, survivors, n = time.monotonic(), 0, 0
    for name, mutant, work in run:
        n += 1
        if in_child(work) == SURVIVED:
            survivors += 1
            print(f"not noticed: {name}, {mutant.words}", flush=True)
        if n % 50 == 0:
            print(f"  {n} run, {survivors} not noticed, {time.monotonic() - start:.0f} s", flush=True)
    print(f"{n - survivors} of {n} mutants noticed ({(n - survivors) / max(n, 1):.1%})", flush=True)


if __name__ == "__main__":
    main()
