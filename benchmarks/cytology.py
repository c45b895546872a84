"""Drawing all 569 patients at 150 x 150: one process against two, and the share of the parts of one picture."""

import statistics
import time

import numpy as np

from course.data import cytology, nuclei


def seconds(work, repeats=3):
    """Median time of `work()` over `repeats` runs, seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def one_process():
    """Draw every patient here, one after the other."""
    for case in range(cytology.N_CASES):
        cytology.draw(case)


def main():
    """Print times and ratios of this run."""
    cytology.draw(0)  # reads the table
    alone, shared = seconds(one_process), seconds(cytology.load)
    shapes = seconds(lambda: [cytology.geometry(case) for case in range(100)]) / 100
    picture = seconds(lambda: [cytology.draw(case) for case in range(100)]) / 100
    r, _ = cytology.geometry(0)
    area = nuclei.areas(r).sum() / nuclei.FIELD**2
    print(f"569 pictures, one process    {alone:6.2f} s")
    print(f"569 pictures, two processes  {shared:6.2f} s   {shared / alone:.2f} of one process")
    print(f"one picture                  {1e3 * picture:6.1f} ms  shapes and places {shapes / picture:.0%} of it")
    print(f"nuclei cover {area:.0%} of the field of patient 0; pixels painted {np.prod((150, 150)):,}")


if __name__ == "__main__":
    main()
