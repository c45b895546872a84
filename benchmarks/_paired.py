"""Fair comparison of several candidates: each in its own process, one call each in turn, ratios of neighbours in time.

A script defines `CANDIDATES`, name -> function(*arguments) that returns a function to be timed, and calls `main`. What
disturbs the machine disturbs a whole round, so the median of the rounds' ratios is far steadier than any time.
"""

import statistics
import subprocess
import sys
import time

MISSING = "not installed"


class Candidate:
    """A process that makes one candidate ready and then runs it once for each line it is sent."""

    def __init__(self, script, name, arguments):
        self.name = name
        command = [sys.executable, script, "--candidate", name, *map(str, arguments)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self._answer() != MISSING

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
            raise SystemExit(f"The process of candidate {self.name} ended early; its message is above.")
        return line


def compare(script, names, reference, arguments=(), rounds=9):
    """Return rows {name, seconds, ratio, peak_mb}: median time, median ratio to `reference` in the same round.

    A candidate whose library is not installed has None for all three.
    """
    candidates = [Candidate(script, name, arguments) for name in names]
    ready = [candidate for candidate in candidates if candidate.ready]
    times = {candidate.name: [] for candidate in ready}
    for _ in range(rounds):
        for candidate in ready:
            times[candidate.name].append(candidate.seconds())
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


def show(title, rows, reference):
    """Print a table of rows from `compare`."""
    print(f"{title}\n  {'':32} {'time':>10} {'x ' + reference:>14} {'peak':>9}")
    for row in rows:
        if row["seconds"] is None:
            print(f"  {row['name']:32} skipped: {MISSING}")
        else:
            print(f"  {row['name']:32} {1e3 * row['seconds']:7.1f} ms {row['ratio']:14.2f} {row['peak_mb']:6.0f} MB")


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
        start = time.perf_counter()
        work()
        print(time.perf_counter() - start, flush=True)
    print(_peak_mb(), flush=True)


def _peak_mb():
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
