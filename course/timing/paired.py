"""Fair comparison of several candidates: each in its own process, one call each in turn, ratios of neighbours in time.

A module defines CANDIDATES, name -> function(*arguments) that returns a function to be timed; run with `--candidate`,
it calls `serve`. What disturbs the machine disturbs a whole round, so the median of the ratios within a round is far
steadier than any time.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from course import CourseError

MISSING = "not installed"


class Candidate:
    """A process that makes one candidate ready and then runs it once for each line it is sent."""

    def __init__(self, module, name, arguments):
        self.name = name
        command = [sys.executable, "-m", module, "--candidate", name, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ready(self):
        """Wait until it can be timed; return False where its library is not installed."""
        return self._answer() != MISSING

    def seconds(self):
        """Run once; return the time it took."""
        return float(self._ask("once"))

    def end(self):
        """End the process; return its peak memory in MB, libraries included."""
        peak = float(self._ask("end"))
        self.process.wait()
        return peak

    def _ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline().strip()
        if not line:
            raise CourseError(f"the process of candidate {self.name} ended early; its message is above.")
        return line


def compare(module, names, reference, arguments=(), rounds=9):
    """Return rows {name, seconds, ratio, peak_mb}: median time, median ratio to `reference` in the same round.

    module: its full name, "course.timing.network". A candidate whose library is not installed has None for all three.
    """
    candidates = [Candidate(module, name, arguments) for name in names]
    ready = [candidate for candidate in candidates if candidate.ready()]
    times = _rounds({candidate.name: candidate.seconds for candidate in ready}, rounds)
    peaks = {candidate.name: candidate.end() for candidate in ready}
    rows = []
    for name in names:
        row = {"name": name, "seconds": None, "ratio": None, "peak_mb": None}
        if name in times:
            ratios = [mine / other for mine, other in zip(times[name], times[reference], strict=True)]
            row |= {"seconds": statistics.median(times[name]), "ratio": statistics.median(ratios),
                    "peak_mb": peaks[name]}
        rows.append(row)
    return rows


def _rounds(clocks, rounds):
    """Ask every clock in turn, round after round: {name: its times}."""
    times = {name: [] for name in clocks}
    for _ in range(rounds):
        for name, seconds in clocks.items():
            times[name].append(seconds())
    return times


def in_turn(works, reference, rounds=9):
    """Return the rows of `compare`, memory aside, for functions of this process: {name: function()}.

    Quicker to set up, and less fair: the libraries' threads are all in one process.
    """
    for work in works.values():
        work()  # compiles, allocates, fills caches
    times = _rounds({name: lambda work=work: seconds(work) for name, work in works.items()}, rounds)
    return [{"name": name, "seconds": statistics.median(mine), "peak_mb": None,
             "ratio": statistics.median(a / b for a, b in zip(mine, times[reference], strict=True))}
            for name, mine in times.items()]


def seconds(work):
    """Return how long one call of `work()` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(title, rows, reference):
    """Print a table of rows from `compare`."""
    print(f"{title}\n  {'':32} {'time':>10} {'x ' + reference:>14} {'peak':>9}")
    for row in rows:
        if row["seconds"] is None:
            print(f"  {row['name']:32} skipped: {MISSING}")
        else:
            peak = "" if row["peak_mb"] is None else f"{row['peak_mb']:6.0f} MB"
            print(f"  {row['name']:32} {1e3 * row['seconds']:7.1f} ms {row['ratio']:14.2f} {peak}")


def serve(candidates, name, arguments):
    """Be the process of one candidate."""
    try:
        work = candidates[name](*arguments)
    except ImportError:
        print(MISSING, flush=True)
        return
    for _ in range(2):
        work()  # compiles, allocates, fills caches
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        time.sleep(0.05)  # the threads of the one before come to rest
        print(seconds(work), flush=True)
    print(_peak_mb(), flush=True)


def _peak_mb():
    status = Path("/proc/self/status")  # Linux; what `resource` says there counts the parent, too, before the start
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 2**10
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
